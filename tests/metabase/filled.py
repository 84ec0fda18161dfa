"""A filled warehouse: the sample year landed and computed, without the orchestrator."""

from __future__ import annotations

from pathlib import Path

from flows.computing import measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Quarter, Run
from flows.fetching import inbox
from flows.landing import land as landing
from flows.landing.request import Request
from flows.machine.settings import Settings
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse
from transforms.indicators import indicators

OFFICE = "kanreg-06"


def fill(warehouse: Warehouse, settings: Settings, sample: Path) -> None:
    """Land the inbox of the sample year and its correction, computing after each."""
    seeding.seed(warehouse, sample / "rujukan")
    requests, _ = inbox.waiting(sample / "inbox", OFFICE, "penguji")
    for request in requests:
        landing.land(warehouse, settings, request)
    compute(warehouse)
    correction = sample / "koreksi" / "survey_answer_2024-Q3.csv"
    landing.land(
        warehouse,
        settings,
        Request(correction, OFFICE, "survey_answer", "2024-Q3", who="penguji"),
    )
    compute(warehouse)


def compute(warehouse: Warehouse) -> None:
    """Compute and record every quarter that was touched."""
    known_at = values.moment_of_knowledge(warehouse, OFFICE)
    for year, number in values.touched_quarters(warehouse, OFFICE, known_at):
        quarter = Quarter(OFFICE, year, number, known_at)
        computed = [measuring.measure(warehouse, iku, quarter) for iku in indicators()]
        printed = measuring.published(warehouse, quarter)
        recording.record(warehouse, quarter, computed, printed, Run("penguji", "uji", "0"))
