"""The acceptance vectors of RULES 11 that pure functions can show, by their ids."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from schemas.card import Status, Unit
from tests.unit import published_tables
from transforms.indicators import indicators
from transforms.rules.achievements import Target, achieve
from transforms.rules.budget_execution import recompute, regime_of
from transforms.rules.follow_up import follow_up_of
from transforms.rules.formulas import (
    achievement,
    capped_120,
    half_up,
    ikpa_category,
    ip_asn_category,
    mutu,
    sakip_predicate,
    share,
    two_decimals,
)
from transforms.rules.roll_up import roll_up
from transforms.rules.survey import Answers, ikm_of, index_of, krejcie_morgan, pool, satisfaction
from transforms.rules.timeliness import SourceState, quarter_to_read, settle


def compute(iku, year=2023, quarter=4, **rows):
    return indicators()[iku].measure(rows, year, quarter)


def answers(sums, n):
    return {f"u{number}": Answers(n, total) for number, total in enumerate(sums, start=1)}


def test_vector_R1():
    assert two_decimals(Fraction("68.50") / 80 * 100) == Decimal("85.63")
    assert round(68.50 / 80 * 100, 2) == 85.62  # what a float gives


def test_vector_R2():
    rows = [
        {"digital": "yes", "digital_siasn": "yes", "has_row": True, "services": 9},
        {"digital": "yes", "digital_siasn": "no", "has_row": True, "services": 2},
        {"digital": "no", "digital_siasn": "no", "has_row": True, "services": 1},
    ]
    actual = two_decimals(compute("IKU.7", digital_service=rows).actual_exact)
    achieved = achieve(Status.MEASURED, Unit.PERCENT, actual, Target(Decimal(85), Unit.PERCENT), 4)
    assert actual == Decimal("91.67")
    assert achieved.pct == Decimal("107.85")
    assert two_decimals(Fraction(11, 12) * 100 / 85 * 100) == Decimal("107.84")  # not rounded first


@pytest.mark.parametrize("year", published_tables.ACTUALS)
def test_vector_R3(year):
    actuals = published_tables.figures(published_tables.ACTUALS[year])
    printed = published_tables.figures(published_tables.ACHIEVEMENTS[year])
    for iku, actual in actuals.items():
        achieved = achieve(
            Status.NOT_YET_PUBLISHED if actual is None else Status.MEASURED,
            published_tables.unit_of(iku, year),
            actual,
            published_tables.target_of(iku, year),
            4,
        )
        assert (iku, achieved.pct) == (iku, printed[iku])


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (32, 34, "94.12"),
        (20, 34, "58.82"),
        (15, 17, "88.24"),
        (11, 12, "91.67"),
        (9, 12, "75.00"),
        (26, 34, "76.47"),
    ],
)
def test_vector_R4(part, whole, percent):
    assert two_decimals(share(part, whole).actual_exact) == Decimal(percent)


def test_vector_R5():
    achieved = achievement(Decimal(76), Decimal(25))
    assert two_decimals(achieved) == Decimal("304.00")
    assert two_decimals(capped_120(achieved)) == Decimal("120.00")


GASPUL = (105, 101, 100, 116, 102, 105, 106, 105, 115)


def test_vector_S1():
    pooled = answers(GASPUL, 29)
    assert half_up(index_of(pooled), 6) == Decimal("3.659004")
    assert two_decimals(ikm_of(pooled)) == Decimal("91.48")
    assert mutu(ikm_of(pooled)) == "A"


def test_vector_S2():
    means = [Fraction(total, 29) for total in GASPUL]
    assert two_decimals(sum(means) * Fraction("0.111") * 25) == Decimal("91.38")
    assert two_decimals(sum(means) * Fraction("0.11") * 25) == Decimal("90.56")
    rounded = sum(Fraction(two_decimals(mean)) for mean in means)
    assert two_decimals(rounded / 9 * 25) == Decimal("91.50")
    assert two_decimals(ikm_of(answers(GASPUL, 29))) == Decimal("91.48")


def test_vector_S3():
    values = ("88.305", "88.304", "76.605", "76.604", "64.995", "64.994", "25.00", "24.99")
    assert [mutu(Fraction(value)) for value in values] == [*"ABBCCDD", None]


def test_vector_S4():
    rows = []
    for service, n, mean in (("X", 200, "3.60"), ("Y", 40, "3.90")):
        rows += [
            {
                "kind": "pembinaan",
                "service": service,
                "unit": "PSK",
                "element": f"u{number}",
                "n": n,
                "sum": n * Fraction(mean),
                "respondents": n,
                "quarter_respondents": n,
            }
            for number in range(1, 10)
        ]
    measured = satisfaction("pembinaan", rows, [])
    assert two_decimals(measured.actual_exact) == Decimal("91.25")
    assert measured.components["ikm_rata_layanan"] == Decimal("93.75")


def test_vector_S5():
    assert [krejcie_morgan(n) for n in (34, 100, 800, 100_000)] == [31, 80, 260, 383]


def test_vector_S6():
    pooled = pool([{"element": "u1", "n": 3, "sum": 4 + 3 + 4}])
    assert pooled["u1"].n == 3
    assert half_up(pooled["u1"].mean, 4) == Decimal("3.6667")


def test_vector_S7():
    assert two_decimals(ikm_of(answers([4] * 9, 1))) == Decimal("100.00")
    assert two_decimals(4 * 9 * Fraction("0.11") * 25) == Decimal("99.00")


def test_vector_S8():
    sums = (89, 92, 92, 59, 96, 96, 80, 95, 84)
    exact = ikm_of(answers(sums, 24))
    assert exact == Fraction("90.625")
    assert two_decimals(exact) == Decimal("90.63")
    by_decimals = sum(Decimal(total) / 24 / 9 for total in sums) * 25
    assert half_up(Fraction(by_decimals), 2) == Decimal("90.62")  # Decimal division is not exact


def test_vector_P5():
    values = ("66.91", "77.36", "81.40", "89.39", "90.00", "90.01", "60.00")
    assert [ip_asn_category(Decimal(value)) for value in values] == [
        "Rendah",
        "Sedang",
        "Tinggi",
        "Tinggi",
        "Tinggi",
        "Sangat Tinggi",
        "Sangat Rendah",
    ]


def test_vector_P6():
    def group(name, persons, mean):
        scores = dict.fromkeys(
            ("qualification", "competence", "performance", "discipline"), Decimal(0)
        )
        total = persons * Decimal(mean)
        return {"employee_group": name, "persons": persons, **scores, "total": total}

    rows = [group("PNS", 3252, "78.41"), group("PPPK", 171, "75.18")]
    assert two_decimals(compute("IKU.9", employee_score=rows).actual_exact) == Decimal("78.25")


NAMES_2024 = tuple(regime_of(2024).weights)


def ikpa(year, values, dispensation="0", not_applicable=()):
    regime = regime_of(year)
    weights = {
        name: Decimal(0 if name in not_applicable else weight)
        for name, weight in regime.weights.items()
    }
    by_name = dict(zip(regime.weights, map(Decimal, values.split()), strict=True))
    return recompute(by_name, weights, regime, Decimal(dispensation))


def test_vector_K1():
    found = ikpa(2024, "100 78.44 96.15 93.33 100 99.92 100", dispensation="0.50")
    assert two_decimals(found.total) == Decimal("95.32")
    assert two_decimals(found.final) == Decimal("94.82")
    assert ikpa_category(found.final) == "Baik"
    aspects = [two_decimals(mean) for mean in found.aspects.values()]
    assert aspects == [Decimal("89.22"), Decimal("97.35"), Decimal("100.00")]


def test_vector_K2():
    found = ikpa(
        2024,
        "100 78.44 96.15 93.33 100 99.92 100",
        not_applicable=("contract", "bill_settlement"),
    )
    assert two_decimals(found.total) == Decimal("75.99")
    assert found.conversion == 80
    assert found.final == Fraction("94.985")
    assert two_decimals(found.final) == Decimal("94.99")
    assert ikpa_category(found.final) == "Baik"


def test_vector_K3():
    found = ikpa(2022, "100 77.01 93.16 91 100 98.07 100 95")
    assert two_decimals(found.final) == Decimal("93.99")
    assert ikpa_category(found.final) == "Baik"


def test_vector_K7():
    values = ("95.36", "95.00", "94.99", "89.00", "88.99", "70.00", "69.99")
    assert [ikpa_category(Decimal(value)) for value in values] == [
        "Sangat Baik",
        "Sangat Baik",
        "Baik",
        "Baik",
        "Cukup",
        "Cukup",
        "Kurang",
    ]


def letters(**agencies):
    return [{"letter": name, "score": None, "agencies": n} for name, n in agencies.items()]


def test_vector_N1():
    known = compute("IKU.1", agency_nspk=letters(A=8, B=12, C=10, D=3, tidak_dinilai=1))
    assert (known.status, two_decimals(known.actual_exact)) == (Status.MEASURED, Decimal("58.82"))
    unknown = compute("IKU.1", agency_nspk=letters(belum=34))
    assert unknown.status is Status.NOT_YET_PUBLISHED


def test_vector_N2():
    measured = compute("IKU.1", agency_nspk=letters(A=4, B=5, C=1, belum=24))
    assert measured.status is Status.PROVISIONAL
    actual = two_decimals(measured.actual_exact)
    assert actual == Decimal("26.47")
    assert measured.components["batas_atas"] == Decimal("97.06")
    target = Target(Decimal(60), Unit.PERCENT)
    assert achieve(measured.status, Unit.PERCENT, actual, target, 4).status_word == "sementara"


def test_vector_A1():
    row = {
        "planning_score": Decimal("24.60"),
        "measurement_score": Decimal("21.00"),
        "reporting_score": Decimal("10.50"),
        "evaluation_score": Decimal("12.40"),
        "total_score": Decimal("68.50"),
        "predicate": "B",
        "letter_no": "LHE-1",
        "letter_date": date(2023, 11, 1),
    }
    measured = compute("IKU.12", sakip_score=[row])
    assert two_decimals(measured.actual_exact) == Decimal("68.50")
    assert measured.components["predikat"] == "B"
    assert measured.components["catatan"] == []


def test_vector_A2():
    values = ("70.00", "70.01", "90.00", "90.01", "30.00", "30.01", "0")
    predicates = [sakip_predicate(Decimal(value)) for value in values]
    assert predicates == ["B", "BB", "A", "AA", "D", "C", "D"]


def test_vector_A3():
    row = {
        "score": Decimal("77.29"),
        "category": "BB",
        "letter_no": "B-1",
        "letter_date": date(2023, 3, 1),
    }
    measured = compute("IKU.11", 2022, reform_index=[row])
    assert measured.components["kategori"] == "BB"
    assert measured.components["catatan"] == []


def statuses(cohort="this_year", **counts):
    return [
        {
            "issuer": "BPK",
            "cohort": cohort,
            "issued_in_quarter": cohort == "this_year",
            "status": status,
            "answer_term_open": False,
            "recommendations": counts[name],
        }
        for status, name in enumerate("abcd", start=1)
        if name in counts
    ]


def test_vector_F1():
    rows = statuses(a=18, b=3, c=1, d=2)
    measured = compute("IKU.14", audit_recommendation=rows, audit_finding=[])
    assert two_decimals(measured.actual_exact) == Decimal("83.33")
    shown = [measured.components[name] for name in ("v1", "v2", "v3", "v4")]
    assert shown == [Decimal(value) for value in ("83.33", "75.00", "81.82", "95.83")]
    assert follow_up_of(rows).total == 24


def test_vector_F2():
    measured = compute("IKU.14", audit_recommendation=[], audit_finding=[])
    assert measured.status is Status.NOTHING_TO_COUNT
    assert measured.components["catatan"] == ["tidak ada temuan"]
    word = achieve(measured.status, Unit.PERCENT, None, Target(Decimal(100), Unit.PERCENT), 4)
    assert word.status_word == "nihil"


def test_vector_H1():
    # The cohort as of the last day; which of its items are done changes with the quarter.
    first = statuses("carried", a=3, c=1) + statuses(a=2, c=4)
    second = statuses("carried", a=3, c=1) + statuses(a=6, c=2)
    values = [
        two_decimals(compute("IKU.8", oversight_recommendation=rows).actual_exact)
        for rows in (first, second)
    ]
    assert values == [Decimal("50.00"), Decimal("75.00")]
    assert two_decimals(share(5 + 9, 10 + 12).actual_exact) == Decimal("63.64")  # quarters added


def test_vector_C2():
    """Take last known value: at TW III the third of 25, 60, 75, 100; the second if it is late."""
    card, known = indicators()["IKU.6"].card, {1: 25, 2: 60, 3: 75, 4: 100}

    def shown(**changed):
        state = {
            "source": card.source,
            "is_in_force": True,
            "has_data": True,
            "is_overdue": True,
            "has_gap": False,
            "last_quarter": 3,
            "period_ended": True,
            "loads": (),
        }
        state = SourceState(**{**state, **changed})
        read = quarter_to_read(card, 3, state)
        settled = settle(card, share(known[read], 100), 3, read, state)
        return settled.actual_exact, settled.status

    assert shown() == (75, Status.MEASURED)
    assert shown(is_in_force=False, last_quarter=2) == (60, Status.PROVISIONAL)


def test_vector_C3():
    for weights, npss in (
        ((25, 25, 25, 25), "100.83"),
        ((25, 15, 30, 30), "100.60"),
        ((30, 20, 25, 25), "100.70"),
    ):
        found = roll_up(published_tables.lines(2023), published_tables.weights(*weights), 4)
        assert found.npss == Decimal(npss)


def test_vector_C4():
    colours = {"waspada": "yellow", "tercapai": "green", "belum tercapai": "red"}

    def colour(actual):
        status = Status.NOT_YET_PUBLISHED if actual is None else Status.MEASURED
        word = achieve(status, Unit.PERCENT, actual, Target(Decimal(100), Unit.PERCENT), 4)
        return colours.get(word.status_word, "grey")

    actuals = [Decimal(value) for value in ("85.63", "97.31", "100.00", "79.99")]
    assert [colour(actual) for actual in (*actuals, None)] == [
        "yellow",
        "yellow",
        "green",
        "red",
        "grey",
    ]


@pytest.mark.parametrize(
    ("year", "npss", "npss_120"),
    [
        (2020, "103.62", "100.74"),
        (2021, "136.07", "108.63"),
        (2022, "106.84", "105.70"),
        (2023, "100.83", "100.83"),
    ],
)
def test_vector_C5(year, npss, npss_120):
    found = roll_up(published_tables.lines(year), published_tables.weights(), 4)
    assert (found.npss, found.npss_120) == (Decimal(npss), Decimal(npss_120))


def test_vector_C6():
    lines = published_tables.lines(2023, not_reported=("IKU.12",))
    found = roll_up(lines, published_tables.weights(), 4)
    assert found.npss == Decimal("101.65")
    assert found.status is Status.PROVISIONAL
    assert found.npss_lower_bound == Decimal("96.55")


def usage(*by_quarter, systems=15):
    """Return a tally with so much use in each quarter, in whole and half systems."""
    rows = []
    for quarter, used in enumerate(by_quarter, start=1):
        whole, halves = int(used), int((used - int(used)) * 2)
        for utilisation, count in (
            ("1", whole),
            ("0.5", halves),
            ("0", systems - whole - halves),
        ):
            rows.append(
                {
                    "quarter": quarter,
                    "has_slice": True,
                    "has_row": True,
                    "utilisation": Decimal(utilisation),
                    "systems": count,
                }
            )
    return rows


def test_vector_J1():
    with pytest.raises(ValueError, match=r"IKU\.10: 16 sistem aktif .* harus 15"):
        compute("IKU.10", system_usage=usage(Fraction(12), systems=16))
    services = [{"digital": "yes", "digital_siasn": "yes", "has_row": True, "services": 11}]
    with pytest.raises(ValueError, match=r"IKU\.7: 11 layanan aktif, harus 12"):
        compute("IKU.7", digital_service=services)


def test_vector_J2():
    use = (Fraction(12), Fraction("13.5"), Fraction(15), Fraction(15))
    values = [
        two_decimals(compute("IKU.10", system_usage=usage(*use[:quarter])).actual_exact)
        for quarter in (1, 2, 3, 4)
    ]
    assert values == [Decimal(value) for value in ("80.00", "85.00", "90.00", "92.50")]
