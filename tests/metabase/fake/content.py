"""Collections, cards and dashboards of the stand-in, with the traps of the contract."""

from __future__ import annotations

import copy
from typing import Any

from tests.metabase.fake import body as rules
from tests.metabase.fake import sql
from tests.metabase.fake.body import checked
from tests.metabase.fake.errors import Refusal, archived, crash, invalid, not_found, premium
from tests.metabase.fake.store import Call, Row, Store, route

TEXT_OR_NULL = rules.or_null(rules.text)
NUMBER_OR_NULL = rules.or_null(rules.positive)
TAG_TYPES = ("text", "number", "date", "boolean", "dimension", "temporal-unit", "snippet", "card")


ROOT = {"id": "root", "name": "Our analytics", "is_personal": False, "can_write": True}


def _collection(store: Store, row: Row) -> Row:
    above = store.inside(row)[:-1]
    location = "/" + "".join(f"{one['id']}/" for one in above)
    return {
        **row,
        "location": location,
        "effective_location": location,
        "effective_ancestors": [
            {"id": "root", "name": "Our analytics"},
            *({"id": one["id"], "name": one["name"]} for one in above),
        ],
        "can_write": True,
        "is_personal": False,
    }


@route("GET", "/api/collection")
def list_collections(store: Store, call: Call) -> Any:
    wanted = call.flag("archived")
    found = [
        _collection(store, row)
        for row in store.rows["collection"].values()
        if row["archived"] == wanted
    ]
    return found if wanted else [ROOT, *found]


@route("GET", "/api/collection/tree")
def tree(store: Store, call: Call) -> Any:
    def below(parent: int | None) -> list[Row]:
        return [
            {**_collection(store, row), "children": below(row["id"]), "here": [], "below": []}
            for row in store.rows["collection"].values()
            if row["parent_id"] == parent and not row["archived"]
        ]

    return below(None)


@route("POST", "/api/collection", "admin")
def make_collection(store: Store, call: Call) -> Any:
    given = checked(
        call.body,
        {"name": rules.text},
        {
            "description": TEXT_OR_NULL,
            "parent_id": NUMBER_OR_NULL,
            "authority_level": rules.anything,
        },
        {"description": None, "parent_id": None},
    )
    if given.pop("authority_level", None):
        raise premium("Official collections")
    if given["parent_id"]:
        store.get("collection", given["parent_id"])
    row = store.add(
        "collection",
        {
            **given,
            "archived": False,
            "entity_id": store.entity_id(),
            "slug": given["name"].lower().replace(" ", "_"),
            "type": None,
            "namespace": None,
            "personal_owner_id": None,
            "authority_level": None,
        },
    )
    store.inherit(row)
    return _collection(store, row)


@route("GET", "/api/collection/{id}")
def read_collection(store: Store, call: Call, number: str) -> Any:
    return _collection(store, store.get("collection", number))


@route("PUT", "/api/collection/{id}", "admin")
def write_collection(store: Store, call: Call, number: str) -> Any:
    row = store.get("collection", number)
    given = checked(
        call.body,
        {},
        {
            "name": rules.text,
            "description": TEXT_OR_NULL,
            "parent_id": NUMBER_OR_NULL,
            "archived": rules.flag,
        },
        {"archived": False},  # whoever does not say otherwise takes it out of the trash
    )
    store.touch(row, given)
    for kind in ("card", "dashboard"):
        for item in store.rows[kind].values():
            if item["collection_id"] == row["id"] and given["archived"]:
                item["archived"] = True
    return _collection(store, row)


@route("GET", "/api/collection/{key}/items")
def items(store: Store, call: Call, which: str) -> Any:
    number = None if which == "root" else store.get("collection", which)["id"]
    models = call.query.get("models", ["card", "dashboard", "collection"])
    wanted = call.flag("archived")
    found = []
    for model in ("collection", "card", "dashboard"):
        place = "parent_id" if model == "collection" else "collection_id"
        found += [
            {
                "id": row["id"],
                "model": model,
                "name": row["name"],
                "description": row["description"],
                "entity_id": row["entity_id"],
                "collection_id": row[place],
                "archived": row["archived"],
            }
            for row in store.rows[model].values()
            if model in models and row[place] == number and row["archived"] == wanted
        ]
    return {"data": found, "total": len(found), "limit": 50, "offset": 0, "models": models}


