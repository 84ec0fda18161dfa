"""What an invented year must give, computed slowly and plainly from its rows before writing.

Nothing of `transforms` or `sql` is used: this is the second opinion. Everything is as known after
the last due day, when all that is missing is late. RULES 0.1, 1, 4.3, 6.2, 7, 8.3, 8.4.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

from tests.samples.delivery import Delivery
from tests.samples.seeds import SEEDS, in_force, seed_file
from tests.samples.workbooks import Row, meaning
from tests.samples.year import Year

ELEMENTS = ("u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9")
QUARTERS = (1, 2, 3, 4)
IKU = tuple(f"IKU.{number}" for number in range(1, 15))

MEASURED, PROVISIONAL = "measured", "provisional"
NOT_YET_PUBLISHED, NOT_REPORTED = "not_yet_published", "not_reported"
NOTHING_TO_COUNT = "nothing_to_count"

WORDS = {
    PROVISIONAL: "sementara",
    NOT_YET_PUBLISHED: "belum terbit",
    NOT_REPORTED: "belum lapor",
    NOTHING_TO_COUNT: "nihil",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of one IKU and quarter; the realisasi is not rounded yet."""

    status: str
    exact: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None

    def sementara(self) -> "Value":
        """Return it as provisional."""
        return replace(self, status=PROVISIONAL) if self.exact is not None else self


def half_up(value: Fraction) -> Decimal:
    """Round to two decimals, halves up."""
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)


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
    books = _Books(invented, year, is_corrected)
    targets = _targets(seeds, year, books.office)
    shown: dict[str, dict[str, dict[str, object]]] = {}
    for quarter in QUARTERS:
        values = {iku: FORMULAS[iku](books, quarter) for iku in IKU}
        period = shown.setdefault(f"{year}-Q{quarter}", {})
        for iku, value in values.items():
            period[iku] = _shown(value, targets.get(iku), quarter)
        period["NPSS"] = _npss(values, targets, seeds, year, quarter)
    return shown


