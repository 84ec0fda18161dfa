"""The documents keep up with the code: words in the glossary, commands and due days in PANDUAN."""

import ast
import configparser
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from flows import cli
from flows.commands import landing
from schemas.rejections.catalogue import RULES
from schemas.source import Cadence
from schemas.sources import sources
from schemas.terms import SURVEY_ELEMENTS
from tests.listing import listed
from transforms import words
from transforms.iku import iku_01_agencies_graded_a_or_b_on_nspk as iku_01
from transforms.iku import iku_06_agencies_integrated_with_siasn as iku_06
from transforms.iku import iku_12_sakip_accountability_score as iku_12
from transforms.indicators import indicators
from transforms.rules import formulas, professionalism
from transforms.rules.budget_execution import ASPECTS, LABELS

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "GLOSSARY.md"
PANDUAN = ROOT / "docs" / "PANDUAN.md"
README = ROOT / "README.md"
MARTS = listed(ROOT / "sql" / "marts", "**/*.sql", at_least=31)
FLOWS = [
    path
    for path in listed(ROOT / "flows", "**/*.py", at_least=140)
    if "table(" in path.read_text("utf-8")
]
COMMANDS = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
COMMANDS |= {group.name for group in cli.app.registered_groups}
# Whoever looks after the machine runs these; the data officer does not.
NOT_FOR_THE_OFFICER = {
    "prepare",
    "deploy",
    "serve",
    "backup",
    "init",
    "metabase",
    "restore",
    "seed",
    "stop",
    "verify",
}
PERIODS = {
    Cadence.MONTHLY: "bulan",
    Cadence.QUARTERLY: "triwulan",
    Cadence.YEARLY: "tahun",
}
# Headings of the glossary.
WORDS = "Indonesian words"
WRITTEN = "Words that may be written in a cell"
RULE = "Rules by which something is refused"


def plain(word: str) -> str:
    """Return a word as it is compared: an underscore of the code is a space in speech."""
    return word.strip("`").casefold().replace("_", " ")


