"""SQL with tags and blocks, compiled as the contract says, and as the stand-in does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.metabase.specs import native_sql
from flows.metabase.specs.native_sql import BadSql, Bound, Tag
from tests.metabase.fake import sql as other

TEXT, NUMBER, DATE = Tag("text"), Tag("number"), Tag("date")


def told(sql: str, tags: dict[str, Tag], **values: object) -> tuple[str, list[object]]:
    return native_sql.for_psycopg2(native_sql.compiled(sql, tags, values))


def test_a_value_is_bound_with_its_type():
    tags = {"a": TEXT, "n": NUMBER, "d": DATE}
    query, bound = told("x = {{a}} AND {{ n }} < y AND z > {{d}}", tags, a="k", n=3, d="2024-01-02")
    assert query == "x = CAST(%s AS varchar) AND CAST(%s AS int8) < y AND z > CAST(%s AS date)"
    assert bound == ["k", 3, "2024-01-02"]


def test_several_values_make_a_list():
    assert told("x IN ({{a}})", {"a": TEXT}, a=["p", "q"]) == (
        "x IN (CAST(%s AS varchar), CAST(%s AS varchar))",
        ["p", "q"],
    )


@pytest.mark.parametrize("values", [{}, {"a": None}, {"a": []}, {"a": ""}])
def test_a_block_without_its_value_drops(values: dict[str, object]):
    assert told("SELECT 1 [[WHERE x = {{a}}]] -- {{no}}", {"a": TEXT}, **values) == (
        "SELECT 1  -- {{no}}",
        [],
    )


def test_a_block_with_two_tags_needs_both():
    tags = {"a": TEXT, "b": TEXT}
    assert told("[[{{a}} {{b}}]]", tags, a="1") == ("", [])
    assert told("[[{{a}} {{b}}]]", tags, a="1", b="2")[1] == ["1", "2"]


def test_a_default_counts_unless_the_value_is_given_empty():
    tags = {"a": Tag("text", default="pk")}
    assert told("[[{{a}}]]", tags)[1] == ["pk"]
    assert told("[[{{a}}]]", tags, a=None)[1] == []
    assert told("[[{{a}}]]", {"a": Tag("text", "pk", required=True)}, a=None)[1] == ["pk"]


def test_a_percent_sign_is_no_place():
    assert told("x LIKE '%a%' [[AND {{a}}]]", {"a": TEXT}) == ("x LIKE '%%a%%' ", [])


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("{{a}}", "missing required"),
        ("{{}}", "no tag"),
        ("{{b}}", "no tag is declared"),
        ("[[ x ]]", "without a tag"),
        ("[[ {{a}}", "no matching"),
        ("{{a", "no tag"),
        ("]]", "without its opening"),
        ("}}", "without its opening"),
        ("[[ [[ {{a}} ]] ]]", "inside a block"),
        ("{{#42}}", "no tag"),
        ("{{snippet: x}}", "no tag"),
    ],
)
def test_what_metabase_would_refuse_is_refused(sql: str, says: str):
    with pytest.raises(BadSql, match=says):
        told(sql, {"a": TEXT})


def test_a_required_tag_without_a_value_says_so():
    with pytest.raises(BadSql, match="need to pick a value"):
        told("{{a}}", {"a": Tag("text", required=True)})


def test_names_come_once_and_in_order():
    assert native_sql.names("{{b}} [[{{a}}]] {{b}} /* {{c}} */") == ["b", "a"]


PIECES = st.lists(
    st.sampled_from(["SELECT 1 ", "[[AND x = {{a}}]]", "{{n}}", "[[{{a}}{{d}}]]", " % ", "'s'"]),
    max_size=8,
)
VALUES = st.fixed_dictionaries(
    {"n": st.one_of(st.integers(1, 9), st.lists(st.integers(1, 9), min_size=1))},
    optional={"a": st.sampled_from([None, "", [], "x", ["x", "y"]]), "d": st.just("2024-01-02")},
)


@given(pieces=PIECES, values=VALUES)
def test_two_compilers_agree(pieces: list[str], values: dict[str, object]):
    sql = "".join(pieces)
    ours = native_sql.compiled(sql, {"a": TEXT, "n": NUMBER, "d": DATE}, values)
    tags = {
        name: {"name": name, "type": kind}
        for name, kind in (("a", "text"), ("n", "number"), ("d", "date"))
    }
    text, bound = other.compiled(sql, tags, values)
    assert [part.value for part in ours if isinstance(part, Bound)] == bound
    plain = "".join("?" if isinstance(part, Bound) else part for part in ours)
    for kind in other.DRIVER.values():
        text = text.replace(f"%s::{kind}", "?")
    assert plain.replace("%", "%%") == text
