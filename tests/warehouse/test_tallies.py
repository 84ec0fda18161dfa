"""The tallies on a real Postgres: what they count, on which day, and as known when."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg2
import pytest

from flows.warehouse import migrations, roles
from tests.conftest import Server
from tests.listing import listed
from tests.warehouse.tally_fixture import LATE, OFFICE, Ledger
from transforms.indicators import indicators

FILES = listed(migrations.SQL / "tallies", "*.sql", at_least=19)
TALLIES = [path.stem for path in FILES]


@pytest.fixture(scope="module")
def writer_url(server: Server) -> str:
    """A migrated database without the seeds, which would count among a test's own references."""
    url = migrations.prepare(server.url, "iku_tallies", roles.passwords(server.settings))
    return url.replace("+psycopg2", "")


@pytest.fixture
def db(writer_url: str) -> Iterator[psycopg2.extensions.connection]:
    """A connection of the writer; nothing a test writes outlives it."""
    with closing(psycopg2.connect(writer_url)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def ledger(db: psycopg2.extensions.connection) -> Ledger:
    written = Ledger(db)
    written.office_row()
    return written


# The functions themselves


def test_every_file_makes_a_tally_of_a_quarter_as_known_then(ledger):
    found = ledger.query(
        "SELECT proname, pg_get_function_identity_arguments(oid), provolatile, proparallel"
        " FROM pg_proc WHERE pronamespace = 'tally'::regnamespace ORDER BY proname"
    )
    arguments = (
        "p_office text, p_year integer, p_quarter integer, p_known_at timestamp with time zone"
    )
    # Otherwise Postgres neither takes their bodies into the caller's plan nor uses its workers.
    assert found == [(name, arguments, "s", "s") for name in TALLIES]


def test_each_file_makes_the_function_of_its_name_and_says_for_whom():
    for name, body in zip(TALLIES, map(Path.read_text, FILES), strict=True):
        assert body.startswith(f"-- tally.{name}: ")
        assert re.search("^-- .*Grain: ", body, re.MULTILINE)
        assert re.search("^-- .*Read by: ", body, re.MULTILINE)
        assert f"CREATE OR REPLACE FUNCTION tally.{name}(" in body


def test_every_file_can_be_applied_again(server: Server, writer_url: str):
    address = re.sub(r"/[^/]*$", "/iku_tallies", server.url.replace("+psycopg2", ""))
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute("SET ROLE iku_owner")
        for path in FILES:
            cursor.execute(path.read_text())
        cursor.execute(
            "SELECT has_function_privilege('iku_writer', oid, 'EXECUTE'),"
            " has_function_privilege('metabase_reader', oid, 'EXECUTE')"
            " FROM pg_proc WHERE pronamespace = 'tally'::regnamespace"
        )
        assert cursor.fetchall() == [(True, False)] * len(TALLIES)
        connection.rollback()


def test_answers_are_scanned_once_and_in_parallel(ledger):
    ledger.query("SET LOCAL parallel_setup_cost = 0")
    ledger.query("SET LOCAL parallel_tuple_cost = 0")
    ledger.query("SET LOCAL min_parallel_table_scan_size = 0")
    scans = []
    for name in indicators()["IKU.3"].tallies:
        plan = ledger.query(f"EXPLAIN SELECT * FROM tally.{name}(%s, 2024, 4, %s)", OFFICE, LATE)
        scans += [line for (line,) in plan if " on survey_answer" in line]
    assert len(scans) == 1
    assert "Parallel" in scans[0]


@pytest.mark.parametrize("name", TALLIES)
def test_a_warehouse_without_rows_has_none_to_count(ledger, name):
    rows = ledger.tally(name, 2024, 3)
    if name == "source_state":
        assert not any(row["has_data"] or row["loads"] for row in rows)
    else:
        assert rows == []


# What is known when


def test_a_retracted_load_gives_way_to_the_one_before_it(ledger):
    ledger.members("12.01", "12.02")
    first = ledger.load("agency_ip_asn", "2024-Q1", [done("12.01")], at="2024-04-10 08:00+07")
    second = ledger.load(
        "agency_ip_asn", "2024-Q1", [done("12.01"), done("12.02")], at="2024-04-11 08:00+07"
    )
    ledger.event(second, "withdrawn", "2024-04-12 08:00+07")

    def seen(known_at):
        return ledger.counts("agency_ip_asn", 2024, 1, known_at)

    assert seen("2024-04-10 07:59+07") == {"no_row": 2}
    assert seen("2024-04-10 08:00+07") == {"no_row": 1, "yes": 1}
    assert seen("2024-04-11 08:00+07") == {"yes": 2}
    assert seen("2024-04-12 08:00+07") == {"no_row": 1, "yes": 1}

    # Withdrawing what had been replaced already changes nothing that is shown.
    ledger.event(second, "in_force", "2024-04-13 08:00+07")
    ledger.event(first, "withdrawn", "2024-04-14 08:00+07")
    assert seen(LATE) == {"yes": 2}


def test_a_corrected_reference_counts_from_when_it_was_recorded(ledger):
    ledger.members("12.01", "12.02")
    # On 1 May it became known that 12.02 had left at the end of 2023.
    ledger.members("12.02", valid_to="2023-12-31", recorded_at="2024-05-01 00:00+07")
    ledger.load("agency_ip_asn", "2024-Q1", [done("12.01"), done("12.02")])
    assert ledger.counts("agency_ip_asn", 2024, 1, "2024-04-30 23:59+07") == {"yes": 2}
    assert ledger.counts("agency_ip_asn", 2024, 1, "2024-05-01 00:00+07") == {"yes": 1}


def test_offices_do_not_mix(ledger):
    other = ledger.for_office("lain")
    other.office_row()
    ledger.members("12.01")
    other.members("14.01", "14.02")
    other.load("agency_ip_asn", "2024-Q1", [done("14.01"), done("12.01")])
    assert ledger.counts("agency_ip_asn", 2024, 1) == {"no_row": 1}
    assert other.counts("agency_ip_asn", 2024, 1) == {"no_row": 1, "yes": 1}


# Which files are read


def test_a_snapshot_is_read_alone_and_only_in_its_year(ledger):
    ledger.members("12.01", "12.02")
    ledger.load("agency_ip_asn", "2024-Q2", [done("12.02")])
    ledger.load("agency_ip_asn", "2024-Q1", [done("12.01")], at="2024-09-01 00:00+07")
    assert ledger.tally("agency_ip_asn", 2024, 1) == [
        {"measured": "no_row", "agencies": 1},
        {"measured": "yes", "agencies": 1},
    ]
    # By period, not by the day of landing, and never the two together.
    ledger.load("agency_ip_asn", "2024-Q2", [], at="2024-08-01 00:00+07")
    assert ledger.counts("agency_ip_asn", 2024, 3) == {"no_row": 2}
    assert ledger.counts("agency_ip_asn", 2025, 1) == {"no_row": 2}
    assert ledger.state("agency_ip_asn", 2025, 1)["loads"] == []


def test_a_register_is_read_from_the_year_before_but_not_further_back(ledger):
    ledger.load("oversight_recommendation", "2023-Q4", [issued("R1", "2023-11-01")])
    assert ledger.counts("oversight_recommendation", 2024, 4) == {("carried", False, 3, False): 1}
    assert ledger.counts("oversight_recommendation", 2025, 1) == {}
    newer = ledger.load(
        "oversight_recommendation",
        "2024-Q2",
        [issued("R1", "2023-11-01"), issued("R2", "2024-05-01")],
    )
    assert sum(ledger.counts("oversight_recommendation", 2024, 1).values()) == 1
    assert sum(ledger.counts("oversight_recommendation", 2024, 2).values()) == 2
    assert ledger.state("oversight_recommendation", 2024, 4)["loads"] == [newer]


def test_a_register_with_a_header_only_means_nothing(ledger):
    ledger.load("oversight_recommendation", "2024-Q1", [issued("R1", "2024-02-01")])
    ledger.load("oversight_recommendation", "2024-Q2", [])
    assert ledger.counts("oversight_recommendation", 2024, 1) != {}
    assert ledger.counts("oversight_recommendation", 2024, 2) == {}
    assert ledger.state("oversight_recommendation", 2024, 2)["has_data"]


def test_only_the_last_month_of_the_quarter_is_read(ledger):
    own = ledger.for_office("bersatker")
    own.office_row(satker_code="007130")
    own.load("ikpa", "2024-08", [ikpa("007130", "91.00")])
    assert own.tally("ikpa", 2024, 3) == []
    own.load("ikpa", "2024-09", [ikpa("007130", "92.50"), ikpa("427130", "77.00")])
    [row] = own.tally("ikpa", 2024, 3)
    assert (row["satker"], row["final_score"]) == ("007130", Decimal("92.50"))
    assert row["value_dispensation"] is None
    assert own.tally("ikpa", 2024, 4) == []
    # An office whose own satker is not known reads nobody's row.
    ledger.load("ikpa", "2024-09", [ikpa("007130", "92.50")])
    assert ledger.tally("ikpa", 2024, 3) == []


def test_the_parts_of_a_period_add_up_and_are_replaced_one_by_one(ledger):
    ledger.survey_service("A", "pembinaan")
    ledger.survey_service("B", "pembinaan")
    ledger.load("survey_answer", "2024-Q1", [answer("A", 3)], part="a")
    ledger.load("survey_answer", "2024-Q1", [answer("B", 4)] * 2, part="b")
    ledger.load("survey_answer", "2024-Q2", [answer("A", 1)] * 3)
    assert respondents(ledger, 1) == {"A": 1, "B": 2}
    assert respondents(ledger, 2) == {"A": 4, "B": 2}
    ledger.load("survey_answer", "2024-Q1", [answer("B", 4)] * 5, part="b", at="2024-05-01 00:00Z")
    assert respondents(ledger, 1) == {"A": 1, "B": 5}
    assert respondents(ledger, 1, "2024-04-30 00:00Z") == {"A": 1, "B": 2}


# Agencies: IKU 1, 2, 6


def test_members_are_those_of_the_last_day_of_the_quarter(ledger):
    ledger.members("12.01")
    ledger.members("12.02", valid_to="2024-06-30")  # left
    ledger.members("12.03", valid_from="2024-07-01")  # joined
    ledger.members("12.04", valid_to="2024-09-29")  # split into the next two
    ledger.members("12.05", "12.06", valid_from="2024-09-30")
    ledger.load("agency_ip_asn", "2024-Q1", [done("12.02"), done("12.03"), done("12.04")])
    ledger.load("agency_ip_asn", "2024-Q3", [done("12.04"), done("12.05")])
    assert ledger.counts("agency_ip_asn", 2024, 1) == {"yes": 2, "no_row": 1}
    assert ledger.counts("agency_ip_asn", 2024, 2) == {"yes": 2, "no_row": 1}
    assert ledger.counts("agency_ip_asn", 2024, 3) == {"yes": 1, "no_row": 3}


def test_an_agency_that_left_and_came_back_counts_once(ledger):
    ledger.members("12.01", valid_to="2023-12-31")
    ledger.members("12.01", valid_from="2024-03-01")
    assert ledger.counts("agency_ip_asn", 2023, 4) == {"no_row": 1}
    assert ledger.counts("agency_ip_asn", 2024, 1) == {"no_row": 1}


def test_an_agency_is_measured_when_its_result_exists(ledger):
    ledger.members("12.01", "12.02", "12.03", "12.04")
    ledger.load(
        "agency_ip_asn",
        "2024-Q1",
        [
            done("12.01"),
            {"agency": "12.02", "status": "in_progress"},
            {"agency": "12.03", "status": "not_done"},
            done("12.99"),
        ],
    )
    assert ledger.tally("agency_ip_asn", 2024, 1) == [
        {"measured": "no", "agencies": 2},
        {"measured": "no_row", "agencies": 1},
        {"measured": "yes", "agencies": 1},
    ]


def test_letters_are_known_in_the_fourth_quarter_and_missing_ones_are_not_known_yet(ledger):
    ledger.members("12.01", "12.02", "12.03", "12.04", "12.05")
    ledger.load(
        "agency_nspk",
        "2024",
        [
            {"agency": "12.01", "letter": "A", "score": "90.50"},
            {"agency": "12.02", "letter": "A", "score": "90.50"},
            {"agency": "12.03", "letter": "tidak_dinilai", "score": None},
            {"agency": "12.04", "letter": "belum", "score": None},
            {"agency": "12.99", "letter": "E", "score": "10"},
        ],
    )
    assert ledger.counts("agency_nspk", 2024, 4) == {
        ("A", Decimal("90.50")): 2,
        ("belum", None): 2,
        ("tidak_dinilai", None): 1,
    }
    assert ledger.counts("agency_nspk", 2024, 3) == {("belum", None): 5}


def test_an_agency_on_both_routes_counts_once_as_web_service(ledger):
    def route(agency, mode, start=None, end=None):
        return {"agency": agency, "mode": mode, "start_date": start, "end_date": end}

    ledger.members(*(f"12.{number:02}" for number in range(1, 9)))
    ledger.load(
        "siasn_integration",
        "2024-Q1",
        [
            route("12.01", "simpegnas"),
            route("12.01", "webservice"),
            route("12.02", "webservice", "2024-03-31", "2024-03-31"),  # this very day
            route("12.03", "simpegnas", "2024-04-01"),  # the day after
            route("12.04", "webservice", None, "2024-03-30"),  # the day before
            route("12.05", "webservice", None, "2024-03-30"),
            route("12.05", "simpegnas", "2024-03-31"),
            route("12.06", "none"),
            route("12.07", "simpegnas", "2020-01-01", "2024-12-31"),
            route("12.99", "webservice"),
        ],
    )
    assert ledger.counts("siasn_mode", 2024, 1) == {
        "no_row": 1,
        "none": 3,
        "simpegnas": 2,
        "webservice": 2,
    }
    # The same list, read a quarter later: dates are those of that quarter's last day.
    assert ledger.counts("siasn_mode", 2024, 2) == {
        "no_row": 1,
        "none": 3,
        "simpegnas": 3,
        "webservice": 1,
    }


# The survey: IKU 3, 4


def test_empty_answers_are_left_out_of_their_element_only(ledger):
    ledger.survey_service("A", "pembinaan", unit="PSK")
    ledger.load(
        "survey_answer",
        "2024-Q1",
        [answer("A", 4, u9=None), answer("A", 3, u9=None), answer("A", 4, u1=None, u9=None)],
    )
    rows = ledger.tally("survey_element", 2024, 1)
    assert [row["element"] for row in rows] == [f"u{number}" for number in range(1, 9)]
    assert rows[0] == {
        "kind": "pembinaan",
        "service": "A",
        "unit": "PSK",
        "element": "u1",
        "n": 2,
        "sum": 7,
        "respondents": 3,
        "quarter_respondents": 3,
    }
    assert {(row["n"], row["sum"]) for row in rows[1:]} == {(3, 11)}


def test_the_unit_of_a_row_goes_before_that_of_its_service(ledger):
    ledger.survey_service("A", "layanan_kepegawaian", unit="PP")
    ledger.load(
        "survey_answer",
        "2024-Q1",
        [answer("A", 4), answer("A", 3, unit="PP"), answer("A", 1, unit="MUTASI")],
    )
    rows = ledger.tally("survey_element", 2024, 1)
    assert [(row["unit"], row["n"], row["sum"]) for row in rows if row["element"] == "u5"] == [
        ("MUTASI", 1, 1),
        ("PP", 2, 7),
    ]


def test_answers_on_a_service_that_ended_during_the_year_still_count(ledger):
    ledger.survey_service("A", "pembinaan", valid_to="2024-05-31")
    ledger.survey_service("B", "pembinaan", valid_to="2023-12-31")
    ledger.survey_service("C", "pembinaan", valid_to="2024-06-30")
    ledger.survey_service("C", "layanan_kepegawaian", valid_from="2024-07-01")
    ledger.survey_service("D", "layanan_kepegawaian")
    # Recorded by mistake and taken back: they were in force on no day.
    ledger.survey_service("D", "pembinaan", valid_from="2024-04-01", valid_to="2024-03-31")
    ledger.survey_service("E", "pembinaan", valid_from="2024-04-01", valid_to="2024-03-31")

    def kinds(year, quarter):
        rows = ledger.tally("survey_catalogue", year, quarter)
        return {row["service"]: row["kind"] for row in rows}

    assert kinds(2023, 4) == {
        "A": "pembinaan",
        "B": "pembinaan",
        "C": "pembinaan",
        "D": "layanan_kepegawaian",
    }
    assert kinds(2024, 4) == {
        "A": "pembinaan",
        "C": "layanan_kepegawaian",
        "D": "layanan_kepegawaian",
    }
    assert kinds(2025, 1) == {"C": "layanan_kepegawaian", "D": "layanan_kepegawaian"}
    ledger.load("survey_answer", "2024-Q1", [answer("A", 4)])
    assert respondents(ledger, 4) == {"A": 1}
    assert {row["n"] for row in ledger.tally("survey_element", 2024, 4)} == {1}


def test_rejected_rows_are_counted_once_by_service(ledger):
    ledger.survey_service("A", "pembinaan")
    ledger.survey_service("B", "layanan_kepegawaian")
    load_id = ledger.load("survey_answer", "2024-Q1", [answer("A", 4)] * 3)
    replaced = ledger.load("survey_answer", "2024-Q2", [answer("A", 4)])
    ledger.load("survey_answer", "2024-Q2", [answer("A", 4)], at="2024-08-01 00:00Z")
    for row_no in (50, 50, 51):
        ledger.reject(load_id, row_no, "A")
    ledger.reject(load_id, 51, None)
    ledger.reject(load_id, 52, "B")
    ledger.reject(load_id, 53, None)
    ledger.reject(load_id, 54, "tidak dikenal")
    ledger.reject(load_id, 55, "A", consequence="cell")
    ledger.reject(replaced, 50, "A")
    assert ledger.tally("survey_service", 2024, 2) == [
        service_row("layanan_kepegawaian", "B", 1),
        service_row("pembinaan", "A", 2),
        service_row("tanpa_layanan", "", 2),
    ]
    assert respondents(ledger, 2) == {"A": 4}


def test_respondents_of_the_quarter_itself_are_told_apart(ledger):
    ledger.survey_service("A", "pembinaan", unit="PSK")
    ledger.survey_service("B", "layanan_kepegawaian", unit="PP")
    ledger.load("survey_answer", "2024-Q1", [answer("A", 4, u9=None), answer("A", 4, unit="PSK")])
    assert respondents(ledger, 1, of="quarter_respondents") == {"A": 2}
    # No file of the second quarter yet, then one that says nothing of A.
    assert respondents(ledger, 2, of="quarter_respondents") == {"A": None}
    late = [answer("B", 3, answered_on="2024-04-01"), answer("B", 3, answered_on="2024-06-30")]
    ledger.load("survey_answer", "2024-Q2", late)
    assert respondents(ledger, 2) == {"A": 2, "B": 2}
    assert respondents(ledger, 2, of="quarter_respondents") == {"A": 0, "B": 2}
    rows = ledger.tally("survey_element", 2024, 2)
    assert {row["respondents"] for row in rows if row["service"] == "A"} == {2}


def test_the_population_is_the_volume_of_the_year_as_known(ledger):
    ledger.survey_service("A", "pembinaan")
    ledger.survey_service("B", "pembinaan")
    ledger.load("survey_answer", "2024-Q1", [answer("A", 4)])
    ledger.refer("service_volume", service="A", year=2023, volume=7)
    ledger.refer("service_volume", service="A", year=2024, volume=800)
    ledger.refer("service_volume", "2025-02-01 00:00Z", service="A", year=2024, volume=900)
    ledger.refer("service_volume", service="B", year=2024, volume=60)
    ledger.refer("service_volume", service="Z", year=2024, volume=5)
    assert ledger.tally("survey_service", 2024, 4) == [
        service_row("pembinaan", "A", 0, 900),
        service_row("pembinaan", "B", 0, 60),
    ]
    assert ledger.tally("survey_service", 2024, 4, "2025-01-31 00:00Z")[0]["population"] == 800


@pytest.mark.parametrize("seed", range(3))
def test_answers_are_counted_as_a_slow_count_would(ledger, seed):
    chance = random.Random(seed)
    services = {
        "A": ("pembinaan", "PSK"),
        "B": ("pembinaan", "PP"),
        "C": ("layanan_kepegawaian", "TU"),
    }
    for service, (kind, unit) in services.items():
        ledger.survey_service(service, kind, unit=unit)
    answers = [
        {
            **answer(chance.choice("ABC"), 4, unit=chance.choice([None, "PP", "TU"])),
            **{f"u{n}": chance.choice([None, 1, 2, 3, 4]) for n in range(1, 10)},
        }
        for _ in range(60)
    ]
    for quarter in range(1, 4):
        ledger.load("survey_answer", f"2024-Q{quarter}", answers[20 * quarter - 20 : 20 * quarter])
    n, total = Counter(), Counter()
    for row in answers[:40]:
        kind, unit = services[row["service"]]
        for element in (f"u{number}" for number in range(1, 10)):
            if row[element] is not None:
                key = (kind, row["service"], row["unit"] or unit, element)
                n[key] += 1
                total[key] += row[element]
    found = [tuple(row.values())[:6] for row in ledger.tally("survey_element", 2024, 2)]
    assert found == [(*key, n[key], total[key]) for key in sorted(n)]
    assert respondents(ledger, 2) == Counter(row["service"] for row in answers[:40])


# Registers: IKU 5, 8, 14


@pytest.mark.parametrize(
    ("proposed", "status", "decided", "expected"),
    [
        ("2023-12-31", "undecided", None, ("carried", "undecided")),
        ("2023-05-01", "undecided", "2023-06-01", ("carried", "undecided")),
        ("2023-12-31", "enacted", "2023-12-31", None),
        ("2023-12-31", "enacted", "2024-01-01", ("carried", "enacted")),
        ("2023-05-01", "rejected", "2023-12-31", None),
        ("2023-05-01", "rejected", "2024-06-30", ("carried", "rejected")),
        ("2023-05-01", "rejected", "2024-07-01", ("carried", "undecided")),
        ("2024-01-01", "enacted", "2024-06-30", ("this_year", "enacted")),
        ("2024-01-01", "enacted", "2024-07-01", ("this_year", "undecided")),
        ("2024-06-30", "undecided", None, ("this_year", "undecided")),
        ("2024-07-01", "undecided", None, None),
    ],
)
def test_proposals_count_as_they_stood_on_the_last_day(ledger, proposed, status, decided, expected):
    ledger.load("technical_regulation", "2024-Q2", [proposal("U1", proposed, status, decided)])
    found = ledger.counts("technical_regulation", 2024, 2)
    assert found == ({} if expected is None else {expected: 1})


def test_a_rejected_proposal_leaves_the_year_after(ledger):
    listed = [proposal("U1", "2023-05-01", "rejected", "2024-12-31")]
    ledger.load("technical_regulation", "2024-Q4", listed)
    ledger.load("technical_regulation", "2025-Q1", listed)
    assert ledger.counts("technical_regulation", 2024, 4) == {("carried", "rejected"): 1}
    assert ledger.counts("technical_regulation", 2025, 1) == {}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # The cohort on 30 June: issued up to that day, and not closed before 1 January.
        (("2024-06-30", 3, None), ("this_year", True, 3, True)),
        (("2024-07-01", 3, None), None),
        (("2024-01-01", 1, "2024-02-01"), ("this_year", False, 1, False)),
        (("2023-12-31", 1, "2024-01-01"), ("carried", False, 1, False)),
        (("2023-12-31", 1, "2023-12-31"), None),
        (("2023-12-31", 4, "2023-12-31"), None),
        (("2023-12-31", 4, "2024-06-30"), ("carried", False, 4, False)),
        (("2023-12-31", 2, "2023-12-31"), ("carried", False, 2, False)),
        # A status of the day after is not yet there.
        (("2024-04-01", 1, "2024-06-30"), ("this_year", True, 1, False)),
        (("2024-04-01", 1, "2024-07-01"), ("this_year", True, 3, False)),
        (("2023-12-31", 4, "2024-07-01"), ("carried", False, 3, False)),
        # The answer term: 60 days, or as written; its last day is still inside.
        (("2024-05-01", 3, None), ("this_year", True, 3, True)),
        (("2024-04-30", 3, None), ("this_year", True, 3, False)),
        (("2024-05-01", 2, "2024-06-01", "2024-06-29"), ("this_year", True, 2, False)),
        (("2024-01-15", 2, "2024-06-01", "2024-06-30"), ("this_year", False, 2, True)),
        (("2024-05-01", 4, "2024-06-01"), ("this_year", True, 4, False)),
        (("2024-05-02", 1, "2024-07-01"), ("this_year", True, 3, True)),
    ],
)
def test_a_wasdal_recommendation_on_the_last_day_of_the_quarter(ledger, row, expected):
    ledger.load("oversight_recommendation", "2024-Q2", [issued("R1", *row)])
    found = ledger.counts("oversight_recommendation", 2024, 2)
    assert found == ({} if expected is None else {expected: 1})


