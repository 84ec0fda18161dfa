"""IKU 7: the share of the services for civil servants that are offered digitally."""

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.formulas import Rows, count_of, percent_of, share

CARD = Card(
    code="IKU.7",
    short_name="Layanan Digital",
    name_id="Persentase Layanan Manajemen ASN yang Berbasis Digital di Kantor Regional BKN",
    name_en="Share of services offered digitally",
    counted="layanan",
    consolidation=Consolidation.LAST_KNOWN,
    source="digital_service",
    methods=(
        Method(2020, "Renja 2024 bab IV, IKU 7: digital melalui kanal apa pun", Unit.PERCENT),
    ),
    is_carried=True,
)

# The formula divides by 12, so the reference must hold 12 (RULES 10-Q9).
SERVICES = 12


def compute(digital_service: Rows) -> Measurement:
    """Divide the services that are digital, inside SIASN or outside, by 12 (RULES 10-Q8).

    A service without a row counts as not digital and makes the value provisional.

    Args:
        digital_service: services per digital, digital_siasn (yes, no) and has_row.

    Raises:
        ValueError: other than 12 services are active.
    """
    services = count_of(digital_service, "services")
    if services != SERVICES:
        raise ValueError(
            f"{CARD.code}: {services} layanan aktif, harus {SERVICES}; betulkan daftar layanan"
        )
    inside = [row for row in digital_service if row["digital_siasn"] == "yes"]
    elsewhere = [
        row for row in digital_service if row["digital"] == "yes" and row["digital_siasn"] != "yes"
    ]
    missing = count_of((row for row in digital_service if not row["has_row"]), "services")
    if missing == services:
        return Measurement(Status.NOT_YET_PUBLISHED)
    strict, local = count_of(inside, "services"), count_of(elsewhere, "services")
    components: dict[str, object] = {
        "layanan_siasn": strict,
        "layanan_lokal": local,
        "nilai_siasn": percent_of(strict, services),
        "tanpa_baris": missing,
    }
    if missing:
        components["sebab_sementara"] = [f"{missing} layanan tanpa baris"]
    return share(strict + local, services, components, provisional=missing > 0)
