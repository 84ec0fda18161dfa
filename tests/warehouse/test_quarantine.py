"""The quarantine: when an item is open, fixed, waived or replaced, and how its copy comes back."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from flows.landing import scratch
from flows.landing import store as loads
from flows.landing.request import Landing
from flows.machine import archive
from flows.machine.settings import Settings
from flows.quarantine import items as quarantine
from flows.quarantine import marked_workbook, opened_workbook, outbox, store
from flows.warehouse.connection import Warehouse
from schemas.marking import LIST_SHEET, NOTE_HEADING, NUMBER_HEADING, quieted, restored
from tests.conftest import Server
from tests.samples.workbooks import Form
from tests.warehouse import steps
from tests.warehouse.steps import land, land_file, landed

At = Callable[[str | None], Warehouse]
YEAR = Path(__file__).parents[1] / "samples/tahun-2024/inbox"
Q1 = ("digital_service", "2024-Q1")
SURVEY = ("survey_answer", "2024-Q1")
HEAD = "Layanan,Digital,Digital SIASN\n"
GOOD = [f"L{number:02},Ya,Ya" for number in range(1, 13)]
SURVEY_HEAD = (
    "Layanan,Tanggal,U1,U2,U3,U4,U5,U6,U7,U8,U9,"
    "Umur,Jenis Kelamin,Pendidikan,Pekerjaan,Instansi Asal\n"
)
ANSWER = "SV01,2024-02-06,4,4,4,4,4,4,4,4,4,,,,,"


def services(**wrong: str) -> str:
    """Return a csv of the twelve services, some rows written otherwise: `r2` is the row 2."""
    lines = [wrong.get(f"r{number}", line) for number, line in enumerate(GOOD, 2)]
    return HEAD + "".join(f"{line}\n" for line in lines)


def forms(*wrong: str) -> str:
    """Return a survey csv with wrong rows first, few enough to be tolerated."""
    return SURVEY_HEAD + "".join(f"{line}\n" for line in (*wrong, *[ANSWER] * 40))


def states(warehouse: Warehouse, outcome: Landing) -> Counter[tuple[str, str]]:
    """Return the rules of a load's items with their states."""
    found = warehouse.rows(
        "SELECT aturan, keadaan FROM mart.baris_ditolak WHERE muatan = :load",
        load=outcome.load_id,
    )
    return Counter((row["aturan"], row["keadaan"]) for row in found)


def still_open(warehouse: Warehouse) -> list[str]:
    """Return the rules of all that is open, sorted."""
    return sorted(
        row["aturan"]
        for row in warehouse.rows("SELECT aturan FROM mart.baris_ditolak WHERE keadaan = 'terbuka'")
    )


def test_items_of_a_refused_file_are_open_until_the_slice_lands_without_them(
    warehouse: Warehouse, settings: Settings
):
    refused = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya", r5="L04,Mungkin,Ya"))
    assert still_open(warehouse) == ["ambang_terlampaui", "layanan_tidak_dikenal", "pilihan"]
    good = landed(land(warehouse, settings, *Q1, services()))
    assert still_open(warehouse) == []
    assert set(states(warehouse, refused)) == {
        (rule, "selesai") for rule in ("ambang_terlampaui", "layanan_tidak_dikenal", "pilihan")
    }
    closed = warehouse.rows("SELECT * FROM mart.baris_ditolak")[0]
    assert (closed["ditutup_muatan"], closed["ditutup_oleh"]) == (good.load_id, "penguji")


def test_a_newer_attempt_stands_in_the_place_of_a_refused_one(
    warehouse: Warehouse, settings: Settings
):
    first = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya", r5="L04,Mungkin,Ya"))
    second = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    assert {state for _, state in states(warehouse, first)} == {"diganti"}
    assert still_open(warehouse) == ["ambang_terlampaui", "layanan_tidak_dikenal"]
    assert {state for _, state in states(warehouse, second)} == {"terbuka"}
    # The unknown service is one problem, told twice; the one of row 5 has been mended.
    problems = Counter(
        row["masalah"] for row in warehouse.rows("SELECT masalah FROM mart.baris_ditolak")
    )
    assert sorted(problems.values()) == [1, 2, 2]


