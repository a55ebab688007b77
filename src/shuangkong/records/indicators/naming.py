"""说的是哪个数: subject and indicator as a person writes them, as the cell that they mean."""

from __future__ import annotations

from collections.abc import Iterable

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts.models import Subject as SubjectTable
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.naming import Indicators


def cell_named(subject: str, indicator: str, period: str) -> Cell:
    """The cell of ``210000`` or ``沈阳市`` or ``unit:<code>``, an indicator's id or name, and a period. 1 or 2 queries.

    Raises:
        Refused: IND-1xx: no such region, subject, indicator or period.
    """
    return Cell(subject_named(subject), indicator_named(indicator), period_named(period))


def subject_named(text: str) -> Subject:
    kind, colon, code = text.strip().partition(":")
    if colon:
        return Subject(kind, code)
    found = registry.lookup().find(text)
    if len(found) == 1:
        return Subject(REGION, found[0].code)
    if not found and SubjectTable.objects.filter(kind=REGION, code=text).exists():
        return Subject(REGION, text)
    several = "、".join(f"{each.name} {each.code}" for each in found)
    found_zh = f"有多个：{several}" if several else "没有"
    raise Refused(
        "IND-101",
        f"“{text}”应指一个地区，名录中{found_zh}。请写地区代码，其他对象写“类别:代码”。",
        f"“{text}”: expected one region, found {several or 'none'}. Write its code; of others, kind:code.",
        "subject",
    )


def subject_names(about: Iterable[Subject]) -> dict[Subject, str]:
    """Names of subjects; the code of one that has none. 2 queries a 500."""
    wanted = set(about)
    regions = registry.regions({each.code for each in wanted if each.kind == REGION})
    told = {
        Subject(kind, code): name
        for kind, code, name in SubjectTable.objects.filter(code__in={each.code for each in wanted})
        .order_by("edition")
        .values_list("kind", "code", "name")
    }
    listed = {Subject(REGION, code): row.name for code, row in regions.items()}
    return {each: listed.get(each) or told.get(each) or each.code for each in wanted}


def indicator_named(text: str) -> str:
    found = Indicators(open_rulebook().lexicon().indicators).find(text)
    if found is not None:
        return found.id
    if "." in text:
        return text  # a cell of a table of the policy
    raise Refused(
        "IND-102",
        f"没有指标“{text}”。用 shuangkong policy find {text} 查找它的名称。",
        f"There is no indicator “{text}”. Look its name up with shuangkong policy find {text}.",
        "indicator",
    )


def period_named(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as fault:
        raise Refused(
            "IND-103", f"时期“{text}”应写作 YYYY、YYYY-H1、YYYY-Q3、YYYY-07、YYYY-C10。", str(fault), "period"
        ) from fault
