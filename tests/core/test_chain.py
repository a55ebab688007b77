"""A chain holds as written, and no change to it goes unseen."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.chain import START, Link, breaks, seal


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def chained(contents: list[dict[str, str]]) -> list[Link]:
    links, previous = [], START
    for sequence, content in enumerate(contents, 1):
        sealed = seal(sequence, content, previous, digest)
        links.append(Link(sequence, content, previous, sealed))
        previous = sealed
    return links


CONTENTS = st.lists(
    st.dictionaries(st.sampled_from(["act", "ground", "after"]), st.text(max_size=5)), min_size=2, max_size=8
)


def test_the_sealing_rule_is_fixed() -> None:
    """Golden: a journal written today must be checkable by whoever knows only this line."""
    text = '[1,{"act":"plan.adopt","ground":"同意"},"' + START + '"]'
    assert seal(1, {"ground": "同意", "act": "plan.adopt"}, START, digest) == hashlib.sha256(text.encode()).hexdigest()


@given(CONTENTS)
def test_as_written_it_holds(contents: list[dict[str, str]]) -> None:
    links = chained(contents)
    assert list(breaks(links, digest, {len(links): links[-1].digest})) == []


@given(CONTENTS, st.data())
def test_an_altered_row_is_found(contents: list[dict[str, str]], data: st.DataObject) -> None:
    links = chained(contents)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], content={**links[at].content, "ground": links[at].content.get("ground", "") + "改"})
    assert [(each.sequence, each.kind) for each in breaks(links, digest)] == [(at + 1, "content")]


@given(CONTENTS, st.data())
def test_an_altered_row_sealed_anew_is_found(contents: list[dict[str, str]], data: st.DataObject) -> None:
    links = chained(contents)
    at = data.draw(st.integers(0, len(links) - 2))
    content = {**links[at].content, "ground": links[at].content.get("ground", "") + "改"}
    links[at] = replace(links[at], content=content, digest=seal(at + 1, content, links[at].previous, digest))
    assert [(each.sequence, each.kind) for each in breaks(links, digest)] == [(at + 2, "previous")]


@given(CONTENTS, st.data())
def test_a_dropped_row_is_found(contents: list[dict[str, str]], data: st.DataObject) -> None:
    links = chained(contents)
    newest = {len(links): links[-1].digest}
    at = data.draw(st.integers(0, len(links) - 1))
    del links[at]
    assert list(breaks(links, digest, newest))


@given(CONTENTS, st.data())
def test_reordered_rows_are_found(contents: list[dict[str, str]], data: st.DataObject) -> None:
    links = chained(contents)
    at = data.draw(st.integers(0, len(links) - 2))
    links[at], links[at + 1] = links[at + 1], links[at]
    assert "gap" in {each.kind for each in breaks(links, digest)}


def test_a_chain_written_anew_from_the_middle_is_found_by_its_anchor() -> None:
    old, new = chained([{"act": "a"}, {"act": "b"}, {"act": "c"}]), chained([{"act": "a"}, {"act": "x"}, {"act": "c"}])
    assert list(breaks(new, digest)) == []
    assert [each.kind for each in breaks(new, digest, {3: old[2].digest})] == ["anchor"]
