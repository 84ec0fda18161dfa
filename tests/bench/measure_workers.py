"""Workers: a run by a warm worker against one in process, what a trigger costs, two against one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from flows.operating import deploying
from flows.operating.prefect import server as prefect_server
from flows.warehouse import seeding
from tests.bench.document import Section, number, table
from tests.bench.place import Place
from tests.bench.timing import Samples, in_turn, ratio, say, seconds, step
from tests.samples.year import ANSWERS, OFFICE, write_year
from tests.warehouse.steps import seed_rows, seeded

NAME = "workers"
ROUNDS, ROUNDS_SMALL = 3, 1
LARGE, LARGE_SMALL = 100_000, 2_000
OTHERS = ("kanreg-77", "kanreg-78")
OFFICES = (OFFICE, *OTHERS)
POLL_SECONDS = 1  # how often a worker asks; 10 is Prefect's own, and adds up to that much
PATIENCE = 600


def measure(place: Place, *, small: bool) -> Section:
    """Measure refreshes from an empty warehouse, by workers of one run at a time."""
    with step("starting Prefect"):
        api_url = prefect_server.ensure(place.settings.home, place.url)
    os.environ.update(prefect_server.environment(place.settings.home, api_url))
    with step("deploying"):
        deploying.deploy()
    answers = LARGE_SMALL if small else LARGE
    year = _year_of_offices(place, answers)
    place.make_template(year / "rujukan", year / "kantor")
    place.use_inbox(year / "inbox")
    rounds = ROUNDS_SMALL if small else ROUNDS
    refresh = _Refresh(api_url)
    with _workers(place, 1):
        _from_empty(place, lambda: refresh.all([OFFICE]))()  # the first of each is not counted
        _from_empty(place, lambda: _in_process(OFFICE))()
        of_one = in_turn(
            rounds,
            [
                _from_empty(place, lambda: _in_process(OFFICE)),
                _from_empty(place, lambda: refresh.all([OFFICE])),
            ],
            ["in process", "by a worker"],
        )
        waits = Samples(tuple(refresh.waits[-rounds:]))
    of_three = _one_against_two(place, refresh, rounds)
    return Section(NAME, "Workers", _body(of_one, waits, of_three, answers))


def _one_against_two(place: Place, refresh: "_Refresh", rounds: int) -> list[Samples]:
    taken: list[list[float]] = [[], []]
    for turn in range(rounds):
        for which, count in enumerate((1, 2)):
            with _workers(place, count):
                taken[which].append(_from_empty(place, lambda: refresh.all(OFFICES))())
            say(f"{count} workers, round {turn + 1} of {rounds}: {taken[which][-1]:.2f} s")
    return [Samples(tuple(values)) for values in taken]


class _Refresh:
    """Refreshes that are asked of Prefect, and how long each waited until it began."""

    def __init__(self, api_url: str) -> None:
        user, password = os.environ["PREFECT_API_AUTH_STRING"].split(":")
        self.api = httpx.Client(base_url=api_url, timeout=30, auth=(user, password))
        wanted = {"deployments": {"name": {"any_": ["refresh"]}}}
        self.deployment = self.api.post("/deployments/filter", json=wanted).json()[0]["id"]
        self.waits: list[float] = []

    def all(self, offices: Sequence[str]) -> None:
        """Ask for a refresh of each office and wait until all have ended well."""
        keys = [self._start(office) for office in offices]
        deadline = time.monotonic() + PATIENCE
        while True:
            runs = [self.api.get(f"/flow_runs/{key}").json() for key in keys]
            if all(run["state_type"] == "COMPLETED" for run in runs):
                break
            if time.monotonic() > deadline or any(
                run["state_type"] in ("FAILED", "CRASHED") for run in runs
            ):
                raise RuntimeError([run["state"]["message"] for run in runs])
            time.sleep(0.1)
        self.waits += [run["estimated_start_time_delta"] for run in runs]

    def _start(self, office: str) -> str:
        asked = {
            "parameters": {"office": office, "reason": "benchmark"},
            "state": {"type": "SCHEDULED"},
        }
        path = f"/deployments/{self.deployment}/create_flow_run"
        return str(self.api.post(path, json=asked).raise_for_status().json()["id"])


def _in_process(office: str) -> None:
    from flows.nightly_refresh import nightly_refresh

    nightly_refresh(office, reason="benchmark")


def _from_empty(place: Place, work: Callable[[], object]) -> Callable[[], float]:
    def measured() -> float:
        with place.fresh_database():
            return seconds(work)

    return measured


@contextmanager
def _workers(place: Place, count: int) -> Iterator[None]:
    """Keep workers that take one run at a time while the block runs."""
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "iku"]
    command += ["--type", "process", "--limit", "1"]
    env = {**os.environ, "PREFECT_WORKER_QUERY_SECONDS": str(POLL_SECONDS)}
    logs = [place.folder / f"worker-{which}.log" for which in range(count)]
    running = []
    for log in logs:
        with log.open("wb") as said:
            running.append(subprocess.Popen(command, env=env, stdout=said, stderr=said))
    try:
        deadline = time.monotonic() + 60
        while not all("started!" in log.read_text() for log in logs):
            if time.monotonic() > deadline:
                raise RuntimeError("a worker does not start")
            time.sleep(0.1)
        yield
    finally:
        for worker in running:
            worker.terminate()
            worker.wait(30)


def _year_of_offices(place: Place, answers: int) -> Path:
    """Write the sample year for three offices alike, so that each has as much to do."""
    year = place.folder / f"year-{answers}"
    with step(f"writing three years of {number(answers)} answers"):
        write_year(year, answers=answers)
        inbox = year / "inbox"
        for other in OTHERS:
            (inbox / other).symlink_to(inbox / OFFICE)
        for file in sorted(seeding.SEEDS.glob("*.csv")):
            rows = [row for row in seeded(file.stem) if row.get("office") == OFFICE]
            copies = [{**row, **_own(row, other)} for other in OTHERS for row in rows]
            if copies:
                seed_rows(year / "kantor", file.stem, copies)
    return year


def _own(row: dict[str, str], office: str) -> dict[str, str]:
    """Return what two offices do not share."""
    own = {"name": f"Kantor {office}", "satker_code": ""} if "satker_code" in row else {}
    return own | {"office": office}


def _body(
    of_one: Sequence[Samples], waits: Samples, of_three: Sequence[Samples], answers: int
) -> str:
    inside, outside = of_one
    one, two = of_three
    rows = [
        ("one office, the flow in this process", inside, ""),
        ("one office, by a warm worker", outside, ratio(outside, inside)),
        ("of that, from the trigger until the run begins", waits, ""),
        ("three offices, one worker", one, ""),
        ("**three offices, two workers**", two, ratio(one, two)),
    ]
    return f"""
{table(("From an empty warehouse", "seconds", "ratio"), rows)}
Each office has the sample year with {number(answers)} answers instead of {number(ANSWERS)}. A
worker takes one run at a time, each in a process of its own that imports the program anew, and asks
for work every {POLL_SECONDS} s (Prefect's own value is 10). The last ratio is one worker against
two: how many times as fast two are. On a machine of two cores the two share them with Postgres and
Prefect's server.
"""
