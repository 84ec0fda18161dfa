"""Names -> codes: by exact alias, with the type that is given, or not at all."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rejections.catalogue import RULES
from schemas.source import Column, FieldType
from schemas.sources import sources
from transforms.files.conform import (
    Names,
    agency_aliases,
    agency_code,
    code_aliases,
    conform_columns,
    iku_code,
    named_code,
    normalised,
    split_agency_name,
)
from transforms.files.parse import Unreadable

SEEDS = Path(__file__).parents[2] / "sql" / "seeds"
TYPE_WORDS = {
    "provinsi": [
        "Provinsi",
        "Prov.",
        "PEMPROV",
        "Pemerintah Provinsi",
        "Pemerintah Daerah Propinsi",
    ],
    "kabupaten": ["Kabupaten", "Kab.", "PEMKAB", "Pemerintah Kabupaten", "Pemda Kab"],
    "kota": ["Kota", "Pemko", "PEMKOT", "Pemerintah Kota"],
    "pusat": [""],
}


def seed(name):
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def coded(name, key):
    return [
        {"code": row[key], "name": row["name"], "aliases": row.get("aliases", "")}
        for row in seed(name)
    ]


AGENCIES = agency_aliases(seed("agency"), seed("agency_alias"))
NAMES = Names(
    agencies=AGENCIES,
    services=code_aliases(coded("service", "service")),
    systems=code_aliases(coded("system", "system")),
    survey_services=code_aliases(coded("survey_service", "service")),
    units=code_aliases(coded("unit", "unit")),
    ikus=frozenset(f"IKU.{number}" for number in range(1, 15)),
)


def agency(name):
    return agency_code(name, AGENCIES)


def refused(look_up, name):
    with pytest.raises(Unreadable) as caught:
        look_up(name)
    return caught.value.rule


def test_vector_I1():
    assert agency("Kab. Toba Samosir") == "12.12"
    assert agency("KOTA PADANG SIDEMPUAN") == "12.77"
    assert agency("Pemkab Labuhan Batu") == "12.10"


def test_vector_I2():
    assert agency("Nias") == "12.04"
    assert agency("Nias Barat") == "12.25"
    assert agency("Padang Lawas Utara") == "12.20"


def test_vector_I4():
    assert agency("Pemkot Medan") == "12.71"
    assert agency("Kab Karo") == "12.06"
    assert agency("PROV SUMATERA UTARA") == "12"
    assert refused(agency, "Kota Karo") == "jenis_instansi_tidak_cocok"


@pytest.mark.parametrize(
    ("name", "bare", "type_"),
    [
        ("Kabupaten Karo", "KARO", "kabupaten"),
        ("PEMERINTAH DAERAH KABUPATEN KAB. KARO", "KARO", "kabupaten"),
        ("Pemko Kota Medan", "MEDAN", "kota"),
        ("Kab. Kota Baru", "KOTABARU", "kabupaten"),
        ("Kabupaten Lima Puluh Kota", "LIMAPULUHKOTA", "kabupaten"),
        ("Lima Puluh Kota", "LIMAPULUHKOTA", None),
        ("Kotawaringin Barat", "KOTAWARINGINBARAT", None),
        ("Batu-Bara", "BATUBARA", None),
        ("Pemerintah", "", None),
        ("Kota", "", "kota"),
        ("", "", None),
    ],
)
def test_a_name_is_split_from_its_type_at_the_start_only(name, bare, type_):
    assert split_agency_name(name) == (bare, type_)


def test_every_agency_is_found_by_each_way_of_writing_its_type():
    for row in seed("agency"):
        bare = row["name"].removeprefix(f"{row['type'].capitalize()} ")
        for word in TYPE_WORDS[row["type"]]:
            assert agency(f"{word} {bare}") == row["agency"]
            assert agency(f" {word.upper()}  {bare.upper()} ") == row["agency"]
        assert agency(row["name"]) == row["agency"]
        assert agency(row["agency"]) == row["agency"]


def test_every_alias_is_found_after_its_type_and_alone():
    types = {row["agency"]: row["type"] for row in seed("agency")}
    for row in seed("agency_alias"):
        for word in TYPE_WORDS[types[row["agency"]]]:
            assert agency(f"{word} {row['alias']}") == row["agency"]
        bearers = AGENCIES.of[normalised(row["alias"]).removeprefix("DAERAH")]
        if len(bearers) == 1:
            assert agency(row["alias"]) == row["agency"]


def test_no_name_is_guessed():
    for name in (
        "Toba Samosir Baru",
        "Nias Timur",
        "Medann",
        "Kab. Labuhan",
        "1201",
        "12.1",
        "",
        "--",
    ):
        assert refused(agency, name) == "instansi_tidak_dikenal"


def test_a_code_is_text():
    assert agency("12.10") == agency("'12.10") == "12.10"
    assert agency("12") == "12"
    assert agency("p.bkn") == "P.BKN"


def test_a_name_of_two_agencies_needs_its_type():
    aliases = agency_aliases(
        [
            {"agency": "32.04", "type": "kabupaten", "name": "Kabupaten Bandung"},
            {"agency": "32.73", "type": "kota", "name": "Kota Bandung"},
        ],
        [],
    )
    assert agency_code("Kab. Bandung", aliases) == "32.04"
    assert agency_code("Pemkot Bandung", aliases) == "32.73"
    with pytest.raises(Unreadable) as caught:
        agency_code("Bandung", aliases)
    assert caught.value.rule == "nama_instansi_ganda"
    assert caught.value.detail == "kabupaten (32.04), kota (32.73)"
    assert refused(lambda name: agency_code(name, aliases), "Prov Bandung") == (
        "jenis_instansi_tidak_cocok"
    )


def test_one_alias_of_two_agencies_of_a_type_is_refused():
    rows = [
        {"agency": "1", "type": "kota", "name": "Kota A"},
        {"agency": "2", "type": "kota", "name": "Kota B"},
    ]
    aliases = agency_aliases(rows, [{"agency": number, "alias": "Sama"} for number in "12"])
    assert refused(lambda name: agency_code(name, aliases), "Kota Sama") == "nama_instansi_ganda"


def test_an_alias_of_an_agency_that_is_not_in_force_is_no_name():
    aliases = agency_aliases([], [{"agency": "12.12", "alias": "Toba Samosir"}])
    assert (
        refused(lambda name: agency_code(name, aliases), "Toba Samosir") == "instansi_tidak_dikenal"
    )


def test_capital_and_special_regions_are_found_with_and_without_daerah():
    for name in ("Daerah Istimewa Yogyakarta", "Provinsi D.I. Yogyakarta", "Pemerintah DIY"):
        assert agency(name) == "34"
    for name in ("Pemprov DKI Jakarta", "Pemerintah Provinsi Daerah Khusus Jakarta", "DKI"):
        assert agency(name) == "31"


def test_a_service_is_found_by_name_alias_or_code():
    for name in ("Kartu Istri/Kartu Suami", "karis / karsu", "L05", "KARTU ISTRI KARTU SUAMI"):
        assert named_code(name, NAMES.services, "layanan_tidak_dikenal") == "L05"
    assert named_code("e-Kinerja", NAMES.systems, "sistem_tidak_dikenal") == "S03"
    assert named_code("E KINERJA", NAMES.systems, "sistem_tidak_dikenal") == "S03"
    assert named_code("Bagian Tata Usaha", NAMES.units, "unit_tidak_dikenal") == "TU"


def test_a_name_of_two_services_is_refused():
    aliases = code_aliases(
        [
            {"code": "A", "name": "Layanan A", "aliases": "Sama|"},
            {"code": "B", "name": "Layanan B", "aliases": "sama"},
        ]
    )
    with pytest.raises(Unreadable) as caught:
        named_code("SAMA", aliases, "layanan_tidak_dikenal")
    assert (caught.value.rule, caught.value.detail) == ("nama_ganda", "A, B")
    assert refused(lambda name: named_code(name, aliases, "layanan_tidak_dikenal"), "") == (
        "layanan_tidak_dikenal"
    )


def test_the_seeds_give_no_name_to_two():
    for aliases in (NAMES.services, NAMES.systems, NAMES.survey_services, NAMES.units):
        assert all(len(codes) == 1 for codes in aliases.values())


def test_an_iku_is_found_by_its_number():
    for name in ("IKU.7", "iku 7", "IKU-07", "7", "IKU7"):
        assert iku_code(name, NAMES.ikus) == "IKU.7"
    for name in ("IKU.15", "0", "IKU", "IKK.7", "7.1", ""):
        assert refused(lambda name: iku_code(name, NAMES.ikus), name) == "iku_tidak_dikenal"


def frame(**columns):
    return pd.DataFrame({name: pd.array(cells, dtype="str") for name, cells in columns.items()})


def test_columns_of_names_become_codes_and_others_stay():
    source = sources()["survey_answer"]
    columns = [source.column(name) for name in ("service", "unit", "origin", "sex")]
    typed = frame(
        service=["Konsultasi", "Layanan Baru", "SV01"],
        unit=["TU", None, "Bidang X"],
        origin=["Kab. Karo", "Kantor Saya", None],
        sex=["L", "P", None],
    )
    typed.index = pd.Index([3, 5, 6])
    conformed, failures = conform_columns(typed, columns, NAMES)
    assert conformed["service"].dropna().tolist() == ["SV09", "SV01"]
    assert conformed["unit"].dropna().tolist() == ["TU"]
    assert conformed["origin"].dropna().tolist() == ["12.06"]
    assert conformed["sex"].equals(typed["sex"])
    assert list(conformed.columns) == list(typed.columns)
    assert set(map(str, conformed.dtypes)) == {"str"}
    assert failures[["index", "column", "rule", "value"]].values.tolist() == [
        [5, "service", "layanan_tidak_dikenal", "Layanan Baru"],
        [5, "origin", "instansi_tidak_dikenal", None],  # what a respondent wrote is personal
        [6, "unit", "unit_tidak_dikenal", "Bidang X"],
    ]


def test_each_type_of_name_has_its_list():
    columns = [
        Column(type_.value, type_, ("X",))
        for type_ in (
            FieldType.AGENCY,
            FieldType.SERVICE,
            FieldType.SYSTEM,
            FieldType.SURVEY_SERVICE,
            FieldType.UNIT,
            FieldType.IKU,
        )
    ]
    good = frame(
        agency=["12.71"], service=["CLTN"], system=["SPEKTRA"], survey_service=["KEDAN"],
        unit=["INKA"], iku=["3"],
    )  # fmt: skip
    conformed, failures = conform_columns(good, columns, NAMES)
    assert conformed.iloc[0].tolist() == ["12.71", "L12", "S04", "SV09", "INKA", "IKU.3"]
    assert len(failures) == 0
    nothing = frame(**{column.name: ["tidak ada"] for column in columns})
    conformed, failures = conform_columns(nothing, columns, NAMES)
    assert conformed.isna().all(axis=None)
    assert len(failures) == len(columns)
    assert set(failures["rule"]) <= set(RULES)


def test_a_frame_without_rows_stays_one():
    source = sources()["agency_nspk"]
    empty = frame(agency=[], letter=[])
    conformed, failures = conform_columns(empty, source.columns[:2], NAMES)
    assert conformed.equals(empty)
    assert len(failures) == 0


@given(st.text())
def test_any_name_has_a_code_or_a_rule(name):
    for look_up in (
        agency,
        lambda name: named_code(name, NAMES.services, "layanan_tidak_dikenal"),
        lambda name: iku_code(name, NAMES.ikus),
    ):
        try:
            assert isinstance(look_up(name), str)
        except Unreadable as error:
            refused_by = error.rule
            assert refused_by in RULES
