"""Land one file: archive, read, parse, conform, validate, and take its slice or say why not."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from flows.io import archive, loads, ndjson_reader, readers, references
from flows.io import warehouse as warehouses
from flows.io.file_guards import Unreadable
from flows.io.found_heading import SATKER
from flows.io.loads import BY_HAND, MIXED_PARTS, Arrival, Counts, Scratch, Slice
from flows.io.references import Vocabulary
from flows.io.secret_files import secret
from flows.io.settings import Settings
from flows.io.tables import Grid, Note, Table
from flows.io.warehouse import Warehouse, lock_offices
from schemas.rejection import OF_THE_HEADING, PLACEHOLDERS, RULES, Consequence
from schemas.source import MAIN_PART, PART, Kind, Layout, Scope, Source
from schemas.sources import sources
from schemas.terms import ACTIVE_POSITION_STATUSES
from transforms import conform, omspan, parse, satkers, titles, validate
from transforms.formulas import in_indonesian
from transforms.headings import Headings
from transforms.indicators import indicators
from transforms.period import Period, parse_period

HIDDEN = "(disembunyikan)"
CONFIRMED = "susut_dipastikan"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+)?$")
PERSONAL_DIGITS = 9  # the shortest phone number; a date has eight
# For names of files and sheets, and for headings, in which other long numbers are common.
PERSON = re.compile(r"@|(\d[ .]?){16}|(?<!\d)(\+?62|0)[ -]?8([ -]?\d){7}")
SHOWN_ROWS = 5
HELD = frozenset({"susut_banyak", "periode_akan_kosong"})
WHOLE_LISTS = (Kind.REGISTER, Kind.SNAPSHOT)  # each file is a whole list, so it is like the last
LONG_LIST = 9  # of a shorter list one or two rows are a third already


class BadRequest(ValueError):
    """What was asked cannot be understood; the message, in Indonesian, says what to write."""


@dataclass(frozen=True, slots=True)
class Request:
    """A file and the slice it is for, as the officer, the inbox or a door names them.

    Attributes:
        named: what the file is called, where `file` lies in the archive; else empty.
        confirmed_because: why a file that would be held is taken all the same.
        given: the value of columns that the file does not have, by column.
    """

    file: Path
    office: str
    source: str
    period: str
    part: str = MAIN_PART
    door: str = BY_HAND
    who: str = "petugas"
    named: str = ""
    confirmed_because: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the file; its ending says how it is read."""
        return self.named or self.file.name


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of a file.

    Attributes:
        status: landed, unchanged, refused, or held: refused until somebody confirms it.
        load_id: the new load, or the one that says the same already.
        counts: what became of the rows; for an unchanged file all zero.
        reasons: why it was refused, and what was noted of one that landed.
    """

    request: Request
    status: str
    load_id: int
    counts: Counts
    reasons: tuple[Mapping[str, str], ...] = ()


@dataclass(slots=True)
class _Reason:
    """Why rows were refused: one rule in one column, with the first rows that broke it."""

    rule: str
    consequence: str
    message: str
    hint: str
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def told(self) -> dict[str, str]:
        where = ""
        if self.rows:
            more = f" dan {self.count - len(self.rows)} lagi" if self.count > len(self.rows) else ""
            where = f"Baris {', '.join(map(str, self.rows))}{more}: "
        return {
            "rule": self.rule,
            "consequence": self.consequence,
            "message": where + self.message,
            "hint": self.hint,
        }


@dataclass(slots=True)
class _Tally:
    """The counts and reasons of a landing as they grow from piece to piece."""

    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    out_of_scope: int = 0
    reasons: dict[tuple[str, str], _Reason] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Tell whether the file as a whole is refused."""
        return any(reason.consequence == Consequence.FILE for reason in self.reasons.values())

    @property
    def is_held(self) -> bool:
        """Tell whether nothing but a confirmation is missing."""
        of_the_file = {
            reason.rule
            for reason in self.reasons.values()
            if reason.consequence == Consequence.FILE
        }
        return bool(of_the_file) and of_the_file <= HELD

    def count_nothing(self) -> None:
        """Forget the counts: under a heading that does not fit no row can be called good."""
        self.accepted = self.rejected = self.duplicate = self.out_of_scope = 0

    def counts(self) -> Counts:
        return Counts(self.accepted, self.rejected, self.duplicate, self.out_of_scope)

    def told(self) -> list[dict[str, str]]:
        """Return the reasons, those of the file first."""
        return [
            reason.told()
            for reason in sorted(
                self.reasons.values(), key=lambda reason: reason.consequence != Consequence.FILE
            )
        ]

    def note(
        self, rule: str, place: str, refused: Mapping[str, object], rows: Sequence[int] = ()
    ) -> None:
        """Count refusals by one rule in one place: `refused` is the first, `rows` where all are."""
        key = (rule, place)
        if key not in self.reasons:
            self.reasons[key] = _Reason(
                rule, str(refused["consequence"]), str(refused["message"]), str(refused["hint"])
            )
        reason = self.reasons[key]
        reason.count += max(len(rows), 1)
        reason.rows += map(int, rows[: SHOWN_ROWS - len(reason.rows)])


