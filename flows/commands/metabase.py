"""The commands `iku metabase`: the dashboards as files, compared with a server and written to it.

Exit codes: 0 nothing to do or done, 1 failed, 2 something would change or was changed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands import console
from flows.commands.shared import FAILED, FINE, settings

if TYPE_CHECKING:
    from flows.metabase.plan import Plan
    from flows.metabase.publisher import Publisher
    from flows.warehouse.connection import Warehouse

PENDING = 2
LEAVES = 6  # places named of one object; --json names all

ACTIONS = {"create": "dibuat", "adopt": "dikenali", "change": "diubah"}
WHO = {"ours": "berkas berubah", "theirs": "diubah orang", "both": "keduanya berubah"}

app = typer.Typer(
    help="Dasbor Metabase dari berkas: lihat, terapkan, cari yang diubah orang, rapikan, gambar.",
    no_args_is_help=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Cetak JSON, bukan tabel.")]


@app.command()
def plan(
    out: Annotated[
        Path | None, typer.Option(help="Simpan rencana, untuk `apply --plan` nanti.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tampilkan apa yang akan berubah di Metabase (kode keluar 2 bila ada); tidak menulis."""
    with _told():
        planned = _publisher(as_json).plan()
        if out is not None:
            planned.keep(out)
    if as_json:
        console.as_json(_plan_json(planned))
    else:
        _print_plan(planned)
    raise typer.Exit(PENDING if planned.pending else FINE)


