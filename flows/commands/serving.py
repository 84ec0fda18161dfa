"""The commands of the place where it runs: `iku prepare`, `iku deploy`, `iku serve`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flows.commands import console
from flows.commands.shared import AsJson, banner, opened, settings

if TYPE_CHECKING:
    from flows.machine.settings import Settings


def prepare(as_json: AsJson = False) -> None:
    """Siapkan basis data gudang, dan milik Prefect dan Metabase bila sandinya diberikan."""
    given = settings()
    made = [opened(given).database, *_of_other_programs(given)]
    if as_json:
        console.as_json({"databases": made})
    else:
        console.out.print(f"Siap: basis data {', '.join(made)}.")


def deploy(as_json: AsJson = False) -> None:
    """Daftarkan semua alur di prefect.yaml pada server Prefect; boleh diulang."""
    from flows.operating import deploying
    from flows.operating.prefect import server as prefect_server
    from flows.warehouse import connection as warehouses

    given = settings()
    api_url = prefect_server.ensure(given.home, warehouses.server_url(given))
    os.environ.update(prefect_server.environment(given.home, api_url))
    names = deploying.deploy()
    if as_json:
        console.as_json({"deployments": list(names)})
    else:
        console.out.print(f"Terdaftar: {', '.join(names)}. Halaman Prefect: {_page(api_url)}")


def serve() -> None:
    """Jalankan Postgres, Prefect dan pekerjanya sampai dihentikan (Ctrl-C atau `iku stop`)."""
    from flows.operating import serving

    given = settings()
    with opened(given) as warehouse:
        banner(warehouse, as_json=False)
    serving.serve(given, console.out.print)


def _of_other_programs(given: Settings) -> list[str]:
    from flows.warehouse import application_database
    from flows.warehouse import connection as warehouses

    passwords = {
        application_database.PREFECT: given.prefect_database_password,
        application_database.METABASE: given.metabase_database_password,
    }
    wanted = {name: password for name, password in passwords.items() if password is not None}
    for name, password in wanted.items():
        application_database.make(warehouses.server_url(given), name, password.get_secret_value())
    return list(wanted)


def _page(api_url: str) -> str:
    return api_url.removesuffix("/api")
