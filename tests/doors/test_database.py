"""The database door against a real MariaDB and a real Postgres, started for the tests.

The accounts may do more than read, on purpose: what stops a mistake must be the door.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg2
import pytest
from sqlalchemy import make_url

from flows.fetching.doors.database import DatabaseDoor
from flows.fetching.doors.door import DoorRefused, DoorUnavailable
from flows.fetching.doors.options import DatabaseOptions
from flows.fetching.doors.selects import is_ordered, objection
from schemas.source import Cadence
from tests.conftest import Server
from tests.doors.mariadb import MariaDb, self_signed
from tests.doors.without_tls import without_tls
from transforms.files.period import parse_period

Q3 = parse_period("2024-Q3", Cadence.QUARTERLY)
MEDAN = ZoneInfo("Asia/Jakarta")
PASSWORD = {"IKU_SKM_PASSWORD": "rahasia-uji"}

ANSWERS = """
SELECT id AS "Nomor", layanan AS "Layanan", tanggal AS "Tanggal", u1 AS "U1", bobot AS "Bobot"
FROM jawaban WHERE dijawab >= :start AND dijawab < :next
"""
TABLE = """
CREATE TABLE jawaban (
    id integer PRIMARY KEY, layanan varchar(80), tanggal date, u1 integer, bobot numeric(6, 2),
    dijawab timestamp{zone} NULL
)
"""
ROWS = """
INSERT INTO jawaban VALUES
    (10, 'Mutasi', '2024-09-30', 4, 1.50, '2024-09-30 23:30:00{wib}'),
    (9, 'Pensiun “janda”', '2024-07-01', NULL, 0.10, '2024-07-01 00:30:00{wib}'),
    (8, 'Mutasi', '2024-10-01', 3, 1.00, '2024-10-01 00:30:00{wib}'),
    (7, 'Mutasi', '2024-06-30', 3, 1.00, '2024-06-30 23:30:00{wib}')
