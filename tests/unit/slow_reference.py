"""The composite indexes once more, row by row and without haste, sharing no code with transforms.

Answers are dicts `u1` .. `u9` (1 to 4, or None), with `service`; employees are dicts with
`total_score`; a report of IKPA is three lists in the order of its columns.
"""

from decimal import Decimal
from fractions import Fraction

QUESTIONS = ("u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9")


def to_hundredths(value):
    """Round half up by whole numbers: 85.625 is 85625/1000, and (85625 * 200 + 1000) // 2000."""
    hundredths = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    return Decimal(f"{hundredths // 100}.{hundredths % 100:02d}")


def kept(answers):
    """Empty what is outside the scale, then leave out who left more than a third empty."""
    result = []
    for answer in answers:
        cleaned = dict(answer)
        empty = 0
        for question in QUESTIONS:
            if cleaned[question] not in (1, 2, 3, 4):
                cleaned[question] = None
                empty = empty + 1
        if empty * 3 <= len(QUESTIONS):
            result.append(cleaned)
    return result


def ikm(answers):
    """Return the IKM, 25 to 100, exact; None when nobody answered anything."""
    means = []
    for question in QUESTIONS:
        given = []
        for answer in answers:
            if answer[question] is not None:
                given.append(answer[question])
        if given:
            means.append(Fraction(sum(given), len(given)))
    if not means:
        return None
    index = Fraction(0)
    for mean in means:
        index = index + mean / len(means)
    return index * 25


def mean_of_services(answers):
    """Return the mean of the IKM of each service, exact."""
    by_service = {}
    for answer in answers:
        by_service.setdefault(answer["service"], []).append(answer)
    values = []
    for service in by_service:
        value = ikm(by_service[service])
        if value is not None:
            values.append(value)
    return sum(values) / Fraction(len(values))


def ip_asn(employees):
    """Return the mean total of the employees, exact."""
    total = Fraction(0)
    for employee in employees:
        total = total + Fraction(employee["total_score"])
    return total / len(employees)


def ikpa(values, weights, deduction):
    """Return the final IKPA score, exact: the weighted mean of what applies, less the deduction."""
    points, weight_that_applies = Fraction(0), Fraction(0)
    for value, weight in zip(values, weights, strict=True):
        if weight != 0:
            points = points + Fraction(value) * Fraction(weight)
            weight_that_applies = weight_that_applies + Fraction(weight)
    score = points / weight_that_applies - Fraction(deduction)
    if score < 0:
        return Fraction(0)
    return score
