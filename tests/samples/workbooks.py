"""Write tables under our template's headings as xlsx or csv, the same bytes every time."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from schemas.source import Column, FieldType, Source

# Workbooks say when they were written, without a zone; samples say the same for ever.
WRITTEN_AT = datetime.fromisoformat("2025-01-20T08:00:00")
_ZIP_TIME = (2025, 1, 20, 8, 0, 0)

Row = Mapping[str, object]


class Form(StrEnum):
    """The three shapes in which offices hand in a table."""

    XLSX = "xlsx"
    CSV = "csv"
    INDONESIAN_CSV = "csv;"
    """What Excel saves in Indonesian: semicolons, decimal commas, day first."""

    @property
    def ending(self) -> str:
        """Return the ending of the file's name."""
        return "xlsx" if self is Form.XLSX else "csv"

    @property
    def separator(self) -> str:
        """Return what stands between the cells of a csv."""
        return ";" if self is Form.INDONESIAN_CSV else ","

    @property
    def encoding(self) -> str:
        """Return how a csv is encoded: Excel sets a mark before it."""
        return "utf-8-sig" if self is Form.INDONESIAN_CSV else "utf-8"


@dataclass(frozen=True, slots=True)
class Said:
    """A value that the file writes in words of its own: a name, an alias, or a mistake."""

    meaning: object
    text: str


def meaning(value: object) -> object:
    """Return what a value means, however the file writes it."""
    return value.meaning if isinstance(value, Said) else value


def write_table(file: Path, source: Source, rows: Iterable[Row], form: Form = Form.XLSX) -> None:
    """Write rows under the headings of a source's template.

    Args:
        file: where to; its folder is made.
        source: the card; the first heading of each column is our template's.
        rows: values by column name; a column that no row has is left out where it may be.
        form: how to write them.
    """
    listed = list(rows)
    columns = template_columns(source, listed)
    cells = [[cell(column, row.get(column.name), form) for column in columns] for row in listed]
    write_cells(file, [[column.headings[0] for column in columns], *cells], form)


def template_columns(source: Source, rows: Sequence[Row]) -> list[Column]:
    """Return the columns of a file: all that must be there, and those that a row fills."""
    return [
        column
        for column in source.columns
        if column.required or any(column.name in row for row in rows)
    ]


def write_cells(file: Path, rows: Sequence[Sequence[object]], form: Form) -> None:
    """Write rows of cells, the headings first, in the given shape."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if form is Form.XLSX:
        book = Workbook()
        _fill(book, rows)
        save(book, file)
        return
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=form.separator, lineterminator="\n").writerows(rows)
    file.write_text(text.getvalue(), encoding=form.encoding, newline="")


def _fill(book: Workbook, rows: Sequence[Sequence[object]]) -> None:
    sheet = book.active
    sheet.title = "Data"
    for row in rows:
        sheet.append(["" if value is None else value for value in row])
    for index, heading in enumerate(rows[0], start=1):
        sheet.cell(1, index).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = max(12, len(str(heading)) + 2)
    for cells in sheet.iter_rows(min_row=2):
        for one in cells:
            if one.value == "":
                one.value = None
            elif isinstance(one.value, date):
                one.number_format = "dd/mm/yyyy"


def cell(column: Column, value: object, form: Form) -> object:
    """Return what stands in the file for a value of a column; None where nothing does."""
    if value is None or isinstance(value, Said):
        return None if value is None else value.text
    if column.type is FieldType.CHOICE:
        return written_choice(column, str(value))
    if form is Form.XLSX:
        # Excel keeps figures as numbers and codes as text.
        return float(value) if isinstance(value, Decimal) else value
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.replace(".", ",") if form is Form.INDONESIAN_CSV else text
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if form is Form.INDONESIAN_CSV else value.isoformat()
    return str(value)


def written_choice(column: Column, value: str) -> str:
    """Return how officers write a choice: the first of the words that mean it.

    Raises:
        ValueError: no word of the column means `value`.
    """
    for word, means in column.choices.items():
        if means == value:
            return _as_typed(word)
    raise ValueError(f"{column.name}: nothing that may be written means {value!r}")


def _as_typed(word: str) -> str:
    """Return a word as people type it: acronyms and codes stay in capitals."""
    is_code = len(word) <= 4 or any(sign.isdigit() for sign in word) or word == "SIMPEGNAS"
    return word if is_code else word.capitalize()


def save(book: Workbook, file: Path) -> None:
    """Save a workbook so that the same cells are always the same bytes."""
    book.properties.creator = "contoh"
    book.properties.created = WRITTEN_AT
    raw = io.BytesIO()
    book.save(raw)
    # Saving stamps the clock on the properties and on every member of the archive.
    with zipfile.ZipFile(raw) as stamped, zipfile.ZipFile(file, "w") as fixed:
        for name in stamped.namelist():
            content = stamped.read(name)
            if name == "docProps/core.xml":
                content = _without_clock(content, book.properties.modified)
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            member.create_system = 3
            fixed.writestr(member, content)


def _without_clock(properties: bytes, modified: datetime) -> bytes:
    stamp = f"{modified:%Y-%m-%dT%H:%M:%SZ}".encode()
    return properties.replace(stamp, f"{WRITTEN_AT:%Y-%m-%dT%H:%M:%SZ}".encode())
