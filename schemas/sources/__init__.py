"""Finds the sources: every module of this folder is one, called by its file name."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from schemas.source import Source


@cache
def sources() -> Mapping[str, Source]:
    """Return the card of every source by its code, in alphabetical order.

    Raises:
        ValueError: a module of this folder has no CARD, or one under another name.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return MappingProxyType({name: _card(name) for name in names})


def _card(name: str) -> Source:
    card = getattr(importlib.import_module(f"{__name__}.{name}"), "CARD", None)
    if not isinstance(card, Source) or card.code != name:
        raise ValueError(f"{__name__}.{name} needs a CARD = Source(code={name!r}, ...)")
    return card
