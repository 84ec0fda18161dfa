"""The commands that show figures: `iku scorecard`, `explain` and `verify`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from flows.commands import console, explained
from flows.commands.shared import (
    FAILED,
    FINE,
    AsJson,
    InOffice,
    Refused,
    banner,
    chosen_office,
    opened,
    settings,
)
from schemas.rows import ShownLine, ShownRollUp
from transforms import words

AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Yang tampil pada tanggal atau saat ini.")
]


def scorecard(
    office: InOffice = None,
    year: Annotated[int | None, typer.Option(help="Tahun.")] = None,
    quarter: Annotated[int | None, typer.Option(min=1, max=4, help="Triwulan 1-4.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Tampilkan kartu skor 14 IKU: target, realisasi, capaian, status, NPSS."""
    from flows.showing import scorecards
    from flows.showing import store as shown

    warehouse = opened(settings())
    banner(warehouse, as_json)
    found = chosen_office(warehouse, office)
    at = scorecards.moment(as_of, found.time_zone) if as_of else None
    today = warehouse.instant().astimezone(ZoneInfo(found.time_zone)).date()
    asked = year or shown.newest_year(warehouse, found.office) or today.year
    shown_quarter = quarter or scorecards.quarter_shown(today, asked)
    lines = shown.lines(warehouse, found.office, asked, shown_quarter, at)
    roll_up = shown.npss(warehouse, found.office, asked, shown_quarter, at)
    if not lines:
        when = f" pada {words.moment(at, found.time_zone)}" if at else ""
        raise Refused(
            f"Belum ada nilai {words.quarter_name(asked, shown_quarter)} untuk "
            f"{found.name}{when}. Muat datanya lalu jalankan `iku refresh`."
        )
    if as_json:
        console.as_json(scorecards.for_json(found.office, asked, shown_quarter, lines, roll_up))
        return
    title = f"{found.name}, {words.quarter_name(asked, shown_quarter)}"
    if at:
        title += f", seperti yang tampil {words.moment(at, found.time_zone)}"
    _scorecard(title, lines, roll_up)


def _scorecard(title: str, lines: Sequence[ShownLine], npss: ShownRollUp | None) -> None:
    """Print the scorecard of a quarter."""
    console.table(
        title,
        ("IKU", "Indikator", "Target PK", "Realisasi", "Capaian %", "Status", "Catatan"),
        [
            (
                line["iku"],
                line["nama_pendek"],
                words.number(line["target"]),
                words.number(line["realisasi"]),
                words.number(line["capaian"]),
                console.coloured(line["status_kata"]),
                words.note(line),
            )
            for line in lines
        ],
        right="2 3 4",
    )
    reached = sum(line["status_kata"] == "tercapai" for line in lines)
    console.out.print(f"Tercapai {reached} dari {len(lines)} IKU. {words.npss_sentence(npss)}")


def explain(
    iku: Annotated[str, typer.Argument(help="IKU.1 sampai IKU.14.")],
    period: Annotated[str, typer.Argument(help="Triwulan, misalnya 2024-Q3.")],
    office: InOffice = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Terangkan satu nilai: metode, hitungan, angka yang dipakai, dan berkas asalnya."""
    from flows.showing import scorecards
    from flows.showing.explaining import explanation
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
        console.as_json(said)
        return
    explained.explanation(said, where.name, where.time_zone)


def verify(as_json: AsJson = False) -> None:
    """Hitung ulang setiap nilai dari muatan dan rujukan seperti tercatat, lalu bandingkan."""
    from flows.computing.verifying import differences

    warehouse = opened(settings())
    banner(warehouse, as_json)
    with console.watched():
        count, found = differences(warehouse)
    if as_json:
        console.as_json({"recomputed": count, "differences": [asdict(item) for item in found]})
    else:
        console.out.print(f"{count} nilai dihitung ulang, {len(found)} berbeda.")
        if found:
            console.table(
                "Yang berbeda",
                ("Nilai", "Kantor", "IKU", "Triwulan", "Kolom", "Tercatat", "Kini"),
                [
                    (
                        str(d.value_id),
                        d.office,
                        d.iku,
                        d.period,
                        d.column,
                        console.escape(d.recorded),
                        console.escape(d.recomputed),
                    )
                    for d in found
                ],
            )
    raise typer.Exit(FAILED if found else FINE)
