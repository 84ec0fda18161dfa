"""IKU 4: satisfaction with the office's services to civil servants."""

from dataclasses import replace

from schemas.card import Card, Consolidation, Measurement, Method, Unit
from transforms.rules.formulas import Rows
from transforms.rules.survey import graded, ikm_of, of_kind, pool, satisfaction

CARD = Card(
    code="IKU.4",
    short_name="IKM Layanan",
    name_id=(
        "Indeks Kepuasan Masyarakat terhadap Layanan Kepegawaian yang Diselenggarakan "
        "Kantor Regional BKN"
    ),
    name_en="Satisfaction index of the office's services",
    counted="",
    consolidation=Consolidation.POOLED,
    source="survey_answer",
    methods=(
        Method(2017, "PermenPANRB 14/2017: bobot 1/k, seluruh responden disatukan", Unit.INDEX),
    ),
)

KIND = "layanan_kepegawaian"


def compute(survey_element: Rows, survey_service: Rows) -> Measurement:
    """Pool the year's respondents; show the units that share the services (RULES 10-Q28).

    Args:
        survey_element: answers and respondents per kind, service, unit and element.
        survey_service: rejected rows and population per kind and service.
    """
    measurement = satisfaction(KIND, survey_element, survey_service)
    if not measurement.status.has_number:
        return measurement
    units = _units(of_kind(KIND, survey_element))
    return replace(measurement, components={**measurement.components, "unit": units})


def _units(elements: Rows) -> list[dict[str, object]]:
    """Return the IKM of each unit, by its code; answers of no unit come under an empty code."""
    pools = {
        unit: pool(row for row in elements if (row["unit"] or "") == unit)
        for unit in sorted({row["unit"] or "" for row in elements})
    }
    return [
        {
            "unit": unit,
            "jawaban": sum(answers.n for answers in pooled.values()),
            **graded(ikm_of(pooled)),
        }
        for unit, pooled in pools.items()
    ]
