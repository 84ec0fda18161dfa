"""RB index: the bureaucratic reform index of BKN, set by KemenPANRB (IKU 11)."""

from decimal import Decimal

import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Source
from schemas.terms import PREDICATES


class ReformIndex(pa.DataFrameModel):
    """One row per year measured: the letter that states the index (RULES 5.2)."""

    letter_no: str
    letter_date: pa.DateTime
    # A thematic bonus can lift the index above 100.
    score: object = pa.Field(ge=Decimal(0), le=Decimal(110))
    category: str = pa.Field(nullable=True, isin=tuple(PREDICATES))

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("letter_no",)


CARD = Source(
    code="reform_index",
    title="Indeks Reformasi Birokrasi BKN",
    kind=Kind.SNAPSHOT,
    cadence=Cadence.YEARLY,
    due_days=365,
    key=("letter_no",),
    columns=(
        Column("letter_no", FieldType.TEXT, ("Nomor Surat", "No Surat", "No. Surat")),
        Column("letter_date", FieldType.DATE, ("Tanggal Surat",)),
        Column("score", FieldType.DECIMAL, ("Indeks RB", "Nilai")),
        Column(
            "category",
            FieldType.CHOICE,
            ("Kategori", "Predikat"),
            required=False,
            choices=PREDICATES,
        ),
    ),
    contract=ReformIndex,
    one_row=True,
)
