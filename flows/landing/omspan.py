"""OMSPAN reading: the report of a budget's execution into the scratch tables."""

from __future__ import annotations

from flows.landing.readers.tables import Grid
from flows.landing.refusals import list_refused, refusals, refuse_file
from flows.landing.request import Context
from flows.landing.scope import in_scope
from flows.landing.scratch import Scratch
from flows.landing.tally import Tally
from schemas.rejections.rule import Consequence
from transforms.files import columns, omspan, omspan_report, validate


def read_omspan(scratch: Scratch, context: Context, grid: Grid, tally: Tally) -> None:
    """Take the office's own satker; what does not agree refuses there and warns elsewhere."""
    report = omspan.read_report(grid.rows)
    problems = list(
        omspan_report.slice_problems(report, context.period.year, context.period.end.month)
    )
    typed = omspan_report.unit_rows(report)
    found = omspan_report.check_units(report)
    if report.level is omspan_report.Level.SATKER:
        found = columns.joined([validate.failures(context.source, typed), found])
        if not context.office.satker_code:
            problems.append(("satker_belum_diisi", {}))
        elif not in_scope(context, typed).any():
            problems.append(("satker_tidak_ada", {"aturan": context.office.satker_code}))
    headings = {column.name: column.headings[0] for column in context.source.columns}
    refused = refusals(context, grid.sheet, headings, typed, found)
    ours = in_scope(context, typed)
    refused.loc[~refused["row_no"].isin(typed.index[ours]), "consequence"] = Consequence.WARNING
    rejected = typed.index.isin(refused.loc[refused["consequence"] == Consequence.ROW, "row_no"])
    accepted = typed[ours & ~rejected]
    tally.accepted += len(accepted)
    tally.rejected += int(rejected.sum())
    tally.out_of_scope += int((~ours & ~rejected).sum())
    scratch.add(accepted.assign(sheet=grid.sheet, row_no=accepted.index))
    list_refused(scratch, tally, refused)
    for rule, facts in problems:
        refuse_file(scratch, tally, rule, facts)
