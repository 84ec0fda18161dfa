"""Write invented reports in the layout of OM-SPAN's export "Indikator Pelaksanaan Anggaran"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path

from openpyxl import Workbook

from schemas.sources.ikpa import INDICATORS
from tests.samples.workbooks import Form, save, write_cells

# OM-SPAN's own spelling of the months.
MONTHS = (
    "JANUARI",
    "PEBRUARI",
    "MARET",
    "APRIL",
    "MEI",
    "JUNI",
    "JULI",
    "AGUSTUS",
    "SEPTEMBER",
    "OKTOBER",
    "NOPEMBER",
    "DESEMBER",
)

TITLE = "INDIKATOR PELAKSANAAN ANGGARAN"
DEDUCTION = "Dispensasi SPM (Pengurang)"
FINAL = "Nilai Akhir (Nilai Total/Konversi Bobot)"
BLOCK = ("Nilai", "Bobot", "Nilai Akhir", "Nilai Aspek")
UNIT_HEADINGS = ("No", "Kode KPPN", "Kode BA", "Kode Satker", "Uraian Satker", "Keterangan")
KPPN_HEADINGS = ("No", "Kode KPPN", "Nama KPPN", "Keterangan")

# Weights by the first year of the rules, in the order of the columns (RULES 3.1).
WEIGHTS: Mapping[int, Mapping[str, int]] = {
    2022: dict(zip(INDICATORS, (10, 10, 20, 10, 10, 10, 5, 25), strict=True)),
    2024: {
        name: weight
        for name, weight in zip(INDICATORS, (10, 15, 20, 10, 10, 10, 0, 25), strict=True)
        if name != "dispensation"
    },
}
ASPECTS: Mapping[str, tuple[str, ...]] = {
    "Kualitas Perencanaan Anggaran": ("dipa_revision", "page_three_deviation"),
    "Kualitas Pelaksanaan Anggaran": (
        "absorption",
        "contract",
        "bill_settlement",
        "cash_supply",
        "dispensation",
    ),
    "Kualitas Hasil Pelaksanaan Anggaran": ("output",),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A block of four rows: a satker, or a whole KPPN.

    Attributes:
        satker: 6 digits; not printed at KPPN level.
        name: of the satker or KPPN.
        ba: 3 digits.
        values: 0 to 100 by indicator; one that does not apply may show any value.
        idle: the indicators that do not apply; their weight is printed as 0.
        deduction: what Dispensasi SPM takes off from 2024 on, in points.
        misprinted: printed figures that are wrong on purpose: total, conversion or final.
    """

    satker: str
    name: str
    ba: str
    values: Mapping[str, Decimal]
    idle: frozenset[str] = frozenset()
    deduction: Decimal = Decimal(0)
    misprinted: Mapping[str, Decimal] = field(default_factory=dict)

    def weights(self, regime: int) -> dict[str, int]:
        """Return the weights that are printed."""
        return {
            name: 0 if name in self.idle else weight for name, weight in WEIGHTS[regime].items()
        }

    def conversion(self, regime: int) -> int:
        """Return the sum of the weights that apply, in percent."""
        return sum(self.weights(regime).values())

    def total(self, regime: int) -> Decimal:
        """Return "Nilai Total"."""
        return self.misprinted.get("total", two_decimals(self._weighted(regime) / 100))

    def final(self, regime: int) -> Decimal:
        """Return "Nilai Akhir", which is the IKPA."""
        deducted = Fraction(self.deduction) if regime >= 2024 else Fraction(0)
        exact = self._weighted(regime) / self.conversion(regime) - deducted
        return self.misprinted.get("final", two_decimals(exact))

    def _weighted(self, regime: int) -> Fraction:
        return sum(
            (Fraction(self.values[name]) * weight for name, weight in self.weights(regime).items()),
            Fraction(0),
        )


def two_decimals(value: Fraction) -> Decimal:
    """Round halves up, as OM-SPAN prints."""
    return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def regime_of(year: int) -> int:
    """Return the first year of the rules that hold in `year`."""
    return max(first for first in WEIGHTS if first <= year)


def write_units(file: Path, month: int, regime: int, units: Sequence[Unit], kppn: int) -> None:
    """Write a satker-level report, best unit first, as xlsx or (by the ending) as csv."""
    ranked = sorted(units, key=lambda unit: (-unit.final(regime), unit.satker))
    heads = [
        [position, kppn, _code(unit.ba, 3), _code(unit.satker, 6), unit.name]
        for position, unit in enumerate(ranked, start=1)
    ]
    _write(file, month, regime, UNIT_HEADINGS, list(zip(heads, ranked, strict=True)))


