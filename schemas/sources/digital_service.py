"""Digital services: which of this office's services are offered online (IKU 7)."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Source
from schemas.terms import YES_NO


class DigitalService(pa.DataFrameModel):
    """One row per service, as offered on the last day of the quarter (RULES 7.3)."""

    service: str
    is_digital: str = pa.Field(isin=("true", "false"))
    is_digital_siasn: str = pa.Field(isin=("true", "false"))
    channel: str = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("service",)

    @pa.dataframe_check(error="digital_bertentangan")
    def siasn_is_digital(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a service that is offered in SIASN and not online."""
        return ~(rows["is_digital_siasn"].eq("true") & rows["is_digital"].eq("false"))


CARD = Source(
    code="digital_service",
    title="Layanan kepegawaian digital",
    kind=Kind.SNAPSHOT,
    cadence=Cadence.QUARTERLY,
    due_days=15,
    key=("service",),
    columns=(
        Column("service", FieldType.SERVICE, ("Layanan", "Nama Layanan", "Jenis Layanan")),
        Column("is_digital", FieldType.CHOICE, ("Digital", "Layanan Digital"), choices=YES_NO),
        Column(
            "is_digital_siasn",
            FieldType.CHOICE,
            ("Digital SIASN", "Melalui SIASN", "SIASN"),
            choices=YES_NO,
        ),
        Column("channel", FieldType.TEXT, ("Kanal", "Saluran", "Aplikasi"), required=False),
    ),
    contract=DigitalService,
)
