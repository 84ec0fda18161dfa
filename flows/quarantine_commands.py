"""The commands `iku quarantine`: what is to be mended, one item of it, its copy, and waiving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from flows import outbox, quarantine, screens
from flows.command_line import AsJson, InOffice, Refused, banner, chosen_office, opened, who
from flows.io.settings import settings

app = typer.Typer(help="Tampilkan, kirim kembali dan tutup apa yang ditolak.")

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
    warehouse = opened(settings())
    banner(warehouse, as_json)
    found = quarantine.items(
        warehouse, chosen_office(warehouse, office).office, source, everything=everything
    )
    if as_json:
        screens.as_json(found)
    elif not found:
        screens.out.print("Tidak ada yang ditolak.")
    else:
        _print_items(found, with_state=everything)


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="Nomor butir, tanpa huruf K atau G.")],
    as_json: AsJson = False,
) -> None:
    """Tampilkan satu butir, dan masalah yang sama pada percobaan lain."""
    warehouse = opened(settings())
    banner(warehouse, as_json)
    found = quarantine.item(warehouse, number)
    if as_json:
        screens.as_json(found)
        return
    told = found[0]
    place = f"{told['kantor']} {told['sumber']} {told['periode']} {told['bagian']}"
    screens.out.print(f"[bold]Butir {number}[/]: {place}, {screens.escape(told['berkas'])}")
    screens.out.print(f"{told['akibat']}, {_where(told)}: {screens.escape(told['pesan'])}")
    screens.out.print(screens.escape(told["petunjuk"]))
    for one in sorted(found, key=lambda one: one["butir"]):
        screens.out.print(f"  Muatan {one['muatan']}, butir {one['butir']}: {_state(one)}")


@app.command()
def export(
    office: InOffice = None,
    source: OfSource = None,
    as_json: AsJson = False,
) -> None:
    """Tulis lagi salinan bertanda dari setiap berkas yang masih harus diperbaiki."""
    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    found = quarantine.open_loads(warehouse, chosen_office(warehouse, office).office, source)
    written = [file for load in found if (file := outbox.export(warehouse, given, load))]
    if as_json:
        screens.as_json([str(file) for file in dict.fromkeys(written)])
    elif not written:
        screens.out.print("Tidak ada yang perlu diperbaiki.")
    else:
        for file in dict.fromkeys(written):
            screens.out.print(screens.escape(str(file)), soft_wrap=True)


@app.command()
def waive(
    numbers: Annotated[list[int], typer.Argument(help="Nomor butir, satu atau beberapa.")],
    reason: Annotated[str, typer.Option(help="Mengapa tidak akan diperbaiki.")],
    name: Annotated[
        str | None, typer.Option(help="Nama yang memutuskan; bila kosong, Anda.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Catat bahwa butir tidak akan diperbaiki. Datanya tetap tidak masuk."""
    if not reason.strip():
        raise Refused('Alasannya belum ditulis: --reason "...".')
    warehouse = opened(settings())
    banner(warehouse, as_json)
    by = (name or "").strip() or who()
    quarantine.waive(warehouse, list(dict.fromkeys(numbers)), by, reason.strip())
    if as_json:
        screens.as_json({"waived": numbers, "who": by})
    else:
        listed = ", ".join(map(str, numbers))
        screens.out.print(
            f"Butir {listed} dikecualikan oleh {screens.escape(by)}. Datanya tetap tidak masuk."
        )


def _print_items(found: Sequence[Mapping[str, Any]], *, with_state: bool) -> None:
    screens.table(
        "Yang ditolak atau dicatat",
        ("Butir", "Sumber", "Baris", "Kolom", "Nilai", "Akibat", "Pesan", "Petunjuk")
        + ("Keadaan",) * with_state,
        [
            (
                str(row["butir"]),
                f"{row['sumber']} {row['periode']}",
                "" if row["baris"] is None else str(row["baris"]),
                screens.escape(row["kolom"]),
                screens.escape(row["nilai"] or ""),
                row["akibat"],
                screens.escape(row["pesan"]),
                screens.escape(row["petunjuk"]),
            )
            + (row["keadaan"],) * with_state
            for row in found
        ],
        right="0 2",
    )


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
    return screens.escape(said)