def _checked_query(store: Store, query: Any) -> Row:
    """Check a native query in the older form and return what is stored of it."""
    if not query or query.get("type") != "native":
        raise crash("Invalid query: expected a native query")
    database = query.get("database")
    if database not in store.rows["database"]:
        raise invalid(dataset_query="the database does not exist.")
    native = query["native"]
    tags = native.get("template-tags") or {}
    for name, tag in tags.items():
        _check_tag(store, name, tag)
    used = set(sql.TAG.findall(native["query"]))
    if used - set(tags):
        raise invalid(dataset_query=f"no template tag for {sorted(used - set(tags))}")
    return {"database": database, "native": native["query"], "template-tags": tags}


def _check_tag(store: Store, name: str, tag: Row) -> None:
    missing = {"id", "name", "display-name", "type"} - set(tag)
    if missing or tag["name"] != name:
        raise invalid(dataset_query=f"template tag {name}: {sorted(missing) or 'other name'}")
    if tag["type"] not in TAG_TYPES:
        raise invalid(dataset_query=f"template tag {name}: unknown type")
    if (tag["type"] in ("dimension", "temporal-unit")) != ("dimension" in tag):
        raise invalid(dataset_query=f"template tag {name}: dimension does not fit")
    if tag["type"] == "dimension":
        if "widget-type" not in tag:
            raise invalid(dataset_query=f"template tag {name}: widget-type is missing")
        store.get("field", tag["dimension"][1])


def _newer(store: Store, stored: Row) -> Row:
    """Return a query as it is kept since 0.57: in stages, with ids that are new every time."""
    return {
        "lib/type": "mbql/query",
        "lib/uuid": store.uuid(),
        "database": stored["database"],
        "stages": [
            {
                "lib/type": "mbql.stage/native",
                "lib/uuid": store.uuid(),
                "native": stored["native"],
                "template-tags": copy.deepcopy(stored["template-tags"]),
            }
        ],
    }


def _older(stored: Row) -> Row:
    tags = copy.deepcopy(stored["template-tags"])
    return {
        "type": "native",
        "database": stored["database"],
        "native": {"query": stored["native"], "template-tags": tags},
    }


def _card(store: Store, row: Row, legacy: bool = False) -> Row:
    query = row["dataset_query"]
    return {
        **row,
        "dataset_query": _older(query) if legacy else _newer(store, query),
        "database_id": query["database"],
        "creator": {"id": row["creator_id"], "common_name": "x", "email": "x@example.test"},
        "can_write": True,
        "collection": None,
        "dashboard_count": 0,
        "result_metadata": [],
        "table_id": None,
        "query_type": "native",
        "card_schema": 22,
        "public_uuid": None,
        "view_count": 0,
        "archived_directly": row["archived"],
        "last-edit-info": {"id": row["creator_id"], "timestamp": row["updated_at"]},
    }


CARD_OPTIONAL = {
    "type": rules.one_of("question", "model", "metric"),
    "collection_id": NUMBER_OR_NULL,
    "parameters": rules.sequence,
    "parameter_mappings": rules.sequence,
    "collection_position": NUMBER_OR_NULL,
    "cache_ttl": NUMBER_OR_NULL,
}


def _unique(what: str, ids: list[Any]) -> None:
    if len(set(ids)) != len(ids):
        raise invalid(**{what: "ids must be unique"})


@route("GET", "/api/card")
def list_cards(store: Store, call: Call) -> Any:
    which = call.query.get("f", ["all"])[-1]
    if which not in ("all", "archived", "mine"):
        raise invalid(f="value must be one of the known filters.")
    return [
        _card(store, row)
        for row in store.rows["card"].values()
        if row["archived"] == (which == "archived")
    ]


