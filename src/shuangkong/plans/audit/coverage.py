"""可核对性: what stands in the annexes only or in the text only, and what cannot be checked at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.lines import Line, lines
from shuangkong.plans.audit.subjects import same_subject
from shuangkong.plans.reading import Kind, Target

_PLACE = re.compile("^.*?(?=节能|“?十.五|能耗|减排)")
_YEARS = re.compile(r"[（(]?20\d\d\s*[—\-–－~至]+\s*20\d\d年?[）)]?|[“\"]?十.?五[”\"]?")
_RESTRICTED = (Kind.REDUCTION_AMOUNT, Kind.REDUCTION_RATE, Kind.CAP_TOTAL, Kind.CAP_INCREMENT)


def annex_list_differs(context: Context) -> Iterator[Hit]:
    """附件清单与附件不符: numbers or titles of the list against the tables."""
    listed = {no: (title, span) for no, title, span in context.reading.annex_list}
    tables = {table.no: table for table in context.reading.tables}
    if not listed or not tables:
        return
    for no, (title, span) in listed.items():
        table = tables.get(no)
        if table is None:
            yield Hit(f"附件{no}", (span,), {"no": str(no), "expected": tidy(title), "found": "—"})
        elif tidy(table.title) and _core(title) != _core(table.title):
            yield Hit(
                f"附件{no}", (span, table.span), {"no": str(no), "expected": tidy(title), "found": tidy(table.title)}
            )
    for no, table in tables.items():
        if no not in listed:
            yield Hit(f"附件{no}", (table.span,), {"no": str(no), "expected": "—", "found": tidy(table.title)})


def _core(title: str) -> str:
    return re.sub('[“”"（）：、，。\\d.．]', "", tidy(title))


def _in_text(context: Context, line: Line) -> bool:
    label = tidy(line.row.label)
    return any(
        same_subject(name, target.indicator) or same_subject(name, target.indicator_printed)
        for target in context.reading.targets
        for name in (line.name, label)
    )


def annex_only(context: Context) -> Iterator[Hit]:
    """附件有、正文无: rows of indicator tables that no commitment of the text names."""
    missing = [line for line in lines(context) if not _in_text(context, line)]
    if missing:
        yield Hit(
            place=f"附件{'、'.join(dict.fromkeys(str(line.table.no) for line in missing))}",
            spans=tuple(line.row.span for line in missing),
            facts={"count": str(len(missing)), "indicators": "、".join(tidy(line.row.label) for line in missing)},
        )


def _sector(line: Line) -> str:
    return tidy(line.row.group or "").rstrip("：:")


def text_only(context: Context) -> Iterator[Hit]:
    """正文有、附件无: commitments of an item whose sector has its own part in an annex, without a row there."""
    rows = list(lines(context))
    sectors = {_sector(line) for line in rows if len(_sector(line)) >= 2}
    for item in context.reading.items:
        if not any(sector in item.title for sector in sectors):
            continue
        missing: list[Target] = [
            target
            for target in context.reading.targets
            if target.item_no == item.no
            and target.kind is not Kind.COUNT
            and not any(
                same_subject(line.name, target.indicator) or same_subject(tidy(line.row.label), target.indicator)
                for line in rows
            )
        ]
        if missing:
            yield Hit(
                place=item.no,
                spans=tuple(target.span for target in missing),
                facts={
                    "indicators": "、".join(f"{target.indicator} {target.value:f}{target.unit}" for target in missing)
                },
            )


def redacted(context: Context) -> Iterator[Hit]:
    """删减后公开、无附件: what the text commits to cannot be checked region by region."""
    reading = context.reading
    if reading.tables or reading.head.redaction is None or "删" not in reading.head.redaction:
        return
    bound = [target for target in reading.targets if target.kind in _RESTRICTED and not _owned(context, target)]
    place = reading.head.spans.get("redaction")
    yield Hit(
        place="文首",
        spans=(*((place,) if place else ()), *(target.span for target in bound)),
        facts={
            "mark": tidy(reading.head.redaction),
            "indicators": "、".join(f"{target.indicator} {target.value:f}{target.unit}" for target in bound) or "—",
        },
    )


def _owned(context: Context, target: Target) -> bool:
    """Whether the item of a target names a body."""
    item = context.item_at(target.span.start)
    return item is not None and bool(item.bodies)


def _kind_of_plan(title: str) -> str:
    """What a plan calls itself, without place, years, 关于印发 and 的通知: 节能减排综合工作实施方案."""
    text = re.sub("的通知?$", "", _YEARS.sub("", tidy(title).strip("《》")))
    text = re.sub("^.*印发", "", text)
    return _PLACE.sub("", re.sub("[（）“”]", "", text)).replace("实施方案", "方案")


def parent_title_differs(context: Context) -> Iterator[Hit]:
    """题名与上级方案不同: a word of the parent's title (综合) is missing or added."""
    head = context.reading.head
    own = _kind_of_plan(head.title or "")
    for parent in head.parents:
        theirs = _kind_of_plan(parent.title)
        if parent.role != "parent" or "节能减排" not in theirs or not own or own == theirs:
            continue
        place = head.spans.get("title")
        yield Hit(
            place="题名",
            spans=(*((place,) if place else ()), parent.span),
            facts={"expected": theirs, "found": own, "parent": tidy(parent.title)},
            ground=f"{own} ≠ {theirs}",
        )
