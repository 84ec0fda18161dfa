"""The commands by which one file comes in or goes: `iku land`, `template` and `retract`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands import console
from flows.commands.shared import (
    BAD_INPUT,
    FINE,
    AsJson,
    InOffice,
    Refused,
    banner,
    chosen_office,
    opened,
    settings,
    who,
)
from schemas.source import MAIN_PART


def land(
    source: Annotated[str, typer.Option(help="Nama sumber, misalnya survey_answer.")],
    period: Annotated[str, typer.Option(help="Periode: 2024-Q3, 2024-09 atau 2024.")],
    file: Annotated[
        Path | None, typer.Argument(help="Tanpa berkas, dengan --confirm: yang sedang ditahan.")
    ] = None,
    office: InOffice = None,
    part: Annotated[
        str, typer.Option(help="Bagian, bila satu periode beberapa berkas.")
    ] = MAIN_PART,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help='Nilai kolom yang tidak ada di berkas: "Kelompok=PNS".'),
    ] = None,
    confirm: Annotated[bool, typer.Option(help="Muat walaupun isinya jauh berkurang.")] = False,
    reason: Annotated[str, typer.Option(help="Mengapa tetap dimuat; wajib dengan --confirm.")] = "",
    as_json: AsJson = False,
) -> None:
    """Muat satu berkas, atau katakan mengapa ditolak atau ditahan (kode keluar 2)."""
    from flows.landing import land as landing
    from flows.landing.request import Request
    from flows.quarantine import held, outbox

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
    with console.watched():
        landed = landing.land(warehouse, given, request)
    copy, problem = None, ""
    if landed.status != "unchanged":
        copy, problem = outbox.renew(warehouse, given, landed.load_id)
    if as_json:
        console.as_json(landing_json(landed) | {"outbox": str(copy) if copy else None})
    else:
        print_landing(landed)
        if copy:
            console.out.print(f"Salinan bertanda: {console.escape(str(copy))}", soft_wrap=True)
    if problem:
        console.err.print(console.escape(problem), soft_wrap=True)
    raise typer.Exit(BAD_INPUT if landed.status in ("refused", "held") else FINE)


def template(
    source: Annotated[str, typer.Argument(help="Nama sumber, misalnya agency_ip_asn.")],
    to: Annotated[Path | None, typer.Option(help="Berkas tujuan (.xlsx).")] = None,
) -> None:
    """Tulis buku kerja kosong suatu sumber, dengan judul kolom dan petunjuk pengisian."""
    from flows.quarantine.templates import write_template

    file = to or Path(f"{source}.xlsx")
    write_template(source, file)
    console.out.print(
        f"Templat ditulis ke {console.escape(str(file))}; petunjuknya pada lembar Petunjuk."
    )


def retract(
    load: int,
    reason: Annotated[str, typer.Option(help="Mengapa muatan ini ditarik.")],
    as_json: AsJson = False,
) -> None:
    """Tarik satu muatan; muatan sebelumnya dari periode itu berlaku lagi."""
    from flows.landing import store as loads
    from flows.quarantine import outbox

    if not reason.strip():
        raise Refused('Alasan penarikan belum ditulis: --reason "...".')
    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    withdrawn, again = loads.retract(warehouse, load, who(), reason)
    if problem := outbox.renew(warehouse, given, load)[1]:
        console.err.print(console.escape(problem), soft_wrap=True)
    if as_json:
        console.as_json({"retracted": load, "in_force": again})
        return
    console.out.print(
        f"Muatan {load} ({withdrawn['source']} {withdrawn['period']}, {withdrawn['file_name']}) "
        f"ditarik. "
        + (f"Muatan {again} berlaku lagi." if again else "Periode itu kini tanpa data.")
        + " Jalankan `iku refresh` untuk menghitung ulang."
    )


def landing_json(landed: Any) -> dict[str, Any]:
    """Return what became of a file, as `--json` gives it."""
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


STATUS_WORDS: Mapping[str, str] = {
    "landed": "diterima",
    "unchanged": "tidak berubah",
    "refused": "DITOLAK",
    "held": "DITAHAN",
}


def print_landing(landed: Any) -> None:
    """Print what became of a file, and the first ten reasons why not."""
    counts = landed.counts
    request = landed.request
    console.out.print(
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
        console.out.print("Tidak ada yang dimuat. Perbaiki lalu muat lagi:")
    elif landed.status == "held":
        console.out.print("Belum dimuat, menunggu kepastian:")
    for reason in landed.reasons[:10]:
        console.out.print(
            f"  - {console.escape(reason['message'])} {console.escape(reason['hint'])}"
        )
    if len(landed.reasons) > 10:
        console.out.print(f"  ... dan {len(landed.reasons) - 10} lagi; lihat `iku quarantine`.")
