"""The committed samples: what lands, what is refused and why, and every value of the year 2024."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.landing.request import Landing
from flows.machine.settings import Settings
from flows.showing import scorecards, store
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse
from tests.conftest import Server
from tests.listing import listed
from tests.warehouse import steps

SAMPLES = Path(__file__).parents[1] / "samples"
YEAR = SAMPLES / "tahun-2024"
EXPECTED = yaml.safe_load((YEAR / "expected.yaml").read_text(encoding="utf-8"))
COUNTS = ("rows_in", "accepted", "rejected", "duplicate", "out_of_scope")
SMALL = [
    (folder.parent.name, expected)
    for folder in listed(SAMPLES, "*/expected.yaml", at_least=15)
    if folder.parent != YEAR
    for expected in yaml.safe_load(folder.read_text(encoding="utf-8"))["files"]
]
# The twelve capaian that the Renja 2024 prints for 2023 (tables 1 to 14).
PRINTED = "100.00 101.91 103.36 100.00 100.00 107.85 100.27 110.36 100.00 85.63 97.31 100.00"


@pytest.fixture(scope="module")
def prepared(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a database with the references of the samples."""
    with steps.copy_of(server, "iku_template", "samples_template") as name:
        warehouse = steps.open_at(server, name, None)
        seeding.seed(warehouse, YEAR / "rujukan")
        warehouse.engine.dispose()
        yield name


@pytest.fixture
def sampled(server: Server, prepared: str) -> Iterator[Warehouse]:
    with steps.copy_of(server, prepared) as name:
        warehouse = steps.open_at(server, name, None)
        yield warehouse
        warehouse.engine.dispose()


def counts(outcome: Landing) -> dict[str, Any]:
    return {
        "status": outcome.status,
        **{name: getattr(outcome.counts, name) for name in COUNTS},
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    SMALL,
    ids=lambda given: given if isinstance(given, str) else given["file"],
)
def test_small_sample(
    source: str, expected: Mapping[str, Any], sampled: Warehouse, settings: Settings
):
    outcome = steps.land_file(
        sampled, settings, SAMPLES / source / expected["file"], source, str(expected["period"])
    )
    assert counts(outcome) == {name: expected[name] for name in ("status", *COUNTS)}
    assert sorted(set(steps.rules(outcome))) == expected["rules"]


def test_sample_year(sampled: Warehouse, settings: Settings):
    given = settings.model_copy(update={"inbox": YEAR / "inbox"})
    outcomes = {
        f"{one.request.source}/{one.request.file.name}": counts(one)
        for one in steps.take_inbox(sampled, given)
    }
    assert outcomes == EXPECTED["inbox"]
    steps.refresh(sampled)
    assert_values(sampled, EXPECTED["values"])
    for name, expected in EXPECTED["koreksi"].items():
        source, period = name.removesuffix(".csv").rsplit("_", 1)
        outcome = steps.land_file(sampled, settings, YEAR / "koreksi" / name, source, period)
        assert counts(outcome) == expected
    steps.refresh(sampled)
    assert_values(sampled, EXPECTED["values_after_koreksi"])
    assert_printed_history(sampled)
    assert steps.written(steps.refresh(sampled)) == (0, 0, 0)


def assert_values(warehouse: Warehouse, expected: Mapping[str, Any]) -> None:
    for period, lines in expected.items():
        found = {line["iku"]: line for line in card(warehouse, int(period[:4]), int(period[-1]))}
        said = {
            iku: {name: found[iku][name] for name in line if name in found[iku]}
            for iku, line in lines.items()
        }
        assert said == {iku: dict(line) for iku, line in lines.items()}, period


def assert_printed_history(warehouse: Warehouse) -> None:
    lines = {line["iku"]: line for line in card(warehouse, 2023, 4)}
    printed = [line for iku, line in lines.items() if iku not in ("IKU.1", "IKU.11", "NPSS")]
    assert [line["achievement_pct"] for line in printed] == PRINTED.split()
    assert {lines[iku]["status"] for iku in ("IKU.1", "IKU.11")} == {"not_yet_published"}
    npss = lines["NPSS"]
    assert (npss["actual"], npss["status"]) == ("100.83", "provisional")
    assert (npss["numerator"], npss["denominator"]) == (12, 14)
    history = {year: card(warehouse, year, 4)[-1] for year in (2020, 2021, 2022)}
    assert [line["actual"] for line in history.values()] == ["103.62", "136.07", "106.84"]
    assert [line["npss_120"] for line in history.values()] == ["100.74", "108.63", "105.70"]


def card(warehouse: Warehouse, year: int, quarter: int) -> list[dict[str, Any]]:
    """Return the scorecard as `iku scorecard --json` prints it."""
    return scorecards.for_json(
        steps.OFFICE,
        year,
        quarter,
        store.lines(warehouse, steps.OFFICE, year, quarter, None),
        store.npss(warehouse, steps.OFFICE, year, quarter, None),
    )
