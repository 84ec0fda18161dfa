"""The identity card of an indicator, and what computing it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Status(StrEnum):
    """What is known of a value; only the first two carry a number (RULES 0.1, 8.3)."""

    MEASURED = "measured"
    PROVISIONAL = "provisional"
    NOT_YET_PUBLISHED = "not_yet_published"
    NOT_REPORTED = "not_reported"
    NOTHING_TO_COUNT = "nothing_to_count"

    @property
    def has_number(self) -> bool:
        """Tell whether a value of this status has a realisasi."""
        return self in (Status.MEASURED, Status.PROVISIONAL)


class Basis(StrEnum):
    """Where a value comes from: our formula, or a figure printed in an official document."""

    COMPUTED = "computed"
    PUBLISHED = "published"


class Consolidation(StrEnum):
    """How the quarters of a year make one value (RULES 8.3)."""

    POOLED = "pooled"
    AVERAGE = "average"
    LAST_KNOWN = "last_known"
    COHORT_TO_DATE = "cohort_to_date"


class Unit(StrEnum):
    """The unit of a realisasi and of its target; two units never compare."""

    PERCENT = "percent"
    INDEX = "index"
    SCORE = "score"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Method:
    """A rule of computation in force from a year on, with the text it follows."""

    valid_from: int
    reference: str
    unit: Unit

    def __str__(self) -> str:
        """Return the method as one line for `explain` and for the fingerprint."""
        return f"{self.valid_from}: {self.reference}"


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of an indicator besides its formula.

    Attributes:
        code: `IKU.1` .. `IKU.14`.
        short_name: the name on the scorecard, Indonesian.
        name_id: the official name without the name of an office.
        name_en: the name for programmers.
        counted: what the numerator counts, Indonesian ("instansi"); empty when nothing is counted.
        consolidation: how quarters make the year.
        source: the source whose slices and due days decide the status.
        methods: oldest first.
        known_in_fourth_quarter_only: before the fourth quarter the value is not yet published.
        is_carried: whether a late quarter shows the last value of its year.
    """

    code: str
    short_name: str
    name_id: str
    name_en: str
    counted: str
    consolidation: Consolidation
    source: str
    methods: tuple[Method, ...]
    known_in_fourth_quarter_only: bool = False
    is_carried: bool = False

    @property
    def number(self) -> int:
        """Return 3 for `IKU.3`."""
        return int(self.code.removeprefix("IKU."))

    def method(self, year: int) -> Method:
        """Return the method in force in `year`.

        Raises:
            ValueError: the first method starts later.
        """
        in_force = [method for method in self.methods if method.valid_from <= year]
        if not in_force:
            raise ValueError(
                f"{self.code} has no method for {year}: its first one starts in "
                f"{self.methods[0].valid_from}. Add a Method to its CARD, or ask for a later year."
            )
        return max(in_force, key=lambda method: method.valid_from)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a formula gives for one office and quarter.

    Attributes:
        status: whether there is a number, and why not.
        actual_exact: the realisasi before rounding; None exactly when the status has no number.
        numerator: the counted part, None where the value is no share.
        denominator: the whole, None where the value is no share.
        components: figures beside the official value, by their Indonesian name; whatever JSON
            holds, with Decimals for figures.
    """

    status: Status
    actual_exact: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    components: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a number without a status for it, and the reverse."""
        if self.status.has_number != (self.actual_exact is not None):
            raise ValueError(f"a value with status {self.status} and actual {self.actual_exact}")
