"""What the commands of `iku` share: exit codes, options, the refusal, the warehouse and office.

A module of commands imports at its top only the words and the console: what works with data comes
with the command that runs, so that the help and each other command need not wait for it.
"""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands import console

if TYPE_CHECKING:
    from flows.machine.settings import Settings
    from flows.warehouse.connection import Warehouse
    from flows.warehouse.references import Office

FINE, FAILED, BAD_INPUT = 0, 1, 2
"""The exit codes; 2 is said of changes pending too."""

AsJson = Annotated[bool, typer.Option("--json", help="Cetak JSON, bukan tabel.")]
InOffice = Annotated[str | None, typer.Option("--office", help="Kunci kantor, misalnya kanreg-06.")]


class Refused(Exception):
    """What was asked cannot be done as asked; the message is for the officer."""


def settings() -> Settings:
    """Read what the environment says of this machine."""
    from flows.machine import settings as machine

    return machine.settings()


def opened(given: Settings, database: str | None = None) -> Warehouse:
    """Open the database in use; the first time, fill it with the references."""
    from flows.warehouse import references, seeding
    from flows.warehouse.connection import open_warehouse

    warehouse = open_warehouse(given, database)
    if not references.offices(warehouse):
        seeding.seed(warehouse, seeding.SEEDS)
    return warehouse


def chosen_office(warehouse: Warehouse, office: str | None) -> Office:
    """Return the office that was named, or the only one."""
    from flows.warehouse import references

    return references.chosen_office(warehouse, office)


def banner(warehouse: Warehouse, as_json: bool) -> None:
    """Say before all else whether the figures are invented."""
    console.banner(warehouse.is_demo, console.err if as_json else console.out)


def who() -> str:
    """Return the account that runs the command by its number; USER and LOGNAME can be anything."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run under a number without a name
        return f"uid {number}"
