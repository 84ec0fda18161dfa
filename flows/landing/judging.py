"""Judging: whether the rows of a file together make a slice, and one that can be believed."""

from __future__ import annotations

import shlex
from fractions import Fraction

from flows.landing import attempts
from flows.landing.attempts import MIXED_PARTS
from flows.landing.refusals import refuse_file
from flows.landing.request import Context, Request
from flows.landing.scratch import Scratch
from flows.landing.store import BY_HAND, Slice
from flows.landing.tally import Tally
from schemas.rejections.rule import Consequence
from schemas.source import MAIN_PART, Kind
from transforms.files.redaction import redacted_file_name

CONFIRMED = "susut_dipastikan"
WHOLE_LISTS = (Kind.REGISTER, Kind.SNAPSHOT)  # each file is a whole list, so it is like the last
LONG_LIST = 9  # of a shorter list one or two rows are a third already


def judge(scratch: Scratch, context: Context, tally: Tally) -> None:
    """Refuse the file where its rows together do not make a slice."""
    if tally.is_refused:
        return
    source, counts = context.source, tally.counts()
    if source.one_row and counts.rows_in != 1:
        refuse_file(scratch, tally, "satu_baris", {"nilai": str(counts.rows_in)})
    elif counts.rows_in == 0 and source.kind is not Kind.REGISTER:
        refuse_file(scratch, tally, "berkas_kosong", {})
    if counts.rejected > source.tolerated * counts.rows_in:
        facts = {"nilai": str(counts.rejected), "aturan": _percent(source.tolerated)}
        refuse_file(scratch, tally, "ambang_terlampaui", facts)
    elif counts.accepted == 0 and counts.out_of_scope > 0:
        refuse_file(scratch, tally, "tidak_ada_baris_kantor_ini", {})


def _percent(share: Fraction) -> str:
    return f"{int(share * 100)} persen" if share else "tidak boleh ada"


def objection(
    scratch: Scratch, context: Context, request: Request, slice_: Slice, tally: Tally
) -> tuple[str, dict[str, str], Consequence] | None:
    """Return what of the slices in force speaks against taking this one: rule, facts, consequence.

    Asked under the office's lock, as another landing may have changed them since the file was read.
    """
    if tally.is_refused:
        return None
    if mixed := attempts.parts_in_the_way(scratch.connection, slice_):
        return MIXED_PARTS, {"nilai": ", ".join(mixed), "aturan": slice_.part}, Consequence.FILE
    before = attempts.before(scratch.connection, slice_, across=context.source.kind in WHOLE_LISTS)
    if before is None or not _shrank(context, before, tally.accepted):
        return None
    facts = {
        "nilai": f"{before.accepted} ({before.period}, muatan {before.load_id})",
        "aturan": str(tally.accepted),
        "sebab": _asked_again(request),
    }
    if not request.confirmed_because:
        rule = "susut_banyak" if tally.accepted else "periode_akan_kosong"
        return rule, facts, Consequence.FILE
    if any(reason.rule == CONFIRMED for reason in tally.reasons.values()):
        return None
    return CONFIRMED, facts, Consequence.WARNING


def _shrank(context: Context, before: attempts.Before, now: int) -> bool:
    """Tell whether too many rows are gone to believe it: all, or of a longer list over a third.

    A register of a new year has rightly lost what was closed in the old one.
    """
    if now == 0:
        return before.accepted > 0
    is_new_list = context.source.kind is Kind.REGISTER and before.period_year != context.period.year
    return before.accepted >= LONG_LIST and 3 * now < 2 * before.accepted and not is_new_list


def _asked_again(request: Request) -> str:
    """Return what follows `iku land` to ask for this file again.

    Only whoever lands by hand knows where it lies; another one is that which the slice holds.
    """
    by_hand = request.door == BY_HAND
    name = [shlex.quote(redacted_file_name(request.name))] if by_hand else []
    office = [] if by_hand else ["--office", request.office]
    part = [] if request.part == MAIN_PART else ["--part", request.part]
    slice_ = ["--source", request.source, "--period", request.period]
    return " ".join([*name, *slice_, *part, *office])
