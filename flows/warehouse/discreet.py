"""Discreet connections: what Postgres refuses is told by its place and rule, never by its rows.

The server quotes rows in DETAIL, in the CONTEXT of a COPY and in many a message, and psycopg2 puts
all of that into the text of its errors, from where it would reach screens, logs and Prefect's
database. Every cursor here, SQLAlchemy's among them, raises an error of the same class instead
that never held such a text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2.extensions import connection, cursor

COPIED = re.compile(r"COPY \w+, line (?P<line>\d+)(?:, column (?P<column>\w+))?")
WITHOUT_ROWS = ("08", "25", "40", "42", "53", "55", "57", "58")
"""Classes of SQLSTATE whose message speaks of the server and the query, not of data."""
DEFECT = "42"
"""The class of what is wrong with a statement of ours, of which the message says more."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What Postgres refused, without what stood in the row."""

    sqlstate: str
    table: str
    column: str
    constraint: str
    line: int | None
    """The line of a COPY."""
    message: str = ""
    """What the server said, where that speaks of no row."""


def refusal(error: BaseException) -> Refusal:
    """Return what was refused, of an error of psycopg2 or SQLAlchemy."""
    error = getattr(error, "orig", None) or error
    known: Refusal | None = getattr(error, "refusal", None)
    if known is not None:
        return known
    diag = getattr(error, "diag", None)
    copied = COPIED.search(getattr(diag, "context", None) or "")
    named = [getattr(diag, part, None) for part in ("schema_name", "table_name")]
    return Refusal(
        sqlstate=getattr(error, "pgcode", None) or "",
        table=".".join(filter(None, named)),
        column=getattr(diag, "column_name", None) or (copied and copied["column"]) or "",
        constraint=getattr(diag, "constraint_name", None) or "",
        line=int(copied["line"]) if copied else None,
        message=_message(error),
    )


def _message(error: BaseException) -> str:
    sqlstate = getattr(error, "pgcode", None)
    if sqlstate is None and isinstance(error, psycopg2.OperationalError | psycopg2.InterfaceError):
        return str(error)  # of the connection; SQLAlchemy tells by it that one was lost
    if (sqlstate or "").startswith(WITHOUT_ROWS):
        return getattr(getattr(error, "diag", None), "message_primary", None) or ""
    return ""


def told(error: BaseException) -> str:
    """Return one Indonesian line on an error of psycopg2 or SQLAlchemy."""
    found = refusal(error)
    if not found.sqlstate:
        return (
            "Sambungan ke Postgres terputus atau tidak dapat dipakai. Coba lagi; bila tetap, lihat "
            "`iku doctor`."
        )
    named = (
        ("SQLSTATE", found.sqlstate),
        ("tabel", found.table),
        ("kolom", found.column),
        ("aturan", found.constraint),
    )
    place = ", ".join(f"{word} {value}" for word, value in named if value)
    if found.sqlstate.startswith(DEFECT):
        place += f": {found.message}"
    return f"Postgres {_verb(found.sqlstate)} ({place}). {_remedy(found.sqlstate)}"


def _verb(sqlstate: str) -> str:
    match sqlstate:
        case "57014":
            return "menghentikan kueri yang terlalu lama"
        case "55P03" | "40P01":
            return "terlalu lama menunggu proses lain"
    match sqlstate[:2]:
        case "22" | "23":
            return "menolak satu baris"
        case "53":
            return "kehabisan tempat atau sambungan"
        case "08" | "57":
            return "memutus sambungan"
    return "menolak permintaan program"


def _remedy(sqlstate: str) -> str:
    if sqlstate[:2] in ("08", "40", "53", "55", "57"):
        return "Coba lagi sebentar lagi; bila tetap, lihat `iku doctor`."
    return "Isi barisnya tidak ditampilkan. Sampaikan pesan ini kepada pengelola gudang."


class Connection(connection):
    """A connection all of whose cursors are discreet, whatever their kind, and its commit too."""

    # psycopg2's stub has three signatures, which these two Any stand for.
    def cursor(self, *args: Any, cursor_factory: Any = None, **kwargs: Any) -> Any:
        """Give a cursor."""
        own: Any = self.cursor_factory  # None unless it was given to `connect`
        factory = _discreet(cursor_factory or own or cursor)
        return super().cursor(*args, cursor_factory=factory, **kwargs)

    def commit(self) -> None:
        """Commit; a rule that is checked at the end can fail here."""
        _call(super().commit)


class _Discreet:
    """What a cursor does in which the server, or the reading of its answer, may refuse."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        return _call(super().execute, *args, **kwargs)  # type: ignore[misc]

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        return _call(super().executemany, *args, **kwargs)  # type: ignore[misc]

    def copy_expert(self, *args: Any, **kwargs: Any) -> Any:
        return _call(super().copy_expert, *args, **kwargs)  # type: ignore[misc]

    def fetchone(self) -> Any:
        return _call(super().fetchone)  # type: ignore[misc]

    def fetchmany(self, *args: Any, **kwargs: Any) -> Any:
        return _call(super().fetchmany, *args, **kwargs)  # type: ignore[misc]

    def fetchall(self) -> Any:
        return _call(super().fetchall)  # type: ignore[misc]


@functools.cache
def _discreet(factory: type[cursor]) -> type[cursor]:
    return type(factory.__name__, (_Discreet, factory), {})


def _call(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return work(*args, **kwargs)
    except psycopg2.Error as error:
        silent = _silenced(error)
    raise silent  # out of the handler: what is raised within it would carry the error along


def _silenced(error: psycopg2.Error) -> psycopg2.Error:
    """Return an error of the same class that knows where and why, and no row."""
    found = refusal(error)
    silent = type(error)(found.message or told(error))
    silent.__setstate__({"pgcode": error.pgcode})  # type: ignore[no-untyped-call] # of psycopg2
    silent.refusal = found  # type: ignore[attr-defined]
    return silent
