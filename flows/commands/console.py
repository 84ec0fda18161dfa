"""The console: where commands print: tables, JSON, progress, the banner of invented figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.machine import progress

if TYPE_CHECKING:
    from rich.progress import TaskID

__all__ = ["escape"]

UNWRAPPED = 10_000  # columns: what is not written to a terminal is never broken into lines


def _console(*, stderr: bool) -> Console:
    """Return a console as wide as its terminal; a file or a pipe gets each sentence whole."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else UNWRAPPED)


out = _console(stderr=False)
err = _console(stderr=True)

COLOURS = {"tercapai": "green", "waspada": "yellow", "belum tercapai": "red"}


def as_json(value: Any) -> None:
    """Print JSON, and nothing else, on standard output; figures and dates are text."""

    def text(item: Any) -> Any:
        if isinstance(item, datetime | date):
            return item.isoformat()
        if isinstance(item, Decimal | Fraction):
            return str(item)
        raise TypeError(f"{type(item)} is not for JSON")

    print(json.dumps(value, ensure_ascii=False, indent=2, default=text))  # noqa: T201


def banner(is_demo: bool, console: Console | None = None) -> None:
    """Say that the figures are invented, where they are; beside JSON on standard error."""
    if is_demo:
        (console or out).print(
            "[reverse] DATA CONTOH [/] Angka 2024 di sini rekaan, bukan laporan."
        )


def table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], right: str = ""
) -> None:
    """Print a table; `right` names by their places (from 0) the columns of figures."""
    shown = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for place, heading in enumerate(headings):
        shown.add_column(
            heading,
            justify="right" if str(place) in right.split() else "left",
            overflow="fold",
        )
    for row in rows:
        shown.add_row(*row)
    out.print(shown)


def coloured(word: str) -> str:
    """Return a status word in its colour; the word says it all, the colour only helps."""
    colour = COLOURS.get(word)
    return f"[{colour}]{word}[/{colour}]" if colour else word


@contextmanager
def watched() -> Iterator[None]:
    """Show progress bars on standard error while the block runs, on a terminal only."""
    if not err.is_terminal:
        yield
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=err,
        transient=True,
    ) as bars:
        shown: dict[str, TaskID] = {}

        def listener(step: str, done: int, total: int) -> None:
            if step not in shown:
                shown[step] = bars.add_task(step, total=total)
            bars.update(shown[step], completed=done, total=total)

        with progress.told_to(listener):
            yield
