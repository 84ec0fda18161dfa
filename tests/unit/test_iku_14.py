"""IKU 14: audit recommendations followed up."""

from decimal import Decimal

import pytest

from schemas.card import Status
from transforms.iku.iku_14_audit_findings_followed_up import compute


def row(issuer, status, recommendations, term_open=False):
    return {
        "issuer": issuer,
        "cohort": "this_year",
        "status": status,
        "answer_term_open": term_open,
        "recommendations": recommendations,
    }


def finding(closed, findings, issuer="BPK"):
    return {"issuer": issuer, "closed": closed, "findings": findings}


def test_variants_findings_and_issuers_stand_beside():
    measured = compute(
        [
            row("Inspektorat", 1, 6),
            row("Inspektorat", 3, 1, term_open=True),
            row("BPK", 1, 12),
            row("BPK", 2, 3),
            row("BPK", 4, 2),
        ],
        [finding("all", 5), finding("some", 2), finding("none", 1, "Inspektorat")],
    )
    assert (measured.numerator, measured.denominator) == (20, 24)
    assert measured.components["v1"] == Decimal("83.33")
    assert measured.components["v4"] == Decimal("95.83")
    assert measured.components["belum_jatuh_tempo"] == 1
    assert measured.components["temuan"] == {
        "jumlah": 8,
        "selesai": 5,
        "sebagian": 2,
        "belum": 1,
    }
    assert measured.components["penerbit"] == [
        {
            "penerbit": "BPK",
            "rekomendasi": 17,
            "ditindaklanjuti": 14,
            "nilai": Decimal("82.35"),
        },
        {
            "penerbit": "Inspektorat",
            "rekomendasi": 7,
            "ditindaklanjuti": 6,
            "nilai": Decimal("85.71"),
        },
    ]


def test_no_finding():
    measured = compute([], [])
    assert measured.status is Status.NOTHING_TO_COUNT
    assert measured.components["catatan"] == ["tidak ada temuan"]
    assert measured.components["v1"] is None


def test_an_unknown_state_of_a_finding_is_refused():
    with pytest.raises(ValueError, match="closed is 'most'"):
        compute([], [finding("most", 1)])
