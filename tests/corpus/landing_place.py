"""A place to land many files: one warehouse, in which no file meets the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.landing import land as landing
from flows.landing import store as loads
from flows.landing.request import Landing, Request
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from schemas.rejections.of_files import OF_THE_HEADING
from tests.conftest import TEMPLATE, Server
from tests.warehouse import steps


@dataclass
class Place:
    """A warehouse, its settings, and a folder for the files."""

    warehouse: Warehouse
    settings: Settings
    folder: Path

    def land(self, content: bytes, name: str, source: str, period: str) -> Landing:
        """Land bytes as a file of this name."""
        file = self.folder / name
        file.write_bytes(content)
        request = Request(file, steps.OFFICE, source, period, who="penguji")
        return landing.land(self.warehouse, self.settings, request)

    def clear(self) -> None:
        """Withdraw everything, so that the next file is compared with nothing."""
        held = self.warehouse.rows(
            "SELECT load_id FROM ops.in_force(:office, ops.instant())", office=steps.OFFICE
        )
        for row in held:
            loads.retract(self.warehouse, row["load_id"], "penguji", "uji")

    def values(self, source: str, load_id: int) -> list[dict[str, Any]]:
        """Return what a load staged, in the order of the file, without where it stood."""
        return [
            {name: value for name, value in row.items() if name not in WHERE}
            for row in steps.staged(self.warehouse, source, load_id)
        ]

    def check_accounts(self, outcome: Landing) -> None:
        """Make sure that what was counted is what was stored and listed."""
        kept = steps.staged(self.warehouse, outcome.request.source, outcome.load_id)
        assert len(kept) == (outcome.counts.accepted if outcome.status == "landed" else 0)
        told = steps.rejects(self.warehouse, outcome.load_id)
        bad = {(row["sheet"], row["row_no"]) for row in told if row["consequence"] == "row"}
        if any(row["rule"] in OF_THE_HEADING for row in told):
            assert outcome.counts.rows_in == 0  # what is wrong below is told, and not counted
        else:
            assert len(bad) == outcome.counts.rejected


WHERE = ("load_id", "sheet", "row_no")


@contextmanager
def landing_place(server: Server, folder: Path) -> Iterator[Place]:
    """Give a place with a database of its own, dropped afterwards."""
    with steps.copy_of(server, TEMPLATE) as database:
        warehouse = steps.open_at(server, database, None)
        settings = server.settings.model_copy(update={"home": folder / "home"})
        steps.seed_satker(warehouse, folder / "seeds")
        try:
            yield Place(warehouse, settings, folder)
        finally:
            warehouse.engine.dispose()
