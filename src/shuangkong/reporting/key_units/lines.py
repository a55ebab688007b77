"""责任清单逐条: yes, no, or unknown where nothing says it: what was not told is not taken for missing.

Every line names what it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.reporting.key_units.filed import commitment, follow_up, system
from shuangkong.reporting.key_units.told import Answer, Basis, Duty, Line, Report, Told

type Judge = Callable[[Told, date], Line]
_NO_RETURN = Message(
    "没有您能看的、已接收的制度落实报表，也没有别的登记。",
    "No accepted return of duties that you may read, nor any other record.",
)


def checklist(told: Told, day: date) -> tuple[Line, ...]:
    """Every duty in its order, as it stands on a day."""
    return tuple(_JUDGES[duty](told, day) for duty in Duty)


def amount(value: Decimal) -> str:
    """A figure in tce as it is shown."""
    return f"{value.quantize(Decimal('0.01')):,}"


def _listed(told: Told, day: date) -> Line:
    now = [each for each in told.listed if each.holds_on(day)]
    if now:
        zh = "、".join(f"{each.name.zh}（{each.starts} 起，{each.document}）" for each in now)
        en = ", ".join(f"{each.name.en} (since {each.starts}, {each.document})" for each in now)
        return Line(Duty.LISTED, Answer.YES, Message(zh, en), Basis.LIST)
    if past := [each.until for each in told.listed if each.until is not None]:
        last = max(past)
        return Line(
            Duty.LISTED,
            Answer.NO,
            Message(f"列到 {last}，现在不在名单。", f"Listed until {last}, not now."),
            Basis.LIST,
        )
    if told.has_lists:
        return Line(Duty.LISTED, Answer.NO, Message("不在公布的名单。", "On no published list."), Basis.LIST)
    return Line(Duty.LISTED, Answer.UNKNOWN, Message("本地还没有导入名单。", "No list was taken in here yet."))


def _tier(told: Told, _day: date) -> Line:
    used = told.consumption
    if used is None:
        said = Message("没有您能看的、已接收的用能报表。", "No accepted return of energy that you may read.")
        return Line(Duty.TIER, Answer.UNKNOWN, said)
    found, figure = told.limits.range_of(used.value), amount(used.value)
    zh, en = f"{used.period}：{figure} 吨标准煤", f"{used.period}: {figure} tce"
    if not used.is_whole:
        zh, en = f"{zh}（年初至今）", f"{en} (since January)"
    if found is not None:
        said, answer = Message(f"{zh}，{found.zh}", f"{en}, {found.en}"), Answer.YES
    elif used.is_whole:
        said, answer = Message(f"{zh}，不到界限", f"{en}, below the limits"), Answer.NO
    else:
        said, answer = Message(f"{zh}，还不满一年", f"{en}, not a whole year yet"), Answer.UNKNOWN
    if not told.limits.is_verified:
        said = Message(f"{said.zh}；界限待核对。", f"{said.en}; the limits are not verified.")
    return Line(Duty.TIER, answer, said, Basis.RETURN, used.owned)


def _budget(told: Told, _day: date) -> Line:
    budget, used = (
        told.duties.number(f"budget.whole.{column}") if told.duties else None for column in ("budget", "actual")
    )
    if budget is None:
        return _silent(told, Duty.BUDGET)
    if used is None:
        said = Message(f"{told.period}：预算 {amount(budget)} 吨标准煤。", f"{told.period}: {amount(budget)} tce.")
        return Line(Duty.BUDGET, Answer.YES, said, Basis.RETURN, told.owned)
    zh = f"{told.period}：预算 {amount(budget)}，实际 {amount(used)} 吨标准煤"
    en = f"{told.period}: budget {amount(budget)}, used {amount(used)} tce"
    if used > budget:
        over = amount(used - budget)
        said = Message(f"{zh}，超 {over}。", f"{en}, {over} over.")
        return Line(Duty.BUDGET, Answer.NO, said, Basis.RETURN, told.owned)
    return Line(Duty.BUDGET, Answer.YES, Message(f"{zh}。", f"{en}."), Basis.RETURN, told.owned)


def _meters(told: Told, day: date) -> Line:
    if told.meters is None:
        said = Message("没有您能看的计量器具登记。", "No register of meters that you may read.")
        return Line(Duty.METERS, Answer.UNKNOWN, said)
    count = len(told.meters)
    if not count:
        return _of_return(told, day, Duty.METERS, "metering")
    late = sum(until is not None and until < day for until in told.meters)
    silent = sum(until is None for until in told.meters)
    if late:
        said = Message(f"{count} 只表，{late} 只检定已过期。", f"{count} meters, {late} with verification run out.")
        return Line(Duty.METERS, Answer.NO, said, Basis.METERS)
    if silent:
        said = Message(
            f"{count} 只表，{silent} 只没有登记检定有效期。", f"{count} meters, {silent} without a last day."
        )
        return Line(Duty.METERS, Answer.UNKNOWN, said, Basis.METERS)
    said = Message(f"{count} 只表，检定都在有效期内。", f"{count} meters, all verified.")
    return Line(Duty.METERS, Answer.YES, said, Basis.METERS)


def _of_return(told: Told, day: date, duty: Duty, row: str) -> Line:
    """As the return of duties says; what has run out is not in place any more."""
    content = told.duties
    done = content.text(f"duty.{row}.done") if content else ""
    if content is None or done not in ("yes", "no"):
        return _silent(told, duty)
    number, note = content.text(f"duty.{row}.number"), content.text(f"duty.{row}.note")
    until = content.text(f"duty.{row}.until")
    more = "，".join(filter(None, (number, note)))
    zh, en = f"{told.period}：{more or '单位报来'}", f"{told.period}: {more or 'as the unit tells'}"
    if done == "no":
        return Line(duty, Answer.NO, Message(f"{zh}，没有落实。", f"{en}, not in place."), Basis.RETURN, told.owned)
    if until and until < day.isoformat():
        said = Message(f"{zh}，{until} 已到期。", f"{en}, run out on {until}.")
        return Line(duty, Answer.NO, said, Basis.RETURN, told.owned)
    if until:
        zh, en = f"{zh}，有效期至 {until}", f"{en}, valid until {until}"
    return Line(duty, Answer.YES, Message(f"{zh}。", f"{en}."), Basis.RETURN, told.owned)


def _silent(told: Told, duty: Duty) -> Line:
    if told.duties is None:
        return Line(duty, Answer.UNKNOWN, _NO_RETURN)
    said = Message(f"{told.period} 的制度落实报表没有说。", f"The return of {told.period} does not say.")
    return Line(duty, Answer.UNKNOWN, said, Basis.RETURN, told.owned)


def _manager(told: Told, _day: date) -> Line:
    if told.managers:
        names = Message("、".join(told.managers), ", ".join(told.managers))
        return Line(Duty.MANAGER, Answer.YES, names, Basis.STAFF)
    content = told.duties
    rows = content.rows("post") if content else ()
    if content is None or not rows:
        return _silent(told, Duty.MANAGER)
    held = [row for row in rows if content.text(f"post.{row}.post") == "1"]
    if not held:
        said = Message(f"{told.period} 的岗位表里没有负责人。", f"No manager among the posts of {told.period}.")
        return Line(Duty.MANAGER, Answer.NO, said, Basis.RETURN, told.owned)
    names_zh = "、".join(content.text(f"post.{row}.name") for row in held)
    if any(content.text(f"post.{row}.registered") == "yes" for row in held):
        return Line(Duty.MANAGER, Answer.YES, Message(names_zh, names_zh), Basis.RETURN, told.owned)
    said = Message(f"{names_zh}，没有备案。", f"{names_zh}, not registered.")
    return Line(Duty.MANAGER, Answer.NO, said, Basis.RETURN, told.owned)


def _assessment(told: Told, _day: date) -> Line:
    if told.assessed is None:
        said = Message("没有您能看的考核。", "No assessment that you may read.")
        return Line(Duty.ASSESSMENT, Answer.UNKNOWN, said)
    period, grade, number = told.assessed
    said = Message(f"{period}：{grade or '正在考核'}", f"{period}: {grade or 'under way'}")
    return Line(Duty.ASSESSMENT, Answer.YES if grade else Answer.UNKNOWN, said, Basis.ASSESSMENT, number)


def _report(told: Told, day: date) -> Line:
    found = told.report
    if found is None:
        said = Message("没有您能看的、应报的报告。", "No report that is owed and that you may read.")
        return Line(Duty.REPORT, Answer.UNKNOWN, said)
    if found.is_released:
        return _released(found)
    if found.is_returned:
        zh, en = f"{found.period}：退回后还没有再报", f"{found.period}: sent back, not received again"
        is_late = found.due is not None and found.due < day
        return Line(
            Duty.REPORT,
            Answer.NO if is_late else Answer.UNKNOWN,
            Message(
                f"{zh}，应于 {found.due} 前报。" if found.due else f"{zh}。",
                f"{en}, due {found.due}." if found.due else f"{en}.",
            ),
            Basis.RETURN,
            found.owned,
        )
    if found.received_on is not None:
        zh, en = f"{found.period}：{found.received_on} 报来", f"{found.period}: received {found.received_on}"
        state = (
            Message("，已接收。", ", accepted.")
            if found.is_accepted
            else Message("，还没有接收。", ", not accepted yet.")
        )
        return Line(Duty.REPORT, Answer.YES, Message(zh + state.zh, en + state.en), Basis.RETURN, found.owned)
    if found.due is None:
        return _released(found)
    said = Message(
        f"{found.period}：应于 {found.due} 前报，还没有报。", f"{found.period}: due {found.due}, not received."
    )
    answer = Answer.NO if found.due < day else Answer.UNKNOWN
    return Line(Duty.REPORT, answer, said, Basis.RETURN, found.owned)


def _released(found: Report) -> Line:
    said = Message(f"{found.period}：停止计时或免报。", f"{found.period}: the clock is stopped, or exempt.")
    return Line(Duty.REPORT, Answer.UNKNOWN, said, Basis.RETURN, found.owned)


def _row(duty: Duty, row: str) -> Judge:
    return lambda told, day: _of_return(told, day, duty, row)


_JUDGES: Mapping[Duty, Judge] = {
    Duty.LISTED: _listed,
    Duty.TIER: _tier,
    Duty.BUDGET: _budget,
    Duty.LEDGER: _row(Duty.LEDGER, "ledger"),
    Duty.METERS: _meters,
    Duty.SYSTEM: lambda told, day: system(told) or _of_return(told, day, Duty.SYSTEM, "management_system"),
    Duty.AUDIT: _row(Duty.AUDIT, "audit"),
    Duty.FOLLOW_UP: lambda told, day: follow_up(told) or _of_return(told, day, Duty.FOLLOW_UP, "audit_follow_up"),
    Duty.COMMITMENT: commitment,
    Duty.ASSESSMENT: _assessment,
    Duty.MANAGER: _manager,
    Duty.REPORT: _report,
}
