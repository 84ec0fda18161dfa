"""A warehouse whose references and rows a test writes by hand, to see what the tallies count."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json, RealDictCursor

OFFICE = "uji"
EARLY = "2020-01-01 00:00+07"  # when references and loads are recorded unless a test says otherwise
LATE = "2030-01-01 00:00+07"  # when everything is known
OPEN = {"valid_from": "2020-01-01", "valid_to": None}


class Ledger:
    """Writes as `iku_writer`, for one office unless told otherwise, and asks the tallies."""

    def __init__(self, connection: Connection, office: str = OFFICE) -> None:
        self.connection = connection
        self.office = office
        self._row_numbers = count(2)

    def for_office(self, office: str) -> Ledger:
        """Return a ledger of another office in the same transaction."""
        return Ledger(self.connection, office)

    # References

    def office_row(self, time_zone: str = "Asia/Jakarta", satker_code: str = "") -> None:
        """Record the office itself."""
        self.refer(
            "office",
            name="Kantor uji",
            short_name="Uji",
            time_zone=time_zone,
            satker_code=satker_code,
            ba_code="",
            kppn_code="",
        )

    def refer(self, table: str, recorded_at: str = EARLY, **columns: Any) -> None:
        """Record a row of a reference: open from 2020 on unless its dates are given."""
        own = {} if table in ("service", "system", "agency") else {"office": self.office}
        self._insert("ref", table, {**own, **OPEN, "recorded_at": recorded_at, **columns})

    def members(self, *agencies: str, recorded_at: str = EARLY, **dates: str | None) -> None:
        """Make agencies members of the office, always or between dates."""
        for agency in agencies:
            self.refer("office_agency", recorded_at, agency=agency, **dates)

    def survey_service(self, service: str, kind: str, unit: str = "PSK", **columns: Any) -> None:
        """Record a survey service."""
        self.refer("survey_service", service=service, name=service, kind=kind, unit=unit, **columns)

    # Loads

    def load(
        self,
        source: str,
        period: str,
        rows: Sequence[Mapping[str, Any]] = (),
        part: str = "utama",
        at: str = EARLY,
    ) -> int:
        """Land rows as one load and put it in force; return its number."""
        load_id = self._insert(
            "ops",
            "load",
            {
                "office": self.office,
                "source": source,
                "period": period,
                "period_year": int(period[:4]),
                "period_end": period_end(period),
                "part": part,
                "door": "hand",
                "file_name": "uji.csv",
                "sha256": "0" * 64,
                "size_bytes": 1,
                "contract_fingerprint": "uji",
                "references_at": at,
                "status": "landed",
                "rows_in": len(rows),
                "accepted": len(rows),
                "rejected": 0,
                "duplicate": 0,
                "out_of_scope": 0,
                "reasons": Json([]),
                "landed_by": "uji",
                "landed_at": at,
            },
            returning="load_id",
        )
        self.event(load_id, "in_force", at)
        for row in rows:
            place = {"load_id": load_id, "sheet": "Data", "row_no": next(self._row_numbers)}
            self._insert("staging", source, {**place, **row})
        return load_id

    def event(self, load_id: int, event: str, at: str) -> None:
        """Put a load in force, or withdraw it."""
        fields = {"load_id": load_id, "event": event, "at": at, "who": "uji", "reason": "uji"}
        self._insert("ops", "load_event", fields)

    def reject(
        self, load_id: int, row_no: int, grouping: str | None, consequence: str = "row"
    ) -> None:
        """List one reason to reject a row (or what else came of it)."""
        fields = {"load_id": load_id, "sheet": "Data", "row_no": row_no, "grouping": grouping}
        words = {"column_name": "u1", "heading": "U1", "rule": "uji", "message": "", "hint": ""}
        self._insert("ops", "reject", {**fields, **words, "consequence": consequence})

    # Questions

    def tally(
        self, name: str, year: int, quarter: int, known_at: str = LATE
    ) -> list[dict[str, Any]]:
        """Return the rows of a tally, in its own order."""
        with self.connection.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(
                sql.SQL("SELECT * FROM {}(%s, %s, %s, %s)").format(sql.Identifier("tally", name)),
                (self.office, year, quarter, known_at),
            )
            return [dict(row) for row in cursor.fetchall()]

    def counts(self, name: str, year: int, quarter: int, known_at: str = LATE) -> dict[Any, int]:
        """Return a tally as {what: how many}; its last column is the count."""
        found = {}
        for row in self.tally(name, year, quarter, known_at):
            *what, how_many = row.values()
            found[what[0] if len(what) == 1 else tuple(what)] = how_many
        return found

    def state(self, source: str, year: int, quarter: int, known_at: str = LATE) -> dict[str, Any]:
        """Return the row of one source in `source_state`."""
        rows = self.tally("source_state", year, quarter, known_at)
        [found] = [row for row in rows if row["source"] == source]
        return found

    def query(self, statement: str, *parameters: Any) -> list[tuple]:
        """Return the rows of any other question."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def _insert(
        self, schema: str, table: str, fields: Mapping[str, Any], returning: str | None = None
    ) -> Any:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(schema, table),
            sql.SQL(", ").join(map(sql.Identifier, fields)),
            sql.SQL(", ").join(sql.Placeholder() * len(fields)),
        )
        if returning:
            statement += sql.SQL(" RETURNING {}").format(sql.Identifier(returning))
        with self.connection.cursor() as cursor:
            cursor.execute(statement, list(fields.values()))
            return cursor.fetchone()[0] if returning else None


def period_end(period: str) -> date:
    """Return the last day of '2024', '2024-Q3' or '2024-09'."""
    year, _, rest = period.partition("-")
    month = 12 if not rest else 3 * int(rest[1]) if rest.startswith("Q") else int(rest)
    return date(int(year), month, calendar.monthrange(int(year), month)[1])
