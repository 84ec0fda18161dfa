"""The survey answers of an invented year, of any number, drawn and written in chunks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from schemas.source import FieldType
from schemas.sources import sources
from schemas.terms import SURVEY_ELEMENTS
from tests.samples.delivery import Delivery, quarter_end, quarter_start
from tests.samples.invented import Dice
from tests.samples.seeds import Agency, Named, References
from tests.samples.workbooks import Form, Row, Said, template_columns, write_table

CHUNK = 200_000

# Beyond this a quarter is no workbook.
MOST_IN_A_WORKBOOK = 20_000

# How the year's answers spread over its quarters, and over the two kinds of service.
QUARTER_WEIGHTS = (23, 26, 27, 24)
KIND_WEIGHTS = {"pembinaan": 36, "layanan_kepegawaian": 64}

# The chance of an answer of at most 1, 2 and 3, by kind: means of about 3.80 and 3.91.
LEVELS = {"pembinaan": (0.005, 0.025, 0.17), "layanan_kepegawaian": (0.002, 0.010, 0.08)}

# Services are free of charge, so nearly everybody answers 4 on the fee.
FEE = "u4"
FEE_LEVELS = (0.0005, 0.002, 0.012)

# Of a hundred forms so many are rejected, have one answer off the scale, leave one empty, or
# are sent in twice.
REJECTED_PCT, OFF_SCALE_PCT, EMPTY_PCT, TWICE_PCT = 1.2, 0.6, 2.2, 0.4
NORMAL, MANY_EMPTY, WRONG_DAY, NO_SERVICE, OFF_SCALE, ONE_EMPTY, TWICE = range(7)
REJECTED = (MANY_EMPTY, WRONG_DAY, NO_SERVICE)

# A file with so few forms can bear no rejected one: 5 % is what is tolerated.
FEWEST_TO_REJECT_FROM = 20

UNKNOWN_SERVICE = "Layanan lain-lain"
EMPTY = -1

SEXES = (("L", "Laki-laki"), ("P", "Perempuan"))
EDUCATIONS = (
    ("SMA", "SMA"),
    ("D1-D3", "D3"),
    ("D4/S1", "S1"),
    ("D4/S1", "D-IV"),
    ("S2", "S2"),
    ("S3", "S3"),
)
OCCUPATIONS = (
    ("PNS", "PNS"),
    ("PNS", "ASN"),
    ("PPPK", "PPPK"),
    ("Pensiunan", "Pensiunan"),
    ("Wiraswasta", "Wiraswasta"),
    ("Lainnya", "Lainnya"),
)

Chunk = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Forms of one service, up to a day, that were keyed in with the scale upside down."""

    service: str
    until: date


