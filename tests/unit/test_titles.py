"""What the lines above a table say of its period."""

import pytest

from schemas.source import Cadence
from transforms.files.period import parse_period
from transforms.files.titles import other_period, other_year

QUARTER = parse_period("2024-Q3", Cadence.QUARTERLY)
MONTH = parse_period("2024-09", Cadence.MONTHLY)
YEAR = parse_period("2024", Cadence.YEARLY)


@pytest.mark.parametrize(
    ("line", "period", "rules"),
    [
        ("LAPORAN TRIWULAN III TAHUN 2024", QUARTER, []),
        ("Laporan TW 3 2024", QUARTER, []),
        ("Laporan TW 3 2023", QUARTER, ["tahun_berbeda"]),
        ("Laporan Triwulan III, 2023", QUARTER, ["tahun_berbeda"]),
        ("Triwulan IV 2023 s.d. Triwulan III 2024", QUARTER, []),
        ("Laporan Triwulan II Tahun 2024", QUARTER, ["triwulan_berbeda"]),
        ("Laporan Triwulan IV Tahun 2023", QUARTER, ["tahun_berbeda", "triwulan_berbeda"]),
        ("Tahun Anggaran 2023", QUARTER, ["tahun_berbeda"]),
        ("Menurut PermenPANRB Nomor 14 Tahun 2017", QUARTER, []),
        ("Temuan tahun 2021-2025", QUARTER, []),
        ("Temuan tahun 2021 s.d. 2023", QUARTER, ["tahun_berbeda"]),
        ("Keadaan per 30 September 2024", QUARTER, []),
        ("Keadaan per 30 Juni 2024", QUARTER, ["bulan_berbeda"]),
        ("Sampai dengan NOPEMBER", MONTH, ["bulan_berbeda"]),
        ("Bulan : September", MONTH, []),
        ("Laporan per satker", MONTH, []),
        ("Laporan Triwulan I s.d. III Tahun 2024", QUARTER, []),
        ("Laporan Triwulan I s/d Triwulan III 2024", QUARTER, []),
        ("Triwulan I Tahun 2024 sampai dengan Triwulan III Tahun 2024", QUARTER, []),
        ("TW I-III 2024", QUARTER, []),
        ("TW 1 – 3", QUARTER, []),
        ("Triwulan I s.d. II", QUARTER, ["triwulan_berbeda"]),
        ("Triwulan I s.d. IV", QUARTER, ["triwulan_berbeda"]),
        ("Triwulan III s.d. IV", QUARTER, ["triwulan_berbeda"]),
        ("TW I-III 2023", QUARTER, ["tahun_berbeda"]),
        ("Triwulan III - 2024", QUARTER, []),
        ("Januari s.d. September 2024", QUARTER, []),
        ("Periode Januari s.d. September 2024", MONTH, []),
        ("Periode Januari - September 2024", MONTH, []),
        ("Bulan Januari sampai dengan bulan September", QUARTER, []),
        ("Periode 1 Januari 2024 s/d 30 September 2024", QUARTER, []),
        ("Periode: Juni 2024", QUARTER, ["bulan_berbeda"]),
        ("Periode Triwulan III", QUARTER, []),
        ("Periode Juli hingga Agustus", MONTH, ["bulan_berbeda"]),
        ("Periode Agustus - Oktober", QUARTER, ["bulan_berbeda"]),
        ("Periode Oktober 2023 s.d. September 2024", MONTH, []),
        ("Triwulan I", YEAR, []),
        ("Bulan Maret", YEAR, []),
        ("Tahun 2023", YEAR, ["tahun_berbeda"]),
        ("Rekapitulasi", QUARTER, []),
    ],
)
def test_a_title_names_the_period_of_the_file_or_another(line, period, rules):
    assert [rule for rule, _ in other_period([line], period)] == rules


def test_what_was_found_and_what_was_expected_are_told():
    [(_, facts)] = other_period(["Bulan Juni"], QUARTER)
    assert facts == {"nilai": "Juni", "aturan": "2024-Q3"}


def test_a_column_of_years_says_the_period_or_nothing():
    assert other_year(["2024", " 2024 ", ""], YEAR) == []
    [(rule, facts)] = other_year(["2024", "2023"], YEAR)
    assert (rule, facts["nilai"]) == ("tahun_berbeda", "2023")


def test_what_is_no_year_is_not_told():
    [(rule, facts)] = other_year(["2024", "190001012005011001", "Orang"], YEAR)
    assert (rule, facts["nilai"]) == ("tahun_berbeda", "yang tidak terbaca")
