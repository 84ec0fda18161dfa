"""The parts of a workbook: opened only when they are safe, and told when they hold formulas.

A workbook is a zip of XML. What reads its cells (calamine) trusts it: it lays a sheet out from A1
to the last cell, and a file of five kilobytes can ask for all the memory there is. So sizes,
sheets and places of cells are looked at first.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree
from xml.parsers import expat

from flows.landing.readers import sheet_xml
from flows.landing.readers.file_guards import MEBIBYTE, Unreadable
from flows.landing.readers.sheet_xml import Extent, broken

MOST_PARTS = 2_000
LARGEST_EXPANDED = 256 * MEBIBYTE
LARGEST_RATIO = 200  # a sheet of a million empty rows reaches some 15; repeated bytes 1,000
SMALL = 8 * MEBIBYTE  # what repeats itself and stays small does no harm
MOST_CELLS = 3_000_000  # 100,000 rows of 30 columns
LARGEST_AREA = 6_000_000  # from A1 to the last cell that holds something
LARGEST_TEXT = 256 * MEBIBYTE  # of all cells, each with its own copy of a shared string
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it.

    Attributes:
        failed: what stands in cells whose formula failed or was never calculated, by row and
            column from 0; calamine gives them as blank.
        formulas: the places of the formulas that have a result, as `B2`.
        spanned: how many cells its merged areas and its links span.
    """

    name: str
    is_visible: bool
    is_empty: bool
    failed: dict[tuple[int, int], str]
    formulas: tuple[str, ...]
    spanned: int


def sheets(file: Path) -> list[Sheet]:
    """Return the sheets of a workbook, when it is safe to read.

    Raises:
        Unreadable: it is broken, expands too far, or holds macros or links to other files.
    """
    with _opened(file) as archive:
        parts = _safe_parts(archive)
        listed = _listed(archive, parts)
        strings = _lengths_of_strings(archive, parts)
        room = MOST_CELLS
        found = []
        for name, is_visible, part in listed:
            xml = archive.read(part)
            extent = sheet_xml.extent(xml)
            _check_extent(name, extent, room)
            room -= extent.cells
            is_long = max(strings, default=0) * extent.cells > LARGEST_TEXT
            odd = sheet_xml.odd_cells(xml) if extent.has_odd or is_long else sheet_xml.OddCells()
            _check_text(odd.shared, strings)
            found.append(
                Sheet(
                    name,
                    is_visible,
                    extent.cells == 0,
                    odd.failed,
                    tuple(odd.formulas),
                    extent.spanned,
                )
            )
        return found


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        KeyError,
        NotImplementedError,  # a compression that zipfile does not know
        OSError,
        RuntimeError,  # a member with a password
        ValueError,
    ) as error:
        raise Unreadable(("berkas_rusak", {"sebab": f"{type(error).__name__}"})) from None


def _safe_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the parts by how they are looked up; none is what it should not be."""
    members = archive.infolist()
    expanded = sum(member.file_size for member in members)
    if (
        len(members) > MOST_PARTS
        or expanded > LARGEST_EXPANDED
        or any(
            member.file_size > max(SMALL, LARGEST_RATIO * member.compress_size)
            for member in members
        )
    ):
        raise Unreadable(("berkas_mengembang", {"aturan": f"{LARGEST_EXPANDED // MEBIBYTE} MB"}))
    names = {_looked_up(member.filename): member.filename for member in members}
    if len(names) != len(members):
        raise broken("dua bagian bernama sama")
    problems: list[tuple[str, dict[str, str]]] = []
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        problems.append(("berkas_bermakro", {}))
    if any(name.startswith("xl/externallinks/") for name in names):
        problems.append(("tautan_luar", {}))
    if problems:
        raise Unreadable(*problems)
    for member in members:
        _check_size(archive, member)
    return names


def _check_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse a part that is larger than its zip says, for nobody else would stop reading it."""
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return
    stream = archive.fp
    assert stream is not None
    stream.seek(member.header_offset + 26)
    lengths = stream.read(4)
    stream.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    left, size = member.compress_size, 0
    while left > 0 and (block := stream.read(min(BLOCK, left))):
        left -= len(block)
        while block and not inflate.eof:
            size += len(inflate.decompress(block, BLOCK))
            block = inflate.unconsumed_tail
            if size > member.file_size:
                raise Unreadable(
                    ("berkas_mengembang", {"aturan": f"{LARGEST_EXPANDED // MEBIBYTE} MB"})
                )


def _looked_up(name: str) -> str:
    """Return the name of a part as calamine compares it."""
    return name.lower().replace("\\", "/")


def _listed(archive: zipfile.ZipFile, parts: dict[str, str]) -> list[tuple[str, bool, str]]:
    """Return name, visibility and part of every sheet of cells, in the order of the tabs.

    Sheets are read by their names: none may lead to two parts.
    """
    relations = _xml(archive, parts, "xl/_rels/workbook.xml.rels")
    targets = {
        relation.get("Id"): normpath(join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in relations
    }
    tabs = [
        element
        for element in _xml(archive, parts, "xl/workbook.xml").iter()
        if element.tag.rpartition("}")[2] == "sheet"
    ]
    ids = [[i for key, i in tab.attrib.items() if key.endswith("}id")] for tab in tabs]
    is_plain = len(targets) == len(relations) and all(len(one) == 1 for one in ids)
    if not is_plain or len({tab.get("name", "").lower() for tab in tabs}) != len(tabs):
        raise broken("daftar lembarnya tidak wajar")
    found = []
    for tab, (relation_id,) in zip(tabs, ids, strict=True):
        path = _looked_up(targets.get(relation_id, ""))
        if path in parts and "/worksheets/" in f"/{path}":
            is_visible = tab.get("state", "visible") == "visible"
            found.append((tab.get("name", ""), is_visible, parts[path]))
    return found


def _xml(archive: zipfile.ZipFile, parts: dict[str, str], part: str) -> ElementTree.Element:
    content = archive.read(parts[part])
    sheet_xml.parser().Parse(content, True)
    return ElementTree.fromstring(content)


def _check_extent(sheet: str, extent: Extent, room: int) -> None:
    """Refuse a sheet that holds too many cells, or whose cells reach too far."""
    if extent.cells > room or extent.rows * extent.columns > LARGEST_AREA:
        said = f"{extent.rows} baris dan {extent.columns} kolom"
        raise Unreadable(("lembar_terlalu_luas", {"nama": sheet, "nilai": said}))


def _lengths_of_strings(archive: zipfile.ZipFile, parts: dict[str, str]) -> list[int]:
    part = parts.get("xl/sharedstrings.xml")
    return sheet_xml.lengths_of_strings(archive.read(part)) if part else []


def _check_text(shared: Mapping[int, int], strings: Sequence[int]) -> None:
    """Refuse a sheet whose cells together hold too much text, however small it was packed."""
    text = sum(strings[number] * times for number, times in shared.items() if number < len(strings))
    if text > LARGEST_TEXT:
        raise Unreadable(("berkas_mengembang", {"aturan": f"{LARGEST_TEXT // MEBIBYTE} MB"}))