@dataclass(frozen=True, slots=True)
class _Context:
    """What reading a file needs to know besides its bytes."""

    source: Source
    office: references.Office
    period: Period
    vocabulary: Vocabulary
    names: conform.Names
    pseudonym: Callable[[str], str]
    given: Mapping[str, str]


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
        _discreet_file(request.name),
        kept.sha256,
        kept.size_bytes,
        _meaning(source, request.given),
        request.who,
    )
    with warehouse.transaction() as connection:
        known = loads.unchanged(connection, slice_, arrival)
        if known is not None:
            return Landing(request, "unchanged", known, Counts())
        vocabulary = references.vocabulary(
            connection, office.office, period.end, warehouses.instant(connection)
        )
    context = _Context(
        source, office, period, vocabulary, _names(vocabulary), pseudonym(settings), request.given
    )
    columns = [column.name for column in source.columns]
    with loads.scratch(warehouse, source.code, columns) as scratch:
        tally = _read(scratch, context, kept.path, request.name)
        _judge(scratch, context, tally)
        return _take(scratch, context, request, slice_, arrival, tally)


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
        return loads.unchanged(connection, slice_, arrival) is None


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
    given: dict[str, str] = {}
    for text in written if source else ():
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


# --- reading ----------------------------------------------------------------------------------


def _read(scratch: Scratch, context: _Context, file: Path, name: str) -> _Tally:
    """Read the whole file into the scratch tables; what cannot be read at all is a reason."""
    tally = _Tally()
    try:
        if context.source.layout is Layout.OMSPAN:
            grid = readers.read_grid(file, name, omspan.is_heading)
            _note(scratch, tally, grid.notes)
            _read_omspan(scratch, context, grid, tally)
        else:
            for table, asked in _tables_and_asked(context, file, name):
                _tell(scratch, context, table, tally)
                _read_table(scratch, context, table, asked, tally)
    except (Unreadable, omspan.BrokenReport) as refusal:
        for rule, facts in refusal.problems:
            _refuse_file(scratch, tally, rule, facts)
    if context.source.last_of:
        gone = scratch.keep_last(context.source.last_of)
        tally.accepted -= gone
        tally.duplicate += gone
    if any(rule in OF_THE_HEADING for rule, _ in tally.reasons):
        tally.count_nothing()
    return tally


def _tell(scratch: Scratch, context: _Context, table: Table, tally: _Tally) -> None:
    """Tell what the reader noted, and refuse a file that says it is of another period."""
    _note(scratch, tally, table.notes)
    for rule, facts in (
        *titles.other_period(table.above, context.period),
        *titles.other_year(table.years, context.period),
    ):
        _refuse_file(scratch, tally, rule, facts)


def _note(scratch: Scratch, tally: _Tally, notes: Iterable[Note]) -> None:
    for rule, facts in notes:
        _refuse_file(scratch, tally, rule, facts, Consequence.WARNING)


def _tables_and_asked(
    context: _Context, file: Path, name: str
) -> Iterator[tuple[Table, frozenset[str]]]:
    """Give the pieces of a file, each with the questions that the whole file asks."""
    asked: frozenset[str] | None = None
    for table in _tables(context, file, name):
        if asked is None:
            asked = _asked(context, file, name, table)
        yield table, asked