"""


class Place:
    """A database with the table `jawaban`: how to reach it, and a look at it from behind."""

    def __init__(self, address: str, environment: dict[str, str], run: Callable[..., object]):
        self.address = address
        self.environment = environment
        self.run = run

    def door(self, query: str = ANSWERS, **said: object) -> DatabaseDoor:
        given = {
            "door": "database",
            "address": self.address,
            "password_env": "IKU_SKM_PASSWORD",
            "query": query,
            **said,
        }
        return DatabaseDoor(DatabaseOptions.model_validate(given), self.environment, MEDAN)


@pytest.fixture
def maria(mariadb: MariaDb) -> Place:
    """Give the MariaDB with fresh rows."""

    def run(*statements: str) -> object:
        return mariadb.run("USE skm", "SET time_zone = '+07:00'", *statements)

    run("SET GLOBAL sql_mode = 'ANSI_QUOTES'", "DROP TABLE IF EXISTS jawaban")
    run(TABLE.format(zone=""), ROWS.format(wib=""))
    run("SET GLOBAL time_zone = '+00:00'")
    return Place(f"mysql://pembaca@127.0.0.1:{mariadb.port}/skm", PASSWORD, run)


@pytest.fixture
def postgres(server: Server) -> Place:
    """Give the Postgres of the tests with fresh rows, in a database of no warehouse."""
    url = make_url(server.url)

    def run(*statements: str) -> object:
        whole = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with (
            closing(psycopg2.connect(whole)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None

    run("DROP TABLE IF EXISTS jawaban", TABLE.format(zone="tz"), ROWS.format(wib="+07:00"))
    address = f"postgresql://{url.username}@{url.host}:{url.port}/{url.database}"
    return Place(address, {"IKU_SKM_PASSWORD": str(url.password)}, run)


@pytest.fixture(params=["maria", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """Give one after the other."""
    found: Place = request.getfixturevalue(request.param)
    return found


def rows(file: Path) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_rows_of_the_period_come_as_text(place: Place, into: Path):
    fetched = place.door(ANSWERS + " ORDER BY id").fetch(Q3, into)
    assert fetched is not None
    assert fetched.name == "2024-Q3.ndjson"
    assert rows(fetched.path) == [
        {
            "Nomor": "9",
            "Layanan": "Pensiun “janda”",
            "Tanggal": "2024-07-01",
            "U1": None,
            "Bobot": "0.10",
        },
        {
            "Nomor": "10",
            "Layanan": "Mutasi",
            "Tanggal": "2024-09-30",
            "U1": "4",
            "Bobot": "1.50",
        },
    ]


def test_a_moment_is_told_on_the_day_of_the_office(place: Place, into: Path):
    query = 'SELECT dijawab AS "Saat" FROM jawaban WHERE dijawab >= :start AND id = 10'
    fetched = place.door(query).fetch(Q3, into)
    assert fetched is not None
    assert rows(fetched.path) == [{"Saat": "2024-09-30 23:30:00"}]


def test_the_same_rows_give_the_same_bytes(place: Place, into: Path):
    first = place.door().fetch(Q3, into)
    assert first is not None
    before = first.path.read_bytes()
    place.run("CREATE TABLE salinan AS SELECT * FROM jawaban", "DELETE FROM jawaban")
    place.run("INSERT INTO jawaban SELECT * FROM salinan ORDER BY id", "DROP TABLE salinan")
    second = place.door().fetch(Q3, into)
    assert second is not None
    assert second.path.read_bytes() == before


def test_no_rows_are_nothing(place: Place, into: Path):
    assert place.door().fetch(parse_period("2023-Q1", Cadence.QUARTERLY), into) is None
    assert list(into.iterdir()) == []


def test_more_rows_than_are_taken_are_refused(place: Place, into: Path):
    with pytest.raises(DoorRefused, match="lebih dari 1 baris"):
        place.door(max_rows=1).fetch(Q3, into)
    assert place.door(max_rows=2).fetch(Q3, into) is not None


def test_two_columns_of_one_name_are_refused(place: Place, into: Path):
    query = "SELECT id, u1 AS id FROM jawaban WHERE dijawab >= :start"
    with pytest.raises(DoorRefused, match="nama sama"):
        place.door(query).fetch(Q3, into)


def test_a_wrong_password_is_refused_and_not_told(place: Place, into: Path):
    place.environment = {"IKU_SKM_PASSWORD": "kata-sandi-salah"}
    with pytest.raises(DoorRefused, match="sandinya salah") as refusal:
        place.door().fetch(Q3, into)
    assert "kata-sandi-salah" not in str(refusal.value)
    place.environment = {}
    with pytest.raises(DoorRefused, match="IKU_SKM_PASSWORD belum diisi"):
        place.door().fetch(Q3, into)


def test_a_wrong_name_of_a_database_is_refused(place: Place, into: Path):
    place.address += "_lain"
    with pytest.raises(DoorRefused, match=r"basis data itu|basis datanya tidak ada"):
        place.door().fetch(Q3, into)


@pytest.mark.parametrize("query", ["SELECT lain FROM jawaban WHERE id = :year", "SELECT :year +"])
def test_a_wrong_query_is_refused(query: str, place: Place, into: Path):
    with pytest.raises(DoorRefused, match="query"):
        place.door(query).fetch(Q3, into)


def test_nobody_at_the_address(place: Place, into: Path):
    place.address = place.address.replace(f":{make_url(place.address).port}/", ":9/")
    with pytest.raises(DoorUnavailable, match="tidak menjawab"):
        place.door().fetch(Q3, into)


def test_a_query_that_takes_too_long_is_ended_by_mariadb(maria: Place, into: Path):
    slow = (
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
        " SELECT count(*) AS c FROM n WHERE i <> :year"
    )
    maria.run("SET GLOBAL max_recursive_iterations = 4294967295")
    with pytest.raises(DoorUnavailable, match="1969"):
        maria.door(slow, timeout_seconds=1).fetch(Q3, into)


def test_a_query_that_takes_too_long_is_ended_by_postgres(postgres: Place, into: Path):
    slow = "SELECT count(*) AS c FROM generate_series(1, 10000000000) AS n (i) WHERE i <> :year"
    with pytest.raises(DoorUnavailable, match="57014"):
        postgres.door(slow, timeout_seconds=1).fetch(Q3, into)


def past_the_check(query: str, place: Place) -> DatabaseDoor:
    """Return a door with a query that its configuration would not have taken."""
    door = place.door()
    return DatabaseDoor(
        door.options.model_copy(update={"query": query}), door.environment, door.zone
    )


def test_the_transaction_only_reads_in_mariadb(maria: Place, into: Path):
    with pytest.raises(DoorRefused, match="mengubah data"):
        past_the_check("DELETE FROM jawaban WHERE id > :year - 9999", maria).fetch(Q3, into)
    assert maria.run("SELECT count(*) FROM jawaban") == [(4,)]


def test_the_transaction_only_reads_in_postgres(postgres: Place, into: Path):
    postgres.run("CREATE SEQUENCE IF NOT EXISTS nomor")
    with pytest.raises(DoorRefused, match="mengubah data"):
        past_the_check("SELECT nextval('nomor') AS n WHERE :year > 0", postgres).fetch(Q3, into)
    deletes = "WITH gone AS (DELETE FROM jawaban RETURNING *) SELECT *, :year FROM gone"
    with pytest.raises(DoorRefused, match="0A000"):  # no cursor stands on it
        past_the_check(deletes, postgres).fetch(Q3, into)
    assert postgres.run("SELECT count(*) FROM jawaban") == [(4,)]


def test_a_read_only_transaction_would_not_stop_a_file_on_the_server(
    maria: Place, mariadb: MariaDb, into: Path
):
    """Why the text of a query is looked at too."""
    target = Path(mariadb.socket).parent / "data" / "keluar"
    query = f"SELECT id FROM jawaban WHERE id > :year - 9999 INTO OUTFILE '{target}'"
    assert objection(query) is not None
    with pytest.raises((DoorRefused, DoorUnavailable)):
        past_the_check(query, maria).fetch(Q3, into)
    assert target.exists()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("DELETE FROM jawaban WHERE y = :year", "SELECT"),
        ("SELECT 1; DROP TABLE x", "titik koma"),
        ("SELECT a FROM t WHERE y = :year -- lalu", "komentar"),
        ("SELECT a /*! INTO OUTFILE 'x' */ FROM t WHERE y = :year", "komentar"),
        ("SELECT a FROM t WHERE y = :year INTO OUTFILE '/tmp/x'", "INTO"),
        ("SELECT a INTO b FROM t WHERE y = :year", "INTO"),
        ("SELECT a FROM t WHERE y = :year FOR UPDATE", "UPDATE"),
        ("WITH g AS (DELETE FROM t RETURNING a) SELECT a FROM g WHERE a = :year", "DELETE"),
        (r"SELECT '\' INTO OUTFILE ' FROM t WHERE y = :year", "miring"),
        ("SELECT 'a FROM t WHERE y = :year", "SELECT"),
        ("SELECT sleep(:year)", "SLEEP"),
        ("SELECT load_file('/etc/passwd'), :year", "LOAD_FILE"),
        ("SELECT a FROM t", ":start"),
        ("SELECT a FROM t WHERE b = ':year'", ":start"),
        ("SELECT a FROM t WHERE tahun = :tahun", ":tahun tidak dikenal"),
    ],
)
def test_what_is_not_one_reading_select_is_not_taken(query: str, says: str):
    assert says in (objection(query) or "")


@pytest.mark.parametrize(
    "query",
    [
        ANSWERS,
        "select 'INTO; DELETE' as \"update\" from t where y = :year".replace(";", ","),
        "WITH a AS (SELECT 1) SELECT deleted_at, updated FROM t WHERE d >= :start::date",
    ],
)
def test_what_reads_is_taken(query: str):
    assert objection(query) is None


@pytest.mark.parametrize(
    ("query", "ordered"),
    [
        ("SELECT a FROM t ORDER  BY a", True),
        ("SELECT row_number() OVER (ORDER BY (a)) FROM t", False),
        ("SELECT 'order by' FROM t", False),
    ],
)
def test_whether_a_query_says_its_order(query: str, ordered: bool):
    assert is_ordered(query) is ordered


CIPHER = """
SELECT variable_value AS "Sandi" FROM information_schema.session_status
WHERE variable_name = 'Ssl_cipher' AND :year = 2024
"""


@pytest.fixture
def guarded(maria: Place, mariadb: MariaDb) -> Place:
    """Give the MariaDB by an address that demands TLS."""
    return Place(f"{maria.address}?ssl_ca={mariadb.certificate}", PASSWORD, maria.run)


def test_a_server_that_the_certificate_vouches_for_is_asked_by_tls(guarded: Place, into: Path):
    fetched = guarded.door(CIPHER).fetch(Q3, into)
    assert fetched is not None
    ((told,),) = (row.values() for row in rows(fetched.path))
    assert told  # the name of the cipher; empty without TLS


def test_a_server_of_another_certificate_is_not_asked(
    guarded: Place, maria: Place, into: Path, tmp_path: Path
):
    _, another = self_signed(tmp_path)
    stranger = Place(f"{maria.address}?ssl_ca={another}", PASSWORD, maria.run)
    with pytest.raises(DoorUnavailable, match="sertifikatnya tidak dapat dipercaya"):
        stranger.door().fetch(Q3, into)


def test_the_certificate_must_be_that_of_the_host(guarded: Place, into: Path):
    guarded.address = guarded.address.replace("127.0.0.1", "localhost")
    with pytest.raises(DoorUnavailable, match="sertifikatnya tidak dapat dipercaya"):
        guarded.door(CIPHER).fetch(Q3, into)
    guarded.address += "&ssl_check_hostname=false"
    assert guarded.door(CIPHER).fetch(Q3, into) is not None


def test_nothing_is_said_to_a_server_that_does_not_offer_tls(
    guarded: Place, mariadb: MariaDb, into: Path
):
    with without_tls(mariadb.port) as between:
        guarded.address = guarded.address.replace(str(mariadb.port), str(between.port))
        with pytest.raises(DoorUnavailable, match="tidak melayani TLS"):
            guarded.door().fetch(Q3, into)
    assert between.heard == b""


@pytest.mark.parametrize("text", [None, "bukan sertifikat"])
def test_a_certificate_that_cannot_be_read_is_told(
    text: str | None, maria: Place, into: Path, tmp_path: Path
):
    file = tmp_path / "ca.pem"
    if text:
        file.write_text(text, encoding="utf-8")
    maria.address += f"?ssl_ca={file}"
    with pytest.raises(DoorRefused, match="ssl_ca"):
        maria.door().fetch(Q3, into)
