"""Survey answers: what respondents think of a service of this office (IKU 3 and 4)."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pandera.pandas as pa

from schemas.source import Aggregate, Cadence, Column, FieldType, Kind, OtherLayout, Source
from schemas.terms import EDUCATIONS, OCCUPATIONS, SEXES, SURVEY_ELEMENTS


class SurveyAnswer(pa.DataFrameModel):
    """One row per filled-in form. An element that was not answered is empty (RULES 1.5)."""

    service: str
    unit: str = pa.Field(nullable=True)
    answered_on: pa.DateTime
    u1: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u2: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u3: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u4: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u5: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u6: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u7: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u8: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    u9: pd.Int64Dtype = pa.Field(nullable=True, ge=1, le=4)
    age: pd.Int64Dtype = pa.Field(nullable=True, ge=10, le=110)
    sex: str = pa.Field(nullable=True, isin=sorted(set(SEXES.values())))
    education: str = pa.Field(nullable=True, isin=sorted(set(EDUCATIONS.values())))
    occupation: str = pa.Field(nullable=True, isin=sorted(set(OCCUPATIONS.values())))
    origin: str = pa.Field(nullable=True)
    respondent: str = pa.Field(nullable=True)

    class Config:
        """Refuse what the contract does not name."""

        strict = True


def _element(number: int, *names: str, asks: tuple[str, ...], swapped: int | None = None) -> Column:
    """Return the column of an element, told by its text: printed forms swap U8 and U9."""
    numbers = [number] if swapped is None else [number, swapped]
    official = SURVEY_ELEMENTS[f"u{number}"]
    texts = [
        f"U{of}{mark} {name}"
        for of in numbers
        for mark in ("", ".", ":", " -")
        for name in (*names, official)
    ]
    headings = (*texts, f"U{number}", *names, official)
    return Column(f"u{number}", FieldType.ANSWER, headings, lenient=True, asks=asks)


NUMBERS = tuple(f"U{number}" for number in range(1, 10))
OTHER_LAYOUTS = (
    OtherLayout(
        "templat rekap SKM (No. Responden, Profil, Nilai Unsur)",
        marks=("Jenis Layanan", *NUMBERS),
        told=("U10",),
        lacks=("answered_on", "origin"),
    ),
    OtherLayout(
        "templat impor SKM (Tanggal, ID Loket)",
        marks=("Tanggal", "ID Loket", *NUMBERS),
        ignored=("ID Loket",),
        told=("U10",),
        lacks=("service", "origin"),
    ),
    OtherLayout(
        "ekspor formulir daring",
        marks=("Nama / Instansi",),
        ignored=("Email Address", "Score", "Skor"),
        lacks=("service", "answered_on", "origin"),
    ),
)
AGGREGATES = (
    Aggregate(
        "rekap SKM per unit",
        marks=("OPP", "NRR TERTIMBANG", "NILAI IKM"),
        wanted="jawaban setiap responden: satu baris untuk satu formulir, U1 sampai U9",
    ),
)


CARD = Source(
    code="survey_answer",
    title="Jawaban survei kepuasan masyarakat",
    kind=Kind.EVENTS,
    cadence=Cadence.QUARTERLY,
    due_days=15,
    key=(),
    columns=(
        Column(
            "service",
            FieldType.SURVEY_SERVICE,
            ("Layanan", "Jenis Layanan", "Nama Layanan", "Jenis layanan yang diterima"),
        ),
        Column("unit", FieldType.UNIT, ("Unit", "Unit Kerja", "Bidang"), required=False),
        Column(
            "answered_on",
            FieldType.DATE,
            ("Tanggal", "Tanggal Survei", "Tanggal Pengisian", "Cap waktu", "Timestamp"),
        ),
        _element(1, "Persyaratan", asks=("PERSYARATAN",)),
        _element(2, "Prosedur", "Sistem, Mekanisme dan Prosedur", asks=("PROSEDUR", "MEKANISME")),
        _element(3, "Waktu", "Waktu Pelayanan", asks=("WAKTU", "KECEPATAN")),
        _element(4, "Biaya", "Tarif", asks=("BIAYA", "TARIF")),
        _element(5, "Produk", "Produk Layanan", asks=("PRODUK",)),
        _element(6, "Kompetensi", asks=("KOMPETENSI", "KEMAMPUAN")),
        _element(7, "Perilaku", asks=("PERILAKU", "KESOPANAN", "KERAMAHAN")),
        _element(8, "Pengaduan", "Penanganan Pengaduan", asks=("PENGADUAN",), swapped=9),
        _element(9, "Sarana", "Sarana Prasarana", asks=("SARANA", "PRASARANA"), swapped=8),
        # What a respondent tells of himself is never copied out of the archive.
        Column("age", FieldType.INTEGER, ("Umur", "Usia"), personal=True, lenient=True),
        Column(
            "sex",
            FieldType.CHOICE,
            ("Jenis Kelamin",),
            personal=True,
            lenient=True,
            choices=SEXES,
        ),
        Column(
            "education",
            FieldType.CHOICE,
            ("Pendidikan", "Pendidikan Terakhir"),
            personal=True,
            lenient=True,
            choices=EDUCATIONS,
        ),
        Column(
            "occupation",
            FieldType.CHOICE,
            ("Pekerjaan",),
            personal=True,
            lenient=True,
            choices=OCCUPATIONS,
        ),
        Column(
            "origin",
            FieldType.AGENCY,
            ("Instansi Asal", "Asal Instansi", "Instansi"),
            personal=True,
            lenient=True,
        ),
        Column(
            "respondent",
            FieldType.PSEUDONYM,
            ("ID Responden",),
            required=False,
            personal=True,
            lenient=True,
        ),
    ),
    contract=SurveyAnswer,
    tolerated=Fraction(5, 100),
    has_parts=True,
    date_in_period="answered_on",
    last_of=("respondent", "service", "answered_on"),
    grouping="service",
    questions=tuple(SURVEY_ELEMENTS),
    # "No. Responden" numbers the forms; it does not tell who filled them in.
    ignored_headings=(
        "No. Responden",
        "No Responden",
        "Nama",
        "Nama Lengkap",
        "Nama Responden",
        "Nama / Instansi",
        "NIK",
        "No. KTP",
        "Alamat",
        "Alamat Rumah",
        "NIP",
        "No HP",
        "No. HP",
        "Nomor HP",
        "No. WA",
        "No. WhatsApp",
        "Nomor WhatsApp",
        "Nomor Telepon",
        "No. Telepon",
        "Telepon",
        "Email",
        "E-mail",
        "Alamat Email",
        "Keterangan",
        "Komentar",
        "Saran",
        "Saran/Masukan",
        "Saran dan Masukan",
        "Kritik dan Saran",
    ),
    is_streamed=True,
    given=("service", "answered_on"),
    other_layouts=OTHER_LAYOUTS,
    aggregates=AGGREGATES,
)
