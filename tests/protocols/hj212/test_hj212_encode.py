"""What is written is read back: items, head, packets; the annex's frames are written as printed."""

from __future__ import annotations

from itertools import count

import pytest
from hj212_frames import CODES, STEPS, only
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.protocols.hj212.encode import Head, encode, encode_area_split, encode_split, format_area
from shuangkong.protocols.hj212.frame import LONGEST, Finder, Found, wrap
from shuangkong.protocols.hj212.message import read
from shuangkong.protocols.hj212.packets import Assembler
from trials import tries

words = st.text(
    st.characters(codec="utf-8", exclude_characters=";,=&#/ \r\n\t", exclude_categories=("C", "Z")), max_size=12
)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,5}(-(Rtd|Avg|Cou|Info|Flag))?", fullmatch=True)
items = st.lists(st.tuples(names, words), min_size=1, max_size=3).map(tuple)
areas = st.lists(items, max_size=8)
digits = st.text("0123456789", min_size=17, max_size=17)
heads = st.builds(
    Head,
    qn=digits,
    st=st.sampled_from(["31", "32", "91"]),
    cn=st.sampled_from(list(CODES.commands)),
    pw=st.text("0123456789", min_size=6, max_size=6),
    mn=st.text("0123456789ABCDEF", min_size=14, max_size=24),
    edition=st.sampled_from(Edition),
    wants_answer=st.booleans(),
)


@tries(200, 20_000)
@given(heads, areas)
def test_what_is_written_is_read_back(head: Head, area: list[tuple[tuple[str, str], ...]]) -> None:
    wire = wrap(encode(head, area))
    (found,) = Finder(9999).feed(wire)
    assert isinstance(found, Found)
    assert found.raw == wire
    assert found.check_ok
    message = read(found.body, CODES)
    assert message.items == tuple(area)
    assert (message.qn, message.st, message.cn, message.pw, message.mn) == (head.qn, head.st, head.cn, head.pw, head.mn)
    assert (message.edition, message.wants_answer) == (head.edition, head.wants_answer)
    lost = {habits.HEAD_BROKEN, habits.HEAD_COMMA, habits.FIELD_BROKEN, habits.CP_OPEN, habits.TEXT_DAMAGED}
    assert not lost & set(message.habits)


@tries(60, 5_000)
@given(heads, st.lists(items, min_size=1, max_size=60), st.integers(200, LONGEST))
def test_split_is_put_together_again(head: Head, area: list[tuple[tuple[str, str], ...]], longest: int) -> None:
    dated = [(("DataTime", "20160801080000"),), *area]
    numbers = (f"{number:017d}" for number in count(1))
    segments = encode_split(head, dated, numbers, longest)
    assert len(encode(head, dated)) <= longest or len(segments) > 1 or len(area) == 1
    assembler: Assembler[int] = Assembler(CODES)
    messages = [read(segment, CODES) for segment in segments]
    if len(segments) > 1:
        assert [(each.pnum, each.pno) for each in messages] == [(len(segments), at + 1) for at in range(len(segments))]
        assert len({each.qn for each in messages}) == len(segments)
        assert all(len(segment) <= longest or read(segment, CODES).items[2:] == () for segment in segments)
    (joined,) = [whole for at, each in enumerate(messages) for whole in assembler.add(each, at, 0.0)]
    assert joined.message.items == tuple(dated)


@tries(60, 5_000)
@given(heads, st.lists(items, min_size=1, max_size=60), st.integers(0, 60), st.integers(200, LONGEST))
def test_a_written_area_is_split_and_put_together_again_wherever_its_time_stands(
    head: Head, area: list[tuple[tuple[str, str], ...]], at: int, longest: int
) -> None:
    time = (("DataTime", "20160801080000"),)
    dated = format_area([*area[:at], time, *area[at:]])
    segments = encode_area_split(head, dated, (f"{number:017d}" for number in count(1)), longest)
    if len(segments) == 1:
        assert read(segments[0], CODES).content == dated
        return
    assembler: Assembler[int] = Assembler(CODES)
    messages = [read(segment, CODES) for segment in segments]
    assert {each.items[0] for each in messages} == {time}
    assert all(len(segment) <= longest or len(read(segment, CODES).items) <= 2 for segment in segments)
    (joined,) = [whole for pno, each in enumerate(messages) for whole in assembler.add(each, pno, 0.0)]
    assert joined.message.items == (time, *area)


@pytest.mark.parametrize("wire", STEPS)
def test_annex_c_is_written_as_printed(wire: str) -> None:
    message = read(only(wire.encode()).body, CODES)
    head = Head(
        message.qn, message.st, message.cn, message.pw, message.mn, message.edition, wants_answer=message.wants_answer
    )
    packet = (message.pnum, message.pno) if message.pnum and message.pno else None
    assert wrap(encode(head, message.items, packet=packet)) == wire.encode()


def test_first_edition_may_leave_out_number_and_flag() -> None:
    head = Head("", "32", "2011", "123456", "LD130133000015", Edition.V2005, is_flagless=True)
    segment = encode(head, [(("DataTime", "20160824003817"),), (("011-Rtd", "231.0"), ("011-Flag", "N"))])
    assert segment == (
        b"ST=32;CN=2011;PW=123456;MN=LD130133000015;CP=&&DataTime=20160824003817;011-Rtd=231.0,011-Flag=N&&"
    )


def test_sent_again_is_marked_in_the_newest_edition() -> None:
    head = Head("20240520210700000", "31", "2051", "123456", "010000A8900016F000169DC0", Edition.V2025, is_resent=True)
    assert b";Flag=8;RF=1;CP=&&" in encode(head)
    assert read(encode(head), CODES).is_resent
