"""The ledger of loads: what landed and was withdrawn, each in one short transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection

from flows.landing.scratch import REJECT_COLUMNS, Scratch, identifiers
from flows.warehouse.connection import Warehouse, driver, instant, lock_offices, rows

BY_HAND = "hand"
"""The door of a person who asks; through every other one the same file comes again and again."""

RECEIVED = "berkas diterima"


@dataclass(frozen=True, slots=True)
class Slice:
    """What a file fills: a source of an office in a period, and a part of it."""

    office: str
    source: str
    period: str
    period_year: int
    period_end: date
    part: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file as it came in."""

    door: str
    file_name: str
    sha256: str
    size_bytes: int
    contract_fingerprint: str
    who: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a file: their sum is `rows_in`."""

    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    out_of_scope: int = 0

    @property
    def rows_in(self) -> int:
        """Return how many rows the file had."""
        return self.accepted + self.rejected + self.duplicate + self.out_of_scope


def newest_attempt(
    warehouse: Warehouse, office: str, source: str, period: str, part: str
) -> Mapping[str, Any] | None:
    """Return the newest attempt at a slice: file_name, sha256 and reasons."""
    found = warehouse.rows(
        "SELECT file_name, sha256, reasons FROM ops.load WHERE office = :office"
        " AND source = :source AND period = :period AND part = :part"
        " ORDER BY load_id DESC LIMIT 1",
        office=office,
        source=source,
        period=period,
        part=part,
    )
    return found[0] if found else None


def refused_of(warehouse: Warehouse, load_ids: Sequence[int]) -> int:
    """Return how many of the loads were refused."""
    found = warehouse.rows(
        "SELECT count(*) AS n FROM ops.load WHERE load_id = ANY(:ids) AND status = 'refused'",
        ids=list(load_ids),
    )
    return int(found[0]["n"])


def waiting_to_be_mended(warehouse: Warehouse, office: str) -> list[Mapping[str, Any]]:
    """Return the loads of which something still waits to be mended, the refused ones first.

    Columns: load_id, source, period, part, status, rules, items (how many).
    """
    return warehouse.rows(
        """
        SELECT
            load.load_id, load.source, load.period, load.part, load.status,
            array_agg(DISTINCT item.aturan) AS rules, count(*) AS items
        FROM mart.karantina_terbuka AS item
        JOIN ops.load AS load ON load.load_id = item.muatan
        WHERE load.office = :office
        GROUP BY load.load_id
        ORDER BY load.status DESC, load.source, load.period, load.part
        """,
        office=office,
    )


def land(
    scratch_: Scratch,
    slice_: Slice,
    arrival: Arrival,
    *,
    counts: Counts,
    references_at: datetime,
    reasons: Iterable[Mapping[str, str]],
    refused: bool,
    because: str = RECEIVED,
) -> int:
    """Move the scratch tables into staging and `ops`, and return the new load.

    The scratch's connection is in a transaction that holds the office's lock.
    """
    connection = scratch_.connection
    at = instant(connection)
    found = rows(
        connection,
        """
        INSERT INTO ops.load (
            office, source, period, period_year, period_end, part, door, file_name, sha256,
            size_bytes, contract_fingerprint, references_at, status, rows_in, accepted, rejected,
            duplicate, out_of_scope, reasons, landed_by, landed_at
        ) VALUES (
            :office, :source, :period, :period_year, :period_end, :part, :door, :file_name, :sha256,
            :size_bytes, :contract_fingerprint, :references_at, :status, :rows_in, :accepted,
            :rejected, :duplicate, :out_of_scope, CAST(:reasons AS jsonb), :who, :at
        ) RETURNING load_id
        """,
        **asdict(slice_),
        **asdict(arrival),
        **asdict(counts),
        rows_in=counts.rows_in,
        references_at=references_at,
        status="refused" if refused else "landed",
        reasons=json.dumps(list(reasons), ensure_ascii=False),
        at=at,
    )
    load_id: int = found[0]["load_id"]
    cursor = driver(connection).cursor()
    cursor.execute(
        sql.SQL(_LIST_ITEMS).format(
            identifiers(REJECT_COLUMNS),
            sql.SQL(", ").join(sql.Identifier("item", name) for name in REJECT_COLUMNS),
        ),
        {"load": load_id, **asdict(slice_)},
    )
    if not refused:
        cursor.execute(
            sql.SQL("INSERT INTO {0} (load_id, {1}) SELECT %s, {1} FROM accepted").format(
                sql.Identifier("staging", slice_.source), identifiers(scratch_.columns)
            ),
            (load_id,),
        )
        _add_event(connection, load_id, "in_force", at, arrival.who, because)
    return load_id


# An item is the same problem again when its row carries the number of an item of the slice with
# the same rule in the same column; in a file without numbers, and for what concerns the whole file,
# when the attempt before, or the load in force, told of the same in the same place.
_LIST_ITEMS = """
    WITH attempt AS (
        SELECT load_id FROM ops.load
        WHERE office = %(office)s AND source = %(source)s AND period = %(period)s
            AND part = %(part)s AND load_id < %(load)s
    ), offered AS (
        SELECT max(load_id) AS load_id FROM attempt
        UNION
        SELECT load_id FROM ops.in_force(%(office)s, ops.instant())
        WHERE source = %(source)s AND period = %(period)s AND part = %(part)s
    ), earlier AS (
        SELECT
            item.*, coalesce(item.origin, item.reject_id) AS problem,
            CASE WHEN item.row_no IS NULL THEN item.heading ELSE item.message END AS says
        FROM attempt JOIN ops.reject AS item USING (load_id)
    ), by_number AS (
        SELECT carried.row_no, earlier.column_name, earlier.rule, min(problem) AS problem
        FROM carried JOIN earlier USING (reject_id)
        GROUP BY carried.row_no, earlier.column_name, earlier.rule
    ), by_place AS (
        SELECT
            sheet, coalesce(row_no, 0) AS row_no, column_name, rule, says,
            min(problem) AS problem
        FROM earlier JOIN offered USING (load_id)
        WHERE row_no IS NULL OR NOT EXISTS (SELECT FROM carried)
        GROUP BY sheet, coalesce(row_no, 0), column_name, rule, says
    )
    INSERT INTO ops.reject (load_id, {0}, origin)
    SELECT %(load)s, {1}, coalesce(by_number.problem, by_place.problem)
    FROM refused AS item
    LEFT JOIN by_number USING (row_no, column_name, rule)
    LEFT JOIN by_place
        ON by_place.sheet = item.sheet AND by_place.row_no = coalesce(item.row_no, 0)
        AND by_place.column_name = item.column_name AND by_place.rule = item.rule
        AND by_place.says = CASE WHEN item.row_no IS NULL THEN item.heading ELSE item.message END
