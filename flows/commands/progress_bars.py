"""Progress bars: what long work tells, shown on a terminal while a command waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from flows.commands import console
from flows.machine import progress


@contextmanager
def watched() -> Iterator[None]:
    """Show progress bars on standard error while the block runs, on a terminal only."""
    if not console.err.is_terminal:
        yield
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console.err,
        transient=True,
    ) as bars:
        shown: dict[str, TaskID] = {}

        def listener(step: str, done: int, total: int) -> None:
            if step not in shown:
                shown[step] = bars.add_task(step, total=total)
            bars.update(shown[step], completed=done, total=total)

        progress.listen(listener)
        try:
            yield
        finally:
            progress.listen(None)
