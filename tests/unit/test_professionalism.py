"""The professionality index of an office: every person weighs the same."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.card import Status
from transforms.rules.professionalism import index_of_office


def group(name, persons, qualification, competence, performance, discipline, total):
    sums = (qualification, competence, performance, discipline, total)
    columns = ("qualification", "competence", "performance", "discipline", "total")
    return {
        "employee_group": name,
        "persons": persons,
        **{column: Decimal(value) for column, value in zip(columns, sums, strict=True)},
    }


scores = st.decimals(0, 100, places=2)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["PNS", "PPPK"]), scores), min_size=1, max_size=40))
def test_it_is_the_mean_of_the_persons_not_of_the_groups(employees):
    rows = [
        group(name, sum(of == name for of, _ in employees), 0, 0, 0, 0, sum(own))
        for name in ("PNS", "PPPK")
        if (own := [score for of, score in employees if of == name])
    ]
    measured = index_of_office(rows)
    total = sum(Fraction(score) for _, score in employees)
    assert measured.actual_exact == total / len(employees)
    assert measured.components["pegawai"] == len(employees)


def test_groups_and_dimensions_are_shown_as_means():
    measured = index_of_office(
        [group("PNS", 2, 40, 60, 50, 10, 160), group("PPPK", 1, 15, 20, 25, 5, 65)]
    )
    assert measured.status is Status.MEASURED
    assert measured.actual_exact == 75
    assert (measured.numerator, measured.denominator) == (None, None)
    assert measured.components["kategori"] == "Sedang"
    assert measured.components["kualifikasi"] == Decimal("18.33")
    assert measured.components["disiplin"] == Decimal("5.00")
    assert measured.components["kelompok"][0] == {
        "kelompok": "PNS",
        "pegawai": 2,
        "kualifikasi": Decimal("20.00"),
        "kompetensi": Decimal("30.00"),
        "kinerja": Decimal("25.00"),
        "disiplin": Decimal("5.00"),
        "total": Decimal("80.00"),
    }
    assert measured.components["catatan"] == []


def test_dimensions_that_do_not_add_up_are_noted_and_the_total_stays():
    within = group("PNS", 100, 2000, 3000, 2500, 500, 8002)
    beyond = group("PPPK", 100, 2000, 3000, 2500, 500, "8002.01")
    measured = index_of_office([within, beyond])
    assert measured.actual_exact == Decimal("80.02005")
    assert measured.components["catatan"] == [
        "PPPK: jumlah empat dimensi tidak sama dengan nilai total"
    ]


def test_no_staff_is_not_known_yet():
    assert index_of_office([]).status is Status.NOT_YET_PUBLISHED
    assert index_of_office([group("PNS", 0, 0, 0, 0, 0, 0)]).status is Status.NOT_YET_PUBLISHED
