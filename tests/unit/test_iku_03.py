"""IKU 3: satisfaction with guidance."""

from transforms.iku.iku_03_satisfaction_with_guidance import compute


def element(kind, total):
    return {
        "kind": kind,
        "service": "S1",
        "unit": "PSK",
        "element": "u1",
        "n": 2,
        "sum": total,
        "respondents": 2,
        "quarter_respondents": 1,
    }


def test_only_guidance_counts():
    services = [
        {"kind": kind, "service": "S1", "rejected": rejected, "population": None}
        for kind, rejected in (("pembinaan", 3), ("layanan_kepegawaian", 9))
    ]
    measured = compute([element("pembinaan", 8), element("layanan_kepegawaian", 2)], services)
    assert measured.actual_exact == 100
    assert measured.components["responden"] == 2
    assert measured.components["n_ditolak"] == 3
    assert "unit" not in measured.components
