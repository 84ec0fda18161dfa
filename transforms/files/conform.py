"""Conform: names of agencies, services, systems and units -> their codes, by exact alias.

No prefix and no fuzzy match: Nias is not Nias Barat. An unknown name is a failure, and a new way
of writing one is a reference row. Source: RULES 9.4.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from schemas.source import Column, FieldType
from transforms.files.columns import joined, read_distinct
from transforms.files.parse import Unreadable, tidy, without_apostrophe
from transforms.rules.formulas import Row

Aliases = Mapping[str, AbstractSet[str]]
"""Normalised name -> the codes it may mean; more than one is refused."""

_WORD = re.compile(r"[^\W_]+")
_GOVERNMENT = frozenset({"PEMERINTAH", "DAERAH", "PEMDA"})
_TYPES: Mapping[str, str] = {
    "KABUPATEN": "kabupaten",
    "KAB": "kabupaten",
    "PEMKAB": "kabupaten",
    "KOTA": "kota",
    "PEMKO": "kota",
    "PEMKOT": "kota",
    "PROVINSI": "provinsi",
    "PROPINSI": "provinsi",
    "PROV": "provinsi",
    "PEMPROV": "provinsi",
}


@dataclass(frozen=True, slots=True)
class AgencyAliases:
    """Names of agencies.

    Attributes:
        of: bare name (without type word, normalised) -> the (type, code) pairs that bear it.
        codes: every code there is; a code may be written instead of a name.
    """

    of: Mapping[str, AbstractSet[tuple[str, str]]]
    codes: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that a cell may hold, on one day."""

    agencies: AgencyAliases
    services: Aliases
    systems: Aliases
    survey_services: Aliases
    units: Aliases
    ikus: AbstractSet[str]


def normalised(name: str) -> str:
    """Return a name in upper case without spaces and punctuation: `e-Kinerja` -> `EKINERJA`."""
    return "".join(_words(name))


def agency_aliases(agencies: Iterable[Row], aliases: Iterable[Row]) -> AgencyAliases:
    """Return the names by which agencies are known.

    Args:
        agencies: rows with `agency` (the code), `type` and `name`; the name is an alias by itself.
        aliases: rows with `agency` and `alias`, a bare name; those of unknown agencies are left
            out, as their agency is not in force on the day.
    """
    of: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    types: dict[str, str] = {}
    for row in agencies:
        types[row["agency"]] = row["type"]
        for bare in _bare_names(row["name"], row["type"]):
            of[bare].add((row["type"], row["agency"]))
    for row in aliases:
        if row["agency"] in types:
            type_ = types[row["agency"]]
            for bare in _bare_names(row["alias"], type_):
                of[bare].add((type_, row["agency"]))
    return AgencyAliases(dict(of), frozenset(types))


def agency_code(name: str, aliases: AgencyAliases) -> str:
    """Return the code of an agency by its name or code.

    A type that is given (`Kab.`, `Pemko`) must be the agency's; without one the name must be
    borne by one agency only.

    Raises:
        Unreadable: `instansi_tidak_dikenal`, `jenis_instansi_tidak_cocok`, `nama_instansi_ganda`.
    """
    code = without_apostrophe(tidy(name)).upper()
    if code in aliases.codes:
        return code
    bare, type_ = split_agency_name(name)
    bearers = aliases.of.get(bare, frozenset())
    if not bearers:
        raise Unreadable("instansi_tidak_dikenal", name)
    fitting = sorted(bearer for bearer in bearers if type_ in (None, bearer[0]))
    known = ", ".join(f"{type_} ({code})" for type_, code in sorted(bearers))
    if not fitting:
        raise Unreadable("jenis_instansi_tidak_cocok", name, known)
    if len(fitting) > 1:
        raise Unreadable("nama_instansi_ganda", name, known)
    return fitting[0][1]


