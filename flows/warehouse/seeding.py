"""Seeding: append the rows of seed files to the references, all files or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from psycopg2 import Error, IntegrityError, sql
from psycopg2.extensions import cursor as Cursor
from sqlalchemy import Connection

from flows.warehouse import migrations
from flows.warehouse.check_files import check_files
from flows.warehouse.connection import Warehouse, driver, instant, lock_offices, rows
from flows.warehouse.discreet import Refusal, refusal
from flows.warehouse.references import KEYS

SEEDS = migrations.SQL / "seeds"
EVERY_OFFICE = "*"

HEADER = 1  # line of a seed file before its first row
WRONG_NUMBER_OF_CELLS = "22P04"

TYPE_HINTS = {
    "integer": "bilangan bulat",
    "numeric": "bilangan dengan titik desimal, misalnya 91.67",
    "date": "tanggal, misalnya 2024-01-31",
    "boolean": "true atau false",
}
COLUMN_HINTS = {
    "agency": "kode wilayah seperti 12.71, atau P. dan singkatan seperti P.BKN",
    "amount_idr": "bilangan, paling kecil 0",
    "ba_code": "tiga angka, atau dikosongkan",
    "breakdown": "kegiatan, jenis atau detil",
    "document": "pk, renja atau renstra",
    "iku": "IKU.1 sampai IKU.14",
    "in_iku_10": TYPE_HINTS["boolean"],
    "kind": "pembinaan atau layanan_kepegawaian",
    "office": "huruf kecil, angka dan tanda hubung, misalnya kanreg-06",
    "position": TYPE_HINTS["integer"],
    "quarter": "1 sampai 4, atau dikosongkan",
    "satker_code": "enam angka, atau dikosongkan",
    "target": "bilangan di atas 0",
    "type": "provinsi, kabupaten, kota atau pusat",
    "unit": "percent, index, score atau scale",
    "valid_from": TYPE_HINTS["date"],
    "volume": "bilangan bulat di atas 0",
    "weight_pct": "bilangan, paling kecil 0",
    "year": "tahun, 2015 sampai 2100",
}
"""What a column of a seed file must hold, where its table has a rule; others must be filled."""


class SeedRefused(ValueError):
    """A seed file cannot be taken; the message, in Indonesian, says which row and why."""


def seed(warehouse: Warehouse, directory: Path) -> dict[str, int]:
    """Append the rows of `directory`'s csv files that are not there yet; return how many per table.

    A row is there when the newest row of its key and valid_from says the same. All files are
    taken or none.

    Raises:
        SeedRefused: a file, a column or a row cannot be taken.
    """
    files = sorted(directory.glob("*.csv")) if directory.is_dir() else []
    if not files:
        raise SeedRefused(f"Di {directory} tidak ada berkas .csv. Periksa nama foldernya.")
    unknown = [file.name for file in files if file.stem not in KEYS]
    if unknown:
        raise SeedRefused(
            f"{unknown[0]} bukan berkas rujukan. Nama yang dikenal: "
            + ", ".join(f"{name}.csv" for name in KEYS)
        )
    added: dict[str, int] = {}
    with warehouse.transaction() as connection:
        offices = [
            row["office"] for row in rows(connection, "SELECT DISTINCT office FROM ref.office")
        ]
        # A warehouse without offices has no lock of one; two first seeds must wait all the same.
        lock_offices(connection, [*offices, EVERY_OFFICE])
        at = instant(connection)
        for table in KEYS:
            file = directory / f"{table}.csv"
            if file.exists():
                added[table] = _append(connection, table, file, at)
        if any(added.values()):
            _refuse_contradictions(connection)
    return added


def _append(connection: Connection, table: str, file: Path, at: datetime) -> int:
    types = _columns(connection, table)
    columns = list(types)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            header = next(csv.reader(stream), [])
            body = stream.read()
    except UnicodeDecodeError:
        raise SeedRefused(
            f"{file.name}: hurufnya tidak terbaca. Simpan ulang sebagai “CSV UTF-8”."
        ) from None
    if header != columns:
        raise SeedRefused(
            f"{file.name}: kolomnya harus {','.join(columns)}; yang ada {','.join(header)}."
        )
    key = (*KEYS[table], "valid_from")
    parts = {
        "draft": sql.Identifier(f"draft_{table}"),
        "table": sql.Identifier("ref", table),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "same_key": sql.SQL(" AND ").join(
            sql.SQL("newest.{0} IS NOT DISTINCT FROM draft.{0}").format(sql.Identifier(name))
            for name in key
        ),
        "drafted": sql.SQL(", ").join(sql.Identifier("draft", name) for name in columns),
        "known": sql.SQL(", ").join(sql.Identifier("known", name) for name in columns),
    }
    cursor = driver(connection).cursor()
    _draft(cursor, file, body, types, parts)
    _refuse_contradiction(cursor, file, parts)
    cursor.execute("SAVEPOINT drafted")
    try:
        cursor.execute(
            sql.SQL(
                "INSERT INTO {table} ({columns}, recorded_at)"
                " SELECT DISTINCT {drafted}, %s::timestamptz"
                " FROM {draft} AS draft LEFT JOIN LATERAL ("
                "SELECT * FROM {table} AS newest WHERE {same_key}"
                " ORDER BY newest.recorded_at DESC, newest.row_id DESC LIMIT 1) AS known ON true"
                " WHERE known.row_id IS NULL OR ({drafted}) IS DISTINCT FROM ({known})"
            ).format(**parts),
            (at,),
        )
    except IntegrityError:
        cursor.execute("ROLLBACK TO SAVEPOINT drafted")
        raise SeedRefused(f"{file.name}: {_first_refused(cursor, table, parts)}") from None
    return cursor.rowcount


def _draft(
    cursor: Cursor,
    file: Path,
    body: str,
    types: Mapping[str, str],
    parts: Mapping[str, sql.Composable],
) -> None:
    """Copy the rows of a file into a draft of their table; only their types are tried yet."""
    cursor.execute(
        sql.SQL(
            "CREATE TEMP TABLE {draft} ON COMMIT DROP AS SELECT {columns} FROM {table} WHERE false"
        ).format(**parts)
    )
    # Not empty means empty: in these files a text is '' and only a date or a number is missing.
    texts = sql.SQL(", ").join(sql.Identifier(name) for name in types if types[name] == "text")
    try:
        cursor.copy_expert(
            sql.SQL("COPY {draft} ({columns}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({texts}))")
            .format(**parts, texts=texts)
            .as_string(cursor),
            io.StringIO(body),
        )
    except Error as error:
        if not (error.pgcode or "").startswith("22"):
            raise
        raise SeedRefused(f"{file.name}: {_unreadable(refusal(error), types)}") from None


def _unreadable(refused: Refusal, types: Mapping[str, str]) -> str:
    """Say which cell is not of its column's type, and what it should hold."""
    where = f"baris {refused.line + HEADER}" if refused.line else "satu baris"
    if refused.sqlstate == WRONG_NUMBER_OF_CELLS:
        return (
            f"{where}: jumlah selnya harus {len(types)}, seperti kolomnya. Perbaiki koma dan kutip."
        )
    if refused.column not in types:
        return f"{where} tidak dapat dibaca. Simpan ulang sebagai “CSV UTF-8”."
    wanted = TYPE_HINTS.get(types[refused.column], "isi yang lain")
    return f"{where}: kolom {refused.column} harus {wanted}."


