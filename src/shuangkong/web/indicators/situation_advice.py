"""下一步: what the figures of an analysis ask for, each step with the figure that it rests on. Rules, no opinions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded
from shuangkong.indicators.decomposition import Effects
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.course import DECLINE, DUE, EFFORT
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.situation import OTHERS, Moved, Situation

#: As many parts as a step names.
_NAMED = 3
_TEN_THOUSAND = Decimal(10_000)


def next_steps(found: Situation) -> tuple[Message, ...]:
    """In the order of the work: what is missing first, since all else rests on it."""
    return (*_supply(found), *_catch_up(found), *_sectors(found), *_units(found), *_estimate(found))


def _supply(found: Situation) -> Iterator[Message]:
    owners: dict[str, list[str]] = {}
    names = open_rulebook().indicators()
    for cell in found.missing:
        known = names.get(cell.indicator)
        said = f"{period_word(cell.period)}{known.zh if known else cell.indicator}"
        owners.setdefault(known.owner if known else "", []).append(said)
    for owner, lacking in owners.items():
        who = f"{owner}部门" if owner else "有关部门"
        yield Message(
            f"补齐数据：{who}报送{'、'.join(lacking)}。",
            f"Supply what is missing ({len(lacking)} figures): {', '.join(lacking)}.",
        )


def _catch_up(found: Situation) -> Iterator[Message]:
    done, due, effort = (found.seen.printed(found.cell(each)).value for each in (DECLINE, DUE, EFFORT))
    if done is None or due is None:
        return
    gap = due - done
    if gap <= 0:
        yield Message(
            f"巩固进度：累计下降{done}%，比应下降的{due}%多{-gap}个百分点，不放松在建和拟建项目的节能审查。",
            f"Keep ahead: down {done}% since the base year, {-gap} points more than the {due}% due.",
        )
        return
    rest = "" if effort is None else f"，余下每年须下降{effort}%"
    rest_en = "" if effort is None else f"; {effort}% a year from here on"
    yield Message(
        f"补上进度：累计下降{done}%，比应下降的{due}%少{gap}个百分点{rest}；把缺口分到地区和重点单位，逐月调度。",
        f"Catch up: down {done}% since the base year, {gap} points less than the {due}% due{rest_en}.",
    )


def _sectors(found: Situation) -> Iterator[Message]:
    worse = _upwards(found.sectors, "efficiency")
    if worse:
        said = _named(found.sectors, worse, "efficiency")
        yield Message(
            f"查能效：{said}单位增加值能耗上升拉高了能耗，逐个核对设备、负荷和产品结构。",
            f"Look at efficiency: {said} used more for each yuan of value added.",
        )
    heavier = _upwards(found.sectors, "structure")
    if heavier:
        said = _named(found.sectors, heavier, "structure")
        yield Message(
            f"看结构：{said}增速快于全部工业，核对新增产能的节能审查和用能来源。",
            f"Look at structure: {said} grew faster than industry as a whole.",
        )


def _units(found: Situation) -> Iterator[Message]:
    if found.units.found is None:
        return
    upwards = [each for each in found.units.found.movers(_NAMED * _NAMED) if each.total > 0][:_NAMED]
    if upwards:
        said = "、".join(f"{_name(found.units, each)}（+{_tce(each.total)}吨标准煤）" for each in upwards)
        yield Message(
            f"约请说明：{said}用能增加最多，请说明原因和后几个月安排。",
            f"Ask for reasons: {said} increased most.",
        )
    if found.units.left_out:
        said = "、".join(found.units.left_out[:_NAMED])
        more = f"等{len(found.units.left_out)}家" if len(found.units.left_out) > _NAMED else ""
        yield Message(
            f"核对范围：{said}{more}缺一期数据，未列入比较；先核对是否进出统计范围。",
            f"Check the scope: {len(found.units.left_out)} units lack one of the two periods ({said}).",
        )


def _estimate(found: Situation) -> Iterator[Message]:
    distance = found.track.mean_distance_pct
    if not found.is_recognised and distance is not None:
        yield Message(
            f"跟踪反馈：总量为本级测算，过去各期平均偏差{rounded(distance, 2)}%；反馈核定后更新本分析。",
            f"Await recognition: the total is an own estimate; past ones were {rounded(distance, 2)}% off on average.",
        )


def _upwards(moved: Moved, factor: str) -> list[Effects]:
    """The parts whose factor raised the energy most."""
    if moved.found is None:
        return []
    raised = [part for part in moved.found.parts if part.code != OTHERS and getattr(part, factor) > 0]
    return sorted(raised, key=lambda part: -getattr(part, factor))[:_NAMED]


def _named(moved: Moved, parts: list[Effects], factor: str) -> str:
    return "、".join(f"{_name(moved, part)}（+{_ten_thousand(getattr(part, factor))}万吨标准煤）" for part in parts)


def _name(moved: Moved, part: Effects) -> str:
    return moved.names.get(part.code, part.code)


def _tce(value: Decimal) -> str:
    return f"{rounded(value, 0):f}"


def _ten_thousand(value: Decimal) -> str:
    return f"{rounded(value / _TEN_THOUSAND, 3):f}"
