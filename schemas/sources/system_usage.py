"""System usage: how far each information system was used in a quarter (IKU 10)."""

from decimal import Decimal

import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Source

LEVELS = (Decimal(0), Decimal("0.5"), Decimal(1))
"""Not, partly, the whole quarter (RULES 7.4)."""


class SystemUsage(pa.DataFrameModel):
    """One row per information system and quarter."""

    system: str
    utilisation: object
    evidence: str = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("system",)

    @pa.check("utilisation", element_wise=True, error="pilihan(0; 0,5; 1)")
    def utilisation_is_a_level(cls, utilisation: Decimal) -> bool:
        """Reject shares that nobody can declare."""
        return utilisation in LEVELS


CARD = Source(
    code="system_usage",
    title="Pemanfaatan sistem informasi",
    kind=Kind.EVENTS,
    cadence=Cadence.QUARTERLY,
    due_days=15,
    key=("system",),
    columns=(
        Column("system", FieldType.SYSTEM, ("Sistem", "Aplikasi", "Sistem Informasi")),
        Column("utilisation", FieldType.DECIMAL, ("Pemanfaatan", "Nilai Pemanfaatan")),
        Column("evidence", FieldType.TEXT, ("Bukti", "Bukti Dukung"), required=False),
    ),
    contract=SystemUsage,
)
