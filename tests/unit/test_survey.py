"""The satisfaction survey, against hand-made cases and the slow reference."""

import csv
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.card import Status
from tests.golden import slow
from transforms.rules.formulas import two_decimals
from transforms.rules.survey import (
    ELEMENTS,
    Answers,
    ikm_of,
    index_of,
    krejcie_morgan,
    pool,
    satisfaction,
)

KIND = "pembinaan"


def tallies(answers, kind=KIND, population=None, rejected=0, quarter=None):
    """Count answers as the tallies do; all are of the quarter unless it is said how many."""
    n, total = Counter(), Counter()
    forms = Counter((answer["service"], answer["unit"]) for answer in answers)
    for answer in answers:
        for element in ELEMENTS:
            if answer[element] is not None:
                key = (answer["service"], answer["unit"], element)
                n[key] += 1
                total[key] += answer[element]
    elements = [
        {
            "kind": kind,
            "service": service,
            "unit": unit,
            "element": element,
            "n": n[service, unit, element],
            "sum": total[service, unit, element],
            "respondents": forms[service, unit],
            "quarter_respondents": forms[service, unit] if quarter is None else quarter,
        }
        for service, unit, element in sorted(n)
    ]
    services = [
        {"kind": kind, "service": service, "rejected": rejected, "population": population}
        for service in sorted({answer["service"] for answer in answers})
    ]
    return elements, services


def answer(value, service="S1", unit="PSK", **others):
    return {**dict.fromkeys(ELEMENTS, value), "service": service, "unit": unit, **others}


def forms(answers):
    """Return answers as the slow computation keeps them: the nine stand in the fourth place."""
    return [("", one["service"], None, [one[element] for element in ELEMENTS]) for one in answers]


