"""下一步: what the figures of an analysis ask for, each step with the figure that it rests on. Rules, no opinions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded
from shuangkong.indicators.situation import Line, LineKind
from shuangkong.records.indicators.moved import Moved
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.course import DECLINE, DUE, EFFORT
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.situation import Situation

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
    moved = found.movements.sectors
    worse = _upwards(moved, "efficiency")
    if worse:
        said = _named(moved, worse, "efficiency")
        yield Message(
            f"查能效：{said.zh}单位增加值能耗上升拉高了能耗，逐个核对设备、负荷和产品结构。",
            f"Look at efficiency: {said.en} used more for each yuan of value added.",
        )
    heavier = _upwards(moved, "structure")
    if heavier:
        said = _named(moved, heavier, "structure")
        yield Message(
            f"看结构：{said.zh}增速快于全部工业，核对新增产能的节能审查和用能来源。",
            f"Look at structure: {said.en} grew faster than industry as a whole.",
        )


def _units(found: Situation) -> Iterator[Message]:
    moved = found.movements.units
    parts = [line for line in moved.lines if line.kind is LineKind.PART and line.change > 0][:_NAMED]
    if parts:
        named = [(moved.names[line.code], _tce(line.change)) for line in parts]
        zh = "、".join(f"{name.zh}（+{amount}吨标准煤）" for name, amount in named)
        en = ", ".join(f"{name.en} (+{amount} tce)" for name, amount in named)
        yield Message(
            f"约请说明：{zh}用能增加最多，请说明原因和后几个月安排。",
            f"Ask for reasons: {en} increased most.",
        )
    if moved.became:
        zh, en = "；".join(each.said.zh for each in moved.became), "; ".join(each.said.en for each in moved.became)
        yield Message(
            f"沿革已接：{zh}；以前的数计入后者，不算缺报。", f"History joined: {en}; older figures count in the latter."
        )
    if moved.left_out:
        said = "、".join(moved.left_out[:_NAMED])
        more = f"等{len(moved.left_out)}家" if len(moved.left_out) > _NAMED else ""
        yield Message(
            f"核对范围：{said}{more}缺一期数据，未列入比较；先核对是否进出统计范围。",
            f"Check the scope: {len(moved.left_out)} units lack one of the two periods ({said}).",
        )


def _estimate(found: Situation) -> Iterator[Message]:
    distance = found.track.mean_distance_pct
    if not found.is_recognised and distance is not None:
        yield Message(
            f"跟踪反馈：总量为本级测算，过去各期平均偏差{rounded(distance, 2)}%；反馈核定后更新本分析。",
            f"Await recognition: the total is an own estimate; past ones were {rounded(distance, 2)}% off on average.",
        )


def _upwards(moved: Moved, factor: str) -> list[Line]:
    """The parts whose factor raised the energy most."""
    raised = [line for line in moved.lines if line.kind is LineKind.PART and getattr(line.effects, factor) > 0]
    return sorted(raised, key=lambda line: -getattr(line.effects, factor))[:_NAMED]


def _named(moved: Moved, lines: list[Line], factor: str) -> Message:
    amounts = [_ten_thousand(getattr(line.effects, factor)) for line in lines]
    names = [moved.names[line.code] for line in lines]
    return Message(
        "、".join(f"{name.zh}（+{amount}万吨标准煤）" for name, amount in zip(names, amounts, strict=True)),
        ", ".join(f"{name.en} (+{amount} ×10⁴ tce)" for name, amount in zip(names, amounts, strict=True)),
    )


def _tce(value: Decimal) -> str:
    return f"{rounded(value, 0):f}"


def _ten_thousand(value: Decimal) -> str:
    return f"{rounded(value / _TEN_THOUSAND, 3):f}"
