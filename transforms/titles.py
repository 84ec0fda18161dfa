"""Titles: the period that the lines above a table name, against the one that the file is for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.parse import Unreadable, parse_month, tidy
from transforms.period import Period

Problem = tuple[str, dict[str, str]]
"""A rule of the catalogue, and what fills the placeholders of its text."""

_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WORD = r"\b(?:TRIWULAN|TW)[ .-]*(?:KE[ -]*)?"
_QUARTER = re.compile(_WORD + r"(IV|III|II|I|[1-4])\b")
_MONTH = re.compile(
    r"\b(?:BULAN|SAMPAI DENGAN|S\.?D\.?|PER|PERIODE)\s*:?\s*(?:\d{1,2} )?([A-Z]+)\b"
)
# "Nomor 14 Tahun 2017" is a regulation; "Tahun 2021-2024" are four years.
_YEAR = re.compile(
    rf"(?:(?<!\d )\bTAHUN(?: ANGGARAN| KINERJA)?|{_WORD}[IV1-4]+)"
    r"\s*[:,/-]?\s*(20\d\d.*)"
)

# In a row whose cells have shifted, anything may stand in the column of the year.
_NO_YEAR = "yang tidak terbaca"


def other_period(lines: Iterable[str], period: Period) -> list[Problem]:
    """Return what the titles say of another year, quarter or month than the file's.

    What they do not say is no problem, nor is a year named beside the right one.
    """
    text = [tidy(line).upper() for line in lines]
    years = [int(year) for line in text for year in _years(line)]
    quarters = {_QUARTERS[number] for line in text for number in _QUARTER.findall(line)}
    words = (word for line in text for word in _MONTH.findall(line))
    months = {month: word.capitalize() for word in words if (month := _month(word))}
    problems: list[Problem] = []
    if years and not min(years) <= period.year <= max(years):
        problems.append(_problem("tahun_berbeda", ", ".join(map(str, sorted({*years}))), period))
    is_yearly = period.start.month == 1 and period.end.month == 12
    if quarters and not is_yearly and period.quarter not in quarters:
        said = ", ".join(f"Triwulan {number}" for number in sorted(quarters))
        problems.append(_problem("triwulan_berbeda", said, period))
    if months and not is_yearly and not _covers(period, months):
        said = ", ".join(months[month] for month in sorted(months))
        problems.append(_problem("bulan_berbeda", said, period))
    return problems


def other_year(written: Iterable[str], period: Period) -> list[Problem]:
    """Return the years of a column that should say the period's year and do not."""
    others = {tidy(cell) for cell in written} - {"", str(period.year)}
    if not others:
        return []
    years = sorted(cell for cell in others if re.fullmatch(r"\d{4}", cell, re.ASCII))
    return [_problem("tahun_berbeda", ", ".join(years[:3]) or _NO_YEAR, period)]


def _years(line: str) -> list[str]:
    found = _YEAR.search(line)
    return re.findall(r"\b20\d\d\b", found[1]) if found else []


def _month(word: str) -> int | None:
    try:
        return parse_month(word)
    except Unreadable:
        return None


def _covers(period: Period, months: Iterable[int]) -> bool:
    return any(period.start.month <= month <= period.end.month for month in months)


def _problem(rule: str, found: str, period: Period) -> Problem:
    return rule, {"nilai": found, "aturan": period.text}
