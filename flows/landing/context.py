"""Landing context: what reading and judging a file need to know besides its bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flows.warehouse import references
from flows.warehouse.references import Vocabulary
from schemas.source import Source
from transforms.files import conform
from transforms.files.period import Period


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
