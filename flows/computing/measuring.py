"""Measure: the tallies of a quarter go into a formula, and a value comes out; reads only."""

from __future__ import annotations

from dataclasses import replace

from flows.computing import store as values
from flows.computing.quarter import Failed, Quarter
from flows.warehouse.connection import Warehouse
from schemas.card import Measurement, Status
from transforms import evidence
from transforms.evidence import Computed
from transforms.indicators import indicators
from transforms.rules.formulas import Rows
from transforms.rules.timeliness import SourceState, quarter_to_read, settle


def measure(warehouse: Warehouse, iku: str, quarter: Quarter) -> Computed | Failed:
    """Compute one indicator from its tallies.

    A tally that its formula refuses (16 systems where 15 must be) fails this indicator alone.
    """
    indicator = indicators()[iku]
    card, method = indicator.card, indicator.card.method(quarter.year)
    state = _state(warehouse, quarter, card.source, quarter.quarter)
    read = quarter_to_read(card, quarter.quarter, state)
    if isinstance(read, Status):
        return evidence.computed(iku, method, Measurement(read), {}, state)
    tallies = {name: _tally(warehouse, quarter, name, read) for name in indicator.tallies}
    if read != quarter.quarter:
        loads = _state(warehouse, quarter, card.source, read).loads
        state = replace(state, loads=loads)  # of the quarter shown, with what was read for it
    try:
        found = indicator.measure(tallies, quarter.year, read)
        settled = settle(card, found, quarter.quarter, read, state)
        return evidence.computed(iku, method, settled, tallies, state)
    except ValueError as refusal:
        return Failed(iku, str(refusal))


def published(warehouse: Warehouse, quarter: Quarter) -> list[Computed]:
    """Return the figures printed for the quarter in official documents."""
    rows = _tally(warehouse, quarter, "published_actual", quarter.quarter)
    return [evidence.printed(row, quarter.year) for row in rows]


def _tally(warehouse: Warehouse, quarter: Quarter, name: str, read: int) -> Rows:
    """Return a tally of the year up to the quarter `read`, as known for `quarter`."""

    def count() -> Rows:
        with warehouse.transaction() as connection:
            return values.tally(
                connection, name, quarter.office, quarter.year, read, quarter.known_at
            )

    return quarter.counted.once(name, read, count)


def _state(warehouse: Warehouse, quarter: Quarter, source: str, read: int) -> SourceState:
    """Return how far a source has come for the quarter `read`, as known for `quarter`."""
    rows = _tally(warehouse, quarter, "source_state", read)
    [state] = [values.source_state(row) for row in rows if row["source"] == source]
    return state
