"""The stand-in is as strict as the contract says; a lenient one would prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.metabase.conftest import Applied, Stage
from tests.metabase.fake import administration
from tests.metabase.fake.app import Fake
from tests.metabase.fake.store import Row

Ask = Callable[..., requests.Response]

MASK = "**MetabasePass**"
WRONG_BODY = (400, "application/json")
TEXT = "text/plain"


def asker(fake: Fake, key: str | None) -> Ask:
    headers = {"X-API-KEY": key} if key else {}

    def ask(method: str, path: str, body: Any = None) -> requests.Response:
        return requests.request(method, fake.url + path, json=body, headers=headers, timeout=20)

    return ask


@pytest.fixture
def ask(fake: Fake) -> Ask:
    return asker(fake, next(iter(fake.store.rows["api_key"].values()))["key"])


def kind(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers["content-type"].partition(";")[0]


@pytest.fixture
def database(stage: Stage, ask: Ask) -> int:
    return int(ask("POST", "/api/database", connection(stage)).json()["id"])


def connection(stage: Stage, **more: Any) -> Row:
    address = stage.address
    details = {
        "host": address.host, "port": address.port, "dbname": address.database,
        "user": address.user, "password": address.password, "ssl": False, **more,
    }  # fmt: skip
    return {"engine": "postgres", "name": "gudang", "details": details}


def question(database: int, sql: str = "SELECT 1 AS satu", **tags: str) -> Row:
    native = {
        "query": sql,
        "template-tags": {
            name: {"id": name, "name": name, "display-name": name, "type": type_}
            for name, type_ in tags.items()
        },
    }
    return {
        "name": "Kartu",
        "dataset_query": {"type": "native", "database": database, "native": native},
        "display": "table",
        "visualization_settings": {},
    }


def placed(number: int, card: int | None, tab: int | None = None, **more: Any) -> Row:
    return {"id": number, "card_id": card, "row": 0, "col": 0, "size_x": 6, "size_y": 3,
            "dashboard_tab_id": tab, **more}  # fmt: skip


def test_without_a_key_and_with_a_wrong_one(fake: Fake):
    for key in (None, "mb_salah"):
        answer = asker(fake, key)("GET", "/api/card")
        assert (kind(answer), answer.text) == ((401, TEXT), "Unauthenticated")


def test_what_only_an_administrator_may(fake: Fake, ask: Ask):
    group = ask("POST", "/api/permissions/group", {"name": "Biasa"}).json()["id"]
    key = ask("POST", "/api/api-key", {"name": "biasa", "group_id": group}).json()["unmasked_key"]
    for path in ("/api/setting", "/api/permissions/graph", "/api/api-key"):
        answer = asker(fake, key)("GET", path)
        assert (kind(answer), answer.text) == (
            (403, TEXT),
            "You don't have permissions to do that.",
        )


def test_two_kinds_of_missing(ask: Ask):
    for path, said in (
        ("/api/card/99", "Not found."),
        ("/api/card/abc", "API endpoint does not exist."),
        ("/api/ee/serialization", "API endpoint does not exist."),
        ("/api/dashboard/1/cards", "API endpoint does not exist."),
    ):
        answer = ask("GET", path)
        assert (kind(answer), answer.text) == ((404, TEXT), said)


def test_a_body_that_does_not_fit_names_the_fields(ask: Ask):
    for path, body, field in (
        ("/api/collection", {}, "name"),
        ("/api/collection", {"name": "x", "description": " "}, "description"),
        ("/api/dashboard", {"name": " "}, "name"),
        ("/api/dashboard", {"name": "x", "collection_id": 0}, "collection_id"),
        ("/api/card", {"name": "x"}, "dataset_query"),
        ("/api/permissions/group", {"name": 1}, "name"),
    ):
        answer = ask("POST", path, body)
        assert kind(answer) == WRONG_BODY, path
        assert field in answer.json()["errors"]
        assert field in answer.json()["specific-errors"]


def test_a_server_that_starts_says_so(fake: Fake, ask: Ask):
    fake.store.initializing = 2
    said = [ask("GET", "/api/health").status_code for _ in range(3)]
    assert said == [503, 503, 200]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/api/setting/application-name", {"value": "x"}, 500),
        ("PUT", "/api/setting/site-locale", {"value": "xx"}, 400),
        ("PUT", "/api/setting/custom-geojson", {"value": {"a": {"name": "a", "lain": 1}}}, 400),
        ("PUT", "/api/setting/tidak-ada", {"value": 1}, 500),
        (
            "PUT",
            "/api/cache",
            {"model": "question", "model_id": 1, "strategy": {"type": "ttl"}},
            402,
        ),
        ("POST", "/api/collection", {"name": "x", "authority_level": "official"}, 402),
    ],
)
def test_what_is_paid_for_or_wrong(ask: Ask, method: str, path: str, body: Any, status: int):
    assert ask(method, path, body).status_code == status


def test_names_are_not_unique_and_ids_are_not_counted(ask: Ask):
    made = [
        ask("POST", "/api/collection", {"name": "Sama", "entity_id": "x" * 21}) for _ in range(3)
    ]
    assert {one.status_code for one in made} == {200}
    ids = [one.json()["id"] for one in made]
    assert len(set(ids)) == 3
    assert sorted(ids) != list(range(min(ids), min(ids) + 3))
    assert all(one.json()["entity_id"] != "x" * 21 for one in made)


def test_a_collection_written_without_a_word_leaves_the_trash(ask: Ask):
    number = ask("POST", "/api/collection", {"name": "Map"}).json()["id"]
    ask("PUT", f"/api/collection/{number}", {"archived": True})
    listed = [one["id"] for one in ask("GET", "/api/collection").json()]
    assert number not in listed
    ask("PUT", f"/api/collection/{number}", {"name": "Map"})
    assert number in [one["id"] for one in ask("GET", "/api/collection").json()]


def test_a_connection_is_tried_masked_and_its_ssl_stored(stage: Stage, ask: Ask):
    wrong = ask("POST", "/api/database", connection(stage, password="salah"))
    assert wrong.status_code == 400
    body = connection(stage)
    del body["details"]["ssl"]
    made = ask("POST", "/api/database", body).json()
    assert made["details"]["password"] == MASK
    assert made["details"]["ssl"] is True
    number = made["id"]
    kept = ask("PUT", f"/api/database/{number}", {"details": {"password": MASK}})
    assert kept.status_code == 200
    assert ask("POST", f"/api/database/{number}/sync_schema").json() == {"status": "ok"}


def test_a_sync_takes_its_time_and_keeps_the_schema_filter(fake: Fake, stage: Stage, ask: Ask):
    body = connection(
        stage, **{"schema-filters-type": "inclusion", "schema-filters-patterns": "mart"}
    )
    number = ask("POST", "/api/database", body).json()["id"]
    seen = [len(ask("GET", f"/api/database/{number}/metadata").json()["tables"]) for _ in range(3)]
    assert seen[0] == 0
    assert seen[-1] > 20
    assert {table["schema"] for table in fake.store.rows["table"].values()} == {"mart"}


def test_a_query_comes_back_in_another_form_with_new_ids(ask: Ask, database: int):
    number = ask("POST", "/api/card", question(database)).json()["id"]
    one, other = (ask("GET", f"/api/card/{number}").json()["dataset_query"] for _ in range(2))
    assert one["lib/type"] == "mbql/query"
    assert one["lib/uuid"] != other["lib/uuid"]
    older = ask("GET", f"/api/card/{number}?legacy-mbql=true").json()["dataset_query"]
    assert older["native"]["query"] == "SELECT 1 AS satu"


def test_a_tag_must_be_declared_under_its_name(ask: Ask, database: int):
    assert ask("POST", "/api/card", question(database, "SELECT {{a}}")).status_code == 400
    body = question(database, "SELECT {{a}}", a="text")
    body["dataset_query"]["native"]["template-tags"]["a"]["name"] = "b"
    assert ask("POST", "/api/card", body).status_code == 400
    assert ask("POST", "/api/card", question(99, "SELECT 1")).status_code == 400


def run(ask: Ask, number: int, *parameters: Row) -> Any:
    answer = ask("POST", f"/api/card/{number}/query", {"parameters": list(parameters)})
    assert answer.status_code == 202
    return answer.json()


def given(tag: str, type_: str, value: Any) -> Row:
    return {"type": type_, "target": ["variable", ["template-tag", tag]], "value": value}


def test_a_query_that_fails_is_answered_as_one_that_does_not(ask: Ask, database: int):
    def card(sql: str, **tags: str) -> int:
        return int(ask("POST", "/api/card", question(database, sql, **tags)).json()["id"])

    fine = run(ask, card("SELECT 1 AS satu"))
    assert (fine["status"], fine["data"]["rows"]) == ("completed", [[1]])
    for sql in ("SELECT tidak_ada", "SELECT * FROM iku.value", "DELETE FROM mart.kantor"):
        failed = run(ask, card(sql))
        assert (failed["status"], failed["row_count"]) == ("failed", 0), sql
        assert failed["error"].startswith("ERROR: ")
    cut = run(ask, card("SELECT * FROM generate_series(1, 2001)"))
    assert (cut["row_count"], cut["data"]["rows_truncated"]) == (2000, 2000)
    needs = card("SELECT {{a}}", a="text")
    assert run(ask, needs)["error_type"] == "missing-required-parameter"
    assert run(ask, needs, given("a", "date/range", "x"))["error_type"] == "invalid-parameter"
    assert run(ask, needs, given("b", "category", "x"))["error_type"] == "invalid-parameter"
    # As through JDBC, a text is a varchar and meets no date.
    dated = card("SELECT current_date = {{a}}", a="text")
    assert run(ask, dated, given("a", "category", "2024-01-01"))["status"] == "failed"


def test_a_set_is_replaced_whole_and_a_tab_takes_its_tiles_along(ask: Ask, database: int):
    card = ask("POST", "/api/card", question(database)).json()["id"]
    path = f"/api/dashboard/{ask('POST', '/api/dashboard', {'name': 'D'}).json()['id']}"
    tabs = [{"id": -1, "name": "A"}, {"id": -2, "name": "B"}]
    full = ask(
        "PUT", path, {"tabs": tabs, "dashcards": [placed(-1, card, -1), placed(-2, card, -2)]}
    ).json()
    assert (len(full["tabs"]), len(full["dashcards"])) == (2, 2)
    first = full["tabs"][0]
    kept = next(one for one in full["dashcards"] if one["dashboard_tab_id"] == first["id"])
    one_left = ask(
        "PUT",
        path,
        {
            "tabs": [{"id": first["id"], "name": "A"}],
            "dashcards": [placed(kept["id"], card, first["id"])],
        },
    ).json()
    assert [one["id"] for one in one_left["dashcards"]] == [kept["id"]]
    assert [one["id"] for one in one_left["tabs"]] == [first["id"]]
    refused = ask("PUT", path, {"dashcards": [placed(kept["id"], card)]})
    assert refused.status_code == 400
    renamed = ask("PUT", path, {"name": "E"}).json()
    assert len(renamed["dashcards"]) == 1


def test_a_dashboard_takes_no_missing_and_no_archived_card(ask: Ask, database: int):
    card = ask("POST", "/api/card", question(database)).json()["id"]
    path = f"/api/dashboard/{ask('POST', '/api/dashboard', {'name': 'D'}).json()['id']}"
    assert ask("PUT", path, {"dashcards": [placed(-1, 10**6)]}).text == "Not found."
    assert ask("PUT", path, {"dashcards": [placed(-1, card), placed(-1, card)]}).status_code == 400
    ask("PUT", path, {"dashcards": [placed(-1, card)]})
    ask("PUT", f"/api/card/{card}", {"archived": True})
    assert ask("GET", path).json()["dashcards"] == []
    gone = ask("PUT", path, {"dashcards": [placed(-1, card)]})
    assert (gone.status_code, gone.json()["error_code"]) == (404, "archived")
    ask("PUT", f"/api/card/{card}", {"archived": False})
    assert len(ask("GET", path).json()["dashcards"]) == 1


@pytest.mark.parametrize("names_its_card", [True, False])
def test_a_mapping_without_its_card_does_nothing(ask: Ask, database: int, names_its_card: bool):
    sql = "SELECT coalesce([[{{a}},]] 'tanpa') AS nilai"
    card = ask("POST", "/api/card", question(database, sql, a="text")).json()["id"]
    board = ask("POST", "/api/dashboard", {"name": "D"}).json()["id"]
    mapping: Row = {"parameter_id": "p", "target": ["variable", ["template-tag", "a"]]}
    if names_its_card:
        mapping["card_id"] = card
    body = {
        "parameters": [{"id": "p", "type": "string/=", "name": "P", "slug": "p"}],
        "dashcards": [placed(-1, card, parameter_mappings=[mapping])],
    }
    tile = ask("PUT", f"/api/dashboard/{board}", body).json()["dashcards"][0]["id"]
    answer = ask(
        "POST",
        f"/api/dashboard/{board}/dashcard/{tile}/card/{card}/query",
        {"parameters": [{"id": "p", "value": ["dengan"]}]},
    ).json()
    assert answer["data"]["rows"] == [["dengan" if names_its_card else "tanpa"]]


def test_a_stale_revision_is_refused_and_a_new_collection_makes_it_stale(ask: Ask):
    before = ask("GET", "/api/collection/graph").json()
    ask("POST", "/api/collection", {"name": "Baru"})
    answer = ask("PUT", "/api/collection/graph", {"revision": before["revision"], "groups": {}})
    assert kind(answer) == (409, TEXT)
    now = ask("GET", "/api/collection/graph").json()
    assert ask("PUT", "/api/collection/graph", {**now, "groups": {}}).status_code == 200


def test_only_listed_pairs_change_and_none_is_left_out(fake: Fake, ask: Ask):
    number = str(ask("POST", "/api/collection", {"name": "Map"}).json()["id"])
    everyone, admins = str(fake.store.everyone["id"]), str(fake.store.admins["id"])
    graph = ask("GET", "/api/collection/graph").json()
    # A new one inherits from its parent: at the top everybody may write.
    assert graph["groups"][everyone][number] == "write"
    after = ask(
        "PUT",
        "/api/collection/graph",
        {"revision": graph["revision"], "groups": {everyone: {number: "none"}}},
    ).json()
    assert number not in after["groups"][everyone]
    assert after["groups"][everyone]["root"] == "write"
    assert after["groups"][admins] == graph["groups"][admins]


def test_blocked_data_is_paid_for(fake: Fake, ask: Ask, database: int):
    graph = ask("GET", "/api/permissions/graph").json()
    group = str(fake.store.everyone["id"])
    body = {
        "revision": graph["revision"],
        "groups": {group: {str(database): {"view-data": "blocked"}}},
    }
    assert ask("PUT", "/api/permissions/graph", body).status_code == 402


def test_ids_of_two_instances_differ(applied: Applied, fake: Fake):
    other = administration.add_user(fake.store, "x@example.test", admin=False)
    assert other["id"] not in applied.fake.store.rows["user"]