class _Books:
    """The rows in force of an invented year."""

    def __init__(self, invented: Year, year: int, is_corrected: bool) -> None:
        self.year = year
        self.office = invented.references.office["office"]
        self.satker = invented.references.satker
        self.members = [agency.code for agency in invented.references.agencies]
        self.services = [service.code for service in invented.references.services]
        self.systems = [system.code for system in invented.references.systems]
        self.kinds = {one.code: one.kind for one in invented.references.survey_services}
        corrected = {(one.source, one.period, one.part): one for one in invented.corrections}
        self._files: dict[tuple[str, str], list[Delivery]] = {}
        for delivery in invented.deliveries:
            if is_corrected:
                key = (delivery.source, delivery.period, delivery.part)
                delivery = corrected.get(key, delivery)
            if not delivery.is_refused:
                self._files.setdefault((delivery.source, delivery.period), []).append(delivery)
        self._forms: dict[str, list[Row]] = {}

    def end(self, quarter: int) -> date:
        """Return the last day of a quarter."""
        first_after = date(self.year + quarter // 4, quarter * 3 % 12 + 1, 1)
        return first_after - timedelta(days=1)

    def has(self, source: str, period: str) -> bool:
        """Tell whether a period of a source was delivered and taken."""
        return (source, period) in self._files

    def rows(self, source: str, period: str) -> list[dict[str, object]]:
        """Return the rows of a period by what they mean."""
        return [
            {name: meaning(value) for name, value in row.items()}
            for delivery in self._files[source, period]
            for row in delivery.records()
        ]

    def forms(self, quarter: int) -> list[Row]:
        """Return the accepted survey forms of a quarter."""
        period = f"{self.year}-Q{quarter}"
        if period not in self._forms:
            self._forms[period] = [
                form
                for delivery in self._files.get(("survey_answer", period), [])
                for form in sorted_out(delivery)[0]
            ]
        return self._forms[period]


def sorted_out(delivery: Delivery) -> tuple[list[Row], int, int]:
    """Return the accepted forms of a survey file, and how many were rejected and sent twice.

    An answer off the scale counts as empty; a form is rejected when more than a third is empty,
    when its day lies outside the period, or when its service is not known.
    """
    year, quarter = int(delivery.period[:4]), int(delivery.period[-1])
    good: list[dict[str, object]] = []
    rejected = 0
    for record in delivery.records():
        form = {name: meaning(value) for name, value in record.items()}
        for element in ELEMENTS:
            if form[element] not in (1, 2, 3, 4):
                form[element] = None
        on = form["answered_on"]
        is_outside = on.year != year or (on.month + 2) // 3 != quarter
        empty = sum(form[element] is None for element in ELEMENTS)
        if is_outside or form["service"] is None or empty * 3 > len(ELEMENTS):
            rejected += 1
        else:
            good.append(form)
    last = {
        (form["respondent"], form["service"], form["answered_on"]): number
        for number, form in enumerate(good)
        if form["respondent"] is not None
    }
    kept = [
        form
        for number, form in enumerate(good)
        if form["respondent"] is None
        or last[form["respondent"], form["service"], form["answered_on"]] == number
    ]
    return kept, rejected, len(good) - len(kept)


# --- the 14 IKU -------------------------------------------------------------------------------


def _share(numerator: int | Fraction, denominator: int | Fraction) -> Value:
    counted, whole = Fraction(numerator), Fraction(denominator)
    if not whole:
        return Value(NOTHING_TO_COUNT, None, counted, whole)
    return Value(MEASURED, counted / whole * 100, counted, whole)


def _iku_1(books: _Books, quarter: int) -> Value:
    """Letters A and B of all agencies; known after the year."""
    if quarter < 4:
        return Value(NOT_YET_PUBLISHED)
    if not books.has("agency_nspk", str(books.year)):
        return Value(NOT_REPORTED)
    letters = {row["agency"]: row["letter"] for row in books.rows("agency_nspk", str(books.year))}
    mine = [letters.get(agency, "belum") for agency in books.members]
    if all(letter == "belum" for letter in mine):
        return Value(NOT_REPORTED)
    value = _share(sum(letter in ("A", "B") for letter in mine), len(mine))
    return value.sementara() if "belum" in mine else value


def _last_known(
    source: str, count: Callable[[_Books, int, list[dict[str, object]]], tuple[Value, bool]]
) -> Callable[[_Books, int], Value]:
    """Return a formula on the newest list of the year; a late quarter shows the one before."""

    def formula(books: _Books, quarter: int) -> Value:
        if books.has(source, f"{books.year}-Q{quarter}"):
            read = quarter
        else:
            known = [q for q in range(1, quarter) if books.has(source, f"{books.year}-Q{q}")]
            if quarter == 4 or not known:
                return Value(NOT_REPORTED)
            read = known[-1]
        value, is_complete = count(books, read, books.rows(source, f"{books.year}-Q{read}"))
        return value if is_complete and read == quarter else value.sementara()

    return formula


def _measured(books: _Books, quarter: int, rows: list[dict[str, object]]) -> tuple[Value, bool]:
    status = {row["agency"]: row["status"] for row in rows}
    done = sum(status.get(agency) == "done" for agency in books.members)
    return _share(done, len(books.members)), all(one in status for one in books.members)


def _integrated(books: _Books, quarter: int, rows: list[dict[str, object]]) -> tuple[Value, bool]:
    day = books.end(quarter)
    tied = set()
    for row in rows:
        begun = row.get("start_date") is None or row["start_date"] <= day
        over = row.get("end_date") is not None and row["end_date"] < day
        if row["mode"] in ("simpegnas", "webservice") and begun and not over:
            tied.add(row["agency"])
    listed = {row["agency"] for row in rows}
    value = _share(sum(agency in tied for agency in books.members), len(books.members))
    return value, all(agency in listed for agency in books.members)


def _digital(books: _Books, quarter: int, rows: list[dict[str, object]]) -> tuple[Value, bool]:
    online = {row["service"]: row["is_digital"] == "true" for row in rows}
    value = _share(sum(online.get(one, False) for one in books.services), len(books.services))
    return value, all(one in online for one in books.services)


def _satisfaction(kind: str) -> Callable[[_Books, int], Value]:
    def formula(books: _Books, quarter: int) -> Value:
        if not books.has("survey_answer", f"{books.year}-Q{quarter}"):
            return Value(NOT_REPORTED)
        sums = dict.fromkeys(ELEMENTS, 0)
        counts = dict.fromkeys(ELEMENTS, 0)
        for earlier in range(1, quarter + 1):
            for form in books.forms(earlier):
                if books.kinds[form["service"]] != kind:
                    continue
                for element in ELEMENTS:
                    if form[element] is not None:
                        sums[element] += form[element]
                        counts[element] += 1
        means = [Fraction(sums[one], counts[one]) for one in ELEMENTS if counts[one]]
        if not means:
            return Value(NOT_REPORTED)
        value = Value(MEASURED, sum(means, Fraction(0)) / len(means) * 25)
        gaps = [
            earlier
            for earlier in range(1, quarter)
            if not books.has("survey_answer", f"{books.year}-Q{earlier}")
        ]
        return value.sementara() if gaps else value

    return formula


def _iku_5(books: _Books, quarter: int) -> Value:
    """Enacted proposals of those of the year and those still open on 1 January."""
    period = f"{books.year}-Q{quarter}"
    if not books.has("technical_regulation", period):
        return Value(NOT_REPORTED)
    day, new_year = books.end(quarter), date(books.year, 1, 1)
    cohort = enacted = 0
    for row in books.rows("technical_regulation", period):
        decided = row["decided_date"] if row["status"] != "undecided" else None
        if row["proposed_date"] > day or (decided is not None and decided < new_year):
            continue
        cohort += 1
        enacted += row["status"] == "enacted" and decided <= day
    return _share(enacted, cohort)


def _status_on(row: Row, day: date) -> str:
    """Return the status of a row on a day: one dated later is not there yet."""
    on = row["status_date"]
    return "3" if on is not None and on > day else str(row["status"])


def _iku_8(books: _Books, quarter: int) -> Value:
    """Recommendations of wasdal that are closed, of those open on 1 January or issued since."""
    period = f"{books.year}-Q{quarter}"
    if not books.has("oversight_recommendation", period):
        return Value(NOT_REPORTED)
    day, old_year = books.end(quarter), date(books.year - 1, 12, 31)
    cohort = closed = 0
    for row in books.rows("oversight_recommendation", period):
        is_ours = row["agency"] in books.members or str(row["agency"]).startswith("P.")
        if not is_ours or row["issued_date"] > day:
            continue
        if row["issued_date"] <= old_year and _status_on(row, old_year) in ("1", "4"):
            continue
        cohort += 1
        closed += _status_on(row, day) in ("1", "4")
    return _share(closed, cohort)


def _worst(statuses: Iterable[str]) -> str:
    """Return the status of a recommendation from those of its parts; 4 counts only alone."""
    left = [status for status in statuses if status != "4"]
    for status in ("3", "2", "1"):
        if status in left:
            return status
    return "4"


def _iku_14(books: _Books, quarter: int) -> Value:
    """Recommendations of audits that are closed, part by part of the work units first."""
    period = f"{books.year}-Q{quarter}"
    if not books.has("audit_finding", period):
        return Value(NOT_REPORTED)
    day, old_year = books.end(quarter), date(books.year - 1, 12, 31)
    parts: dict[tuple[object, ...], list[Row]] = {}
    for row in books.rows("audit_finding", period):
        key = (row["issuer"], row["report_no"], row["finding_no"], row["recommendation_no"])
        parts.setdefault(key, []).append(row)
    cohort = closed = 0
    for rows in parts.values():
        issued = min(row["issued_date"] for row in rows)
        if issued > day:
            continue
        before = _worst(_status_on(row, old_year) for row in rows)
        if issued <= old_year and before in ("1", "4"):
            continue
        cohort += 1
        closed += _worst(_status_on(row, day) for row in rows) in ("1", "4")
    return _share(closed, cohort)


def _iku_9(books: _Books, quarter: int) -> Value:
    """The mean of the staff in office; known after the year."""
    if quarter < 4:
        return Value(NOT_YET_PUBLISHED)
    if not books.has("office_employee", str(books.year)):
        return Value(NOT_REPORTED)
    totals = [
        Fraction(row["total_score"])
        for row in books.rows("office_employee", str(books.year))
        if row["position_status"] in ("01", "03")
    ]
    return Value(MEASURED, sum(totals, Fraction(0)) / len(totals))


def _iku_10(books: _Books, quarter: int) -> Value:
    """The mean of the quarters so far, of those that were handed in."""
    if not books.has("system_usage", f"{books.year}-Q{quarter}"):
        return Value(NOT_REPORTED)
    used = Fraction(0)
    systems = 0
    is_complete = True
    for earlier in range(1, quarter + 1):
        if not books.has("system_usage", f"{books.year}-Q{earlier}"):
            is_complete = False
            continue
        rows = books.rows("system_usage", f"{books.year}-Q{earlier}")
        level = {row["system"]: Fraction(row["utilisation"]) for row in rows}
        systems += len(books.systems)
        for system in books.systems:
            used += level.get(system, 0)
            is_complete = is_complete and system in level
    value = _share(used, systems)
    return value if is_complete else value.sementara()


def _letter(source: str, column: str) -> Callable[[_Books, int], Value]:
    """Return a formula on the one figure of a yearly letter."""

    def formula(books: _Books, quarter: int) -> Value:
        if quarter < 4:
            return Value(NOT_YET_PUBLISHED)
        if not books.has(source, str(books.year)):
            return Value(NOT_REPORTED)
        return Value(MEASURED, Fraction(books.rows(source, str(books.year))[0][column]))

    return formula


def _iku_13(books: _Books, quarter: int) -> Value:
    """The final score of the own satker in the report up to the quarter's last month."""
    period = f"{books.year}-{3 * quarter:02}"
    if not books.has("ikpa", period):
        return Value(NOT_REPORTED)
    own = [row for row in books.rows("ikpa", period) if row["satker"] == books.satker]
    return Value(MEASURED, Fraction(own[0]["final_score"]))


FORMULAS: dict[str, Callable[[_Books, int], Value]] = {
    "IKU.1": _iku_1,
    "IKU.2": _last_known("agency_ip_asn", _measured),
    "IKU.3": _satisfaction("pembinaan"),
    "IKU.4": _satisfaction("layanan_kepegawaian"),
    "IKU.5": _iku_5,
    "IKU.6": _last_known("siasn_integration", _integrated),
    "IKU.7": _last_known("digital_service", _digital),
    "IKU.8": _iku_8,
    "IKU.9": _iku_9,
    "IKU.10": _iku_10,
    "IKU.11": _letter("reform_index", "score"),
    "IKU.12": _letter("sakip_score", "total_score"),
    "IKU.13": _iku_13,
    "IKU.14": _iku_14,
}


# --- what is shown ----------------------------------------------------------------------------


def _shown(value: Value, target: Fraction | None, quarter: int) -> dict[str, object]:
    actual = None if value.exact is None else half_up(value.exact)
    reached = None
    if actual is not None and target:
        reached = half_up(Fraction(actual) / target * 100)
    return {
        "status": value.status,
        "actual": _text(actual),
        "numerator": _plain(value.numerator),
        "denominator": _plain(value.denominator),
        "target": None if target is None else _text(half_up(target)),
        "achievement_pct": _text(reached),
        "status_word": _word(value.status, reached, quarter),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _plain(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _word(status: str, reached: Decimal | None, quarter: int) -> str:
    if status in (MEASURED, PROVISIONAL) and reached is None:
        return "tanpa target"
    if status in WORDS:
        return WORDS[status]
    if quarter < 4:
        return "terukur"
    return "tercapai" if reached >= 100 else "waspada" if reached >= 80 else "belum tercapai"


def _npss(
    values: dict[str, Value],
    targets: dict[str, Fraction],
    seeds: Path,
    year: int,
    quarter: int,
) -> dict[str, object]:
    """Return the roll-up, beside it with capaian capped at 120, and with the late ones as 0."""
    strategy = _strategy(seeds, date(year, 12, 31))
    reached = {
        iku: Fraction(half_up(value.exact)) / targets[iku] * 100
        for iku, value in values.items()
        if value.exact is not None and targets.get(iku)
    }
    capped = {iku: min(one, Fraction(120)) for iku, one in reached.items()}
    late = {iku: Fraction(0) for iku in values if values[iku].status == NOT_REPORTED}
    mark, coverage = _roll_up(reached, strategy)
    return {
        "status": _npss_status(mark, [value.status for value in values.values()], quarter),
        "actual": mark,
        "numerator": len(reached),
        "denominator": len(values),
        "npss_120": _roll_up(capped, strategy)[0],
        "lower_bound": _roll_up({**reached, **late}, strategy)[0] if late and reached else None,
        "coverage_pct": coverage,
    }


def _npss_status(mark: str | None, statuses: Sequence[str], quarter: int) -> str:
    """Return whether the roll-up is final; without any capaian, why there is none."""
    if mark is None:
        reasons = (NOT_REPORTED, NOT_YET_PUBLISHED)
        return next((reason for reason in reasons if reason in statuses), NOTHING_TO_COUNT)
    is_final = quarter == 4 and all(one in (MEASURED, NOTHING_TO_COUNT) for one in statuses)
    return MEASURED if is_final else PROVISIONAL


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
    mark = half_up(total / weighed) if weighed else None
    return _text(mark), f"{half_up(covered):.2f}"


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _targets(seeds: Path, year: int, office: str) -> dict[str, Fraction]:
    """Return the targets of the Perjanjian Kinerja of the year."""
    with seed_file(seeds, "target").open(encoding="utf-8", newline="") as stream:
        return {
            row["iku"]: Fraction(row["target"])
            for row in csv.DictReader(stream)
            if (row["office"], row["document"], row["year"], row["quarter"])
            == (office, "pk", str(year), "")
        }


# --- what becomes of the files ----------------------------------------------------------------


def expected_landing(invented: Year, delivery: Delivery) -> dict[str, object]:
    """Return what landing a file must report, by counting its rows."""
    if delivery.source == "survey_answer":
        kept, rejected, twice = sorted_out(delivery)
        return _counts("landed", len(kept), rejected, twice, 0)
    records = list(delivery.records())
    if delivery.is_refused:
        wrong = sum(_is_wrong(row) for row in records)
        return _counts("refused", len(records) - wrong, wrong, 0, 0)
    ours = sum(_is_ours(invented, delivery.source, row) for row in records)
    return _counts("landed", ours, 0, 0, len(records) - ours)


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
