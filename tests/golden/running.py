"""Run a golden case: land its files, compute and record its quarters, compare what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from flows.computing import measuring, recording
from flows.computing import store as values
from flows.computing.quarter import Quarter, Run
from flows.landing import land as landing
from flows.landing.request import Request
from flows.machine.settings import Settings
from flows.warehouse import seeding
from flows.warehouse.connection import Warehouse
from tests.golden import case as cases
from tests.golden import slow
from tests.golden.case import Case, Check
from transforms.evidence import Computed, outcome
from transforms.indicators import indicators

RUN = Run("uji", "kasus emas", "uji")
REFERENCES_AT = "2019-06-01T00:00:00+07:00"

At = Callable[[str | None], Warehouse]


def run(case: Case, at: At, settings: Settings, folder: Path) -> None:
    """Land what is given, compute every quarter, and compare it with what is expected."""
    at = cache(at)
    if case.references:
        cases.write_references(case.references, folder / "seeds")
        seeding.seed(at(REFERENCES_AT), folder / "seeds")
    landed = 0
    for check in sorted(case.checks, key=lambda check: check.clock):
        known = [file for file in case.files if file.landed <= check.clock]
        for file in known[landed:]:
            land(file, case.office, at, settings, folder)
        landed = len(known)
        look(case, check, at(check.clock.isoformat()))
    assert landed == len(case.files), "a file lands after everything is computed"


def land(file: cases.File, office: str, at: At, settings: Settings, folder: Path) -> None:
    request = Request(file.write(folder), office, file.source, file.period, file.part)
    found = landing.land(at(file.landed.isoformat()), settings, request)
    assert (found.status, found.reasons if found.status != "landed" else ()) == ("landed", ())
    counts = {name: str(getattr(found.counts, name)) for name in file.counts}
    assert counts == dict(file.counts)


def look(case: Case, check: Check, warehouse: Warehouse) -> None:
    """Compute a quarter, record it, and compare what was computed and what is shown."""
    known_at = values.moment_of_knowledge(warehouse, case.office)
    quarter = Quarter(case.office, check.year, check.quarter, known_at)
    if "error" in check.expected:
        look_at_failure(case, check, quarter, warehouse)
        return
    found = measuring.measure(warehouse, f"IKU.{case.iku}", quarter)
    assert isinstance(found, Computed), found
    printed = measuring.published(warehouse, quarter)
    recorded = recording.record(warehouse, quarter, [found], printed, RUN)
    assert not recorded.superseded
    shown = shown_in_mart(warehouse, case, check)
    by_hand = of_slow(case, check)
    if check.expected.get("basis") == "published":
        ours = [item for item in printed if item.iku == found.iku]
        assert differences(stated(check), of_computed(ours[0])) == []
    else:
        assert differences(stated(check), of_computed(found)) == []
    assert differences(stated(check), by_hand.shown, only_common=True) == []
    assert differences(by_hand.shown, shown) == []
    assert differences(stated(check), shown) == []
    assert by_hand.computed == outcome(found.measurement)["actual"]
    if "computed" in check.expected:
        assert same(check.expected["computed"], by_hand.computed)


def look_at_failure(case: Case, check: Check, quarter: Quarter, warehouse: Warehouse) -> None:
    """Compute all indicators: this one is refused and writes nothing, the others are recorded."""
    found = [measuring.measure(warehouse, iku, quarter) for iku in indicators()]
    recorded = recording.record(warehouse, quarter, found, [], RUN)
    code = f"IKU.{case.iku}"
    assert [failure.iku for failure in recorded.failed] == [code]
    assert check.expected["error"] in recorded.failed[0].message
    written = warehouse.rows(
        "SELECT DISTINCT iku FROM mart.capaian_iku WHERE kantor = :office AND periode = :period",
        office=case.office,
        period=str(quarter),
    )
    assert {row["iku"] for row in written} == set(indicators()) - {code}
    with pytest.raises(slow.Refused):
        slow.computed(case.world(), case.iku, check.year, check.quarter, check.clock)


COMPARED = ("status", "actual", "numerator", "denominator")
SHOWN = (*COMPARED, "word", "achievement_pct")


def stated(check: Check) -> dict[str, object]:
    """Return what a case says of a value; what it does not say is expected to be empty."""
    figures = {name: check.expected.get(name) for name in SHOWN}
    return {**figures, "components": check.expected.get("components", {})}


def of_computed(found: Computed) -> dict[str, object]:
    said = outcome(found.measurement)
    return {name: said[name] for name in (*COMPARED, "components")}


def shown_in_mart(warehouse: Warehouse, case: Case, check: Check) -> dict[str, object]:
    """Return the row of the scorecard, under the names of the cases."""
    rows = warehouse.rows(
        """
        SELECT
            status, realisasi AS actual, pembilang AS numerator, penyebut AS denominator,
            status_kata AS word, capaian AS achievement_pct, dasar,
            -- rincian leaves the services of the survey out.
            (SELECT components FROM iku.value WHERE value_id = nilai_id) AS components
        FROM mart.capaian_iku
        WHERE kantor = :office AND iku = :iku AND periode = :period AND dokumen = 'pk'
        """,
        office=case.office,
        iku=f"IKU.{case.iku}",
        period=f"{check.year}-Q{check.quarter}",
    )
    assert len(rows) == 1
    basis = "terbit" if check.expected.get("basis") == "published" else "hitung"
    shown = dict(rows[0])
    assert shown.pop("dasar") == basis
    return shown


@dataclass
class BySlowMeans:
    """What the slow computation shows, and its own figure where a printed one is shown."""

    shown: dict[str, object]
    computed: Decimal | None


def of_slow(case: Case, check: Check) -> BySlowMeans:
    world, about = case.world(), (case.iku, check.year, check.quarter)
    ours = slow.computed(world, *about, check.clock)
    theirs = slow.printed(world, *about, check.clock)
    answer = slow.on_the_scorecard(ours, theirs)
    reached, word = slow.achievement(world, *about, answer)
    shown = {
        "status": answer.status,
        "actual": in_decimals(answer.actual),
        "numerator": answer.numerator,
        "denominator": answer.denominator,
        "word": word,
        "achievement_pct": None if reached is None else Decimal(reached) / 100,
        "components": answer.figures,
    }
    return BySlowMeans(shown, in_decimals(ours.actual))


def in_decimals(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(slow.hundredths(value)).scaleb(-2)


def differences(
    expected: Mapping[str, object], found: Mapping[str, object], *, only_common: bool = False
) -> list[str]:
    """Return what is found otherwise than expected.

    Args:
        expected: figures by name; of `components` and what lies in it only what is named.
        found: the same; a figure that it does not have is not compared.
        only_common: whether components that are not found may be passed over.
    """
    told = []
    for name, figure in expected.items():
        if name == "components":
            told += differences_within(name, figure, found[name], only_common)
        elif name in found and not same(figure, found[name]):
            told.append(f"{name}: {figure} expected, {found[name]} found")
    return told


def differences_within(path: str, expected: object, found: object, only_common: bool) -> list[str]:
    """Compare what a case says of a component; mappings may hold more, lists may not."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return [
            told
            for name, figure in expected.items()
            if name in found or not only_common
            for told in differences_within(
                f"{path}.{name}", figure, found.get(name, "(none)"), only_common
            )
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            told
            for place, (one, other) in enumerate(zip(expected, found, strict=True))
            for told in differences_within(f"{path}[{place}]", one, other, only_common)
        ]
    return [] if same(expected, found) else [f"{path}: {expected} expected, {found} found"]


def same(expected: object, found: object) -> bool:
    """Compare two figures, whether exact, rounded or text; `-` is nothing."""
    if expected is None or expected == "-":
        return found is None
    if found is None or isinstance(expected, list | Mapping):
        return False
    if isinstance(found, bool):
        return str(expected).lower() == str(found).lower()
    if str(expected) == str(found):
        return True
    try:
        return Fraction(str(expected)) == Fraction(str(found))
    except ValueError:
        return False
