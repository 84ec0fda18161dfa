"""The fourteen indicators once more, row by row and without haste, from the rule book alone.

Nothing of transforms, schemas or sql is used: rows come as the text of the cells under the first
headings of our templates, references as the rows of the seed files. Plain loops, so that a reader
who knows the rules can check them line by line.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

MEASURED, PROVISIONAL = "measured", "provisional"
NOT_YET, OVERDUE, NOTHING = "not_yet_published", "not_reported", "nothing_to_count"

# Source -> how its files add up, and how many days after the period they are due.
SOURCES = {
    "agency_nspk": ("snapshot", 365),
    "agency_ip_asn": ("snapshot", 365),
    "survey_answer": ("events", 15),
    "technical_regulation": ("register", 15),
    "siasn_integration": ("snapshot", 15),
    "digital_service": ("snapshot", 15),
    "oversight_recommendation": ("register", 15),
    "office_employee": ("snapshot", 365),
    "system_usage": ("events", 15),
    "reform_index": ("snapshot", 365),
    "sakip_score": ("snapshot", 180),
    "ikpa": ("exact", 15),
    "audit_finding": ("register", 15),
    "published_actual": ("exact", None),
}
YEARLY = ("agency_nspk", "office_employee", "reform_index", "sakip_score")

SOURCE_OF = {
    1: "agency_nspk",
    2: "agency_ip_asn",
    3: "survey_answer",
    4: "survey_answer",
    5: "technical_regulation",
    6: "siasn_integration",
    7: "digital_service",
    8: "oversight_recommendation",
    9: "office_employee",
    10: "system_usage",
    11: "reform_index",
    12: "sakip_score",
    13: "ikpa",
    14: "audit_finding",
}
IN_FOURTH_QUARTER_ONLY = (1, 9, 11, 12)
CARRIED = (2, 6, 7)
ADDED_UP = (3, 4, 10)
UNIT_OF = {3: "index", 4: "index", 9: "index", 11: "index", 12: "score", 13: "score"}


@dataclass
class Slice:
    """A file that was accepted: its rows map headings to the text of cells."""

    source: str
    period: str
    part: str
    landed: datetime
    rows: list


@dataclass
class World:
    """All that there is: the office, the reference rows by table, the files."""

    office: str
    references: dict
    slices: list


@dataclass
class Answer:
    """What is shown of an indicator; `figures` are some of those beside it."""

    status: str
    actual: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    figures: dict = field(default_factory=dict)


class Refused(Exception):
    """Nothing is computed, as the references do not count what the rule says."""


def number(text):
    """Return `94,78` or `94.78`, exactly."""
    return Fraction(text.strip().replace("%", "").replace(",", "."))


def is_empty(text):
    return text is None or text.strip() in ("", "-", "N/A")


def day(text):
    """Return a day, or None where nothing is written."""
    if is_empty(text):
        return None
    if "/" in text:
        of_month, month, year = text.strip().split("/")
        return date(int(year), int(month), int(of_month))
    return date.fromisoformat(text.strip())


@cache  # of few words, asked for every row
def letters_of(name):
    """Return a name in capitals without spaces and signs."""
    kept = ""
    for sign in name.upper():
        if sign.isalnum():
            kept = kept + sign
    return kept


def first_day(year, quarter):
    return date(year, 3 * quarter - 2, 1)


def last_day(year, quarter):
    if quarter == 4:
        return date(year, 12, 31)
    return first_day(year, quarter + 1) - timedelta(days=1)


def end_of(period):
    """Return the last day of `2024`, `2024-Q3` or `2024-09`."""
    year = int(period[:4])
    if "Q" in period:
        return last_day(year, int(period[-1]))
    if "-" not in period or period.endswith("-12"):
        return date(year, 12, 31)
    return date(year, int(period[-2:]) + 1, 1) - timedelta(days=1)


def start_of(period):
    year = int(period[:4])
    if "Q" in period:
        return first_day(year, int(period[-1]))
    return date(year, 1, 1) if "-" not in period else date(year, int(period[-2:]), 1)


def today(world, clock, on):
    """Return the day in the office when the clock is read."""
    for row in in_force(world, "office", on):
        if row["office"] == world.office:
            return clock.astimezone(ZoneInfo(row["time_zone"])).date()
    raise LookupError(world.office)


def hundredths(value):
    """Return a figure in hundredths, halves up."""
    return (value.numerator * 200 + value.denominator) // (2 * value.denominator)


def in_force(world, table, on):
    """Return the reference rows that hold on a day."""
    found = []
    for row in world.references[table]:
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        if date.fromisoformat(row["valid_from"]) <= on <= until:
            found.append(row)
    return found


def members(world, on):
    """Return the codes of the agencies of the office."""
    found = []
    for row in in_force(world, "office_agency", on):
        if row["office"] == world.office and row["agency"] not in found:
            found.append(row["agency"])
    return found


TYPE_WORDS = {
    "KABUPATEN": "kabupaten",
    "KAB": "kabupaten",
    "PEMKAB": "kabupaten",
    "KOTA": "kota",
    "PEMKO": "kota",
    "PEMKOT": "kota",
    "PROVINSI": "provinsi",
    "PROV": "provinsi",
    "PEMPROV": "provinsi",
}


def bare_name(name):
    """Return a name without its type word, and the type."""
    words = name.upper().replace(".", " ").split()
    while words and words[0] in ("PEMERINTAH", "DAERAH", "PEMDA"):
        words = words[1:]
    kind = TYPE_WORDS.get(words[0]) if words else None
    if kind is not None:
        words = words[1:]
    return letters_of("".join(words)), kind


def agency_names(world, on):
    """Return the agencies, as (type, code), that bear each bare name or code."""
    bearers = {}
    of_code = {}
    for agency in in_force(world, "agency", on):
        bearer = (agency["type"], agency["agency"])
        of_code[agency["agency"]] = bearer
        bearers.setdefault(agency["agency"], set()).add(bearer)
        bearers.setdefault(bare_name(agency["name"])[0], set()).add(bearer)
    for alias in in_force(world, "agency_alias", on):
        if alias["office"] in ("*", world.office) and alias["agency"] in of_code:
            bare = bare_name(alias["alias"])[0]
            bearers.setdefault(bare, set()).add(of_code[alias["agency"]])
    return bearers


def agency_of(bearers, name):
    """Return the code of an agency by its code or name; the whole name, and its type if given."""
    bare, kind = bare_name(name)
    found = []
    for its_kind, code in bearers.get(name.strip(), set()) | bearers.get(bare, set()):
        if kind in (None, its_kind):
            found.append(code)
    if len(found) != 1:
        raise LookupError(f"{name}: {found}")
    return found[0]


def code_of(rows, key, name):
    """Return the code of a service or system by its code, name or alias; None if unknown."""
    for row in rows:
        names = [row[key], row["name"], *row["aliases"].split("|")]
        for known in names:
            if letters_of(known) and letters_of(known) == letters_of(name):
                return row[key]
    return None


def newest_files(world, source, clock):
    """Return the last file of each period and part that had come by then."""
    newest = {}
    for file in world.slices:
        if file.source == source and file.landed <= clock:
            newest[(file.period, file.part)] = file
    return list(newest.values())


def files_read(world, source, year, quarter, clock):
    """Return the files of a source that count for a quarter (events all, others the latest)."""
    kind, _ = SOURCES[source]
    end = last_day(year, quarter)
    candidates = []
    for file in newest_files(world, source, clock):
        ends = end_of(file.period)
        if ends > end:
            continue
        if kind == "exact" and ends != end:
            continue
        first_year = year - 1 if kind == "register" else year
        if ends.year >= first_year:
            candidates.append(file)
    if kind in ("events", "exact"):
        return candidates
    latest = max((end_of(file.period) for file in candidates), default=None)
    return [file for file in candidates if end_of(file.period) == latest]


def has_file_of(world, source, year, quarter, clock):
    """Tell whether a file of this very period has come."""
    end = date(year, 12, 31) if source in YEARLY else last_day(year, quarter)
    for file in newest_files(world, source, clock):
        if end_of(file.period) == end:
            return True
    return False


def is_late(world, source, year, quarter, clock):
    """Tell whether the due day of a period has passed in the office."""
    _, days = SOURCES[source]
    end = date(year, 12, 31) if source in YEARLY else last_day(year, quarter)
    return today(world, clock, end) > end + timedelta(days=days)


def computed(world, iku, year, quarter, clock):
    """Return what the sources give for a quarter, by the rule for late and missing files.

    Raises:
        Refused: the references do not count 12 services or 15 systems.
    """
    if iku in IN_FOURTH_QUARTER_ONLY and quarter < 4:
        return Answer(NOT_YET)
    source = SOURCE_OF[iku]
    late = is_late(world, source, year, quarter, clock)
    shown, is_provisional = quarter, False
    if not has_file_of(world, source, year, quarter, clock):
        is_provisional = True
        if late:
            shown = last_quarter_with_file(world, source, year, quarter, clock)
            if iku not in CARRIED or quarter == 4 or shown is None:
                return Answer(OVERDUE)
        elif not files_read(world, source, year, quarter, clock):
            return Answer(NOT_YET)
    answer = FORMULAS[iku](world, year, shown, clock)
    if answer.status == NOT_YET and late:
        answer.status = OVERDUE
    if answer.actual is None:
        return answer
    if today(world, clock, last_day(year, quarter)) <= last_day(year, quarter):
        is_provisional = True
    if iku in ADDED_UP and has_gap(world, source, year, quarter, clock):
        is_provisional = True
    if shown != quarter:
        answer.figures["triwulan_asal"] = shown
    if is_provisional:
        answer.status = PROVISIONAL
    return answer


def last_quarter_with_file(world, source, year, quarter, clock):
    for earlier in range(quarter, 0, -1):
        if has_file_of(world, source, year, earlier, clock):
            return earlier
    return None


def has_gap(world, source, year, quarter, clock):
    """Tell whether an earlier quarter of the year is overdue and never came."""
    for earlier in range(1, quarter):
        came = has_file_of(world, source, year, earlier, clock)
        if not came and is_late(world, source, year, earlier, clock):
            return True
    return False


def printed(world, iku, year, quarter, clock):
    """Return the figure of the newest document; None when none prints the indicator."""
    newest = None
    for file in files_read(world, "published_actual", year, quarter, clock):
        for row in file.rows:
            same = letters_of(row["IKU"]) == f"IKU{iku}"
            if same and (newest is None or day(row["Tanggal Dokumen"]) > newest[0]):
                newest = (day(row["Tanggal Dokumen"]), row["Realisasi"])
    if newest is None:
        return None
    if is_empty(newest[1]):
        return Answer(NOT_YET)
    return Answer(MEASURED, number(newest[1]))


def on_the_scorecard(ours, theirs):
    """Return the printed figure; but a printed N/A never hides a number of ours."""
    if theirs is None or (theirs.actual is None and ours is not None and ours.actual is not None):
        return ours
    return theirs


def achievement(world, iku, year, quarter, answer):
    """Return the capaian in hundredths (None if there is none) and the word beside it."""
    words = {
        MEASURED: "terukur",
        PROVISIONAL: "sementara",
        NOT_YET: "belum terbit",
        OVERDUE: "belum lapor",
        NOTHING: "nihil",
    }
    if answer.actual is None:
        return None, words[answer.status]
    target = target_of(world, iku, year, quarter)
    if target is None:
        return None, "tanpa target"
    if target["unit"] != UNIT_OF.get(iku, "percent"):
        return None, "satuan berubah"
    rounded = Fraction(hundredths(answer.actual), 100)
    reached = hundredths(rounded / Fraction(target["target"]) * 100)
    has_class = quarter == 4 or target["quarter"] != ""
    if answer.status == PROVISIONAL or not has_class:
        return reached, words[answer.status]
    if reached >= 10000:
        return reached, "tercapai"
    if reached >= 8000:
        return reached, "waspada"
    return reached, "belum tercapai"


def target_of(world, iku, year, quarter):
    """Return the target of the PK: the quarter's own, else the year's."""
    of_year = None
    for row in in_force(world, "target", last_day(year, quarter)):
        about = (row["office"], row["iku"], row["document"], row["year"])
        if about == (world.office, f"IKU.{iku}", "pk", str(year)):
            if row["quarter"] == str(quarter):
                return row
            if row["quarter"] == "":
                of_year = row
    return of_year


def share(part, whole, is_provisional=False, **figures):
    if whole == 0:
        return Answer(NOTHING, None, Fraction(part), Fraction(whole), figures)
    status = PROVISIONAL if is_provisional else MEASURED
    actual = Fraction(part) / Fraction(whole) * 100
    return Answer(status, actual, Fraction(part), Fraction(whole), figures)


def rows_by_agency(world, source, year, quarter, clock):
    """Return the rows of each member agency; those of others are none of ours."""
    by_agency = {}
    on = last_day(year, quarter)
    for agency in members(world, on):
        by_agency[agency] = []
    for file in files_read(world, source, year, quarter, clock):
        bearers = agency_names(world, end_of(file.period))
        for row in file.rows:
            agency = agency_of(bearers, row["Instansi"])
            if agency in by_agency and row not in by_agency[agency]:
                by_agency[agency].append(row)
    return by_agency


def nspk(world, year, quarter, clock):
    """IKU 1: letters A and B of all agencies; while some are unknown it can still rise."""
    good = unknown = graded = 0
    by_agency = rows_by_agency(world, "agency_nspk", year, quarter, clock)
    for rows in by_agency.values():
        letter = rows[0]["Huruf"].strip().upper() if rows else "BELUM"
        if letter in ("A", "B"):
            good = good + 1
        if letter in ("A", "B", "C", "D", "E"):
            graded = graded + 1
        if letter.startswith("BELUM"):
            unknown = unknown + 1
    if unknown == 0:
        return share(good, len(by_agency))
    if graded == 0:
        return Answer(NOT_YET)
    highest = hundredths(Fraction(good + unknown, len(by_agency)) * 100)
    return share(good, len(by_agency), True, batas_atas=Fraction(highest, 100))


def ip_asn_measured(world, year, quarter, clock):
    """IKU 2: agencies whose result of the year exists."""
    done = missing = 0
    by_agency = rows_by_agency(world, "agency_ip_asn", year, quarter, clock)
    for rows in by_agency.values():
        if not rows:
            missing = missing + 1
        elif rows[0]["Status Pengukuran"].strip().upper() in ("SELESAI", "SUDAH"):
            done = done + 1
    return share(done, len(by_agency), missing > 0, tanpa_baris=missing)


def siasn(world, year, quarter, clock):
    """IKU 6: agencies integrated on the quarter's last day; whoever uses both ways counts once."""
    on = last_day(year, quarter)
    simpegnas = webservice = missing = 0
    by_agency = rows_by_agency(world, "siasn_integration", year, quarter, clock)
    for rows in by_agency.values():
        ways = []
        for row in rows:
            starts, ends = day(row.get("Tanggal Mulai")), day(row.get("Tanggal Selesai"))
            if (starts is None or starts <= on) and (ends is None or ends >= on):
                ways.append(letters_of(row["Mode Integrasi"]))
        if not rows:
            missing = missing + 1
        elif "WEBSERVICE" in ways or "WS" in ways:
            webservice = webservice + 1
        elif "SIMPEGNAS" in ways:
            simpegnas = simpegnas + 1
    return share(
        simpegnas + webservice,
        len(by_agency),
        missing > 0,
        simpegnas=simpegnas,
        webservice=webservice,
        tanpa_baris=missing,
    )


