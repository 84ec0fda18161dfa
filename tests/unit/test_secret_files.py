"""Secrets in files: made once, whole, and closed to others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.machine.secret_files import SecretFileError, secret

SECRET = (
    "import sys, pathlib; from flows.machine.secret_files import secret; "
    "print(secret(pathlib.Path(sys.argv[1]), 'kunci', None))"
)
only_posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")


def test_a_given_secret_leaves_no_file(tmp_path: Path):
    assert secret(tmp_path, "kunci", SecretStr("dari lingkungan")) == "dari lingkungan"
    assert not list(tmp_path.iterdir())


@only_posix
def test_it_is_made_once_and_closed_to_others(tmp_path: Path):
    made = secret(tmp_path / "rumah", "kunci", None)
    assert len(made) >= 40
    assert secret(tmp_path / "rumah", "kunci", None) == made
    (file,) = (tmp_path / "rumah").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_processes_that_make_it_at_once_agree(tmp_path: Path):
    command = [sys.executable, "-c", SECRET, str(tmp_path)]
    root = Path(__file__).parents[2]
    makers = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    values = {maker.communicate(timeout=60)[0].strip() for maker in makers}
    assert values == {(tmp_path / "kunci").read_text()}
    assert len(list(tmp_path.iterdir())) == 1


@only_posix
def test_a_file_that_others_may_read_is_refused(tmp_path: Path):
    secret(tmp_path, "kunci", None)
    (tmp_path / "kunci").chmod(0o640)
    with pytest.raises(SecretFileError, match=r"mode 0640.*chmod 600"):
        secret(tmp_path, "kunci", None)


def test_an_empty_or_impossible_file_is_explained(tmp_path: Path):
    (tmp_path / "kunci").touch(0o600)
    with pytest.raises(SecretFileError, match="kosong"):
        secret(tmp_path, "kunci", None)
    with pytest.raises(SecretFileError, match="tidak dapat dibaca atau dibuat"):
        secret(tmp_path / "kunci" / "folder", "kunci", None)