def _asked(context: _Context, file: Path, name: str, first: Table) -> frozenset[str]:
    """Return the questions that anybody in the file filled in.

    The first piece shows nearly always that all are asked. Where it does not, the file is read
    once more: no form can be judged before it is known what was asked.
    """
    source = context.source
    asked = _filled(source, first)
    if len(asked) < len(source.questions) and source.is_streamed and not first.problems:
        for table in _tables(context, file, name):
            asked |= _filled(source, table)
    return asked


def _filled(source: Source, table: Table) -> frozenset[str]:
    return frozenset(
        name
        for name in source.questions
        if not all(map(parse.is_missing, table.text[name].unique()))
    )


def _tables(context: _Context, file: Path, name: str) -> Iterator[Table]:
    """Give the pieces of a file; of a source whose rows must be seen together, one piece."""
    if name.lower().endswith(ndjson_reader.ENDING):
        pieces = ndjson_reader.read_tables(file, context.source, context.given)
    else:
        pieces = readers.read_tables(file, name, context.source, context.given)
    if context.source.is_streamed:
        yield from pieces
        return
    tables: list[Table] = []
    refusal = None
    try:
        for table in pieces:
            tables.append(table)
    except Unreadable as error:
        if not tables:
            raise
        refusal = error
    yield replace(
        tables[0],
        text=pd.concat([table.text for table in tables]),
        ragged=[row for table in tables for row in table.ragged],
        years=set().union(*(table.years for table in tables)),
        marks={row: mark for table in tables for row, mark in table.marks.items()},
        satkers=_joined([table.satkers for table in tables if table.satkers is not None]),
    )
    if refusal is not None:
        raise refusal


def _joined(pieces: Sequence[pd.Series[str]]) -> pd.Series[str] | None:
    return pd.concat(pieces) if pieces else None


def _read_table(
    scratch: Scratch,
    context: _Context,
    table: Table,
    asked: frozenset[str],
    tally: _Tally,
) -> None:
    scratch.carry(table.marks)
    table.sheet = _discreet(table.sheet)
    columns = context.source.columns
    nobodys = _set_aside(scratch, context, table, tally)
    typed, unread = parse.parse_columns(table.text, columns, context.pseudonym)
    typed, unknown = conform.conform_columns(typed, columns, context.names)
    failed = parse.joined([nobodys, unread, unknown])
    if context.source.key:
        # Two rows with unreadable cells only look alike; each has a failure to tell.
        again = typed[~typed.index.isin(failed["index"])].duplicated()
        typed = typed.drop(index=again.index[again])
        tally.duplicate += int(again.sum())
    ragged = pd.DataFrame(
        [(row, "", "jumlah_sel_berbeda", None, "") for row in table.ragged],
        columns=pd.Index(validate.FAILURES),
    )
    tally.rejected += len(table.ragged)
    found = _validated(context, typed, asked, failed)
    if table.problems:  # what follows from the heading is told once, with the heading
        found = found[~found["column"].isin(table.lacking | {""})]
    _sort(scratch, context, table, typed, found, ragged, tally)


def _set_aside(scratch: Scratch, context: _Context, table: Table, tally: _Tally) -> pd.DataFrame:
    """Leave out the rows of other satker, and return as failures those that name none.

    They go before they are looked at: two satker may number their rows alike.
    """
    if table.satkers is None:
        return validate.no_failures()
    of, ours = satkers.codes(table.satkers), context.office.satker_code
    unnamed = of.index[of == ""]
    named = of[of != ""]
    others = named[named != ours] if ours else named
    if named.empty or (not ours and named.nunique() == 1):
        return validate.no_failures()
    if not ours:
        _refuse_file(scratch, tally, "satker_belum_diisi", {})
    elif not others.empty:
        facts = {"nilai": f"{len(others)} ({satkers.listed(others)})", "aturan": ours}
        _note(scratch, tally, [("baris_satker_lain", facts)])
    table.text = table.text.drop(index=others.index)
    tally.out_of_scope += len(others)
    return pd.DataFrame(
        [(row, SATKER, "wajib_diisi", None, "") for row in unnamed],
        columns=pd.Index(validate.FAILURES),
    )


