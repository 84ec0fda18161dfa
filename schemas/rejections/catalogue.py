"""Every rule by its code, whatever it speaks of."""

from collections.abc import Mapping
from typing import Final

from schemas.rejections.of_cells import OF_A_CELL
from schemas.rejections.of_files import OF_THE_FILE
from schemas.rejections.of_rows import OF_A_ROW
from schemas.rejections.rule import Rule

RULES: Final[Mapping[str, Rule]] = {**OF_THE_FILE, **OF_A_CELL, **OF_A_ROW}
"""Every rule by its code."""