ELEMENTS = (
    "U1 Persyaratan",
    "U2 Prosedur",
    "U3 Waktu",
    "U4 Biaya",
    "U5 Produk",
    "U6 Kompetensi",
    "U7 Perilaku",
    "U8 Pengaduan",
    "U9 Sarana",
)


def answers_of(row):
    """Return the nine answers; what is not 1 to 4 is no answer."""
    given = []
    for element in ELEMENTS:
        text = row[element].strip()
        given.append(int(text) if text in ("1", "2", "3", "4") else None)
    return given


def elements_asked(file):
    """Return how many elements the questionnaire asks: those that somebody was offered."""
    asked = 0
    for element in ELEMENTS:
        if any(not is_empty(row[element]) for row in file.rows):
            asked = asked + 1
    return asked


def respondents_of(world, file):
    """Return the valid answers of a file and how many rows are rejected, by service."""
    catalogue = []
    for row in in_force(world, "survey_service", end_of(file.period)):
        if row["office"] == world.office:
            catalogue.append(row)
    kept, rejected = [], {}
    asked = elements_asked(file)
    for row in file.rows:
        service = code_of(catalogue, "service", row["Layanan"])
        on = day(row["Tanggal"])
        answers = answers_of(row)
        empty = answers.count(None) - (len(ELEMENTS) - asked)
        is_wrong_day = on is None or not start_of(file.period) <= on <= end_of(file.period)
        if service is None or is_wrong_day or empty * 3 > asked:
            rejected[service] = rejected.get(service, 0) + 1
            continue
        person = row.get("ID Responden", "").replace(" ", "").upper()
        kept.append((person, service, on, answers, row.get("Unit", "")))
    return without_doubles(kept), rejected


