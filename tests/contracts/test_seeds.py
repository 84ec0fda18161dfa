"""The seed files of sql/seeds: headers, keys, references and the printed figures they must hold."""

import csv
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tests.listing import listed

SEEDS = Path(__file__).resolve().parents[2] / "sql" / "seeds"
OFFICE = "kanreg-06"
EVERY_OFFICE = "*"
IKU = [f"IKU.{number}" for number in range(1, 15)]
YEARS = range(2020, 2025)
TYPE_WORDS = {"provinsi": "Provinsi ", "kabupaten": "Kabupaten ", "kota": "Kota ", "pusat": ""}
PERIOD = ["valid_from", "valid_to"]

HEADERS = {
    "office": ["office", "name", "short_name", "time_zone", "satker_code", "ba_code", "kppn_code"],
    "agency": ["agency", "type", "name", "bps_code", "siasn_code", "siasn_id"],
    "office_agency": ["office", "agency"],
    "agency_alias": ["office", "agency", "alias"],
    "iku_name": ["office", "iku", "document", "name"],
    "perspective": ["perspective", "name", "position", "weight_pct"],
    "strategic_objective": ["objective", "name", "perspective"],
    "objective_iku": ["iku", "objective"],
    "unit": ["office", "unit", "name"],
    "unit_iku": ["office", "unit", "activity", "iku"],
    "activity": ["activity", "name", "program", "program_name"],
    "target": [
        "office",
        "iku",
        "document",
        "year",
        "quarter",
        "target",
        "unit",
        "reason",
        "source",
    ],
    "service": ["service", "name", "aliases"],
    "system": ["system", "name", "aliases", "in_iku_10"],
    "survey_service": ["office", "service", "name", "aliases", "kind", "unit"],
    "service_volume": ["office", "service", "year", "volume"],
    "budget": [
        "office",
        "year",
        "breakdown",
        "position",
        "group_name",
        "subgroup_name",
        "code",
        "item",
        "volume",
        "volume_unit",
        "amount_idr",
        "source",
    ],
}

KEYS = {
    "office": ["office"],
    "agency": ["agency"],
    "office_agency": ["office", "agency"],
    "agency_alias": ["office", "agency", "alias"],
    "iku_name": ["office", "iku", "document"],
    "perspective": ["perspective"],
    "strategic_objective": ["objective"],
    "objective_iku": ["iku"],
    "unit": ["office", "unit"],
    "unit_iku": ["office", "unit", "activity", "iku"],
    "activity": ["activity"],
    "target": ["office", "iku", "document", "year", "quarter"],
    "service": ["service"],
    "system": ["system"],
    "survey_service": ["office", "service"],
    "service_volume": ["office", "service", "year"],
    "budget": ["office", "year", "breakdown", "position"],
}

# Columns that may be empty; every other cell is filled.
MAY_BE_EMPTY = {
    ("office", "satker_code"),
    ("office", "kppn_code"),
    ("agency", "bps_code"),
    ("agency", "siasn_code"),
    ("agency", "siasn_id"),
    ("target", "quarter"),
    ("target", "reason"),
    ("service", "aliases"),
    ("system", "aliases"),
    ("survey_service", "aliases"),
    ("budget", "subgroup_name"),
    ("budget", "code"),
    ("budget", "volume"),
    ("budget", "volume_unit"),
}

# (file, columns) whose values stand in (file, columns).
REFERENCES = [
    ("office_agency", ["office"], "office", ["office"]),
    ("office_agency", ["agency"], "agency", ["agency"]),
    ("agency_alias", ["agency"], "agency", ["agency"]),
    ("iku_name", ["office"], "office", ["office"]),
    ("iku_name", ["iku"], "objective_iku", ["iku"]),
    ("strategic_objective", ["perspective"], "perspective", ["perspective"]),
    ("objective_iku", ["objective"], "strategic_objective", ["objective"]),
    ("unit", ["office"], "office", ["office"]),
    ("unit_iku", ["office", "unit"], "unit", ["office", "unit"]),
    ("unit_iku", ["activity"], "activity", ["activity"]),
    ("unit_iku", ["iku"], "objective_iku", ["iku"]),
    ("target", ["office"], "office", ["office"]),
    ("budget", ["office"], "office", ["office"]),
    ("target", ["iku"], "objective_iku", ["iku"]),
    ("survey_service", ["office", "unit"], "unit", ["office", "unit"]),
    ("service_volume", ["office", "service"], "survey_service", ["office", "service"]),
]

