"""Which quarter is read for a value, and what late or missing deliveries make of it.

Source: RULES 8.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.card import Card, Consolidation, Measurement, Status

LAST_QUARTER = 4

# Here an earlier quarter that never came is missing from the value; a register holds the whole
# list each time and a last known value stands by itself.
_ADDS_QUARTERS_UP = (Consolidation.POOLED, Consolidation.AVERAGE)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How far a source has come for a quarter: a row of the tally `source_state`.

    Attributes:
        source: its code.
        is_in_force: whether a slice of this very quarter (of the year, if yearly) is in force.
        has_data: whether anything would be read for this quarter.
        is_overdue: whether its due day has passed.
        has_gap: whether an earlier quarter of the year is overdue and was never delivered.
        last_quarter: the newest quarter of the year, up to this one, that was delivered.
        period_ended: whether the quarter is over.
        loads: what is read for this quarter.
    """

    source: str
    is_in_force: bool
    has_data: bool
    is_overdue: bool
    has_gap: bool
    last_quarter: int | None
    period_ended: bool
    loads: Sequence[int]


def quarter_to_read(card: Card, quarter: int, state: SourceState) -> int | Status:
    """Return the quarter whose tallies make the value of `quarter`, or why there is none.

    Args:
        card: of the indicator.
        quarter: 1 to 4.
        state: of the indicator's source, for `quarter`.
    """
    before_the_end = quarter < LAST_QUARTER
    if card.known_in_fourth_quarter_only and before_the_end:
        return Status.NOT_YET_PUBLISHED
    if state.is_in_force:
        return quarter
    if not state.is_overdue:
        return quarter if state.has_data else Status.NOT_YET_PUBLISHED
    if card.is_carried and before_the_end and state.last_quarter is not None:
        return state.last_quarter
    return Status.NOT_REPORTED


def settle(
    card: Card, measurement: Measurement, quarter: int, read_quarter: int, state: SourceState
) -> Measurement:
    """Return what is shown: the measurement of the data in the light of what was delivered.

    Args:
        card: of the indicator.
        measurement: what its formula gives for `read_quarter`.
        quarter: the quarter that is shown.
        read_quarter: what `quarter_to_read` gave.
        state: of the indicator's source, for `quarter`.

    Returns:
        The measurement with its final status. A provisional one lists why in the component
        `sebab_sementara`; a carried one names its quarter in `triwulan_asal`.
    """
    if measurement.status is Status.NOT_YET_PUBLISHED and state.is_overdue:
        return replace(measurement, status=Status.NOT_REPORTED)
    if not measurement.status.has_number:
        return measurement
    reasons = _reasons(card, quarter, read_quarter, state)
    if not reasons:
        return measurement
    known = measurement.components.get("sebab_sementara", [])
    components = {
        **measurement.components,
        "sebab_sementara": [*(known if isinstance(known, list) else [known]), *reasons],
    }
    if read_quarter != quarter:
        components["triwulan_asal"] = read_quarter
    return replace(measurement, status=Status.PROVISIONAL, components=components)


def _reasons(card: Card, quarter: int, read_quarter: int, state: SourceState) -> list[str]:
    """Return why a value is provisional although its data are complete."""
    reasons = []
    if not state.period_ended:
        reasons.append("triwulan belum berakhir")
    if read_quarter != quarter:
        reasons.append(f"memakai data Triwulan {_roman(read_quarter)}")
    elif not state.is_in_force:
        reasons.append("data periode ini belum masuk")
    if state.has_gap and card.consolidation in _ADDS_QUARTERS_UP:
        reasons.append("ada triwulan sebelumnya yang belum lapor")
    return reasons


def _roman(quarter: int) -> str:
    return ("I", "II", "III", "IV")[quarter - 1]
