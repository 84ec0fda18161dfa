"""The http door against a real server on this machine, with all its faults."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from flows.fetching.doors import files
from flows.fetching.doors.door import DoorRefused, DoorUnavailable
from flows.fetching.doors.files import HttpDoor
from flows.fetching.doors.options import HttpOptions
from schemas.source import Cadence
from tests.doors import web as answers
from tests.doors.web import Web
from transforms.files.period import parse_period

Q3 = parse_period("2024-Q3", Cadence.QUARTERLY)
CSV = b"Layanan,Digital\nL01,Ya\n"
PATH = "/sheet/2024-Q3"


def door(web: Web, path: str = "/sheet/{period}", **said: object) -> HttpDoor:
    given = {"door": "http", "address": web.address + path, **said}
    return HttpDoor(HttpOptions.model_validate(given), {"IKU_LINK_KEY": "rahasia-uji"})


def test_one_get_brings_the_bytes_as_they_are(web: Web, into: Path):
    web.answers[PATH] = answers.content(CSV)
    fetched = door(web).fetch(Q3, into)
    assert fetched is not None
    assert (fetched.name, fetched.path.read_bytes()) == ("2024-Q3.csv", CSV)
    assert fetched.path.parent == into
    assert [(method, path) for method, path, _ in web.asked] == [("GET", PATH)]


def test_every_placeholder_is_filled(web: Web, into: Path):
    web.answers["/2024/3/09/2024-Q3.csv"] = answers.content(CSV)
    assert door(web, "/{year}/{quarter}/{month}/{period}.csv").fetch(Q3, into) is not None


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/unduh/{period}.xlsx", CSV, "2024-Q3.xlsx"),  # the reader says that it is none
        ("/pub?output=csv&p={period}", CSV, "2024-Q3.csv"),
        ("/pub?p={period}", b"PK\x03\x04 buku kerja", "2024-Q3.xlsx"),
    ],
)
def test_the_name_is_that_of_the_link_or_of_the_real_type(
    path: str, body: bytes, name: str, web: Web, into: Path
):
    web.answers[path.partition("?")[0].format(period="2024-Q3")] = answers.content(body)
    fetched = door(web, path).fetch(Q3, into)
    assert fetched is not None
    assert fetched.name == name


def test_a_pattern_that_leads_nowhere_yet_is_nothing(web: Web, into: Path):
    assert door(web).fetch(Q3, into) is None


def test_a_link_written_for_the_period_must_lead_somewhere(web: Web, into: Path):
    link = door(web, address=None, addresses={"2024-Q3": f"{web.address}/hilang"})
    with pytest.raises(DoorRefused, match=r"2024-Q3.*404"):
        link.fetch(Q3, into)
    assert link.fetch(parse_period("2024-Q2", Cadence.QUARTERLY), into) is None
    assert len(web.asked) == 1


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_fault_of_the_server_may_pass(code: int, web: Web, into: Path):
    web.answers[PATH] = answers.status(code, b"rahasia")
    with pytest.raises(DoorUnavailable, match=str(code)):
        door(web).fetch(Q3, into)


@pytest.mark.parametrize("code", [400, 401, 403, 405])
def test_a_refusal_does_not_pass(code: int, web: Web, into: Path):
    web.answers[PATH] = answers.status(code)
    with pytest.raises(DoorRefused, match=str(code)):
        door(web).fetch(Q3, into)


def test_an_answer_cut_short_is_not_taken(web: Web, into: Path):
    web.answers[PATH] = answers.cut(CSV, promised=len(CSV) + 100)
    with pytest.raises(DoorUnavailable, match="terputus"):
        door(web).fetch(Q3, into)


def test_a_server_that_says_nothing_is_not_waited_for(
    web: Web, into: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "SILENT_SECONDS", 0.2)
    web.answers[PATH] = answers.silent(web)
    with pytest.raises(DoorUnavailable, match="tidak menjawab"):
        door(web).fetch(Q3, into)


def test_nobody_at_the_address(into: Path):
    nobody = Web("http://127.0.0.1:9")
    with pytest.raises(DoorUnavailable, match=r"127\.0\.0\.1"):
        door(nobody).fetch(Q3, into)


@pytest.mark.parametrize("tells_its_size", [True, False])
def test_more_than_the_limit_is_not_fetched(tells_its_size: bool, web: Web, into: Path):
    block, blocks = b"x" * (1 << 20), 64
    web.answers[PATH] = (
        answers.cut(b"", promised=len(block) * blocks)
        if tells_its_size
        else answers.endless(block, blocks)
    )
    with pytest.raises(DoorRefused, match="lebih besar dari 2 MB"):
        door(web, max_mb=2).fetch(Q3, into)
    fetched = sum(file.stat().st_size for file in into.iterdir())
    assert fetched < len(block) * blocks / 2


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><p>Masuk</p>", b"\n<html><p>Masuk</p>", b"\xef\xbb\xbf<HTML>"]
)
def test_a_web_page_in_place_of_the_file_is_kept_and_refused(page: bytes, web: Web, into: Path):
    web.answers["/unduh/2024-Q3.xlsx"] = answers.content(page, "text/html")
    with pytest.raises(DoorRefused, match="halaman web") as refusal:
        door(web, "/unduh/{period}.xlsx").fetch(Q3, into)
    assert refusal.value.kept is not None
    assert refusal.value.kept.read_bytes() == page


def test_a_redirect_on_the_same_server_is_followed(web: Web, into: Path):
    web.answers[PATH] = answers.redirect("/lain")
    web.answers["/lain"] = answers.content(CSV)
    fetched = door(web, headers_env={"X-Key": "IKU_LINK_KEY"}).fetch(Q3, into)
    assert fetched is not None
    assert fetched.path.read_bytes() == CSV


def test_no_redirect_leads_to_another_server_by_http(web: Web, into: Path):
    with answers.serving() as other:
        other.answers["/"] = answers.content(CSV)
        web.answers[PATH] = answers.redirect(f"{other.address}/")
        with pytest.raises(DoorRefused, match="mengalihkan"):
            door(web).fetch(Q3, into)
        assert other.asked == []


def test_no_redirect_takes_a_secret_to_another_server(web: Web, into: Path):
    web.answers[PATH] = answers.redirect("https://127.0.0.1:9/")
    with pytest.raises(DoorRefused, match="mengalihkan"):
        door(web, headers_env={"X-Key": "IKU_LINK_KEY"}).fetch(Q3, into)
    with pytest.raises(DoorUnavailable):  # without a secret it is followed, to nobody
        door(web).fetch(Q3, into)


def test_a_redirect_without_end_is_given_up(web: Web, into: Path):
    web.answers[PATH] = answers.redirect(PATH)
    with pytest.raises(DoorRefused, match="tidak dapat dibuka"):
        door(web).fetch(Q3, into)


def test_a_secret_is_sent_and_never_logged(web: Web, into: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    keyed = door(web, "/kunci-alamat/{period}", headers_env={"X-Key": "IKU_LINK_KEY"})
    web.answers["/kunci-alamat/2024-Q3"] = answers.status(403)
    with pytest.raises(DoorRefused) as refusal:
        keyed.fetch(Q3, into)
    assert web.asked[0][2]["X-Key"] == "rahasia-uji"
    said = caplog.text + str(refusal.value)
    assert "rahasia-uji" not in said
    assert "kunci-alamat" not in said


def test_a_secret_that_is_not_there_is_named(web: Web, into: Path):
    with pytest.raises(DoorRefused, match="IKU_TIDAK_ADA belum diisi"):
        door(web, headers_env={"X-Key": "IKU_TIDAK_ADA"}).fetch(Q3, into)
    assert web.asked == []
