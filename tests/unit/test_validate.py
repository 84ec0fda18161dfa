"""Numbers in a key may be as long as an index of the warehouse can hold, and no longer."""

import pandas as pd

from schemas.sources import sources
from transforms.files.validate import LONGEST_KEY, too_long


def test_a_number_that_is_too_long_is_told_in_short():
    source = sources()["technical_regulation"]
    numbers = ["x" * LONGEST_KEY, "x" * (LONGEST_KEY + 1), None]
    typed = pd.DataFrame({"proposal_no": pd.array(numbers, dtype="str")}, index=[2, 3, 4])
    found = too_long(source, typed)
    assert found[["index", "column", "rule"]].to_numpy().tolist() == [
        [3, "proposal_no", "terlalu_panjang"]
    ]
    assert found["value"].tolist() == ["x" * 40 + "…"]


def test_a_source_without_texts_in_its_key_has_none():
    assert too_long(sources()["survey_answer"], pd.DataFrame()).empty