def _first_refused(cursor: Cursor, table: str, parts: Mapping[str, sql.Composable]) -> str:
    """Add the drafted rows one by one to find the first that its table refuses; say why."""
    cursor.execute(
        sql.SQL(
            "SELECT ctid::text, row_number() OVER (ORDER BY ctid), concat_ws(', ', {key}),"
            " to_jsonb(draft) FROM {draft} AS draft ORDER BY ctid"
        ).format(**parts)
    )
    add = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {draft} WHERE ctid = %s::tid"
    ).format(**parts)
    for place, number, key, row in cursor.fetchall():
        try:
            cursor.execute(add, (place,))
        except IntegrityError as error:
            return f"baris {number + HEADER} ({key}): {_broken(refusal(error), table, row)}"
    return "satu baris tidak dapat diterima. Periksa isinya, lalu ulangi."


def _broken(refused: Refusal, table: str, row: Mapping[str, object]) -> str:
    """Say which column breaks a rule of its table, and what it should hold."""
    column = refused.column or refused.constraint.removeprefix(f"{table}_").removesuffix("_check")
    wanted = COLUMN_HINTS.get(column, "diisi")
    if row.get(column) in (None, ""):
        return f"kolom {column} kosong; harus {wanted}."
    return f"kolom {column} berisi “{row.get(column)}”; harus {wanted}."


def _refuse_contradiction(cursor: Cursor, file: Path, parts: Mapping[str, sql.Composable]) -> None:
    """Refuse two rows of one file that say different things of one key and day."""
    cursor.execute(
        sql.SQL(
            "SELECT concat_ws(', ', {key}) FROM (SELECT DISTINCT {columns} FROM {draft}) AS said"
            " GROUP BY {key} HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
        ).format(**parts)
    )
    found = cursor.fetchone()
    if found:
        raise SeedRefused(
            f"{file.name}: dua baris berbeda untuk {found[0]}. Sisakan satu, lalu ulangi."
        )


def _columns(connection: Connection, table: str) -> dict[str, str]:
    """Return the columns of a seed file with their types, in their order."""
    found = rows(
        connection,
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'ref'"
        " AND table_name = :table AND column_name NOT IN ('row_id', 'recorded_at')"
        " ORDER BY ordinal_position",
        table=table,
    )
    return {row["column_name"]: row["data_type"] for row in found}


def _refuse_contradictions(connection: Connection) -> None:
    """Run the checks on references; a row that one of them returns undoes the whole seed."""
    for check in check_files("ref_*"):
        offenders = [
            dict(row._mapping) for row in connection.exec_driver_sql(check.query.replace("%", "%%"))
        ]
        if offenders:
            said = ", ".join(f"{name} {value}" for name, value in offenders[0].items())
            raise SeedRefused(
                f"Rujukan menjadi bertentangan ({check.title}): {said}."
                " Tidak ada yang disimpan; perbaiki barisnya lalu ulangi."
            )
