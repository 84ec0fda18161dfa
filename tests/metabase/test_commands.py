"""The commands `iku metabase`: from a fresh server to one that needs nothing, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.metabase.api.client import MetabaseClient
from flows.metabase.specs import specs
from tests.metabase.conftest import Stage
from tests.metabase.fake.app import Fake
from tests.metabase.fake.store import Store
from tests.warehouse import steps
from tests.warehouse.steps import Said

FINE, FAILED, PENDING = 0, 1, 2
CARD = "IKU yang perlu perhatian"

Iku = Callable[..., Said]


@pytest.fixture
def fresh() -> Iterator[Fake]:
    """Give a server that nobody has set up."""
    fake = Fake(Store(seed=11, initializing=2))
    with fake.running():
        yield fake


@pytest.fixture
def iku(
    small_stage: Stage,
    fresh: Fake,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iku:
    # The preview asks this one first.
    shown = {"yang_ditampilkan": specs.load().questions["yang_ditampilkan"]}
    small = replace(small_stage.specs, questions={**small_stage.specs.questions, **shown})
    monkeypatch.setattr(specs, "load", lambda: small)
    defaults = {**(MetabaseClient.__init__.__kwdefaults__ or {}), "sleep": lambda seconds: None}
    monkeypatch.setattr(MetabaseClient.__init__, "__kwdefaults__", defaults)
    given = {
        **steps.environment(small_stage.server, tmp_path),
        "IKU_DATABASE": small_stage.warehouse.database,
        "IKU_METABASE_URL": fresh.url,
        "IKU_METABASE_EMAIL": "petugas@example.test",
    }
    return steps.command(given, monkeypatch, capsys)


def card(fake: Fake) -> dict[str, object]:
    (row,) = [row for row in fake.store.rows["card"].values() if CARD in row["name"]]
    return row


def test_from_a_fresh_server_to_one_that_needs_nothing(iku: Iku, fresh: Fake):
    early = iku("metabase", "plan")
    assert (early.code, fresh.writes) == (FAILED, [])
    assert "disiapkan oleh `iku metabase apply`" in early.err
    done = iku("metabase", "apply", "--json")
    assert done.code == FINE
    assert done.json["writes"] > 20
    assert done.json["cards_run"] == len(specs.load().questions)
    writes = len(fresh.writes)
    again = iku("metabase", "apply")
    assert (again.code, len(fresh.writes) - writes) == (FINE, 0)
    assert "tidak ada yang ditulis" in again.out
    assert (iku("metabase", "plan").code, iku("metabase", "drift").code) == (FINE, FINE)
    card(fresh)["name"] = f"{CARD} (diubah tangan)"
    moved = iku("metabase", "drift")
    assert moved.code == PENDING
    assert "card/peringatan_iku" in moved.out
    assert "diubah orang" in iku("metabase", "plan").out
    assert iku("metabase", "apply").code == FINE
    assert card(fresh)["name"] == CARD
    assert iku("metabase", "drift", "--json").json == []
    assert iku("metabase", "prune", "--json").json == {"archived": [], "left": {}}


def test_what_is_edited_after_the_plan_is_not_overwritten(iku: Iku, fresh: Fake, tmp_path: Path):
    iku("metabase", "apply")
    card(fresh)["display"] = "bar"
    kept = tmp_path / "rencana.json"
    planned = iku("metabase", "plan", "--out", kept, "--json")
    assert planned.code == PENDING
    (change,) = planned.json["pending"]
    assert (change["key"], change["theirs"]) == ("card/peringatan_iku", ["display"])
    card(fresh)["display"] = "line"
    refused = iku("metabase", "apply", "--plan", kept)
    assert (refused.code, card(fresh)["display"]) == (FAILED, "line")
    assert "card/peringatan_iku diubah orang sesudah rencana dibuat" in refused.err
    assert iku("metabase", "apply", "--plan", kept, "--force").code == FINE
    assert card(fresh)["display"] == "table"


def test_what_cannot_be_done_is_one_message(iku: Iku, tmp_path: Path, monkeypatch):
    broken = tmp_path / "rencana.json"
    broken.write_text("[1")
    for arguments, said in (
        (("apply", "--plan", broken), "bukan rencana"),
        (("apply", "--plan", tmp_path / "tidak-ada.json"), "tidak-ada.json"),
    ):
        refused = iku("metabase", *arguments)
        assert (refused.code, refused.out.count("Traceback")) == (FAILED, 0)
        assert said in refused.err
    monkeypatch.setenv("IKU_METABASE_API_KEY", "mb_uji")
    monkeypatch.setenv("IKU_METABASE_URL", "http://metabase.example.test")
    assert "tanpa https" in iku("metabase", "plan").err
    monkeypatch.delenv("IKU_METABASE_URL")
    nowhere = iku("metabase", "plan", "--json")
    assert (nowhere.code, nowhere.out) == (FAILED, "")
    assert "IKU_METABASE_URL" in nowhere.err


def test_the_dashboards_are_drawn_without_metabase(
    iku: Iku, fresh: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("IKU_METABASE_URL")
    folder = tmp_path / "halaman"
    drawn = iku("metabase", "preview", "--out", folder, "--year", 2024, "--quarter", 3, "--json")
    assert (drawn.code, drawn.json["folder"]) == (FINE, str(folder))
    assert drawn.json["pages"][0] == "index.html"
    assert sorted(drawn.json["pages"]) == sorted(path.name for path in folder.iterdir())
    assert "Triwulan III" in (folder / "index.html").read_text()
    nothing = iku("metabase", "preview", "--out", folder, "--year", 1999)
    assert (nothing.code, nothing.out) == (FAILED, "")
    assert "Belum ada nilai" in nothing.err
    unknown = iku("metabase", "preview", "--out", folder, "--document", "lakin")
    assert unknown.code == FAILED
    assert "Yang ada: pk, renja, renstra" in unknown.err


def test_the_key_is_not_shown(iku: Iku, fresh: Fake, tmp_path: Path):
    iku("metabase", "apply")
    key = (tmp_path / "rumah" / "metabase_api_key").read_text()
    fresh.store.rows["api_key"].clear()
    said = iku("metabase", "plan")
    assert said.code == FAILED
    assert "401" in said.err
    assert "Kunci API tidak diterima" in said.err
    assert key not in said.out + said.err
