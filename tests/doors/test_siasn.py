"""The SIASN door against a simulator on a real socket: what it asks, and how it takes faults."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.fetching.doors.door import DoorRefused, DoorUnavailable
from flows.fetching.doors.siasn.pacing import Timing
from flows.fetching.doors.siasn.service import seconds_of
from tests.doors import siasn_simulator as siasn
from tests.doors.siasn_office import ANA, BUDI, CITRA, PEOPLE, SECRETS, Clock, Fetching, introduce
from tests.doors.siasn_simulator import Fault, Simulator, broken, changed, said, too_many

SCORE = "/apisiasn/1.0/pns/nilaiipasn"
MASTER = "/apisiasn/1.0/pns/data-utama"
LATER = 901
"""Seconds after which an answer is forgotten."""


@pytest.fixture
def service() -> Iterator[Simulator]:
    """Run a service that knows the three employees."""
    with siasn.running() as simulator:
        introduce(simulator)
        yield simulator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetch(service: Simulator, tmp_path: Path, clock: Clock) -> Fetching:
    return Fetching(service, tmp_path, clock)


def row(nip: str, *cells: str, group: str = "PNS", status: str = "") -> dict[str, str]:
    names = ("Kualifikasi", "Kompetensi", "Kinerja", "Disiplin", "Total", "Tanggal Penilaian")
    return {"NIP": nip, "Kelompok": group, "Kedudukan Hukum": status} | dict(
        zip(names, cells, strict=True)
    )


EVERYBODY = [
    row(ANA, "20", "36.32", "25", "5", "86.32", "2025-03-14"),
    row(BUDI, "25", "33.86", "25", "5", "88.86", "2025-03-14"),
    row(CITRA, "15", "33.63", "30", "5", "83.63", "2025-03-14"),
]


def test_both_tokens_are_made_once_and_sent_with_each_question(fetch: Fetching, service: Simulator):
    assert fetch.rows() == EVERYBODY
    assert service.tokens_made() == ["gateway", "sso"]
    asked = [one for one in service.asked if "/token" not in one.path]
    assert [(one.method, one.path) for one in asked] == [("GET", f"{SCORE}/{n}") for n in PEOPLE]
    for one in asked:
        assert one.headers["authorization"] == "Bearer gateway-1"
        assert one.headers["auth"] == "bearer sso-2"
        assert one.headers["accept"] == "application/json"


def test_the_same_answers_make_the_same_bytes(fetch: Fetching, service: Simulator, clock: Clock):
    first = fetch("satu")
    clock.now += LATER
    fetch.list((CITRA, "PNS"), (ANA, "PNS"), (f"'{BUDI}", "PNS"), (ANA, "PNS"))
    second = fetch("dua")
    assert first is not None
    assert second is not None
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.name == second.name == "siasn_2024_3-dari-3.ndjson"
    assert len(service.paths()) == 6


def test_what_was_answered_a_moment_ago_is_not_asked_again(
    fetch: Fetching, service: Simulator, clock: Clock
):
    """A night asks for two years, which the same answers hold."""
    assert fetch.rows() == EVERYBODY
    fetch.list((ANA, "PNS"), (BUDI, "PNS"), (CITRA, ""))
    assert fetch.rows()[:2] == EVERYBODY[:2]
    asked = [f"{SCORE}/{nip}" for nip in PEOPLE]
    assert service.paths() == [*asked, f"{MASTER}/{CITRA}"]
    clock.now += LATER
    fetch.list(*((nip, "PNS") for nip in PEOPLE))
    assert fetch.rows() == EVERYBODY
    assert service.paths() == [*asked, f"{MASTER}/{CITRA}", *asked]


def test_what_failed_is_asked_again(fetch: Fetching, service: Simulator):
    service.faults.extend([Fault(), *[broken()] * 20])
    with pytest.raises(DoorUnavailable):
        fetch()
    assert service.paths()[0] == f"{SCORE}/{PEOPLE[0]}"
    service.faults.clear()
    before = len(service.paths())
    assert fetch.rows() == EVERYBODY
    assert service.paths()[before:] == [f"{SCORE}/{nip}" for nip in PEOPLE[1:]]


def test_group_and_position_are_asked_for_where_the_list_does_not_tell(
    fetch: Fetching, service: Simulator
):
    service.master_data[CITRA]["kedudukanPnsId"] = "71"
    fetch.list((ANA,), (BUDI,), (CITRA,), heading="NIP")
    rows = fetch.rows()
    assert [(one["Kelompok"], one["Kedudukan Hukum"]) for one in rows] == [
        ("PNS", "01"),
        ("PNS", "01"),
        ("PPPK", "71"),
    ]
    assert service.paths()[:2] == [f"{SCORE}/{ANA}", f"{MASTER}/{ANA}"]
    fetched = fetch("lagi")
    assert fetched is not None
    text = fetched.path.read_text(encoding="utf-8")
    for secret in ("1271010101900001", "081234567890", "Jalan", "@", "Namarahasia"):
        assert secret not in text


@pytest.mark.parametrize(
    ("record", "counts"),
    [
        ({"created_at": "31-12-2025"}, True),
        ({"created_at": "2025-12-31T16:59:59Z"}, True),
        ({"created_at": "2025-12-31T17:00:00Z"}, False),
        ({"created_at": "01-01-2026"}, False),
        ({"created_at": "31-12-2024"}, False),
        ({"created_at": "14-03-2026", "tahun": 2024}, True),
        ({"created_at": "14-03-2025", "tahun": "2023"}, False),
        ({"created_at": None, "tahun": "2024"}, True),
        ({"created_at": "0001-01-01T00:00:00Z"}, False),
        ({"created_at": "14-03-2025 10:11:12"}, True),
    ],
)
def test_a_score_counts_for_the_year_it_measured(
    record: dict[str, Any], counts: bool, fetch: Fetching, service: Simulator
):
    service.scores[ANA] |= record
    found = [one["NIP"] for one in fetch.rows()]
    assert found == (list(PEOPLE) if counts else [BUDI, CITRA])


def test_of_several_scores_of_a_year_the_newest_counts(fetch: Fetching, service: Simulator):
    old = service.scores[ANA] | {"created_at": "14-02-2025", "kinerja": 1}
    other = service.scores[ANA] | {"created_at": "14-02-2024", "kinerja": 2}
    service.always_for[ANA] = said(
        {"code": 1, "count": 3, "data": [old, service.scores[ANA], other]}
    )
    assert fetch.rows() == EVERYBODY


def test_a_strange_sign_is_left_to_the_landing(fetch: Fetching, service: Simulator):
    service.scores[ANA] |= {"kinerja": "\ud800"}
    assert fetch.rows()[0]["Kinerja"] == "\ud800"


def test_whoever_is_not_found_is_left_out_and_the_name_of_the_file_says_so(
    fetch: Fetching, service: Simulator
):
    del service.scores[ANA]
    fetched = fetch()
    assert fetched is not None
    assert fetched.name == "siasn_2024_2-dari-3.ndjson"


def test_nothing_is_there_while_nobody_has_a_score(fetch: Fetching, service: Simulator):
    service.scores.clear()
    assert fetch() is None


def test_while_less_than_half_have_a_score_it_is_waited_for(fetch: Fetching, service: Simulator):
    del service.scores[ANA], service.scores[BUDI]
    with pytest.raises(DoorRefused, match="1 dari 3 pegawai"):
        fetch()


@pytest.mark.parametrize("expired", [("gateway",), ("sso",), ("gateway", "sso")])
def test_both_tokens_are_renewed_when_one_has_expired(
    expired: tuple[str, ...], fetch: Fetching, service: Simulator
):
    def expire(answer: Any) -> Any:
        service.expire(*expired)
        return answer

    service.faults.append(changed(expire))
    assert fetch.rows() == EVERYBODY
    assert service.tokens_made() == ["gateway", "sso", "gateway", "sso"]
    assert service.paths() == [f"{SCORE}/{nip}" for nip in (ANA, BUDI, BUDI, CITRA)]


@pytest.mark.parametrize("status", [401, 403])
def test_whoever_is_not_let_in_is_told_and_nothing_is_tried_again(
    status: int, fetch: Fetching, service: Simulator, clock: Clock
):
    service.always = Fault(status, body=b"{}")
    with pytest.raises(DoorRefused, match=f"HTTP {status}") as refusal:
        fetch()
    assert refusal.value.kept is None
    assert len(service.paths()) == (2 if status == 401 else 1)
    assert service.tokens_made() == ["gateway", "sso"] * (2 if status == 401 else 1)


@pytest.mark.parametrize(
    ("variable", "told"), [("IKU_SIASN_SECRET", "gateway"), ("IKU_SIASN_PASSWORD", "SSO")]
)
def test_a_wrong_secret_is_sent_once(variable: str, told: str, fetch: Fetching, service: Simulator):
    fetch.environment[variable] = "keliru"
    with pytest.raises(DoorRefused, match=f"Token {told} SIASN ditolak") as refusal:
        fetch()
    assert "keliru" not in str(refusal.value)
    assert service.tokens_made().count(told.lower()) == 1
    assert service.paths() == []


def test_a_secret_that_is_not_set_is_named(fetch: Fetching, service: Simulator):
    del fetch.environment["IKU_SIASN_CLIENT"]
    with pytest.raises(DoorRefused, match="IKU_SIASN_CLIENT untuk SIASN belum diisi"):
        fetch()


def test_tokens_are_asked_for_again_when_their_service_is_busy(fetch: Fetching, service: Simulator):
    service.token_faults.extend([broken(503), Fault(), too_many()])
    assert fetch.rows() == EVERYBODY
    assert service.tokens_made() == ["gateway", "gateway", "sso", "sso"]


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"token": "x"}', b'{"access_token": "a\\nb"}']
)
def test_a_token_of_no_known_shape_is_refused_and_not_kept(
    body: bytes, fetch: Fetching, service: Simulator
):
    service.token_faults.append(said(body))
    with pytest.raises(DoorRefused, match="bentuk yang tidak dikenal") as refusal:
        fetch()
    assert refusal.value.kept is None


def test_at_most_two_requests_go_out_in_a_second(fetch: Fetching, service: Simulator, clock: Clock):
    fetch()
    assert len(service.asked) == 5
    assert clock.slept == [0.5] * 4


@pytest.mark.parametrize(
    "fault",
    [too_many(), broken(500), broken(502), broken(503), Fault(is_cut=True)],
    ids=["429", "500", "502", "503", "cut"],
)
def test_a_question_is_tried_three_times_with_growing_waits(
    fault: Fault, fetch: Fetching, service: Simulator, clock: Clock
):
    service.faults.extend([fault, fault])
    assert fetch.rows() == EVERYBODY
    assert service.paths()[:4] == [f"{SCORE}/{ANA}"] * 3 + [f"{SCORE}/{BUDI}"]
    waits = [seconds for seconds in clock.slept if seconds >= 1]
    assert len(waits) == 2
    assert 1 <= waits[0] <= 2
    assert 4 <= waits[1] <= 5
    assert waits != [1, 4]  # jitter


def test_whoever_got_no_answer_in_three_tries_is_asked_for_once_more_at_the_end(
    fetch: Fetching, service: Simulator, clock: Clock
):
    service.faults.extend([broken()] * 3)
    assert fetch.rows() == EVERYBODY
    assert service.paths() == [f"{SCORE}/{nip}" for nip in (ANA, ANA, ANA, BUDI, CITRA, ANA)]
    assert 16 in clock.slept


def test_an_incomplete_answer_is_no_file(fetch: Fetching, service: Simulator):
    service.always_for[BUDI] = broken()
    with pytest.raises(DoorUnavailable, match="tidak menjawab untuk 1 dari 3 pegawai"):
        fetch()
    assert service.paths().count(f"{SCORE}/{BUDI}") == 6
    assert list((fetch.folder / "masuk").iterdir()) == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_service_that_says_when_to_come_back_is_left_alone_until_then(
    status: int, fetch: Fetching, service: Simulator, clock: Clock
):
    service.faults.append(Fault(status, {"Retry-After": "37"}, b"{}"))
    started = clock.now
    assert fetch.rows() == EVERYBODY
    assert clock.now - started >= 37
    assert service.paths()[:2] == [f"{SCORE}/{ANA}"] * 2


def test_the_last_try_leaves_it_alone_too(fetch: Fetching, service: Simulator, clock: Clock):
    service.faults.extend([broken(), broken(), too_many("200")])
    assert fetch.rows() == EVERYBODY
    assert max(clock.slept) > 190


def test_a_service_that_wants_long_peace_gets_it(fetch: Fetching, service: Simulator, clock: Clock):
    service.faults.append(too_many("4000"))
    for _ in range(2):
        with pytest.raises(DoorUnavailable, match=r"39\d\d detik"):
            fetch()
    assert service.paths() == [f"{SCORE}/{ANA}"]
    clock.now += 3700
    assert fetch.rows() == EVERYBODY


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Wed, 01 Jan 2025 00:01:30 GMT", 90.0),
        ("Tue, 31 Dec 2024 23:00:00 GMT", 0.0),
        ("Wed, 01 Jan 2025 00:01:30", 0.0),
        ("-5", 0.0),
        ("sebentar", 0.0),
        ("", 0.0),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float):
    assert seconds_of(text, datetime(2025, 1, 1, tzinfo=UTC)) == seconds


def test_after_twenty_errors_in_a_row_the_service_is_left_alone(
    fetch: Fetching, service: Simulator
):
    fetch.list(*((f"1901010120010110{number:02}", "PNS") for number in range(30)))
    service.always = broken()
    with pytest.raises(DoorUnavailable, match="20 kali berturut-turut"):
        fetch()
    assert len(service.paths()) == 20


def test_it_is_tried_again_when_it_has_rested(fetch: Fetching, service: Simulator, clock: Clock):
    fetch.list(*((f"1901010120010110{number:02}", "PNS") for number in range(30)))
    service.always = broken()
    asked = []
    for seconds in (0, 890, 20, 0):
        clock.now += seconds
        with pytest.raises(DoorUnavailable, match="20 kali berturut-turut"):
            fetch()
        asked.append(len(service.paths()))
    assert asked == [20, 20, 21, 21]
    clock.now += 910
    service.always = None
    fetch.list(*((nip, "PNS") for nip in PEOPLE))
    assert fetch.rows() == EVERYBODY


def test_two_pulls_at_once_ask_in_turns(fetch: Fetching, service: Simulator, clock: Clock):
    service.always = Fault(delay_seconds=0.02)
    fetch.timing = replace(fetch.timing, remembered_seconds=0)
    with ThreadPoolExecutor() as pool:
        pulls = [pool.submit(fetch, into) for into in ("satu", "dua")]
        assert all(pull.result() for pull in pulls)
    assert len(service.asked) == 10
    assert service.most_at_once == 1
    assert clock.slept == [0.5] * 9


def test_errors_between_answers_do_not_add_up(fetch: Fetching, service: Simulator):
    service.faults.extend([broken(), broken(), Fault()] * 15)
    people = [f"1901010120010110{number:02}" for number in range(15)]
    for nip in people:
        service.add(nip, ("20", "40", "30", "5", "95"), "14-03-2025")
    fetch.list(*((nip, "PNS") for nip in people))
    assert len(fetch.rows()) == 15
    assert len(service.paths()) == 45


@pytest.mark.parametrize(
    "fault", [Fault(delay_seconds=30), Fault(drip_seconds=0.05)], ids=["silent", "dripping"]
)
def test_a_slow_answer_is_not_waited_for(fault: Fault, fetch: Fetching, service: Simulator):
    fetch.timing = Timing(
        timeout_seconds=0.4,
        requests_per_second=1000,
        first_wait_seconds=0.001,
        clock=time.monotonic,
    )
    service.faults.append(fault)
    assert fetch.rows() == EVERYBODY
    assert service.paths()[:2] == [f"{SCORE}/{ANA}"] * 2


def test_nobody_at_the_address_is_told(fetch: Fetching):
    fetch.url = "http://127.0.0.1:9"
    with pytest.raises(DoorUnavailable):
        fetch()


def test_an_address_that_is_none_is_told(fetch: Fetching, service: Simulator):
    fetch.url = "https://apimws.bkn.go.id:gerbang"
    with pytest.raises(DoorRefused, match="salah tulis"):
        fetch()


def listed(*records: dict[str, Any], count: int | None = None) -> bytes:
    counted = {} if count is None else {"count": count}
    return json.dumps({"code": 1, **counted, "data": list(records)}).encode()


RECORD = {
    "kualifikasi": 20,
    "kompetensi": 36.32,
    "kinerja": 25,
    "disiplin": 5,
    "subtotal": 86.32,
    "created_at": "14-03-2025",
}
WITHOUT_TOTAL = {name: value for name, value in RECORD.items() if name != "subtotal"}

UNKNOWN = {
    "a web page": b"<html><body>Masuk</body></html>",
    "an empty body": b"",
    "a number": b"42",
    "a list": b"[]",
    "half an object": b'{"code": 1, "data": {',
    "no code": json.dumps({"data": RECORD}).encode(),
    "another code": json.dumps({"code": 2, "data": RECORD}).encode(),
    "true as code": json.dumps({"code": True, "data": RECORD}).encode(),
    "nothing as data": b'{"code": 1, "data": null}',
    "a number as data": b'{"code": 1, "data": 5}',
    "the answer of a write": b'{"success": true, "mapData": {"rwSkpId": "1"}, "message": "ok"}',
    "not a number": b'{"code": 1, "data": {"kualifikasi": NaN}}',
    "numbers in a list": b'{"code": 1, "count": 1, "data": [5]}',
    "a field missing": json.dumps({"code": 1, "data": WITHOUT_TOTAL}).encode(),
    "a field of another kind": json.dumps({"code": 1, "data": RECORD | {"kinerja": []}}).encode(),
    "no day": json.dumps({"code": 1, "data": RECORD | {"created_at": ""}}).encode(),
    "no such day": json.dumps({"code": 1, "data": RECORD | {"created_at": "31-02-2025"}}).encode(),
    "a day before all days": json.dumps(
        {"code": 1, "data": RECORD | {"created_at": "0001-01-01T00:00:00+07:00"}}
    ).encode(),
    "no such year": json.dumps({"code": 1, "data": RECORD | {"tahun": "TW I"}}).encode(),
    "two scores at once": listed(RECORD, RECORD | {"kinerja": 30}, count=2),
    "a page that is too short": listed(RECORD, count=2),
    "an empty page of two": listed(count=2),
    "the page of somebody else": listed(RECORD | {"nip": BUDI}, count=1),
    "far too long": b'{"code": 1, "data": {}}' + b" " * (1 << 20),
    "nested too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("shape", UNKNOWN)
def test_an_unknown_shape_is_refused_and_kept(shape: str, fetch: Fetching, service: Simulator):
    service.faults.append(said(UNKNOWN[shape]))
    with pytest.raises(DoorRefused, match="bentuk yang tidak dikenal") as refusal:
        fetch()
    assert refusal.value.kept is not None
    assert refusal.value.kept.parent == fetch.folder / "masuk"
    assert refusal.value.kept.read_bytes() == UNKNOWN[shape][: 1 << 20]
    assert service.paths() == [f"{SCORE}/{ANA}"]
    assert not any(nip in str(refusal.value) for nip in PEOPLE)


@pytest.mark.parametrize("status", [204, 302, 400, 404, 405])
def test_another_status_is_an_unknown_shape(status: int, fetch: Fetching, service: Simulator):
    body = b"" if status == 204 else b"{}"
    service.faults.append(Fault(status, {"Location": "/apisiasn/1.0/lain"}, body))
    with pytest.raises(DoorRefused, match=f"HTTP {status}"):
        fetch()
    assert service.paths() == [f"{SCORE}/{ANA}"]


@pytest.mark.parametrize(
    "nothing",
    [
        siasn.NOT_FOUND,
        {"code": 0, "data": None},
        {"code": 0},
        {"code": 1, "data": "Data tidak ditemukan"},
        {"code": 1, "count": 0, "data": []},
    ],
)
def test_not_found_is_no_error(nothing: Any, fetch: Fetching, service: Simulator):
    service.always_for[ANA] = said(nothing)
    assert fetch.rows() == EVERYBODY[1:]


@pytest.mark.parametrize("key", ["Error", "error"])
def test_an_answer_that_says_it_failed_is_tried_again(
    key: str, fetch: Fetching, service: Simulator
):
    failed = said({key: True, "Message": "gangguan", "code": 1, "data": RECORD})
    service.faults.extend([failed, failed])
    assert fetch.rows() == EVERYBODY


def test_an_answer_that_always_says_it_failed_is_kept(fetch: Fetching, service: Simulator):
    service.always_for[ANA] = said({"Error": True, "Message": f"gangguan {ANA}"})
    with pytest.raises(DoorRefused, match="permintaannya gagal") as refusal:
        fetch()
    assert ANA not in str(refusal.value)
    assert refusal.value.kept is not None
    assert b"gangguan" in refusal.value.kept.read_bytes()


def test_a_page_with_the_same_score_twice_is_one_score(fetch: Fetching, service: Simulator):
    service.always_for[ANA] = said(listed(RECORD, RECORD, count=2))
    assert fetch.rows() == EVERYBODY


@pytest.mark.parametrize(
    "shift", [lambda data: {**data, "nipBaru": BUDI}, lambda data: {"kedudukanPnsId": "01"}]
)
def test_master_data_must_be_those_of_the_person(
    shift: Callable[[Any], Any], fetch: Fetching, service: Simulator
):
    fetch.list((ANA,), (BUDI,), (CITRA,), heading="NIP")
    service.faults.extend([Fault(), changed(lambda body: {**body, "data": shift(body["data"])})])
    with pytest.raises(DoorRefused, match="bukan untuk pegawai yang ditanyakan"):
        fetch()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "tidak dapat dibaca"),
        ("Nama,Kelompok\nAna,PNS\n", "tidak punya kolom NIP"),
        ("NIP,Kelompok\n", "tidak berisi seorang pegawai pun"),
        (f"NIP,Kelompok\n{ANA[:-1]},PNS\n", "baris 2: NIP harus 18 angka"),
        (f"NIP,Kelompok\n{ANA},PNS\n{ANA},PPPK\n", "baris 3: NIP ini sudah tertulis"),
    ],
)
def test_a_list_that_does_not_say_whom_to_ask_for_is_refused(
    text: str, told: str, fetch: Fetching, service: Simulator
):
    fetch.employees.write_text(text)
    with pytest.raises(DoorRefused, match=told) as refusal:
        fetch()
    assert ANA[:-1] not in str(refusal.value)
    assert service.asked == []


def test_a_list_that_is_not_there_is_refused(fetch: Fetching):
    fetch.employees.unlink()
    with pytest.raises(DoorRefused, match="tidak ada"):
        fetch()


def test_nobody_and_no_secret_is_in_the_log(
    fetch: Fetching, service: Simulator, caplog: pytest.LogCaptureFixture
):
    for name in (None, "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    service.faults.extend([broken(), Fault(is_cut=True)])
    fetch()
    said_aloud = caplog.text
    assert not any(nip in said_aloud for nip in PEOPLE)
    assert not any(secret in said_aloud for secret in SECRETS.values())
