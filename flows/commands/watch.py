"""The command that watches: for cron, systemd, or the health check of a container."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands import console
from flows.commands.shared import AsJson, settings

FINE, ALARM = 0, 1

Every = Annotated[
    float | None,
    typer.Option(min=1, help="Periksa sesudah sekian detik, lalu tiap sekian detik lagi."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Hanya yang perlu diperiksa.")]


def watch(every: Every = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Jaga dari luar penjadwal: putaran terakhir, Prefect, disk, sumber, kunci; lalu beri tahu."""
    while every is not None:  # at first the others, started with it, need their time
        time.sleep(every)
        _once(quiet, as_json)
    raise typer.Exit(FINE if _once(quiet, as_json) else ALARM)


def _once(quiet: bool, as_json: bool) -> bool:
    from flows.operating.watching import watch as look

    seen = look(settings())
    shown = [one for one in seen if not (quiet and one.is_well)]
    if as_json:
        console.as_json([{k: v for k, v in asdict(one).items() if k != "key"} for one in shown])
    else:
        for one in shown:
            word = "baik" if one.is_well else "[bold red]PERIKSA[/]"
            of = f" {one.office}" if one.office else ""
            console.out.print(
                f"{word}: {one.subject}{of}: {console.escape(one.says)}", soft_wrap=True
            )
    return all(one.is_well for one in seen)
