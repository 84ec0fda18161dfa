"""The state of every source: its door, who delivers it, when it last came, when it is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flows.fetching import store as fetches
from flows.fetching.office_config import (
    Feed,
    OfficeConfigError,
    by_inbox,
    read_office_config,
    secrets_named,
)
from flows.fetching.store import Due, due_periods
from flows.machine.settings import Settings
from flows.showing import store
from flows.warehouse import references
from flows.warehouse.connection import Warehouse

NEVER_DUE = "tanpa tenggat"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a door was of no use."""

    period: str
    asked_at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one way in of a source.

    Attributes:
        last_period: the newest period in force; None when there is none.
        landed_at: when its file came in.
        awaited: the period that should be there next, None for what is never due.
        state: lengkap, menunggu, terlambat, or that it is never due.
        missed: older periods that are overdue and may still be delivered, the oldest first.
        problems: why the door was of no use when it was last asked for a period that it is
            still asked for.
    """

    office: str
    zone: str
    source: str
    part: str
    door: str
    deliverer: str
    last_period: str | None
    landed_at: datetime | None
    awaited: str | None
    due: date | None
    state: str
    missed: str
    problems: tuple[Problem, ...]


def source_states(warehouse: Warehouse, settings: Settings) -> list[SourceState]:
    """Return the state of every source of every office, by office, source and part.

    A configuration that cannot be used counts as none; `examine_config` tells of it.
    """
    freshness = store.freshness(warehouse)
    states: list[SourceState] = []
    for _, office in sorted(references.offices(warehouse).items()):
        try:
            feeds = read_office_config(settings.config, office.office)
        except OfficeConfigError:
            feeds = by_inbox()
        states += _of_feeds(warehouse, office, feeds, freshness)
    return states


def examine_config(settings: Settings, office: str, environment: Mapping[str, str]) -> str:
    """Return what is wrong with the configuration of an office, Indonesian; empty when nothing.

    Args:
        settings: where it lies.
        office: the key of the office.
        environment: where the secrets should be that it names.
    """
    try:
        feeds = read_office_config(settings.config, office)
    except OfficeConfigError as refusal:
        return str(refusal)
    named = sorted({name for feed in feeds for name in secrets_named(feed)})
    empty = [name for name in named if not environment.get(name)]
    return f"Variabel lingkungan belum diisi: {', '.join(empty)}." if empty else ""


def _of_feeds(
    warehouse: Warehouse,
    office: references.Office,
    feeds: Sequence[Feed],
    freshness: Mapping[tuple[str, str], Mapping[str, Any]],
) -> Iterator[SourceState]:
    asked = fetches.newest(warehouse, office.office)
    ledger = {(due.source, due.period): due for due in due_periods(warehouse, office.office)}
    feeds_of = Counter(feed.source for feed in feeds)
    landed = store.in_force(warehouse, office.office)
    for feed in feeds:
        source, door = feed.source, feed.options.door
        due = freshness.get((office.office, source), {})
        # The only way in answers for whatever parts came through it.
        mine = [load for load in landed if load["source"] == source]
        if feeds_of[source] > 1:
            mine = [load for load in mine if load["part"] == feed.part]
        newest = mine[0] if mine else {}
        problems = [
            row
            for row in asked
            if (row["source"], row["part"], row["door"]) == (source, feed.part, door)
            and row["message"]
            and _is_asked_for(ledger.get((source, row["period"])), feed.part)
        ]
        yield SourceState(
            office=office.office,
            zone=office.time_zone,
            source=source,
            part=feed.part,
            door=door,
            deliverer=feed.options.deliverer,
            last_period=newest.get("period"),
            landed_at=newest.get("landed_at"),
            awaited=due.get("periode_ditunggu"),
            due=due.get("jatuh_tempo"),
            state=due.get("keadaan", NEVER_DUE),
            missed=due.get("periode_terlewat", ""),
            problems=tuple(Problem(row["period"], row["at"], row["message"]) for row in problems),
        )


def _is_asked_for(due: Due | None, part: str) -> bool:
    return due is not None and (due.periods_ago <= 1 or (due.is_open and due.lacks(part)))
