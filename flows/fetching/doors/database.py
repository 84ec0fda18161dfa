"""A database that is asked by one SELECT, for instance that of the survey's web application.

MySQL, MariaDB and Postgres. The rows are written as NDJSON, every value as text, without anything
of the moment of asking: the same rows give the same bytes.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import psycopg2
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from flows.fetching.doors import selects
from flows.fetching.doors.door import DoorRefused, DoorUnavailable, Fetched
from flows.fetching.doors.options import DatabaseOptions
from transforms.files.period import Period

CONNECT_SECONDS = 10
ROWS_AT_A_TIME = 1000
# What may pass: no connection, too many of them, locks, shutting down, out of time or of memory.
MYSQL_PASSING = frozenset({1040, 1053, 1203, 1205, 1213, 1226, 1317, 1969, 3024})
NO_TLS = 2026
POSTGRES_PASSING = ("08", "40", "53", "55", "57", "58", "XX")
SAID = {
    1044: "akun tidak boleh membuka basis data itu",
    1045: "nama pengguna atau kata sandinya salah",
    1049: "nama basis datanya tidak ada",
    1054: "query memakai kolom yang tidak ada",
    1064: "query salah tulis",
    1142: "akun tidak boleh membaca tabel itu",
    1146: "query memakai tabel yang tidak ada",
    1792: "query hendak mengubah data",
    "25006": "query hendak mengubah data",
    "28P01": "nama pengguna atau kata sandinya salah",
    "3D000": "nama basis datanya tidak ada",
    "42501": "akun tidak boleh membaca tabel itu",
    "42601": "query salah tulis",
    "42703": "query memakai kolom yang tidak ada",
    "42P01": "query memakai tabel yang tidak ada",
}
# Before it is connected psycopg2 tells no code.
BEFORE_CONNECTED = {
    "authentication failed|no password supplied": "28P01",
    'database ".*" does not exist': "3D000",
}


@dataclass(frozen=True, slots=True)
class DatabaseDoor:
    """A database behind the options; its password is read when it is asked.

    Attributes:
        zone: the office's; a moment is told in it, so that it falls on the day of the office.
    """

    options: DatabaseOptions
    environment: Mapping[str, str]
    zone: ZoneInfo

    def fetch(self, period: Period, into: Path) -> Fetched | None:
        """Ask for the rows of the period; None when there are none.

        Raises:
            DoorUnavailable: it does not answer, or not in time.
            DoorRefused: it does not let us in or read, or gives more rows than are taken.
        """
        parameters = _parameters(self.options.query, period)
        try:
            with self._connected(period) as connection:
                streaming = connection.execution_options(
                    stream_results=True, yield_per=ROWS_AT_A_TIME
                )
                # Closed at once: a result that is given up half read keeps its tables locked.
                with streaming.execute(text(self.options.query), parameters) as found:
                    names = _checked(list(found.keys()))
                    lines = list(self._lines(names, found))
        except DBAPIError as error:
            self._give_up(error)
        except SQLAlchemyError:
            raise DoorRefused(f"{self._place} tidak dapat ditanya; periksa query-nya.") from None
        if not lines:
            return None
        if not selects.is_ordered(self.options.query):
            lines.sort()
        name = f"{period.text}.ndjson"
        with (into / name).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        return Fetched(into / name, name)

    @property
    def _place(self) -> str:
        return f"Basis data di {make_url(self.options.address).host}"

    @contextmanager
    def _connected(self, period: Period) -> Iterator[Connection]:
        """Give a connection that can only read, and is ended by the server when it takes long."""
        url = make_url(self.options.address)
        if variable := self.options.password_env:
            if not (password := self.environment.get(variable, "")):
                raise DoorRefused(f"Variabel lingkungan {variable} belum diisi.")
            url = url.set(password=password)
        is_postgres = url.drivername == "postgresql"
        engine = (self._postgres if is_postgres else self._mysql)(url)
        try:
            with engine.connect() as connection:
                if not is_postgres:
                    self._guard_mysql(connection, period)
                yield connection
                connection.rollback()
        finally:
            engine.dispose()

    def _postgres(self, url: URL) -> Any:
        options = {
            "default_transaction_read_only": "on",
            "statement_timeout": f"{self.options.timeout_seconds}s",
            "timezone": self.zone.key,
        }
        return create_engine(
            url.set(drivername="postgresql+psycopg2"),
            connect_args={
                "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "iku",
            },
            hide_parameters=True,
        )

    def _mysql(self, url: URL) -> Any:
        tls = {"ssl": self._tls(url)} if url.query else {}
        return create_engine(
            url.set(drivername="mysql+pymysql", query={}),
            connect_args={
                **tls,
                "charset": "utf8mb4",
                "connect_timeout": CONNECT_SECONDS,
                "read_timeout": self.options.timeout_seconds + 10,
                "write_timeout": CONNECT_SECONDS,
            },
            hide_parameters=True,
        )

    def _tls(self, url: URL) -> ssl.SSLContext:
        """Return what a server must show; given this, nothing is said to one without TLS."""
        try:
            demanded = ssl.create_default_context(cafile=str(url.query["ssl_ca"]))
        except OSError:  # of which those of ssl are a kind
            raise DoorRefused(
                f"Sertifikat pada ssl_ca untuk {self._place} tidak dapat dibaca; periksa alamat "
                "berkasnya dan isinya (PEM)."
            ) from None
        demanded.check_hostname = "ssl_check_hostname" not in url.query
        return demanded

    def _guard_mysql(self, connection: Connection, period: Period) -> None:
        version = str(connection.execute(text("SELECT VERSION()")).scalar_one())
        seconds = self.options.timeout_seconds
        limit, most = (
            ("max_statement_time", seconds)
            if "mariadb" in version.lower()
            else ("max_execution_time", seconds * 1000)
        )
        noon = datetime(period.end.year, period.end.month, period.end.day, 12, tzinfo=self.zone)
        for statement, value in (
            (f"SET SESSION {limit} = :value", most),
            ("SET SESSION sql_select_limit = :value", self.options.max_rows + 1),
            ("SET SESSION time_zone = :value", f"{noon:%z}"[:3] + ":" + f"{noon:%z}"[3:]),
        ):
            connection.execute(text(statement), {"value": value})
        connection.rollback()
        connection.execute(text("SET SESSION TRANSACTION READ ONLY"))
        connection.rollback()  # the next transaction is the first one that can only read

    def _lines(self, names: Sequence[str], found: Any) -> Iterator[str]:
        for number, row in enumerate(found, 1):
            if number > self.options.max_rows:
                raise DoorRefused(
                    f"{self._place} memberi lebih dari {self.options.max_rows} baris. Periksa "
                    "query-nya; bila memang sebanyak itu, naikkan max_rows pada konfigurasi."
                )
            cells = {name: self._told(value) for name, value in zip(names, row, strict=True)}
            yield json.dumps(cells, ensure_ascii=False) + "\n"

    def _told(self, value: object) -> str | None:
        """Return a value as text, None as None."""
        match value:
            case None | str():
                return value
            case bool():
                return "1" if value else "0"
            case int() | float():
                return repr(value)
            case Decimal():
                return f"{value:f}"
            case datetime():
                here = value.astimezone(self.zone).replace(tzinfo=None) if value.tzinfo else value
                return here.isoformat(" ", "seconds")
            case date():
                return value.isoformat()
            case bytes() if len(value) == 1:  # BIT(1), with which MySQL tells yes from no
                return str(value[0])
            case timedelta():
                return str(value)
            case _:
                raise DoorRefused(
                    f"{self._place} memberi kolom yang bukan teks, angka atau tanggal; ubah "
                    "dengan CAST pada query."
                )

    def _give_up(self, error: DBAPIError) -> NoReturn:
        """Say what went wrong by its code; the server's own words may hold what stands in a row."""
        code = _code(error)
        if code == NO_TLS or isinstance(
            getattr(error.orig, "original_exception", None), ssl.SSLError
        ):
            raise DoorUnavailable(
                f"{self._place} tidak melayani TLS, atau sertifikatnya tidak dapat dipercaya, jadi "
                "tidak ditanya. Periksa ssl_ca pada address."
            ) from None
        if _may_pass(code):
            raise DoorUnavailable(
                f"{self._place} tidak menjawab, atau tidak selesai dalam "
                f"{self.options.timeout_seconds} detik (kode {code or 'tidak ada'})."
            ) from None
        why = SAID.get(code or "", "query tidak dapat dijalankan")
        raise DoorRefused(f"{self._place}: {why} (kode {code}).") from None


def _code(error: DBAPIError) -> int | str | None:
    """Return the number of MySQL or the five signs of Postgres."""
    original: Any = error.orig
    if isinstance(original, psycopg2.Error):
        return original.pgcode or next(
            (code for words, code in BEFORE_CONNECTED.items() if re.search(words, str(original))),
            None,
        )
    return original.args[0] if original is not None and original.args else None


def _may_pass(code: int | str | None) -> bool:
    if isinstance(code, str):
        return code.startswith(POSTGRES_PASSING)
    return code is None or code in MYSQL_PASSING or not 1000 <= code < 2000


def _parameters(query: str, period: Period) -> dict[str, Any]:
    given = {
        "start": period.start,
        "end": period.end,
        "next": period.end + timedelta(days=1),
        "period": period.text,
        "year": period.year,
        "quarter": period.quarter,
        "month": period.end.month,
    }
    return {name: given[name] for name in selects.parameters(query)}


def _checked(names: list[str]) -> list[str]:
    if any(not name.strip() for name in names) or len(set(names)) != len(names):
        raise DoorRefused("Query memberi dua kolom dengan nama sama; beri nama dengan AS.")
    return names
