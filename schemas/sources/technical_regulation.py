"""Technical regulations: what was proposed, and what became of it (IKU 5)."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Source
from schemas.terms import REGULATION_STATUSES


class TechnicalRegulation(pa.DataFrameModel):
    """One row per proposal, from the first one on; each file is the whole list (RULES 8.5)."""

    proposal_no: str
    title: str
    proposed_date: pa.DateTime
    status: str = pa.Field(isin=("enacted", "rejected", "undecided"))
    decided_date: pa.DateTime = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("proposal_no",)

    @pa.dataframe_check(error="putusan_tanpa_tanggal")
    def a_decision_has_a_date(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a decision whose quarter is not known."""
        return ~(rows["status"].isin(["enacted", "rejected"]) & rows["decided_date"].isna())

    @pa.dataframe_check(error="tanggal_tanpa_putusan")
    def a_date_has_a_decision(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a date of decision beside a status that is none."""
        return ~(rows["status"].eq("undecided") & rows["decided_date"].notna())

    @pa.dataframe_check(error="putusan_sebelum_usulan")
    def decided_after_proposed(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a decision older than its proposal."""
        return ~(rows["decided_date"] < rows["proposed_date"])


CARD = Source(
    code="technical_regulation",
    title="Register usulan regulasi dan instrumen teknis",
    kind=Kind.REGISTER,
    cadence=Cadence.QUARTERLY,
    due_days=15,
    key=("proposal_no",),
    columns=(
        Column("proposal_no", FieldType.TEXT, ("Nomor Usulan", "No Usulan", "No. Usulan")),
        Column("title", FieldType.TEXT, ("Judul", "Judul Regulasi", "Nama Regulasi")),
        Column("proposed_date", FieldType.DATE, ("Tanggal Usulan", "Tanggal Diusulkan")),
        Column("status", FieldType.CHOICE, ("Status",), choices=REGULATION_STATUSES),
        Column(
            "decided_date",
            FieldType.DATE,
            ("Tanggal Putusan", "Tanggal Penetapan", "Tanggal Ditetapkan"),
        ),
    ),
    contract=TechnicalRegulation,
)
