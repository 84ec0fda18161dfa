"""Refusals: what is wrong with rows or a file is told and listed, by the catalogue of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from flows.landing.readers.tables import Note
from flows.landing.request import Context
from flows.landing.scratch import REJECT_COLUMNS, Scratch
from flows.landing.tally import Tally
from schemas.rejections.catalogue import RULES
from schemas.rejections.rule import PLACEHOLDERS, Consequence
from transforms.files.redaction import HIDDEN, redacted, tells_of_a_person
from transforms.rules.formulas import in_indonesian


def refusals(
    context: Context,
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
    failure: Any  # a row of the failures found
    for failure, group in zip(
        found.itertuples(index=False), groups.reindex(found["index"]), strict=True
    ):
        column = columns.get(failure.column)
        rule = RULES[failure.rule]
        consequence = rule.consequence
        if column is not None and column.lenient and consequence is Consequence.ROW:
            consequence = Consequence.CELL
        is_hidden = (column is not None and column.personal) or tells_of_a_person(failure.value)
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
    refused = pd.DataFrame(told, columns=pd.Index(REJECT_COLUMNS), dtype="object")
    return refused.astype({"row_no": "Int64"})


def _said(value: object) -> str:
    """Return a refused value as an officer writes it."""
    return in_indonesian(value) if isinstance(value, Decimal) else str(value)


def list_refused(scratch: Scratch, tally: Tally, refused: pd.DataFrame) -> None:
    """List refused rows, and count them by their rule and column."""
    if refused.empty:
        return
    scratch.refuse(refused)
    for (rule, column), alike in refused.groupby(["rule", "column_name"], sort=False):
        first = {str(name): said for name, said in alike.iloc[0].items()}
        tally.note(str(rule), str(column), first, alike["row_no"].tolist())


def refuse_file(
    scratch: Scratch,
    tally: Tally,
    rule: str,
    facts: Mapping[str, str],
    consequence: Consequence = Consequence.FILE,
) -> None:
    """Refuse the file as a whole by a rule of the catalogue, or only note it of the file."""
    given = {name: redacted(facts.get(name, "")) for name in PLACEHOLDERS}
    row = {
        **dict.fromkeys(REJECT_COLUMNS),
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


def note(scratch: Scratch, tally: Tally, notes: Iterable[Note]) -> None:
    """Note of the file what an officer is told although it refuses nothing."""
    for rule, facts in notes:
        refuse_file(scratch, tally, rule, facts, Consequence.WARNING)
