"""Whatever SIASN may answer is scores, nothing, a failure or an unknown shape; never a crash."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flows.fetching.doors.siasn.answers import (
    FailedAnswer,
    Score,
    UnknownShape,
    read_answer,
    score,
    standing,
)

NIP = "190101012001011001"
NAMES = (
    "code", "count", "data", "Error", "error", "created_at", "tahun", "nip", "nipBaru",
    "kualifikasi", "kompetensi", "kinerja", "disiplin", "subtotal", "kedudukanPnsId",
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=8),
    st.sampled_from(["0", "1", 0, 1, "14-03-2025", "2025-03-14T08:00:00Z", "2024", NIP, "71"]),
)
RECORDS = st.dictionaries(st.sampled_from(NAMES), LEAVES)
WHOLE = st.fixed_dictionaries(
    dict.fromkeys(NAMES[9:14], LEAVES),
    optional=dict.fromkeys(NAMES[5:9], LEAVES),
)
BODIES = st.recursive(
    st.one_of(LEAVES, RECORDS, WHOLE),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner)
    ),
    max_leaves=8,
)
ANSWERS = st.one_of(BODIES, st.fixed_dictionaries({"code": st.just(1), "data": BODIES}))


@given(ANSWERS.map(json.dumps).map(str.encode) | st.binary(max_size=40))
def test_every_answer_is_understood_or_refused(body: bytes):
    with suppress(UnknownShape, FailedAnswer):
        answer = read_answer(body)
        found = score(answer, NIP, 2024)
        assert found is None or (found.year == 2024 and _is_text(found))
        told = standing(answer, NIP)
        assert told is None or told.group in ("PNS", "PPPK")


def _is_text(found: Score) -> bool:
    cells: list[Any] = list(found.cells.values())
    return len(cells) == 6 and all(isinstance(cell, str) for cell in cells)
