"""What is and was shown, read from the marts; and what stands behind a figure that is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from flows.warehouse.connection import Warehouse
from schemas.rows import ChangedLine, ShownLine, ShownRollUp
from transforms.comparing import OFFICIAL

Row = Mapping[str, Any]


def lines(
    warehouse: Warehouse, office: str, year: int, quarter: int, as_of: datetime | None
) -> list[ShownLine]:
    """Return the lines shown at `as_of` (now when None), one per IKU."""
    found = warehouse.rows(
        "SELECT * FROM mart.capaian_versi"
        " WHERE kantor = :office AND tahun = :year AND triwulan = :quarter AND dokumen = :document"
        " AND (CAST(:as_of AS timestamptz) IS NULL OR berlaku_dari <= :as_of)"
        " AND (berlaku_sampai IS NULL OR berlaku_sampai > :as_of)"
        " ORDER BY nomor",
        office=office,
        year=year,
        quarter=quarter,
        document=OFFICIAL,
        as_of=as_of,
    )
    return cast("list[ShownLine]", found)


def npss(
    warehouse: Warehouse, office: str, year: int, quarter: int, as_of: datetime | None
) -> ShownRollUp | None:
    """Return the roll-up shown at `as_of`."""
    found = warehouse.rows(
        "SELECT * FROM mart.npss"
        " WHERE kantor = :office AND tahun = :year AND triwulan = :quarter AND dokumen = :document"
        " AND (CAST(:as_of AS timestamptz) IS NULL OR berlaku_dari <= :as_of)"
        " ORDER BY berlaku_dari DESC LIMIT 1",
        office=office,
        year=year,
        quarter=quarter,
        document=OFFICIAL,
        as_of=as_of,
    )
    return cast("ShownRollUp", found[0]) if found else None


def newest_year(warehouse: Warehouse, office: str) -> int | None:
    """Return the newest year that has values."""
    found = warehouse.rows(
        "SELECT max(year) AS year FROM iku.value WHERE office = :office AND actual IS NOT NULL",
        office=office,
    )
    year: int | None = found[0]["year"]
    return year


def versions(
    warehouse: Warehouse, office: str, iku: str, year: int, quarter: int, document: str
) -> list[Row]:
    """Return what was shown of an indicator and quarter, the oldest first.

    Columns: realisasi, target, capaian, status_kata, dasar, berlaku_dari, berlaku_sampai.
    """
    return warehouse.rows(
        "SELECT realisasi, target, capaian, status_kata, dasar, berlaku_dari, berlaku_sampai"
        " FROM mart.capaian_versi WHERE kantor = :office AND iku = :iku AND tahun = :year"
        " AND triwulan = :quarter AND dokumen = :document ORDER BY berlaku_dari",
        office=office,
        iku=iku,
        year=year,
        quarter=quarter,
        document=document,
    )


def changes(warehouse: Warehouse, office: str, instant: datetime) -> list[ChangedLine]:
    """Return the lines of scorecards that are shown otherwise since an instant, by quarter."""
    found = warehouse.rows(
        """
        SELECT
            now.iku, now.periode, now.berlaku_dari,
            before.realisasi AS realisasi_lama, now.realisasi,
            before.capaian AS capaian_lama, now.capaian,
            before.status_kata AS status_lama, now.status_kata,
            before.nilai_id IS NULL AS is_first,
            now.target IS DISTINCT FROM before.target AS is_other_target,
            now.metode IS DISTINCT FROM before.metode AS is_other_method,
            now.dasar IS DISTINCT FROM before.dasar AS is_other_basis,
            ARRAY(
                SELECT load.source || ' ' || load.period FROM ops.load AS load
                WHERE load.load_id = ANY(new.loads) AND NOT load.load_id = ANY(old.loads)
                    AND NOT load.load_id = ANY(coalesce(again.loads, '{}'))
                ORDER BY load.load_id
            ) AS added,
            ARRAY(
                SELECT load.source || ' ' || load.period FROM ops.load AS load
                WHERE load.load_id = ANY(again.loads) ORDER BY load.load_id
            ) AS again,
            ARRAY(
                SELECT load.source || ' ' || load.period FROM ops.load AS load
                WHERE load.load_id = ANY(old.loads) AND NOT load.load_id = ANY(new.loads)
                ORDER BY load.load_id
            ) AS gone
        FROM mart.capaian_versi AS now
        JOIN iku.value AS new ON new.value_id = now.nilai_id
        LEFT JOIN mart.capaian_versi AS before
            ON before.kantor = now.kantor AND before.iku = now.iku
            AND before.periode = now.periode AND before.dokumen = now.dokumen
            AND before.berlaku_sampai = now.berlaku_dari
        LEFT JOIN iku.value AS old ON old.value_id = before.nilai_id
        CROSS JOIN LATERAL (
            -- In force again, as a later load of the same slice was withdrawn.
            SELECT array_agg(earlier.load_id) AS loads
            FROM ops.load AS earlier
            JOIN ops.load AS later
                ON (later.source, later.period, later.part)
                    = (earlier.source, earlier.period, earlier.part)
                AND later.load_id > earlier.load_id
            WHERE earlier.load_id = ANY(new.loads) AND NOT earlier.load_id = ANY(old.loads)
                AND later.load_id = ANY(old.loads) AND NOT later.load_id = ANY(new.loads)
        ) AS again
        WHERE now.kantor = :office AND now.dokumen = :document AND now.berlaku_dari >= :instant
            AND (now.realisasi, now.capaian, now.status_kata)
                IS DISTINCT FROM (before.realisasi, before.capaian, before.status_kata)
        ORDER BY now.periode, now.nomor, now.berlaku_dari
        """,
        office=office,
        document=OFFICIAL,
        instant=instant,
    )
    return cast("list[ChangedLine]", found)


def value(warehouse: Warehouse, value_id: int) -> Row:
    """Return a row of `iku.value`, which is there, without whose it is and its fingerprint."""
    return warehouse.rows(
        "SELECT value_id, basis, status, unit, actual_exact, actual, numerator, denominator,"
        " components, tally, method, loads, known_at, recorded_at, run_id"
        " FROM iku.value WHERE value_id = :id",
        id=value_id,
    )[0]


def run(warehouse: Warehouse, run_id: int) -> Row:
    """Return of a run, which is there: who, reason, code_version, recorded_at."""
    return warehouse.rows(
        "SELECT who, reason, code_version, recorded_at FROM ops.run WHERE run_id = :id", id=run_id
    )[0]


def origins(warehouse: Warehouse, load_ids: Sequence[int]) -> list[Row]:
    """Return the loads of a value: their file, its checksum, and what became of its rows."""
    return warehouse.rows(
        "SELECT load_id, source, period, part, file_name, sha256, rows_in, accepted, rejected,"
        " duplicate, out_of_scope, landed_at FROM ops.load WHERE load_id = ANY(:ids)"
        " ORDER BY period, part",
        ids=list(load_ids),
    )


def documents(warehouse: Warehouse, value_id: int) -> list[Row]:
    """Return the newest achievement of a value by each document.

    Columns: document, target, achievement_pct, missing_because, reason and source of the target.
    """
    return warehouse.rows(
        "SELECT DISTINCT ON (achieved.document) achieved.document, achieved.target,"
        " achieved.achievement_pct, achieved.missing_because, target.reason, target.source"
        " FROM iku.achievement AS achieved"
        " LEFT JOIN ref.target AS target ON target.row_id = achieved.target_row_id"
        " WHERE achieved.value_id = :id ORDER BY achieved.document, achieved.recorded_at DESC",
        id=value_id,
    )


def freshness(warehouse: Warehouse) -> dict[tuple[str, str], Row]:
    """Return the rows of `mart.kesegaran_sumber` by office and source."""
    found = warehouse.rows("SELECT * FROM mart.kesegaran_sumber")
    return {(row["kantor"], row["sumber"]): row for row in found}


def in_force(warehouse: Warehouse, office: str) -> list[Row]:
    """Return source, part, period and landed_at of the loads in force, the newest period first."""
    return warehouse.rows(
        "SELECT source, part, period, landed_at FROM ops.in_force(:office, ops.instant())"
        " ORDER BY period_end DESC, load_id DESC",
        office=office,
    )


def refused(warehouse: Warehouse, load_ids: Sequence[int]) -> list[Row]:
    """Count what loads refused or noted, by load, rule and column; nothing of what a cell holds.

    Columns: load_id, source, period, part, status, rule, column_name, n.
    """
    return warehouse.rows(
        "SELECT load.load_id, load.source, load.period, load.part, load.status,"
        " reject.rule, reject.column_name, count(*) AS n"
        " FROM ops.reject AS reject JOIN ops.load AS load ON load.load_id = reject.load_id"
        " WHERE load.load_id = ANY(:loads)"
        " GROUP BY load.load_id, reject.rule, reject.column_name"
        " ORDER BY load.load_id, reject.rule, reject.column_name",
        loads=list(load_ids),
    )
