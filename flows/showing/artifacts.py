"""Artifacts: what Prefect's page shows of a refresh. No cell of a file, no name of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from prefect.artifacts import create_table_artifact

from flows.showing import changes, scorecards, store
from flows.warehouse import references
from flows.warehouse.connection import Warehouse
from schemas.rows import Change
from schemas.sources import sources
from transforms import words

INVENTED = "**DATA CONTOH**: angka 2024 di sini rekaan, bukan laporan. "
SHOWN = 200  # rows; a table on a page is for reading


def publish(
    warehouse: Warehouse, office: str, known_at: datetime | None, loads: Sequence[int]
) -> None:
    """Publish the scorecard, what changed since `known_at`, and what these loads refused.

    A table without a row is not published: the page would show it as the newest.
    """
    title, card = _scorecard(warehouse, office)
    _publish(warehouse, f"kartu-skor-{office}", title, card)
    if known_at is not None:
        publish_changes(warehouse, office, known_at)
    refused = _refused(warehouse, loads)
    _publish(warehouse, f"ditolak-{office}", "Yang ditolak atau dicatat", refused)


def publish_changes(warehouse: Warehouse, office: str, known_at: datetime) -> None:
    """Publish what is shown otherwise since `known_at`, and why; nothing when nothing is."""
    changed = [_change(row) for row in changes.since(warehouse, office, known_at)]
    _publish(warehouse, f"perubahan-{office}", "Yang berubah, dan sebabnya", changed)


def _publish(
    warehouse: Warehouse, key: str, title: str, rows: Sequence[Mapping[str, object]]
) -> None:
    if rows:
        said = INVENTED + title if warehouse.is_demo else title
        more = f" ({SHOWN} dari {len(rows)} baris)" if len(rows) > SHOWN else ""
        create_table_artifact([dict(row) for row in rows[:SHOWN]], key, said + more)


def _scorecard(warehouse: Warehouse, office: str) -> tuple[str, list[dict[str, object]]]:
    found = references.offices(warehouse)[office]
    today = warehouse.instant().astimezone(ZoneInfo(found.time_zone)).date()
    year = store.newest_year(warehouse, office) or today.year
    quarter = scorecards.quarter_shown(today, year)
    lines = store.lines(warehouse, office, year, quarter, None)
    roll_up = words.npss_sentence(store.npss(warehouse, office, year, quarter, None))
    title = f"{found.name}, {words.quarter_name(year, quarter)}. {roll_up}"
    return title, [
        {
            "IKU": line["iku"],
            "Indikator": line["nama_pendek"],
            "Target PK": words.number(line["target"]),
            "Realisasi": words.number(line["realisasi"]),
            "Capaian %": words.number(line["capaian"]),
            "Status": line["status_kata"],
            "Catatan": words.note(line),
        }
        for line in lines
    ]


def _change(row: Change) -> dict[str, object]:
    return {
        "IKU": row["iku"],
        "Triwulan": row["periode"],
        "Realisasi dulu": words.number(row["realisasi_lama"]),
        "Realisasi kini": words.number(row["realisasi"]),
        "Capaian dulu": words.number(row["capaian_lama"]),
        "Capaian kini": words.number(row["capaian"]),
        "Status dulu": row["status_lama"] or words.DASH,
        "Status kini": row["status_kata"],
        "Sebab": row["sebab"],
    }


def _refused(warehouse: Warehouse, loads: Sequence[int]) -> list[dict[str, object]]:
    """Count by rule and column; what stands in a cell is for `iku quarantine` alone."""
    return [
        {
            "Muatan": row["load_id"],
            "Sumber": f"{row['source']} {row['period']} {row['part']}",
            "Berkas": "ditolak" if row["status"] == "refused" else "diterima",
            "Kolom": _heading(row["source"], row["column_name"]),
            "Aturan": row["rule"],
            "Berapa kali": row["n"],
        }
        for row in store.refused(warehouse, loads)
    ]


def _heading(source: str, column: str) -> str:
    """Return the heading of our template; the file's own may be anything, also somebody's name."""
    known = {one.name: one.headings[0] for one in sources()[source].columns}
    return known.get(column, words.DASH)
