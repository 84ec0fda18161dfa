"""SIASN integration: how each agency's personnel system is tied to SIASN (IKU 6)."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Scope, Source
from schemas.terms import AGENCY_CODE, INTEGRATION_MODES


class SiasnIntegration(pa.DataFrameModel):
    """One row per agency and mode, as known when the file was made (RULES 7.1)."""

    agency: str = pa.Field(str_matches=AGENCY_CODE)
    mode: str = pa.Field(isin=sorted(set(INTEGRATION_MODES.values())))
    start_date: pa.DateTime = pa.Field(nullable=True)
    end_date: pa.DateTime = pa.Field(nullable=True)
    evidence: str = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("agency", "mode")

    @pa.dataframe_check(error="selesai_sebelum_mulai")
    def ends_after_it_starts(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a span that ended before it began."""
        return ~(rows["end_date"] < rows["start_date"])


CARD = Source(
    code="siasn_integration",
    title="Integrasi SIMPEG instansi dengan SIASN",
    kind=Kind.SNAPSHOT,
    cadence=Cadence.QUARTERLY,
    due_days=15,
    key=("agency", "mode"),
    columns=(
        Column("agency", FieldType.AGENCY, ("Instansi", "Nama Instansi")),
        Column(
            "mode",
            FieldType.CHOICE,
            ("Mode Integrasi", "Mode", "Jalur", "Jalur Integrasi"),
            choices=INTEGRATION_MODES,
        ),
        Column("start_date", FieldType.DATE, ("Tanggal Mulai",), required=False),
        Column("end_date", FieldType.DATE, ("Tanggal Selesai",), required=False),
        Column("evidence", FieldType.TEXT, ("Bukti", "Bukti Dukung"), required=False),
    ),
    contract=SiasnIntegration,
    scope=Scope.AGENCY,
)