def section(document: Path, heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading of a document, as their cells."""
    text = document.read_text(encoding="utf-8")
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"{document.name} has no heading {heading!r}"
    lines = re.findall(r"(?m)^\|(.*)\|$", rest.partition("\n## ")[0])
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def explained(heading: str) -> list[str]:
    """Return the words that stand first in the rows of a table of the glossary."""
    return [plain(row[0]) for row in section(GLOSSARY, heading)]


def unexplained(words: Iterable[str], heading: str = WORDS) -> list[str]:
    """Return those of the words that the glossary does not explain."""
    return sorted({plain(word) for word in words} - set(explained(heading)))


def commands_in(document: Path) -> set[str]:
    """Return the commands of `iku` that a document shows, in a sentence or in a block of code."""
    text = document.read_text(encoding="utf-8")
    return set(re.findall(r"(?m)(?:^|`|\$ |bin/)iku ([a-z]+)", text))


def mart_columns(sql: str) -> set[str]:
    """Return the columns of a mart: each has a comment, or the marts' own test fails."""
    return set(re.findall(r"(?m)^COMMENT ON COLUMN mart\.\w+\.(\w+) IS", sql))


def mart_words(sql: str) -> set[str]:
    """Return the words that a mart puts in the place of a code."""
    return set(re.findall(r"\b(?:THEN|ELSE) '([^']+)'", sql))


def measuring_modules() -> list[Path]:
    """Return the modules of transforms that fill the components of measurements."""
    makes_one = re.compile(
        r"^from schemas\.card import (?:\([^)]*|.*)\bMeasurement\b", re.MULTILINE
    )
    return [
        path
        for path in listed(ROOT / "transforms", "**/*.py", at_least=30)
        if makes_one.search(path.read_text(encoding="utf-8"))
        and path.stem not in ("indicators", "evidence")  # they have no word of their own
    ]


def component_keys(path: Path) -> Iterator[str]:
    """Return the keys that the functions of a module write into components, nested ones too."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    for node in chain.from_iterable(map(ast.walk, functions)):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant))
        elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "components":
            yield ast.literal_eval(node.slice)


def table_words(path: Path) -> Iterator[str]:
    """Return the titles and headings of the tables that a module prints, as far as fixed."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "table":
            parts = [leaf for part in node.args[:2] for leaf in (part, *getattr(part, "elts", ()))]
            fixed = [leaf.value for leaf in parts if isinstance(leaf, ast.Constant)]
            yield from (word for word in fixed if word)


def template_headings() -> set[str]:
    """Return the headings of the templates, without the number of an element and the kind."""
    return {
        re.sub(r"^U\d | \((?:Nilai|Bobot)\)$", "", column.headings[0])
        for source in sources().values()
        for column in source.columns
    }


def written_words() -> set[str]:
    """Return the words that may be written in a cell; letters and numbers say nothing."""
    return {
        plain(written)
        for source in sources().values()
        for column in source.columns
        for written in column.choices
        if re.fullmatch(r"[^\d]{2,}", written)
    }


@pytest.mark.parametrize("heading", [WORDS, WRITTEN, RULE])
def test_glossary_is_sorted_and_says_each_word_once(heading):
    words = explained(heading)
    assert words == sorted(set(words))
    assert all(row[1] for row in section(GLOSSARY, heading))


@pytest.mark.parametrize("mart", MARTS, ids=lambda path: path.stem)
def test_columns_and_words_of_marts_are_explained(mart):
    sql = mart.read_text(encoding="utf-8")
    assert mart_columns(sql)
    assert not unexplained(mart_columns(sql) | mart_words(sql))


@pytest.mark.parametrize("module", measuring_modules(), ids=lambda path: path.stem)
def test_components_are_explained(module):
    assert not unexplained(component_keys(module))


def test_components_named_by_a_table_are_explained():
    names = [*professionalism.DIMENSIONS.values(), *iku_12.COMPONENTS.values(), *ASPECTS]
    assert not unexplained([*names, *iku_06.INTEGRATED, iku_01.NOT_ASSESSED, iku_01.NOT_KNOWN_YET])


def test_words_of_status_are_explained():
    words = [*formulas.STATUS_WORDS.values(), *formulas.MISSING_WORDS.values()]
    assert not unexplained([*words, *(name for _, name in formulas.ACHIEVEMENT.bands)])


def test_official_categories_are_explained():
    bands = [*formulas.IP_ASN.bands, *formulas.IKPA.bands]
    assert not unexplained([*(name for _, name in bands), *formulas.MUTU_LABELS.values()])
    assert not unexplained([*SURVEY_ELEMENTS.values(), *LABELS.values()])


def test_words_of_screens_are_explained():
    shown = [words.TALLY_WORDS, words.VALUE_WORDS, words.UNIT_WORDS]
    assert not unexplained(chain.from_iterable(mapping.values() for mapping in shown))
    assert not unexplained(landing.STATUS_WORDS.values())


@pytest.mark.parametrize("module", FLOWS, ids=lambda path: path.stem)
def test_titles_and_headings_of_tables_are_explained(module):
    assert not unexplained(table_words(module))


def test_headings_of_templates_are_explained():
    assert not unexplained(template_headings())


def test_what_indicators_count_is_explained():
    assert not unexplained(i.card.counted for i in indicators().values() if i.card.counted)


def test_words_of_cells_are_those_that_may_be_written():
    assert explained(WRITTEN) == sorted(written_words())


def test_rules_of_the_glossary_are_those_of_the_catalogue():
    assert explained(RULE) == sorted(plain(rule) for rule in RULES)


def test_an_unexplained_word_is_found():
    assert unexplained(["realisasi", "kata_yang_belum_ada"]) == ["kata yang belum ada"]
    sql = "COMMENT ON COLUMN mart.a.kata IS 'x';\nCOMMENT ON COLUMN mart.a.lain IS 'y';\n"
    assert mart_columns(sql) == {"kata", "lain"}


def test_readme_names_every_command():
    assert commands_in(README) == COMMANDS


def test_panduan_names_every_command_of_the_officer():
    assert NOT_FOR_THE_OFFICER <= COMMANDS
    assert commands_in(PANDUAN) == COMMANDS - NOT_FOR_THE_OFFICER


def test_panduan_says_when_each_source_is_due_and_what_it_feeds():
    told = {row[0].strip("`"): row[2:] for row in section(PANDUAN, "1. Letakkan berkas")}
    assert told.keys() == sources().keys()
    for code, (period, due, fed) in told.items():
        card = sources()[code]
        expected = "tanpa batas" if card.due_days is None else f"{card.due_days} hari"
        assert (period.split()[0], due) == (PERIODS[card.cadence], expected), code
        feeds = [i.card.number for i in indicators().values() if i.card.source == code]
        assert fed == (", ".join(map(str, feeds)) or "semua"), code


def test_panduan_explains_every_word_of_status():
    words = {*formulas.STATUS_WORDS.values(), *formulas.MISSING_WORDS.values()}
    words |= {name for _, name in formulas.ACHIEVEMENT.bands}
    assert {row[0] for row in section(PANDUAN, "5. Lihat hasilnya")} == words


PAGES = [README, ROOT / "CONTRIBUTING.md", *listed(ROOT / "docs", "*.md", at_least=9)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text)
    assert not [target for target in linked if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", [PAGES[1], ROOT / "docs" / "ARCHITECTURE.md"])
def test_paths_that_guide_a_newcomer_are_there(page):
    """A page that says where things are is wrong as soon as one of them has moved."""
    written = re.findall(r"`((?:[a-z_.]+/)+[\w.]*)`", page.read_text(encoding="utf-8"))
    bases = (ROOT, ROOT / "flows", ROOT / "transforms", ROOT / "tests")
    assert len(written) > 10
    assert not [path for path in written if not any((base / path).exists() for base in bases)]


def test_the_readme_is_a_door_and_not_a_house():
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 150
    assert [line.split()[:2] for line in lines[3:5]] == [["make", "run"], ["make", "test"]]


def test_the_units_of_the_runbook_shut_the_service_in():
    text = (ROOT / "docs" / "RUNBOOK.md").read_text(encoding="utf-8")
    units = {}
    for block in re.findall(r"```ini\n(.*?)```", text, re.DOTALL):
        unit = configparser.ConfigParser(strict=True, interpolation=None)
        unit.optionxform = str
        unit.read_string(block)
        units[block.split()[1]] = unit
    services = [unit["Service"] for unit in units.values() if "Service" in unit]
    assert len(services) == 2
    for service in services:
        assert service["UMask"] == "0077"
        assert service["ProtectSystem"] == "strict"
        assert service["ReadWritePaths"].startswith("/srv/iku/.iku")
        assert service["CapabilityBoundingSet"] == ""
        for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"):
            assert service[name] == "yes", name
