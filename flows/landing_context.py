"""Landing context: what reading and judging a file need to know besides its bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flows.io import references
from flows.io.references import Vocabulary
from schemas.source import Source
from transforms import conform
from transforms.period import Period


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
