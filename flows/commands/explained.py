"""The explanation of a value as `iku explain` prints it: evidence, documents, files, history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flows.commands import console
from schemas.source import MAIN_PART
from transforms import words

if TYPE_CHECKING:  # what reads the warehouse is imported when it is asked
    from flows.showing.explaining import Explanation

WIDE = 8  # columns of a tally that still stand side by side


def explanation(said: Explanation, office: str, zone: str) -> None:
    """Print where a value comes from."""
    line, value = said["line"], said["value"]
    console.out.print(
        f"[bold]{line['iku']} {line['nama_pendek']}[/], {office}, "
        f"{words.quarter_name(line['tahun'], line['triwulan'])}"
    )
    console.out.print(console.escape(line["nama"]))
    console.out.print(
        f"Realisasi [bold]{words.number(line['realisasi'])}[/] {words.UNIT_WORDS[value['unit']]}; "
        f"status {console.coloured(line['status_kata'])}; dasar: "
        + ("angka terbit" if line["dasar"] == "terbit" else "dihitung dari sumber")
    )
    if value["numerator"] is not None:
        console.out.print(
            f"Hitungan: {words.number(value['numerator'])} / {words.number(value['denominator'])}"
            f" × 100 = {console.escape(value['actual_exact'] or words.DASH)},"
            f" dibulatkan {words.number(value['actual'])}"
        )
    elif value["actual_exact"] is not None:
        console.out.print(
            f"Nilai tepat {console.escape(value['actual_exact'])},"
            f" dibulatkan {words.number(value['actual'])}"
        )
    console.out.print(f"Metode: {console.escape(value['method'])}")
    if said["note"]:
        console.out.print(f"Catatan: {console.escape(said['note'])}")
    for text in words.details(value["components"], 1):
        console.out.print(console.escape(text))
    _documents(said)
    _evidence(value)
    _origins(said, zone)


def _documents(said: Explanation) -> None:
    console.table(
        "Target",
        ("Dokumen", "Target", "Capaian %", "Sumber", "Alasan"),
        [
            (
                row["document"], words.number(row["target"]), words.number(row["achievement_pct"]),
                console.escape(row["source"] or ""), console.escape(row["reason"] or ""),
            )
            for row in said["targets"]
        ],
        right="1 2",
    )  # fmt: skip


def _evidence(value: Mapping[str, Any]) -> None:
    """Print the rows that were put into the formula; a single wide row as a list."""
    for name, rows in value["tally"].items():
        title = f"Angka yang dipakai: {words.TALLY_WORDS.get(name, name)}"
        if len(rows) == 1 and len(rows[0]) > WIDE:
            console.out.print(f"{title}:")
            for column, item in rows[0].items():
                said = str(item) if column == "regime" else words.plain_word(item)
                console.out.print(console.escape(f"  {words.tally_word(column)}: {said}"))
        elif rows:
            console.table(
                title,
                [words.tally_word(column) for column in rows[0]],
                [[console.escape(words.plain_word(item)) for item in row.values()] for row in rows],
            )


def _origins(said: Explanation, zone: str) -> None:
    console.table(
        "Berkas asal",
        ("Muatan", "Sumber", "Periode", "Berkas", "Baris", "Dimuat", "sha256"),
        [
            (
                str(load["load_id"]), load["source"],
                load["period"] + ("" if load["part"] == MAIN_PART else f" {load['part']}"),
                console.escape(load["file_name"]), words.number(load["accepted"]),
                words.moment(load["landed_at"], zone), load["sha256"][:12],
            )
            for load in said["loads"]
        ],
        right="0 4",
    )  # fmt: skip
    console.table(
        "Yang pernah tampil",
        ("Mulai", "Sampai", "Realisasi", "Target", "Capaian %", "Status"),
        [
            (
                words.moment(row["berlaku_dari"], zone),
                words.moment(row["berlaku_sampai"], zone) if row["berlaku_sampai"] else "kini",
                words.number(row["realisasi"]), words.number(row["target"]),
                words.number(row["capaian"]),
                row["status_kata"],
            )
            for row in said["history"]
        ],
        right="2 3 4",
    )  # fmt: skip
    run = said["run"]
    console.out.print(
        f"Dicatat {words.moment(run['recorded_at'], zone)} oleh {console.escape(run['who'])} "
        f"({console.escape(run['reason'])}), versi program {run['code_version']}."
    )