def without_doubles(kept):
    """Return the last form of a known person, service and day; the others as they are."""
    last = {}
    for place, form in enumerate(kept):
        if form[0]:
            last[form[:3]] = place
    result = []
    for place, form in enumerate(kept):
        if not form[0] or last[form[:3]] == place:
            result.append(form)
    return result


def ikm(forms):
    """Return the IKM of a set of forms, 25 to 100; None when nobody answered anything."""
    means = []
    for place in range(len(ELEMENTS)):
        total = count = 0
        for form in forms:
            if form[3][place] is not None:
                total = total + form[3][place]
                count = count + 1
        if count:
            means.append(Fraction(total, count))
    if not means:
        return None
    index = Fraction(0)
    for mean in means:
        index = index + mean * Fraction(1, len(means))
    return index * 25


def satisfaction(world, kind, year, quarter, clock):
    """IKU 3 and 4: all respondents of the year in one set; every one weighs the same."""
    kind_of = {}
    for row in world.references["survey_service"]:
        if row["office"] == world.office:
            kind_of[row["service"]] = row["kind"]
    forms, rejected, of_the_quarter = [], 0, 0
    for file in files_read(world, "survey_answer", year, quarter, clock):
        valid, bad = respondents_of(world, file)
        for form in valid:
            if kind_of[form[1]] == kind:
                forms.append(form)
                if end_of(file.period) == last_day(year, quarter):
                    of_the_quarter = of_the_quarter + 1
        for service in bad:
            if kind_of.get(service) == kind:
                rejected = rejected + bad[service]
    value = ikm(forms)
    if value is None:
        return Answer(NOT_YET)
    by_service = {}
    for form in forms:
        by_service.setdefault(form[1], []).append(form)
    total = Fraction(0)
    for service in by_service:
        total = total + ikm(by_service[service])
    figures = {
        "responden": len(forms),
        "n_ditolak": rejected,
        "ikm_rata_layanan": Fraction(hundredths(total / len(by_service)), 100),
        "mutu": quality(value),
    }
    status = MEASURED if of_the_quarter else PROVISIONAL
    return Answer(status, value, figures=figures)


