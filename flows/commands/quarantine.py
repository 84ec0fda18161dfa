"""The commands `iku quarantine`: what is to be mended, one item of it, its copy, and waiving."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from flows.commands import console
from flows.commands.shared import (
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

SHOWN_ITEMS = 100  # more are not read on a screen

app = typer.Typer(help="Tampilkan, kirim kembali dan tutup apa yang ditolak.")


def _number(text: str) -> int:
    """Return the number of an item, also as a copy writes it: with K or G before it."""
    digits = text.strip().upper().removeprefix("K").removeprefix("G")
    if not re.fullmatch(r"[0-9]{1,18}", digits):
        raise Refused(f"“{text}” bukan nomor butir. Tulis misalnya 12 atau K12.")
    return int(digits)


OfSource = Annotated[str | None, typer.Option("--source", help="Hanya sumber ini.")]
Everything = Annotated[
    bool, typer.Option("--all", help="Juga yang sudah selesai, dikecualikan atau diganti.")
]


@app.callback(invoke_without_command=True)
def without_a_word(
    context: typer.Context,
    office: InOffice = None,
    source: OfSource = None,
    everything: Everything = False,
    as_json: AsJson = False,
) -> None:
    """Tampilkan apa yang ditolak, di sel mana, mengapa, dan apa yang perlu dilakukan."""
    if context.invoked_subcommand is None:
        list_items(office, source, everything, as_json)
    elif office or source or everything or as_json:
        raise Refused(f"Tulis pilihan sesudah kata {context.invoked_subcommand}.")


@app.command("list")
def list_items(
    office: InOffice = None,
    source: OfSource = None,
    everything: Everything = False,
    as_json: AsJson = False,
) -> None:
    """Tampilkan yang masih harus diperbaiki; yang menyangkut seluruh berkas lebih dahulu."""
    from flows.quarantine import store

    warehouse = opened(settings())
    banner(warehouse, as_json)
    found = store.items(
        warehouse, chosen_office(warehouse, office).office, source, everything=everything
    )
    if as_json:
        console.as_json(found)
    elif not found:
        console.out.print("Tidak ada yang ditolak.")
    else:
        _print_items(found, with_state=everything)


@app.command()
def show(
    item: Annotated[str, typer.Argument(help="Nomor butir, misalnya 12 atau K12.")],
    as_json: AsJson = False,
) -> None:
    """Tampilkan satu butir, dan masalah yang sama pada percobaan lain."""
    from flows.quarantine import items as quarantine

    number = _number(item)
    warehouse = opened(settings())
    banner(warehouse, as_json)
    found = quarantine.item(warehouse, number)
    if as_json:
        console.as_json(found)
        return
    told = found[0]
    place = f"{told['kantor']} {told['sumber']} {told['periode']} {told['bagian']}"
    console.out.print(f"[bold]Butir {number}[/]: {place}, {console.escape(told['berkas'])}")
    console.out.print(f"{told['akibat']}, {_where(told)}: {console.escape(told['pesan'])}")
    console.out.print(console.escape(told["petunjuk"]))
    for one in sorted(found, key=lambda one: one["butir"]):
        console.out.print(f"  Muatan {one['muatan']}, butir {one['butir']}: {_state(one)}")


@app.command()
def export(
    office: InOffice = None,
    source: OfSource = None,
    as_json: AsJson = False,
) -> None:
    """Tulis lagi salinan bertanda dari setiap berkas yang masih harus diperbaiki."""
    from flows.quarantine import outbox, store

    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    found = store.open_loads(warehouse, chosen_office(warehouse, office).office, source)
    tried = [outbox.renew(warehouse, given, load) for load in found]
    written = [str(file) for file, _ in tried if file]
    problems = [problem for _, problem in tried if problem]
    if as_json:
        console.as_json(written)
    elif not tried:
        console.out.print("Tidak ada yang perlu diperbaiki.")
    else:
        for file in written:
            console.out.print(console.escape(file), soft_wrap=True)
    _tell(problems)
    if problems:
        raise typer.Exit(1)


@app.command()
def waive(
    items: Annotated[list[str], typer.Argument(help="Nomor butir, satu atau beberapa.")],
    reason: Annotated[str, typer.Option(help="Mengapa tidak akan diperbaiki.")],
    name: Annotated[
        str | None, typer.Option(help="Nama yang memutuskan; bila kosong, Anda.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Catat bahwa butir tidak akan diperbaiki. Datanya tetap tidak masuk."""
    from flows.quarantine import items as quarantine
    from flows.quarantine import outbox

    if not reason.strip():
        raise Refused('Alasannya belum ditulis: --reason "...".')
    numbers = list(dict.fromkeys(map(_number, items)))
    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    said = (name or "").strip()
    by = f"{said} (akun {who()})" if said else who()
    waived = quarantine.waive(warehouse, numbers, by, reason.strip())
    tried = [outbox.renew(warehouse, given, load) for load in waived]
    _tell([problem for _, problem in tried if problem])
    if as_json:
        console.as_json({"waived": numbers, "who": by})
    else:
        listed = ", ".join(map(str, numbers))
        console.out.print(
            f"Butir {listed} dikecualikan oleh {console.escape(by)}. Datanya tetap tidak masuk."
        )


