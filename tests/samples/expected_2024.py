"""What an invented year must give, from its rows before they are written.

The indicators are counted by `tests.golden.slow`, the second opinion; the roll-up and what becomes
of each file are worked out here, without anything of `transforms` or `sql` either. Everything is as
known after the last due day, when all that is missing is late. Rules: RULES 1, 4.3, 6.2, 8.3, 8.4.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from schemas.sources import sources
from schemas.sources.ikpa import INDICATORS
from tests.golden import slow
from tests.golden.slow import Answer
from tests.samples.delivery import Delivery
from tests.samples.omspan import DEDUCTION, Unit
from tests.samples.seeds import SEEDS, in_force, seed_file
from tests.samples.workbooks import Form, Row, cell, meaning
from tests.samples.year import Year

QUARTERS = (1, 2, 3, 4)
NUMBERS = range(1, 15)
TABLES = (
    *("office", "agency", "office_agency", "agency_alias"),
    *("service", "system", "survey_service", "target"),
)


def expected_values(
    invented: Year, year: int, *, is_corrected: bool, seeds: Path = SEEDS
) -> dict[str, dict[str, dict[str, object]]]:
    """Return by quarter and IKU (and NPSS) what the scorecard must show.

    Args:
        invented: the year.
        year: its number.
        is_corrected: whether the corrections have been landed over the inbox files.
        seeds: the directory with targets and perspectives.
    """
    world = world_of(invented, seeds, is_corrected)
    known_at = slow_clock(year)
    shown: dict[str, dict[str, dict[str, object]]] = {}
    for quarter in QUARTERS:
        answers = {n: slow.computed(world, n, year, quarter, known_at) for n in NUMBERS}
        period = shown.setdefault(f"{year}-Q{quarter}", {})
        for number, answer in answers.items():
            period[f"IKU.{number}"] = _shown(world, number, year, quarter, answer)
        period["NPSS"] = _npss(world, answers, seeds, year, quarter)
    return shown


def slow_clock(year: int) -> datetime:
    """Return a moment after the last due day: 365 days after the end of the year."""
    return datetime.fromisoformat(f"{year + 2}-01-01T12:00:00+07:00")


def world_of(invented: Year, seeds: Path, is_corrected: bool) -> slow.World:
    """Return what the slow computation reads: the seeds, and the files as text of their cells."""
    taken = [one for one in invented.deliveries if not one.is_refused]
    if is_corrected:  # the last of a period and part counts
        taken += invented.corrections
    return replace(without_files(invented, seeds), slices=[slice_of(one) for one in taken])


def without_files(invented: Year, seeds: Path) -> slow.World:
    """Return the seeds alone, in which the office has the satker code that its IKPA carries."""
    references = {table: list(_rows(seed_file(seeds, table))) for table in TABLES}
    office = invented.references.office["office"]
    for row in references["office"]:
        if row["office"] == office:
            row["satker_code"] = invented.references.satker
    return slow.World(office, references, [])


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def slice_of(delivery: Delivery) -> slow.Slice:
    """Return a file for the slow computation; it landed on the day after its period."""
    landed = datetime.combine(slow.end_of(delivery.period), datetime.min.time()).astimezone()
    rows = [_cells(delivery.source, row) for row in delivery.records()]
    return slow.Slice(
        delivery.source, delivery.period, delivery.part, landed + timedelta(days=1), rows
    )


def _cells(source: str, row: Row) -> dict[str, str]:
    """Return the text of a row's cells under the first headings of our template."""
    if source == "ikpa":
        return _printed(row)
    found = {}
    for column in sources()[source].columns:
        text = cell(column, row.get(column.name), Form.CSV)
        found[column.headings[0]] = "" if text is None else str(text)
    return found


def _printed(row: Row) -> dict[str, str]:
    """Return what OM-SPAN prints of a unit."""
    unit = row["unit"]
    assert isinstance(unit, Unit)
    return {
        "Kode Satker": unit.satker,
        "Nilai Akhir": str(row["final_score"]),
        "tidak berlaku": ", ".join(INDICATORS[name] for name in unit.idle),
        DEDUCTION: str(unit.deduction),
        **{INDICATORS[name]: str(value) for name, value in unit.values.items()},
    }


def _shown(
    world: slow.World, number: int, year: int, quarter: int, answer: Answer
) -> dict[str, object]:
    target = slow.target_of(world, number, year, quarter)
    reached, word = slow.achievement(world, number, year, quarter, answer)
    return {
        "status": answer.status,
        "actual": _text(answer.actual),
        "numerator": _plain(answer.numerator),
        "denominator": _plain(answer.denominator),
        "target": None if target is None else _text(Fraction(target["target"])),
        "achievement_pct": None if reached is None else _text(Fraction(reached, 100)),
        "status_word": word,
    }


def half_up(value: Fraction) -> Decimal:
    """Round to two decimals, halves up."""
    return Decimal(slow.hundredths(value)).scaleb(-2)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else f"{half_up(value):.2f}"


