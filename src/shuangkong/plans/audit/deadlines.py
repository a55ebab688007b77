"""期限: dates printed with 底 or 前, and whether they are deadlines, may be, or tell of something else."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shuangkong.core.span import Span
from shuangkong.plans.audit.clauses import sentences
from shuangkong.plans.audit.context import Context
from shuangkong.plans.reading import Item

_DATE = re.compile(
    r"(?<![\d—\-至])(?P<year>20\d\d)年(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>[12]\d|3[01]|0?[1-9])日)?)?(?P<end>年?底|年?末|年内)?(?P<before>以?前|之前)?"
)
#: Verbs by which a plan orders something to be done.
_ORDER = (
    "完成|淘汰|建成|建立|实现|达到|关闭|关停|取缔|拆除|制定|出台|编制|印发|启动|开展|实施|推进|改造|整治|整改|治理|安装|配备|"
    "投运|投产|停止|禁止|取消|退出|搬迁|清理|核发|公布|报送|上报|形成|全面|全部|基本|力争|争取|确保"
)
#: What a date with a verb and 的 makes of a noun (建成的小区, 未完成治理的企业): a feature of it, not a deadline.
_ATTRIBUTE = re.compile(
    rf"^[^，。；、]{{0,14}}?(?:{_ORDER}|投入运行|注册|登记|生产|批准|备案|竣工|立项|购置|核准|审批|签订|发布|使用|运行|下达|注销|开工|"
    r"[^，。；、的]{0,2}期满)[^，。；、的]{0,2}的(?!$)"
)
#: After the date: it is over, or was not kept.
_OVER = re.compile("^[^，。；]{0,10}?(?:已|仍|尚|曾)|^[^，。；]{0,4}?(?:未|没有|不能|达不到)")
#: Before the date, in its clause: a report (截至), a condition, a thing already done.
_REPORT = re.compile("(?:截至|截止到?|自|逾期[^，。；]*|未(?:能)?[^，。；]{0,6}|已[^，。；]{0,6}|曾[^，。；]{0,4})$")
#: Before the date, in its sentence: somebody else's words, or a task that is only spoken of.
_QUOTED = re.compile("要求|规定|明确|原定|根据|按照|依据|对照|落实|巩固|结合|围绕|衔接|评估|考核|总结|回顾|此前|以来")
_CONDITION = re.compile("的$|逾期|否则|如果|对未|凡")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date by which something is to be done; ``ordered`` where a plain order says so, else it only may be meant."""

    item: Item
    span: Span
    due: date
    ordered: bool


def deadlines(context: Context) -> Iterator[Deadline]:
    """Every date of an item that is or may be a deadline, with its sentence from the date on."""
    for item in context.reading.items:
        for sentence in sentences(context, item):
            printed = sentence.of(context.text)
            for match in _DATE.finditer(printed):
                due = _last_day(match)
                before, after = printed[: match.start()], printed[match.end() :]
                if due is None or _is_told(before, after) or _is_done_by(match.group(), printed):
                    continue
                yield Deadline(
                    item, Span(sentence.start + match.start(), sentence.end), due, _is_order(before, after, printed)
                )


def _last_day(match: re.Match[str]) -> date | None:
    """The last day of a printed deadline; None where the words are no deadline (2017年, 2017年的)."""
    year, month, day = int(match["year"]), match["month"], match["day"]
    if match["end"] is None and match["before"] is None:
        return None
    if month is None:
        return date(year, 12, 31) if match["end"] else date(year - 1, 12, 31)
    last = monthrange(year, int(month))[1]
    if day is not None:
        return date(year, int(month), min(int(day), last))
    return date(year, int(month), last)


def _clause_after(after: str) -> str:
    """The clause a date opens: the rest of its own, or the next where a comma follows the date."""
    return re.split("[，；。]", after.lstrip("，, "), maxsplit=1)[0]


def _is_told(before: str, after: str) -> bool:
    """Whether a date surely sets no deadline: within a title, a feature of a noun, a report, a condition."""
    lead, clause = re.split("[，；。]", before)[-1], _clause_after(after)
    in_title = before.count("《") > before.count("》")
    attribute = after.startswith("的") or _ATTRIBUTE.search(clause) is not None
    condition = _CONDITION.search(clause) is not None or "逾期" in lead
    return in_title or attribute or condition or _OVER.search(clause) is not None or _REPORT.search(lead) is not None


def _is_done_by(printed_date: str, sentence: str) -> bool:
    """Whether the sentence says that something was done by that date (我市已于2021年底前完成)."""
    return re.search(f"已[^，。；]{{0,2}}{re.escape(printed_date)}", sentence) is not None


def _is_order(before: str, after: str, sentence: str) -> bool:
    """Whether the clause of a date is a plain order: a verb of doing, nobody quoted, nothing told as done."""
    clause = _clause_after(after)
    ordered = re.search(_ORDER, clause) is not None and "的" not in clause
    return ordered and _QUOTED.search(before) is None and "已" not in sentence
