"""Scratch tables: rows and refusals of one landing, held without any lock until they are taken."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
from psycopg2 import sql
from sqlalchemy import Connection

from flows.warehouse.connection import Warehouse, driver
from schemas.marking import numbers

REFUSED_AT_A_TIME = 50_000  # their texts are long
REJECT_COLUMNS = (
    "sheet",
    "row_no",
    "column_name",
    "heading",
    "rule",
    "consequence",
    "grouping",
    "value",
    "message",
    "hint",
)


class Scratch:
    """Temporary tables of one landing: rows and refusals, held without any lock.

    They belong to the connection, so a landing that is killed leaves nothing behind. Rows are
    copied by a thread of their own while the next ones are read; everything else waits for it.
    """

    def __init__(self, connection: Connection, source: str, columns: Sequence[str]) -> None:
        """Make the tables, shaped like the ones the rows will move to."""
        raw = driver(connection)
        self._connection = connection
        self._raw = raw
        self._copying = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None
        self._source = source
        self.columns = ("sheet", "row_no", *columns)
        with raw, raw.cursor() as cursor:
            cursor.execute(
                "DROP TABLE IF EXISTS pg_temp.accepted, pg_temp.refused, pg_temp.carried"
            )
            cursor.execute(
                sql.SQL("CREATE TEMP TABLE accepted AS SELECT {} FROM {} WHERE false").format(
                    identifiers(self.columns), sql.Identifier("staging", source)
                )
            )
            cursor.execute(
                sql.SQL(
                    "CREATE TEMP TABLE refused AS SELECT {} FROM ops.reject WHERE false"
                ).format(identifiers(REJECT_COLUMNS))
            )
            cursor.execute("CREATE TEMP TABLE carried (row_no bigint, reject_id bigint)")

    @property
    def connection(self) -> Connection:
        """Return the connection, when all rows given so far are in the tables."""
        self.settle()
        return self._connection

    def add(self, accepted: pd.DataFrame) -> None:
        """COPY typed rows (with `sheet` and `row_no`) into the scratch table, soon."""
        self.settle()  # at most one piece waits, or memory would grow with the file
        self._pending = self._copying.submit(self._add, accepted[list(self.columns)])

    def settle(self) -> None:
        """Wait until all rows given so far are in the tables."""
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()

    def close(self) -> None:
        """End the thread; a copy that is under way ends first."""
        self._copying.shutdown(wait=True, cancel_futures=True)

    def _add(self, accepted: pd.DataFrame) -> None:
        self._copy("accepted", self.columns, _csv(accepted))

    def refuse(self, refused: pd.DataFrame) -> None:
        """COPY refusals into the scratch table."""
        self.settle()
        for start in range(0, len(refused), REFUSED_AT_A_TIME):
            some = refused.iloc[start : start + REFUSED_AT_A_TIME]
            self._copy("refused", REJECT_COLUMNS, _csv(some[list(REJECT_COLUMNS)]))

    def carry(self, marks: Mapping[int, str]) -> None:
        """Note the numbers of items that the rows of a returned copy carry."""
        carried = [(row, item) for row, text in marks.items() for item in numbers(text)]
        if carried:
            self.settle()
            self._copy("carried", ("row_no", "reject_id"), _csv(pd.DataFrame(carried)))

    def keep_last(self, columns: Sequence[str]) -> int:
        """Of rows alike in `columns` (the first given) keep the last; return how many went."""
        self.settle()
        parts = {
            "first": sql.Identifier(columns[0]),
            "same": identifiers(columns),
        }
        with self._raw, self._raw.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "DELETE FROM accepted WHERE ctid IN (SELECT ctid FROM (SELECT ctid,"
                    " row_number() OVER (PARTITION BY {same} ORDER BY sheet DESC, row_no DESC)"
                    " AS place"
                    " FROM accepted WHERE {first} IS NOT NULL) AS numbered WHERE place > 1)"
                ).format(**parts)
            )
            return cursor.rowcount

    def _copy(self, table: str, columns: Sequence[str], body: io.BytesIO) -> None:
        with self._raw, self._raw.cursor() as cursor:
            cursor.copy_expert(
                sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)")
                .format(sql.Identifier(table), identifiers(columns))
                .as_string(cursor),
                body,
            )


@contextmanager
def scratch(warehouse: Warehouse, source: str, columns: Sequence[str]) -> Iterator[Scratch]:
    """Give the scratch tables on a connection of their own."""
    with warehouse.engine.connect() as connection:
        opened = Scratch(connection, source, columns)
        try:
            yield opened
        finally:
            opened.close()
            connection.invalidate()  # and the temporary tables with it


def identifiers(columns: Sequence[str]) -> sql.Composable:
    """Return the names of columns as a statement lists them."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _texts(column: pd.Series[Any]) -> Any:
    gone = column.isna()
    return pd.array(
        [None if missing else str(value) for value, missing in zip(column, gone, strict=True)],
        dtype="str",
    )


def _csv(frame: pd.DataFrame) -> io.BytesIO:
    """Write a frame as csv in which empty text and a missing value stay apart."""
    body = io.BytesIO()
    frame = frame.assign(
        **{name: _texts(frame[name]) for name in frame.columns if frame[name].dtype == object}
    )
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for place, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):  # a day, which needs no time of day
            table = table.set_column(place, column.name, table.column(place).cast(pa.date32()))
    pacsv.write_csv(table, body, pacsv.WriteOptions(include_header=False))
    body.seek(0)
    return body
