"""Land one file: archive, read, parse, conform, validate, and take its slice or say why not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from flows.landing import attempts, judging, taking
from flows.landing import rows as reading
from flows.landing import scratch as scratch_tables
from flows.landing.request import BadRequest, Context, Landing, Request
from flows.landing.store import Arrival, Counts, Slice
from flows.machine import archive
from flows.machine.secret_files import secret
from flows.machine.settings import Settings
from flows.warehouse import connection as warehouses
from flows.warehouse import references
from flows.warehouse.connection import Warehouse
from flows.warehouse.references import Vocabulary
from schemas.source import MAIN_PART, PART, Source
from schemas.sources import sources
from transforms.files import conform
from transforms.files.headings import Headings
from transforms.files.period import Period, parse_period
from transforms.files.redaction import redacted_file_name
from transforms.indicators import indicators


def land(warehouse: Warehouse, settings: Settings, request: Request) -> Landing:
    """Land a file and return what became of it.

    The bytes are archived first. Reading and checking hold no lock; what is accepted waits in
    scratch tables, and one short transaction under the office's lock moves it into staging.

    Raises:
        BadRequest: office, source, period or part is not known or badly written.
        OSError: the file cannot be read.
    """
    source, office, period = _understood(warehouse, request)
    kept = archive.keep(settings.home, request.file)
    slice_ = Slice(office.office, source.code, period.text, period.year, period.end, request.part)
    arrival = Arrival(
        request.door,
        redacted_file_name(request.name),
        kept.sha256,
        kept.size_bytes,
        _meaning(source, request.given),
        request.who,
    )
    with warehouse.transaction() as connection:
        known = attempts.unchanged(connection, slice_, arrival)
        if known is not None:
            return Landing(request, "unchanged", known, Counts())
        vocabulary = references.vocabulary(
            connection, office.office, period.end, warehouses.instant(connection)
        )
    context = Context(
        source, office, period, vocabulary, _names(vocabulary), pseudonym(settings), request.given
    )
    columns = [column.name for column in source.columns]
    with scratch_tables.scratch(warehouse, source.code, columns) as scratch:
        tally = reading.read(scratch, context, kept.path, request.name)
        judging.judge(scratch, context, tally)
        return taking.take(scratch, context, request, slice_, arrival, tally)


def _meaning(source: Source, given: Mapping[str, str]) -> str:
    """Return the checksum of the contract and of what was given beside the bytes."""
    contract = fingerprint(source)
    if not given:
        return contract
    return hashlib.sha256(json.dumps([contract, sorted(given.items())]).encode()).hexdigest()[:16]


def is_news(warehouse: Warehouse, request: Request) -> bool:
    """Tell whether landing a file would make a load; reads only, and archives nothing."""
    source, office, period = _understood(warehouse, request)
    slice_ = Slice(office.office, source.code, period.text, period.year, period.end, request.part)
    with request.file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    size = request.file.stat().st_size
    meaning = _meaning(source, request.given)
    arrival = Arrival(request.door, request.name, sha256, size, meaning, request.who)
    with warehouse.transaction() as connection:
        return attempts.unchanged(connection, slice_, arrival) is None


def fingerprint(source: Source) -> str:
    """Return a checksum of what a source's contract demands; it changes when its meaning does."""
    contract = source.contract.to_schema()
    checks = [*contract.checks, *(c for column in contract.columns.values() for c in column.checks)]
    card = [
        source.code,
        source.kind,
        source.cadence,
        source.key,
        source.version,
        str(source.tolerated),
        source.has_parts,
        source.date_in_period,
        source.last_of,
        source.questions,
        source.scope,
        source.one_row,
        source.layout,
        [
            [c.name, c.type, c.headings, c.required, c.lenient, sorted(c.choices.items()), c.asks]
            for c in source.columns
        ],
        source.ignored_headings,
        source.given,
        source.year_headings,
        *filter(None, [source.satker_headings]),
        [asdict(layout) for layout in source.other_layouts],
        [asdict(aggregate) for aggregate in source.aggregates],
        sorted((name, column.nullable) for name, column in contract.columns.items()),
        sorted(str(check.error or check.name) for check in checks),
    ]
    return hashlib.sha256(json.dumps(card, default=str).encode()).hexdigest()[:16]


def pseudonym(settings: Settings) -> Callable[[str], str]:
    """Return the keyed hash that stands for a person; without the key it says nothing."""
    key = secret(settings.home, "pseudonym_key", settings.pseudonym_key).encode()

    fresh = hashlib.blake2b(key=key[:64], digest_size=16)

    def keyed(text: str) -> str:
        digest = fresh.copy()  # the key is mixed in once, not for each of a million people
        digest.update(text.encode())
        return digest.hexdigest()

    return keyed


def _understood(warehouse: Warehouse, request: Request) -> tuple[Source, references.Office, Period]:
    known = sources()
    if request.source not in known:
        raise BadRequest(
            f"Sumber “{request.source}” tidak dikenal. Yang dikenal: {', '.join(sorted(known))}."
        )
    source = known[request.source]
    period = parse_period(request.period, source.cadence)
    offices = references.offices(warehouse, period.end)
    if request.office not in offices:
        raise BadRequest(
            f"Kantor “{request.office}” tidak dikenal pada {period.text}. "
            f"Yang dikenal: {', '.join(sorted(offices)) or 'belum ada; jalankan `iku seed`'}."
        )
    if not PART.fullmatch(request.part):
        raise BadRequest(
            f"Bagian “{request.part}” salah bentuk: huruf kecil, angka dan tanda hubung."
        )
    _check_given(source, request.given)
    if request.part != MAIN_PART and not source.has_parts:
        raise BadRequest(f"Sumber {source.code} tidak terbagi: hilangkan bagian “{request.part}”.")
    if not request.file.is_file():
        raise BadRequest(f"Berkas {request.file} tidak ada.")
    return source, offices[request.office], period


def given_values(code: str, written: Iterable[str]) -> dict[str, str]:
    """Return what `Kolom=nilai` gives, by column; a column is named by any of its headings.

    Raises:
        BadRequest: it is written wrongly, or twice, or names what is no column.
    """
    source = sources().get(code)
    if source is None:
        return {}
    given: dict[str, str] = {}
    for text in written:
        heading, sign, value = text.partition("=")
        column = Headings(source).column(heading) if sign else None
        if column is None or column in given:
            raise BadRequest(
                f'“{text}” tidak dimengerti. Tulis --set "Kolom=nilai", satu kali untuk setiap '
                "kolom."
            )
        given[column] = value.strip()
    return given


def _check_given(source: Source, given: Mapping[str, str]) -> None:
    """Refuse a value given for a column of which the card does not let it be given."""
    for name, value in given.items():
        if name not in source.given:
            known = ", ".join(source.column(one).headings[0] for one in source.given)
            raise BadRequest(
                f"Untuk sumber {source.code} nilai “{name}” tidak dapat diberikan saat memuat. "
                f"Yang dapat: {known or 'tidak ada'}."
            )
        if not value.strip():
            raise BadRequest(f"Nilai {source.column(name).headings[0]} kosong.")


def _names(vocabulary: Vocabulary) -> conform.Names:
    return conform.Names(
        agencies=conform.agency_aliases(vocabulary.agencies, vocabulary.agency_aliases),
        services=conform.code_aliases(vocabulary.services),
        systems=conform.code_aliases(vocabulary.systems),
        survey_services=conform.code_aliases(vocabulary.survey_services),
        units=conform.code_aliases(vocabulary.units),
        ikus=frozenset(indicators()),
    )
