"""A door: where a source of an office is fetched from, and the two ways in which that fails."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transforms.files.period import Period


class DoorUnavailable(Exception):
    """Nothing answered, or only that it cannot now; another night may bring it.

    The message is Indonesian, and holds no secret and nothing of a person.
    """


class DoorRefused(Exception):
    """What answered gave nothing that can be used; asking again brings the same.

    The message is Indonesian, and holds no secret and nothing of a person.

    Attributes:
        kept: the body that came instead, for the archive, or None when there is none.
    """

    def __init__(self, message: str, kept: Path | None = None) -> None:
        super().__init__(message)
        self.kept = kept


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as a door gave it.

    Attributes:
        path: where it lies, in the folder that the caller gave.
        name: what it is called; the ending (.xlsx, .csv, .ndjson) says how it is read.
    """

    path: Path
    name: str


class Door(Protocol):
    """One way in, as the office's configuration describes it."""

    def fetch(self, period: Period, into: Path) -> Fetched | None:
        """Bring the file of a period into the folder `into`; None when nothing is there yet.

        Raises:
            DoorUnavailable: asking later may bring it.
            DoorRefused: what was given cannot be used.
        """
        ...
