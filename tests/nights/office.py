"""An office night by night: what its sources hold on a day, which doors are shut, what is shown.

A night does without Prefect what the nightly refresh does, by the functions that it calls. The
clock is the warehouse's; the doors are real: a web server, a folder, a database and the inbox.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url

from flows.fetching import errands, inbox
from flows.fetching.doors.door import DoorUnavailable
from flows.fetching.errands import Answer, Errand
from flows.fetching.store import Due, due_periods
from flows.landing import land as landing
from flows.landing.request import Landing
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.conftest import TEMPLATE, Server
from tests.doors import web as answers
from tests.doors.web import Web, serving
from tests.samples.delivery import Delivery, table
from tests.samples.workbooks import Form, Row
from tests.warehouse import steps

QUARTERS = tuple(f"{year}-Q{quarter}" for year in (2022, 2023, 2024) for quarter in range(1, 5))
ZONE = ZoneInfo("Asia/Jakarta")
WEB = ("system_usage", "technical_regulation", "audit_finding")
FOLDER = ("digital_service", "ikpa")
LIVE = "siasn_integration"
INBOX = "survey_answer"
SHUTTABLE = (*WEB, *FOLDER, LIVE)

LIVE_QUERY = """
SELECT instansi AS "Instansi", 'SIMPEGNAS' AS "Mode", mulai AS "Tanggal Mulai"
FROM integrasi WHERE mulai <= :end ORDER BY instansi
"""


def local(day: date, clock: str = "01:30:00") -> datetime:
    """Return a moment of the office's own day."""
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZONE)


@dataclass(frozen=True)
class Plan:
    """When each file is laid behind its door, and since when each agency is tied to SIASN."""

    files: Mapping[date, Collection[Delivery]]
    tied: Mapping[str, date] = field(default_factory=dict)

    def until(self, day: date) -> list[Delivery]:
        """Return what lies there on the morning of a day."""
        return [one for on, files in sorted(self.files.items()) if on <= day for one in files]


@dataclass
class Night:
    """What a night did, and what the warehouse shows after it."""

    answers: list[Answer]
    landings: list[Landing]
    ledger: list[Due]
    shown: list[Mapping[str, Any]]

    def asked_of(self, source: str) -> list[str]:
        """Return the periods that a source was asked for."""
        return [one.errand.period.text for one in self.answers if one.errand.feed.source == source]

    @property
    def landed(self) -> list[str]:
        """Return the slices that were taken."""
        return [
            f"{one.request.source} {one.request.period}"
            for one in self.landings
            if one.status == "landed"
        ]

    @property
    def states(self) -> dict[tuple[str, str], str]:
        """Return the state of each source and period in the ledger."""
        return {(due.source, due.period): due.state for due in self.ledger}

    def status(self, iku: str, year: int, quarter: int) -> str:
        """Return the status of a value that is shown."""
        asked = (iku, year, quarter)
        (found,) = {
            row["status"]
            for row in self.shown
            if (row["iku"], row["year"], row["quarter"]) == asked
        }
        return found


class Office:
    """The office, its warehouse and what is behind its doors."""

    def __init__(
        self, server: Server, database: str, settings: Settings, plan: Plan, web: Web
    ) -> None:
        self._server = server
        self.database = database
        self._settings = settings
        self._plan = plan
        self._web = web
        self._share = settings.inbox.parent / "bersama"

    def night(self, now: datetime, shut: Collection[str] = ()) -> Night:
        """Fetch, land and compute at a moment; the doors of the sources in `shut` fail."""
        self._lay_out(now.astimezone(ZONE).date(), shut)
        warehouse = self.open(now)
        try:
            given = self._ask(warehouse, shut)
            landings = [
                landing.land(warehouse, self._settings, answer.request)
                for answer in given
                if answer.request
            ]
            lying, problems = inbox.waiting(self._settings.inbox, steps.OFFICE, "penguji")
            assert problems == []
            landings += [landing.land(warehouse, self._settings, request) for request in lying]
            steps.refresh(warehouse)
            return Night(given, landings, due_periods(warehouse, steps.OFFICE), shown(warehouse))
        finally:
            warehouse.engine.dispose()

    def open(self, now: datetime) -> Warehouse:
        """Open the warehouse with its clock at a moment."""
        return steps.open_at(self._server, self.database, now.isoformat())

    def _ask(self, warehouse: Warehouse, shut: Collection[str]) -> list[Answer]:
        newest = [
            self._fetch(warehouse, errand, shut)
            for errand in errands.errands(warehouse, self._settings, steps.OFFICE)
        ]
        of_use = [answer.errand.feed for answer in newest if not answer.problem]
        older = errands.missed(warehouse, self._settings, steps.OFFICE, of_use)
        return newest + [self._fetch(warehouse, errand, shut) for errand in older]

    def _fetch(self, warehouse: Warehouse, errand: Errand, shut: Collection[str]) -> Answer:
        password = "salah" if LIVE in shut else make_url(self._server.url).password
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IKU_UJI_PASSWORD", str(password))
            try:
                return errands.fetch(warehouse, self._settings, errand, "penguji")
            except DoorUnavailable as failure:
                return Answer(errand, problem=errands.problem(errand, failure))

    def _lay_out(self, day: date, shut: Collection[str]) -> None:
        """Put what has been delivered by a day where it is fetched, and shut doors."""
        self._web.answers.clear()
        for source in FOLDER:
            folder, away = self._share / source, self._share / f"{source}_terputus"
            if away.exists():
                away.rename(folder)
            folder.mkdir(parents=True, exist_ok=True)
        for one in self._plan.until(day):
            self._put(one)
        self._tie(day)
        for source in set(shut) & set(WEB):
            for period in QUARTERS:
                self._web.answers[f"/{source}/{period}.csv"] = answers.status(503)
        for source in set(shut) & set(FOLDER):
            (self._share / source).rename(self._share / f"{source}_terputus")

    def _tie(self, day: date) -> None:
        with steps.admin(self._server, self.database) as connection:
            steps.ask(connection, "TRUNCATE public.integrasi")
            for agency, since in self._plan.tied.items():
                if since <= day:
                    row = f"('{agency}', '{since}')"
                    steps.ask(connection, f"INSERT INTO public.integrasi VALUES {row}")

    def _put(self, one: Delivery) -> None:
        if one.source in WEB:
            self._web.answers[f"/{one.source}/{one.period}.csv"] = answers.content(_bytes(one))
            return
        root = self._share if one.source in FOLDER else self._settings.inbox / steps.OFFICE
        file = root / one.source / one.name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.write_bytes(_bytes(one))


