"""The commands `iku backup` and `iku restore`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands import console
from flows.commands.shared import FAILED, AsJson, settings
from transforms import words

if TYPE_CHECKING:
    from flows.operating.backups.folder import Lost

Collection = Annotated[
    Path | None, typer.Argument(help="Tempat cadangan dikumpulkan; bila kosong, IKU_HOME/backup.")
]
OneBackup = Annotated[Path, typer.Argument(help="Folder satu cadangan, buatan `iku backup`.")]


def backup(folder: Collection = None, as_json: AsJson = False) -> None:
    """Cadangkan basis data dan arsip ke folder baru; lengkap, atau tidak sama sekali."""
    from flows.operating.backups import backups

    given = settings()
    _banner(backups.database_of(given), as_json)
    with console.watched():
        made = backups.make(given, folder or given.home / "backup")
    if as_json:
        console.as_json(asdict(made) | {"folder": str(made.folder)})
    else:
        console.out.print(f"Cadangan selesai: {console.escape(str(made.folder))}", soft_wrap=True)
        _print_amounts(made.database, made.rows, made.archive_files)
        console.out.print(
            "Periksa kapan saja dengan `sha256sum --check SHA256SUMS` di folder itu, dan simpan "
            "salinannya di disk atau mesin lain."
        )
        if made.key:
            console.out.print(
                "Kunci nama samaran sengaja tidak ikut. Simpan salinannya di tempat lain yang "
                f"aman: {console.escape(made.key)}. Tanpa kunci itu orang yang sama mendapat nama "
                "samaran lain dalam berkas baru."
            )
        _print_lost(made.lost)
    if made.lost:
        raise typer.Exit(FAILED)


def restore(folder: OneBackup, as_json: AsJson = False) -> None:
    """Pulihkan satu cadangan ke tempat yang kosong; yang sudah berisi tidak ditimpa."""
    from flows.operating.backups import backups

    given = settings()
    with console.watched():
        restored = backups.restore(given, folder)
    _banner(restored.database, as_json)
    if as_json:
        console.as_json(asdict(restored))
        return
    console.out.print(f"Dipulihkan: keadaan {words.moment(restored.at)} WIB.")
    _print_amounts(restored.database, restored.rows, restored.archive_files)
    if restored.key in ("missing", "other"):
        is_other = "lain" if restored.key == "other" else "belum ada"
        console.out.print(
            f"[bold yellow]Perhatian:[/] kunci nama samaran di sini {is_other}. Sebelum memuat "
            f"berkas survei, salin kunci yang lama ke {console.escape(str(given.home))}/"
            "pseudonym_key (mode 0600) atau isi IKU_PSEUDONYM_KEY; tanpa itu nama samaran dalam "
            "berkas baru tidak bertemu dengan yang lama."
        )
    _print_lost(restored.lost)
    console.out.print("Berikutnya: `iku verify`, lalu `iku doctor`.")


def _banner(database: str, as_json: bool) -> None:
    from flows.warehouse.connection import DEMO

    console.banner(database == DEMO, console.err if as_json else console.out)


def _print_amounts(database: str, rows: int, files: int) -> None:
    console.out.print(
        f"Basis data {database}: {words.number(rows)} baris. Arsip: {words.number(files)} berkas."
    )


def _print_lost(lost: Sequence[Lost]) -> None:
    for item in lost:
        of = f", milik {', '.join(item.loads)}" if item.loads else ""
        console.out.print(
            f"[bold red]Tidak ikut:[/] berkas arsip {item.sha256}{of}: hilang atau rusak sebelum "
            "dicadangkan. Ambil dari cadangan yang lebih lama, dari folder archive di dalamnya.",
            soft_wrap=True,
        )
