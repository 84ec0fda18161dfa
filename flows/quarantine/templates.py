"""Templates: an empty workbook to start from, with the headings of a source, explained."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.landing.readers.workbook_reader import EXPLAINED, EXPLANATION
from schemas.source import Column, FieldType, Kind, Layout, Source
from schemas.sources import sources
from transforms.files import parse

ROWS = 1000  # for which choices are offered
LONGEST_LIST = 255  # of a list of choices that Excel takes
KINDS = {
    Kind.EVENTS: "hanya baris periode itu",
    Kind.REGISTER: "seluruh daftar, juga yang sudah selesai tahun ini",
    Kind.SNAPSHOT: "keadaan semuanya pada akhir periode",
    Kind.EXACT: "hanya angka periode itu",
}
FILLED_WITH = {
    FieldType.TEXT: "teks",
    FieldType.INTEGER: "bilangan bulat",
    FieldType.DECIMAL: "angka dengan koma desimal, misalnya 94,78",
    FieldType.MONEY: "rupiah, misalnya 13.454.430.000",
    FieldType.DATE: "tanggal, misalnya 05/01/2024",
    FieldType.ANSWER: "1 sampai 4; kosong bila tidak dijawab",
    FieldType.AGENCY: "nama resmi instansi, atau kode Kemendagri sebagai teks, misalnya 12.10",
    FieldType.SERVICE: "nama layanan seperti pada daftar rujukan",
    FieldType.SURVEY_SERVICE: "nama layanan seperti pada daftar rujukan",
    FieldType.SYSTEM: "nama sistem seperti pada daftar rujukan",
    FieldType.UNIT: "nama unit seperti pada daftar rujukan",
    FieldType.IKU: "kode indikator, misalnya IKU.7",
    FieldType.PSEUDONYM: "nomor sebagai teks; disimpan sebagai kode tersamar",
}
FIGURES = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.ANSWER)


class NoTemplate(ValueError):
    """There is no template to write; the message, in Indonesian, says why."""


def write_template(code: str, file: Path) -> None:
    """Write the empty workbook of a source; a file that is there is left alone.

    Raises:
        NoTemplate: the source is not known, comes from elsewhere, or the file is there.
    """
    source = sources().get(code)
    if source is None:
        raise NoTemplate(
            f"Sumber “{code}” tidak dikenal. Yang dikenal: {', '.join(sorted(sources()))}."
        )
    if source.layout is Layout.OMSPAN:
        raise NoTemplate(
            f"{source.title} tidak diisi sendiri: unduh laporan per satker dari OM-SPAN, lalu "
            "letakkan tanpa diubah."
        )
    if file.exists():
        raise NoTemplate(f"{file} sudah ada; hapus dahulu atau pilih nama lain dengan --to.")
    book = Workbook()
    data = book.worksheets[0]
    data.title = "Data"
    _fill_data(data, source)
    _fill_explanation(book.create_sheet(EXPLANATION), source)
    book.save(file)


def _fill_data(sheet: Worksheet, source: Source) -> None:
    for place, column in enumerate(source.columns, start=1):
        letter = get_column_letter(place)
        heading = column.headings[0]
        sheet.cell(1, place, heading).font = Font(bold=True)
        sheet.column_dimensions[letter].width = max(14, len(heading) + 2)
        if column.type is FieldType.DATE:
            sheet.column_dimensions[letter].number_format = "dd/mm/yyyy"
        elif column.type not in FIGURES:
            # Codes stay text: as a number, 12.10 would become 12.1.
            sheet.column_dimensions[letter].number_format = "@"
        listed = ",".join(parse.offered(column))
        if listed and len(listed) <= LONGEST_LIST:
            choices = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            choices.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(choices)
    sheet.freeze_panes = "A2"


def _fill_explanation(sheet: Worksheet, source: Source) -> None:
    sheet.append([source.title])
    sheet.append([f"Isi: {KINDS[source.kind]}. Judul kolom pada lembar Data jangan diubah."])
    sheet.append([])
    sheet.append(EXPLAINED)
    required = {
        name for name, column in source.contract.to_schema().columns.items() if not column.nullable
    }
    for column in source.columns:
        may_be_empty = "tidak" if column.name in required else "ya"
        sheet.append([column.headings[0], may_be_empty, _filled_with(column)])
    for cell in (sheet["A1"], *sheet[4]):
        cell.font = Font(bold=True)
    for letter, width in (("A", 30), ("B", 14), ("C", 90)):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=5):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _filled_with(column: Column) -> str:
    if column.choices:
        return "salah satu dari: " + ", ".join(parse.offered(column))
    return FILLED_WITH[column.type]
