"""期限与期间: deadlines against the day of issue, years of title and annexes, targets without a base year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from shuangkong.core.span import Span
from shuangkong.plans.audit.clauses import sentences
from shuangkong.plans.audit.context import Context, Hit, shortened, tidy
from shuangkong.plans.audit.deadlines import Deadline, deadlines
from shuangkong.plans.reading import Kind, Target

_FIVE_YEARS = re.compile('[一二三四五六七八九十]{1,2}五(?=[”"时期规]|全|各|$)')
#: Years from the first to the last of a five-year plan.
_SPAN_OF_PLAN = 4
_YEARS = re.compile(r"(20\d\d)\s*[—\-–－~至]+\s*(20\d\d)")
_BASE = re.compile(r"(?:比|较|与|以)\s*[“\"]?(?:20\d\d|十.五|上年)|基年|基数|同比|年均|每年|逐年")


def _date_hit(context: Context, one: Deadline, issued: date) -> Hit:
    days = (one.due - issued).days
    spans = (one.span, *((place,) if (place := context.reading.head.spans.get("issued_on")) else ()))
    return Hit(
        place=one.item.no,
        spans=spans,
        facts={
            "deadline": one.due.isoformat(),
            "issued": issued.isoformat(),
            "days": str(abs(days)),
            "quote": shortened(one.span.of(context.text)),
        },
        ground=f"{one.due.isoformat()} − {issued.isoformat()} = {days}",
    )


def _passed(context: Context) -> Iterator[tuple[Deadline, date]]:
    """Dates before the day of issue. One up to the base year tells of the past (老旧小区、黄标车): no deadline."""
    issued = context.reading.head.issued_on
    base = context.reading.head.horizon.base_year
    for one in deadlines(context):
        if issued is not None and one.due < issued and (base is None or one.due.year > base):
            yield one, issued


def deadline_passed(context: Context) -> Iterator[Hit]:
    """期限早于发文: something is ordered to be done by a day that was over when the document was issued."""
    for one, issued in _passed(context):
        if one.ordered:
            yield _date_hit(context, one, issued)


def date_passed(context: Context) -> Iterator[Hit]:
    """日期早于发文而未必是期限: no plain order; the drafter knows whether it is a deadline or a report."""
    for one, issued in _passed(context):
        if not one.ordered:
            yield _date_hit(context, one, issued)


def deadline_close(context: Context) -> Iterator[Hit]:
    """期限紧接发文: fewer days than the limit ``days_left`` remain."""
    issued = context.reading.head.issued_on
    limit = context.limit("days_left")
    for one in deadlines(context):
        if issued is not None and 0 <= (one.due - issued).days < limit:
            yield _date_hit(context, one, issued)


def years_named(title: str, plan_starts: dict[str, int]) -> tuple[int, int] | None:
    """First and last year that a title names: 2017—2020, or “十三五” as 2016..2020."""
    text = tidy(title)
    if match := _YEARS.search(text):
        return int(match.group(1)), int(match.group(2))
    start = plan_starts.get(match.group()) if (match := _FIVE_YEARS.search(text)) else None
    return None if start is None else (start, start + _SPAN_OF_PLAN)


def period_differs(context: Context) -> Iterator[Hit]:
    """题名期间 = 附件期间."""
    starts = dict(context.catalogue.lexicon.plan_starts)
    own = years_named(context.reading.head.title or "", starts)
    titles = [(table.no, table.title, table.span) for table in context.reading.tables]
    other = [
        (no, title, span, years) for no, title, span in titles if (years := years_named(title, starts)) and years != own
    ]
    if own is None or not other:
        return
    first, last = own
    years = other[0][3]
    place = context.reading.head.spans.get("title")
    yield Hit(
        place=f"题名、附件{'、'.join(str(no) for no, *_ in other)}",
        spans=(*((place,) if place else ()), *(span for _, _, span, _ in other)),
        facts={
            "expected": f"{first}—{last}",
            "found": f"{years[0]}—{years[1]}",
            "annexes": "、".join(str(no) for no, *_ in other),
        },
        ground=f"{first}—{last} ≠ {years[0]}—{years[1]} ({tidy(other[0][1])})",
    )


def _falls_by(context: Context, target: Target, sentence: Span) -> bool:
    """Whether a value stands in the sentence and says by how much, not down to what (下降到, 降至)."""
    at = target.value_span.start
    down_to = re.search("(?<!率)(?<!率达)(?<!率提高)[到至为]$", context.text[sentence.start : at])
    return sentence.start <= at < sentence.end and down_to is None


def base_year_missing(context: Context) -> Iterator[Hit]:
    """下降率未写基年: no base year in the sentence that prints the rate."""
    for item in context.reading.items:
        found = [
            target
            for target in context.commitments
            if target.item_no == item.no and target.kind is Kind.REDUCTION_RATE and target.unit == "%"
        ]
        loose = []
        for sentence in sentences(context, item):
            inside = [target for target in found if _falls_by(context, target, sentence)]
            if inside and not _BASE.search(tidy(sentence.of(context.text))):
                loose += [target for target in inside if target.base_year is None or "base_year" in target.inherited]
        if loose:
            yield Hit(
                place=item.no,
                spans=tuple(target.span for target in loose),
                facts={"indicators": "、".join(f"{target.indicator} {target.value:f}%" for target in loose)},
                ground="; ".join(dict.fromkeys(f"「{shortened(target.span.of(context.text))}」" for target in loose)),
            )