@pytest.mark.parametrize("seed", range(5))
def test_oversight_is_counted_as_a_slow_count_would(ledger, seed):
    chance = random.Random(seed)
    listed = []
    for number in range(80):
        status = chance.choice([1, 2, 3, 4])
        dated = status in (1, 4) or chance.random() < 0.5
        issued_on = day_near_an_edge(chance)
        due = chance.choice([None, issued_on + timedelta(days=chance.choice([10, 14, 30, 90]))])
        status_day = day_near_an_edge(chance) if dated else None
        listed.append((f"R{number}", issued_on, status, status_day, due))
    for period in ("2023-Q4", "2024-Q4"):
        ledger.load("oversight_recommendation", period, [issued(*row) for row in listed])
    for quarter in range(1, 5):
        expected = Counter()
        for _, *row in listed:
            place = slow_oversight(*row, 2024, quarter)
            if place:
                expected[place] += 1
        assert ledger.counts("oversight_recommendation", 2024, quarter) == expected


def test_the_parts_of_an_audit_recommendation_make_its_status(ledger):
    day = "2024-03-01"
    ledger.load(
        "audit_finding",
        "2024-Q1",
        [
            *parts("F1", "1", (1, day), (3, None)),  # the worst
            *parts("F1", "2", (1, day), (2, day)),
            *parts("F2", "1", (1, day), (4, day)),  # 4 is left aside
            *parts("F2", "2", (4, day), (4, day)),  # unless all have it
            *parts("F3", "1", (1, day), (1, "2024-04-01")),  # one part too late
            *parts("F4", "1", (4, "2024-04-01"), (4, day)),
        ],
    )
    assert ledger.counts("audit_recommendation", 2024, 1) == {
        ("bpk", "this_year", 1, False): 1,
        ("bpk", "this_year", 2, True): 1,
        ("bpk", "this_year", 3, True): 3,
        ("bpk", "this_year", 4, False): 1,
    }
    assert ledger.counts("audit_finding", 2024, 1) == {("bpk", "all"): 1, ("bpk", "none"): 3}