def quality(value):
    points = hundredths(value)
    for lowest, letter in ((8831, "A"), (7661, "B"), (6500, "C"), (2500, "D")):
        if points >= lowest:
            return letter
    return None


def guidance(world, year, quarter, clock):
    return satisfaction(world, "pembinaan", year, quarter, clock)


def services(world, year, quarter, clock):
    return satisfaction(world, "layanan_kepegawaian", year, quarter, clock)


def register(world, source, year, quarter, clock):
    """Return the rows of the list that counts; the same row twice is one."""
    rows = {}
    for file in files_read(world, source, year, quarter, clock):
        for row in file.rows:
            rows[tuple(sorted(row.items()))] = row
    return list(rows.values())


def regulations(world, year, quarter, clock):
    """IKU 5: enacted of the proposals of the year and of those undecided on 1 January."""
    end, new_year = last_day(year, quarter), date(year, 1, 1)
    enacted = rejected = undecided = 0
    for row in register(world, "technical_regulation", year, quarter, clock):
        proposed, decided = day(row["Tanggal Usulan"]), day(row["Tanggal Putusan"])
        if proposed > end or (decided is not None and decided < new_year):
            continue
        if decided is None or decided > end:
            undecided = undecided + 1
        elif "DITOLAK" in row["Status"].upper() or "DIBATALKAN" in row["Status"].upper():
            rejected = rejected + 1
        else:
            enacted = enacted + 1
    return share(enacted, enacted + rejected + undecided, ditolak=rejected, belum_diputus=undecided)


