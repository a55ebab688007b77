"""通知说的是哪一件: the page of what a notice is about, for whoever may open it."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

from shuangkong.records.notices.rows import NoticeKind, NoticeRow
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link

#: Kind → the page of its thing, and what seeing that takes.
_PAGES: Mapping[NoticeKind, tuple[str, Action]] = {
    NoticeKind.BAROMETER: ("outlook:issue", Action.ACTUAL_READ),
    NoticeKind.RESPONSE: ("outlook:response", Action.ACTUAL_READ),
    NoticeKind.WEATHER: ("outlook:alert", Action.WEATHER_READ),
    NoticeKind.JOINT: ("outlook:alert", Action.WEATHER_READ),
    NoticeKind.ASSESSMENT: ("assessment:one", Action.ASSESSMENT_READ),
    NoticeKind.CONSEQUENCE: ("accountability:one", Action.ASSESSMENT_READ),
    NoticeKind.RETURN: ("reporting:return", Action.RETURN_READ),
    NoticeKind.CASE: ("reporting:own_case", Action.VERIFICATION_ANSWER),
    NoticeKind.ENTRY: ("reporting:entry", Action.ENTRY_READ),
    NoticeKind.WINDOW: ("reporting:window", Action.RETURN_READ),
}
#: Kinds whose thing is that of the bodies told.
_OWN = frozenset({NoticeKind.RETURN, NoticeKind.CASE, NoticeKind.ENTRY, NoticeKind.WINDOW})


def thing_of(request: HttpRequest, row: NoticeRow) -> str:
    """The address of what it is about; "" for whoever sees no such thing at the place that sent it."""
    name, action = _PAGES[row.kind]
    # What a unit is told of is its own: it sees it though it sees nothing else of the place.
    where = row.where if row.kind in _OWN else Where(row.path)
    return link(request, name, row.thing) if may(acting_of(request), action, where) else ""
