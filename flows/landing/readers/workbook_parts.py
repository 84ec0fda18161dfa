"""The parts of a workbook: opened only when they are safe, and told when they hold formulas.

A workbook is a zip of XML. What reads its cells (calamine) trusts it: it lays a sheet out from A1
to the last cell, and a file of five kilobytes can ask for all the memory there is. So sizes,
sheets and places of cells are looked at first.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree
from xml.parsers import expat

from flows.landing.readers.file_guards import MEBIBYTE, Unreadable
from transforms.files.parse import NEVER_CALCULATED

MOST_PARTS = 2_000
LARGEST_EXPANDED = 256 * MEBIBYTE
LARGEST_RATIO = 200  # a sheet of a million empty rows reaches some 15; repeated bytes 1,000
SMALL = 8 * MEBIBYTE  # what repeats itself and stays small does no harm
MOST_CELLS = 3_000_000  # 100,000 rows of 30 columns
LARGEST_AREA = 6_000_000  # from A1 to the last cell that holds something
LARGEST_TEXT = 256 * MEBIBYTE  # of all cells, each with its own copy of a shared string
BLOCK = 1 << 20

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# Cells that hold something, as nearly all programs write them, and as XML allows it. One that
# holds nothing is closed at once.
FILLED = re.compile(rb'<c r="([^"]*)"(?:[^>]*[^/>])?>')
FILLED_OTHERWISE = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([^"']*)["'](?:[^>]*[^/>])?>"""
)
SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d+)<""")
SPECIAL = (b"<f", b":f", b'"e"', b"'e'")  # of a formula or an error; looked for fast
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</|<(?:\w+:)?is[\s>]")
PLACELESS = re.compile(rb"<(?:\w+:)?c(?:>|(?=\s)(?![^>]*\sr\s*=)[^>]*[^/>]>)")
DIGITS, LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it.

    Attributes:
        failed: what stands in cells whose formula failed or was never calculated, by row and
            column from 0; calamine gives them as blank.
        formulas: the places of the formulas that have a result, as `B2`.
    """

    name: str
    is_visible: bool
    is_empty: bool
    failed: dict[tuple[int, int], str]
    formulas: tuple[str, ...]


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
        for name, is_visible, path in listed:
            xml = archive.read(path)
            _check_xml(xml)
            cells = _check_area(name, xml, room)
            room -= cells
            _check_text(xml, strings)
            failed, formulas = _specials(xml)
            found.append(Sheet(name, is_visible, cells == 0, failed, formulas))
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


def _safe_parts(archive: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts; none is what it should not be."""
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
    names = {member.filename for member in members}
    lower = [name.lower() for name in names]
    problems: list[tuple[str, dict[str, str]]] = []
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        problems.append(("berkas_bermakro", {}))
    if any(name.startswith("xl/externallinks/") for name in lower):
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


def _listed(archive: zipfile.ZipFile, parts: set[str]) -> list[tuple[str, bool, str]]:
    """Return name, visibility and part of every sheet of cells, in the order of the tabs."""
    targets = {
        relation.get("Id"): normpath(join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    found = []
    for element in _xml(archive, "xl/workbook.xml").iter():
        if element.tag.rpartition("}")[2] == "sheet":
            path = targets.get(element.get(f"{{{RELATIONS}}}id"), "")
            if path in parts and "/worksheets/" in f"/{path}":
                is_visible = element.get("state", "visible") == "visible"
                found.append((element.get("name", ""), is_visible, path))
    return found


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    content = archive.read(part)
    _check_xml(content)
    return ElementTree.fromstring(content)


def _check_xml(xml: bytes) -> None:
    """Refuse what is not XML; calamine would read on, and lay out cells that nobody has seen."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(xml, True)


def _refuse_doctype(*_: object) -> None:
    raise _broken("bukan XML Excel yang wajar")


def _check_area(sheet: str, xml: bytes, room: int) -> int:
    """Return how many cells of a sheet hold something.

    Raises:
        Unreadable: they are too many, lie too far apart, or do not say where they lie.
    """
    pattern = FILLED
    if xml.count(b"<c ") != xml.count(b'<c r="') or b"<c>" in xml or b":c" in xml:
        pattern = FILLED_OTHERWISE
        if PLACELESS.search(xml):
            raise _broken(f"lembar {sheet}: sel tanpa alamat")
    count, rows, columns = 0, 0, 0
    for block in _blocks(xml):
        places = pattern.findall(block)
        if not places:
            continue
        count += len(places)
        joined = b" ".join(places)
        numbers = set(joined.translate(None, LETTERS).split())
        letters = set(joined.translate(None, DIGITS).split())
        if joined.translate(None, LETTERS + DIGITS + b" ") or not (numbers and letters):
            raise _broken(f"lembar {sheet}: alamat sel tidak wajar")
        rows = max(rows, *map(int, numbers))
        columns = max(columns, *(_column(column) + 1 for column in letters))
    if count > room or rows * columns > LARGEST_AREA:
        facts = {"nama": sheet, "nilai": f"{rows} baris dan {columns} kolom"}
        raise Unreadable(("lembar_terlalu_luas", facts))
    return count


def _broken(cause: str) -> Unreadable:
    return Unreadable(("berkas_rusak", {"sebab": cause}))


def _blocks(xml: bytes) -> Iterator[bytes]:
    """Cut XML into pieces between its tags."""
    start = 0
    while start < len(xml):
        end = xml.find(b"<", start + BLOCK)
        end = len(xml) if end < 0 else end
        yield xml[start:end]
        start = end


def _lengths_of_strings(archive: zipfile.ZipFile, parts: set[str]) -> list[int]:
    """Return how long the strings are that cells share, markup and all."""
    if "xl/sharedStrings.xml" not in parts:
        return []
    content = archive.read("xl/sharedStrings.xml")
    _check_xml(content)
    return [len(string) for string in re.split(rb"<(?:\w+:)?si[\s>/]", content)[1:]]


def _check_text(xml: bytes, strings: Sequence[int]) -> None:
    """Refuse a sheet whose cells together hold too much text, however small it was packed."""
    if max(strings, default=0) * xml.count(b"<") <= LARGEST_TEXT:
        return
    used = Counter(SHARED.findall(xml))
    text = sum(
        strings[int(number)] * times for number, times in used.items() if int(number) < len(strings)
    )
    if text > LARGEST_TEXT:
        raise Unreadable(("berkas_mengembang", {"aturan": f"{LARGEST_TEXT // MEBIBYTE} MB"}))


def _column(letters: bytes) -> int:
    """Return the number of a column from 0: `A` is 0, `AA` is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _specials(xml: bytes) -> tuple[dict[tuple[int, int], str], tuple[str, ...]]:
    """Return what failed, by place, and where the formulas with a result stand."""
    if not any(sign in xml for sign in SPECIAL):
        return {}, ()
    failed: dict[tuple[int, int], str] = {}
    formulas = []
    for attributes, content in CELL.findall(xml):
        place = PLACE.search(attributes)
        is_formula = FORMULA.search(content)
        is_error = re.search(rb"""\bt=["']e["']""", attributes)
        if not place or not (is_formula or is_error):
            continue
        result = RESULT.search(content)
        at = (int(place[2]) - 1, _column(place[1]))
        if is_error:
            failed[at] = (result[1] or b"").decode() if result else "#N/A"
        elif result or re.search(rb"""\bt=["']str["']""", attributes):
            formulas.append((place[1] + place[2]).decode())
        else:
            failed[at] = NEVER_CALCULATED
    return failed, tuple(formulas)
