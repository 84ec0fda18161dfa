"""Other people's layouts: read, or refused with what is missing; never taken for something else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from flows.landing import land as landing
from flows.landing.request import BadRequest, Landing, Request
from flows.machine.settings import Settings
from flows.quarantine import outbox
from flows.warehouse.connection import Warehouse
from schemas.marking import LIST_SHEET
from tests.conftest import SHARED
from tests.warehouse import steps
from tests.warehouse.steps import landed

LAYOUTS = SHARED / "cases" / "layouts.json"
NUMBERS = [f"U{n}" for n in range(1, 10)]
SERVICE = "Konsultasi Kepegawaian"
Cells = Sequence[Sequence[object]]


@pytest.fixture
def land(warehouse: Warehouse, settings: Settings, tmp_path: Path):
    """Return what lands cells, saved as a workbook, with values given beside them."""
    file = tmp_path / "berkas.xlsx"
    saved: list[Cells] = []

    def land_it(source: str, period: str, cells: Cells, given=None, door: str = "hand") -> Landing:
        if saved != [cells]:  # a workbook saved again a second later is another file
            book = Workbook()
            for row in cells:
                book.active.append(list(row))
            book.save(file)
            saved[:] = [cells]
        request = Request(
            file, steps.OFFICE, source, period, door=door, who="penguji", given=given or {}
        )
        return landing.land(warehouse, settings, request)

    return land_it


def rows(warehouse: Warehouse, outcome: Landing, *columns: str) -> list[tuple[object, ...]]:
    staged = steps.staged(warehouse, outcome.request.source, landed(outcome).load_id)
    return [tuple(row[column] for column in columns) for row in staged]


PROFILE = ["NAMA", "JENIS KELAMIN", "USIA", "PENDIDIKAN", "PEKERJAAN", "JENIS LAYANAN"]


def recap(*extra: str) -> list[list[object]]:
    head = ["", *PROFILE, *NUMBERS, *extra]
    top = ["NO. RESPONDEN", "PROFIL", *[""] * 5, "NILAI UNSUR PELAYANAN", *[""] * 8]
    body: list[list[object]] = [
        [n, f"Orang {n}", "L", 30 + n, "S1", "PNS", SERVICE, 3, 4, 4, 4, 3, 4, 4, 2, 4]
        + [4] * len(extra)
        for n in (1, 2, 3)
    ]
    sums: list[object] = ["JUMLAH", *[""] * 6, 9, 12, 12, 12, 9, 12, 12, 6, 12]
    return [["REKAPITULASI SKM"], [], top, head, *body, sums]


def test_a_recap_needs_its_date(land, warehouse: Warehouse):
    refused = land("survey_answer", "2024-Q3", recap())
    assert (refused.status, steps.rules(refused)) == ("refused", ["nilai_belum_diberikan"])
    assert "Tanggal" in refused.reasons[0]["message"]
    assert '--set "Tanggal=..."' in refused.reasons[0]["hint"]
    taken = land("survey_answer", "2024-Q3", recap(), {"answered_on": "30/09/2024"})
    found = rows(warehouse, taken, "answered_on", "u8", "u9", "age", "origin")
    assert [(str(day), *rest) for day, *rest in found] == [
        ("2024-09-30", 2, 4, 30 + n, None) for n in (1, 2, 3)
    ]
    assert steps.rules(taken) == ["nilai_diberikan"]
    told = steps.rejects(warehouse, taken.load_id)
    assert [(row["rule"], row["consequence"]) for row in told] == [("nilai_diberikan", "warning")]


def test_a_given_date_must_lie_in_the_period(land):
    refused = land("survey_answer", "2024-Q3", recap(), {"answered_on": "30/12/2024"})
    assert "tanggal_di_luar_periode" in steps.rules(refused)


def test_a_tenth_element_is_told(land):
    taken = landed(land("survey_answer", "2024-Q3", recap("U10"), {"answered_on": "2024-09-30"}))
    assert "kolom_tidak_dibaca" in steps.rules(taken)


def test_a_recap_whose_total_lost_a_row_is_refused(land):
    cells = recap()
    del cells[5]
    refused = land("survey_answer", "2024-Q3", cells, {"answered_on": "2024-09-30"})
    assert steps.rules(refused).count("jumlah_tidak_cocok") == 9


def test_another_value_given_makes_the_same_bytes_news(land, warehouse: Warehouse):
    first = landed(land("survey_answer", "2024-Q3", recap(), {"answered_on": "2024-09-30"}))
    again = land("survey_answer", "2024-Q3", recap(), {"answered_on": "2024-09-30"})
    other = land("survey_answer", "2024-Q3", recap(), {"answered_on": "2024-09-15"})
    assert (again.status, other.status) == ("unchanged", "landed")
    assert other.load_id > first.load_id


def test_what_may_not_be_given_is_refused_before_anything(land):
    with pytest.raises(BadRequest, match="Layanan, Tanggal"):
        land("survey_answer", "2024-Q3", recap(), {"u1": "4"})
    with pytest.raises(BadRequest, match="kosong"):
        land("survey_answer", "2024-Q3", recap(), {"answered_on": " "})


def test_the_import_template_needs_its_service(land, warehouse: Warehouse):
    head = ["Tanggal", "ID LOKET", "Nama", "Umur", "Jenis kelamin", "Pekerjaan", "Pendidikan"]
    cells = [
        [*head, *NUMBERS],
        ["05/08/2024", 2, "Orang", 41, "P", "PNS", "S2", 4, 4, 4, 4, 4, 4, 4, 3, 1],
    ]
    refused = land("survey_answer", "2024-Q3", cells)
    assert steps.rules(refused) == ["nilai_belum_diberikan"]
    assert "Layanan" in refused.reasons[0]["message"]
    taken = land("survey_answer", "2024-Q3", cells, {"service": SERVICE})
    assert rows(warehouse, taken, "age", "u8", "u9") == [(41, 3, 1)]
    twice = land(
        "survey_answer", "2024-Q3", cells, {"service": SERVICE, "answered_on": "2024-08-05"}
    )
    assert steps.rules(twice) == ["kolom_sudah_ada", "nilai_diberikan", "nilai_diberikan"]


ASKED = {
    "u1": "Bagaimana menurut Anda persyaratan layanan kami?",
    "u2": "Bagaimana menurut Anda prosedur layanan kami?",
    "u3": "Bagaimana kecepatan kami dari segi waktu?",
    "u4": "Bagaimana biaya layanan kami?",
    "u5": "Bagaimana produk layanan yang Anda terima?",
    "u6": "Bagaimana kompetensi petugas kami?",
    "u7": "Bagaimana perilaku petugas kami?",
    "u8": "Bagaimana pengaduan ditangani?",
    "u9": "Bagaimana sarana kami?",
}
ABOUT = ["Cap waktu", "Nama / Instansi", "Jenis Kelamin", "Usia", "Pendidikan", "Pekerjaan"]
ANSWERS = {
    "u1": "d. Sangat sesuai", "u2": "c. Mudah", "u3": "b. Kurang cepat", "u4": "d. Gratis",
    "u5": "Sesuai", "u6": "c. Kompeten", "u7": "d. Sangat sopan dan ramah",
    "u8": "b. Ada tetapi tidak berfungsi", "u9": "d. Sangat baik",
}  # fmt: skip


@pytest.mark.parametrize("order", [list(ASKED), [*list(ASKED)[:7], "u9", "u8"], list(ASKED)[::-1]])
def test_questions_are_told_by_their_text_wherever_they_stand(
    order: list[str], land, warehouse: Warehouse
):
    head = [*ABOUT, "Jenis layanan yang diterima", *(ASKED[u] for u in order), "Saran/masukan"]
    stamp = "2024/08/05 9:30:15 AM GMT+7"
    about = [stamp, "Orang / Kantor", "Pria", 44, "S1", "PNS", SERVICE]
    taken = land("survey_answer", "2024-Q3", [head, [*about, *(ANSWERS[u] for u in order), "baik"]])
    assert rows(warehouse, taken, *ASKED) == [(4, 3, 2, 4, 3, 3, 4, 2, 4)]


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("Bagaimana pendapat Anda tentang kantor kami?", "kolom_tak_dikenal"),
        ("Bagaimana biaya dan sarana kami?", "kolom_tak_dikenal"),
        ("Bagaimana tarif layanan kami?", "kolom_ganda"),
    ],
)
def test_a_question_that_is_not_clear_is_refused(question: str, rule: str, land):
    head = [*ABOUT, "Jenis layanan yang diterima", *ASKED.values(), question]
    assert steps.rules(land("survey_answer", "2024-Q3", [head])) == [rule]


SCORES = ["Kualifikasi", "Kompetensi", "Kinerja", "Disiplin", "Total"]


def workbook_of_names() -> list[list[object]]:
    head = ["Nama", "Satuan Kerja", "Nama Jabatan", *SCORES]
    above = [["INDEKS PROFESIONALITAS ASN"], ["Tahun 2024"], [], ["Instansi: contoh"], [], []]
    names = [("Orang Satu", 20), ("Orang Dua", 25)]
    return [
        *above,
        head,
        *([name, "Bidang", "Analis", score, 30, 25, 5, score + 60] for name, score in names),
    ]


def test_the_workbook_of_scores_needs_its_group_and_keeps_no_name(land, warehouse: Warehouse):
    refused = land("office_employee", "2024", workbook_of_names())
    assert steps.rules(refused) == ["nilai_belum_diberikan"]
    assert "Kelompok" in refused.reasons[0]["message"]
    taken = land("office_employee", "2024", workbook_of_names(), {"employee_group": "PPPK"})
    found = rows(warehouse, taken, "row_no", "employee_group", "total_score")
    assert [(row, group, str(score)) for row, group, score in found] == [
        (8, "PPPK", "80"), (9, "PPPK", "85"),
    ]  # fmt: skip
    people = [person for (person,) in rows(warehouse, taken, "employee")]
    assert len(set(people)) == 2
    assert not any("ORANG" in person.upper() for person in people)


def test_a_copy_of_what_was_given_a_value_says_to_give_it_again(
    land, warehouse: Warehouse, settings: Settings
):
    cells = workbook_of_names()
    cells[7][4] = "tiga puluh"
    refused = land("office_employee", "2024", cells, {"employee_group": "PPPK"})
    copy = outbox.export(warehouse, settings, refused.load_id)
    listed = load_workbook(copy)[LIST_SHEET]
    assert (
        listed["A3"].value == "2. Muat berkas ini dengan nilai yang sama seperti tadi: "
        'iku land 2024.xlsx --source office_employee --period 2024 --set "Kelompok=..."'
    )


def test_a_workbook_of_another_year_is_refused(land):
    refused = land("office_employee", "2023", workbook_of_names(), {"employee_group": "PNS"})
    assert steps.rules(refused) == ["tahun_berbeda", "nilai_diberikan"]


def table_of_scores(year: int) -> list[list[object]]:
    head = ["nip", "nama", "unor", *(score.lower() for score in SCORES)]
    nip = "190001012005011001"
    values = [nip, "Orang", "Bidang", 20, 30, 25, 5, 80, year, "2024-12-30", "", "2024-12-31"]
    return [[*head, "tahun", "updated", "keterangan", "tanggal_penarikan"], values]


def test_the_table_of_scores_says_its_year(land, warehouse: Warehouse):
    group = {"employee_group": "PNS"}
    assert steps.rules(land("office_employee", "2024", table_of_scores(2024))) == [
        "nilai_belum_diberikan"
    ]
    wrong = land("office_employee", "2024", table_of_scores(2023), group)
    assert steps.rules(wrong)[0] == "tahun_berbeda"
    taken = land("office_employee", "2024", table_of_scores(2024), group)
    assert [str(day) for (day,) in rows(warehouse, taken, "scored_date")] == ["2024-12-31"]


SILAHAP = [
    "NoSatker", "Tahun", "KodeTemuan", "KodeRekomendasi", "JudulPemeriksaan", "UraianTemuan",
    "UraianRekomendasi", "NilaiTemuan", "Status", "DeskripsiTindakLanjut", "AlasanDitolak",
    "TanggalTindakLanjut", "TanggalTerakhirUpdate", "UnitKerja",
]  # fmt: skip


def follow_up(*statuses: str) -> list[list[object]]:
    about = ["Audit Contoh", "x", "y", 0]
    done = ["", "", "10/02/2024", "", "TU"]
    return [
        SILAHAP,
        *([1, 2023, "T1", f"R{n}", *about, status, *done] for n, status in enumerate(statuses)),
    ]


def test_a_follow_up_import_needs_its_issuer_and_date(land, warehouse: Warehouse):
    cells = follow_up(
        "Sesuai Rekomendasi", "Belum Sesuai", "Belum Ditindaklanjuti", "Sudah Ditindaklanjuti",
        "Tidak Dapat Ditindaklanjuti",
    )  # fmt: skip
    refused = land("audit_finding", "2024-Q1", cells)
    assert steps.rules(refused) == ["nilai_belum_diberikan"] * 2
    given = {"issuer": "Inspektorat", "issued_date": "2024-01-15"}
    taken = land("audit_finding", "2024-Q1", cells, given)
    assert rows(warehouse, taken, "recommendation_no", "status") == [
        ("R0", 1), ("R1", 2), ("R2", 3), ("R3", 2), ("R4", 4),
    ]  # fmt: skip
    assert {issuer for (issuer,) in rows(warehouse, taken, "issuer")} == {"Inspektorat"}


def test_of_two_given_values_one_may_be_wrong(land):
    refused = land("audit_finding", "2024-Q1", follow_up("Belum Sesuai"), {"issuer": "Tetangga"})
    assert steps.rules(refused) == ["nilai_belum_diberikan", "nilai_diberikan", "pilihan"]
    given = {"issuer": "Tetangga", "issued_date": "2024-01-15"}
    assert "pilihan" in steps.rules(land("audit_finding", "2024-Q1", follow_up("BSR"), given))


OURS, THEIRS = steps.SATKER, "999007"
INSPECTORATE = {"issuer": "Inspektorat", "issued_date": "2024-01-15"}


def of_satkers(*codes: object) -> list[list[object]]:
    """Return a follow-up import whose rows are numbered alike in each satker."""
    head, *body = follow_up(*["Belum Sesuai"] * len(codes))
    number = Counter()
    for row, code in zip(body, codes, strict=True):
        row[:4] = [code, 2023, "T1", f"R{number[str(code)]}"]
        number[str(code)] += 1
    return [head, *body]


@pytest.fixture
def seeded(warehouse: Warehouse, tmp_path: Path) -> None:
    steps.seed_satker(warehouse, tmp_path / "seeds")


def test_findings_of_other_satker_are_set_aside(land, warehouse: Warehouse, seeded):
    cells = of_satkers(int(OURS), f"'{THEIRS}", OURS, 7130, THEIRS)
    cells[4][8] = "Dibatalkan"  # nothing of theirs is ours to judge
    cells.append(["TOTAL", *[""] * 6, 0])
    taken = land("audit_finding", "2024-Q1", cells, INSPECTORATE)
    assert rows(warehouse, taken, "recommendation_no") == [("R0",), ("R1",)]
    assert (taken.counts.accepted, taken.counts.out_of_scope, taken.counts.rows_in) == (2, 3, 5)
    (told,) = (one for one in taken.reasons if one["rule"] == "baris_satker_lain")
    assert told["message"] == f"Baris milik satker lain tidak dihitung: 3 (007130, {THEIRS})."
    assert OURS in told["hint"]
    steps.compute(warehouse, 2024, 1)
    assert steps.shown(warehouse, "IKU.14", 2024, 1)["penyebut"] == 2


def test_our_own_layout_may_name_the_satker_too(land, warehouse: Warehouse, seeded):
    head = ["Pemeriksa", "Kode Satker", "Nomor LHP", "Nomor Temuan", "Nomor Rekomendasi",
            "Unit Kerja", "Tanggal LHP", "Status", "Tanggal Status"]  # fmt: skip
    cells = [
        ["BPK", code, "1/LHP/2024", "T1", "R1", "TU", "15/01/2024", 3, ""]
        for code in (THEIRS, OURS)
    ]
    taken = land("audit_finding", "2024-Q1", [head, *cells])
    assert (taken.counts.accepted, taken.counts.out_of_scope) == (1, 1)


def test_a_file_of_another_satker_is_refused(land, seeded):
    refused = land("audit_finding", "2024-Q1", of_satkers(THEIRS, THEIRS), INSPECTORATE)
    assert refused.status == "refused"
    assert "tidak_ada_baris_kantor_ini" in steps.rules(refused)
    assert "baris_satker_lain" in steps.rules(refused)


def test_several_satker_need_to_know_ours(land, warehouse: Warehouse, tmp_path: Path):
    cells = of_satkers(OURS, THEIRS)
    refused = land("audit_finding", "2024-Q1", cells, INSPECTORATE)
    assert refused.status == "refused"
    assert steps.rules(refused)[0] == "satker_belum_diisi"
    assert "office.csv" in refused.reasons[0]["hint"]
    steps.seed_satker(warehouse, tmp_path / "seeds")
    assert landed(land("audit_finding", "2024-Q1", cells, INSPECTORATE)).counts.accepted == 1


def test_one_satker_alone_is_taken_for_ours_while_ours_is_not_known(land):
    taken = landed(land("audit_finding", "2024-Q1", of_satkers(1, 1), INSPECTORATE))
    assert (taken.counts.accepted, taken.counts.out_of_scope) == (2, 0)


def test_a_row_that_names_no_satker_among_others_that_do_is_refused(land, seeded):
    refused = land("audit_finding", "2024-Q1", of_satkers(OURS, "", THEIRS), INSPECTORATE)
    assert refused.status == "refused"
    (told,) = (one for one in refused.reasons if one["rule"] == "wajib_diisi")
    assert told["message"] == "Baris 3: Kolom NoSatker kosong."
    empty = landed(land("audit_finding", "2024-Q1", of_satkers("", ""), INSPECTORATE))
    assert empty.counts.accepted == 2


def test_what_is_no_code_of_a_satker_is_not_told(land, seeded):
    refused = land("audit_finding", "2024-Q1", of_satkers("Ibu Namarahasia"), INSPECTORATE)
    (told,) = (one for one in refused.reasons if one["rule"] == "baris_satker_lain")
    assert told["message"] == "Baris milik satker lain tidak dihitung: 1 (kode yang tidak dikenal)."


def test_tables_of_totals_are_recognised_and_refused(land):
    per_unit = [
        ["NO", "OPP", "NILAI RATA-RATA NRR PER UNSUR", *[""] * 8, "DEMOGRAFI"],
        [
            "",
            "",
            *NUMBERS,
            "L",
            "P",
            "POPULASI",
            "SAMPEL",
            "NRR TERTIMBANG",
            "NILAI IKM",
            "KATEGORI",
        ],
        [1, "Bidang", *[3.5] * 9, 10, 12, 100, 22, 3.5, 87.5, "B"],
    ]
    refused = land("survey_answer", "2024-Q3", per_unit)
    assert steps.rules(refused) == ["hanya_rekap"]
    assert "satu formulir" in refused.reasons[0]["hint"]
    matrix = [
        ["No", "Temuan/Rekomendasi", "Tindak lanjut entitas", "Sesuai", "", "Belum sesuai", "",
         "Belum ditindaklanjuti", "", "Tidak dapat ditindaklanjuti", ""],
        ["", "", "", *["Jumlah", "Nilai"] * 4],
        [1, "Temuan 1", "-", 1, 0, 0, 0, 0, 0, 0, 0],
    ]  # fmt: skip
    refused = land("audit_finding", "2024-Q1", matrix)
    assert steps.rules(refused) == ["hanya_rekap"]
    assert "rekomendasi satu per satu" in refused.reasons[0]["hint"]


@pytest.fixture(scope="module")
def listed():
    if not LAYOUTS.exists():
        pytest.skip("layouts.json is not beside us")
    return json.loads(LAYOUTS.read_text(encoding="utf-8"))


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("name", "source", "lacking"),
    [
        ("skm_recap_template", "survey_answer", {"Tanggal"}),
        ("skm_import_template", "survey_answer", {"Layanan"}),
        ("skm_google_forms_export", "survey_answer", set()),
        ("siasn_ip_asn_excel", "office_employee", {"Kelompok"}),
        ("siasn_ipasn_table", "office_employee", {"Kelompok"}),
        ("tlhp_import_silahap", "audit_finding", {"Pemeriksa", "Tanggal LHP"}),
    ],
)
def test_the_headings_of_a_layout_are_understood(name, source, lacking, listed, land):
    entry = listed[name]
    head = entry.get("columns") or entry.get("row2") or entry["row1"]
    head = [heading.split(" (Timestamp")[0] for heading in head]
    outcome = land(source, "2024" if source == "office_employee" else "2024-Q3", [head])
    told = [reason for reason in outcome.reasons if reason["rule"] == "nilai_belum_diberikan"]
    assert {
        part for part in lacking if any(f"Kolom {part} " in r["message"] for r in told)
    } == lacking
    others = set(steps.rules(outcome)) - {"nilai_belum_diberikan", "berkas_kosong"}
    assert not others


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("name", "source"),
    [("skm_recap_per_office", "survey_answer"), ("tlhp_matrix_bpk", "audit_finding")],
)
def test_a_listed_table_of_totals_is_refused(name, source, listed, land):
    entry = listed[name]
    cells = [entry["columns"]] if "columns" in entry else [entry["row1"], entry["row2"]]
    assert steps.rules(land(source, "2024-Q3", cells)) == ["hanya_rekap"]
