"""The command `iku`: its commands in the order in which its help shows them, and its end."""

from __future__ import annotations

import gc
import sys

import typer

from flows.commands import (
    backup,
    console,
    figures,
    landing,
    metabase,
    quarantine,
    refresh,
    rerun,
    serving,
    setup,
    usage,
    watch,
)
from flows.commands.shared import BAD_INPUT, FAILED, FINE

app = typer.Typer(
    help="Gudang indikator kinerja (IKU) kantor regional BKN.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (
    setup.init,
    setup.seed,
    refresh.refresh,
    landing.template,
    landing.land,
    landing.retract,
    rerun.rerun,
    figures.scorecard,
    figures.explain,
    figures.verify,
    setup.doctor,
    watch.watch,
    backup.backup,
    backup.restore,
    serving.serve,
    serving.deploy,
    serving.prepare,
    setup.stop,
):
    app.command()(_command)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(metabase.app, name="metabase")


def main() -> None:
    """Run the command; whatever fails ends in one message, never in a traceback."""
    try:
        code = app(standalone_mode=False, prog_name="iku")
    except typer.TyperException as refusal:
        code = BAD_INPUT
        if refusal.format_message():  # empty when nothing was asked: the help has been shown
            _say("Tidak dapat", usage.told(refusal))
    except typer.Abort:
        code = FAILED
    except Exception as error:
        code = _failed(error)
    gc.freeze()  # else Python walks all that the libraries made before it ends: a fifth of a start
    sys.exit(code or FINE)


def _failed(error: Exception) -> int:
    """Say what failed and return the exit code; a command that does not fail loads none of it."""
    from flows.machine.postgres.programs import PostgresUnavailable
    from flows.operating.deploying import DeployFailed
    from flows.operating.prefect.server import PrefectUnavailable
    from flows.operating.serving import Died
    from flows.warehouse import failures
    from flows.warehouse.migrations import MigrationRefused

    unavailable = (PostgresUnavailable, PrefectUnavailable, MigrationRefused, DeployFailed, Died)
    mended = failures.can_be_mended(error) and not isinstance(error, unavailable)
    _say("Tidak dapat" if mended else "Gagal", failures.told(error))
    return BAD_INPUT if mended else FAILED


def _say(how: str, what: str) -> None:
    console.err.print(f"[bold red]{how}:[/] {console.escape(what)}")
