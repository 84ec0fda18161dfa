"""Every file of sql/checks catches its offender, and a good warehouse has nothing that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.computing.checks import run_checks
from flows.machine.settings import Settings
from flows.warehouse import seeding
from flows.warehouse.check_files import check_files
from flows.warehouse.connection import Warehouse
from tests.conftest import TEMPLATE, Server
from tests.warehouse import steps
from tests.warehouse.steps import digital, form, land, landed

# Ten days after the first quarter of 2024: nothing is overdue yet.
TODAY = "2024-04-10T08:00:00+07:00"
CHECKS = [check.name for check in check_files()]
Q1 = ("digital_service", "2024-Q1")


@dataclass(frozen=True)
class Place:
    """A good warehouse and every way of spoiling it."""

    server: Server
    database: str
    settings: Settings
    opened: list[Warehouse] = field(default_factory=list)

    def at(self, instant: str) -> Warehouse:
        """Open it with its clock at an instant."""
        self.opened.append(steps.open_at(self.server, self.database, instant))
        return self.opened[-1]

    def sql(self, *statements: str) -> None:
        """Do as the superuser what the program cannot do."""
        with steps.admin(self.server, self.database) as connection:
            for statement in statements:
                steps.ask(connection, statement)

    def land(self, *what: object, instant: str = TODAY, **more: str) -> int:
        """Land a file that is taken, and return its load."""
        return landed(land(self.at(instant), self.settings, *what, **more)).load_id

    def compute(self, year: int, quarter: int, instant: str = TODAY) -> None:
        """Compute a quarter and record it."""
        steps.compute(self.at(instant), year, quarter)

    def seed(self, table: str, row: Mapping[str, object]) -> None:
        """Record a reference."""
        directory = steps.seed_rows(self.settings.home / "seeds", table, [row])
        seeding.seed(self.at(TODAY), directory)

    def close(self) -> None:
        """Close every connection."""
        for warehouse in self.opened:
            warehouse.engine.dispose()


@contextmanager
def place(server: Server, template: str, home: Path) -> Iterator[Place]:
    """Give a copy of a database and a home of its own."""
    given = server.settings.model_copy(
        update={"home": home, "inbox": home / "inbox", "outbox": home / "outbox"}
    )
    with steps.copy_of(server, template) as database:
        made = Place(server, database, given)
        try:
            yield made
        finally:
            made.close()


@pytest.fixture(scope="module")
def prepared(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the good warehouse once, to be copied."""
    with place(server, TEMPLATE, tmp_path_factory.mktemp("good")) as made:
        steps.backdate_references(server, made.database)
        made.seed("office", {**own_office(), "satker_code": steps.SATKER})
        made.land(*Q1, digital(11))
        made.land("survey_answer", "2024-Q1", [form("433344443")] * 3)
        made.compute(2024, 1)
        made.close()
        yield made.database


@pytest.fixture
def good(server: Server, prepared: str, tmp_path: Path) -> Iterator[Place]:
    with place(server, prepared, tmp_path) as made:
        yield made


def own_office() -> dict[str, str]:
    return next(row for row in steps.seeded("office") if row["office"] == steps.OFFICE)


def refused_in_force(place: Place) -> None:
    refused = land(place.at(TODAY), place.settings, *Q1, "Layanan,Digital,Digital SIASN\nX,Ya,Ya\n")
    assert refused.status == "refused"
    place.sql(
        "INSERT INTO ops.load_event (load_id, event, at, who, reason)"
        f" VALUES ({refused.load_id}, 'in_force', '{TODAY}', 'x', 'x')"
    )


def main_and_named_part(place: Place) -> None:
    rows = [form("444444444", answered_on=date(2024, 4, 5))]
    other = place.land("survey_answer", "2024-Q2", rows, part="mutasi")
    place.sql(f"UPDATE ops.load SET period = '2024-Q1' WHERE load_id = {other}")


def without_satker(place: Place) -> None:
    place.seed("office", {**own_office(), "satker_code": ""})


def printed_otherwise(place: Place) -> None:
    place.land("published_actual", "2024-Q1", steps.printed({"IKU.7": Decimal(95)}))
    place.compute(2024, 1)


def without_document(place: Place) -> None:
    load = place.land("published_actual", "2024-Q1", steps.printed({"IKU.7": Decimal(95)}))
    place.sql(f"UPDATE staging.published_actual SET document = ' ' WHERE load_id = {load}")


