"""Start a throw-away Postgres and Metabase with Docker, try the real Metabase once, remove both.

`make metabase-smoke`. The images are those of docker-compose.yml, where there is one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from flows.machine.ports import free_port
from tests.conftest import ROOT

COMPOSE = Path(__file__).with_name("compose.yaml")
OFFICES_OWN = ROOT / "docker-compose.yml"
# Where no docker-compose.yml says otherwise.
IMAGES = {"postgres": "postgres:18", "metabase": "metabase/metabase:v0.63.x"}


def main() -> int:
    """Run the whole; return 0 when every step was fine."""
    if shutil.which("docker") is None:
        print("Docker is needed: https://docs.docker.com/get-docker/")
        return 1
    with tempfile.TemporaryDirectory(prefix="iku-smoke-") as folder:
        given = environment(Path(folder), images(OFFICES_OWN))
        print(f"{given['POSTGRES_IMAGE']}, {given['METABASE_IMAGE']}")
        with running(given):
            command = [sys.executable, "-m", "tests.metabase.smoke"]
            return subprocess.run(command, cwd=ROOT, env=given, check=False).returncode


def images(compose: Path) -> dict[str, str]:
    """Return the image of each service, as the office's own compose file names it."""
    if not compose.exists():
        return IMAGES
    services = yaml.safe_load(compose.read_text(encoding="utf-8"))["services"]
    return {name: services.get(name, {}).get("image", image) for name, image in IMAGES.items()}


def environment(home: Path, image: Mapping[str, str]) -> dict[str, str]:
    """Return what leads Compose and `iku` to the two servers, and to nothing else."""
    password = secrets.token_urlsafe(24)
    postgres, metabase = free_port(home / "postgres.port"), free_port(home / "metabase.port")
    others = {name: value for name, value in os.environ.items() if not name.startswith("IKU_")}
    return {
        **others,
        "POSTGRES_IMAGE": image["postgres"],
        "METABASE_IMAGE": image["metabase"],
        "SMOKE_PASSWORD": password,
        "SMOKE_POSTGRES_PORT": str(postgres),
        "SMOKE_METABASE_PORT": str(metabase),
        "IKU_HOME": str(home),
        "IKU_INBOX": str(home / "inbox"),
        "IKU_DATABASE_URL": f"postgresql://postgres:{password}@127.0.0.1:{postgres}/postgres",
        "IKU_DATABASE": "iku_contoh",
        "IKU_METABASE_URL": f"http://127.0.0.1:{metabase}",
        "IKU_METABASE_EMAIL": "smoke@example.test",
        # Within the network of Compose.
        "IKU_METABASE_DATABASE_HOST": "postgres",
        "IKU_METABASE_DATABASE_PORT": "5432",
    }


@contextmanager
def running(given: Mapping[str, str]) -> Iterator[None]:
    """Start the servers and remove them with all they hold, however it ends."""
    compose = ["docker", "compose", "--file", str(COMPOSE)]
    try:
        subprocess.run([*compose, "up", "--detach", "--quiet-pull"], env=given, check=True)
        yield
    finally:
        down = [*compose, "down", "--volumes", "--remove-orphans"]
        subprocess.run(down, env=given, check=False)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        print(f"FAILED  {failure}")
        sys.exit(1)
