"""The command `iku`: its commands in the order in which its help shows them, and its end."""

from __future__ import annotations

import sys

import typer

from flows import (
    backup_commands,
    console,
    failures,
    figure_commands,
    landing_commands,
    metabase_commands,
    quarantine_commands,
    rerun_commands,
    serving_commands,
    setup_commands,
    usage,
    watch_commands,
)
from flows.command_line import BAD_INPUT, FAILED, FINE
from flows.deploying import DeployFailed
from flows.io.embedded_postgres import PostgresUnavailable
from flows.io.migrate import MigrationRefused
from flows.io.prefect_server import PrefectUnavailable
from flows.serving import Died

UNAVAILABLE = (PostgresUnavailable, PrefectUnavailable, MigrationRefused, DeployFailed, Died)

app = typer.Typer(
    help="Gudang indikator kinerja (IKU) kantor regional BKN.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (
    setup_commands.init,
    setup_commands.seed,
    landing_commands.refresh,
    landing_commands.template,
    landing_commands.land,
    landing_commands.retract,
    rerun_commands.rerun,
    figure_commands.scorecard,
    figure_commands.explain,
    figure_commands.verify,
    setup_commands.doctor,
    watch_commands.watch,
    backup_commands.backup,
    backup_commands.restore,
    serving_commands.serve,
    serving_commands.deploy,
    serving_commands.prepare,
    setup_commands.stop,
):
    app.command()(_command)
app.add_typer(quarantine_commands.app, name="quarantine")
app.add_typer(metabase_commands.app, name="metabase")


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
        mended = failures.can_be_mended(error) and not isinstance(error, UNAVAILABLE)
        code = BAD_INPUT if mended else FAILED
        _say("Tidak dapat" if mended else "Gagal", failures.told(error))
    sys.exit(code or FINE)


def _say(how: str, what: str) -> None:
    console.err.print(f"[bold red]{how}:[/] {console.escape(what)}")
