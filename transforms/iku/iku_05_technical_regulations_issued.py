"""IKU 5: the share of proposed technical regulations and instruments that were enacted."""

from schemas.card import Card, Consolidation, Measurement, Method, Unit
from transforms.rules.formulas import Rows, counts_by, share

CARD = Card(
    code="IKU.5",
    short_name="Regulasi & Instrumen",
    name_id=(
        "Persentase Pemenuhan Regulasi Teknis dan Instrumen Manajemen ASN di Kantor Regional BKN"
    ),
    name_en="Share of proposed technical regulations and instruments enacted",
    counted="usulan",
    consolidation=Consolidation.COHORT_TO_DATE,
    source="technical_regulation",
    methods=(
        Method(
            2020,
            "Renja 2024 bab IV, IKU 5: ditetapkan per diusulkan, beserta usulan lama yang belum "
            "diputus",
            Unit.PERCENT,
        ),
    ),
)


def compute(technical_regulation: Rows) -> Measurement:
    """Divide the enacted proposals by the cohort (RULES 8.5, 10-Q29).

    A rejected proposal stays in the denominator of the year in which it was decided.

    Args:
        technical_regulation: proposals per cohort (this_year, carried) and state.
    """
    states = counts_by(
        technical_regulation, "state", ("enacted", "rejected", "undecided"), "proposals"
    )
    cohorts = counts_by(technical_regulation, "cohort", ("this_year", "carried"), "proposals")
    proposals = sum(states.values())
    return share(
        states["enacted"],
        proposals,
        {
            "ditolak": states["rejected"],
            "belum_diputus": states["undecided"],
            "bawaan": cohorts["carried"],
            "tahun_ini": cohorts["this_year"],
            "catatan": [] if proposals else ["tidak ada usulan"],
        },
    )