@route("POST", "/api/card")
def make_card(store: Store, call: Call) -> Any:
    given = checked(
        call.body,
        {
            "name": rules.text,
            "dataset_query": rules.mapping,
            "display": rules.text,
            "visualization_settings": rules.mapping,
        },
        {**CARD_OPTIONAL, "description": TEXT_OR_NULL},
        {
            "type": "question",
            "description": None,
            "collection_id": None,
            "parameters": [],
            "parameter_mappings": [],
        },
    )
    given["dataset_query"] = _checked_query(store, given["dataset_query"])
    _unique("parameters", [one["id"] for one in given["parameters"]])
    if given["collection_id"]:
        store.get("collection", given["collection_id"])
    row = store.add(
        "card",
        {
            **given,
            # A client's entity_id is accepted and ignored.
            "entity_id": store.entity_id(),
            "archived": False,
            "creator_id": (call.user or {})["id"],
            "dashboard_id": None,
        },
    )
    return _card(store, row)


@route("GET", "/api/card/{id}")
def read_card(store: Store, call: Call, number: str) -> Any:
    return _card(store, store.get("card", number), call.flag("legacy-mbql"))


@route("PUT", "/api/card/{id}")
def write_card(store: Store, call: Call, number: str) -> Any:
    row = store.get("card", number)
    given = checked(
        call.body,
        {},
        {
            **CARD_OPTIONAL,
            "name": rules.text,
            "description": rules.or_null(rules.any_text),
            "dataset_query": rules.mapping,
            "display": rules.text,
            "visualization_settings": rules.mapping,
            "archived": rules.flag,
        },
    )
    if "dataset_query" in given:
        given["dataset_query"] = _checked_query(store, given["dataset_query"])
    if given.get("collection_id"):
        store.get("collection", given["collection_id"])
    if given.get("type") == "model":
        given["display"] = "table"
    store.touch(row, given)
    return _card(store, row)


@route("GET", "/api/card/{id}/dashboards")
def dashboards_of_card(store: Store, call: Call, number: str) -> Any:
    card = store.get("card", number)
    uses = {
        one["dashboard_id"]
        for one in store.rows["dashcard"].values()
        if one["card_id"] == card["id"]
    }
    return [
        {"id": row["id"], "name": row["name"]}
        for row in store.rows["dashboard"].values()
        if row["id"] in uses and not row["archived"]
    ]


@route("POST", "/api/card/{id}/query")
def run_card(store: Store, call: Call, number: str) -> Any:
    row = store.get("card", number)
    given = checked(call.body or {}, {}, {"parameters": rules.sequence, "ignore_cache": rules.flag})
    return _answer(store, row, given.get("parameters") or [], "question")


def _answer(store: Store, card: Row, parameters: list[Row], context: str) -> Refusal:
    """Return the answer of a query: always 202, also when the query failed."""
    query = card["dataset_query"]
    tags = query["template-tags"]
    zone = store.settings.get("report-timezone") or "UTC"
    common = {
        "database_id": query["database"],
        "context": context,
        "started_at": store.now(),
        "json_query": {},
        "cached": None,
    }
    try:
        values = sql.values_of(str(card["id"]), tags, parameters)
        text, bound = sql.compiled(query["native"], tags, values)
        details = store.rows["database"][query["database"]]["details"]
        columns, rows, cut = sql.rows_of(details, zone, text, bound)
    except sql.QueryFails as failure:
        return Refusal(
            202,
            {
                "status": "failed",
                "error": str(failure),
                "error_type": failure.kind,
                "class": "x",
                "via": [],
                "stacktrace": [],
                "row_count": 0,
                "data": {"rows": [], "cols": []},
                **common,
            },
        )
    data = {
        "rows": rows,
        "cols": columns,
        "native_form": {"query": text, "params": []},
        "results_timezone": zone,
        "results_metadata": {"columns": []},
        **({"rows_truncated": sql.CAP} if cut else {}),
    }
    done = {"status": "completed", "row_count": len(rows), "running_time": 1, "data": data}
    return Refusal(202, {**done, **common})


def _dashcard(store: Store, one: Row) -> Row:
    cards = store.rows["card"]
    card = cards.get(one["card_id"])
    shown = {key: value for key, value in one.items() if key != "series_ids"}
    return {
        **shown,
        "card": _card(store, card) if card else None,
        "series": [_card(store, cards[number]) for number in one["series_ids"]],
    }


