"""What a user runs once against a real server: the script, and what starts the server for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.metabase import smoke, smoke_with_docker
from tests.metabase.conftest import Stage
from tests.metabase.fake.app import Fake

# Stands for Docker: tells what it was called with, and with which password.
DOCKER = """#!/bin/sh
echo "$@ $SMOKE_PASSWORD" >> "$CALLS"
test "$4" != up || exit ${UP:-0}
"""


def test_the_script_finds_nothing_wrong(
    small_stage: Stage, fake: Fake, capsys: pytest.CaptureFixture[str]
):
    assert smoke.report(small_stage.publisher(fake)) == 0
    assert "7 fine, 0 failed" in capsys.readouterr().out


def test_the_images_are_those_of_the_office(tmp_path: Path):
    assert smoke_with_docker.images(tmp_path / "none.yml") == smoke_with_docker.IMAGES
    own = tmp_path / "docker-compose.yml"
    own.write_text("services: {metabase: {image: 'metabase/metabase:v0.63.1'}, postgres: {}}")
    assert smoke_with_docker.images(own) == {
        "postgres": smoke_with_docker.IMAGES["postgres"],
        "metabase": "metabase/metabase:v0.63.1",
    }


def test_every_variable_of_the_compose_file_is_given(tmp_path: Path):
    given = smoke_with_docker.environment(tmp_path, smoke_with_docker.IMAGES)
    text = smoke_with_docker.COMPOSE.read_text()
    services = yaml.safe_load(text)["services"]
    asked = {part.split(":?")[0] for part in text.split("${")[1:]}
    assert len(asked) == 5
    assert asked <= set(given)
    assert set(services) == set(smoke_with_docker.IMAGES)
    assert given["IKU_METABASE_DATABASE_HOST"] in services


@pytest.mark.parametrize("up", [0, 3])
def test_the_servers_are_removed_however_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, up: int
):
    program, calls = tmp_path / "docker", tmp_path / "calls"
    program.write_text(DOCKER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("CALLS", str(calls))
    monkeypatch.setenv("UP", str(up))
    given = smoke_with_docker.environment(tmp_path, smoke_with_docker.IMAGES)
    with pytest.raises((subprocess.CalledProcessError, KeyboardInterrupt)):  # noqa: SIM117
        with smoke_with_docker.running(given):
            raise KeyboardInterrupt
    first, last = calls.read_text().splitlines()
    assert first.split()[3] == "up"
    assert last.split()[3:5] == ["down", "--volumes"]
    assert last.endswith(given["SMOKE_PASSWORD"])


def test_without_docker_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert smoke_with_docker.main() == 1
    assert "Docker is needed" in capsys.readouterr().out


def test_make_runs_it():
    makefile = (ROOT / "Makefile").read_text()
    assert "tests.metabase.smoke_with_docker" in makefile.partition("metabase-smoke:")[2]