def _tell(problems: Sequence[str]) -> None:
    for problem in problems:
        console.err.print(console.escape(problem), soft_wrap=True)


def _print_items(found: Sequence[Mapping[str, Any]], *, with_state: bool) -> None:
    shown = found[:SHOWN_ITEMS]
    console.table(
        "Yang ditolak atau dicatat",
        ("Butir", "Sumber", "Baris", "Kolom", "Nilai", "Akibat", "Pesan", "Petunjuk")
        + ("Keadaan",) * with_state,
        [
            (
                str(row["butir"]),
                _slice(row),
                "" if row["baris"] is None else str(row["baris"]),
                console.escape(row["kolom"]),
                console.escape(row["nilai"] or ""),
                row["akibat"],
                console.escape(row["pesan"]),
                console.escape(row["petunjuk"]),
            )
            + (row["keadaan"],) * with_state
            for row in shown
        ],
        right="0 2",
    )
    if len(found) > len(shown):
        _print_counts(found)


def _print_counts(found: Sequence[Mapping[str, Any]]) -> None:
    """Count a list too long to read by file and rule, and say where all of it is."""
    counted = Counter((_slice(row), row["akibat"], row["aturan"]) for row in found)
    console.table(
        f"{SHOWN_ITEMS} dari {len(found)} ditampilkan; semuanya menurut aturan",
        ("Sumber", "Akibat", "Aturan", "Jumlah"),
        [(*place, str(count)) for place, count in counted.most_common(SHOWN_ITEMS)],
        right="3",
    )
    console.out.print(
        "Tiap sel ada dalam salinan bertanda (`iku quarantine export`). Persempit dengan --source, "
        "atau minta semuanya dengan --json."
    )


def _slice(told: Mapping[str, Any]) -> str:
    part = "" if told["bagian"] == MAIN_PART else f" {told['bagian']}"
    return f"{told['sumber']} {told['periode']}{part}"


def _where(told: Mapping[str, Any]) -> str:
    if told["baris"] is None:
        return "seluruh berkas"
    return f"baris {told['baris']}" + (f", kolom {told['kolom']}" if told["kolom"] else "")


def _state(told: Mapping[str, Any]) -> str:
    """Return the state in words, with who closed the item and why."""
    said = str(told["keadaan"])
    if told["ditutup_muatan"]:
        said += f" sejak muatan {told['ditutup_muatan']} oleh {told['ditutup_oleh']}"
    elif told["alasan"]:
        said += f" oleh {told['ditutup_oleh']}: {told['alasan']}"
    return console.escape(said)
