"""IKU 9: IP ASN of the office's own staff."""

from decimal import Decimal

from schemas.card import Status
from transforms.iku.iku_09_ip_asn_of_this_office import compute


def test_pns_and_pppk_count_by_head():
    def group(name, persons, total):
        scores = dict.fromkeys(
            ("qualification", "competence", "performance", "discipline"), Decimal(0)
        )
        return {"employee_group": name, "persons": persons, **scores, "total": Decimal(total)}

    measured = compute([group("PNS", 3, 270), group("PPPK", 1, 60)])
    assert measured.actual_exact == Decimal("82.5")
    assert measured.components["kategori"] == "Tinggi"


def test_no_scores():
    assert compute([]).status is Status.NOT_YET_PUBLISHED
