"""The command `iku`: thin commands with Indonesian output, and JSON beside every table."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from flows import (
    backup_commands,
    failures,
    metabase_commands,
    quarantine_commands,
    rerun_commands,
    screens,
    serving_commands,
    usage,
    watch_commands,
)
from flows.command_line import AsJson, InOffice, Refused, banner, chosen_office, opened, who
from flows.deploying import DeployFailed
from flows.io import embedded_postgres, prefect_server, prefect_worker, references
from flows.io import warehouse as warehouses
from flows.io.embedded_postgres import PostgresUnavailable
from flows.io.migrate import MigrationRefused
from flows.io.prefect_server import PrefectUnavailable
from flows.io.settings import settings
from flows.progress_bars import watched
from flows.serving import Died

FINE, FAILED, BAD_INPUT = 0, 1, 2
UNAVAILABLE = (PostgresUnavailable, PrefectUnavailable, MigrationRefused, DeployFailed, Died)

app = typer.Typer(
    help="Gudang indikator kinerja (IKU) kantor regional BKN.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(backup_commands.backup)
app.command()(backup_commands.restore)
app.command()(rerun_commands.rerun)
app.add_typer(metabase_commands.app, name="metabase")
app.add_typer(quarantine_commands.app, name="quarantine")
for _command in (serving_commands.prepare, serving_commands.deploy, serving_commands.serve):
    app.command()(_command)
app.command()(watch_commands.watch)

AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Yang tampil pada tanggal atau saat ini.")
]


def main() -> None:
    """Run the command; whatever fails ends in one message, never in a traceback."""
    try:
        code = app(standalone_mode=False, prog_name="iku")
    except typer.TyperException as refusal:
        code = BAD_INPUT
        if refusal.format_message():  # empty when nothing was asked: the help has been shown
            _say("Tidak dapat", usage.told(refusal))
    except typer.Abort:
        code = FAILED
    except Exception as error:
        mended = failures.can_be_mended(error) and not isinstance(error, UNAVAILABLE)
        code = BAD_INPUT if mended else FAILED
        _say("Tidak dapat" if mended else "Gagal", failures.told(error))
    sys.exit(code or FINE)


def _say(how: str, what: str) -> None:
    screens.err.print(f"[bold red]{how}:[/] {screens.escape(what)}")


# --- set-up -----------------------------------------------------------------------------------


@app.command()
def init() -> None:
    """Buat basis data sungguhan yang kosong; semua perintah berikutnya memakainya."""
    given = settings()
    before = warehouses.database_in_use(given.home)
    warehouse = opened(given, warehouses.REAL)
    warehouses.use_database(given.home, warehouses.REAL)
    if before == warehouses.REAL:
        screens.out.print("Basis data sungguhan sudah dipakai; tidak ada yang berubah.")
    else:
        screens.out.print(
            f"Basis data sungguhan [bold]{warehouse.database}[/] siap dan kosong. "
            "Data contoh tetap ada, tetapi tidak dipakai lagi."
        )
    screens.out.print(
        "Berikutnya: isi kode satker di office.csv lalu `iku seed FOLDER`, taruh berkas di "
        f"{given.inbox}, jalankan `iku refresh`."
    )


@app.command()
def seed(directory: Path, as_json: AsJson = False) -> None:
    """Tambahkan baris rujukan (target, kantor, instansi, ...) dari folder berkas csv."""
    warehouse = opened(settings())
    banner(warehouse, as_json)
    added = references.seed(warehouse, directory)
    if as_json:
        screens.as_json(added)
    else:
        total = sum(added.values())
        screens.out.print(
            f"{total} baris rujukan ditambahkan"
            + (
                ": " + ", ".join(f"{k} {n}" for k, n in added.items() if n)
                if total
                else "; semuanya sudah tercatat"
            )
            + "."
        )


@app.command()
def stop() -> None:
    """Hentikan Postgres, server Prefect dan pekerjanya, juga yang dijalankan `iku serve`."""
    home = settings().home
    stopped = [
        name
        for name, was_running in (
            ("pekerja Prefect", prefect_worker.stop(home)),
            ("server Prefect", prefect_server.stop(home)),
            ("Postgres", embedded_postgres.stop(home)),
        )
        if was_running
    ]
    screens.out.print(
        f"Dihentikan: {' dan '.join(stopped)}." if stopped else "Tidak ada yang sedang berjalan."
    )


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Periksa program, basis data, peran, jam, ruang disk, dan kelengkapan rujukan."""
    from flows.doctor import examine
    from flows.source_states import source_states

    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    findings = examine(warehouse, given)
    states = source_states(warehouse, given)
    if as_json:
        screens.as_json(
            {"findings": [asdict(f) for f in findings], "sources": [asdict(s) for s in states]}
        )
    else:
        screens.table(
            "Pemeriksaan",
            ("Hal", "", "Keadaan", "Yang perlu dilakukan"),
            [
                (f.subject, "baik" if f.is_well else "periksa", f.says, "" if f.is_well else f.hint)
                for f in findings
            ],
        )
        screens.sources(states)
    raise typer.Exit(FINE if all(f.is_well for f in findings) else FAILED)


