"""Ten years of three offices, copied from the sample year, to measure the marts on."""

from __future__ import annotations

from contextlib import closing

import psycopg2

OFFICES = ("kanreg-06", "kanreg-07", "kanreg-08")
YEARS = range(2015, 2025)
SAMPLE_YEAR = 2024

OF_OFFICES = ("office", "office_agency", "unit", "unit_iku", "survey_service")
OF_YEARS = ("target", "budget")
STAGED = (
    "survey_answer", "system_usage", "ikpa", "technical_regulation", "oversight_recommendation",
    "audit_finding", "siasn_integration", "digital_service", "agency_ip_asn", "office_employee",
    "agency_nspk", "reform_index", "sakip_score",
)  # fmt: skip
DATED = {
    "oversight_recommendation": ("issued_date", "answer_due_date", "status_date"),
    "audit_finding": ("issued_date", "status_date"),
}


def multiply(url: str) -> dict[str, int]:
    """Copy the sample year to every office and year; return the rows there are then.

    Args:
        url: of a superuser, as psycopg2 takes it.
    """
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copy AS SELECT office, year, year - %s AS shift"
            " FROM unnest(%s) AS office CROSS JOIN generate_series(%s, %s) AS year"
            " WHERE office <> %s OR year <> %s",
            (SAMPLE_YEAR, list(OFFICES), YEARS[0], YEARS[-1], OFFICES[0], SAMPLE_YEAR),
        )
        _references(cursor)
        for table, key in (("load", "load_id"), ("run", "run_id"), ("value", "value_id")):
            schema = "iku" if table == "value" else "ops"
            year = "period_year" if table == "load" else "year"
            cursor.execute(
                f"CREATE TEMP TABLE new_{table} AS SELECT {key} AS old,"
                f" nextval(pg_get_serial_sequence('{schema}.{table}', '{key}')) AS new,"
                f" copy.* FROM {schema}.{table} AS sample CROSS JOIN copy"
                f" WHERE sample.office = %s AND sample.{year} = %s",
                (OFFICES[0], SAMPLE_YEAR),
            )
            cursor.execute(f"CREATE INDEX ON new_{table} (office, year, old)")
        _loads(cursor)
        _values(cursor)
        cursor.execute("ANALYZE")
        counted = {}
        for table in ("ops.load", "staging.survey_answer", "iku.value", "iku.achievement"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counted[table] = cursor.fetchone()[0]
        return counted


def _columns(cursor: psycopg2.extensions.cursor, table: str, **changed: str) -> tuple[str, str]:
    """Return the columns of a table and what is copied into each."""
    schema, _, name = table.partition(".")
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
        (schema, name),
    )
    names = [column for (column,) in cursor.fetchall() if changed.get(column) != ""]
    return ", ".join(names), ", ".join(changed.get(n, f"sample.{n}") for n in names)


def _references(cursor: psycopg2.extensions.cursor) -> None:
    for table in OF_OFFICES:
        columns, values = _columns(
            cursor, f"ref.{table}", row_id="", office="new.office", valid_from="'2010-01-01'"
        )
        cursor.execute(
            f"INSERT INTO ref.{table} ({columns}) SELECT {values} FROM ref.{table} AS sample"
            " CROSS JOIN (SELECT DISTINCT office FROM copy) AS new WHERE sample.office = %s",
            (OFFICES[0],),
        )
    for table in OF_YEARS:
        columns, values = _columns(
            cursor, f"ref.{table}", row_id="", office="copy.office", year="copy.year",
            valid_from="'2010-01-01'",
        )  # fmt: skip
        cursor.execute(
            f"INSERT INTO ref.{table} ({columns}) SELECT {values} FROM ref.{table} AS sample"
            " CROSS JOIN copy WHERE sample.office = %s AND sample.year = %s",
            (OFFICES[0], SAMPLE_YEAR),
        )


def _loads(cursor: psycopg2.extensions.cursor) -> None:
    columns, values = _columns(
        cursor, "ops.load", load_id="new.new", office="new.office", period_year="new.year",
        period="new.year || substr(sample.period, 5)",
        period_end="(sample.period_end + new.shift * interval '1 year')::date",
    )  # fmt: skip
    cursor.execute(
        f"INSERT INTO ops.load ({columns}) OVERRIDING SYSTEM VALUE SELECT {values}"
        " FROM new_load AS new JOIN ops.load AS sample ON sample.load_id = new.old"
    )
    for table in ("ops.load_event", "ops.reject", *(f"staging.{name}" for name in STAGED)):
        changed = dict.fromkeys(("event_id", "reject_id"), "") | {"load_id": "new.new"}
        for column in DATED.get(table.partition(".")[2], ()):
            changed[column] = f"(sample.{column} + new.shift * interval '1 year')::date"
        columns, values = _columns(cursor, table, **changed)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values}"
            f" FROM new_load AS new JOIN {table} AS sample ON sample.load_id = new.old"
        )


def _values(cursor: psycopg2.extensions.cursor) -> None:
    for table in ("ops.run", "iku.value"):
        name = table.partition(".")[2]
        changed = {f"{name}_id": "new.new", "office": "new.office", "year": "new.year"}
        if name == "value":
            changed["run_id"] = (
                "(SELECT run.new FROM new_run AS run WHERE run.old = sample.run_id"
                " AND run.office = new.office AND run.year = new.year)"
            )
            changed["loads"] = (
                "ARRAY(SELECT load.new FROM new_load AS load WHERE load.old = ANY(sample.loads)"
                " AND load.office = new.office AND load.year = new.year)"
            )
        columns, values = _columns(cursor, table, **changed)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values}"
            f" FROM new_{name} AS new JOIN {table} AS sample ON sample.{name}_id = new.old"
        )
    columns, values = _columns(cursor, "iku.achievement", achievement_id="", value_id="new.new")
    cursor.execute(
        f"INSERT INTO iku.achievement ({columns}) SELECT {values} FROM new_value AS new"
        " JOIN iku.achievement AS sample ON sample.value_id = new.old"
    )
    columns, values = _columns(
        cursor, "iku.rollup", rollup_id="", office="copy.office", year="copy.year"
    )
    cursor.execute(
        f"INSERT INTO iku.rollup ({columns}) SELECT {values} FROM iku.rollup AS sample"
        " CROSS JOIN copy WHERE sample.office = %s AND sample.year = %s",
        (OFFICES[0], SAMPLE_YEAR),
    )
