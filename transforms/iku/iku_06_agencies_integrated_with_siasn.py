"""IKU 6: the share of agencies whose personnel system is integrated with SIASN."""

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.formulas import Rows, counts_by, share

CARD = Card(
    code="IKU.6",
    short_name="Integrasi SIASN",
    name_id=(
        "Persentase Sistem Informasi Kepegawaian Pengelola ASN yang Terintegrasi dengan Sistem "
        "Informasi ASN di Wilayah Kerja Kantor Regional BKN"
    ),
    name_en="Share of agencies integrated with SIASN",
    counted="instansi",
    consolidation=Consolidation.LAST_KNOWN,
    source="siasn_integration",
    methods=(
        Method(2020, "Renja 2024 bab IV, IKU 6: melalui web service atau SIMPEGNAS", Unit.PERCENT),
    ),
    is_carried=True,
)

INTEGRATED = ("simpegnas", "webservice")


def compute(siasn_mode: Rows) -> Measurement:
    """Divide the agencies integrated in either way by all agencies (RULES 7.1).

    An agency without a row counts as not integrated and makes the value provisional.

    Args:
        siasn_mode: agencies per mode: simpegnas, webservice, none, no_row; each agency once.
    """
    modes = counts_by(siasn_mode, "mode", (*INTEGRATED, "none", "no_row"), "agencies")
    missing, agencies = modes["no_row"], sum(modes.values())
    if missing and missing == agencies:
        return Measurement(Status.NOT_YET_PUBLISHED)
    components: dict[str, object] = {
        **{mode: modes[mode] for mode in INTEGRATED},
        "belum_terintegrasi": modes["none"],
        "tanpa_baris": missing,
    }
    if missing:
        components["sebab_sementara"] = [f"{missing} instansi tanpa baris"]
    integrated = sum(modes[mode] for mode in INTEGRATED)
    return share(integrated, agencies, components, provisional=missing > 0)