# --- data in ----------------------------------------------------------------------------------


@app.command()
def land(
    source: Annotated[str, typer.Option(help="Nama sumber, misalnya survey_answer.")],
    period: Annotated[str, typer.Option(help="Periode: 2024-Q3, 2024-09 atau 2024.")],
    file: Annotated[
        Path | None, typer.Argument(help="Tanpa berkas, dengan --confirm: yang sedang ditahan.")
    ] = None,
    office: InOffice = None,
    part: Annotated[str, typer.Option(help="Bagian, bila satu periode beberapa berkas.")] = "utama",
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help='Nilai kolom yang tidak ada di berkas: "Kelompok=PNS".'),
    ] = None,
    confirm: Annotated[bool, typer.Option(help="Muat walaupun isinya jauh berkurang.")] = False,
    reason: Annotated[str, typer.Option(help="Mengapa tetap dimuat; wajib dengan --confirm.")] = "",
    as_json: AsJson = False,
) -> None:
    """Muat satu berkas, atau katakan mengapa ditolak atau ditahan (kode keluar 2)."""
    from flows import held, landing, outbox
    from flows.landing_request import Request

    if confirm != bool(reason.strip()):
        raise Refused('Tulis --confirm bersama alasannya: --confirm --reason "...".')
    if file is None and not confirm:
        raise Refused("Sebutkan berkas yang dimuat.")
    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    key = chosen_office(warehouse, office).office
    named = ""
    if file is None:
        file, named = held.waiting(warehouse, given, key, source, period, part)
    request = Request(
        file,
        key,
        source,
        period,
        part,
        "hand",
        who(),
        named,
        confirmed_because=reason.strip(),
        given=landing.given_values(source, values or ()),
    )
    with watched():
        landed = landing.land(warehouse, given, request)
    copy, problem = None, ""
    if landed.status != "unchanged":
        copy, problem = outbox.renew(warehouse, given, landed.load_id)
    if as_json:
        screens.as_json(_landing_json(landed) | {"outbox": str(copy) if copy else None})
    else:
        _print_landing(landed)
        if copy:
            screens.out.print(f"Salinan bertanda: {screens.escape(str(copy))}", soft_wrap=True)
    if problem:
        screens.err.print(screens.escape(problem), soft_wrap=True)
    raise typer.Exit(BAD_INPUT if landed.status in ("refused", "held") else FINE)


