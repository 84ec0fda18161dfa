"""The configuration of an office: through which door each source comes, and who delivers it.

One file `<IKU_CONFIG>/<office>.toml`; without it everything is brought to the inbox. It holds no
due days, which stand in the source's card, and no secret.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from flows.fetching.doors import selects
from flows.fetching.doors.options import (
    DOORS,
    PLACEHOLDER,
    DatabaseOptions,
    FolderOptions,
    HttpOptions,
    InboxOptions,
    Options,
)
from schemas.source import MAIN_PART, PART, Cadence, Source
from schemas.sources import sources
from transforms.files.period import BadPeriod, parse_period

_OPTIONS: TypeAdapter[Options] = TypeAdapter(Options)


class OfficeConfigError(ValueError):
    """A configuration cannot be used; the message, in Indonesian, lists every place and why."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One way in: the source, the part, and what is said of its door."""

    source: str
    part: str
    options: Options


def read_office_config(folder: Path, office: str) -> tuple[Feed, ...]:
    """Read `<folder>/<office>.toml`; a source that is not named comes through the inbox.

    Returns:
        At least one feed of every source, by source and part.

    Raises:
        OfficeConfigError: it cannot be read, or something in it cannot be used.
    """
    file = folder / f"{office}.toml"
    if not file.exists():
        return by_inbox()
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise OfficeConfigError(f"{file} tidak dapat dibaca sebagai teks UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise OfficeConfigError(_syntax(file, str(error))) from None
    problems: list[str] = []
    feeds = list(_feeds(written, problems))
    if problems:
        raise OfficeConfigError(
            "\n".join([f"{file} tidak dapat dipakai:", *(f"  - {said}." for said in problems)])
        )
    return _with_inbox(feeds)


def by_inbox() -> tuple[Feed, ...]:
    """Return the feeds of an office without a configuration: the inbox for every source."""
    return _with_inbox([])


def secrets_named(feed: Feed) -> list[str]:
    """Return the environment variables that a feed needs."""
    found: list[str] = []
    for name, said in feed.options.model_dump().items():
        if name.endswith("_env") and said:
            found += said.values() if isinstance(said, dict) else [said]
    return found


def _with_inbox(feeds: list[Feed]) -> tuple[Feed, ...]:
    named = {feed.source for feed in feeds}
    inbox = [Feed(code, MAIN_PART, InboxOptions()) for code in sources() if code not in named]
    return tuple(sorted([*feeds, *inbox], key=lambda feed: (feed.source, feed.part)))


def _feeds(written: Mapping[str, Any], problems: list[str]) -> Iterator[Feed]:
    for key in written.keys() - {"sources"}:
        problems.append(f"{key}: tidak dikenal; semua ditulis di bawah [sources.nama_sumber]")
    known, listed = sources(), written.get("sources", {})
    if not isinstance(listed, dict):
        problems.append("sources: harus berupa tabel [sources.nama_sumber]")
        return
    for code, table in listed.items():
        place = f"sources.{code}"
        if code not in known:
            problems.append(f"{place}: bukan nama sumber. Yang dikenal: {', '.join(sorted(known))}")
        elif not isinstance(table, dict):
            problems.append(f"{place}: harus berupa tabel [{place}]")
        else:
            for place, part, said in _parts(known[code], table, problems):
                options = _options(known[code], place, said, problems)
                if options is not None:
                    yield Feed(code, part, options)


def _parts(
    source: Source, table: Mapping[str, Any], problems: list[str]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give the place, the part and the table of every part; a source without parts has one."""
    place = f"sources.{source.code}"
    if "parts" not in table:
        yield place, MAIN_PART, dict(table)
        return
    shared = {key: said for key, said in table.items() if key != "parts"}
    parts = table["parts"]
    if not source.has_parts:
        problems.append(f"{place}.parts: sumber ini tidak terbagi")
        return
    if not isinstance(parts, dict) or not parts:
        problems.append(f"{place}.parts: harus berisi tabel [{place}.parts.nama]")
        return
    for name, part in parts.items():
        inner = f"{place}.parts.{name}"
        if not PART.fullmatch(name) or name == MAIN_PART:
            problems.append(f"{inner}: nama bagian: huruf kecil, angka dan tanda hubung")
        elif not isinstance(part, dict):
            problems.append(f"{inner}: harus berupa tabel [{inner}]")
        else:
            yield inner, name, {**shared, **part}


def _options(
    source: Source, place: str, said: dict[str, Any], problems: list[str]
) -> Options | None:
    try:
        options = _OPTIONS.validate_python({"door": "inbox", **said})
    except ValidationError as error:
        problems += _told(place, error)
        return None
    if why := _mixes_periods(options, source.cadence):
        problems.append(f"{place}.{why}")
    for period in getattr(options, "addresses", ()):
        try:
            parse_period(period, source.cadence)
        except BadPeriod as refusal:
            problems.append(f"{place}.addresses: {str(refusal).rstrip('.')}")
    return options


def _mixes_periods(options: Options, cadence: Cadence) -> str:
    """Return what would bring one file for two periods, and how to mend it; empty when nothing."""
    match options:
        case FolderOptions(address=str(address)) | HttpOptions(address=str(address)):
            written = set(PLACEHOLDER.findall(address))
            why = (
                "address: harus memuat {period} (atau {year} dengan {quarter} atau {month}), "
                "supaya jelas berkas periode mana; bila alamatnya tetap, tulis addresses per "
                "periode"
            )
        case DatabaseOptions(query=query):
            written = selects.parameters(query)
            why = (
                "query: harus memakai :start dan :end, :period, atau :year dengan :quarter atau "
                ":month, supaya jelas periode mana"
            )
        case _:
            return ""
    finest = {
        Cadence.MONTHLY: {"month"},
        Cadence.QUARTERLY: {"quarter", "month"},
        Cadence.YEARLY: {"year"},
    }
    whole = written & {"period", "start", "end", "next"}
    return "" if whole or ("year" in written and written & finest[cadence]) else why


_SAID = {
    "missing": "wajib diisi",
    "union_tag_invalid": f"pintu tidak dikenal; yang dikenal: {', '.join(DOORS)}",
    "extra_forbidden": "tidak dikenal untuk pintu ini",
    "string_type": "harus berupa teks dalam tanda kutip",
    "string_pattern_mismatch": (
        "harus nama variabel lingkungan yang dimulai dengan IKU_, misalnya IKU_SKM_PASSWORD; "
        "isinya tidak ditulis di sini"
    ),
    "int_type": "harus bilangan bulat",
    "int_parsing": "harus bilangan bulat",
    "int_from_float": "harus bilangan bulat",
    "dict_type": "harus berupa tabel",
    "path_type": "harus berupa teks dalam tanda kutip",
}


def _told(place: str, error: ValidationError) -> Iterator[str]:
    """Say each problem in Indonesian; what was written is never repeated, it may be a secret."""
    for problem in error.errors(include_input=False, include_url=False):
        named = [str(step) for step in problem["loc"] if step not in DOORS]
        kind, facts = problem["type"], problem.get("ctx", {})
        if kind == "value_error":
            why = str(facts["error"])
        elif kind == "greater_than_equal":
            why = f"paling sedikit {facts['ge']}"
        elif kind == "less_than_equal":
            why = f"paling banyak {facts['le']}"
        else:
            why = _SAID.get(kind, "tidak dapat dipakai")
        yield f"{'.'.join([place, *named])}: {why}"


def _syntax(file: Path, error: str) -> str:
    found = re.search(r"at line (\d+), column (\d+)", error)
    where = f"baris {found[1]}, kolom {found[2]}" if found else "di akhir berkas"
    return (
        f"{file}, {where}: bukan TOML yang benar. Teks ditulis dalam tanda kutip, satu nilai per "
        "baris, dan tiap nama hanya sekali."
    )
