"""Run the commands of docs/TUR.md and write the page anew: `python -m tests.tour`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.tour.document import rewritten
from tests.tour.place import ROOT, shell

PAGE = ROOT / "docs" / "TUR.md"


def walked() -> str:
    """Return the page as it is when its commands are run today."""
    with tempfile.TemporaryDirectory() as folder, shell(Path(folder)) as opened:
        return rewritten(PAGE.read_text(encoding="utf-8"), opened.run)


if __name__ == "__main__":
    PAGE.write_text(walked(), encoding="utf-8")