def write_kppn(file: Path, month: int, regime: int, whole: Unit, kppn: int) -> None:
    """Write a report at KPPN level: one block, without BA and satker."""
    _write(file, month, regime, KPPN_HEADINGS, [([1, kppn, whole.name], whole)])


def _code(digits: str, width: int) -> object:
    """Return a code as OM-SPAN writes it: a number, unless that would lose a zero."""
    if len(digits) != width or not digits.isdigit():
        raise ValueError(f"{digits!r} is no code of {width} digits")
    return f"'{digits}" if digits.startswith("0") else int(digits)


def _write(
    file: Path,
    month: int,
    regime: int,
    identity: tuple[str, ...],
    blocks: Sequence[tuple[list[object], Unit]],
) -> None:
    rows = [[TITLE], [f"Sampai Dengan : {MONTHS[month - 1]}  "], *_header(identity, regime)]
    for head, unit in blocks:
        rows += _block(head, unit, regime)
    width = max(map(len, rows))
    rows = [row + [None] * (width - len(row)) for row in rows]
    if file.suffix == ".csv":
        write_cells(file, rows, Form.CSV)
        return
    book = Workbook()
    sheet = book.active
    sheet.title = "Worksheet"
    for row in rows:
        sheet.append(row)
    for merged in _merges(identity, regime, len(blocks), width):
        sheet.merge_cells(merged)
    file.parent.mkdir(parents=True, exist_ok=True)
    save(book, file)


def _spans(regime: int) -> list[tuple[str, int]]:
    """Return the aspects with how many columns each has."""
    return [
        (aspect, sum(name in WEIGHTS[regime] for name in names))
        for aspect, names in ASPECTS.items()
    ]


def _ending(regime: int) -> list[str]:
    deduction = [DEDUCTION] if regime >= 2024 else []
    return ["Nilai Total", "Konversi Bobot", *deduction, FINAL]


def _header(identity: tuple[str, ...], regime: int) -> list[list[object]]:
    aspects = [text for aspect, span in _spans(regime) for text in [aspect, *[None] * (span - 1)]]
    return [
        [*identity, *aspects, *_ending(regime)],
        [*[None] * len(identity), *(INDICATORS[name] for name in WEIGHTS[regime])],
    ]


def _block(head: list[object], unit: Unit, regime: int) -> list[list[object]]:
    weights = unit.weights(regime)
    blank = [None] * len(head)
    deduction = [_number(unit.deduction)] if regime >= 2024 else []
    conversion = unit.misprinted.get("conversion", unit.conversion(regime))
    products = [
        two_decimals(Fraction(unit.values[name]) * weight / 100) for name, weight in weights.items()
    ]
    return [
        [
            *head,
            BLOCK[0],
            *(_number(unit.values[name]) for name in weights),
            _number(unit.total(regime)),
            f"{conversion}%",
            *deduction,
            _number(unit.final(regime)),
        ],
        [*blank, BLOCK[1], *weights.values()],
        [*blank, BLOCK[2], *map(_number, products)],
        [*blank, BLOCK[3], *_aspects(unit, weights)],
    ]


def _aspects(unit: Unit, weights: Mapping[str, int]) -> list[object]:
    """Return the plain means of the aspects, each under its first indicator."""
    cells: list[object] = []
    for names in ASPECTS.values():
        printed = [name for name in names if name in weights]
        active = [Fraction(unit.values[name]) for name in printed if weights[name]]
        mean = two_decimals(sum(active, Fraction(0)) / len(active)) if active else Decimal(0)
        cells += [_number(mean), *[None] * (len(printed) - 1)]
    return cells


def _number(value: Decimal) -> int | float:
    """Return a figure as a workbook holds it: int and float stand in one column."""
    exact = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _merges(identity: tuple[str, ...], regime: int, blocks: int, width: int) -> list[str]:
    """Return the merged ranges of a report."""
    whole = [*range(1, len(identity)), *range(width - len(_ending(regime)) + 1, width + 1)]
    starts = [len(identity) + 1]
    for _, span in _spans(regime):
        starts.append(starts[-1] + span)
    merged = [_range(column, 3, column, 4) for column in sorted([*whole, len(identity)])]
    merged += [_range(first, 3, after - 1, 3) for first, after in pairwise(starts)]
    for block in range(blocks):
        top = 5 + 4 * block
        merged += [_range(column, top, column, top + 3) for column in whole]
        merged += [_range(first, top + 3, after - 1, top + 3) for first, after in pairwise(starts)]
    return merged


def _range(left: int, top: int, right: int, bottom: int) -> str:
    return f"{_letter(left)}{top}:{_letter(right)}{bottom}"


def _letter(column: int) -> str:
    return chr(ord("A") + column - 1)
