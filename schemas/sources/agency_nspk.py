"""NSPK index of agencies: the letters that BKN gave for a year (IKU 1)."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Scope, Source
from schemas.terms import AGENCY_CODE, NSPK_GRADES, NSPK_WRITTEN


class AgencyNspk(pa.DataFrameModel):
    """One row per agency and year measured; the delivered letter counts (RULES 4.2, 4.3)."""

    agency: str = pa.Field(str_matches=AGENCY_CODE)
    # An empty letter is told apart below: with a score beside it, the letter was forgotten.
    letter: str = pa.Field(nullable=True, isin=sorted(set(NSPK_WRITTEN.values())))
    score: object = pa.Field(nullable=True, ge=Decimal(0), le=Decimal(100))
    instrument: str = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("agency",)

    @pa.dataframe_check(error="nilai_tanpa_huruf")
    def a_score_has_a_letter(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a score without the letter by which it counts."""
        return ~(rows["score"].notna() & ~rows["letter"].isin(NSPK_GRADES))

    @pa.dataframe_check(error="huruf_kosong")
    def a_row_says_something(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a row with neither: `belum` and `tidak dinilai` must be written."""
        return ~(rows["score"].isna() & rows["letter"].isna())


CARD = Source(
    code="agency_nspk",
    title="Indeks NSPK instansi",
    kind=Kind.SNAPSHOT,
    cadence=Cadence.YEARLY,
    due_days=365,
    key=("agency",),
    columns=(
        Column("agency", FieldType.AGENCY, ("Instansi", "Nama Instansi")),
        Column(
            "letter",
            FieldType.CHOICE,
            ("Huruf", "Kategori", "Predikat"),
            choices=NSPK_WRITTEN,
        ),
        Column("score", FieldType.DECIMAL, ("Nilai", "Nilai Indeks", "Indeks NSPK")),
        Column("instrument", FieldType.TEXT, ("Instrumen",), required=False),
    ),
    contract=AgencyNspk,
    scope=Scope.AGENCY,
)
