"""Write a whole invented year of an office as a tree of inbox files, of any size."""

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

from tests.samples import budget, published, registers, snapshots, survey
from tests.samples.delivery import Delivery
from tests.samples.seeds import SEEDS, References, read_references

OFFICE = "kanreg-06"
YEAR = 2024
SEED = 2024
ANSWERS = 1600
EMPLOYEES = 99


@dataclass(frozen=True, slots=True)
class Year:
    """What an office hands in for a year.

    Attributes:
        references: what it was made from.
        deliveries: what lies in the inbox.
        corrections: what is landed by hand afterwards, in place of an inbox file.
    """

    references: References
    deliveries: tuple[Delivery, ...]
    corrections: tuple[Delivery, ...]


def invent_year(
    *,
    office: str = OFFICE,
    year: int = YEAR,
    seed: int = SEED,
    answers: int = ANSWERS,
    employees: int = EMPLOYEES,
    seeds: Path = SEEDS,
    flaws: bool = True,
) -> Year:
    """Invent a year; nothing is drawn before it is written or read.

    Args:
        office: its key in the seeds.
        year: the year measured.
        seed: another seed gives other agencies, days and figures in the same story.
        answers: how many survey forms are handed in.
        employees: how many of them are in office.
        seeds: a directory with the reference files.
        flaws: whether some files are missing, one is refused and one is corrected later; if
            not, every source is complete.

    Raises:
        ValueError: the seeds do not know the office.
    """
    references = read_references(seeds, office, year)
    forms, correction = survey.survey_answers(seed, year, references, answers, flaws=flaws)
    late = ("system_usage", f"{year}-Q3"), ("digital_service", f"{year}-Q2")
    has_history = office == published.OFFICE and year > max(published.YEARS)
    deliveries = [
        *forms,
        *snapshots.system_usage(seed, year, references),
        *budget.ikpa(seed, year, references),
        *registers.technical_regulations(seed, year),
        *registers.oversight_recommendations(seed, year, references),
        *registers.audit_findings(seed, year, references),
        *snapshots.siasn_integration(seed, year, references),
        *snapshots.digital_services(seed, year, references),
        *snapshots.agency_ip_asn(seed, year, references, flaws=flaws),
        *snapshots.office_employees(seed, year, employees),
        *snapshots.agency_nspk(seed, year, references, flaws=flaws),
        *snapshots.sakip_score(year),
        *([] if flaws else snapshots.reform_index(year)),
        *(published.published_actuals() if has_history else []),
    ]
    return Year(
        references=references,
        deliveries=tuple(
            one for one in deliveries if not (flaws and (one.source, one.period) in late)
        ),
        corrections=(correction,) if correction else (),
    )


def write_year(
    directory: Path,
    *,
    office: str = OFFICE,
    year: int = YEAR,
    seed: int = SEED,
    answers: int = ANSWERS,
    employees: int = EMPLOYEES,
    seeds: Path = SEEDS,
    flaws: bool = True,
) -> Year:
    """Write what `invent_year` gives, with the same arguments, and return it.

    In `directory` there are then `inbox/<office>/<source>/<period>[_<part>].{xlsx,csv}`,
    `koreksi/<source>_<period>.csv` and `rujukan/office.csv`, the office with the satker code
    that its IKPA carries.
    """
    invented = invent_year(
        office=office,
        year=year,
        seed=seed,
        answers=answers,
        employees=employees,
        seeds=seeds,
        flaws=flaws,
    )
    for delivery in invented.deliveries:
        delivery.write(directory / "inbox" / office / delivery.source / delivery.name)
    for correction in invented.corrections:
        correction.write(directory / "koreksi" / f"{correction.source}_{correction.name}")
    _write_office(directory / "rujukan" / "office.csv", invented.references)
    return invented


def _write_office(file: Path, references: References) -> None:
    row = {**references.office, "satker_code": references.satker}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)


def main(arguments: list[str] | None = None) -> None:
    """Write the year that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.samples.year", description=__doc__)
    parser.add_argument("directory", type=Path, help="where the tree goes")
    parser.add_argument("--office", default=OFFICE, help=f"its key (default {OFFICE})")
    parser.add_argument("--year", type=int, default=YEAR, help=f"default {YEAR}")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of chance (default {SEED})")
    parser.add_argument(
        "--answers", type=int, default=ANSWERS, help=f"survey forms (default {ANSWERS})"
    )
    parser.add_argument(
        "--employees", type=int, default=EMPLOYEES, help=f"in office (default {EMPLOYEES})"
    )
    parser.add_argument(
        "--seeds", type=Path, default=SEEDS, help="directory of reference files (default sql/seeds)"
    )
    parser.add_argument(
        "--complete",
        action="store_true",
        help="without missing, refused and corrected files",
    )
    asked = parser.parse_args(arguments)
    invented = write_year(
        asked.directory,
        office=asked.office,
        year=asked.year,
        seed=asked.seed,
        answers=asked.answers,
        employees=asked.employees,
        seeds=asked.seeds,
        flaws=not asked.complete,
    )
    print(f"{len(invented.deliveries)} files, {len(invented.corrections)} corrections")


if __name__ == "__main__":
    main()