def _validated(
    context: _Context, typed: pd.DataFrame, asked: frozenset[str], before: pd.DataFrame
) -> pd.DataFrame:
    """Return all failures, without those that only follow from a cell that could not be read.

    Such a cell is empty now, so its column seems to lack a value, and a rule over the whole row
    may miss it. What follows from an emptied lenient cell is told: too few answers are left.
    """
    found = parse.joined(
        [
            validate.failures(context.source, typed),
            validate.too_long(context.source, typed),
            validate.unanswered(context.source, typed, asked),
        ]
    )
    told = pd.MultiIndex.from_frame(before[["index", "column"]])
    lenient = [column.name for column in context.source.columns if column.lenient]
    broken = before.loc[~before["column"].isin(lenient), "index"]
    again = pd.MultiIndex.from_frame(found[["index", "column"]]).isin(told)
    again |= ((found["column"] == "") & found["index"].isin(broken)).to_numpy()
    outside = validate.outside_period(
        context.source, typed, context.period.start, context.period.end
    )
    return parse.joined([before, found[~again], outside])


def _sort(
    scratch: Scratch,
    context: _Context,
    table: Table,
    typed: pd.DataFrame,
    found: pd.DataFrame,
    ragged: pd.DataFrame,
    tally: _Tally,
) -> None:
    """Part the rows into accepted, rejected and out of scope, and list the failures."""
    refused = _refusals(context, table.sheet, table.headings, typed, found)
    rejected = typed.index.isin(refused.loc[refused["consequence"] == Consequence.ROW, "row_no"])
    ours = _in_scope(context, typed)
    emptied = refused[refused["consequence"] == Consequence.CELL]
    for name, cells in emptied.groupby("column_name"):
        typed.loc[typed.index.isin(cells["row_no"]), name] = None
    accepted = typed[~rejected & ours]
    tally.accepted += len(accepted)
    tally.rejected += int(rejected.sum())
    tally.out_of_scope += int((~rejected & ~ours).sum())
    _list(scratch, tally, refused)
    _list(scratch, tally, _refusals(context, table.sheet, table.headings, typed, ragged))
    # Last, so that the next piece is read while this one is copied: all else waits for a copy.
    scratch.add(accepted.assign(sheet=table.sheet, row_no=accepted.index))


def _in_scope(context: _Context, typed: pd.DataFrame) -> pd.Series[bool]:
    """Tell which valid rows are ours."""
    match context.source.scope:
        case None:
            return pd.Series(True, index=typed.index)
        case Scope.AGENCY:
            return typed["agency"].isin(context.vocabulary.members)
        case Scope.AGENCY_OR_CENTRAL:
            central = {
                row["agency"] for row in context.vocabulary.agencies if row["type"] == "pusat"
            }
            return typed["agency"].isin(context.vocabulary.members | central)
        case Scope.ACTIVE_STAFF:
            status = typed["position_status"]
            return status.isna() | status.isin(ACTIVE_POSITION_STATUSES)
        case Scope.SATKER:
            return typed["satker"] == context.office.satker_code


def _read_omspan(scratch: Scratch, context: _Context, grid: Grid, tally: _Tally) -> None:
    """Take the office's own satker; what does not agree refuses there and warns elsewhere."""
    report = omspan.read_report(grid.rows)
    problems = list(omspan.slice_problems(report, context.period.year, context.period.end.month))
    typed = omspan.unit_rows(report)
    found = omspan.check_units(report)
    if report.level is omspan.Level.SATKER:
        found = parse.joined([validate.failures(context.source, typed), found])
        if not context.office.satker_code:
            problems.append(("satker_belum_diisi", {}))
        elif not _in_scope(context, typed).any():
            problems.append(("satker_tidak_ada", {"aturan": context.office.satker_code}))
    headings = {column.name: column.headings[0] for column in context.source.columns}
    refused = _refusals(context, grid.sheet, headings, typed, found)
    ours = _in_scope(context, typed)
    refused.loc[~refused["row_no"].isin(typed.index[ours]), "consequence"] = Consequence.WARNING
    rejected = typed.index.isin(refused.loc[refused["consequence"] == Consequence.ROW, "row_no"])
    accepted = typed[ours & ~rejected]
    tally.accepted += len(accepted)
    tally.rejected += int(rejected.sum())
    tally.out_of_scope += int((~ours & ~rejected).sum())
    scratch.add(accepted.assign(sheet=grid.sheet, row_no=accepted.index))
    _list(scratch, tally, refused)
    for rule, facts in problems:
        _refuse_file(scratch, tally, rule, facts)


