"""What others have published, through landing: the office's own years, and cases kept beside us."""

from __future__ import annotations

import csv
import math
from decimal import Decimal
from pathlib import Path

import pytest

from flows.computing import measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Quarter
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.conftest import SHARED
from tests.golden import case as cases
from tests.golden.running import RUN, At, land, run
from tests.unit.published_tables import ACHIEVEMENTS, ACTUALS, figures
from transforms.indicators import indicators

OFFICE = cases.OFFICE


def scorecard(
    year: int, clock: str, left_out: tuple[str, ...], at: At, settings: Settings, folder: Path
) -> Warehouse:
    """Land the printed figures of a year but some, compute all indicators and record them."""
    rows = [
        {
            "IKU": iku,
            "Dokumen": "Renja 2024",
            "Tanggal Dokumen": "2024-01-02",
            "Realisasi": "N/A" if actual is None else str(actual).replace(".", ","),
        }
        for iku, actual in figures(ACTUALS[year]).items()
        if iku not in left_out
    ]
    file = cases.File("published_actual", f"{year}-Q4", cases.MAIN_PART, cases.instant(clock), rows)
    land(file, OFFICE, at, settings, folder)
    warehouse = at(cases.instant(clock).isoformat())
    known_at = values.moment_of_knowledge(warehouse, OFFICE)
    quarter = Quarter(OFFICE, year, 4, known_at)
    found = [measuring.measure(warehouse, iku, quarter) for iku in indicators()]
    printed = measuring.published(warehouse, quarter)
    assert recording.record(warehouse, quarter, found, printed, RUN).failed == ()
    return warehouse


def rolled_up(warehouse: Warehouse, year: int) -> dict[str, object]:
    """Return the roll-up against the PK."""
    found = warehouse.rows(
        "SELECT status, npss, npss_120, batas_bawah, cakupan, iku_terhitung FROM mart.npss"
        " WHERE kantor = :office AND periode = :period AND dokumen = 'pk'"
        " AND berlaku_sampai IS NULL",
        office=OFFICE,
        period=f"{year}-Q4",
    )
    assert len(found) == 1
    return dict(found[0])


@pytest.mark.parametrize(
    ("year", "status", "npss", "npss_120"),
    [
        (2020, "measured", "103.62", "100.74"),
        (2021, "measured", "136.07", "108.63"),
        (2022, "measured", "106.84", "105.70"),
        # IKU 1 and 11 are printed N/A, and may still come.
        (2023, "provisional", "100.83", "100.83"),
    ],
)
def test_a_printed_year_comes_out_to_the_last_digit(
    year, status, npss, npss_120, at, settings, tmp_path
):
    """The capaian of RULES 8.6 and, from them, NPSS (vectors R3 and C5)."""
    warehouse = scorecard(year, "2024-01-15", (), at, settings, tmp_path)
    shown = warehouse.rows(
        "SELECT iku, capaian FROM mart.capaian_iku"
        " WHERE kantor = :office AND periode = :period AND dokumen = 'pk'",
        office=OFFICE,
        period=f"{year}-Q4",
    )
    assert {row["iku"]: row["capaian"] for row in shown} == figures(ACHIEVEMENTS[year])
    found = rolled_up(warehouse, year)
    assert (found["status"], found["npss"], found["npss_120"]) == (
        status,
        Decimal(npss),
        Decimal(npss_120),
    )
    assert found["batas_bawah"] is None


def test_coverage_of_2023(at, settings, tmp_path):
    """By weight: 12.5 + 25 + 25 + 20.83 percent (RULES 8.4)."""
    found = rolled_up(scorecard(2023, "2024-01-15", (), at, settings, tmp_path), 2023)
    assert (found["cakupan"], found["iku_terhitung"]) == (Decimal("83.33"), 12)


def test_not_reporting_does_not_pay(at, settings, tmp_path):
    """Vector C6: without IKU 12, overdue since 29 June, NPSS rises and its lower bound falls."""
    warehouse = scorecard(2023, "2024-06-29", ("IKU.12",), at, settings, tmp_path)
    found = rolled_up(warehouse, 2023)
    assert (found["status"], found["npss"], found["batas_bawah"]) == (
        "provisional",
        Decimal("101.65"),
        Decimal("96.55"),
    )


def published(name: str) -> list[dict[str, str]]:
    """Return the rows of a published case, or skip the test where there are none."""
    file = SHARED / "cases" / name
    if not file.exists():
        pytest.skip(f"{name} is not here")
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.needs_shared
def test_answers_of_sekadau(at, settings, tmp_path):
    """49 respondents: 78.74 with the exact weight, 77.95 with 0.11."""
    answers = [
        {"U": " ".join(row[f"U{number}"] for number in range(1, 10))}
        for row in published("skm/answers-sekadau-2019-s1.csv")
    ]
    said = {
        "case": "sekadau",
        "source": "published",
        "clock": "2022-04-10",
        "given": {
            "survey_answer": {
                "2022-Q1": {
                    "defaults": {"Layanan": "Bimbingan Teknis", "Tanggal": "2022-03-01"},
                    "counts": {"accepted": "49", "rejected": "0"},
                    "rows": answers,
                }
            }
        },
        "expect": [
            {
                "quarter": "2022-Q1",
                "status": "measured",
                "actual": "78.74",
                "achievement_pct": "90.51",
                "word": "terukur",
                "components": {"responden": "49", "mutu": "B"},
            }
        ],
    }
    run(cases.make(3, said), at, settings, tmp_path)


