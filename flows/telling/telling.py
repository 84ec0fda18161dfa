"""Telling: note that a refresh ended, write what an office is told of it, and send what waits."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.machine.settings import Settings
from flows.telling import notify
from flows.telling import store as ledger
from flows.telling.digest import digest, key_of
from flows.warehouse import references
from flows.warehouse.connection import Warehouse
from flows.warehouse.references import Office

INVENTED = "[DATA CONTOH] "
HOME = "Asia/Jakarta"
"""The zone of what is of no office."""


def tell(warehouse: Warehouse, settings: Settings, office: str, who: str, failure: str) -> int:
    """Tell of a refresh that has just ended; return how many messages could not be sent.

    The first refresh of a day brings the digest, any that failed a message at once; the same
    failure is told once a day.
    """
    ledger.record_refresh(warehouse, office, who, failure)
    found = references.offices(warehouse)[office]
    if failure:
        _write_failure(warehouse, found, failure)
    if not ledger.is_written(warehouse, key_of(found, warehouse.instant())):
        news = digest(warehouse, settings, found)
        write(warehouse, news.key, office, "digest", news.title, news.body, news.at)
    return send(warehouse, settings)


def tell_of_run(warehouse: Warehouse, settings: Settings, run: str, office: str) -> int:
    """Tell that a run of Prefect failed; of an office, or of the whole when that is empty."""
    found = references.offices(warehouse).get(office)
    today = warehouse.instant().astimezone(ZoneInfo(found.time_zone if found else HOME)).date()
    write(
        warehouse,
        f"failure {run} {today}",
        found.office if found else "",
        "failure",
        f"IKU: putaran “{run}” gagal",
        "Sebabnya ada di halaman Prefect. Yang sudah tercatat tetap berlaku; putaran berikutnya "
        "melanjutkan.\n",
    )
    return send(warehouse, settings)


def write(
    warehouse: Warehouse,
    key: str,
    office: str,
    kind: str,
    title: str,
    body: str,
    at: datetime | None = None,
) -> bool:
    """Write a message, as of now if not told otherwise; say where the figures are invented."""
    return ledger.write(
        warehouse,
        key=key,
        office=office,
        kind=kind,
        title=(INVENTED if warehouse.is_demo else "") + title,
        body=body,
        at=at or warehouse.instant(),
    )


def send(warehouse: Warehouse, settings: Settings) -> int:
    """Send what waits to every address of IKU_NOTIFY; return how much waits still."""
    return ledger.send_waiting(warehouse, notify.targets(settings))


def _write_failure(warehouse: Warehouse, office: Office, failure: str) -> None:
    today = warehouse.instant().astimezone(ZoneInfo(office.time_zone)).date()
    which = hashlib.sha256(failure.encode()).hexdigest()[:16]
    write(
        warehouse,
        f"failure {office.office} {today} {which}",
        office.office,
        "failure",
        f"IKU {office.short_name}: penyegaran tidak selesai dengan baik",
        f"{office.name}. {failure}\n\nYang lain sudah dikerjakan. Sebabnya ada di halaman Prefect "
        "dan di `iku refresh`; putaran berikutnya mencobanya lagi.\n",
    )
