"""The command `iku` where a file waits, lacks something, or is still to be written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from flows.warehouse.connection import use_database
from tests.conftest import Server
from tests.warehouse import steps
from tests.warehouse.steps import Said

Iku = Callable[..., Said]
LAND = ("--source", "agency_ip_asn", "--period")


@pytest.fixture
def iku(
    server: Server,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iku:
    command = steps.command(steps.environment(server, tmp_path), monkeypatch, capsys)
    use_database(tmp_path / "rumah", database)
    return command


@pytest.fixture
def agencies(tmp_path: Path) -> Callable[[int], Path]:
    def write(count: int) -> Path:
        file = tmp_path / f"instansi-{count}.csv"
        lines = [(agency, "SELESAI") for agency in steps.members()[:count]]
        file.write_text(steps.csv_text(("Instansi", "Status Pengukuran"), lines))
        return file

    return write


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_held_file_ends_with_2_and_lands_when_confirmed(iku: Iku, agencies):
    assert iku("land", agencies(34), *LAND, "2024-Q1").code == 0
    said = iku("land", agencies(20), *LAND, "2024-Q2")
    assert said.code == 2
    assert "DITAHAN" in said.out
    assert (
        "iku land instansi-20.csv --source agency_ip_asn --period 2024-Q2 --confirm --reason"
        in flat(said.out)
    )
    told = iku("land", agencies(20), *LAND, "2024-Q2", "--json")
    assert (told.code, told.json["status"], told.json["accepted"]) == (2, "held", 20)
    confirmed = (*LAND, "2024-Q2", "--confirm", "--reason", "empat belas pindah kantor")
    taken = iku("land", agencies(20), *confirmed, "--json")
    assert (taken.code, taken.json["status"]) == (0, "landed")
    assert [reason["rule"] for reason in taken.json["reasons"]] == ["susut_dipastikan"]


def test_what_is_held_is_named_by_its_slice(iku: Iku, agencies):
    """What a door brought, or lies in the inbox, nobody needs to look for."""
    assert iku("land", agencies(34), *LAND, "2024-Q1").code == 0
    confirmed = (*LAND, "2024-Q2", "--confirm", "--reason", "empat belas pindah kantor")
    said = iku("land", *confirmed)
    assert said.code == 2
    assert "Tidak ada berkas yang ditahan untuk agency_ip_asn 2024-Q2" in flat(said.err)
    file = agencies(20)
    assert iku("land", file, *LAND, "2024-Q2", "--json").json["status"] == "held"
    file.unlink()
    assert iku("land", *LAND, "2024-Q2").code == 2
    taken = iku("land", *confirmed, "--json")
    assert (taken.code, taken.json["status"], taken.json["accepted"]) == (0, "landed", 20)
    assert iku("land", *confirmed).code == 2  # nothing is held any more


@pytest.mark.parametrize(
    "words", [("--confirm",), ("--reason", "x"), ("--confirm", "--reason", " ")]
)
def test_a_confirmation_has_a_reason_and_a_reason_confirms(words: tuple, iku: Iku, agencies):
    said = iku("land", agencies(3), *LAND, "2024-Q1", *words)
    assert said.code == 2
    assert "--confirm --reason" in said.err


def test_what_a_layout_lacks_is_given(iku: Iku, tmp_path: Path):
    book = Workbook()
    scores = ("Kualifikasi", "Kompetensi", "Kinerja", "Disiplin", "Total")
    book.active.append(("Nama", "Satuan Kerja", "Nama Jabatan", *scores))
    book.active.append(("Orang", "Bidang", "Analis", 20, 30, 25, 5, 80))
    file = tmp_path / "ip.xlsx"
    book.save(file)
    land = ("land", file, "--source", "office_employee", "--period", "2024")
    said = iku(*land)
    assert said.code == 2
    assert '--set "Kelompok=..."' in flat(said.out)
    assert iku(*land, "--set", "Kelompok=PNS", "--json").json["status"] == "landed"
    for wrong in ("Kelompok", "Warna=biru", "Total=80"):
        said = iku(*land, "--set", wrong)
        assert (said.code, said.err[:12]) == (2, "Tidak dapat:")


def test_a_template_is_written_once(iku: Iku, tmp_path: Path):
    file = tmp_path / "baru.xlsx"
    said = iku("template", "agency_ip_asn", "--to", file)
    assert (said.code, "Petunjuk" in said.out) == (0, True)
    assert load_workbook(file).sheetnames == ["Data", "Petunjuk"]
    for arguments, word in ((("agency_ip_asn", "--to", file), "sudah ada"), (("ikpa",), "OM-SPAN")):
        said = iku("template", *arguments)
        assert said.code == 2
        assert word in flat(said.err)
