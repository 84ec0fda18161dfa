"""The figures that Kantor Regional VI printed for 2020-2023: facts, not invented."""

from datetime import date
from decimal import Decimal

from tests.samples.delivery import Delivery, table
from tests.samples.workbooks import Form, Row, Said

OFFICE = "kanreg-06"
DOCUMENT = "Renja 2024 Kanreg VI"

# Printed below its foreword.
DOCUMENT_DATE = date(2024, 1, 11)

NOT_PRINTED = "N/A"

# Tables 1 to 14 of the document: by IKU the realisasi of 2020, 2021, 2022 and 2023.
ACTUALS: dict[str, tuple[str, str, str, str]] = {
    "IKU.1": ("5", "76", "58.82", NOT_PRINTED),
    "IKU.2": ("94.12", "100", "100", "100"),
    "IKU.3": ("89.5", "92.3", "89.53", "94.78"),
    "IKU.4": ("92", "91.32", "96.15", "99.23"),
    "IKU.5": ("100", "100", "100", "100"),
    "IKU.6": ("21", "100", "100", "100"),
    "IKU.7": ("65", "80", "100", "91.67"),
    "IKU.8": ("83", "79.35", "88.24", "88.24"),
    "IKU.9": ("66.91", "77.36", "81.40", "89.39"),
    "IKU.10": ("100", "100", "100", "100"),
    "IKU.11": ("80", "82", "77.29", NOT_PRINTED),
    "IKU.12": ("70.22", "71.91", "75.10", "68.50"),
    "IKU.13": ("99.15", "99.43", "99.86", "95.36"),
    "IKU.14": ("100", "100", "100", "100"),
}
YEARS = (2020, 2021, 2022, 2023)


def published_actuals() -> list[Delivery]:
    """Return a file per year; each figure stands for the whole year, so in its fourth quarter."""
    return [
        table("published_actual", f"{year}-Q4", _rows(position), Form.INDONESIAN_CSV)
        for position, year in enumerate(YEARS)
    ]


def _rows(position: int) -> list[Row]:
    return [
        {
            "iku": iku,
            "document": DOCUMENT,
            "document_date": DOCUMENT_DATE,
            "actual": _figure(actuals[position]),
            "page": f"Tabel {iku.removeprefix('IKU.')}",
        }
        for iku, actuals in ACTUALS.items()
    ]


def _figure(printed: str) -> Decimal | Said:
    return Said(None, NOT_PRINTED) if printed == NOT_PRINTED else Decimal(printed)
