"""Broken off at every step, then run again: no twin, nothing missing, nothing half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from flows.metabase import store as state
from flows.metabase.api.client import MetabaseClient, MetabaseError, Unclear
from flows.metabase.api.server import marker
from flows.metabase.publisher import Publisher
from tests.metabase.conftest import Shows, Stage
from tests.metabase.fake.app import Fake, Fault
from tests.metabase.fake.store import Call, Store


class Killed(BaseException):
    """The process ends here."""


def kill_after(monkeypatch: pytest.MonkeyPatch, writes: int, *, done: bool) -> None:
    """End the process with its n-th write: sent and carried out, or just before it is sent."""
    send = MetabaseClient._once
    left = [writes]

    def once(self: MetabaseClient, method: str, path: str, *rest: Any) -> Any:
        if method == "GET" or path.endswith("/query"):
            return send(self, method, path, *rest)
        left[0] -= 1
        if left[0] == 0 and not done:
            raise Killed
        answer = send(self, method, path, *rest)
        if left[0] == 0:
            raise Killed
        return answer

    monkeypatch.setattr(MetabaseClient, "_once", once)


def twins(fake: Fake) -> dict[str, int]:
    """Return what is there twice: by marker, or by name where there can be no marker."""
    rows = fake.store.rows
    found = Counter(
        marker(row["description"]) or f"{kind} {row['name']}"
        for kind in ("collection", "card", "dashboard")
        for row in rows[kind].values()
    )
    found.update(f"group {row['name']}" for row in rows["group"].values())
    found.update(f"database {row['name']}" for row in rows["database"].values())
    found.update(
        f"tile {row['dashboard_id']} {row['visualization_settings']['iku.key']}"
        for row in rows["dashcard"].values()
    )
    found.update(f"tab {row['dashboard_id']} {row['name']}" for row in rows["tab"].values())
    return {what: times for what, times in found.items() if times > 1}


def canonical(publisher: Publisher) -> dict[str, Any]:
    rows = state.load(publisher.warehouse, publisher.instance)
    return {key: row.canonical for key, row in rows.items()}


@pytest.fixture
def undisturbed(small_stage: Stage, fake: Fake) -> tuple[int, dict[str, Any]]:
    """Apply once and return the number of writes and what is then remembered."""
    publisher = small_stage.publisher(fake)
    writes = publisher.apply(try_out=False).applied.writes
    return writes, canonical(publisher)


@pytest.mark.slow
@pytest.mark.parametrize("done", [True, False], ids=["after", "before"])
def test_killed_at_every_write(
    small_stage: Stage,
    fake: Fake,
    undisturbed: tuple[int, dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    done: bool,
    shows: Shows,
):
    writes, wanted = undisturbed
    for step in range(1, writes + 1):
        fake.store = Store(seed=step)
        fake.key()
        small_stage.forget()
        with monkeypatch.context() as patched:
            kill_after(patched, step, done=done)
            with pytest.raises(Killed):
                small_stage.publisher(fake).apply(try_out=False)
        again = small_stage.publisher(fake)
        again.apply(try_out=False)
        assert twins(fake) == {}, step
        assert canonical(again) == wanted, step
        assert again.plan().pending == [], step
    shows(f"killed at each of {writes} writes, {'after' if done else 'before'} it: no twin")


def to(method: str, path: str) -> Callable[[Call], bool]:
    return lambda call: (call.method, call.path) == (method, path)


POSTS = ("/api/database", "/api/permissions/group", "/api/collection", "/api/card",
         "/api/dashboard")  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("kind", ["cut", "slow"])
def test_an_object_whose_answer_was_lost_is_found(
    small_stage: Stage, fake: Fake, undisturbed: Any, path: str, kind: str
):
    fake.store = Store(seed=7)
    fake.key()
    small_stage.forget()
    fake.faults = [Fault(to("POST", path), kind)]
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    assert fake.faults[0].times == 0
    assert twins(fake) == {}
    assert canonical(publisher) == undisturbed[1]


@pytest.mark.parametrize("path", POSTS)
def test_one_that_was_not_made_is_not_made_twice(small_stage: Stage, fake: Fake, path: str):
    fake.faults = [Fault(to("POST", path), "lost")]
    publisher = small_stage.publisher(fake)
    with pytest.raises(Unclear):
        publisher.apply(try_out=False)
    publisher.apply(try_out=False)
    assert twins(fake) == {}
    assert publisher.plan().pending == []


@pytest.mark.parametrize("kind", ["cut", "lost", "slow", 429, 502])
def test_a_dashboard_written_twice_is_one(small_stage: Stage, fake: Fake, kind: str | int):
    fake.faults = [
        Fault(lambda call: call.method == "PUT" and call.path.startswith("/api/dashboard"), kind)
    ]
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    assert twins(fake) == {}
    assert publisher.plan().pending == []


def test_a_refusal_in_the_middle_leaves_what_was_done(small_stage: Stage, fake: Fake):
    fake.faults = [Fault(to("POST", "/api/dashboard"), 500)]
    publisher = small_stage.publisher(fake)
    with pytest.raises(MetabaseError, match="HTTP 500"):
        publisher.apply(try_out=False)
    assert {change.key.partition("/")[0] for change in publisher.plan().pending} == {
        "dashboard", "setting"
    }  # fmt: skip
    publisher.apply(try_out=False)
    assert twins(fake) == {}
