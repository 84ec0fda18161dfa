"""Follow-up of recommendations by the four statuses of BPK.

Source: Peraturan BPK 2/2017, articles 6 and 7 (RULES 6).
"""

from dataclasses import dataclass
from decimal import Decimal

from schemas.card import Measurement
from transforms.rules.formulas import Rows, count_of, counts_by, percent_of, share

# What a recommendation is in the cohort by: open on 1 January, or issued since (RULES 10-Q12).
COHORTS = ("carried", "this_year")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How many recommendations there are of each status.

    Attributes:
        done: followed up as recommended (1).
        unfinished: followed up, not yet as recommended (2).
        untouched: not followed up (3).
        impossible: cannot be followed up, for a valid reason (4).
    """

    done: int
    unfinished: int
    untouched: int
    impossible: int

    @property
    def total(self) -> int:
        """Return all of them."""
        return self.done + self.unfinished + self.untouched + self.impossible

    @property
    def closed(self) -> int:
        """Return those on which nothing is left to do."""
        return self.done + self.impossible

    @property
    def v1(self) -> Decimal | None:
        """Return the closed of all, in percent: the official one (RULES 10-Q11)."""
        return percent_of(self.closed, self.total)

    @property
    def v2(self) -> Decimal | None:
        """Return the done of all, in percent."""
        return percent_of(self.done, self.total)

    @property
    def v3(self) -> Decimal | None:
        """Return the done of those that can be done, in percent."""
        return percent_of(self.done, self.total - self.impossible)

    @property
    def v4(self) -> Decimal | None:
        """Return those with any follow-up of all, in percent."""
        return percent_of(self.total - self.untouched, self.total)


def follow_up_of(rows: Rows) -> FollowUp:
    """Count recommendations by status.

    Args:
        rows: a status 1 to 4 and the number of `recommendations` of that status.
    """
    counts = counts_by(rows, "status", (1, 2, 3, 4), "recommendations")
    return FollowUp(counts[1], counts[2], counts[3], counts[4])


def closed_share(rows: Rows, components: dict[str, object], when_none: str) -> Measurement:
    """Return the share of the cohort that is closed, with its make-up beside it.

    Args:
        rows: cohort, status, answer_term_open, recommendations.
        components: further figures beside the value.
        when_none: the note for a cohort without a recommendation; that is never 100 percent.
    """
    follow_up = follow_up_of(rows)
    cohorts = counts_by(rows, "cohort", COHORTS, "recommendations")
    return share(
        follow_up.closed,
        follow_up.total,
        {
            "sesuai": follow_up.done,
            "belum_sesuai": follow_up.unfinished,
            "belum_ditindaklanjuti": follow_up.untouched,
            "tidak_dapat_ditindaklanjuti": follow_up.impossible,
            "bawaan": cohorts["carried"],
            "tahun_ini": cohorts["this_year"],
            # Inside the term for an answer, and counted all the same (RULES 6.2).
            "belum_jatuh_tempo": count_of(
                (row for row in rows if row["answer_term_open"]), "recommendations"
            ),
            **components,
            "catatan": [] if follow_up.total else [when_none],
        },
    )