@app.command()
def template(
    source: Annotated[str, typer.Argument(help="Nama sumber, misalnya agency_ip_asn.")],
    to: Annotated[Path | None, typer.Option(help="Berkas tujuan (.xlsx).")] = None,
) -> None:
    """Tulis buku kerja kosong suatu sumber, dengan judul kolom dan petunjuk pengisian."""
    from flows.templates import write_template

    file = to or Path(f"{source}.xlsx")
    write_template(source, file)
    screens.out.print(
        f"Templat ditulis ke {screens.escape(str(file))}; petunjuknya pada lembar Petunjuk."
    )


@app.command()
def retract(
    load: int,
    reason: Annotated[str, typer.Option(help="Mengapa muatan ini ditarik.")],
    as_json: AsJson = False,
) -> None:
    """Tarik satu muatan; muatan sebelumnya dari periode itu berlaku lagi."""
    from flows import outbox
    from flows.io import loads

    if not reason.strip():
        raise Refused('Alasan penarikan belum ditulis: --reason "...".')
    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    withdrawn, again = loads.retract(warehouse, load, who(), reason)
    if problem := outbox.renew(warehouse, given, load)[1]:
        screens.err.print(screens.escape(problem), soft_wrap=True)
    if as_json:
        screens.as_json({"retracted": load, "in_force": again})
        return
    screens.out.print(
        f"Muatan {load} ({withdrawn['source']} {withdrawn['period']}, {withdrawn['file_name']}) "
        f"ditarik. "
        + (f"Muatan {again} berlaku lagi." if again else "Periode itu kini tanpa data.")
        + " Jalankan `iku refresh` untuk menghitung ulang."
    )


@app.command()
def refresh(office: InOffice = None, as_json: AsJson = False) -> None:
    """Ambil dan muat yang baru, hitung triwulan yang tersentuh, catat, dan periksa."""
    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    offices = (
        [chosen_office(warehouse, office)]
        if office
        else [found for _, found in sorted(references.offices(warehouse).items())]
    )
    api_url = prefect_server.ensure(given.home, warehouses.server_url(given))
    os.environ.update(prefect_server.environment(given.home, api_url))
    from flows import nightly_refresh  # after the environment it reads

    refreshed = []
    for found in offices:
        with watched():
            refreshed.append(nightly_refresh.refresh(found.office, who(), "penyegaran"))
    if as_json:
        screens.as_json([_refreshed_json(item) for item in refreshed])
    else:
        for item in refreshed:
            _print_refreshed(item)
            if any(
                landed.counts.rejected or landed.status == "refused" for landed in item.landings
            ):
                screens.out.print(f"  Salinan bertanda ada di {given.outbox / item.office}.")
    raise typer.Exit(FAILED if any(item.failure for item in refreshed) else FINE)


# --- figures out ------------------------------------------------------------------------------


