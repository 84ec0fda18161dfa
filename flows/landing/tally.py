"""Landing tally: the counts of a landing and its reasons, as they grow from piece to piece."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flows.landing.store import Counts
from schemas.rejections.rule import Consequence

SHOWN_ROWS = 5
HELD = frozenset({"susut_banyak", "periode_akan_kosong"})


@dataclass(slots=True)
class _Reason:
    """Why rows were refused: one rule in one column, with the first rows that broke it."""

    rule: str
    consequence: str
    message: str
    hint: str
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def told(self) -> dict[str, str]:
        where = ""
        if self.rows:
            more = f" dan {self.count - len(self.rows)} lagi" if self.count > len(self.rows) else ""
            where = f"Baris {', '.join(map(str, self.rows))}{more}: "
        return {
            "rule": self.rule,
            "consequence": self.consequence,
            "message": where + self.message,
            "hint": self.hint,
        }


@dataclass(slots=True)
class Tally:
    """The counts and reasons of a landing as they grow from piece to piece."""

    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    out_of_scope: int = 0
    reasons: dict[tuple[str, str], _Reason] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Tell whether the file as a whole is refused."""
        return any(reason.consequence == Consequence.FILE for reason in self.reasons.values())

    def count_nothing(self) -> None:
        """Forget the counts: under a heading that does not fit no row can be called good."""
        self.accepted = self.rejected = self.duplicate = self.out_of_scope = 0

    def counts(self) -> Counts:
        """Return the counts as they are written down with the load."""
        return Counts(self.accepted, self.rejected, self.duplicate, self.out_of_scope)

    def told(self) -> list[dict[str, str]]:
        """Return the reasons, those of the file first."""
        return [
            reason.told()
            for reason in sorted(
                self.reasons.values(), key=lambda reason: reason.consequence != Consequence.FILE
            )
        ]

    def note(
        self, rule: str, place: str, refused: Mapping[str, object], rows: Sequence[int] = ()
    ) -> None:
        """Count refusals by one rule in one place: `refused` is the first, `rows` where all are."""
        key = (rule, place)
        if key not in self.reasons:
            self.reasons[key] = _Reason(
                rule, str(refused["consequence"]), str(refused["message"]), str(refused["hint"])
            )
        reason = self.reasons[key]
        reason.count += max(len(rows), 1)
        reason.rows += map(int, rows[: SHOWN_ROWS - len(reason.rows)])


def is_held(reasons: Iterable[Mapping[str, str]]) -> bool:
    """Tell by the reasons told of a file whether it only lacks a confirmation."""
    rules = {one["rule"] for one in reasons if one["consequence"] == Consequence.FILE}
    return bool(rules) and rules <= HELD
