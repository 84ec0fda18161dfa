"""Groups of users. Who is in them is decided by people, in Metabase."""

from __future__ import annotations

from flows.metabase.api.client import Json
from flows.metabase.api.server import Canonical, Server

EVERYONE = "group/everyone"
ADMINISTRATORS = "group/administrators"
MAGIC = {"all-internal-users": EVERYONE, "admin": ADMINISTRATORS}


def wanted(server: Server) -> dict[str, Canonical]:
    """Return our groups."""
    return {f"group/{group.key}": {"name": group.title} for group in server.specs.site.groups}


def learn_built_in(server: Server) -> None:
    """Remember the ids of Metabase's own groups."""
    for row in _listed(server):
        key = MAGIC.get(row.get("magic_group_type") or "")
        if key:
            server.names.learn(key, row["id"])


class Groups:
    """A group has nothing but its name, so the name tells it."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return the ids of the groups that bear the names of ours."""
        titles = {group.title: f"group/{group.key}" for group in server.specs.site.groups}
        found: dict[str, list[int]] = {}
        for row in _listed(server):
            if row["name"] in titles:
                found.setdefault(titles[row["name"]], []).append(row["id"])
        return found

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return the group while it bears our name; a renamed one may be anybody's by now."""
        title = wanted(server).get(key, {}).get("name")
        for row in _listed(server):
            if row["id"] == remote_id and title in (None, row["name"]):
                return {"name": row["name"]}
        return None

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Make the group."""
        return server.client.create("/api/permissions/group", dict(wanted))

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Name the group."""
        server.client.request("PUT", f"/api/permissions/group/{remote_id}", body=dict(wanted))


def _listed(server: Server) -> Json:
    return server.client.read("/api/permissions/group")