@app.command()
def scorecard(
    office: InOffice = None,
    year: Annotated[int | None, typer.Option(help="Tahun.")] = None,
    quarter: Annotated[int | None, typer.Option(min=1, max=4, help="Triwulan 1-4.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Tampilkan kartu skor 14 IKU: target, realisasi, capaian, status, NPSS."""
    from flows import scorecards

    warehouse = opened(settings())
    banner(warehouse, as_json)
    found = chosen_office(warehouse, office)
    at = scorecards.moment(as_of, found.time_zone) if as_of else None
    today = warehouse.instant().astimezone(ZoneInfo(found.time_zone)).date()
    asked = year or scorecards.newest_year(warehouse, found.office) or today.year
    shown_quarter = quarter or scorecards.quarter_shown(today, asked)
    lines = scorecards.lines(warehouse, found.office, asked, shown_quarter, at)
    roll_up = scorecards.npss(warehouse, found.office, asked, shown_quarter, at)
    if not lines:
        when = f" pada {screens.moment(at, found.time_zone)}" if at else ""
        raise Refused(
            f"Belum ada nilai {screens.quarter_name(asked, shown_quarter)} untuk "
            f"{found.name}{when}. Muat datanya lalu jalankan `iku refresh`."
        )
    if as_json:
        screens.as_json(scorecards.for_json(found.office, asked, shown_quarter, lines, roll_up))
        return
    title = f"{found.name}, {screens.quarter_name(asked, shown_quarter)}"
    if at:
        title += f", seperti yang tampil {screens.moment(at, found.time_zone)}"
    screens.scorecard(title, lines, roll_up)


@app.command()
def explain(
    iku: Annotated[str, typer.Argument(help="IKU.1 sampai IKU.14.")],
    period: Annotated[str, typer.Argument(help="Triwulan, misalnya 2024-Q3.")],
    office: InOffice = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Terangkan satu nilai: metode, hitungan, angka yang dipakai, dan berkas asalnya."""
    from flows import scorecards
    from flows.explaining import explanation
    from transforms.indicators import indicators

    code = iku.upper().replace("IKU", "IKU.").replace("..", ".").replace(" ", "")
    if code not in indicators():
        raise Refused(f"“{iku}” bukan IKU. Tulis IKU.1 sampai IKU.14.")
    found = re.fullmatch(r"(20\d\d)-Q([1-4])", period.upper())
    if not found:
        raise Refused(f"Triwulan “{period}” salah bentuk. Tulis misalnya 2024-Q3.")
    warehouse = opened(settings())
    banner(warehouse, as_json)
    where = chosen_office(warehouse, office)
    at = scorecards.moment(as_of, where.time_zone) if as_of else None
    said = explanation(warehouse, where.office, code, int(found[1]), int(found[2]), at)
    if said is None:
        raise Refused(
            f"Belum ada nilai {code} {period} untuk {where.name}. Jalankan `iku refresh`."
        )
    if as_json:
        screens.as_json(said)
        return
    screens.explanation(said, where.name, where.time_zone)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Hitung ulang setiap nilai dari muatan dan rujukan seperti tercatat, lalu bandingkan."""
    from flows.verifying import differences

    warehouse = opened(settings())
    banner(warehouse, as_json)
    with watched():
        count, found = differences(warehouse)
    if as_json:
        screens.as_json({"recomputed": count, "differences": [asdict(item) for item in found]})
    else:
        screens.out.print(f"{count} nilai dihitung ulang, {len(found)} berbeda.")
        if found:
            screens.table(
                "Yang berbeda",
                ("Nilai", "Kantor", "IKU", "Triwulan", "Kolom", "Tercatat", "Kini"),
                [
                    (
                        str(d.value_id),
                        d.office,
                        d.iku,
                        d.period,
                        d.column,
                        screens.escape(d.recorded),
                        screens.escape(d.recomputed),
                    )
                    for d in found
                ],
            )
    raise typer.Exit(FAILED if found else FINE)


# --- shared -----------------------------------------------------------------------------------


def _landing_json(landed: Any) -> dict[str, Any]:
    counts = landed.counts
    return {
        "status": landed.status,
        "load_id": landed.load_id,
        "office": landed.request.office,
        "source": landed.request.source,
        "period": landed.request.period,
        "part": landed.request.part,
        "file": landed.request.name,
        "rows_in": counts.rows_in,
        "accepted": counts.accepted,
        "rejected": counts.rejected,
        "duplicate": counts.duplicate,
        "out_of_scope": counts.out_of_scope,
        "reasons": list(landed.reasons),
    }


def _refreshed_json(item: Any) -> dict[str, Any]:
    return {
        "office": item.office,
        "landings": [_landing_json(landed) for landed in item.landings],
        "still_refused": item.still_refused,
        "not_landed": [asdict(stopped) for stopped in item.not_landed],
        "not_computed": [asdict(stopped) for stopped in item.not_computed],
        "problems": item.problems,
        "quarters": [
            {
                "period": str(recorded.quarter),
                "values_written": recorded.values_written,
                "achievements_written": recorded.achievements_written,
                "rollups_written": recorded.rollups_written,
                "superseded": recorded.superseded,
                "failed": [asdict(failed) for failed in recorded.failed],
            }
            for recorded in item.recorded
        ],
        "findings": [asdict(finding) for finding in item.findings],
    }


STATUS_WORDS: Mapping[str, str] = {
    "landed": "diterima",
    "unchanged": "tidak berubah",
    "refused": "DITOLAK",
    "held": "DITAHAN",
}


def _print_landing(landed: Any) -> None:
    counts = landed.counts
    request = landed.request
    screens.out.print(
        f"{request.name} ({request.source} {request.period}): "
        f"[bold]{STATUS_WORDS[landed.status]}[/]"
        + (
            f", muatan {landed.load_id}: {counts.rows_in} baris dibaca, {counts.accepted} baik, "
            f"{counts.rejected} salah, {counts.duplicate} ganda, "
            f"{counts.out_of_scope} bukan milik kantor ini."
            if landed.status != "unchanged"
            else f" (sama dengan muatan {landed.load_id})."
        )
    )
    if landed.status == "refused":
        screens.out.print("Tidak ada yang dimuat. Perbaiki lalu muat lagi:")
    elif landed.status == "held":
        screens.out.print("Belum dimuat, menunggu kepastian:")
    for reason in landed.reasons[:10]:
        screens.out.print(
            f"  - {screens.escape(reason['message'])} {screens.escape(reason['hint'])}"
        )
    if len(landed.reasons) > 10:
        screens.out.print(f"  ... dan {len(landed.reasons) - 10} lagi; lihat `iku quarantine`.")


def _print_refreshed(item: Any) -> None:
    by_status: dict[str, list[Any]] = {}
    for landed in item.landings:
        by_status.setdefault(landed.status, []).append(landed)
    screens.out.print(
        f"[bold]{item.office}[/]: "
        f"{len(by_status.get('landed', []))} berkas dimuat, "
        f"{len(by_status.get('unchanged', []))} tidak berubah, "
        f"{len(by_status.get('refused', []))} ditolak"
        + (f", {len(by_status['held'])} ditahan." if "held" in by_status else ".")
    )
    for landed in (*by_status.get("refused", []), *by_status.get("held", [])):
        _print_landing(landed)
    for problem in item.problems:
        screens.out.print(f"  - {screens.escape(problem)}")
    if item.still_refused:
        screens.out.print(f"  {item.still_refused} berkas masih ditolak; lihat `iku quarantine`.")
    _print_computed(item)
    for finding in item.findings:
        word = "GAGAL" if finding.severity == "fail" else "perhatian"
        screens.out.print(f"  {word}: {finding.title} ({len(finding.offenders)}).")
    _print_stopped(item)


def _print_computed(item: Any) -> None:
    written = sum(recorded.values_written for recorded in item.recorded)
    achieved = sum(recorded.achievements_written for recorded in item.recorded)
    if written or achieved:
        screens.out.print(
            f"  {len(item.recorded)} triwulan dihitung: {written} nilai dan "
            f"{achieved} capaian baru."
        )
    elif not item.not_computed:
        screens.out.print("  Tidak ada yang baru untuk dihitung; tidak ada nilai yang ditulis.")
    for recorded in item.recorded:
        for failed in recorded.failed:
            screens.out.print(
                f"  [bold red]{failed.iku} {recorded.quarter} gagal:[/] "
                f"{screens.escape(failed.message)}"
            )


def _print_stopped(item: Any) -> None:
    for stopped in item.not_landed:
        screens.out.print(
            f"  [bold red]Tidak dimuat:[/] {screens.escape(f'{stopped.what}. {stopped.reason}')}"
        )
    if item.not_landed:
        screens.out.print(
            "  IKU dari sumber itu dihitung dari data yang sudah berlaku. Berkas itu dicoba lagi "
            "pada `iku refresh` berikutnya."
        )
    for stopped in item.not_computed:
        screens.out.print(
            f"  [bold red]Tidak selesai:[/] {screens.escape(f'{stopped.what}. {stopped.reason}')}"
        )
