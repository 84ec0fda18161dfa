"""Break files: cells and bytes of a csv, cells and parts of a workbook, lines of an NDJSON."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, unescape

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
SHEET = "xl/worksheets/sheet1.xml"

Grid = list[list[str]]


def sample_bytes(source: str, name: str = "ok.csv") -> bytes:
    """Return a committed sample as it is."""
    return (SAMPLES / source / name).read_bytes()


def grid(source: str, name: str = "ok.csv") -> Grid:
    """Return the cells of a sample, the headings first."""
    text = sample_bytes(source, name).decode("utf-8-sig")
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def as_csv(
    cells: Sequence[Sequence[str]],
    delimiter: str = ";",
    encoding: str = "utf-8",
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> bytes:
    """Return cells as a csv."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(cells)
    return text.getvalue().encode(encoding)


def swapped(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return bytes with a part of them replaced, which must be there."""
    assert old in content, f"there is no {old!r}"
    return content.replace(old, new)


def column(cells: Grid, heading: str) -> int:
    """Return the place of a heading in the first row."""
    return cells[0].index(heading)


def put(cells: Grid, row: int, heading: str, text: str) -> Grid:
    """Return the cells with another text in one of them; rows count from 1, below the headings."""
    changed = [list(one) for one in cells]
    changed[row][column(cells, heading)] = text
    return changed


def each(cells: Grid, heading: str, change: Callable[[str], str]) -> Grid:
    """Return the cells with a whole column changed, its heading left as it is."""
    place = column(cells, heading)
    return [
        cells[0],
        *(
            [change(cell) if at == place else cell for at, cell in enumerate(row)]
            for row in cells[1:]
        ),
    ]


def headed(cells: Grid, names: Mapping[str, str]) -> Grid:
    """Return the cells with other headings."""
    return [[names.get(cell, cell) for cell in cells[0]], *cells[1:]]


def without(cells: Grid, heading: str) -> Grid:
    """Return the cells without one column."""
    place = column(cells, heading)
    return [[cell for at, cell in enumerate(row) if at != place] for row in cells]


def book(source: str, name: str = "ok.xlsx") -> Workbook:
    """Return the workbook of a sample."""
    return load_workbook(SAMPLES / source / name)


def saved(made: Workbook) -> bytes:
    """Return a workbook as a file."""
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def of_cells(cells: Sequence[Sequence[object]]) -> Workbook:
    """Return a new workbook with these cells in its only sheet."""
    made = Workbook()
    fill(made.active, cells)
    return made


def fill(sheet: Worksheet, cells: Sequence[Sequence[object]]) -> None:
    """Write rows of cells below each other."""
    for row in cells:
        sheet.append(list(row))


def cell(made: Workbook, row: int, heading: str):
    """Return a cell of the first sheet by its row below the headings."""
    headings = [one.value for one in made.active[1]]
    return made.active.cell(row + 1, headings.index(heading) + 1)


def parts(packed: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return parts as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_parts(original: bytes, added: Mapping[str, bytes]) -> bytes:
    """Return a workbook with parts added or replaced."""
    return packed(parts(original) | dict(added))


def edited(original: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with the XML of one part changed, which must make a difference."""
    contents = parts(original)
    before = contents[part]
    contents[part] = change(before)
    assert contents[part] != before, f"nothing changed in {part}"
    return packed(contents)


def inline(cells: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook as programs other than Excel write it: every text in its cell."""
    rows = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{get_column_letter(at)}{number}" t="inlineStr">'
            f"<is><t>{escape(text)}</t></is></c>"
            for at, text in enumerate(row, 1)
            if text
        )
        + "</row>"
        for number, row in enumerate(cells, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return edited(saved(Workbook()), SHEET, lambda _: xml.encode())


def shared(cells: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook as Excel writes it: texts in a part of their own, cells hold numbers."""
    texts = list(dict.fromkeys(text for row in cells for text in row if text))
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def numbered(xml: bytes) -> bytes:
        return re.sub(
            rb't="inlineStr"><is><t>(.*?)</t></is>',
            lambda found: b't="s"><v>%d</v>' % texts.index(unescape(found[1].decode())),
            xml,
        )

    made = edited(inline(cells), SHEET, numbered)
    return with_parts(made, {"xl/sharedStrings.xml": f'<sst xmlns="{main}">{items}</sst>'.encode()})


def as_ndjson(cells: Grid) -> bytes:
    """Return cells as a web service's pull is kept: one object a row under the headings."""
    return "".join(
        json.dumps(dict(zip(cells[0], row, strict=True)), ensure_ascii=False) + "\n"
        for row in cells[1:]
    ).encode()
