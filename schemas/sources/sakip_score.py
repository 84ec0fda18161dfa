"""SAKIP score: the evaluation of this office's accountability by Inspektorat BKN (IKU 12)."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Source
from schemas.terms import PREDICATES

COMPONENTS = ("planning_score", "measurement_score", "reporting_score", "evaluation_score")
TOLERANCE = Decimal("0.01")


class SakipScore(pa.DataFrameModel):
    """One row per year in which an LHE was issued: its four components and their sum (RULES 5.1).

    The maxima are the weights of PermenPANRB 88/2021.
    """

    letter_no: str
    letter_date: pa.DateTime
    planning_score: object = pa.Field(ge=Decimal(0), le=Decimal(30))
    measurement_score: object = pa.Field(ge=Decimal(0), le=Decimal(30))
    reporting_score: object = pa.Field(ge=Decimal(0), le=Decimal(15))
    evaluation_score: object = pa.Field(ge=Decimal(0), le=Decimal(25))
    total_score: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    predicate: str = pa.Field(nullable=True, isin=tuple(PREDICATES))

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("letter_no",)

    @pa.dataframe_check(error="jumlah_komponen_berbeda")
    def total_is_the_sum(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a total that its components do not make."""
        full = rows.dropna(subset=[*COMPONENTS, "total_score"])
        summed = sum((full[name] for name in COMPONENTS[1:]), full[COMPONENTS[0]])
        alike = (summed - full["total_score"]).abs() <= TOLERANCE
        return alike.reindex(rows.index, fill_value=True).astype(bool)


CARD = Source(
    code="sakip_score",
    title="Hasil evaluasi SAKIP",
    kind=Kind.SNAPSHOT,
    cadence=Cadence.YEARLY,
    due_days=180,
    key=("letter_no",),
    columns=(
        Column("letter_no", FieldType.TEXT, ("Nomor LHE", "No LHE", "No. LHE")),
        Column("letter_date", FieldType.DATE, ("Tanggal LHE",)),
        Column("planning_score", FieldType.DECIMAL, ("Perencanaan Kinerja", "Perencanaan")),
        Column("measurement_score", FieldType.DECIMAL, ("Pengukuran Kinerja", "Pengukuran")),
        Column("reporting_score", FieldType.DECIMAL, ("Pelaporan Kinerja", "Pelaporan")),
        Column(
            "evaluation_score",
            FieldType.DECIMAL,
            ("Evaluasi Akuntabilitas Kinerja Internal", "Evaluasi Internal", "Evaluasi"),
        ),
        Column("total_score", FieldType.DECIMAL, ("Nilai Akhir", "Total", "Nilai SAKIP")),
        Column(
            "predicate",
            FieldType.CHOICE,
            ("Predikat", "Kategori"),
            required=False,
            choices=PREDICATES,
        ),
    ),
    contract=SakipScore,
    one_row=True,
)
