"""The command `iku`: exit codes, messages without tracebacks, JSON alone on standard output.

`refresh` is a flow and is tried elsewhere; nothing here starts a Prefect server.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.machine.postgres import embedded
from flows.warehouse import migrations, references
from flows.warehouse.connection import DEMO, REAL, Warehouse, use_database
from tests.conftest import ROOT, Server
from tests.warehouse import steps
from tests.warehouse.steps import Said, digital, seed_rows

At = Callable[[str | None], Warehouse]
Iku = Callable[..., Said]

CAPAIAN_2023 = {
    "IKU.2": "100.00",
    "IKU.3": "101.91",
    "IKU.4": "103.36",
    "IKU.5": "100.00",
    "IKU.6": "100.00",
    "IKU.7": "107.85",
    "IKU.8": "100.27",
    "IKU.9": "110.36",
    "IKU.10": "100.00",
    "IKU.12": "85.63",
    "IKU.13": "97.31",
    "IKU.14": "100.00",
}
"""As printed in the document (RULES 11, R3)."""

BANNER = " DATA CONTOH  Angka 2024 di sini rekaan, bukan laporan.\n"

KEYS = {
    "office",
    "iku",
    "period",
    "basis",
    "status",
    "actual",
    "numerator",
    "denominator",
    "target",
    "document",
    "achievement_pct",
    "status_word",
}


@pytest.fixture(scope="module")
def demo(server: Server) -> Iterator[str]:
    """Make the demonstration database once; what is tried on it only reads."""
    with steps.copy_of(server, steps.year_template(server), DEMO) as name:
        yield name


@pytest.fixture
def environment(server: Server, tmp_path: Path) -> dict[str, str]:
    return steps.environment(server, tmp_path)


@pytest.fixture
def command(
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iku:
    return steps.command(environment, monkeypatch, capsys)


@pytest.fixture
def iku(demo: str, command: Iku) -> Iku:
    """Return the command on the demonstration database."""
    return command


@pytest.fixture
def own(database: str, command: Iku, tmp_path: Path) -> Iku:
    """Return the command on a database of the test's own, seeded and empty."""
    use_database(tmp_path / "rumah", database)
    return command


def refused(said: Said, *words: str) -> None:
    """Demand one message for the officer on standard error, and exit code 2."""
    assert said.code == 2, said
    assert said.out in ("", BANNER)
    assert said.err.startswith("Tidak dapat: ")
    flat = " ".join(said.err.split())
    for word in words:
        assert word in flat


def test_the_printed_scorecard_of_2023_to_the_digit(iku: Iku):
    said = iku("scorecard", "--office", "kanreg-06", "--year", 2023, "--json")
    assert said.code == 0
    *lines, npss = said.json
    assert [line["iku"] for line in lines] == [f"IKU.{number}" for number in range(1, 15)]
    assert all(set(line) >= KEYS for line in (*lines, npss))
    by_iku = {line["iku"]: line for line in lines}
    assert {
        iku: line["achievement_pct"] for iku, line in by_iku.items() if line["achievement_pct"]
    } == CAPAIAN_2023
    for missing in ("IKU.1", "IKU.11"):
        assert by_iku[missing]["status"] == "not_yet_published"
        assert by_iku[missing]["actual"] is None
    for line in lines:
        assert (line["period"], line["document"], line["basis"]) == ("2023-Q4", "pk", "published")
        assert (line["numerator"], line["denominator"]) == (None, None)
    assert (by_iku["IKU.7"]["actual"], by_iku["IKU.7"]["target"]) == ("91.67", "85.00")
    assert by_iku["IKU.12"]["status_word"] == "waspada"
    assert (npss["iku"], npss["actual"], npss["status"]) == ("NPSS", "100.83", "provisional")
    assert (npss["numerator"], npss["denominator"]) == (12, 14)
    others = KEYS - {"iku", "actual", "status", "numerator", "denominator"}
    assert {npss[key] for key in others} == {None}


