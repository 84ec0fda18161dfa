"""Audit findings: recommendations of BPK and Inspektorat to this office (IKU 14)."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from schemas.source import Aggregate, Cadence, Column, FieldType, Kind, OtherLayout, Source
from schemas.terms import AUDITORS, FOLLOW_UP_CLOSED, FOLLOW_UP_STATUSES, FOLLOW_UP_WRITTEN


class AuditFinding(pa.DataFrameModel):
    """One row per recommendation and the work unit that must act; the file is the whole list."""

    issuer: str = pa.Field(isin=sorted(set(AUDITORS.values())))
    report_no: str
    finding_no: str
    recommendation_no: str
    work_unit: str
    issued_date: pa.DateTime
    status: str = pa.Field(isin=tuple(FOLLOW_UP_STATUSES))
    status_date: pa.DateTime = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("issuer", "report_no", "finding_no", "recommendation_no", "work_unit")

    @pa.dataframe_check(error="status_tanpa_tanggal")
    def closed_on_a_day(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a closed recommendation whose quarter is not known (RULES 6.2)."""
        return ~(rows["status"].isin(FOLLOW_UP_CLOSED) & rows["status_date"].isna())

    @pa.dataframe_check(error="status_sebelum_terbit")
    def followed_up_after_issued(cls, rows: pd.DataFrame) -> pd.Series[bool]:
        """Reject a status older than its recommendation."""
        return ~(rows["status_date"] < rows["issued_date"])


# Whether what was done is what was recommended, nobody has said yet.
STATUSES = {**FOLLOW_UP_WRITTEN, "SUDAH DITINDAKLANJUTI": "2"}

CARD = Source(
    code="audit_finding",
    title="Register temuan BPK dan Inspektorat",
    kind=Kind.REGISTER,
    cadence=Cadence.QUARTERLY,
    due_days=15,
    key=("issuer", "report_no", "finding_no", "recommendation_no", "work_unit"),
    columns=(
        Column("issuer", FieldType.CHOICE, ("Pemeriksa", "Instansi Pemeriksa"), choices=AUDITORS),
        Column("report_no", FieldType.TEXT, ("Nomor LHP", "No LHP", "No. LHP")),
        Column(
            "finding_no",
            FieldType.TEXT,
            ("Nomor Temuan", "No Temuan", "No. Temuan", "Kode Temuan"),
        ),
        Column(
            "recommendation_no",
            FieldType.TEXT,
            ("Nomor Rekomendasi", "No Rekomendasi", "No. Rekomendasi", "Kode Rekomendasi"),
        ),
        Column("work_unit", FieldType.TEXT, ("Unit Kerja", "Unit", "Penanggung Jawab")),
        Column("issued_date", FieldType.DATE, ("Tanggal LHP", "Tanggal Terbit")),
        Column("status", FieldType.CHOICE, ("Status",), choices=STATUSES),
        Column("status_date", FieldType.DATE, ("Tanggal Status", "Tanggal Tindak Lanjut")),
    ),
    contract=AuditFinding,
    ignored_headings=("Uraian Temuan", "Uraian Rekomendasi", "Judul Pemeriksaan"),
    given=("issuer", "issued_date"),
    satker_headings=("NoSatker", "No Satker", "No. Satker", "Nomor Satker", "Kode Satker"),
    other_layouts=(
        OtherLayout(
            "ekspor tindak lanjut SILAHAP",
            marks=("KodeTemuan", "KodeRekomendasi", "JudulPemeriksaan", "Status", "UnitKerja"),
            headings={
                "report_no": ("JudulPemeriksaan",),
                "finding_no": ("KodeTemuan",),
                "recommendation_no": ("KodeRekomendasi",),
                "work_unit": ("UnitKerja",),
                "status_date": ("TanggalTindakLanjut",),
            },
            ignored=(
                "Tahun",
                "UraianTemuan",
                "UraianRekomendasi",
                "NilaiTemuan",
                "DeskripsiTindakLanjut",
                "AlasanDitolak",
                "TanggalTerakhirUpdate",
            ),
            lacks=("issuer", "issued_date"),
        ),
    ),
    aggregates=(
        Aggregate(
            "matriks tindak lanjut BPK",
            marks=("TEMUAN/REKOMENDASI", "TINDAK LANJUT ENTITAS", "BELUM DITINDAKLANJUTI"),
            wanted="daftar rekomendasi satu per satu dengan statusnya (lihat `iku template "
            "audit_finding`)",
        ),
    ),
)
