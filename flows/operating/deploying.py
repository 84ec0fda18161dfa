"""Deploying: give Prefect what prefect.yaml says, as often as one likes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import yaml

from flows.machine.settings import project_root

DEPLOY_SECONDS = 300
PLAN = "prefect.yaml"


class DeployFailed(RuntimeError):
    """Prefect did not take the deployments; the message, in Indonesian, says where to look."""


def deploy() -> Sequence[str]:
    """Make the pool, deploy everything that prefect.yaml names, and return its names.

    The environment must lead to Prefect's API before this is called.

    Raises:
        DeployFailed: with what Prefect said.
    """
    from flows.operating.prefect import api as prefect_api

    prefect_api.make_pool()
    root = project_root()
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(
        [*command, "--prefect-file", root / PLAN],
        cwd=root,  # the program is found from here also where it is not installed
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEPLOY_SECONDS,
        check=False,
    )
    if done.returncode:
        said = " ".join((done.stderr.strip() or done.stdout.strip())[-600:].split())
        raise DeployFailed(f"Prefect tidak menerima {PLAN}: {said}")
    planned = yaml.safe_load((root / PLAN).read_text(encoding="utf-8"))
    return [str(deployment["name"]) for deployment in planned["deployments"]]