def test_shares_have_a_numerator_and_others_have_none(iku: Iku):
    lines = {line["iku"]: line for line in iku("scorecard", "--year", 2024, "--json").json}
    assert lines["IKU.7"]["period"] == "2024-Q4"
    assert (lines["IKU.7"]["numerator"], lines["IKU.7"]["denominator"]) == (11, 12)
    without = {iku for iku in lines if iku != "NPSS" and lines[iku]["denominator"] is None}
    assert without == {"IKU.3", "IKU.4", "IKU.9", "IKU.11", "IKU.12", "IKU.13"}


def test_the_scorecard_for_people(iku: Iku):
    said = iku("scorecard", "--year", 2024)
    assert (said.code, said.err) == (0, "")
    assert "DATA CONTOH" in said.out
    assert "Kantor Regional VI BKN Medan, Triwulan IV 2024" in said.out
    assert all(f"IKU.{number} " in said.out for number in range(1, 15))
    assert "91,67" in said.out
    assert "kurang 5 instansi" in said.out
    assert "Tercapai 7 dari 14 IKU. NPSS 94,85, cakupan bobot 100,00 %" in said.out


def test_a_quarter_is_shown_when_it_is_asked(iku: Iku):
    assert "Triwulan II 2024" in iku("scorecard", "--year", 2024, "--quarter", 2).out
    lines = iku("scorecard", "--quarter", 2, "--year", 2024, "--json").json
    assert {line["period"] for line in lines[:-1]} == {"2024-Q2"}


def test_the_current_quarter_is_that_of_the_office(iku: Iku, monkeypatch: pytest.MonkeyPatch):
    # Two in the morning of 1 October in Medan, still September in Greenwich.
    monkeypatch.setenv("IKU_INSTANT", "2024-10-01T02:00:00+07:00")
    said = iku("scorecard", "--year", 2024, "--json")
    assert said.code == 0, said.err
    assert said.json[0]["period"] == "2024-Q4"


def test_as_of_shows_what_was_shown(iku: Iku):
    refused(
        iku("scorecard", "--year", 2024, "--as-of", "2025-01-19"), "Belum ada nilai", "Januari 2025"
    )
    refused(
        iku("scorecard", "--year", 2024, "--as-of", "2025-01-20T08:59:59+07:00"), "Belum ada nilai"
    )
    for as_of in ("2025-01-20", "2025-01-20T09:00:00+07:00", "2026-01-01"):
        said = iku("scorecard", "--year", 2024, "--as-of", as_of)
        assert (said.code, "seperti yang tampil" in said.out) == (0, True)


def test_explain_says_where_a_value_comes_from(iku: Iku):
    said = iku("explain", "IKU.7", "2024-Q4")
    assert said.code == 0
    for words in (
        "IKU.7 Layanan Digital",
        "11 / 12 × 100 = 275/3, dibulatkan 91,67",
        "Metode: 2020: Renja 2024 bab IV",
        "Berkas asal",
        "2024-Q4.xlsx",
        "20 Januari 2025",
        "Dicatat",
    ):
        assert words in said.out
    explained = iku("explain", "iku 7", "2024-q4", "--json").json
    load = explained["loads"][0]
    assert (len(load["sha256"]), load["source"]) == (64, "digital_service")
    assert explained["value"]["tally"]["digital_service"]
    assert explained["targets"][0]["document"] == "pk"