def test_findings_of_two_reports_and_issuers_are_kept_apart(ledger):
    ledger.load(
        "audit_finding",
        "2024-Q1",
        [
            *parts("F1", "1", (1, "2024-03-01"), report="LHP/1"),
            *parts("F1", "1", (3, None), report="LHP/2"),
            *parts("F1", "1", (3, None), report="LHP/1", issuer="inspektorat"),
        ],
    )
    assert ledger.counts("audit_finding", 2024, 1) == {
        ("bpk", "all"): 1,
        ("bpk", "none"): 1,
        ("inspektorat", "none"): 1,
    }
    assert sum(ledger.counts("audit_recommendation", 2024, 1).values()) == 3


def test_an_audit_recommendation_is_carried_when_a_part_was_open_on_31_december(ledger):
    ledger.load(
        "audit_finding",
        "2024-Q2",
        [
            *parts("F1", "1", (1, "2023-12-31"), (4, "2023-12-31"), since="2023-06-01"),
            *parts("F1", "2", (1, "2023-12-31"), (1, "2024-01-01"), since="2023-06-01"),
            *parts("F2", "1", (1, "2024-01-01"), (2, None), since="2023-12-31"),
            *parts("F2", "2", (1, "2024-01-01"), since="2024-01-01"),
            *parts("F3", "1", (3, None), since="2024-07-01"),
            *parts("F4", "1", (3, None), since="2024-05-01"),
            *parts("F5", "1", (3, None), since="2024-04-30"),
        ],
    )
    assert ledger.counts("audit_recommendation", 2024, 2) == {
        ("bpk", "carried", 1, False): 1,
        ("bpk", "carried", 2, False): 1,
        ("bpk", "this_year", 1, False): 1,
        ("bpk", "this_year", 3, False): 1,
        ("bpk", "this_year", 3, True): 1,
    }
    # F1 is judged by the recommendation that is in the cohort.
    assert ledger.counts("audit_finding", 2024, 2) == {
        ("bpk", "all"): 1,
        ("bpk", "none"): 2,
        ("bpk", "some"): 1,
    }


