"""The marts behind the cards: they agree with the values, and tell nothing of a few people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.computing import store as values
from flows.metabase.specs import specs
from flows.warehouse import migrations
from flows.warehouse.connection import Connection, Warehouse, rows
from schemas.rows import ShownLine, ShownRollUp
from tests.conftest import Server
from tests.listing import listed
from tests.metabase.conftest import opened

TYPES = {
    "bigint": int,
    "boolean": bool,
    "integer": int,
    "jsonb": object,
    "numeric": Decimal,
    "text": str,
    "timestamp with time zone": datetime,
}
"""What a column of a view is in Python; what JSON holds is told apart no further."""


@pytest.fixture(scope="module")
def filled_warehouse(server: Server, filled: str) -> Iterator[Warehouse]:
    """Give the filled warehouse itself, to read from."""
    warehouse = opened(server, filled)
    yield warehouse
    warehouse.engine.dispose()


@pytest.mark.parametrize(("mart", "row"), [("capaian_versi", ShownLine), ("npss", ShownRollUp)])
def test_a_typed_row_has_the_columns_of_its_mart(mart: str, row: type, filled_warehouse: Warehouse):
    columns = filled_warehouse.rows(
        "SELECT column_name AS name, data_type AS kind FROM information_schema.columns"
        " WHERE table_schema = 'mart' AND table_name = :mart ORDER BY ordinal_position",
        mart=mart,
    )
    hints = get_type_hints(row)
    assert list(hints) == [column["name"] for column in columns]
    told = {name: get_args(hint) or (hint,) for name, hint in hints.items()}
    for column in columns:
        kind = TYPES[column["kind"]]
        assert kind is object or told[column["name"]][0] is kind, column
    found = filled_warehouse.rows(f"SELECT * FROM mart.{mart}")
    always = [name for name, kinds in told.items() if NoneType not in kinds]
    assert len(found) > 10
    assert [name for name in always if any(one[name] is None for one in found)] == []


def test_every_view_and_column_says_what_it_is(filled_warehouse: Warehouse):
    silent = filled_warehouse.rows(
        "SELECT c.relname, a.attname FROM pg_class AS c"
        " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relnamespace = 'mart'::regnamespace AND c.relkind = 'v'"
        " AND (coalesce(col_description(c.oid, a.attnum), '') !~ '^[^:]{2,40}: '"
        " OR coalesce(obj_description(c.oid, 'pg_class'), '') !~ '^[^:]{2,40}: ')"
    )
    assert silent == []


def test_hidden_columns_are_there(filled_warehouse: Warehouse):
    there = {
        f"{row['relname']}.{row['attname']}"
        for row in filled_warehouse.rows(
            "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a"
            " ON a.attrelid = c.oid WHERE c.relnamespace = 'mart'::regnamespace"
        )
    }
    assert specs.load().site.hidden_columns <= there


def test_a_day_is_the_offices_whatever_the_zone_of_who_asks(filled_warehouse: Warehouse):
    names = filled_warehouse.rows(
        "SELECT oid::regclass::text AS name FROM pg_class"
        " WHERE relnamespace = 'mart'::regnamespace AND relkind = 'v' ORDER BY 1"
    )
    differ = []
    for name in (row["name"] for row in names):
        seen = []
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            with filled_warehouse.transaction() as connection:
                rows(connection, "SELECT set_config('timezone', :zone, true)", zone=zone)
                seen.append(sorted(map(str, days(rows(connection, f"SELECT * FROM {name}")))))
        if seen[0] != seen[1]:
            differ.append(name)
    assert differ == []


def days(found: list[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """Give what each row holds besides instants, which are the same in every zone."""
    for row in found:
        yield [value for value in row.values() if not isinstance(value, datetime)]


def test_every_file_says_grain_and_reader():
    for file in listed(migrations.SQL / "marts", "**/*.sql", at_least=31):
        head = file.read_text(encoding="utf-8").partition("CREATE")[0]
        assert head.startswith(f"-- mart.{file.stem}: "), file.name
        assert "-- Grain:" in head, file.name
        assert "-- Read by:" in head, file.name


def shown(warehouse: Warehouse) -> list[Mapping[str, Any]]:
    return warehouse.rows(
        "SELECT card.iku, card.triwulan, card.hitungan_id, value.numerator, value.denominator,"
        " value.components"
        " FROM mart.kartu_skor AS card JOIN iku.value AS value ON value.value_id = hitungan_id"
        " WHERE dokumen = 'pk' AND tampil_akhir = 'infinity' AND value.status <> 'not_reported'"
    )


def test_agencies_add_up_to_the_value(filled_warehouse: Warehouse):
    counted = {
        row["hitungan_id"]: row
        for row in filled_warehouse.rows(
            "SELECT hitungan_id, count(*) AS n, count(*) FILTER (WHERE memenuhi) AS good"
            " FROM mart.instansi_iku GROUP BY hitungan_id"
        )
    }
    checked = 0
    for row in shown(filled_warehouse):
        if row["iku"] in ("IKU.1", "IKU.2", "IKU.6") and row["numerator"] is not None:
            found = counted[row["hitungan_id"]]
            assert (found["good"], found["n"]) == (row["numerator"], row["denominator"])
            checked += 1
    assert checked >= 8


def test_open_recommendations_add_up_to_the_value(filled_warehouse: Warehouse):
    counted = {
        row["hitungan_id"]: row["n"]
        for row in filled_warehouse.rows(
            "SELECT hitungan_id, count(*) AS n FROM mart.umur_tindak_lanjut GROUP BY hitungan_id"
        )
    }
    checked = 0
    for row in shown(filled_warehouse):
        parts = row["components"]
        if row["iku"] in ("IKU.8", "IKU.14") and "belum_sesuai" in parts:
            still_open = parts["belum_sesuai"] + parts["belum_ditindaklanjuti"]
            assert counted.get(row["hitungan_id"], 0) == still_open, (row["iku"], row["triwulan"])
            checked += 1
    assert checked == 8


def test_check_lists_add_up_to_the_value(filled_warehouse: Warehouse):
    for row in shown(filled_warehouse):
        found = filled_warehouse.rows(
            "SELECT count(*) AS n, count(*) FILTER (WHERE memenuhi) AS good"
            " FROM mart.daftar_periksa WHERE hitungan_id = :id",
            id=row["hitungan_id"],
        )[0]
        if row["iku"] == "IKU.7" and row["numerator"] is not None:
            assert (found["good"], found["n"]) == (row["numerator"], row["denominator"])
        elif row["iku"] == "IKU.10" and row["numerator"] is not None:
            assert found["n"] == 15


def test_a_day_shows_one_version(filled_warehouse: Warehouse):
    twice = filled_warehouse.rows(
        "SELECT one.kantor, one.iku, one.tahun, one.triwulan FROM mart.kartu_skor AS one"
        " JOIN mart.kartu_skor AS other USING (kantor, iku, tahun, triwulan, dokumen)"
        " WHERE one.berlaku_dari < other.berlaku_dari"
        " AND one.tampil_mulai <= one.tampil_akhir AND one.tampil_akhir >= other.tampil_mulai"
    )
    assert twice == []


def test_the_budget_comes_to_one_sum_three_ways(filled_warehouse: Warehouse):
    found = filled_warehouse.rows(
        "SELECT rincian, count(*) AS n, sum(pagu) AS pagu FROM mart.anggaran"
        " WHERE kantor = 'kanreg-06' AND tahun = 2024 GROUP BY rincian ORDER BY rincian"
    )
    assert [(row["rincian"], row["n"], int(row["pagu"])) for row in found] == [
        ("detil", 35, 13_454_430_000),
        ("jenis", 3, 13_454_430_000),
        ("kegiatan", 13, 13_454_430_000),
    ]
    groups = filled_warehouse.rows(
        "SELECT kelompok, subkelompok, sum(pagu) AS pagu FROM mart.anggaran"
        " WHERE rincian = 'detil' GROUP BY kelompok, subkelompok"
    )
    sums = {row["subkelompok"]: int(row["pagu"]) for row in groups}
    assert sums == {
        "Gaji dan Tunjangan": 8_548_986_000,
        "Honorarium/Lembur/Tunjangan Khusus": 64_000_000,
        "Operasional": 1_904_000_000,
        "Non Operasional": 105_500_000,
        "Persediaan": 443_500_000,
        "Pemeliharaan": 849_033_000,
        "Perjalanan Dinas": 700_120_000,
        "Jasa": 839_291_000,
    }


def services(
    connection: Connection, recorded: list[tuple[int, dict[str, int]]]
) -> list[Mapping[str, Any]]:
    """Record respondents by service, each with its quarter of a year, and read the mart."""
    at = "2030-01-01T00:00:00Z"
    run = values.append(
        connection,
        "ops.run",
        {"office": "uji", "year": 2029, "quarter": 1, "known_at": at, "recorded_at": at,
         "who": "uji", "reason": "uji", "code_version": "0", "values_written": 0, "failed": []},
    )  # fmt: skip
    for number, respondents in recorded:
        listed = [
            {"layanan": code, "responden": n, "ikm": "90.00", "mutu": "A"}
            for code, n in respondents.items()
        ]
        values.append(
            connection,
            "iku.value",
            {"run_id": run, "office": "uji", "iku": "IKU.4", "year": 2029, "quarter": number,
             "basis": "computed", "known_at": at, "recorded_at": at, "status": "measured",
             "unit": "index", "actual_exact": "90", "actual": 90, "numerator": None,
             "denominator": None, "components": {"layanan": listed}, "tally": {},
             "method": "uji", "fingerprint": "x", "loads": []},
        )  # fmt: skip
    return rows(
        connection,
        "SELECT triwulan, layanan, responden, ikm, mutu, ditutup FROM mart.survei_layanan"
        " WHERE kantor = 'uji' ORDER BY hitungan_id, layanan",
    )


def hidden(warehouse: Warehouse, *quarters: dict[str, int]) -> list[set[str]]:
    """Return the hidden services of each quarter; nothing stays in the warehouse."""
    with warehouse.engine.connect() as connection:
        found = services(connection, list(enumerate(quarters, 1)))
        connection.rollback()
    for row in found:
        assert row["ditutup"] == (row["ikm"] is None) == (row["mutu"] is None)
    return [
        {row["layanan"] for row in found if row["triwulan"] == number and row["ditutup"]}
        for number in range(1, len(quarters) + 1)
    ]


@pytest.mark.parametrize(
    ("quarters", "expected"),
    [
        ([{"a": 5, "b": 50}], [set()]),
        ([{"a": 4, "b": 50, "c": 9}], [{"a", "c"}]),
        ([{"a": 4, "b": 50, "c": 1}], [{"a", "c"}]),
        ([{"a": 1, "b": 50, "c": 1, "d": 9}], [{"a", "c", "d"}]),
        ([{"a": 4}], [{"a"}]),
        ([{"a": 10, "b": 50}, {"a": 12, "b": 90}], [set(), {"a", "b"}]),
        ([{"a": 10, "b": 50}, {"a": 10, "b": 90}], [set(), set()]),
        ([{"a": 10, "b": 50}, {"a": 15, "b": 90}], [set(), set()]),
        ([{"a": 10, "b": 50}, {"a": 15, "b": 90}, {"a": 18, "b": 99}], [set(), set(), {"a", "b"}]),
        # What hides another must not be known from another quarter.
        (
            [{"a": 3, "b": 9, "c": 50}, {"a": 8, "b": 9, "c": 60}],
            [{"a", "c"}, set()],
        ),
        # The three new ones of two services are as few as those of one.
        (
            [{"a": 10, "b": 10, "c": 50}, {"a": 12, "b": 11, "c": 60}],
            [set(), {"a", "b", "c"}],
        ),
    ],
)
def test_the_index_of_a_few_is_hidden(
    filled_warehouse: Warehouse, quarters: list[dict[str, int]], expected: list[set[str]]
):
    assert hidden(filled_warehouse, *quarters) == expected


@pytest.mark.parametrize("respondents", [12, 8])
def test_a_corrected_quarter_tells_nothing_of_those_corrected(
    filled_warehouse: Warehouse, respondents: int
):
    with filled_warehouse.engine.connect() as connection:
        found = services(connection, [(1, {"a": 10, "b": 50}), (1, {"a": respondents, "b": 60})])
        connection.rollback()
    assert [row["ditutup"] for row in found] == [False, False, True, True]


def test_the_scorecard_does_not_list_the_services(filled_warehouse: Warehouse):
    listed = filled_warehouse.rows(
        "SELECT DISTINCT key FROM mart.capaian_versi, jsonb_object_keys(rincian) AS key"
        " WHERE iku IN ('IKU.3', 'IKU.4')"
    )
    keys = {row["key"] for row in listed}
    assert "unsur" in keys
    assert not keys & {"layanan", "ikm_rata_layanan"}


MORE = st.lists(st.integers(0, 9), min_size=4, max_size=4)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(grown=st.lists(MORE, min_size=1, max_size=4))
def test_nothing_follows_by_subtraction(filled_warehouse: Warehouse, grown: list[list[int]]):
    """From what is shown and the total nothing can be told of one to four respondents."""
    quarters: list[dict[str, int]] = []
    total = dict.fromkeys("abcd", 0)
    for more in grown:
        total = {code: n + add for (code, n), add in zip(total.items(), more, strict=True)}
        quarters.append({code: n for code, n in total.items() if n})
    closed = hidden(filled_warehouse, *quarters)
    for number, quarter in enumerate(quarters):
        rest = closed[number]
        if rest and rest != set(quarter):
            assert len(rest) >= 2
            assert sum(quarter[code] for code in rest) >= 5
        for code in set(quarter) - rest:
            assert quarter[code] >= 5
            for earlier in range(number):
                if code in quarters[earlier] and code not in closed[earlier]:
                    assert quarter[code] - quarters[earlier][code] not in range(1, 5)