STATUS_CODES = {
    "SESUAI": 1,
    "SESUAI NSPK": 1,
    "SELESAI": 1,
    "SS": 1,
    "TS": 1,
    "BELUM SESUAI": 2,
    "DALAM PROSES": 2,
    "BS": 2,
    "BELUM DITINDAKLANJUTI": 3,
    "BTL": 3,
    "TIDAK DAPAT DITINDAKLANJUTI": 4,
    "TDTL": 4,
}


def status_on(row, on):
    """Return the status on a day: one that was given later counts as not followed up."""
    given = day(row["Tanggal Status"])
    if given is not None and given > on:
        return 3
    text = row["Status"].strip().upper()
    return int(text) if text in ("1", "2", "3", "4") else STATUS_CODES[text]


def oversight(world, year, quarter, clock):
    """IKU 8: closed (1 and 4) of those open on 1 January and those issued since."""
    end = last_day(year, quarter)
    bearers, ours = agency_names(world, end), members(world, end)
    statuses, of_quarter, in_term = [], [], 0
    for row in register(world, "oversight_recommendation", year, quarter, clock):
        agency = agency_of(bearers, row["Instansi"])
        if agency not in ours and not agency.startswith("P."):
            continue
        issued = day(row["Tanggal Rekomendasi"])
        was_closed = status_on(row, date(year - 1, 12, 31)) in (1, 4)
        if issued > end or (issued.year < year and was_closed):
            continue
        status = status_on(row, end)
        statuses.append(status)
        if issued >= first_day(year, quarter):
            of_quarter.append(status)
        term = day(row.get("Batas Waktu")) or issued + timedelta(days=60)
        if status in (2, 3) and term >= end:
            in_term = in_term + 1
    closed = statuses.count(1) + statuses.count(4)
    alone = {
        "rekomendasi": len(of_quarter),
        "ditindaklanjuti": of_quarter.count(1) + of_quarter.count(4),
    }
    return share(closed, len(statuses), belum_jatuh_tempo=in_term, triwulan_ini=alone)