@pytest.mark.parametrize("seed", range(5))
def test_audit_is_counted_as_a_slow_count_would(ledger, seed):
    chance = random.Random(seed)
    listed = []
    for finding in range(25):
        for number in range(chance.choice([1, 1, 2, 3])):
            issuer = "bpk" if finding % 3 else "inspektorat"
            since = day_near_an_edge(chance)
            acting = []
            for _ in range(chance.choice([1, 1, 2, 3])):
                status = chance.choice([1, 1, 2, 3, 4, 4])
                dated = status in (1, 4) or chance.random() < 0.5
                acting.append((status, day_near_an_edge(chance) if dated else None))
            listed.append((issuer, f"F{finding}", str(number), since, acting))
    ledger.load(
        "audit_finding",
        "2024-Q1",
        [
            row
            for issuer, finding, number, since, acting in listed
            for row in parts(finding, number, *acting, since=since, issuer=issuer)
        ],
    )
    for quarter in range(1, 5):
        recommendations, closings = Counter(), {}
        for issuer, finding, _, since, acting in listed:
            place = slow_audit(since, acting, 2024, quarter)
            if place:
                recommendations[(issuer, *place)] += 1
                closings.setdefault((issuer, finding), []).append(place[1] in (1, 4))
        findings = Counter(
            (issuer, "all" if all(closed) else "some" if any(closed) else "none")
            for (issuer, _), closed in closings.items()
        )
        assert ledger.counts("audit_recommendation", 2024, quarter) == recommendations
        assert ledger.counts("audit_finding", 2024, quarter) == findings


