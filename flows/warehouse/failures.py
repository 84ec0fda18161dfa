"""Failures: the one Indonesian line that is told of an error, without a row that it may quote."""

from __future__ import annotations

import traceback
from pathlib import Path

from flows.warehouse import discreet
from flows.warehouse.connection import DATABASE_ERRORS

OURS = ("flows", "transforms", "schemas")
PROGRAM = Path(__file__).parents[2]


def can_be_mended(error: BaseException) -> bool:
    """Tell our own refusals and the file system's, which an officer can mend, from defects."""
    return isinstance(error, OSError) or type(error).__module__.split(".")[0] in OURS


def told(error: BaseException) -> str:
    """Return what is told of an error, to an officer and to Prefect alike.

    The text of an error that is not ours may quote a row: only its kind and its place are told.
    """
    if isinstance(error, DATABASE_ERRORS):
        return discreet.told(error)
    if can_be_mended(error):
        return " ".join(str(error).split())
    return (
        f"Program berhenti karena kesalahannya sendiri ({kind(error)}). "
        "Sampaikan pesan ini kepada pengelola gudang."
    )


def kind(error: BaseException) -> str:
    """Return what kind of error it is and where it rose, and nothing of its own text.

    Of an error of the file system also the system's word for it, without the name of the file.
    """
    why = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{_place(error)}{why}"


def _place(error: BaseException) -> str:
    """Return the last line of ours that the error went through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(PROGRAM) and file.relative_to(PROGRAM).parts[0] in OURS:
            return f" di {file.relative_to(PROGRAM)}:{frame.lineno}"
    return ""
