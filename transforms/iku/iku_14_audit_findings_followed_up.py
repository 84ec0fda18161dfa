"""IKU 14: the share of audit recommendations of BPK and of the inspectorate followed up."""

from schemas.card import Card, Consolidation, Measurement, Method, Unit
from transforms.rules.follow_up import closed_share, follow_up_of
from transforms.rules.formulas import Rows, counts_by

CARD = Card(
    code="IKU.14",
    short_name="Tindak Lanjut Temuan",
    name_id=(
        "Persentase Tindak Lanjut Temuan Hasil Audit/Pemeriksaan BPK/Inspektorat BKN di Kantor "
        "Regional BKN"
    ),
    name_en="Share of audit recommendations followed up",
    counted="rekomendasi",
    consolidation=Consolidation.COHORT_TO_DATE,
    source="audit_finding",
    methods=(
        Method(
            2017,
            "Peraturan BPK 2/2017: status 1 dan 4 per rekomendasi terbuka 1 Januari dan yang "
            "terbit sesudahnya",
            Unit.PERCENT,
        ),
    ),
)


def compute(audit_recommendation: Rows, audit_finding: Rows) -> Measurement:
    """Divide the closed recommendations by the cohort on the quarter's last day (RULES 10-Q11).

    The other readings of the rule, the findings and each issuer stand beside it.

    Args:
        audit_recommendation: recommendations per issuer, cohort, status and answer_term_open.
        audit_finding: findings per issuer and closed: all, some or none of their
            recommendations.
    """
    follow_up = follow_up_of(audit_recommendation)
    findings = counts_by(audit_finding, "closed", ("all", "some", "none"), "findings")
    return closed_share(
        audit_recommendation,
        {
            "v1": follow_up.v1,
            "v2": follow_up.v2,
            "v3": follow_up.v3,
            "v4": follow_up.v4,
            "temuan": {
                "jumlah": sum(findings.values()),
                "selesai": findings["all"],
                "sebagian": findings["some"],
                "belum": findings["none"],
            },
            "penerbit": _issuers(audit_recommendation),
        },
        when_none="tidak ada temuan",
    )


def _issuers(rows: Rows) -> list[dict[str, object]]:
    counts = {
        issuer: follow_up_of([row for row in rows if row["issuer"] == issuer])
        for issuer in sorted({row["issuer"] for row in rows})
    }
    return [
        {
            "penerbit": issuer,
            "rekomendasi": follow_up.total,
            "ditindaklanjuti": follow_up.closed,
            "nilai": follow_up.v1,
        }
        for issuer, follow_up in counts.items()
    ]
