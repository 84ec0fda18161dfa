"""Words: figures, days and sentences as officers read them, in Indonesian and in id-ID format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from schemas.rows import ShownLine, ShownRollUp
from transforms.rules.budget_execution import LABELS
from transforms.rules.formulas import in_indonesian

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
DASH = "–"
FIGURE = re.compile(r"-?\d+\.\d+")  # as JSON holds a Decimal; a code has no such point
FEW = 3  # periods that are told one by one

UNIT_WORDS = {"percent": "persen", "index": "indeks", "score": "skor", "scale": "skala"}

TALLY_WORDS = {
    "agencies": "instansi", "agency_ip_asn": "pengukuran IP ASN", "agency_nspk": "huruf NSPK",
    "answer_term_open": "belum jatuh tempo", "audit_finding": "temuan audit",
    "audit_recommendation": "rekomendasi audit", "ba_code": "kode BA", "category": "kategori",
    "closed": "ditindaklanjuti", "cohort": "kelompok", "competence": "kompetensi",
    "conversion_pct": "konversi bobot", "digital": "digital", "digital_service": "layanan digital",
    "digital_siasn": "digital di SIASN", "discipline": "disiplin",
    "dispensation_score": "dispensasi SPM (pengurang)", "document": "dokumen",
    "document_date": "tanggal dokumen", "element": "unsur", "employee_group": "kelompok pegawai",
    "employee_score": "nilai pegawai", "evaluation_score": "evaluasi", "final_score": "nilai akhir",
    "findings": "temuan", "has_row": "ada baris", "has_slice": "triwulan dilaporkan",
    "ikpa": "laporan OM-SPAN", "issued_in_quarter": "terbit triwulan ini", "issuer": "penerbit",
    "kind": "jenis", "kppn_code": "kode KPPN", "letter": "huruf", "letter_date": "tanggal surat",
    "letter_no": "nomor surat", "load_id": "muatan", "measured": "mengukur",
    "measurement_score": "pengukuran", "mode": "cara integrasi", "n": "jawaban",
    "oversight_recommendation": "rekomendasi wasdal", "performance": "kinerja",
    "persons": "pegawai", "planning_score": "perencanaan", "population": "populasi",
    "predicate": "predikat", "proposals": "usulan", "published_actual": "angka terbit",
    "qualification": "kualifikasi", "quarter": "triwulan", "recommendations": "rekomendasi",
    "reform_index": "indeks RB", "regime": "aturan sejak", "rejected": "ditolak",
    "reporting_score": "pelaporan", "quarter_respondents": "responden triwulan ini",
    "respondents": "responden", "sakip_score": "LHE SAKIP",
    "satker_name": "nama satker", "score": "nilai", "service": "layanan", "services": "layanan",
    "siasn_mode": "integrasi SIASN", "state": "keadaan", "sum": "jumlah nilai",
    "survey_element": "jawaban per unsur", "survey_service": "layanan yang disurvei",
    "system_usage": "pemakaian sistem", "systems": "sistem",
    "technical_regulation": "usulan regulasi", "total": "total", "total_score": "nilai total",
    "unit": "unit", "utilisation": "pemanfaatan", "actual": "realisasi",
}  # fmt: skip
"""Headings of tallies for officers; the same words as in the glossary."""

VALUE_WORDS = {
    "all": "semua", "carried": "terbawa", "enacted": "ditetapkan", "layanan_kepegawaian":
    "layanan kepegawaian", "no": "tidak", "no_row": "tanpa baris", "none": "belum",
    "rejected": "ditolak", "some": "sebagian", "tanpa_layanan": "tanpa layanan",
    "this_year": "tahun ini", "tidak_dinilai": "tidak dinilai", "undecided": "belum diputus",
    "webservice": "web service", "yes": "ya",
}  # fmt: skip
"""Codes that stand in tallies and components, for officers."""


def number(value: object) -> str:
    """Return a figure as an officer writes it, a dash where there is none."""
    if value is None:
        return DASH
    if isinstance(value, Decimal):
        return in_indonesian(value)
    return in_indonesian(Decimal(str(value)))


def day(value: date | None) -> str:
    """Return a date as an officer writes it: 5 Januari 2024."""
    return DASH if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime | None, zone: str = "Asia/Jakarta") -> str:
    """Return an instant in the office's zone: 5 Januari 2024 08.30."""
    if value is None:
        return DASH
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local.date())} {local:%H.%M.%S}"


