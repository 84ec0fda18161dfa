"""Try a real Metabase once: apply, run every card, find an edit by hand, put it back, report.

For a user with Docker (`make metabase-smoke`); it needs an empty Metabase and an empty Postgres.
Nothing here has a counterpart in the ordinary tests: those run against the stand-in.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from flows.machine.settings import settings
from flows.metabase.api.client import NEWEST_TESTED as NEWEST
from flows.metabase.api.client import OLDEST, MetabaseError
from flows.metabase.kinds.differences import Differences
from flows.metabase.publisher import Publisher, open_publisher
from flows.warehouse import seeding
from flows.warehouse.connection import open_warehouse
from tests.conftest import ROOT
from tests.metabase.filled import fill

SAMPLE = ROOT / "tests" / "samples" / "tahun-2024"
EDITED = "card/peringatan_iku"

Answer = TypeVar("Answer")


def main() -> int:
    """Run every step and return how many failed."""
    given = settings()
    warehouse = open_warehouse(given)
    if not warehouse.rows("SELECT 1 AS one FROM iku.value LIMIT 1"):
        seeding.seed(warehouse, seeding.SEEDS)
        fill(warehouse, given, SAMPLE)
    publisher = timed(
        "set up and connect", lambda: open_publisher(given, warehouse, may_set_up=True)
    )
    return report(publisher)


def report(publisher: Publisher) -> int:
    """Apply, apply again, edit by hand, find it and put it back; return how many steps failed."""
    print(f"server v{publisher.client.version()[1]}, written for v{OLDEST[1]} to v{NEWEST[1]}")
    steps = Steps()
    first = timed("apply", publisher.apply)
    steps.check("every card runs", not first.trial.failures, str(first.trial))
    steps.check("a second apply writes nothing", publisher.apply().applied.writes == 0)
    steps.check("nothing is pending", not publisher.plan().pending)
    before = edit_by_hand(publisher)
    moved = [found.key for found in publisher.drift()]
    steps.check("the edit by hand is found", moved == [EDITED], str(moved))
    pending = [one.differences for one in publisher.plan().pending]
    steps.check("and told as theirs", pending == [Differences(theirs=("name",))], str(pending))
    publisher.apply(try_out=False)
    steps.check("and put back", not publisher.drift() and not publisher.plan().pending)
    steps.check("under the same id", card_id(publisher) == before)
    print(f"{steps.fine} fine, {steps.failed} failed")
    return steps.failed


class Steps:
    """Counts what was fine and what failed, and prints each."""

    def __init__(self) -> None:
        self.fine = self.failed = 0

    def check(self, what: str, is_fine: bool, otherwise: str = "") -> None:
        self.fine += is_fine
        self.failed += not is_fine
        print(f"{'fine  ' if is_fine else 'FAILED'}  {what}{'' if is_fine else ': ' + otherwise}")


def timed(what: str, do: Callable[[], Answer]) -> Answer:
    began = time.monotonic()
    answer = do()
    print(f"{what}: {time.monotonic() - began:.1f} s")
    return answer


def card_id(publisher: Publisher) -> int:
    listed = publisher.client.read("/api/card", f="all")
    (found,) = [row["id"] for row in listed if EDITED in (row["description"] or "")]
    return found


def edit_by_hand(publisher: Publisher) -> int:
    """Rename a card as a user would; return its id."""
    number = card_id(publisher)
    publisher.client.request("PUT", f"/api/card/{number}", body={"name": "Diubah dengan tangan"})
    return number


if __name__ == "__main__":
    try:
        sys.exit(min(main(), 1))
    except MetabaseError as error:
        print(f"FAILED  {error}")
        sys.exit(1)