def _dashboard(store: Store, row: Row) -> Row:
    tabs = [tab for tab in store.rows["tab"].values() if tab["dashboard_id"] == row["id"]]
    shown = [
        one
        for one in store.rows["dashcard"].values()
        if one["dashboard_id"] == row["id"]
        # An archived card's place is kept, but not shown.
        and not store.rows["card"].get(one["card_id"], {"archived": False})["archived"]
    ]
    return {
        **row,
        "tabs": sorted(tabs, key=lambda tab: tab["position"]),
        "dashcards": [
            _dashcard(store, one) for one in sorted(shown, key=lambda one: one["created_at"])
        ],
        "param_fields": {},
        "can_write": True,
        "collection": None,
        "last-edit-info": {"id": row["creator_id"], "timestamp": row["updated_at"]},
    }


DASHBOARD_OPTIONAL = {
    "description": rules.or_null(rules.any_text),
    "parameters": rules.sequence,
    "collection_id": NUMBER_OR_NULL,
    "collection_position": NUMBER_OR_NULL,
    "cache_ttl": NUMBER_OR_NULL,
}


@route("GET", "/api/dashboard")
def list_dashboards(store: Store, call: Call) -> Any:
    which = call.query.get("f", ["all"])[-1]
    return [
        row for row in store.rows["dashboard"].values() if row["archived"] == (which == "archived")
    ]


@route("POST", "/api/dashboard")
def make_dashboard(store: Store, call: Call) -> Any:
    given = checked(
        call.body,
        {"name": rules.text},
        DASHBOARD_OPTIONAL,
        {"description": None, "parameters": [], "collection_id": None, "cache_ttl": None},
    )
    if given["collection_id"]:
        store.get("collection", given["collection_id"])
    row = store.add(
        "dashboard",
        {
            **given,
            "entity_id": store.entity_id(),
            "archived": False,
            "width": "fixed",
            "auto_apply_filters": True,
            "caveats": None,
            "points_of_interest": None,
            "public_uuid": None,
            "enable_embedding": False,
            "embedding_params": None,
            "creator_id": (call.user or {})["id"],
        },
    )
    return _dashboard(store, row)


@route("GET", "/api/dashboard/{id}")
def read_dashboard(store: Store, call: Call, number: str) -> Any:
    return _dashboard(store, store.get("dashboard", number))


@route("PUT", "/api/dashboard/{id}")
def write_dashboard(store: Store, call: Call, number: str) -> Any:
    row = store.get("dashboard", number)
    given = checked(
        call.body,
        {},
        {
            **DASHBOARD_OPTIONAL,
            "name": rules.text,
            "archived": rules.flag,
            "width": rules.one_of("fixed", "full"),
            "auto_apply_filters": rules.flag,
            "caveats": rules.or_null(rules.any_text),
            "points_of_interest": rules.or_null(rules.any_text),
            "dashcards": rules.sequence,
            "tabs": rules.sequence,
        },
    )
    _unique("parameters", [one.get("id") for one in given.get("parameters", [])])
    for one in given.get("parameters", []):
        checked(one, {"id": rules.text, "type": rules.text})
    cards, tabs = given.pop("dashcards", None), given.pop("tabs", None)
    if cards is not None:
        _replace(store, row, [_place(one) for one in cards], tabs or [])
    store.touch(row, given)
    return _dashboard(store, row)


def _place(given: Any) -> Row:
    return checked(
        given,
        {
            "id": rules.whole,
            "row": rules.whole,
            "col": rules.whole,
            "size_x": rules.positive,
            "size_y": rules.positive,
        },
        {
            "card_id": NUMBER_OR_NULL,
            "dashboard_tab_id": rules.or_null(rules.whole),
            "parameter_mappings": rules.sequence,
            "series": rules.sequence,
            "visualization_settings": rules.mapping,
        },
        {
            "card_id": None,
            "dashboard_tab_id": None,
            "parameter_mappings": [],
            "series": [],
            "visualization_settings": {},
        },
    )