one_answer = st.fixed_dictionaries(
    {
        **{element: st.sampled_from([None, 1, 2, 3, 4]) for element in ELEMENTS},
        "service": st.sampled_from(["S1", "S2", "S3"]),
        "unit": st.sampled_from(["PSK", "INKA"]),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(one_answer, min_size=1, max_size=25))
def test_equals_the_slow_reference(answers):
    measured = satisfaction(KIND, *tallies(answers))
    assert measured.actual_exact == slow.ikm(forms(answers))
    if measured.actual_exact is None:
        assert measured.status is Status.NOT_YET_PUBLISHED
        return
    assert 25 <= measured.actual_exact <= 100
    services = {one["service"] for one in answers}
    each = [slow.ikm(forms(one for one in answers if one["service"] == name)) for name in services]
    known = [index for index in each if index is not None]
    mean = slow.hundredths(sum(known) / len(known))
    assert measured.components["ikm_rata_layanan"] == Decimal(mean).scaleb(-2)


@settings(max_examples=100, deadline=None)
@given(st.lists(one_answer, min_size=1, max_size=12), st.randoms())
def test_the_order_of_answers_does_not_matter(answers, random):
    before = satisfaction(KIND, *tallies(answers))
    random.shuffle(answers)
    assert satisfaction(KIND, *tallies(answers)) == before


def test_only_services_of_the_kind_count():
    elements, services = tallies([answer(4)])
    other_elements, other_services = tallies([answer(1)], kind="layanan_kepegawaian")
    measured = satisfaction(KIND, elements + other_elements, services + other_services)
    assert measured.actual_exact == 100
    assert measured.components["responden"] == 1


def test_a_share_of_the_regulation_has_neither_numerator_nor_denominator():
    measured = satisfaction(KIND, *tallies([answer(3)]))
    assert (measured.numerator, measured.denominator) == (None, None)


def test_nobody_answered():
    measured = satisfaction(KIND, [], [])
    assert measured.status is Status.NOT_YET_PUBLISHED
    assert measured.components["responden"] == 0
    with pytest.raises(ValueError, match="no index"):
        index_of({})


def test_an_element_nobody_answered_is_left_out_and_flagged():
    measured = satisfaction(KIND, *tallies([answer(4, u1=2, u9=None), answer(4, u9=None)]))
    assert measured.actual_exact == Fraction(3 + 7 * 4, 8) * 25
    assert measured.components["unsur_tanpa_jawaban"] == ["U9"]
    assert "unsur tanpa jawaban tidak dihitung: U9" in measured.components["catatan"]


def test_elements_one_by_one():
    measured = satisfaction(KIND, *tallies([answer(4), answer(4, u2=3), answer(4, u2=None)]))
    u2 = next(row for row in measured.components["unsur"] if row["unsur"] == "U2")
    assert u2 == {
        "unsur": "U2",
        "nama": "Sistem, mekanisme, dan prosedur",
        "n": 2,
        "nrr": Decimal("3.5000"),
        "nilai": Decimal("87.50"),
        "mutu": "B",
    }


def test_services_one_by_one_however_small():
    answers = [answer(4)] * 3 + [answer(3, service="S2")]
    measured = satisfaction(KIND, *tallies(answers))
    assert measured.components["layanan"] == [
        {"layanan": "S1", "responden": 3, "ikm": Decimal("100.00"), "mutu": "A"},
        {"layanan": "S2", "responden": 1, "ikm": Decimal("75.00"), "mutu": "C"},
    ]
    assert measured.components["ikm_rata_layanan"] == Decimal("87.50")
    assert measured.components["ikm"] == Decimal("93.75")
    assert measured.components["indeks"] == Decimal("3.7500")
    assert (measured.components["mutu"], measured.components["kinerja"]) == ("A", "Sangat baik")


def test_rejected_rows_are_shown_also_those_of_no_service():
    elements, services = tallies([answer(4)], rejected=2)
    nowhere = {"service": "", "rejected": 5, "population": None}
    measured = satisfaction(KIND, elements, [*services, {"kind": "tanpa_layanan", **nowhere}])
    assert measured.components["n_ditolak"] == 2
    assert measured.components["n_ditolak_tanpa_layanan"] == 5
    assert measured.components["responden"] == 1


@pytest.mark.parametrize(
    ("population", "minimum", "is_short"),
    [(2, 2, False), (3, 3, False), (800, 260, True), (None, 384, True)],
)
def test_sample(population, minimum, is_short):
    measured = satisfaction(KIND, *tallies([answer(4)] * 3, population=population))
    assert measured.status is Status.MEASURED  # flagged, never suppressed
    assert measured.components["populasi"] == population
    assert measured.components["sampel_minimum"] == minimum
    assert measured.components["sampel_kurang"] is is_short


def test_a_population_known_of_some_services_only_is_not_known():
    elements, services = tallies([answer(4), answer(4, service="S2")], population=50)
    assert satisfaction(KIND, elements, services).components["populasi"] == 100
    services[1]["population"] = None
    for known in (services, services[:1]):
        measured = satisfaction(KIND, elements, known)
        assert measured.components["populasi"] is None
        assert measured.components["sampel_minimum"] == 384


def test_respondents_of_all_units_of_a_service_count():
    answers = [answer(4)] * 3 + [answer(4, unit="INKA", u9=None)] * 2
    measured = satisfaction(KIND, *tallies(answers))
    assert measured.components["responden"] == 5
    assert measured.components["layanan"][0]["responden"] == 5


def test_a_quarter_without_respondents_of_the_kind_is_provisional():
    elements, services = tallies([answer(4)] * 3 + [answer(4, service="S2")], quarter=0)
    measured = satisfaction(KIND, elements, services)
    assert (measured.status, measured.actual_exact) == (Status.PROVISIONAL, 100)
    assert measured.components["sebab_sementara"] == [
        "belum ada responden layanan pembinaan pada triwulan ini"
    ]
    elements[-1]["quarter_respondents"] = 1
    assert satisfaction(KIND, elements, services).status is Status.MEASURED


def test_a_quarter_without_any_file_is_left_to_the_rule_for_missing_files():
    elements, services = tallies([answer(4)])
    elements = [{**row, "quarter_respondents": None} for row in elements]
    assert satisfaction(KIND, elements, services).status is Status.MEASURED


def test_krejcie_morgan_gives_the_published_table():
    table = {10: 10, 15: 14, 55: 48, 260: 155, 290: 165, 1900: 320, 2800: 338, 20_000: 377}
    assert {population: krejcie_morgan(population) for population in table} == table


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**8))
def test_krejcie_morgan_never_asks_for_more_than_there_are(population):
    sample = krejcie_morgan(population)
    assert 0 <= sample <= min(population, 384)
    assert sample <= krejcie_morgan(population + 1)


@pytest.mark.parametrize(("n", "total"), [(3, 2), (3, 13)])
def test_answers_outside_the_scale_are_refused(n, total):
    with pytest.raises(ValueError, match=f"u1: {n} answers"):
        pool([{"element": "u1", "n": n, "sum": total}])


def test_an_unknown_element_is_refused():
    with pytest.raises(ValueError, match="'u10' is no element"):
        pool([{"element": "u10", "n": 1, "sum": 1}])


def test_k_is_the_number_of_elements_asked():
    asked = {element: Answers(2, 8) for element in list(ELEMENTS)[:5]}
    assert two_decimals(ikm_of(asked)) == Decimal("100.00")


ANSWERS = Path(__file__).parents[3] / "shared" / "cases" / "skm" / "answers-sekadau-2019-s1.csv"


@pytest.mark.needs_shared
@pytest.mark.skipif(not ANSWERS.exists(), reason="the published cases are not beside the project")
def test_published_answers():
    with ANSWERS.open(encoding="utf-8") as file:
        answers = [
            answer(None, **{element: int(row[element.upper()]) for element in ELEMENTS})
            for row in csv.DictReader(file)
        ]
    measured = satisfaction(KIND, *tallies(answers))
    assert measured.components["responden"] == 49
    assert two_decimals(measured.actual_exact) == Decimal("78.74")
    assert slow.hundredths(slow.ikm(forms(answers))) == 7874
