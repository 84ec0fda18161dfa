"""OM-SPAN's report: its layout told by headings, its blocks, its codes, its arithmetic."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from schemas.rejections.catalogue import RULES
from schemas.sources import sources
from transforms.files.omspan import read_report
from transforms.files.omspan_report import (
    BrokenReport,
    Level,
    check_units,
    slice_problems,
    unit_rows,
    years_of,
)
from transforms.files.validate import FAILURES, failures
from transforms.rules.budget_execution import recompute_row
from transforms.rules.formulas import two_decimals

CASES = Path(__file__).parents[3] / "shared" / "cases" / "ikpa"

COMMON = ["Revisi DIPA", "Deviasi Halaman III DIPA", "Penyerapan Anggaran", "Belanja Kontraktual"]
COMMON += ["Penyelesaian Tagihan", "Pengelolaan UP dan TUP"]
SATKER = ["No", "Kode KPPN", "Kode BA", "Kode Satker", "Uraian Satker", "Keterangan"]
KPPN = ["No", "Kode KPPN", "Nama KPPN", "Keterangan"]
FINAL = "Nilai Akhir (Nilai Total/Konversi Bobot)"
WEIGHTS = {2022: "10 10 20 10 10 10 5 25", 2024: "10 15 20 10 10 10 25"}


def headings(regime, identity):
    """Return the two heading rows; three groups stand over the indicators."""
    dispensation = ["Dispensasi SPM"] if regime == 2022 else []
    groups = ["Kualitas Perencanaan Anggaran", "", "Kualitas Pelaksanaan Anggaran", "", "", ""]
    groups += [""] * len(dispensation) + ["Kualitas Hasil Pelaksanaan Anggaran"]
    deduction = [] if regime == 2022 else ["Dispensasi SPM (Pengurang)"]
    totals = ["Nilai Total", "Konversi Bobot", *deduction, FINAL]
    lower = [""] * len(identity) + [*COMMON, *dispensation, "Capaian Output"] + [""] * len(totals)
    return [[*identity, *groups, *totals], lower]


def block(identity, values, weights, products, aspects, totals):
    """Return the four rows of a unit from figures written as in the report."""
    blank = [""] * len(identity)
    return [
        [*identity, "Nilai", *values.split(), *totals.split()],
        [*blank, "Bobot", *weights.split()],
        [*blank, "Nilai Akhir", *products.split()],
        [*blank, "Nilai Aspek", *(cell.replace("_", "") for cell in aspects.split())],
    ]


def grid(*blocks, regime=2024, identity=SATKER, month="SEPTEMBER  "):
    title = [["INDIKATOR PELAKSANAAN ANGGARAN"], [f"Sampai Dengan : {month}"]]
    return [*title, *headings(regime, identity), *(row for rows in blocks for row in rows)]


ALL_APPLY = block(
    ["1", "123", "'088", "450123", "KANTOR CONTOH"],
    "100 78.44 96.15 93.33 100 99.92 100",
    WEIGHTS[2024],
    "10 11.77 19.23 9.33 10 9.99 25",
    "89.22 _ 97.35 _ _ _ 100",
    "95.32 100% 0.5 94.82",
)
SOME_APPLY = block(
    ["2", "9", "88", "'007130", "KANTOR LAIN"],
    "100 78.44 96.15 50 0 99.92 100",
    "10 15 20 0 0 10 25",
    "10 11.77 19.23 0 0 9.99 25",
    "89.22 _ 98.04 _ _ _ 100",
    "75.99 80% 0 94.99",
)
BEFORE_2024 = block(
    ["1", "123", "88", "450123", "KANTOR CONTOH"],
    "100 77.01 93.16 91 100 98.07 100 95",
    WEIGHTS[2022],
    "10 7.7 18.63 9.1 10 9.81 5 23.75",
    "88.51 _ 96.45 _ _ _ _ 95",
    "93.99 100% 93.99",
)


def broken(rows):
    with pytest.raises(BrokenReport) as caught:
        read_report(rows)
    for rule, facts in caught.value.problems:
        assert RULES[rule].message.format(**facts)
    return caught.value.problems


def test_vector_K9():
    report = read_report(grid(SOME_APPLY))
    unit = report.units[0]
    assert unit.satker == "007130"
    assert unit.values["contract"] == 50
    assert unit.weights["contract"] == 0
    recomputed = recompute_row(unit_rows(report).iloc[0].to_dict())
    assert recomputed.conversion == 80
    assert two_decimals(recomputed.final) == Decimal("94.99")
    assert len(check_units(report)) == 0


def test_a_report_of_2024_on():
    report = read_report(grid(ALL_APPLY, SOME_APPLY))
    assert (report.level, report.month, report.regime.valid_from) == (Level.SATKER, 9, 2024)
    first, second = report.units
    assert (first.row_no, second.row_no) == (5, 9)
    assert (first.kppn_code, first.ba_code, first.satker) == ("123", "088", "450123")
    assert (second.kppn_code, second.ba_code, second.satker) == ("009", "088", "007130")
    assert first.name == "KANTOR CONTOH"
    assert first.values["page_three_deviation"] == Decimal("78.44")
    assert first.weights["page_three_deviation"] == 15
    assert first.products["absorption"] == Decimal("19.23")
    assert first.aspects == {
        "perencanaan": Decimal("89.22"), "pelaksanaan": Decimal("97.35"), "hasil": 100
    }  # fmt: skip
    assert "dispensation" not in first.values
    assert (first.total_score, first.conversion_pct) == (Decimal("95.32"), 100)
    assert (first.dispensation_score, first.final_score) == (Decimal("0.5"), Decimal("94.82"))
    assert len(check_units(report)) == 0


def test_a_report_of_2022():
    report = read_report(grid(BEFORE_2024, regime=2022, month="NOPEMBER  "))
    assert (report.month, report.regime.valid_from) == (11, 2022)
    unit = report.units[0]
    assert (unit.values["dispensation"], unit.weights["dispensation"]) == (100, 5)
    assert (unit.values["output"], unit.dispensation_score) == (95, 0)
    assert len(check_units(report)) == 0


def test_both_regimes_have_as_many_columns():
    assert [len(headings(regime, SATKER)[0]) for regime in (2022, 2024)] == [17, 17]


def test_a_report_of_kppn_level():
    rows = block(["1", "123", "CONTOH"], *_figures(ALL_APPLY, 3))
    report = read_report(grid(rows, identity=KPPN))
    assert report.level is Level.KPPN
    assert (report.units[0].name, report.units[0].satker) == ("CONTOH", "")
    assert len(check_units(report)) == 0
    assert slice_problems(report, 2024, 9) == (("tingkat_kppn", {}),)


def _figures(rows, identity):
    """Return the figures of a block as `block` takes them, for another identity."""
    cells = [[cell or "_" for cell in row[6:]] for row in rows]
    return [
        " ".join(cells[0][:7]), *(" ".join(line) for line in cells[1:]), " ".join(cells[0][7:])
    ]  # fmt: skip


def test_rows_fit_the_contract_and_bear_their_row_numbers():
    for report in (
        read_report(grid(ALL_APPLY, SOME_APPLY)),
        read_report(grid(BEFORE_2024, regime=2022)),
    ):
        rows = unit_rows(report)
        source = sources()["ikpa"]
        assert list(rows.columns) == [column.name for column in source.columns]
        assert list(rows.index) == [unit.row_no for unit in report.units]
        assert len(failures(source, rows)) == 0


def test_a_report_without_units_has_no_rows():
    report = read_report(grid())
    assert len(unit_rows(report)) == len(check_units(report)) == 0
    assert len(failures(sources()["ikpa"], unit_rows(report))) == 0


def test_blank_rows_and_spaces_are_no_matter():
    rows = grid(ALL_APPLY, [["", " "]], SOME_APPLY, [[]])
    rows[2] = [f" {cell} " for cell in rows[2]]
    report = read_report(rows)
    assert [unit.row_no for unit in report.units] == [5, 10]


def test_a_value_that_does_not_apply_may_be_blank():
    rows = [list(row) for row in SOME_APPLY]
    rows[0][9] = rows[2][9] = ""
    unit = read_report(grid(rows)).units[0]
    assert (unit.values["contract"], unit.products["contract"]) == (0, 0)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda rows: rows[2].__setitem__(5, "Ket"), "Keterangan"),
        (lambda rows: rows[3].__setitem__(6, "Retur SP2D"), "Retur SP2D tidak dikenal"),
        (lambda rows: rows[2].__setitem__(3, ""), "Kode Satker tidak ada"),
        (lambda rows: rows[2].__setitem__(15, ""), "tepat satu"),
        (lambda rows: rows[2].append("Dispensasi SPM"), "tepat satu"),
        (lambda rows: rows[2].__setitem__(4, "Kode Satker"), "muncul dua kali"),
        (lambda rows: rows[1].__setitem__(0, "September"), "Sampai Dengan"),
    ],
)
def test_another_layout_is_refused(change, cause):
    rows = grid(ALL_APPLY)
    change(rows)
    ((rule, facts),) = broken(rows)
    assert rule == "tata_letak_omspan"
    assert cause in facts["sebab"]


def test_the_regime_is_told_by_the_exact_heading():
    """`Dispensasi SPM` begins the heading of 2024, and means the indicator of 2022 only alone."""
    rows = grid(BEFORE_2024, regime=2022)
    rows[3][12] = "Dispensasi SPM (Pengurang)"
    report = read_report(rows)
    assert report.regime.valid_from == 2024
    assert report.units[0].dispensation_score == 100
    assert {"bobot_bukan_rezim"} < set(check_units(report)["rule"])
    assert "dispensation_score" in set(failures(sources()["ikpa"], unit_rows(report))["column"])


def test_nothing_of_a_report_is_refused_quietly():
    for rows in ([], [[]], [["Keterangan"]], [["", "Keterangan"], ["x"]]):
        assert broken(rows)[0][0] == "tata_letak_omspan"


def test_an_unknown_month_is_refused():
    problems = broken(grid(ALL_APPLY, month="SEMESTER I"))
    assert problems == (("bukan_bulan", {"nilai": "SEMESTER I"}),)


@pytest.mark.parametrize("gone", [0, 1, 2, 3])
def test_an_incomplete_block_is_refused_by_its_row(gone):
    rows = [row for place, row in enumerate(ALL_APPLY) if place != gone]
    problems = broken(grid(SOME_APPLY, rows, SOME_APPLY))
    assert {rule for rule, _ in problems} == {"blok_tidak_utuh"}
    assert problems[0][1]["baris"] == str(9 + gone)
    assert problems[0][1]["aturan"] == ("Nilai", "Bobot", "Nilai Akhir", "Nilai Aspek")[gone]


def test_a_report_cut_off_in_a_block_is_refused():
    ((rule, facts),) = broken(grid(ALL_APPLY, SOME_APPLY[:2]))
    assert (rule, facts["baris"], facts["aturan"]) == ("blok_tidak_utuh", "11", "Nilai Akhir")


def test_every_cell_that_cannot_be_read_is_named():
    rows = [list(row) for row in ALL_APPLY]
    rows[0][3] = "45012X"
    rows[0][4] = ""
    rows[0][8] = "sembilan"
    rows[1][6] = ""
    rows[0][14] = ""
    problems = broken(grid(SOME_APPLY, rows))
    assert {rule for rule, _ in problems} == {"sel_omspan"}
    assert {(facts["baris"], facts["kolom"]) for _, facts in problems} == {
        ("9", "Kode Satker"),
        ("9", "Uraian Satker"),
        ("9", "Penyerapan Anggaran"),
        ("10", "Revisi DIPA"),
        ("9", "Konversi Bobot"),
    }


def test_a_code_that_is_too_long_is_not_cut():
    rows = [list(row) for row in ALL_APPLY]
    rows[0][3] = "0450123"
    assert broken(grid(rows))[0][1]["aturan"] == "harus 6 angka"


def test_month_and_regime_must_be_those_of_the_slice():
    new, old = read_report(grid(ALL_APPLY)), read_report(grid(BEFORE_2024, regime=2022))
    assert slice_problems(new, 2024, 9) == slice_problems(new, 2025, 9) == ()
    assert slice_problems(old, 2022, 9) == slice_problems(old, 2023, 9) == ()
    assert slice_problems(new, 2024, 12) == (
        ("bulan_berbeda", {"nilai": "September", "aturan": "Desember 2024"}),
    )
    assert slice_problems(new, 2023, 9) == (
        ("rezim_berbeda", {"nilai": "sejak tahun 2024", "aturan": "September 2023"}),
    )
    assert slice_problems(old, 2024, 9)[0][1]["nilai"] == "tahun 2022-2023"
    assert slice_problems(old, 2021, 9)[0][0] == "rezim_berbeda"


def test_years_of_a_regime():
    assert years_of(read_report(grid(ALL_APPLY)).regime) == "sejak tahun 2024"


@pytest.mark.parametrize(
    ("line", "column", "cell", "rule", "said"),
    [
        (0, 13, "95.30", "hitungan_omspan_berbeda", "Nilai Total"),
        (0, 14, "90%", "hitungan_omspan_berbeda", "Konversi Bobot"),
        (0, 16, "94.80", "hitungan_omspan_berbeda", "Nilai Akhir"),
        (2, 8, "19.25", "hitungan_omspan_berbeda", "Penyerapan Anggaran"),
        (3, 8, "97.37", "hitungan_omspan_berbeda", "pelaksanaan"),
        (1, 7, "10", "bobot_bukan_rezim", "15"),
    ],
)
def test_a_figure_that_does_not_follow_is_listed_by_its_unit(line, column, cell, rule, said):
    rows = [list(row) for row in ALL_APPLY]
    rows[line][column] = cell
    found = check_units(read_report(grid(SOME_APPLY, rows)))
    assert tuple(found.columns) == FAILURES
    assert set(found["index"]) == {9}
    assert any(said in detail for detail in found.loc[found["rule"] == rule, "detail"])
    assert set(found["rule"]) <= set(RULES)


@pytest.mark.parametrize(("column", "cell"), [(13, "95.31"), (16, "94.81")])
def test_a_hundredth_is_tolerated(column, cell):
    rows = [list(row) for row in ALL_APPLY]
    rows[0][column] = cell
    assert len(check_units(read_report(grid(rows)))) == 0


def test_a_report_in_which_nothing_applies_is_listed():
    rows = [list(row) for row in ALL_APPLY]
    rows[1][6:] = ["0"] * 7
    assert len(check_units(read_report(grid(rows)))) > 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=5), st.sampled_from([*SATKER, *COMMON, FINAL]))),
        max_size=8,
    ),
    st.integers(0, 11),
    st.integers(0, 16),
    st.text(max_size=8),
)
def test_any_cells_are_read_or_refused(noise, row, column, cell):
    spoiled = [list(cells) for cells in grid(ALL_APPLY, SOME_APPLY)]
    if column < len(spoiled[row]):
        spoiled[row][column] = cell
    for rows in (noise, spoiled, [*spoiled, *noise]):
        try:
            report = read_report(rows)
        except BrokenReport as error:
            refused_by = {rule for rule, _ in error.problems}
            assert refused_by <= set(RULES)
        else:
            check_units(report)
            failures(sources()["ikpa"], unit_rows(report))


def cells_of(file):
    """Return the text of every cell as the reader gives it: whole numbers without decimals."""
    sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(0)
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(cell):
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


needs_cases = pytest.mark.skipif(not CASES.exists(), reason="no published cases beside the project")


@pytest.mark.needs_shared
@needs_cases
def test_a_real_report_of_satker_level():
    report = read_report(cells_of(CASES / "omspan-satker-2025-09.xlsx"))
    assert (report.level, report.month, report.regime.valid_from) == (Level.SATKER, 9, 2024)
    assert len(report.units) == len({unit.satker for unit in report.units}) == 68
    assert "007130" in {unit.satker for unit in report.units}
    assert len(check_units(report)) == 0
    assert len(failures(sources()["ikpa"], unit_rows(report))) == 0
    assert slice_problems(report, 2025, 9) == ()


@pytest.mark.needs_shared
@needs_cases
@pytest.mark.parametrize(
    ("period", "regime", "final"),
    [
        ((2022, 3), 2022, "93.32"),
        ((2022, 12), 2022, "93.71"),
        ((2023, 12), 2022, "95.39"),
        ((2024, 12), 2024, "94.75"),
    ],
)
def test_real_reports_of_kppn_level(period, regime, final):
    year, month = period
    report = read_report(cells_of(CASES / f"omspan-kppn-{year}-{month:02}.xlsx"))
    assert (report.level, report.month, report.regime.valid_from) == (Level.KPPN, month, regime)
    assert [str(unit.final_score) for unit in report.units] == [final]
    assert len(check_units(report)) == 0
    assert slice_problems(report, year, month) == (("tingkat_kppn", {}),)
