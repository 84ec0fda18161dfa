"""Titles: the period that the lines above a table name, against the one that the file is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from transforms.files.parse import Unreadable, parse_month, tidy
from transforms.files.period import Period

Problem = tuple[str, dict[str, str]]
"""A rule of the catalogue, and what fills the placeholders of its text."""

_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WORD = r"\b(?:TRIWULAN|TW)[ .-]*(?:KE[ -]*)?"
_NUMBER = r"(IV|III|II|I|[1-4])\b"
_UNTIL = r"(?: (?:TAHUN )?20\d\d)? ?(?:[-–—]|S\.? ?/?D\.?|SAMPAI(?: DENGAN)?|HINGGA) ?"
_QUARTER = re.compile(rf"{_WORD}{_NUMBER}(?:{_UNTIL}(?:{_WORD})?{_NUMBER})?")
_DAY_OF = r"(?:BULAN )?(?:\d{1,2} )?([A-Z]+)\b"
_MONTH = re.compile(
    r"\b(?:BULAN|SAMPAI DENGAN|S\.?D\.?|PERIODE|PER)(?![A-Z])\s*:?\s*"
    rf"{_DAY_OF}(?:{_UNTIL}{_DAY_OF})?"
)
# "Nomor 14 Tahun 2017" is a regulation; "Tahun 2021-2024" are four years.
_YEAR = re.compile(
    rf"(?:(?<!\d )\bTAHUN(?: ANGGARAN| KINERJA)?|{_WORD}[IV1-4]+(?:{_UNTIL}[IV1-4]+)?)"
    r"\s*[:,/-]?\s*(20\d\d.*)"
)

# In a row whose cells have shifted, anything may stand in the column of the year.
_NO_YEAR = "yang tidak terbaca"


def other_period(lines: Iterable[str], period: Period) -> list[Problem]:
    """Return what the titles say of another year, quarter or month than the file's.

    What they do not say is no problem, nor is a year named beside the right one. Quarters or
    months from one to another are those of a file of the last one.
    """
    text = [tidy(line).upper() for line in lines]
    years = [int(year) for line in text for year in _years(line)]
    quarters = _named(_QUARTER, text, _QUARTERS.get)
    months = _named(_MONTH, text, _month)
    problems: list[Problem] = []
    if years and not min(years) <= period.year <= max(years):
        problems.append(_problem("tahun_berbeda", ", ".join(map(str, sorted({*years}))), period))
    is_yearly = period.start.month == 1 and period.end.month == 12
    if quarters and not is_yearly and period.quarter not in quarters:
        said = ", ".join(f"Triwulan {number}" for number in sorted(quarters))
        problems.append(_problem("triwulan_berbeda", said, period))
    if months and not is_yearly and not _covers(period, months):
        said = ", ".join(months[month].capitalize() for month in sorted(months))
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


def _named(
    pattern: re.Pattern[str], lines: Iterable[str], number_of: Callable[[str], int | None]
) -> dict[int, str]:
    """Return what is named, by its number: of a range where it ends, both ends if it runs back."""
    found: dict[int, str] = {}
    for line in lines:
        for words in pattern.findall(line):
            ends = {number: word for word in words if (number := number_of(word)) is not None}
            if list(ends) == sorted(ends):
                ends = dict(list(ends.items())[-1:])
            found |= ends
    return found


def _month(word: str) -> int | None:
    try:
        return parse_month(word)
    except Unreadable:
        return None


def _covers(period: Period, months: Iterable[int]) -> bool:
    return any(period.start.month <= month <= period.end.month for month in months)


def _problem(rule: str, found: str, period: Period) -> Problem:
    return rule, {"nilai": found, "aturan": period.text}
