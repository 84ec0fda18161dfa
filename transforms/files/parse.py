"""Parse: text of a cell -> a typed value, by the type that the contract gives its column.

Nothing is guessed: what fits no written form is a failure with a rule of the catalogue. Missing
words (`-`, `N/A`) are missing values. Source of the forms: RULES 0.2, 3.3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from schemas.source import Column
from schemas.terms import ANSWER_WORDS
from transforms.words import MONTHS


class Unreadable(ValueError):
    """A text that cannot be read as what it should be.

    Attributes:
        rule: its code in the catalogue of rules.
        value: the text as found.
        detail: what is allowed instead, for the message; may be empty.
    """

    def __init__(self, rule: str, value: str, detail: str = "") -> None:
        super().__init__(f"{rule}: {value!r}")
        self.rule = rule
        self.value = value
        self.detail = detail


_INVISIBLE = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ") | dict.fromkeys(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF], ""
)
MISSING = frozenset({"", "-", "--", "–", "—", "N/A", "N.A.", "N.A", "NA", "NULL", "NAN", "NONE"})
# `#N/A` is a formula that found nothing: an accident, not a missing value.
FORMULA_ERRORS = frozenset(
    {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"}
)
NEVER_CALCULATED = "#RUMUS"
"""What a reader gives for a formula that has no stored result; its cell is not empty."""


def tidy(text: str) -> str:
    """Return text in one line with single spaces, without characters that nobody sees."""
    if text.isprintable() and "  " not in text:  # so it holds no space but the plain one
        return text.strip()
    return " ".join(text.translate(_INVISIBLE).split())


def is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no value."""
    return tidy(text).upper() in MISSING


def without_apostrophe(text: str) -> str:
    """Return a code without the apostrophe that keeps it text in a spreadsheet."""
    return text.lstrip("'‘’`").strip()


_LONGEST = 40
_MINUS = ("-", "\N{MINUS SIGN}")
_SIGN = rf"(?P<sign>\+|{'|'.join(_MINUS)})? ?"
_DECIMAL_FORMS = tuple(
    re.compile(_SIGN + form, re.ASCII)
    for form in (
        r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?",
        r"(?P<whole>\d{1,3}(?:\.\d{3})+),(?P<part>\d+)",
        r"(?P<whole>\d{1,3}(?:,\d{3})+)\.(?P<part>\d+)",
    )
)
_MONEY_FORMS = tuple(
    re.compile(_SIGN + form, re.ASCII)
    for form in (
        r"(?P<whole>\d+|\d{1,3}(?:\.\d{3})+)(?:,(?P<part>\d\d))?",
        r"(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d\d))?",
    )
)
_VOLUME = re.compile(r"(?P<whole>\d+|\d{1,3}(?:\.\d{3})+)(?: [^\W\d_][^\d]*)?", re.ASCII)


def parse_decimal(text: str) -> Decimal:
    """Return a score, share or index: `94,78`, `3.2`, `91,67%`, `1.234,5`.

    A comma is the decimal sign, and a point is one where there is no comma. Groups of three are
    read when both occur, for then the last one is the decimal sign. A percent sign is dropped.

    Raises:
        Unreadable: `bukan_angka`.
    """
    return _number(tidy(text).removesuffix("%").rstrip(), _DECIMAL_FORMS, "bukan_angka", text)


def parse_money(text: str) -> Decimal:
    """Return an amount in rupiah: `12,712,274,000`, `Rp 13.454.430.000,00`, `Rp1.500,-`.

    A last separator before exactly two digits starts the decimals; before it stand plain digits
    or groups of three with the other separator (RULES 0.2).

    Raises:
        Unreadable: `bukan_rupiah`.
    """
    plain = re.sub(r"^Rp\.? ?", "", tidy(text), flags=re.IGNORECASE)
    return _number(re.sub(r",[-–—]+$", "", plain), _MONEY_FORMS, "bukan_rupiah", text)


def parse_volume(text: str) -> int:
    """Return a count of documents or people: `180.104`, `180.104 Dokumen`; a point groups.

    Raises:
        Unreadable: `bukan_volume`.
    """
    plain = tidy(text)
    found = _VOLUME.fullmatch(plain) if len(plain) <= _LONGEST else None
    if not found:
        raise Unreadable("bukan_volume", text)
    return int(found["whole"].replace(".", ""))


def parse_integer(text: str) -> int:
    """Return a whole number; `35` and `35,0` are, `1.234` may be a fraction and is refused.

    Raises:
        Unreadable: `bukan_bilangan_bulat`.
    """
    try:
        number = parse_decimal(text)
    except Unreadable:
        raise Unreadable("bukan_bilangan_bulat", text) from None
    if number != int(number) or abs(number) >= 2**63 or "%" in text:
        raise Unreadable("bukan_bilangan_bulat", text)
    return int(number)


_OPTION = re.compile(r"(?:(?P<letter>[A-D])[.)] ?)?(?P<word>\D+?)")


