"""What the orchestrator costs: a refresh through Prefect, and the same functions without it."""

import os
from collections.abc import Callable
from pathlib import Path

from flows.operating.prefect import server as prefect_server
from tests.bench.document import Section, number, table
from tests.bench.place import Place
from tests.bench.timing import Samples, in_turn, ratio, seconds, step
from tests.samples.year import ANSWERS, OFFICE, write_year

NAME = "refresh"
LARGE, LARGE_SMALL = 500_000, 10_000
ROUNDS = 3


def measure(place: Place, *, small: bool) -> Section:
    """Measure a refresh of the sample year and of a large one, each from an empty warehouse."""
    with step("starting Prefect"):
        api_url = prefect_server.ensure(place.settings.home, place.url)
    os.environ.update(prefect_server.environment(place.settings.home, api_url))
    _demand_our_server(api_url)
    sample = _year(place, ANSWERS)
    place.make_template(sample / "rujukan")
    _in_turn(place, sample, rounds=1)  # the first run of each imports and connects
    of_sample = _in_turn(place, sample, rounds=ROUNDS)
    large = LARGE_SMALL if small else LARGE
    of_large = _in_turn(place, _year(place, large), rounds=ROUNDS)
    return Section(NAME, "Refresh: what Prefect costs", _body(of_sample, of_large, large))


def _demand_our_server(api_url: str) -> None:
    """Refuse to measure a server that Prefect starts by itself when it is not told of ours."""
    from prefect.settings import get_current_settings  # after the environment it reads

    used = get_current_settings().api.url
    if used != api_url:
        raise RuntimeError(f"Prefect was imported too early: it works with {used}")


def _year(place: Place, answers: int) -> Path:
    directory = place.folder / f"year-{answers}"
    with step(f"writing a year of {number(answers)} answers"):
        write_year(directory, answers=answers)
    return directory


def _in_turn(place: Place, year: Path, rounds: int) -> list[Samples]:
    # Imported here: Prefect reads the environment when it is imported.
    from flows.nightly_refresh import nightly_refresh
    from tests.bench import refreshing

    place.use_inbox(year / "inbox")

    def from_empty(refresh: Callable[[], object]) -> Callable[[], float]:
        def measured() -> float:
            with place.fresh_database():
                return seconds(refresh)

        return measured

    ways: dict[str, Callable[[], object]] = {
        "one after another": lambda: refreshing.one_after_another(OFFICE),
        "in threads": lambda: refreshing.in_threads(OFFICE),
        "through Prefect": lambda: nightly_refresh(OFFICE, reason="benchmark"),
    }
    return in_turn(rounds, [from_empty(way) for way in ways.values()], list(ways))


def _body(of_sample: list[Samples], of_large: list[Samples], large: int) -> str:
    rows = [
        (
            f"{what}, {number(answers)} answers",
            *taken,
            f"{taken[2].median - taken[0].median:+.2f} s",
            ratio(taken[2], taken[0]),
            ratio(taken[2], taken[1]),
        )
        for what, answers, taken in (
            ("sample year", ANSWERS, of_sample),
            ("large year", large, of_large),
        )
    ]
    headings = (
        "From an empty warehouse",
        "one after another",
        "in threads",
        "through Prefect",
        "difference",
        "**Prefect / one after another**",
        "Prefect / threads",
    )
    return f"""
Aim: at most **1.5** on the large year, Prefect against the same functions called in one process.

{table(headings, rows)}
Everything is landed, all touched quarters are computed and recorded, the checks are run. Server
and process are warm: the first run of each way is not counted. The flow works in four threads, so
it also stands beside the same functions in four threads: that is Prefect alone, and the column
before it is what one gains or loses by taking the flow. About a second of every flow is Prefect's
heartbeat, which ends on a whole second.
"""
