"""Settings of the site: language, time zone, formats, home page."""

from __future__ import annotations

from typing import Any

from flows.metabase.api.server import Canonical, Server

HOMEPAGE = "custom-homepage-dashboard"


def wanted(server: Server) -> dict[str, Canonical]:
    """Return the settings that need nothing else."""
    return {
        f"setting/{name}": {"value": value} for name, value in server.specs.site.settings.items()
    }


def wanted_last(server: Server) -> dict[str, Canonical]:
    """Return the settings that name a dashboard."""
    homepage = server.specs.site.homepage
    if homepage is None:
        return {}
    return {
        "setting/custom-homepage": {"value": True},
        f"setting/{HOMEPAGE}": {"value": f"dashboard/{homepage}"},
    }


def locked(server: Server) -> set[str]:
    """Return the keys of the settings that the server's own environment holds."""
    return {
        f"setting/{row['key']}"
        for row in server.client.read("/api/setting")
        if row.get("is_env_setting")
    }


class SiteSettings:
    """A setting has no id: its key names it."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return nothing: a setting is never made, only set."""
        return {}

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return the value in force; of the home page, the key of its dashboard."""
        name = key.partition("/")[2]
        value = next(
            (row["value"] for row in server.client.read("/api/setting") if row["key"] == name), None
        )
        if name == HOMEPAGE:
            return {"value": server.names.key("dashboard", value)}
        return {"value": value}

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Never called: `read` always finds a setting."""
        raise AssertionError(key)

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Set the value."""
        name = key.partition("/")[2]
        value: Any = wanted["value"]
        if name == HOMEPAGE:
            value = server.names.id(value)
        server.client.request("PUT", f"/api/setting/{name}", body={"value": value})