def parse_answer(text: str) -> int:
    """Return the answer to a question of the survey, 1 to 4 (RULES 1.1).

    An online form gives the words of the option: `c. Sesuai`. Its letter must say the same.

    Raises:
        Unreadable: `jawaban_di_luar_skala`.
    """
    try:
        answer = parse_integer(text)
    except Unreadable:
        option = _OPTION.fullmatch(tidy(text).upper().rstrip("."))
        answer = _chosen(option["letter"], option["word"]) if option else 0
    if not 1 <= answer <= 4:
        raise Unreadable("jawaban_di_luar_skala", text)
    return answer


def _chosen(letter: str | None, word: str) -> int:
    """Return what an option means, or 0 where nobody knows or its letter says otherwise."""
    answer = ANSWER_WORDS.get(f"{letter}. {word}") or ANSWER_WORDS.get(word, 0)
    return answer if letter is None or "ABCD".index(letter) + 1 == answer else 0


def _number(plain: str, forms: Iterable[re.Pattern[str]], rule: str, text: str) -> Decimal:
    if len(plain) <= _LONGEST:
        for form in forms:
            found = form.fullmatch(plain)
            if found:
                sign = "-" if found["sign"] in _MINUS else ""
                whole = re.sub(r"[.,]", "", found["whole"])
                return Decimal(f"{sign}{whole}.{found['part'] or ''}")
    raise Unreadable(rule, text)


_OTHER_NAMES = (
    "JANUARY JAN",
    "PEBRUARI FEBRUARY FEB PEB",
    "MARCH MAR",
    "APR",
    "MAY",
    "JUNE JUN",
    "JULY JUL",
    "AUGUST AGUST AGS AGU AGT AUG",
    "SEPT SEP",
    "OCTOBER OKT OCT",
    "NOPEMBER NOV NOP",
    "DECEMBER DES DEC",
)
_MONTHS = {
    name: month
    for month, (full, others) in enumerate(zip(MONTHS, _OTHER_NAMES, strict=True), start=1)
    for name in (full.upper(), *others.split())
}
_ZONE = r"(?: (?:(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|WIB|WITA|WIT))?"
_TIME = rf"(?:[T ,]+\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}}(?:\.\d{{1,9}})?)?(?: ?[AP]M)?{_ZONE})?"
_DATE_FORMS = tuple(
    re.compile(form + _TIME, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?P<mark>[/-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})",
        r"(?P<day>\d{1,2})[ /.-]+(?P<name>[A-Za-z]+)\.?[ /.,-]+(?P<year>\d{4})",
    )
)
_YEARS = range(1900, 2101)


def parse_date(text: str) -> date:
    """Return a day: `05/01/2024`, `5-1-2024`, `2024-01-05`, `5 Januari 2024`, with a time or not.

    An online form stamps `2024/01/05 9:30:15 AM GMT+7`.

    The day stands before the month. Two-digit years and the day numbers of Excel are refused.

    Raises:
        Unreadable: `bukan_tanggal`.
    """
    plain = tidy(text)
    for form in _DATE_FORMS if len(plain) <= _LONGEST else ():
        found = form.fullmatch(plain)
        if not found:
            continue
        parts = found.groupdict()
        name = parts.get("name")
        month = _MONTHS.get(name.upper()) if name else int(parts["month"])
        if month and int(parts["year"]) in _YEARS:
            try:
                return date(int(parts["year"]), month, int(parts["day"]))
            except ValueError:
                break
    raise Unreadable("bukan_tanggal", text)


def parse_month(text: str) -> int:
    """Return a month, 1 to 12, by its name or number; `NOPEMBER  ` and `PEBRUARI` are names too.

    Raises:
        Unreadable: `bukan_bulan`.
    """
    plain = tidy(text).upper().rstrip(".")
    if re.fullmatch(r"0?[1-9]|1[0-2]", plain, re.ASCII):
        return int(plain)
    if plain not in _MONTHS:
        raise Unreadable("bukan_bulan", text)
    return _MONTHS[plain]


_CHOICES_SHOWN = 12
# What a spreadsheet makes of a long number: 1.98001012005011E+17.
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)


def offered(column: Column) -> list[str]:
    """Return the first way of writing each choice."""
    first: dict[str, str] = {}
    for word, meaning in column.choices.items():
        first.setdefault(meaning, word)
    return list(first.values())


def parse_choice(text: str, column: Column) -> str:
    """Return what a word means in this column.

    Raises:
        Unreadable: `pilihan`, with the first way of writing each choice.
    """
    written = tidy(text).upper()
    if written not in column.choices:
        words = offered(column)
        more = ", …" if len(words) > _CHOICES_SHOWN else ""
        raise Unreadable("pilihan", text, ", ".join(words[:_CHOICES_SHOWN]) + more)
    return column.choices[written]


def parse_pseudonym(text: str, pseudonym: Callable[[str], str]) -> str:
    """Return what stands for a person; spaces and case make no other person.

    Raises:
        Unreadable: `nomor_terpotong`, when the last digits of a number are lost; `bentuk`, when
            there is neither letter nor digit.
    """
    written = without_apostrophe(tidy(text))
    if _SCIENTIFIC.fullmatch(written):
        raise Unreadable("nomor_terpotong", text)
    if not any(map(str.isalnum, written)):
        raise Unreadable("bentuk", text)
    return pseudonym(written.replace(" ", "").upper())
