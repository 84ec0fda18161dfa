"""What the commands of `iku` share: exit codes, options, the refusal, the warehouse and office."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from flows import screens
from flows.io import references
from flows.io.references import Office
from flows.io.settings import Settings
from flows.io.warehouse import Warehouse, open_warehouse

FINE, FAILED, BAD_INPUT = 0, 1, 2
"""The exit codes; 2 is said of changes pending too."""

AsJson = Annotated[bool, typer.Option("--json", help="Cetak JSON, bukan tabel.")]
InOffice = Annotated[str | None, typer.Option("--office", help="Kunci kantor, misalnya kanreg-06.")]


class Refused(Exception):
    """What was asked cannot be done as asked; the message is for the officer."""


def opened(given: Settings, database: str | None = None) -> Warehouse:
    """Open the database in use; the first time, fill it with the references."""
    warehouse = open_warehouse(given, database)
    if not references.offices(warehouse):
        references.seed(warehouse, references.SEEDS)
    return warehouse


def banner(warehouse: Warehouse, as_json: bool) -> None:
    """Say before all else whether the figures are invented."""
    screens.banner(warehouse.is_demo, screens.err if as_json else screens.out)


def chosen_office(warehouse: Warehouse, asked: str | None) -> Office:
    """Return the office that was asked for; the only one when none was."""
    known = references.offices(warehouse)
    if asked is None:
        if len(known) == 1:
            return next(iter(known.values()))
        raise Refused(f"Ada beberapa kantor; tulis --office: {', '.join(sorted(known))}.")
    if asked not in known:
        raise Refused(f"Kantor “{asked}” tidak dikenal. Yang ada: {', '.join(sorted(known))}.")
    return known[asked]


def who() -> str:
    """Return the name of whoever runs the command."""
    return getpass.getuser()