# Services, staff, systems, scores: IKU 7, 9, 10, 11, 12 and printed figures


def test_services_are_those_active_on_the_last_day(ledger):
    ledger.refer("service", service="L1", name="satu")
    ledger.refer("service", service="L2", name="dua")
    ledger.refer("service", service="L3", name="tiga")
    ledger.refer("service", service="L4", name="empat", valid_to="2024-06-29")
    ledger.refer("service", service="L5", name="lima", valid_from="2024-06-30")
    ledger.load(
        "digital_service",
        "2024-Q1",
        [
            {"service": "L1", "is_digital": True, "is_digital_siasn": True},
            {"service": "L2", "is_digital": True, "is_digital_siasn": False},
            {"service": "L3", "is_digital": False, "is_digital_siasn": True},  # implies digital
            {"service": "L4", "is_digital": False, "is_digital_siasn": False},
        ],
    )
    assert ledger.counts("digital_service", 2024, 1) == {
        ("no", "no", True): 1,
        ("yes", "no", True): 1,
        ("yes", "yes", True): 2,
    }
    assert ledger.counts("digital_service", 2024, 2) == {
        ("no", "no", False): 1,
        ("yes", "no", True): 1,
        ("yes", "yes", True): 2,
    }


def test_scores_of_staff_are_added_up_by_group(ledger):
    def person(key, group, *scores):
        names = ("qualification", "competence", "performance", "discipline", "total")
        figures = {f"{name}_score": score for name, score in zip(names, scores, strict=True)}
        return {"employee": key, "employee_group": group, **figures}

    ledger.load(
        "office_employee",
        "2024",
        [
            person("a", "PNS", "20", "30.25", "25", "5", "80.25"),
            person("b", "PNS", "15", "12.5", "30", "5", "62.5"),
            person("c", "PPPK", "10", "0", "20", "5", "35"),
        ],
    )
    found = [tuple(map(str, row.values())) for row in ledger.tally("employee_score", 2024, 4)]
    assert found == [
        ("PNS", "2", "35", "42.75", "55", "10", "142.75"),
        ("PPPK", "1", "10", "0", "20", "5", "35"),
    ]
    assert ledger.tally("employee_score", 2024, 3) == []


