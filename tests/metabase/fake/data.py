"""Databases, tables and fields of the stand-in; the catalogue is that of the real Postgres."""

from __future__ import annotations

import fnmatch
from contextlib import closing
from typing import Any

import psycopg2

from tests.metabase.fake import body as rules
from tests.metabase.fake.body import checked
from tests.metabase.fake.errors import Refusal, invalid, premium
from tests.metabase.fake.store import Call, Row, Store, route

MASK = "**MetabasePass**"
TYPES = {
    "integer": "type/Integer", "bigint": "type/BigInteger", "numeric": "type/Decimal",
    "text": "type/Text", "boolean": "type/Boolean", "date": "type/Date",
    "timestamp with time zone": "type/DateTimeWithLocalTZ", "jsonb": "type/JSON",
}  # fmt: skip
NOT_BLANK = rules.or_null(rules.text)


def _connect(details: Row) -> Any:
    """Connect as the server would before it keeps a connection."""
    try:
        return psycopg2.connect(
            host=details["host"],
            port=details["port"],
            dbname=details["dbname"],
            user=details["user"],
            password=details.get("password"),
            connect_timeout=5,
        )
    except psycopg2.OperationalError as error:
        raise Refusal(
            400, {"message": str(error), "errors": {"host": "check your host settings"}}
        ) from error


def _shown(row: Row) -> Row:
    details = {**row["details"], "password": MASK}
    return {**row, "details": details, "features": ["native-parameters"]}


@route("GET", "/api/database")
def list_databases(store: Store, call: Call) -> Any:
    rows = [_shown(row) for row in store.rows["database"].values()]
    return {"data": rows, "total": len(rows)}


@route("POST", "/api/database", "admin")
def make_database(store: Store, call: Call) -> Any:
    given = checked(
        call.body,
        {"name": rules.text, "engine": rules.text, "details": rules.mapping},
        {
            "is_full_sync": rules.flag,
            "is_on_demand": rules.flag,
            "auto_run_queries": rules.flag,
            "schedules": rules.mapping,
            "cache_ttl": rules.anything,
        },
        {"is_full_sync": True, "is_on_demand": False, "auto_run_queries": True, "schedules": {}},
    )
    if given.get("cache_ttl"):
        raise premium("cache_ttl")
    if given["engine"] != "postgres":
        raise invalid(engine="value must be a valid database engine.")
    given["details"].setdefault("ssl", True)  # what worked at the first try is stored
    _connect(given["details"]).close()
    row = store.add("database", {**given, "initial_sync_status": "incomplete"})
    store.pending_sync[row["id"]] = store.sync_polls
    # As new databases come: everybody may ask anything.
    store.permissions_graph[store.everyone["id"]][row["id"]] = {
        "view-data": "unrestricted",
        "create-queries": "query-builder-and-native",
    }
    return _shown(row)


@route("GET", "/api/database/{id}")
def read_database(store: Store, call: Call, number: str) -> Any:
    row = store.get("database", number)
    _poll(store, row)
    return _shown(row)


@route("PUT", "/api/database/{id}", "admin")
def write_database(store: Store, call: Call, number: str) -> Any:
    row = store.get("database", number)
    given = checked(
        call.body,
        {},
        {
            "name": rules.text,
            "engine": rules.text,
            "details": rules.mapping,
            "is_full_sync": rules.flag,
            "is_on_demand": rules.flag,
            "auto_run_queries": rules.flag,
            "schedules": rules.mapping,
        },
    )
    if "details" in given:
        details = {**row["details"], **given["details"]}
        if given["details"].get("password") == MASK:
            details["password"] = row["details"]["password"]
        if details != row["details"]:
            _connect(details).close()
        given["details"] = details
    store.touch(row, given)
    return _shown(row)


@route("POST", "/api/database/{id}/sync_schema", "admin")
def sync(store: Store, call: Call, number: str) -> Any:
    row = store.get("database", number)
    try:
        _connect(row["details"]).close()
    except Refusal as refusal:
        raise Refusal(422, "Failed to connect to Database") from refusal
    store.pending_sync.setdefault(row["id"], store.sync_polls)
    return {"status": "ok"}


@route("GET", "/api/database/{id}/schemas")
def schemas(store: Store, call: Call, number: str) -> Any:
    row = store.get("database", number)
    tables = store.rows["table"].values()
    return sorted({table["schema"] for table in tables if table["db_id"] == row["id"]})


