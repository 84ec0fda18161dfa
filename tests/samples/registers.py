"""The registers of an invented year: what is proposed, recommended and found, quarter by quarter.

Each is a story told in quarters, where 1 to 4 are those of the year, 0 is the last one of the
year before, -1 the one before that; what a file says follows from the day it was made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.samples.delivery import (
    MADE_AFTER,
    Delivery,
    called,
    quarter_end,
    quarter_start,
    table,
)
from tests.samples.invented import Dice, letter_number, proposal_number
from tests.samples.seeds import References
from tests.samples.workbooks import Form, Row

TOPICS = ("Pengangkatan", "Mutasi", "Pemberhentian", "Disiplin", "Manajemen kinerja")

# Proposed in, decided in, how. The first two were settled before the year and no longer count;
# the third and fourth are carried into it. "late" is decided in the first days of the quarter.
PROPOSALS: tuple[tuple[int, int | None, str], ...] = (
    (-2, -1, "enacted"),
    (-1, 0, "rejected"),
    (-1, 1, "enacted"),
    (0, 3, "enacted"),
    (1, 2, "enacted late"),
    (1, 2, "enacted"),
    (2, 3, "rejected"),
    (2, 3, "enacted"),
    (3, 4, "enacted"),
    (4, None, "undecided"),
)

# Issued in, and its follow-up: `0:2 > 1:1` is status 2 in quarter 0, then status 1 in quarter 1;
# `-` is none. The first two were closed before the year.
ADVICE: tuple[tuple[int, str], ...] = (
    (-2, "-1:1"),
    (-1, "0:4"),
    (-1, "0:2 > 1:1"),
    (0, "2:1"),
    (0, "1:2 > 2:4"),
    (0, "2:2 > 4:1"),
    (1, "1:1"),
    (1, "1:1"),
    (1, "1:1"),
    (1, "2:1"),
    (1, "2:1"),
    (1, "2:2 > 3:1"),
    (2, "2:1"),
    (2, "3:1"),
    (2, "3:1"),
    (2, "3:1"),
    (3, "3:1"),
    (3, "3:1"),
    (3, "4:1"),
    (3, "4:1"),
    (3, "4:1"),
    (4, "4:1"),
    (4, "4:2"),
    (4, "-"),
)
STRANGERS_ADVICE = (2, "3:1")

# Reports: issuer, issued in, and by finding the follow-ups of its recommendations, written as
# above; `|` stands between the work units that must act on one recommendation.
REPORTS: tuple[tuple[str, int, tuple[tuple[str, ...], ...]], ...] = (
    ("BPK", -2, (("-1:1", "2:1"),)),
    ("Inspektorat", 0, (("1:1", "1:1 | 2:2 > 4:1"), ("3:4", "2:2"))),
    ("Inspektorat", 2, (("2:1", "3:1"), ("3:1", "4:1", "3:2"))),
    ("BPK", 3, (("4:1", "4:1"), ("-", "4:1 | -"))),
)


@dataclass(frozen=True, slots=True)
class _Item:
    """A row of a follow-up register with all that will ever happen to it."""

    fixed: Row
    issued: date
    steps: tuple[tuple[date, str], ...]

    def as_known(self, day: date) -> Row:
        """Return the row as written on `day`: the newest status and its date."""
        known = [step for step in self.steps if step[0] <= day]
        on, status = known[-1] if known else (None, "3")
        return {**self.fixed, "issued_date": self.issued, "status": status, "status_date": on}


def technical_regulations(seed: int, year: int) -> list[Delivery]:
    """Return the four registers of proposed regulations and instruments."""
    dice = Dice(seed, "technical_regulation", year)
    proposals = []
    for order, (proposed, decided, how) in enumerate(PROPOSALS, start=1):
        on = _day(dice, year, proposed, early=True)
        fate, *late = how.split()
        decision = None if decided is None else _day(dice, year, decided, early=False)
        if late:
            decision = quarter_start(year, decided) + timedelta(days=4)
        row = {
            "proposal_no": proposal_number(order, on.year),
            "title": f"Instrumen contoh nomor {order}",
            "proposed_date": on,
        }
        proposals.append((row, fate, decision))
    forms = (Form.XLSX, Form.CSV, Form.XLSX, Form.INDONESIAN_CSV)
    return [
        table(
            "technical_regulation",
            f"{year}-Q{quarter}",
            [
                _as_decided(row, fate, decision, quarter_end(year, quarter) + MADE_AFTER)
                for row, fate, decision in proposals
                if row["proposed_date"] <= quarter_end(year, quarter) + MADE_AFTER
            ],
            form,
        )
        for quarter, form in enumerate(forms, start=1)
    ]


def _as_decided(row: Row, fate: str, decision: date | None, day: date) -> Row:
    is_decided = decision is not None and decision <= day
    return {
        **row,
        "status": fate if is_decided else "undecided",
        "decided_date": decision if is_decided else None,
    }


def oversight_recommendations(seed: int, year: int, references: References) -> list[Delivery]:
    """Return the four registers of wasdal recommendations.

    One is to a central agency, which counts; one more to an agency of another office, which
    does not.
    """
    dice = Dice(seed, "oversight_recommendation", year)
    agencies = [dice.pick(references.agencies) for _ in ADVICE]
    agencies[8:9] = references.central[:1] or agencies[8:9]
    items = []
    told = [*zip(ADVICE, agencies, strict=True)]
    told += [(STRANGERS_ADVICE, stranger) for stranger in references.strangers[:1]]
    for order, ((issued, story), agency) in enumerate(told, start=1):
        on = _day(dice, year, issued, early=True)
        row = {
            "recommendation_no": letter_number("REK", order, on),
            "agency": called(agency, dice),
            "topic": TOPICS[order % len(TOPICS)],
            "answer_due_date": on + timedelta(days=60) if dice.happens(0.7) else None,
            "evidence": None if story == "-" else letter_number("TL", order, on),
        }
        items.append(_Item(row, on, _steps(dice, year, on, story)))
    return _registers("oversight_recommendation", year, items, Form.XLSX)


def audit_findings(seed: int, year: int, references: References) -> list[Delivery]:
    """Return the four registers of findings of BPK and Inspektorat."""
    dice = Dice(seed, "audit_finding", year)
    units = references.units or ("Bagian Tata Usaha", "Bidang Informasi Kepegawaian")
    items = []
    for order, (issuer, issued, findings) in enumerate(REPORTS, start=1):
        on = _day(dice, year, issued, early=True)
        report = letter_number("LHP", order, on)
        for finding, recommendations in enumerate(findings, start=1):
            for recommendation, parts in enumerate(recommendations, start=1):
                items += [
                    _Item(
                        {
                            "issuer": issuer,
                            "report_no": report,
                            "finding_no": f"T{finding}",
                            "recommendation_no": f"R{recommendation}",
                            "work_unit": units[part % len(units)],
                        },
                        on,
                        _steps(dice, year, on, story),
                    )
                    for part, story in enumerate(parts.split("|"))
                ]
    return _registers("audit_finding", year, items, Form.CSV)


def _registers(source: str, year: int, items: Sequence[_Item], form: Form) -> list[Delivery]:
    made = {quarter: quarter_end(year, quarter) + MADE_AFTER for quarter in (1, 2, 3, 4)}
    return [
        table(
            source,
            f"{year}-Q{quarter}",
            [item.as_known(day) for item in items if item.issued <= day],
            form,
        )
        for quarter, day in made.items()
    ]


def _steps(dice: Dice, year: int, issued: date, story: str) -> tuple[tuple[date, str], ...]:
    """Return a told follow-up with its days, none before the recommendation itself."""
    if story.strip() == "-":
        return ()
    told = [step.split(":") for step in story.replace(" ", "").split(">")]
    return tuple(
        (max(_day(dice, year, int(quarter), early=False), issued), status)
        for quarter, status in told
    )


def _day(dice: Dice, year: int, quarter: int, *, early: bool) -> date:
    """Return a day in the first half of a quarter, or in the second."""
    start, end = quarter_start(year, quarter), quarter_end(year, quarter)
    middle = start + timedelta(days=45)
    return dice.day(start, middle) if early else dice.day(middle, end)
