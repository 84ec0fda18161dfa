"""Screens: tables and sentences for officers, in Indonesian and in id-ID format, and their JSON."""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.source import MAIN_PART
from transforms.budget_execution import LABELS
from transforms.formulas import in_indonesian

if TYPE_CHECKING:
    from flows.source_states import SourceState

__all__ = ["escape"]

WIDTH = None if sys.stdout.isatty() else 140  # a file or a pipe need not be wrapped to a screen

out = Console(highlight=False, width=WIDTH)
err = Console(stderr=True, highlight=False)

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
COLOURS = {"tercapai": "green", "waspada": "yellow", "belum tercapai": "red"}
DASH = "–"
FIGURE = re.compile(r"-?\d+\.\d+")  # as JSON holds a Decimal; a code has no such point
FEW = 3  # periods that are told one by one
WIDE = 8  # columns of a tally that still stand side by side


def number(value: Any) -> str:
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


def as_json(value: Any) -> None:
    """Print JSON, and nothing else, on standard output; figures and dates are text."""

    def text(item: Any) -> Any:
        if isinstance(item, datetime | date):
            return item.isoformat()
        if isinstance(item, Decimal | Fraction):
            return str(item)
        raise TypeError(f"{type(item)} is not for JSON")

    print(json.dumps(value, ensure_ascii=False, indent=2, default=text))  # noqa: T201


def banner(is_demo: bool, console: Console | None = None) -> None:
    """Say that the figures are invented, where they are; beside JSON on standard error."""
    if is_demo:
        (console or out).print(
            "[reverse] DATA CONTOH [/] Angka 2024 di sini rekaan, bukan laporan."
        )


def table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], right: str = ""
) -> None:
    """Print a table; `right` names by their places (from 0) the columns of figures."""
    shown = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for place, heading in enumerate(headings):
        shown.add_column(
            heading,
            justify="right" if str(place) in right.split() else "left",
            overflow="fold",
        )
    for row in rows:
        shown.add_row(*row)
    out.print(shown)


def sources(states: Sequence[SourceState]) -> None:
    """Print what is known of the sources, a table an office, and which doors were of no use."""
    for office, listed in itertools.groupby(states, key=lambda state: state.office):
        of_office = list(listed)
        table(
            f"Sumber {office}",
            ("Sumber", "Pintu", "Penyerah", "Terakhir", "Diterima", "Ditunggu", "Jatuh tempo",
             "Keadaan"),
            [
                (
                    _with_part(state),
                    state.door,
                    escape(state.deliverer) or DASH,
                    state.last_period or DASH,
                    local_day(state.landed_at, state.zone),
                    state.awaited or DASH,
                    day(state.due),
                    state.state,
                )
                for state in of_office
            ],
        )  # fmt: skip
        for source, states in itertools.groupby(of_office, key=lambda state: state.source):
            if missed := next(states).missed:
                out.print(f"  Belum lapor sebelumnya: {source} {missed}")
        for state in of_office:
            for problem in state.problems:
                when = moment(problem.asked_at, state.zone)
                what = f"{_with_part(state)} {problem.period}"
                out.print(f"  Pintu {state.door} {what}, {when}: {escape(problem.message)}")


def _with_part(state: SourceState) -> str:
    return state.source if state.part == MAIN_PART else f"{state.source} {state.part}"


def coloured(word: str) -> str:
    """Return a status word in its colour; the word says it all, the colour only helps."""
    colour = COLOURS.get(word)
    return f"[{colour}]{word}[/{colour}]" if colour else word


def scorecard(
    title: str, lines: Sequence[Mapping[str, Any]], npss: Mapping[str, Any] | None
) -> None:
    """Print the scorecard of a quarter."""
    table(
        title,
        ("IKU", "Indikator", "Target PK", "Realisasi", "Capaian %", "Status", "Catatan"),
        [
            (
                line["iku"],
                line["nama_pendek"],
                number(line["target"]),
                number(line["realisasi"]),
                number(line["capaian"]),
                coloured(line["status_kata"]),
                note(line),
            )
            for line in lines
        ],
        right="2 3 4",
    )
    reached = sum(line["status_kata"] == "tercapai" for line in lines)
    out.print(f"Tercapai {reached} dari {len(lines)} IKU. {npss_sentence(npss)}")


def note(line: Mapping[str, Any]) -> str:
    """Return what a manager asks next: what is missing, and how a printed figure compares."""
    said = []
    if line["kekurangan"]:
        said.append(f"kurang {number(line['kekurangan'])} {line['yang_dihitung']}")
    elif not line["yang_dihitung"] and line["capaian"] is not None and line["capaian"] < 100:
        said.append(f"kurang {number(line['target'] - line['realisasi'])} poin")
    if line["dasar"] == "terbit" and line["realisasi_hitung"] is not None:
        difference = line["realisasi"] - line["realisasi_hitung"]
        if difference:
            said.append(
                f"hitungan {number(line['realisasi_hitung'])}, selisih {number(difference)}"
            )
    components = line["rincian"] or {}
    said += [str(reason) for reason in components.get("sebab_sementara", ())]
    upper = components.get("batas_atas")
    if upper is not None:
        said.append(f"paling tinggi {number(upper)}")
    return "; ".join(said)


