"""An office with three employees that fetches from the simulator of SIASN."""

from __future__ import annotations

import json
from pathlib import Path

from flows.fetching.doors.door import Fetched
from flows.fetching.doors.options import SiasnOptions
from flows.fetching.doors.siasn.door import SiasnDoor
from flows.fetching.doors.siasn.pacing import Timing
from schemas.source import Cadence
from tests.doors import siasn_simulator as siasn
from tests.doors.siasn_simulator import Simulator
from transforms.files.period import parse_period

YEAR = parse_period("2024", Cadence.YEARLY)
ANA, BUDI, CITRA = "190101012001011001", "190202022002021002", "190303032003212003"
PEOPLE = (ANA, BUDI, CITRA)
SECRETS = {
    "IKU_SIASN_KEY": siasn.CONSUMER_KEY,
    "IKU_SIASN_SECRET": siasn.CONSUMER_SECRET,
    "IKU_SIASN_CLIENT": siasn.CLIENT_ID,
    "IKU_SIASN_USER": siasn.USERNAME,
    "IKU_SIASN_PASSWORD": siasn.PASSWORD,
}


class Clock:
    """A clock that only sleeping moves, so that long waits take no time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def introduce(service: Simulator) -> None:
    """Let the service know the three employees of the office."""
    service.add(ANA, ("20", "36.32", "25", "5", "86.32"), "14-03-2025")
    service.add(BUDI, ("25", "33.86", "25", "5", "88.86"), "2025-03-14T08:00:00.000Z")
    service.add(CITRA, ("15", "33.63", "30", "5", "83.63"), "14-03-2025")


def said_of(url: str, employees: Path) -> dict[str, str]:
    """Return what the configuration of the office says of the service."""
    return {
        "door": "siasn",
        "gateway_token_url": f"{url}/oauth2/token",
        "sso_token_url": f"{url}/auth/realms/public-siasn/protocol/openid-connect/token",
        "base_url": f"{url}/apisiasn/1.0",
        "consumer_key_env": "IKU_SIASN_KEY",
        "consumer_secret_env": "IKU_SIASN_SECRET",
        "client_id_env": "IKU_SIASN_CLIENT",
        "username_env": "IKU_SIASN_USER",
        "password_env": "IKU_SIASN_PASSWORD",
        "employees": str(employees),
    }


class Fetching:
    """The door of an office whose list of employees is as given."""

    def __init__(self, service: Simulator, folder: Path, clock: Clock) -> None:
        self.employees = folder / "pegawai.csv"
        self.list(*((nip, "PNS") for nip in PEOPLE))
        self.environment = dict(SECRETS)
        self.timing = Timing(clock=clock, sleep=clock.sleep)
        self.folder = folder
        self.url = service.url

    def list(self, *rows: tuple[str, str], heading: str = "NIP,Kelompok") -> None:
        lines = [heading, *(",".join(row) for row in rows)]
        self.employees.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def __call__(self, into: str = "masuk") -> Fetched | None:
        place = self.folder / into
        place.mkdir(exist_ok=True)
        options = SiasnOptions.model_validate(said_of(self.url, self.employees))
        return SiasnDoor(options, self.environment, self.timing).fetch(YEAR, place)

    def rows(self) -> list[dict[str, str]]:
        fetched = self()
        assert fetched is not None
        return [json.loads(line) for line in fetched.path.read_text(encoding="utf-8").splitlines()]