def test_a_file_that_lands_and_repeats_a_problem_does_not_fix_it(
    warehouse: Warehouse, settings: Settings
):
    first = landed(land(warehouse, settings, *SURVEY, forms(ANSWER.replace("SV01", "SVXX"))))
    assert states(warehouse, first) == {("layanan_tidak_dikenal", "terbuka"): 1}
    second = landed(
        land(warehouse, settings, *SURVEY, forms(ANSWER.replace("SV01", "SVXX"), ANSWER))
    )
    assert states(warehouse, first) == {("layanan_tidak_dikenal", "diganti"): 1}
    assert states(warehouse, second) == {("layanan_tidak_dikenal", "terbuka"): 1}
    landed(land(warehouse, settings, *SURVEY, forms()))
    assert states(warehouse, first) == {("layanan_tidak_dikenal", "diganti"): 1}
    assert states(warehouse, second) == {("layanan_tidak_dikenal", "selesai"): 1}


def test_a_refused_attempt_after_a_load_in_force_counts_each_problem_once(
    warehouse: Warehouse, settings: Settings
):
    bad, day = ANSWER.replace("SV01", "SVXX"), ANSWER.replace("2024-02-06", "kemarin")
    first = landed(land(warehouse, settings, *SURVEY, forms(bad, day)))
    again = SURVEY_HEAD + f"{bad}\n{ANSWER}\n"
    second = land(warehouse, settings, *SURVEY, again)
    assert second.status == "refused"
    # The day is still missing from what counts; the service is told by the newer attempt.
    assert states(warehouse, first) == {
        ("layanan_tidak_dikenal", "diganti"): 1,
        ("bukan_tanggal", "terbuka"): 1,
    }
    assert still_open(warehouse) == ["ambang_terlampaui", "bukan_tanggal", "layanan_tidak_dikenal"]


def test_what_a_refused_file_told_is_open_in_the_load_that_repeats_it(
    warehouse: Warehouse, settings: Settings
):
    bad = ANSWER.replace("SV01", "SVXX")
    refused = land(warehouse, settings, *SURVEY, SURVEY_HEAD + f"{bad}\n{ANSWER}\n")
    assert refused.status == "refused"
    taken = landed(land(warehouse, settings, *SURVEY, forms(bad)))
    assert states(warehouse, taken) == {("layanan_tidak_dikenal", "terbuka"): 1}
    assert states(warehouse, refused) == {
        ("layanan_tidak_dikenal", "diganti"): 1,
        ("ambang_terlampaui", "selesai"): 1,
    }


def test_what_a_withdrawn_load_had_mended_is_open_again(warehouse: Warehouse, settings: Settings):
    first = landed(land(warehouse, settings, *SURVEY, forms(ANSWER.replace("SV01", "SVXX"))))
    second = landed(land(warehouse, settings, *SURVEY, forms()))
    assert still_open(warehouse) == []
    loads.retract(warehouse, second.load_id, "penguji", "uji")
    assert still_open(warehouse) == ["layanan_tidak_dikenal"]
    # And nobody needs to mend what was withdrawn.
    loads.retract(warehouse, first.load_id, "penguji", "uji")
    assert states(warehouse, first) == {("layanan_tidak_dikenal", "diganti"): 1}


def test_what_a_withdrawn_load_had_mended_of_a_refused_one_is_open_again(
    warehouse: Warehouse, settings: Settings
):
    landed(land(warehouse, settings, *Q1, services()))
    refused = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    told = still_open(warehouse)
    assert told == ["ambang_terlampaui", "layanan_tidak_dikenal"]
    mending = landed(land(warehouse, settings, *Q1, services(r3="L02,Ya,Tidak")))
    assert still_open(warehouse) == []
    loads.retract(warehouse, mending.load_id, "penguji", "uji")
    assert (still_open(warehouse), set(states(warehouse, refused))) == (
        told,
        {(rule, "terbuka") for rule in told},
    )


def test_other_slices_close_nothing(warehouse: Warehouse, settings: Settings):
    land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    landed(land(warehouse, settings, "digital_service", "2024-Q2", services()))
    assert still_open(warehouse) == ["ambang_terlampaui", "layanan_tidak_dikenal"]


def test_a_note_is_no_item_to_mend(warehouse: Warehouse, settings: Settings):
    head = "NIP,Nama,Kelompok,Kualifikasi,Kompetensi,Kinerja,Disiplin,Total\n"
    text = head + "190101012001011001,Contoh,PNS,20,40,25,5,95\n"
    outcome = landed(land(warehouse, settings, "office_employee", "2023", text))
    assert states(warehouse, outcome) == {("jumlah_dimensi_berbeda", "catatan"): 1}
    assert outbox.export(warehouse, settings, outcome.load_id) is None


