"""IKU 2: the share of agencies that measured the professionality index (IP ASN)."""

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.formulas import Rows, counts_by, share

CARD = Card(
    code="IKU.2",
    short_name="Mengukur IP ASN",
    name_id=(
        "Persentase Instansi Pemerintah yang Melakukan Pengukuran Indeks Profesionalitas ASN "
        "di Wilayah Kerja Kantor Regional BKN"
    ),
    name_en="Share of agencies that measured the professionality index of their staff",
    counted="instansi",
    consolidation=Consolidation.LAST_KNOWN,
    source="agency_ip_asn",
    methods=(
        Method(
            2019,
            "PermenPANRB 38/2018, Peraturan BKN 8/2019: hasil resmi tahun itu ada",
            Unit.PERCENT,
        ),
    ),
    is_carried=True,
)


def compute(agency_ip_asn: Rows) -> Measurement:
    """Divide the agencies with an official result of the year by all agencies (RULES 2.7).

    An agency without a row counts as not measured and makes the value provisional.

    Args:
        agency_ip_asn: agencies per `measured`: yes, no, no_row.
    """
    measured = counts_by(agency_ip_asn, "measured", ("yes", "no", "no_row"), "agencies")
    missing = measured["no_row"]
    if missing and not measured["yes"] and not measured["no"]:
        return Measurement(Status.NOT_YET_PUBLISHED)
    components: dict[str, object] = {"belum_mengukur": measured["no"], "tanpa_baris": missing}
    if missing:
        components["sebab_sementara"] = [f"{missing} instansi tanpa baris"]
    return share(measured["yes"], sum(measured.values()), components, provisional=missing > 0)