# --- telling ----------------------------------------------------------------------------------


def _refusals(
    context: _Context,
    sheet: str,
    headings: Mapping[str, str],
    typed: pd.DataFrame,
    found: pd.DataFrame,
) -> pd.DataFrame:
    """Return failures as the rows of `ops.reject`, with their texts."""
    columns = {column.name: column for column in context.source.columns}
    grouping = context.source.grouping
    groups = typed[grouping] if grouping else pd.Series(index=typed.index, dtype="str")
    told = []
    texts: dict[str, str] = {}  # of a million rows refused alike, each would keep its own
    for failure, group in zip(
        found.itertuples(index=False), groups.reindex(found["index"]), strict=True
    ):
        column = columns.get(failure.column)
        rule = RULES[failure.rule]
        consequence = rule.consequence
        if column is not None and column.lenient and consequence is Consequence.ROW:
            consequence = Consequence.CELL
        is_hidden = (column is not None and column.personal) or _tells_of_a_person(failure.value)
        value = None if is_hidden or pd.isna(failure.value) else _said(failure.value)
        heading = headings.get(failure.column, column.headings[0] if column else "")
        facts = {
            "kolom": heading,
            "nilai": HIDDEN if is_hidden else value or "",
            "aturan": failure.detail,
            "baris": str(failure.index),
        }
        told.append(
            (
                sheet, failure.index, failure.column, heading, failure.rule, str(consequence),
                None if pd.isna(group) else group, value,
                *(texts.setdefault(text, text) for text in (
                    rule.message.format(**facts), rule.hint.format(**facts),
                )),
            )
        )  # fmt: skip
    refused = pd.DataFrame(told, columns=pd.Index(loads.REJECT_COLUMNS), dtype="object")
    return refused.astype({"row_no": "Int64"})


def _tells_of_a_person(value: object) -> bool:
    """Tell whether a refused value may be a NIP, a phone number or an address of somebody.

    Where a cell was inserted the columns are shifted, and such a value stands in any of them.
    """
    text = str(value)
    if MOMENT.match(text):
        return False
    return "@" in text or sum(sign.isdigit() for sign in text) >= PERSONAL_DIGITS


def _discreet(name: str) -> str:
    """Return a name or heading, unless it tells of a person."""
    return HIDDEN if PERSON.search(name) else name


def _discreet_file(name: str) -> str:
    """Return the name of a file, unless it tells of a person; its ending stays."""
    return _discreet(Path(name).stem) + Path(name).suffix


def _said(value: object) -> str:
    """Return a refused value as an officer writes it."""
    return in_indonesian(value) if isinstance(value, Decimal) else str(value)


def _list(scratch: Scratch, tally: _Tally, refused: pd.DataFrame) -> None:
    if refused.empty:
        return
    scratch.refuse(refused)
    for (rule, column), alike in refused.groupby(["rule", "column_name"], sort=False):
        tally.note(rule, column, alike.iloc[0], alike["row_no"])


def _refuse_file(
    scratch: Scratch,
    tally: _Tally,
    rule: str,
    facts: Mapping[str, str],
    consequence: Consequence = Consequence.FILE,
) -> None:
    """Refuse the file as a whole by a rule of the catalogue, or only note it of the file."""
    given = {name: _discreet(facts.get(name, "")) for name in PLACEHOLDERS}
    row = {
        **dict.fromkeys(loads.REJECT_COLUMNS),
        "sheet": "",
        "column_name": "",
        "heading": given["kolom"],
        "rule": rule,
        "consequence": str(consequence),
        "message": RULES[rule].message.format(**given),
        "hint": RULES[rule].hint.format(**given),
    }
    scratch.refuse(pd.DataFrame([row], dtype="object").astype({"row_no": "Int64"}))
    tally.note(rule, str(facts), row)


# --- judging and taking -----------------------------------------------------------------------


