"""The employees whom SIASN is asked about: a table of NIP, csv or xlsx, outside the project."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.fetching.doors.door import DoorRefused
from flows.landing.readers import readers
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.found_heading import HEADER_ROWS
from schemas.sources.office_employee import CARD
from transforms.files.headings import normalised_heading

NIP = re.compile(r"\d{18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody to ask for; group and legal position are empty where the list does not tell."""

    nip: str
    group: str = ""
    position_status: str = ""


def read_employees(file: Path) -> list[Employee]:
    """Return the employees of a list, each once.

    Raises:
        DoorRefused: the list cannot be read, or does not say whom to ask for.
    """
    try:
        rows = readers.read_grid(file, file.name, _is_heading).rows
    except (Unreadable, OSError):
        raise _refused("tidak ada atau tidak dapat dibaca sebagai .xlsx atau .csv") from None
    places, first = _heading(rows)
    found: dict[str, Employee] = {}
    for number, row in enumerate(rows[first:], first + 1):
        if not any(cell.strip() for cell in row):
            continue
        one = _employee(row, places, number)
        if found.setdefault(one.nip, one) != one:
            raise _refused(f"baris {number}: NIP ini sudah tertulis dengan isi yang berbeda")
    if not found:
        raise _refused("tidak berisi seorang pegawai pun")
    return list(found.values())


def _heading(rows: list[list[str]]) -> tuple[Mapping[str, int], int]:
    """Return where the columns stand, and the place of the first row below."""
    for place, row in enumerate(rows[:HEADER_ROWS]):
        if _is_heading(row):
            return _columns(row), place + 1
    raise _refused("tidak punya kolom NIP")


def _is_heading(row: Sequence[str]) -> bool:
    return "employee" in _columns(row)


def _columns(row: Sequence[str]) -> Mapping[str, int]:
    known = {
        normalised_heading(heading): name
        for name in ("employee", "employee_group", "position_status")
        for heading in CARD.column(name).headings
    }
    return {
        known[heading]: index
        for index, cell in enumerate(row)
        if (heading := normalised_heading(cell)) in known
    }


def _employee(row: list[str], places: Mapping[str, int], number: int) -> Employee:
    cells = {name: row[index].strip() if index < len(row) else "" for name, index in places.items()}
    nip = cells["employee"].lstrip("'‘’`").replace(" ", "")
    if not NIP.fullmatch(nip):
        raise _refused(f"baris {number}: NIP harus 18 angka, ditulis sebagai teks")
    return Employee(nip, cells.get("employee_group", ""), cells.get("position_status", ""))


def _refused(why: str) -> DoorRefused:
    return DoorRefused(f"Daftar pegawai untuk SIASN (pilihan employees) {why}.")
