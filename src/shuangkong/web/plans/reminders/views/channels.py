"""提醒发到哪里？ The channels that the operator set up, and what I chose for each."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from shuangkong.records.plans.reminders.channels import ChannelKind
from shuangkong.records.plans.reminders.choices import Choice, choices, choose
from shuangkong.records.plans.reminders.digest import FROM, LINES, UNTIL
from shuangkong.records.plans.reminders.letters import Outcome
from shuangkong.records.plans.reminders.outbox import MessageRow, messages_of
from shuangkong.records.refusal import Refused
from shuangkong.web.people.own import own, person_of
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell

#: Name of the channel, what its address is, an example.
LABELS: Mapping[ChannelKind, tuple[str | Promise, str | Promise, str]] = {
    ChannelKind.EMAIL: (lazy("电子邮件"), lazy("邮箱地址"), "name@example.org"),
    ChannelKind.WECOM: (lazy("政务微信、企业微信"), lazy("成员账号"), "zhangsan"),
    ChannelKind.DINGTALK: (lazy("钉钉"), lazy("钉钉手机号"), "13900000000"),
    ChannelKind.SMS: (lazy("短信"), lazy("手机号"), "13900000000"),
}
OUTCOMES: Mapping[Outcome, str | Promise] = {
    Outcome.WAITING: lazy("待发"),
    Outcome.DELIVERED: lazy("已送达通道"),
    Outcome.REFUSED: lazy("通道拒收"),
    Outcome.GIVEN_UP: lazy("多次未发出"),
    Outcome.DOUBTFUL: lazy("是否送达不明，不再重发；下次汇总会再列出"),
    Outcome.DROPPED: lazy("已取消"),
}
_SHOWN = 30


@own
@require_http_methods(["GET", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """Shows the choices; POST records one. 2 queries."""
    person, refusal = person_of(request), None
    wanted = _wanted(request)
    if request.method == "POST":
        try:
            if wanted is None:
                raise Refused("RMD-103", "请选择通道。", "Choose a channel.")
            choose(person, wanted)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("已保存。"))
            return redirect("reminders:channels")
    held = choices(person)
    shown = held | {wanted.channel: wanted} if refusal and wanted and wanted.channel in held else held
    context = {
        "channels": [(choice, *LABELS[kind]) for kind, choice in shown.items()],
        "refusal": refusal,
        "lines": LINES,
        "starts": FROM,
        "ends": UNTIL,
        "languages": settings.LANGUAGES,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"message_table": _table(messages_of(person.pk, _SHOWN))}
    return page(request, "reminders/channels.html", context, tables, 422 if refusal else 200)


def _wanted(request: HttpRequest) -> Choice | None:
    """What the form says; None where it names no channel."""
    said = request.POST.get
    kind = next((each for each in ChannelKind if each.value == said("channel")), None)
    language = said("language", "")
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return Choice(kind, said("address", "").strip(), known, said("is_on") == "1") if kind else None


def _table(rows: tuple[MessageRow, ...]) -> Table:
    columns = (
        Column("made", _("日期")),
        Column("channel", _("通道")),
        Column("subject", _("内容")),
        Column("outcome", _("结果")),
        Column("attempts", _("尝试次数"), is_figure=True),
    )
    made = tuple(
        Row(
            (
                Cell(f"{timezone.localdate(row.made_at)}", timezone.localdate(row.made_at)),
                text_cell(str(LABELS[row.channel][0])),
                Cell(row.subject, row.subject, hint="\n".join(row.lines)),
                text_cell(str(OUTCOMES[row.outcome])),
                Cell(str(row.attempts), row.attempts),
            )
        )
        for row in rows
    )
    return Table(
        "messages",
        _("近期发给我的消息"),
        columns,
        made,
        _("还没有发过消息。打开一个通道后，有新的提醒时每天汇总发一次。"),
    )
