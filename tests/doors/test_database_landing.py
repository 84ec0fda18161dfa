"""From a survey's database to the value: what the SELECT gives lands like a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import make_url

from flows.fetching import errands
from flows.landing import land as landing
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.warehouse import steps

NIP = "190101012001011001"
QUERY = """
SELECT layanan AS "Layanan", tanggal AS "Tanggal", responden AS "ID Responden",
    30 AS "Umur", 'L' AS "Jenis Kelamin", 'S1' AS "Pendidikan", 'PNS' AS "Pekerjaan",
    NULL AS "Instansi Asal", u AS "U1", u AS "U2", u AS "U3", u AS "U4", u AS "U5", u AS "U6",
    u AS "U7", u AS "U8", u AS "U9"
FROM jawaban_skm WHERE tanggal >= :start AND tanggal < :next ORDER BY nomor
"""


@pytest.fixture
def survey(server: Server) -> Iterator[str]:
    """Give the address of a database with the answers of eight people, two of them of 2025."""
    url = make_url(server.url)
    whole = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(whole)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("DROP TABLE IF EXISTS jawaban_skm")
        cursor.execute(
            "CREATE TABLE jawaban_skm"
            " (nomor integer, layanan text, tanggal date, responden text, u integer)"
        )
        for number in range(8):
            day = "2024-11-05" if number < 6 else "2025-01-01"
            cursor.execute(
                "INSERT INTO jawaban_skm VALUES (%s, 'SV01', %s, %s, %s)",
                (number, day, f"{NIP[:-1]}{number}", 4 if number else 3),
            )
        yield f"postgresql://{url.username}@{url.host}:{url.port}/{url.database}"
        cursor.execute("DROP TABLE jawaban_skm")


def test_the_rows_of_a_select_land_like_those_of_a_workbook(
    survey: str,
    server: Server,
    database: str,
    at: Callable[[str | None], Warehouse],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    steps.backdate_references(server, database)
    monkeypatch.setenv("IKU_SKM_PASSWORD", str(make_url(server.url).password))
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / f"{steps.OFFICE}.toml").write_text(
        f'[sources.survey_answer]\ndoor = "database"\naddress = "{survey}"\n'
        f'password_env = "IKU_SKM_PASSWORD"\nquery = """{QUERY}"""\n',
        encoding="utf-8",
    )
    given = settings.model_copy(update={"config": tmp_path / "config"})
    warehouse = at("2025-01-10T01:00:00+07:00")
    errand, _ = errands.errands(warehouse, given, steps.OFFICE)
    request = errands.fetch(warehouse, given, errand, "penguji").request
    assert request is not None
    landed = steps.landed(landing.land(warehouse, given, request))
    assert landed.counts.accepted == 6
    rows = steps.staged(warehouse, "survey_answer", landed.load_id)
    assert [row["row_no"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["u9"] for row in rows] == [3, 4, 4, 4, 4, 4]
    assert NIP[:-1] not in str(rows)
    assert [load["door"] for load in warehouse.rows("SELECT door FROM ops.load")] == ["database"]
