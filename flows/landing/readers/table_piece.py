"""Table piece: rows of text under a heading, without what is blank, numbers columns or adds up."""

from __future__ import annotations

import pandas as pd

from flows.landing.readers.file_guards import Unreadable
from flows.landing.readers.found_heading import LABEL, MARKS, SATKER, YEAR, Heading
from flows.landing.readers.tables import Table
from schemas.marking import restored, says_shifted
from schemas.source import Source
from transforms.files import totals
from transforms.files.totals import Totals

NUMBERED_COLUMNS = 3  # fewer may be figures


def piece(
    sheet: str,
    heading: Heading,
    text: pd.DataFrame,
    source: Source,
    ragged: list[int],
    summed: Totals | None = None,
) -> Table:
    """Leave out blank rows, and add the columns that the file does not have.

    Lines of totals are left out too, where there is somebody to compare them with the rows.
    """
    marks: dict[int, str] = {}
    if MARKS in text:
        marked = text.pop(MARKS)
        marks = {int(str(row)): mark for row, mark in marked[marked != ""].items()}
        text = text.map(restored)
        shifted = [row for row, mark in marks.items() if says_shifted(mark)]
        text = text.drop(index=shifted)
        ragged = sorted({*ragged, *shifted})
    stripped = text.apply(lambda column: column.str.strip())
    stripped = _after_numbers(stripped, heading)
    is_total = _are_totals(stripped, summed)
    lines = stripped[is_total]
    years = set(stripped.loc[~is_total, YEAR].unique()) if YEAR in stripped else set()
    satkers = stripped.get(SATKER)
    stripped = stripped[[name for name in stripped if name in heading.position]]
    gone = is_total | _is_blank(stripped)
    if gone.any():  # else the whole piece would be copied for nothing
        stripped = stripped[~gone]
    if summed is not None:
        summed.add_rows(stripped)
        summed.lines += [_line(row, cells) for row, cells in lines.iterrows()]
    for column in source.columns:
        if column.name not in stripped:
            value = heading.given.get(column.name, "")
            stripped[column.name] = pd.array([value] * len(stripped), dtype="str")
    return Table(
        sheet,
        heading.printed,
        stripped[[column.name for column in source.columns]],
        ragged,
        years=years,
        marks=marks,
        problems=heading.problems,
        lacking=heading.lacking,
        satkers=None if satkers is None else satkers[~gone],
    )


def _are_totals(text: pd.DataFrame, summed: Totals | None) -> pd.Series[bool]:
    """Tell which rows begin with a word of totals; none where nobody compares them."""
    if summed is None:
        return pd.Series(False, index=text.index)
    where = [*text.columns[:2], *text.columns.intersection([LABEL, SATKER])]
    words = text[where].apply(lambda column: totals.words_of(column).isin(totals.WORDS))
    return words.any(axis=1)


def _after_numbers(text: pd.DataFrame, heading: Heading) -> pd.DataFrame:
    """Leave out the line that numbers the columns (1, 2, 3, ...), right under the heading."""
    if text.empty or len(heading.position) < NUMBERED_COLUMNS or text.index[0] != heading.row + 2:
        return text
    numbers = [cell.strip("()") for cell in text.iloc[0]]
    places = [str(heading.read[name] + 1) for name in text.columns]
    return text.iloc[1:] if numbers == places else text


def _line(row: object, cells: pd.Series[str]) -> tuple[int, totals.Line, dict[str, str]]:
    word = next(word for word in totals.words_of(cells) if word in totals.WORDS)
    written = {
        name: cell
        for name, cell in zip(cells.index, cells, strict=True)
        if name[0] != LABEL and cell
    }
    return int(str(row)), totals.WORDS[word], written


def _is_blank(text: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows hold nothing; few columns need looking at, as hardly any cell is empty."""
    blank = pd.Series(True, index=text.index)
    for name in text:
        blank &= text[name] == ""
        if not blank.any():
            break
    return blank


def refuse_wrong_totals(summed: Totals) -> None:
    """Refuse a table of which a line of totals does not agree with the rows."""
    if problems := summed.problems():
        raise Unreadable(*problems)
