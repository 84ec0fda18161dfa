"""The small files: which rows each source's samples hold, and what is right or wrong in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from schemas.sources import sources
from tests.samples import budget, published, registers, snapshots, survey
from tests.samples.delivery import Delivery
from tests.samples.omspan import Unit, write_kppn, write_units
from tests.samples.seeds import SEEDS, References, read_references
from tests.samples.small import Sample, ok, refused, refused_heading
from tests.samples.workbooks import Form, Row, Said

OFFICE = published.OFFICE
YEAR = 2024
SEED = 7

# The sum that Excel users set below a table: no row, and no reason to refuse.
TOTAL = "JUMLAH"
ROWS_REFUSE = "ambang_terlampaui"


def all_samples(seeds: Path = SEEDS) -> Mapping[str, Sequence[Sample]]:
    """Return the samples of every source, by its code."""
    references = read_references(seeds, OFFICE, YEAR)
    return {
        "survey_answer": _survey_answer(references),
        "system_usage": _system_usage(references),
        "ikpa": _ikpa(references),
        "technical_regulation": _technical_regulation(),
        "oversight_recommendation": _oversight_recommendation(references),
        "audit_finding": _audit_finding(references),
        "siasn_integration": _siasn_integration(references),
        "digital_service": _digital_service(references),
        "agency_ip_asn": _agency_ip_asn(references),
        "office_employee": _office_employee(),
        "agency_nspk": _agency_nspk(references),
        "reform_index": _reform_index(),
        "sakip_score": _sakip_score(),
        "published_actual": _published_actual(),
    }


def _rows(deliveries: Sequence[Delivery], period: str) -> list[dict[str, object]]:
    """Return the rows of a period of an invented year."""
    of_period = [one for one in deliveries if one.period == period]
    return [dict(row) for one in of_period for row in one.records()]


def _changed(rows: Sequence[Row], **changes: Mapping[str, object]) -> list[dict[str, object]]:
    """Return rows of which some are changed: `row_3={...}` changes the third one."""
    changed = [dict(row) for row in rows]
    for place, values in changes.items():
        changed[int(place.removeprefix("row_")) - 1].update(values)
    return changed


def _survey_answer(references: References) -> list[Sample]:
    def forms(count: int) -> list[dict[str, object]]:
        drawn = survey.Forms(
            name=(SEED, "small"),
            services=references.survey_services,
            weights=[1] * len(references.survey_services),
            count=200,
            start=date(YEAR, 7, 1),
            end=date(YEAR, 9, 30),
            first_respondent=700_000,
            agencies=references.agencies,
        )
        return [
            dict(form)
            for form in survey.records(drawn)
            if all(form[f"u{number}"] in (1, 2, 3, 4) for number in range(1, 10))
            and form["answered_on"] >= drawn.start
            and form["service"].meaning is not None
        ][:count]

    good = _changed(
        forms(24),
        row_3={"u4": None},
        row_5={"u2": 5},
        row_9=dict.fromkeys(("u1", "u3", "u6", "u8")),
        row_11={"respondent": 700_900},
    )
    good.insert(11, {**good[10], "u1": 3, "u9": 3})
    bad = _changed(
        forms(10),
        row_2={"service": Said(None, "Layanan Antar Planet")},
        row_4={"answered_on": date(YEAR, 10, 1)},
        row_6=dict.fromkeys(("u1", "u2", "u3", "u5")),
        row_8={"u7": 9},
    )
    headings = [column.headings[0] for column in sources()["survey_answer"].columns]
    heading = [name for name in headings if name not in ("U5 Produk", "Unit", "ID Responden")]
    return [
        *ok(
            "survey_answer",
            f"{YEAR}-Q3",
            good,
            (23, 1, 1, 0),
            "jawaban_di_luar_skala",
            "jawaban_kurang",
            form=Form.INDONESIAN_CSV,
            note="satu formulir kurang isi, satu jawaban di luar skala, satu dikirim dua kali",
        ),
        refused(
            "survey_answer",
            f"{YEAR}-Q3",
            bad,
            (7, 3, 0, 0),
            "layanan_tidak_dikenal",
            "tanggal_di_luar_periode",
            "jawaban_kurang",
            "jawaban_di_luar_skala",
            ROWS_REFUSE,
            note="tiga dari sepuluh formulir ditolak, lebih dari 5 persen",
        ),
        refused_heading(
            f"{YEAR}-Q3",
            [[*heading, "Warna Kesukaan"], [None] * (len(heading) + 1)],
            "kolom_hilang",
            "kolom_tak_dikenal",
            note="satu unsur tidak ada, satu kolom asing",
        ),
    ]


def _system_usage(references: References) -> list[Sample]:
    rows = _rows(snapshots.system_usage(SEED, YEAR, references), f"{YEAR}-Q2")
    total = {"system": Said(None, TOTAL), "utilisation": Said(None, "16,5")}
    name = references.systems[3].name
    bad = _changed(
        rows,
        row_2={"system": Said(None, "SIM Salabim")},
        row_5={"utilisation": Decimal("0.7")},
        row_7={"utilisation": Said(None, "sering")},
        row_4={"system": Said(None, name), "utilisation": Decimal(1)},
    )
    bad.append({"system": Said(None, name), "utilisation": Decimal("0.5")})
    return [
        *ok(
            "system_usage",
            f"{YEAR}-Q2",
            [*rows, {}, total],
            (len(rows), 0, 0, 0),
            form=Form.INDONESIAN_CSV,
            note="dengan dua sistem lokal, baris kosong dan baris jumlah",
        ),
        refused(
            "system_usage",
            f"{YEAR}-Q2",
            bad,
            (len(bad) - 5, 5, 0, 0),
            "sistem_tidak_dikenal",
            "pilihan",
            "bukan_angka",
            "kunci_ganda",
            ROWS_REFUSE,
            note="sistem yang sama dua kali dengan nilai berbeda: keduanya ditolak",
        ),
    ]


def _ikpa(references: References) -> list[Sample]:
    own = budget.own_unit(SEED, YEAR, 9, references)
    others = budget.neighbours(SEED, YEAR, 9)[:5]
    wrong_own = replace(own, misprinted={"total": own.total(2024) + 1})
    wrong_other = replace(others[1], misprinted={"final": others[1].final(2024) - 2})
    whole = replace(own, name="CONTOH")

    def report(
        file: str,
        period: str,
        units: Sequence[Unit],
        counts: tuple[int, int, int, int],
        *rules: str,
        month: int = 9,
        regime: int = 2024,
        is_refused: bool = False,
        note: str = "",
    ) -> Sample:
        def write(path: Path) -> None:
            write_units(path, month, regime, units, budget.KPPN)

        return Sample(file, period, write, counts, rules, is_refused, note)

    def kppn(path: Path) -> None:
        write_kppn(path, 9, 2024, whole, budget.KPPN)

    period = f"{YEAR}-09"
    own_needed = "memerlukan kode satker kantor dari tahun-2024/rujukan/office.csv"
    return [
        report("ok.xlsx", period, [own, *others], (1, 0, 0, 5), note=own_needed),
        report("ok.csv", period, [own, *others], (1, 0, 0, 5), note=own_needed),
        report(
            "ok_2023.xlsx",
            "2023-11",
            [own, *others],
            (1, 0, 0, 5),
            month=11,
            regime=2022,
            note="aturan 2022-2023: Dispensasi SPM adalah indikator; NOPEMBER",
        ),
        report(
            "ok_warning.xlsx",
            period,
            [own, wrong_other, *others[2:]],
            (1, 0, 0, 4),
            "hitungan_omspan_berbeda",
            note="nilai akhir satker lain salah cetak: hanya peringatan",
        ),
        report(
            "refused.xlsx",
            period,
            [wrong_own, *others],
            (0, 1, 0, 5),
            "hitungan_omspan_berbeda",
            ROWS_REFUSE,
            is_refused=True,
            note="nilai total satker sendiri salah cetak",
        ),
        report(
            "refused_without_satker.xlsx",
            period,
            others,
            (0, 0, 0, 5),
            "satker_tidak_ada",
            is_refused=True,
            note="satker kantor tidak ada dalam laporan",
        ),
        report(
            "refused_month.xlsx",
            f"{YEAR}-03",
            [own, *others],
            (1, 0, 0, 5),
            "bulan_berbeda",
            month=2,
            is_refused=True,
            note="laporan PEBRUARI diletakkan untuk Maret",
        ),
        report(
            "refused_regime.xlsx",
            period,
            [own, *others],
            (1, 0, 0, 5),
            "rezim_berbeda",
            regime=2022,
            is_refused=True,
            note="laporan dengan aturan 2022-2023 diletakkan untuk 2024",
        ),
        Sample(
            "refused_kppn.xlsx",
            period,
            kppn,
            (0, 0, 0, 1),
            ("tingkat_kppn",),
            True,
            "laporan tingkat KPPN",
        ),
    ]


def _technical_regulation() -> list[Sample]:
    rows = _rows(registers.technical_regulations(SEED, YEAR), f"{YEAR}-Q3")
    on = date(YEAR, 5, 20)
    bad = _changed(
        rows,
        row_2={"status": "enacted", "decided_date": None},
        row_4={"status": "undecided", "decided_date": on},
        row_5={"proposed_date": on, "status": "rejected", "decided_date": on - timedelta(days=9)},
        row_7={"title": None},
    )
    return [
        *ok(
            "technical_regulation",
            f"{YEAR}-Q3",
            [*rows, rows[0]],
            (len(rows), 0, 1, 0),
            note="satu baris tertulis dua kali dengan isi yang sama",
        ),
        refused(
            "technical_regulation",
            f"{YEAR}-Q3",
            bad,
            (len(bad) - 4, 4, 0, 0),
            "putusan_tanpa_tanggal",
            "tanggal_tanpa_putusan",
            "putusan_sebelum_usulan",
            "wajib_diisi",
            ROWS_REFUSE,
        ),
    ]


def _oversight_recommendation(references: References) -> list[Sample]:
    rows = _rows(registers.oversight_recommendations(SEED, YEAR, references), f"{YEAR}-Q2")
    issued = rows[5]["issued_date"]
    bad = _changed(
        rows[:10],
        row_2={"status": "4", "status_date": None},
        row_4={"agency": Said(None, "Kabupaten Antah Berantah")},
        row_6={"status": "1", "status_date": issued - timedelta(days=3)},
        row_8={"answer_due_date": date(YEAR - 3, 1, 5)},
    )
    return [
        *ok(
            "oversight_recommendation",
            f"{YEAR}-Q2",
            rows,
            (len(rows) - 1, 0, 0, 1),
            note="satu rekomendasi kepada instansi kantor regional lain",
        ),
        refused(
            "oversight_recommendation",
            f"{YEAR}-Q2",
            bad,
            (6, 4, 0, 0),
            "status_tanpa_tanggal",
            "instansi_tidak_dikenal",
            "status_sebelum_terbit",
            "batas_sebelum_terbit",
            ROWS_REFUSE,
            form=Form.CSV,
        ),
    ]


def _audit_finding(references: References) -> list[Sample]:
    rows = _rows(registers.audit_findings(SEED, YEAR, references), f"{YEAR}-Q2")
    bad = _changed(
        rows,
        row_1={"status": "1", "status_date": None},
        row_3={"issuer": Said(None, "Auditor Desa")},
        row_5={"issued_date": Said(None, f"30/02/{YEAR}")},
    )
    bad.append({**bad[6], "status": "2", "status_date": None})
    bad[6].update(status="3", status_date=None)
    return [
        *ok("audit_finding", f"{YEAR}-Q2", rows, (len(rows), 0, 0, 0), form=Form.INDONESIAN_CSV),
        refused(
            "audit_finding",
            f"{YEAR}-Q2",
            bad,
            (len(bad) - 5, 5, 0, 0),
            "status_tanpa_tanggal",
            "pilihan",
            "bukan_tanggal",
            "kunci_ganda",
            ROWS_REFUSE,
        ),
    ]


def _siasn_integration(references: References) -> list[Sample]:
    rows = _rows(snapshots.siasn_integration(SEED, YEAR, references), f"{YEAR}-Q4")
    regency = next(one for one in references.agencies if one.name.startswith("Kabupaten K"))
    wrong_type = regency.name.replace("Kabupaten", "Kota")
    bad = _changed(
        rows[:12],
        row_5={"start_date": date(YEAR, 6, 30), "end_date": date(YEAR, 1, 31)},
        row_7={"mode": Said(None, "Faksimile")},
        row_9={"agency": Said(None, wrong_type)},
    )
    return [
        *ok(
            "siasn_integration",
            f"{YEAR}-Q4",
            rows,
            (len(rows) - 1, 0, 0, 1),
            note="satu instansi kantor regional lain",
        ),
        refused(
            "siasn_integration",
            f"{YEAR}-Q4",
            bad,
            (9, 3, 0, 0),
            "selesai_sebelum_mulai",
            "pilihan",
            "jenis_instansi_tidak_cocok",
            ROWS_REFUSE,
        ),
    ]


def _digital_service(references: References) -> list[Sample]:
    rows = _rows(snapshots.digital_services(SEED, YEAR, references), f"{YEAR}-Q3")
    bad = _changed(
        rows,
        row_3={"is_digital": "false", "is_digital_siasn": "true"},
        row_6={"service": Said(None, "Layanan Antar Planet")},
        row_9={"is_digital": None, "is_digital_siasn": "false"},
    )
    heading = ["Layanan", "Digital", "Digital", "Kanal"]
    return [
        *ok("digital_service", f"{YEAR}-Q3", rows, (len(rows), 0, 0, 0)),
        refused(
            "digital_service",
            f"{YEAR}-Q3",
            bad,
            (len(bad) - 3, 3, 0, 0),
            "digital_bertentangan",
            "layanan_tidak_dikenal",
            "wajib_diisi",
            ROWS_REFUSE,
        ),
        refused_heading(
            f"{YEAR}-Q3",
            [heading, ["Kenaikan Pangkat", "Ya", "Ya", "SIASN"]],
            "kolom_ganda",
            "kolom_hilang",
            note="satu judul ditulis dua kali, satu hilang",
        ),
    ]


def _agency_ip_asn(references: References) -> list[Sample]:
    good = snapshots.agency_ip_asn(SEED, YEAR, references, flaws=False)
    rows = _rows(good, f"{YEAR}-Q3")
    stranger = {"agency": Said("", references.strangers[0].name), "status": "done"}
    bad = _rows(snapshots.agency_ip_asn(SEED, YEAR, references, flaws=True), f"{YEAR}-Q1")
    return [
        *ok(
            "agency_ip_asn",
            f"{YEAR}-Q3",
            [*rows, stranger],
            (len(rows), 0, 0, 1),
            form=Form.INDONESIAN_CSV,
            note="satu instansi kantor regional lain",
        ),
        refused(
            "agency_ip_asn",
            f"{YEAR}-Q1",
            bad,
            (len(bad) - 4, 4, 0, 0),
            "instansi_tidak_dikenal",
            "pilihan",
            "terlalu_besar",
            "bukan_tanggal",
            ROWS_REFUSE,
        ),
    ]


def _office_employee() -> list[Sample]:
    rows = _rows(snapshots.office_employees(SEED, YEAR, 12), str(YEAR))
    total = rows[6]["total_score"]
    good = _changed(rows, row_7={"total_score": total - Decimal("0.47")})
    bad = _changed(
        rows,
        row_2={"competence_score": Decimal(42)},
        row_4={"employee": Said(None, "1.90203042002031E+17")},
        row_6={"performance_score": Said(None, "baik")},
    )
    # Rounded, so that the sum still agrees where only one cell shall be wrong.
    bad[1]["total_score"] = sum(
        bad[1][f"{name}_score"]
        for name in ("qualification", "competence", "performance", "discipline")
    )
    bad.append({**bad[8], "position_status": "03"})
    return [
        *ok(
            "office_employee",
            str(YEAR),
            good,
            (12, 0, 0, 2),
            "jumlah_dimensi_berbeda",
            note="dua pegawai tidak aktif; satu total berbeda dari dimensinya: peringatan",
        ),
        refused(
            "office_employee",
            str(YEAR),
            bad,
            (8, 5, 0, 2),
            "terlalu_besar",
            "nomor_terpotong",
            "bukan_angka",
            "kunci_ganda",
            ROWS_REFUSE,
        ),
    ]


def _agency_nspk(references: References) -> list[Sample]:
    rows = _rows(snapshots.agency_nspk(SEED, YEAR, references, flaws=True), str(YEAR))
    bad = _changed(
        rows[:10],
        row_2={"letter": None},
        row_4={"letter": None, "score": None},
        row_6={"score": Decimal("780.5")},
        row_8={"letter": Said(None, "F")},
    )
    return [
        *ok(
            "agency_nspk",
            str(YEAR),
            rows,
            (len(rows) - 1, 0, 0, 1),
            form=Form.INDONESIAN_CSV,
            note="dua instansi belum ada hasilnya, satu tidak tercantum, satu bukan milik kantor",
        ),
        refused(
            "agency_nspk",
            str(YEAR),
            bad,
            (6, 4, 0, 0),
            "nilai_tanpa_huruf",
            "huruf_kosong",
            "terlalu_besar",
            "pilihan",
            ROWS_REFUSE,
        ),
    ]


def _reform_index() -> list[Sample]:
    rows = _rows(snapshots.reform_index(YEAR), str(YEAR))
    bad = [*rows, {**rows[0], "letter_no": "CONTOH-RB/008/III/2025", "score": Decimal("8705")}]
    return [
        *ok("reform_index", str(YEAR), rows, (1, 0, 0, 0), form=Form.INDONESIAN_CSV),
        refused(
            "reform_index",
            str(YEAR),
            bad,
            (1, 1, 0, 0),
            "satu_baris",
            "terlalu_besar",
            ROWS_REFUSE,
            form=Form.CSV,
            note="dua surat dalam satu berkas",
        ),
    ]


def _sakip_score() -> list[Sample]:
    rows = _rows(snapshots.sakip_score(YEAR), str(YEAR))
    bad = _changed(rows, row_1={"reporting_score": Decimal("15.7"), "letter_date": None})
    return [
        *ok("sakip_score", str(YEAR), rows, (1, 0, 0, 0), form=Form.INDONESIAN_CSV),
        refused(
            "sakip_score",
            str(YEAR),
            bad,
            (0, 1, 0, 0),
            "terlalu_besar",
            "jumlah_komponen_berbeda",
            "wajib_diisi",
            ROWS_REFUSE,
        ),
    ]


def _published_actual() -> list[Sample]:
    rows = _rows(published.published_actuals(), "2023-Q4")
    bad = _changed(
        rows,
        row_1={"iku": "IKU.15"},
        row_3={"actual": Said(None, "sembilan puluh")},
        row_5={"document": None},
        row_7={"document_date": Said(None, "Januari 2024")},
    )
    return [
        *ok(
            "published_actual",
            "2023-Q4",
            rows,
            (len(rows), 0, 0, 0),
            form=Form.INDONESIAN_CSV,
            note="IKU 1 dan 11 tercetak N/A",
        ),
        refused(
            "published_actual",
            "2023-Q4",
            bad,
            (len(bad) - 4, 4, 0, 0),
            "iku_tidak_dikenal",
            "bukan_angka",
            "wajib_diisi",
            "bukan_tanggal",
            ROWS_REFUSE,
        ),
    ]
