"""Listing: the files of the project that tests go through, never silently none of them."""

from __future__ import annotations

from pathlib import Path


def listed(folder: Path, pattern: str, *, at_least: int) -> list[Path]:
    """Return the files below a folder that fit a pattern, in order.

    A folder that moved, or a pattern that fits nothing any more, fails the test that asks: without
    the floor it would go through an empty list and pass.
    """
    found = sorted(folder.glob(pattern))
    assert len(found) >= at_least, f"{folder}/{pattern}: {len(found)}, fewer than {at_least}"
    return found
