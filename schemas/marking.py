"""The marks of a copy that goes back to the officer, by which its return is known again."""

import re
from typing import Final

NOTE_HEADING: Final = "Catatan Perbaikan"
"""The heading over what is wrong in each row and how to mend it."""

NUMBER_HEADING: Final = "Nomor Perbaikan"
"""The heading over the numbers of the items of each row; a file that has it is a returned copy."""

LIST_SHEET: Final = "Daftar Perbaikan"
"""The sheet that lists every item; it is never read."""

# K: an item of a row. G: the cells of the row are shifted; as long as it stands there, they are.
_NUMBER = re.compile(r"\b([KG])(\d{1,18})\b")
# What begins like a formula, also in full width; dashes alone are none, and stand for no value.
_SIGN = r"'*(?!-+\s*$)[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_LIVE = re.compile(_SIGN)
_QUIETED = re.compile(rf"^'(?={_SIGN})")


def number(item: int, *, is_shifted: bool = False) -> str:
    """Return how a copy writes the number of an item."""
    return f"{'G' if is_shifted else 'K'}{item}"


def numbers(text: str) -> list[int]:
    """Return the numbers of items that a cell carries."""
    return [int(digits) for _, digits in _NUMBER.findall(text)]


def says_shifted(text: str) -> bool:
    """Tell whether a cell still says that the cells of its row are shifted."""
    return any(letter == "G" for letter, _ in _NUMBER.findall(text))


def quieted(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, also when it is saved as csv."""
    return f"'{text}" if _LIVE.match(text) else text


def restored(text: str) -> str:
    """Return the text that `quieted` was given."""
    return _QUIETED.sub("", text)
