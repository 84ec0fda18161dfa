"""The committed samples are what their generator makes, and are what their names promise."""

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from flows.fetching.inbox import waiting
from schemas.rejections.catalogue import RULES
from schemas.sources import sources
from tests.samples import budget
from tests.samples.__main__ import HERE, committed_files, differences, main, write_committed
from tests.samples.expected_2024 import expected_values, sorted_out
from tests.samples.invented import Dice, employee_number
from tests.samples.omspan import INDICATORS, Unit, write_kppn, write_units
from tests.samples.published import ACTUALS, NOT_PRINTED, YEARS
from tests.samples.seeds import SEEDS, read_references
from tests.samples.small import EXPECTED
from tests.samples.year import invent_year, write_year
from tests.samples.year import main as year_main

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"
YEAR_FOLDER = HERE / "tahun-2024"
INBOX = YEAR_FOLDER / "inbox"
OFFICE = "kanreg-06"


@pytest.fixture(scope="module")
def told():
    return yaml.safe_load((YEAR_FOLDER / EXPECTED).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def invented():
    return invent_year()


def cells(file):
    """Return every cell of a table as text, the headings too."""
    if file.suffix == ".xlsx":
        return [
            "" if value is None else str(value)
            for row in load_workbook(file).active.iter_rows(values_only=True)
            for value in row
        ]
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    delimiter = ";" if ";" in lines[0] else ","
    return [cell for row in csv.reader(lines, delimiter=delimiter) for cell in row]


def test_the_committed_samples_are_what_the_generator_makes(tmp_path):
    write_committed(tmp_path)
    assert committed_files(HERE).keys() == committed_files(tmp_path).keys()
    assert differences(HERE, tmp_path) == []


def test_a_file_is_the_same_bytes_whenever_it_is_written(tmp_path):
    for attempt in ("first", "second"):
        write_year(tmp_path / attempt, answers=200)
    first, second = (committed_files(tmp_path / attempt) for attempt in ("first", "second"))
    assert {name: file.read_bytes() for name, file in first.items()} == {
        name: file.read_bytes() for name, file in second.items()
    }


def test_a_changed_sample_is_told(tmp_path):
    write_year(tmp_path / "left", answers=100)
    write_year(tmp_path / "right", answers=100)
    changed = tmp_path / "right" / "inbox" / OFFICE / "agency_nspk" / "2024.xlsx"
    book = load_workbook(changed)
    book.active["B2"] = "E"
    book.save(changed)
    (tmp_path / "left" / "koreksi" / "survey_answer_2024-Q3.csv").unlink()
    assert differences(tmp_path / "left", tmp_path / "right") == [
        f"inbox/{OFFICE}/agency_nspk/2024.xlsx",
        "koreksi/survey_answer_2024-Q3.csv",
    ]


def test_the_commands_explain_themselves(capsys):
    for command in (main, year_main):
        with pytest.raises(SystemExit) as ended:
            command(["--help"])
        assert ended.value.code == 0
    assert "--answers" in capsys.readouterr().out


def test_the_samples_are_small():
    assert sum(file.stat().st_size for file in committed_files(HERE).values()) < 1_000_000


def test_no_sample_holds_a_person():
    numbers = set()
    for file in committed_files(HERE).values():
        if file.suffix != ".yaml":
            for cell in cells(file):
                numbers |= set(re.findall(r"(?<!\d)\d{18}(?!\d)", cell))
                assert not re.search(r"(?<!\d)(\+62|0)8\d{8,}", cell), f"phone in {file}"
                assert "@" not in cell, f"address in {file}"
    # Born before 1913 and appointed at a hundred: real enough for a parser, and for nobody else.
    assert all(int(number[:4]) < 1913 and int(number[8:12]) > 2000 for number in numbers)
    assert len(numbers) > 99


@pytest.mark.parametrize("source", sorted(sources()))
def test_no_sample_has_a_column_that_is_never_read(source):
    ignored = set(sources()[source].ignored_headings)
    files = [file for name, file in committed_files(HERE).items() if source in name]
    assert len(files) >= 3
    for file in files:
        if file.suffix != ".yaml":
            assert not ignored & set(cells(file)), file


def test_employee_numbers_have_the_shape_of_a_nip():
    numbers = [employee_number(Dice(1, "x"), position) for position in range(200)]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert re.fullmatch(r"\d{18}", number)
        date(int(number[:4]), int(number[4:6]), int(number[6:8]))
        assert 1 <= int(number[12:14]) <= 12
        assert number[14] in "12"


@pytest.mark.parametrize("source", sorted(sources()))
def test_every_source_has_right_and_wrong_samples(source):
    told = yaml.safe_load((HERE / source / EXPECTED).read_text(encoding="utf-8"))
    listed = {one["file"]: one for one in told["files"]}
    assert listed.keys() | {EXPECTED} == {file.name for file in (HERE / source).iterdir()}
    assert {"ok.xlsx", "ok.csv"} <= listed.keys()
    assert {"refused.xlsx", "refused.csv"} & listed.keys()
    for name, one in listed.items():
        counts = [one[key] for key in ("accepted", "rejected", "duplicate", "out_of_scope")]
        assert one["rows_in"] == sum(counts)
        assert one["status"] == ("refused" if name.startswith("refused") else "landed")
        assert set(one["rules"]) <= RULES.keys()
        if name.startswith("refused") and source != "ikpa":
            assert len(set(one["rules"]) - {"ambang_terlampaui"}) >= 2


def test_ok_as_workbook_and_as_csv_promise_the_same():
    for source in sources():
        told = yaml.safe_load((HERE / source / EXPECTED).read_text(encoding="utf-8"))
        listed = {one["file"]: {**one, "file": ""} for one in told["files"]}
        assert listed["ok.xlsx"] == listed["ok.csv"]


def test_the_inbox_finds_every_file_of_the_year(told):
    requests, problems = waiting(INBOX, OFFICE, "uji")
    assert problems == []
    found = {f"{request.source}/{request.file.name}" for request in requests}
    assert found == told["inbox"].keys()
    assert {request.source for request in requests} == sources().keys() - {"reform_index"}


def test_the_year_is_as_large_as_promised(told, invented):
    forms = [landing for name, landing in told["inbox"].items() if "survey_answer" in name]
    assert sum(landing["rows_in"] for landing in forms) == 1600
    assert sum(landing["duplicate"] for landing in forms) >= 1
    assert 0.01 <= sum(landing["rejected"] for landing in forms) / 1600 <= 0.02
    assert all(landing["rejected"] <= 0.05 * landing["rows_in"] for landing in forms)
    assert len(invented.references.agencies) == 34
    assert told["inbox"]["office_employee/2024.xlsx"]["accepted"] == 99
    assert sum(name.startswith("ikpa/") for name in told["inbox"]) == 12


def test_a_period_of_the_survey_is_whole_or_in_parts(invented):
    parts = Counter(
        (delivery.period, delivery.part == "utama")
        for delivery in invented.deliveries
        if delivery.source == "survey_answer"
    )
    assert parts == {
        ("2024-Q1", False): len(invented.references.survey_services),
        ("2024-Q2", True): 1,
        ("2024-Q3", True): 1,
        ("2024-Q4", True): 1,
    }


def test_the_year_shows_every_kind_of_word(told):
    words = {value.get("status_word") for value in told["values"]["2024-Q4"].values()} - {None}
    assert words == {"tercapai", "waspada", "belum tercapai", "sementara", "belum lapor"}


def test_one_file_is_refused_and_a_later_one_gives_the_year_its_value(told):
    refused = [name for name, landing in told["inbox"].items() if landing["status"] == "refused"]
    assert refused == ["agency_ip_asn/2024-Q1.xlsx"]
    assert told["values"]["2024-Q1"]["IKU.2"]["status"] == "not_reported"
    assert told["values"]["2024-Q4"]["IKU.2"]["actual"] == "100.00"


def test_the_correction_moves_iku_3_over_its_target(told):
    before = told["values"]["2024-Q4"]["IKU.3"]
    after = told["values_after_koreksi"]["2024-Q4"]["IKU.3"]
    assert (before["status_word"], after["status_word"]) == ("waspada", "tercapai")
    changed = {
        (period, iku)
        for period, values in told["values"].items()
        for iku, value in values.items()
        if told["values_after_koreksi"][period][iku] != value
    }
    assert changed == {
        (period, iku) for period in ("2024-Q3", "2024-Q4") for iku in ("IKU.3", "NPSS")
    }


def test_the_correction_is_the_same_forms_keyed_in_anew(invented):
    (correction,) = invented.corrections
    (wrong,) = (
        delivery
        for delivery in invented.deliveries
        if delivery.source == "survey_answer" and delivery.period == "2024-Q3"
    )
    pairs = list(zip(wrong.records(), correction.records(), strict=True))
    changed = [(before, after) for before, after in pairs if before != after]
    assert 0 < len(changed) < len(pairs) / 10
    for before, after in changed:
        assert {**before, **{f"u{n}": after[f"u{n}"] for n in range(1, 10)}} == after
        assert after["service"].meaning in (None, invented.references.survey_services[7].code)


def test_the_sampled_employees_average_near_89(told):
    assert Decimal("88") < Decimal(told["values"]["2024-Q4"]["IKU.9"]["actual"]) < Decimal("91")


def test_a_complete_year_lacks_nothing():
    whole = invent_year(answers=400, flaws=False)
    assert {delivery.source for delivery in whole.deliveries} == sources().keys()
    assert not whole.corrections
    assert not any(delivery.is_refused for delivery in whole.deliveries)
    values = expected_values(whole, 2024, is_corrected=False)["2024-Q4"]
    assert {value["status"] for value in values.values()} == {"measured"}


def test_another_seed_gives_other_files_in_the_same_story(tmp_path):
    write_year(tmp_path / "1", seed=1, answers=200)
    write_year(tmp_path / "2", seed=2, answers=200)
    assert len(differences(tmp_path / "1", tmp_path / "2")) > 20
    stories = [
        expected_values(invent_year(seed=seed, answers=200), 2024, is_corrected=True)["2024-Q4"]
        for seed in (1, 2)
    ]
    for iku in ("IKU.1", "IKU.2", "IKU.5", "IKU.6", "IKU.7", "IKU.8", "IKU.10", "IKU.14"):
        assert stories[0][iku] == stories[1][iku]


def test_another_office_comes_from_its_seed_files(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, rows in {
        "office": [
            "office,name,short_name,time_zone,satker_code,ba_code,kppn_code,valid_from,valid_to",
            "kanreg-77,Kantor Contoh,Contoh,Asia/Makassar,,088,123,2020-01-01,",
        ],
        "office_agency": [
            "office,agency,valid_from,valid_to",
            *(f"kanreg-77,{code},2020-01-01," for code in ("11", "11.01", "11.02", "11.71")),
            "kanreg-77,11.03,2020-01-01,2022-12-31",
        ],
        "survey_service": [
            "office,service,name,aliases,kind,unit,valid_from,valid_to",
            'kanreg-77,X1,"Bimbingan, satu",Bimtek satu,pembinaan,PSK,2020-01-01,',
            "kanreg-77,X2,Layanan satu,,layanan_kepegawaian,TU,2020-01-01,",
        ],
    }.items():
        (seeds / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    other = write_year(
        tmp_path, office="kanreg-77", year=2023, answers=300, employees=5, seeds=seeds
    )
    assert [agency.code for agency in other.references.agencies] == [
        "11",
        "11.01",
        "11.02",
        "11.71",
    ]
    requests, problems = waiting(tmp_path / "inbox", "kanreg-77", "uji")
    assert problems == []
    assert len(requests) == len(other.deliveries)
    assert not (tmp_path / "inbox" / "kanreg-77" / "published_actual").exists()
    office = (tmp_path / "rujukan" / "office.csv").read_text(encoding="utf-8").splitlines()[1]
    assert office.split(",")[4] == "999077"
    file = tmp_path / "inbox" / "kanreg-77" / "survey_answer" / "2023-Q3.csv"
    with file.open(encoding="utf-8") as stream:
        named = {row["Layanan"] for row in csv.DictReader(stream)}
    assert {"Bimbingan, satu", "Bimtek satu", "Layanan satu"} <= named
    values = expected_values(other, 2023, is_corrected=False, seeds=seeds)["2023-Q4"]
    assert values["IKU.6"]["denominator"] == 4


def test_an_unknown_office_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"kanreg-55.*office\.csv"):
        read_references(SEEDS, "kanreg-55", 2024)


@pytest.mark.parametrize("answers", [0, 1, 30, 25_001])
def test_any_number_of_answers(tmp_path, answers):
    year = write_year(tmp_path, answers=answers)
    forms = [delivery for delivery in year.deliveries if delivery.source == "survey_answer"]
    folder = tmp_path / "inbox" / OFFICE / "survey_answer"
    rows = 0
    for delivery in forms:
        if delivery.ending == "csv":
            lines = (folder / delivery.name).read_text(encoding="utf-8-sig").splitlines()
            rows += len(lines) - 1
        else:
            rows += load_workbook(folder / delivery.name).active.max_row - 1
    assert rows == answers
    for delivery in forms:
        kept, rejected, twice = sorted_out(year, delivery)
        assert rejected <= 0.05 * (kept + rejected + twice)


def test_a_large_year_is_written_in_chunks_that_do_not_depend_on_each_other(monkeypatch):
    from tests.samples import survey

    monkeypatch.setattr(survey, "CHUNK", 700)
    year = invent_year(answers=8000)
    forms = next(
        delivery
        for delivery in year.deliveries
        if delivery.source == "survey_answer" and delivery.part == "utama"
    )
    once, again = list(forms.records()), list(forms.records())
    assert once == again
    days = [form["answered_on"] for form in once if form["answered_on"] >= date(2024, 4, 1)]
    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(2024, 4, 1), date(2024, 6, 30))


def _unit(figures, **more):
    values = dict(zip(INDICATORS, map(Decimal, figures.split()), strict=True))
    return Unit("999006", "SATKER CONTOH", "088", values, **more)


def test_omspan_reports_add_up_like_the_worked_examples():
    """RULES 3.10: all that apply, two that do not, and the rules of 2022."""
    a = _unit("100 78.44 96.15 93.33 100 99.92 0 100", deduction=Decimal("0.50"))
    b = _unit("100 78.44 96.15 93.33 100 99.92 0 100", idle={"contract", "bill_settlement"})
    c = _unit("100 77.01 93.16 91 100 98.07 100 95")
    assert (a.total(2024), a.final(2024)) == (Decimal("95.32"), Decimal("94.82"))
    assert (b.total(2024), b.conversion(2024), b.final(2024)) == (
        Decimal("75.99"),
        80,
        Decimal("94.99"),
    )
    assert c.final(2022) == Decimal("93.99")


def test_codes_stand_as_omspan_writes_them(tmp_path):
    units = budget.neighbours(1, 2024, 11)
    write_units(tmp_path / "x.xlsx", 11, 2024, units, 999)
    sheet = load_workbook(tmp_path / "x.xlsx")["Worksheet"]
    blocks = range(5, 5 + 4 * len(units), 4)
    assert sheet["A2"].value == "Sampai Dengan : NOPEMBER  "
    assert {type(sheet.cell(row, 4).value) for row in blocks} == {int, str}
    assert {type(sheet.cell(row, 3).value) for row in blocks} == {int, str}
    assert all(
        value.startswith("'0")
        for row in blocks
        for value in (sheet.cell(row, 3).value, sheet.cell(row, 4).value)
        if isinstance(value, str)
    )
    finals = [sheet.cell(row, 17).value for row in blocks]
    assert finals == sorted(finals, reverse=True)
    assert "80%" in [sheet.cell(row, 15).value for row in blocks]


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("case", "month", "regime"),
    [
        ("omspan-satker-2025-09.xlsx", 9, 2024),
        ("omspan-kppn-2023-12.xlsx", 12, 2022),
        ("omspan-kppn-2024-12.xlsx", 12, 2024),
    ],
)
def test_the_layout_is_that_of_a_real_report(tmp_path, case, month, regime):
    real_file = SHARED / "ikpa" / case
    if not real_file.exists():
        pytest.skip("the real reports are not here")
    ours = tmp_path / "ours.xlsx"
    unit = _unit("100 78.44 96.15 93.33 100 99.92 100 100")
    if "satker" in case:
        write_units(ours, month, regime, [unit], 109)
    else:
        write_kppn(ours, month, regime, unit, 109)
    made, real = (load_workbook(file).worksheets[0] for file in (ours, real_file))
    assert made.title == real.title
    for row in range(1, 5):
        assert [cell.value for cell in made[row]] == [cell.value for cell in real[row]]
    within = {str(span) for span in real.merged_cells.ranges if span.max_row <= 8}
    assert {str(span) for span in made.merged_cells.ranges} == within
    for row in range(5, 9):
        filled = [(cell.value is None) for cell in real[row]]
        assert [(cell.value is None) for cell in made[row]] == filled


@pytest.mark.needs_shared
def test_the_history_is_what_the_office_printed():
    file = SHARED / "office" / "kanreg-06-iku-2020-2024.csv"
    if not file.exists():
        pytest.skip("the office's tables are not here")
    with file.open(encoding="utf-8", newline="") as stream:
        printed = {
            (f"IKU.{row['iku']}", int(row["tahun"])): row["realisasi"]
            for row in csv.DictReader(stream)
        }
    for iku, actuals in ACTUALS.items():
        for year, actual in zip(YEARS, actuals, strict=True):
            there = printed[iku, year]
            assert (actual == NOT_PRINTED) == (there == "")
            if there:
                assert Decimal(actual) == Decimal(there)