def worst(statuses):
    """Return the status of a recommendation from its parts: 3, then 2, then 1; 4 if all are."""
    for status in (3, 2, 1):
        if status in statuses:
            return status
    return 4


def audit(world, year, quarter, clock):
    """IKU 14: closed of the recommendations open on 1 January and those issued since."""
    end = last_day(year, quarter)
    parts = {}
    for row in register(world, "audit_finding", year, quarter, clock):
        key = (
            letters_of(row["Pemeriksa"])[:3],
            row["Nomor LHP"],
            row["Nomor Temuan"],
            row["Nomor Rekomendasi"],
        )
        parts.setdefault(key, []).append(row)
    statuses, findings, in_term = [], {}, 0
    for key, rows in parts.items():
        issued = min(day(row["Tanggal LHP"]) for row in rows)
        before = worst([status_on(row, date(year - 1, 12, 31)) for row in rows])
        if issued > end or (issued.year < year and before in (1, 4)):
            continue
        status = worst([status_on(row, end) for row in rows])
        statuses.append(status)
        findings.setdefault(key[:3], []).append(status in (1, 4))
        if status in (2, 3) and issued + timedelta(days=60) >= end:
            in_term = in_term + 1
    total, a, b, d = len(statuses), statuses.count(1), statuses.count(2), statuses.count(4)
    figures = {"belum_jatuh_tempo": in_term, "temuan": counted(findings)}
    for name, part, whole in (
        ("v1", a + d, total),
        ("v2", a, total),
        ("v3", a, total - d),
        ("v4", a + b + d, total),
    ):
        if whole:
            figures[name] = Fraction(hundredths(Fraction(part, whole) * 100), 100)
    return share(a + d, total, **figures)