@pytest.mark.needs_shared
def test_follow_up_of_ministries(at, settings, tmp_path):
    """24,022 recommendations by their four statuses; the printed percentages are cut."""
    counts = next(row for row in published("followup/published.csv") if row["id"] == "ihps2023_kl")
    names = ("sesuai", "belum_sesuai", "belum_ditindaklanjuti", "tidak_dapat")
    a, b, c, d = (int(counts[name]) for name in names)
    assert a + b + c + d == int(counts["total_rekomendasi"])

    def pct(part: int) -> Decimal:
        return Decimal(math.floor(Decimal(part * 10000) / (a + b + c + d) + Decimal("0.5"))) / 100

    rows = [
        {"repeat": str(count), "Status": str(status), "Tanggal Status": "2023-12-01"}
        for status, count in enumerate((a, b, c, d), start=1)
    ]
    said = {
        "case": "ihps",
        "source": "published",
        "clock": "2024-01-10",
        "given": {
            "audit_finding": {
                "2023-Q4": {
                    "defaults": {
                        "Pemeriksa": "BPK",
                        "Nomor LHP": "LHP-1",
                        "Nomor Temuan": "T-{n}",
                        "Nomor Rekomendasi": "R-1",
                        "Unit Kerja": "TU",
                        "Tanggal LHP": "2023-02-01",
                    },
                    "rows": rows,
                }
            }
        },
        "expect": [
            {
                "quarter": "2023-Q4",
                "status": "measured",
                "actual": str(pct(a + d)),
                "numerator": str(a + d),
                "denominator": str(a + b + c + d),
                "achievement_pct": str(pct(a + d)),
                "word": "belum tercapai",
                "components": {"v1": "52.61", "v2": "52.58", "v4": str(pct(a + b + d))},
            }
        ],
    }
    run(cases.make(14, said), at, settings, tmp_path)
    assert math.floor(pct(a) * 10) / Decimal(10) == Decimal(counts["pct_sesuai"])


@pytest.mark.needs_shared
def test_ip_asn_of_two_groups(at, settings, tmp_path):
    """PNS and PPPK by heads make the printed mean of all; a mistyped dimension only warns."""
    rows = {row["id"]: row for row in published("ipasn/published.csv")}
    headings = {
        "kelompok": "Kelompok",
        "kualifikasi": "Kualifikasi",
        "kompetensi": "Kompetensi",
        "kinerja": "Kinerja",
        "disiplin": "Disiplin",
        "total_published": "Total",
    }
    staff = [
        {
            "repeat": rows[group]["n"],
            "NIP": "P{n}",
            **{heading: rows[group][name] for name, heading in headings.items()},
        }
        for group in ("bima23_pns", "bima23_pppk")
    ]
    whole = rows["bima23_asn"]
    said = {
        "case": "bima",
        "source": "published",
        "clock": "2024-10-10",
        "given": {"office_employee": {"2023": staff}},
        "expect": [
            {
                "quarter": "2023-Q4",
                "status": "measured",
                "actual": whole["total_published"],
                "achievement_pct": "96.60",
                "word": "waspada",
                "components": {
                    "pegawai": whole["n"],
                    "kategori": whole["kategori_published"],
                    "kualifikasi": whole["kualifikasi"],
                    "kinerja": whole["kinerja"],
                    "disiplin": whole["disiplin"],
                    "catatan": ["PNS: jumlah empat dimensi tidak sama dengan nilai total"],
                },
            }
        ],
    }
    run(cases.make(9, said), at, settings, tmp_path)


@pytest.mark.needs_shared
def test_sakip_with_its_components(at, settings, tmp_path):
    """A total that its four components make, and its predicate."""
    row = next(row for row in published("sakip/published.csv") if row["id"] == "trenggalek")
    said = {
        "case": "trenggalek",
        "source": "published",
        "clock": "2025-01-10",
        "given": {
            "sakip_score": {
                "2024": [
                    {
                        "Nomor LHE": "LHE-1",
                        "Tanggal LHE": "2024-11-01",
                        "Perencanaan": row["perencanaan"],
                        "Pengukuran": row["pengukuran"],
                        "Pelaporan": row["pelaporan"],
                        "Evaluasi": row["evaluasi"],
                        "Nilai Akhir": row["total_published"],
                        "Predikat": row["predikat_published"],
                    }
                ]
            }
        },
        "expect": [
            {
                "quarter": "2024-Q4",
                "status": "measured",
                "actual": row["total_published"],
                "achievement_pct": "128.07",
                "word": "tercapai",
                "components": {"predikat": row["predikat_published"], "catatan": []},
            }
        ],
    }
    run(cases.make(12, said), at, settings, tmp_path)