NO_TAB = "This dashboard has tab, makes sure every card has a tab"


def _replace(store: Store, row: Row, cards: list[Row], tabs: list[Row]) -> None:
    """Replace the whole set of tabs and of tiles; what is not listed is gone."""
    _unique("dashcards", [one["id"] for one in cards])
    _unique("tabs", [tab["id"] for tab in tabs])
    stored = {
        number: tab for number, tab in store.rows["tab"].items() if tab["dashboard_id"] == row["id"]
    }
    if (stored or tabs) and any(one["dashboard_tab_id"] is None for one in cards):
        raise Refusal(400, NO_TAB)
    if not {one["dashboard_tab_id"] for one in cards} - {None} <= {tab["id"] for tab in tabs}:
        raise Refusal(400, NO_TAB)
    for one in cards:
        _check_card(store, one)
    tab_ids = _replace_tabs(store, row, stored, tabs)
    here = {o["id"] for o in store.rows["dashcard"].values() if o["dashboard_id"] == row["id"]}
    for gone in here - {one["id"] for one in cards}:
        del store.rows["dashcard"][gone]
    # New ids come in the order of creation, which is not that of the request.
    for one in sorted(cards, key=lambda one: str(one["visualization_settings"])):
        number = one.pop("id")
        placed = {
            **one,
            "dashboard_id": row["id"],
            "dashboard_tab_id": tab_ids.get(one["dashboard_tab_id"]),
            "series_ids": [item["id"] for item in one["series"]],
            "action_id": None,
            "inline_parameters": [],
        }
        del placed["series"]
        if number in here:
            store.touch(store.rows["dashcard"][number], placed)
        else:
            store.add("dashcard", {**placed, "entity_id": store.entity_id()})


def _replace_tabs(
    store: Store, row: Row, stored: dict[int, Row], tabs: list[Row]
) -> dict[int, int]:
    """Write the tabs; return the id of each by the one under which it was sent."""
    ids: dict[int, int] = {}
    for position, given in enumerate(tabs):
        tab = checked(given, {"id": rules.whole, "name": rules.text})
        if tab["id"] in stored:
            store.touch(stored[tab["id"]], {"name": tab["name"], "position": position})
            ids[tab["id"]] = tab["id"]
        else:
            new = {"name": tab["name"], "position": position, "dashboard_id": row["id"]}
            ids[tab["id"]] = store.add("tab", {**new, "entity_id": store.entity_id()})["id"]
    for gone in set(stored) - set(ids):
        del store.rows["tab"][gone]
        for number, one in list(store.rows["dashcard"].items()):
            if one["dashboard_tab_id"] == gone:
                del store.rows["dashcard"][number]
    return ids


def _check_card(store: Store, one: Row) -> None:
    if one["card_id"] is not None:
        card = store.rows["card"].get(one["card_id"])
        if card is None:
            raise not_found()
        if card["archived"]:
            raise archived()
    for mapping in one["parameter_mappings"]:
        checked(mapping, {"parameter_id": rules.text, "target": rules.sequence})


@route("POST", "/api/dashboard/{id}/dashcard/{id}/card/{id}/query")
def run_dashcard(store: Store, call: Call, number: str, place: str, card: str) -> Any:
    dashboard = store.get("dashboard", number)
    tile = store.get("dashcard", place)
    row = store.get("card", card)
    if tile["dashboard_id"] != dashboard["id"] or tile["card_id"] != row["id"]:
        raise not_found()
    given = checked(call.body or {}, {}, {"parameters": rules.sequence})
    kinds = {one["id"]: one["type"] for one in dashboard["parameters"]}
    sent = []
    for one in given.get("parameters", []):
        if one["id"] not in kinds:
            raise invalid(parameters=f"Dashboard has no parameter {one['id']}")
        sent += [
            {"type": kinds[one["id"]], "target": mapping["target"], "value": one["value"]}
            for mapping in tile["parameter_mappings"]
            # One without its card is silently skipped.
            if mapping["parameter_id"] == one["id"] and mapping.get("card_id") == row["id"]
        ]
    return _answer(store, row, sent, "dashboard")