def npss_sentence(npss: Mapping[str, Any] | None) -> str:
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


def details(value: Any, indent: int = 0) -> list[str]:
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
                lines.append(f"{pad}{name}: {_plain(item)}")
        return lines
    lines = []
    for item in value:
        if isinstance(item, Mapping):
            inline = ", ".join(
                f"{str(k).replace('_', ' ')} {_plain(v)}"
                for k, v in item.items()
                if not isinstance(v, Mapping | list)
            )
            lines.append(f"{pad}- {inline}")
        else:
            lines.append(f"{pad}- {_plain(item)}")
    return lines


def _plain(item: Any) -> str:
    """Return a figure in id-ID format and anything else, codes among it, as it stands."""
    if item is None:
        return DASH
    if isinstance(item, bool):
        return "ya" if item else "tidak"
    if isinstance(item, int) or FIGURE.fullmatch(str(item)):
        return number(item)
    return VALUE_WORDS.get(str(item), str(item))


def explanation(said: Mapping[str, Any], office: str, zone: str) -> None:
    """Print where a value comes from."""
    line, value = said["line"], said["value"]
    out.print(
        f"[bold]{line['iku']} {line['nama_pendek']}[/], {office}, "
        f"{quarter_name(line['tahun'], line['triwulan'])}"
    )
    out.print(escape(line["nama"]))
    out.print(
        f"Realisasi [bold]{number(line['realisasi'])}[/] {UNIT_WORDS[value['unit']]}; "
        f"status {coloured(line['status_kata'])}; dasar: "
        + ("angka terbit" if line["dasar"] == "terbit" else "dihitung dari sumber")
    )
    if value["numerator"] is not None:
        out.print(
            f"Hitungan: {number(value['numerator'])} / {number(value['denominator'])} × 100"
            f" = {escape(value['actual_exact'] or DASH)}, dibulatkan {number(value['actual'])}"
        )
    elif value["actual_exact"] is not None:
        out.print(
            f"Nilai tepat {escape(value['actual_exact'])}, dibulatkan {number(value['actual'])}"
        )
    out.print(f"Metode: {escape(value['method'])}")
    if said["note"]:
        out.print(f"Catatan: {escape(said['note'])}")
    for text in details(value["components"], 1):
        out.print(escape(text))
    _documents(said)
    _evidence(value)
    _origins(said, zone)


def _documents(said: Mapping[str, Any]) -> None:
    table(
        "Target",
        ("Dokumen", "Target", "Capaian %", "Sumber", "Alasan"),
        [
            (
                row["document"], number(row["target"]), number(row["achievement_pct"]),
                escape(row["source"] or ""), escape(row["reason"] or ""),
            )
            for row in said["targets"]
        ],
        right="1 2",
    )  # fmt: skip


def _evidence(value: Mapping[str, Any]) -> None:
    """Print the rows that were put into the formula; a single wide row as a list."""
    for name, rows in value["tally"].items():
        title = f"Angka yang dipakai: {TALLY_WORDS.get(name, name)}"
        if len(rows) == 1 and len(rows[0]) > WIDE:
            out.print(f"{title}:")
            for column, item in rows[0].items():
                said = str(item) if column == "regime" else _plain(item)
                out.print(escape(f"  {_tally_word(column)}: {said}"))
        elif rows:
            table(
                title,
                [_tally_word(column) for column in rows[0]],
                [[escape(_plain(item)) for item in row.values()] for row in rows],
            )


def _tally_word(column: str) -> str:
    """Return the heading of a tally's column; IKPA's stand twice, as value and as weight."""
    for prefix, word in (("value_", "nilai "), ("weight_", "bobot ")):
        if column.startswith(prefix):
            return word + LABELS.get(column.removeprefix(prefix), column)
    return TALLY_WORDS.get(column, column)


def _origins(said: Mapping[str, Any], zone: str) -> None:
    table(
        "Berkas asal",
        ("Muatan", "Sumber", "Periode", "Berkas", "Baris", "Dimuat", "sha256"),
        [
            (
                str(load["load_id"]), load["source"],
                load["period"] + ("" if load["part"] == "utama" else f" {load['part']}"),
                escape(load["file_name"]), number(load["accepted"]),
                moment(load["landed_at"], zone), load["sha256"][:12],
            )
            for load in said["loads"]
        ],
        right="0 4",
    )  # fmt: skip
    table(
        "Yang pernah tampil",
        ("Mulai", "Sampai", "Realisasi", "Target", "Capaian %", "Status"),
        [
            (
                moment(row["berlaku_dari"], zone),
                "kini" if row["berlaku_sampai"] is None else moment(row["berlaku_sampai"], zone),
                number(row["realisasi"]), number(row["target"]), number(row["capaian"]),
                row["status_kata"],
            )
            for row in said["history"]
        ],
        right="2 3 4",
    )  # fmt: skip
    run = said["run"]
    out.print(
        f"Dicatat {moment(run['recorded_at'], zone)} oleh {escape(run['who'])} "
        f"({escape(run['reason'])}), versi program {run['code_version']}."
    )


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
