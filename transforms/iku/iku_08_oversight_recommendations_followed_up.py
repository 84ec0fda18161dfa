"""IKU 8: the share of recommendations of oversight (wasdal) that were followed up."""

from schemas.card import Card, Consolidation, Measurement, Method, Unit
from transforms.rules.follow_up import closed_share, follow_up_of
from transforms.rules.formulas import Rows

CARD = Card(
    code="IKU.8",
    short_name="Tindak Lanjut Wasdal",
    name_id=(
        "Persentase Rekomendasi Hasil Pengawasan dan Pengendalian Kepegawaian yang "
        "Ditindaklanjuti di Kantor Regional BKN"
    ),
    name_en="Share of oversight recommendations followed up",
    counted="rekomendasi",
    consolidation=Consolidation.COHORT_TO_DATE,
    source="oversight_recommendation",
    methods=(
        Method(
            2020,
            "Renja 2024 bab IV, IKU 8: status 1 dan 4 per rekomendasi terbuka 1 Januari dan yang "
            "terbit sesudahnya",
            Unit.PERCENT,
        ),
    ),
)


def compute(oversight_recommendation: Rows) -> Measurement:
    """Divide the closed recommendations by the cohort on the quarter's last day (RULES 6.3).

    The figure of the quarter alone stands beside it: the one that the office has printed.

    Args:
        oversight_recommendation: recommendations per cohort, issued_in_quarter, status and
            answer_term_open.
    """
    of_quarter = follow_up_of([row for row in oversight_recommendation if row["issued_in_quarter"]])
    return closed_share(
        oversight_recommendation,
        {
            "triwulan_ini": {
                "rekomendasi": of_quarter.total,
                "ditindaklanjuti": of_quarter.closed,
                "nilai": of_quarter.v1,
            }
        },
        when_none="tidak ada rekomendasi",
    )
