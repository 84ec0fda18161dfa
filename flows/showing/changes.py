"""Changes: what is shown otherwise since an instant, by how much, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flows.warehouse.connection import Warehouse
from transforms.achievements import OFFICIAL


def since(warehouse: Warehouse, office: str, instant: datetime) -> Sequence[Mapping[str, Any]]:
    """Return the lines of scorecards that are shown otherwise since an instant, the oldest first.

    Each has iku, periode, berlaku_dari, and before and now of realisasi, capaian and status_kata
    (before is None where nothing was shown), and `sebab`: why, in Indonesian.
    """
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
    return [{**row, "sebab": "; ".join(_reasons(row))} for row in found]


def _reasons(row: Mapping[str, Any]) -> Iterator[str]:
    if row["is_first"]:
        yield "pertama kali dihitung"
        return
    if row["again"]:
        yield f"data ditarik, yang sebelumnya berlaku lagi: {_names(row['again'])}"
    if row["added"]:
        yield f"data baru: {_names(row['added'])}"
    elif row["gone"] and not row["again"]:
        yield f"data ditarik: {_names(row['gone'])}"
    if row["is_other_basis"]:
        yield "angka terbit menggantikan hitungan, atau sebaliknya"
    elif row["is_other_method"]:
        yield "metode berubah"
    if row["is_other_target"]:
        yield "target berubah"
    of_loads = row["added"] or row["again"] or row["gone"]
    if not (of_loads or row["is_other_basis"] or row["is_other_method"] or row["is_other_target"]):
        yield "waktu berjalan atau rujukan berubah"


def _names(loads: Sequence[str]) -> str:
    return ", ".join(sorted(set(loads)))
