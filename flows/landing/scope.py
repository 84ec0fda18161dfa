"""Office scope: which rows of a file are the office's own."""

from __future__ import annotations

import pandas as pd

from flows.landing.request import Context
from schemas.source import Scope
from schemas.terms import ACTIVE_POSITION_STATUSES


def in_scope(context: Context, typed: pd.DataFrame) -> pd.Series[bool]:
    """Tell which valid rows are ours."""
    match context.source.scope:
        case None:
            return pd.Series(True, index=typed.index)
        case Scope.AGENCY:
            return typed["agency"].isin(context.vocabulary.members)
        case Scope.AGENCY_OR_CENTRAL:
            central = {
                row["agency"] for row in context.vocabulary.agencies if row["type"] == "pusat"
            }
            return typed["agency"].isin(context.vocabulary.members | central)
        case Scope.ACTIVE_STAFF:
            status = typed["position_status"]
            return status.isna() | status.isin(ACTIVE_POSITION_STATUSES)
        case Scope.SATKER:
            return typed["satker"] == context.office.satker_code
