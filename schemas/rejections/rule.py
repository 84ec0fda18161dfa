"""A rule as an officer reads it, and what breaking it leads to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Consequence(StrEnum):
    """What a broken rule leads to."""

    FILE = "file"
    ROW = "row"
    CELL = "cell"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as an officer reads it.

    Attributes:
        message: what is the matter; may use the names of PLACEHOLDERS in braces.
        hint: what to do about it; may use them too.
        consequence: what it leads to. A row rule broken in a column that the card calls lenient
            empties the cell; a warning is listed and the row counts all the same.
    """

    message: str
    hint: str
    consequence: Consequence = Consequence.ROW


PLACEHOLDERS: Final = ("kolom", "nilai", "aturan", "baris", "nama", "sebab")
"""Column heading, what was found, what is allowed or expected, row number, file name, cause."""
