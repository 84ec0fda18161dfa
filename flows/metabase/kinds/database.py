"""The connection of Metabase to the warehouse, with the read-only role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.metabase.api.client import MetabaseError
from flows.metabase.api.server import Canonical, Server, without_nulls

KEY = "database/gudang"

# At night, after the refresh; a new view is also asked for by `apply`.
SCHEDULES: Mapping[str, Mapping[str, Any]] = {
    "metadata_sync": {"schedule_type": "daily", "schedule_hour": 3, "schedule_minute": 0},
    "cache_field_values": {"schedule_type": "daily", "schedule_hour": 4, "schedule_minute": 0},
}
SCHEDULED = ("schedule_type", "schedule_hour", "schedule_minute", "schedule_day", "schedule_frame")
DETAILS = (
    "host", "port", "dbname", "user", "ssl", "ssl-mode", "schema-filters-type",
    "schema-filters-patterns",
)  # fmt: skip


def wanted(server: Server) -> dict[str, Canonical]:
    """Return the connection, without its password."""
    address, site = server.address, server.specs.site
    details: dict[str, Any] = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": address.user,
        # Left out, the server tries with SSL first and stores what worked.
        "ssl": address.ssl,
        "schema-filters-type": "inclusion",
        "schema-filters-patterns": site.schema,
    }
    if address.ssl:
        details["ssl-mode"] = "require"
    return {
        KEY: {
            "name": site.database,
            "engine": "postgres",
            "details": details,
            "auto_run_queries": True,
            "schedules": SCHEDULES,
        }
    }


class Databases:
    """Connections; ours is told by its role and database, as it can bear no marker."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return the ids of connections that are ours."""
        listed = server.client.read("/api/database")["data"]
        found = [row["id"] for row in listed if _is_ours(server, row)]
        return {KEY: found} if found else {}

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return the connection; None when it is gone or is another one by now."""
        try:
            row = server.client.read(f"/api/database/{remote_id}")
        except MetabaseError as error:
            if error.is_missing:
                return None
            raise
        if not _is_ours(server, row):
            return None
        return {
            "name": row["name"],
            "engine": row["engine"],
            "details": without_nulls(row["details"], DETAILS),
            "auto_run_queries": row["auto_run_queries"],
            "schedules": {
                name: without_nulls(row["schedules"].get(name) or {}, SCHEDULED)
                for name in SCHEDULES
            },
        }

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Connect; the server tries the connection before it keeps it."""
        return server.client.create("/api/database", _body(server, wanted))

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Change the connection, password included."""
        body = _body(server, wanted)
        server.client.request("PUT", f"/api/database/{remote_id}", body=body)


def _is_ours(server: Server, row: Mapping[str, Any]) -> bool:
    details = row.get("details") or {}
    return row["engine"] == "postgres" and (details.get("dbname"), details.get("user")) == (
        server.address.database,
        server.address.user,
    )


def _body(server: Server, wanted: Canonical) -> dict[str, Any]:
    return {
        **wanted,
        "details": {
            **wanted["details"],
            "password": server.address.password,
            "advanced-options": True,
            "let-user-control-scheduling": True,
        },
        "is_full_sync": True,
        "is_on_demand": False,
    }
