"""What the answers of SIASN mean: found, not found, failed, or no shape that we know (RULES 7.2).

Numbers stay the digits that were sent; ids are text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from flows.fetching.doors.siasn.circuit_breaker import Unanswered

SCORES = {
    "Kualifikasi": "kualifikasi",
    "Kompetensi": "kompetensi",
    "Kinerja": "kinerja",
    "Disiplin": "disiplin",
    "Total": "subtotal",
}
NIP_FIELDS = ("nip", "nipBaru")
PPPK_STATUS = "71"
"""`kedudukanPnsId` of a PPPK in office, as public clients read it."""
ZONE = ZoneInfo("Asia/Jakarta")

Record = Mapping[str, Any]


class Digits(str):
    """A number as it was sent: its digits, not a text."""

    __slots__ = ()


class UnknownShape(Exception):
    """An answer that cannot be understood; the reason holds nothing of what it says."""

    def __init__(self, reason: str, body: bytes) -> None:
        super().__init__(reason)
        self.reason = reason
        self.body = body


class FailedAnswer(Unanswered):
    """An answer that says itself that it failed."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and the records in it; none: what was asked for is not there."""

    body: bytes
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Score:
    """The official scores of one person, by the headings of the source.

    Attributes:
        year: the year measured, as the answer tells it or as the day of making implies.
        made_on: when SIASN made it, None where the answer does not tell.
        cells: the scores as they were sent.
    """

    year: int
    made_on: datetime | None
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person is PNS or PPPK, and the legal position as the source may write it."""

    group: str
    position_status: str


def read_answer(body: bytes) -> Answer:
    """Return the records of an answer that came with HTTP 200.

    Raises:
        FailedAnswer: it says that it failed.
        UnknownShape: it is none of the shapes of RULES 7.2.
    """
    try:
        said = json.loads(body, parse_int=Digits, parse_float=Digits, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UnknownShape("bukan JSON", body) from None
    if not isinstance(said, dict):
        raise UnknownShape("bukan objek JSON", body)
    if said.get("Error") or said.get("error"):
        raise FailedAnswer(body)
    code, data = said.get("code"), said.get("data")
    if code == "0" or type(data) is str:
        return Answer(body, ())
    records = [data] if isinstance(data, dict) else data
    if code != "1" or not isinstance(records, list):
        raise UnknownShape("tanpa “code” dan “data” yang dikenal", body)
    if not all(isinstance(record, dict) for record in records):
        raise UnknownShape("“data” berisi sesuatu yang bukan objek", body)
    if "count" in said and said["count"] != str(len(records)):
        raise UnknownShape("jumlah isi “data” tidak sama dengan “count”", body)
    return Answer(body, records)


def score(answer: Answer, nip: str, year: int) -> Score | None:
    """Return somebody's scores of a year, the newest where there are several; None without any.

    Raises:
        UnknownShape: a field is missing or of another kind, or it is the answer for another one.
    """
    found = [_score(answer.body, record, nip) for record in answer.records]
    of_year = [one for one in found if one.year == year]
    if not of_year:
        return None
    newest = max(of_year, key=_when)
    if any(one.cells != newest.cells for one in of_year if _when(one) == _when(newest)):
        raise UnknownShape("beberapa nilai yang berbeda untuk tahun yang sama", answer.body)
    return newest


def standing(answer: Answer, nip: str) -> Standing | None:
    """Return what the master data say of somebody, and nothing else that stands there.

    Raises:
        UnknownShape: see `score`.
    """
    if not answer.records:
        return None
    if len(answer.records) > 1:
        raise UnknownShape("beberapa data utama untuk satu pegawai", answer.body)
    record = answer.records[0]
    _check_person(answer.body, record, nip, must_tell=True)
    status = _text(answer.body, record, "kedudukanPnsId")
    return Standing("PPPK" if status == PPPK_STATUS else "PNS", status)


def _score(body: bytes, record: Record, nip: str) -> Score:
    _check_person(body, record, nip, must_tell=False)
    cells = {heading: _text(body, record, name) for heading, name in SCORES.items()}
    made = _text(body, record, "created_at") if "created_at" in record else ""
    made_on = _moment(body, made) if made else None
    year = _text(body, record, "tahun") if "tahun" in record else ""
    if year:
        if not (len(year) == 4 and year.isdecimal()):
            raise UnknownShape("“tahun” bukan tahun", body)
        measured = int(year)
    elif made_on is not None:
        measured = made_on.year - 1  # BKN measures a year in the year after it (RULES 2.1, 0.3)
    else:
        raise UnknownShape("tanpa “created_at”", body)
    day = "" if made_on is None else made_on.date().isoformat()
    return Score(measured, made_on, {**cells, "Tanggal Penilaian": day})


def _when(one: Score) -> datetime:
    return one.made_on or datetime.combine(date.min, datetime.min.time(), ZONE)


def _check_person(body: bytes, record: Record, nip: str, *, must_tell: bool) -> None:
    told = {_text(body, record, name) for name in NIP_FIELDS if name in record}
    if (must_tell and not told) or told - {nip}:
        raise UnknownShape("jawaban bukan untuk pegawai yang ditanyakan", body)


def _text(body: bytes, record: Record, name: str) -> str:
    value = record.get(name, False)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnknownShape(f"tanpa “{name}” yang dikenal", body)
    return value.strip()


def _moment(body: bytes, text: str) -> datetime:
    """Return a moment: `dd-mm-yyyy` as everywhere in SIASN, or as ISO."""
    for read in (datetime.fromisoformat, _day_first):
        try:
            moment = read(text)
            return moment.replace(tzinfo=moment.tzinfo or ZONE).astimezone(ZONE)
        except (ValueError, OverflowError):
            continue
    raise UnknownShape("“created_at” bukan tanggal", body)


def _day_first(text: str) -> datetime:
    return datetime.strptime(text[:10], "%d-%m-%Y").replace(tzinfo=ZONE)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
