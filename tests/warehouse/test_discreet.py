"""Whatever Postgres refuses, no error holds a row of it: not its text, nor one behind it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extras import RealDictCursor, execute_values
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from flows.machine.settings import Settings
from flows.warehouse import discreet, failures
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.warehouse import steps
from transforms.rules.formulas import half_up

SECRET = "19010101"  # in every row that is refused here


@pytest.fixture(autouse=True)
def spoilt(server: Server, database: str) -> None:
    """Add a table and a rule that refuse the rows of these tests."""
    with steps.admin(server, database) as connection:
        steps.ask(
            connection,
            "CREATE TABLE ops.spoilt (n integer CHECK (n < 4), said text,"
            " UNIQUE (said) DEFERRABLE INITIALLY DEFERRED)",
        )
        steps.ask(connection, "GRANT SELECT, INSERT ON ops.spoilt TO iku_writer")
        steps.ask(connection, "ALTER TABLE staging.survey_answer ADD CHECK (age < 4)")


def raised(work: Callable[[], object]) -> BaseException:
    with pytest.raises((psycopg2.Error, DBAPIError)) as refusal:
        work()
    return refusal.value


def behind(error: BaseException) -> Iterator[BaseException]:
    """Give an error and every one that it came from."""
    waiting: list[BaseException | None] = [error]
    while waiting:
        if (one := waiting.pop()) is not None:
            yield one
            waiting += [one.__cause__, one.__context__, getattr(one, "orig", None)]


def says_nothing(error: BaseException) -> None:
    for one in behind(error):
        diag = getattr(one, "diag", None)
        held = [getattr(diag, name, None) for name in dir(diag) if not name.startswith("_")]
        held += [one.args, vars(one), getattr(one, "pgerror", None), getattr(one, "cursor", None)]
        assert SECRET not in f"{one!s} {one!r} {held}"
    assert SECRET not in failures.told(error)


WAYS: dict[str, Callable[[psycopg2.extensions.connection], object]] = {
    "a bound row": lambda raw: raw.cursor().execute(
        "INSERT INTO ops.spoilt VALUES (%s, %s)", (9, SECRET)
    ),
    "many bound rows": lambda raw: raw.cursor().executemany(
        "INSERT INTO ops.spoilt VALUES (%s, %s)", [(1, "x"), (9, SECRET)]
    ),
    "rows of one statement": lambda raw: execute_values(
        raw.cursor(), "INSERT INTO ops.spoilt VALUES %s", [(1, "x"), (9, SECRET)]
    ),
    "a value of another type": lambda raw: raw.cursor().execute("SELECT %s::date", (SECRET + "x",)),
    "a cursor of another kind": lambda raw: raw.cursor(cursor_factory=RealDictCursor).execute(
        "SELECT %s::integer", (SECRET + "x",)
    ),
    "a statement that quotes": lambda raw: raw.cursor().execute("SELEC %s", (SECRET,)),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_row_is_in_an_error_of_a_cursor(way: str, warehouse: Warehouse):
    with warehouse.engine.connect() as connection:
        error = raised(lambda: WAYS[way](connection.connection.dbapi_connection))
    says_nothing(error)
    says_nothing(pickle.loads(pickle.dumps(error)))
    says_nothing(copy.copy(error))


def test_no_row_is_in_an_error_of_a_copy_but_its_line_is(warehouse: Warehouse, tmp_path: Path):
    file = tmp_path / "rows.csv"
    file.write_text(f"1,x\n{SECRET}x,y\n")

    def work() -> None:
        with warehouse.engine.connect() as connection, file.open() as rows:
            connection.connection.cursor().copy_expert("COPY ops.spoilt FROM STDIN CSV", rows)

    error = raised(work)
    says_nothing(error)
    found = discreet.refusal(error)
    assert (found.sqlstate, found.line, found.column) == ("22P02", 2, "n")


def test_no_row_is_in_an_error_of_sqlalchemy_but_the_rule_is(warehouse: Warehouse):
    query = text("INSERT INTO ops.spoilt VALUES (:n, :said)")

    def work() -> None:
        with warehouse.transaction() as connection:
            connection.execute(query, {"n": 9, "said": SECRET})

    error = raised(work)
    assert isinstance(error, IntegrityError)
    says_nothing(error)
    assert discreet.refusal(error) == discreet.Refusal(
        "23514", "ops.spoilt", "", "spoilt_n_check", None
    )
    assert "SQLSTATE 23514, tabel ops.spoilt, aturan spoilt_n_check" in failures.told(error)


def test_no_row_is_in_an_error_of_a_commit(warehouse: Warehouse):
    query = text("INSERT INTO ops.spoilt VALUES (1, :said)")

    def work() -> None:
        with warehouse.transaction() as connection:
            connection.execute(query, [{"said": SECRET}, {"said": SECRET}])

    error = raised(work)
    says_nothing(error)
    assert discreet.refusal(error).constraint == "spoilt_said_key"


def test_no_row_is_in_the_error_of_a_landing(warehouse: Warehouse, settings: Settings):
    rows = [steps.form("444444444", age=int(SECRET[:2]), occupation="PNS")]
    error = raised(lambda: steps.land(warehouse, settings, "survey_answer", "2024-Q1", rows))
    for one in behind(error):
        assert "2024-02-06" not in f"{one!s} {vars(one)}"
        assert "Failing row" not in f"{one!s} {vars(one)}"
    assert "aturan survey_answer_age_check" in failures.told(error)


def test_what_is_wrong_with_a_statement_is_said(warehouse: Warehouse):
    told = failures.told(raised(lambda: warehouse.rows("SELECT n FROM ops.nothing")))
    assert 'SQLSTATE 42P01: relation "ops.nothing" does not exist' in told


def test_a_lost_connection_is_still_known_as_one(server: Server, warehouse: Warehouse):
    """SQLAlchemy replaces a connection that ended; it would not if the error hid that."""

    def work() -> None:
        with warehouse.engine.connect() as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with steps.admin(server, warehouse.database) as admin:
                steps.ask(admin, f"SELECT pg_terminate_backend({pid}, 5000)")
            connection.execute(text("SELECT 1"))

    error = raised(work)
    assert isinstance(error, DBAPIError)
    assert error.connection_invalidated
    assert "sambungan" in failures.told(error).lower()
    assert warehouse.rows("SELECT 1 AS one") == [{"one": 1}]


def test_an_error_of_the_program_is_told_by_its_kind_and_place():
    with pytest.raises(ValueError, match=SECRET) as defect:
        half_up(f"{SECRET}x", 2)
    told = failures.told(defect.value)
    assert SECRET not in told
    assert "(ValueError di transforms/rules/formulas.py:" in told
