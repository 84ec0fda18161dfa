"""IKU 7: services offered digitally."""

from decimal import Decimal

import pytest

from schemas.card import Status
from transforms.iku.iku_07_services_offered_digitally import compute


def row(digital, digital_siasn, services, has_row=True):
    return {
        "digital": digital,
        "digital_siasn": digital_siasn,
        "has_row": has_row,
        "services": services,
    }


def test_published_2023():
    measured = compute([row("yes", "yes", 9), row("yes", "no", 2), row("no", "no", 1)])
    assert measured.status is Status.MEASURED
    assert (measured.numerator, measured.denominator) == (11, 12)
    assert measured.components == {
        "layanan_siasn": 9,
        "layanan_lokal": 2,
        "nilai_siasn": Decimal("75.00"),
        "tanpa_baris": 0,
    }


def test_inside_siasn_implies_digital():
    assert compute([row("no", "yes", 6), row("no", "no", 6)]).numerator == 6


def test_a_service_without_a_row_counts_as_no_and_makes_it_provisional():
    measured = compute([row("yes", "yes", 10), row("no", "no", 2, has_row=False)])
    assert measured.status is Status.PROVISIONAL
    assert (measured.numerator, measured.denominator) == (10, 12)
    assert measured.components["sebab_sementara"] == ["2 layanan tanpa baris"]


def test_no_row_of_any_service_is_not_zero_percent():
    assert compute([row("no", "no", 12, has_row=False)]).status is Status.NOT_YET_PUBLISHED


@pytest.mark.parametrize("services", [0, 11, 13])
def test_there_must_be_twelve(services):
    with pytest.raises(ValueError, match=rf"IKU\.7: {services} layanan aktif, harus 12"):
        compute([row("yes", "yes", services)])
