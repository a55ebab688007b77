"""Whoever was assessed is told of the announcement, and of what was decided to follow from it."""

from __future__ import annotations

from test_accountability import LEADER, announced, listed  # noqa: F401 - the fixture

from shuangkong.assessment.enforcement import EventKind
from shuangkong.records.assessment.accountability.acts import act
from shuangkong.records.assessment.accountability.rows import Said
from shuangkong.records.notices.models import Notice
from shuangkong.records.notices.rows import NoticeKind


def test_a_decided_consequence_is_told_to_whom_it_is_against(announced: int) -> None:  # noqa: F811
    row = next(iter(listed(announced).values()))
    before = set(Notice.objects.values_list("pk", flat=True))
    act(row.id, LEADER, EventKind.DECIDE, Said("虚府〔测〕1号"))
    [made] = Notice.objects.exclude(pk__in=before)
    assert (made.kind, made.thing) == (NoticeKind.CONSEQUENCE, row.id)
    assert "虚府〔测〕1号" in made.text
    assert [each.body_id for each in made.bodies.all()] == [row.body] or row.body is None


def test_an_announced_result_is_told_to_the_assessed(announced: int) -> None:  # noqa: F811
    made = Notice.objects.filter(kind=NoticeKind.ASSESSMENT, thing=announced)
    assert made.count() == 1
    assert made.get().bodies.count() == 1
