"""The rerun as Prefect runs it: its end, what stays with it, and what the page shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.machine.settings import Settings
from flows.operating.prefect import server as prefect_server
from flows.warehouse.connection import Warehouse, use_database
from tests.conftest import Server
from tests.flows import ended_server
from tests.warehouse import steps

TABLES = ("ops.run", "iku.value", "iku.achievement", "iku.rollup")
ASKED = {
    "office": steps.OFFICE,
    "first_quarter": "2024-Q2",
    "last_quarter": "2024-Q3",
    "reason": "koreksi layanan digital",
}

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def engine(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let flows in this process work with a Prefect server of the test's own."""
    from prefect import settings as prefect

    home = tmp_path_factory.mktemp("engine")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PREFECT_API_URL", raising=False)
        api = prefect_server.ensure(home, server.url)
        chosen = {
            prefect.PREFECT_API_URL: api,
            prefect.PREFECT_API_AUTH_STRING: prefect_server.password(home),
            prefect.PREFECT_HOME: prefect_server.environment(home, api)["PREFECT_HOME"],
            prefect.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # its thread ends a second late
            prefect.PREFECT_LOGGING_TO_API_ENABLED: False,  # its thread outlives the server
        }
        try:
            with prefect.temporary_settings(chosen):
                yield
        finally:
            ended_server.end(home)


@pytest.fixture
def corrected(
    engine: None,
    warehouse: Warehouse,
    settings: Settings,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Warehouse:
    """Give a warehouse in use with a correction that has landed and was not computed."""
    use_database(tmp_path / "rumah", warehouse.database)
    for name, value in steps.environment(server, tmp_path).items():
        monkeypatch.setenv(name, value)
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q2", steps.digital(6)))
    steps.refresh(warehouse)
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q2", steps.digital(9)))
    return warehouse


def run(**parameters: Any) -> Any:
    """Run the flow with the parameters of a form; return its end."""
    from flows.rerun import rerun

    return rerun(**parameters, return_state=True)


def shown(flow_run: str) -> dict[str, list[dict[str, Any]]]:
    """Return the tables that the page shows of a run."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    wanted = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run]))
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=wanted)
    return {one.key: json.loads(one.data) for one in found}


def counts(warehouse: Warehouse) -> list[int]:
    return [steps.count(warehouse, table) for table in TABLES]


def test_a_rerun_records_and_shows_what_changed_and_again_finds_nothing(corrected: Warehouse):
    done = run(**ASKED)
    assert (done.name, done.message) == ("Completed", "Dicatat: 2024-Q2, 2024-Q3.")
    assert steps.shown(corrected, "IKU.7", 2024, 2)["realisasi"] == 75
    kept = corrected.rows(
        "SELECT quarter, who, reason, ikus FROM ops.run ORDER BY run_id DESC LIMIT 2"
    )
    who = f"Prefect, putaran {done.state_details.flow_run_id}"
    assert {tuple(row.values()) for row in kept} == {
        (quarter, who, ASKED["reason"], None) for quarter in (2, 3)
    }
    tables = shown(done.state_details.flow_run_id)
    assert set(tables) == {f"perubahan-{steps.OFFICE}"}
    changed = {(row["IKU"], row["Triwulan"]): row for row in tables[f"perubahan-{steps.OFFICE}"]}
    assert set(changed) == {("IKU.7", "2024-Q2"), ("IKU.7", "2024-Q3")}
    row = changed["IKU.7", "2024-Q2"]
    assert (row["Realisasi dulu"], row["Realisasi kini"]) == ("50,00", "75,00")
    assert row["Sebab"] == "data baru: digital_service 2024-Q2"

    before = counts(corrected)
    again = run(**ASKED)
    assert again.name == "Completed"
    assert again.message == "Tidak ada yang akan berubah; tidak ada yang ditulis."
    assert counts(corrected) == before
    assert shown(again.state_details.flow_run_id) == {}


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"office": "kanreg-99"}, "tidak dikenal"),
        ({"last_quarter": "2024-Q1"}, "terbalik"),
        ({"reason": " "}, "Alasan"),
        ({"ikus": ["IKU.15"]}, "bukan IKU"),
    ],
)
def test_a_form_that_cannot_be_taken_is_told_in_the_state(
    corrected: Warehouse, wrong: dict[str, Any], word: str
):
    before = counts(corrected)
    ended = run(**{**ASKED, **wrong})
    assert ended.name == "Failed"
    assert word in ended.message
    assert counts(corrected) == before


def test_quarters_before_an_error_are_recorded_and_shown(corrected: Warehouse, server: Server):
    with steps.admin(server, corrected.database) as connection:
        rule = "ALTER TABLE ops.run ADD CONSTRAINT no_third CHECK (quarter <> 3) NOT VALID"
        steps.ask(connection, rule)
    ended = run(**ASKED)
    assert ended.name == "Failed"
    assert "no_third" in ended.message
    assert "Failing row" not in ended.message
    (rows,) = shown(ended.state_details.flow_run_id).values()
    assert {row["Triwulan"] for row in rows} == {"2024-Q2"}
    with steps.admin(server, corrected.database) as connection:
        steps.ask(connection, "ALTER TABLE ops.run DROP CONSTRAINT no_third")
    assert run(**ASKED).message == "Dicatat: 2024-Q3."
