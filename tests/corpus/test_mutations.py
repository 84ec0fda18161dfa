"""Whatever bytes or cells a file has, landing ends without a crash and accounts for every row."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from flows.landing.request import Landing
from tests.conftest import Server
from tests.corpus.breaking import (
    Grid,
    as_csv,
    as_ndjson,
    grid,
    of_cells,
    packed,
    parts,
    sample_bytes,
    saved,
)
from tests.corpus.kinds import PERIODS
from tests.corpus.landing_place import Place, landing_place
from transforms.files.totals import WORDS

SOURCES = tuple(sorted(PERIODS))
TABLES = tuple(source for source in SOURCES if source != "ikpa")


@pytest.fixture(scope="module")
def place(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with landing_place(server, tmp_path_factory.mktemp("mutations")) as made:
        yield made


def land(place: Place, content: bytes, source: str, ending: str) -> Landing:
    """Land a file that no other is compared with, and look at the accounts."""
    outcome = place.land(content, f"berkas.{ending}", source, PERIODS[source])
    assert outcome.status in ("landed", "refused")
    assert outcome.status == "landed" or outcome.reasons
    place.check_accounts(outcome)
    if outcome.status == "landed":
        place.clear()
    return outcome


SIGNS = (
    b'"', b'""', b";", b",", b"\n", b"\r", b"\x00", b"\xff\xfe", b"\xc3", b"<", b"&", b"=", b"'",
    b"1e308", b"-", b"/>", b"{", b"\\u0000",
)  # fmt: skip
PIECES = st.one_of(st.binary(min_size=1, max_size=8), st.sampled_from(SIGNS))
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["insert", "replace", "delete", "repeat", "cut"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 60),
        PIECES,
    ),
    min_size=1,
    max_size=4,
)


def changed(content: bytes, changes: Sequence[tuple[str, float, int, bytes]]) -> bytes:
    """Return bytes after a few changes, each at a share of their length."""
    for what, share, length, piece in changes:
        at = int(share * len(content))
        before, here, after = content[:at], content[at : at + length], content[at + length :]
        content = {
            "insert": before + piece + here + after,
            "replace": before + piece + content[at + len(piece) :],
            "delete": before + after,
            "repeat": before + here + here + after,
            "cut": before if share > 0.2 else content[at:],
        }[what]
    return content


@given(st.sampled_from(SOURCES), CHANGES)
@settings(max_examples=60, deadline=None)
def test_changed_bytes_of_a_csv(place: Place, source: str, changes):
    land(place, changed(sample_bytes(source), changes), source, "csv")


@given(st.sampled_from(TABLES), CHANGES)
@settings(max_examples=30, deadline=None)
def test_changed_bytes_of_a_pull(place: Place, source: str, changes):
    land(place, changed(as_ndjson(grid(source)), changes), source, "ndjson")


@given(st.sampled_from(SOURCES), CHANGES, st.data())
@settings(max_examples=50, deadline=None)
def test_changed_bytes_of_a_workbook(place: Place, source: str, changes, data: st.DataObject):
    """Within a part, as a zip whose bytes were changed is hardly ever opened."""
    whole = sample_bytes(source, "ok.xlsx")
    contents = parts(whole)
    part = data.draw(st.sampled_from(["the zip", *contents, *["xl/worksheets/sheet1.xml"] * 6]))
    if part == "the zip":
        land(place, changed(whole, changes), source, "xlsx")
    else:
        land(place, packed(contents | {part: changed(contents[part], changes)}), source, "xlsx")


TEXTS = (
    "", "-", "N/A", "#REF!", "=1+1", "@SUM(A1)", "1.234.567,89", "1e400", "inf", "NaN", "0x1F",
    "99999999999999999999999", "31/02/2024", "45296", "0001-01-01", "9999-12-31", "\u0663", "½",
    "\u00a0", "\u200b", "\ufeff", "TRUE", "a" * 40_000, "x\r\ny", "x\ny", '"', "'", ";", "\\",
    "\ud7ff", "\U0001f642", "1,91208E+17",
)  # fmt: skip
NASTY = st.one_of(
    st.text(max_size=12),
    st.sampled_from(TEXTS),
    st.integers().map(str),
    st.floats().map(repr),
    st.dates().map(str),
)


@st.composite
def grids(draw: Callable, is_writable: Callable[[str], bool]) -> tuple[str, Grid]:
    """Give a source and its sample with some cells changed, without a line of totals."""
    source = draw(st.sampled_from(TABLES))
    cells = [row for row in grid(source) if row[0] and not is_total(row)]
    for _ in range(draw(st.integers(1, 8))):
        row = draw(st.integers(1, len(cells) - 1))
        place = draw(st.integers(0, len(cells[0]) - 1))
        cells[row][place] = draw(NASTY.filter(is_writable))
    return source, cells


def is_total(row: Sequence[str]) -> bool:
    return any(cell.strip().upper().rstrip(" :") in WORDS for cell in row[:2])


def rows_of(cells: Grid) -> int:
    """Return how many rows somebody counts who sees the cells."""
    return sum(any(cell.strip() for cell in row) and not is_total(row) for row in cells[1:])


def is_quoted_when_it_must(text: str) -> bool:
    """Tell whether Python's writer of csv leaves a cell a cell; a lone CR it does not quote."""
    return "\x00" not in text and ("\r" not in text or "\n" in text)


@given(grids(is_quoted_when_it_must), st.sampled_from([",", ";", "\t"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_changed_cells_of_a_csv(
    place: Place, table: tuple[str, Grid], delimiter: str, quoted: bool
):
    source, cells = table
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    outcome = land(place, as_csv(cells, delimiter, quoting=quoting), source, "csv")
    assert outcome.counts.rows_in == rows_of(cells), outcome.reasons


@given(grids(lambda text: len(text) < 32_767 and not ILLEGAL_CHARACTERS_RE.search(text)))
@settings(max_examples=50, deadline=None)
def test_changed_cells_of_a_workbook(place: Place, table: tuple[str, Grid]):
    source, cells = table
    outcome = land(place, saved(of_cells(cells)), source, "xlsx")
    assert outcome.counts.rows_in == rows_of(cells), outcome.reasons
