"""Headings: which column of a source a printed heading means, in our template and in others'.

By the text alone and never by its place. The headings of an online form are whole questions; of
those the words count that belong to one column only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from schemas.marking import NOTE_HEADING, NUMBER_HEADING
from schemas.source import Column, OtherLayout, Source
from transforms.files.parse import tidy

OURS = (NOTE_HEADING, NUMBER_HEADING)  # a copy of ours that came back has them
_QUESTION = re.compile(r"\?$|^(?:[A-Z]?\d{1,2}[. :)-]+)?(?:BAGAIMANA|APAKAH|SEBERAPA|MENURUT)\b")


def normalised_heading(text: str) -> str:
    """Return a heading in the form in which headings are compared."""
    words = tidy(text.replace("_", " ")).upper().rstrip(".:* ")
    return words.replace(" / ", "/").replace(" /", "/").replace("/ ", "/")


class Headings:
    """What headings mean in one way of laying out a source.

    Attributes:
        layout: somebody else's layout; None for our template.
    """

    def __init__(self, source: Source, layout: OtherLayout | None = None) -> None:
        self.source = source
        self.layout = layout
        self._columns = {
            normalised_heading(heading): column.name
            for column in source.columns
            for heading in column.headings
        }
        self._ignored = {"", "NO", *_normalised((*source.ignored_headings, *OURS))}
        self._told: set[str] = set()
        if layout is not None:
            self._ignored.update(_normalised((*layout.ignored, *layout.told)))
            self._told.update(_normalised(layout.told))
            for name, headings in layout.headings.items():
                self._columns.update(dict.fromkeys(_normalised(headings), name))

    def column(self, text: str) -> str | None:
        """Return the name of the column that a heading means, if any."""
        heading = normalised_heading(text)
        return self._columns.get(heading) or self._asked(heading)

    def is_ignored(self, text: str) -> bool:
        """Tell whether a heading names what is never read."""
        return normalised_heading(text) in self._ignored

    def is_told(self, text: str) -> bool:
        """Tell whether the officer must know that a column was not read."""
        return normalised_heading(text) in self._told

    def may_lack(self, column: Column) -> bool:
        """Tell whether a file may do without the column."""
        return not column.required or (self.layout is not None and column.name in self.layout.lacks)

    def _asked(self, heading: str) -> str | None:
        """Return the column that a question asks for: words of one column stand in it."""
        if not _QUESTION.search(heading):
            return None
        words = set(re.findall(r"\w+", heading))
        found = [column.name for column in self.source.columns if words & set(column.asks)]
        return found[0] if len(found) == 1 else None


def _normalised(headings: Iterable[str]) -> set[str]:
    return set(map(normalised_heading, headings))


def layouts(source: Source, row: Sequence[str] | None = None) -> list[Headings]:
    """Return the ways in which a source is laid out, our template first.

    With a row of headings, only the ways in which that row may be read.
    """
    present = None if row is None else _normalised(row)
    others = [
        Headings(source, layout)
        for layout in source.other_layouts
        if present is None or present >= _normalised(layout.marks)
    ]
    return [Headings(source), *others]
