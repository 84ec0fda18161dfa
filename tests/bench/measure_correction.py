"""One corrected file in a full year: how many rows are read and written, and how long it takes."""

import time
from pathlib import Path

from flows.landing import land as landing
from flows.landing.request import Request
from tests.bench import refreshing
from tests.bench.document import Section, number, table
from tests.bench.place import Place
from tests.bench.timing import Samples, say, seconds, step
from tests.samples.year import ANSWERS, OFFICE, YEAR, write_year

NAME = "correction"
LARGE, LARGE_SMALL = 500_000, 10_000
ROUNDS = 3
PERIOD = f"{YEAR}-Q3"
READ, WRITTEN = "seq_tup_read + coalesce(idx_tup_fetch, 0)", "n_tup_ins + n_tup_upd + n_tup_del"

Work = dict[str, tuple[int, int]]
"""Rows read and written, by table."""


def measure(place: Place, *, small: bool) -> Section:
    """Measure the correction of the third quarter's survey in the sample year and a large one."""
    large = LARGE_SMALL if small else LARGE
    parts = [_measure_year(place, ANSWERS, ROUNDS), _measure_year(place, large, ROUNDS)]
    body = f"""
A full year is landed and computed; then a corrected file of the third quarter's survey is landed by
hand, and what it touches is computed again. Rows are those that the server's statistics count in
the tables of the warehouse: one that is read five times counts five times. Scratch tables are not
among them; they hold the accepted rows once more. The checks are not run.

{"".join(parts)}"""
    return Section(NAME, "One corrected file in a full year", body)


def _measure_year(place: Place, answers: int, rounds: int) -> str:
    year = place.folder / f"year-{answers}"
    with step(f"writing a year of {number(answers)} answers"):
        write_year(year, answers=answers)
    place.make_template(year / "rujukan")
    place.use_inbox(year / "inbox")
    taken: dict[str, list[float]] = {"all": [], "land": [], "compute": []}
    for number_ in range(1, rounds + 1):
        with place.fresh_database() as database:
            all_work, written_before = _whole_year(place, database, taken)
            work, written = _corrected(place, database, year, taken)
        say(f"correction of {number(answers)}, round {number_}: {taken['compute'][-1]:.2f} s")
    samples = {name: Samples(tuple(values)) for name, values in taken.items()}
    return _part(answers, samples, (all_work, written_before), (work, written))


def _whole_year(place: Place, database: str, taken: dict[str, list[float]]) -> tuple[Work, int]:
    before = _work(place, database)
    with place.open(database) as warehouse:

        def work() -> int:
            refreshing.land_all(warehouse, OFFICE)
            return sum(one.values_written for one in refreshing.compute_touched(warehouse, OFFICE))

        start = time.perf_counter()
        written = work()
        taken["all"].append(time.perf_counter() - start)
    return _since(before, _work(place, database)), written


def _corrected(
    place: Place, database: str, year: Path, taken: dict[str, list[float]]
) -> tuple[Work, int]:
    file = next((year / "koreksi").glob(f"survey_answer_{PERIOD}*"))
    request = Request(file, OFFICE, "survey_answer", PERIOD)
    place.sql("CHECKPOINT")
    before = _work(place, database)
    with place.open(database) as warehouse:
        warehouse.instant()
        taken["land"].append(seconds(lambda: landing.land(warehouse, place.settings, request)))
        start = time.perf_counter()
        recorded = refreshing.compute_touched(warehouse, OFFICE)
        taken["compute"].append(time.perf_counter() - start)
    written = sum(one.values_written for one in recorded)
    return _since(before, _work(place, database)), written


def _work(place: Place, database: str) -> Work:
    """Return what the server counted, once all other sessions have told theirs and ended."""
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        f" WHERE datname = '{database}' AND pid <> pg_backend_pid()"
    )
    while place.sql(others, database)[0][0]:
        time.sleep(0.05)
    found = place.sql(
        f"SELECT schemaname || '.' || relname, {READ}, {WRITTEN} FROM pg_stat_user_tables", database
    )
    return {name: (read, written) for name, read, written in found}


def _since(before: Work, after: Work) -> Work:
    return {
        name: (read - before.get(name, (0, 0))[0], written - before.get(name, (0, 0))[1])
        for name, (read, written) in after.items()
    }


def _part(
    answers: int, taken: dict[str, Samples], whole: tuple[Work, int], corrected: tuple[Work, int]
) -> str:
    headings = (
        f"{number(answers)} answers",
        "seconds",
        "answers read",
        "answers written",
        "other rows read",
        "other rows written",
        "values written",
    )
    rows = [
        ("the whole year, for comparison", taken["all"], *_sums(whole[0]), whole[1]),
        (
            "the corrected file",
            f"landing {taken['land']}, computing {taken['compute']}",
            *_sums(corrected[0]),
            corrected[1],
        ),
    ]
    return table(headings, rows) + "\n"


def _sums(work: Work) -> list[str]:
    answers = work["staging.survey_answer"]
    others = [sum(pair[side] for pair in work.values()) - answers[side] for side in (0, 1)]
    return [number(value) for value in (*answers, *others)]
