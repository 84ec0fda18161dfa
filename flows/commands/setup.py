"""The commands that set a machine up and look at it: `iku init`, `seed`, `doctor` and `stop`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from flows.commands import console
from flows.commands.shared import FAILED, FINE, AsJson, banner, opened, settings
from schemas.source import MAIN_PART
from transforms import words

if TYPE_CHECKING:
    from flows.showing.source_states import SourceState


def init() -> None:
    """Buat basis data sungguhan yang kosong; semua perintah berikutnya memakainya."""
    from flows.warehouse import connection as warehouses

    given = settings()
    before = warehouses.database_in_use(given.home)
    warehouse = opened(given, warehouses.REAL)
    warehouses.use_database(given.home, warehouses.REAL)
    if before == warehouses.REAL:
        console.out.print("Basis data sungguhan sudah dipakai; tidak ada yang berubah.")
    else:
        console.out.print(
            f"Basis data sungguhan [bold]{warehouse.database}[/] siap dan kosong. "
            "Data contoh tetap ada, tetapi tidak dipakai lagi."
        )
    console.out.print(
        "Berikutnya: isi kode satker di office.csv lalu `iku seed FOLDER`, taruh berkas di "
        f"{given.inbox}, jalankan `iku refresh`."
    )


def seed(directory: Path, as_json: AsJson = False) -> None:
    """Tambahkan baris rujukan (target, kantor, instansi, ...) dari folder berkas csv."""
    from flows.warehouse import seeding

    warehouse = opened(settings())
    banner(warehouse, as_json)
    added = seeding.seed(warehouse, directory)
    if as_json:
        console.as_json(added)
    else:
        total = sum(added.values())
        console.out.print(
            f"{total} baris rujukan ditambahkan"
            + (
                ": " + ", ".join(f"{k} {n}" for k, n in added.items() if n)
                if total
                else "; semuanya sudah tercatat"
            )
            + "."
        )


def stop() -> None:
    """Hentikan Postgres, server Prefect dan pekerjanya, juga yang dijalankan `iku serve`."""
    from flows.machine.postgres import embedded
    from flows.operating.prefect import server as prefect_server
    from flows.operating.prefect import worker as prefect_worker

    home = settings().home
    stopped = [
        name
        for name, was_running in (
            ("pekerja Prefect", prefect_worker.stop(home)),
            ("server Prefect", prefect_server.stop(home)),
            ("Postgres", embedded.stop(home)),
        )
        if was_running
    ]
    console.out.print(
        f"Dihentikan: {' dan '.join(stopped)}." if stopped else "Tidak ada yang sedang berjalan."
    )


def doctor(as_json: AsJson = False) -> None:
    """Periksa program, basis data, peran, jam, ruang disk, dan kelengkapan rujukan."""
    from flows.operating.doctor import examine
    from flows.showing.source_states import source_states

    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    findings = examine(warehouse, given)
    states = source_states(warehouse, given)
    if as_json:
        console.as_json(
            {"findings": [asdict(f) for f in findings], "sources": [asdict(s) for s in states]}
        )
    else:
        console.table(
            "Pemeriksaan",
            ("Hal", "", "Keadaan", "Yang perlu dilakukan"),
            [
                (f.subject, "baik" if f.is_well else "periksa", f.says, "" if f.is_well else f.hint)
                for f in findings
            ],
        )
        _sources(states)
    raise typer.Exit(FINE if all(f.is_well for f in findings) else FAILED)


def _sources(states: Sequence[SourceState]) -> None:
    """Print what is known of the sources, a table an office, and which doors were of no use."""
    for office, listed in itertools.groupby(states, key=lambda state: state.office):
        of_office = list(listed)
        console.table(
            f"Sumber {office}",
            ("Sumber", "Pintu", "Penyerah", "Terakhir", "Diterima", "Ditunggu", "Jatuh tempo",
             "Keadaan"),
            [
                (
                    _with_part(state),
                    state.door,
                    console.escape(state.deliverer) or words.DASH,
                    state.last_period or words.DASH,
                    words.local_day(state.landed_at, state.zone),
                    state.awaited or words.DASH,
                    words.day(state.due),
                    state.state,
                )
                for state in of_office
            ],
        )  # fmt: skip
        for source, of_source in itertools.groupby(of_office, key=lambda state: state.source):
            if missed := next(of_source).missed:
                console.out.print(f"  Belum lapor sebelumnya: {source} {missed}")
        for state in of_office:
            for problem in state.problems:
                when = words.moment(problem.asked_at, state.zone)
                what = f"{_with_part(state)} {problem.period}"
                said = console.escape(problem.message)
                console.out.print(f"  Pintu {state.door} {what}, {when}: {said}")


def _with_part(state: SourceState) -> str:
    return state.source if state.part == MAIN_PART else f"{state.source} {state.part}"
