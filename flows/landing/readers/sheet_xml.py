"""The XML of a sheet, gone through before anybody lays it out: its extent, and odd cells.

What XML says is asked of an XML parser, which knows every way of writing it. What reads the cells
(calamine) knows elements by their names without prefix, and passes over a cell that holds nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from flows.landing.readers.file_guards import Unreadable
from transforms.files.parse import NEVER_CALCULATED

MANY = 1 << 16
HOLDING = frozenset({"v", "is", "f"})  # what a cell has when it holds something
SPANNING = frozenset({"mergeCell", "hyperlink"})
PLACES = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(?: [A-Z]{1,3}[0-9]{1,7})*")
AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
WHOLE_SHEET = 1_048_576 * 16_384
DIGITS, LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Attributes = Mapping[str, str]


@dataclass(slots=True)
class Extent:
    """How far a sheet reaches.

    Attributes:
        cells: how many hold something.
        rows: the row of the last of them.
        columns: the column of the last of them, from 1.
        spanned: how many cells its merged areas and its links span.
        has_odd: whether a cell has a formula or an error.
    """

    cells: int = 0
    rows: int = 0
    columns: int = 0
    spanned: int = 0
    has_odd: bool = False

    def reach(self, places: list[str]) -> None:
        """Reach as far as these places, which are forgotten."""
        if not places:
            return
        joined = " ".join(places)
        if not PLACES.fullmatch(joined):
            raise broken("alamat sel tidak wajar")
        self.cells += len(places)
        ascii_ = joined.encode()
        self.rows = max(self.rows, *map(int, set(ascii_.translate(None, LETTERS).split())))
        letters = set(ascii_.translate(None, DIGITS).decode().split())
        self.columns = max(self.columns, *map(column, letters))
        places.clear()


@dataclass(slots=True)
class OddCells:
    """What the values of a sheet do not tell.

    Attributes:
        failed: what stands in cells whose formula failed or was never calculated, by row and
            column from 0.
        formulas: the places of the formulas that have a result, as `B2`.
        shared: how often each shared string is used, by its number.
    """

    failed: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: list[str] = field(default_factory=list)
    shared: Counter[int] = field(default_factory=Counter)


def broken(cause: str) -> Unreadable:
    """Return the refusal of a workbook that no program writes."""
    return Unreadable(("berkas_rusak", {"sebab": cause}))


def parser() -> expat.XMLParserType:
    """Return a parser that refuses what defines entities."""
    made = expat.ParserCreate()
    made.StartDoctypeDeclHandler = _refuse_doctype
    return made


def _refuse_doctype(*_: object) -> None:
    raise broken("bukan XML Excel yang wajar")


def extent(xml: bytes) -> Extent:
    """Return how far a sheet reaches.

    Raises:
        ExpatError: it is no XML.
        Unreadable: a cell does not say where it lies.
    """
    survey = _Survey()
    reading = parser()
    reading.StartElementHandler = survey.start
    reading.EndElementHandler = survey.ended.append  # a method of a list costs least of all
    reading.Parse(xml, True)
    survey.found.reach(survey.places)
    return survey.found


class _Survey:
    """Takes the extent of a sheet from its elements as they begin."""

    def __init__(self) -> None:
        self.found = Extent()
        self.places: list[str] = []
        self.ended: list[str] = []  # since the cell began
        self._cell: Attributes | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        if ":" in name:
            name = _local(name)
        if name == "c":
            self._cell = attributes
            self.ended.clear()
            if attributes.get("t") == "e":
                self._hold(is_odd=True)
        elif name in HOLDING:
            self._hold(is_odd=name == "f")
        elif name in SPANNING:
            self.found.spanned += _area(attributes.get("ref", ""))

    def _hold(self, *, is_odd: bool) -> None:
        """Count the cell that is open, once."""
        self.found.has_odd |= is_odd
        cell = self._cell
        if cell is None or (self.ended and "c" in map(_local, self.ended)):
            return
        if "r" not in cell:
            raise broken("sel tanpa alamat")
        self._cell = None
        self.places.append(cell["r"])
        if len(self.places) >= MANY:
            self.found.reach(self.places)


def odd_cells(xml: bytes) -> OddCells:
    """Return what the values of a sheet do not tell, reading the text of every cell."""
    found = OddCells()
    cell: Attributes | None = None
    parts: set[str] = set()
    text: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        nonlocal cell
        name = _local(name)
        if name == "c":
            cell = attributes
            parts.clear()
            text.clear()
        elif name in HOLDING:
            parts.add(name)
            reading.CharacterDataHandler = text.append if name == "v" else None

    def end(name: str) -> None:
        nonlocal cell
        reading.CharacterDataHandler = None
        if cell is not None and _local(name) == "c":
            _note(found, cell, parts, "".join(text))
            cell = None

    reading = parser()
    reading.StartElementHandler = start
    reading.EndElementHandler = end
    reading.Parse(xml, True)
    return found


def _note(found: OddCells, cell: Attributes, parts: set[str], text: str) -> None:
    kind = cell.get("t")
    if kind == "s" and text.isdecimal():
        found.shared[int(text)] += 1
    if kind != "e" and "f" not in parts:
        return
    place = AREA.fullmatch(cell["r"])
    assert place is not None  # as the extent was taken before
    at = (int(place[2]) - 1, column(place[1]) - 1)
    has_result = text or "is" in parts
    if kind == "e":
        found.failed[at] = text if has_result else "#N/A"
    elif has_result or kind == "str":
        found.formulas.append(cell["r"])
    else:
        found.failed[at] = NEVER_CALCULATED


def lengths_of_strings(xml: bytes) -> list[int]:
    """Return how long the strings are that cells share, markup and all."""
    begins: list[int] = []

    def start(name: str, _: Attributes) -> None:
        if _local(name) == "si":
            begins.append(reading.CurrentByteIndex)

    reading = parser()
    reading.StartElementHandler = start
    reading.Parse(xml, True)
    return [end - begin for begin, end in zip(begins, [*begins[1:], len(xml)], strict=True)]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _area(reference: str) -> int:
    """Return how many cells lie in an area; what cannot be read may be the whole sheet."""
    found = AREA.fullmatch(reference)
    if found is None:
        return WHOLE_SHEET
    left, top, right, bottom = found[1], found[2], found[3] or found[1], found[4] or found[2]
    return (abs(column(right) - column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def column(letters: str) -> int:
    """Return the number of a column from 1: `A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
