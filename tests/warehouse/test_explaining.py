"""Explain: the order of what is told, and only the evidence that was used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from flows.computing import measuring
from flows.computing.quarter import Quarter
from flows.showing.explaining import explanation
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.warehouse import steps
from transforms.component_order import ORDER, in_order
from transforms.evidence import Computed, plain
from transforms.indicators import indicators


@pytest.fixture(scope="module")
def year(server: Server) -> Iterator[Warehouse]:
    """Open a copy of the invented year."""
    with steps.copy_of(server, steps.year_template(server)) as database:
        warehouse = steps.open_at(server, database, steps.YEAR_KNOWN_AT)
        yield warehouse
        warehouse.engine.dispose()


def ordered(value: Any) -> Any:
    """Return mappings as pairs, which compare in order."""
    if isinstance(value, Mapping):
        return [(key, ordered(item)) for key, item in value.items()]
    return [ordered(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("iku", indicators())
@pytest.mark.parametrize("quarter", [2, 4])
def test_components_are_told_in_the_order_of_the_formula(iku: str, quarter: int, year: Warehouse):
    found = measuring.measure(year, iku, Quarter(steps.OFFICE, 2024, quarter, year.instant()))
    assert isinstance(found, Computed)
    components = plain(dict(found.measurement.components))
    shuffled = dict(reversed(components.items()))
    assert ordered(in_order(shuffled)) == ordered(components)
    said = explanation(year, steps.OFFICE, iku, 2024, quarter, None)
    assert said is not None
    assert ordered(said["value"]["components"]) == ordered(components)


def test_no_component_has_two_places():
    assert all(len(set(names)) == len(names) for names in ORDER.values())


def test_what_is_not_in_the_order_comes_last():
    assert list(in_order({"baru": 1, "catatan": [], "ikm": "80.00"})) == ["ikm", "catatan", "baru"]


@pytest.mark.parametrize(
    ("iku", "kind"), [("IKU.3", "pembinaan"), ("IKU.4", "layanan_kepegawaian")]
)
def test_only_the_answers_that_were_pooled_are_shown(iku: str, kind: str, year: Warehouse):
    said = explanation(year, steps.OFFICE, iku, 2024, 4, None)
    assert said is not None
    tally = said["value"]["tally"]
    assert {row["kind"] for row in tally["survey_element"]} == {kind}
    assert kind in {row["kind"] for row in tally["survey_service"]} <= {kind, "tanpa_layanan"}
    asked = {(row["service"], row["unit"]): row["respondents"] for row in tally["survey_element"]}
    assert sum(asked.values()) == said["value"]["components"]["responden"]


def test_the_columns_of_a_tally_stand_in_its_own_order(year: Warehouse):
    said = explanation(year, steps.OFFICE, "IKU.3", 2024, 4, None)
    assert said is not None
    row = said["value"]["tally"]["survey_element"][0]
    assert list(row) == [
        *("kind", "service", "unit", "element", "n", "sum"),
        *("respondents", "quarter_respondents"),
    ]
