"""Every broken or odd file lands as docs/CORPUS.md says: no crash, and no silent acceptance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from flows.landing.request import Landing
from schemas.rejections.catalogue import RULES
from tests.conftest import Server
from tests.corpus import document
from tests.corpus.breaking import sample_bytes
from tests.corpus.document import BROKEN, ODD, Line
from tests.corpus.kinds import KINDS, PERIODS, Kind
from tests.corpus.landing_place import Place, landing_place
from tests.warehouse import steps

FEWEST = 40
KEPT: dict[tuple[str, str], list[dict[str, Any]]] = {}


@pytest.fixture(scope="module")
def place(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with landing_place(server, tmp_path_factory.mktemp("corpus")) as made:
        yield made


def land_sample(place: Place, source: str, sample: str) -> Landing:
    content = sample_bytes(source, sample)
    return steps.landed(place.land(content, sample, source, PERIODS[source]))


def reported(kind: Kind, outcome: Landing) -> Line:
    counts = outcome.counts
    return Line(
        kind.name, document.made_from(kind), kind.wrong, outcome.status,
        tuple(sorted(set(steps.rules(outcome)))), counts.accepted, counts.rejected,
        counts.duplicate, counts.out_of_scope, counts.rows_in,
    )  # fmt: skip


def expected_values(place: Place, kind: Kind) -> list[dict[str, Any]]:
    """Return what the sample stages, with the titles that the odd file has."""
    sample = (kind.source, kind.sample)
    if sample not in KEPT:
        place.clear()
        KEPT[sample] = place.values(kind.source, land_sample(place, *sample).load_id)
    if kind.titled is None:
        return KEPT[sample]
    return [{**row, "title": kind.titled(row["title"])} for row in KEPT[sample]]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_file_lands_as_the_document_says(kind: Kind, place: Place):
    place.clear()
    if kind.after:
        land_sample(place, kind.source, kind.after)
    outcome = place.land(kind.content(), kind.file_name, kind.source, kind.slice_period)
    assert reported(kind, outcome) == document.lines(ODD if kind.is_odd else BROKEN)[kind.name]
    place.check_accounts(outcome)
    if kind.is_odd:
        assert place.values(kind.source, outcome.load_id) == expected_values(place, kind)


def test_the_document_tells_of_every_kind_and_no_other():
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names) >= FEWEST
    told = [*document.lines(BROKEN), *document.lines(ODD)]
    assert sorted(told) == sorted(names)


def test_no_broken_file_is_accepted_in_silence():
    for line in document.lines(BROKEN).values():
        assert line.status in ("refused", "held"), line
        assert line.rules, line


def test_an_odd_file_lands_and_loses_nothing():
    for line in document.lines(ODD).values():
        assert line.status == "landed", line


@pytest.mark.parametrize("heading", [BROKEN, ODD])
def test_the_lines_add_up_and_name_rules(heading: str):
    for line in document.lines(heading).values():
        parts = line.accepted + line.rejected + line.duplicate + line.out_of_scope
        assert parts == line.rows_in, line
        assert set(line.rules) <= set(RULES), line


def test_the_same_seed_makes_the_same_file():
    for kind in KINDS:
        if kind.sample.endswith(".csv") and kind.ending == "csv":
            assert kind.content() == kind.content(), kind.name


def test_every_format_is_there():
    assert {kind.ending for kind in KINDS} >= {"csv", "xlsx", "xlsm", "xls", "ndjson"}
    assert "ikpa" in {kind.source for kind in KINDS}