def _judge(scratch: Scratch, context: _Context, tally: _Tally) -> None:
    """Refuse the file where its rows together do not make a slice."""
    if tally.is_refused:
        return
    source, counts = context.source, tally.counts()
    if source.one_row and counts.rows_in != 1:
        _refuse_file(scratch, tally, "satu_baris", {"nilai": str(counts.rows_in)})
    elif counts.rows_in == 0 and source.kind is not Kind.REGISTER:
        _refuse_file(scratch, tally, "berkas_kosong", {})
    if counts.rejected > source.tolerated * counts.rows_in:
        facts = {"nilai": str(counts.rejected), "aturan": _percent(source.tolerated)}
        _refuse_file(scratch, tally, "ambang_terlampaui", facts)
    elif counts.accepted == 0 and counts.out_of_scope > 0:
        _refuse_file(scratch, tally, "tidak_ada_baris_kantor_ini", {})


def _objection(
    scratch: Scratch, context: _Context, request: Request, slice_: Slice, tally: _Tally
) -> tuple[str, dict[str, str], Consequence] | None:
    """Return what of the slices in force speaks against taking this one: rule, facts, consequence.

    Asked under the office's lock, as another landing may have changed them since the file was read.
    """
    if tally.is_refused:
        return None
    if mixed := loads.parts_in_the_way(scratch.connection, slice_):
        return MIXED_PARTS, {"nilai": ", ".join(mixed), "aturan": slice_.part}, Consequence.FILE
    before = loads.before(scratch.connection, slice_, across=context.source.kind in WHOLE_LISTS)
    if before is None or not _shrank(context, before, tally.accepted):
        return None
    facts = {
        "nilai": f"{before.accepted} ({before.period}, muatan {before.load_id})",
        "aturan": str(tally.accepted),
        "sebab": _asked_again(request),
    }
    if not request.confirmed_because:
        rule = "susut_banyak" if tally.accepted else "periode_akan_kosong"
        return rule, facts, Consequence.FILE
    if any(reason.rule == CONFIRMED for reason in tally.reasons.values()):
        return None
    return CONFIRMED, facts, Consequence.WARNING


def _asked_again(request: Request) -> str:
    """Return what follows `iku land` to ask for this file again.

    Only whoever lands by hand knows where it lies; another one is that which the slice holds.
    """
    by_hand = request.door == BY_HAND
    name = [shlex.quote(_discreet_file(request.name))] if by_hand else []
    office = [] if by_hand else ["--office", request.office]
    part = [] if request.part == MAIN_PART else ["--part", request.part]
    slice_ = ["--source", request.source, "--period", request.period]
    return " ".join([*name, *slice_, *part, *office])


def _shrank(context: _Context, before: loads.Before, now: int) -> bool:
    """Tell whether too many rows are gone to believe it: all, or of a longer list over a third.

    A register of a new year has rightly lost what was closed in the old one.
    """
    if now == 0:
        return before.accepted > 0
    is_new_list = context.source.kind is Kind.REGISTER and before.period_year != context.period.year
    return before.accepted >= LONG_LIST and 3 * now < 2 * before.accepted and not is_new_list


def _percent(share: Fraction) -> str:
    return f"{int(share * 100)} persen" if share else "tidak boleh ada"


def _take(
    scratch: Scratch,
    context: _Context,
    request: Request,
    slice_: Slice,
    arrival: Arrival,
    tally: _Tally,
) -> Landing:
    """Take the slice, or keep the refusal, in one short transaction under the office's lock.

    What speaks against it is written down without the lock, and asked again.
    """
    while True:
        with scratch.connection.begin():
            lock_offices(scratch.connection, [slice_.office])
            known = loads.unchanged(scratch.connection, slice_, arrival)
            if known is not None:
                return Landing(request, "unchanged", known, Counts())
            objection = _objection(scratch, context, request, slice_, tally)
            if objection is None:
                load_id = loads.land(
                    scratch,
                    slice_,
                    arrival,
                    counts=tally.counts(),
                    references_at=context.vocabulary.recorded_at,
                    reasons=tally.told(),
                    refused=tally.is_refused,
                    because=request.confirmed_because or loads.RECEIVED,
                )
                refused = "held" if tally.is_held else "refused"
                status = refused if tally.is_refused else "landed"
                return Landing(request, status, load_id, tally.counts(), tuple(tally.told()))
        _refuse_file(scratch, tally, *objection)
