"""Items of the quarantine, read from their mart, and the waivers recorded of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from flows.warehouse.connection import Warehouse, rows

MOST_ITEMS = 50_000  # of one load


def items(
    warehouse: Warehouse, office: str, source: str | None = None, *, everything: bool = False
) -> list[Mapping[str, Any]]:
    """Return the items of an office, what concerns a whole file first.

    Args:
        warehouse: where.
        office: whose.
        source: only of this source.
        everything: also what is mended, waived, or stands in an attempt that was replaced.
    """
    return warehouse.rows(
        "SELECT * FROM mart.baris_ditolak WHERE kantor = :office"
        " AND (CAST(:source AS text) IS NULL OR sumber = :source)"
        " AND (:everything OR keadaan IN ('terbuka', 'catatan'))"
        " ORDER BY sumber, periode, bagian, muatan, akibat <> 'berkas ditolak', lembar,"
        " baris NULLS FIRST, butir",
        office=office,
        source=source,
        everything=everything,
    )


def of_load(warehouse: Warehouse, load_id: int) -> list[Mapping[str, Any]]:
    """Return what is open, noted or waived of one load, so far as a workbook can tell it.

    Each says in `semuanya` how many are open or noted.
    """
    return warehouse.rows(
        "SELECT *, count(*) FILTER (WHERE keadaan <> 'dikecualikan') OVER () AS semuanya"
        " FROM mart.baris_ditolak WHERE muatan = :load"
        " AND keadaan IN ('terbuka', 'catatan', 'dikecualikan')"
        " ORDER BY akibat <> 'berkas ditolak', keadaan <> 'terbuka', lembar, baris NULLS FIRST,"
        " butir LIMIT :most",
        load=load_id,
        most=MOST_ITEMS,
    )


def newest_open(warehouse: Warehouse, load: Mapping[str, Any]) -> int | None:
    """Return the newest load of the slice of a load of which anything is open, if any."""
    found = warehouse.rows(
        "SELECT max(muatan) AS muatan FROM mart.baris_ditolak WHERE kantor = :office"
        " AND sumber = :source AND periode = :period AND bagian = :part AND keadaan = 'terbuka'",
        **{name: load[name] for name in ("office", "source", "period", "part")},
    )
    newest: int | None = found[0]["muatan"]
    return newest


def open_loads(warehouse: Warehouse, office: str, source: str | None = None) -> list[int]:
    """Return of each slice of an office the newest load of which anything is open."""
    found = warehouse.rows(
        "SELECT max(muatan) AS muatan FROM mart.baris_ditolak WHERE kantor = :office"
        " AND (CAST(:source AS text) IS NULL OR sumber = :source) AND keadaan = 'terbuka'"
        " GROUP BY sumber, periode, bagian ORDER BY muatan",
        office=office,
        source=source,
    )
    return [row["muatan"] for row in found]


def same_problem(warehouse: Warehouse, number: int) -> list[Mapping[str, Any]]:
    """Return an item, then the same problem in the other attempts of its slice, oldest first."""
    return warehouse.rows(
        "SELECT * FROM mart.baris_ditolak WHERE masalah ="
        " (SELECT coalesce(origin, reject_id) FROM ops.reject WHERE reject_id = :number)"
        " ORDER BY butir <> :number, butir",
        number=number,
    )


def states(connection: Connection, numbers: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return kantor, muatan and keadaan of items by their numbers, in order; unknown ones lack."""
    found = rows(
        connection,
        "SELECT butir, kantor, muatan, keadaan FROM mart.baris_ditolak"
        " WHERE butir = ANY(:numbers) ORDER BY butir",
        numbers=list(numbers),
    )
    return {one["butir"]: one for one in found}


def add_waiver(connection: Connection, number: int, at: datetime, who: str, reason: str) -> None:
    """Append that an item will not be mended."""
    rows(
        connection,
        "INSERT INTO ops.waiver (reject_id, at, who, reason)"
        " VALUES (:number, :at, :who, :reason) RETURNING waiver_id",
        number=number,
        at=at,
        who=who,
        reason=reason,
    )


def load(warehouse: Warehouse, load_id: int) -> Mapping[str, Any]:
    """Return a row of `ops.load`, which is there."""
    return warehouse.rows("SELECT * FROM ops.load WHERE load_id = :id", id=load_id)[0]
