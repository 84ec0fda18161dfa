"""Golden cases: what an officer hands in, through landing, Postgres and formula, to what is shown.

Each case is compared with its own figures and with the slow computation of `slow.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.machine.settings import Settings
from tests.golden import case as cases
from tests.golden.case import Case
from tests.golden.running import At, run
from tests.listing import listed
from transforms.indicators import indicators

CASES = [case for iku in range(1, 15) for case in cases.cases_of(iku)]


def test_every_indicator_has_cases():
    counted = dict.fromkeys(indicators(), 0)
    for case in CASES:
        counted[f"IKU.{case.iku}"] += 1
    assert [iku for iku, count in counted.items() if count == 0] == []


def test_every_file_of_cases_is_of_an_indicator():
    files = [file.name for file in listed(cases.CASES, "*.yml", at_least=14)]
    assert files == [f"iku_{indicators()[iku].card.number:02}.yml" for iku in indicators()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"IKU.{case.iku}: {case.name}")
def test_case(case: Case, at: At, settings: Settings, tmp_path: Path):
    run(case, at, settings, tmp_path)
