"""A reading survives JSON, whatever it holds, and its top level has the plain shape that other programs read."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from shuangkong.core.span import Span
from shuangkong.plans.reading import AnnexTable, Cell, Column, Head, Horizon, Kind, Op, Reading, Row, Strength, Target
from shuangkong.plans.reading_json import from_json, to_json

LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    Span: st.tuples(st.integers(0, 90), st.integers(0, 9)).map(lambda pair: Span(pair[0], sum(pair))),
    Decimal: st.decimals(-(10**9), 10**9, places=3),
    float: st.floats(0, 1),
    str: st.text(max_size=3),
}


def small(kind: Any) -> st.SearchStrategy[Any]:
    """Values of an annotated type with at most one member in each tuple: enough to meet every field, quick to make."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in LEAVES:
        return LEAVES[kind]
    if is_dataclass(kind):
        return st.builds(kind, **{name: small(hint) for name, hint in get_type_hints(kind).items()})
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(small(inner[0]), max_size=1).map(tuple)
    if origin is tuple:
        return st.tuples(*map(small, inner))
    if origin is dict:
        return st.dictionaries(st.text(max_size=3), small(inner[1]), max_size=1)
    return st.one_of(*map(small, inner)) if origin in (Union, UnionType) else st.from_type(kind)


@settings(max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(small(Reading))
def test_round_trip_through_text(reading: Reading) -> None:
    assert from_json(json.loads(json.dumps(to_json(reading), ensure_ascii=False))) == reading


def sample() -> tuple[str, Reading]:
    text = "到2020年，能耗下降15.0%"
    target = Target(
        "（二）", "单位地区生产总值能耗", "能耗", Kind.REDUCTION_RATE, Op.EQ, Decimal("15.0"), "%", 2015, "2020",
        None, None, Strength.FIRM, None, Span(7, 14), Span(11, 15),
    )  # fmt: skip
    cells = (Cell("甲市", None, False, Span(0, 2)), Cell("[-14]", Decimal(-14), True, Span(3, 8)))
    columns = tuple(Column(header, None, "other", None, None, None) for header in ("城市", "变化"))
    table = AnnexTable(1, "附表", columns, (Row("甲市", cells, None, False, Span(0, 8)),), (), Span(0, 8))
    head = Head("方案", None, None, None, "甲市", Horizon(2015, 2016, 2020), (2015,), (), (), (), None)
    return text, Reading(head, (), (), (target,), (), (), (table,), (), ())


def test_top_level_is_plain() -> None:
    text, reading = sample()
    found = to_json(reading, text)
    assert (found["title"], found["doc_no"], found["region"]) == ("方案", None, "甲市")
    assert found["targets"][0]["value"] == 15
    assert found["targets"][0]["quote"] == "能耗下降15."
    assert found["tables"][0]["rows"] == [["甲市", "[-14]"]]
    assert "quote" not in to_json(reading)["targets"][0]


def test_the_printed_digits_are_kept_until_a_person_writes_another_number() -> None:
    _, reading = sample()
    data = to_json(reading)
    assert str(from_json(data).targets[0].value) == "15.0"
    data["targets"][0]["value"] = 15.5
    assert from_json(data).targets[0].value == Decimal("15.5")


def test_a_reading_kept_before_a_field_was_is_still_read() -> None:
    text, reading = sample()
    kept = to_json(reading, text)
    for target in kept["targets"]:
        del target["starts"]
    assert from_json(kept) == reading
    del kept["targets"][0]["item_no"]
    with pytest.raises(KeyError, match="item_no"):
        from_json(kept)
