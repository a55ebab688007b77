"""公布之后: what has changed since a result was announced is a finding; the result never changes by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from shuangkong.assessment.sheet import Sheet
from shuangkong.core.check import Check
from shuangkong.core.fact import State
from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import as_printed

FIGURE_CHANGED, GRADE_CHANGED = "ASM-007", "ASM-008"
_LACKING = {
    State.MISSING: Message("缺失", "missing"),
    State.NOT_APPLICABLE: Message("不适用", "not applicable"),
    State.SUPPRESSED: Message("不公开", "suppressed"),
}


def changed_since(announced: Sheet, now: Sheet, checks: Mapping[str, Check]) -> tuple[Finding, ...]:
    """Figures that are other than at the announcement, and the grade where it would be another.

    Args:
        announced: the sheet as it was announced; ``now``: the same sheet computed anew.

    Raises:
        ValueError: they are sheets of different subjects, periods or tables.
    """
    if _key(announced) != _key(now):
        raise ValueError(f"{_key(announced)} and {_key(now)}: expected two sheets of one subject, period and table")
    return (*_figures(announced, now, checks), *_grades(announced, now, checks))


def _key(sheet: Sheet) -> tuple[object, ...]:
    return sheet.subject, sheet.period, sheet.table.id


def _figures(announced: Sheet, now: Sheet, checks: Mapping[str, Check]) -> Iterator[Finding]:
    names = {name: rule.name for name, rule in now.table.figures.items()}
    names |= {point.code: point.name for point in now.table.points}
    for code, name in names.items():
        before, after = _told(announced, code), _told(now, code)
        if before != after:
            yield _found(checks[FIGURE_CHANGED], now, name, _spoken(before), _spoken(after))


def _grades(announced: Sheet, now: Sheet, checks: Mapping[str, Check]) -> Iterator[Finding]:
    if announced.possible != now.possible:
        yield _found(checks[GRADE_CHANGED], now, now.table.name, _graded(announced), _graded(now))


def _graded(sheet: Sheet) -> Message:
    names = [grade.name for grade in sheet.possible]
    return Message("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _told(sheet: Sheet, code: str) -> Decimal | State:
    """The value or marks under a name or code; that it was judged without evidence counts as missing."""
    given = sheet.answers.judged.get(code)
    if given is not None and given.proofs and given.marks is not None:
        return given.marks
    figure = sheet.answers.figures.get(code)
    if figure is None:
        return State.MISSING
    return figure.state if figure.value is None else figure.value


def _spoken(told: Decimal | State) -> Message:
    if isinstance(told, State):
        return _LACKING[told]
    return Message(f"{as_printed(told)}", f"{as_printed(told)}")


def _found(check: Check, sheet: Sheet, name: Message, before: Message, after: Message) -> Finding:
    message = Message(
        check.message.zh.format(name=name.zh, before=before.zh, after=after.zh),
        check.message.en.format(name=name.en, before=before.en, after=after.en),
    )
    return Finding(check.code, check.severity, f"{sheet.table.name.zh} {sheet.subject} {sheet.period}", message)
