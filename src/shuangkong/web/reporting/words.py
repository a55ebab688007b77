"""怎么说: the words of online reporting in both languages."""

from __future__ import annotations

import re
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.finding import Severity
from shuangkong.core.period import Period
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.limits import soon_days
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.suspected import code_of
from shuangkong.reporting.checks.places import words
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import EventKind, State
from shuangkong.reporting.life_standing import Clock, clock
from shuangkong.reporting.moving import Left
from shuangkong.reporting.proxies import WORDS as ONE_HAND
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.periods import period_word as part_of_year
from shuangkong.web.site.words import deadline_word, spoken

STATES = {
    State.OPEN: lazy("待填报"),
    State.DRAFT: lazy("填报中"),
    State.SUBMITTED: lazy("已报待审"),
    State.DESK_REVIEW: lazy("审核中"),
    State.RETURNED: lazy("已退回"),
    State.ACCEPTED: lazy("已接收"),
    State.APPROVED: lazy("逐级审批"),
    State.LOCKED: lazy("已锁定"),
    State.STOPPED: lazy("停产"),
    State.EXEMPT: lazy("免报"),
    State.CANCELLED: lazy("不再应报"),
}
EVENTS = {
    EventKind.OPEN: lazy("列为应报"),
    EventKind.DRAFT: lazy("开始填报"),
    EventKind.SUBMIT: lazy("提交报表"),
    EventKind.CORRECT: lazy("更正报表"),
    EventKind.RECALL: lazy("撤回报表"),
    EventKind.REVIEW: lazy("开始审核"),
    EventKind.RETURN: lazy("退回修改"),
    EventKind.ACCEPT: lazy("接收报表"),
    EventKind.APPROVE: lazy("审批通过"),
    EventKind.SEND_BACK: lazy("退回重审"),
    EventKind.LOCK: lazy("锁定报表"),
    EventKind.UNLOCK: lazy("解除锁定"),
    EventKind.EXTEND: lazy("延后报送期限"),
    EventKind.HOLD: lazy("停止计时"),
    EventKind.RELEASE: lazy("恢复计时"),
    EventKind.STOP: lazy("登记停产"),
    EventKind.EXEMPT: lazy("准予免报"),
    EventKind.REQUIRE: lazy("恢复应报"),
    EventKind.REMIND: lazy("催报"),
    EventKind.CANCEL: lazy("不再应报"),
    EventKind.RAISE: lazy("列入上级窗口"),
    EventKind.PUT_OFF: lazy("窗口整体顺延"),
}
FOLLOWS = {
    EventKind.REVIEW: lazy("填报单位不能再撤回，等您的审核结果。"),
    EventKind.ACCEPT: lazy("这一版开始作数，指标随即入库，转入逐级审批。"),
    EventKind.RETURN: lazy("填报单位收到理由，改后再报；到期不报算逾期。"),
    EventKind.APPROVE: lazy("记下本级已通过，转上一级；最后一级通过后为最终数。"),
    EventKind.SEND_BACK: lazy("回到审核，本级和下级的通过都取消；已接收的一版仍作数。"),
    EventKind.REMIND: lazy("填报单位收到催报通知。"),
    EventKind.EXTEND: lazy("截止日改为新的一天，依据留在记录里，填报单位收到通知。"),
    EventKind.HOLD: lazy("截止日从今天起不再临近，恢复计时后顺延。"),
    EventKind.RELEASE: lazy("截止日按停止的天数顺延。"),
    EventKind.STOP: lazy("本期因停产不再应报，依据留在记录里；可以恢复应报。"),
    EventKind.EXEMPT: lazy("本期免报，依据留在记录里；可以恢复应报。"),
    EventKind.REQUIRE: lazy("重新列为应报。"),
    EventKind.CANCEL: lazy("本期不再应报，依据留在记录里。"),
    EventKind.LOCK: lazy("本期定稿；以后要改，须写明理由作为更正。"),
    EventKind.UNLOCK: lazy("可以退回重审。"),
    EventKind.RECALL: lazy("回到草稿，可以再改；截止前要重新提交。"),
}
CLOCKS = {
    Clock.LATE: lazy("逾期未报"),
    Clock.DUE_SOON: lazy("临近截止"),
    Clock.CALM: lazy("未到期"),
    Clock.HELD: lazy("停止计时"),
    Clock.RECEIVED_LATE: lazy("迟报"),
    Clock.RECEIVED: lazy("按时报"),
    Clock.NOT_DUE: lazy("不需报"),
}
#: The colour of each, after its sign and word.
MARKS = {
    Clock.LATE: "missed", Clock.DUE_SOON: "behind", Clock.CALM: "unjudged", Clock.HELD: "no_data",
    Clock.RECEIVED_LATE: "behind", Clock.RECEIVED: "on_schedule", Clock.NOT_DUE: "no_data",
}  # fmt: skip
SIGNS = {
    Clock.LATE: "✕", Clock.DUE_SOON: "▼", Clock.CALM: "◇", Clock.HELD: "○", Clock.RECEIVED_LATE: "▼",
    Clock.RECEIVED: "●", Clock.NOT_DUE: "○",
}  # fmt: skip
SEVERITIES = {
    Severity.MUST_FIX: lazy("必须改正"),
    Severity.MUST_EXPLAIN: lazy("改正或说明"),
    Severity.NOTICE: lazy("提示"),
}
KINDS = {"statistical": lazy("统计报表"), "administrative": lazy("行政报表")}
STAFF = {"statistics": lazy("统计人员"), "energy_manager": lazy("能源管理负责人")}
#: Why an entry has no place in another edition of its form.
LEFT = {
    Left.GONE: lazy("现行表式没有这一栏"),
    Left.DERIVED: lazy("现由系统计算"),
    Left.OTHER_UNIT: lazy("计量单位不同，不能换算"),
    Left.OTHER_CODE: lazy("不在现行的可选项中"),
    Left.DECIMALS: lazy("小数位多于现行规定"),
    Left.SURPLUS_ROW: lazy("行数超过现行规定"),
}