def counted(findings):
    """Return of how many findings all, some or none of the recommendations are closed."""
    full = some = 0
    for closed in findings.values():
        if all(closed):
            full = full + 1
        elif any(closed):
            some = some + 1
    rest = len(findings) - full - some
    return {"jumlah": len(findings), "selesai": full, "sebagian": some, "belum": rest}


def digital(world, year, quarter, clock):
    """IKU 7: services with any online channel, of the 12 there must be."""
    active = in_force(world, "service", last_day(year, quarter))
    if len(active) != 12:
        raise Refused(f"{len(active)} layanan")
    rows = register(world, "digital_service", year, quarter, clock)
    online = inside = missing = 0
    for service in active:
        mine = [row for row in rows if code_of([service], "service", row["Layanan"])]
        if not mine:
            missing = missing + 1
            continue
        in_siasn = mine[0]["Digital SIASN"].strip().upper() in ("YA", "Y", "SUDAH")
        if in_siasn:
            inside = inside + 1
        if in_siasn or mine[0]["Digital"].strip().upper() in ("YA", "Y", "SUDAH"):
            online = online + 1
    strict = Fraction(hundredths(Fraction(inside, 12) * 100), 100)
    return share(
        online, 12, missing > 0, layanan_siasn=inside, nilai_siasn=strict, tanpa_baris=missing
    )


def systems(world, year, quarter, clock):
    """IKU 10: the mean of the quarters so far, each the use of the 15 standard systems."""
    used, quarters, missing = Fraction(0), 0, 0
    for one in range(1, quarter + 1):
        active = []
        for row in in_force(world, "system", last_day(year, one)):
            if row["in_iku_10"] == "true":
                active.append(row)
        if len(active) != 15:
            raise Refused(f"{len(active)} sistem")
        files = []
        for file in files_read(world, "system_usage", year, quarter, clock):
            if end_of(file.period) == last_day(year, one):
                files.append(file)
        if not files:
            continue
        quarters = quarters + 1
        for system in active:
            mine = []
            for file in files:
                for row in file.rows:
                    if code_of([system], "system", row["Sistem"]):
                        mine.append(row)
            if mine:
                used = used + number(mine[0]["Pemanfaatan"])
            else:
                missing = missing + 1
    return share(used, 15 * quarters, missing > 0, tanpa_baris=missing)


# In office, and on study leave; a workbook may have lost the nought of a code.
ACTIVE = ("01", "1", "AKTIF", "03", "3", "TUGAS BELAJAR")


def employees(world, year, quarter, clock):
    """IKU 9: the mean official score of the active staff, every head the same."""
    total, persons = Fraction(0), 0
    for row in register(world, "office_employee", year, quarter, clock):
        legal = row.get("Kedudukan Hukum", "")
        if is_empty(legal) or legal.strip().upper() in ACTIVE:
            total = total + number(row["Total"])
            persons = persons + 1
    if persons == 0:
        return Answer(NOT_YET)
    return Answer(MEASURED, total / persons, figures={"pegawai": persons})


