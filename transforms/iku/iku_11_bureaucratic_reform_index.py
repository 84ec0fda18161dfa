"""IKU 11: the bureaucratic reform (RB) index, inherited from the whole of BKN."""

from fractions import Fraction

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.formulas import Rows, only_row, sakip_predicate

CARD = Card(
    code="IKU.11",
    short_name="Indeks RB",
    name_id="Indeks Pelaksanaan Reformasi Birokrasi Kantor Regional BKN",
    name_en="Bureaucratic reform index",
    counted="",
    consolidation=Consolidation.LAST_KNOWN,
    source="reform_index",
    methods=(
        Method(2020, "PermenPANRB 26/2020: nilai KemenPANRB untuk BKN", Unit.INDEX),
        Method(2023, "PermenPANRB 9/2023: nilai KemenPANRB untuk BKN", Unit.INDEX),
    ),
    known_in_fourth_quarter_only=True,
)


def compute(reform_index: Rows) -> Measurement:
    """Return the index of the letter, and its category by the table (RULES 5.2).

    Args:
        reform_index: none or one row: score (up to 110), category, letter_no, letter_date.
    """
    letter = only_row(reform_index, CARD.code)
    if letter is None:
        return Measurement(Status.NOT_YET_PUBLISHED)
    category = sakip_predicate(letter["score"])
    printed = (letter["category"] or "").strip().upper()
    return Measurement(
        Status.MEASURED,
        Fraction(letter["score"]),
        components={
            "kategori": category,
            "nomor_surat": letter["letter_no"],
            "tanggal_surat": str(letter["letter_date"]),
            "catatan": (
                [f"kategori tercetak {printed}, menurut tabel {category}"]
                if printed and printed != category
                else []
            ),
        },
    )
