"""The outbox: the marked copy of every file in which something is to be mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from flows import failures, quarantine
from flows.io import archive, marked_workbook
from flows.io.settings import Settings
from flows.io.warehouse import Warehouse
from flows.landing import Landing
from schemas.marking import LIST_SHEET, NOTE_HEADING, NUMBER_HEADING
from schemas.rejection import OF_THE_HEADING
from schemas.source import MAIN_PART, Layout
from schemas.sources import sources


def renew(warehouse: Warehouse, settings: Settings, landing: Landing) -> Path | None:
    """Write or remove the copy of the slice that a file was landed for; return what was written."""
    if landing.status == "unchanged":
        return None
    return export(warehouse, settings, landing.load_id)


def renew_all(warehouse: Warehouse, settings: Settings, landings: Iterable[Landing]) -> list[str]:
    """Write or remove the copies of many slices; return, in Indonesian, what could not be written.

    The files have landed by then: neither a full disk nor an odd workbook may undo that.
    """
    problems = []
    for landing in landings:
        try:
            renew(warehouse, settings, landing)
        except Exception as error:
            problems.append(
                f"{landing.request.file.name}: salinan bertanda tidak dapat ditulis. "
                f"{failures.told(error)} Sesudah dibetulkan, jalankan `iku quarantine export`."
            )
    return problems


def export(warehouse: Warehouse, settings: Settings, load_id: int) -> Path | None:
    """Write the marked copy of a load's file, where anything of it is open; return its place.

    The file is built from the archive and readable by its owner only. Where the file cannot be
    marked, only the list is written. An older copy of the slice is replaced, and removed where
    nothing is open any more; the inbox is not touched.
    """
    load = warehouse.rows("SELECT * FROM ops.load WHERE load_id = :id", id=load_id)[0]
    folder = settings.outbox / load["office"] / load["source"]
    part = "" if load["part"] == MAIN_PART else f"_{load['part']}"
    copy, listed = (folder / f"{load['period']}{part}{end}" for end in (".xlsx", ".daftar.xlsx"))
    found = quarantine.of_load(warehouse, load_id)
    if not any(item["keadaan"] == quarantine.OPEN for item in found):
        if not quarantine.is_open(warehouse, load):
            copy.unlink(missing_ok=True)
            listed.unlink(missing_ok=True)
        return None
    book = _marked(settings, load, found)
    target, other = (copy, listed) if book else (listed, copy)
    words = _words(load, f"{load['period']}{part}.xlsx", is_marked=book is not None)
    if book is None:
        book = Workbook()
        book.remove(book.worksheets[0])
    marked_workbook.add_list(book, found, words)
    marked_workbook.save(book, target)
    other.unlink(missing_ok=True)
    return target


def _marked(
    settings: Settings, load: Mapping[str, Any], found: list[Mapping[str, Any]]
) -> Workbook | None:
    """Return the marked file; None for one that cannot be or must not be mended by hand."""
    source = sources()[load["source"]]
    was_read = load["rows_in"] > 0 or any(item["aturan"] in OF_THE_HEADING for item in found)
    has_place = any(item["baris"] or item["kolom"] for item in found)  # else no cell is to blame
    is_large = load["rows_in"] > marked_workbook.MARKED_ROWS
    if source.layout is not Layout.TABLE or not (was_read and has_place) or is_large:
        return None
    original = archive.path_of(settings.home, load["sha256"])
    return marked_workbook.mark(original, load["file_name"], source, found)


def _words(load: Mapping[str, Any], name: str, *, is_marked: bool) -> list[str]:
    """Return what the officer reads above the list."""
    place = f"inbox/{load['office']}/{load['source']}/{name}"
    words = [f"Yang perlu diperbaiki pada {load['file_name']} (muatan {load['load_id']})"]
    if not is_marked:
        return [
            *words,
            "Perbaiki berkas aslinya menurut daftar ini, lalu letakkan kembali di inbox dengan "
            "nama yang sama.",
        ]
    words += [
        "1. Perbaiki sel yang berwarna menurut dokumen aslinya, lalu simpan.",
        f"2. Letakkan berkas ini sebagai {place}.",
        f"Kolom {NOTE_HEADING} dan {NUMBER_HEADING} serta lembar {LIST_SHEET} tidak dibaca sebagai "
        "data; biarkan saja. Nomornya dipakai untuk menutup butir yang sudah benar.",
        "Rumus sudah diganti dengan hasilnya. Tanda petik (') di depan =, +, - atau @ hanya "
        "pengaman dan akan dihilangkan kembali.",
    ]
    if load["file_name"].lower().endswith(".csv"):
        words.insert(3, "Hapus berkas .csv yang lama dari inbox; satu periode satu berkas.")
    return words