def only_row(world, source, year, quarter, clock):
    rows = register(world, source, year, quarter, clock)
    if len(rows) != 1:
        raise LookupError(f"{source}: {len(rows)} rows")
    return rows[0]


def letter_grade(score):
    points = hundredths(score)
    for above, predicate in ((9000, "AA"), (8000, "A"), (7000, "BB"), (6000, "B"), (5000, "CC")):
        if points > above:
            return predicate
    return "C" if points > 3000 else "D"


def reform(world, year, quarter, clock):
    """IKU 11: the index that the letter states."""
    score = number(only_row(world, "reform_index", year, quarter, clock)["Indeks RB"])
    return Answer(MEASURED, score, figures={"kategori": letter_grade(score)})


def sakip(world, year, quarter, clock):
    """IKU 12: the total that the evaluation report states."""
    score = number(only_row(world, "sakip_score", year, quarter, clock)["Nilai Akhir"])
    return Answer(MEASURED, score, figures={"predikat": letter_grade(score)})


WEIGHTS_2022 = {
    "Revisi DIPA": 10,
    "Deviasi Halaman III DIPA": 10,
    "Penyerapan Anggaran": 20,
    "Belanja Kontraktual": 10,
    "Penyelesaian Tagihan": 10,
    "Pengelolaan UP dan TUP": 10,
    "Dispensasi SPM": 5,
    "Capaian Output": 25,
}
WEIGHTS_2024 = {
    "Revisi DIPA": 10,
    "Deviasi Halaman III DIPA": 15,
    "Penyerapan Anggaran": 20,
    "Belanja Kontraktual": 10,
    "Penyelesaian Tagihan": 10,
    "Pengelolaan UP dan TUP": 10,
    "Capaian Output": 25,
}


def ikpa(world, year, quarter, clock):
    """IKU 13: the final score as OM-SPAN prints it, which its other figures must make."""
    satker = ""
    for office in in_force(world, "office", last_day(year, quarter)):
        if office["office"] == world.office:
            satker = office["satker_code"]
    own = []
    for row in register(world, "ikpa", year, quarter, clock):
        if row["Kode Satker"] == satker:
            own.append(row)
    if len(own) != 1:
        raise LookupError(f"satker {satker}: {len(own)} rows")
    again = recomputed(own[0], year)
    final = number(own[0]["Nilai Akhir"])
    if abs(hundredths(again) - hundredths(final)) > 1:
        raise AssertionError(f"the case is wrong: {final} is printed, {again} follows")
    figures = {"nilai_hitung_ulang": Fraction(hundredths(again), 100), "kategori": band(final)}
    return Answer(MEASURED, final, figures=figures)


def recomputed(row, year):
    """Return the weighted mean of what applies, less the deduction from 2024 on."""
    weights = WEIGHTS_2024 if year >= 2024 else WEIGHTS_2022
    points = applied = Fraction(0)
    for name, weight in weights.items():
        if name not in row.get("tidak berlaku", ""):
            points = points + number(row[name]) * weight
            applied = applied + weight
    deducted = Fraction(0)
    if year >= 2024:
        deducted = number(row.get("Dispensasi SPM (Pengurang)", "0"))
    return max(points / applied - deducted, Fraction(0))


def band(score):
    points = hundredths(score)
    for lowest, name in ((9500, "Sangat Baik"), (8900, "Baik"), (7000, "Cukup")):
        if points >= lowest:
            return name
    return "Kurang"


FORMULAS = {
    1: nspk,
    2: ip_asn_measured,
    3: guidance,
    4: services,
    5: regulations,
    6: siasn,
    7: digital,
    8: oversight,
    9: employees,
    10: systems,
    11: reform,
    12: sakip,
    13: ikpa,
    14: audit,
}
