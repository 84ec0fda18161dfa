"""The outbox: the marked copy of every file in which something is to be mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from flows.landing.readers import ndjson_reader
from flows.landing.request import Landing
from flows.machine import archive
from flows.machine.settings import Settings
from flows.quarantine import marked_workbook, opened_workbook, store
from flows.quarantine.items import WAIVED
from flows.warehouse import failures
from flows.warehouse.connection import Warehouse
from schemas.marking import LIST_SHEET, NOTE_HEADING, NUMBER_HEADING
from schemas.rejections.of_files import OF_THE_HEADING
from schemas.source import MAIN_PART, Layout
from schemas.sources import sources


def renew_all(warehouse: Warehouse, settings: Settings, landings: Iterable[Landing]) -> list[str]:
    """Write or remove the copies of many slices; return, in Indonesian, what failed."""
    tried = [
        renew(warehouse, settings, landing.load_id)
        for landing in landings
        if landing.status != "unchanged"
    ]
    return [problem for _, problem in tried if problem]


def renew(warehouse: Warehouse, settings: Settings, load_id: int) -> tuple[Path | None, str]:
    """Write or remove the copy of the slice of a load, or say in Indonesian why it cannot be.

    What it tells of has been done by then: neither a full disk nor an odd workbook may undo that.
    """
    try:
        return export(warehouse, settings, load_id), ""
    except Exception as error:
        load = store.load(warehouse, load_id)
        return None, (
            f"{load['file_name']}: salinan bertanda tidak dapat ditulis. "
            f"{failures.told(error)} Sesudah dibetulkan, jalankan `iku quarantine export`."
        )


def export(warehouse: Warehouse, settings: Settings, load_id: int) -> Path | None:
    """Write the marked copy of the slice of a load, where anything is open; return its place.

    Marked is the file of the newest load of which anything is open. The copy is built from the
    archive and readable by its owner only. Where the file cannot be marked, only the list is
    written. An older copy of the slice is replaced, and removed where nothing is open any more; the
    inbox is not touched.
    """
    newest = store.newest_open(warehouse, store.load(warehouse, load_id))
    load = store.load(warehouse, newest or load_id)
    folder: Path = settings.outbox / load["office"] / load["source"]
    part = "" if load["part"] == MAIN_PART else f"_{load['part']}"
    copy, listed = (folder / f"{load['period']}{part}{end}" for end in (".xlsx", ".daftar.xlsx"))
    if newest is None:
        copy.unlink(missing_ok=True)
        listed.unlink(missing_ok=True)
        return None
    found = store.of_load(warehouse, newest)
    book = _marked(settings, load, found)
    target, other = (copy, listed) if book else (listed, copy)
    words = _words(load, found, f"{load['period']}{part}.xlsx", is_marked=book is not None)
    if book is None:
        book = Workbook()
        book.remove(book.worksheets[0])
    unwaived = [item for item in found if item["keadaan"] != WAIVED]
    marked_workbook.add_list(book, unwaived, words)
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
    is_large = load["rows_in"] > opened_workbook.MARKED_ROWS
    if source.layout is not Layout.TABLE or not (was_read and has_place) or is_large:
        return None
    original = archive.path_of(settings.home, load["sha256"])
    return marked_workbook.mark(original, load["file_name"], source, found)


def _words(
    load: Mapping[str, Any], found: list[Mapping[str, Any]], name: str, *, is_marked: bool
) -> list[str]:
    """Return what the officer reads above the list."""
    place = f"inbox/{load['office']}/{load['source']}/{name}"
    words = [f"Yang perlu diperbaiki pada {load['file_name']} (muatan {load['load_id']})"]
    if load["file_name"].lower().endswith(ndjson_reader.ENDING):
        return [
            *words,
            "Isinya diambil sendiri dari tempat asalnya: perbaiki datanya di sana. Yang sudah "
            "benar diambil pada penyegaran berikutnya.",
        ]
    if not is_marked:
        return [
            *words,
            "Kerjakan menurut daftar ini. Berkas asli yang sudah diperbaiki diletakkan kembali di "
            "inbox dengan nama yang sama.",
        ]
    given = [item["kolom"] for item in found if item["aturan"] == "nilai_diberikan"]
    again = (  # the inbox would have to guess what the file lacks
        f"2. Muat berkas ini dengan nilai yang sama seperti tadi: iku land {name} --source "
        f"{load['source']} --period {load['period']}"
        + ("" if load["part"] == MAIN_PART else f" --part {load['part']}")
        + "".join(f' --set "{column}=..."' for column in given)
    )
    words += [
        "1. Perbaiki sel yang berwarna menurut dokumen aslinya, lalu simpan.",
        f"2. Letakkan berkas ini sebagai {place}." if not given else again,
        f"Kolom {NOTE_HEADING} dan {NUMBER_HEADING} serta lembar {LIST_SHEET} tidak dibaca sebagai "
        "data; biarkan saja. Nomornya dipakai untuk menutup butir yang sudah benar.",
        "Rumus sudah diganti dengan hasilnya. Tanda petik (') di depan =, +, - atau @ hanya "
        "pengaman dan akan dihilangkan kembali.",
    ]
    if load["file_name"].lower().endswith(".csv"):
        words.insert(3, "Hapus berkas .csv yang lama dari inbox; satu periode satu berkas.")
    return words