# Renja 2024, tables 1-14 (column TARGET): the pk target of 2020, 2021, 2022, 2023 and 2024.
PK_TARGETS = {
    "IKU.1": ("5", "25", "50", "60", "100"),
    "IKU.2": ("85", "87", "100", "100", "100"),
    "IKU.3": ("80", "85", "87", "93", "95"),
    "IKU.4": ("90", "91", "92", "96", "99"),
    "IKU.5": ("100", "100", "100", "100", "100"),
    "IKU.6": ("40", "60", "75", "100", "100"),
    "IKU.7": ("70", "75", "80", "85", "91"),
    "IKU.8": ("50", "55", "85", "88", "100"),
    "IKU.9": ("77", "77", "80", "81", "89"),
    "IKU.10": ("3", "3.2", "100", "100", "100"),
    "IKU.11": ("80", "82", "84", "86", "86"),
    "IKU.12": ("65", "70", "75", "80", "70"),
    "IKU.13": ("98", "98", "98", "98", "95"),
    "IKU.14": ("100", "100", "100", "100", "100"),
}

# Renja 2024, tables 15-28: the Renstra and the Renja target of 2024.
TARGETS_2024 = {
    "IKU.1": ("70", "100"),
    "IKU.2": ("95", "100"),
    "IKU.3": ("95", "95"),
    "IKU.4": ("95", "99"),
    "IKU.5": ("100", "100"),
    "IKU.6": ("95", "100"),
    "IKU.7": ("90", "91"),
    "IKU.8": ("70", "100"),
    "IKU.9": ("80", "89"),
    "IKU.10": ("80", "100"),
    "IKU.11": ("90", "86"),
    "IKU.12": ("85", "70"),
    "IKU.13": ("98", "95"),
    "IKU.14": ("100", "100"),
}

UNITS = {
    **dict.fromkeys(("IKU.3", "IKU.4", "IKU.9", "IKU.11"), "index"),
    **dict.fromkeys(("IKU.12", "IKU.13"), "score"),
}

# Renja 2024, Lampiran 3.
UNIT_MATRIX = {
    ("TU", "4842"): {"IKU.9"},
    ("TU", "4843"): {"IKU.10", "IKU.11", "IKU.12", "IKU.13", "IKU.14"},
    ("TU", "4848"): {"IKU.5"},
    ("MUTASI", "4846"): {"IKU.4"},
    ("PP", "4846"): {"IKU.4"},
    ("PSK", "4846"): {"IKU.4"},
    ("PSK", "4848"): {"IKU.1", "IKU.2", "IKU.3", "IKU.8"},
    ("INKA", "4846"): {"IKU.4", "IKU.7"},
    ("INKA", "4847"): {"IKU.6"},
}

DOCUMENTS = {"pk-2024", "renja-2024-bab-3", "renja-2024-bab-4", "renja-2024-lampiran-3"}


@cache
def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one seed file as dicts of text."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def pick(row: dict[str, str], columns: list[str]) -> tuple[str, ...]:
    """Return the cells of `columns`, in that order."""
    return tuple(row[column] for column in columns)


def in_force(name: str, day: str) -> list[dict[str, str]]:
    """Return the rows valid on an ISO day; ISO text compares like dates."""
    return [r for r in rows(name) if r["valid_from"] <= day <= (r["valid_to"] or "9999-12-31")]


def normalised(text: str) -> str:
    """Return upper case letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def bare(agency: dict[str, str]) -> str:
    """Return an agency's normalised name without its type word."""
    return normalised(agency["name"].removeprefix(TYPE_WORDS[agency["type"]]))


def own_agencies() -> list[dict[str, str]]:
    """Return the agencies of the office."""
    members = {row["agency"] for row in rows("office_agency") if row["office"] == OFFICE}
    return [row for row in rows("agency") if row["agency"] in members]


