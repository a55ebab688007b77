"""调控的说法: words of the states and acts of responses, the same on every page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from shuangkong.outlook.response.states import EventKind, State

STATES = {
    State.RAISED: lazy("已预警，待启动措施"),
    State.STARTED: lazy("措施已启动"),
    State.FOLLOWED: lazy("效果跟踪中"),
    State.LIFTED: lazy("已解除"),
}
EVENTS = {
    EventKind.RAISE: lazy("预警"),
    EventKind.START: lazy("启动措施"),
    EventKind.FOLLOW: lazy("跟踪效果"),
    EventKind.ESCALATE: lazy("升级"),
    EventKind.LOWER: lazy("降级"),
    EventKind.LIFT: lazy("解除"),
}
