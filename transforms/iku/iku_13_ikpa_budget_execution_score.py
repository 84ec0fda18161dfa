"""IKU 13: the score of budget execution (IKPA)."""

from fractions import Fraction

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.budget_execution import (
    REGIMES,
    identity_differences,
    recompute_row,
    regime_of,
)
from transforms.rules.formulas import Row, Rows, ikpa_category, only_row, two_decimals

CARD = Card(
    code="IKU.13",
    short_name="Nilai IKPA",
    name_id="Kualitas Pelaksanaan Anggaran Kantor Regional BKN",
    name_en="Score of budget execution (IKPA)",
    counted="",
    consolidation=Consolidation.LAST_KNOWN,
    source="ikpa",
    methods=(
        Method(2020, "Renja 2024, IKU 13: nilai tercetak, hanya diimpor", Unit.SCORE),
        Method(2022, "PER-5/PB/2022: Nilai Akhir OM-SPAN bulan terakhir triwulan", Unit.SCORE),
        Method(2024, "PER-5/PB/2024: Nilai Akhir OM-SPAN bulan terakhir triwulan", Unit.SCORE),
    ),
)


def compute(ikpa: Rows, year: int) -> Measurement:
    """Return the printed final score; what does not follow from the other figures is noted.

    Args:
        ikpa: none or one row, of the office's own satker up to the quarter's last month: the
            columns of `staging.ikpa`.
        year: the year of the report.

    Raises:
        ValueError: the report has the layout of other years than its own.
    """
    report = only_row(ikpa, CARD.code)
    if report is None:
        return Measurement(Status.NOT_YET_PUBLISHED)
    final = Fraction(report["final_score"])
    if year < REGIMES[0].valid_from:
        note = f"IKPA sebelum {REGIMES[0].valid_from} hanya diimpor, tidak dihitung ulang"
        return Measurement(Status.MEASURED, final, components={"catatan": [note]})
    return Measurement(Status.MEASURED, final, components=_components(report, year))


def _components(report: Row, year: int) -> dict[str, object]:
    if regime_of(int(report["regime"])) != regime_of(year):
        raise ValueError(
            f"{CARD.code}: laporan memakai aturan {report['regime']}, padahal tahun {year} diatur "
            f"{regime_of(year).reference}"
        )
    again = recompute_row(report)
    return {
        "kategori": ikpa_category(report["final_score"]),
        "nilai_total": two_decimals(report["total_score"]),
        "konversi_bobot": two_decimals(report["conversion_pct"]),
        "dispensasi": two_decimals(report["dispensation_score"]),
        "nilai_hitung_ulang": two_decimals(again.final),
        "aspek": {aspect: two_decimals(mean) for aspect, mean in again.aspects.items()},
        "catatan": [str(difference) for difference in identity_differences(report)],
    }
