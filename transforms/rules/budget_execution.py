"""The indicator of budget execution (IKPA): what OM-SPAN prints, computed once more.

The printed final score is the value; computing it again only shows whether a report was read
or typed wrongly. Source: PER-5/PB/2022, PER-5/PB/2024 (RULES 3.1, 3.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from schemas.terms import IKPA_INDICATORS
from transforms.rules.formulas import Row, in_indonesian, two_decimals

# The name in `staging.ikpa`, after `value_` and `weight_` -> the heading of OM-SPAN.
LABELS: Mapping[str, str] = IKPA_INDICATORS
ASPECTS: Mapping[str, tuple[str, ...]] = {
    "perencanaan": ("dipa_revision", "page_three_deviation"),
    "pelaksanaan": ("absorption", "contract", "bill_settlement", "cash_supply", "dispensation"),
    "hasil": ("output",),
}

# Two exact ties in 136 real rows are printed one hundredth lower (RULES 3.2).
TOLERANCE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Regime:
    """The rules of a span of years.

    Attributes:
        valid_from: the first year.
        reference: the regulation.
        weights: of each indicator, in percent; together 100.
        deducts_dispensation: whether Dispensasi SPM is taken off the final score; before, it
            was an indicator.
    """

    valid_from: int
    reference: str
    weights: Mapping[str, int]
    deducts_dispensation: bool


REGIMES: tuple[Regime, ...] = (
    Regime(
        2022,
        "PER-5/PB/2022",
        {
            "dipa_revision": 10,
            "page_three_deviation": 10,
            "absorption": 20,
            "contract": 10,
            "bill_settlement": 10,
            "cash_supply": 10,
            "dispensation": 5,
            "output": 25,
        },
        deducts_dispensation=False,
    ),
    Regime(
        2024,
        "PER-5/PB/2024",
        {
            "dipa_revision": 10,
            "page_three_deviation": 15,
            "absorption": 20,
            "contract": 10,
            "bill_settlement": 10,
            "cash_supply": 10,
            "output": 25,
        },
        deducts_dispensation=True,
    ),
)


def regime_of(year: int) -> Regime:
    """Return the rules of a year.

    Raises:
        ValueError: before 2022 there were 13 indicators; those reports are imported only.
    """
    in_force = [regime for regime in REGIMES if regime.valid_from <= year]
    if not in_force:
        raise ValueError(
            f"IKPA of {year} cannot be computed again: the first rules known here are "
            f"{REGIMES[0].reference}, in force from {REGIMES[0].valid_from}"
        )
    return in_force[-1]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The figures of a report computed once more, not rounded.

    Attributes:
        total: "Nilai Total", 0 to 100.
        conversion: "Konversi Bobot", the sum of the weights that apply, in percent.
        final: "Nilai Akhir", the value, 0 to 100.
        aspects: the mean of the indicators of each aspect; an aspect in which none applies is
            left out.
    """

    total: Fraction
    conversion: Fraction
    final: Fraction
    aspects: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Difference:
    """A printed figure that does not follow from the others."""

    what: str
    printed: Decimal
    recomputed: Decimal

    def __str__(self) -> str:
        """Say it to an officer."""
        return (
            f"{self.what} tercetak {in_indonesian(self.printed)}, "
            f"hitung ulang {in_indonesian(self.recomputed)}"
        )


def recompute(
    values: Mapping[str, Decimal],
    weights: Mapping[str, Decimal],
    regime: Regime,
    dispensation: Decimal = Decimal(0),
) -> Recomputed:
    """Compute total, conversion, final score and aspects from the indicators.

    An indicator of weight 0 does not apply, whatever value is shown for it; a value of 0 with
    a weight is a real nought.

    Args:
        values: 0 to 100, by the names of LABELS.
        weights: in percent, by the same names; those of the regime, or 0.
        regime: the rules of the year.
        dispensation: the deduction, in points; not used where Dispensasi SPM is an indicator.

    Raises:
        ValueError: no indicator applies.
    """
    active = {name: Fraction(weight) for name, weight in weights.items() if weight > 0}
    if not active:
        raise ValueError("no indicator of this IKPA report has a weight")
    weighted = sum(
        (Fraction(values[name]) * weight for name, weight in active.items()), Fraction(0)
    )
    conversion = sum(active.values(), Fraction(0))
    deducted = Fraction(dispensation) if regime.deducts_dispensation else Fraction(0)
    return Recomputed(
        total=weighted / 100,
        conversion=conversion,
        final=max(weighted / conversion - deducted, Fraction(0)),
        aspects=_aspects({name: Fraction(values[name]) for name in active}),
    )


def _aspects(active: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the plain mean of each aspect; weights play no part in it."""
    grouped = {
        aspect: [active[name] for name in names if name in active]
        for aspect, names in ASPECTS.items()
    }
    return {
        aspect: sum(values, Fraction(0)) / len(values)
        for aspect, values in grouped.items()
        if values
    }


def recompute_row(row: Row) -> Recomputed:
    """Compute a row of `staging.ikpa` once more, by the regime that it names."""
    return recompute(
        _columns(row, "value_"),
        _columns(row, "weight_"),
        regime_of(int(row["regime"])),
        row["dispensation_score"],
    )


def _columns(row: Row, prefix: str) -> dict[str, Decimal]:
    """Return the indicators of a row by name, without those its regime does not have."""
    return {name: row[prefix + name] for name in LABELS if row.get(prefix + name) is not None}


def identity_differences(row: Row) -> list[Difference]:
    """Return the printed figures of a report that differ from the recomputed by more than 0.01.

    Args:
        row: the columns of `staging.ikpa`. While a report is read the row may also hold what is
            not kept, and then that is compared too: `row_<indicator>` ("Nilai Akhir" of one
            indicator) and `aspect_<aspect>` ("Nilai Aspek"), by the names of LABELS and ASPECTS.
    """
    weights = _columns(row, "weight_")
    if not any(weights.values()):
        return [Difference("Konversi Bobot (semua bobot 0)", row["conversion_pct"], Decimal(0))]
    again = recompute_row(row)
    expected = {
        "total_score": ("Nilai Total", again.total),
        "conversion_pct": ("Konversi Bobot", again.conversion),
        "final_score": ("Nilai Akhir", again.final),
    }
    for name, value in _columns(row, "value_").items():
        product = Fraction(value) * Fraction(weights[name]) / 100
        expected[f"row_{name}"] = (f"Nilai Akhir {LABELS[name]}", product)
    for aspect, mean in again.aspects.items():
        expected[f"aspect_{aspect}"] = (f"Nilai Aspek {aspect}", mean)
    return [
        Difference(what, row[column], two_decimals(exact))
        for column, (what, exact) in expected.items()
        if row.get(column) is not None and abs(row[column] - two_decimals(exact)) > TOLERANCE
    ]


def foreign_weights(row: Row) -> list[Difference]:
    """Return the weights of a report that are neither those of its regime nor 0."""
    regime = regime_of(int(row["regime"]))
    return [
        Difference(f"Bobot {LABELS[name]}", weight, Decimal(regime.weights.get(name, 0)))
        for name, weight in _columns(row, "weight_").items()
        if weight not in (0, regime.weights.get(name, 0))
    ]
