"""Fetching: ask the doors of an office for the files of its sources, and keep what they bring."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.fetching import store as fetches
from flows.fetching.doors.door import DoorRefused, DoorUnavailable
from flows.fetching.doors.opening import open_door
from flows.fetching.doors.options import DatabaseOptions, InboxOptions, SiasnOptions
from flows.fetching.office_config import Feed, read_office_config
from flows.fetching.store import Due, due_periods
from flows.landing.request import Request
from flows.machine import archive
from flows.machine.settings import Settings
from flows.warehouse import failures, references
from flows.warehouse.connection import Warehouse
from schemas.source import MAIN_PART, Kind
from schemas.sources import sources
from transforms.files.period import Period, parse_period

Note = Callable[[str, str | None, str], None]
"""Adds a row to the ledger: outcome, checksum and message."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One file to ask a door for."""

    office: str
    feed: Feed
    period: Period
    zone: ZoneInfo

    @property
    def way_in(self) -> tuple[str, str]:
        """Return the source and the part."""
        return self.feed.source, self.feed.part

    def __str__(self) -> str:
        """Return what is asked for, as an officer calls it."""
        part = "" if self.feed.part == MAIN_PART else f" {self.feed.part}"
        return f"{self.feed.source} {self.period.text}{part}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an errand.

    Attributes:
        request: the file to land, None when there is none.
        problem: why the door was of no use, Indonesian; empty when it was or has nothing yet.
    """

    errand: Errand
    request: Request | None = None
    problem: str = ""


def errands(warehouse: Warehouse, settings: Settings, office: str) -> list[Errand]:
    """Return what to ask for every night: of each feed the newest ended period and this one.

    Raises:
        OfficeConfigError: the configuration of the office cannot be used.
    """
    found = [errand for errand, due in _begun(warehouse, settings, office) if due.periods_ago <= 1]
    return sorted(found, key=lambda errand: (*errand.way_in, errand.period.end))


def missed(
    warehouse: Warehouse, settings: Settings, office: str, of_use: Collection[Feed]
) -> list[Errand]:
    """Return the older periods that are not there, of this year and the last, the newest first.

    Each is asked for until it has come. What tells the state of the day on which it is asked is
    left out: it would stand for a day that has long passed.

    Args:
        warehouse: whose ledger tells what is missing.
        settings: where the configuration of the office lies.
        office: its key.
        of_use: the feeds whose door was of use for a newer period; others are not asked again.

    Raises:
        OfficeConfigError: the configuration of the office cannot be used.
    """
    found = [
        errand
        for errand, due in _begun(warehouse, settings, office)
        if due.periods_ago > 1
        and due.is_open
        and due.lacks(errand.feed.part)
        and errand.feed in of_use
        and not _tells_of_today(errand.feed)
    ]
    return sorted(found, key=lambda errand: (-errand.period.end.toordinal(), *errand.way_in))


def _begun(warehouse: Warehouse, settings: Settings, office: str) -> list[tuple[Errand, Due]]:
    """Return an errand for every period of each feed with a door, and what is known of it."""
    feeds = [
        feed
        for feed in read_office_config(settings.config, office)
        if not isinstance(feed.options, InboxOptions)
    ]
    found = references.offices(warehouse).get(office)
    if not feeds or found is None:
        return []
    zone = ZoneInfo(found.time_zone)
    ledger = due_periods(warehouse, office)
    return [
        (Errand(office, feed, parse_period(due.period, sources()[feed.source].cadence), zone), due)
        for feed in feeds
        for due in ledger
        if due.source == feed.source
    ]


def _tells_of_today(feed: Feed) -> bool:
    """Tell whether a door answers with what is so now, where a file is written for a period."""
    answers_live = isinstance(feed.options, SiasnOptions | DatabaseOptions)
    return answers_live and sources()[feed.source].kind is Kind.SNAPSHOT


def fetch(warehouse: Warehouse, settings: Settings, errand: Errand, who: str) -> Answer:
    """Ask a door once; its bytes are in the archive before anybody reads them.

    A refusal is an answer. Every asking is a row of `ops.fetch`, a failed one too.

    Raises:
        DoorUnavailable: the door may be of use later.
        Exception: something else went wrong; only its kind is in the row.
    """
    note = _notes(warehouse, errand, who)
    try:
        return _asked(settings, errand, who, note)
    except DoorUnavailable as failure:
        note("unavailable", None, str(failure))
        raise
    except Exception as error:
        note("refused", None, f"Penarikan terhenti oleh kesalahan program: {failures.kind(error)}.")
        raise


def _asked(settings: Settings, errand: Errand, who: str, note: Note) -> Answer:
    options = errand.feed.options
    with tempfile.TemporaryDirectory(prefix="iku-") as folder:  # readable by its owner only
        try:
            door = open_door(options, settle_seconds=settings.settle_seconds, zone=errand.zone)
            fetched = door.fetch(errand.period, Path(folder))
        except DoorRefused as refusal:
            kept = archive.keep(settings.home, refusal.kept).sha256 if refusal.kept else None
            note("refused", kept, str(refusal))
            return Answer(errand, problem=problem(errand, refusal))
        if fetched is None:
            note("nothing", None, "")
            return Answer(errand)
        kept_file = archive.keep(settings.home, fetched.path)
        note("fetched", kept_file.sha256, "")
    return Answer(
        errand,
        Request(
            kept_file.path,
            errand.office,
            errand.feed.source,
            errand.period.text,
            errand.feed.part,
            options.door,
            who,
            fetched.name,
        ),
    )


def given_up(warehouse: Warehouse, errand: Errand, who: str) -> Answer:
    """Note that a door had not answered when its time was over; it counts as unavailable."""
    failure = DoorUnavailable(
        "belum selesai pada batas waktunya, maka dihentikan; malam berikutnya dicoba lagi."
    )
    _notes(warehouse, errand, who)("unavailable", None, str(failure))
    return Answer(errand, problem=problem(errand, failure))


def problem(errand: Errand, failure: DoorRefused | DoorUnavailable) -> str:
    """Return what an officer reads of a door that was of no use."""
    return f"{errand}: {failure}"


def _notes(warehouse: Warehouse, errand: Errand, who: str) -> Note:
    def note(outcome: str, sha256: str | None, message: str) -> None:
        fetches.record(
            warehouse,
            office=errand.office,
            source=errand.feed.source,
            period=errand.period.text,
            part=errand.feed.part,
            door=errand.feed.options.door,
            outcome=outcome,
            sha256=sha256,
            message=message,
            who=who,
        )

    return note