def split_agency_name(name: str) -> tuple[str, str | None]:
    """Return the bare name, normalised, and the type that its first words give, if any.

    `Pemkab Labuhan Batu` -> (`LABUHANBATU`, `kabupaten`). A type word further on is part of the
    name, as in Lima Puluh Kota; so is one of another type, as in Kabupaten Kota Baru.
    """
    words = _after(_words(name), _GOVERNMENT)
    type_ = _TYPES.get(words[0]) if words else None
    return "".join(_after(words, _words_of(type_))), type_


def _bare_names(name: str, type_: str) -> set[str]:
    """Return the bare forms of a known name: written after its type, and without one.

    `Daerah` is dropped at the start only, so Provinsi Daerah Khusus Jakarta is looked up with it
    and Daerah Khusus Jakarta without.
    """
    words = _words(name)
    own = _words_of(type_)
    typed = _after(words, own)
    forms = (typed, _after(_after(words, _GOVERNMENT), own), _after(typed, _GOVERNMENT))
    return {"".join(form) for form in forms if form}


def _words(name: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", name).upper())


def _words_of(type_: str | None) -> frozenset[str]:
    return frozenset(word for word, meaning in _TYPES.items() if meaning == type_)


def _after(words: Sequence[str], dropped: AbstractSet[str]) -> list[str]:
    """Return the words after those of `dropped` that stand at the start."""
    first = next((place for place, word in enumerate(words) if word not in dropped), len(words))
    return list(words[first:])


def code_aliases(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Return the names of services, systems or units.

    Args:
        rows: with `code`, `name` and `aliases` (separated by `|`, may be empty); the code is a
            name too.
    """
    of: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in (row["code"], row["name"], *row["aliases"].split("|")):
            if normalised(name):
                of[normalised(name)].add(row["code"])
    return dict(of)


def named_code(name: str, aliases: Aliases, unknown: str) -> str:
    """Return the code of a service, system or unit by one of its names or its code.

    Args:
        name: as written in the cell.
        aliases: as `code_aliases` gives them.
        unknown: the rule that a name without a code breaks.

    Raises:
        Unreadable: the rule `unknown`, or `nama_ganda`.
    """
    codes = sorted(aliases.get(normalised(name), frozenset()))
    if not codes:
        raise Unreadable(unknown, name)
    if len(codes) > 1:
        raise Unreadable("nama_ganda", name, ", ".join(codes))
    return codes[0]


def iku_code(name: str, ikus: AbstractSet[str]) -> str:
    """Return `IKU.7` for `IKU 7`, `iku-07` or `7`.

    Raises:
        Unreadable: `iku_tidak_dikenal`.
    """
    found = re.fullmatch(r"(?:IKU)?0?(\d{1,2})", normalised(name), re.ASCII)
    code = f"IKU.{found[1]}" if found else ""
    if code not in ikus:
        raise Unreadable("iku_tidak_dikenal", name)
    return code


def conform_columns(
    typed: pd.DataFrame, columns: Sequence[Column], names: Names
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replace the names of a typed frame by codes; each distinct name is looked up once.

    Returns:
        The frame, with what has no code emptied; and a frame of `FAILURES`, one row per cell.
    """
    coded = {}
    failed = []
    for column in columns:
        look_up = _look_up(column.type, names)
        if look_up is not None:
            coded[column.name], found = read_distinct(typed[column.name], column, look_up)
            failed.append(found)
    return typed.assign(**coded), joined(failed)


def _look_up(type_: FieldType, names: Names) -> Callable[[str], str] | None:
    match type_:
        case FieldType.AGENCY:
            return lambda name: agency_code(name, names.agencies)
        case FieldType.SERVICE:
            return lambda name: named_code(name, names.services, "layanan_tidak_dikenal")
        case FieldType.SURVEY_SERVICE:
            return lambda name: named_code(name, names.survey_services, "layanan_tidak_dikenal")
        case FieldType.SYSTEM:
            return lambda name: named_code(name, names.systems, "sistem_tidak_dikenal")
        case FieldType.UNIT:
            return lambda name: named_code(name, names.units, "unit_tidak_dikenal")
        case FieldType.IKU:
            return lambda name: iku_code(name, names.ikus)
        case _:
            return None