@dataclass(frozen=True, slots=True)
class Forms:
    """The filled-in forms of one file.

    Attributes:
        name: tells its chance from that of other files.
        services: what was asked about.
        weights: how often, one for each service.
        count: how many forms.
        start: the first day of the period.
        end: its last day.
        first_respondent: the number of the first respondent; the others follow.
        agencies: where respondents may come from.
        mistake: what was keyed in wrongly, if anything.
    """

    name: tuple[object, ...]
    services: Sequence[Named]
    weights: Sequence[float]
    count: int
    start: date
    end: date
    first_respondent: int
    agencies: Sequence[Agency]
    mistake: Mistake | None = None

    def chunks(self) -> Iterator[Chunk]:
        """Draw the forms, in order of their days; a chunk is the same whenever it is drawn."""
        for number, first in enumerate(range(0, self.count, CHUNK)):
            yield self._draw(Dice(*self.name, number), first, min(CHUNK, self.count - first))

    def _draw(self, dice: Dice, first: int, count: int) -> Chunk:
        kinds = _kinds(dice, count)
        share = np.cumsum(self.weights) / np.sum(self.weights)
        service = np.searchsorted(share, dice.uniform(count), side="right")
        days = (self.end - self.start).days + 1
        day = (np.arange(first, first + count) * days) // self.count
        respondent = self.first_respondent + np.arange(first, first + count)
        respondent[dice.uniform(count) < 0.4] = EMPTY
        again = np.flatnonzero(kinds == TWICE)
        respondent[again - 1] = self.first_respondent + first + again - 1
        for column in (service, day, respondent):
            column[again] = column[again - 1]
        answers = self._answers(dice, service, day)
        _spoil(dice, kinds, answers)
        wrong = kinds == WRONG_DAY
        day[wrong] = -1 - (dice.uniform(count)[wrong] * 9).astype(np.int64)
        return {
            "service": np.where(kinds == NO_SERVICE, EMPTY, service),
            "wording": dice.uniform(count),
            "day": day,
            "respondent": respondent,
            **answers,
            "age": _some(dice, 21 + (dice.uniform(count) * 44).astype(np.int64), 0.05),
            "sex": _some(dice, _index(dice, count, SEXES), 0.03),
            "education": _some(dice, _index(dice, count, EDUCATIONS), 0.04),
            "occupation": _some(dice, _index(dice, count, OCCUPATIONS), 0.04),
            "origin": _some(dice, _index(dice, count, self.agencies), 0.15),
        }

    def _answers(self, dice: Dice, service: np.ndarray, day: np.ndarray) -> dict[str, np.ndarray]:
        count = len(service)
        levels = np.array([LEVELS[one.kind] for one in self.services])
        # A service is a little better or worse than its kind, the same all year.
        levels = levels * np.array([[_charm(one.code)] for one in self.services])
        answers = {}
        for element in SURVEY_ELEMENTS:
            limits = np.array(FEE_LEVELS) if element == FEE else levels[service]
            drawn = dice.uniform(count)[:, np.newaxis]
            answers[element] = (1 + (drawn >= limits).sum(axis=1)).astype(np.int8)
        if self.mistake is not None:
            codes = [one.code for one in self.services]
            until = (self.mistake.until - self.start).days
            if self.mistake.service in codes:
                batch = (service == codes.index(self.mistake.service)) & (day <= until)
                for values in answers.values():
                    values[batch] = 5 - values[batch]
        return answers


def _charm(code: str) -> float:
    """Return a factor from 0.8 to 1.2 that belongs to a service."""
    return 0.8 + 0.4 * Dice("charm", code).uniform(1)[0]


def _kinds(dice: Dice, count: int) -> np.ndarray:
    """Return what is the matter with each form; how often hardly varies with chance."""
    chance = dice.uniform(7)
    amount = {
        kind: int(count * percent / 100 + chance[kind])
        for kind, percent in (
            (OFF_SCALE, OFF_SCALE_PCT),
            (ONE_EMPTY, EMPTY_PCT),
            (TWICE, TWICE_PCT),
        )
    }
    bad = int(count * REJECTED_PCT / 100 + chance[0]) if count >= FEWEST_TO_REJECT_FROM else 0
    kinds = np.zeros(count, dtype=np.int8)
    listed = np.concatenate(
        [
            np.array(REJECTED)[(dice.uniform(bad) * len(REJECTED)).astype(np.int64)],
            *(np.full(times, kind) for kind, times in amount.items()),
        ]
    )[:count]
    places = np.argsort(dice.uniform(count), kind="stable")[: len(listed)]
    kinds[places] = listed
    # A second sending follows a first one that is kept.
    before = np.concatenate([[TWICE], kinds[:-1]])
    kinds[(kinds == TWICE) & np.isin(before, (*REJECTED, TWICE))] = NORMAL
    return kinds


def _spoil(dice: Dice, kinds: np.ndarray, answers: Mapping[str, np.ndarray]) -> None:
    """Empty answers and set some off the scale, in the forms of those kinds."""
    elements = list(SURVEY_ELEMENTS)
    for row in np.flatnonzero(np.isin(kinds, (MANY_EMPTY, OFF_SCALE, ONE_EMPTY))):
        chosen = dice.shuffled(elements)
        if kinds[row] == OFF_SCALE:
            answers[chosen[0]][row] = dice.pick((0, 5, 6))
            continue
        for element in chosen[: dice.between(4, 7) if kinds[row] == MANY_EMPTY else 1]:
            answers[element][row] = EMPTY


def _index(dice: Dice, count: int, things: Sequence[object]) -> np.ndarray:
    return (dice.uniform(count) * len(things)).astype(np.int64)


def _some(dice: Dice, values: np.ndarray, empty: float) -> np.ndarray:
    """Empty a share of the values."""
    return np.where(dice.uniform(len(values)) < empty, EMPTY, values)


