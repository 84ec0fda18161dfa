"""All objects that are wanted on a server, in the order in which they can be made."""

from __future__ import annotations

from collections.abc import Mapping

from flows.metabase.api.server import Canonical, Kind, Server
from flows.metabase.kinds import (
    cards,
    dashboards,
    database,
    folders,
    groups,
    permissions,
    site_settings,
    tables,
)

KINDS: Mapping[str, Kind] = {
    "database": database.Databases(),
    "group": groups.Groups(),
    "collection": folders.Folders(),
    "permission": permissions.Permissions(),
    "table": tables.Tables(),
    "card": cards.Cards(),
    "dashboard": dashboards.Dashboards(),
    "setting": site_settings.SiteSettings(),
}
"""In the order in which they can be read: what a form names by key comes before it."""

WITHOUT_ID = frozenset({"setting", "permission", "table"})


def kind_of(key: str) -> str:
    """Return the kind that a key begins with."""
    return key.partition("/")[0]


def all_wanted(server: Server) -> dict[str, Canonical]:
    """Return every object by key, in order: what is needed first stands first.

    Rights come as soon as what they protect is there, and before anything can be seen.
    """
    locked = site_settings.locked(server)
    wanted = {
        **site_settings.wanted(server),
        **database.wanted(server),
        **groups.wanted(server),
        **folders.wanted(server),
        **permissions.wanted(server),
        **tables.wanted(server),
        **cards.wanted(server),
        **dashboards.wanted(server),
        **site_settings.wanted_last(server),
    }
    return {key: one for key, one in wanted.items() if key not in locked}
