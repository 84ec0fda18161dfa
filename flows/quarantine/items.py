"""The quarantine: what was refused, what of it is still to be mended, and what never will be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.warehouse.connection import Warehouse, instant, lock_offices, rows

OPEN, NOTED, WAIVED = "terbuka", "catatan", "dikecualikan"
MOST_ITEMS = 50_000  # of one load


class NoSuchItem(ValueError):
    """An item is not there or no longer open; the message, in Indonesian, says which."""


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


def item(warehouse: Warehouse, number: int) -> list[Mapping[str, Any]]:
    """Return an item, then the same problem in the other attempts of its slice, oldest first.

    Raises:
        NoSuchItem: no item has this number.
    """
    found = warehouse.rows(
        "SELECT * FROM mart.baris_ditolak WHERE masalah ="
        " (SELECT coalesce(origin, reject_id) FROM ops.reject WHERE reject_id = :number)"
        " ORDER BY butir <> :number, butir",
        number=number,
    )
    if not found:
        raise NoSuchItem(f"Tidak ada butir karantina nomor {number}.")
    return found


def waive(warehouse: Warehouse, numbers: Sequence[int], who: str, reason: str) -> list[int]:
    """Record that items will not be mended; all of them or none. Return the loads they are of.

    Raises:
        NoSuchItem: one of them is not there, or is not open.
    """
    with warehouse.transaction() as connection:

        def states() -> dict[int, Mapping[str, Any]]:
            asked = rows(
                connection,
                "SELECT butir, kantor, muatan, keadaan FROM mart.baris_ditolak"
                " WHERE butir = ANY(:numbers) ORDER BY butir",
                numbers=list(numbers),
            )
            return {one["butir"]: one for one in asked}

        found = states()
        for number in numbers:
            if number not in found:
                raise NoSuchItem(f"Tidak ada butir karantina nomor {number}.")
        lock_offices(connection, sorted({one["kantor"] for one in found.values()}))
        found = states()  # another landing may have changed them
        for number, one in found.items():
            if one["keadaan"] not in (OPEN, NOTED):
                raise NoSuchItem(
                    f"Butir {number} tidak terbuka (keadaannya: {one['keadaan']}); "
                    "tidak ada yang dicatat."
                )
        at = instant(connection)
        for number in found:
            rows(
                connection,
                "INSERT INTO ops.waiver (reject_id, at, who, reason)"
                " VALUES (:number, :at, :who, :reason) RETURNING waiver_id",
                number=number,
                at=at,
                who=who,
                reason=reason,
            )
    return sorted({one["muatan"] for one in found.values()})