@pytest.mark.parametrize("door", ["hand", "inbox"])
def test_the_file_in_force_put_back_after_a_refused_one_closes_its_items(
    door: str, warehouse: Warehouse, settings: Settings
):
    landed(land(warehouse, settings, *Q1, services(), door=door))
    refused = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"), door=door)
    again = landed(land(warehouse, settings, *Q1, services(), door=door))
    assert again.load_id > refused.load_id
    assert {state for _, state in states(warehouse, refused)} == {"selesai"}
    assert land(warehouse, settings, *Q1, services(), door=door).status == "unchanged"


def test_another_door_that_brings_what_is_in_force_closes_nothing(
    warehouse: Warehouse, settings: Settings
):
    landed(land(warehouse, settings, *Q1, services(), door="inbox"))
    land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    assert land(warehouse, settings, *Q1, services(), door="inbox").status == "unchanged"
    assert still_open(warehouse) == ["ambang_terlampaui", "layanan_tidak_dikenal"]


def test_a_waiver_holds_for_the_problem_and_lets_nothing_in(
    warehouse: Warehouse, settings: Settings
):
    bad = ANSWER.replace("SV01", "SVXX")
    first = landed(land(warehouse, settings, *SURVEY, forms(bad)))
    number = store.items(warehouse, steps.OFFICE)[0]["butir"]
    quarantine.waive(warehouse, [number], "Siti Contoh", "layanan sudah dihapus")
    assert states(warehouse, first) == {("layanan_tidak_dikenal", "dikecualikan"): 1}
    second = landed(land(warehouse, settings, *SURVEY, forms(bad, ANSWER)))
    assert second.counts.rejected == 1
    assert states(warehouse, second) == {("layanan_tidak_dikenal", "dikecualikan"): 1}
    told = quarantine.item(warehouse, number)
    assert [one["muatan"] for one in told] == [first.load_id, second.load_id]
    assert (told[1]["ditutup_oleh"], told[1]["alasan"]) == ("Siti Contoh", "layanan sudah dihapus")


def test_only_what_is_open_is_waived_and_all_or_none(warehouse: Warehouse, settings: Settings):
    land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    numbers = [one["butir"] for one in store.items(warehouse, steps.OFFICE)]
    with pytest.raises(quarantine.NoSuchItem, match="Tidak ada butir karantina nomor 999"):
        quarantine.waive(warehouse, [numbers[0], 999], "penguji", "uji")
    assert steps.count(warehouse, "ops.waiver") == 0
    landed(land(warehouse, settings, *Q1, services()))
    with pytest.raises(quarantine.NoSuchItem, match="tidak terbuka"):
        quarantine.waive(warehouse, numbers, "penguji", "uji")
    assert steps.count(warehouse, "ops.waiver") == 0


def cells(file: Path, sheet: str | int = 0) -> list[list[object]]:
    """Return the cells of a sheet; no cell of ours may be a formula."""
    book = openpyxl.load_workbook(file)
    for one in book.worksheets:
        assert not [cell for row in one.iter_rows() for cell in row if cell.data_type == "f"]
    chosen = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
    return [[cell.value for cell in row] for row in chosen.iter_rows()]


def mend(file: Path, put: dict[tuple[int, int], object], target: Path) -> Path:
    """Save the marked copy with some cells of its first sheet (row, column) put right."""
    book = openpyxl.load_workbook(file)
    for place, value in put.items():
        book.worksheets[0].cell(*place).value = value
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target


def export(warehouse: Warehouse, settings: Settings, outcome: Landing) -> Path:
    file = outbox.export(warehouse, settings, outcome.load_id)
    assert file is not None
    return file


