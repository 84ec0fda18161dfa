"""How indicators are found, and what must be true of every card."""

import importlib
import sys

import pytest

from schemas.card import Measurement, Status, Unit
from transforms.indicators import discover, indicators

CODES = [f"IKU.{number}" for number in range(1, 15)]


def test_all_fourteen_are_found_in_order():
    assert list(indicators()) == CODES
    assert [indicator.card.number for indicator in indicators().values()] == list(range(1, 15))


@pytest.mark.parametrize("code", CODES)
def test_a_card_is_complete(code):
    card = indicators()[code].card
    assert card.short_name
    assert card.name_en
    assert "Kantor Regional BKN" in card.name_id
    assert "VI" not in card.name_id.split()
    assert "Medan" not in card.name_id
    years = [method.valid_from for method in card.methods]
    assert years == sorted(set(years))
    assert card.method(2020).unit in (Unit.PERCENT, Unit.INDEX, Unit.SCORE)
    assert all(method.reference for method in card.methods)


def test_which_count_something():
    counted = {item.card.number: item.card.counted for item in indicators().values()}
    assert {number for number, noun in counted.items() if noun} == {1, 2, 5, 6, 7, 8, 14}


def test_rules_that_changed_have_a_method_on_each_side():
    def reference(code, year):
        return indicators()[code].card.method(year).reference

    assert "PER-5/PB/2022" in reference("IKU.13", 2023)
    assert "PER-5/PB/2024" in reference("IKU.13", 2024)
    assert "hanya diimpor" in reference("IKU.13", 2021)
    assert "26/2020" in reference("IKU.11", 2022)
    assert "9/2023" in reference("IKU.11", 2023)
    assert "8/2019" in reference("IKU.9", 2022)
    assert "4190" in reference("IKU.9", 2023)
    assert "12/2015" in reference("IKU.12", 2021)
    assert "88/2021" in reference("IKU.12", 2022)


def test_a_formula_gets_its_tallies_and_the_period_it_asks_for():
    ikpa = indicators()["IKU.13"]
    assert (ikpa.tallies, ikpa.period) == (("ikpa",), ("year",))
    rows = {"ikpa": [], "survey_element": []}
    assert ikpa.measure(rows, 2024, 2).status is Status.NOT_YET_PUBLISHED


GOOD = """
from schemas.card import Card, Consolidation, Measurement, Method, Status, Unit
CARD = Card("{code}", "x", "x", "x", "", Consolidation.AVERAGE, "ikpa",
            (Method(2020, "x", Unit.SCORE),))
def compute({parameters}):
    return Measurement(Status.NOT_YET_PUBLISHED, components=dict(year=year, quarter=quarter))
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a function that makes a package of indicators out of files."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "made_up_indicators"
    folder.mkdir()
    (folder / "__init__.py").write_text("")

    def make(**files):
        for name, text in files.items():
            (folder / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        return importlib.import_module(folder.name)

    yield make
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def module(code, parameters="rows, year, quarter"):
    return GOOD.format(code=code, parameters=parameters)


def test_a_new_file_is_a_new_indicator(package):
    found = discover(package(iku_15_b=module("IKU.15"), iku_02_a=module("IKU.2")))
    assert list(found) == ["IKU.2", "IKU.15"]
    assert found["IKU.15"].tallies == ("rows",)
    measured = found["IKU.15"].measure({"rows": []}, 2024, 3)
    assert isinstance(measured, Measurement)
    assert measured.components == {"year": 2024, "quarter": 3}


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"helpers": ""}, "helpers is not called iku_NN"),
        ({"iku_01_a": ""}, "iku_01_a needs a CARD and a function compute"),
        ({"iku_01_a": module("IKU.2")}, "holds the card of IKU.2, not of IKU.1"),
        ({"iku_01_a": module("IKU.1"), "iku_01_b": module("IKU.1")}, "two modules are IKU.1"),
        ({"iku_01_a": module("IKU.1", "year, quarter")}, "compute reads no tally"),
    ],
)
def test_what_is_no_indicator_is_refused(package, files, complaint):
    with pytest.raises(ValueError, match=complaint):
        discover(package(**files))