def survey_answers(
    seed: int, year: int, references: References, answers: int, *, flaws: bool
) -> tuple[list[Delivery], Delivery | None]:
    """Return the files of the year, and the one that puts a mistake right.

    The first quarter comes in a part per service, the others whole. With `flaws` the forms of
    the first service of pembinaan in July were keyed in upside down; a later file of the third
    quarter has them as they were filled in.
    """
    counts = shares(answers, QUARTER_WEIGHTS)
    is_small = max(counts) <= MOST_IN_A_WORKBOOK
    files = []
    correction = None
    for quarter, count in enumerate(counts, start=1):
        whole = _forms(seed, year, quarter, count, references)
        form = (Form.XLSX, Form.XLSX, Form.CSV, Form.INDONESIAN_CSV)[quarter - 1]
        form = form if is_small or form is not Form.XLSX else Form.CSV
        if quarter == 1:
            files += [
                _delivery(f"{year}-Q1", _part(whole, position, share), form, _slug(service.name))
                for position, (service, share) in enumerate(
                    zip(whole.services, shares(count, whole.weights), strict=True)
                )
                if share
            ]
            continue
        guidance = [one for one in whole.services if one.kind == "pembinaan"]
        if quarter == 3 and flaws and guidance:
            correction = _delivery(f"{year}-Q3", whole, Form.CSV)
            mistake = Mistake(guidance[0].code, date(year, 7, 31))
            whole = _forms(seed, year, quarter, count, references, mistake)
        files.append(_delivery(f"{year}-Q{quarter}", whole, form))
    return files, correction


def _forms(
    seed: int,
    year: int,
    quarter: int,
    count: int,
    references: References,
    mistake: Mistake | None = None,
) -> Forms:
    services = references.survey_services
    return Forms(
        name=(seed, "survey_answer", year, quarter),
        services=services,
        weights=_weights(services),
        count=count,
        start=quarter_start(year, quarter),
        end=quarter_end(year, quarter),
        first_respondent=quarter * 10**9,
        agencies=references.agencies,
        mistake=mistake,
    )


def _part(whole: Forms, position: int, count: int) -> Forms:
    """Return the forms of one service of a period."""
    return Forms(
        name=(*whole.name, position),
        services=(whole.services[position],),
        weights=(1,),
        count=count,
        start=whole.start,
        end=whole.end,
        first_respondent=whole.first_respondent + position * 10**7,
        agencies=whole.agencies,
    )


def _weights(services: Sequence[Named]) -> list[float]:
    """Return how often each service is used: the first ones of a kind more than the last."""
    weights = []
    for kind, weight in KIND_WEIGHTS.items():
        mine = [one for one in services if one.kind == kind]
        parts = [1 / (1 + 0.15 * position) for position in range(len(mine))]
        weights += [
            (services.index(one), weight * part / sum(parts))
            for one, part in zip(mine, parts, strict=True)
        ]
    return [weight for _, weight in sorted(weights)]


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Split a number by weights, without a rest; the largest fractions are rounded up."""
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in by_rest[: total - sum(whole)]:
        whole[index] += 1
    return whole


def _slug(name: str) -> str:
    """Return a name as the part of a file's name."""
    signs = "".join(sign if sign.isalnum() else " " for sign in name.lower())
    return "-".join(signs.split())[:40].rstrip("-")


def _delivery(period: str, forms: Forms, form: Form, part: str = "utama") -> Delivery:
    def write(file: Path) -> None:
        if form is Form.XLSX:
            write_table(file, sources()["survey_answer"], list(records(forms)), form)
        else:
            write_csv(file, forms, form)

    return Delivery(
        source="survey_answer",
        period=period,
        ending=form.ending,
        write=write,
        records=lambda: records(forms),
        part=part,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """What the numbers of a chunk mean, and what is written for them.

    The words for one thing lie side by side in `written`, from `first` on, the usual one first.
    """

    meanings: Sequence[object]
    written: Sequence[str]
    first: np.ndarray
    aliases: np.ndarray

    @classmethod
    def of(cls, things: Sequence[tuple[object, Sequence[str]]]) -> "_Words":
        """Lay out pairs of a meaning and the words for it."""
        lengths = [len(words) for _, words in things]
        return cls(
            meanings=[meaning for meaning, _ in things],
            written=[word for _, words in things for word in words],
            first=np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64),
            aliases=np.array(lengths) - 1,
        )

    def choose(self, thing: np.ndarray, wording: np.ndarray) -> np.ndarray:
        """Return which word to write: one time in eight an alias, where there is one."""
        place = np.where(
            wording < 0.125, (wording * 8 * self.aliases[thing]).astype(np.int64) + 1, 0
        )
        return self.first[thing] + np.minimum(place, self.aliases[thing])


