"""Plan, apply, drift and prune: what is written, what is left alone, what is found."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.metabase import store as state
from flows.metabase.api.server import Confused, by_marker
from flows.metabase.apply import EditedMeanwhile, NotAsWritten
from flows.metabase.kinds.differences import compare
from flows.metabase.publisher import CardsFail, Publisher
from flows.metabase.store import Busy
from tests.metabase.conftest import Applied, Shows, Stage
from tests.metabase.fake.app import Fake, Fault
from tests.metabase.fake.store import Row, Store

KINDS = ("database", "group", "collection", "card", "dashboard", "dashcard", "tab")


def ids(fake: Fake) -> dict[str, set[int]]:
    return {kind: set(fake.store.rows[kind]) for kind in KINDS}


def by_name(fake: Fake, kind: str, name: str) -> Row:
    (row,) = [row for row in fake.store.rows[kind].values() if row["name"] == name]
    return row


def remembered(publisher: Publisher) -> dict[str, Any]:
    return {
        key: row.canonical
        for key, row in state.load(publisher.warehouse, publisher.instance).items()
    }


def test_everything_is_applied_and_runs(applied: Applied, shows: Shows):
    done, trial = applied.published.applied, applied.published.trial
    shows(
        f"first apply: {len(done.created)} objects made with {done.writes} writes, "
        f"{trial.cards} cards and {trial.tiles} tiles with filters run by the stand-in, "
        f"{len(trial.failures)} failures"
    )
    assert trial.failures == []
    assert trial.cards == len(applied.stage.specs.questions)
    rows = applied.fake.store.rows
    assert (len(rows["dashboard"]), len(rows["card"])) == (5, trial.cards)


def test_a_second_time_nothing_is_written(applied: Applied, shows: Shows):
    before = len(applied.fake.writes)
    publisher = applied.stage.publisher(applied.fake)
    assert publisher.plan().pending == []
    assert publisher.drift() == []
    again = publisher.apply(try_out=False).applied
    assert (again.writes, len(applied.fake.writes) - before) == (0, 0)
    shows(f"second apply: {again.writes} writes, {len(publisher.plan().pending)} changes pending")


def test_what_a_user_meets(applied: Applied):
    store = applied.fake.store
    assert store.settings["site-locale"] == "id"
    assert store.settings["report-timezone"] == "Asia/Jakarta"
    home = store.settings["custom-homepage-dashboard"]
    assert store.rows["dashboard"][home]["name"] == "1. Ringkasan Pimpinan"
    (database,) = store.rows["database"].values()
    assert database["details"]["user"] == "metabase_reader"
    assert {table["schema"] for table in store.rows["table"].values()} == {"mart"}
    titles = {field["display_name"] for field in store.rows["field"].values()}
    assert {"Realisasi", "Penanggung jawab", "Capaian"} <= titles


def test_everybody_sees_only_what_is_granted(applied: Applied):
    store = applied.fake.store
    (database,) = store.rows["database"]
    groups = {row["name"]: row["id"] for row in store.rows["group"].values()}
    rights = {
        name: (
            store.permissions_graph[number].get(database, {}).get("create-queries"),
            {store.collection_graph[number].get(one, "none") for one in store.rows["collection"]},
        )
        for name, number in groups.items()
    }
    assert rights == {
        "All Users": ("no", {"none"}),
        "Administrators": (None, {"write"}),
        "IKU · Pimpinan": ("no", {"read"}),
        "IKU · Petugas data": ("query-builder", {"read"}),
    }
    assert store.collection_graph[groups["All Users"]]["root"] == "write"


def test_a_click_opens_the_indicator(applied: Applied):
    store = applied.fake.store
    target = by_name(applied.fake, "dashboard", "2. Detail IKU")
    parameters = {one["slug"]: one["id"] for one in target["parameters"]}
    (tile,) = [
        one
        for one in store.rows["dashcard"].values()
        if one["visualization_settings"].get("iku.key") == "kartu_skor"
    ]
    columns = tile["visualization_settings"]["column_settings"]
    link = columns['["name","indikator"]']["click_behavior"]
    assert (link["linkType"], link["targetId"]) == ("dashboard", target["id"])
    assert set(link["parameterMapping"]) == set(parameters.values())
    assert link["parameterMapping"][parameters["iku"]]["source"]["type"] == "column"


def test_no_id_is_the_same_on_two_servers_and_all_else_is(
    small_stage: Stage, new_fake: Callable[..., Fake]
):
    one, other = new_fake(seed=1), new_fake(seed=2)
    first = small_stage.publisher(one)
    first.apply(try_out=False)
    kept = remembered(first)
    second = small_stage.publisher(other)
    second.apply(try_out=False)
    assert not any(ids(one)[kind] & ids(other)[kind] for kind in KINDS)
    assert remembered(second) == kept


Edit = Callable[[Store, random.Random], None]


def some(store: Store, pick: random.Random, kind: str, ours: bool = True) -> Row:
    rows = [row for row in store.rows[kind].values() if not ours or _is_ours(row)]
    return pick.choice(sorted(rows, key=lambda row: row["id"]))


def _is_ours(row: Row) -> bool:
    return "tangan" not in str(row.get("name"))


def rename(kind: str) -> Edit:
    return lambda store, pick: some(store, pick, kind).update(name="diubah tangan")


def archive(kind: str) -> Edit:
    return lambda store, pick: some(store, pick, kind).update(archived=True)


def edit_sql(store: Store, pick: random.Random) -> None:
    card = some(store, pick, "card")
    card["dataset_query"] = {**card["dataset_query"], "native": "SELECT 1"}


def edit_settings(store: Store, pick: random.Random) -> None:
    some(store, pick, "card")["visualization_settings"] = {"graph.show_values": False}


def move_tile(store: Store, pick: random.Random) -> None:
    some(store, pick, "dashcard", ours=False)["row"] += 50


def drop_tile(store: Store, pick: random.Random) -> None:
    del store.rows["dashcard"][some(store, pick, "dashcard", ours=False)["id"]]


def copy_tile(store: Store, pick: random.Random) -> None:
    tile = some(store, pick, "dashcard", ours=False)
    store.add("dashcard", {**copy.deepcopy(tile), "row": 90})


def unwire(store: Store, pick: random.Random) -> None:
    wired = [row for row in store.rows["dashcard"].values() if row["parameter_mappings"]]
    pick.choice(sorted(wired, key=lambda row: row["id"]))["parameter_mappings"] = []


def drop_filter(store: Store, pick: random.Random) -> None:
    some(store, pick, "dashboard")["parameters"] = []


def drop_tab(store: Store, pick: random.Random) -> None:
    tab = some(store, pick, "tab", ours=False)
    del store.rows["tab"][tab["id"]]
    for number, tile in list(store.rows["dashcard"].items()):
        if tile["dashboard_tab_id"] == tab["id"]:
            del store.rows["dashcard"][number]


def drop_card(store: Store, pick: random.Random) -> None:
    card = some(store, pick, "card")
    for number, tile in list(store.rows["dashcard"].items()):
        if tile["card_id"] == card["id"]:
            del store.rows["dashcard"][number]
    del store.rows["card"][card["id"]]


def change_setting(store: Store, pick: random.Random) -> None:
    store.settings["site-locale"] = "en"


def open_collections(store: Store, pick: random.Random) -> None:
    rights = store.collection_graph[store.everyone["id"]]
    rights.update({number: "write" for number in rights if number != "root"})
    store.revision["collection"] += 1


def rename_field(store: Store, pick: random.Random) -> None:
    (table,) = [t for t in store.rows["table"].values() if t["name"] == "pengirim_sumber"]
    for field in store.rows["field"].values():
        if field["table_id"] == table["id"]:
            field["display_name"] = "Diubah"


def unschedule(store: Store, pick: random.Random) -> None:
    some(store, pick, "database", ours=False)["schedules"] = {}


EDITS: tuple[Edit, ...] = (
    rename("card"), rename("dashboard"), rename("collection"), rename("database"), rename("tab"),
    archive("card"), archive("dashboard"), archive("collection"), edit_sql, edit_settings,
    move_tile, drop_tile, copy_tile, unwire, drop_filter, drop_tab, drop_card, change_setting,
    open_collections, rename_field, unschedule,
)  # fmt: skip
LOSING = (drop_tile, drop_tab, drop_card, copy_tile)
"""After these something new must be made, or something foreign must go, so ids change."""


def by_hand(fake: Fake) -> dict[str, Row]:
    """Put content of somebody else beside ours, and on our questions; return it."""
    store = fake.store
    user = next(iter(store.rows["user"].values()))
    collection = store.add(
        "collection",
        {"name": "Milik tangan", "description": None, "parent_id": None, "archived": False,
         "entity_id": store.entity_id()},
    )  # fmt: skip
    dashboard = store.add(
        "dashboard",
        {"name": "Dasbor tangan", "description": "x", "collection_id": collection["id"],
         "archived": False, "parameters": [], "width": "fixed", "auto_apply_filters": True,
         "creator_id": user["id"], "entity_id": store.entity_id()},
    )  # fmt: skip
    return {"collection": collection, "dashboard": dashboard}


def check_edits(stage: Stage, fake: Fake, chosen: list[Edit], seed: int) -> None:
    """Apply, let somebody edit, and see that all is found and put back."""
    publisher = stage.publisher(fake)
    publisher.apply(try_out=False)
    foreign = {
        kind: copy.deepcopy([row for row in fake.store.rows[kind].values() if not _is_ours(row)])
        for kind in ("collection", "dashboard")
    }
    before, kept = ids(fake), remembered(publisher)
    pick = random.Random(seed)
    for edit in chosen:
        edit(fake.store, pick)
    assert publisher.drift() != []
    for change in publisher.plan().pending:
        assert not change.differences.ours or change.action == "create", change
    fresh = stage.publisher(fake)
    fresh.apply(try_out=False)
    assert fresh.plan().pending == []
    assert fresh.drift() == []
    assert remembered(fresh) == kept
    if not set(chosen) & set(LOSING):
        assert ids(fake) == before
    for kind, rows in foreign.items():
        assert [row for row in fake.store.rows[kind].values() if not _is_ours(row)] == rows


def test_what_was_moved_by_hand_is_found_and_put_back(small_stage: Stage, fake: Fake):
    by_hand(fake)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        chosen=st.lists(st.sampled_from(EDITS), min_size=1, max_size=3, unique=True),
        seed=st.integers(0, 999),
    )
    def check(chosen: list[Edit], seed: int) -> None:
        check_edits(small_stage, fake, chosen, seed)

    check()


def test_each_edit_by_itself(small_stage: Stage, fake: Fake, shows: Shows):
    for edit in EDITS:
        check_edits(small_stage, fake, [edit], 1)
    shows(f"{len(EDITS)} kinds of edits by hand found and put back")


def test_three_ways_are_told_apart(small_stage: Stage, fake: Fake):
    small_stage.publisher(fake).apply(try_out=False)
    question = small_stage.specs.questions["peringatan_iku"]
    ours = replace(question, title="Judul kami", asks="Pertanyaan kami?")
    specs = replace(
        small_stage.specs, questions={**small_stage.specs.questions, question.key: ours}
    )
    card = by_name(fake, "card", question.title)
    card["name"], card["display"] = "Judul mereka", "bar"
    (change,) = small_stage.publisher(fake, specs).plan().pending
    found = change.differences
    assert (found.both, found.ours, found.theirs) == (("name",), ("description",), ("display",))
    small_stage.publisher(fake, specs).apply(try_out=False)
    assert (card["name"], card["display"]) == ("Judul kami", "table")


def test_comparing_three_ways():
    base = {"a": 1, "b": [1, 2], "c": None, "d": True}
    assert not compare(base, {"a": 1.0, "b": [1, 2], "d": True}, base)
    assert compare(base, {**base, "d": 1}, base).theirs == ("d",)
    assert compare({**base, "b": [1]}, base, base).ours == ("b#", "b[1]")
    assert compare({"a": 2}, {"a": 3}, {"a": 1}).both == ("a",)
    assert not compare({"a": 2}, {"a": 2}, {"a": 1})


def test_what_is_edited_after_the_plan_is_not_overwritten(small_stage: Stage, fake: Fake):
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    card = by_name(fake, "card", "IKU yang perlu perhatian")
    card["name"] = "Diubah sebelum rencana"
    seen = publisher.plan().seen
    card["name"] = "Diubah sesudah rencana"
    with pytest.raises(EditedMeanwhile, match="card/peringatan_iku"):
        publisher.apply(seen, try_out=False)
    assert card["name"] == "Diubah sesudah rencana"
    publisher.apply(try_out=False)
    assert card["name"] == "IKU yang perlu perhatian"


def test_a_write_without_effect_is_noticed(small_stage: Stage, fake: Fake, monkeypatch: Any):
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    card = by_name(fake, "card", "IKU yang perlu perhatian")
    card["name"] = "Diubah"
    monkeypatch.setattr(fake.store, "touch", lambda row, changes: None)
    with pytest.raises(NotAsWritten, match="card/peringatan_iku"):
        publisher.apply(try_out=False)


def test_who_was_faster_on_the_permissions_is_respected(small_stage: Stage, fake: Fake):
    def grant(store: Store) -> None:
        store.collection_graph[store.everyone["id"]]["root"] = "read"
        store.revision["collection"] += 1

    fake.faults = [
        Fault(lambda call: call.method == "PUT" and call.path.endswith("graph"), "edit", 1, grant)
    ]
    small_stage.publisher(fake).apply(try_out=False)
    assert fake.faults[0].times == 0
    assert fake.store.collection_graph[fake.store.everyone["id"]]["root"] == "read"
    assert [one.status for one in fake.log if one.path == "/api/collection/graph"].count(409) <= 1
    sent = [one.body for one in fake.writes if one.path.endswith("graph")]
    admins = str(fake.store.admins["id"])
    assert sent
    assert all(admins not in body["groups"] for body in sent)


def test_what_the_servers_environment_holds_is_left_to_it(
    small_stage: Stage, new_fake: Callable[..., Fake]
):
    fake = new_fake(env_settings={"site-locale": "en"})
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    assert publisher.plan().pending == []
    assert [one for one in fake.writes if one.path == "/api/setting/site-locale"] == []


def test_a_new_password_is_sent_though_it_cannot_be_read(small_stage: Stage, fake: Fake):
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    key = next(iter(fake.store.rows["database"].values()))
    key["details"]["password"] = "lama"
    stale = replace(publisher, address=replace(publisher.address, password="lain"))
    assert [change.key for change in stale.plan().pending] == ["database/gudang"]
    small_stage.forget()
    small_stage.publisher(fake).apply(try_out=False)
    assert key["details"]["password"] == publisher.address.password


def test_only_one_writes_at_a_time(small_stage: Stage, fake: Fake):
    with state.alone(small_stage.warehouse), pytest.raises(Busy):
        small_stage.publisher(fake).apply(try_out=False)


def test_twins_are_not_chosen_from(small_stage: Stage, fake: Fake):
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    card = by_name(fake, "card", "IKU yang perlu perhatian")
    fake.store.add("card", copy.deepcopy(card))
    assert publisher.plan().pending == []  # the one that is remembered counts
    small_stage.forget()
    with pytest.raises(Confused, match="2 objek untuk card/peringatan_iku"):
        publisher.plan()


def test_an_object_of_somebody_else_under_our_old_id_is_not_ours(small_stage: Stage, fake: Fake):
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    card = by_name(fake, "card", "IKU yang perlu perhatian")
    card |= {"name": "Punya orang", "description": "x [iku:card/lain]"}
    publisher.apply(try_out=False)
    assert card["name"] == "Punya orang"
    by_name(fake, "card", "IKU yang perlu perhatian")


def test_an_unmarked_object_is_ours_only_as_the_one_it_was(small_stage: Stage, fake: Fake):
    publisher = small_stage.publisher(fake)
    publisher.apply(try_out=False)
    card = by_name(fake, "card", "IKU yang perlu perhatian")
    board = by_name(fake, "dashboard", "1. Ringkasan Pimpinan")
    folder = by_name(fake, "collection", "Pertanyaan")
    taken = (card, board, folder)
    for row in taken:  # restored from before ours was made, its number went to somebody else's
        row |= {"name": "Punya orang", "description": None, "entity_id": fake.store.entity_id()}
    publisher.apply(try_out=False)
    assert {row["name"] for row in taken} == {"Punya orang"}
    ours = by_name(fake, "card", "IKU yang perlu perhatian")
    number = ours["id"]
    ours |= {"name": "Diubah", "description": None}
    publisher.apply(try_out=False)
    assert by_name(fake, "card", "IKU yang perlu perhatian")["id"] == number


def test_a_card_that_fails_is_an_error(small_stage: Stage, fake: Fake):
    questions = dict(small_stage.specs.questions)
    questions["peringatan_iku"] = replace(
        questions["peringatan_iku"], sql=questions["peringatan_iku"].sql + " LIMIT 'x'"
    )
    publisher = small_stage.publisher(fake, replace(small_stage.specs, questions=questions))
    with pytest.raises(CardsFail, match="card/peringatan_iku: ERROR"):
        publisher.apply()


def test_what_is_wanted_no_more_is_archived_and_comes_back(
    small_stage: Stage, fake: Fake, monkeypatch: pytest.MonkeyPatch
):
    whole = small_stage.publisher(fake)
    whole.apply(try_out=False)
    before = ids(fake)
    by_hand(fake)
    without = dict(small_stage.specs.dashboards)
    del without["ringkasan_pimpinan"]
    needed = {
        tile.question for one in without.values() for tab in one.tabs for tile in tab.tiles
    } | {one.values_from[0] for one in small_stage.specs.filters.values() if one.values_from}
    specs = replace(
        small_stage.specs,
        dashboards=without,
        questions={k: q for k, q in small_stage.specs.questions.items() if k in needed},
        site=replace(small_stage.specs.site, homepage=None),
    )
    less = small_stage.publisher(fake, specs)
    with monkeypatch.context() as patch:
        patch.setattr(fake.store, "touch", lambda row, changes: None)
        with pytest.raises(NotAsWritten, match="dashboard/ringkasan_pimpinan"):
            less.prune()
    used = by_name(fake, "card", "Peringatan data")
    foreign = by_name(fake, "dashboard", "Dasbor tangan")
    fake.store.add(
        "dashcard",
        {"dashboard_id": foreign["id"], "card_id": used["id"], "dashboard_tab_id": None},
    )
    assert less.apply(try_out=False).applied.writes == 0
    done = less.prune()
    assert done.archived == ["dashboard/ringkasan_pimpinan", "card/peringatan_iku"]
    assert "Dasbor tangan" in done.left["card/peringatan_data"]
    assert set(done.left) == {
        "card/peringatan_data", "setting/custom-homepage", "setting/custom-homepage-dashboard"
    }  # fmt: skip
    assert by_name(fake, "dashboard", "1. Ringkasan Pimpinan")["archived"]
    assert less.prune().archived == []
    assert not any(one.method == "DELETE" for one in fake.log)
    whole.apply(try_out=False)
    assert not by_name(fake, "dashboard", "1. Ringkasan Pimpinan")["archived"]
    after = ids(fake)
    assert {kind: before[kind] - after[kind] for kind in ("card", "dashboard", "tab")} == {
        "card": set(), "dashboard": set(), "tab": set()
    }  # fmt: skip


def test_a_marker_is_unique(applied: Applied):
    for kind in ("card", "dashboard", "collection"):
        found = by_marker(list(applied.fake.store.rows[kind].values()))
        assert len(found) == len(applied.fake.store.rows[kind])
