"""IKPA: OM-SPAN's monthly report on budget execution (IKU 13)."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Layout, Scope, Source
from schemas.terms import IKPA_INDICATORS

INDICATORS = IKPA_INDICATORS

DEDUCTIONS = (Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1))
"""What Dispensasi SPM can take off the final score, in points (RULES 3.9)."""


class Ikpa(pa.DataFrameModel):
    """One row per satker and month, as OM-SPAN prints it (RULES 3.3).

    `regime` is the first year of the weights: 2022 or 2024. That weights are those of the
    regime and that the figures agree with each other is checked when the report is read.
    """

    satker: str = pa.Field(str_matches=r"^\d{6}$")
    satker_name: str
    ba_code: str = pa.Field(str_matches=r"^\d{3}$")
    kppn_code: str = pa.Field(str_matches=r"^\d{3}$")
    regime: pd.Int64Dtype = pa.Field(isin=(2022, 2024))
    value_dipa_revision: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    value_page_three_deviation: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    value_absorption: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    value_contract: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    value_bill_settlement: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    value_cash_supply: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    value_dispensation: object = pa.Field(nullable=True, ge=Decimal(0), le=Decimal(100))
    value_output: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    weight_dipa_revision: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    weight_page_three_deviation: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    weight_absorption: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    weight_contract: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    weight_bill_settlement: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    weight_cash_supply: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    weight_dispensation: object = pa.Field(nullable=True, ge=Decimal(0), le=Decimal(100))
    weight_output: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    total_score: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    conversion_pct: object = pa.Field(gt=Decimal(0), le=Decimal(100))
    dispensation_score: object
    final_score: object = pa.Field(ge=Decimal(0), le=Decimal(100))

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("satker",)

    @pa.check("dispensation_score", element_wise=True, error="pilihan(0; 0,25; 0,50; 0,75; 1,00)")
    def deduction_is_a_step(cls, deduction: Decimal) -> bool:
        """Reject a deduction that the regulation does not know."""
        return deduction in DEDUCTIONS

    @pa.dataframe_check(error="dispensasi_tidak_sesuai_rezim")
    def dispensation_fits_the_regime(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject Dispensasi SPM as an indicator from 2024 on, and as a deduction before."""
        as_indicator = rows["value_dispensation"].notna() & rows["weight_dispensation"].notna()
        no_indicator = rows["value_dispensation"].isna() & rows["weight_dispensation"].isna()
        before = rows["regime"].eq(2022).fillna(False).astype(bool)
        no_deduction = rows["dispensation_score"].isin([Decimal(0)])
        return (before & as_indicator & no_deduction) | (~before & no_indicator)


CARD = Source(
    code="ikpa",
    title="Laporan IKPA dari OM-SPAN",
    kind=Kind.EXACT,
    cadence=Cadence.MONTHLY,
    due_days=15,
    key=("satker",),
    columns=(
        Column("satker", FieldType.TEXT, ("Kode Satker",)),
        Column("satker_name", FieldType.TEXT, ("Uraian Satker",)),
        Column("ba_code", FieldType.TEXT, ("Kode BA",)),
        Column("kppn_code", FieldType.TEXT, ("Kode KPPN",)),
        Column("regime", FieldType.INTEGER, ("Rezim",)),
        *(
            Column(f"value_{name}", FieldType.DECIMAL, (f"{heading} (Nilai)",))
            for name, heading in INDICATORS.items()
        ),
        *(
            Column(f"weight_{name}", FieldType.DECIMAL, (f"{heading} (Bobot)",))
            for name, heading in INDICATORS.items()
        ),
        Column("total_score", FieldType.DECIMAL, ("Nilai Total",)),
        Column("conversion_pct", FieldType.DECIMAL, ("Konversi Bobot",)),
        Column("dispensation_score", FieldType.DECIMAL, ("Dispensasi SPM (Pengurang)",)),
        Column("final_score", FieldType.DECIMAL, ("Nilai Akhir (Nilai Total/Konversi Bobot)",)),
    ),
    contract=Ikpa,
    scope=Scope.SATKER,
    layout=Layout.OMSPAN,
)