def form_of(row: ReturnRow) -> Form | None:
    """The form of a return; None where the policy has it no more."""
    try:
        return form_at(row.form, Period.parse(row.period), row.reporter.region)
    except Refused:
        return None


def form_name(form: str, period: str) -> str:
    """The name of a form as the nation has it in a period; its id where policy has it no more."""
    found = open_rulebook().forms().form(form, Period.parse(period).last_day)
    return spoken(found.name) if found else form


def form_word(row: ReturnRow) -> str:
    """The name of its form, in the language of the page."""
    found = form_of(row)
    return spoken(found.name) if found else row.form


def period_word(period: str) -> str:
    """``2025-07`` → 2025年7月, ``2025-Q3`` → 2025年三季度; what is no period as it is written."""
    plain = period.replace("-", "")
    if plain.isdigit() and len(plain) in (4, 6):
        return deadline_word(period)
    try:
        return part_of_year(Period.parse(period))
    except ValueError:
        return period


def clock_of(row: ReturnRow, day: date | None = None) -> Clock:
    """What its clock says on a day, today where none is given."""
    on = day or timezone.localdate()
    return clock(row.standing, on, soon_days(row.form, row.period, row.reporter.region, on))


def state_for(row: ReturnRow, *, is_own: bool) -> State:
    """How it stands for who looks: that a draft was begun is the unit's own."""
    return State.OPEN if row.state is State.DRAFT and not is_own else row.state


_SIGNS_OF_ONE_HAND = {code_of(sign): words for sign, words in ONE_HAND.items()}


def only_first(shown: int, count: int) -> str:
    """Says that a list goes on; "" where it is whole."""
    return _("共 %(count)d 项，只列前 %(rows)d 项。") % {"count": count, "rows": shown} if count > shown else ""


def title_of(code: str) -> str:
    """What a check looks for, or a sign of one hand is; the code where the policy has it no more."""
    if code in _SIGNS_OF_ONE_HAND:
        return spoken(_SIGNS_OF_ONE_HAND[code])
    rule = open_rulebook().return_checks().rules.get(code)
    return spoken(rule.title) if rule else code


#: Where a line of a file stands, as those who read it say; the address that it names comes after.
_LINE = re.compile(r"第 (\d+) 行 ?")


def place_word(form: Form, told: str) -> str:
    """Where in a file something stands, ``told`` as its reader says it: line and address in words, else as it is."""
    line = _LINE.match(told)
    rest = told[line.end() :] if line else told
    where = spoken(words(form, rest)) if rest else ""
    return " ".join(filter(None, (_("第 %(line)s 行") % {"line": line[1]} if line else "", where)))
