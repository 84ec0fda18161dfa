"""Reading: the rows of a file into the scratch tables, sorted into good, refused and not ours."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from flows.landing.omspan import read_omspan
from flows.landing.pieces import tables_and_asked
from flows.landing.readers import readers
from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.found_heading import SATKER
from flows.landing.readers.tables import Table
from flows.landing.refusals import list_refused, note, refusals, refuse_file
from flows.landing.request import Context
from flows.landing.scope import in_scope
from flows.landing.scratch import Scratch
from flows.landing.tally import Tally
from schemas.rejections.of_files import OF_THE_HEADING
from schemas.rejections.rule import Consequence
from schemas.source import Layout
from transforms.files import (
    columns,
    conform,
    omspan,
    omspan_report,
    satkers,
    titles,
    validate,
)
from transforms.files.redaction import redacted


def read(scratch: Scratch, context: Context, file: Path, name: str) -> Tally:
    """Read the whole file into the scratch tables; what cannot be read at all is a reason."""
    tally = Tally()
    try:
        if context.source.layout is Layout.OMSPAN:
            grid = readers.read_grid(file, name, omspan.is_heading)
            note(scratch, tally, grid.notes)
            read_omspan(scratch, context, grid, tally)
        else:
            for table, asked in tables_and_asked(context, file, name):
                _tell(scratch, context, table, tally)
                _read_table(scratch, context, table, asked, tally)
    except (Unreadable, omspan_report.BrokenReport) as refusal:
        for rule, facts in refusal.problems:
            refuse_file(scratch, tally, rule, facts)
    if context.source.last_of:
        gone = scratch.keep_last(context.source.last_of)
        tally.accepted -= gone
        tally.duplicate += gone
    if any(rule in OF_THE_HEADING for rule, _ in tally.reasons):
        tally.count_nothing()
    return tally


def _tell(scratch: Scratch, context: Context, table: Table, tally: Tally) -> None:
    """Tell what the reader noted, and refuse a file that says it is of another period."""
    note(scratch, tally, table.notes)
    for rule, facts in (
        *titles.other_period(table.above, context.period),
        *titles.other_year(table.years, context.period),
    ):
        refuse_file(scratch, tally, rule, facts)


def _read_table(
    scratch: Scratch,
    context: Context,
    table: Table,
    asked: frozenset[str],
    tally: Tally,
) -> None:
    scratch.carry(table.marks)
    table.sheet = redacted(table.sheet)
    of_card = context.source.columns
    nobodys = _set_aside(scratch, context, table, tally)
    typed, unread = columns.parse_columns(table.text, of_card, context.pseudonym)
    typed, unknown = conform.conform_columns(typed, of_card, context.names)
    failed = columns.joined([nobodys, unread, unknown])
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


def _set_aside(scratch: Scratch, context: Context, table: Table, tally: Tally) -> pd.DataFrame:
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
        refuse_file(scratch, tally, "satker_belum_diisi", {})
    elif not others.empty:
        facts = {"nilai": f"{len(others)} ({satkers.listed(others)})", "aturan": ours}
        note(scratch, tally, [("baris_satker_lain", facts)])
    table.text = table.text.drop(index=others.index)
    tally.out_of_scope += len(others)
    return pd.DataFrame(
        [(row, SATKER, "wajib_diisi", None, "") for row in unnamed],
        columns=pd.Index(validate.FAILURES),
    )


def _validated(
    context: Context, typed: pd.DataFrame, asked: frozenset[str], before: pd.DataFrame
) -> pd.DataFrame:
    """Return all failures, without those that only follow from a cell that could not be read.

    Such a cell is empty now, so its column seems to lack a value, and a rule over the whole row
    may miss it. What follows from an emptied lenient cell is told: too few answers are left.
    """
    found = columns.joined(
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
    return columns.joined([before, found[~again], outside])


def _sort(
    scratch: Scratch,
    context: Context,
    table: Table,
    typed: pd.DataFrame,
    found: pd.DataFrame,
    ragged: pd.DataFrame,
    tally: Tally,
) -> None:
    """Part the rows into accepted, rejected and out of scope, and list the failures."""
    refused = refusals(context, table.sheet, table.headings, typed, found)
    rejected = typed.index.isin(refused.loc[refused["consequence"] == Consequence.ROW, "row_no"])
    ours = in_scope(context, typed)
    emptied = refused[refused["consequence"] == Consequence.CELL]
    for name, cells in emptied.groupby("column_name"):
        typed.loc[typed.index.isin(cells["row_no"]), name] = None
    accepted = typed[~rejected & ours]
    tally.accepted += len(accepted)
    tally.rejected += int(rejected.sum())
    tally.out_of_scope += int((~rejected & ~ours).sum())
    list_refused(scratch, tally, refused)
    list_refused(scratch, tally, refusals(context, table.sheet, table.headings, typed, ragged))
    # Last, so that the next piece is read while this one is copied: all else waits for a copy.
    scratch.add(accepted.assign(sheet=table.sheet, row_no=accepted.index))
