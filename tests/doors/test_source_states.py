"""The state of every source, as `iku doctor` tells it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.fetching import errands
from flows.fetching.doors.door import DoorUnavailable
from flows.landing import land as landing
from flows.machine.settings import Settings
from flows.showing.source_states import SourceState, examine_config, source_states
from flows.warehouse.connection import Warehouse
from schemas.sources import sources
from tests.conftest import Server
from tests.doors import web as answers
from tests.doors.web import Web
from tests.warehouse import steps

OFFICE = "kanreg-06"


@pytest.fixture
def october(server: Server, database: str, at) -> Warehouse:
    steps.backdate_references(server, database)
    return at("2024-10-20T01:00:00+07:00")


@pytest.fixture
def configured(settings: Settings, web: Web) -> Settings:
    settings.config.mkdir()
    (settings.config / f"{OFFICE}.toml").write_text(
        f"""
        [sources.digital_service]
        door = "http"
        deliverer = "Bidang Mutasi"
        address = "{web.address}/{{period}}.csv"
        headers_env = {{ "X-Key" = "IKU_KUNCI_UJI" }}

        [sources.survey_answer.parts.mutasi]
        door = "http"
        address = "{web.address}/mutasi/{{period}}.csv"

        [sources.survey_answer.parts.pensiun]
        deliverer = "Tim Survei"
        """,
        encoding="utf-8",
    )
    return settings


def states(warehouse: Warehouse, settings: Settings) -> dict[tuple[str, str], SourceState]:
    return {
        (state.source, state.part): state
        for state in source_states(warehouse, settings)
        if state.office == OFFICE
    }


def fetch_all(warehouse: Warehouse, settings: Settings) -> None:
    for errand in errands.errands(warehouse, settings, OFFICE):
        try:
            answer = errands.fetch(warehouse, settings, errand, "penguji")
        except DoorUnavailable:
            continue
        if answer.request is not None:
            landing.land(warehouse, settings, answer.request)


def test_every_source_is_there_with_its_due_day(october: Warehouse, settings: Settings):
    found = states(october, settings)
    assert {source for source, _ in found} == set(sources())
    ikpa = found["ikpa", "utama"]
    assert (ikpa.door, ikpa.last_period, ikpa.landed_at) == ("inbox", None, None)
    assert (ikpa.awaited, ikpa.due, ikpa.state) == ("2024-09", date(2024, 10, 15), "terlambat")
    printed = found["published_actual", "utama"]
    assert (printed.due, printed.state) == (None, "tanpa tenggat")


def test_a_door_that_brings_and_one_that_does_not(
    october: Warehouse, configured: Settings, web: Web, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IKU_KUNCI_UJI", "rahasia")
    web.answers["/2024-Q3.csv"] = answers.content(b"Layanan,Digital,Digital SIASN\nL01,Ya,Ya\n")
    web.answers["/mutasi/2024-Q3.csv"] = answers.status(503)
    fetch_all(october, configured)  # for the fourth quarter nothing is there yet
    found = states(october, configured)
    digital = found["digital_service", "utama"]
    assert (digital.door, digital.deliverer) == ("http", "Bidang Mutasi")
    assert (digital.last_period, digital.state, digital.problems) == ("2024-Q3", "lengkap", ())
    assert digital.landed_at == october.instant()
    mutasi = found["survey_answer", "mutasi"]
    assert (mutasi.last_period, mutasi.landed_at) == (None, None)
    (problem,) = mutasi.problems
    assert problem.period == "2024-Q3"
    assert "503" in problem.message
    pensiun = found["survey_answer", "pensiun"]
    assert (pensiun.door, pensiun.deliverer, pensiun.problems) == ("inbox", "Tim Survei", ())


def test_a_problem_is_told_until_the_door_brings_the_file(
    october: Warehouse, configured: Settings, web: Web, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IKU_KUNCI_UJI", "rahasia")
    web.answers["/2024-Q3.csv"] = answers.status(503)
    fetch_all(october, configured)
    assert len(states(october, configured)["digital_service", "utama"].problems) == 1
    web.answers["/2024-Q3.csv"] = answers.content(b"Layanan,Digital,Digital SIASN\nL01,Ya,Ya\n")
    fetch_all(october, configured)
    assert states(october, configured)["digital_service", "utama"].problems == ()


def test_an_older_period_is_told_until_it_is_there(
    october: Warehouse, configured: Settings, web: Web, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IKU_KUNCI_UJI", "rahasia")
    web.answers["/2024-Q2.csv"] = answers.content(b"<html>Silakan masuk</html>")
    of_use = [errand.feed for errand in errands.errands(october, configured, OFFICE)]
    for errand in errands.missed(october, configured, OFFICE, of_use):
        if errand.feed.source == "digital_service":
            errands.fetch(october, configured, errand, "penguji")
    digital = states(october, configured)["digital_service", "utama"]
    assert [problem.period for problem in digital.problems] == ["2024-Q2"]
    assert digital.missed == "2023-Q1, 2023-Q2, 2023-Q3, 2023-Q4, 2024-Q1, 2024-Q2"
    steps.landed(steps.land(october, configured, "digital_service", "2024-Q2", steps.digital()))
    digital = states(october, configured)["digital_service", "utama"]
    assert digital.problems == ()
    assert digital.missed == "2023-Q1, 2023-Q2, 2023-Q3, 2023-Q4, 2024-Q1"


def test_a_part_has_its_own_last_success(october: Warehouse, configured: Settings):
    form = steps.form("444444444", answered_on=date(2024, 8, 1))
    steps.landed(
        steps.land(october, configured, "survey_answer", "2024-Q3", [form], part="pensiun")
    )
    found = states(october, configured)
    assert found["survey_answer", "pensiun"].last_period == "2024-Q3"
    assert found["survey_answer", "mutasi"].last_period is None


def test_what_is_wrong_with_a_configuration_is_told(configured: Settings, tmp_path: Path):
    assert "IKU_KUNCI_UJI" in examine_config(configured, OFFICE, {})
    assert examine_config(configured, OFFICE, {"IKU_KUNCI_UJI": "rahasia"}) == ""
    assert examine_config(configured, "kanreg-07", {}) == ""
    (configured.config / f"{OFFICE}.toml").write_text("[sources.apa]", encoding="utf-8")
    assert "bukan nama sumber" in examine_config(configured, OFFICE, {})


def test_a_configuration_that_cannot_be_used_hides_no_source(
    october: Warehouse, configured: Settings
):
    (configured.config / f"{OFFICE}.toml").write_text("[sources.apa]", encoding="utf-8")
    assert {state.door for state in states(october, configured).values()} == {"inbox"}
