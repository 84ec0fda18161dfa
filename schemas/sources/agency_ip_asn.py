"""IP ASN of agencies: which of them measured the professionalism of their staff (IKU 2)."""

from decimal import Decimal

import pandera.pandas as pa

from schemas.source import Cadence, Column, FieldType, Kind, Scope, Source
from schemas.terms import AGENCY_CODE, IP_ASN_STATUSES


class AgencyIpAsn(pa.DataFrameModel):
    """One row per agency, as known on the last day of the quarter (RULES 2.7)."""

    agency: str = pa.Field(str_matches=AGENCY_CODE)
    status: str = pa.Field(isin=sorted(set(IP_ASN_STATUSES.values())))
    score: object = pa.Field(nullable=True, ge=Decimal(0), le=Decimal(100))
    result_date: pa.DateTime = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True
        unique = ("agency",)


CARD = Source(
    code="agency_ip_asn",
    title="Pengukuran IP ASN instansi",
    kind=Kind.SNAPSHOT,
    cadence=Cadence.QUARTERLY,
    due_days=365,
    key=("agency",),
    columns=(
        Column("agency", FieldType.AGENCY, ("Instansi", "Nama Instansi")),
        Column(
            "status",
            FieldType.CHOICE,
            ("Status Pengukuran", "Status"),
            choices=IP_ASN_STATUSES,
        ),
        Column("score", FieldType.DECIMAL, ("Nilai IP ASN", "Nilai"), required=False),
        Column(
            "result_date",
            FieldType.DATE,
            ("Tanggal Hasil", "Tanggal Surat"),
            required=False,
        ),
    ),
    contract=AgencyIpAsn,
    scope=Scope.AGENCY,
)
