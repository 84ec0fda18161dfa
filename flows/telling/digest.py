"""The digest: what an office is told once a day, in Indonesian and without a name of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.computing import store as values
from flows.fetching import inbox
from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.showing import changes
from flows.showing.source_states import SourceState, source_states
from flows.telling import store as ledger
from flows.warehouse.connection import Warehouse
from flows.warehouse.references import Office
from schemas.rows import Change
from schemas.source import MAIN_PART
from transforms import words

LONGEST = 30
"""Lines of one part; what is more is counted, and the commands show it all."""
NOBODY = "petugas data"
"""Who delivers a source whose configuration names nobody."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A day's message of an office; `at` is the instant up to which it tells."""

    key: str
    title: str
    body: str
    at: datetime


def key_of(office: Office, at: datetime) -> str:
    """Return the key of the digest of the day, as the office's clock has it."""
    return f"digest {office.office} {at.astimezone(ZoneInfo(office.time_zone)).date()}"


def digest(warehouse: Warehouse, settings: Settings, office: Office) -> Digest:
    """Write what happened since the last digest, and what is refused and overdue now."""
    at = values.moment_of_knowledge(warehouse, office.office)
    since = ledger.last_written(warehouse, office.office, "digest") or at - timedelta(days=1)
    states = [s for s in source_states(warehouse, settings) if s.office == office.office]
    found = changes.since(warehouse, office.office, since)
    news = [row for row in found if since < row["berlaku_dari"] <= at]
    changed = list(_changed(sorted(news, key=lambda row: row["periode"], reverse=True)))
    to_mend = loads.waiting_to_be_mended(warehouse, office.office)
    refused = [row for row in to_mend if row["status"] == "refused"]
    overdue = list(_overdue(states))
    title = (
        f"IKU {office.short_name} {words.local_day(at, office.time_zone)}: "
        f"{len(changed)} nilai berubah, {len(refused)} berkas ditolak, "
        f"{len(overdue)} sumber terlambat"
    )
    parts = (
        ("Yang dijalankan", _runs(warehouse, office, since, at)),
        ("Nilai yang berubah", changed),
        (
            "Yang ditolak dan siapa yang perlu memperbaikinya",
            [*_refused(to_mend, states), *_misplaced(settings, office)],
        ),
        ("Sumber yang terlambat", overdue),
        ("Sumber yang tidak dapat diambil", _problems(states)),
    )
    body = "\n\n".join(_part(heading, list(lines)) for heading, lines in parts)
    moment = words.moment(at, office.time_zone)
    return Digest(key_of(office, at), title, f"{office.name}, keadaan {moment}.\n\n{body}\n", at)


def _part(heading: str, lines: list[str]) -> str:
    shown = [f"- {line}" for line in lines[:LONGEST]] or ["- tidak ada"]
    if len(lines) > LONGEST:
        shown.append(f"- ... dan {len(lines) - LONGEST} lagi")
    return "\n".join([f"{heading}:", *shown])


def _runs(warehouse: Warehouse, office: Office, since: datetime, at: datetime) -> Iterator[str]:
    for row in ledger.refreshes_between(warehouse, office.office, since, at):
        moment = words.moment(row["ended_at"], office.time_zone)
        yield f"penyegaran {moment}: {row['failure'] or 'selesai baik'}"


def _changed(found: Iterable[Change]) -> Iterator[str]:
    """Tell which lines of scorecards show something else; one that is new only with a figure."""
    for row in found:
        year, quarter = row["periode"].split("-Q")
        what = f"{row['iku']} {words.quarter_name(int(year), int(quarter))}"
        before, now = row["realisasi_lama"], row["realisasi"]
        shown = f"{words.number(now)} ({row['status_kata']})"
        if row["is_first"]:
            if now is not None:
                yield f"{what}: {shown}; {row['sebab']}"
            continue
        by = ""
        if before is not None and now is not None and before != now:
            by = f", {'+' if now > before else ''}{words.number(now - before)}"
        yield (
            f"{what}: {words.number(before)} ({row['status_lama']}) menjadi {shown}{by}; "
            f"{row['sebab']}"
        )


def _refused(open_: Iterable[Mapping[str, Any]], states: Iterable[SourceState]) -> Iterator[str]:
    listed = list(states)
    for row in open_:
        part = "" if row["part"] == MAIN_PART else f", bagian {row['part']}"
        file = "berkas ditolak" if row["status"] == "refused" else "berkas diterima"
        # The rules alone: a value, a row, or a file's name could name somebody.
        rules = ", ".join(rule.replace("_", " ") for rule in row["rules"])
        yield (
            f"{row['source']} {row['period']}{part}: {file}, {row['items']} yang perlu diperbaiki "
            f"({rules}). Oleh {_deliverer(listed, row['source'], row['part'])}; rinciannya di "
            f"`iku quarantine --source {row['source']}`"
        )


def _misplaced(settings: Settings, office: Office) -> Iterator[str]:
    _, problems = inbox.waiting(settings.inbox, office.office, NOBODY, settings.settle_seconds)
    if problems:
        yield (
            f"{len(problems)} berkas atau folder di kotak masuk salah nama, salah tempat, ganda, "
            f"atau masih disalin. Dibenahi oleh {NOBODY}; yang mana ada di `iku refresh`"
        )


def _deliverer(states: Iterable[SourceState], source: str, part: str) -> str:
    mine = [state for state in states if state.source == source]
    named = [state.deliverer for state in mine if state.part == part and state.deliverer]
    return (named or [state.deliverer for state in mine if state.deliverer] or [NOBODY])[0]


def _overdue(states: Iterable[SourceState]) -> Iterator[str]:
    for state in states:
        part = "" if state.part == MAIN_PART else f", bagian {state.part}"
        late = [f"{state.awaited}, jatuh tempo {words.day(state.due)}"]
        late = late if state.state == "terlambat" else []
        late += [f"{words.periods(state.missed)}, sudah terlewat"] if state.missed else []
        if late:
            yield f"{state.source}{part} {'; '.join(late)}: dari {state.deliverer or NOBODY}"


def _problems(states: Iterable[SourceState]) -> Iterator[str]:
    """Tell which doors were of no use; why may name a file, and a file somebody."""
    for state in states:
        for problem in state.problems:
            part = "" if state.part == MAIN_PART else f", bagian {state.part}"
            moment = words.moment(problem.asked_at, state.zone)
            yield (
                f"{state.source}{part} {problem.period}: pintu {state.door}, ditanya {moment}; "
                "sebabnya di `iku doctor`"
            )
