"""The lists of an invented year that show a state: agencies, services, systems and employees."""

from datetime import date, timedelta
from decimal import Decimal

from tests.samples.delivery import Delivery, called, quarter_end, quarter_start, table
from tests.samples.invented import Dice, employee_number, letter_number
from tests.samples.seeds import Agency, References
from tests.samples.workbooks import Form, Row, Said

# How many agencies are still without SIASN at the end of each quarter.
NOT_INTEGRATED = {1: 2, 2: 1, 3: 1, 4: 0}

# How large a share of the agencies has its IP ASN of the year by then.
MEASURED_PCT = {1: 0, 2: 35, 3: 74, 4: 100}

# How many of the standard systems were used for part of the quarter only.
HALF_USED = {1: 2, 2: 1, 3: 1, 4: 1}

# Which services are not offered online, and which only outside SIASN, by position (RULES 7.3).
OFFLINE = (4,)
OUTSIDE_SIASN = (6, 11)

# Scores by letter of the NSPK index, in hundredths (RULES 4.2).
NSPK_SCORES = {"A": (8501, 9600), "B": (7001, 8500), "C": (5501, 7000)}


def siasn_integration(seed: int, year: int, references: References) -> list[Delivery]:
    """Return the four lists of how agencies are tied to SIASN.

    One agency uses both ways, and one changed over at mid-year: both count once. Of those not
    yet tied, one is listed with a day to come.
    """
    dice = Dice(seed, "siasn_integration", year)
    agencies = dice.shuffled(references.agencies)
    rows: dict[int, list[Row]] = {}
    for quarter, missing in NOT_INTEGRATED.items():
        tied = len(agencies) - missing
        rows[quarter] = [
            row
            for position, agency in enumerate(agencies[:tied])
            for row in _ties(agency, position, year, quarter, dice)
        ]
        for waiting, agency in enumerate(agencies[tied:]):
            to_come = quarter_start(year, quarter + 1) + timedelta(days=11) if waiting else None
            rows[quarter].append(
                {
                    "agency": called(agency, dice),
                    "mode": "webservice" if to_come else "none",
                    "start_date": to_come,
                }
            )
    rows[4] += [
        {"agency": called(stranger, dice), "mode": "simpegnas", "start_date": date(year, 2, 1)}
        for stranger in references.strangers[-1:]
    ]
    forms = (Form.XLSX, Form.CSV, Form.CSV, Form.XLSX)
    return [
        table("siasn_integration", f"{year}-Q{quarter}", rows[quarter], form)
        for quarter, form in enumerate(forms, start=1)
    ]


def _ties(agency: Agency, position: int, year: int, quarter: int, dice: Dice) -> list[Row]:
    since = date(year - 1 - position % 3, 1 + position % 12, 1 + position % 27)
    tie = {
        "agency": called(agency, dice),
        "mode": "webservice" if position % 4 == 3 else "simpegnas",
        "start_date": since,
        "evidence": letter_number("BA", position + 1, since),
    }
    if position == 0:
        return [tie, {**tie, "mode": "webservice"}]
    if position == 1 and quarter >= 3:
        ended = {**tie, "end_date": date(year, 6, 30)}
        return [ended, {**tie, "mode": "webservice", "start_date": date(year, 7, 1)}]
    return [tie]


def digital_services(seed: int, year: int, references: References) -> list[Delivery]:
    """Return the four lists of services; all but one are online."""
    dice = Dice(seed, "digital_service", year)
    forms = (Form.XLSX, Form.CSV, Form.INDONESIAN_CSV, Form.XLSX)
    return [
        table("digital_service", f"{year}-Q{quarter}", _services(references, dice), form)
        for quarter, form in enumerate(forms, start=1)
    ]


def _services(references: References, dice: Dice) -> list[Row]:
    rows = []
    for position, service in enumerate(references.services):
        is_online = position not in OFFLINE
        is_inside = is_online and position not in OUTSIDE_SIASN
        channel = "SIASN" if is_inside else "Aplikasi lokal" if is_online else None
        rows.append(
            {
                "service": called(service, dice),
                "is_digital": "true" if is_online else "false",
                "is_digital_siasn": "true" if is_inside else "false",
                "channel": channel,
            }
        )
    return rows


def system_usage(seed: int, year: int, references: References) -> list[Delivery]:
    """Return the four lists of systems, a little below full use; local ones are listed too."""
    dice = Dice(seed, "system_usage", year)
    forms = (Form.XLSX, Form.INDONESIAN_CSV, Form.XLSX, Form.CSV)
    deliveries = []
    for quarter, form in enumerate(forms, start=1):
        half = dice.shuffled(references.systems)[: HALF_USED[quarter]]
        rows = [
            {
                "system": called(system, dice),
                "utilisation": Decimal("0.5") if system in half else Decimal(1),
                "evidence": f"Tangkapan layar {system.code}",
            }
            for system in (*references.systems, *references.local_systems[:2])
        ]
        deliveries.append(table("system_usage", f"{year}-Q{quarter}", rows, form))
    return deliveries


def agency_ip_asn(seed: int, year: int, references: References, *, flaws: bool) -> list[Delivery]:
    """Return the four recaps of which agencies measured.

    With `flaws` the first one is refused, and the second leaves an agency out.
    """
    dice = Dice(seed, "agency_ip_asn", year)
    agencies = dice.shuffled(references.agencies)
    rows = {
        quarter: [
            _measured(agency, position * 100 < percent * len(agencies), year, quarter, dice)
            for position, agency in enumerate(agencies)
        ]
        for quarter, percent in MEASURED_PCT.items()
    }
    if flaws:
        rows[1] = _spoiled(rows[1], year)
        rows[2] = rows[2][:-1]
    forms = (Form.XLSX, Form.CSV, Form.XLSX, Form.XLSX)
    return [
        table(
            "agency_ip_asn",
            f"{year}-Q{quarter}",
            rows[quarter],
            form,
            is_refused=flaws and quarter == 1,
        )
        for quarter, form in enumerate(forms, start=1)
    ]


