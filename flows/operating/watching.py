"""Watching: what is wrong with the whole, seen from outside Prefect, and somebody told of it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.machine.postgres import place as postgres_place
from flows.machine.postgres.programs import PostgresUnavailable
from flows.machine.settings import Settings
from flows.operating import store
from flows.operating.prefect import pulse as prefect_pulse
from flows.showing.source_states import source_states
from flows.telling import notify, telling
from flows.telling import store as ledger
from flows.warehouse import failures, references
from flows.warehouse.connection import DATABASE_ERRORS, Warehouse, open_as_it_is
from flows.warehouse.references import Office
from transforms import words

LONGEST_WITHOUT_RUN = timedelta(hours=26)
LONGEST_LOCK = timedelta(minutes=10)  # no statement may run longer either
FREE_BYTES = 2 * 2**30  # below this a year's archive and a checkpoint may no longer fit
FREE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing looked at.

    Attributes:
        key: of the message that tells of it; while the key is the same it is told once.
        says: how it is; where it is not well also what to do.
    """

    subject: str
    office: str
    is_well: bool
    says: str
    key: str = ""


def watch(settings: Settings) -> list[Seen]:
    """Look at everything, free a lock that is held too long, and tell of what is wrong."""
    try:
        with open_as_it_is(settings) as warehouse:
            seen = [Seen("Postgres", "", True, f"menjawab, basis data {warehouse.database}")]
            seen += _look(warehouse, settings)
            _tell(warehouse, seen)
            seen += _messages(warehouse, settings)
    except (PostgresUnavailable, *DATABASE_ERRORS) as error:
        return _without_postgres(settings, failures.told(error))
    _mark(settings).unlink(missing_ok=True)
    return seen


def _look(warehouse: Warehouse, settings: Settings) -> list[Seen]:
    at = warehouse.instant()
    return [
        *_locks(warehouse),
        *(
            _last_run(warehouse, office, at)
            for _, office in sorted(references.offices(warehouse).items())
        ),
        *_prefect(settings, at),
        *_disks(settings, at),
        *_sources(warehouse, settings),
    ]


def _locks(warehouse: Warehouse) -> Iterator[Seen]:
    ended = store.end_old_locks(warehouse, LONGEST_LOCK)
    if not ended:
        yield Seen("Kunci kantor", "", True, "tidak ada yang ditahan terlalu lama")
    for one in ended:
        what = "sambungannya diakhiri" if one.is_ended else "sambungannya tidak mau berakhir"
        yield Seen(
            "Kunci kantor",
            "",
            False,
            f"proses {one.pid} menahan kunci sejak {words.moment(one.since)}; {what}. Tulisannya "
            "dibatalkan; penyegaran berikutnya mengulanginya.",
            f"lock {one.pid} {one.since.isoformat()}",
        )


def _last_run(warehouse: Warehouse, office: Office, at: datetime) -> Seen:
    last = ledger.last_good_refresh(warehouse, office.office)
    says = "belum pernah ada yang selesai baik"
    if last is not None:
        says = f"terakhir selesai baik {words.moment(last, office.time_zone)}"
    since = last or ledger.known_since(warehouse, office.office)
    is_well = at - since <= LONGEST_WITHOUT_RUN
    if not is_well:
        says += (
            f", lebih dari {LONGEST_WITHOUT_RUN // timedelta(hours=1)} jam. Periksa penjadwal, "
            "lalu jalankan `iku refresh`."
        )
    day = at.astimezone(ZoneInfo(office.time_zone)).date()
    return Seen("Penyegaran", office.office, is_well, says, f"run {office.office} {last} {day}")


def _prefect(settings: Settings, at: datetime) -> Iterator[Seen]:
    pulse = prefect_pulse.pulse(settings.home)
    if pulse is None:
        yield Seen("Prefect", "", True, "tidak dijadwalkan di mesin ini")
        return
    day = _day(at)
    server = "menjawab"
    if pulse.is_refused:
        server = (
            f"{pulse.api_url} tidak menerima sandi kita. Jalankan lagi `iku serve`, atau samakan "
            "PREFECT_API_AUTH_STRING dengan sandi servernya."
        )
    elif not pulse.server_answers:
        server = (
            f"{pulse.api_url} tidak menjawab; tidak ada yang dijadwalkan. Jalankan lagi `iku serve`"
            " atau layanan prefect."
        )
    yield Seen("Server Prefect", "", pulse.server_answers, server, f"prefect server {day}")
    if pulse.server_answers:
        heard = words.moment(pulse.heard) if pulse.heard else "belum pernah"
        said = f"terakhir terdengar {heard}"
        if not pulse.worker_lives:
            said += ". Jalankan lagi `iku serve` atau layanan worker."
        yield Seen("Pekerja Prefect", "", pulse.worker_lives, said, f"prefect worker {day}")


