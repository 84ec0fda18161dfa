"""The professionality index of civil servants (IP ASN) of one office.

The official scores of persons are imported; from 2023 BKN's own table is not known, so nothing
is scored here (RULES 10-Q6). Source: PermenPANRB 38/2018, Peraturan BKN 8/2019 (RULES 2).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from schemas.card import Measurement, Status
from transforms.rules.formulas import Row, Rows, count_of, ip_asn_category, sum_of, two_decimals

# Column of the tally -> what an officer calls the dimension.
DIMENSIONS: Mapping[str, str] = {
    "qualification": "kualifikasi",
    "competence": "kompetensi",
    "performance": "kinerja",
    "discipline": "disiplin",
}

# Published means differ from the sum of their dimensions by 0.01 and 0.02 (RULES 2.6).
TOLERANCE = Fraction(2, 100)


def mean_total(employee_score: Iterable[Row]) -> Fraction:
    """Return the mean total score of all persons, 0 to 100; every head weighs the same.

    Args:
        employee_score: persons and sums of scores per group.
    """
    rows = list(employee_score)
    return sum_of(rows, "total") / count_of(rows, "persons")


def index_of_office(employee_score: Rows) -> Measurement:
    """Return the index of an office from the sums of its groups (PNS, PPPK).

    A group whose dimensions do not add up to its total is noted; the total stays.
    """
    groups = [row for row in employee_score if int(row["persons"]) > 0]
    if not groups:
        return Measurement(Status.NOT_YET_PUBLISHED)
    value = mean_total(groups)
    return Measurement(
        Status.MEASURED,
        value,
        components={
            "kategori": ip_asn_category(value),
            "pegawai": count_of(groups, "persons"),
            **_dimensions(groups),
            "kelompok": [_group(row) for row in groups],
            "catatan": [_note(row) for row in groups if abs(_difference(row)) > TOLERANCE],
        },
    )


def _dimensions(rows: list[Row]) -> dict[str, object]:
    persons = count_of(rows, "persons")
    return {
        name: two_decimals(sum_of(rows, column) / persons) for column, name in DIMENSIONS.items()
    }


def _group(row: Row) -> dict[str, object]:
    return {
        "kelompok": row["employee_group"],
        "pegawai": int(row["persons"]),
        **_dimensions([row]),
        "total": two_decimals(mean_total([row])),
    }


def _difference(row: Row) -> Fraction:
    """Return by how much the mean total of a group exceeds the sum of its mean dimensions."""
    parts = sum((Fraction(row[column]) for column in DIMENSIONS), Fraction(0))
    return (Fraction(row["total"]) - parts) / int(row["persons"])


def _note(row: Row) -> str:
    return f"{row['employee_group']}: jumlah empat dimensi tidak sama dengan nilai total"
