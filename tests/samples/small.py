"""Small files of every source, some right and some wrong, with what landing each must report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from schemas.sources import sources
from tests.samples.workbooks import Form, Row, write_cells, write_table

EXPECTED = "expected.yaml"


@dataclass(frozen=True, slots=True)
class Sample:
    """A small file, and what landing it must report.

    Attributes:
        file: its name in the folder of its source.
        period: for which it is landed.
        write: writes it.
        counts: accepted, rejected, duplicate, out of scope.
        rules: every rule of the catalogue that is told, of the file, of rows and of cells.
        is_refused: whether it never takes its slice.
        note: what it shows.
    """

    file: str
    period: str
    write: Callable[[Path], None]
    counts: tuple[int, int, int, int]
    rules: tuple[str, ...] = ()
    is_refused: bool = False
    note: str = ""

    def expected(self) -> dict[str, object]:
        """Return what landing reports, for `expected.yaml`."""
        accepted, rejected, duplicate, out_of_scope = self.counts
        return {
            "file": self.file,
            "period": self.period,
            "note": self.note,
            "status": "refused" if self.is_refused else "landed",
            "rows_in": sum(self.counts),
            "accepted": accepted,
            "rejected": rejected,
            "duplicate": duplicate,
            "out_of_scope": out_of_scope,
            "rules": sorted(self.rules),
        }


def ok(
    source: str,
    period: str,
    rows: Sequence[Row],
    counts: tuple[int, int, int, int],
    *rules: str,
    form: Form = Form.CSV,
    note: str = "",
) -> list[Sample]:
    """Return the same rows as `ok.xlsx` and `ok.csv`."""
    return [
        Sample(f"ok.{form.ending}", period, _writer(source, rows, form), counts, rules, False, note)
        for form in (Form.XLSX, form)
    ]


def refused(
    source: str,
    period: str,
    rows: Sequence[Row],
    counts: tuple[int, int, int, int],
    *rules: str,
    form: Form = Form.XLSX,
    note: str = "",
) -> Sample:
    """Return a file whose rows refuse it."""
    name = f"refused.{form.ending}"
    return Sample(name, period, _writer(source, rows, form), counts, rules, True, note)


def refused_heading(
    period: str, cells: Sequence[Sequence[object]], *rules: str, note: str
) -> Sample:
    """Return a csv whose headings refuse it, so that no row is counted."""

    def write(file: Path) -> None:
        write_cells(file, cells, Form.CSV)

    return Sample("refused_heading.csv", period, write, (0, 0, 0, 0), rules, True, note)


def _writer(source: str, rows: Sequence[Row], form: Form) -> Callable[[Path], None]:
    return lambda file: write_table(file, sources()[source], rows, form)


def write_samples(directory: Path, samples: Mapping[str, Sequence[Sample]], office: str) -> None:
    """Write all samples, each source in a folder of its own with its `expected.yaml`."""
    for source, listed in samples.items():
        for sample in listed:
            sample.write(directory / source / sample.file)
        told = {
            "office": office,
            "source": source,
            "files": [sample.expected() for sample in listed],
        }
        dump(directory / source / EXPECTED, told)


def dump(file: Path, content: object) -> None:
    """Write YAML; the innermost lists and mappings take one line each."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(
        content, sort_keys=False, allow_unicode=True, default_flow_style=None, width=400
    )
    file.write_text(text, encoding="utf-8", newline="")
