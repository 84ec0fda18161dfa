"""IKU 1: the share of agencies graded A or B on NSPK."""

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.formulas import (
    Row,
    Rows,
    counts_by,
    in_indonesian,
    nspk_letter,
    nspk_scale,
    percent_of,
    share,
    two_decimals,
)

CARD = Card(
    code="IKU.1",
    short_name="NSPK A/B",
    name_id=(
        "Persentase Instansi Pemerintah yang Telah Menyelenggarakan Tata Kelola Manajemen ASN "
        "sesuai Norma, Standar, Prosedur, dan Kriteria di Wilayah Kerja Kantor Regional BKN"
    ),
    name_en="Share of agencies graded A or B on the implementation of NSPK",
    counted="instansi",
    consolidation=Consolidation.LAST_KNOWN,
    source="agency_nspk",
    methods=(
        Method(2020, "Renja 2024 bab IV, IKU 1: huruf A atau B per seluruh instansi", Unit.PERCENT),
        Method(2022, "Peraturan BKN 12/2022: huruf A atau B per seluruh instansi", Unit.PERCENT),
    ),
    known_in_fourth_quarter_only=True,
)

GRADED = ("A", "B", "C", "D", "E")
COUNTED = ("A", "B")
# BKN confirms that it did not assess the agency: final, and in the denominator.
NOT_ASSESSED = "tidak_dinilai"
NOT_KNOWN_YET = "belum"


def compute(agency_nspk: Rows, year: int) -> Measurement:
    """Divide the agencies graded A or B by all agencies, also those not graded (RULES 4.3).

    While a letter is awaited the value is provisional and shows how far it can rise. The letter
    that was delivered counts, also where its figure has another one by the table of the year.

    Args:
        agency_nspk: agencies per letter and score.
        year: the year measured.
    """
    letters = counts_by(agency_nspk, "letter", (*GRADED, NOT_ASSESSED, NOT_KNOWN_YET), "agencies")
    awaited = letters[NOT_KNOWN_YET]
    good = sum(letters[letter] for letter in COUNTED)
    agencies = sum(letters.values())
    disagreeing = [row for row in agency_nspk if _disagrees(row, year)]
    components: dict[str, object] = {
        "huruf": letters,
        "huruf_berbeda": sum(int(row["agencies"]) for row in disagreeing),
        "catatan": [_note(row, year) for row in disagreeing],
    }
    if awaited and not any(letters[letter] for letter in GRADED):
        return Measurement(Status.NOT_YET_PUBLISHED, components=components)
    if awaited:
        components["batas_atas"] = percent_of(good + awaited, agencies)
        components["sebab_sementara"] = [f"huruf {awaited} instansi belum diketahui"]
    return share(good, agencies, components, provisional=awaited > 0)


def _disagrees(row: Row, year: int) -> bool:
    """Tell whether the table of the year gives the score another letter, or none."""
    if row["letter"] not in GRADED or row["score"] is None or nspk_scale(year) is None:
        return False
    delivered: str = row["letter"]
    return nspk_letter(row["score"], year) != delivered


def _note(row: Row, year: int) -> str:
    by_table = nspk_letter(row["score"], year) or "tanpa huruf"
    score = in_indonesian(two_decimals(row["score"]))
    return f"{row['agencies']} instansi: huruf {row['letter']}, nilai {score} ({by_table})"