def without_target(place: Place) -> None:
    later = "2030-01-10T08:00:00+07:00"
    place.land("digital_service", "2029-Q4", digital(11), instant=later)
    place.compute(2029, 4, later)


def member_without_agency(place: Place) -> None:
    place.sql(
        "INSERT INTO ref.office_agency (office, agency, valid_from)"
        " VALUES ('kanreg-06', '99.99', '2020-01-01')"
    )


def alias_without_agency(place: Place) -> None:
    place.sql(
        "INSERT INTO ref.agency_alias (office, agency, alias, valid_from)"
        " VALUES ('*', '99.99', 'Antah', '2020-01-01')"
    )


def two_of_one_spelling(place: Place) -> None:
    # One for every office and one of ours, written differently, both kota.
    place.sql(
        "INSERT INTO ref.agency_alias (office, agency, alias, valid_from) VALUES"
        " ('*', '12.71', 'Kota-Antah', '2020-01-01'),"
        " ('kanreg-06', '12.72', 'KOTA ANTAH', '2020-01-01')"
    )


def alias_that_is_the_name_of_another(alias: str) -> Callable[[Place], None]:
    """Give Kota Medan a spelling of its own that is the name of another kota."""

    def offend(place: Place) -> None:
        place.sql(
            "INSERT INTO ref.agency_alias (office, agency, alias, valid_from)"
            f" VALUES ('kanreg-06', '12.71', '{alias}', '2020-01-01')"
        )

    return offend


def two_agencies_of_one_name(place: Place) -> None:
    place.sql(
        "INSERT INTO ref.agency (agency, type, name, valid_from)"
        " VALUES ('12.99', 'kota', 'Kota MEDAN', '2020-01-01')"
    )


def zone_of_nowhere(place: Place) -> None:
    place.sql(
        "INSERT INTO ref.office (office, name, short_name, time_zone, satker_code, ba_code,"
        " kppn_code, valid_from, recorded_at) VALUES"
        " ('kanreg-77', 'x', 'x', 'Asia/Medan', '999077', '', '', '2020-01-01', '2020-01-01')"
    )


def unknown_office(table: str, columns: str, cells: str) -> Callable[[Place], None]:
    def offend(place: Place) -> None:
        place.sql(
            f"INSERT INTO ref.{table} (office, valid_from, {columns})"
            f" VALUES ('kanreg-77', '2020-01-01', {cells})"
        )

    offend.__name__ = f"unknown_office_of_{table}"
    return offend


def budget_of_another_sum(place: Place) -> None:
    place.sql(
        "INSERT INTO ref.budget (office, year, breakdown, position, group_name, item, amount_idr,"
        " valid_from) VALUES ('kanreg-06', 2024, 'jenis', 9, 'Belanja Barang', 'Contoh', 1,"
        " '2024-01-01')"
    )


def service_of_no_unit(place: Place) -> None:
    place.sql(
        "INSERT INTO ref.survey_service (office, service, name, kind, unit, valid_from)"
        " VALUES ('kanreg-06', 'SV99', 'Contoh', 'pembinaan', 'ANTAH', '2020-01-01')"
    )


COPY_OF_A_VALUE = """
INSERT INTO iku.value (
    run_id, office, iku, year, quarter, basis, known_at, recorded_at, status, unit, actual_exact,
    actual, numerator, denominator, components, tally, method, fingerprint, loads
)
SELECT
    run_id, office, iku, year, quarter, basis, known_at, recorded_at + interval '1 hour', status,
    unit, actual_exact, actual, numerator, denominator, components, tally, method, 'x', loads
FROM iku.value WHERE iku = 'IKU.7'
"""


def value_alone(place: Place) -> None:
    place.sql(COPY_OF_A_VALUE)


def value_after_the_roll_up(place: Place) -> None:
    place.sql(
        COPY_OF_A_VALUE,
        """
        INSERT INTO iku.achievement (
            value_id, run_id, document, missing_because, status_word, recorded_at
        )
        SELECT value_id, run_id, 'pk', 'no_target', 'x', recorded_at
        FROM iku.value WHERE fingerprint = 'x'
        """,
    )


def roll_up_gone(place: Place) -> None:
    place.sql("DELETE FROM iku.rollup")