def _measured(agency: Agency, is_done: bool, year: int, quarter: int, dice: Dice) -> Row:
    if not is_done:
        status = "in_progress" if dice.happens(0.5) else "not_done"
        return {"agency": called(agency, dice), "status": status, "score": None}
    return {
        "agency": called(agency, dice),
        "status": "done",
        "score": _hundredths(dice, 6800, 9150),
        "result_date": dice.day(quarter_start(year, 2), quarter_end(year, quarter)),
    }


def _spoiled(rows: list[Row], year: int) -> list[Row]:
    """Return a recap as a clerk in a hurry fills it in: up to four cells that cannot be taken."""
    done = {"status": "done", "result_date": date(year, 3, 4)}
    mistakes: tuple[Row, ...] = (
        {"agency": Said(None, "Kabupaten Contoh Raya")},
        {"status": Said(None, "Menyusul")},
        {**done, "score": Decimal("179.2")},
        {**done, "score": Decimal("79.2"), "result_date": Said(None, f"31/02/{year}")},
    )
    spoiled = list(rows)
    places = range(0, len(rows), max(1, len(rows) // len(mistakes)))
    for place, mistake in zip(places, mistakes, strict=False):
        spoiled[place] = {**spoiled[place], **mistake}
    return spoiled


def agency_nspk(seed: int, year: int, references: References, *, flaws: bool) -> list[Delivery]:
    """Return the letters of the year measured; with `flaws` some are not known yet.

    Those are two agencies that say so and one that is left out.
    """
    dice = Dice(seed, "agency_nspk", year)
    agencies = dice.shuffled(references.agencies)
    letters = _letters(len(agencies), flaws=flaws)
    rows: list[Row] = [
        {
            "agency": called(agency, dice),
            "letter": letter,
            "score": _hundredths(dice, *NSPK_SCORES[letter]) if letter in NSPK_SCORES else None,
            "instrument": f"Indeks NSPK {year}",
        }
        for agency, letter in zip(agencies, letters, strict=False)
    ]
    rows += [
        {"agency": called(stranger, dice), "letter": "B", "score": Decimal("77.5")}
        for stranger in references.strangers[:1]
    ]
    return [table("agency_nspk", str(year), rows, Form.XLSX)]


def _letters(agencies: int, *, flaws: bool) -> list[str]:
    """Return a letter for every agency but, with `flaws`, the last."""
    unknown = 2 if flaws else 0
    known = agencies - unknown - (2 if flaws else 1)
    best, poor = known * 29 // 100, max(1, known // 7)
    middle = known - best - poor
    return [*"A" * best, *"B" * middle, *"C" * poor, "tidak_dinilai", *["belum"] * unknown]


def office_employees(seed: int, year: int, employees: int) -> list[Delivery]:
    """Return the official IP ASN scores of the office's staff, and of two who left."""
    dice = Dice(seed, "office_employee", year)
    rows = [
        _employee(dice, position, "PPPK" if position % 8 == 7 else "PNS", "01", year)
        for position in range(employees)
    ]
    if len(rows) > 4:
        rows[4]["position_status"] = "03"
    rows += [
        _employee(dice, employees, "PNS", "02", year),
        _employee(dice, employees + 1, "PNS", "77", year),
    ]
    return [table("office_employee", str(year), rows, Form.XLSX)]


def _employee(
    dice: Dice, position: int, group: str, position_status: str, year: int
) -> dict[str, object]:
    scores = {
        "qualification_score": Decimal(dice.pick(("15", "20", "20", "20", "25", "25", "25"))),
        "competence_score": _hundredths(dice, 3000, 4000),
        "performance_score": Decimal(dice.pick(("25", "25", "30", "30"))),
        "discipline_score": Decimal(5),
    }
    return {
        "employee": employee_number(dice, position),
        "employee_group": group,
        "position_status": position_status,
        **scores,
        "total_score": sum(scores.values(), Decimal(0)),
        "scored_date": date(year + 1, 3, 14),
    }


def sakip_score(year: int) -> list[Delivery]:
    """Return the evaluation of the year: 70.90."""
    on = date(year, 8, 19)
    row: Row = {
        "letter_no": letter_number("LHE", 41, on),
        "letter_date": on,
        "planning_score": Decimal("22.8"),
        "measurement_score": Decimal("21.15"),
        "reporting_score": Decimal("10.7"),
        "evaluation_score": Decimal("16.25"),
        "total_score": Decimal("70.9"),
        "predicate": "BB",
    }
    return [table("sakip_score", str(year), [row], Form.XLSX)]


def reform_index(year: int) -> list[Delivery]:
    """Return the RB index of the year: 87.05."""
    on = date(year + 1, 2, 25)
    row: Row = {
        "letter_no": letter_number("RB", 7, on),
        "letter_date": on,
        "score": Decimal("87.05"),
        "category": "A",
    }
    return [table("reform_index", str(year), [row], Form.CSV)]


def _hundredths(dice: Dice, low: int, high: int) -> Decimal:
    return Decimal(dice.between(low, high)).scaleb(-2)
