"""Landing: a million survey rows from a csv, against COPY of the rows that came of them."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from sqlalchemy import create_engine

from schemas.sources import sources
from tests.bench.document import Section, number, paragraph, table
from tests.bench.landing_process import land_alone
from tests.bench.place import Place
from tests.bench.timing import Samples, in_turn, ratio, say, seconds, step
from tests.samples.seeds import SEEDS, read_references
from tests.samples.survey import Forms, write_csv
from tests.samples.workbooks import Form
from tests.samples.year import OFFICE

NAME = "landing"
ROWS, ROWS_SMALL = 1_000_000, 20_000
ROWS_TO_SQL, ROWS_TO_SQL_SMALL = 100_000, 5_000
ROUNDS = 3
PERIOD = "2024-Q3"
LIKE_STAGING = "(LIKE staging.survey_answer INCLUDING ALL)"


@dataclass(frozen=True)
class _Landed:
    """What became of one csv, in every round."""

    landing: Samples
    copy: Samples
    told: list[dict[str, Any]]
    megabytes: float


def measure(place: Place, *, small: bool) -> Section:
    """Measure landing with and without the ids of respondents, and `to_sql` beside COPY."""
    rows = ROWS_SMALL if small else ROWS
    place.make_template()
    with step(f"writing {number(rows)} answers"):
        with_ids = place.folder / "with-ids.csv"
        write_answers(with_ids, rows)
        without_ids = _without(with_ids, sources()["survey_answer"].column("respondent").headings)
    found = {
        "with ids of respondents": _measure_file(place, with_ids),
        "without": _measure_file(place, without_ids),
    }
    few = ROWS_TO_SQL_SMALL if small else ROWS_TO_SQL
    to_sql, copy = _measure_to_sql(place, place.folder / "typed-without-ids.csv", few)
    return Section(NAME, f"Landing {number(rows)} survey answers", _body(found, few, to_sql, copy))


def write_answers(file: Path, rows: int) -> None:
    """Write answers of the third quarter as a csv."""
    references = read_references(SEEDS, OFFICE, 2024)
    forms = Forms(
        name=("bench", rows),
        services=references.survey_services,
        weights=[1] * len(references.survey_services),
        count=rows,
        start=date(2024, 7, 1),
        end=date(2024, 9, 30),
        first_respondent=10**9,
        agencies=references.agencies,
    )
    write_csv(file, forms, Form.CSV)


def _without(file: Path, headings: tuple[str, ...]) -> Path:
    """Write the file again without one of its columns."""
    target = file.with_name("without-ids.csv")
    with file.open(encoding="utf-8") as stream:
        names = stream.readline().rstrip("\n").split(",")
    kept = [name for name in names if name not in headings]
    options = pacsv.ConvertOptions(
        column_types={name: pa.string() for name in names}, include_columns=kept
    )
    reader = pacsv.open_csv(file, convert_options=options)
    how = pacsv.WriteOptions(quoting_style="none")
    with pacsv.CSVWriter(target, reader.schema, write_options=how) as writer:
        for batch in reader:
            writer.write_batch(batch)
    return target


def _measure_file(place: Place, file: Path) -> _Landed:
    typed = file.with_name(f"typed-{file.name}")
    told: list[dict[str, Any]] = []
    landing, copy = [], []
    for number_ in range(1, ROUNDS + 1):
        with place.fresh_database() as database:
            told.append(_land(file, database))
            if number_ == 1:
                _export(place, database, typed)
            landing.append(told[-1]["seconds"])
            copy.append(_copy(place, database, typed))
        say(
            f"{file.name}, round {number_} of {ROUNDS}: landing {landing[-1]:.2f} s, "
            f"COPY {copy[-1]:.2f} s, peak {told[-1]['peak_mb']:.0f} MiB"
        )
    megabytes = file.stat().st_size / 2**20
    return _Landed(Samples(tuple(landing)), Samples(tuple(copy)), told, megabytes)


def _land(file: Path, database: str) -> dict[str, Any]:
    told = land_alone(file, "survey_answer", PERIOD, database)
    if told["status"] != "landed":
        raise RuntimeError(f"the file was not landed: {told}")
    return told


def _export(place: Place, database: str, typed: Path) -> None:
    query = "COPY staging.survey_answer TO STDOUT (FORMAT csv)"
    with (
        typed.open("wb") as stream,
        closing(place.connect(database)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.copy_expert(query, stream)


def _copy(place: Place, database: str, typed: Path) -> float:
    """Return how long COPY takes into a new table like the one of staging."""
    _new_table(place, database)
    with (
        typed.open("rb") as stream,
        closing(place.connect(database)) as connection,
        connection.cursor() as cursor,
    ):

        def copy() -> None:
            cursor.copy_expert("COPY public.copied FROM STDIN (FORMAT csv)", stream)
            connection.commit()

        return seconds(copy)


def _new_table(place: Place, database: str) -> None:
    place.sql("DROP TABLE IF EXISTS public.copied", database)
    place.sql(f"CREATE TABLE public.copied {LIKE_STAGING}", database)
    place.sql("CHECKPOINT")


def _measure_to_sql(place: Place, typed: Path, rows: int) -> list[Samples]:
    few = typed.with_name("few.csv")
    with typed.open("rb") as stream, few.open("wb") as target:
        target.writelines(line for _, line in zip(range(rows), stream, strict=False))
    with place.fresh_database() as database:
        frame = _typed_frame(place, database, few)
        engine = create_engine(place.url_of(database))

        def to_sql() -> float:
            _new_table(place, database)
            return seconds(lambda: frame.to_sql("copied", engine, if_exists="append", index=False))

        ways: list[Callable[[], float]] = [to_sql, lambda: _copy(place, database, few)]
        try:
            return in_turn(ROUNDS, ways, ["to_sql", "COPY of the same"])
        finally:
            engine.dispose()


def _typed_frame(place: Place, database: str, typed: Path) -> pd.DataFrame:
    """Read typed rows back as landing has them in memory."""
    columns = place.sql(
        "SELECT attname, atttypid::regtype::text FROM pg_attribute WHERE attnum > 0"
        " AND attrelid = 'staging.survey_answer'::regclass ORDER BY attnum",
        database,
    )
    numbers = {name: "Int64" for name, kind in columns if kind in ("smallint", "integer", "bigint")}
    texts = {name: "str" for name, kind in columns if kind == "text"}
    return pd.read_csv(
        typed,
        names=[name for name, _ in columns],
        dtype={**numbers, **texts},
        parse_dates=[name for name, kind in columns if kind == "date"],
        date_format="%Y-%m-%d",
    )


def _body(found: dict[str, _Landed], few: int, to_sql: Samples, copy: Samples) -> str:
    rows = [
        (
            what,
            f"{landed.megabytes:.0f} MiB",
            landed.landing,
            landed.copy,
            ratio(landed.landing, landed.copy),
            number(landed.told[0]["rows_in"] / landed.landing.median),
            f"{max(told['peak_mb'] for told in landed.told):.0f} MiB",
        )
        for what, landed in found.items()
    ]
    headings = (
        "Answers",
        "csv",
        "landing",
        "COPY",
        "**landing / COPY**",
        "rows/s landed",
        "peak memory",
    )
    told = next(iter(found.values())).told[0]
    beside = [
        ("`to_sql`", to_sql, number(few / to_sql.median)),
        ("COPY", copy, number(few / copy.median)),
    ]
    about = f"""
        Landing is everything: archive, read, parse, conform, validate, drop duplicates, scratch
        table, staging. Of {number(told["rows_in"])} rows {number(told["accepted"])} were accepted,
        {number(told["rejected"])} rejected and {number(told["duplicate"])} sent in twice; about six
        in ten have an id, which becomes a keyed hash. COPY loads only the accepted rows, typed and
        hashed already, from a file into a logged table like the one of staging. Memory is the most
        that the process held, {told["before_mb"]:.0f} MiB of it before it began to land.
    """
    return f"""
Aims: at most **3** times COPY, and under **1 GiB**.

{table(headings, rows)}
{paragraph(about)}
The same rows without ids, {number(few)} of them, by pandas:

{table(("Way", "seconds", "rows/s"), beside)}"""