def row_gone(place: Place) -> None:
    place.sql("DELETE FROM staging.digital_service WHERE service = 'L01'")


def row_too_many(place: Place) -> None:
    place.sql(
        "INSERT INTO staging.survey_answer (load_id, sheet, row_no, service, answered_on)"
        " SELECT load_id, sheet, 99, service, answered_on FROM staging.survey_answer LIMIT 1"
    )


def row_of_no_load(place: Place) -> None:
    place.sql(
        "INSERT INTO staging.survey_answer (load_id, sheet, row_no, service, answered_on)"
        " VALUES (999, 'csv', 2, 'SV01', '2024-01-05')"
    )


def rows_in_the_table_of_another_source(place: Place) -> None:
    # As many as were accepted: counted over all tables nothing is missing.
    place.sql(
        "WITH gone AS (DELETE FROM staging.survey_answer RETURNING load_id, row_no)"
        " INSERT INTO staging.digital_service"
        " SELECT load_id, 'csv', row_no, 'L9' || row_no, true, true FROM gone"
    )


def row_of_a_refused_load(place: Place) -> None:
    refused = land(place.at(TODAY), place.settings, *Q1, "Layanan,Digital,Digital SIASN\nX,Ya,Ya\n")
    place.sql(
        "INSERT INTO staging.digital_service"
        f" VALUES ({refused.load_id}, 'csv', 2, 'L01', true, true)"
    )


OFFENDERS: list[tuple[str, Callable[[Place], None], str]] = [
    ("in_force_but_refused", refused_in_force, TODAY),
    ("main_and_named_parts", main_and_named_part, TODAY),
    ("office_without_satker", without_satker, TODAY),
    # Time alone makes it: on the 16th the files of the first quarter are late.
    ("overdue_source", lambda place: None, "2024-04-16T08:00:00+07:00"),
    ("published_differs_from_computed", printed_otherwise, TODAY),
    ("published_without_document", without_document, TODAY),
    # The clock was ahead when it was recorded.
    ("recorded_in_the_future", lambda place: None, "2024-04-09T08:00:00+07:00"),
    ("ref_agency_without_row", member_without_agency, TODAY),
    ("ref_agency_without_row", alias_without_agency, TODAY),
    ("ref_alias_of_two_agencies", two_of_one_spelling, TODAY),
    ("ref_alias_of_two_agencies", alias_that_is_the_name_of_another("Binjai"), TODAY),
    ("ref_alias_of_two_agencies", alias_that_is_the_name_of_another("pemko. BIN-JAI"), TODAY),
    ("ref_alias_of_two_agencies", alias_that_is_the_name_of_another("Pemda Kota Binjai"), TODAY),
    ("ref_alias_of_two_agencies", alias_that_is_the_name_of_another("Kota Pemda Binjai"), TODAY),
    ("ref_alias_of_two_agencies", two_agencies_of_one_name, TODAY),
    ("ref_budget_sums_differ", budget_of_another_sum, TODAY),
    ("ref_office_unknown", unknown_office("office_agency", "agency", "'12.71'"), TODAY),
    (
        "ref_office_unknown",
        unknown_office(
            "target", "iku, document, year, target, unit", "'IKU.1', 'pk', 2024, 1, 'percent'"
        ),
        TODAY,
    ),
    (
        "ref_office_unknown",
        unknown_office("iku_name", "iku, document, name", "'IKU.1', 'pk-2024', 'x'"),
        TODAY,
    ),
    ("ref_office_unknown", unknown_office("unit", "unit, name", "'TU', 'x'"), TODAY),
    (
        "ref_office_unknown",
        unknown_office("unit_iku", "unit, activity, iku", "'TU', '4842', 'IKU.1'"),
        TODAY,
    ),
    (
        "ref_office_unknown",
        unknown_office("survey_service", "service, name, kind, unit", "'S', 'x', 'pembinaan', 'T'"),
        TODAY,
    ),
    (
        "ref_office_unknown",
        unknown_office("service_volume", "service, year, volume", "'SV01', 2024, 1"),
        TODAY,
    ),
    (
        "ref_office_unknown",
        unknown_office(
            "budget",
            "year, breakdown, position, group_name, item, amount_idr",
            "2024, 'jenis', 1, 'x', 'x', 1",
        ),
        TODAY,
    ),
    ("ref_office_unknown", unknown_office("agency_alias", "agency, alias", "'12.71', 'x'"), TODAY),
    ("ref_survey_service_without_unit", service_of_no_unit, TODAY),
    ("ref_time_zone_unknown", zone_of_nowhere, TODAY),
    ("rollup_not_of_newest_values", value_after_the_roll_up, TODAY),
    ("rollup_not_of_newest_values", roll_up_gone, TODAY),
    ("staging_rows_not_as_counted", row_gone, TODAY),
    ("staging_rows_not_as_counted", row_too_many, TODAY),
    ("staging_rows_not_as_counted", row_of_no_load, TODAY),
    ("staging_rows_not_as_counted", rows_in_the_table_of_another_source, TODAY),
    ("staging_rows_not_as_counted", row_of_a_refused_load, TODAY),
    ("target_missing_for_value", without_target, "2030-01-10T08:00:00+07:00"),
    ("value_without_achievement", value_alone, TODAY),
]


