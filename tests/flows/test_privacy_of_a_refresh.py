"""A refresh over files that name people in wrong places tells of nobody: logs, Prefect, outputs.

The commands run as processes of their own, as an office runs them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from flows.warehouse.application_database import PREFECT
from flows.warehouse.connection import use_database
from tests.conftest import TEMPLATE, Server
from tests.flows.test_privacy import (
    ANSWERS,
    CHARACTERISTICS,
    EMAIL,
    FORM,
    NAME,
    NIP,
    PHONES,
    PLANTED,
    SHIFTED,
    leaks,
    people_in,
)
from tests.warehouse import steps

NIK = "1271010101010001"
KEYS = ("--office", steps.OFFICE)

# As a file says them that was read without a heading, or whose heading is not one.
ELSEWHERE = {
    "a phone number as a heading": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS},{PHONES[0]}\n{FORM},30,L,S1,PNS,12.71,ya\n",
    ),
    "an address as a heading": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS},{EMAIL},{NIP}\n{FORM},30,L,S1,PNS,12.71,ya,ya\n",
    ),
    "columns of people": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS},NIK,Alamat,No. WA,Nama Responden\n"
        f"{FORM},30,L,S1,PNS,12.71,{NIK},Jalan {NAME} 1,{PHONES[1]},{NAME}\n"
        f"{FORM},{NIK},L,S1,PNS,12.71,{NIK},Jalan {NAME} 1,{PHONES[1]},{NAME}\n",
    ),
    "a number of a card among the days": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS}\n" + FORM.replace("2024-02-06", NIK) + ",30,L,S1,PNS,12.71\n",
    ),
}

# Where chance writes the same: keys, and the decimals of a duration.
CHANCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d+\.\d{5,}\b")


@dataclass(frozen=True)
class Office:
    """An office after its refresh: where it lies, its database, and all that was printed."""

    home: Path
    database: str
    said: dict[str, str]


def fill(inbox: Path) -> int:
    """Put every planted file into the inbox; return how many."""
    everything = PLANTED | SHIFTED | ELSEWHERE
    for number, (source, text) in enumerate(everything.values(), 1):
        name = f"2024-Q1_bagian-{number}" if source == "survey_answer" else str(2020 + number)
        file = inbox / steps.OFFICE / source / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    book = openpyxl.Workbook()
    book.worksheets[0].title = PHONES[2]
    for line in PLANTED["cells that cannot be read"][1].splitlines():
        book.worksheets[0].append(line.split(","))
    book.save(inbox / steps.OFFICE / "survey_answer/2024-Q1_lembar.xlsx")
    return len(everything) + 1


@pytest.fixture(scope="module")
def office(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("refresh")
    given = {name: value for name, value in os.environ.items() if not name.startswith("IKU_")}
    given |= steps.environment(server, folder)
    home = Path(given["IKU_HOME"])
    loose = folder / f"hp {PHONES[0]}.csv"
    loose.write_text(PLANTED["employees that cannot be read"][1], encoding="utf-8")

    def iku(*arguments: object) -> str:
        ended = subprocess.run(
            [sys.executable, "-c", "from flows.cli import main; main()", *map(str, arguments)],
            env=given, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert ended.returncode in (0, 2), ended.stderr
        return ended.stdout + ended.stderr

    with steps.copy_of(server, TEMPLATE) as database:
        use_database(home, database)
        files = fill(Path(given["IKU_INBOX"]))
        try:
            said = {"refresh": iku("refresh", *KEYS, "--json")}
            assert said["refresh"].count('"load_id"') == files
            for words in (
                ("land", loose, "--source", "office_employee", "--period", "2020"),
                ("quarantine", *KEYS, "--all"),
                ("quarantine", "export", *KEYS),
            ):
                said[" ".join(map(str, words))] = iku(*words)
            yield Office(home, database, said)
        finally:
            iku("stop")


pytestmark = pytest.mark.engine


def without_chance(text: str) -> str:
    return CHANCE.sub("", text)


def test_nobody_is_in_the_tables_of_the_warehouse_and_of_prefect(office: Office, server: Server):
    assert leaks(server, office.database, at_least=40) == {}
    found = leaks(server, PREFECT, at_least=20, seen=without_chance)
    assert {table for table in found if not table.startswith("public.block_")} == set()


def test_nobody_is_in_logs_and_other_files_of_the_home(office: Office):
    files = [path for path in office.home.rglob("*") if path.is_file()]
    not_ours = (office.home / "archive", office.home / "prefect/ui")  # the second is Prefect's
    outside = [path for path in files if not {*path.parents} & {*not_ours}]
    assert any(path.name == "server.log" for path in outside)
    for path in outside:
        text = path.read_text(encoding="latin-1")
        assert people_in(without_chance(text)) == {}, path.relative_to(office.home)


def test_nobody_is_in_what_the_commands_say(office: Office):
    for words, text in office.said.items():
        shown = text.replace(str(office.home.parent), "")
        if words.startswith("land "):
            shown = shown.replace(f"hp {PHONES[0]}.csv", "")  # the officer has just written it
        assert people_in(without_chance(shown)) == {}, words


def test_what_goes_back_to_the_office_is_read_by_its_owner_only(office: Office):
    outbox = office.home.parent / "outbox"
    copies = [path for path in outbox.rglob("*") if path.is_file()]
    assert len(copies) > 5
    assert {path.stat().st_mode & 0o077 for path in (outbox, *outbox.rglob("*"))} == {0}
    archive = office.home / "archive"
    assert {path.stat().st_mode & 0o077 for path in (archive, *archive.rglob("*"))} == {0}