def test_systems_are_counted_quarter_by_quarter(ledger):
    ledger.refer("system", system="S1", name="satu", in_iku_10=True)
    ledger.refer("system", system="S2", name="dua", in_iku_10=True, valid_to="2024-03-31")
    ledger.refer("system", system="S3", name="tiga", in_iku_10=True, valid_from="2024-04-01")
    ledger.refer("system", system="S9", name="lokal", in_iku_10=False)
    used = [{"system": system, "utilisation": "1"} for system in ("S1", "S2", "S9")]
    ledger.load("system_usage", "2024-Q1", used)
    ledger.load("system_usage", "2024-Q3", [{"system": "S3", "utilisation": "0.5"}])
    ledger.load("system_usage", "2023-Q4", used)
    assert ledger.counts("system_usage", 2024, 1) == {(1, True, True, Decimal(1)): 2}
    assert ledger.counts("system_usage", 2024, 3) == {
        (1, True, True, Decimal(1)): 2,
        (2, False, False, None): 2,
        (3, True, True, Decimal("0.5")): 1,
        (3, True, False, None): 1,
    }


def test_the_score_of_the_year_is_the_one_in_force(ledger):
    def letter(number, score):
        return {"letter_no": number, "letter_date": "2025-05-02", "score": score, "category": "BB"}

    def report(number, total):
        names = ("planning", "measurement", "reporting", "evaluation")
        return {
            "letter_no": number,
            "letter_date": "2024-09-01",
            **{f"{name}_score": "20" for name in names},
            "total_score": total,
        }

    ledger.load("reform_index", "2023", [letter("A/0", "70")])
    ledger.load("reform_index", "2024", [letter("A/1", "77.28")])
    ledger.load("reform_index", "2024", [letter("A/2", "77.29")], at="2025-06-01 00:00Z")
    ledger.load("sakip_score", "2024", [report("B/1", "80")])
    assert ledger.tally("reform_index", 2024, 4) == [
        {
            "score": Decimal("77.29"),
            "category": "BB",
            "letter_no": "A/2",
            "letter_date": date(2025, 5, 2),
        }
    ]
    assert ledger.tally("reform_index", 2024, 3) == []
    [row] = ledger.tally("sakip_score", 2024, 4)
    assert (row["total_score"], row["predicate"], row["letter_no"]) == (Decimal(80), None, "B/1")


