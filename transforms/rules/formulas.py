"""What all formulas share: the one rounding, a share, an achievement, words and bands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any, TypeVar

from schemas.card import Measurement, Status

Row = Mapping[str, Any]
Rows = Sequence[Row]
Figure = Fraction | Decimal | int

_Category = TypeVar("_Category", str, int)


def half_up(value: Figure, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero: the only rounding there is.

    Postgres rounds a `numeric` in the same way. The digits are written out rather than scaled,
    as an operation on Decimals is cut to the precision of the context. Source: RULES 0.1.
    """
    digits = floor(abs(Fraction(value)) * 10**places + Fraction(1, 2))
    return Decimal(f"{-digits if value < 0 else digits}E-{places}")


def two_decimals(value: Figure) -> Decimal:
    """Round to what is published: two decimals, halves up."""
    return half_up(value, 2)


def in_indonesian(value: Decimal) -> str:
    """Return a figure as an officer writes it: 13.454.430.000 and 94,78."""
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def count_of(rows: Iterable[Row], column: str) -> int:
    """Add up a column of counts."""
    return sum(int(row[column]) for row in rows)


def sum_of(rows: Iterable[Row], column: str) -> Fraction:
    """Add up a column of figures, exactly."""
    return sum((Fraction(row[column]) for row in rows), Fraction(0))


def counts_by(
    rows: Rows, by: str, categories: Sequence[_Category], column: str
) -> dict[_Category, int]:
    """Add up `column` for each of `categories`, in their order, nought where there is no row.

    Raises:
        ValueError: a row is of another category, and would be lost from the count.
    """
    counts = dict.fromkeys(categories, 0)
    for row in rows:
        if row[by] not in counts:
            raise ValueError(f"{by} is {row[by]!r}, which is none of {list(categories)}")
        counts[row[by]] += int(row[column])
    return counts


def only_row(rows: Rows, what: str) -> Row | None:
    """Return the one row of an imported value, None when there is none.

    Raises:
        ValueError: there are several, so which one counts is not known.
    """
    if len(rows) > 1:
        raise ValueError(f"{what}: {len(rows)} rows, at most one can be the value")
    return rows[0] if rows else None


