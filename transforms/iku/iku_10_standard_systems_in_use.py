"""IKU 10: the use of the standard information systems."""

from fractions import Fraction

from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
from transforms.rules.formulas import Rows, count_of, share, two_decimals

CARD = Card(
    code="IKU.10",
    short_name="Pemanfaatan SI",
    name_id="Persentase Pemanfaatan Sistem Informasi yang Terstandar di Kantor Regional BKN",
    name_en="Share of use of the standard information systems",
    counted="",
    consolidation=Consolidation.AVERAGE,
    source="system_usage",
    methods=(
        Method(
            2020,
            "Renja 2024 bab IV, IKU 10: jumlah pemanfaatan (0, 0,5, 1) per 15, rata-rata triwulan",
            Unit.PERCENT,
        ),
    ),
)

# The formula divides by 15, so the reference must hold 15 (RULES 10-Q10).
SYSTEMS = 15


def compute(system_usage: Rows) -> Measurement:
    """Take the mean of the quarter scores so far, each the use of 15 systems (RULES 7.4).

    A quarter that was not reported is left out. A system without a row in a quarter that was
    reported counts as unused and makes the value provisional.

    Args:
        system_usage: systems per quarter, has_slice, has_row and utilisation (0 to 1).

    Raises:
        ValueError: other than 15 systems are active in a quarter.
    """
    quarters = {
        quarter: [row for row in system_usage if row["quarter"] == quarter]
        for quarter in sorted({row["quarter"] for row in system_usage})
    }
    for quarter, rows in quarters.items():
        _check(quarter, rows)
    reported = {
        quarter: rows for quarter, rows in quarters.items() if all(row["has_slice"] for row in rows)
    }
    if not reported:
        return Measurement(Status.NOT_YET_PUBLISHED)
    missing = {quarter: _without_row(rows) for quarter, rows in reported.items()}
    components: dict[str, object] = {
        "triwulan": [
            {
                "triwulan": quarter,
                "nilai": two_decimals(_use(rows) / SYSTEMS * 100),
                "tanpa_baris": missing[quarter],
            }
            for quarter, rows in reported.items()
        ],
        "tanpa_baris": sum(missing.values()),
    }
    if any(missing.values()):
        components["sebab_sementara"] = [
            f"triwulan {quarter}: {count} sistem tanpa baris"
            for quarter, count in missing.items()
            if count
        ]
    used = sum((_use(rows) for rows in reported.values()), Fraction(0))
    return share(used, SYSTEMS * len(reported), components, provisional=any(missing.values()))


def _check(quarter: int, rows: Rows) -> None:
    systems = count_of(rows, "systems")
    if systems != SYSTEMS:
        raise ValueError(
            f"{CARD.code}: {systems} sistem aktif pada triwulan {quarter}, harus {SYSTEMS}; "
            "betulkan daftar sistem"
        )


def _use(rows: Rows) -> Fraction:
    """Return the use of a quarter, 0 to 15."""
    return sum(
        (Fraction(row["utilisation"]) * int(row["systems"]) for row in rows if row["has_row"]),
        Fraction(0),
    )


def _without_row(rows: Rows) -> int:
    return count_of((row for row in rows if not row["has_row"]), "systems")
