"""The satisfaction survey (SKM): index, IKM, elements, services, sample size.

Source: PermenPANRB 14/2017 (RULES 1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from schemas.card import Measurement, Status
from schemas.terms import SURVEY_ELEMENTS
from transforms.rules.formulas import MUTU_LABELS, Row, Rows, count_of, half_up, mutu, two_decimals

# In the order of the regulation; files are mapped by the text of the question, not by position.
ELEMENTS: Mapping[str, str] = SURVEY_ELEMENTS

# The sample that is enough for a population of any size: the last figure of the table.
LARGEST_SAMPLE = 384

KIND_WORDS: Mapping[str, str] = {
    "pembinaan": "layanan pembinaan",
    "layanan_kepegawaian": "layanan kepegawaian",
}

# The kind under which rejected rows are counted whose service could not be read.
WITHOUT_SERVICE = "tanpa_layanan"


@dataclass(frozen=True, slots=True)
class Answers:
    """The valid answers on one element: how many there are and their sum."""

    n: int
    total: int

    @property
    def mean(self) -> Fraction:
        """Return NRR, the mean answer, 1 to 4."""
        return Fraction(self.total, self.n)


def pool(rows: Iterable[Row]) -> dict[str, Answers]:
    """Add up the answers of all services and units, element by element.

    Every respondent weighs the same, whichever service he used (RULES 10-Q3).

    Args:
        rows: of the tally `survey_element`: element, n, sum.

    Returns:
        The elements that somebody answered, in the order of the regulation.

    Raises:
        ValueError: an element is unknown, or its answers cannot all lie between 1 and 4.
    """
    n, total = dict.fromkeys(ELEMENTS, 0), dict.fromkeys(ELEMENTS, 0)
    for row in rows:
        element = row["element"]
        if element not in ELEMENTS:
            raise ValueError(f"{element!r} is no element of the survey: {', '.join(ELEMENTS)}")
        n[element] += int(row["n"])
        total[element] += int(row["sum"])
    for element in ELEMENTS:
        if not n[element] <= total[element] <= 4 * n[element]:
            raise ValueError(
                f"{element}: {n[element]} answers from 1 to 4 cannot add up to {total[element]}"
            )
    return {element: Answers(n[element], total[element]) for element in ELEMENTS if n[element]}


def index_of(pooled: Mapping[str, Answers]) -> Fraction:
    """Return the index, 1 to 4: the mean answers, each weighted 1/k.

    k is the number of elements that somebody answered. The weight is exact: with the 0.11 that
    reports print, the highest IKM would be 99.00, and 99.23 has been published (RULES 10-Q2).

    Raises:
        ValueError: nobody answered anything; that is a status, not a score.
    """
    if not pooled:
        raise ValueError("no answers, so no index")
    weight = Fraction(1, len(pooled))
    return sum((answers.mean * weight for answers in pooled.values()), Fraction(0))


def ikm_of(pooled: Mapping[str, Answers]) -> Fraction:
    """Return the IKM, 25 to 100, exact."""
    return index_of(pooled) * 25


def krejcie_morgan(population: int) -> int:
    """Return how many respondents a population asks for.

    The published table holds the nearest whole numbers of this formula, with chi-square 3.841,
    P 0.5 and d 0.05 (RULES 1.4).
    """
    chi_square, d_squared = Fraction(3841, 1000), Fraction(25, 10_000)
    spread = chi_square * Fraction(1, 4)
    return int(half_up(spread * population / (d_squared * (population - 1) + spread), 0))


def satisfaction(kind: str, survey_element: Rows, survey_service: Rows) -> Measurement:
    """Return the IKM of the services of one kind.

    A small service and a small sample are flagged, never suppressed. Where files of the quarter
    came, but none with a respondent of this kind, the respondents of earlier quarters make a
    provisional value.

    Args:
        kind: `pembinaan` or `layanan_kepegawaian`.
        survey_element: answers and respondents per kind, service, unit and element.
        survey_service: rejected rows and population per kind and service.
    """
    elements = of_kind(kind, survey_element)
    services = of_kind(kind, survey_service)
    pooled = pool(elements)
    sample = _sample(elements, services)
    unreadable = of_kind(WITHOUT_SERVICE, survey_service)
    components: dict[str, object] = {
        **sample,
        "n_ditolak": count_of(services, "rejected"),
        "n_ditolak_tanpa_layanan": count_of(unreadable, "rejected"),
    }
    if not pooled:
        return Measurement(Status.NOT_YET_PUBLISHED, components=components)
    ikm = ikm_of(pooled)
    unanswered = [element.upper() for element in ELEMENTS if element not in pooled]
    components |= {
        "indeks": half_up(index_of(pooled), 4),
        **graded(ikm),
        "kinerja": MUTU_LABELS.get(mutu(ikm) or ""),
        "unsur": [_element(element, answers) for element, answers in pooled.items()],
        "unsur_tanpa_jawaban": unanswered,
        **_services(elements),
        "catatan": _notes(sample, unanswered),
    }
    if all(row["quarter_respondents"] == 0 for row in elements):
        components["sebab_sementara"] = [
            f"belum ada responden {KIND_WORDS[kind]} pada triwulan ini"
        ]
        return Measurement(Status.PROVISIONAL, ikm, components=components)
    return Measurement(Status.MEASURED, ikm, components=components)


def of_kind(kind: str, rows: Rows) -> list[Row]:
    """Return the rows of one kind of services."""
    return [row for row in rows if row["kind"] == kind]


def graded(ikm: Fraction) -> dict[str, object]:
    """Return an IKM for people, with its mutu."""
    return {"ikm": two_decimals(ikm), "mutu": mutu(ikm)}


def _element(element: str, answers: Answers) -> dict[str, object]:
    value = answers.mean * 25
    return {
        "unsur": element.upper(),
        "nama": ELEMENTS[element],
        "n": answers.n,
        "nrr": half_up(answers.mean, 4),
        "nilai": two_decimals(value),
        "mutu": mutu(value),
    }


def _respondents(elements: Rows) -> dict[str, int]:
    """Return how many answered, by service; each element of a unit repeats it, one is counted."""
    of_unit = {(row["service"], row["unit"]): int(row["respondents"]) for row in elements}
    found = dict.fromkeys((service for service, _ in of_unit), 0)
    for (service, _), respondents in of_unit.items():
        found[service] += respondents
    return found


def _services(elements: Rows) -> dict[str, object]:
    """Return the services one by one, and the mean in which each weighs the same (RULES 10-Q3)."""
    ikm = {
        service: ikm_of(pool(row for row in elements if row["service"] == service))
        for service in sorted({row["service"] for row in elements})
    }
    respondents = _respondents(elements)
    listed = [
        {"layanan": service, "responden": respondents[service], **graded(value)}
        for service, value in ikm.items()
    ]
    mean = sum(ikm.values(), Fraction(0)) / len(ikm)
    return {"layanan": listed, "ikm_rata_layanan": two_decimals(mean)}


def _sample(elements: Rows, services: Rows) -> dict[str, object]:
    """Return how many answered and how many should have (RULES 10-Q25, 10-Q25a)."""
    respondents = _respondents(elements)
    answered = sum(respondents.values())
    population = _population(respondents, services)
    needed = LARGEST_SAMPLE if population is None else krejcie_morgan(population)
    return {
        "responden": answered,
        "populasi": population,
        "sampel_minimum": needed,
        "sampel_kurang": answered < needed,
    }


def _population(respondents: Iterable[str], services: Rows) -> int | None:
    """Return the services delivered in the year; None unless it is known of every service."""
    delivered = {row["service"]: row["population"] for row in services}
    known = [delivered.get(service) for service in {*respondents, *delivered}]
    if not known or any(volume is None for volume in known):
        return None
    return sum(int(volume) for volume in known if volume is not None)


def _notes(sample: Mapping[str, object], unanswered: list[str]) -> list[str]:
    notes = []
    if sample["populasi"] is None:
        notes.append(
            f"jumlah layanan setahun belum diketahui; sampel minimum memakai {LARGEST_SAMPLE}"
        )
    if sample["sampel_kurang"]:
        notes.append(
            f"responden {sample['responden']}, kurang dari sampel minimum "
            f"{sample['sampel_minimum']}"
        )
    if unanswered:
        notes.append(f"unsur tanpa jawaban tidak dihitung: {', '.join(unanswered)}")
    return notes
