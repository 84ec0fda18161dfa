"""The commands that set a machine up and look at it: `iku init`, `seed`, `doctor` and `stop`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from flows import screens
from flows.command_line import FAILED, FINE, AsJson, banner, opened
from flows.io import embedded_postgres, prefect_server, prefect_worker, references
from flows.io import warehouse as warehouses
from flows.io.settings import settings


def init() -> None:
    """Buat basis data sungguhan yang kosong; semua perintah berikutnya memakainya."""
    given = settings()
    before = warehouses.database_in_use(given.home)
    warehouse = opened(given, warehouses.REAL)
    warehouses.use_database(given.home, warehouses.REAL)
    if before == warehouses.REAL:
        screens.out.print("Basis data sungguhan sudah dipakai; tidak ada yang berubah.")
    else:
        screens.out.print(
            f"Basis data sungguhan [bold]{warehouse.database}[/] siap dan kosong. "
            "Data contoh tetap ada, tetapi tidak dipakai lagi."
        )
    screens.out.print(
        "Berikutnya: isi kode satker di office.csv lalu `iku seed FOLDER`, taruh berkas di "
        f"{given.inbox}, jalankan `iku refresh`."
    )


def seed(directory: Path, as_json: AsJson = False) -> None:
    """Tambahkan baris rujukan (target, kantor, instansi, ...) dari folder berkas csv."""
    warehouse = opened(settings())
    banner(warehouse, as_json)
    added = references.seed(warehouse, directory)
    if as_json:
        screens.as_json(added)
    else:
        total = sum(added.values())
        screens.out.print(
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
    home = settings().home
    stopped = [
        name
        for name, was_running in (
            ("pekerja Prefect", prefect_worker.stop(home)),
            ("server Prefect", prefect_server.stop(home)),
            ("Postgres", embedded_postgres.stop(home)),
        )
        if was_running
    ]
    screens.out.print(
        f"Dihentikan: {' dan '.join(stopped)}." if stopped else "Tidak ada yang sedang berjalan."
    )


def doctor(as_json: AsJson = False) -> None:
    """Periksa program, basis data, peran, jam, ruang disk, dan kelengkapan rujukan."""
    from flows.doctor import examine
    from flows.source_states import source_states

    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    findings = examine(warehouse, given)
    states = source_states(warehouse, given)
    if as_json:
        screens.as_json(
            {"findings": [asdict(f) for f in findings], "sources": [asdict(s) for s in states]}
        )
    else:
        screens.table(
            "Pemeriksaan",
            ("Hal", "", "Keadaan", "Yang perlu dilakukan"),
            [
                (f.subject, "baik" if f.is_well else "periksa", f.says, "" if f.is_well else f.hint)
                for f in findings
            ],
        )
        screens.sources(states)
    raise typer.Exit(FINE if all(f.is_well for f in findings) else FAILED)
