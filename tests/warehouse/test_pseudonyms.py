"""Pseudonyms: what a new key changes, and what it does not."""

from __future__ import annotations

from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.warehouse.connection import Warehouse
from tests.warehouse import steps
from tests.warehouse.steps import land, landed

HEAD = "NIP,Nama,Kelompok,Kualifikasi,Kompetensi,Kinerja,Disiplin,Total\n"
PEOPLE = ("190101012001011001", "190101012001011002")
FILE = HEAD + "".join(f"{nip},Contoh,PNS,20,40,30,5,95\n" for nip in PEOPLE)
SOURCE = ("office_employee", "2023")


def employees(warehouse: Warehouse, load_id: int) -> set[str]:
    return {row["employee"] for row in steps.staged(warehouse, SOURCE[0], load_id)}


def test_a_new_key_makes_new_pseudonyms_and_leaves_what_was_landed(
    warehouse: Warehouse, settings: Settings
):
    first = landed(land(warehouse, settings, *SOURCE, FILE))
    old = employees(warehouse, first.load_id)
    (settings.home / "pseudonym_key").unlink()
    # What is in force stays as it is; only a withdrawn file is read anew.
    assert land(warehouse, settings, *SOURCE, FILE).status == "unchanged"
    loads.retract(warehouse, first.load_id, "penguji", "kunci diganti")
    second = landed(land(warehouse, settings, *SOURCE, FILE))
    assert employees(warehouse, first.load_id) == old
    assert len(employees(warehouse, second.load_id)) == len(old) == len(PEOPLE)
    assert not employees(warehouse, second.load_id) & old
