"""Health, set-up, sessions, keys, groups, graphs and settings of the stand-in."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from tests.metabase.fake import body as rules
from tests.metabase.fake.body import checked
from tests.metabase.fake.errors import Refusal, crash, invalid, not_found, premium
from tests.metabase.fake.store import DEFAULT_SETTINGS, Call, Row, Store, route

LOCALES = ("en", "id", "fr", "de")
COMMON_PASSWORDS = {"password", "12345678"}


@route("GET", "/api/health", "public")
def health(store: Store, call: Call) -> Any:
    if store.initializing > 0:
        store.initializing -= 1
        raise Refusal(503, {"status": "initializing", "progress": 0.4})
    return {"status": "ok"}


@route("GET", "/api/session/properties", "public")
def properties(store: Store, call: Call) -> Any:
    return {
        "version": {"tag": store.version, "date": "2026-10-01", "hash": "abc1234"},
        # The token stays visible after the set-up.
        "setup-token": store.setup_token,
        "has-user-setup": bool(_people(store)),
        "site-locale": store.settings.get("site-locale", "en"),
        "available-locales": [[code, code] for code in LOCALES],
        "engines": {"postgres": {}},
    }


def _people(store: Store) -> list[Row]:
    return [row for row in store.rows["user"].values() if not row["is_key"]]


@route("POST", "/api/setup", "public")
def setup(store: Store, call: Call) -> Any:
    given = checked(call.body, {"token": rules.text, "user": rules.mapping, "prefs": rules.mapping})
    user = checked(
        given["user"],
        {"email": rules.text, "password": rules.text},
        {"first_name": rules.or_null(rules.text), "last_name": rules.or_null(rules.text)},
    )
    prefs = checked(
        given["prefs"], {"site_name": rules.text}, {"site_locale": rules.or_null(rules.text)}
    )
    if given["token"] != store.setup_token:
        raise invalid(token="Token does not match the setup token.")
    if _people(store):
        raise Refusal(403, "The /api/setup route can only be used to create the first user.")
    if len(user["password"]) < 6 or user["password"] in COMMON_PASSWORDS:
        raise invalid(password="password is too common.")
    store.settings |= {"site-name": prefs["site_name"], "admin-email": user["email"]}
    if prefs.get("site_locale"):
        store.settings["site-locale"] = prefs["site_locale"]
    row = add_user(store, user["email"], admin=True, password=user["password"])
    return {"id": _open_session(store, row)}


def add_user(
    store: Store, email: str, *, admin: bool, password: str = "", is_key: bool = False
) -> Row:
    return store.add(
        "user",
        {
            "email": email,
            "password": password,
            "is_superuser": admin,
            "is_key": is_key,
            "common_name": email,
            "first_name": None,
            "last_name": None,
        },
    )


def _open_session(store: Store, user: Row) -> str:
    session = store.uuid()
    store.sessions[session] = user["id"]
    return session


@route("POST", "/api/session", "public")
def log_in(store: Store, call: Call) -> Any:
    given = checked(call.body, {"username": rules.text, "password": rules.text})
    for user in _people(store):
        if (user["email"], user["password"]) == (given["username"], given["password"]):
            return {"id": _open_session(store, user)}
    raise Refusal(401, {"errors": {"password": "did not match stored password"}})


@route("DELETE", "/api/session")
def log_out(store: Store, call: Call) -> Any:
    if call.session is None:
        raise not_found()
    del store.sessions[call.session]


@route("GET", "/api/user/current")
def current_user(store: Store, call: Call) -> Any:
    user = call.user or {}
    return {
        "id": user["id"],
        "email": user["email"],
        "common_name": user["common_name"],
        "first_name": user["first_name"],
        "last_name": user["last_name"],
        "is_superuser": user["is_superuser"],
        "group_ids": [store.everyone["id"]],
        "personal_collection_id": None,
        "locale": None,
        "date_joined": user["created_at"],
        "is_active": True,
    }


def _key_row(store: Store, row: Row) -> Row:
    group = store.rows["group"][row["group_id"]]
    return {
        "id": row["id"],
        "name": row["name"],
        "group": {"id": group["id"], "name": group["name"]},
        "masked_key": row["key"][:7] + "***",
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "updated_by": {"id": row["user_id"], "common_name": row["name"]},
    }


def _new_key(store: Store) -> str:
    return "mb_" + store.entity_id() + store.entity_id()


@route("GET", "/api/api-key", "admin")
def list_keys(store: Store, call: Call) -> Any:
    return [_key_row(store, row) for row in store.rows["api_key"].values()]


@route("POST", "/api/api-key", "admin")
def make_key(store: Store, call: Call) -> Any:
    given = checked(call.body, {"name": rules.text, "group_id": rules.positive})
    if any(row["name"] == given["name"] for row in store.rows["api_key"].values()):
        raise invalid(name="An API key with this name already exists.")
    group = store.get("group", given["group_id"])
    user = add_user(
        store,
        f"api-key-user-{store.uuid()}@api-key.invalid",
        admin=group["id"] == store.admins["id"],
        is_key=True,
    )
    row = store.add("api_key", {**given, "key": _new_key(store), "user_id": user["id"]})
    return {**_key_row(store, row), "unmasked_key": row["key"]}


@route("PUT", "/api/api-key/{id}/regenerate", "admin")
def regenerate_key(store: Store, call: Call, number: str) -> Any:
    row = store.get("api_key", number)
    store.touch(row, {"key": _new_key(store)})
    return {**_key_row(store, row), "unmasked_key": row["key"]}


@route("GET", "/api/permissions/group")
def list_groups(store: Store, call: Call) -> Any:
    return [{**group, "member_count": 1} for group in store.rows["group"].values()]


@route("POST", "/api/permissions/group", "admin")
def make_group(store: Store, call: Call) -> Any:
    given = checked(call.body, {"name": rules.text})
    group = store.add("group", {**given, "magic_group_type": None})
    store.permissions_graph[group["id"]] = {}
    store.collection_graph[group["id"]] = {}
    return group


@route("PUT", "/api/permissions/group/{id}", "admin")
def rename_group(store: Store, call: Call, number: str) -> Any:
    given = checked(call.body, {"name": rules.text})
    store.touch(store.get("group", number), given)
    return store.get("group", number)


DATA_RIGHTS = {
    "view-data": ("unrestricted",),
    "create-queries": ("query-builder-and-native", "query-builder", "no"),
}


@route("GET", "/api/permissions/graph", "admin")
def data_graph(store: Store, call: Call) -> Any:
    groups = {
        str(group): {
            str(database): {
                name: right
                for name, right in rights.items()
                if (name, right) != ("create-queries", "no")
            }
            for database, rights in databases.items()
        }
        for group, databases in store.permissions_graph.items()
    }
    return {"revision": store.revision["permissions"], "groups": groups}


@route("PUT", "/api/permissions/graph", "admin")
def write_data_graph(store: Store, call: Call) -> Any:
    given = checked(call.body, {"revision": rules.whole, "groups": rules.mapping})
    _check_revision(store, "permissions", given["revision"])
    for group, databases in given["groups"].items():
        for database, rights in databases.items():
            for name, right in rights.items():
                if name in ("sandboxes", "impersonations") or right == "blocked":
                    raise premium("Advanced permissions")
                if name not in DATA_RIGHTS or right not in DATA_RIGHTS[name]:
                    raise invalid(groups=f"{name} {right} is not valid.")
            store.get("database", database)
            store.permissions_graph[int(group)].setdefault(int(database), {}).update(rights)
    store.revision["permissions"] += 1
    return data_graph(store, call)


@route("GET", "/api/collection/graph", "admin")
def collection_graph(store: Store, call: Call) -> Any:
    return {
        "revision": store.revision["collection"],
        "groups": {
            str(group): {
                str(one): right
                for one, right in rights.items()
                if right != "none"
                and (one == "root" or not store.rows["collection"][one]["archived"])
            }
            for group, rights in store.collection_graph.items()
        },
    }


@route("PUT", "/api/collection/graph", "admin")
def write_collection_graph(store: Store, call: Call) -> Any:
    given = checked(call.body, {"revision": rules.whole, "groups": rules.mapping})
    _check_revision(store, "collection", given["revision"])
    for group, rights in given["groups"].items():
        for one, right in rights.items():
            if right not in ("read", "write", "none"):
                raise invalid(groups=f"{right} is not valid.")
            key: Any = one if one == "root" else store.get("collection", one)["id"]
            store.collection_graph[int(group)][key] = right
    store.revision["collection"] += 1
    return collection_graph(store, call)


def _check_revision(store: Store, graph: str, revision: int) -> None:
    if revision != store.revision[graph]:
        raise Refusal(
            409,
            "Looks like someone else edited the permissions and your data is out of date. "
            "Please fetch new data and try again.",
        )


@route("GET", "/api/setting", "admin")
def list_settings(store: Store, call: Call) -> Any:
    return [
        {
            "key": name,
            "value": None if name in store.env_settings else store.settings.get(name),
            "is_env_setting": name in store.env_settings,
            "env_name": "MB_" + name.upper().replace("-", "_"),
            "description": name,
            "default": default,
        }
        for name, default in DEFAULT_SETTINGS.items()
    ]


@route("GET", "/api/setting/{key}", "admin")
def read_setting(store: Store, call: Call, name: str) -> Any:
    if name not in DEFAULT_SETTINGS:
        raise crash(f"Unknown setting: {name}")
    return store.env_settings.get(name, store.settings.get(name, DEFAULT_SETTINGS[name]))


@route("PUT", "/api/setting/{key}", "admin")
def write_setting(store: Store, call: Call, name: str) -> Any:
    value = checked(call.body, {"value": rules.anything})["value"]
    if name not in DEFAULT_SETTINGS:
        raise crash(f"Unknown setting: {name}")
    if name == "application-name":
        raise crash(
            "Setting application-name is not enabled because feature whitelabel is not available"
        )
    if name == "site-locale" and value not in (None, *LOCALES):
        raise Refusal(400, f"Invalid locale {value!r}")
    if name == "report-timezone" and value is not None:
        ZoneInfo(value)
    if name == "custom-geojson" and any(
        set(one) - {"name", "url", "region_key", "region_name", "builtin"}
        for one in (value or {}).values()
    ):
        raise Refusal(400, "Invalid custom GeoJSON")
    if value is None:
        store.settings.pop(name, None)
    else:
        store.settings[name] = value


@route("PUT", "/api/cache", "admin")
def write_cache(store: Store, call: Call) -> Any:
    given = checked(
        call.body,
        {"model": rules.text, "model_id": rules.whole, "strategy": rules.mapping},
    )
    if given["model"] != "root" or given["strategy"].get("type") not in ("ttl", "nocache"):
        raise premium("Granular caching")
    return {"id": 1}


@route("GET", "/api/pulse")
def subscriptions(store: Store, call: Call) -> Any:
    return []
