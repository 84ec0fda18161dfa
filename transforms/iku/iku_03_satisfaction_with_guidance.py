"""IKU 3: satisfaction with the office's guidance on the management of civil servants."""

from schemas.card import Card, Consolidation, Measurement, Method, Unit
from transforms.rules.formulas import Rows
from transforms.rules.survey import satisfaction

CARD = Card(
    code="IKU.3",
    short_name="IKM Pembinaan",
    name_id=(
        "Indeks Kepuasan Masyarakat terhadap Pembinaan Manajemen ASN yang Diselenggarakan "
        "Kantor Regional BKN"
    ),
    name_en="Satisfaction index of the office's guidance",
    counted="",
    consolidation=Consolidation.POOLED,
    source="survey_answer",
    methods=(
        Method(2017, "PermenPANRB 14/2017: bobot 1/k, seluruh responden disatukan", Unit.INDEX),
    ),
)

KIND = "pembinaan"


def compute(survey_element: Rows, survey_service: Rows) -> Measurement:
    """Pool the year's respondents of the services of guidance (RULES 1.6).

    Args:
        survey_element: answers and respondents per kind, service, unit and element.
        survey_service: rejected rows and population per kind and service.
    """
    return satisfaction(KIND, survey_element, survey_service)
