"""The configuration of an office: what it may say, and how what is wrong in it is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.fetching.doors.options import DatabaseOptions, FolderOptions, HttpOptions, InboxOptions
from flows.fetching.office_config import Feed, OfficeConfigError, read_office_config
from schemas.sources import sources
from tests.conftest import ROOT

EXAMPLE = ROOT / "config" / "kanreg-06.toml.example"


@pytest.fixture
def write(tmp_path: Path):
    """Return what writes a configuration and reads it."""

    def write(text: str) -> tuple[Feed, ...]:
        (tmp_path / "kanreg-06.toml").write_text(text, encoding="utf-8")
        return read_office_config(tmp_path, "kanreg-06")

    return write


def refused(write, text: str) -> str:
    with pytest.raises(OfficeConfigError) as refusal:
        write(text)
    return str(refusal.value)


def test_without_a_file_everything_is_brought_to_the_inbox(tmp_path: Path):
    feeds = read_office_config(tmp_path / "tidak-ada", "kanreg-06")
    assert [feed.source for feed in feeds] == sorted(sources())
    assert {type(feed.options) for feed in feeds} == {InboxOptions}


def test_a_source_has_the_door_that_is_written(write):
    feeds = write("""
        [sources.ikpa]
        door = "folder"
        deliverer = "Bagian Keuangan"
        address = "/mnt/bersama/{period}.*"

        [sources.survey_answer]
        deliverer = "Tim Survei"

        [sources.survey_answer.parts.mutasi]
        door = "http"
        address = "https://contoh.go.id/{year}/{quarter}"

        [sources.survey_answer.parts.pensiun]
        door = "database"
        deliverer = "Tim Aplikasi"
        address = "mariadb://pembaca@basisdata:3306/skm"
        query = "SELECT a FROM b WHERE c >= :start AND c < :next"
    """)
    said = {(feed.source, feed.part): feed.options for feed in feeds}
    assert len(feeds) == len(sources()) + 1  # the survey has two parts
    assert isinstance(said["ikpa", "utama"], FolderOptions)
    assert isinstance(said["survey_answer", "mutasi"], HttpOptions)
    assert isinstance(said["survey_answer", "pensiun"], DatabaseOptions)
    assert said["survey_answer", "mutasi"].deliverer == "Tim Survei"
    assert said["survey_answer", "pensiun"].deliverer == "Tim Aplikasi"
    assert ("survey_answer", "utama") not in said


def test_the_example_can_be_used(write):
    feeds = write(EXAMPLE.read_text(encoding="utf-8"))
    assert {feed.options.door for feed in feeds} == {
        "inbox",
        "folder",
        "http",
        "siasn",
        "database",
    }
    assert next(feed for feed in feeds if feed.source == "ikpa").options.deliverer


FOLDER = '[sources.ikpa]\ndoor = "folder"\n'
LINK = '[sources.ikpa]\ndoor = "http"\n'
DATABASE = (
    '[sources.ikpa]\ndoor = "database"\naddress = "{address}"\n'
    'query = "SELECT a FROM b WHERE c = :period"\n'
)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("[sources.ikpa]\ndoor = inbox", "baris 2", "bukan TOML"),
        ('office = "kanreg-06"', "office", "di bawah [sources."),
        ("[sources.ikp]", "sources.ikp", "bukan nama sumber"),
        ("[sources]\nikpa = 3", "sources.ikpa", "harus berupa tabel"),
        ('[sources.ikpa]\ndoor = "surel"', "sources.ikpa", "pintu tidak dikenal"),
        (FOLDER, "sources.ikpa", "isi salah satu"),
        (FOLDER + 'address = "/mnt/ikpa.xlsx"', "sources.ikpa", "harus memuat {period}"),
        (FOLDER + 'address = "ikpa/{period}.xlsx"', "sources.ikpa", "alamat lengkap folder"),
        (FOLDER + 'address = "smb://x/{period}.xlsx"', "sources.ikpa", "mount"),
        (FOLDER + 'address = "/mnt/{bulan}.xlsx"', "sources.ikpa.address", "{bulan}"),
        (FOLDER + 'address = "/mnt/{period}"\nmax_mb = 0', "sources.ikpa.max_mb", "sedikit 1"),
        (FOLDER + 'address = "/mnt/{period}"\nmax_mb = "x"', "sources.ikpa.max_mb", "bilangan"),
        (FOLDER + 'address = "/mnt/{period}"\nquery = "x"', "sources.ikpa.query", "tidak dikenal"),
        (LINK + 'address = "ftp://x/{period}"', "sources.ikpa", "https://"),
        (LINK + 'address = "https://{period}.x.id/"', "sources.ikpa", "server"),
        (LINK + 'addresses = {"2024-Q3" = "https://x.id/"}', "sources.ikpa.addresses", "YYYY-MM"),
        (
            LINK + 'address = "http://x.id/{period}"\nheaders_env = {"X-Key" = "IKU_K"}',
            "sources.ikpa",
            "harus https://",
        ),
        ("[sources.ikpa.parts.satu]", "sources.ikpa.parts", "tidak terbagi"),
        ("[sources.survey_answer.parts.Satu]", "sources.survey_answer.parts.Satu", "huruf kecil"),
        (DATABASE.format(address="oracle://a@b/c"), "sources.ikpa", "mysql://"),
        (DATABASE.format(address="mysql://b/c"), "sources.ikpa", "pengguna@host"),
        (DATABASE.format(address="mysql://a@b/c?ssl_ca=ca.pem"), "sources.ikpa", "?ssl_ca=/"),
        (DATABASE.format(address="mysql://a@b/c?local_infile=1"), "sources.ikpa", "?ssl_ca=/"),
        (
            DATABASE.format(address="mysql://a@b/c?ssl_ca=/x&ssl_check_hostname=tidak"),
            "sources.ikpa",
            "?ssl_ca=/",
        ),
        (DATABASE.format(address="postgresql://a@b/c?ssl_ca=/x"), "sources.ikpa", "MySQL"),
        (
            '[sources.ikpa]\ndeliverer = "Bu Rina 0812-3456-7890"',
            "sources.ikpa.deliverer",
            "bukan nomor telepon",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str, says: str, write):
    told = refused(write, text)
    assert place in told
    assert says in told


@pytest.mark.parametrize(
    ("source", "written", "is_enough"),
    [
        ("ikpa", "{year}/{month}", True),
        ("ikpa", "{year}/{quarter}", False),  # the file of September for August too
        ("ikpa", "{month}", False),  # that of last year again
        ("digital_service", "{year}/{quarter}", True),
        ("digital_service", "{year}/{month}", True),
        ("digital_service", "{year}", False),
        ("digital_service", "{quarter}", False),
        ("sakip_score", "{year}", True),
        ("sakip_score", "{month}", False),
    ],
)
def test_one_file_is_never_fetched_for_two_periods(
    source: str, written: str, is_enough: bool, write
):
    parameters = re.sub(r"\{(\w+)\}", r":\1", written).replace("/", " + ")
    for text, place in (
        (f'door = "folder"\naddress = "/mnt/{written}.csv"', "address"),
        (
            'door = "database"\naddress = "mysql://u@h/skm"\n'
            f'query = "SELECT a FROM b WHERE c = {parameters}"',
            "query",
        ),
    ):
        whole = f"[sources.{source}]\n{text}\n"
        if is_enough:
            write(whole)
        else:
            assert f"sources.{source}.{place}: harus" in refused(write, whole)


@pytest.mark.parametrize(
    "text",
    [
        DATABASE.format(address="mysql://u:hunter2@h/skm"),
        LINK + 'address = "https://x.id/{period}?token=hunter2"',
        LINK + 'address = "https://u:hunter2@x.id/{period}"',
        LINK + 'address = "https://x.id/{period}"\nheaders_env = {"X-Key" = "hunter2"}',
        DATABASE.format(address="mysql://u@h/skm") + 'password_env = "hunter2"\n',
        FOLDER + 'address = "/mnt/{period}"\npassword = "hunter2"',
    ],
)
def test_a_secret_is_refused_and_not_repeated(text: str, write):
    told = refused(write, text)
    assert "hunter2" not in told


@pytest.mark.parametrize(
    "name",
    [
        "key", "KEY", "api_key", "x-api-key", "sig", "X-Amz-Signature", "client_secret", "auth",
        "accessToken", "X-Amz-Credential", "kunci", "password",
    ],
)  # fmt: skip
def test_a_key_in_a_link_is_a_secret_whatever_it_is_called(name: str, write):
    for sign in "?&;#":
        told = refused(write, LINK + f'address = "https://x.id/{{period}}?a=1{sign}{name}=hunter2"')
        assert "memuat kata sandi atau kunci" in told
        assert "hunter2" not in told


@pytest.mark.parametrize("query", ["output=csv", "keyword=ikpa", "gid=0&single=true", "sign=x"])
def test_what_only_chooses_is_no_secret(query: str, write):
    write(LINK + f'address = "https://x.id/{{period}}?{query}"')


def test_all_problems_are_told_at_once(write):
    told = refused(write, '[sources.ikp]\n[sources.ikpa]\ndoor = "x"\n[lain]\n')
    assert len(told.splitlines()) == 4


def test_a_file_that_is_no_text_is_told(tmp_path: Path):
    (tmp_path / "kanreg-06.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OfficeConfigError, match="UTF-8"):
        read_office_config(tmp_path, "kanreg-06")
