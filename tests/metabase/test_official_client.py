"""The stand-in's answers, read by Metabase's own command line client.

A development tool, installed by npm for this check only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.metabase.conftest import Applied, Shows

VERSION = "0.3.1"


@pytest.fixture(scope="module")
def program(request: pytest.FixtureRequest) -> Path:
    """Install the client where pytest keeps its cache, once."""
    folder = Path(request.config.cache.mkdir(f"metabase-cli-{VERSION}"))
    program = folder / "node_modules" / ".bin" / "mb"
    if shutil.which("npm") is None:
        pytest.skip("node is not installed, so the official client cannot read the answers")
    if not program.exists():
        install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix"]
        done = subprocess.run(
            [*install, str(folder), f"@metabase/cli@{VERSION}"], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"the official client cannot be installed: {done.stderr[-200:]}")
    return program


@pytest.mark.slow
def test_the_official_client_understands_every_answer(
    applied: Applied, program: Path, tmp_path: Path, shows: Shows
):
    rows = applied.fake.store.rows
    first = {kind: str(next(iter(rows[kind]))) for kind in rows if rows[kind]}
    commands = [
        ["db", "list"],
        ["db", "get", first["database"]],
        ["db", "schemas", first["database"]],
        ["table", "list"],
        ["table", "get", first["table"]],
        ["field", "get", first["field"]],
        ["card", "list"],
        *(["card", "get", str(number)] for number in list(rows["card"])[:2]),
        ["card", "query", first["card"]],
        ["dashboard", "list"],
        *(["dashboard", "get", str(number)] for number in list(rows["dashboard"])[:2]),
        ["dashboard", "cards", first["dashboard"]],
        ["collection", "list"],
        ["collection", "items", str(list(rows["collection"])[-1])],
        ["collection", "tree"],
        ["setting", "list"],
        ["subscription", "list"],
    ]
    key = applied.stage.publisher(applied.fake).client.header["X-API-KEY"]
    environment = {
        **os.environ, "MB_URL": applied.fake.url, "MB_API_KEY": key, "HOME": str(tmp_path)
    }  # fmt: skip

    def run(command: list[str]) -> tuple[list[str], str]:
        done = subprocess.run(
            [str(program), *command], env=environment, capture_output=True, text=True, timeout=120
        )
        return command, done.stderr if done.returncode else ""

    with ThreadPoolExecutor(2) as pool:
        failed = [(command, said) for command, said in pool.map(run, commands) if said]
    assert failed == []
    shows(f"{len(commands)} responses read by Metabase's own client, mb {VERSION}")


@pytest.mark.slow
def test_a_missing_record_is_recognised(applied: Applied, program: Path, tmp_path: Path):
    key = applied.stage.publisher(applied.fake).client.header["X-API-KEY"]
    done = subprocess.run(
        [str(program), "card", "get", "7"],
        env={**os.environ, "MB_URL": applied.fake.url, "MB_API_KEY": key, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "not" in json.loads(done.stderr.splitlines()[-1])["error"]["message"].lower()