"""


def _add_event(
    connection: Connection, load_id: int, event: str, at: datetime, who: str, reason: str
) -> None:
    rows(
        connection,
        "INSERT INTO ops.load_event (load_id, event, at, who, reason)"
        " VALUES (:load_id, :event, :at, :who, :reason) RETURNING event_id",
        load_id=load_id,
        event=event,
        at=at,
        who=who,
        reason=reason,
    )


class NothingToRetract(ValueError):
    """The load does not exist or is not in force; the message, in Indonesian, says which."""


def retract(
    warehouse: Warehouse, load_id: int, who: str, reason: str
) -> tuple[Mapping[str, Any], int | None]:
    """Withdraw a load; return it and the load of its slice that is in force again, if any.

    Raises:
        NothingToRetract: there is no such load in force.
    """
    with warehouse.transaction() as connection:
        found = rows(connection, "SELECT * FROM ops.load WHERE load_id = :id", id=load_id)
        if not found:
            raise NothingToRetract(f"Tidak ada muatan nomor {load_id}.")
        load = found[0]
        lock_offices(connection, [load["office"]])
        if load_id not in _in_force(connection, load):
            raise NothingToRetract(
                f"Muatan {load_id} ({load['file_name']}) tidak sedang berlaku; "
                "tidak ada yang ditarik."
            )
        _add_event(connection, load_id, "withdrawn", instant(connection), who, reason)
        again = _in_force(connection, load)
    return load, again[0] if again else None


def _in_force(connection: Connection, load: Mapping[str, Any]) -> list[int]:
    found = rows(
        connection,
        "SELECT load_id FROM ops.in_force(:office, ops.instant())"
        " WHERE source = :source AND period = :period AND part = :part",
        **{name: load[name] for name in ("office", "source", "period", "part")},
    )
    return [row["load_id"] for row in found]
