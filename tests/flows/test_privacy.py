"""No NIP, phone number, e-mail address or name of a respondent is outside the archive.

All samples are landed, and files with invented people in every place where people write them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from psycopg2 import sql

from flows.machine.postgres import embedded
from flows.machine.settings import Settings
from flows.warehouse.connection import use_database
from tests.conftest import Server
from tests.listing import listed
from tests.warehouse import steps
from tests.warehouse.steps import Said

SAMPLES = Path(__file__).parents[1] / "samples"

NIP = "190101012001011001"
PHONES = ("081234567890", "+6281234567890", "0812-3456-7890")
EMAIL = "responden@contoh.example"
NAME = "Namarahasia"

# Not within a longer word: a checksum has digits too.
PERSONAL = {
    "NIP": re.compile(r"(?<![0-9A-Za-z])\d(?:[ .]?\d){17}(?![0-9A-Za-z])"),
    "phone": re.compile(
        r"(?<![0-9A-Za-z])(?:\+?62|0)[ -]?8\d{1,3}(?:[ -]?\d{3,4}){2,3}(?![0-9A-Za-z])"
    ),
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    "name": re.compile(NAME, re.IGNORECASE),
}

ANSWERS = "Layanan,Tanggal,U1,U2,U3,U4,U5,U6,U7,U8,U9"
CHARACTERISTICS = "Umur,Jenis Kelamin,Pendidikan,Pekerjaan,Instansi Asal"
PEOPLE = "Nama,NIP,No HP,Email,Saran,ID Responden"
FORM = "SV01,2024-02-06,4,4,4,4,4,4,4,4,4"
PERSON = f"{NAME},{NIP},{PHONES[0]},{EMAIL},Hubungi {PHONES[2]}"
EMPLOYEES = "NIP,Nama,Kelompok,Kualifikasi,Kompetensi,Kinerja,Disiplin,Total"
SCORES = "20,40,30,5,95"

# By a name: the source and the text of a file in which somebody is named where he may be.
PLANTED = {
    "respondents": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS},{PEOPLE}\n"
        + "".join(f"{FORM},30,L,S1,PNS,12.71,{PERSON},{who}\n" for who in (NIP, PHONES[1], EMAIL)),
    ),
    "cells that cannot be read": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS},{PEOPLE}\n"
        + f"{FORM},{PHONES[0]},{EMAIL},{NAME},{NIP},{NAME},{PERSON},1.90101012001011E+17\n" * 2,
    ),
    "rows of another length": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS},{PEOPLE}\n"
        + f"{FORM},30,L,S1,PNS,12.71,{PERSON}\n" * 2
        + f"{FORM},30,L,S1,PNS,12.71,{PERSON},{NIP},{NIP}\n",
    ),
    "a file that ends in a quotation": (
        "survey_answer",
        f'{ANSWERS},{CHARACTERISTICS},{PEOPLE}\n{FORM},30,L,S1,PNS,12.71,"{PERSON},{NIP}\n',
    ),
    "employees": ("office_employee", f"{EMPLOYEES}\n{NIP},{NAME},PNS,{SCORES}\n"),
    "employees twice": (
        "office_employee",
        f"{EMPLOYEES}\n{NIP},{NAME},PNS,{SCORES}\n'{NIP} ,{NAME},PPPK,{SCORES}\n",
    ),
    "employees that cannot be read": (
        "office_employee",
        f"{EMPLOYEES}\n{NIP},{NAME},Honorer,{SCORES}\n1.90101012001011E+17,{NAME},PNS,{SCORES}\n"
        f"{NIP[:-1]},{NAME},PNS,20,40,30,50,140\n",
    ),
}

# The same where the columns are shifted by one, as happens when a cell is inserted.
SHIFTED = {
    "a NIP among the groups": (
        "office_employee",
        f"{EMPLOYEES}\n{NAME},PNS,{NIP},{SCORES}\n",
    ),
    "a NIP among the scores": (
        "office_employee",
        f"{EMPLOYEES}\n1,{NAME},PNS,{NIP},40,30,5,95\n",
    ),
    "a phone number among the services": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS}\n" + FORM.replace("SV01", PHONES[0]) + ",30,L,S1,PNS,12.71\n",
    ),
    "an e-mail address among the answers": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS}\n" + FORM.replace(",4", f",{EMAIL}", 1) + ",30,L,S1,PNS,12\n",
    ),
    "a phone number among the days": (
        "survey_answer",
        f"{ANSWERS},{CHARACTERISTICS}\n"
        + FORM.replace("2024-02-06", PHONES[2])
        + ",30,L,S1,PNS,12.71\n",
    ),
}


def people_in(text: str) -> dict[str, str]:
    """Return what a text says of people, by its kind."""
    return {kind: found[0] for kind, shape in PERSONAL.items() if (found := shape.search(text))}


def leaks(
    server: Server,
    database: str,
    *,
    at_least: int = 40,
    seen: Callable[[str], str] = str,
) -> dict[str, dict[str, str]]:
    """Return what any row of any table or view says of people, whatever its columns are.

    There must be so many tables; `seen` leaves out of a text what chance may have written.
    """
    found = {}
    with steps.admin(server, database) as connection:
        tables = steps.ask(
            connection,
            "SELECT n.nspname, c.relname FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm')"
            " AND n.nspname !~ '^(pg_|information_schema)' ORDER BY 1, 2",
        )
        assert len(tables) > at_least
        for name in tables:
            rows = steps.ask(
                connection,
                sql.SQL("SELECT string_agg(t::text, E'\\n') FROM {} AS t").format(
                    sql.Identifier(*name)
                ),
            )
            if said := people_in(seen(rows[0][0] or "")):
                found[".".join(name)] = said
    return found


def land_all(
    server: Server, database: str, settings: Settings, files: dict[str, tuple[str, str]]
) -> None:
    warehouse = steps.open_at(server, database, None)
    try:
        for year, (source, text) in enumerate(files.values(), 2021):
            period = "2024-Q1" if source == "survey_answer" else str(year)
            steps.land(warehouse, settings, source, period, text)
        assert steps.count(warehouse, "ops.load") >= len(files)
    finally:
        warehouse.engine.dispose()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("privacy")


@pytest.fixture(scope="module")
def landed(server: Server, home: Path) -> Iterator[str]:
    """Make a database in which all samples, and the planted people, were landed and computed."""
    settings = server.settings.model_copy(
        update={"home": home / "rumah", "inbox": home / "inbox", "outbox": home / "outbox"}
    )
    with steps.copy_of(server, steps.year_template(server), "test_privacy") as name:
        warehouse = steps.open_at(server, name, None)
        for expected in listed(SAMPLES, "*/expected.yaml", at_least=15):
            given = yaml.safe_load(expected.read_text(encoding="utf-8"))
            for one in given.get("files", ()):
                file, source = expected.parent / one["file"], expected.parent.name
                steps.land_file(warehouse, settings, file, source, str(one["period"]))
        for source in ("survey_answer", "office_employee", "agency_ip_asn"):
            for file in sorted((SAMPLES / "tahun-2024/inbox" / steps.OFFICE / source).iterdir()):
                period, _, part = file.stem.partition("_")
                steps.land_file(warehouse, settings, file, source, period, part=part or "utama")
        warehouse.engine.dispose()
        land_all(server, name, settings, PLANTED)
        warehouse = steps.open_at(server, name, None)
        for quarter in (1, 4):
            steps.compute(warehouse, 2024, quarter)
        warehouse.engine.dispose()
        yield name


@pytest.fixture
def iku(
    server: Server,
    landed: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Said]:
    use_database(home / "rumah", landed)
    return steps.command(steps.environment(server, home), monkeypatch, capsys)


def test_the_shapes_know_people_when_they_see_them():
    for text in (NIP, "19010101 200101 1 001", f"nip={NIP},", f"{int(NIP):,}".replace(",", ".")):
        assert set(people_in(text)) == {"NIP"}
    assert all(set(people_in(phone)) == {"phone"} for phone in PHONES)
    assert set(people_in(f"<{EMAIL}>")) == {"e-mail"}
    for text in (
        f"aaa{NIP}f",
        f"{PHONES[0]}ab7c",
        "2024-08-12",
        "08.30.00",
        "CONTOH-LHE/041/VIII/2024",
    ):
        assert people_in(text) == {}


def test_nobody_is_in_the_database(server: Server, landed: str):
    assert leaks(server, landed) == {}


def test_nobody_is_in_what_the_commands_say(iku: Callable[..., Said], home: Path):
    file = home / "pegawai.csv"
    file.write_text(PLANTED["employees that cannot be read"][1])
    employees = ("--source", "office_employee", "--period", "2022")
    said = [
        iku("quarantine", "--all"),
        iku("quarantine", "--all", "--json"),
        iku("scorecard", "--year", 2024, "--json"),
        *(iku("explain", f"IKU.{n}", "2024-Q4") for n in (3, 4, 8, 9)),
        iku("explain", "IKU.9", "2024-Q4", "--json"),
        iku("land", file, *employees),
        iku("land", file, *employees, "--json"),
    ]
    assert "NIP" in said[0].out
    assert [people_in(one.out + one.err) for one in said] == [{}] * len(said)


def test_nobody_is_in_the_log_of_the_server(server: Server, landed: str):
    data = embedded.status(server.settings.home).data
    assert data is not None
    log = data.with_name("postgres.log")
    assert people_in(log.read_text(encoding="utf-8", errors="replace")) == {}


def test_people_are_in_the_archive_and_only_its_owner_reads_it(landed: str, home: Path):
    archive = home / "rumah/archive"
    kept = [path for path in archive.rglob("*") if path.is_file()]
    assert any(NIP.encode() in path.read_bytes() for path in kept)
    assert {path.stat().st_mode & 0o077 for path in (archive, *archive.rglob("*"))} == {0}
    outside = [path for path in (home / "rumah").rglob("*") if path.is_file() and path not in kept]
    assert all(NIP.encode() not in path.read_bytes() for path in outside)


def test_a_pseudonym_is_no_plain_checksum_of_the_number(server: Server, landed: str):
    with steps.admin(server, landed) as connection:
        kept = {
            pseudonym
            for table, column in (("office_employee", "employee"), ("survey_answer", "respondent"))
            for (pseudonym,) in steps.ask(
                connection, f"SELECT DISTINCT {column} FROM staging.{table}"
            )
            if pseudonym
        }
    assert len(kept) > 100
    for name in ("md5", "sha1", "sha256", "sha512"):
        plain = hashlib.new(name, NIP.encode()).hexdigest()
        assert not any(plain.startswith(pseudonym) for pseudonym in kept)


@pytest.mark.parametrize("shifted", SHIFTED)
def test_nobody_is_quoted_where_the_columns_were_shifted(
    shifted: str, server: Server, database: str, settings: Settings
):
    land_all(server, database, settings, {shifted: SHIFTED[shifted]})
    assert leaks(server, database) == {}
