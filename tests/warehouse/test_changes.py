"""What is shown otherwise since an instant, and the reason that is given."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import get_type_hints

from flows.computing import store as values
from flows.landing import store as loads
from flows.machine.settings import Settings
from flows.showing import changes
from flows.warehouse.connection import Warehouse
from schemas.rows import Change
from tests.warehouse import steps


def reasons(warehouse: Warehouse, act: Callable[[], object]) -> dict[str, str]:
    """Do something, compute, and return why each indicator of the second quarter changed."""
    since = values.moment_of_knowledge(warehouse, steps.OFFICE)
    act()
    steps.compute(warehouse, 2024, 2)
    found = changes.since(warehouse, steps.OFFICE, since)
    assert all(set(row) == set(get_type_hints(Change)) for row in found)
    return {row["iku"]: row["sebab"] for row in found if row["periode"] == "2024-Q2"}


def test_each_kind_of_change_has_its_reason(warehouse: Warehouse, settings: Settings):
    def land(online: int) -> int:
        rows = steps.digital(online)
        return steps.landed(
            steps.land(warehouse, settings, "digital_service", "2024-Q2", rows)
        ).load_id

    first = reasons(warehouse, lambda: land(6))
    assert first["IKU.7"] == "pertama kali dihitung"
    assert len(first) == 14
    assert reasons(warehouse, lambda: None) == {}
    assert reasons(warehouse, lambda: land(9)) == {"IKU.7": "data baru: digital_service 2024-Q2"}
    assert reasons(warehouse, lambda: loads.retract(warehouse, 2, "penguji", "keliru")) == {
        "IKU.7": "data ditarik, yang sebelumnya berlaku lagi: digital_service 2024-Q2"
    }
    assert reasons(warehouse, lambda: loads.retract(warehouse, 1, "penguji", "keliru")) == {
        "IKU.7": "data ditarik: digital_service 2024-Q2"
    }
    figures = steps.printed({"IKU.7": Decimal("81.25")})
    printed = reasons(
        warehouse,
        lambda: steps.land(warehouse, settings, "published_actual", "2024-Q2", figures),
    )
    assert "angka terbit menggantikan hitungan" in printed["IKU.7"]