def _plain(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _npss(
    world: slow.World, answers: dict[int, Answer], seeds: Path, year: int, quarter: int
) -> dict[str, object]:
    """Return the roll-up, beside it with capaian capped at 120, and with the late ones as 0."""
    strategy = _strategy(seeds, date(year, 12, 31))
    reached = {}
    for number, answer in answers.items():
        target = slow.target_of(world, number, year, quarter)
        if answer.actual is not None and target:
            actual = Fraction(half_up(answer.actual))
            reached[f"IKU.{number}"] = actual / Fraction(target["target"]) * 100
    capped = {iku: min(one, Fraction(120)) for iku, one in reached.items()}
    overdue = {f"IKU.{n}": Fraction(0) for n in answers if answers[n].status == slow.OVERDUE}
    mark, coverage = _roll_up(reached, strategy)
    lowest = _roll_up({**reached, **overdue}, strategy)[0]
    return {
        "status": _npss_status(mark, [answer.status for answer in answers.values()], quarter),
        "actual": mark,
        "numerator": len(reached),
        "denominator": len(answers),
        "npss_120": _roll_up(capped, strategy)[0],
        "lower_bound": lowest if overdue and reached else None,
        "coverage_pct": coverage,
    }


def _npss_status(mark: str | None, statuses: Sequence[str], quarter: int) -> str:
    """Return whether the roll-up is final; without any capaian, why there is none."""
    if mark is None:
        reasons = (slow.OVERDUE, slow.NOT_YET)
        return next((reason for reason in reasons if reason in statuses), slow.NOTHING)
    is_final = quarter == 4 and all(one in (slow.MEASURED, slow.NOTHING) for one in statuses)
    return slow.MEASURED if is_final else slow.PROVISIONAL


# By perspective its weight, and the IKU of each of its sasaran strategis.
Strategy = list[tuple[Fraction, list[list[str]]]]


def _strategy(seeds: Path, day: date) -> Strategy:
    rows = {
        name: list(in_force(seed_file(seeds, name), day))
        for name in ("perspective", "strategic_objective", "objective_iku")
    }
    return [
        (
            Fraction(perspective["weight_pct"]),
            [
                [
                    one["iku"]
                    for one in rows["objective_iku"]
                    if one["objective"] == objective["objective"]
                ]
                for objective in rows["strategic_objective"]
                if objective["perspective"] == perspective["perspective"]
            ],
        )
        for perspective in rows["perspective"]
    ]


def _roll_up(reached: dict[str, Fraction], strategy: Strategy) -> tuple[str | None, str]:
    """Return NPSS and the coverage by weight, as text: means of means, what is empty left out."""
    total = weighed = covered = Fraction(0)
    for weight, objectives in strategy:
        shares = [
            Fraction(sum(iku in reached for iku in objective), len(objective))
            for objective in objectives
        ]
        covered += weight * sum(shares, Fraction(0)) / len(shares)
        marks = [
            _mean([reached[iku] for iku in objective if iku in reached])
            for objective, share in zip(objectives, shares, strict=True)
            if share
        ]
        if marks:
            total += weight * _mean(marks)
            weighed += weight
    mark = total / weighed if weighed else None
    return _text(mark), f"{half_up(covered):.2f}"


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def expected_landing(invented: Year, delivery: Delivery) -> dict[str, object]:
    """Return what landing a file must report, by counting its rows."""
    if delivery.source == "survey_answer":
        return _counts("landed", *sorted_out(invented, delivery), 0)
    records = list(delivery.records())
    if delivery.is_refused:
        wrong = sum(_is_wrong(row) for row in records)
        return _counts("refused", len(records) - wrong, wrong, 0, 0)
    ours = sum(_is_ours(invented, delivery.source, row) for row in records)
    return _counts("landed", ours, 0, 0, len(records) - ours)


def sorted_out(invented: Year, delivery: Delivery, seeds: Path = SEEDS) -> tuple[int, int, int]:
    """Return how many forms of a survey file are accepted, rejected, and sent twice."""
    file = slice_of(delivery)
    kept, rejected = slow.respondents_of(without_files(invented, seeds), file)
    wrong = sum(rejected.values())
    return len(kept), wrong, len(file.rows) - len(kept) - wrong


def _counts(
    status: str, accepted: int, rejected: int, duplicate: int, out_of_scope: int
) -> dict[str, object]:
    return {
        "status": status,
        "rows_in": accepted + rejected + duplicate + out_of_scope,
        "accepted": accepted,
        "rejected": rejected,
        "duplicate": duplicate,
        "out_of_scope": out_of_scope,
    }


def _is_wrong(row: Row) -> bool:
    """Tell whether a row of a recap of IP ASN was spoiled: no meaning, or off the scale."""
    spoiled = ("agency", "status", "result_date")
    unreadable = any(row.get(name) is not None and meaning(row[name]) is None for name in spoiled)
    return unreadable or (row.get("score") or 0) > 100


def _is_ours(invented: Year, source: str, row: Row) -> bool:
    references = invented.references
    if source == "ikpa":
        return row["satker"] == references.satker
    if source == "office_employee":
        return row["position_status"] in ("01", "03")
    if "agency" not in row:
        return True
    code = str(meaning(row["agency"]))
    is_member = code in [agency.code for agency in references.agencies]
    return is_member or (source == "oversight_recommendation" and code.startswith("P."))