@app.command()
def apply(
    plan: Annotated[
        Path | None,
        typer.Option(help="Rencana yang sudah dilihat; yang diubah orang sejak itu tidak ditimpa."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Timpa juga yang diubah orang.")] = False,
    as_json: AsJson = False,
) -> None:
    """Jadikan Metabase seperti berkasnya, lalu jalankan setiap kartu; aman diulang."""
    from flows.metabase import plan as plans

    with _told():
        seen = None if plan is None or force else plans.kept(plan)
        done = _publisher(as_json, may_set_up=True).apply(seen)
    applied, trial = done.applied, done.trial
    if as_json:
        console.as_json(
            {
                "created": applied.created,
                "adopted": applied.adopted,
                "changed": applied.changed,
                "writes": applied.writes,
                "cards_run": trial.cards,
                "tile_runs": trial.tiles,
            }
        )
        return
    if applied.writes:
        console.out.print(
            f"{len(applied.created)} dibuat, {len(applied.adopted)} dikenali, "
            f"{len(applied.changed)} diubah, dengan {applied.writes} penulisan."
        )
    else:
        console.out.print("Sudah seperti berkasnya; tidak ada yang ditulis.")
    console.out.print(
        f"{trial.cards} kartu dijalankan, dan {trial.tiles} kali di tempatnya dengan saringan: "
        "semuanya berhasil."
    )


@app.command()
def drift(as_json: AsJson = False) -> None:
    """Cari yang diubah orang sejak penerapan terakhir (kode keluar 2 bila ada)."""
    with _told():
        found = _publisher(as_json).drift()
    if as_json:
        console.as_json(
            [{"key": one.key, "is_gone": one.is_gone, "leaves": one.leaves} for one in found]
        )
    elif found:
        console.table(
            "Yang diubah orang",
            ("Objek", "Keadaan", "Yang berbeda"),
            [
                (
                    console.escape(one.key),
                    "hilang" if one.is_gone else "berubah",
                    "" if one.is_gone else _leaves(one.leaves),
                )
                for one in found
            ],
        )
        console.out.print("`iku metabase apply` mengembalikannya seperti berkas.")
    else:
        console.out.print("Tidak ada yang diubah orang sejak penerapan terakhir.")
    raise typer.Exit(PENDING if found else FINE)


@app.command()
def prune(as_json: AsJson = False) -> None:
    """Arsipkan yang tidak ada lagi di berkas; tidak ada yang dihapus."""
    with _told():
        done = _publisher(as_json).prune()
    if as_json:
        console.as_json({"archived": done.archived, "left": done.left})
        return
    console.out.print(
        f"{len(done.archived)} diarsipkan: {', '.join(done.archived)}."
        if done.archived
        else "Tidak ada yang perlu diarsipkan."
    )
    for key, reason in done.left.items():
        console.out.print(f"  {console.escape(key)} dibiarkan: {console.escape(reason)}.")


@app.command()
def preview(
    out: Annotated[
        Path | None, typer.Option(help="Folder halaman; bila kosong .iku/dasbor.")
    ] = None,
    office: Annotated[str | None, typer.Option(help="Kantor, misalnya kanreg-06.")] = None,
    year: Annotated[int | None, typer.Option(help="Tahun.")] = None,
    quarter: Annotated[int | None, typer.Option(min=1, max=4, help="Triwulan 1-4.")] = None,
    document: Annotated[
        str | None, typer.Option(help="Versi target: pk, renja atau renstra.")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Yang tampil pada tanggal ini.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Gambar dasbor sebagai halaman biasa, tanpa Metabase dan tanpa jaringan."""
    from flows.metabase.preview import pages
    from flows.metabase.specs import answers, specs

    given = settings()
    with _told():
        loaded = specs.load()
        warehouse = _warehouse(as_json)
        folder = out or given.home / "dasbor"
        chosen = {
            "kantor": office,
            "tahun": year,
            "triwulan": quarter,
            "dokumen": document,
            "per_tanggal": as_of.date() if as_of else None,
        }
        with answers.reading(given, warehouse.database, loaded) as reader:
            written = pages.draw(warehouse, reader, chosen, folder)
    if as_json:
        console.as_json({"folder": str(folder), "pages": [path.name for path in written]})
        return
    console.out.print(f"{len(written)} halaman digambar. Buka {console.escape(str(written[0]))}.")


@contextmanager
def _told() -> Iterator[None]:
    """End in one message and exit code 1 what the officer can mend."""
    from flows.metabase import publisher as publishing

    try:
        yield
    except publishing.FAILURES as failure:
        console.err.print(f"[bold red]Gagal:[/] {console.escape(str(failure))}")
        if getattr(failure, "status", None) == 401:
            console.err.print(
                "Kunci API tidak diterima. Isi IKU_METABASE_API_KEY yang berlaku; bila Metabase "
                "ini dipasang ulang, hapus dulu metabase_api_key di folder IKU_HOME."
            )
        raise typer.Exit(FAILED) from failure


def _publisher(as_json: bool, *, may_set_up: bool = False) -> Publisher:
    from flows.metabase.publisher import open_publisher

    return open_publisher(settings(), _warehouse(as_json), may_set_up=may_set_up)


def _warehouse(as_json: bool) -> Warehouse:
    from flows.warehouse.connection import open_warehouse

    warehouse = open_warehouse(settings())
    console.banner(warehouse.is_demo, console.err if as_json else console.out)
    return warehouse


def _plan_json(planned: Plan) -> dict[str, Any]:
    return {
        "metabase": ".".join(map(str, planned.version)),
        "pending": [
            {
                "key": change.key,
                "action": change.action,
                "ours": change.differences.ours,
                "theirs": change.differences.theirs,
                "both": change.differences.both,
                "password": change.secret,
            }
            for change in planned.pending
        ],
        "leftover": planned.leftover,
    }


def _print_plan(planned: Plan) -> None:
    if planned.is_untested:
        console.err.print(
            f"Metabase v{planned.version[1]} lebih baru daripada yang pernah dicoba; "
            "periksa rencana ini dengan teliti."
        )
    if planned.pending:
        console.table(
            "Yang akan berubah",
            ("Objek", "Akan", "Sebab", "Yang berbeda"),
            [
                (
                    console.escape(change.key),
                    ACTIONS[change.action],
                    _why(change),
                    "" if change.action == "create" else _all_leaves(change),
                )
                for change in planned.pending
            ],
        )
    else:
        console.out.print("Metabase sudah seperti berkasnya.")
    if planned.leftover:
        console.out.print(
            f"Tidak ada lagi di berkas: {', '.join(planned.leftover)}. "
            "`iku metabase prune` mengarsipkannya."
        )


def _why(change: Any) -> str:
    if change.action == "create":
        return "belum ada"
    found = [word for name, word in WHO.items() if getattr(change.differences, name)]
    return ", ".join([*found, *(["kata sandi baru"] if change.secret else [])]) or "belum dicatat"


def _all_leaves(change: Any) -> str:
    found = change.differences
    return _leaves((*found.both, *found.theirs, *found.ours))


def _leaves(leaves: tuple[str, ...]) -> str:
    shown = ", ".join(leaves[:LEAVES])
    more = f" ... dan {len(leaves) - LEAVES} lagi" if len(leaves) > LEAVES else ""
    return console.escape(shown) + more
