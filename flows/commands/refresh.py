"""The command `iku refresh`, and what it prints of all that it did."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

import typer

from flows.commands import console
from flows.commands.landing import landing_json, print_landing
from flows.commands.shared import (
    FAILED,
    FINE,
    AsJson,
    InOffice,
    banner,
    chosen_office,
    opened,
    settings,
    who,
)


def refresh(office: InOffice = None, as_json: AsJson = False) -> None:
    """Ambil dan muat yang baru, hitung triwulan yang tersentuh, catat, dan periksa."""
    from flows.operating.prefect import server as prefect_server
    from flows.warehouse import connection as warehouses
    from flows.warehouse import references

    given = settings()
    warehouse = opened(given)
    banner(warehouse, as_json)
    offices = (
        [chosen_office(warehouse, office)]
        if office
        else [found for _, found in sorted(references.offices(warehouse).items())]
    )
    api_url = prefect_server.ensure(given.home, warehouses.server_url(given))
    os.environ.update(prefect_server.environment(given.home, api_url))
    from flows import nightly_refresh

    refreshed = []
    for found in offices:
        with console.watched():
            refreshed.append(nightly_refresh.refresh(found.office, who(), "penyegaran"))
    if as_json:
        console.as_json([_refreshed_json(item) for item in refreshed])
    else:
        for item in refreshed:
            _print_refreshed(item)
            if any(
                landed.counts.rejected or landed.status == "refused" for landed in item.landings
            ):
                console.out.print(f"  Salinan bertanda ada di {given.outbox / item.office}.")
    raise typer.Exit(FAILED if any(item.failure for item in refreshed) else FINE)


def _refreshed_json(item: Any) -> dict[str, Any]:
    return {
        "office": item.office,
        "landings": [landing_json(landed) for landed in item.landings],
        "still_refused": item.still_refused,
        "not_landed": [asdict(stopped) for stopped in item.not_landed],
        "not_computed": [asdict(stopped) for stopped in item.not_computed],
        "problems": item.problems,
        "quarters": [
            {
                "period": str(recorded.quarter),
                "values_written": recorded.values_written,
                "achievements_written": recorded.achievements_written,
                "rollups_written": recorded.rollups_written,
                "superseded": recorded.superseded,
                "failed": [asdict(failed) for failed in recorded.failed],
            }
            for recorded in item.recorded
        ],
        "findings": [asdict(finding) for finding in item.findings],
    }


def _print_refreshed(item: Any) -> None:
    by_status: dict[str, list[Any]] = {}
    for landed in item.landings:
        by_status.setdefault(landed.status, []).append(landed)
    console.out.print(
        f"[bold]{item.office}[/]: "
        f"{len(by_status.get('landed', []))} berkas dimuat, "
        f"{len(by_status.get('unchanged', []))} tidak berubah, "
        f"{len(by_status.get('refused', []))} ditolak"
        + (f", {len(by_status['held'])} ditahan." if "held" in by_status else ".")
    )
    for landed in (*by_status.get("refused", []), *by_status.get("held", [])):
        print_landing(landed)
    for problem in item.problems:
        console.out.print(f"  - {console.escape(problem)}")
    if item.still_refused:
        console.out.print(f"  {item.still_refused} berkas masih ditolak; lihat `iku quarantine`.")
    _print_computed(item)
    for finding in item.findings:
        word = "GAGAL" if finding.severity == "fail" else "perhatian"
        console.out.print(f"  {word}: {finding.title} ({len(finding.offenders)}).")
    _print_stopped(item)


def _print_computed(item: Any) -> None:
    written = sum(recorded.values_written for recorded in item.recorded)
    achieved = sum(recorded.achievements_written for recorded in item.recorded)
    if written or achieved:
        console.out.print(
            f"  {len(item.recorded)} triwulan dihitung: {written} nilai dan "
            f"{achieved} capaian baru."
        )
    elif not item.not_computed:
        console.out.print("  Tidak ada yang baru untuk dihitung; tidak ada nilai yang ditulis.")
    for recorded in item.recorded:
        for failed in recorded.failed:
            console.out.print(
                f"  [bold red]{failed.iku} {recorded.quarter} gagal:[/] "
                f"{console.escape(failed.message)}"
            )


def _print_stopped(item: Any) -> None:
    for stopped in item.not_landed:
        console.out.print(
            f"  [bold red]Tidak dimuat:[/] {console.escape(f'{stopped.what}. {stopped.reason}')}"
        )
    if item.not_landed:
        console.out.print(
            "  IKU dari sumber itu dihitung dari data yang sudah berlaku. Berkas itu dicoba lagi "
            "pada `iku refresh` berikutnya."
        )
    for stopped in item.not_computed:
        console.out.print(
            f"  [bold red]Tidak selesai:[/] {console.escape(f'{stopped.what}. {stopped.reason}')}"
        )
