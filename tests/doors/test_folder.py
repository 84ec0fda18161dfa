"""The folder door: a file on this machine or on a mounted share, and files that still grow."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from flows.fetching.doors import files
from flows.fetching.doors.door import DoorRefused, DoorUnavailable
from flows.fetching.doors.files import FolderDoor
from flows.fetching.doors.options import FolderOptions
from flows.fetching.inbox import is_settled
from schemas.source import Cadence
from transforms.files.period import parse_period

SEPTEMBER = parse_period("2024-09", Cadence.MONTHLY)
LONG = 3600


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "bersama" / "ikpa"
    folder.mkdir(parents=True)
    return folder


def door(share: Path, name: str = "{period}.*", settle_seconds: float = 0, **said: object):
    given = {"door": "folder", "address": f"{share}/{name}", **said}
    return FolderDoor(FolderOptions.model_validate(given), settle_seconds)


def test_the_file_is_copied_and_stays_where_it_is(share: Path, into: Path):
    (share / "2024-09.xlsx").write_bytes(b"isi")
    (share / "2024-08.xlsx").write_bytes(b"lama")
    fetched = door(share).fetch(SEPTEMBER, into)
    assert fetched is not None
    assert (fetched.name, fetched.path, fetched.path.read_bytes()) == (
        "2024-09.xlsx",
        into / "2024-09.xlsx",
        b"isi",
    )
    assert sorted(file.name for file in share.iterdir()) == ["2024-08.xlsx", "2024-09.xlsx"]


def test_only_a_star_and_a_question_mark_of_the_name_are_wildcards(share: Path, into: Path):
    folder = share / "[IKPA] tahun*ini?"
    folder.mkdir()
    (share / "I tahun dan ini!").mkdir()
    (share / "I tahun dan ini!" / "2024-09 [final].xlsx").write_bytes(b"lain")
    (folder / "2024-09 f.xlsx").write_bytes(b"lain")
    (folder / "2024-09 [final].xlsx").write_bytes(b"isi")
    fetched = door(folder, "{period} [final].*").fetch(SEPTEMBER, into)
    assert fetched is not None
    assert (fetched.name, fetched.path.read_bytes()) == ("2024-09 [final].xlsx", b"isi")


@pytest.mark.parametrize("name", ["~$2024-09.xlsx", ".2024-09.xlsx", "2024-10.xlsx"])
def test_nothing_lies_there_yet(name: str, share: Path, into: Path):
    (share / name).write_bytes(b"isi")
    assert door(share, "*{period}.*").fetch(SEPTEMBER, into) is None


def test_of_two_files_neither_is_taken(share: Path, into: Path):
    (share / "2024-09.xlsx").write_bytes(b"isi")
    (share / "2024-09.csv").write_bytes(b"isi")
    with pytest.raises(DoorRefused, match=r"2024-09\.csv dan 2024-09\.xlsx"):
        door(share).fetch(SEPTEMBER, into)


def test_a_share_that_is_not_mounted_may_come_back(share: Path, into: Path):
    with pytest.raises(DoorUnavailable, match="tersambung"):
        door(share / "hilang").fetch(SEPTEMBER, into)


def test_a_file_that_changed_just_now_waits(share: Path, into: Path):
    file = share / "2024-09.csv"
    file.write_bytes(b"isi")
    with pytest.raises(DoorUnavailable, match="baru saja berubah"):
        door(share, settle_seconds=LONG).fetch(SEPTEMBER, into)
    # A copy that is under way may already carry the old time of the original.
    os.utime(file, (time.time() - 2 * LONG,) * 2)
    with pytest.raises(DoorUnavailable, match="baru saja berubah"):
        door(share, settle_seconds=LONG).fetch(SEPTEMBER, into)
    assert list(into.iterdir()) == []


def test_a_file_settles_when_nothing_of_it_changes_any_more(share: Path):
    file = share / "2024-09.csv"
    file.write_bytes(b"isi")
    while not is_settled(file, 0.2):
        time.sleep(0.05)
    with file.open("ab") as growing:
        growing.write(b" lagi")
    assert not is_settled(file, LONG)


def test_a_share_that_is_lost_on_the_way_may_come_back(
    share: Path, into: Path, monkeypatch: pytest.MonkeyPatch
):
    def lost(file: Path, settle_seconds: float) -> bool:
        file.unlink()
        return is_settled(file, settle_seconds)

    monkeypatch.setattr(files, "is_settled", lost)
    (share / "2024-09.xlsx").write_bytes(b"isi")
    with pytest.raises(DoorUnavailable, match="sambungan foldernya"):
        door(share).fetch(SEPTEMBER, into)


def test_a_file_above_the_limit_is_refused(share: Path, into: Path):
    with (share / "2024-09.csv").open("wb") as file:
        file.truncate((1 << 20) + 1)
    with pytest.raises(DoorRefused, match="lebih besar dari 1 MB"):
        door(share, max_mb=1).fetch(SEPTEMBER, into)
    assert list(into.iterdir()) == []


def test_another_folder_is_no_file(share: Path, into: Path):
    (share / "2024-09.d").mkdir()
    assert door(share).fetch(SEPTEMBER, into) is None


def test_a_link_that_leaves_the_folder_is_refused(share: Path, into: Path, tmp_path: Path):
    secret = tmp_path / "kunci"
    secret.write_bytes(b"rahasia")
    (share / "2024-09.xlsx").symlink_to(secret)
    with pytest.raises(DoorRefused, match=r"^2024-09\.xlsx: tautan ke luar folder"):
        door(share).fetch(SEPTEMBER, into)
    assert list(into.iterdir()) == []
