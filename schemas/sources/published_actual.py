"""Published figures: realisasi as printed in an official document (any IKU)."""

from decimal import Decimal

import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Source
from schemas.terms import IKU_CODE


class PublishedActual(pa.DataFrameModel):
    """One row per IKU and document; a printed N/A is an empty figure."""

    iku: str = pa.Field(str_matches=IKU_CODE)
    document: str
    document_date: pa.DateTime
    # Shares, scores and indices; only the RB index can pass 100.
    actual: object = pa.Field(nullable=True, ge=Decimal(0), le=Decimal(110))
    page: str = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("iku", "document")


CARD = Source(
    code="published_actual",
    title="Realisasi menurut dokumen resmi",
    kind=Kind.EXACT,
    cadence=Cadence.QUARTERLY,
    due_days=None,
    key=("iku", "document"),
    columns=(
        Column("iku", FieldType.IKU, ("IKU", "Kode IKU")),
        Column("document", FieldType.TEXT, ("Dokumen", "Nama Dokumen")),
        Column("document_date", FieldType.DATE, ("Tanggal Dokumen",)),
        Column("actual", FieldType.DECIMAL, ("Realisasi",)),
        Column("page", FieldType.TEXT, ("Halaman",), required=False),
    ),
    contract=PublishedActual,
)
