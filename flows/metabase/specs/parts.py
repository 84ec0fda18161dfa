"""The beginnings that questions share: the files of `sql/metabase/parts`.

A part is one or more common table expressions without their `WITH`, under a comment that says what
they hold. A question names the parts that it begins with, in order, and says only the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

HEADER = re.compile(r"\A(?:--[^\n]*\n)+")


def read_parts(folder: Path) -> dict[str, str]:
    """Return the SQL of each part by the name of its file."""
    return {
        file.stem: HEADER.sub("", file.read_text(encoding="utf-8")).strip()
        for file in sorted(folder.glob("*.sql"))
    }


def with_parts(sql: str, begins_with: Sequence[str], parts: Mapping[str, str]) -> str:
    """Return the SQL of a question with the parts that it begins with put before it.

    Raises:
        ValueError: a part is not known.
    """
    if unknown := [name for name in begins_with if name not in parts]:
        raise ValueError(f"no part is called {', '.join(unknown)}")
    if not begins_with:
        return sql
    rest = sql.removeprefix("WITH ")
    return (
        "WITH "
        + ", ".join(parts[name] for name in begins_with)
        + (f"\n\n{rest}" if rest == sql else f", {rest}")
    )