def test_of_several_documents_the_newest_date_counts(ledger):
    def figure(iku, document, day, actual):
        return {"iku": iku, "document": document, "document_date": day, "actual": actual}

    load_id = ledger.load(
        "published_actual",
        "2024-Q4",
        [
            figure("IKU.10", "LKj", "2025-02-01", "92.50"),
            figure("IKU.2", "Renja", "2025-01-01", "90"),
            figure("IKU.2", "LKj", "2025-02-01", None),
        ],
    )
    ledger.load("published_actual", "2024-Q3", [figure("IKU.7", "LKj", "2024-11-01", "91.67")])
    assert [tuple(row.values()) for row in ledger.tally("published_actual", 2024, 4)] == [
        ("IKU.10", "LKj", date(2025, 2, 1), Decimal("92.50"), load_id),
        ("IKU.2", "LKj", date(2025, 2, 1), None, load_id),
    ]


# How far each source has come


def test_there_is_one_row_for_every_source(ledger):
    listed = ledger.query('SELECT source FROM ops.source ORDER BY source COLLATE "C"')
    found = ledger.tally("source_state", 2024, 1)
    assert [row["source"] for row in found] == [source for (source,) in listed]


@pytest.mark.parametrize(
    ("known_at", "ended", "overdue"),
    [
        ("2024-03-31 16:59Z", False, False),  # still the last day in Jakarta
        ("2024-03-31 17:00Z", True, False),
        ("2024-03-31 23:30Z", True, False),
        ("2024-04-15 16:59Z", True, False),  # the 15th day after
        ("2024-04-15 17:00Z", True, True),
    ],
)
def test_days_are_those_of_the_office(ledger, known_at, ended, overdue):
    found = ledger.state("system_usage", 2024, 1, known_at)
    assert (found["period_ended"], found["is_overdue"]) == (ended, overdue)


def test_the_same_instant_is_another_day_in_another_zone(ledger):
    east = ledger.for_office("timur")
    east.office_row(time_zone="Asia/Jayapura")
    at = "2024-12-31 15:30Z"
    assert not ledger.state("ikpa", 2024, 4, at)["period_ended"]
    assert east.state("ikpa", 2024, 4, at)["period_ended"]


def test_a_quarter_in_the_future_is_neither_ended_nor_overdue(ledger):
    assert ledger.state("system_usage", 2024, 3, "2024-02-01 00:00+07") == {
        "source": "system_usage",
        "is_in_force": False,
        "has_data": False,
        "is_overdue": False,
        "has_gap": False,
        "last_quarter": None,
        "period_ended": False,
        "loads": [],
    }


def test_what_was_delivered_for_an_earlier_quarter_is_data_but_not_in_force(ledger):
    load_id = ledger.load("agency_ip_asn", "2024-Q1", [])
    assert ledger.state("agency_ip_asn", 2024, 2, "2024-07-05 00:00+07") == {
        "source": "agency_ip_asn",
        "is_in_force": False,
        "has_data": True,
        "is_overdue": False,
        "has_gap": False,
        "last_quarter": 1,
        "period_ended": True,
        "loads": [load_id],
    }


def test_a_gap_is_an_earlier_quarter_that_is_overdue_and_never_came(ledger):
    ledger.load("system_usage", "2024-Q1", [])
    third = ledger.load("system_usage", "2024-Q3", [])

    def gap(quarter, known_at):
        found = ledger.state("system_usage", 2024, quarter, known_at)
        return found["has_gap"], found["last_quarter"]

    assert gap(3, "2024-07-15 12:00+07") == (False, 3)  # the second is due today
    assert gap(3, "2024-07-16 12:00+07") == (True, 3)
    assert gap(4, LATE) == (True, 3)
    assert gap(2, LATE) == (False, 1)  # the quarter itself is no gap
    ledger.event(third, "withdrawn", "2024-12-01 00:00+07")
    assert gap(4, LATE) == (True, 1)
    ledger.load("system_usage", "2024-Q2", [])
    ledger.load("system_usage", "2024-Q3", [], at="2025-01-01 00:00+07")
    assert gap(4, LATE) == (False, 3)


def test_a_month_inside_the_quarter_is_not_its_delivery(ledger):
    ledger.load("ikpa", "2024-08", [])
    assert ledger.state("ikpa", 2024, 3)["last_quarter"] is None
    ledger.load("ikpa", "2024-09", [])
    found = ledger.state("ikpa", 2024, 3)
    assert (found["is_in_force"], found["last_quarter"]) == (True, 3)
    assert not ledger.state("ikpa", 2024, 4)["has_data"]


