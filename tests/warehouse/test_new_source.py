"""A source that is new is a card and a table, and one of a single column is like any other."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

import schemas.sources
from flows.computing.checks import run_checks
from flows.landing.readers import readers
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.tables import Table
from flows.machine.settings import Settings
from flows.quarantine.templates import write_template
from flows.warehouse import migrations
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.warehouse import steps

# The title is the heading too: the sheet that explains the template then says it twice.
CARD = '''
"""Complaints."""

import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Source


class Complaint(pa.DataFrameModel):
    """One row per complaint."""

    number: str

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("number",)


CARD = Source(
    code="complaint",
    title="Nomor pengaduan",
    kind=Kind.EVENTS,
    cadence=Cadence.QUARTERLY,
    due_days=None,
    key=("number",),
    columns=(Column("number", FieldType.TEXT, ("Nomor Pengaduan",)),),
    contract=Complaint,
)
'''
TABLE = """
CREATE TABLE staging.complaint (
    load_id bigint NOT NULL REFERENCES ops.load,
    sheet text NOT NULL,
    row_no integer NOT NULL,
    number text NOT NULL,
    PRIMARY KEY (load_id, number)
);
"""
SLICE = ("complaint", "2024-Q1")


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lay one more card beside the project's own."""
    shelf = tmp_path / "sources"
    shelf.mkdir()
    (shelf / "complaint.py").write_text(CARD)
    monkeypatch.setattr(schemas.sources, "__path__", [*schemas.sources.__path__, str(shelf)])
    schemas.sources.sources.cache_clear()
    yield
    schemas.sources.sources.cache_clear()
    sys.modules.pop("schemas.sources.complaint", None)


@pytest.fixture
def grown(
    card: None,
    server: Server,
    database: str,
    at: Callable[[str | None], Warehouse],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Warehouse:
    """Open a warehouse of the version before after it was brought to one with the new source."""
    files = tmp_path / "sql"
    shutil.copytree(migrations.SQL, files)
    (files / "migrations/0999_complaint.sql").write_text(TABLE)
    monkeypatch.setattr(migrations, "SQL", files)
    migrations.prepare(server.url, database, steps.passwords(server))
    return at(None)


@pytest.fixture
def template(card: None, tmp_path: Path) -> Path:
    file = tmp_path / "2024-Q1.xlsx"
    write_template("complaint", file)
    return file


def filled(template: Path, *numbers: str) -> Path:
    book = load_workbook(template)
    for row, number in enumerate(numbers, start=2):
        book["Data"].cell(row, 1, number)
    book.save(template)
    return template


def read(file: Path) -> list[Table]:
    return list(readers.read_tables(file, file.name, schemas.sources.sources()["complaint"]))


def test_a_filled_template_of_one_column_lands(
    grown: Warehouse, settings: Settings, template: Path
):
    outcome = steps.land_file(grown, settings, filled(template, "P-01", "P-02"), *SLICE)
    assert outcome.reasons == ()
    rows = steps.staged(grown, "complaint", steps.landed(outcome).load_id)
    assert [(row["sheet"], row["row_no"], row["number"]) for row in rows] == [
        ("Data", 2, "P-01"),
        ("Data", 3, "P-02"),
    ]


def test_an_explanation_that_was_written_on_is_no_table_either(template: Path):
    book = load_workbook(filled(template, "P-01"))
    book["Petunjuk"]["D4"] = "Catatan kami"
    book["Petunjuk"]["A6"] = "P-02"
    book.save(template)
    assert [list(table.text["number"]) for table in read(template)] == [["P-01"]]


def test_an_empty_template_of_one_column_holds_no_row(template: Path):
    [table] = read(template)
    assert (table.sheet, len(table.text), table.notes) == ("Data", 0, [])


def test_a_hidden_explanation_is_no_table_either(template: Path):
    book = load_workbook(template)
    book["Data"]["A1"] = "Nomor"
    book["Petunjuk"].sheet_state = "hidden"
    book.save(template)
    with pytest.raises(Unreadable) as refused:
        read(template)
    assert [rule for rule, _ in refused.value.problems] == ["kepala_tidak_ditemukan"]


def test_rows_on_a_sheet_called_petunjuk_are_not_passed_over(card: None, tmp_path: Path):
    book = Workbook()
    book.active.title = "Data"
    for sheet in (book["Data"], book.create_sheet("Petunjuk")):
        sheet.append(["Nomor Pengaduan"])
        sheet.append(["P-01"])
    file = tmp_path / "uji.xlsx"
    book.save(file)
    with pytest.raises(Unreadable) as refused:
        read(file)
    assert refused.value.problems == (("beberapa_lembar", {"nilai": "Data, Petunjuk"}),)


def test_its_rows_are_counted_without_anybody_naming_its_table(
    grown: Warehouse, settings: Settings, server: Server, database: str
):
    load_id = steps.landed(
        steps.land(grown, settings, *SLICE, "Nomor Pengaduan\nP-01\nP-02\n")
    ).load_id
    assert lost(grown) == []
    with steps.admin(server, database) as connection:
        steps.ask(connection, "DELETE FROM staging.complaint WHERE number = 'P-02'")
    assert lost(grown) == [load_id]


def lost(warehouse: Warehouse) -> list[int]:
    """Return the loads whose rows are not as counted; no other check may fail."""
    failing = [one for one in run_checks(warehouse) if one.severity == "fail"]
    assert {one.check for one in failing} <= {"staging_rows_not_as_counted"}
    return [row["muatan"] for one in failing for row in one.offenders]
