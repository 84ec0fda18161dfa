"""A refresh killed at any point leaves what was shown; the next ends as an undisturbed one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.io import references
from flows.io.warehouse import Warehouse
from tests.conftest import ROOT, Server
from tests.flows.killed import POINTS
from tests.warehouse import steps

YEAR = ROOT / "tests" / "samples" / "tahun-2024"
FIRST = ("siasn_integration/2024-Q1.xlsx", "digital_service/2024-Q1.xlsx")
SECOND = (*FIRST, "siasn_integration/2024-Q2.csv", "survey_answer/2024-Q2.csv")


@pytest.fixture(scope="module")
def begun(server: Server) -> Iterator[str]:
    """Give a database in which a first refresh has been done."""
    with steps.copy_of(server, "iku_template", "killed_template") as name:
        warehouse = steps.open_at(server, name, None)
        references.seed(warehouse, YEAR / "rujukan")
        warehouse.engine.dispose()
        yield name


def put(inbox: Path, files: tuple[str, ...]) -> None:
    """Lay files of the sample year into an inbox; the survey as a csv of many pieces."""
    for file in files:
        place = inbox / steps.OFFICE / file
        place.parent.mkdir(parents=True, exist_ok=True)
        source = "survey_answer/2024-Q3.csv" if file.startswith("survey") else file
        shutil.copy(YEAR / "inbox" / steps.OFFICE / source, place)
        if file.startswith("survey"):
            text = place.read_text(encoding="utf-8-sig")
            for month, earlier in (("07", "04"), ("08", "05"), ("09", "06")):
                text = text.replace(f"/{month}/2024", f"/{earlier}/2024")
                text = text.replace(f"2024-{month}-", f"2024-{earlier}-")
            place.write_text(text, encoding="utf-8")


def refresh(server: Server, database: str, home: Path, *point: str) -> int:
    """Refresh in a process of its own and return how it ended."""
    environment = {
        **os.environ,
        "IKU_HOME": str(home),
        "IKU_INBOX": str(home / "inbox"),
        "IKU_DATABASE_URL": server.url,
        "IKU_DATABASE": database,
        "IKU_WRITER_PASSWORD": steps.passwords(server).writer,
        "IKU_METABASE_PASSWORD": steps.passwords(server).reader,
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.killed", *point],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def state(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a refresh leaves, without numbers and instants that differ between runs."""
    queries = {
        "loads": "SELECT source, period, part, sha256, status, rows_in, accepted, rejected,"
        " duplicate, out_of_scope, reasons::text FROM ops.load",
        "events": "SELECT load.sha256, event.event, event.reason FROM ops.load_event AS event"
        " JOIN ops.load AS load USING (load_id)",
        "rejects": "SELECT load.sha256, reject.row_no, reject.rule, reject.message"
        " FROM ops.reject AS reject JOIN ops.load AS load USING (load_id)",
        "answers": "SELECT load.sha256, answer.row_no, answer.service, answer.u1, answer.u9"
        " FROM staging.survey_answer AS answer LEFT JOIN ops.load AS load USING (load_id)",
        "agencies": "SELECT load.sha256, staged.agency, staged.mode"
        " FROM staging.siasn_integration AS staged LEFT JOIN ops.load AS load USING (load_id)",
        "values": "SELECT iku, year, quarter, basis, status, actual_exact, actual, tally::text,"
        " components::text, (SELECT array_agg(load.sha256 ORDER BY load.sha256) FROM ops.load"
        " WHERE load.load_id = ANY(value.loads)) AS files FROM iku.value",
        "achievements": "SELECT value.iku, value.year, value.quarter, achieved.document,"
        " achieved.achievement_pct, achieved.status_word FROM iku.achievement AS achieved"
        " JOIN iku.value AS value USING (value_id)",
        "rollups": "SELECT year, quarter, status, npss, coverage_pct FROM iku.rollup",
    }
    return {
        name: sorted(tuple(map(str, row.values())) for row in warehouse.rows(query))
        for name, query in queries.items()
    }


def shown(warehouse: Warehouse) -> list[tuple[str, ...]]:
    return steps.table_of(warehouse, "mart.capaian_iku")


@pytest.fixture(scope="module")
def undisturbed(
    server: Server, begun: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the state after two refreshes that nobody disturbed."""
    home = tmp_path_factory.mktemp("undisturbed")
    with steps.copy_of(server, begun) as database:
        for files in (FIRST, SECOND):
            put(home / "inbox", files)
            assert refresh(server, database, home) == 0
        warehouse = steps.open_at(server, database, None)
        found = state(warehouse)
        warehouse.engine.dispose()
    assert all(found[name] for name in ("answers", "agencies", "values", "achievements"))
    return found


@pytest.mark.parametrize("point", POINTS)
def test_killed(
    point: str,
    server: Server,
    begun: str,
    undisturbed: dict[str, list[tuple[Any, ...]]],
    tmp_path: Path,
):
    with steps.copy_of(server, begun) as database:
        put(tmp_path / "inbox", FIRST)
        assert refresh(server, database, tmp_path) == 0
        warehouse = steps.open_at(server, database, None)
        before = shown(warehouse)
        put(tmp_path / "inbox", SECOND)
        assert refresh(server, database, tmp_path, point) == -signal.SIGKILL
        if point != "after_record":
            assert shown(warehouse) == before
        assert refresh(server, database, tmp_path) == 0
        assert state(warehouse) == undisturbed
        warehouse.engine.dispose()
