"""IKU 11: the RB index."""

from datetime import date
from decimal import Decimal

import pytest

from schemas.card import Status
from transforms.iku.iku_11_bureaucratic_reform_index import compute


def row(score, category=None):
    return {
        "score": Decimal(score),
        "category": category,
        "letter_no": "B/1/2023",
        "letter_date": date(2023, 3, 1),
    }


def test_the_index_of_the_letter():
    measured = compute([row("77.29", " bb ")])
    assert (measured.status, measured.actual_exact) == (Status.MEASURED, Decimal("77.29"))
    assert measured.components == {
        "kategori": "BB",
        "nomor_surat": "B/1/2023",
        "tanggal_surat": "2023-03-01",
        "catatan": [],
    }


def test_it_may_pass_100():
    assert compute([row("104")]).components["kategori"] == "AA"


def test_another_category_than_printed_is_noted():
    assert compute([row("77.29", "A")]).components["catatan"] == [
        "kategori tercetak A, menurut tabel BB"
    ]


def test_no_letter_and_two_letters():
    assert compute([]).status is Status.NOT_YET_PUBLISHED
    with pytest.raises(ValueError, match=r"IKU\.11: 2 rows"):
        compute([row("77.29"), row("80")])
