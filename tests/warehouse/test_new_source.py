"""A source that is new is a card and a table: nothing else need name it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import schemas.sources
from flows.computing.checks import run_checks
from flows.machine.settings import Settings
from flows.warehouse import migrations
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.warehouse import steps

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
