"""IKU 9: the professionality index (IP ASN) of the office's own staff."""

from schemas.card import Card, Consolidation, Measurement, Method, Unit
from transforms.rules.formulas import Rows
from transforms.rules.professionalism import index_of_office

CARD = Card(
    code="IKU.9",
    short_name="IP ASN Kanreg",
    name_id="Indeks Profesionalitas ASN Kantor Regional BKN",
    name_en="Professionality index of the office's own staff",
    counted="",
    consolidation=Consolidation.LAST_KNOWN,
    source="office_employee",
    methods=(
        Method(2019, "PermenPANRB 38/2018, Peraturan BKN 8/2019: nilai resmi", Unit.INDEX),
        Method(
            2023,
            "Surat BKN 4190/B-BM.02.01/SD/K/2024: nilai resmi BKN, tidak dihitung ulang",
            Unit.INDEX,
        ),
    ),
    known_in_fourth_quarter_only=True,
)


def compute(employee_score: Rows) -> Measurement:
    """Return the mean official score of the active staff, PNS and PPPK by head (RULES 2.6).

    Args:
        employee_score: persons and sums of the four dimensions and of the total, per group.
    """
    return index_of_office(employee_score)
