"""A file that shrank much or would empty its slice waits until somebody says that it is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.landing import taking
from flows.landing.request import Landing
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.warehouse import steps
from tests.warehouse.steps import land, landed

AGENCIES = "agency_ip_asn"
REGULATIONS = "technical_regulation"


def measured(count: int) -> list[steps.Row]:
    return steps.measured(count, steps.members()[:count])


def register(count: int) -> str:
    headings = ("Nomor Usulan", "Judul", "Tanggal Usulan", "Status", "Tanggal Putusan")
    rows = [(f"U-{n}", f"Instrumen {n}", "2024-01-05", "Diusulkan", "") for n in range(count)]
    return steps.csv_text(headings, rows)


@pytest.mark.parametrize(("later", "period"), [(20, "2024-Q1"), (20, "2024-Q2"), (22, "2024-Q3")])
def test_a_list_that_lost_over_a_third_is_held(
    later: int, period: str, warehouse: Warehouse, settings: Settings
):
    first = landed(land(warehouse, settings, AGENCIES, "2024-Q1", measured(34)))
    held = land(warehouse, settings, AGENCIES, period, measured(later))
    assert (held.status, steps.rules(held)) == ("held", ["susut_banyak"])
    assert f"{later} baris yang baik, padahal sebelumnya 34" in held.reasons[0]["message"]
    assert "--confirm --reason" in held.reasons[0]["hint"]
    assert "--office" not in held.reasons[0]["hint"]
    assert steps.in_force(warehouse, AGENCIES) == {"2024-Q1": first.load_id}
    attempt = warehouse.rows("SELECT status FROM ops.load WHERE load_id = :id", id=held.load_id)
    assert attempt == [{"status": "refused"}]
    assert steps.staged(warehouse, AGENCIES, held.load_id) == []


def test_what_another_landing_took_meanwhile_is_compared_too(
    warehouse: Warehouse, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    take = taking.take

    def after_another(*given: object) -> Landing:
        monkeypatch.setattr(taking, "take", take)
        landed(land(warehouse, settings, AGENCIES, "2024-Q1", measured(34)))
        return take(*given)

    monkeypatch.setattr(taking, "take", after_another)
    held = land(warehouse, settings, AGENCIES, "2024-Q1", measured(20))
    assert (held.status, steps.rules(held)) == ("held", ["susut_banyak"])


def test_the_command_to_confirm_can_be_typed_as_it_stands(
    warehouse: Warehouse, settings: Settings, tmp_path: Path
):
    landed(land(warehouse, settings, AGENCIES, "2024-Q1", measured(34)))
    file = tmp_path / "IP ASN (20).csv"
    file.write_text(steps.csv_text(("Instansi", "Status Pengukuran"), [("12.01", "SELESAI")]))
    by_hand = steps.land_file(warehouse, settings, file, AGENCIES, "2024-Q2")
    by_door = steps.land_file(warehouse, settings, file, AGENCIES, "2024-Q3", door="http")
    commands = [one.reasons[0]["hint"].partition("iku land ")[2] for one in (by_hand, by_door)]
    assert [command.partition(" --confirm")[0] for command in commands] == [
        "'IP ASN (20).csv' --source agency_ip_asn --period 2024-Q2",
        "--source agency_ip_asn --period 2024-Q3 --office kanreg-06",
    ]


def test_two_thirds_are_enough(warehouse: Warehouse, settings: Settings):
    landed(land(warehouse, settings, AGENCIES, "2024-Q1", measured(33)))
    landed(land(warehouse, settings, AGENCIES, "2024-Q2", measured(22)))


def test_of_a_short_list_a_few_rows_may_go(warehouse: Warehouse, settings: Settings):
    landed(land(warehouse, settings, AGENCIES, "2024-Q1", measured(8)))
    landed(land(warehouse, settings, AGENCIES, "2024-Q2", measured(2)))


def test_a_confirmed_file_lands_and_its_reason_is_kept(warehouse: Warehouse, settings: Settings):
    landed(land(warehouse, settings, AGENCIES, "2024-Q1", measured(34)))
    reason = "empat belas instansi pindah kantor"
    taken = landed(land(warehouse, settings, AGENCIES, "2024-Q2", measured(20), because=reason))
    assert steps.rules(taken) == ["susut_dipastikan"]
    assert taken.reasons[0]["consequence"] == "warning"
    events = warehouse.rows("SELECT * FROM ops.load_event WHERE load_id = :id", id=taken.load_id)
    assert [(event["event"], event["reason"]) for event in events] == [("in_force", reason)]
    # What is in force now is what the next file is compared with.
    landed(land(warehouse, settings, AGENCIES, "2024-Q3", measured(19)))


def test_a_confirmation_makes_no_bad_row_good(warehouse: Warehouse, settings: Settings):
    landed(land(warehouse, settings, AGENCIES, "2024-Q1", measured(34)))
    text = "Instansi,Status Pengukuran\n12.01,Entah\n"
    refused = land(warehouse, settings, AGENCIES, "2024-Q2", text, because="memang begitu")
    assert refused.status == "refused"
    assert "susut_banyak" not in steps.rules(refused)


@pytest.mark.parametrize("period", ["2024-Q1", "2024-Q2", "2025-Q1"])
def test_a_register_that_would_become_empty_is_held(
    period: str, warehouse: Warehouse, settings: Settings
):
    landed(land(warehouse, settings, REGULATIONS, "2024-Q1", register(2)))
    held = land(warehouse, settings, REGULATIONS, period, register(0))
    assert (held.status, steps.rules(held)) == ("held", ["periode_akan_kosong"])
    landed(land(warehouse, settings, REGULATIONS, period, register(0), because="nihil"))


def test_a_register_of_a_new_year_may_be_short(warehouse: Warehouse, settings: Settings):
    landed(land(warehouse, settings, REGULATIONS, "2024-Q4", register(20)))
    landed(land(warehouse, settings, REGULATIONS, "2025-Q1", register(3)))
    landed(land(warehouse, settings, REGULATIONS, "2025-Q2", register(0), because="-"))


def test_the_first_file_is_compared_with_nothing(warehouse: Warehouse, settings: Settings):
    landed(land(warehouse, settings, REGULATIONS, "2024-Q1", register(0)))


def test_events_are_compared_within_their_slice_only(warehouse: Warehouse, settings: Settings):
    headings = ("Sistem", "Pemanfaatan")
    systems = [f"S{n:02}" for n in range(1, 16)]

    def usage(count: int) -> str:
        return steps.csv_text(headings, [(system, "1") for system in systems[:count]])

    landed(land(warehouse, settings, "system_usage", "2024-Q1", usage(15)))
    landed(land(warehouse, settings, "system_usage", "2024-Q2", usage(5)))
    held = land(warehouse, settings, "system_usage", "2024-Q1", usage(5))
    assert held.status == "held"


def test_a_held_file_lying_in_the_inbox_is_told_once(warehouse: Warehouse, settings: Settings):
    steps.write(settings, AGENCIES, "2024-Q1", measured(34))
    landed(steps.take_inbox(warehouse, settings)[0])
    file = steps.write(settings, AGENCIES, "2024-Q1", measured(20))
    assert steps.take_inbox(warehouse, settings)[0].status == "held"
    assert steps.take_inbox(warehouse, settings)[0].status == "unchanged"
    landed(steps.land_file(warehouse, settings, file, AGENCIES, "2024-Q1", because="benar"))
    assert steps.take_inbox(warehouse, settings)[0].status == "unchanged"
