"""IKU 3: satisfaction with guidance."""

from transforms.iku.iku_03_satisfaction_with_guidance import compute


def element(kind, total):
    return {"kind": kind, "service": "S1", "unit": "PSK", "element": "u1", "n": 2, "sum": total}


def test_only_guidance_counts():
    respondents = [
        {
            "kind": kind,
            "service": "S1",
            "respondents": count,
            "rejected": 0,
            "population": None,
        }
        for kind, count in (("pembinaan", 2), ("layanan_kepegawaian", 9))
    ]
    measured = compute([element("pembinaan", 8), element("layanan_kepegawaian", 2)], respondents)
    assert measured.actual_exact == 100
    assert measured.components["responden"] == 2
    assert "unit" not in measured.components
