"""What is asked of a landing, what reading the file needs to know, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.landing.store import BY_HAND, Counts
from flows.warehouse import references
from flows.warehouse.references import Vocabulary
from schemas.source import MAIN_PART, Source
from transforms.files import conform
from transforms.files.period import Period


class BadRequest(ValueError):
    """What was asked cannot be understood; the message, in Indonesian, says what to write."""


@dataclass(frozen=True, slots=True)
class Request:
    """A file and the slice it is for, as the officer, the inbox or a door names them.

    Attributes:
        named: what the file is called, where `file` lies in the archive; else empty.
        confirmed_because: why a file that would be held is taken all the same.
        given: the value of columns that the file does not have, by column.
    """

    file: Path
    office: str
    source: str
    period: str
    part: str = MAIN_PART
    door: str = BY_HAND
    who: str = "petugas"
    named: str = ""
    confirmed_because: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the file; its ending says how it is read."""
        return self.named or self.file.name


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a file needs to know besides its bytes."""

    source: Source
    office: references.Office
    period: Period
    vocabulary: Vocabulary
    names: conform.Names
    pseudonym: Callable[[str], str]
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of a file.

    Attributes:
        status: landed, unchanged, refused, or held: refused until somebody confirms it.
        load_id: the new load, or the one that says the same already.
        counts: what became of the rows; for an unchanged file all zero.
        reasons: why it was refused, and what was noted of one that landed.
    """

    request: Request
    status: str
    load_id: int
    counts: Counts
    reasons: tuple[Mapping[str, str], ...] = ()