@route("GET", "/api/database/{id}/metadata")
def metadata(store: Store, call: Call, number: str) -> Any:
    row = store.get("database", number)
    _poll(store, row)
    hidden = call.flag("include_hidden")
    return {
        **_shown(row),
        "tables": [
            _with_fields(store, table, hidden)
            for table in store.rows["table"].values()
            if table["db_id"] == row["id"] and (hidden or table["visibility_type"] is None)
        ],
    }


def _with_fields(store: Store, table: Row, hidden: bool) -> Row:
    fields = [
        field
        for field in store.rows["field"].values()
        if field["table_id"] == table["id"]
        and (hidden or field["visibility_type"] not in ("sensitive", "retired"))
    ]
    return {**table, "fields": fields}


def _poll(store: Store, database: Row) -> None:
    """Let a sync that goes on in the background come one step further."""
    left = store.pending_sync.get(database["id"])
    if left is None:
        return
    if left > 0:
        store.pending_sync[database["id"]] = left - 1
        return
    del store.pending_sync[database["id"]]
    database["initial_sync_status"] = "complete"
    _read_catalogue(store, database)


def _catalogue(details: Row) -> list[tuple[str, str, str, str]]:
    """Return the columns that the role sees and the schema filter lets through."""
    patterns = str(details.get("schema-filters-patterns", "*")).split(",")
    only = details.get("schema-filters-type") == "inclusion"
    with closing(_connect(details)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name, column_name, data_type"
            " FROM information_schema.columns"
            " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
            " ORDER BY table_schema, table_name, ordinal_position"
        )
        return [
            row
            for row in cursor.fetchall()
            if not only or any(fnmatch.fnmatch(row[0], one.strip()) for one in patterns)
        ]


def _read_catalogue(store: Store, database: Row) -> None:
    tables = {
        (table["schema"], table["name"]): table
        for table in store.rows["table"].values()
        if table["db_id"] == database["id"]
    }
    fields = {(field["table_id"], field["name"]) for field in store.rows["field"].values()}
    for schema, name, column, kind in _catalogue(database["details"]):
        table = tables.get((schema, name))
        if table is None:
            table = tables[schema, name] = store.add(
                "table",
                {
                    "db_id": database["id"],
                    "schema": schema,
                    "name": name,
                    "display_name": name.replace("_", " ").title(),
                    "description": None,
                    "visibility_type": None,
                    "active": True,
                    "entity_type": "entity/GenericTable",
                    "field_order": "database",
                },
            )
        if (table["id"], column) not in fields:
            base = TYPES.get(kind, "type/*")
            store.add(
                "field",
                {
                    "table_id": table["id"],
                    "name": column,
                    "display_name": column.replace("_", " ").title(),
                    "description": None,
                    "base_type": base,
                    "effective_type": base,
                    "database_type": kind,
                    "semantic_type": None,
                    "visibility_type": "normal",
                    "has_field_values": None,
                    "fk_target_field_id": None,
                    "active": True,
                    "position": 0,
                    "settings": None,
                },
            )


@route("GET", "/api/table")
def list_tables(store: Store, call: Call) -> Any:
    return list(store.rows["table"].values())


@route("GET", "/api/table/{id}")
def read_table(store: Store, call: Call, number: str) -> Any:
    return store.get("table", number)


@route("GET", "/api/table/{id}/query_metadata")
def table_metadata(store: Store, call: Call, number: str) -> Any:
    return _with_fields(store, store.get("table", number), hidden=False)


@route("PUT", "/api/table/{id}", "admin")
def write_table(store: Store, call: Call, number: str) -> Any:
    row = store.get("table", number)
    given = checked(
        call.body,
        {},
        {
            "display_name": NOT_BLANK,
            "description": rules.or_null(rules.any_text),
            "visibility_type": rules.or_null(rules.one_of("hidden", "technical", "cruft")),
            "entity_type": NOT_BLANK,
            "field_order": rules.text,
        },
    )
    store.touch(row, given)
    return row


@route("GET", "/api/field/{id}")
def read_field(store: Store, call: Call, number: str) -> Any:
    return store.get("field", number)


@route("PUT", "/api/field/{id}", "admin")
def write_field(store: Store, call: Call, number: str) -> Any:
    row = store.get("field", number)
    values = rules.one_of("list", "search", "none", "auto-list")
    given = checked(
        call.body,
        {},
        {
            "display_name": NOT_BLANK,
            "description": NOT_BLANK,
            "semantic_type": NOT_BLANK,
            "visibility_type": rules.one_of(
                "normal", "details-only", "hidden", "sensitive", "retired"
            ),
            "has_field_values": rules.or_null(values),
        },
    )
    store.touch(row, given)
    return row
