"""The client: what it does with time-outs, refusals, lost answers and secrets."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

import flows
from flows.metabase.api.client import MetabaseClient, MetabaseError, Unclear
from tests.listing import listed
from tests.metabase.fake.app import Fake, Fault
from tests.metabase.fake.store import Call

FLOWS = Path(flows.__file__).parent


def client(fake: Fake, key: str | None = None) -> MetabaseClient:
    own = next(iter(fake.store.rows["api_key"].values()))["key"]
    return MetabaseClient(
        fake.url, api_key=key or own, timeout=(2, 0.3), sleep=lambda seconds: None
    )


def to(method: str, path: str) -> Callable[[Call], bool]:
    return lambda call: (call.method, call.path) == (method, path)


GROUPS = "/api/permissions/group"


def test_json_text_and_nothing(fake: Fake):
    one = client(fake)
    assert one.read("/api/health") == {"status": "ok"}
    assert one.read("/api/setting/site-name") == "Metabase"
    assert one.request("PUT", "/api/setting/site-name", body={"value": "x"}) is None
    assert one.writes == 1


def test_an_error_carries_status_and_body(fake: Fake):
    one = client(fake)
    with pytest.raises(MetabaseError, match=r"POST /api/permissions/group: HTTP 400") as found:
        one.request("POST", GROUPS, body={"name": " "})
    assert (found.value.status, found.value.body["errors"]) == (
        400,
        {"name": "value must be a non-blank string."},
    )
    with pytest.raises(MetabaseError) as found:
        one.read("/api/card/1")
    assert (found.value.body, found.value.is_missing) == ("Not found.", True)
    for path in ("/api/card/abc", "/api/ee/advanced-permissions"):
        with pytest.raises(MetabaseError) as found:
            one.read(path)
        assert (found.value.status, found.value.is_missing) == (404, False)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_reading_is_tried_again(fake: Fake, status: int):
    fake.faults = [Fault(to("GET", GROUPS), status, times=3)]
    assert len(client(fake).read(GROUPS)) == 2


@pytest.mark.parametrize("kind", ["cut", "lost", "slow"])
def test_a_lost_answer_to_a_put_is_tried_again(fake: Fake, kind: str):
    path = "/api/setting/site-name"
    fake.faults = [Fault(to("PUT", path), kind)]
    client(fake).request("PUT", path, body={"value": "x"})
    assert fake.store.settings["site-name"] == "x"


def test_in_the_end_it_gives_up(fake: Fake):
    fake.faults = [Fault(to("GET", GROUPS), 502, times=9)]
    with pytest.raises(MetabaseError, match="HTTP 502"):
        client(fake).read(GROUPS)
    assert fake.faults[0].times == 5


def test_each_pause_is_twice_the_one_before(fake: Fake):
    pauses: list[float] = []
    one = client(fake)
    one.sleep = pauses.append
    fake.faults = [Fault(to("GET", GROUPS), 503, times=3)]
    one.read(GROUPS)
    assert pauses == [0.5, 1, 2]


@pytest.mark.parametrize(("kind", "made"), [("cut", 1), ("slow", 1), ("lost", 0), (502, 0)])
def test_a_post_is_never_sent_twice(fake: Fake, kind: str | int, made: int):
    fake.faults = [Fault(to("POST", GROUPS), kind)]
    with pytest.raises(Unclear):
        client(fake).request("POST", GROUPS, body={"name": "satu"})
    names = [group["name"] for group in fake.store.rows["group"].values()]
    assert names.count("satu") == made


@pytest.mark.parametrize("status", [429, 503])
def test_a_post_that_was_turned_away_is_sent_again(fake: Fake, status: int):
    fake.faults = [Fault(to("POST", GROUPS), status)]
    client(fake).request("POST", GROUPS, body={"name": "satu"})
    assert sum(one.path == GROUPS for one in fake.log) == 2


def test_nobody_home():
    with pytest.raises(MetabaseError) as found:
        MetabaseClient("http://127.0.0.1:9", sleep=lambda seconds: None).read("/api/health")
    assert found.value.status is None


def test_no_secret_is_told(fake: Fake):
    one = client(fake, "mb_0123456789abcdef")
    one.hide("rahasia-sekali")
    with pytest.raises(MetabaseError, match="401") as found:
        one.read(GROUPS)
    assert "mb_0123" not in str(found.value) + repr(one)
    said = one._redacted(
        {"message": "rahasia-sekali mb_abcdefghijk", "password": "x", "trace": ["y"], "l": ["mb_"]}
    )
    assert said == {"message": "*** mb_***", "password": "***", "l": ["mb_"]}


@pytest.mark.parametrize(
    "url", ["http://metabase:3000", "ftp://x", "metabase.test", "http://1.2.3.4"]
)
def test_the_key_does_not_travel_in_the_clear(url: str):
    with pytest.raises(ValueError, match="Alamat Metabase"):
        MetabaseClient(url, api_key="x")


@pytest.mark.parametrize("url", ["http://localhost:3000", "http://127.0.0.1", "https://m.test/"])
def test_addresses_that_will_do(url: str):
    assert MetabaseClient(url, api_key="x").domain == url.rstrip("/")
    assert MetabaseClient("http://metabase:3000", api_key="x", allow_http=True)


@pytest.mark.parametrize(("tag", "fine"), [("v0.56.3", False), ("v0.57.1", True), ("x", False),
                                           ("v1.63.0", True)])  # fmt: skip
def test_an_old_server_is_refused(new_fake: Callable[..., Fake], tag: str, fine: bool):
    one = client(new_fake(version=tag))
    if fine:
        assert one.version() >= (0, 57)
    else:
        with pytest.raises(MetabaseError, match="terlalu lama"):
            one.version()


def test_nothing_but_the_client_talks_to_metabase():
    """Only four methods of metabase-api are used, and no other module reaches the network."""
    for file in listed(FLOWS / "metabase", "**/*.py", at_least=30):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {
            alias.name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {
            (node.module or "").partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
        }
        network = names & {"requests", "httpx", "urllib3", "http", "socket", "metabase_api"}
        assert not network or file.name == "client.py", file.name
