"""History: what was shown on a day, what a clock alone changes, and what a late file touches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.computing import recording
from flows.computing.quarter import Failed, Quarter, Run
from flows.computing.verifying import differences
from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.showing import scorecards, store
from flows.warehouse import migrations, seeding
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.warehouse import steps
from tests.warehouse.steps import digital, graded, land, landed, refresh, shown, update

At = Callable[[str | None], Warehouse]

BEFORE, AFTER = Decimal("91.67"), Decimal("100.00")
TONIGHT = Run("penguji", "uji", migrations.version())


@pytest.fixture
def clock(server: Server, database: str, at: At) -> At:
    """Return what opens the warehouse at a time of the past, when the seeds were known already."""
    steps.backdate_references(server, database)
    return at


# By what was asked, what IKU 7 said then. It was corrected at half past midnight of the 21st in
# Medan, when it was still the 20th in Greenwich.
SHOWN_AS_OF = {
    "2024-07-09": None,
    "2024-07-10T07:59:59+07:00": None,
    "2024-07-10T08:00:00+07:00": BEFORE,
    "2024-07-10": BEFORE,
    "2024-07-20": BEFORE,
    "2024-07-20T17:29:59+00:00": BEFORE,
    "2024-07-20T17:30:00+00:00": AFTER,
    "2024-07-21": AFTER,
    "2030-01-01": AFTER,
}


def test_as_of_means_what_was_shown_then(clock: At, settings: Settings):
    slice_ = ("digital_service", "2024-Q2")
    for instant, online in (("2024-07-10T08:00:00+07:00", 11), ("2024-07-21T00:30:00+07:00", 12)):
        landed(land(clock(instant), settings, *slice_, digital(online)))
        steps.compute(clock(instant), 2024, 2)
    warehouse = clock(None)
    found, rolled_up = {}, {}
    for as_of in SHOWN_AS_OF:
        at = scorecards.moment(as_of, "Asia/Jakarta")
        lines = store.lines(warehouse, steps.OFFICE, 2024, 2, at)
        assert len(lines) in (0, 14)
        found[as_of] = {line["iku"]: line["realisasi"] for line in lines}.get("IKU.7")
        npss = store.npss(warehouse, steps.OFFICE, 2024, 2, at)
        rolled_up[as_of] = None if npss is None else npss["npss"]
    assert found == SHOWN_AS_OF
    capaian = {None: None, BEFORE: Decimal("100.74"), AFTER: Decimal("109.89")}
    assert rolled_up == {as_of: capaian[actual] for as_of, actual in SHOWN_AS_OF.items()}


def test_spans_follow_each_other_without_gap_or_overlap(clock: At, settings: Settings):
    for day, online in ((10, 11), (11, 12), (12, 10)):
        warehouse = clock(f"2024-07-{day}T08:00:00+07:00")
        landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(online)))
        update(warehouse, 2024, 2)
    spans = clock(None).rows(
        "SELECT berlaku_dari, berlaku_sampai FROM mart.capaian_versi WHERE iku = 'IKU.7'"
        " AND triwulan = 2 AND tahun = 2024 AND dokumen = 'pk' ORDER BY berlaku_dari"
    )
    assert len(spans) == 3
    assert [span["berlaku_sampai"] for span in spans] == [
        *(span["berlaku_dari"] for span in spans[1:]),
        None,
    ]


def test_a_date_that_is_no_date_is_refused():
    for text in ("kemarin", "2024-13-01", "2024-07-10T08:00", "", "10/07/2024", "9999-12-31"):
        with pytest.raises(scorecards.BadMoment, match="tidak terbaca"):
            scorecards.moment(text, "Asia/Jakarta")


def test_retract_restores_the_value_before_and_the_past_stays(clock: At, settings: Settings):
    warehouse = clock("2024-07-10T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))
    update(warehouse, 2024, 2)
    warehouse = clock("2024-07-11T08:00:00+07:00")
    wrong = landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(12)))
    update(warehouse, 2024, 2)
    warehouse = clock("2024-07-12T08:00:00+07:00")
    loads.retract(warehouse, wrong.load_id, "penguji", "salah")
    update(warehouse, 2024, 2)
    seen = [
        shown(warehouse, "IKU.7", 2024, 2, as_of=f"2024-07-{day}")["realisasi"]
        for day in (10, 11, 12)
    ]
    assert seen == [BEFORE, AFTER, BEFORE]
    assert shown(warehouse, "IKU.7", 2024, 2)["status"] == "measured"


def test_a_printed_figure_is_shown_and_the_computed_one_beside_it(clock: At, settings: Settings):
    warehouse = clock("2024-07-10T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))
    update(warehouse, 2024, 2)
    warehouse = clock("2024-07-25T08:00:00+07:00")
    printed = steps.printed({"IKU.7": Decimal("83.33"), "IKU.2": Decimal("50")})
    landed(land(warehouse, settings, "published_actual", "2024-Q2", printed))
    update(warehouse, 2024, 2)
    line = shown(warehouse, "IKU.7", 2024, 2)
    assert (line["dasar"], line["realisasi"], line["realisasi_hitung"]) == (
        "terbit",
        Decimal("83.33"),
        BEFORE,
    )
    assert (line["pembilang"], line["penyebut"]) == (None, None)
    # Printed where nothing could be computed.
    assert shown(warehouse, "IKU.2", 2024, 2)["realisasi"] == Decimal(50)
    assert shown(warehouse, "IKU.7", 2024, 2, as_of="2024-07-24")["dasar"] == "hitung"


def test_of_several_documents_the_newest_counts(clock: At, settings: Settings):
    warehouse = clock("2024-08-10T08:00:00+07:00")
    rows = [
        *steps.printed({"IKU.7": Decimal(80)}, "LKj perubahan", date(2024, 8, 1)),
        *steps.printed({"IKU.7": Decimal(70)}, "LKj", date(2024, 7, 20)),
    ]
    landed(land(warehouse, settings, "published_actual", "2024-Q2", rows))
    update(warehouse, 2024, 2)
    assert shown(warehouse, "IKU.7", 2024, 2)["realisasi"] == Decimal(80)


def test_a_printed_na_never_hides_a_number(clock: At, settings: Settings):
    warehouse = clock("2024-07-25T08:00:00+07:00")
    printed = steps.printed({"IKU.7": None, "IKU.6": None})
    landed(land(warehouse, settings, "published_actual", "2024-Q2", printed))
    update(warehouse, 2024, 2)
    for iku in ("IKU.6", "IKU.7"):
        line = shown(warehouse, iku, 2024, 2)
        assert (line["dasar"], line["status_kata"]) == ("terbit", "belum terbit")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))
    update(clock("2024-07-26T08:00:00+07:00"), 2024, 2)
    line = shown(warehouse, "IKU.7", 2024, 2)
    assert (line["dasar"], line["realisasi"]) == ("hitung", BEFORE)


def test_a_withdrawn_document_shows_the_computed_value_again(clock: At, settings: Settings):
    warehouse = clock("2024-07-25T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))
    update(warehouse, 2024, 2)
    without = {iku: shown(warehouse, iku, 2024, 2) for iku in ("IKU.2", "IKU.3", "IKU.7")}
    assert [line["status"] for line in without.values()] == [
        "not_yet_published",
        "not_reported",
        "measured",
    ]
    warehouse = clock("2024-07-26T08:00:00+07:00")
    printed = steps.printed({iku: Decimal(77) for iku in without})
    document = landed(land(warehouse, settings, "published_actual", "2024-Q2", printed))
    update(warehouse, 2024, 2)
    assert {shown(warehouse, iku, 2024, 2)["realisasi"] for iku in without} == {Decimal(77)}
    warehouse = clock("2024-07-27T08:00:00+07:00")
    loads.retract(warehouse, document.load_id, "penguji", "dokumen dibatalkan")
    update(warehouse, 2024, 2)
    again = {iku: shown(warehouse, iku, 2024, 2) for iku in without}
    columns = ("dasar", "status", "status_kata", "realisasi", "capaian", "metode")
    for iku in without:
        assert [again[iku][name] for name in columns] == [without[iku][name] for name in columns]
    # Nothing is written for it a second time.
    again = update(clock("2024-07-27T09:00:00+07:00"), 2024, 2)
    assert steps.written([again]) == (0, 0, 0)


def test_a_value_before_the_end_of_its_quarter_becomes_final_after_it(
    clock: At, settings: Settings
):
    warehouse = clock("2024-06-20T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))
    update(warehouse, 2024, 2)
    line = shown(warehouse, "IKU.7", 2024, 2)
    assert (line["status"], line["rincian"]["sebab_sementara"]) == (
        "provisional",
        ["triwulan belum berakhir"],
    )
    # The quarter ends at midnight in Medan, not in Greenwich.
    assert shown_after(clock, "2024-06-30T23:59:00+07:00", "IKU.7") == ("provisional", BEFORE)
    assert shown_after(clock, "2024-07-01T00:01:00+07:00", "IKU.7") == ("measured", BEFORE)
    assert len(versions(warehouse, "IKU.7", 2)) == 2


def shown_after(clock: At, instant: str, iku: str, quarter: int = 2) -> tuple[str, Decimal | None]:
    """Refresh at an instant and return what is shown then."""
    update(clock(instant), 2024, quarter)
    line = shown(clock(None), iku, 2024, quarter)
    return line["status"], line["realisasi"]


def versions(warehouse: Warehouse, iku: str, quarter: int, year: int = 2024) -> list[str]:
    return [
        row["status"]
        for row in warehouse.rows(
            "SELECT status FROM iku.value WHERE iku = :iku AND quarter = :quarter AND year = :year"
            " AND basis = 'computed' ORDER BY value_id",
            iku=iku,
            quarter=quarter,
            year=year,
        )
    ]


@pytest.mark.parametrize(
    ("iku", "source", "steps_of_status"),
    [
        # Last known: the quarter before stands in, before and after the due day.
        ("IKU.7", "digital_service", ["provisional", "provisional", "provisional"]),
        # The mean of the quarters: what there is, then late.
        ("IKU.10", "system_usage", ["provisional", "provisional", "not_reported"]),
        # A register's last list is read until the due day.
        ("IKU.5", "technical_regulation", ["provisional", "provisional", "not_reported"]),
    ],
)
def test_a_source_that_does_not_come_becomes_late_by_the_clock(
    iku: str, source: str, steps_of_status: list[str], clock: At, settings: Settings
):
    rows = {
        "digital_service": digital(11),
        "system_usage": steps.usage(12),
        "technical_regulation": steps.proposals(date(2024, 2, 1), None),
    }[source]
    landed(land(clock("2024-07-10T08:00:00+07:00"), settings, source, "2024-Q2", rows))
    found = [
        shown_after(clock, f"2024-{day}T08:00:00+07:00", iku, 3)[0]
        for day in ("09-20", "10-15", "10-16")
    ]
    assert found == steps_of_status
    # Overdue is a flag of its own: it writes a value also where the status stays the same.
    assert len(versions(clock(None), iku, 3)) == 3


def test_a_carried_value_names_its_quarter(clock: At, settings: Settings):
    warehouse = clock("2024-07-10T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))
    update(clock("2024-10-16T08:00:00+07:00"), 2024, 3)
    line = shown(warehouse, "IKU.7", 2024, 3)
    assert line["rincian"]["triwulan_asal"] == 2
    assert "memakai data Triwulan II" in line["rincian"]["sebab_sementara"]
    # Never in the fourth quarter.
    assert shown_after(clock, "2025-01-16T08:00:00+07:00", "IKU.7", 4) == ("not_reported", None)


@pytest.mark.parametrize(
    ("ikus", "year", "last_day", "day_after"),
    [
        (("IKU.12",), 2024, "2025-06-29", "2025-06-30"),
        (("IKU.1", "IKU.2", "IKU.9", "IKU.11"), 2023, "2024-12-30", "2024-12-31"),
    ],
)
def test_the_day_after_the_last_due_day_of_a_year_is_computed_too(
    ikus: tuple[str, ...], year: int, last_day: str, day_after: str, clock: At
):
    """A quarter is closed when every due day has passed; the last must still be seen to pass."""
    words = []
    for day in (last_day, day_after):
        refresh(clock(f"{day}T08:00:00+07:00"))
        words.append({shown(clock(None), iku, year, 4)["status_kata"] for iku in ikus})
    assert words == [{"belum terbit"}, {"belum lapor"}]


def test_a_refresh_with_nothing_new_writes_nothing(clock: At, settings: Settings):
    warehouse = clock("2024-10-20T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q3", digital(11)))
    assert steps.written(refresh(warehouse))[0] > 0
    assert steps.written(refresh(clock("2024-10-20T09:00:00+07:00"))) == (0, 0, 0)
    assert steps.written(refresh(clock("2024-10-21T08:00:00+07:00"))) == (0, 0, 0)


def test_no_quarter_is_computed_before_it_begins(clock: At, settings: Settings):
    warehouse = clock("2024-09-30T23:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q1", digital(11)))
    assert max(steps.touched(warehouse)) == (2024, 3)
    # In Medan the next one has begun, in Greenwich it has not.
    assert max(steps.touched(clock("2024-10-01T00:30:00+07:00"))) == (2024, 4)


def test_a_new_year_of_which_nothing_came_is_computed_from_its_first_day(
    clock: At, settings: Settings
):
    # The seeds hold targets up to 2024; of 2027 there is neither a target nor a load.
    landed(
        land(
            clock("2026-10-10T08:00:00+07:00"), settings, "digital_service", "2026-Q3", digital(11)
        )
    )
    refresh(clock("2026-12-31T23:00:00+07:00"))
    assert words_of(clock, 2027, 1) == []
    # In Medan the year has begun, in Greenwich it has not.
    new_year = clock("2027-01-01T00:30:00+07:00")
    assert (2027, 1) in steps.touched(new_year)
    refresh(new_year)
    assert words_of(clock, 2027, 1) == ["belum terbit"] * 14
    # The day after the due day of the first quarter what comes quarterly is late.
    refresh(clock("2027-04-16T08:00:00+07:00"))
    assert sorted(words_of(clock, 2027, 1)) == ["belum lapor"] * 9 + ["belum terbit"] * 5
    assert steps.written(refresh(clock("2027-04-16T09:00:00+07:00"))) == (0, 0, 0)
    # A year that was current stays in play until its last due day has passed.
    for day, late in (("2028-01-16", 9), ("2028-12-31", 14)):
        refresh(clock(f"{day}T08:00:00+07:00"))
        assert words_of(clock, 2027, 4).count("belum lapor") == late
    assert 2027 not in {year for year, _ in steps.touched(clock("2029-01-01T08:00:00+07:00"))}


def words_of(clock: At, year: int, quarter: int) -> list[str]:
    """Return the words of the scorecard of a quarter."""
    lines = store.lines(clock(None), steps.OFFICE, year, quarter, None)
    return [line["status_kata"] for line in lines]


def test_an_office_of_which_nothing_is_known_is_not_computed(clock: At, tmp_path: Path):
    row = next(row for row in steps.seeded("office") if row["office"] == steps.OFFICE)
    warehouse = clock(None)
    seeds = steps.seed_rows(tmp_path / "seeds", "office", [{**row, "office": "kanreg-77"}])
    seeding.seed(warehouse, seeds)
    assert steps.touched(warehouse, "kanreg-77") == set()


@pytest.mark.parametrize(
    ("source", "period", "rows", "touched"),
    [
        ("digital_service", "2022-Q2", digital(11), {(2022, q) for q in (2, 3, 4)}),
        ("system_usage", "2022-Q4", steps.usage(), {(2022, 4)}),
        ("agency_nspk", "2022", graded(20), {(2022, 4)}),
        (
            "technical_regulation",
            "2022-Q3",
            steps.proposals(None, year=2022),
            {(2022, 3), (2022, 4), *((2023, q) for q in (1, 2, 3, 4))},
        ),
        ("published_actual", "2022-Q2", steps.printed({"IKU.7": Decimal(90)}), {(2022, 2)}),
    ],
)
def test_a_late_file_touches_the_later_quarters_of_its_year(
    source: str,
    period: str,
    rows: list,
    touched: set[tuple[int, int]],
    clock: At,
    settings: Settings,
):
    # In 2026 the years 2022 and 2023 are closed, and what was there of them was computed.
    warehouse = clock("2026-02-02T08:00:00+07:00")
    refresh(warehouse)
    always = steps.touched(warehouse)
    assert not {quarter for quarter in always if quarter[0] in (2022, 2023)}
    landed(land(clock("2026-02-03T08:00:00+07:00"), settings, source, period, rows))
    warehouse = clock("2026-02-03T09:00:00+07:00")
    assert steps.touched(warehouse) - always == touched
    refresh(warehouse)
    assert steps.touched(clock("2026-02-03T10:00:00+07:00")) == always


def test_an_open_quarter_is_computed_once_a_day(clock: At, settings: Settings):
    def touched(instant: str) -> set[tuple[int, int]]:
        return steps.touched(clock(f"2026-02-{instant}:00+07:00"))

    compute_all(clock("2026-02-03T08:00:00+07:00"), TONIGHT)
    assert touched("03T08:01") == touched("03T23:59") == set()
    # Another day in the office, though the same one in Greenwich.
    open_quarters = touched("04T00:01")
    assert (2026, 1) in open_quarters

    # A printed figure of one quarter; who knows what else reads it.
    figures = steps.printed({"IKU.7": Decimal(90)})
    slice_ = ("published_actual", "2023-Q1")
    landed(land(clock("2026-02-03T09:00:00+07:00"), settings, *slice_, figures))
    assert touched("03T09:01") == open_quarters | {(2023, 1)}
    compute_all(clock("2026-02-03T09:01:00+07:00"), TONIGHT)
    assert touched("03T09:02") == set()


@pytest.mark.parametrize("run", [steps.RUN, TONIGHT], ids=["another program", "a failure"])
def test_an_open_quarter_waits_for_no_other_day_after(run: Run, clock: At):
    warehouse = clock("2026-02-03T08:00:00+07:00")
    asked = Quarter(steps.OFFICE, 2026, 1, warehouse.instant())
    computed = steps.measure_all(warehouse, asked)
    if run is TONIGHT:
        computed[0] = Failed("IKU.1", "rusak")
    recording.record(warehouse, asked, computed, [], run)
    assert (2026, 1) in steps.touched(clock("2026-02-03T09:00:00+07:00"))


def compute_all(warehouse: Warehouse, run: Run) -> None:
    for year, quarter in sorted(steps.touched(warehouse)):
        steps.compute(warehouse, year, quarter, run=run)


def test_letters_of_a_year_that_arrive_in_the_next(clock: At, settings: Settings):
    warehouse = clock("2025-01-20T08:00:00+07:00")
    refresh(warehouse)
    assert shown(warehouse, "IKU.1", 2024, 4)["status"] == "not_yet_published"
    late = clock("2025-09-06T08:00:00+07:00")
    landed(land(late, settings, "agency_nspk", "2024", graded(20)))
    refresh(late)
    assert shown(late, "IKU.1", 2024, 4)["realisasi"] == Decimal("58.82")
    assert shown(late, "IKU.1", 2024, 4, as_of="2025-09-05")["realisasi"] is None
    # Of a quarter before the year's end nothing is known, ever.
    assert shown(late, "IKU.1", 2024, 3)["status"] == "not_yet_published"


def test_a_register_of_the_year_before_stands_in_until_the_due_day(clock: At, settings: Settings):
    late = clock("2025-01-10T08:00:00+07:00")
    rows = steps.proposals(None, date(2024, 2, 1), None)
    landed(land(late, settings, "technical_regulation", "2024-Q4", rows))
    refresh(late)
    line = shown(late, "IKU.5", 2025, 1)
    assert (line["status"], line["pembilang"], line["penyebut"]) == ("provisional", 0, 2)
    rows = steps.proposals(date(2025, 1, 20), date(2024, 2, 1), None)
    warehouse = clock("2025-04-10T08:00:00+07:00")
    landed(land(warehouse, settings, "technical_regulation", "2025-Q1", rows))
    refresh(warehouse)
    line = shown(warehouse, "IKU.5", 2025, 1)
    assert (line["status"], line["pembilang"], line["penyebut"]) == ("measured", 1, 2)
    # The year before is frozen on its last day.
    assert shown(warehouse, "IKU.5", 2024, 4)["pembilang"] == 1


def story(clock: At, settings: Settings) -> None:
    """Land, correct, print and retract over half a year."""
    warehouse = clock("2024-07-10T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))
    landed(land(warehouse, settings, "system_usage", "2024-Q2", steps.usage(12, 3)))
    update(warehouse, 2024, 2)
    warehouse = clock("2024-07-20T08:00:00+07:00")
    wrong = landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(12)))
    printed = steps.printed({"IKU.7": Decimal("83.33"), "IKU.6": None})
    document = landed(land(warehouse, settings, "published_actual", "2024-Q2", printed))
    update(warehouse, 2024, 2)
    warehouse = clock("2024-08-01T08:00:00+07:00")
    loads.retract(warehouse, wrong.load_id, "penguji", "salah")
    loads.retract(warehouse, document.load_id, "penguji", "dibatalkan")
    update(warehouse, 2024, 2)
    for quarter in (2, 3, 4):
        update(clock("2024-10-20T08:00:00+07:00"), 2024, quarter)


def test_verify_finds_every_value_again(clock: At, settings: Settings):
    story(clock, settings)
    warehouse = clock(None)
    count, found = differences(warehouse)
    assert count == steps.count(warehouse, "iku.value") > 40
    assert found == []


def test_verify_finds_a_tally_that_counts_differently(
    server: Server, database: str, clock: At, settings: Settings
):
    story(clock, settings)
    with steps.admin(server, database) as connection:
        definition = steps.ask(
            connection,
            "SELECT pg_get_functiondef('tally.digital_service'::regproc)",
        )[0][0]
        assert "count(*)" in definition
        steps.ask(connection, definition.replace("count(*)", "count(*) + 1", 1))
    found = differences(clock(None))[1]
    assert {one.iku for one in found} == {"IKU.7"}
    assert {one.period for one in found} >= {"2024-Q2", "2024-Q3"}
    assert all(one.recorded != one.recomputed for one in found)
