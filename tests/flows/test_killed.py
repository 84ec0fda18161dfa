"""A refresh killed at any point leaves what was shown; the next ends as an undisturbed one."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from flows.machine.settings import Settings
from tests.conftest import ROOT, Server
from tests.flows.killed import KILLED_QUARTER, POINTS, refresh, state
from tests.flows.two_nights import (
    SECOND_NIGHT,
    Begun,
    assert_nothing_half,
    at_home,
    begin,
    environment,
    office,
)
from tests.warehouse import steps

WHILE_LANDING = ("archive_written", "in_copy", "before_landing_commit")
SEED, KILLS = 20241124, 20

Kill = Callable[[Settings, str | float], bool]


@pytest.fixture(scope="module")
def begun(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    with begin(server, tmp_path_factory.mktemp("begun")) as first_night:
        yield first_night


@pytest.fixture(scope="module")
def undisturbed(
    server: Server, begun: Begun, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """Return the state after a second night that nobody disturbed."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    with office(server, begun, home, SECOND_NIGHT) as (warehouse, given):
        before = state(warehouse)
        refresh(warehouse, given)
        after = state(warehouse)
    grown = {table for table in after if len(after[table]) > len(before[table])}
    landed = {"ops.load", "ops.load_event", "ops.reject"}
    landed |= {"staging.siasn_integration", "staging.survey_answer"}
    assert grown == landed | {"iku.value", "iku.achievement", "iku.rollup"}
    return after


@pytest.fixture(scope="module")
def kill(server: Server, begun: Begun) -> Iterator[Kill]:
    """Give what lets a refresh die and tells whether it was still alive."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.flows.killed"],
        env=environment(server, at_home(server, begun.home), SECOND_NIGHT),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        asked, answers = process.stdin, process.stdout

        def let_die(given: Settings, when: str | float) -> bool:
            print(given.database, given.home, when, file=asked, flush=True)
            code = int(answers.readline())
            assert code in (0, -signal.SIGKILL)
            return code != 0

        yield let_die


@pytest.mark.parametrize("point", POINTS)
def test_killed(
    point: str,
    server: Server,
    begun: Begun,
    kill: Kill,
    undisturbed: dict[str, list[str]],
    tmp_path: Path,
):
    with office(server, begun, tmp_path / "home") as (warehouse, given):
        before, loads = (steps.table_of(warehouse, t) for t in ("mart.capaian_iku", "ops.load"))

        assert kill(given, point)
        assert_nothing_half(warehouse)
        landed = steps.count(warehouse, "ops.load") - len(loads)
        assert landed == (1 if point in WHILE_LANDING else 2)
        changed = set(steps.table_of(warehouse, "mart.capaian_iku")) ^ set(before)
        assert bool(changed) == (point == "after_record")
        assert all(KILLED_QUARTER in row for row in changed)

        refresh(warehouse, given)
        assert state(warehouse) == undisturbed
        assert_nothing_half(warehouse)
        assert steps.written(refresh(warehouse, given)) == (0, 0, 0)


@pytest.mark.slow
def test_killed_twenty_times_at_random(
    server: Server,
    begun: Begun,
    kill: Kill,
    undisturbed: dict[str, list[str]],
    tmp_path: Path,
):
    """Kill refreshes one after another until one ends before that; then begin anew."""
    random, kills, rounds = Random(SEED), 0, itertools.count()
    longest = 2.0  # seconds, more than an undisturbed one takes; it comes down to that
    while kills < KILLS:
        with office(server, begun, tmp_path / str(next(rounds))) as (warehouse, given):
            before = kills
            while kills < KILLS:
                seconds = random.uniform(0, longest)
                if not kill(given, seconds):
                    break
                kills += 1
                assert_nothing_half(warehouse)
            if kills == before:
                longest = seconds
            refresh(warehouse, given)
            assert state(warehouse) == undisturbed
            assert steps.written(refresh(warehouse, given)) == (0, 0, 0)