def _disks(settings: Settings, at: datetime) -> Iterator[Seen]:
    """Look at the disk of the archive, and at that of our own Postgres where it is another."""
    settings.home.mkdir(parents=True, exist_ok=True)
    folders = [settings.home]
    if settings.database_url is None:
        with suppress(PostgresUnavailable):
            folders.append(postgres_place.cluster(settings.home))
    for folder in {
        path.stat().st_dev: path for path in reversed(folders) if path.exists()
    }.values():
        usage = shutil.disk_usage(folder)
        is_well = usage.free >= max(FREE_BYTES, FREE_SHARE * usage.total)
        says = f"{usage.free // 2**30} GiB kosong untuk {folder}"
        if not is_well:
            says += ". Kosongkan ruang sebelum penyegaran berikutnya."
        yield Seen("Ruang disk", "", is_well, says, f"disk {folder} {_day(at)}")


def _sources(warehouse: Warehouse, settings: Settings) -> Iterator[Seen]:
    late: dict[str, set[str]] = {office: set() for office in references.offices(warehouse)}
    for state in source_states(warehouse, settings):
        periods = [words.periods(state.missed)] if state.missed else []
        periods += [str(state.awaited)] if state.state == "terlambat" else []
        if periods:
            late[state.office].add(f"{state.source} {', '.join(periods)}")
    for office, named in sorted(late.items()):
        listed = "; ".join(sorted(named))
        says = f"lewat jatuh tempo: {listed}. Mintalah kepada pengirimnya." if named else "lengkap"
        yield Seen("Sumber", office, not named, says, f"sources {office} {_checksum(listed)}")


def _messages(warehouse: Warehouse, settings: Settings) -> Iterator[Seen]:
    """Send what waits; what cannot be sent is an alarm that only this command can show."""
    targets = notify.targets(settings)
    if not targets:
        yield Seen("Pesan", "", True, "IKU_NOTIFY kosong; pesan hanya dicatat")
        return
    unknown = [str(target.place) for target in targets if not notify.is_understood(target)]
    waiting = telling.send(warehouse, settings)
    says = "terkirim semua"
    if unknown:
        says = f"alamat ke-{', '.join(unknown)} dalam IKU_NOTIFY tidak dikenali"
    elif waiting:
        says = f"{waiting} belum terkirim; dicoba lagi pada pemeriksaan berikutnya"
    yield Seen("Pesan", "", not (unknown or waiting), says)


def _tell(warehouse: Warehouse, seen: list[Seen]) -> None:
    for one in seen:
        if not one.is_well:
            title, body = _message(one)
            telling.write(warehouse, f"alarm {one.key}", one.office, "alarm", title, body)


def _message(one: Seen) -> tuple[str, str]:
    of = f" {one.office}" if one.office else ""
    return f"IKU{of}: {one.subject.lower()} perlu diperiksa", f"{one.subject}{of}: {one.says}\n"


def _without_postgres(settings: Settings, why: str) -> list[Seen]:
    """Tell once a day that the database is gone; the ledger of messages is gone with it."""
    now = datetime.now(UTC)
    dead = Seen("Postgres", "", False, why)
    mark, today = _mark(settings), str(_day(now))
    if not mark.exists() or mark.read_text(encoding="utf-8") != today:
        sent = [notify.send(target, *_message(dead)) for target in notify.targets(settings)]
        if all(sent):
            mark.write_text(today, encoding="utf-8")
    return [dead, *_prefect(settings, now), *_disks(settings, now)]


def _mark(settings: Settings) -> Path:
    """Return the file that says on which day the loss of Postgres was told."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return settings.home / "postgres_alarm"


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(telling.HOME)).date()


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
