"""Tallies: IKU 3 and 4 computed from five million answers, against a scan of the table."""

import math
from collections.abc import Callable
from datetime import UTC, datetime

from flows.computing import measuring
from flows.computing import store as values
from flows.computing.quarter import Quarter
from flows.warehouse.connection import Warehouse
from tests.bench import refreshing
from tests.bench.document import Section, number, paragraph, table
from tests.bench.place import Place
from tests.bench.timing import Samples, in_turn, ratio, seconds, step
from tests.samples.year import OFFICE, YEAR, write_year
from transforms.evidence import Computed
from transforms.indicators import indicators

NAME = "tally"
ANSWERS, ANSWERS_SMALL = 5_000_000, 100_000
LANDED, LANDED_SMALL = 50_000, 5_000
ROUNDS = 5
ELEMENTS = [f"u{number}" for number in range(1, 10)]

TALLIES = indicators()["IKU.3"].tallies

COUNT = "SELECT count(*) FROM staging.survey_answer"
SUMS = f"SELECT {', '.join(f'sum({name})' for name in ELEMENTS)} FROM staging.survey_answer"


def measure(place: Place, *, small: bool) -> Section:
    """Measure on a year that was landed and then multiplied inside the database."""
    answers, landed = (ANSWERS_SMALL, LANDED_SMALL) if small else (ANSWERS, LANDED)
    year = place.folder / "year-tally"
    write_year(year, answers=landed, flaws=False)
    place.make_template(year / "rujukan")
    place.use_inbox(year / "inbox")
    with place.fresh_database() as database, place.open(database) as warehouse:
        with step(f"landing {number(landed)} answers and multiplying them"):
            refreshing.land_all(warehouse, OFFICE)
            _multiply(place, database, answers)
        taken = _in_turn(warehouse)
        rows, megabytes = place.sql(
            "SELECT count(*), pg_table_size('staging.survey_answer') / 2 ^ 20"
            " FROM staging.survey_answer",
            database,
        )[0]
        workers = place.sql("SHOW max_parallel_workers_per_gather")[0][0]
    body = _body(taken, rows, megabytes, workers)
    return Section(NAME, f"Tally and computation of IKU 3 and 4 on {number(rows)} answers", body)


def _multiply(place: Place, database: str, answers: int) -> None:
    """Repeat the answers of each load, load by load, as if so many had come that way."""
    place.sql("CREATE TABLE public.landed AS TABLE staging.survey_answer", database)
    times = math.ceil(answers / place.sql("SELECT count(*) FROM public.landed", database)[0][0])
    place.sql("TRUNCATE staging.survey_answer", database)
    for (load,) in place.sql("SELECT DISTINCT load_id FROM public.landed ORDER BY 1", database):
        place.sql(
            "INSERT INTO staging.survey_answer SELECT landed.*"
            f" FROM generate_series(1, {times}) CROSS JOIN public.landed"
            f" WHERE landed.load_id = {load}",
            database,
        )
    place.sql("DROP TABLE public.landed", database)
    place.sql("VACUUM ANALYZE staging.survey_answer", database)  # as the server does by itself
    place.sql("CHECKPOINT")


def _in_turn(warehouse: Warehouse) -> dict[str, Samples]:
    def compute(*ikus: str) -> Callable[[], float]:
        def computed() -> None:
            quarter = _quarter()  # a new one each time: it remembers what was counted
            for iku in ikus:
                found = measuring.measure(warehouse, iku, quarter)
                assert isinstance(found, Computed)
                assert found.measurement.actual_exact is not None

        return lambda: seconds(computed)

    def tally(name: str) -> Callable[[], float]:
        def tallied() -> None:
            quarter = _quarter()
            with warehouse.transaction() as connection:
                values.tally(
                    connection,
                    name,
                    quarter.office,
                    quarter.year,
                    quarter.quarter,
                    quarter.known_at,
                )

        return lambda: seconds(tallied)

    ways = {
        "count": lambda: seconds(lambda: warehouse.rows(COUNT)),
        "sums": lambda: seconds(lambda: warehouse.rows(SUMS)),
        "IKU 3": compute("IKU.3"),
        "IKU 4": compute("IKU.4"),
        "both": compute("IKU.3", "IKU.4"),
        **{name: tally(name) for name in TALLIES},
    }
    for way in ways.values():
        way()  # fills the caches, once for all
    return dict(zip(ways, in_turn(ROUNDS, list(ways.values()), list(ways)), strict=True))


def _quarter() -> Quarter:
    return Quarter(OFFICE, YEAR, 4, datetime.now(UTC))


def _body(taken: dict[str, Samples], rows: int, megabytes: float, workers: str) -> str:
    names = {
        "count": "scan: `count(*)`",
        "sums": "scan: the sums of the nine elements",
        "IKU 3": "IKU 3: tallies and computation",
        "IKU 4": "IKU 4: tallies and computation",
        "both": "IKU 3, then IKU 4",
        **{name: f"of one of them, `tally.{name}`" for name in TALLIES},
    }
    lines = [
        (
            name,
            taken[key],
            "" if key == "count" else ratio(taken[key], taken["count"]),
            "" if key in ("count", "sums") else ratio(taken[key], taken["sums"]),
        )
        for key, name in names.items()
    ]
    headings = ("Query or value", "seconds", "**/ `count(*)`**", "/ sums")
    about = f"""
        The table has {number(rows)} rows in {megabytes:.0f} MiB, vacuumed, and lies in the system's
        cache. Scan and tally may use the same {workers} parallel workers. `count(*)` looks into no
        row; the sums read the columns that a tally must read. One figure needs all of its tallies,
        one after another; the two of one run share them.
    """
    return f"""
Aim: at most **3** times a scan of the table.

{table(headings, lines)}
{paragraph(about)}"""
