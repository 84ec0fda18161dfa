"""Redaction: whatever may tell of a person is hidden from who reads of a landing."""

from __future__ import annotations

import re
from pathlib import PurePath

HIDDEN = "(disembunyikan)"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+)?$")
PERSONAL_DIGITS = 9  # the shortest phone number; a date has eight
# For names of files and sheets, and for headings, in which other long numbers are common.
PERSON = re.compile(r"@|(\d[ .]?){16}|(?<!\d)(\+?62|0)[ -]?8([ -]?\d){7}")


def tells_of_a_person(value: object) -> bool:
    """Tell whether a refused value may be a NIP, a phone number or an address of somebody.

    Where a cell was inserted the columns are shifted, and such a value stands in any of them.
    """
    text = str(value)
    if MOMENT.match(text):
        return False
    return "@" in text or sum(sign.isdigit() for sign in text) >= PERSONAL_DIGITS


def redacted(name: str) -> str:
    """Return a name or heading; hidden where it tells of a person."""
    return HIDDEN if PERSON.search(name) else name


def redacted_file_name(name: str) -> str:
    """Return the name of a file; hidden but for its ending where it tells of a person."""
    return redacted(PurePath(name).stem) + PurePath(name).suffix
