"""形势分析的文稿: what the paper of an analysis says, from the figures of its page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from shuangkong.core.rounding import rounded
from shuangkong.indicators.situation import LineKind
from shuangkong.papers.indicators.situation import MovedTable, SituationInput
from shuangkong.papers.official.paper import Issue
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.course import DECLINE, DUE, EFFORT, PROGRESS
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.situation import CHANGE, TOTAL_CHANGE, Situation
from shuangkong.web.indicators.situation_advice import next_steps
from shuangkong.web.indicators.situation_lines import (
    listed_units,
    moved_lines,
    tables_of,
    ten_thousands,
    total_of,
    track_lines,
)
from shuangkong.web.plans.papers.making import basis

#: Keys of the tables as template and annex say them.
_IN_PRINT = {"total": "总量", "intensity": "强度", "sectors": "行业", "units": "单位"}
#: Names of the template → figures of the path.
_NAMED = {
    "总量同比": TOTAL_CHANGE, "强度同比": CHANGE, "累计下降": DECLINE,
    "应下降": DUE, "进度": PROGRESS, "余下力度": EFFORT,
}  # fmt: skip


def situation_input(found: Situation, issuer: str) -> SituationInput:
    """``issuer``: who signs."""
    today = timezone.localdate()
    return SituationInput(
        issue=Issue(issuer=issuer, signed_on=today),
        basis=basis(today, found.sources, is_demo=found.is_demo, is_fictional=found.place.region.is_fictional),
        place=found.place.region.name,
        period=period_word(found.period),
        said=tuple(_said(found)),
        moved=tuple(
            MovedTable(_IN_PRINT[key], sort.unit, moved_lines(moved, sort), listed_units(moved))
            for key, sort, moved in tables_of(found)
        ),
        track=track_lines(found),
        missing=tuple(f"{period_word(cell.period)}{name_of(cell.indicator)}" for cell in found.missing),
        steps=tuple(each.zh for each in next_steps(found)),
        unverified=tuple(each.zh for each in found.unverified),
    )


def _said(found: Situation) -> Iterable[tuple[str, str]]:
    """Values of the template by name."""
    total, how = total_of(found)
    yield from (("总量", "" if total is None else f"{total:f}"), ("总量来路", how))
    for name, indicator in _NAMED.items():
        yield name, found.seen.printed(found.cell(indicator)).text or "—"
    for name, edge in (("低", found.estimate.low), ("高", found.estimate.high)):
        yield name, "" if edge is None or found.is_recognised else f"{ten_thousands(edge):f}"
    distance = found.track.mean_distance_pct
    yield "平均偏差", "" if distance is None else f"{rounded(distance, 2):f}"
    yield from _said_moved(found)


def _said_moved(found: Situation) -> Iterable[tuple[str, str]]:
    """What moved the region, and large industry: the lines of the wholes; nothing where they were not told."""
    names = {
        "total": {"change": "总量增减", "activity": "总量规模", "structure": "总量结构", "efficiency": "总量能效",
                  "unattributed": "总量未分解"},
        "intensity": {"change": "强度增减", "structure": "强度结构", "efficiency": "强度能效",
                      "unattributed": "强度未分解"},
        "sectors": {"change": "工业增减", "activity": "规模", "structure": "结构", "efficiency": "能效"},
    }  # fmt: skip
    for key, sort, moved in tables_of(found):
        kinds = dict(zip((line.kind for line in moved.lines), moved_lines(moved, sort), strict=True))
        whole = kinds.get(LineKind.WHOLE)
        for attribute, name in names.get(key, {}).items():
            value = getattr(whole, attribute) if whole else None
            yield name, "" if value is None else f"{value:f}"
        if key == "sectors":
            gap = kinds.get(LineKind.GAP)
            yield "衔接差额", f"{gap.change:f}" if gap else ""
            yield "只有行业", "有" if moved.lines and whole is None else ""
