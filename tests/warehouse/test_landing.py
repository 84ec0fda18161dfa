"""Landing on the real Postgres: a file is in, or refused with reasons; never by halves."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import Workbook

from flows.landing import land as landing
from flows.landing import store as loads
from flows.landing.readers import csv_reader, ndjson_reader, readers
from flows.landing.request import BadRequest, Landing, Request
from flows.landing.store import NothingToRetract
from flows.machine.settings import Settings
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse
from schemas.sources import sources
from tests.conftest import SHARED, Server
from tests.warehouse import steps
from tests.warehouse.steps import STRANGER, digital, form, land, land_file, landed, members
from transforms.files import omspan, omspan_report, validate
from transforms.files.period import BadPeriod

At = Callable[[str | None], Warehouse]
Q1 = ("digital_service", "2024-Q1")

HEAD = "Layanan,Digital,Digital SIASN\n"
IP_ASN = "Instansi,Status Pengukuran,Nilai IP ASN\n"
REGULATIONS = "Nomor Usulan,Judul,Tanggal Usulan,Status,Tanggal Putusan\n"
SURVEY_COLUMNS = ("Layanan", "Tanggal", *(f"U{number}" for number in range(1, 10)))
CHARACTERISTICS = ("Umur", "Jenis Kelamin", "Pendidikan", "Pekerjaan", "Instansi Asal")


def counts(outcome: Landing) -> tuple[int, int, int, int]:
    """Return accepted, rejected, duplicate and out of scope."""
    of = outcome.counts
    return of.accepted, of.rejected, of.duplicate, of.out_of_scope


def survey(rows: Sequence[Sequence[object]], *more: str) -> str:
    """Return a survey csv: the service, the day, nine answers, and other columns."""
    return steps.csv_text((*SURVEY_COLUMNS, *CHARACTERISTICS, *more), rows)


def answered(answers: str = "444444444", *, service: str = "SV01", on: str = "2024-02-06") -> list:
    return [service, on, *answers.replace(".", " "), "", "", "", "", ""]


def test_a_file_lands_with_its_bytes_counts_and_rows(warehouse: Warehouse, settings: Settings):
    outcome = landed(land(warehouse, settings, *Q1, digital(11)))
    assert counts(outcome) == (12, 0, 0, 0)
    load = warehouse.rows("SELECT * FROM ops.load")[0]
    assert (load["rows_in"], load["door"], load["landed_by"]) == (12, "hand", "penguji")
    kept = settings.home / "archive" / load["sha256"][:2] / load["sha256"]
    assert (
        kept.read_bytes() == (settings.inbox / "kanreg-06/digital_service/2024-Q1.csv").read_bytes()
    )
    assert kept.stat().st_mode & 0o077 == 0
    rows = steps.staged(warehouse, "digital_service", outcome.load_id)
    assert [(row["row_no"], row["service"], row["is_digital"]) for row in rows] == [
        (number + 1, f"L{number:02}", number <= 11) for number in range(1, 13)
    ]
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": outcome.load_id}


def test_the_same_bytes_by_hand_are_unchanged(warehouse: Warehouse, settings: Settings):
    first = landed(land(warehouse, settings, *Q1, digital(11)))
    again = land(warehouse, settings, *Q1, digital(11))
    assert (again.status, again.load_id) == ("unchanged", first.load_id)
    assert steps.count(warehouse, "ops.load") == steps.count(warehouse, "ops.load_event") == 1


def test_the_same_bytes_in_another_slice_are_news(warehouse: Warehouse, settings: Settings):
    landed(land(warehouse, settings, *Q1, digital(11)))
    assert landed(land(warehouse, settings, "digital_service", "2024-Q2", digital(11)))


def test_a_replaced_file_and_then_the_first_one_again(warehouse: Warehouse, settings: Settings):
    first = landed(land(warehouse, settings, *Q1, digital(11)))
    second = landed(land(warehouse, settings, *Q1, digital(12)))
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": second.load_id}
    third = landed(land(warehouse, settings, *Q1, digital(11)))
    assert third.load_id not in (first.load_id, second.load_id)
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": third.load_id}
    # Nothing of the earlier ones was touched.
    assert [
        len(steps.staged(warehouse, "digital_service", n.load_id)) for n in (first, second)
    ] == [
        12,
        12,
    ]


def test_retract_puts_the_one_before_in_force_and_then_nothing(
    warehouse: Warehouse, settings: Settings
):
    first = landed(land(warehouse, settings, *Q1, digital(11)))
    second = landed(land(warehouse, settings, *Q1, digital(12)))
    _, again = loads.retract(warehouse, second.load_id, "penguji", "salah")
    assert again == first.load_id
    _, again = loads.retract(warehouse, first.load_id, "penguji", "salah juga")
    assert again is None
    assert steps.in_force(warehouse, "digital_service") == {}
    assert steps.count(warehouse, "staging.digital_service") == 24
    with pytest.raises(NothingToRetract, match="tidak sedang berlaku"):
        loads.retract(warehouse, second.load_id, "penguji", "sekali lagi")
    with pytest.raises(NothingToRetract, match="Tidak ada muatan nomor 999"):
        loads.retract(warehouse, 999, "penguji", "tak ada")


def test_retracting_one_that_was_replaced_is_refused(warehouse: Warehouse, settings: Settings):
    first = landed(land(warehouse, settings, *Q1, digital(11)))
    second = landed(land(warehouse, settings, *Q1, digital(12)))
    with pytest.raises(NothingToRetract):
        loads.retract(warehouse, first.load_id, "penguji", "salah")
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": second.load_id}


def test_a_retracted_file_landed_by_hand_is_news(warehouse: Warehouse, settings: Settings):
    first = landed(land(warehouse, settings, *Q1, digital(11)))
    loads.retract(warehouse, first.load_id, "penguji", "salah")
    again = landed(land(warehouse, settings, *Q1, digital(11)))
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": again.load_id}


def test_a_new_contract_makes_the_same_bytes_news(
    warehouse: Warehouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    first = landed(land(warehouse, settings, *Q1, digital(11)))
    monkeypatch.setattr(landing, "fingerprint", lambda source: "kontrak-baru")
    assert landed(land(warehouse, settings, *Q1, digital(11))).load_id != first.load_id


def test_a_file_lying_in_the_inbox_lands_once(warehouse: Warehouse, settings: Settings):
    steps.write(settings, *Q1, digital(11))
    statuses = [steps.take_inbox(warehouse, settings)[0].status for _ in range(3)]
    assert statuses == ["landed", "unchanged", "unchanged"]
    assert steps.count(warehouse, "ops.load") == 1


def test_a_withdrawn_file_lying_in_the_inbox_stays_withdrawn(
    warehouse: Warehouse, settings: Settings
):
    steps.write(settings, *Q1, digital(11))
    first = landed(steps.take_inbox(warehouse, settings)[0])
    loads.retract(warehouse, first.load_id, "penguji", "salah")
    assert steps.take_inbox(warehouse, settings)[0].status == "unchanged"
    assert steps.in_force(warehouse, "digital_service") == {}


def test_a_correction_by_hand_is_not_undone_by_the_older_file_in_the_inbox(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    steps.write(settings, *Q1, digital(11))
    landed(steps.take_inbox(warehouse, settings)[0])
    correction = tmp_path / "koreksi.csv"
    correction.write_text(HEAD + "L01,Ya,Ya\n")
    by_hand = landed(land_file(warehouse, settings, correction, *Q1, because="hanya satu layanan"))
    assert steps.take_inbox(warehouse, settings)[0].status == "unchanged"
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": by_hand.load_id}
    # Another file in its place is news again.
    steps.write(settings, *Q1, digital(10))
    assert landed(steps.take_inbox(warehouse, settings)[0]).load_id > by_hand.load_id


def test_a_file_put_back_into_the_inbox_is_news(warehouse: Warehouse, settings: Settings):
    for online in (11, 12, 11):
        steps.write(settings, *Q1, digital(online))
        last = landed(steps.take_inbox(warehouse, settings)[0])
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": last.load_id}


def test_a_refused_file_lying_in_the_inbox_is_refused_once(
    warehouse: Warehouse, settings: Settings
):
    steps.place(settings, *Q1).write_text(HEAD + "Layanan Baru,Ya,Ya\n")
    assert [steps.take_inbox(warehouse, settings)[0].status for _ in range(3)] == [
        "refused",
        "unchanged",
        "unchanged",
    ]
    assert steps.count(warehouse, "ops.load") == 1


def test_a_refused_file_is_tried_again_when_a_reference_was_recorded_since(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    steps.place(settings, *Q1).write_text(HEAD + "Layanan Baru,Ya,Ya\n")
    assert steps.take_inbox(warehouse, settings)[0].status == "refused"
    row = next(row for row in steps.seeded("service") if row["service"] == "L04")
    alias = {**row, "aliases": row["aliases"] + "|Layanan Baru"}
    seeding.seed(warehouse, steps.seed_rows(tmp_path / "seeds", "service", [alias]))
    tried = landed(steps.take_inbox(warehouse, settings)[0])
    assert steps.staged(warehouse, "digital_service", tried.load_id)[0]["service"] == "L04"


def test_a_refused_file_is_tried_again_under_another_contract(
    warehouse: Warehouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    steps.place(settings, *Q1).write_text(HEAD + "Layanan Baru,Ya,Ya\n")
    first = steps.take_inbox(warehouse, settings)[0]
    monkeypatch.setattr(landing, "fingerprint", lambda source: "kontrak-baru")
    again = steps.take_inbox(warehouse, settings)[0]
    assert (again.status, again.load_id) == ("refused", first.load_id + 1)


def correct_by_hand(warehouse: Warehouse, settings: Settings, folder: Path) -> Landing:
    correction = folder / "koreksi.csv"
    correction.write_text(HEAD + "L01,Ya,Ya\n")
    return landed(land_file(warehouse, settings, correction, *Q1, because="satu layanan"))


def test_a_correction_by_hand_is_not_undone_by_another_contract(
    warehouse: Warehouse, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    steps.write(settings, *Q1, digital(11))
    landed(steps.take_inbox(warehouse, settings)[0])
    by_hand = correct_by_hand(warehouse, settings, tmp_path)
    monkeypatch.setattr(landing, "fingerprint", lambda source: "kontrak-baru")
    assert steps.take_inbox(warehouse, settings)[0].status == "unchanged"
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": by_hand.load_id}


def test_a_refused_file_that_was_corrected_by_hand_is_not_tried_again(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    steps.place(settings, *Q1).write_text(HEAD + "Layanan Baru,Ya,Ya\n")
    assert steps.take_inbox(warehouse, settings)[0].status == "refused"
    by_hand = correct_by_hand(warehouse, settings, tmp_path)
    row = next(row for row in steps.seeded("service") if row["service"] == "L04")
    alias = {**row, "aliases": row["aliases"] + "|Layanan Baru"}
    seeding.seed(warehouse, steps.seed_rows(tmp_path / "seeds", "service", [alias]))
    assert steps.take_inbox(warehouse, settings)[0].status == "unchanged"
    # Once the correction is withdrawn nothing stands in its way.
    loads.retract(warehouse, by_hand.load_id, "penguji", "salah")
    landed(steps.take_inbox(warehouse, settings)[0])


def test_a_landed_file_is_landed_again_under_another_contract(
    warehouse: Warehouse, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    steps.write(settings, *Q1, digital(11))
    first = landed(steps.take_inbox(warehouse, settings)[0])
    # A refused try by hand has replaced nothing.
    assert land(warehouse, settings, *Q1, HEAD + "Layanan Baru,Ya,Ya\n").status == "refused"
    steps.write(settings, *Q1, digital(11))
    monkeypatch.setattr(landing, "fingerprint", lambda source: "kontrak-baru")
    again = landed(steps.take_inbox(warehouse, settings)[0])
    assert again.load_id > first.load_id
    assert steps.take_inbox(warehouse, settings)[0].status == "unchanged"


def test_a_file_withdrawn_or_refused_by_hand_is_no_news_when_it_lies_in_the_inbox(
    warehouse: Warehouse, settings: Settings
):
    by_hand = landed(land(warehouse, settings, *Q1, digital(11)))
    loads.retract(warehouse, by_hand.load_id, "penguji", "salah")
    refused = land(warehouse, settings, "digital_service", "2024-Q2", HEAD + "Apa,Ya,Ya\n")
    assert refused.status == "refused"
    # `land` of the steps has left both files in the inbox.
    assert [(one.status, one.load_id) for one in steps.take_inbox(warehouse, settings)] == [
        ("unchanged", by_hand.load_id),
        ("unchanged", refused.load_id),
    ]


@pytest.mark.parametrize("door", ["inbox", "folder"])
@pytest.mark.parametrize(("first", "second"), [("utama", "mutasi"), ("mutasi", "utama")])
def test_a_part_that_stood_beside_the_wrong_one_is_tried_when_that_is_gone(
    first: str, second: str, door: str, server: Server, warehouse: Warehouse, settings: Settings
):
    open_every_door(server, warehouse)

    def drop(part: str, answers: str) -> Landing:
        rows = [form(answers)]
        return land(warehouse, settings, "survey_answer", "2024-Q1", rows, part=part, door=door)

    before = landed(drop(first, "444444444"))
    assert [drop(second, "333333333").status for _ in range(2)] == ["refused", "unchanged"]
    # Another part of the same period changes nothing for it, as the one in its way is still there.
    if first != "utama":
        landed(drop("pensiun", "222222222"))
        assert drop(second, "333333333").status == "unchanged"
        other = steps.in_force(warehouse, "survey_answer")["2024-Q1_pensiun"]
        loads.retract(warehouse, other, "penguji", "diganti")
    loads.retract(warehouse, before.load_id, "penguji", "diganti")
    landed(drop(second, "333333333"))
    assert drop(second, "333333333").status == "unchanged"
    # The one that was withdrawn stays so.
    assert drop(first, "444444444").status == "unchanged"


def open_every_door(server: Server, warehouse: Warehouse) -> None:
    """Let a load come through a door that is yet to be built."""
    with steps.admin(server, warehouse.database) as connection:
        steps.ask(connection, "ALTER TABLE ops.load DROP CONSTRAINT load_door_check")


def test_what_two_doors_bring_for_one_slice_does_not_alternate(
    server: Server, warehouse: Warehouse, settings: Settings
):
    open_every_door(server, warehouse)

    def night() -> list[str]:
        return [
            land(warehouse, settings, *Q1, digital(online), door=door).status
            for door, online in (("inbox", 11), ("folder", 12))
        ]

    assert [night() for _ in range(3)] == [["landed", "landed"], *[["unchanged", "unchanged"]] * 2]


def test_a_refused_file_by_hand_is_tried_every_time(warehouse: Warehouse, settings: Settings):
    text = HEAD + "Layanan Baru,Ya,Ya\n"
    assert [land(warehouse, settings, *Q1, text).status for _ in range(2)] == ["refused"] * 2
    assert steps.count(warehouse, "ops.load") == 2


def test_a_refused_file_keeps_its_reasons_and_the_slice_stays(
    warehouse: Warehouse, settings: Settings
):
    first = landed(land(warehouse, settings, *Q1, digital(11)))
    text = HEAD + "L01,Ya,Ya\nLayanan Baru,Ya,Ya\nL03,Mungkin,Ya\nL04,Ya,\n"
    second = land(warehouse, settings, *Q1, text)
    assert (second.status, counts(second)) == ("refused", (1, 3, 0, 0))
    load = warehouse.rows("SELECT * FROM ops.load WHERE load_id = :n", n=second.load_id)[0]
    assert (load["status"], load["rows_in"], load["rejected"]) == ("refused", 4, 3)
    assert steps.staged(warehouse, "digital_service", second.load_id) == []
    listed = [
        (row["row_no"], row["heading"], row["rule"], row["value"])
        for row in steps.rejects(warehouse, second.load_id)
        if row["consequence"] == "row"
    ]
    assert listed == [
        (3, "Layanan", "layanan_tidak_dikenal", "Layanan Baru"),
        (4, "Digital", "pilihan", "Mungkin"),
        (5, "Digital SIASN", "wajib_diisi", None),
    ]
    assert steps.rules(second)[0] == "ambang_terlampaui"
    assert "Baris 3: " in next(
        reason["message"] for reason in second.reasons if reason["rule"] == "layanan_tidak_dikenal"
    )
    assert all(reason["hint"] for reason in second.reasons)
    assert steps.in_force(warehouse, "digital_service") == {"2024-Q1": first.load_id}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "berkas_kosong"),
        (HEAD, "berkas_kosong"),
        ("Apa,Saja\n1,2\n", "kepala_tidak_ditemukan"),
        ("Layanan,Digital\nL01,Ya\n", "kolom_hilang"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    text: str, rule: str, warehouse: Warehouse, settings: Settings
):
    outcome = land(warehouse, settings, *Q1, text)
    assert (outcome.status, counts(outcome)) == ("refused", (0, 0, 0, 0))
    assert steps.rules(outcome) == [rule]
    kept = steps.rejects(warehouse, outcome.load_id)
    assert [(row["rule"], row["consequence"], row["row_no"]) for row in kept] == [
        (rule, "file", None)
    ]


def test_a_row_of_another_length_is_rejected_with_its_number(
    warehouse: Warehouse, settings: Settings
):
    outcome = land(warehouse, settings, *Q1, HEAD + "L01,Ya,Ya\n\nL02,Ya\nL03,Ya,Ya\nL04,Ya,Ya,x\n")
    assert counts(outcome) == (2, 2, 0, 0)
    assert [
        (row["row_no"], row["rule"]) for row in steps.rejects(warehouse, outcome.load_id)[1:]
    ] == [(4, "jumlah_sel_berbeda"), (6, "jumlah_sel_berbeda")]


def test_a_file_with_nothing_of_ours_never_takes_the_slice(
    warehouse: Warehouse, settings: Settings
):
    slice_ = ("agency_ip_asn", "2024-Q1")
    ours = landed(land(warehouse, settings, *slice_, steps.measured(10)))
    other = land(warehouse, settings, *slice_, steps.measured(1, [STRANGER, "11.02"]))
    assert (other.status, counts(other)) == ("refused", (0, 0, 0, 2))
    assert steps.rules(other) == ["tidak_ada_baris_kantor_ini"]
    assert steps.in_force(warehouse, "agency_ip_asn") == {"2024-Q1": ours.load_id}


def test_rows_of_others_are_counted_and_never_a_reason(warehouse: Warehouse, settings: Settings):
    rows = [*steps.measured(10), *steps.measured(1, [STRANGER])]
    outcome = landed(land(warehouse, settings, "agency_ip_asn", "2024-Q1", rows))
    assert (counts(outcome), outcome.reasons) == ((34, 0, 0, 1), ())


@pytest.mark.parametrize(("rows", "number"), [(0, "0"), (2, "2")])
def test_a_yearly_letter_is_one_row(
    rows: int, number: str, warehouse: Warehouse, settings: Settings
):
    text = "Nomor Surat,Tanggal Surat,Indeks RB\n"
    text += "".join(f"CONTOH-RB/{n},2025-02-25,87.05\n" for n in range(rows))
    outcome = land(warehouse, settings, "reform_index", "2024", text)
    assert steps.rules(outcome) == ["satu_baris"]
    assert number in outcome.reasons[0]["message"]


@pytest.mark.parametrize("text", [REGULATIONS, REGULATIONS.strip(), REGULATIONS + "\nJumlah,,,,\n"])
def test_a_register_with_a_heading_only_means_nothing(
    text: str, warehouse: Warehouse, settings: Settings
):
    slice_ = ("technical_regulation", "2024-Q1")
    landed(land(warehouse, settings, *slice_, steps.proposals(None)))
    empty = landed(land(warehouse, settings, *slice_, text, because="semua usulan ditarik"))
    assert counts(empty) == (0, 0, 0, 0)
    assert steps.in_force(warehouse, "technical_regulation") == {"2024-Q1": empty.load_id}
    steps.compute(warehouse, 2024, 1)
    assert steps.shown(warehouse, "IKU.5", 2024, 1)["status"] == "nothing_to_count"


def test_a_register_workbook_with_a_heading_only_means_nothing(
    warehouse: Warehouse, settings: Settings
):
    book = Workbook()
    book.active.append(REGULATIONS.strip().split(","))
    file = steps.place(settings, "technical_regulation", "2024-Q1", ending="xlsx")
    book.save(file)
    outcome = land_file(warehouse, settings, file, "technical_regulation", "2024-Q1")
    assert counts(landed(outcome)) == (0, 0, 0, 0)


def test_the_same_key_with_other_content_rejects_all_such_rows(
    warehouse: Warehouse, settings: Settings
):
    text = HEAD + "L01,Ya,Ya\nL02,Ya,Ya\nL01,Tidak,Tidak\nPengadaan CASN,Ya,Tidak\n"
    outcome = land(warehouse, settings, *Q1, text)
    assert (outcome.status, counts(outcome)) == ("refused", (1, 3, 0, 0))
    assert [
        row["row_no"]
        for row in steps.rejects(warehouse, outcome.load_id)
        if row["rule"] == "kunci_ganda"
    ] == [2, 4, 5]


def test_identical_rows_are_duplicates_also_under_other_names(
    warehouse: Warehouse, settings: Settings
):
    text = HEAD + "L01,Ya,Ya\n,,\nL01,Ya,Ya\nPengadaan CASN,sudah, 1 \nL02,Ya,Ya\n"
    outcome = landed(land(warehouse, settings, *Q1, text))
    assert counts(outcome) == (2, 0, 2, 0)
    assert [r["row_no"] for r in steps.staged(warehouse, "digital_service", outcome.load_id)] == [
        2,
        6,
    ]


def test_rows_that_cannot_be_read_are_no_duplicates_of_each_other(
    warehouse: Warehouse, settings: Settings
):
    text = IP_ASN + "Kabupaten Antah,Selesai,80\nKabupaten Berantah,Selesai,80\n"
    outcome = land(warehouse, settings, "agency_ip_asn", "2024-Q1", text)
    assert counts(outcome) == (0, 2, 0, 0)
    told = [
        (row["row_no"], row["rule"], row["value"])
        for row in steps.rejects(warehouse, outcome.load_id)
        if row["consequence"] == "row"
    ]
    # Nor do they have the same key: a reason that is not true cannot be acted on.
    assert told == [
        (2, "instansi_tidak_dikenal", "Kabupaten Antah"),
        (3, "instansi_tidak_dikenal", "Kabupaten Berantah"),
    ]


def test_a_form_sent_twice_counts_once_and_the_last_stays(warehouse: Warehouse, settings: Settings):
    rows = [
        form("111111111", respondent="0801"),
        form("222222222", respondent="0801", service="SV02"),
        form("444444444", respondent="0801"),
        form("333333333"),
        form("333333333"),
    ]
    outcome = landed(land(warehouse, settings, "survey_answer", "2024-Q1", rows))
    assert counts(outcome) == (4, 0, 1, 0)
    kept = [
        (r["row_no"], r["u1"]) for r in steps.staged(warehouse, "survey_answer", outcome.load_id)
    ]
    assert kept == [(3, 2), (4, 4), (5, 3), (6, 3)]


def test_an_unreadable_respondent_costs_the_id_and_not_the_answer(
    warehouse: Warehouse, settings: Settings
):
    # Two persons whose numbers a spreadsheet has made alike, and one whose number is whole.
    ids = ["1.98001012005011E+17", "1.98001012005011E+17", "0801", "0801"]
    text = survey([[*answered(), id_] for id_ in ids], "ID Responden")
    outcome = landed(land(warehouse, settings, "survey_answer", "2024-Q1", text))
    assert counts(outcome) == (3, 0, 1, 0)
    kept = steps.staged(warehouse, "survey_answer", outcome.load_id)
    assert [(row["row_no"], row["respondent"] is None) for row in kept] == [
        (2, True),
        (3, True),
        (5, False),
    ]
    assert [
        (row["row_no"], row["column_name"], row["consequence"], row["value"])
        for row in steps.rejects(warehouse, outcome.load_id)
    ] == [(row_no, "respondent", "cell", None) for row_no in (2, 3)]


def test_an_answer_off_the_scale_is_emptied_and_listed(warehouse: Warehouse, settings: Settings):
    text = survey([answered("444454444"), answered("44444444x"), answered("0..444444")])
    outcome = landed(land(warehouse, settings, "survey_answer", "2024-Q1", text))
    assert counts(outcome) == (3, 0, 0, 0)
    rows = steps.staged(warehouse, "survey_answer", outcome.load_id)
    assert [[row[f"u{n}"] for n in range(1, 10)] for row in rows] == [
        [4, 4, 4, 4, None, 4, 4, 4, 4],
        [4, 4, 4, 4, 4, 4, 4, 4, None],
        [None, None, None, 4, 4, 4, 4, 4, 4],
    ]
    told = [
        (row["row_no"], row["column_name"], row["consequence"], row["value"], row["grouping"])
        for row in steps.rejects(warehouse, outcome.load_id)
    ]
    assert told == [
        (2, "u5", "cell", "5", "SV01"),
        (3, "u9", "cell", "x", "SV01"),
        (4, "u1", "cell", "0", "SV01"),
    ]


def test_a_form_of_which_more_than_a_third_is_empty_is_rejected(
    warehouse: Warehouse, settings: Settings
):
    good = [answered()] * 40
    text = survey([*good, answered("...444444"), answered("9..444444"), answered("....44444")])
    outcome = landed(land(warehouse, settings, "survey_answer", "2024-Q1", text))
    assert counts(outcome) == (42, 1, 0, 0)
    assert [
        (row["row_no"], row["grouping"])
        for row in steps.rejects(warehouse, outcome.load_id)
        if row["rule"] == "jawaban_kurang"
    ] == [(44, "SV01")]


@pytest.mark.parametrize("size", [24 << 20, 512])
@pytest.mark.parametrize(("last", "rejected"), [("444.4444.", 0), ("444.4444x", 1)])
def test_what_is_empty_counts_only_where_the_file_asks_for_it(
    size: int,
    last: str,
    rejected: int,
    warehouse: Warehouse,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
):
    # Two of seven are empty; three of eight, once the last row of all shows that U9 was asked.
    monkeypatch.setattr(csv_reader, "CHUNK_BYTES", size)
    text = survey([answered("..4.4444."), *[answered("444.4444.")] * 40, answered(last)])
    outcome = landed(land(warehouse, settings, "survey_answer", "2024-Q1", text))
    assert counts(outcome) == (42 - rejected, rejected, 0, 0)
    assert [
        row["row_no"]
        for row in steps.rejects(warehouse, outcome.load_id)
        if row["rule"] == "jawaban_kurang"
    ] == [2] * rejected


@pytest.mark.parametrize("size", [100_000, 10])
def test_a_pull_asks_what_any_of_its_rows_shows(
    size: int, warehouse: Warehouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ndjson_reader, "CHUNK_ROWS", size)
    headings = (*SURVEY_COLUMNS, *CHARACTERISTICS)
    forms = [answered("..4.4444."), *[answered("444.4444.")] * 40, answered("444.4444x")]
    file = steps.place(settings, "survey_answer", "2024-Q1", ending="ndjson")
    file.write_text(
        "".join(json.dumps(dict(zip(headings, row, strict=True))) + "\n" for row in forms)
    )
    outcome = landed(land_file(warehouse, settings, file, "survey_answer", "2024-Q1"))
    assert counts(outcome) == (41, 1, 0, 0)


def test_forms_that_answer_nothing_are_no_respondents(warehouse: Warehouse, settings: Settings):
    outcome = land(warehouse, settings, "survey_answer", "2024-Q1", survey([answered("." * 9)] * 3))
    assert (outcome.status, counts(outcome)) == ("refused", (0, 3, 0, 0))


@pytest.mark.parametrize(("bad", "status"), [(2, "landed"), (3, "refused")])
def test_five_per_cent_of_the_forms_may_be_rejected(
    bad: int, status: str, warehouse: Warehouse, settings: Settings
):
    text = survey([answered()] * (40 - bad) + [answered(service="Lain-lain")] * bad)
    outcome = land(warehouse, settings, "survey_answer", "2024-Q1", text)
    assert (outcome.status, counts(outcome)) == (status, (40 - bad, bad, 0, 0))
    assert steps.count(warehouse, "staging.survey_answer") == (40 - bad if bad == 2 else 0)


def test_a_form_dated_outside_its_period_is_rejected(warehouse: Warehouse, settings: Settings):
    days = ["2023-12-31", "2024-01-01", "31/03/2024", "1 April 2024"]
    good = [answered()] * 60
    text = survey([*(answered(on=day) for day in days), *good])
    outcome = landed(land(warehouse, settings, "survey_answer", "2024-Q1", text))
    assert counts(outcome) == (62, 2, 0, 0)
    assert [(row["row_no"], row["rule"]) for row in steps.rejects(warehouse, outcome.load_id)] == [
        (2, "tanggal_di_luar_periode"),
        (5, "tanggal_di_luar_periode"),
    ]


def test_what_respondents_tell_of_themselves_is_not_quoted(
    warehouse: Warehouse, settings: Settings
):
    secrets = {
        "Umur": "umur-rahasia",
        "Jenis Kelamin": "kelamin-rahasia",
        "Pendidikan": "sekolah-rahasia",
        "Pekerjaan": "kerja-rahasia",
        "Instansi Asal": "instansi-rahasia",
        "ID Responden": "1.98001012005011E+17",
    }
    row = [*answered()[:11], *secrets.values(), "Nama-Rahasia", "0812-rahasia"]
    text = survey([row, *[[*answered(), "", "", ""]] * 30], "ID Responden", "Nama", "No HP")
    outcome = landed(land(warehouse, settings, "survey_answer", "2024-Q1", text))
    assert len(steps.rejects(warehouse, outcome.load_id)) == 6
    said = str(steps.rejects(warehouse, outcome.load_id)) + str(
        warehouse.rows("SELECT * FROM ops.load")
    )
    assert "rahasia" not in said.lower()
    assert "E+17" not in said
    assert "rahasia" not in str(steps.table_of(warehouse, "staging.survey_answer")).lower()


def test_an_employee_number_is_never_kept(warehouse: Warehouse, settings: Settings):
    text = (
        "NIP,Nama,Kelompok,Kualifikasi,Kompetensi,Kinerja,Disiplin,Total\n"
        "190101012001011001,Contoh,PNS,20,40,30,5,95\n"
        "190101012001011001,Contoh,PNS,20,40,30,5,90\n"
        "1.90101012001011E+17,Contoh,PNS,20,40,30,5,95\n"
        ",Contoh,PNS,20,40,30,5,95\n"
    )
    outcome = land(warehouse, settings, "office_employee", "2024", text)
    assert counts(outcome) == (0, 4, 0, 0)
    said = str(steps.rejects(warehouse, outcome.load_id)) + str(outcome.reasons)
    assert "19010101" not in said
    assert "E+17" not in said
    good = landed(
        land(warehouse, settings, "office_employee", "2024", "\n".join(text.split("\n")[:2]))
    )
    pseudonym = steps.staged(warehouse, "office_employee", good.load_id)[0]["employee"]
    assert len(pseudonym) == 32
    assert "19010101" not in pseudonym
    # The same person under the same key is the same pseudonym, however the number is written.
    text = text.split("\n")[0] + "\n'190101012001011001 ,Contoh,PNS,20,40,30,5,95\n"
    again = landed(land(warehouse, settings, "office_employee", "2023", text))
    assert steps.staged(warehouse, "office_employee", again.load_id)[0]["employee"] == pseudonym


def test_named_parts_stand_beside_each_other(warehouse: Warehouse, settings: Settings):
    slice_ = ("survey_answer", "2024-Q1")
    for part in ("mutasi", "pensiun"):
        landed(land(warehouse, settings, *slice_, [form("444444444")], part=part))
    landed(land(warehouse, settings, *slice_, [form("333333333")], part="mutasi"))
    assert set(steps.in_force(warehouse, "survey_answer")) == {"2024-Q1_mutasi", "2024-Q1_pensiun"}
    rows = warehouse.rows(
        "SELECT u1 FROM staging.survey_answer JOIN"
        " ops.loads_read('survey_answer', 'kanreg-06', 2024, 1, ops.instant()) USING (load_id)"
    )
    assert sorted(row["u1"] for row in rows) == [3, 4]


@pytest.mark.parametrize(("first", "second"), [("utama", "mutasi"), ("mutasi", "utama")])
def test_the_main_part_and_a_named_one_never_both(
    first: str, second: str, warehouse: Warehouse, settings: Settings
):
    slice_ = ("survey_answer", "2024-Q1")
    before = landed(land(warehouse, settings, *slice_, [form("444444444")], part=first))
    mixed = land(warehouse, settings, *slice_, [form("333333333")], part=second)
    assert (mixed.status, steps.rules(mixed)) == ("refused", ["bagian_bercampur"])
    assert list(steps.in_force(warehouse, "survey_answer").values()) == [before.load_id]
    # The hint says what to do, and it helps.
    loads.retract(warehouse, before.load_id, "penguji", "diganti")
    landed(land(warehouse, settings, *slice_, [form("333333333")], part=second))


def test_a_workbook_and_both_kinds_of_csv_give_the_same_rows(
    warehouse: Warehouse, settings: Settings
):
    rows = [
        {
            "agency": agency,
            "status": "done" if place % 3 else "not_done",
            "score": Decimal("79.5") + place if place % 3 else None,
            "result_date": date(2024, 3, 1) + timedelta(place) if place % 3 else None,
        }
        for place, agency in enumerate(members()[:10])
    ]
    seen = []
    for quarter, form_ in enumerate(steps.Form, 1):
        outcome = landed(
            land(warehouse, settings, "agency_ip_asn", f"2024-Q{quarter}", rows, form=form_)
        )
        staged = steps.staged(warehouse, "agency_ip_asn", outcome.load_id)
        seen.append([{k: row[k] for k in ("row_no", *rows[0])} for row in staged])
    assert seen[0] == seen[1] == seen[2]
    assert [{k: row[k] for k in rows[0]} for row in seen[0]] == rows


def test_a_file_in_pieces_is_the_same_as_in_one(
    warehouse: Warehouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    rows = []
    for number in range(400):
        answers = "".join(str(1 + (number * place) % 4) for place in range(1, 10))
        kind = number % 97
        # Some respondents send two forms on one day, others two forms on different days.
        who = number - number % 2 if kind < 4 else number
        told = who if kind < 2 else number
        rows.append(
            [
                "Lain-lain" if kind == 50 else f"SV0{1 + told % 4}",
                "2024-05-01" if kind == 60 else f"2024-02-{1 + told % 28:02}",
                *(("....." + answers[5:]) if kind == 70 else answers),
                *(["x" if kind == 80 else 30, "L", "S1", "PNS", "12.71"]),
                f"responden-{who}",
            ]
        )
    text = survey(rows, "ID Responden")
    lines = text.splitlines(keepends=True)
    text = "".join(
        line + ("\n" if place % 50 == 3 else "TOTAL" + "," * 16 + "\n" if place % 50 == 9 else "")
        for place, line in enumerate(lines)
    )
    found = []
    for year, size in enumerate((24 << 20, 4096), 2024):
        monkeypatch.setattr(csv_reader, "CHUNK_BYTES", size)
        outcome = landed(
            land(
                warehouse, settings, "survey_answer", f"{year}-Q1", text.replace("2024", str(year))
            )
        )
        staged = steps.staged(warehouse, "survey_answer", outcome.load_id)
        listed = steps.rejects(warehouse, outcome.load_id)
        found.append(
            (
                counts(outcome),
                [(row["row_no"], row["service"], row["u1"], row["respondent"]) for row in staged],
                [(row["row_no"], row["column_name"], row["rule"]) for row in listed],
                [
                    (reason["rule"], reason["message"].replace(str(year), ""))
                    for reason in outcome.reasons
                ],
            )
        )
    assert found[0] == found[1]
    assert sum(found[0][0]) == 400
    assert all(number for number in found[0][0][:3])


def test_a_csv_of_windows_with_semicolons(warehouse: Warehouse, settings: Settings):
    text = "Layanan;Digital;Digital SIASN;Kanal\nL01;Ya;Ya;Layanan “daring” – é\n"
    file = steps.place(settings, *Q1)
    file.write_bytes(text.encode("cp1252"))
    outcome = landed(land_file(warehouse, settings, file, *Q1))
    rows = steps.staged(warehouse, "digital_service", outcome.load_id)
    assert rows[0]["channel"] == "Layanan “daring” – é"


def test_blank_and_total_rows_are_no_rows(warehouse: Warehouse, settings: Settings):
    text = IP_ASN + "\n12.71,Selesai,80\n,,\n12.06,Belum,\nJumlah,,80\n"
    outcome = landed(land(warehouse, settings, "agency_ip_asn", "2024-Q1", text))
    assert counts(outcome) == (2, 0, 0, 0)
    rows = steps.staged(warehouse, "agency_ip_asn", outcome.load_id)
    assert [row["row_no"] for row in rows] == [3, 5]


REPORT = SHARED / "cases/ikpa/omspan-satker-2025-09.xlsx"
needs_report = pytest.mark.skipif(not REPORT.exists(), reason="the report is not beside us")


@pytest.mark.needs_shared
@needs_report
def test_a_real_report_of_68_units_gives_the_value_of_ours(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    steps.seed_satker(warehouse, tmp_path / "seeds", "668529")
    outcome = landed(land_file(warehouse, settings, REPORT, "ikpa", "2025-09"))
    assert (outcome.counts.rows_in, counts(outcome)) == (68, (1, 0, 0, 67))
    # All of them were computed again within 0.01, else it would be noted.
    assert outcome.reasons == ()
    steps.compute(warehouse, 2025, 3)
    assert str(steps.shown(warehouse, "IKU.13", 2025, 3)["realisasi"]) == "99.86"


@pytest.mark.needs_shared
@needs_report
def test_all_units_of_a_real_report_agree_with_themselves():
    grid = readers.read_grid(REPORT, REPORT.name, omspan.is_heading)
    report = omspan.read_report(grid.rows)
    assert len(omspan_report.unit_rows(report)) == 68
    assert omspan_report.check_units(report).empty


@pytest.mark.needs_shared
@needs_report
@pytest.mark.parametrize(
    ("satker", "period", "rule"),
    [
        ("", "2025-09", "satker_belum_diisi"),
        ("999999", "2025-09", "satker_tidak_ada"),
        ("668529", "2025-08", "bulan_berbeda"),
        ("668529", "2023-09", "rezim_berbeda"),
    ],
)
def test_a_real_report_that_is_not_ours_never_takes_the_slice(
    satker: str, period: str, rule: str, warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    steps.seed_satker(warehouse, tmp_path / "seeds", satker)
    outcome = land_file(warehouse, settings, REPORT, "ikpa", period)
    assert (outcome.status, outcome.counts.rows_in) == ("refused", 68)
    assert rule in steps.rules(outcome)
    assert steps.in_force(warehouse, "ikpa") == {}
    assert steps.count(warehouse, "staging.ikpa") == 0


def test_one_file_landed_twice_at_once_is_one_load(at: At, settings: Settings):
    file = steps.write(settings, *Q1, digital(11))
    request = Request(file, steps.OFFICE, *Q1, "utama", "inbox", "penguji")
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: landing.land(at(None), settings, request), range(2)))
    assert sorted(outcome.status for outcome in outcomes) == ["landed", "unchanged"]
    assert len({outcome.load_id for outcome in outcomes}) == 1
    warehouse = at(None)
    assert steps.count(warehouse, "ops.load") == steps.count(warehouse, "ops.load_event") == 1


def test_many_files_at_once_all_land(at: At, settings: Settings):
    def one(quarter: int) -> str:
        return land(at(None), settings, "digital_service", f"2024-Q{quarter}", digital(11)).status

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, (1, 2, 3, 4))) == ["landed"] * 4
    assert len(steps.in_force(at(None), "digital_service")) == 4


def test_main_and_named_part_at_once_do_not_both_take_the_period(at: At, settings: Settings):
    def one(part: str) -> str:
        rows = [form("444444444")]
        return land(at(None), settings, "survey_answer", "2024-Q1", rows, part=part).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ("utama", "mutasi"))) == ["landed", "refused"]


NOT_UNDERSTOOD = (
    ("apa", "2024-Q1", "utama", "kanreg-06", BadRequest, "Sumber “apa” tidak dikenal"),
    ("digital_service", "2024-Q5", "utama", "kanreg-06", BadPeriod, "YYYY-Qn"),
    ("digital_service", "2024-03", "utama", "kanreg-06", BadPeriod, "YYYY-Qn"),
    ("ikpa", "2024-Q1", "utama", "kanreg-06", BadPeriod, "YYYY-MM"),
    ("reform_index", "2024-Q1", "utama", "kanreg-06", BadPeriod, "YYYY"),
    ("digital_service", "2024-Q1", "utama", "kanreg-66", BadRequest, "kanreg-06"),
    ("digital_service", "2019-Q1", "utama", "kanreg-06", BadRequest, "tidak dikenal pada"),
    ("digital_service", "2024-Q1", "mutasi", "kanreg-06", BadRequest, "tidak terbagi"),
    ("survey_answer", "2024-Q1", "Mutasi Lain", "kanreg-06", BadRequest, "salah bentuk"),
)


def test_what_cannot_be_understood_is_refused_before_anything_is_written(
    warehouse: Warehouse, settings: Settings
):
    file = steps.write(settings, *Q1, digital(11))
    for source, period, part, office, error, says in NOT_UNDERSTOOD:
        with pytest.raises(error, match=says):
            land_file(warehouse, settings, file, source, period, part=part, office=office)
    assert steps.count(warehouse, "ops.load") == 0
    assert not (settings.home / "archive").exists()


def test_a_file_that_is_not_there(warehouse: Warehouse, settings: Settings, tmp_path: Path):
    for file in (tmp_path / "tidak-ada.csv", tmp_path):
        with pytest.raises(BadRequest, match="tidak ada"):
            land_file(warehouse, settings, file, *Q1)


_quarters = itertools.count()


def next_quarter() -> str:
    """Return a quarter that no example has used yet."""
    number = next(_quarters)
    return f"{2021 + number // 4}-Q{1 + number % 4}"


def holds(warehouse: Warehouse, settings: Settings, source: str, period: str, text: str) -> Landing:
    """Land any table and make sure of what must be true of every landing."""
    outcome = land(warehouse, settings, source, period, text)
    load = warehouse.rows("SELECT * FROM ops.load WHERE load_id = :n", n=outcome.load_id)[0]
    staged = steps.staged(warehouse, source, outcome.load_id)
    assert sum(counts(outcome)) == outcome.counts.rows_in == load["rows_in"]
    assert len(staged) == (outcome.counts.accepted if outcome.status == "landed" else 0)
    listed = steps.rejects(warehouse, outcome.load_id)
    rejected = {row["row_no"] for row in listed if row["consequence"] == "row"}
    assert len(rejected) == outcome.counts.rejected
    assert not rejected & {row["row_no"] for row in staged}
    if staged:
        again = validate.failures(sources()[source], steps.as_typed(source, staged))
        assert again.empty, again
    return outcome


few = hypothesis_settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # each example is a landing: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)

AGENCY_CELLS = [
    ("12.71", "12.71"),
    ("Kota Medan", "12.71"),
    ("Kab. Karo", "12.06"),
    ("12.06", "12.06"),
    ("Provinsi Sumatera Utara", "12"),
    ("11.01", "11.01"),
    ("Kabupaten Antah", None),
]
STATUS_CELLS = [("Selesai", "done"), ("SUDAH", "done"), ("Belum", "not_done"), ("Nanti", None)]
SCORE_CELLS = [("80", "80"), ("80,0", "80"), ("", ""), ("170", None)]

ip_asn_rows = st.lists(
    st.tuples(*map(st.sampled_from, (AGENCY_CELLS, STATUS_CELLS, SCORE_CELLS))), max_size=14
)


@given(rows=ip_asn_rows)
@few
def test_every_row_of_a_snapshot_is_accounted_for(
    rows: list, warehouse: Warehouse, settings: Settings
):
    text = steps.csv_text(
        ("Instansi", "Status Pengukuran", "Nilai IP ASN"),
        [[cell for cell, _ in row] for row in rows],
        ";",
    )
    outcome = holds(warehouse, settings, "agency_ip_asn", next_quarter(), text)
    # The same again, by hand: what is alike is one row; two rows of one agency reject each other.
    meant = [tuple(value for _, value in row) for row in rows]
    known = [row for row in meant if None not in row]
    distinct = set(known)
    holders = Counter(agency for agency, _, _ in set(meant) if agency is not None)
    clashing = {row for row in distinct if holders[row[0]] > 1}
    good = distinct - clashing
    assert outcome.counts.rows_in == len(rows)
    assert outcome.counts.accepted == sum(row[0] != "11.01" for row in good)
    assert outcome.counts.out_of_scope == sum(row[0] == "11.01" for row in good)
    is_taken = len(good) == len(set(meant)) and any(row[0] != "11.01" for row in good)
    assert (outcome.status == "landed") == is_taken


proposal_rows = st.lists(
    st.tuples(
        st.sampled_from(["US/1", "US/2", "US/3", "'US/4", "-", " US/1 "]),
        st.sampled_from(["Judul A", "Judul, B", ""]),
        st.sampled_from(["2024-01-05", "5 Januari 2024", "31/02/2024", "N/A"]),
        st.sampled_from(["Ditetapkan", "diusulkan", "DITOLAK", "?"]),
        st.sampled_from(["", "2024-03-01", "01/02/2023"]),
    ),
    max_size=8,
)


@given(rows=proposal_rows)
@few
def test_every_row_of_a_register_is_accounted_for(
    rows: list, warehouse: Warehouse, settings: Settings
):
    headings = REGULATIONS.strip().split(",")
    text = steps.csv_text(headings, rows, ";")
    outcome = holds(warehouse, settings, "technical_regulation", next_quarter(), text)
    assert outcome.counts.rows_in == len(rows)
    assert outcome.counts.out_of_scope == 0
    if outcome.status == "landed":
        assert outcome.counts.rejected == 0


usage_rows = st.lists(
    st.tuples(
        st.sampled_from(["S01", "Presensi Online", "e-Kinerja", "SPEKTRA", "Sistem Lain", ""]),
        st.sampled_from(["1", "0,5", "0", "1,0", "50%", "0,25", ""]),
    ),
    max_size=8,
)


@given(rows=usage_rows)
@few
def test_every_row_of_the_system_list_is_accounted_for(
    rows: list, warehouse: Warehouse, settings: Settings
):
    text = steps.csv_text(("Sistem", "Pemanfaatan"), rows, ";")
    outcome = holds(warehouse, settings, "system_usage", next_quarter(), text)
    assert outcome.counts.rows_in == sum(any(row) for row in rows)


form_rows = st.lists(
    st.tuples(
        st.sampled_from(["SV01", "SV02", "Kenaikan Pangkat", "Lain-lain", ""]),
        st.sampled_from([0, 5, 40, 89, 91, -1]),
        st.text("1234.x5", min_size=9, max_size=9),
        st.sampled_from(["", "30", "300", "tiga puluh"]),
        st.sampled_from(["", "a", "b", "1.9E+17"]),
    ),
    max_size=30,
)


@given(rows=form_rows, chunk=st.sampled_from([512, 24 << 20]))
@few
def test_every_form_of_a_survey_is_accounted_for(
    rows: list, chunk: int, warehouse: Warehouse, settings: Settings
):
    period = next_quarter()
    start = date(int(period[:4]), 3 * int(period[-1]) - 2, 1)
    cells = [
        [service, start + timedelta(day), *answers.replace(".", " "), age, "", "", "", "", who]
        for service, day, answers, age, who in rows
    ]
    # Enough good ones that some files are taken.
    cells += [["SV03", start, *"444444444", "", "", "", "", "", ""]] * 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_reader, "CHUNK_BYTES", chunk)
        outcome = holds(warehouse, settings, "survey_answer", period, survey(cells, "ID Responden"))
    assert outcome.counts.rows_in == len(cells)
    unreadable = sum(
        service in ("Lain-lain", "")
        or not 0 <= day < 92
        or sum(answer not in "1234" for answer in answers) > 3
        for service, day, answers, _, _ in rows
    )
    if all(day in (0, 5, 40, 89) for _, day, _, _, _ in rows):
        assert outcome.counts.rejected == unreadable
