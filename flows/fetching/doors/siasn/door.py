"""The door to the SIASN web service: the official IP ASN scores of the office's employees."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.fetching.doors.door import DoorRefused, DoorUnavailable, Fetched
from flows.fetching.doors.options import SiasnOptions
from flows.fetching.doors.siasn.answers import FailedAnswer, Standing, UnknownShape, score, standing
from flows.fetching.doors.siasn.circuit_breaker import Unanswered
from flows.fetching.doors.siasn.employees import Employee, read_employees
from flows.fetching.doors.siasn.pacing import Timing
from flows.fetching.doors.siasn.service import Endpoint, Service
from transforms.files.period import Period

SECOND_ROUND_WAITS = 16
"""Times the first wait: after waits of 1 and 4 seconds comes one of 16 (RULES 7.2)."""

Row = dict[str, str]


class SiasnDoor:
    """Ask SIASN for one employee after the other and write what the source needs as NDJSON.

    The same answers make the same bytes. NIK, phone numbers and addresses, which the master data
    hold, are never written.
    """

    def __init__(
        self,
        options: SiasnOptions,
        environment: Mapping[str, str] = os.environ,
        timing: Timing | None = None,
    ) -> None:
        self._options = options
        self._environment = environment
        self._timing = timing or Timing()

    def fetch(self, period: Period, into: Path) -> Fetched | None:
        """Bring the scores of a year; None while nobody of the list has one.

        Raises:
            DoorUnavailable: SIASN does not answer now.
            DoorRefused: it does not let us in, answered in a way that we do not know, or has not
                scored half of them yet.
        """
        employees = read_employees(self._options.employees)
        try:
            with Service(self._options, self._environment, self._timing) as service:
                rows = self._rows(service, employees, period.year)
        except UnknownShape as unknown:
            message = f"SIASN menjawab dengan bentuk yang tidak dikenal: {unknown.reason}."
            raise DoorRefused(message, _kept(into, unknown.body)) from None
        except FailedAnswer as failed:
            message = "SIASN berulang kali menjawab bahwa permintaannya gagal."
            raise DoorRefused(message, _kept(into, failed.body)) from None
        if not rows:
            return None
        if 2 * len(rows) < len(employees):
            raise DoorRefused(
                f"SIASN baru memuat nilai IP ASN tahun {period.year} untuk {len(rows)} dari "
                f"{len(employees)} pegawai. Ditunggu sampai sebagian besar dinilai."
            )
        return _written(rows, into, f"{period.text}_{len(rows)}-dari-{len(employees)}")

    def _rows(self, service: Service, employees: Sequence[Employee], year: int) -> list[Row]:
        """Ask for everybody; whoever got no answer is asked for once more at the end."""
        found: dict[str, Row | None] = {}
        left, failure = self._round(service, employees, year, found)
        if left:
            self._timing.sleep(SECOND_ROUND_WAITS * self._timing.first_wait_seconds)
            left, failure = self._round(service, left, year, found)
        if isinstance(failure, FailedAnswer):
            raise failure
        if left:
            raise DoorUnavailable(
                f"SIASN tidak menjawab untuk {len(left)} dari {len(employees)} pegawai, juga "
                "setelah diulang. Belum ada yang dimuat; akan dicoba lagi pada penarikan "
                "berikutnya."
            )
        return [row for _, row in sorted(found.items()) if row is not None]

    def _round(
        self,
        service: Service,
        employees: Sequence[Employee],
        year: int,
        found: dict[str, Row | None],
    ) -> tuple[list[Employee], Unanswered | None]:
        left = []
        failure = None
        for employee in employees:
            try:
                found[employee.nip] = _row(service, employee, year)
            except Unanswered as error:
                left.append(employee)
                failure = error
        return left, failure


def _row(service: Service, employee: Employee, year: int) -> Row | None:
    """Return what the source needs of an employee, None without a score of the year."""
    scored = score(service.ask(Endpoint.SCORE, employee.nip), employee.nip, year)
    if scored is None:
        return None
    known = _standing(service, employee)
    return {
        "NIP": employee.nip,
        "Kelompok": known.group,
        "Kedudukan Hukum": known.position_status,
        **scored.cells,
    }


def _standing(service: Service, employee: Employee) -> Standing:
    """Return group and position as the list tells them; only where it does not SIASN is asked."""
    if employee.group:
        return Standing(employee.group, employee.position_status)
    told = standing(service.ask(Endpoint.MASTER_DATA, employee.nip), employee.nip)
    # Without a group the row is refused at landing, where the officer sees it.
    return told or Standing("", employee.position_status)


def _written(rows: Sequence[Row], into: Path, name: str) -> Fetched:
    path = into / f"siasn_{name}.ndjson"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "ascii", newline="\n")
    return Fetched(path, path.name)


def _kept(into: Path, body: bytes) -> Path:
    path = into / "siasn_jawaban.json"
    path.write_bytes(body)
    return path