def local_day(value: datetime | None, zone: str) -> str:
    """Return the day of an instant in the office's zone."""
    return DASH if value is None else day(value.astimezone(ZoneInfo(zone)).date())


def quarter_name(year: int, quarter: int) -> str:
    """Return a quarter as an officer writes it: Triwulan III 2024."""
    return f"Triwulan {ROMAN[quarter]} {year}"


def periods(listed: str) -> str:
    """Return listed periods briefly, in a sentence: many are told by the first and the last."""
    each = listed.split(", ")
    return listed if len(each) <= FEW else f"{each[0]} sampai {each[-1]} ({len(each)} periode)"


def note(line: ShownLine) -> str:
    """Return what a manager asks next: what is missing, and how a printed figure compares."""
    said = []
    target, actual, computed = line["target"], line["realisasi"], line["realisasi_hitung"]
    is_short = line["capaian"] is not None and line["capaian"] < 100
    if line["kekurangan"]:
        said.append(f"kurang {number(line['kekurangan'])} {line['yang_dihitung']}")
    elif is_short and not line["yang_dihitung"] and target is not None and actual is not None:
        said.append(f"kurang {number(target - actual)} poin")
    difference = None if actual is None or computed is None else actual - computed
    if line["dasar"] == "terbit" and difference:
        said.append(f"hitungan {number(computed)}, selisih {number(difference)}")
    components = line["rincian"]
    said += [str(reason) for reason in components.get("sebab_sementara", ())]
    upper = components.get("batas_atas")
    if upper is not None:
        said.append(f"paling tinggi {number(upper)}")
    return "; ".join(said)


def npss_sentence(npss: ShownRollUp | None) -> str:
    """Return the roll-up in one sentence, with how far it can be trusted."""
    if npss is None or npss["npss"] is None:
        return "NPSS belum dapat dihitung."
    said = f"NPSS {number(npss['npss'])}"
    if npss["status"] != "measured":
        said += " (sementara)"
    said += (
        f", cakupan bobot {number(npss['cakupan'])} %"
        f" ({npss['iku_terhitung']} dari {npss['iku_seluruhnya']} IKU),"
        f" NPSS 120 {number(npss['npss_120'])}"
    )
    if npss["batas_bawah"] is not None:
        said += f", paling rendah {number(npss['batas_bawah'])} bila yang belum lapor nol"
    return said + "."


def details(value: Mapping[str, object] | Sequence[object], indent: int = 0) -> list[str]:
    """Return the components of a value as indented lines; figures in id-ID format."""
    pad = "  " * indent
    if isinstance(value, Mapping):
        lines = []
        for key, item in value.items():
            name = str(key).replace("_", " ")
            if isinstance(item, Mapping | list):
                if item:
                    lines += [f"{pad}{name}:", *details(item, indent + 1)]
            else:
                lines.append(f"{pad}{name}: {plain_word(item)}")
        return lines
    lines = []
    for item in value:
        if isinstance(item, Mapping):
            inline = ", ".join(
                f"{str(k).replace('_', ' ')} {plain_word(v)}"
                for k, v in item.items()
                if not isinstance(v, Mapping | list)
            )
            lines.append(f"{pad}- {inline}")
        else:
            lines.append(f"{pad}- {plain_word(item)}")
    return lines


def plain_word(item: object) -> str:
    """Return a figure in id-ID format and anything else, codes among it, as it stands."""
    if item is None:
        return DASH
    if isinstance(item, bool):
        return "ya" if item else "tidak"
    if isinstance(item, int) or FIGURE.fullmatch(str(item)):
        return number(item)
    return VALUE_WORDS.get(str(item), str(item))


def tally_word(column: str) -> str:
    """Return the heading of a tally's column; IKPA's stand twice, as value and as weight."""
    for prefix, word in (("value_", "nilai "), ("weight_", "bobot ")):
        if column.startswith(prefix):
            return word + LABELS.get(column.removeprefix(prefix), column)
    return TALLY_WORDS.get(column, column)
