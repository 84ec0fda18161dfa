"""Hard files: all rows bad, a large workbook, and the kinds of the corpus that ask for most."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.bench.document import Section, number, paragraph, table
from tests.bench.landing_process import land_alone
from tests.bench.measure_landing import PERIOD, write_answers
from tests.bench.place import Place
from tests.bench.timing import Samples, say, step
from tests.corpus.kinds import KINDS

NAME = "hard_files"
BAD_ROWS, BAD_ROWS_SMALL = 200_000, 5_000
BOOK_ROWS, BOOK_ROWS_SMALL = 100_000, 2_000
ROUNDS = 3
SURVEY = "survey_answer"
COSTLY = ("million-empty-rows", "zip-bomb")
# Each row breaks one of them, in turn; the last breaks three at once.
MISTAKES: Sequence[Mapping[str, str]] = (
    {"Layanan": "Layanan yang tidak ada"},
    {"Tanggal": "2023-01-31"},
    {"Tanggal": "kemarin"},
    {"Layanan": ""},
    {"Layanan": "Entah", "Tanggal": "31/02/2024", "U1 Persyaratan": "9"},
)


@dataclass(frozen=True)
class _File:
    """A file to land, and what the document calls it."""

    what: str
    path: Path
    source: str
    period: str
    status: str


def measure(place: Place, *, small: bool) -> Section:
    """Land each file several times, each time in a new database and a process of its own."""
    bad, large = (BAD_ROWS_SMALL, BOOK_ROWS_SMALL) if small else (BAD_ROWS, BOOK_ROWS)
    place.make_template()
    with step("writing the files"):
        files = list(_files(place.folder, bad, large))
    lines = [_line(place, file) for file in files]
    headings = ("File", "size", "status", "rows", "rejected", "reasons", "seconds", "**memory**")
    title = f"{number(bad)} bad rows, a workbook of {number(large)} rows, and other hard files"
    return Section(NAME, title, f"{_ABOUT_AIM}\n{table(headings, lines)}\n{paragraph(_ABOUT)}")


_ABOUT_AIM = "Aim: under **1 GiB**, whatever the file.\n"
_ABOUT = """
    Of the bad rows each is rejected and kept in ops.reject with its reason in words, every fifth of
    them with three; the file is refused. The workbook holds dates as dates and figures as numbers,
    as a spreadsheet has them. The last lines are kinds of docs/CORPUS.md. Memory is the most that
    the process held, in the worst round.
"""


def _files(folder: Path, bad: int, large: int) -> Iterator[_File]:
    answers = folder / "answers.csv"
    write_answers(answers, max(bad, large))
    yield _File("csv, every row bad", _all_bad(answers, bad), SURVEY, PERIOD, "refused")
    yield _File("workbook of good rows", _workbook(answers, large), SURVEY, PERIOD, "landed")
    for kind in KINDS:
        if kind.name in COSTLY:
            path = folder / kind.file_name
            path.write_bytes(kind.content())
            status = "landed" if kind.is_odd else "refused"
            yield _File(kind.name, path, kind.source, kind.slice_period, status)


def _all_bad(answers: Path, rows: int) -> Path:
    target = answers.with_name("all-bad.csv")
    with answers.open(encoding="utf-8") as stream, target.open("w", encoding="utf-8") as written:
        good = csv.DictReader(stream)
        bad = csv.DictWriter(written, good.fieldnames or (), lineterminator="\n")
        bad.writeheader()
        for place, row in zip(range(rows), good, strict=False):
            bad.writerow({**row, **MISTAKES[place % len(MISTAKES)]})
    return target


def _workbook(answers: Path, rows: int) -> Path:
    target = answers.with_name("answers.xlsx")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    with answers.open(encoding="utf-8", newline="") as stream:
        for _, row in zip(range(rows + 1), csv.reader(stream), strict=False):
            sheet.append([_typed(text) for text in row])
    book.save(target)
    return target


def _typed(text: str) -> object:
    """Return what a spreadsheet makes of a text."""
    if text.isdecimal():
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text or None


def _line(place: Place, file: _File) -> tuple[object, ...]:
    told: list[dict[str, Any]] = []
    for round_ in range(1, ROUNDS + 1):
        with place.fresh_database() as database:
            told.append(land_alone(file.path, file.source, file.period, database))
            if told[-1]["status"] != file.status:
                raise RuntimeError(f"{file.what}: {told[-1]}")
            reasons = place.sql("SELECT count(*) FROM ops.reject", database)[0][0]
        say(f"{file.what}, round {round_} of {ROUNDS}: {told[-1]['seconds']:.2f} s")
    size = file.path.stat().st_size
    return (
        file.what,
        f"{size / 2**20:.1f} MiB",
        file.status,
        number(told[0]["rows_in"]),
        number(told[0]["rejected"]),
        number(reasons),
        Samples(tuple(one["seconds"] for one in told)),
        f"{max(one['peak_mb'] for one in told):.0f} MiB",
    )