def test_explain_of_a_printed_figure_names_the_document(iku: Iku):
    assert "Renja 2024 Kanreg VI" in iku("explain", "IKU.12", "2023-Q4").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("scorecard", "--year", 2024),
        ("explain", "IKU.3", "2024-Q3"),
        ("quarantine",),
        ("doctor",),
        ("verify",),
        ("retract", 999, "--reason", "uji"),
        ("land", "tidak-ada.csv", "--source", "ikpa", "--period", "2024-03"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_json_stands_alone_and_data_contoh_beside_it(arguments: tuple, iku: Iku):
    said = iku(*arguments, "--json")
    assert "DATA CONTOH" in said.err
    assert "DATA CONTOH" not in said.out
    assert said.code == 2 or said.json is not None
    if said.code == 2:
        assert said.out == ""


@pytest.mark.parametrize(
    "arguments",
    [("scorecard", "--year", 2024), ("explain", "IKU.3", "2024-Q3"), ("quarantine",), ("verify",)],
    ids=lambda arguments: arguments[0],
)
def test_every_screen_says_data_contoh(arguments: tuple, iku: Iku):
    said = iku(*arguments)
    assert (said.code, said.err) == (0, "")
    assert said.out.lstrip().startswith("DATA CONTOH")


def test_a_database_of_ones_own_says_nothing_of_data_contoh(own: Iku):
    said = own("quarantine")
    assert (said.code, said.out) == (0, "Tidak ada yang ditolak.\n")


def test_verify_finds_no_difference(iku: Iku):
    said = iku("verify")
    assert said.code == 0
    assert "nilai dihitung ulang, 0 berbeda." in said.out
    assert iku("verify", "--json").json["differences"] == []


def test_verify_ends_with_1_where_something_differs(
    server: Server, database: str, warehouse: Warehouse, settings: Any, own: Iku
):
    steps.landed(steps.land(warehouse, settings, "digital_service", "2024-Q1", digital(11)))
    steps.compute(warehouse, 2024, 1)
    with steps.admin(server, database) as connection:
        body = steps.ask(connection, "SELECT pg_get_functiondef('tally.digital_service'::regproc)")[
            0
        ][0]
        steps.ask(connection, body.replace("count(*)", "count(*) + 1", 1))
    said = own("verify")
    assert said.code == 1
    assert "IKU.7" in said.out


def test_doctor_ends_with_1_while_something_is_amiss(own: Iku, tmp_path: Path):
    said = own("doctor")
    assert said.code == 1
    for words in ("Basis data", "iku_owner, iku_writer, metabase_reader", "Jam", "Ruang disk"):
        assert words in said.out
    assert "Isi satker_code di office.csv" in " ".join(said.out.split())
    own("seed", well_seeded(tmp_path / "seeds"))
    assert own("doctor").code == 0
    findings = own("doctor", "--json").json["findings"]
    assert [finding for finding in findings if not finding["is_well"]] == []


def well_seeded(directory: Path) -> Path:
    """Return seeds with what the real ones leave to the office: its satker, this year's PK."""
    year = dt.datetime.now(dt.UTC).year
    office = next(row for row in steps.seeded("office") if row["office"] == steps.OFFICE)
    seed_rows(directory, "office", [{**office, "satker_code": steps.SATKER}])
    targets = [
        {**row, "year": year, "valid_from": f"{year}-01-01"}
        for row in steps.seeded("target")
        if (row["document"], row["year"]) == ("pk", "2024")
    ]
    return seed_rows(directory, "target", targets)


def test_doctor_finds_a_reader_that_cannot_log_in(server: Server, own: Iku):
    with steps.admin(server, "postgres") as connection:
        steps.ask(connection, "ALTER ROLE metabase_reader PASSWORD 'lain'")
        try:
            said = own("doctor", "--json")
        finally:
            given = steps.passwords(server).reader
            steps.ask(connection, f"ALTER ROLE metabase_reader PASSWORD '{given}'")
    # Healed on the way, or told: never a traceback.
    assert said.json["findings"]


LAND = ("--source", "digital_service", "--period", "2024-Q1")


@pytest.fixture
def files(settings: Any) -> Callable[[list], Path]:
    """Return what writes a file of services and says where it lies."""
    return lambda rows: steps.write(settings, "digital_service", "2024-Q1", rows)


def test_land_retract_and_land_again(own: Iku, files: Callable[[list], Path]):
    file = files(digital(11))
    said = own("land", file, *LAND, "--json")
    assert said.code == 0
    first = said.json
    assert {key: first[key] for key in ("status", "rows_in", "accepted", "reasons")} == {
        "status": "landed",
        "rows_in": 12,
        "accepted": 12,
        "reasons": [],
    }
    assert (first["rejected"], first["duplicate"], first["out_of_scope"]) == (0, 0, 0)
    again = own("land", file, *LAND, "--json")
    assert (again.code, again.json["status"], again.json["load_id"]) == (
        0,
        "unchanged",
        first["load_id"],
    )
    second = own("land", files(digital(12)), *LAND, "--json").json
    said = own("retract", second["load_id"], "--reason", "salah unggah", "--json")
    assert (said.code, said.json) == (
        0,
        {"retracted": second["load_id"], "in_force": first["load_id"]},
    )
    said = own("retract", first["load_id"], "--reason", "salah juga")
    assert "Periode itu kini tanpa data." in " ".join(said.out.split())


def test_a_refused_file_ends_with_2_and_its_reasons(own: Iku, tmp_path: Path):
    file = tmp_path / "layanan.csv"
    file.write_text("Layanan,Digital,Digital SIASN\nL01,Ya,Ya\nLayanan Antah,Ya,Ya\n")
    said = own("land", file, *LAND)
    assert said.code == 2
    flat = " ".join(said.out.split())
    assert "DITOLAK" in flat
    assert "Baris 3: Layanan “Layanan Antah” pada kolom Layanan tidak dikenal." in flat
    told = own("land", file, *LAND, "--json")
    assert (told.code, told.json["status"], told.json["rejected"]) == (2, "refused", 1)
    assert {"rule", "message", "hint"} <= set(told.json["reasons"][0])
    listed = own("quarantine", "--json")
    assert listed.code == 0
    assert [row["aturan"] for row in listed.json] == ["ambang_terlampaui", "layanan_tidak_dikenal"]
    assert "Layanan Antah" in own("quarantine", "--source", "digital_service").out
    assert own("quarantine", "--source", "ikpa", "--json").json == []
    # Put right, it is no longer asked for; with --all it is.
    file.write_text("Layanan,Digital,Digital SIASN\nL01,Ya,Ya\n")
    own("land", file, *LAND)
    assert own("quarantine", "--json").json == []
    assert len(own("quarantine", "--all", "--json").json) == 4


def test_seed_says_what_it_added(own: Iku, tmp_path: Path):
    directory = well_seeded(tmp_path / "seeds")
    said = own("seed", directory)
    assert (said.code, said.out) == (
        0,
        "15 baris rujukan ditambahkan: office 1, target 14.\n",
    )
    assert "semuanya sudah tercatat" in own("seed", directory).out
    assert own("seed", directory, "--json").json == {"office": 0, "target": 0}


def test_what_cannot_be_understood_is_told_in_one_message(own: Iku, files: Callable[[list], Path]):
    file = files(digital(11))
    refused(own("scorecard", "--office", "kanreg-66"), "kanreg-66", "kanreg-06")
    refused(own("scorecard"), "Belum ada nilai", "iku refresh")
    refused(own("scorecard", "--as-of", "kemarin"), "“kemarin”", "2024-10-31")
    refused(own("scorecard", "--as-of", "2024-10-31T08:00"), "zona")
    refused(own("explain", "IKU.99", "2024-Q1"), "IKU.1 sampai IKU.14")
    refused(own("explain", "IKU.1", "2024"), "2024-Q3")
    refused(own("explain", "IKU.1", "2024-Q5"), "2024-Q3")
    refused(own("explain", "IKU.1", "2024-Q1"), "Belum ada nilai IKU.1")
    refused(own("land", file, "--source", "apa", "--period", "2024-Q1"), "apa", "survey_answer")
    refused(own("land", file, "--source", "ikpa", "--period", "2024-Q1"), "YYYY-MM")
    refused(own("land", file, *LAND, "--part", "a"), "tidak terbagi")
    refused(own("land", file, *LAND, "--office", "kanreg-66"), "kanreg-66")
    refused(own("land", "tidak/ada.csv", *LAND), "tidak/ada.csv")
    refused(own("retract", 99, "--reason", "salah"), "99")
    refused(own("retract", 99, "--reason", "  "), "Alasan")
    refused(own("seed", "tidak-ada"), "tidak-ada")
    refused(own("refresh", "--office", "kanreg-66"), "kanreg-66")


def test_a_day_at_the_end_of_time(own: Iku):
    refused(own("scorecard", "--as-of", "9999-12-31"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("terbang",), "Perintah “terbang” tidak ada. Lihat `iku --help`."),
        (("scorecrd",), "Mungkin maksudnya scorecard? Lihat `iku --help`."),
        (("land",), "--source belum ditulis. Lihat `iku land --help`."),
        (("retract", "--reason", "x"), "load belum ditulis. Lihat `iku retract --help`."),
        (("land", "x.csv"), "--source belum ditulis. Lihat `iku land --help`."),
        (("land", "x.csv", "--source"), "--source belum diberi isi."),
        (("scorecard", "--year", "dua ribu"), "--year harus bilangan bulat."),
        (("scorecard", "--quarter", 5), "--quarter paling besar 4."),
        (("scorecard", "--quarter", 0), "--quarter paling kecil 1."),
        (("retract", "satu", "--reason", "x"), "load harus bilangan bulat."),
        (("retract", 1), "--reason belum ditulis."),
        (("stop", "lagi"), "“lagi” tidak diperlukan di sini."),
        (("stop", "--paksa"), "Pilihan --paksa tidak ada."),
        (("refresh", "--offic", "x"), "Pilihan --offic tidak ada. Mungkin maksudnya --office?"),
        (("refresh", "--json=1"), "--json ditulis tanpa isi."),
    ],
    ids=str,
)
def test_a_command_that_is_badly_written_is_told_in_indonesian(
    arguments: tuple, says: str, command: Iku
):
    said = command(*arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Tidak dapat: ")
    assert says in " ".join(said.err.split())


def test_without_a_command_the_help_is_shown(command: Iku):
    said = command()
    assert (said.code, said.err) == (2, "")
    assert "Gudang indikator kinerja" in said.out


def test_what_postgres_refuses_is_told_without_the_row(
    server: Server, database: str, own: Iku, settings: Any
):
    with steps.admin(server, database) as connection:
        steps.ask(connection, "ALTER TABLE staging.survey_answer ADD CHECK (u1 < 4)")
    rows = [steps.form("444444444", answered_on=dt.date(2024, 2, 17))]
    file = steps.write(settings, "survey_answer", "2024-Q1", rows)
    said = own("land", file, "--source", "survey_answer", "--period", "2024-Q1")
    assert (said.code, said.out) == (1, "")
    flat = " ".join(said.err.split())
    assert flat.startswith("Gagal: Postgres menolak satu baris (SQLSTATE 23514,")
    assert "tabel staging.survey_answer, aturan survey_answer_u1_check" in flat
    assert "2024-02-17" not in flat


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IKU_DATABASE_URL", "mysql://localhost/iku"),
        ("IKU_INSTANT", "2024-10-15"),
        ("IKU_INSTANT", "kemarin"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    name: str, value: str, command: Iku, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    refused(command("scorecard"), name)


def test_a_secret_that_others_may_read_is_refused(
    command: Iku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("IKU_WRITER_PASSWORD")
    file = tmp_path / "rumah/writer_password"
    file.parent.mkdir()
    file.write_text("rahasia")
    file.chmod(0o644)
    refused(command("scorecard"), "chmod 600")


def test_a_server_out_of_reach_is_told_without_its_password(
    command: Iku, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IKU_DATABASE_URL", "postgresql://u:sandi-rahasia@127.0.0.1:1/postgres")
    said = command("scorecard")
    assert said.code in (1, 2)
    assert said.err.startswith(("Gagal: ", "Tidak dapat: "))
    assert "sandi-rahasia" not in said.err


def test_an_edited_migration_is_told_and_ends_with_1(
    own: Iku, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):

    shutil.copytree(migrations.SQL, tmp_path / "sql")
    with (tmp_path / "sql/migrations/0003_loads.sql").open("a") as file:
        file.write("-- diubah\n")
    monkeypatch.setattr(migrations, "SQL", tmp_path / "sql")
    said = own("scorecard")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Gagal: Migrasi 0003_loads.sql")


def test_init_makes_the_real_database_and_all_commands_use_it(
    server: Server, iku: Iku, tmp_path: Path
):
    try:
        said = iku("init")
        assert said.code == 0
        assert "siap dan kosong" in said.out
        said = iku("quarantine")
        assert (said.code, said.err) == (0, "")
        assert "DATA CONTOH" not in said.out
        refused(iku("scorecard", "--year", 2023), "Belum ada nilai")
        said = iku("init")
        assert "tidak ada yang berubah" in " ".join(said.out.split())
        assert (tmp_path / "rumah/database").read_text() == f"{REAL}\n"
        real = steps.open_at(server, REAL, None)
        assert steps.count(real, "ref.office_agency") == 34
        assert steps.count(real, "ops.load") == 0
        real.engine.dispose()
    finally:
        with steps.admin(server, "postgres") as connection:
            steps.ask(connection, f"DROP DATABASE IF EXISTS {REAL} WITH (FORCE)")


def test_stop_when_nothing_runs(command: Iku):
    said = command("stop")
    assert (said.code, said.out) == (0, "Tidak ada yang sedang berjalan.\n")


def test_stop_leaves_a_server_that_is_not_its_own(server: Server, command: Iku):
    command("stop")
    assert embedded.status(server.settings.home).port is not None


PROGRAM = (
    "import sys\nfrom flows.cli import main\ntry:\n    main()\n"
    "finally:\n"
    "    heavy = 'numpy openpyxl pandas pandera prefect pyarrow pydantic sqlalchemy'.split()\n"
    "    print('loaded:', *(name for name in heavy if name in sys.modules), file=sys.stderr)"
)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("scorecard", "--office", "kanreg-06", "--year", "2023", "--json"), 0),
        (("scorecard", "--office", "kanreg-66"), 2),
    ],
)
def test_the_program_itself(
    arguments: tuple[str, ...], code: int, demo: str, environment: dict[str, str]
):
    ended = run_program(arguments, environment)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    # A command that reads no file and is no flow waits for none of their libraries.
    assert ended.stderr.endswith("loaded: pydantic sqlalchemy\n")
    if code:
        assert ended.stdout == BANNER
    else:
        assert json.loads(ended.stdout)[-1]["actual"] == "100.83"


def test_the_help_loads_no_library_of_data(environment: dict[str, str]):
    ended = run_program(("--help",), environment)
    assert (ended.returncode, ended.stderr) == (0, "loaded:\n")
    assert "scorecard" in ended.stdout


def run_program(
    arguments: tuple[str, ...], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("IKU_")}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_first_command_fills_an_empty_database_with_the_references(
    server: Server, command: Iku, tmp_path: Path
):
    name = "test_first_command"
    use_database(tmp_path / "rumah", name)
    try:
        assert command("quarantine").code == 0
        made = steps.open_at(server, name, None)
        assert set(references.offices(made)) == {steps.OFFICE}
        made.engine.dispose()
    finally:
        with steps.admin(server, "postgres") as connection:
            steps.ask(connection, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
