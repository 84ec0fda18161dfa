"""Doctor: what is well and what is not, of the machine, the database and the references."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.machine.settings import Settings
from flows.operating import store
from flows.showing.source_states import examine_config
from flows.warehouse import connection as warehouses
from flows.warehouse import references, roles
from flows.warehouse.connection import Warehouse
from transforms.comparing import OFFICIAL

PACKAGES = ("iku-warehouse", "prefect", "pandas", "pandera", "sqlalchemy", "psycopg2-binary")
FREE_GIB = 2  # below this a year's archive and a Postgres checkpoint may no longer fit
CLOCK_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `hint` says what to do when it is not well."""

    subject: str
    is_well: bool
    says: str
    hint: str = ""


def examine(warehouse: Warehouse, settings: Settings) -> list[Finding]:
    """Look at everything a night's run depends on."""
    return [
        *_versions(),
        *_database(warehouse, settings),
        *_clock(warehouse, settings),
        *_disk(settings),
        *_references(warehouse),
        *_configs(warehouse, settings),
    ]


def _versions() -> Iterator[Finding]:
    said = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    yield Finding("Program", True, said)


def _database(warehouse: Warehouse, settings: Settings) -> Iterator[Finding]:
    server = store.server(warehouse)
    place = "server IKU_DATABASE_URL" if settings.database_url else f"Postgres di {settings.home}"
    kind = "contoh" if warehouse.is_demo else "sungguhan"
    yield Finding(
        "Basis data",
        True,
        f"{warehouse.database} ({kind}) di {place}; {server['version'].split(' on ')[0]}; "
        f"masuk sebagai {server['who']}",
    )
    applied = store.migrations(warehouse)
    yield Finding("Migrasi", True, f"{applied['n']} dijalankan, terakhir {applied['last']}")
    roles = store.roles(warehouse)
    strong = [role for role, is_powerful in roles.items() if is_powerful]
    yield Finding(
        "Peran",
        len(roles) == 3 and not strong,
        ", ".join(roles),
        f"Cabut hak istimewa {', '.join(strong)}." if strong else "Jalankan lagi perintah ini.",
    )
    yield from _reader(warehouse, settings)


def _reader(warehouse: Warehouse, settings: Settings) -> Iterator[Finding]:
    url = roles.reader_url(
        warehouses.server_url(settings), warehouse.database, roles.passwords(settings)
    )
    can_read = roles.tables_outside_mart(url)
    yield Finding(
        "Pembaca Metabase",
        not can_read,
        "hanya melihat skema mart" if not can_read else f"melihat {', '.join(can_read[:5])}",
        "Cabut hak baca itu; metabase_reader hanya boleh melihat mart.",
    )


def _clock(warehouse: Warehouse, settings: Settings) -> Iterator[Finding]:
    if settings.instant:
        yield Finding("Jam", False, f"disetel ke {settings.instant}", "Hapus IKU_INSTANT.")
        return
    apart = abs((warehouse.instant() - datetime.now(UTC)).total_seconds())
    yield Finding(
        "Jam",
        apart <= CLOCK_SECONDS,
        f"selisih dengan server {apart:.1f} detik",
        "Samakan jam komputer dengan jam server (NTP).",
    )


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.home).free / 2**30
    yield Finding(
        "Ruang disk",
        free >= FREE_GIB,
        f"{free:.0f} GiB kosong untuk {settings.home}",
        "Kosongkan ruang sebelum penyegaran berikutnya.",
    )


def _configs(warehouse: Warehouse, settings: Settings) -> Iterator[Finding]:
    for office in sorted(references.offices(warehouse)):
        file = settings.config / f"{office}.toml"
        wrong = examine_config(settings, office, os.environ)
        says = str(file) if file.exists() else "tidak ada; semua sumber dibawa ke inbox"
        yield Finding(f"Konfigurasi {office}", not wrong, says, wrong)


def _references(warehouse: Warehouse) -> Iterator[Finding]:
    offices = references.offices(warehouse)
    yield Finding(
        "Kantor", bool(offices), ", ".join(sorted(offices)) or "belum ada", "Jalankan iku seed."
    )
    for office in offices.values():
        yield Finding(
            f"Satker {office.office}",
            bool(office.satker_code),
            office.satker_code or "belum diisi",
            "Isi satker_code di office.csv lalu jalankan iku seed; tanpa itu IKPA tidak dimuat.",
        )
        year = warehouse.instant().year
        targeted = store.targeted(warehouse, office.office, year, OFFICIAL)
        yield Finding(
            f"Target PK {year} {office.office}",
            targeted == 14,
            f"{targeted} dari 14 IKU",
            "Isi target.csv dari Perjanjian Kinerja lalu jalankan iku seed.",
        )
