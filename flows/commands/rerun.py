"""The command `iku rerun`: show what computing again would change, ask once, record just that."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands import console
from flows.commands.shared import (
    AsJson,
    InOffice,
    Refused,
    banner,
    chosen_office,
    opened,
    settings,
    who,
)
from transforms import words

if TYPE_CHECKING:
    from flows.computing.quarter import Recorded
    from flows.computing.replanning import Move, Planned
    from flows.machine.settings import Settings
    from flows.warehouse.connection import Warehouse

FAILED, WOULD_CHANGE = 1, 2


def rerun(
    first: Annotated[str, typer.Option("--from", help="Triwulan pertama, misalnya 2024-Q1.")],
    last: Annotated[str, typer.Option("--to", help="Triwulan terakhir, misalnya 2024-Q3.")],
    reason: Annotated[str, typer.Option(help="Mengapa dihitung ulang; disimpan bersama hasil.")],
    office: InOffice = None,
    iku: Annotated[list[str] | None, typer.Option(help="Hanya IKU ini; boleh diulang.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Perlihatkan saja, jangan catat.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Catat tanpa bertanya.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hitung ulang triwulan sesudah koreksi; yang akan berubah diperlihatkan dahulu."""
    from flows.computing import replanning
    from flows.computing import store as values
    from flows.computing.quarter import Run
    from flows.warehouse import migrations

    given = settings()
    why, ikus = replanning.reason_given(reason), replanning.chosen(iku or [])
    if not plan and not yes and (as_json or not sys.stdin.isatty()):
        raise Refused("Tidak ada yang dapat ditanyai di sini. Tulis --plan atau --yes.")
    warehouse = opened(given)
    banner(warehouse, as_json)
    found = chosen_office(warehouse, office).office
    known_at = values.moment_of_knowledge(warehouse, found)
    asked = replanning.quarters(warehouse, found, first, last, known_at)
    with console.watched():
        planned = replanning.plan(warehouse, asked, ikus)
    waiting = _waiting(warehouse, given, found)
    changes = any(item.changes for item in planned)
    if not as_json:
        _print_plan(planned, waiting)
    recorded: list[Recorded] = []
    if changes and not plan and (yes or _agreed()):
        run = Run(who(), why, migrations.version(), ikus)
        done = [replanning.record(warehouse, item, run) for item in planned]
        recorded = [item for item in done if item is not None]
    if as_json:
        console.as_json(_for_json(found, planned, waiting, recorded))
    else:
        _print_recorded(recorded)
        if changes and not recorded:
            console.out.print("Tidak ada yang ditulis.")
    if plan and changes:
        raise typer.Exit(WOULD_CHANGE)
    if any(item.failed for item in planned) or any(item.superseded for item in recorded):
        raise typer.Exit(FAILED)


def _agreed() -> bool:
    """Ask once; whatever is not a yes is a no."""
    said: str = typer.prompt(
        "Catat perubahan ini? [y/t]", default="t", show_default=False, err=True
    )
    return said.strip().casefold() in ("y", "ya", "yes")


def _waiting(warehouse: Warehouse, given: Settings, office: str) -> list[str]:
    """Return the files in the inbox that are not landed: this plan does not know them."""
    from flows.fetching import inbox

    lying, problems = inbox.waiting(given.inbox, office, who(), given.settle_seconds)
    fresh = inbox.unlanded(warehouse, lying)
    return [f"{item.source}/{item.name}" for item in fresh] + problems


def _print_plan(planned: Sequence[Planned], waiting: Sequence[str]) -> None:
    if waiting:
        console.out.print(
            f"[bold yellow]Perhatian:[/] {len(waiting)} berkas di kotak masuk belum dimuat dan "
            "tidak ikut dihitung; muat dahulu dengan `iku land` atau `iku refresh`:"
        )
        for file in waiting:
            console.out.print(f"  - {console.escape(file)}")
    for item in planned:
        for failed in item.failed:
            console.out.print(
                f"[bold red]{failed.iku} {item.quarter} tidak dapat dihitung:[/] "
                f"{console.escape(failed.message)}"
            )
    moves = [move for item in planned for move in item.moves]
    if not any(item.changes for item in planned):
        console.out.print("Tidak ada yang akan berubah; tidak ada yang ditulis.")
        return
    console.table(
        "Yang akan berubah",
        ("Triwulan", "IKU", "Realisasi", "Selisih", "Capaian %", "Sebab"),
        [_line(move) for move in moves],
        right="3",
    )
    for item in planned:
        if item.rollup_changes:
            old, new = words.number(item.old_npss), words.number(item.new_npss)
            console.out.print(f"NPSS {item.quarter}: {old} → {new}")


def _line(move: Move) -> tuple[str, ...]:
    both = move.old_actual is not None and move.new_actual is not None
    difference = move.new_actual - move.old_actual if both else None  # type: ignore[operator]
    notes = "" if move.basis == "computed" else " (terbit)"
    documents = "" if move.document == "pk" else f" {move.document}"
    return (
        move.period,
        move.iku + notes + documents,
        f"{words.number(move.old_actual)} → {words.number(move.new_actual)}",
        words.number(difference),
        f"{words.number(move.old_achievement_pct)} → {words.number(move.new_achievement_pct)}",
        console.escape("; ".join(move.why)),
    )


def _print_recorded(recorded: Sequence[Recorded]) -> None:
    for item in recorded:
        if item.superseded:
            console.out.print(
                f"[bold red]{item.quarter} tidak dicatat:[/] perhitungan lain yang lebih baru "
                "sudah mencatatnya. Jalankan `iku rerun` sekali lagi."
            )
        else:
            console.out.print(
                f"{item.quarter} dicatat: {item.values_written} nilai dan "
                f"{item.achievements_written} capaian baru."
            )


def _for_json(
    office: str, planned: Sequence[Planned], waiting: Sequence[str], recorded: Sequence[Recorded]
) -> dict[str, Any]:
    return {
        "office": office,
        "moves": [asdict(move) for item in planned for move in item.moves],
        "npss": [
            {"period": str(item.quarter), "old": item.old_npss, "new": item.new_npss}
            for item in planned
            if item.rollup_changes
        ],
        "failed": [
            {"period": str(item.quarter), **asdict(failed)}
            for item in planned
            for failed in item.failed
        ],
        "not_landed": list(waiting),
        "recorded": [
            {
                "period": str(item.quarter),
                "values_written": item.values_written,
                "achievements_written": item.achievements_written,
                "rollups_written": item.rollups_written,
                "superseded": item.superseded,
            }
            for item in recorded
        ],
    }
