"""A place for the tour: an empty home with the sample year, a shell, a stand-in of Metabase."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.metabase.fake.app import Fake
from tests.metabase.fake.store import Store

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "samples" / "tahun-2024"
FOLDER = "…"  # stands for the folder of the tour, which is another each time
LONGEST = 300  # seconds of one command


class Shell:
    """A shell that keeps what was exported from one command to the next."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Begin in a folder."""
        self._folder, self._environment = folder, environment
        self._kept = folder / ".kept"
        self._kept.write_text("", encoding="utf-8")

    def run(self, command: str) -> str:
        """Run a command; return what it printed, its exit code last unless that is 0."""
        kept = f"code=$?\nexport -p > {self._kept}\nexit $code"
        ended = subprocess.run(
            ["bash", "-c", f". {self._kept}\n{command}\n{kept}"],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        printed = ended.stdout.replace(str(self._folder), FOLDER)
        return printed + (f"[kode keluar {ended.returncode}]\n" if ended.returncode else "")


@contextmanager
def shell(folder: Path) -> Iterator[Shell]:
    """Lay out the place, and end all that was started in it afterwards."""
    shutil.copytree(SAMPLE, folder / "contoh")
    (folder / "inbox").mkdir()
    programs = folder / "programs"
    programs.mkdir()
    for name, words in {"iku": "-c 'from flows.cli import main; main()'", "python": ""}.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    with Fake(Store(seed=1)).running() as fake:
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "TZ": "Asia/Jakarta",
            "IKU_HOME": str(folder / ".iku"),
            "IKU_INBOX": str(folder / "inbox"),
            "IKU_OUTBOX": str(folder / "outbox"),
            "IKU_CONFIG": str(folder / "config"),
            "IKU_DATABASE": "iku_contoh",
            "IKU_SETTLE_SECONDS": "0",
            "IKU_METABASE_URL": fake.url,
            "IKU_METABASE_EMAIL": "dasbor@contoh.go.id",
        }
        opened = Shell(folder, environment)
        try:
            yield opened
        finally:
            opened.run("iku stop")
