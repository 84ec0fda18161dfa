"""Oversight recommendations: what this office told agencies to mend, and what they did (IKU 8)."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Scope, Source
from schemas.terms import AGENCY_CODE, FOLLOW_UP_CLOSED, FOLLOW_UP_STATUSES, FOLLOW_UP_WRITTEN


class OversightRecommendation(pa.DataFrameModel):
    """One row per recommendation; each file is the whole list (RULES 6.3)."""

    recommendation_no: str
    issued_date: pa.DateTime
    agency: str = pa.Field(str_matches=AGENCY_CODE)
    topic: str = pa.Field(nullable=True)
    answer_due_date: pa.DateTime = pa.Field(nullable=True)
    status: str = pa.Field(isin=tuple(FOLLOW_UP_STATUSES))
    status_date: pa.DateTime = pa.Field(nullable=True)
    evidence: str = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("recommendation_no",)

    @pa.dataframe_check(error="status_tanpa_tanggal")
    def closed_on_a_day(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a closed recommendation whose quarter is not known (RULES 6.2)."""
        return ~(rows["status"].isin(FOLLOW_UP_CLOSED) & rows["status_date"].isna())

    @pa.dataframe_check(error="status_sebelum_terbit")
    def followed_up_after_issued(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a status older than its recommendation."""
        return ~(rows["status_date"] < rows["issued_date"])

    @pa.dataframe_check(error="batas_sebelum_terbit")
    def due_after_issued(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a term that ended before it began."""
        return ~(rows["answer_due_date"] < rows["issued_date"])


CARD = Source(
    code="oversight_recommendation",
    title="Register rekomendasi wasdal",
    kind=Kind.REGISTER,
    cadence=Cadence.QUARTERLY,
    due_days=15,
    key=("recommendation_no",),
    columns=(
        Column(
            "recommendation_no",
            FieldType.TEXT,
            ("Nomor Rekomendasi", "No Rekomendasi", "No. Rekomendasi"),
        ),
        Column("issued_date", FieldType.DATE, ("Tanggal Rekomendasi", "Tanggal Terbit")),
        Column("agency", FieldType.AGENCY, ("Instansi", "Nama Instansi")),
        Column("topic", FieldType.TEXT, ("Topik",), required=False),
        Column("answer_due_date", FieldType.DATE, ("Batas Waktu",), required=False),
        Column("status", FieldType.CHOICE, ("Status",), choices=FOLLOW_UP_WRITTEN),
        Column("status_date", FieldType.DATE, ("Tanggal Status", "Tanggal Tindak Lanjut")),
        Column("evidence", FieldType.TEXT, ("Bukti", "Bukti Dukung"), required=False),
    ),
    contract=OversightRecommendation,
    scope=Scope.AGENCY_OR_CENTRAL,
    ignored_headings=("Isi", "Isi Rekomendasi", "Uraian Rekomendasi"),
)
