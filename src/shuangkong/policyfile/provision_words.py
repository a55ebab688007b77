"""规定的说法: how a provision is told to a person: what sort of thing it is, on what ground, whether compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.core.source import Source
from shuangkong.policyfile.provisions import Kind, Provision, Refused

KINDS = {
    Kind.PARAMETER: Message("规定值", "value"),
    Kind.FORMULA: Message("公式", "formula"),
    Kind.INDICATOR: Message("指标", "indicator"),
    Kind.TABLE: Message("统计表", "table"),
    Kind.EXPECTED: Message("应报清单", "expected figures"),
    Kind.SCORE_TABLE: Message("计分表", "score table"),
    Kind.CONSEQUENCE: Message("问责规则", "consequence"),
    Kind.RESTRICTION: Message("审批限制", "restriction"),
    Kind.RULE: Message("判定规则", "rule of judgement"),
    Kind.SCOPE: Message("统计范围", "scope of statistics"),
}
_COMPARED = Message("已与原文核对", "compared with the document")
_NOT_COMPARED = Message("未与原文核对", "not compared with the document")

#: Why a file has no effect, by the code of what was found in it.
_REFUSED = {
    "POL-018": Message("无效：单位与上级不同", "no effect: another unit than above"),
    "POL-058": Message("无效：比上级宽", "no effect: laxer than above"),
    "POL-059": Message(
        "无效：有的日期没有值，比上级宽", "no effect: without a value on some days, so laxer than above"
    ),
}


def cited(each: Provision, sources: Mapping[str, Source]) -> Message:
    """The document, its number and the place in it; the id of a document that is not registered."""
    document = sources.get(each.source)
    if document is None:
        return Message(each.source, each.source)
    number = f"（{document.number}）" if document.number else ""
    return Message(f"《{document.title}》{number}{each.at}", f"“{document.title}”{number} {each.at}".rstrip())


def compared(each: Provision) -> Message:
    """Whether a person has compared it with the document."""
    return _COMPARED if each.is_verified else _NOT_COMPARED


def without_effect(each: Refused) -> Message:
    """Why it has none, with the code of the finding."""
    words, code = _REFUSED[each.finding.code], each.finding.code
    return Message(f"{words.zh}（{code}）", f"{words.en} ({code})")


def first_day(each: Provision) -> date | None:
    """None where it holds from no day that a file names."""
    starts = each.validity.starts
    return None if starts == date.min else starts
