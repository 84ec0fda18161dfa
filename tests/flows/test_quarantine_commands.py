"""The commands `iku quarantine`: a list that can be read, and copies that follow what was done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from flows.warehouse.connection import use_database
from schemas.marking import NUMBER_HEADING
from tests.conftest import Server
from tests.warehouse import steps
from tests.warehouse.steps import Said
from tests.warehouse.test_quarantine import ANSWER, forms

Iku = Callable[..., Said]
LAND = ("--source", "digital_service", "--period", "2024-Q1")


@pytest.fixture
def iku(
    server: Server,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iku:
    """Return the command on a database of the test's own."""
    use_database(tmp_path / "rumah", database)
    return steps.command(steps.environment(server, tmp_path), monkeypatch, capsys)


def services(folder: Path, *names: str) -> Path:
    file = folder / "layanan.csv"
    file.write_text(
        "Layanan,Digital,Digital SIASN\n" + "".join(f"{name},Ya,Ya\n" for name in names)
    )
    return file


def copy(folder: Path) -> Path:
    return folder / "outbox" / steps.OFFICE / "digital_service" / "2024-Q1.xlsx"


def test_a_long_list_is_shown_so_far_and_counted_whole(iku: Iku, tmp_path: Path):
    iku("land", services(tmp_path, *[f"Antah {number}" for number in range(150)]), *LAND)
    assert len(iku("quarantine", "--json").json) == 151
    shown = iku("quarantine").out
    assert shown.count("tidak dikenal") < 110
    assert "100 dari 151 ditampilkan" in shown
    assert "layanan_tidak_dikenal 150" in " ".join(shown.split())


def test_waiving_takes_an_item_out_of_the_copy_and_the_last_one_the_copy_away(
    iku: Iku, tmp_path: Path
):
    iku("land", services(tmp_path, "Antah", "Berantah"), *LAND)
    sheet = openpyxl.load_workbook(copy(tmp_path)).worksheets[0]
    assert sheet["E1"].value == NUMBER_HEADING
    why = ("--reason", "sudah dihapus")
    assert iku("quarantine", "waive", sheet["E2"].value, *why).code == 0
    again = openpyxl.load_workbook(copy(tmp_path)).worksheets[0]
    red = sheet["A2"].fill.fgColor.rgb
    assert [again[place].fill.fgColor.rgb == red for place in ("A2", "A3")] == [False, True]
    assert "sudah dihapus" in again["D2"].value
    # The number stays: by it the row is known as waived when the copy comes back.
    moved = openpyxl.load_workbook(copy(tmp_path))
    moved.worksheets[0].insert_rows(2)
    moved.worksheets[0]["A4"] = "L01"
    moved.save(tmp_path / "kembali.xlsx")
    assert iku("land", tmp_path / "kembali.xlsx", *LAND, "--json").json["rejected"] == 1
    assert [row["aturan"] for row in iku("quarantine", "--json").json] == ["ambang_terlampaui"]
    left = [row["butir"] for row in iku("quarantine", "--json").json]
    assert iku("quarantine", "waive", *left, *why).code == 0
    assert not copy(tmp_path).exists()
    assert iku("quarantine", "export").out.strip() == "Tidak ada yang perlu diperbaiki."
    said = iku("quarantine", "show", "Kaleng")
    assert (said.code, "bukan nomor butir" in said.err) == (2, True)


def test_retracting_what_mended_writes_the_copy_again(iku: Iku, tmp_path: Path):
    file = tmp_path / "survei.csv"
    to = ("--source", "survey_answer", "--period", "2024-Q1", "--json")
    file.write_text(forms(ANSWER.replace("SV01", "SVXX")))
    marked = Path(iku("land", file, *to).json["outbox"])
    file.write_text(forms())
    good = iku("land", file, *to).json
    assert (good["outbox"], marked.exists()) == (None, False)
    iku("retract", good["load_id"], "--reason", "salah unggah")
    assert marked.exists()


def test_a_copy_that_cannot_be_written_hides_nothing_of_the_landing(iku: Iku, tmp_path: Path):
    (tmp_path / "outbox").write_text("bukan folder")
    said = iku("land", services(tmp_path, "Antah"), *LAND)
    assert (said.code, "DITOLAK" in said.out) == (2, True)
    assert "salinan bertanda tidak dapat ditulis" in " ".join(said.err.split())
    said = iku("quarantine", "export")
    assert said.code == 1
    assert "salinan bertanda tidak dapat ditulis" in " ".join(said.err.split())
