"""Taking: a slice, or its refusal, in one short transaction under the office's lock."""

from __future__ import annotations

from flows.landing import attempts, judging
from flows.landing import store as loads
from flows.landing.refusals import refuse_file
from flows.landing.request import Context, Landing, Request
from flows.landing.scratch import Scratch
from flows.landing.store import Arrival, Counts, Slice
from flows.landing.tally import Tally, is_held
from flows.warehouse.connection import lock_offices


def take(
    scratch: Scratch,
    context: Context,
    request: Request,
    slice_: Slice,
    arrival: Arrival,
    tally: Tally,
) -> Landing:
    """Take the slice, or keep the refusal, in one short transaction under the office's lock.

    What speaks against it is written down without the lock, and asked again.
    """
    while True:
        with scratch.connection.begin():
            lock_offices(scratch.connection, [slice_.office])
            known = attempts.unchanged(scratch.connection, slice_, arrival)
            if known is not None:
                return Landing(request, "unchanged", known, Counts())
            objection = judging.objection(scratch, context, request, slice_, tally)
            if objection is None:
                reasons = tuple(tally.told())
                load_id = loads.land(
                    scratch,
                    slice_,
                    arrival,
                    counts=tally.counts(),
                    references_at=context.vocabulary.recorded_at,
                    reasons=reasons,
                    refused=tally.is_refused,
                    because=request.confirmed_because or loads.RECEIVED,
                )
                refused = "held" if is_held(reasons) else "refused"
                status = refused if tally.is_refused else "landed"
                return Landing(request, status, load_id, tally.counts(), reasons)
        refuse_file(scratch, tally, *objection)
