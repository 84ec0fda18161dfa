"""Names and descriptions of the marts in Metabase, all in one object: `table/mart`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flows.metabase.api.server import Canonical, Confused, Server
from flows.metabase.kinds import database

KEY = "table/mart"
PAUSE = 2.0


def wanted(server: Server) -> dict[str, Canonical]:
    """Return what every mart and column should be called."""
    hidden = server.specs.site.hidden_columns
    return {
        KEY: {
            view: {
                "title": label.title,
                "description": label.description,
                "columns": {
                    name: {
                        "title": title,
                        "description": description,
                        "visibility": "sensitive" if f"{view}.{name}" in hidden else "normal",
                    }
                    for name, (title, description) in label.columns.items()
                },
            }
            for view, label in server.labels.items()
        }
    }


class Tables:
    """Tables and fields; they are made by the server, which reads the warehouse's catalogue."""

    def find(self, server: Server) -> dict[str, list[int]]:
        """Return nothing: tables are never made, only named."""
        return {}

    def read(self, server: Server, key: str, remote_id: int | None) -> Canonical | None:
        """Return the names of the marts that the server knows; none before it is connected."""
        if database.KEY not in server.names.ids:
            return {}
        return {name: _canonical(table, server) for name, table in _known(server).items()}

    def create(self, server: Server, key: str, wanted: Canonical) -> int:
        """Never called: `read` always answers."""
        raise AssertionError(key)

    def update(self, server: Server, key: str, remote_id: int | None, wanted: Canonical) -> None:
        """Wait until the server knows every mart, then name those that differ."""
        for name, table in _synced(server).items():
            want, have = wanted[name], _canonical(table, server)
            if _texts(want) != _texts(have):
                body = {"display_name": want["title"], "description": want["description"]}
                server.client.request("PUT", f"/api/table/{table['id']}", body=body)
            for field in table["fields"]:
                label = want["columns"].get(field["name"])
                if label is not None and label != have["columns"][field["name"]]:
                    body = {
                        "display_name": label["title"],
                        "description": label["description"],
                        "visibility_type": label["visibility"],
                    }
                    server.client.request("PUT", f"/api/field/{field['id']}", body=body)


def _texts(table: Mapping[str, Any]) -> tuple[Any, Any]:
    return table["title"], table["description"]


def _known(server: Server) -> dict[str, Mapping[str, Any]]:
    """Return the marts that the server knows, by name."""
    answer = server.client.read(
        f"/api/database/{server.names.id(database.KEY)}/metadata",
        include_hidden="true",
        remove_inactive="true",
    )
    return {
        table["name"]: table
        for table in answer["tables"]
        if table["schema"] == server.specs.site.schema and table["name"] in server.labels
    }


def _canonical(table: Mapping[str, Any], server: Server) -> dict[str, Any]:
    expected = server.labels[table["name"]].columns
    return {
        "title": table["display_name"],
        "description": table["description"],
        "columns": {
            field["name"]: {
                "title": field["display_name"],
                "description": field["description"],
                "visibility": field["visibility_type"],
            }
            for field in table["fields"]
            if field["name"] in expected
        },
    }


def _synced(server: Server) -> dict[str, Mapping[str, Any]]:
    """Return the tables once every mart and column is there; ask for a sync when one is not.

    Raises:
        Confused: something is still missing when the time is over.
    """
    known = _known(server)
    missing = _missing(server, known)
    if missing:
        path = f"/api/database/{server.names.id(database.KEY)}/sync_schema"
        server.client.request("POST", path)
    end = time.monotonic() + server.sync_seconds
    while missing:
        if time.monotonic() > end:
            raise Confused(
                "Metabase belum mengenal " + ", ".join(missing[:5]) + ". Periksa sambungannya ke "
                "gudang (Admin, Databases), lalu jalankan lagi."
            )
        server.client.sleep(PAUSE)
        known = _known(server)
        missing = _missing(server, known)
    return known


def _missing(server: Server, known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    there = {
        f"{name}.{field['name']}" for name, table in known.items() for field in table["fields"]
    }
    return [
        f"{view}.{column}"
        for view, label in server.labels.items()
        for column in label.columns
        if f"{view}.{column}" not in there
    ]
