"""Whatever cites the rule book finds its rule there, and every rule names its law."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.listing import listed

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "docs" / "RULES.md"
TEXT = BOOK.read_text(encoding="utf-8")

# Migrations are never edited, so they may go on citing by the older names of the book.
CITING = [
    path
    for folder, at_least in (
        ("flows", 140),
        ("transforms", 30),
        ("schemas", 19),
        ("sql", 120),
        ("tests", 200),
        ("docs", 8),
    )
    for path in listed(ROOT / folder, "**/*", at_least=at_least)
    if path.suffix in {".md", ".py", ".sql", ".toml", ".yml"}
    and path != BOOK
    and "migrations" not in path.parts
] + [ROOT / "README.md"]

# 6.3, 0.1.2, 10-Q25a, or a vector: S8.
NUMBER = r"(?:10-Q\d+a?|\d+(?:\.\d+)*|[A-Z]\d+[a-z]?)(?![\w-]|[.,]\d)"
# "RULES 3.10 a dan 11, K1": the numbers that follow the name, as far as they are one list; a
# letter or a remark in brackets may stand behind each.
CITATION = re.compile(
    rf"RULES(?:\s+|\s*\n\s*(?:#|--)\s*)"
    rf"(?P<list>{NUMBER}(?:(?: [a-c]| \([^)]*\))?(?:,| and| dan) {NUMBER})*)"
)
VECTOR = r"[A-Z]\d+[a-z]?"
LAW = re.compile(
    r"no published source"
    r"|(?:Permen ?PANRB|Peraturan B\w+|Perpres|Kepmendagri|KMK|PER-\d+/PB|SE|Surat)\b.*/\d{4}",
    re.DOTALL,
)
# The rules, by their numbers; those of section 0 are of arithmetic and periods, and need no law.
RULES = dict(re.findall(r"(?ms)^### (\d+\.\d+) (.*?)(?=^#{2,3} |\Z)", TEXT))
WITH_LAW = [number for number in RULES if not number.startswith("0.")]
# The acceptance vectors, each with "*later*" where nothing shows it yet.
VECTORS = re.findall(
    rf"(?m)^\| ({VECTOR})( \*later\*)? \|", TEXT.partition("\n## 11. ")[2].partition("\n## ")[0]
)


def defined() -> set[str]:
    """Return every number that the book gives: by a heading, or first in the row of a table."""
    headings = re.findall(r"(?m)^#{2,4} (\d+(?:\.\d+)*)\.? ", TEXT)
    rows = re.findall(r"(?m)^\| (8\.8\.\d+|10-Q\d+a?) \|", TEXT)
    rows += [vector for vector, _ in VECTORS]
    assert len(headings) + len(rows) == len({*headings, *rows}), "a number is given twice"
    return {*headings, *rows}


def cited(text: str) -> Iterator[str]:
    """Return the numbers of rules and questions that a text cites, each as often as it does."""
    for citation in CITATION.finditer(text):
        yield from re.findall(NUMBER, re.sub(r"\([^)]*\)", "", citation["list"]))
    yield from re.findall(r"\b10-Q\d+a?", CITATION.sub("", text))


def vectors_shown() -> list[str]:
    """Return the acceptance vectors that tests and golden cases say they show."""
    named = rf"test_vector_({VECTOR})\b|(?:vektor|vectors?) ((?:{VECTOR}(?:, | and | dan )?)+)"
    return [
        vector
        for path in listed(ROOT / "tests", "**/*", at_least=200)
        if path.suffix in {".py", ".yml"} and path != Path(__file__)
        for found in re.findall(named, path.read_text(encoding="utf-8"))
        for vector in re.findall(VECTOR, " ".join(found))
    ]


def test_every_number_that_is_cited_is_in_the_book():
    found = [
        (number, path.relative_to(ROOT))
        for path in CITING
        for number in cited(path.read_text(encoding="utf-8"))
    ]
    assert len(found) >= 250
    known = defined()
    assert not [(number, path) for number, path in found if number not in known]


def test_nothing_cites_a_book_that_is_not_here():
    elsewhere = re.compile(r"\b(?:DOMAIN|DESIGN) \d")
    assert not [path for path in CITING if elsewhere.search(path.read_text(encoding="utf-8"))]


def test_vectors_shown_are_those_of_the_book():
    shown = vectors_shown()
    assert len(shown) >= 60
    assert set(shown) <= {vector for vector, _ in VECTORS}
    assert set(shown) >= {vector for vector, later in VECTORS if not later}


@pytest.mark.parametrize("number", WITH_LAW)
def test_every_rule_says_its_law_its_years_and_how_sure_it_is(number):
    notes = re.search(r"(?s)\*Law\*:\s(.*)\*Years\*:\s(.+)\*Sure\*:\s(.+)", RULES[number])
    assert notes
    assert LAW.search(notes[1])


def test_no_rule_of_the_book_is_left_out():
    assert {number.split(".")[0] for number in WITH_LAW} == {*"123456789", "13"}
    assert len(RULES) == 79


def test_an_older_rule_points_to_the_later_one_that_leads():
    pairs = [
        (older, later)
        for later, text in RULES.items()
        if later.startswith("13.")
        for older in re.findall(r"\d+\.\d+", text.rpartition("Over ")[2])
    ]
    assert len(pairs) >= 30
    assert not [
        (older, later)
        for older, later in pairs
        if not re.search(rf"\b{re.escape(later)}\b", RULES[older])
    ]


def test_a_citation_is_read_to_its_end():
    assert list(cited("(RULES 3.10 a dan 11, K1, 10-Q20; jatuh tempo 15)")) == [
        "3.10",
        "11",
        "K1",
        "10-Q20",
    ]
    assert list(cited("# as in RULES\n# 0.1.2, and (10-Q25a)")) == ["0.1.2", "10-Q25a"]
    assert list(cited("RULES 8.3 (76,47 cut), 8.5 dan 4.3")) == ["8.3", "8.5", "4.3"]
    assert not list(cited("from schemas.rejection import RULES"))
