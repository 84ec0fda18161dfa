"""prefect.yaml names modules that can be imported, and keeps the rules of a night."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows import failed_runs
from flows.operating.prefect.worker import POOL

ROOT = Path(__file__).parents[2]
PLAN: dict[str, Any] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
DEPLOYMENTS: dict[str, dict[str, Any]] = {one["name"]: one for one in PLAN["deployments"]}

each = pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS)


def flow_of(deployment: dict[str, Any]) -> Any:
    module, _, name = deployment["entrypoint"].rpartition(".")
    return getattr(importlib.import_module(module), name)


@each
def test_every_entrypoint_is_a_flow_in_a_module(deployment: dict[str, Any]):
    from prefect.flows import Flow

    assert isinstance(flow_of(deployment), Flow)
    assert PLAN["pull"] == []


@each
def test_the_form_on_the_page_explains_every_parameter(deployment: dict[str, Any]):
    for name, parameter in flow_of(deployment).parameters.properties.items():
        assert parameter["description"], name
        assert parameter.get("type") or parameter.get("anyOf"), name


@each
def test_a_second_run_waits_for_the_first(deployment: dict[str, Any]):
    assert deployment["work_pool"] == {"name": POOL}
    assert deployment["concurrency_limit"]["collision_strategy"] == "ENQUEUE"
    assert deployment["description"]


@each
def test_somebody_is_told_when_a_run_fails_or_its_process_dies(deployment: dict[str, Any]):
    flow = flow_of(deployment)
    assert failed_runs.tell in flow.on_crashed_hooks
    # A refresh that fails tells of it by itself, with what failed.
    assert (failed_runs.tell in flow.on_failure_hooks) == (deployment["name"] != "refresh")


def test_the_night_begins_at_half_past_one_in_jakarta():
    (night,) = DEPLOYMENTS["nightly"]["schedules"]
    assert (night["cron"], night["timezone"]) == ("30 1 * * *", "Asia/Jakarta")
    zones = {s["timezone"] for d in DEPLOYMENTS.values() for s in d.get("schedules", ())}
    assert zones == {"Asia/Jakarta"}


def test_the_deployments_of_the_design_are_there():
    wanted = {"nightly", "refresh", "rerun", "verify", "housekeeping", "dashboards"}
    assert wanted <= set(DEPLOYMENTS)


def test_an_office_that_cannot_be_started_keeps_no_other_from_starting():
    from flows.nightly import start_each

    started = []

    def start(office: str) -> None:
        if office == "kanreg-02":
            raise ConnectionError("server sibuk")
        started.append(office)

    hindered = start_each(["kanreg-01", "kanreg-02", "kanreg-03"], start)
    assert started == ["kanreg-01", "kanreg-03"]
    assert hindered == ["kanreg-02 (server sibuk)"]