def spellings(row: dict[str, str]) -> list[str]:
    """Return the normalised name and aliases of a service or system."""
    aliases = row["aliases"].split("|") if row["aliases"] else []
    return [normalised(text) for text in (row["name"], *aliases)]


def test_the_folder_holds_these_files_only() -> None:
    assert {path.stem for path in listed(SEEDS, "*.csv", at_least=17)} == set(HEADERS)


@pytest.mark.parametrize("name", HEADERS)
def test_header_is_exact(name: str) -> None:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        table = list(csv.reader(lines))
    assert table[0] == HEADERS[name] + PERIOD
    assert {len(line) for line in table} == {len(table[0])}


@pytest.mark.parametrize("name", HEADERS)
def test_cells_are_trimmed_and_filled(name: str) -> None:
    for row in rows(name):
        for column, cell in row.items():
            assert cell == cell.strip(), (row, column)
            assert cell or column == "valid_to" or (name, column) in MAY_BE_EMPTY, (row, column)


@pytest.mark.parametrize("name", HEADERS)
def test_periods_are_dates_in_order(name: str) -> None:
    for row in rows(name):
        start = date.fromisoformat(row["valid_from"])
        assert not row["valid_to"] or date.fromisoformat(row["valid_to"]) >= start, row


@pytest.mark.parametrize("name", HEADERS)
def test_keys_are_unique(name: str) -> None:
    keys = Counter(pick(row, [*KEYS[name], "valid_from"]) for row in rows(name))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize(("name", "columns", "parent", "parent_columns"), REFERENCES)
def test_references_exist(
    name: str, columns: list[str], parent: str, parent_columns: list[str]
) -> None:
    known = {pick(row, parent_columns) for row in rows(parent)}
    assert [row for row in rows(name) if pick(row, columns) not in known] == []


def test_alias_offices_exist() -> None:
    offices = {row["office"] for row in rows("office")} | {EVERY_OFFICE}
    assert {row["office"] for row in rows("agency_alias")} <= offices


def test_vector_I3() -> None:
    """34 agencies = 1 province + 25 kabupaten + 8 kota, codes unique in each number system."""
    own = own_agencies()
    assert Counter(row["type"] for row in own) == {"provinsi": 1, "kabupaten": 25, "kota": 8}
    for column in ("agency", "bps_code", "siasn_code", "siasn_id"):
        assert len({row[column] for row in own} - {""}) == 34, column


def test_membership_holds_on_every_year_end() -> None:
    for year in YEARS:
        memberships = in_force("office_agency", f"{year}-12-31")
        members = [row["agency"] for row in memberships if row["office"] == OFFICE]
        agencies = {row["agency"] for row in in_force("agency", f"{year}-12-31")}
        assert len(members) == 34
        assert set(members) <= agencies


def test_agency_codes_are_text_of_their_type() -> None:
    patterns = {"provinsi": r"\d{2}", "pusat": r"P\.[A-Z0-9-]+"}
    for row in rows("agency"):
        assert row["type"] in TYPE_WORDS
        assert re.fullmatch(patterns.get(row["type"], r"\d{2}\.\d{2}"), row["agency"]), row
        if row["type"] != "pusat":
            assert re.fullmatch(r"\d{2}(\.\d{2})?", row["agency"]), row


def test_codes_of_other_systems_have_their_width() -> None:
    """A code read as a number loses its zeros: 12.10 would become 12.1."""
    assert {"12.10", "12.20", "11.10", "14.10"} <= {row["agency"] for row in rows("agency")}
    for row in own_agencies():
        assert re.fullmatch(r"\d{4}", row["bps_code"]), row
        assert re.fullmatch(r"52\d{2}", row["siasn_code"]), row
        assert re.fullmatch(r"[0-9A-F]{32}", row["siasn_id"]), row


def test_agency_names_begin_with_their_type() -> None:
    for row in rows("agency"):
        assert row["name"].startswith(TYPE_WORDS[row["type"]]), row


