"""谁负责: targets without an owner, implementers without a row, an assessment without a target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from shuangkong.core.span import Span
from shuangkong.plans.audit.clauses import clauses
from shuangkong.plans.audit.context import Context, Hit, shortened, tidy
from shuangkong.plans.audit.grid import base_series, region_tables
from shuangkong.plans.audit.subjects import same_subject
from shuangkong.plans.reading import Kind

_GOVERNMENT = re.compile("(人民政府|管理委员会|管委会|办事处|政府)$")
_ASSESSED = re.compile(
    "未完成[^，。；]{0,12}?(?P<thing>(?:能耗|能源消费|能源消耗|[\u4e00-\u9fff]{2,8}排放)总量)(?:控制)?(?:目标|任务)"
)


def targets_without_owner(context: Context) -> Iterator[Hit]:
    """目标无责任单位: items with numbers and no body at all, gathered, in a document that names bodies elsewhere."""
    if not any(item.bodies for item in context.reading.items):
        return
    numbers = {item.no for item in context.reading.items if not item.bodies}
    targets = [target for target in context.commitments if target.item_no in numbers]
    with_targets = {target.item_no for target in targets}
    items = [item for item in context.reading.items if item.no in with_targets and not item.bodies]
    if items:
        yield Hit(
            place="、".join(dict.fromkeys(item.no for item in items)),
            spans=tuple(item.title_span for item in items),
            facts={
                "count": str(len(targets)),
                "indicators": _counted(target.indicator for target in targets),
            },
            ground="; ".join(f"{item.no} {tidy(item.title)}" for item in items),
        )


def _counted(names: Iterable[str]) -> str:
    """Names in printed order, each once, with how often it stands: 能耗下降率×2."""
    counts = Counter(names)
    return "、".join(name if count == 1 else f"{name}×{count}" for name, count in counts.items())


def implementers_without_row(context: Context) -> Iterator[Hit]:
    """落实主体不在附件: a standing implementer that no table of regions has a row for."""
    tables = region_tables(context)
    rows = "".join(tidy(row.label) for table in tables for row in table.rows)
    if not rows:
        return
    for body in context.reading.standing:
        name = tidy(body.name)
        core = _GOVERNMENT.sub("", name)
        if "各" in name or not core or core in rows:
            continue
        yield Hit(
            place=context.place_at(body.span),
            spans=(body.span, tables[0].span),
            facts={"body": name, "tables": "、".join(str(table.no) for table in tables)},
            ground="、".join(tidy(row.label) for row in tables[0].rows),
        )


def assessed_without_target(context: Context) -> Iterator[Hit]:
    """考核对象无目标: 总量 is assessed, but neither a cap nor a base with an increment is printed."""
    reading = context.reading
    caps = [target.indicator for target in (*reading.targets, *reading.annex_targets) if target.kind is Kind.CAP_TOTAL]
    bases = [one.indicator for table in region_tables(context) for one in base_series(context, table)]
    for item in reading.items:
        for clause in clauses(context, item):
            match = _ASSESSED.search(tidy(clause.of(context.text)))
            if match is None or any(same_subject(match["thing"], name) for name in (*caps, *bases)):
                continue
            increments = [
                one
                for one in reading.targets
                if one.kind is Kind.CAP_INCREMENT and same_subject(match["thing"], one.indicator)
            ]
            given = "、".join(f"{one.item_no} {one.indicator} {one.value:f}{one.unit}" for one in increments) or "—"
            yield Hit(
                place=item.no,
                spans=(clause, *(one.span for one in increments)),
                facts={"thing": match["thing"], "given": given},
                ground=f"「{shortened(clause.of(context.text))}」; {given}",
            )


def measures_without_body(context: Context) -> Iterator[Hit]:
    """措施无责任单位: operative items without a body among items that have one; the chapter of aims is not asked."""
    with_bodies = [item for item in context.reading.items if item.bodies]
    if not with_bodies or len(with_bodies) * 2 < len(context.reading.items):
        return
    first = min(item.span.start for item in with_bodies)
    for item in context.reading.items:
        if not item.bodies and item.span.start > first:
            yield Hit(
                item.no, (item.title_span, Span(item.span.start, item.title_span.end)), {"title": tidy(item.title)}
            )
