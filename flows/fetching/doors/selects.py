"""A query that only reads: what a configured SELECT may and may not hold.

It guards against mistakes; the account with which the database is asked should only read as well.
A read-only transaction alone does not stop a query from writing a file on the server.
"""

from __future__ import annotations

import re

PARAMETERS = ("start", "end", "next", "period", "year", "quarter", "month")
PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")
LITERAL = re.compile(r"'(?:[^']|'')*'")
QUOTED_NAME = re.compile(r'"[^"]*"|`[^`]*`')
FORBIDDEN = re.compile(
    r"(?i)\b(into|outfile|dumpfile|load_file|insert|update|delete|merge|truncate|drop|alter|create"
    r"|grant|call|lock|sleep|benchmark|pg_sleep|lo_export|pg_read_file|dblink)\b"
)
INNERMOST = re.compile(r"\([^()]*\)")


def objection(query: str) -> str | None:
    """Return why a query is not taken, Indonesian, or None when it is."""
    if any(sign in query for sign in (";", "--", "/*", "#", "\\")):
        return "tulis satu SELECT saja, tanpa titik koma, komentar, # dan garis miring terbalik"
    words = _words(query)
    if words.count("'") or not re.match(r"(?i)\s*(select|with)\b", words):
        return "harus satu perintah SELECT"
    if found := FORBIDDEN.search(words):
        return f"kata {found[0].upper()} tidak boleh dipakai; perintah ini hanya membaca"
    asked = parameters(query)
    if unknown := sorted(asked - set(PARAMETERS)):
        known = ", ".join(f":{name}" for name in PARAMETERS)
        return f":{unknown[0]} tidak dikenal; yang dikenal: {known}"
    if not asked:
        return "harus memakai :start dan :end (atau :year, :quarter), supaya jelas periode mana"
    return None


def parameters(query: str) -> set[str]:
    """Return the parameters that a query uses."""
    return set(PARAMETER.findall(_words(query)))


def is_ordered(query: str) -> bool:
    """Tell whether the query itself says in which order its rows come."""
    words = _words(query)
    while (inner := INNERMOST.sub(" ", words)) != words:
        words = inner
    return re.search(r"(?i)\border\s+by\b", words) is not None


def _words(query: str) -> str:
    """Return the query without what stands in quotes."""
    return QUOTED_NAME.sub(" x ", LITERAL.sub(" x ", query))
