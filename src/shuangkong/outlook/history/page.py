"""公布与复算的对照: the page drawn from published tables and rules; every disagreement stands there with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from shuangkong.outlook.barometer.level import CAUSES, WORDS, Level
from shuangkong.outlook.barometer.rule import Confidence, Rule
from shuangkong.outlook.history.published import History, PublishedTable
from shuangkong.outlook.history.reproducing import Outcome, Reproduced, causes, disagreements

_CONFIDENCE = {
    Confidence.CONFIRMED: "两处一致",
    Confidence.SINGLE: "一处",
    Confidence.RECALLED: "凭记忆",
    Confidence.INFERRED: "推得",
    Confidence.GAP: "未公布",
}


def history_page(
    history: History, reproduced: Sequence[Reproduced], rules: Mapping[str, Rule], names: Mapping[str, str]
) -> str:
    """The page; ``names``: region code → name."""
    return "\n".join(_page(history, reproduced, rules, names)) + "\n"


def _page(
    history: History, reproduced: Sequence[Reproduced], rules: Mapping[str, Rule], names: Mapping[str, str]
) -> Iterator[str]:
    yield "# 公布的预警等级与复算 · Published levels and what the rules say"
    yield ""
    yield "由政策文件生成（`shuangkong docs`），请勿手改。"
    yield "Generated from the policy files by `shuangkong docs`; do not edit."
    yield ""
    yield "口径：要求值取余下要求（见 [barometer.md](methods/barometer.md)）；公报只有全年数的，以全年代替并写明。"
    yield "五年目标和规则都没有与原文核对。Neither promises nor rules have been compared with their documents."
    outcomes = Counter(each.outcome for each in reproduced)
    yield ""
    yield (
        f"共 {len(history.tables)} 张表、{sum(len(each.levels) for each in history.tables)} 格：一致"
        f" {outcomes[Outcome.AGREES]}，不一致 {outcomes[Outcome.DISAGREES]}，不能判定 {outcomes[Outcome.NOT_JUDGED]}。"
        " Agree, disagree, cannot be judged."
    )
    yield from _tables(history, reproduced, rules)
    yield from _judged(reproduced, names)
    yield from _disagreeing(reproduced, names)
    yield from _doubts(history, names)


def _tables(history: History, reproduced: Sequence[Reproduced], rules: Mapping[str, Rule]) -> Iterator[str]:
    yield from ("", "## 各表 · Tables", "")
    yield "| 表 | 时段 | 指标 | 一级 | 二级 | 三级 | 可信 | 一致 | 不一致 | 不能判定，原因 |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    why = causes(reproduced)
    for table in history.tables:
        counts = Counter(each.outcome for each in reproduced if each.table == table.id)
        levels = " | ".join(str(len(table.at(level))) for level in Level)
        reasons = "；".join(f"{count}：{CAUSES[cause].zh}" for cause, count in why.get(table.id, {}).items())
        yield (
            f"| {table.id}{_marks(table)} | {table.period} | {rules[table.rule].name.zh} | {levels}"
            f" | {_CONFIDENCE[table.ground.confidence]} | {counts[Outcome.AGREES]} | {counts[Outcome.DISAGREES]}"
            f" | {reasons or '—'} |"
        )


def _marks(table: PublishedTable) -> str:
    marks = [mark for mark, is_so in (("推得", table.is_derived), ("不全", not table.is_complete)) if is_so]
    return f"（{'、'.join(marks)}）" if marks else ""


def _judged(reproduced: Sequence[Reproduced], names: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "## 能够判定的各格 · Cells that could be judged", "")
    yield "| 表 | 地区 | 应下降 % | 实际下降 % | 复算 | 公布 | 所用的数 |"
    yield "|---|---|---|---|---|---|---|"
    for each in reproduced:
        if each.judgement.level is not None:
            required, achieved = (_value(each, name) for name in ("required", "achieved"))
            used = f"以 {each.stands_in} 全年代替" if each.stands_in else "当期"
            yield (
                f"| {each.table} | {names[each.region]} | {required} | {achieved} | {WORDS[each.judgement.level].zh}"
                f" | {WORDS[each.published].zh} | {used} |"
            )


def _value(each: Reproduced, name: str) -> str:
    """A figure that the conditions compared, to two decimals."""
    value = each.compared(name)
    return "—" if value is None else f"{value.quantize(Decimal('0.01')):f}"


def _disagreeing(reproduced: Sequence[Reproduced], names: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "## 复算与公布不一致 · The rule says another level", "")
    found = disagreements(reproduced)
    if not found:
        yield "没有。None."
    for each in found:
        judged = "—" if each.judgement.level is None else WORDS[each.judgement.level].zh
        used = f"以 {each.stands_in} 全年代替当期" if each.stands_in else "用当期自己的数；公布时所用的数可能不同"
        yield (
            f"- {each.table} {names[each.region]}：公布 {WORDS[each.published].zh}，复算 {judged}"
            f"（应下降 {_value(each, 'required')}%，实际下降 {_value(each, 'achieved')}%）。{used}。"
        )


def _doubts(history: History, names: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "## 公布的表自身的疑点 · Doubts about the tables themselves", "")
    for each in history.doubts:
        whom = f" {names[each.region]}" if each.region else ""
        yield f"- {each.table}{whom}：{each.message.zh} {each.message.en}"
