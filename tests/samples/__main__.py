"""Write all committed samples anew: `python -m tests.samples`, or `... --check` to compare."""

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.samples.cases import OFFICE, all_samples
from tests.samples.expected_2024 import expected_landing, expected_values
from tests.samples.small import dump, write_samples
from tests.samples.year import SEED, YEAR, write_year

HERE = Path(__file__).parent
YEAR_FOLDER = f"tahun-{YEAR}"

# Everything that is due for the year is overdue after this day: 365 days after its end.
LAST_DUE_DAY = "2025-12-31"


def write_committed(directory: Path) -> None:
    """Write every sample that is committed below `directory`."""
    write_samples(directory, all_samples(), OFFICE)
    invented = write_year(directory / YEAR_FOLDER)
    landings = {
        f"{delivery.source}/{delivery.name}": expected_landing(invented, delivery)
        for delivery in invented.deliveries
    }
    corrections = {
        f"{correction.source}_{correction.name}": expected_landing(invented, correction)
        for correction in invented.corrections
    }
    expected = {
        "office": OFFICE,
        "year": YEAR,
        "seed": SEED,
        "known_after": LAST_DUE_DAY,
        "inbox": landings,
        "koreksi": corrections,
        "values": expected_values(invented, YEAR, is_corrected=False),
        "values_after_koreksi": expected_values(invented, YEAR, is_corrected=True),
    }
    dump(directory / YEAR_FOLDER / "expected.yaml", expected)


def committed_files(directory: Path) -> dict[str, Path]:
    """Return the samples below `directory` by their relative path; no code."""
    return {
        str(file.relative_to(directory)): file
        for file in sorted(directory.rglob("*"))
        if file.suffix in (".xlsx", ".csv", ".yaml")
    }


def content(file: Path) -> object:
    """Return what a file says: its bytes, or those of a workbook's members.

    The packed bytes of a workbook are the same on one machine, but another version of zlib may
    pack the same members differently.
    """
    if file.suffix != ".xlsx":
        return file.read_bytes()
    with zipfile.ZipFile(file) as book:
        return {name: book.read(name) for name in book.namelist()}


def differences(left: Path, right: Path) -> list[str]:
    """Return the samples that are in one of two directories only, or differ."""
    ours, theirs = committed_files(left), committed_files(right)
    return sorted(
        name
        for name in ours.keys() | theirs.keys()
        if name not in ours or name not in theirs or content(ours[name]) != content(theirs[name])
    )


def main(arguments: list[str] | None = None) -> int:
    """Write or compare; return what to exit with."""
    parser = argparse.ArgumentParser(prog="python -m tests.samples", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    asked = parser.parse_args(arguments)
    if not asked.check:
        for stale in committed_files(HERE).values():
            stale.unlink()
        write_committed(HERE)
        return 0
    with tempfile.TemporaryDirectory() as directory:
        write_committed(Path(directory))
        found = differences(HERE, Path(directory))
    for name in found:
        print(f"differs: {name}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
