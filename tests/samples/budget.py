"""The twelve OM-SPAN reports of an invented year: the office's own satker among its neighbours."""

from decimal import Decimal
from pathlib import Path

from schemas.sources.ikpa import INDICATORS
from tests.samples.delivery import Delivery
from tests.samples.invented import Dice
from tests.samples.omspan import Unit, regime_of, write_units
from tests.samples.seeds import References

# Of an office whose seeds do not say its KPPN.
KPPN = 999
NEIGHBOURS = 11

# Codes of ministries as OM-SPAN prints them; those without a leading zero come as numbers.
MINISTRIES = ("005", "015", "025", "054", "060", "137")

# What does not apply to a unit, from common to rare (RULES 3.2).
IDLE = (
    frozenset(),
    frozenset(("contract", "bill_settlement")),
    frozenset(("cash_supply",)),
)

# Dispensasi SPM is deducted at the end of the year only.
DEDUCTION_IN_DECEMBER = Decimal("0.25")


def ikpa(seed: int, year: int, references: References) -> list[Delivery]:
    """Return the report of every month."""
    return [_month(seed, year, month, references) for month in range(1, 13)]


def _month(seed: int, year: int, month: int, references: References) -> Delivery:
    regime = regime_of(year)
    units = [own_unit(seed, year, month, references), *neighbours(seed, year, month)]

    def write(file: Path) -> None:
        write_units(file, month, regime, units, int(references.office["kppn_code"] or KPPN))

    return Delivery(
        source="ikpa",
        period=f"{year}-{month:02}",
        ending="xlsx",
        write=write,
        records=lambda: [
            {"satker": unit.satker, "final_score": unit.final(regime), "unit": unit}
            for unit in units
        ],
    )


def own_unit(seed: int, year: int, month: int, references: References) -> Unit:
    """Return the block of the office's own satker."""
    values = _values(Dice(seed, "ikpa", year, "own", month), 90)
    # The part that suffers: what is spent differs from what was announced.
    values["page_three_deviation"] = Decimal("66.35") + month * Decimal("0.62")
    values["absorption"] = min(Decimal(100), Decimal("93.10") + month * Decimal("0.44"))
    return Unit(
        references.satker,
        references.office["name"].upper(),
        references.office["ba_code"] or "088",
        values,
        deduction=_deduction(year, month, DEDUCTION_IN_DECEMBER),
    )


def neighbours(seed: int, year: int, month: int) -> list[Unit]:
    """Return the blocks of the other units; two of the codes start with a zero."""
    return [
        Unit(
            f"{'009' if number in (3, 8) else '998'}{number:03}",
            f"SATUAN KERJA CONTOH {number:02}",
            MINISTRIES[number % len(MINISTRIES)],
            _values(Dice(seed, "ikpa", year, number, month), 75 + number),
            idle=IDLE[0 if number % 5 < 3 else number % 5 - 2],
            deduction=_deduction(year, month, Decimal(1 if number == 4 else 0)),
        )
        for number in range(1, NEIGHBOURS + 1)
    ]


def _deduction(year: int, month: int, points: Decimal) -> Decimal:
    return points if month == 12 and regime_of(year) >= 2024 else Decimal(0)


def _values(dice: Dice, lowest: int) -> dict[str, Decimal]:
    """Return a value for every indicator, many of them full."""
    return {
        name: Decimal(100)
        if dice.happens(0.4)
        else Decimal(dice.between(100 * lowest, 9999)).scaleb(-2)
        for name in INDICATORS
    }
