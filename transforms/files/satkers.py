"""Satker: of which spending unit the rows of a file are that names one in each row."""

from __future__ import annotations

import re

import pandas as pd

from transforms.files.parse import is_missing, tidy, without_apostrophe

DIGITS = 6
SHOWN = 5
_STRANGE = "kode yang tidak dikenal"


def codes(written: pd.Series[str]) -> pd.Series[str]:
    """Return cells as codes, with the zeros that a spreadsheet drops; empty where none stands."""
    return written.map({cell: _code(cell) for cell in written.unique()})


def listed(found: pd.Series[str]) -> str:
    """Return the codes as they are told: whatever else stands in a cell may tell of a person."""
    known = sorted({code for code in found if re.fullmatch(rf"\d{{{DIGITS}}}", code, re.ASCII)})
    more = ["…"] if len(known) > SHOWN else []
    strange = [_STRANGE] if not found.isin(known).all() else []
    return ", ".join([*known[:SHOWN], *more, *strange])


def _code(cell: str) -> str:
    return "" if is_missing(cell) else without_apostrophe(tidy(cell)).zfill(DIGITS)
