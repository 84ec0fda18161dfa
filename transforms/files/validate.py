"""Validate typed rows against a source's contract, and say of each failure which rule it broke."""

import re
from collections.abc import Set as AbstractSet
from datetime import date

import numpy as np
import pandas as pd
from pandera.errors import SchemaErrors

from schemas.source import FieldType, Source

FAILURES = ("index", "column", "rule", "value", "detail")
"""Columns of a frame of failures: the row's label, where, which rule, what stood there, a limit."""

LONGEST_KEY = 200
"""Characters of a number in a key: of five texts in one, an index of Postgres holds so many."""

SHOWN_LENGTH = 40

_RULE_OF_CHECK = {
    "not_nullable": "wajib_diisi",
    "isin": "pilihan",
    "str_matches": "bentuk",
    "multiple_fields_uniqueness": "kunci_ganda",
    "field_uniqueness": "kunci_ganda",
    "greater_than_or_equal_to": "terlalu_kecil",
    "greater_than": "terlalu_kecil",
    "less_than_or_equal_to": "terlalu_besar",
    "less_than": "terlalu_besar",
    "in_range": "di_luar_rentang",
}


def no_failures() -> pd.DataFrame:
    """Return a frame of failures without rows."""
    return pd.DataFrame({name: pd.Series([], dtype="object") for name in FAILURES})


def failures(source: Source, typed: pd.DataFrame) -> pd.DataFrame:
    """Return what `typed` breaks of the contract: one row per row, column and rule.

    Args:
        source: the card; its contract states what is true of accepted rows.
        typed: rows as `parse` and `conform` give them, with unique labels.

    Raises:
        RuntimeError: a check could not run; that is a defect of the contract, not of the file.
    """
    try:
        source.contract.validate(typed, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return no_failures()
    unplaced = cases[cases["index"].isna()]
    if len(unplaced):
        raise RuntimeError(f"contract of {source.code}: {unplaced.iloc[0].to_dict()}")
    found = pd.DataFrame(
        {
            "index": cases["index"].astype("int64"),
            "column": cases["column"].where(cases["schema_context"] == "Column", ""),
            "rule": cases["check"].map(_rule),
            "value": cases["failure_case"].where(cases["schema_context"] == "Column"),
            "detail": cases["check"].map(_limit),
        }
    )
    # A check over several columns repeats its failure for each of them.
    return found.drop_duplicates(["index", "column", "rule"]).reset_index(drop=True)


def outside_period(source: Source, typed: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """Return a failure for each row dated outside the period of its file."""
    if source.date_in_period is None:
        return no_failures()
    dates = typed[source.date_in_period]
    outside = dates[(dates < pd.Timestamp(start)) | (dates > pd.Timestamp(end))]
    return pd.DataFrame(
        {
            "index": outside.index,
            "column": source.date_in_period,
            "rule": "tanggal_di_luar_periode",
            "value": outside.dt.strftime("%d/%m/%Y").to_numpy(),
            "detail": f"{start:%d/%m/%Y} sampai {end:%d/%m/%Y}",
        },
        columns=pd.Index(FAILURES),
        dtype="object",
    )


def too_long(source: Source, typed: pd.DataFrame) -> pd.DataFrame:
    """Return a failure for each number in a key that is too long to be one."""
    found = []
    for column in source.columns:
        if column.name in source.key and column.type is FieldType.TEXT:
            cells = typed[column.name]
            cells = cells[(cells.str.len() > LONGEST_KEY).fillna(False).astype(bool)]
            found.append(
                pd.DataFrame(
                    {
                        "index": cells.index,
                        "column": column.name,
                        "rule": "terlalu_panjang",
                        "value": cells.str.slice(0, SHOWN_LENGTH).to_numpy() + "…",
                        "detail": str(LONGEST_KEY),
                    },
                    columns=pd.Index(FAILURES),
                    dtype="object",
                )
            )
    return pd.concat(found) if found else no_failures()


def unanswered(source: Source, typed: pd.DataFrame, asked: AbstractSet[str]) -> pd.DataFrame:
    """Return a failure for each row that leaves more than a third of the questions empty.

    Args:
        source: the card.
        typed: rows as `parse` gives them.
        asked: the questions that the file asks: those that anybody filled in, however badly. A
            question that nobody was asked is nobody's empty answer (RULES 1.5).
    """
    if not source.questions:
        return no_failures()
    filled = np.zeros(len(typed), dtype="int64")
    for name in sorted(asked):
        filled += typed[name].notna().to_numpy()
    few = (filled * 3 < 2 * len(asked)) | (filled == 0)
    return pd.DataFrame(
        {
            "index": typed.index[few],
            "column": "",
            "rule": "jawaban_kurang",
            "value": None,
            "detail": "",
        },
        columns=pd.Index(FAILURES),
        dtype="object",
    )


def _rule(check: str) -> str:
    name = str(check).split("(")[0]
    return _RULE_OF_CHECK.get(name, name)


def _limit(check: str) -> str:
    """Return what stands in the parentheses of a check: the limit, the choices, the pattern."""
    found = re.search(r"\((.*)\)", str(check))
    return found[1] if found else ""