def test_a_yearly_source_is_due_after_31_december(ledger):
    last_day = "2025-06-29 23:59+07"  # sakip_score: 180 days
    day_after = "2025-06-30 00:00+07"
    for quarter in range(1, 5):
        assert not ledger.state("sakip_score", 2024, quarter, last_day)["is_overdue"]
        assert ledger.state("sakip_score", 2024, quarter, day_after)["is_overdue"]
        assert not ledger.state("sakip_score", 2024, quarter, LATE)["has_gap"]
    load_id = ledger.load("sakip_score", "2024", [])
    early, fourth = (ledger.state("sakip_score", 2024, quarter) for quarter in (3, 4))
    assert early["is_in_force"]
    assert (early["has_data"], early["last_quarter"], early["loads"]) == (False, None, [])
    assert (fourth["has_data"], fourth["last_quarter"], fourth["loads"]) == (True, 4, [load_id])
    assert not ledger.state("sakip_score", 2025, 4)["is_in_force"]


def test_a_register_of_the_year_before_is_data_without_a_quarter(ledger):
    load_id = ledger.load("audit_finding", "2023-Q3", [])
    found = ledger.state("audit_finding", 2024, 1)
    assert (found["has_data"], found["loads"]) == (True, [load_id])
    assert (found["is_in_force"], found["last_quarter"]) == (False, None)


def test_figures_printed_in_documents_are_never_due(ledger):
    found = ledger.state("published_actual", 2021, 4)
    assert (found["is_overdue"], found["has_gap"]) == (False, False)


def test_all_parts_of_an_event_source_are_read_in_order(ledger):
    landed = [
        ledger.load("survey_answer", period, [], part=part)
        for period, part in [("2024-Q2", "b"), ("2024-Q1", "utama"), ("2024-Q2", "a")]
    ]
    assert ledger.state("survey_answer", 2024, 2)["loads"] == landed
    assert ledger.state("survey_answer", 2024, 1)["loads"] == [landed[1]]


def test_the_state_is_that_of_the_instant(ledger):
    ledger.load("system_usage", "2024-Q1", [], at="2024-04-02 09:00+07")
    assert not ledger.state("system_usage", 2024, 1, "2024-04-02 08:59+07")["is_in_force"]
    assert ledger.state("system_usage", 2024, 1, "2024-04-02 09:00+07")["is_in_force"]


# Rows of the sources


def done(agency):
    return {"agency": agency, "status": "done"}


def answer(service, value, unit=None, **others):
    elements = dict.fromkeys((f"u{number}" for number in range(1, 10)), value)
    return {"service": service, "unit": unit, "answered_on": "2024-02-01", **elements, **others}


def respondents(ledger, quarter, known_at=LATE, of="respondents"):
    """Return how many answered, by service; each element repeats it for its unit."""
    rows = ledger.tally("survey_element", 2024, quarter, known_at)
    of_unit = {(row["service"], row["unit"]): row[of] for row in rows}
    found = {}
    for (service, _), count in sorted(of_unit.items()):
        found[service] = count if service not in found else found[service] + count
    return found


def service_row(kind, service, rejected, population=None):
    return {"kind": kind, "service": service, "rejected": rejected, "population": population}


def ikpa(satker, final):
    values = ("dipa_revision", "page_three_deviation", "absorption", "contract")
    values += ("bill_settlement", "cash_supply", "output")
    return {
        "satker": satker,
        "satker_name": "SATKER UJI",
        "ba_code": "088",
        "kppn_code": "004",
        "regime": 2024,
        **{f"value_{name}": "100" for name in values},
        **{f"weight_{name}": "10" for name in values},
        "total_score": final,
        "conversion_pct": "100",
        "dispensation_score": "0",
        "final_score": final,
    }


def proposal(number, proposed, status, decided):
    return {
        "proposal_no": number,
        "title": "Pedoman",
        "proposed_date": proposed,
        "status": status,
        "decided_date": decided,
    }


def issued(number, day, status=3, status_day=None, due=None):
    return {
        "recommendation_no": number,
        "issued_date": day,
        "agency": "12.01",
        "answer_due_date": due,
        "status": status,
        "status_date": status_day,
    }


def parts(finding, recommendation, *statuses, since="2024-02-01", issuer="bpk", report="LHP/1"):
    return [
        {
            "issuer": issuer,
            "report_no": report,
            "finding_no": finding,
            "recommendation_no": recommendation,
            "work_unit": f"unit {number}",
            "issued_date": since,
            "status": status,
            "status_date": day,
        }
        for number, (status, day) in enumerate(statuses)
    ]


# The same rules, slow and obvious (RULES 6.1, 6.2)


def day_near_an_edge(chance):
    edges = [date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 12, 31)]
    if chance.random() < 0.5:
        return chance.choice(edges) + timedelta(days=chance.choice([-60, -1, 0, 1, 59]))
    return date(2023, 6, 1) + timedelta(days=chance.randrange(600))


def last_day(year, quarter):
    months = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
    return date(year, *months[quarter])


def status_on(day, status, given):
    return 3 if given is not None and given > day else status


def slow_oversight(when, status, given, due, year, quarter):
    end, before = last_day(year, quarter), date(year - 1, 12, 31)
    if when > end:
        return None
    if when <= before and status_on(before, status, given) in (1, 4):
        return None
    now = status_on(end, status, given)
    first_month = 3 * quarter - 2
    return (
        "carried" if when.year < year else "this_year",
        when.year == year and first_month <= when.month <= first_month + 2,
        now,
        now in (2, 3) and (due or when + timedelta(days=60)) >= end,
    )


def slow_audit(since, acting, year, quarter):
    def status_of_all(day):
        left = [status_on(day, status, given) for status, given in acting]
        left = [status for status in left if status != 4]
        for worst in (3, 2, 1):
            if worst in left:
                return worst
        return 4

    end, before = last_day(year, quarter), date(year - 1, 12, 31)
    if since > end or (since <= before and status_of_all(before) in (1, 4)):
        return None
    now = status_of_all(end)
    cohort = "carried" if since <= before else "this_year"
    return cohort, now, now in (2, 3) and since + timedelta(days=60) >= end
