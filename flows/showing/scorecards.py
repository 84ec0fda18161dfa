"""Scorecards: what was shown of a quarter at a moment, from the marts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from schemas.rows import ShownLine, ShownRollUp
from transforms.comparing import OFFICIAL
from transforms.indicators import indicators


class BadMoment(ValueError):
    """The text is neither a date nor an instant with zone; the message is Indonesian."""


def moment(text: str, zone: str) -> datetime:
    """Return the instant that `--as-of` means: the end of a date in the office's zone, or itself.

    Raises:
        BadMoment: the text is neither.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    is_last_day = found is not None and found.date() == date.max  # no instant of it fits every zone
    if found is None or is_last_day or (found.tzinfo is None and len(text) > len("2024-01-31")):
        raise BadMoment(
            f"Saat “{text}” tidak terbaca. Tulis tanggal (2024-10-31) atau saat dengan zona "
            "(2024-10-31T08:00:00+07:00)."
        )
    if found.tzinfo is not None:
        return found
    return datetime.combine(found.date(), time.max, ZoneInfo(zone))


def quarter_shown(today: date, year: int) -> int:
    """Return the quarter shown of a year when none is asked: the last, or the one we are in."""
    return 4 if year < today.year else (today.month + 2) // 3


def for_json(
    office: str,
    year: int,
    quarter: int,
    shown: Sequence[ShownLine],
    roll_up: ShownRollUp | None,
) -> list[dict[str, Any]]:
    """Return 14 objects and one for NPSS; figures are text with two decimals."""
    by_iku = {line["iku"]: line for line in shown}
    objects = [_object(office, f"{year}-Q{quarter}", iku, by_iku.get(iku)) for iku in indicators()]
    return [*objects, _npss_object(roll_up)]


def _object(office: str, period: str, iku: str, line: ShownLine | None) -> dict[str, Any]:
    shown: Mapping[str, Any] = dict(line) if line else {}
    return {
        "office": office,
        "iku": iku,
        "short_name": indicators()[iku].card.short_name,
        "period": period,
        "basis": {"terbit": "published", "hitung": "computed"}.get(shown.get("dasar", "")),
        "status": shown.get("status"),
        "actual": _two(shown.get("realisasi")),
        "numerator": _count(shown.get("pembilang")),
        "denominator": _count(shown.get("penyebut")),
        "unit": shown.get("satuan"),
        "target": _two(shown.get("target")),
        "document": shown.get("dokumen", OFFICIAL),
        "achievement_pct": _two(shown.get("capaian")),
        "missing_because": shown.get("sebab_tanpa_capaian"),
        "status_word": shown.get("status_kata", "belum dihitung"),
        "shortfall": shown.get("kekurangan"),
        "computed_actual": _two(shown.get("realisasi_hitung")),
        "shown_from": shown.get("berlaku_dari"),
    }


def _npss_object(roll_up: ShownRollUp | None) -> dict[str, Any]:
    shown: Mapping[str, Any] = dict(roll_up) if roll_up else {}
    return {
        "office": None,
        "iku": "NPSS",
        "short_name": None,
        "period": None,
        "basis": None,
        "status": shown.get("status"),
        "actual": _two(shown.get("npss")),
        "numerator": shown.get("iku_terhitung"),
        "denominator": shown.get("iku_seluruhnya"),
        "unit": None,
        "target": None,
        "document": None,
        "achievement_pct": None,
        "missing_because": None,
        "status_word": None,
        "npss_120": _two(shown.get("npss_120")),
        "lower_bound": _two(shown.get("batas_bawah")),
        "coverage_pct": _two(shown.get("cakupan")),
    }


def _two(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _count(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