def _vocabulary(forms: Forms) -> dict[str, _Words]:
    """Return the words of the columns that hold words; the last service is the unknown one."""
    services = [(one.code, (one.name, *one.aliases)) for one in forms.services]
    return {
        "service": _Words.of([*services, (None, (UNKNOWN_SERVICE,))]),
        "sex": _Words.of([(meaning, (word,)) for meaning, word in SEXES]),
        "education": _Words.of([(meaning, (word,)) for meaning, word in EDUCATIONS]),
        "occupation": _Words.of([(meaning, (word,)) for meaning, word in OCCUPATIONS]),
        "origin": _Words.of([(one.code, (one.name, *one.aliases)) for one in forms.agencies]),
    }


def records(forms: Forms) -> Iterator[Row]:
    """Yield the forms one by one, as they are before writing.

    An answer off the scale is there as it was given; an unknown service has no meaning.
    """
    words = _vocabulary(forms)
    for chunk in forms.chunks():
        word_numbers = {name: _chosen(words[name], chunk, name) for name in words}
        for row in range(len(chunk["day"])):
            record: dict[str, object] = {
                "answered_on": forms.start + timedelta(days=int(chunk["day"][row]))
            }
            for name, vocabulary in words.items():
                number = int(chunk[name][row])
                if number == EMPTY and name != "service":
                    record[name] = None
                else:
                    word = vocabulary.written[word_numbers[name][row]]
                    record[name] = Said(vocabulary.meanings[number], word)
            for name in (*SURVEY_ELEMENTS, "age", "respondent"):
                number = int(chunk[name][row])
                record[name] = None if number == EMPTY else number
            yield record


def _chosen(words: _Words, chunk: Chunk, name: str) -> np.ndarray:
    """Return the words to write; where there is nothing, one that nobody looks at.

    The number -1 of an unknown service is the last of the vocabulary, as in Python.
    """
    return words.choose(chunk[name], chunk["wording"])


def write_csv(file: Path, forms: Forms, form: Form) -> None:
    """Write the forms as csv, chunk by chunk."""
    source = sources()["survey_answer"]
    columns = template_columns(source, [{"respondent": 1}])
    words = {name: (one, pa.array(one.written)) for name, one in _vocabulary(forms).items()}
    headings = [column.headings[0] for column in columns]
    quoted = any(
        sign in word for one, _ in words.values() for word in one.written for sign in ',;"'
    )
    options = pacsv.WriteOptions(
        include_header=False, delimiter=form.separator, quoting_style="needed" if quoted else "none"
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        stream.write((form.separator.join(headings) + "\n").encode(form.encoding))
        for chunk in forms.chunks():
            arrays = [
                _dates(forms, chunk["day"], form)
                if column.type is FieldType.DATE
                else _texts(chunk, column.name, words)
                for column in columns
            ]
            written = pa.table(arrays, names=[column.name for column in columns])
            pacsv.write_csv(written, stream, options)


def _texts(chunk: Chunk, name: str, words: Mapping[str, tuple[_Words, pa.Array]]) -> pa.Array:
    """Return a column of a chunk as it is written: words, or whole numbers."""
    values = chunk[name]
    if name not in words:
        return pa.array(values, mask=values == EMPTY)
    vocabulary, written = words[name]
    is_empty = (values == EMPTY) & (name != "service")
    return written.take(pa.array(_chosen(vocabulary, chunk, name), mask=is_empty))


def _dates(forms: Forms, days: np.ndarray, form: Form) -> pa.Array:
    epoch = (forms.start - date(1970, 1, 1)).days
    dates = pa.array((days + epoch).astype(np.int32)).cast(pa.date32())
    return pc.strftime(dates, "%d/%m/%Y") if form is Form.INDONESIAN_CSV else dates
