"""The empty workbook of a source: it is what the reader wants, and says how to fill it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.landing.readers import readers
from flows.machine.settings import Settings
from flows.quarantine.templates import NoTemplate, write_template
from flows.warehouse.connection import Warehouse
from schemas.source import FieldType, Layout
from schemas.sources import sources
from tests.warehouse import steps

FILLED = [code for code, card in sources().items() if card.layout is Layout.TABLE]


@pytest.mark.parametrize("code", FILLED)
def test_a_template_has_every_column_and_no_row(code: str, tmp_path: Path):
    file = tmp_path / f"{code}.xlsx"
    write_template(code, file)
    [table] = readers.read_tables(file, file.name, sources()[code])
    assert (len(table.text), table.notes, table.ragged) == (0, [], [])
    assert set(table.headings) == {column.name for column in sources()[code].columns}
    explained = [row[0].value for row in load_workbook(file)["Petunjuk"].iter_rows(min_row=5)]
    assert explained == [column.headings[0] for column in sources()[code].columns]


def test_a_filled_template_lands(warehouse: Warehouse, settings: Settings, tmp_path: Path):
    file = tmp_path / "2024-Q1.xlsx"
    write_template("agency_ip_asn", file)
    book = load_workbook(file)
    for row, values in enumerate([("12.10", "SELESAI", 80.5), ("12.20", "BELUM")], start=2):
        for place, value in enumerate(values, start=1):
            book["Data"].cell(row, place, value)
    book.save(file)
    outcome = steps.land_file(warehouse, settings, file, "agency_ip_asn", "2024-Q1")
    assert steps.landed(outcome).counts.accepted == 2
    assert outcome.reasons == ()


def test_codes_stay_text_and_choices_are_offered(tmp_path: Path):
    file = tmp_path / "uji.xlsx"
    write_template("agency_ip_asn", file)
    data = load_workbook(file)["Data"]
    formats = [data.column_dimensions[letter].number_format for letter in "ABCD"]
    assert formats == ["@", "@", "General", "dd/mm/yyyy"]
    assert [rule.formula1 for rule in data.data_validations.dataValidation] == [
        '"SELESAI,PROSES,BELUM"'
    ]


def test_what_has_no_template_says_why(tmp_path: Path):
    file = tmp_path / "uji.xlsx"
    with pytest.raises(NoTemplate, match="OM-SPAN"):
        write_template("ikpa", file)
    with pytest.raises(NoTemplate, match="survey_answer"):
        write_template("entah", file)
    file.write_text("isi petugas")
    with pytest.raises(NoTemplate, match="sudah ada"):
        write_template("agency_ip_asn", file)
    assert file.read_text() == "isi petugas"


def test_every_type_that_is_no_choice_is_explained():
    from flows.quarantine.templates import FILLED_WITH

    assert set(FILLED_WITH) == set(FieldType) - {FieldType.CHOICE}
