"""Compare objects in canonical form: leaf by leaf, and three ways. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT = object()


@dataclass(frozen=True, slots=True)
class Differences:
    """The leaves that differ between what is wanted and what is there, by who moved them.

    Attributes:
        ours: the specs changed since the last write.
        theirs: somebody changed the server by hand.
        both: both changed, to different ends.
    """

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    both: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.ours or self.theirs or self.both)


def compare(wanted: Any, there: Any, last: Any) -> Differences:
    """Compare three ways; without a last state every difference is ours."""
    want, have = _leaves(wanted), _leaves(there)
    differ = sorted(
        path for path in {*want, *have} if want.get(path, ABSENT) != have.get(path, ABSENT)
    )
    if last is None:
        return Differences(ours=tuple(differ))
    base = _leaves(last)
    ours, theirs, both = [], [], []
    for path in differ:
        before = base.get(path, ABSENT)
        if have.get(path, ABSENT) == before:
            ours.append(path)
        elif want.get(path, ABSENT) == before:
            theirs.append(path)
        else:
            both.append(path)
    return Differences(tuple(ours), tuple(theirs), tuple(both))


def same(one: Any, other: Any) -> bool:
    """Tell whether two canonical forms say the same; a null says as much as nothing."""
    return not compare(one, other, None)


def checksum(canonical: Any) -> str:
    """Return the checksum of a canonical form."""
    body = json.dumps(canonical, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def _leaves(value: Any) -> dict[str, Any]:
    return dict(_walk("", value))


def _walk(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(f"{path}.{key}" if path else str(key), item)
    elif isinstance(value, list | tuple):
        yield f"{path}#", len(value)
        for place, item in enumerate(value):
            yield from _walk(f"{path}[{place}]", item)
    elif value is not None:
        # JSON has one kind of number: 100 and 100.0 are the same, but true is not 1.
        yield path, ("bool", value) if isinstance(value, bool) else value