def share(
    numerator: int | Fraction,
    denominator: int | Fraction,
    components: Mapping[str, object] | None = None,
    provisional: bool = False,
) -> Measurement:
    """Return a share in percent, or that there is nothing to count.

    Args:
        numerator: the counted part.
        denominator: the whole; the sum over quarters or units, never a mean of percentages.
        components: figures beside the value.
        provisional: whether the data behind it are incomplete.

    Raises:
        ValueError: the part is larger than the whole, or below nought.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is no share between 0 and 100 percent")
    part, whole = Fraction(numerator), Fraction(denominator)
    if whole == 0:
        return Measurement(Status.NOTHING_TO_COUNT, None, part, whole, components or {})
    status = Status.PROVISIONAL if provisional else Status.MEASURED
    return Measurement(status, part / whole * 100, part, whole, components or {})


def percent_of(part: int, whole: int) -> Decimal | None:
    """Return a share for people, two decimals; None when there is no whole."""
    return two_decimals(Fraction(part, whole) * 100) if whole else None


def achievement(actual: Decimal, target: Decimal) -> Fraction:
    """Return the capaian in percent, exact, of an indicator to be maximised.

    Args:
        actual: the published realisasi, so already rounded: 91.67 against 85 is 107.85, and
            the unrounded 11/12 would give 107.84 (RULES 0.1.2).
        target: above nought, in the unit of the realisasi.

    Raises:
        ValueError: no target above nought; then there is no capaian (RULES 8.1).
    """
    if target <= 0:
        raise ValueError(f"a target of {target} gives no achievement")
    return Fraction(actual) / Fraction(target) * 100


def capped_120(achieved: Fraction) -> Fraction:
    """Return the capaian between 0 and 120, for NPSS_120 only (RULES 8.1)."""
    return min(max(achieved, Fraction(0)), Fraction(120))


class MissingBecause(StrEnum):
    """Why there is no capaian."""

    NO_ACTUAL = "no_actual"
    NO_TARGET = "no_target"
    UNIT_CHANGED = "unit_changed"


STATUS_WORDS: Mapping[Status, str] = {
    Status.MEASURED: "terukur",
    Status.PROVISIONAL: "sementara",
    Status.NOT_YET_PUBLISHED: "belum terbit",
    Status.NOT_REPORTED: "belum lapor",
    Status.NOTHING_TO_COUNT: "nihil",
}
MISSING_WORDS: Mapping[MissingBecause, str] = {
    MissingBecause.NO_TARGET: "tanpa target",
    MissingBecause.UNIT_CHANGED: "satuan berubah",
}


def status_word(
    status: Status,
    achievement_pct: Decimal | None,
    missing_because: MissingBecause | None,
    has_class: bool,
) -> str:
    """Return the word an officer reads beside a value.

    Args:
        status: what is known of the value.
        achievement_pct: the capaian rounded to two decimals; None with a `missing_because`.
        missing_because: why there is no capaian.
        has_class: whether the period and the target allow a class; a provisional value has none.
    """
    if not status.has_number:
        return STATUS_WORDS[status]
    if missing_because is not None and missing_because in MISSING_WORDS:
        return MISSING_WORDS[missing_because]
    if achievement_pct is None or not has_class or status is Status.PROVISIONAL:
        return STATUS_WORDS[status]
    return ACHIEVEMENT.of(achievement_pct) or STATUS_WORDS[status]


@dataclass(frozen=True, slots=True)
class Scale:
    """Official bands of a figure.

    Attributes:
        bands: the lowest figure of each band and its name, the highest band first. A figure is
            rounded to two decimals before it is looked up, so none falls between two bands, and
            "more than 80" is written 80.01.
        highest: the end of the scale, if it has one.
    """

    bands: tuple[tuple[str, str], ...]
    highest: str | None = None

    def of(self, value: Figure) -> str | None:
        """Return the name of the band of `value`; None outside the scale."""
        rounded = two_decimals(value)
        if self.highest is not None and rounded > Decimal(self.highest):
            return None
        return next((name for lowest, name in self.bands if rounded >= Decimal(lowest)), None)


# RULES 8.2, scheme S1; BKN's own classes were not found (RULES 10-Q14).
ACHIEVEMENT = Scale((("100", "tercapai"), ("80", "waspada"), ("0", "belum tercapai")))

# PermenPANRB 14/2017 (RULES 1.3).
MUTU = Scale((("88.31", "A"), ("76.61", "B"), ("65", "C"), ("25", "D")), highest="100")
MUTU_LABELS: Mapping[str, str] = {
    "A": "Sangat baik",
    "B": "Baik",
    "C": "Kurang baik",
    "D": "Tidak baik",
}

# Peraturan BKN 8/2019; printed with whole numbers, read as half-open (RULES 2.6, 10-Q22).
IP_ASN = Scale(
    (
        ("90.01", "Sangat Tinggi"),
        ("80.01", "Tinggi"),
        ("70.01", "Sedang"),
        ("60.01", "Rendah"),
        ("0", "Sangat Rendah"),
    )
)

# PER-5/PB/2022 and PER-5/PB/2024 (RULES 3.1).
IKPA = Scale((("95", "Sangat Baik"), ("89", "Baik"), ("70", "Cukup"), ("0", "Kurang")))

# PermenPANRB 88/2021; the lower bound is exclusive (RULES 5.1). RB uses the same letters, and
# may pass 100 with the thematic bonus (RULES 5.2).
SAKIP = Scale(
    (
        ("90.01", "AA"),
        ("80.01", "A"),
        ("70.01", "BB"),
        ("60.01", "B"),
        ("50.01", "CC"),
        ("30.01", "C"),
        ("0", "D"),
    )
)

# Peraturan BKN 12/2022 (RULES 4.2); by the measurement year from which a table holds. Before
# 2022 another scale was in use, which is not known.
NSPK_BY_YEAR: Mapping[int, Scale] = {
    2022: Scale(
        (("85.01", "A"), ("70.01", "B"), ("55.01", "C"), ("40.01", "D"), ("25", "E")),
        highest="100",
    ),
}


def mutu(value: Figure) -> str | None:
    """Return the mutu pelayanan of an IKM on 25-100; None when it is no IKM."""
    return MUTU.of(value)


def ip_asn_category(value: Figure) -> str | None:
    """Return the category of an IP ASN."""
    return IP_ASN.of(value)


def ikpa_category(value: Figure) -> str | None:
    """Return the category of a final IKPA score."""
    return IKPA.of(value)


def sakip_predicate(value: Figure) -> str | None:
    """Return the predicate of a SAKIP score or of an RB index."""
    return SAKIP.of(value)


def nspk_scale(year: int) -> Scale | None:
    """Return the table of letters of a measurement year; None before the first one."""
    known = [since for since in NSPK_BY_YEAR if since <= year]
    return NSPK_BY_YEAR[max(known)] if known else None


def nspk_letter(value: Figure, year: int) -> str | None:
    """Return the letter that the table of `year` gives an NSPK index; None where it gives none."""
    scale = nspk_scale(year)
    return scale.of(value) if scale else None