def found(warehouse: Warehouse) -> dict[str, list[dict[str, object]]]:
    return {finding.check: finding.offenders for finding in run_checks(warehouse)}


def test_every_check_has_an_offender():
    assert {check for check, _, _ in OFFENDERS} == set(CHECKS)


@pytest.mark.parametrize(
    ("check", "offend", "instant"),
    OFFENDERS,
    ids=[f"{check}-{number}" for number, (check, _, _) in enumerate(OFFENDERS, 1)],
)
def test_a_check_catches_its_offender(
    check: str, offend: Callable[[Place], None], instant: str, good: Place
):
    assert check not in found(good.at(TODAY))
    offend(good)
    assert found(good.at(instant))[check]


def test_a_spelling_of_two_types_is_no_offender(good: Place):
    # A file tells Kabupaten Karo from Kota Karo by the type it must then write.
    alias_that_is_the_name_of_another("Karo")(good)
    assert found(good.at(TODAY)) == {}


def test_the_zone_of_one_office_hides_nothing_of_the_others(good: Place):
    """Such a row cannot be seeded; one that is there breaks the checks that need every day."""
    zone_of_nowhere(good)
    row_gone(good)
    findings = {one.check: one for one in run_checks(good.at(TODAY))}
    assert findings["ref_time_zone_unknown"].offenders == [
        {"kantor": "kanreg-77", "zona_waktu": "Asia/Medan"}
    ]
    assert findings["staging_rows_not_as_counted"].offenders
    broken = findings["overdue_source"]
    assert broken.severity == "fail"
    assert "SQLSTATE 22023" in broken.offenders[0]["galat"]
    # The other office is computed as before.
    assert {(2024, 1), (2024, 2)} <= steps.touched(good.at("2024-04-11T08:00:00+07:00"))
    assert not steps.refresh(good.at("2024-04-11T08:00:00+07:00"))[0].failed
    # A correction is taken, and all is well.
    good.seed(
        "office",
        {
            **own_office(),
            "office": "kanreg-77",
            "satker_code": "999077",
            "valid_from": "2020-01-01",
        },
    )
    assert set(found(good.at("2024-04-11T08:00:00+07:00"))) == {"staging_rows_not_as_counted"}


def test_a_good_warehouse_has_no_finding(good: Place):
    assert found(good.at(TODAY)) == {}


def test_a_year_without_flaws_fails_no_check(server: Server):
    with steps.copy_of(server, steps.year_template(server)) as database:
        warehouse = steps.open_at(server, database, steps.YEAR_KNOWN_AT)
        findings = run_checks(warehouse)
        warehouse.engine.dispose()
    assert [one.check for one in findings if one.severity == "fail"] == []


def test_failing_checks_come_first_and_say_what_is_wrong(good: Place):
    without_satker(good)
    row_gone(good)
    findings = run_checks(good.at(TODAY))
    assert [finding.severity for finding in findings] == ["fail", "warn"]
    assert [finding.title for finding in findings] == [
        "jumlah baris tersimpan berbeda dari yang diterima",
        "kantor tanpa kode satker",
    ]


def test_every_check_has_a_title_of_its_own():
    titles = [check.title for check in check_files()]
    assert len(set(titles)) == len(titles) > 10
    for check in check_files():
        assert check.title not in (check.name, check.says)
        assert "_" not in check.title
        assert check.says.endswith((".", ","))