def test_agencies_of_a_region_have_their_province() -> None:
    provinces = {row["agency"] for row in rows("agency") if row["type"] == "provinsi"}
    assert len(provinces) == 38
    regions = [row["agency"] for row in rows("agency") if row["type"] in ("kabupaten", "kota")]
    assert {"11", "12", "14"} <= {code[:2] for code in regions}
    assert {code[:2] for code in regions} <= provinces


def test_agency_spellings_are_unambiguous() -> None:
    """One spelling means one agency of a type, for every office; a name is not its own alias."""
    agencies = {row["agency"]: row for row in rows("agency")}
    offices = [row["office"] for row in rows("office")]
    for office in offices:
        meaning = Counter((row["type"], bare(row)) for row in agencies.values())
        for row in rows("agency_alias"):
            if row["office"] in (EVERY_OFFICE, office):
                meaning[agencies[row["agency"]]["type"], normalised(row["alias"])] += 1
        assert [spelling for spelling, count in meaning.items() if count > 1] == []


def test_aliases_are_bare_names() -> None:
    """An alias that begins with a type word could never be looked up."""
    for row in rows("agency_alias"):
        first = re.split(r"[^A-Z0-9]+", row["alias"].upper())[0]
        assert first not in {"KABUPATEN", "KAB", "KOTA", "PROVINSI", "PROPINSI", "PROV"}, row
        assert normalised(row["alias"]), row


@pytest.mark.parametrize(
    ("alias", "agency"),
    [
        ("Toba Samosir", "12.12"),
        ("Padang Sidempuan", "12.77"),
        ("Siantar", "12.72"),
        ("Phakpak Bharat", "12.15"),
        ("Sergai", "12.18"),
        ("Madina", "12.13"),
        ("Humbahas", "12.16"),
        ("Palas", "12.21"),
        ("Paluta", "12.20"),
        ("Labura", "12.23"),
        ("Labusel", "12.22"),
        ("Sumut", "12"),
        ("Sumatra Utara", "12"),
        ("Kemenag", "P.KEMENAG"),
        ("BPS", "P.BPS"),
    ],
)
def test_alias_leads_to_agency(alias: str, agency: str) -> None:
    assert [row["agency"] for row in rows("agency_alias") if row["alias"] == alias] == [agency]


def test_office_is_served_in_its_time_zone() -> None:
    office = {row["office"]: row for row in rows("office")}[OFFICE]
    assert office["time_zone"] == "Asia/Jakarta"
    assert office["ba_code"] == "088"
    assert re.fullmatch(r"(\d{6})?", office["satker_code"])
    assert re.fullmatch(r"(\d{3})?", office["kppn_code"])


def test_targets_are_the_printed_ones() -> None:
    expected = {
        (iku, "pk", str(year)): target
        for iku, targets in PK_TARGETS.items()
        for year, target in zip(YEARS, targets, strict=True)
    }
    for iku, (renstra, renja) in TARGETS_2024.items():
        expected[iku, "renstra", "2024"] = renstra
        expected[iku, "renja", "2024"] = renja
    found = {
        (row["iku"], row["document"], row["year"]): row["target"]
        for row in rows("target")
        if row["office"] == OFFICE and not row["quarter"] and int(row["year"]) in YEARS
    }
    assert found == expected


def test_target_units() -> None:
    """IKU 10 was a scale until 2021, so its target and realisation do not compare there."""
    for row in rows("target"):
        unit = UNITS.get(row["iku"], "percent")
        if row["iku"] == "IKU.10" and int(row["year"]) < 2022:
            unit = "scale"
        assert row["unit"] == unit, row


def test_target_rows_are_valid_from_their_year() -> None:
    for row in rows("target"):
        assert row["document"] in {"pk", "renja", "renstra"}
        assert row["quarter"] in {"", "1", "2", "3", "4"}
        assert re.fullmatch(r"\d+(\.\d+)?", row["target"]), row
        assert row["valid_from"][:4] == row["year"], row