@pytest.mark.parametrize("form", [Form.CSV, Form.INDONESIAN_CSV, Form.XLSX])
def test_a_marked_copy_comes_back_mended_and_closes_its_items(
    form: Form, warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    rows = [{**row} for row in steps.digital(11)]
    source, period = Q1
    file = steps.write(settings, source, period, rows, form=form)
    good = landed(land_file(warehouse, settings, file, source, period))
    bad = cells(mend(file, {}, tmp_path / "x.xlsx")) if form is Form.XLSX else None
    if bad is None:
        text = file.read_text(encoding="utf-8-sig").replace("L02", "L99").replace("L05", "L98")
        file.write_text(text, encoding="utf-8")
    else:
        mend(file, {(3, 1): "L99", (6, 1): "L98"}, file)
    refused = land_file(warehouse, settings, file, source, period)
    assert (refused.status, refused.counts.rejected) == ("refused", 2)

    copy = export(warehouse, settings, refused)
    assert copy == settings.outbox / steps.OFFICE / source / "2024-Q1.xlsx"
    assert copy.stat().st_mode & 0o077 == 0
    folders = [folder for folder in copy.parents if folder.is_relative_to(settings.outbox)]
    assert {folder.stat().st_mode & 0o077 for folder in folders} == {0}
    shown = cells(copy)
    assert shown[0][3:] == [NOTE_HEADING, NUMBER_HEADING]
    assert "“L99”" in str(shown[2][3])
    assert "daftar rujukan" in str(shown[2][3])
    book = openpyxl.load_workbook(copy)
    assert book.worksheets[0]["A3"].fill.fgColor.rgb == RED
    assert book.worksheets[0]["A4"].fill.fgColor.rgb != RED
    listed = cells(copy, LIST_SHEET)
    assert [row[3] for row in listed if re.fullmatch(r"K\d+", str(row[0]))] == [
        "berkas ditolak",
        "baris ditolak",
        "baris ditolak",
    ]

    # Half mended: one item stays, and keeps its number.
    half = mend(copy, {(3, 1): "L02"}, tmp_path / "half.xlsx")
    second = land_file(warehouse, settings, half, source, period)
    assert (second.status, second.counts.rejected) == ("refused", 1)
    assert (
        Counter(
            row["masalah"] for row in warehouse.rows("SELECT masalah FROM mart.baris_ditolak")
        ).most_common(2)[0][1]
        == 2
    )
    whole = mend(export(warehouse, settings, second), {(6, 1): "L05"}, tmp_path / "whole.xlsx")
    third = landed(land_file(warehouse, settings, whole, source, period))
    assert still_open(warehouse) == []
    assert {state for _, state in states(warehouse, refused)} == {"selesai"}
    same = ("service", "is_digital", "is_digital_siasn")
    assert [
        [row[name] for name in same] for row in steps.staged(warehouse, source, third.load_id)
    ] == [[row[name] for name in same] for row in steps.staged(warehouse, source, good.load_id)]
    assert outbox.export(warehouse, settings, third.load_id) is None
    assert not copy.exists()


def test_a_number_tells_a_problem_also_where_its_row_has_moved(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    first = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya", r5="L04,Mungkin,Ya"))
    book = openpyxl.load_workbook(export(warehouse, settings, first))
    book.worksheets[0].delete_rows(2)  # what stood in rows 3 and 5 moves up
    book.worksheets[0].append(["L01", "Ya", "Ya"])
    book.worksheets[0]["B4"] = "Ya"
    book.save(tmp_path / "moved.xlsx")
    second = land_file(warehouse, settings, tmp_path / "moved.xlsx", *Q1)
    found = {row["rule"]: row for row in steps.rejects(warehouse, second.load_id)}
    earlier = {row["rule"]: row for row in steps.rejects(warehouse, first.load_id)}
    assert found.keys() == {"ambang_terlampaui", "layanan_tidak_dikenal"}
    assert found["layanan_tidak_dikenal"]["row_no"] == 2
    assert found["layanan_tidak_dikenal"]["origin"] == earlier["layanan_tidak_dikenal"]["reject_id"]


def test_numbers_of_another_slice_say_nothing(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    first = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    copy = export(warehouse, settings, first)
    land_file(warehouse, settings, copy, "digital_service", "2024-Q2")
    other = warehouse.rows("SELECT origin FROM ops.reject WHERE load_id > :id", id=first.load_id)
    assert {row["origin"] for row in other} == {None}


RED = "00FFC7CE"
LIVE = ("=1+1", "+1", "-1", "@SUM(1)", "'=1+1", "''-1", "=HYPERLINK(1)")


@pytest.mark.parametrize("live", LIVE)
def test_no_formula_is_in_a_copy_and_its_text_returns_as_it_was(
    live: str, warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    head = "Nomor Usulan,Judul,Tanggal Usulan,Status,Tanggal Putusan\n"
    text = head + f"US/1,{live},2024-01-05,Diusulkan,\n{live},Judul,2024-01-05,Entah,\n"
    source = ("technical_regulation", "2024-Q1")
    first = land(warehouse, settings, *source, text)
    assert first.status == "refused"
    copy = export(warehouse, settings, first)
    for sheet in (0, 1):
        assert not [
            cell
            for row in cells(copy, sheet)
            for cell in row
            if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
        ]
    # A copy that comes back as wrong as before is marked again, and nothing is quoted twice.
    second = land_file(warehouse, settings, copy, *source)
    copy = export(warehouse, settings, second)
    mended = mend(copy, {(3, 4): "Diusulkan"}, tmp_path / "mended.xlsx")
    third = landed(land_file(warehouse, settings, mended, *source))
    rows = steps.staged(warehouse, "technical_regulation", third.load_id)
    assert [(row["title"], row["proposal_no"]) for row in rows] == [
        (live, "US/1"),
        ("Judul", live),
    ]


def test_a_shifted_row_stays_refused_until_its_number_is_deleted(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    first = land(warehouse, settings, *Q1, services(r3="L02,Ya,Ya,lebih"))
    copy = export(warehouse, settings, first)
    number = cells(copy)[2][5]
    assert str(number).startswith("G")
    same = land_file(warehouse, settings, mend(copy, {}, tmp_path / "same.xlsx"), *Q1)
    assert steps.rules(same) == ["ambang_terlampaui", "jumlah_sel_berbeda"]
    assert len(quarantine.item(warehouse, int(str(number)[1:]))) == 2
    copy = export(warehouse, settings, same)
    put = {(3, 4): None, (3, 6): None}
    landed(land_file(warehouse, settings, mend(copy, put, tmp_path / "put.xlsx"), *Q1))
    assert still_open(warehouse) == []


def test_all_that_is_wrong_is_told_at_once_the_heading_first(
    warehouse: Warehouse, settings: Settings
):
    text = (
        "Nomor Usulan,Judul,Tanggal Usulan,Statusnya,Tanggal Putusan\n"
        "US/1,Judul,kemarin,Entah,\n"
        "US/2,,2024-01-05,Diusulkan,2024-13-45\n"
    )
    refused = land(warehouse, settings, "technical_regulation", "2024-Q1", text)
    assert (refused.status, refused.counts.rows_in) == ("refused", 0)
    found = store.items(warehouse, steps.OFFICE)
    assert [row["akibat"] for row in found] == ["berkas ditolak"] * 2 + ["baris ditolak"] * 3
    assert sorted(row["aturan"] for row in found) == [
        "bukan_tanggal", "bukan_tanggal", "kolom_hilang", "kolom_tak_dikenal", "wajib_diisi",
    ]  # fmt: skip
    assert {row["kolom"] for row in found} == {
        "Status", "Statusnya", "Tanggal Usulan", "Judul", "Tanggal Putusan",
    }  # fmt: skip
    twice = ANSWER.replace(",,,,,", ",,,,,,satu,")
    survey = SURVEY_HEAD[:-1] + ",ID Responden,Warna\n" + f"{twice}\n" * 2
    outcome = land(warehouse, settings, *SURVEY, survey)
    assert steps.rules(outcome) == ["kolom_tak_dikenal"]
    assert outcome.counts.rows_in == outcome.counts.accepted == 0
    # A file of another kind is told by its heading alone.
    other = land(warehouse, settings, "technical_regulation", "2024-Q2", HEAD + GOOD[0])
    assert steps.rules(other) == ["kepala_tidak_ditemukan"]
    few = "Nomor Usulan,Judul,Warna,Rupa\n,,merah,bulat\n"
    other = land(warehouse, settings, "technical_regulation", "2024-Q3", few)
    assert set(steps.rules(other)) == {"kolom_hilang", "kolom_tak_dikenal"}


def test_a_broken_heading_is_marked_and_what_cannot_be_marked_is_listed(
    warehouse: Warehouse, settings: Settings
):
    text = "Layanan,Digital,Digital SIASN,Warna\nL01,Ya,Ya,merah\n"
    refused = land(warehouse, settings, *Q1, text)
    copy = export(warehouse, settings, refused)
    sheet = openpyxl.load_workbook(copy).worksheets[0]
    assert sheet["D1"].fill.fgColor.rgb == RED
    file = steps.place(settings, *Q1, ending="xlsx")
    file.write_bytes(b"bukan buku kerja")
    refused = land_file(warehouse, settings, file, *Q1)
    listed = export(warehouse, settings, refused)
    assert (listed.name, copy.exists()) == ("2024-Q1.daftar.xlsx", False)
    assert openpyxl.load_workbook(listed).sheetnames == [LIST_SHEET]
    assert any("tidak sesuai dengan isinya" in str(row[4]) for row in cells(listed))


def test_a_held_file_is_only_listed_and_its_confirmation_closes_it(
    warehouse: Warehouse, settings: Settings
):
    lists = {count: steps.measured(count, steps.members()[:count]) for count in (34, 20)}
    landed(land(warehouse, settings, "agency_ip_asn", "2024-Q1", lists[34]))
    held = land(warehouse, settings, "agency_ip_asn", "2024-Q2", lists[20])
    listed = export(warehouse, settings, held)
    assert (listed.name, still_open(warehouse)) == ("2024-Q2.daftar.xlsx", ["susut_banyak"])
    taken = land(warehouse, settings, "agency_ip_asn", "2024-Q2", lists[20], because="pindah")
    assert outbox.renew_all(warehouse, settings, [landed(taken)]) == []
    assert (listed.exists(), still_open(warehouse)) == (False, [])


def test_a_file_too_large_for_a_workbook_is_listed_so_far(warehouse: Warehouse, settings: Settings):
    count = opened_workbook.MARKED_ROWS + 1
    text = SURVEY_HEAD + f"{ANSWER.replace('SV01', 'SVXX')}\n" * count
    listed = export(warehouse, settings, land(warehouse, settings, *SURVEY, text))
    assert listed.name == "2024-Q1.daftar.xlsx"
    assert cells(listed)[-1][0] == f"... dan {count + 1 - marked_workbook.LISTED_ITEMS} lagi."


def test_no_draft_of_a_copy_lies_outside_the_outbox(
    warehouse: Warehouse, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    refused = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    elsewhere = str(tmp_path / "tidak ada")
    monkeypatch.setattr(tempfile, "tempdir", elsewhere)  # a draft there would fail
    copy = export(warehouse, settings, refused)
    assert [file.name for file in copy.parent.iterdir()] == [copy.name]
    assert tempfile.tempdir == elsewhere


def test_a_copy_that_cannot_be_written_is_told_and_undoes_nothing(
    warehouse: Warehouse, settings: Settings
):
    settings.outbox.write_text("bukan folder")
    refused = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya"))
    (problem,) = outbox.renew_all(warehouse, settings, [refused])
    assert problem.startswith("2024-Q1.csv: salinan bertanda tidak dapat ditulis.")
    assert still_open(warehouse) == ["ambang_terlampaui", "layanan_tidak_dikenal"]


def test_the_round_trip_of_the_readme(server: Server, database: str, at: At, settings: Settings):
    steps.backdate_references(server, database)
    warehouse = at("2024-04-10T09:00:00+07:00")
    file = steps.place(settings, "agency_ip_asn", "2024-Q1", ending="xlsx")
    sample = YEAR / steps.OFFICE / "agency_ip_asn/2024-Q1.xlsx"
    file.write_bytes(sample.read_bytes())
    (first,) = steps.take_inbox(warehouse, settings)
    assert outbox.renew_all(warehouse, settings, [first]) == []
    assert file.read_bytes() == sample.read_bytes()
    steps.compute(warehouse, 2024, 1)
    assert steps.shown(warehouse, "IKU.2", 2024, 1)["realisasi"] is None

    copy = settings.outbox / file.relative_to(settings.inbox)
    put = {(2, 1): "Kota Pematangsiantar", (10, 2): "Proses", (18, 3): 79.2, (26, 4): "29/02/2024"}
    wrong = {
        (row, column)
        for row, cells_ in enumerate(openpyxl.load_workbook(copy).worksheets[0].iter_rows(), 1)
        for column, cell in enumerate(cells_, 1)
        if cell.fill.fgColor.rgb == RED
    }
    assert wrong == put.keys()
    mend(copy, put, file)
    (second,) = steps.take_inbox(warehouse, settings)
    assert outbox.renew_all(warehouse, settings, [second]) == []
    assert (landed(second).counts.accepted, copy.exists(), still_open(warehouse)) == (34, False, [])
    assert {state for _, state in states(warehouse, first)} == {"selesai"}
    steps.compute(warehouse, 2024, 1)
    assert steps.shown(warehouse, "IKU.2", 2024, 1)["realisasi"] == Decimal("5.88")
    history = warehouse.rows("SELECT status, sha256 FROM ops.load ORDER BY load_id")
    assert [row["status"] for row in history] == ["refused", "landed"]
    assert all(archive.path_of(settings.home, row["sha256"]).is_file() for row in history)


TABLE = ("Layanan", "Digital", "Digital SIASN", "Kanal")


def workbook(file: Path, wrong: dict[str, object], change=lambda sheet: None) -> Path:
    """Save the twelve services as a workbook: some cells written otherwise, then changed."""
    book = openpyxl.Workbook()
    for line in (TABLE, *[(f"L{number:02}", "Ya", "Ya", "web") for number in range(1, 13)]):
        book.worksheets[0].append(line)
    for place, value in wrong.items():
        book.worksheets[0][place] = value
    change(book.worksheets[0])
    book.save(file)
    return file


def rewritten(file: Path, part: str, old: bytes, new: bytes) -> Path:
    """Put other bytes into a part of a workbook, as another program writes it."""
    with zipfile.ZipFile(file) as archive_:
        parts = {name: archive_.read(name) for name in archive_.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive_:
        for name, content in parts.items():
            archive_.writestr(name, content)
    return file


def marked(file: Path) -> list[str]:
    """Return the places of the cells that are marked as wrong."""
    return [
        cell.coordinate
        for row in openpyxl.load_workbook(file).worksheets[0].iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == RED
    ]


def test_a_formula_without_result_comes_back_as_wrong_as_it_went(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    file = workbook(tmp_path / "sent.xlsx", {"A4": "L99", "D5": "=1+1"})
    copy = export(warehouse, settings, land_file(warehouse, settings, file, *Q1))
    assert marked(copy) == ["A4", "D5"]
    half = mend(copy, {(4, 1): "L03"}, tmp_path / "half.xlsx")
    again = land_file(warehouse, settings, half, *Q1)
    assert steps.rules(again) == ["ambang_terlampaui", "rumus_tanpa_hasil"]
    # What is right now is no longer marked.
    assert marked(export(warehouse, settings, again)) == ["D5"]


def test_what_lies_under_merged_cells_is_in_the_copy(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    file = workbook(tmp_path / "sent.xlsx", {"A4": "L99"})
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells>'
    rewritten(file, "xl/worksheets/sheet1.xml", b"</sheetData>", merged)
    copy = export(warehouse, settings, land_file(warehouse, settings, file, *Q1))
    assert cells(copy)[2][3] == "web"
    # An officer who merges the notes gets a copy again.
    book = openpyxl.load_workbook(copy)
    book.worksheets[0].merge_cells("E4:E6")
    book.save(tmp_path / "merged.xlsx")
    again = land_file(warehouse, settings, tmp_path / "merged.xlsx", *Q1)
    assert marked(export(warehouse, settings, again)) == ["A4"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "area",
    [
        '<mergeCells count="1"><mergeCell ref="F1:G300000"/></mergeCells>',
        '<mergeCells count="1"><mergeCell ref ="F1:XFD20000"/></mergeCells>',
        "<mergeCells count='1'><mergeCell\tref='$F$1:$XFD$20000'/></mergeCells>",
        '<hyperlinks><hyperlink ref="F1:XFD20000" location="A1"/></hyperlinks>',
    ],
    ids=["columns", "blank", "tab", "link"],
)
def test_what_spans_more_cells_than_memory_bears_is_listed(
    area: str, warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    file = workbook(tmp_path / "sent.xlsx", {"A4": "L99"})
    spanning = b"</sheetData>" + area.encode()
    rewritten(file, "xl/worksheets/sheet1.xml", b"</sheetData>", spanning)
    listed = export(warehouse, settings, land_file(warehouse, settings, file, *Q1))
    assert listed.name == "2024-Q1.daftar.xlsx"


def test_formats_far_away_cost_nothing(warehouse: Warehouse, settings: Settings, tmp_path: Path):
    def far(sheet: Worksheet) -> None:
        for place in ("A1048576", "XFD1"):
            sheet[place].font = Font(bold=True)

    file = workbook(tmp_path / "sent.xlsx", {"A4": "L99"}, far)
    shown = openpyxl.load_workbook(
        export(warehouse, settings, land_file(warehouse, settings, file, *Q1))
    ).worksheets[0]
    assert [shown.cell(1, place).value for place in (5, 6)] == [NOTE_HEADING, NUMBER_HEADING]


def test_what_openpyxl_cannot_open_is_listed_and_what_it_drops_is_no_failure(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    dropped = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.'
        b'microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations/></ext></extLst>'
    )
    file = workbook(tmp_path / "sent.xlsx", {"A4": "L99"})
    rewritten(file, "xl/worksheets/sheet1.xml", b"</worksheet>", dropped + b"</worksheet>")
    assert marked(export(warehouse, settings, land_file(warehouse, settings, file, *Q1))) == ["A4"]
    rewritten(file, "xl/styles.xml", b"<fill>", b"<fill/><fill>")
    listed = export(warehouse, settings, land_file(warehouse, settings, file, *Q1))
    assert listed.name == "2024-Q1.daftar.xlsx"


@pytest.mark.parametrize("odd", ["L05,Ya,Ya" + ",x" * 17_000, "L05,Ya," + "x" * 40_000])
def test_what_no_sheet_can_hold_is_listed_and_never_cut(
    odd: str, warehouse: Warehouse, settings: Settings
):
    refused = land(warehouse, settings, *Q1, services(r6=odd))
    assert export(warehouse, settings, refused).name == "2024-Q1.daftar.xlsx"


def test_a_total_that_does_not_agree_is_marked_at_its_heading(
    warehouse: Warehouse, settings: Settings
):
    sums = "JUMLAH,,12,12,12,12,11,12,12,12,12,,,,,"
    text = SURVEY_HEAD + f"{ANSWER}\n" * 3 + f"{sums}\n"
    refused = land(warehouse, settings, *SURVEY, text)
    assert steps.rules(refused) == ["jumlah_tidak_cocok"]
    assert marked(export(warehouse, settings, refused)) == ["G1"]


def test_a_copy_whose_headings_were_written_otherwise_is_one_still(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    refused = land(warehouse, settings, *Q1, services(r3="L99,Ya,Ya", r5="=1+1,Ya,Ya"))
    copy = export(warehouse, settings, refused)
    loud = mend(copy, {(1, 5): "NOMOR PERBAIKAN "}, tmp_path / "loud.xlsx")
    shown = cells(export(warehouse, settings, land_file(warehouse, settings, loud, *Q1)))
    assert shown[0][3:] == [NOTE_HEADING, NUMBER_HEADING]
    assert shown[4][0] == "'=1+1"


def test_a_dash_that_stands_for_no_value_is_no_formula():
    assert [quieted(text) for text in ("-", "--", "- ", "'-")] == ["-", "--", "- ", "'-"]
    assert [quieted(text)[0] for text in ("--1", "-a", "\n=1", "\uff1d1")] == ["'"] * 4
    assert all(restored(quieted(text)) == text for text in ("-", "'-", "--1", "'=1", "\n=1"))


def test_the_copy_of_a_slice_tells_of_its_newest_load_that_is_open(
    warehouse: Warehouse, settings: Settings
):
    bad = ANSWER.replace("SV01", "SVXX")
    first = landed(land(warehouse, settings, *SURVEY, forms(bad)))
    copy = export(warehouse, settings, first)
    second = landed(land(warehouse, settings, *SURVEY, forms()))
    assert outbox.export(warehouse, settings, second.load_id) is None
    assert not copy.exists()
    loads.retract(warehouse, second.load_id, "penguji", "uji")
    assert export(warehouse, settings, second) == copy
    assert marked(copy) == ["A2"]
    refused = land(warehouse, settings, *SURVEY, SURVEY_HEAD + f"{ANSWER}\n{bad}\n")
    assert marked(export(warehouse, settings, first)) == ["A3"]
    assert store.open_loads(warehouse, steps.OFFICE) == [refused.load_id]


def test_what_a_door_fetched_is_mended_where_it_comes_from(
    warehouse: Warehouse, settings: Settings
):
    file = steps.place(settings, *Q1, ending="ndjson")
    file.write_text('{"Layanan": "L99", "Digital": "Ya", "Digital SIASN": "Ya"}\n')
    listed = export(warehouse, settings, land_file(warehouse, settings, file, *Q1))
    words = " ".join(str(row[0]) for row in cells(listed)[:3])
    assert "perbaiki datanya di sana" in words
    assert "inbox" not in words


def test_many_refusals_are_kept_some_at_a_time_and_all_of_them(
    warehouse: Warehouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scratch, "REFUSED_AT_A_TIME", 2)
    text = HEAD + "".join(f"X{number},Ya,Ya\n" for number in range(5))
    refused = land(warehouse, settings, *Q1, text)
    rows = [row["row_no"] for row in steps.rejects(warehouse, refused.load_id) if row["row_no"]]
    assert sorted(rows) == [2, 3, 4, 5, 6]


def test_open_items_are_counted_by_source_rule_and_age(
    at: At, server: Server, database: str, settings: Settings
):
    steps.backdate_references(server, database)
    early = at("2024-04-02T09:00:00+07:00")
    land(early, settings, *Q1, services(r3="L99,Ya,Ya"))
    land(at("2024-04-20T09:00:00+07:00"), settings, *Q1, services(r3="L99,Ya,Ya", r5="L04,X,Ya"))
    counted = at("2024-05-10T09:00:00+07:00").rows(
        "SELECT aturan, golongan_umur, jumlah, umur_hari_terlama FROM mart.karantina"
        " ORDER BY aturan"
    )
    assert [tuple(row.values()) for row in counted] == [
        ("ambang_terlampaui", "3. 31–90 hari", 1, 38),
        ("layanan_tidak_dikenal", "3. 31–90 hari", 1, 38),
        ("pilihan", "2. 8–30 hari", 1, 20),
    ]
