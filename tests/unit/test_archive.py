"""The archive: drafts of processes that were killed go, those of living ones stay."""

from __future__ import annotations

import os
import time
from pathlib import Path

from flows.machine import archive


def test_stale_drafts_are_cleared_and_fresh_ones_are_not(tmp_path: Path):
    file = tmp_path / "given.csv"
    file.write_text("a\n")
    kept = archive.keep(tmp_path, file)
    stale, fresh = (tmp_path / "archive" / f".incoming-{name}" for name in ("stale", "fresh"))
    for draft, hours in ((stale, 25), (fresh, 23)):
        draft.write_text("sebagian")
        at = time.time() - hours * 3600
        os.utime(draft, (at, at))
    long_ago = (time.time() - 30 * 24 * 3600,) * 2
    os.utime(kept.path, long_ago)
    assert archive.keep(tmp_path, file) == kept
    assert kept.path.read_text() == "a\n"
    left = {path.name for path in (tmp_path / "archive").iterdir()}
    assert left == {".incoming-fresh", kept.sha256[:2]}


def test_a_file_that_comes_again_mends_its_damaged_copy(tmp_path: Path):
    file = tmp_path / "berkas.csv"
    file.write_bytes(b"isi")
    kept = archive.keep(tmp_path, file)
    kept.path.write_bytes(b"rusak")
    assert archive.keep(tmp_path, file) == kept
    assert kept.path.read_bytes() == b"isi"
