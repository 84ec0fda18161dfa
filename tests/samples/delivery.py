"""A file that an office hands in: where it lies, what it says, and how it is written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from schemas.sources import sources
from tests.samples.invented import Dice
from tests.samples.seeds import Agency, Named
from tests.samples.workbooks import Form, Row, Said, write_table

MAIN_PART = "utama"

# A file of a quarter is made in the first days of the next one, and knows what happened there.
MADE_AFTER = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file of one slice.

    Attributes:
        source: the code of the source.
        period: as in the name of the file.
        ending: xlsx or csv.
        write: writes it to a path.
        records: gives its rows as they are before writing, by column name.
        part: of a period in several files.
        is_refused: whether it is wrong on purpose and can never be in force.
    """

    source: str
    period: str
    ending: str
    write: Callable[[Path], None]
    records: Callable[[], Iterable[Row]]
    part: str = MAIN_PART
    is_refused: bool = False

    @property
    def name(self) -> str:
        """Return its name in the inbox."""
        part = "" if self.part == MAIN_PART else f"_{self.part}"
        return f"{self.period}{part}.{self.ending}"


def table(
    source: str, period: str, rows: Sequence[Row], form: Form, *, is_refused: bool = False
) -> Delivery:
    """Return the delivery of a table under our template's headings."""
    return Delivery(
        source=source,
        period=period,
        ending=form.ending,
        write=lambda file: write_table(file, sources()[source], rows, form),
        records=lambda: rows,
        is_refused=is_refused,
    )


def quarter_start(year: int, quarter: int) -> date:
    """Return the first day of a quarter; quarters go on counting into the years around."""
    months = year * 12 + 3 * (quarter - 1)
    return date(months // 12, months % 12 + 1, 1)


def quarter_end(year: int, quarter: int) -> date:
    """Return the last day of a quarter."""
    return quarter_start(year, quarter + 1) - timedelta(days=1)


def called(thing: Agency | Named, dice: Dice) -> Said:
    """Return an agency, service or system as people write it: mostly by its official name."""
    if isinstance(thing, Agency) and thing.code[0].isdigit() and dice.happens(0.05):
        return Said(thing.code, thing.code)
    if thing.aliases and dice.happens(0.2):
        return Said(thing.code, dice.pick(thing.aliases))
    short = thing.name.replace("Kabupaten ", "Kab. ", 1)
    return Said(thing.code, short if dice.happens(0.15) else thing.name)
