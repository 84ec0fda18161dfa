"""The inbox: the place of a file says what it is for, and what lies wrongly is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.fetching import inbox
from flows.landing.request import Request
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.warehouse import steps


@pytest.fixture
def drop(tmp_path: Path):
    """Return what lays a file into the inbox by its path in it."""

    def lay(path: str, content: str = "isi") -> Path:
        file = tmp_path / "inbox" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        return file

    return lay


def waiting(tmp_path: Path, office: str = "kanreg-06") -> tuple[list[Request], list[str]]:
    return inbox.waiting(tmp_path / "inbox", office, "penguji")


@pytest.mark.parametrize(
    ("path", "slice_"),
    [
        ("survey_answer/2024-Q1.csv", ("survey_answer", "2024-Q1", "utama")),
        ("survey_answer/2024-Q1_mutasi-lain.xlsx", ("survey_answer", "2024-Q1", "mutasi-lain")),
        ("ikpa/2024-03.XLSX", ("ikpa", "2024-03", "utama")),
        ("reform_index/2024.Csv", ("reform_index", "2024", "utama")),
    ],
)
def test_the_place_says_what_a_file_is_for(
    path: str, slice_: tuple[str, str, str], drop, tmp_path: Path
):
    file = drop(f"kanreg-06/{path}")
    requests, problems = waiting(tmp_path)
    assert problems == []
    assert requests == [Request(file, "kanreg-06", *slice_, "inbox", "penguji")]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("survei/2024-Q1.csv", "bukan nama sumber"),
        ("survey_answer/2024-Q1.pdf", "hanya .xlsx dan .csv"),
        ("survey_answer/2024-Q1.xls", "hanya .xlsx dan .csv"),
        ("survey_answer/Triwulan 1.csv", "nama berkas harus periode"),
        ("survey_answer/2024-Q5.csv", "nama berkas harus periode"),
        ("survey_answer/2024-03.csv", "YYYY-Qn"),
        ("survey_answer/1999-Q1.csv", "YYYY-Qn"),
        ("ikpa/2024-13.xlsx", "YYYY-MM"),
        ("ikpa/2024-03_satker.xlsx", "bagian “satker”"),
        ("survey_answer/2024-Q1_Mutasi Lain.csv", "bagian “Mutasi Lain”"),
        ("survey_answer/2024-Q1_.csv", "nama berkas harus periode"),
        ("2024-Q1.csv", "harus di folder sumbernya"),
    ],
)
def test_what_lies_wrongly_is_told_and_left_alone(path: str, says: str, drop, tmp_path: Path):
    file = drop(f"kanreg-06/{path}")
    requests, problems = waiting(tmp_path)
    assert requests == []
    assert len(problems) == 1
    assert problems[0].startswith(f"kanreg-06/{path}: ")
    assert says in problems[0]
    assert file.exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2024-Q1.csv", "2024-Q1.xlsx"),
        ("2024-Q1_mutasi.csv", "2024-Q1_mutasi.xlsx"),
        ("2024-Q1.csv", "2024-Q1_utama.csv"),
        ("2024-Q1.csv", "2024-Q1.CSV"),
    ],
)
def test_of_two_files_for_one_slice_neither_is_landed(
    first: str, second: str, drop, tmp_path: Path
):
    drop(f"kanreg-06/survey_answer/{first}")
    drop(f"kanreg-06/survey_answer/{second}")
    drop("kanreg-06/survey_answer/2024-Q2.csv")
    requests, problems = waiting(tmp_path)
    assert [request.period for request in requests] == ["2024-Q2"]
    assert len(problems) == 1
    assert first in problems[0]
    assert second in problems[0]


def test_what_programs_leave_behind_is_not_looked_at(drop, tmp_path: Path):
    for name in ("~$2024-Q1.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini", ".2024-Q1.csv.swp"):
        drop(f"kanreg-06/survey_answer/{name}")
        drop(f"kanreg-06/{name}")
    assert waiting(tmp_path) == ([], [])


def test_the_inbox_of_another_office_is_not_looked_at(drop, tmp_path: Path):
    drop("kanreg-99/survey_answer/2024-Q1.csv")
    assert waiting(tmp_path) == ([], [])
    assert waiting(tmp_path / "tidak-ada") == ([], [])


def test_files_come_in_the_order_of_source_period_and_part(drop, tmp_path: Path):
    for path in ("survey_answer/2024-Q2.csv", "survey_answer/2024-Q1_b.csv", "ikpa/2024-12.xlsx"):
        drop(f"kanreg-06/{path}")
    drop("kanreg-06/survey_answer/2024-Q1_a.csv")
    assert [(r.source, r.period, r.part) for r in waiting(tmp_path)[0]] == [
        ("ikpa", "2024-12", "utama"),
        ("survey_answer", "2024-Q1", "a"),
        ("survey_answer", "2024-Q1", "b"),
        ("survey_answer", "2024-Q2", "utama"),
    ]


def test_everything_that_lies_there_is_landed_or_refused(warehouse: Warehouse, settings: Settings):
    steps.write(settings, "digital_service", "2024-Q1", steps.digital())
    steps.write(settings, "system_usage", "2024-Q1", steps.usage(), form=steps.Form.XLSX)
    steps.place(settings, "agency_ip_asn", "2024-Q1").write_text("Instansi,Status\nAntah,Selesai\n")
    outcomes = steps.take_inbox(warehouse, settings)
    assert [(outcome.request.source, outcome.status) for outcome in outcomes] == [
        ("agency_ip_asn", "refused"),
        ("digital_service", "landed"),
        ("system_usage", "landed"),
    ]
    assert [row["door"] for row in warehouse.rows("SELECT door FROM ops.load")] == ["inbox"] * 3


def test_a_file_that_is_still_being_copied_waits(drop, tmp_path: Path):
    file = drop("kanreg-06/survey_answer/2024-Q1.csv")
    requests, problems = inbox.waiting(tmp_path / "inbox", "kanreg-06", "penguji", 3600)
    assert requests == []
    assert len(problems) == 1
    assert problems[0].startswith("kanreg-06/survey_answer/2024-Q1.csv: baru saja berubah")
    assert waiting(tmp_path)[0][0].file == file


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_a_link_that_leaves_the_inbox_is_told_and_not_read(linked: str, drop, tmp_path: Path):
    secret = tmp_path / "rumah" / "2024-Q1.csv"
    secret.parent.mkdir()
    secret.write_text("kunci", encoding="utf-8")
    beside = drop("kanreg-06/survey_answer/2024-Q2.csv")
    folder = beside.parents[1]
    if linked == "file":
        (folder / "survey_answer" / "2024-Q1.csv").symlink_to(secret)
        (folder / "survey_answer" / "2024-Q3.csv").symlink_to(beside)  # it stays inside
    else:
        (folder / "ikpa").symlink_to(secret.parent)
    requests, problems = waiting(tmp_path)
    assert {request.file.name for request in requests} == (
        {"2024-Q2.csv", "2024-Q3.csv"} if linked == "file" else {"2024-Q2.csv"}
    )
    assert [problem.partition(": ")[2] for problem in problems] == [inbox.LEADS_OUT]