@contextmanager
def office(server: Server, folder: Path, plan: Plan) -> Iterator[Office]:
    """Give an office whose warehouse is empty and whose references are known since long ago."""
    settings = server.settings.model_copy(
        update={
            "home": folder / "home",
            "inbox": folder / "inbox",
            "config": folder / "config",
        }
    )
    with steps.copy_of(server, TEMPLATE) as database, serving() as web:
        steps.backdate_references(server, database)
        warehouse = steps.open_at(server, database, steps.LONG_AGO)
        steps.seed_satker(warehouse, folder / "seeds", steps.complete_year().references.satker)
        warehouse.engine.dispose()
        with steps.admin(server, database) as connection:
            steps.ask(connection, "CREATE TABLE public.integrasi (instansi text, mulai date)")
        _configure(settings, folder, web, server, database)
        yield Office(server, database, settings, plan, web)


def _configure(settings: Settings, folder: Path, web: Web, server: Server, database: str) -> None:
    url = make_url(server.url)
    lines = [
        line
        for source in WEB
        for line in (
            f"[sources.{source}]",
            'door = "http"',
            f'address = "{web.address}/{source}/{{period}}.csv"',
        )
    ]
    for source in FOLDER:
        lines += [
            f"[sources.{source}]",
            'door = "folder"',
            f'address = "{folder}/bersama/{source}/{{period}}.*"',
        ]
    lines += [
        f"[sources.{LIVE}]",
        'door = "database"',
        f'address = "postgresql://{url.username}@{url.host}:{url.port}/{database}"',
        'password_env = "IKU_UJI_PASSWORD"',
        f'query = """{LIVE_QUERY}"""',
    ]
    settings.config.mkdir(parents=True)
    (settings.config / f"{steps.OFFICE}.toml").write_text("\n".join(lines), encoding="utf-8")


def file(source: str, period: str, rows: Sequence[Row]) -> Delivery:
    """Return a file of a slice."""
    return table(source, period, rows, Form.CSV)


@functools.cache
def _bytes(one: Delivery) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / one.name
        one.write(path)
        return path.read_bytes()


def shown(warehouse: Warehouse) -> list[Mapping[str, Any]]:
    """Return what is shown of every quarter: the values, their achievements, and the roll-ups.

    Without the numbers and instants of the run that wrote them.
    """
    values = warehouse.rows(
        """
        WITH newest AS (
            SELECT DISTINCT ON (year, quarter, iku, basis) * FROM iku.value
            ORDER BY year, quarter, iku, basis, recorded_at DESC, value_id DESC
        ), achieved AS (
            SELECT DISTINCT ON (value_id, document) * FROM iku.achievement
            ORDER BY value_id, document, recorded_at DESC, achievement_id DESC
        )
        SELECT
            newest.year, newest.quarter, newest.iku, newest.basis, newest.status,
            newest.actual_exact, newest.numerator, newest.denominator, newest.components,
            newest.tally, newest.method, achieved.document, achieved.target,
            achieved.achievement_exact, achieved.missing_because, achieved.status_word
        FROM newest LEFT JOIN achieved ON achieved.value_id = newest.value_id
        ORDER BY newest.year, newest.quarter, newest.iku, newest.basis, achieved.document
        """
    )
    rollups = warehouse.rows(
        "SELECT DISTINCT ON (year, quarter, document) year, quarter, 'NPSS' AS iku, document,"
        " status, npss_exact, npss_lower_bound, coverage_pct, indicators_counted, fingerprint"
        " FROM iku.rollup ORDER BY year, quarter, document, recorded_at DESC, rollup_id DESC"
    )
    return [*values, *rollups]


def written_twice(warehouse: Warehouse) -> list[Mapping[str, Any]]:
    """Return what says the same as the row before it of its key, or stands in two loads."""
    return warehouse.rows(
        """
        SELECT 'value' AS what, concat_ws(' ', year, quarter, iku, basis) AS key FROM (
            SELECT *, lag(fingerprint) OVER (
                PARTITION BY year, quarter, iku, basis ORDER BY recorded_at, value_id
            ) AS before FROM iku.value
        ) AS valued WHERE before = fingerprint
        UNION ALL
        SELECT 'load', concat_ws(' ', source, period, part) FROM ops.load
        GROUP BY source, period, part, sha256 HAVING count(*) > 1
        """
    )