def test_targets_of_2024_have_reasons() -> None:
    """The word of the reason agrees with the move from Renstra to Renja."""
    for row in rows("target"):
        if (row["office"], row["year"]) != (OFFICE, "2024") or row["document"] == "renstra":
            continue
        change = int(row["target"]) - int(TARGETS_2024[row["iku"]][0])
        word = "dinaikkan: " if change > 0 else "diturunkan: " if change < 0 else "tetap: "
        assert row["reason"].startswith(word), row


def test_every_iku_has_one_objective_and_a_unit() -> None:
    for year in YEARS:
        linked = in_force("objective_iku", f"{year}-12-31")
        assert sorted(row["iku"] for row in linked) == sorted(IKU)
    assert {row["iku"] for row in rows("unit_iku") if row["office"] == OFFICE} == set(IKU)


def test_perspectives_weigh_hundred_and_hold_objectives() -> None:
    perspectives = rows("perspective")
    assert [row["position"] for row in perspectives] == ["1", "2", "3", "4"]
    assert [row["weight_pct"] for row in perspectives] == ["25"] * 4
    objectives = rows("strategic_objective")
    assert [row["objective"] for row in objectives] == [f"SS.{n}" for n in range(1, 8)]
    assert {row["perspective"] for row in objectives} == {r["perspective"] for r in perspectives}
    assert {row["objective"] for row in rows("objective_iku")} == {
        row["objective"] for row in objectives
    }


def test_unit_matrix_is_lampiran_3() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for row in (row for row in rows("unit_iku") if row["office"] == OFFICE):
        found.setdefault((row["unit"], row["activity"]), set()).add(row["iku"])
    assert found == UNIT_MATRIX


def test_programs_of_the_activities() -> None:
    programs = {row["activity"]: row["program"] for row in rows("activity")}
    assert programs == {"4842": "WA", "4843": "WA", "4846": "CO", "4847": "CO", "4848": "CO"}


def test_every_iku_is_named_in_every_document() -> None:
    found = {(row["iku"], row["document"]) for row in rows("iku_name") if row["office"] == OFFICE}
    assert found == {(iku, document) for iku in IKU for document in DOCUMENTS}


@pytest.mark.parametrize("year", YEARS)
def test_twelve_services_and_fifteen_systems(year: int) -> None:
    """IKU 7 divides by 12 and IKU 10 by 15; any other count refuses the computation."""
    services = in_force("service", f"{year}-12-31")
    systems = [row for row in in_force("system", f"{year}-12-31") if row["in_iku_10"] == "true"]
    assert len(services) == 12
    assert len(systems) == 15


def test_in_iku_10_is_true_or_false() -> None:
    assert {row["in_iku_10"] for row in rows("system")} == {"true", "false"}


@pytest.mark.parametrize("name", ["service", "system", "survey_service"])
def test_service_spellings_are_unambiguous(name: str) -> None:
    meaning = Counter(
        (row.get("office", EVERY_OFFICE), text) for row in rows(name) for text in spellings(row)
    )
    assert [spelling for spelling, count in meaning.items() if count > 1] == []
    assert not [row for row in rows(name) if "" in spellings(row)]


def test_survey_kinds_are_valid() -> None:
    kinds = {row["kind"] for row in rows("survey_service")}
    assert kinds == {"pembinaan", "layanan_kepegawaian"}


def test_survey_services_belong_to_the_units_of_their_iku() -> None:
    """IKU 3 is measured on pembinaan and IKU 4 on layanan_kepegawaian."""
    for kind, iku in (("pembinaan", "IKU.3"), ("layanan_kepegawaian", "IKU.4")):
        asked = {pick(r, ["office", "unit"]) for r in rows("survey_service") if r["kind"] == kind}
        owners = {pick(r, ["office", "unit"]) for r in rows("unit_iku") if r["iku"] == iku}
        assert asked == owners


def test_every_service_can_be_surveyed() -> None:
    asked = {text for row in rows("survey_service") for text in spellings(row)}
    assert [row["name"] for row in rows("service") if normalised(row["name"]) not in asked] == []


def test_service_volumes_are_counts() -> None:
    for row in rows("service_volume"):
        assert re.fullmatch(r"\d{4}", row["year"]), row
        assert re.fullmatch(r"[1-9]\d*", row["volume"]), row
