"""Employees of this office: their official IP ASN scores of a year (IKU 9)."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, OtherLayout, Scope, Source
from schemas.terms import EMPLOYEE_GROUPS, POSITION_STATUSES

DIMENSIONS = ("qualification_score", "competence_score", "performance_score", "discipline_score")
SCORES = ("Kualifikasi", "Kompetensi", "Kinerja", "Disiplin", "Total")
TOLERANCE = Decimal("0.02")
"""Published scores differ by so much from the sum of their dimensions (RULES 2.6)."""


class OfficeEmployee(pa.DataFrameModel):
    """One row per employee and year measured; scores are weighted already (RULES 2.2)."""

    employee: str
    employee_group: str = pa.Field(isin=sorted(set(EMPLOYEE_GROUPS.values())))
    position_status: str = pa.Field(nullable=True, str_matches=r"^\d{2}$")
    qualification_score: object = pa.Field(ge=Decimal(0), le=Decimal(25))
    competence_score: object = pa.Field(ge=Decimal(0), le=Decimal(40))
    performance_score: object = pa.Field(ge=Decimal(0), le=Decimal(30))
    discipline_score: object = pa.Field(ge=Decimal(0), le=Decimal(5))
    total_score: object = pa.Field(ge=Decimal(0), le=Decimal(100))
    scored_date: pa.DateTime = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("employee",)

    @pa.dataframe_check(error="jumlah_dimensi_berbeda")
    def total_is_the_sum(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Warn of a total that its dimensions do not make; the total counts all the same."""
        full = rows.dropna(subset=[*DIMENSIONS, "total_score"])
        summed = sum((full[name] for name in DIMENSIONS[1:]), full[DIMENSIONS[0]])
        alike = (summed - full["total_score"]).abs() <= TOLERANCE
        return alike.reindex(rows.index, fill_value=True).astype(bool)


CARD = Source(
    code="office_employee",
    title="Nilai IP ASN pegawai kantor",
    kind=Kind.SNAPSHOT,
    cadence=Cadence.YEARLY,
    due_days=365,
    key=("employee",),
    columns=(
        Column("employee", FieldType.PSEUDONYM, ("NIP", "NIP Baru"), personal=True),
        Column(
            "employee_group",
            FieldType.CHOICE,
            ("Kelompok", "Jenis Pegawai", "Jenis ASN", "Status Kepegawaian"),
            choices=EMPLOYEE_GROUPS,
        ),
        Column(
            "position_status",
            FieldType.CHOICE,
            ("Kedudukan Hukum",),
            required=False,
            choices=POSITION_STATUSES,
        ),
        Column("qualification_score", FieldType.DECIMAL, ("Kualifikasi",)),
        Column("competence_score", FieldType.DECIMAL, ("Kompetensi",)),
        Column("performance_score", FieldType.DECIMAL, ("Kinerja",)),
        Column("discipline_score", FieldType.DECIMAL, ("Disiplin",)),
        Column("total_score", FieldType.DECIMAL, ("Total", "Subtotal", "Nilai IP ASN")),
        Column(
            "scored_date",
            FieldType.DATE,
            ("Tanggal Penilaian", "Tanggal Penarikan"),
            required=False,
        ),
    ),
    contract=OfficeEmployee,
    scope=Scope.ACTIVE_STAFF,
    ignored_headings=(
        "Nama",
        "Nama Pegawai",
        "Jabatan",
        "Nama Jabatan",
        "Unit Kerja",
        "Unor",
        "Satuan Kerja",
        "Keterangan",
    ),
    given=("employee_group",),
    year_headings=("Tahun",),
    other_layouts=(
        OtherLayout(
            "buku kerja IP ASN dari SIASN",
            marks=("Nama", "Satuan Kerja", "Nama Jabatan", *SCORES),
            # It has no NIP; the name becomes a pseudonym just the same.
            headings={"employee": ("Nama",)},
            lacks=("employee_group",),
        ),
        OtherLayout(
            "tabel IP ASN hasil penarikan SIASN",
            marks=("NIP", "Unor", "Tanggal Penarikan", *SCORES),
            ignored=("Updated",),
            lacks=("employee_group",),
        ),
    ),
)
