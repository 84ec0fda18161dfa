"""docs/BENCHMARKS.md: one section per measure; a new result takes the place of the old one."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = """\
# Benchmarks

Written by `make bench`; a single part is measured again by `python -m tests.bench NAME`. Seconds
belong to the machine named under each section. What counts are the ratios, for both sides of each
were measured in turn within one run, on the same data and the same embedded Postgres with the
settings it is shipped with. A figure is the median; in parentheses stand the lowest and the
highest, for a ratio those of the single rounds. A ratio whose range crosses its aim says that the
machine was noisy, and should be measured again on a quiet one. Nothing here is asserted by a test.
"""

BEGIN = "<!-- bench: {} -->\n"
END = "<!-- end of {} -->\n"


@dataclass(frozen=True, slots=True)
class Section:
    """The result of one measure, as it is printed."""

    name: str
    title: str
    body: str


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table in Markdown; all columns but the first are set to the right."""
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def paragraph(text: str) -> str:
    """Return text, however it was broken into lines, in lines of the usual width."""
    return textwrap.fill(" ".join(text.split()), 100) + "\n"


def number(value: float) -> str:
    """Return a whole number with its thousands apart."""
    return f"{value:,.0f}"


def marked(section: Section) -> str:
    """Return a section with the marks by which it is found again."""
    return (
        BEGIN.format(section.name)
        + f"## {section.title}\n\n{section.body.strip()}\n"
        + END.format(section.name)
    )


def merge(document: Path, section: Section, order: Sequence[str]) -> None:
    """Write a section into the document, in place of its older self; the others stay."""
    old = document.read_text(encoding="utf-8") if document.exists() else ""
    found = {**_sections(old), section.name: marked(section)}
    document.parent.mkdir(exist_ok=True)
    written = "\n".join([HEAD, *(found[name] for name in order if name in found)])
    document.write_text(written, encoding="utf-8")


def _sections(old: str) -> Mapping[str, str]:
    pattern = re.compile(r"<!-- bench: (?P<name>\w+) -->\n.*?<!-- end of (?P=name) -->\n", re.S)
    return {found["name"]: found[0] for found in pattern.finditer(old)}
