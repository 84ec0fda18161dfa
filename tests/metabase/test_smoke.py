"""The script that a user runs once against a real server runs through against the stand-in."""

from __future__ import annotations

import pytest

from tests.metabase import smoke
from tests.metabase.conftest import Stage
from tests.metabase.fake.app import Fake


def test_the_script_finds_nothing_wrong(
    stage: Stage, fake: Fake, capsys: pytest.CaptureFixture[str]
):
    assert smoke.report(stage.publisher(fake)) == 0
    assert "7 fine, 0 failed" in capsys.readouterr().out
