"""The quarantine: an item and its history, and saying that items will never be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.quarantine import store
from flows.warehouse.connection import Warehouse, instant, lock_offices

OPEN, NOTED, WAIVED = "terbuka", "catatan", "dikecualikan"


class NoSuchItem(ValueError):
    """An item is not there or no longer open; the message, in Indonesian, says which."""


def item(warehouse: Warehouse, number: int) -> list[Mapping[str, Any]]:
    """Return an item, then the same problem in the other attempts of its slice, oldest first.

    Raises:
        NoSuchItem: no item has this number.
    """
    found = store.same_problem(warehouse, number)
    if not found:
        raise _unknown(number)
    return found


def waive(warehouse: Warehouse, numbers: Sequence[int], who: str, reason: str) -> list[int]:
    """Record that items will not be mended; all of them or none. Return the loads they are of.

    Raises:
        NoSuchItem: one of them is not there, or is not open.
    """
    with warehouse.transaction() as connection:
        found = store.states(connection, numbers)
        for number in numbers:
            if number not in found:
                raise _unknown(number)
        lock_offices(connection, sorted({one["kantor"] for one in found.values()}))
        found = store.states(connection, numbers)  # another landing may have changed them
        for number, one in found.items():
            if one["keadaan"] not in (OPEN, NOTED):
                raise NoSuchItem(
                    f"Butir {number} tidak terbuka (keadaannya: {one['keadaan']}); "
                    "tidak ada yang dicatat."
                )
        at = instant(connection)
        for number in found:
            store.add_waiver(connection, number, at, who, reason)
    return sorted({one["muatan"] for one in found.values()})


def _unknown(number: int) -> NoSuchItem:
    return NoSuchItem(f"Tidak ada butir karantina nomor {number}.")
