"""一个数的由来：公式、参数、条款、各项输入及其来源 (explain a figure: formula, parameters, clauses, inputs, sources).

对象写地区代码或名称，其他对象写“类别:代码”；指标写编号或名称；时期写 YYYY、YYYY-H1、YYYY-Q3、YYYY-07、YYYY-C10。
在线监测的排放量可以一直问到报文：每一步后面的“→”就是下一句（outlets:地区 → outlet:排放口 → 日 → 时 → 报文）。
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from shuangkong.cli.refusal import CommandRefused

if TYPE_CHECKING:
    from shuangkong.core.trace import Figure
    from shuangkong.indicators.engine import Law


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="SUBJECT", help="地区代码、名称，或 类别:代码")
    parser.add_argument("indicator", metavar="INDICATOR", help="指标编号或名称")
    parser.add_argument("period", metavar="PERIOD", help="时期")
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DAY", help="截至哪天录入的数，默认现在 (as known by the end of)"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--exact", action="store_true", help="每个数印全部位数 (every digit)")
    parser.add_argument("--english", action="store_true", help="English words")


def run(args: argparse.Namespace) -> int:
    """0 there is a figure, 1 there is none, 2 the question cannot be answered."""
    from shuangkong.cli.site import open_site

    open_site()
    from shuangkong.cli.explain_hours import hours_of, leads_to_hours

    if leads_to_hours(args.subject):
        told = hours_of(args.subject, args.indicator, args.period)
        print(json.dumps(told.as_json(), ensure_ascii=False, indent=1) if args.json else "\n".join(told.lines()))
        return 0 if told.kg is not None else 1
    from shuangkong.core.fact import State
    from shuangkong.indicators.engine.printing import as_json
    from shuangkong.records.indicators.explaining import explained
    from shuangkong.records.indicators.naming import cell_named
    from shuangkong.records.refusal import Refused

    try:
        cell = cell_named(args.subject, args.indicator, args.period)
    except Refused as refused:
        raise CommandRefused(refused.code, refused.message.zh, refused.message.en) from refused
    figure, law = explained(cell, args.as_of)
    if args.json:
        said = {"rulebook": law.version, "as_of": args.as_of and args.as_of.isoformat()} | as_json(figure)
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        print(_told(figure, law, is_english=args.english, is_exact=args.exact))
    return 0 if figure.state is State.VALUE else 1


def _told(figure: Figure, law: Law, *, is_english: bool, is_exact: bool) -> str:
    """The tree, two spaces a level: each figure, then its steps with their rules; all digits where ``is_exact``."""
    from shuangkong.cli.explain_hours import next_line, next_words
    from shuangkong.core.rounding import as_printed, brief
    from shuangkong.indicators.engine.printing import lines

    out: list[str] = []
    for line in lines(figure):
        margin = "  " * line.depth
        out.append(margin + _heading(line.figure, line.symbol, law, is_english=is_english, is_exact=is_exact))
        for step in line.figure.steps:
            value = "—" if step.value is None else f"{(as_printed if is_exact else brief)(step.value):f}"
            name = step.name.en if is_english else step.name.zh
            rule = step.clause and (step.clause.words.en if is_english else step.clause.words.zh)
            out.append(f"{margin}  · {name}：{step.formula} = {value} {step.unit}".rstrip())
            out += [f"{margin}    {rule}"] if rule else []
            then = next_words(step.rests_on, line.figure.cell.indicator)
            out += [margin + next_line(then)] if then else []
    doubts = [doubt.en if is_english else doubt.zh for doubt in figure.doubts]
    return "\n".join([*out, *(f"※ {doubt}" for doubt in doubts)])


def _heading(figure: Figure, symbol: str, law: Law, *, is_english: bool, is_exact: bool) -> str:
    from shuangkong.core.rounding import brief
    from shuangkong.indicators.engine.printing import STATE_WORDS, kept, published

    rule, cell, fact = law.indicators.get(figure.cell.indicator), figure.cell, figure.fact
    name = cell.indicator if rule is None else rule.en if is_english else rule.zh
    printed = (kept if symbol or is_exact else published)(figure.value, rule, law.forms, figure.unit)
    if symbol and printed.value is not None and figure.fact is None and not is_exact:
        printed = replace(printed, value=brief(printed.value))
    word = STATE_WORDS[figure.state]
    shown = f"{printed.text} {printed.unit}" if printed.text else (word.en if is_english else word.zh)
    told = f"  [{fact.source} · {fact.maturity.value} · {fact.origin.value} · {fact.recorded_on}]" if fact else ""
    return f"{symbol + ' = ' if symbol else ''}{name} {cell.subject} {cell.period}：{shown}{told}"
