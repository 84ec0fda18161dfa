"""IKU 12: the score of the evaluation of performance accountability (SAKIP)."""

from collections.abc import Mapping
from fractions import Fraction

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.formulas import (
    Row,
    Rows,
    in_indonesian,
    only_row,
    sakip_predicate,
    two_decimals,
)

CARD = Card(
    code="IKU.12",
    short_name="Skor SAKIP",
    name_id="Skor atas Hasil Evaluasi Akuntabilitas Kinerja Kantor Regional BKN",
    name_en="Score of the evaluation of performance accountability",
    counted="",
    consolidation=Consolidation.LAST_KNOWN,
    source="sakip_score",
    methods=(
        Method(2015, "PermenPANRB 12/2015: skor LHE Inspektorat BKN", Unit.SCORE),
        # Issued in December 2021, so first used for a report of 2022.
        Method(2022, "PermenPANRB 88/2021: skor LHE Inspektorat BKN", Unit.SCORE),
        Method(
            2023,
            "PermenPANRB 88/2021, Keputusan Kepala BKN 321.1/2023: skor LHE Inspektorat BKN",
            Unit.SCORE,
        ),
    ),
    known_in_fourth_quarter_only=True,
)

# Column of the tally -> component of PermenPANRB 88/2021, each score already on its weight.
COMPONENTS: Mapping[str, str] = {
    "planning_score": "perencanaan",
    "measurement_score": "pengukuran",
    "reporting_score": "pelaporan",
    "evaluation_score": "evaluasi",
}
# Before, there was a fifth one, "pencapaian kinerja", so these four do not make the total.
FOUR_COMPONENTS_FROM = 2022
TOLERANCE = Fraction(1, 100)


def compute(sakip_score: Rows, year: int) -> Measurement:
    """Return the total of the evaluation report, and its predicate by the table (RULES 5.1).

    Args:
        sakip_score: none or one row: the scores of the components, total_score, predicate,
            letter_no, letter_date.
        year: the year in which the report was issued.
    """
    letter = only_row(sakip_score, CARD.code)
    if letter is None:
        return Measurement(Status.NOT_YET_PUBLISHED)
    return Measurement(
        Status.MEASURED,
        Fraction(letter["total_score"]),
        components={
            "predikat": sakip_predicate(letter["total_score"]),
            **{name: two_decimals(letter[column]) for column, name in COMPONENTS.items()},
            "nomor_lhe": letter["letter_no"],
            "tanggal_lhe": str(letter["letter_date"]),
            "catatan": _notes(letter, year),
        },
    )


def _notes(letter: Row, year: int) -> list[str]:
    notes = []
    parts = sum((Fraction(letter[column]) for column in COMPONENTS), Fraction(0))
    if year >= FOUR_COMPONENTS_FROM and abs(parts - Fraction(letter["total_score"])) > TOLERANCE:
        notes.append(
            f"jumlah komponen {in_indonesian(two_decimals(parts))}, tercetak "
            f"{in_indonesian(two_decimals(letter['total_score']))}"
        )
    predicate = sakip_predicate(letter["total_score"])
    printed = (letter["predicate"] or "").strip().upper()
    if printed and printed != predicate:
        notes.append(f"predikat tercetak {printed}, menurut tabel {predicate}")
    return notes
