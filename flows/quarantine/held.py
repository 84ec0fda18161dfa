"""Held: the file of a slice that waits in the archive for somebody's confirmation."""

from __future__ import annotations

from pathlib import Path

from flows.landing import store as loads
from flows.landing.request import BadRequest
from flows.landing.tally import is_held
from flows.machine import archive
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from schemas.source import MAIN_PART


def waiting(
    warehouse: Warehouse, settings: Settings, office: str, source: str, period: str, part: str
) -> tuple[Path, str]:
    """Return where the archive keeps the file that is held for a slice, and what it is called.

    Raises:
        BadRequest: the newest attempt at the slice is not held.
    """
    newest = loads.newest_attempt(warehouse, office, source, period, part)
    if newest is None or not is_held(newest["reasons"]):
        of_part = "" if part == MAIN_PART else f", bagian {part}"
        raise BadRequest(
            f"Tidak ada berkas yang ditahan untuk {source} {period}{of_part}. Sebutkan berkasnya: "
            f"iku land BERKAS --source {source} --period {period}."
        )
    return archive.path_of(settings.home, newest["sha256"]), newest["file_name"]
