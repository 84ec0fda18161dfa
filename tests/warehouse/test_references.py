"""References: rows are only ever added, a correction is a newer row, a contradiction is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.computing import measuring
from flows.computing.quarter import Quarter
from flows.machine.settings import Settings
from flows.warehouse import migrations, references, seeding
from flows.warehouse.connection import Warehouse
from flows.warehouse.seeding import SeedRefused
from tests.conftest import Server
from tests.warehouse import steps
from tests.warehouse.steps import OFFICE, land, landed, seed_rows, shown
from transforms.evidence import Computed

At = Callable[[str | None], Warehouse]


@pytest.fixture
def clock(server: Server, database: str, at: At) -> At:
    """Return what opens the warehouse at a time of the past, when the seeds were known already."""
    steps.backdate_references(server, database)
    return at


def sizes(warehouse: Warehouse) -> dict[str, int]:
    return {table: steps.count(warehouse, f"ref.{table}") for table in references.KEYS}


def refused(warehouse: Warehouse, directory: Path) -> str:
    """Seed what must be refused; return the message after making sure that nothing was kept."""
    before = sizes(warehouse)
    with pytest.raises(SeedRefused) as refusal:
        seeding.seed(warehouse, directory)
    assert sizes(warehouse) == before
    message = str(refusal.value)
    assert message
    assert "\n" not in message
    return message


def target(**other: object) -> dict[str, object]:
    """Return a row of target.csv."""
    return {
        "office": OFFICE,
        "iku": "IKU.7",
        "document": "pk",
        "year": 2024,
        "target": 91,
        "unit": "percent",
        "valid_from": f"{other.get('year', 2024)}-01-01",
        **other,
    }


def seeded_row(table: str, **key: str) -> dict[str, str]:
    return next(row for row in steps.seeded(table) if key.items() <= row.items())


def test_seeding_twice_adds_nothing(warehouse: Warehouse):
    before = sizes(warehouse)
    assert set(seeding.seed(warehouse, seeding.SEEDS).values()) == {0}
    assert sizes(warehouse) == before
    assert before["office_agency"] == 34


def test_next_years_targets_are_rows_of_a_file(warehouse: Warehouse, tmp_path: Path):
    directory = seed_rows(
        tmp_path, "target", [target(iku=f"IKU.{n}", year=2025) for n in range(1, 15)]
    )
    assert seeding.seed(warehouse, directory) == {"target": 14}
    assert seeding.seed(warehouse, directory) == {"target": 0}


def test_only_rows_that_say_something_new_are_added(warehouse: Warehouse, tmp_path: Path):
    rows = steps.seeded("target")
    rows[0] = {**rows[0], "reason": "Diralat"}
    assert seeding.seed(warehouse, seed_rows(tmp_path, "target", rows)) == {"target": 1}


def test_a_file_with_its_byte_order_mark_is_read(warehouse: Warehouse, tmp_path: Path):
    directory = seed_rows(tmp_path, "target", [target(year=2025)])
    file = directory / "target.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert seeding.seed(warehouse, directory) == {"target": 1}


def test_a_target_as_people_write_it_in_a_file_of_windows(warehouse: Warehouse, tmp_path: Path):
    directory = seed_rows(tmp_path, "target", [target(year=2025, reason="Naik – lihat LKj")])
    file = directory / "target.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    assert "UTF-8" in refused(warehouse, directory)


@pytest.fixture
def unseeded(server: Server) -> Iterator[str]:
    name = "test_unseeded"
    try:
        migrations.prepare(server.url, name, steps.passwords(server))
        yield name
    finally:
        with steps.admin(server, "postgres") as connection:
            steps.ask(connection, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_two_commands_that_fill_a_new_warehouse_at_once_add_rows_once(
    server: Server, unseeded: str
):
    def fill(_: int) -> int:
        warehouse = steps.open_at(server, unseeded, None)
        try:
            return sum(seeding.seed(warehouse, seeding.SEEDS).values())
        finally:
            warehouse.engine.dispose()

    with ThreadPoolExecutor(2) as pool:
        added = sorted(pool.map(fill, range(2)))
    warehouse = steps.open_at(server, unseeded, None)
    try:
        assert added[0] == 0
        assert steps.count(warehouse, "ref.office_agency") == 34
    finally:
        warehouse.engine.dispose()


def test_a_folder_that_is_no_folder_of_seeds(warehouse: Warehouse, tmp_path: Path):
    assert "tidak ada berkas .csv" in refused(warehouse, tmp_path / "tidak-ada")
    assert "tidak ada berkas .csv" in refused(warehouse, tmp_path)


def test_an_unknown_file_is_refused_with_the_names_there_are(warehouse: Warehouse, tmp_path: Path):
    seed_rows(tmp_path, "target", [target(year=2025)])
    (tmp_path / "targets.csv").write_text("a,b\n")
    message = refused(warehouse, tmp_path)
    assert message.startswith("targets.csv bukan berkas rujukan")
    assert "target.csv" in message


def test_a_wrong_header_is_refused_with_the_right_one(warehouse: Warehouse, tmp_path: Path):
    right = list(steps.seeded("target")[0])
    for header in (right[:-1], [";".join(right)], [right[1], right[0], *right[2:]], []):
        (tmp_path / "target.csv").write_text(",".join(header) + "\n")
        assert f"target.csv: kolomnya harus {','.join(right)};" in refused(warehouse, tmp_path)


ROW = "target.csv: baris 4 (kanreg-06, "
BAD_CELLS = (
    ({"target": "94,5"}, "target.csv: baris 4: kolom target harus bilangan dengan titik desimal"),
    ({"target": "sembilan"}, "target.csv: baris 4: kolom target harus bilangan"),
    (
        {"target": "0"},
        ROW + "IKU.7, pk, 2024, 2024-01-01): kolom target berisi “0”; harus bilangan",
    ),
    ({"target": ""}, ROW + "IKU.7, pk, 2024, 2024-01-01): kolom target kosong; harus bilangan"),
    ({"unit": "persen"}, "kolom unit berisi “persen”; harus percent, index, score atau scale."),
    ({"document": "lkj"}, "kolom document berisi “lkj”; harus pk, renja atau renstra."),
    ({"iku": "IKU.15"}, ROW + "IKU.15, pk, 2024, 2024-01-01): kolom iku berisi “IKU.15”; harus"),
    ({"year": "dua ribu"}, "target.csv: baris 4: kolom year harus bilangan bulat."),
    ({"year": "3024"}, "kolom year berisi “3024”; harus tahun, 2015 sampai 2100."),
    ({"quarter": "5"}, "kolom quarter berisi “5”; harus 1 sampai 4, atau dikosongkan."),
    ({"valid_from": "31-02-2024"}, "baris 4: kolom valid_from harus tanggal, misalnya 2024-01-31."),
    ({"valid_from": ""}, "baris 4 (kanreg-06, IKU.7, pk, 2024): kolom valid_from kosong; harus"),
)


@pytest.mark.parametrize(("bad", "says"), BAD_CELLS, ids=lambda one: str(one)[:30])
def test_a_value_that_cannot_be_is_refused_with_its_row(
    bad: dict[str, object], says: str, warehouse: Warehouse, tmp_path: Path
):
    rows = [target(year=2025), target(year=2026), target(**{"valid_from": "2024-01-01", **bad})]
    assert says in refused(warehouse, seed_rows(tmp_path, "target", rows))


def test_a_row_of_another_length_is_refused_with_its_line(warehouse: Warehouse, tmp_path: Path):
    directory = seed_rows(tmp_path, "target", [target(year=2025)])
    with (directory / "target.csv").open("a") as file:
        file.write("kanreg-06,IKU.1,pk\n")
    assert "target.csv: baris 3: jumlah selnya harus 11" in refused(warehouse, directory)


def test_every_rule_of_a_reference_says_what_to_write(warehouse: Warehouse):
    constraints = warehouse.rows(
        "SELECT relname AS table, conname AS name FROM pg_constraint"
        " JOIN pg_class ON pg_class.oid = conrelid"
        " WHERE contype = 'c' AND relnamespace = 'ref'::regnamespace"
        " AND pg_get_constraintdef(pg_constraint.oid) NOT LIKE '%<> %'"  # else it is only filled
    )
    columns = {
        one["name"].removeprefix(f"{one['table']}_").removesuffix("_check") for one in constraints
    }
    assert len(columns) > 10
    assert columns <= set(seeding.COLUMN_HINTS)


CONTRADICTIONS = (
    ("target", target(office="kanreg-77"), "kantor yang tidak ada di office.csv"),
    (
        "office_agency",
        {"office": OFFICE, "agency": "99.99", "valid_from": "2020-01-01"},
        "instansi yang tidak ada di agency.csv",
    ),
    # An alias of Toba already.
    (
        "agency_alias",
        {"office": "*", "agency": "12.06", "alias": "TOBASA", "valid_from": "2020-01-01"},
        "satu ejaan untuk dua instansi",
    ),
    (
        "survey_service",
        {
            "office": OFFICE,
            "service": "SV90",
            "name": "Layanan contoh",
            "kind": "pembinaan",
            "unit": "TIDAK-ADA",
            "valid_from": "2020-01-01",
        },
        "layanan survei dari unit yang tidak ada",
    ),
    (
        "office",
        {**seeded_row("office", office=OFFICE), "time_zone": "Asia/Medan"},
        "zona waktu kantor tidak dikenal",
    ),
)


def test_a_contradiction_is_refused_and_nothing_of_any_file_is_kept(
    warehouse: Warehouse, tmp_path: Path
):
    for table, row, says in CONTRADICTIONS:
        directory = seed_rows(tmp_path / table, "service_volume", [volume(100)])
        message = refused(warehouse, seed_rows(directory, table, [row]))
        assert says in message
        assert "Tidak ada yang disimpan" in message


def volume(count: int, **other: object) -> dict[str, object]:
    return {
        "office": OFFICE,
        "service": "SV01",
        "year": 2024,
        "volume": count,
        "valid_from": "2024-01-01",
        **other,
    }


def test_two_rows_of_one_file_that_contradict_each_other(warehouse: Warehouse, tmp_path: Path):
    rows = [target(year=2025, target=91), target(year=2025, target=92)]
    assert "target.csv" in refused(warehouse, seed_rows(tmp_path, "target", rows))


def test_a_row_that_stands_twice_in_a_file_is_added_once(warehouse: Warehouse, tmp_path: Path):
    directory = seed_rows(tmp_path, "target", [target(year=2025)] * 2)
    assert seeding.seed(warehouse, directory) == {"target": 1}


def test_a_correction_is_seen_only_by_whoever_knew_it(
    clock: At, settings: Settings, tmp_path: Path
):
    landed(
        land(
            clock("2024-07-10T08:00:00+07:00"), settings, "system_usage", "2024-Q2", steps.usage(12)
        )
    )
    row = seeded_row("system", system="S15")
    ended = {**row, "valid_to": "2024-05-31"}
    new = {**row, "system": "S90", "name": "Sistem pengganti", "valid_from": "2024-06-01"}
    correction = clock("2024-07-15T08:00:00+07:00")
    directory = seed_rows(tmp_path, "system", [ended, {**new, "aliases": ""}])
    assert seeding.seed(correction, directory) == {"system": 2}
    warehouse = clock(None)
    seen = {}
    for day in (12, 15):
        instant = clock(f"2024-07-{day}T08:00:00+07:00").instant()
        found = measuring.measure(warehouse, "IKU.10", Quarter(OFFICE, 2024, 2, instant))
        assert isinstance(found, Computed)
        seen[day] = found.measurement.components["tanpa_baris"]
    # Before, S15 was in use and reported; afterwards S90 is, without a row.
    assert seen == {12: 0, 15: 1}


def test_an_alias_may_move_to_another_agency(warehouse: Warehouse, tmp_path: Path):
    alias = {"office": "*", "alias": "Kabupaten Baru", "valid_from": "2020-01-01"}
    wrong = {**alias, "agency": "12.06"}
    seeding.seed(warehouse, seed_rows(tmp_path / "1", "agency_alias", [wrong]))
    moved = [{**wrong, "valid_to": "2020-01-01"}, {**alias, "agency": "12.12"}]
    assert seeding.seed(warehouse, seed_rows(tmp_path / "2", "agency_alias", moved)) == {
        "agency_alias": 2
    }


def test_an_agency_that_splits_changes_the_denominator_on_its_day(
    clock: At, settings: Settings, tmp_path: Path
):
    warehouse = clock("2024-06-15T08:00:00+07:00")
    old = seeded_row("office_agency", agency="12.20")
    heirs = [
        {"agency": code, "type": "kabupaten", "name": name, "valid_from": "2024-07-01"}
        for code, name in (("12.91", "Kabupaten Contoh Hulu"), ("12.92", "Kabupaten Contoh Hilir"))
    ]
    seed_rows(tmp_path, "agency", heirs)
    seed_rows(
        tmp_path,
        "office_agency",
        [
            {**old, "valid_to": "2024-06-30"},
            *({"office": OFFICE, "agency": h["agency"], "valid_from": "2024-07-01"} for h in heirs),
        ],
    )
    assert seeding.seed(warehouse, tmp_path) == {"agency": 2, "office_agency": 3}
    before = steps.tied(steps.members())
    after = steps.tied([m for m in steps.members() if m != "12.20"] + ["12.91"])
    landed(land(warehouse, settings, "siasn_integration", "2024-Q2", before))
    outcome = landed(
        land(warehouse, settings, "siasn_integration", "2024-Q3", [*after, before[20]])
    )
    # The agency that is gone is somebody else's now.
    assert (outcome.counts.accepted, outcome.counts.out_of_scope) == (34, 1)
    steps.refresh(clock("2024-10-10T08:00:00+07:00"))
    lines = {quarter: shown(warehouse, "IKU.6", 2024, quarter) for quarter in (2, 3)}
    assert [
        (line["pembilang"], line["penyebut"], line["realisasi"], line["status"])
        for line in lines.values()
    ] == [
        (34, 34, Decimal("100.00"), "measured"),
        (34, 35, Decimal("97.14"), "provisional"),
    ]
    assert lines[3]["rincian"]["sebab_sementara"] == ["1 instansi tanpa baris"]


def test_a_corrected_target_is_a_new_achievement_and_no_new_value(
    clock: At, settings: Settings, tmp_path: Path
):
    warehouse = clock("2025-01-30T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q4", steps.digital(11)))
    steps.refresh(warehouse)
    values_before = steps.table_of(warehouse, "iku.value")
    later = clock("2025-02-01T08:00:00+07:00")
    renja = seeded_row("target", iku="IKU.7", document="renja", year="2024")
    corrected = [target(target="91.67"), {**renja, "target": "100"}]
    seeding.seed(later, seed_rows(tmp_path, "target", corrected))
    # Quarters of 2024 are not touched by a load, but by the reference.
    assert {(2024, q) for q in (1, 2, 3, 4)} <= steps.touched(later)
    recorded = {str(one.quarter): one for one in steps.refresh(later)}
    assert steps.written([recorded["2024-Q4"]]) == (0, 2, 1)
    assert steps.table_of(warehouse, "iku.value") == values_before
    seen = [
        (line["target"], line["capaian"], line["status_kata"])
        for line in (
            shown(warehouse, "IKU.7", 2024, 4, as_of="2025-01-31"),
            shown(warehouse, "IKU.7", 2024, 4),
        )
    ]
    assert seen == [
        (Decimal(91), Decimal("100.74"), "tercapai"),
        (Decimal("91.67"), Decimal("100.00"), "tercapai"),
    ]
    others = warehouse.rows(
        "SELECT dokumen, target, capaian FROM mart.capaian_iku WHERE iku = 'IKU.7'"
        " AND tahun = 2024 AND triwulan = 4 ORDER BY dokumen"
    )
    assert [(row["dokumen"], row["capaian"]) for row in others] == [
        ("pk", Decimal("100.00")),
        ("renja", Decimal("91.67")),
        ("renstra", Decimal("101.86")),
    ]


def test_a_target_in_another_unit_does_not_compare(clock: At, settings: Settings, tmp_path: Path):
    warehouse = clock("2025-01-10T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q4", steps.digital(11)))
    seeding.seed(warehouse, seed_rows(tmp_path, "target", [target(target=3, unit="scale")]))
    steps.refresh(warehouse)
    line = shown(warehouse, "IKU.7", 2024, 4)
    assert (line["capaian"], line["status_kata"]) == (None, "satuan berubah")
    assert (line["sebab_tanpa_capaian"], line["realisasi"]) == ("unit_changed", Decimal("91.67"))


def test_a_target_of_the_quarter_gives_a_class_before_the_fourth(
    clock: At, settings: Settings, tmp_path: Path
):
    warehouse = clock("2024-07-10T08:00:00+07:00")
    landed(land(warehouse, settings, "digital_service", "2024-Q2", steps.digital(9)))
    steps.refresh(warehouse)
    line = shown(warehouse, "IKU.7", 2024, 2)
    assert (line["target"], line["target_triwulanan"]) == (Decimal(91), False)
    assert (line["capaian"], line["status_kata"]) == (Decimal("82.42"), "terukur")
    quarterly = [target(quarter=2, target=75), target(quarter=3, target=80)]
    seeding.seed(warehouse, seed_rows(tmp_path, "target", quarterly))
    steps.refresh(clock("2024-07-11T08:00:00+07:00"))
    line = shown(warehouse, "IKU.7", 2024, 2)
    assert (line["target"], line["target_triwulanan"]) == (Decimal(75), True)
    assert (line["capaian"], line["status_kata"]) == (Decimal("100.00"), "tercapai")


def test_a_target_holds_from_its_day_on(clock: At, settings: Settings, tmp_path: Path):
    warehouse = clock("2024-10-10T08:00:00+07:00")
    for quarter in (2, 3):
        landed(land(warehouse, settings, "digital_service", f"2024-Q{quarter}", steps.digital(9)))
    seeding.seed(
        warehouse, seed_rows(tmp_path, "target", [target(target=75, valid_from="2024-07-01")])
    )
    steps.refresh(warehouse)
    found = [shown(warehouse, "IKU.7", 2024, quarter)["target"] for quarter in (2, 3)]
    assert found == [Decimal(91), Decimal(75)]


def test_services_delivered_bound_the_sample(clock: At, settings: Settings, tmp_path: Path):
    warehouse = clock("2024-04-10T08:00:00+07:00")
    forms = [steps.form("444444444", answered_on=date(2024, 2, 1 + n % 28)) for n in range(30)]
    landed(land(warehouse, settings, "survey_answer", "2024-Q1", forms))
    kind = seeded_row("survey_service", service="SV01")["kind"]
    iku = "IKU.3" if kind == "pembinaan" else "IKU.4"
    steps.refresh(warehouse)
    before = shown(warehouse, iku, 2024, 1)["rincian"]
    rows = [
        volume(34 if row["service"] == "SV01" else 1, service=row["service"])
        for row in steps.seeded("survey_service")
        if row["office"] == OFFICE and row["kind"] == kind
    ]
    seeding.seed(warehouse, seed_rows(tmp_path, "service_volume", rows))
    steps.refresh(clock("2024-04-11T08:00:00+07:00"))
    after = shown(warehouse, iku, 2024, 1)["rincian"]
    assert before != after
    assert before["sampel_kurang"] is True
