"""晴雨表的登记: preparing an issue, signing it off, publishing it; nothing that was prepared is changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.issue import Content, as_text, from_text
from shuangkong.records.editions.rows import EventKind, Prepared, State
from shuangkong.records.editions.store import Editions
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.outlook.barometer.models import BarometerEvent, BarometerIssue
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.outlook.barometer.telling import tell_warned
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

#: An issue goes the way of a bulletin, by actions of its own.
_EDITIONS: Editions[Content] = Editions(
    name="barometer", codes="OUT", edition=BarometerIssue, event=BarometerEvent, owner="issue",
    preparing=Action.BAROMETER_PREPARE,
    needs={
        EventKind.APPROVE: Action.BAROMETER_APPROVE,
        EventKind.RETURN: Action.BAROMETER_APPROVE,
        EventKind.PUBLISH: Action.BAROMETER_PUBLISH,
        EventKind.WITHDRAW: Action.BAROMETER_PREPARE,
    },
    title="晴雨表", title_en="barometer", read=from_text, written=as_text,
)  # fmt: skip


def issues(seen: Q, until: date | None = None) -> tuple[IssueRow, ...]:
    """Those that the person may see, as known at the end of a day, the newest first. 2 queries."""
    return _EDITIONS.rows(seen, until)


def issue(issue_id: int, until: date | None = None) -> IssueRow | None:
    """2 queries."""
    return _EDITIONS.row(issue_id, until)


def standing_issues(region: str, until: date | None = None) -> tuple[IssueRow, ...]:
    """The published issues of a place, of each period the newest edition, the latest period first. 2 queries."""
    return _standing(issues(Q(region=region), until))


def _standing(rows: Iterable[IssueRow]) -> tuple[IssueRow, ...]:
    newest: dict[str, IssueRow] = {}
    for each in rows:
        if each.state is State.PUBLISHED:
            newest.setdefault(each.period, each)
    return tuple(sorted(newest.values(), key=lambda each: _end(each.content.period), reverse=True))


def before(rows: Iterable[IssueRow], period: Period) -> IssueRow | None:
    """Of the issues of one place, the newest first, the published one of the last period that ended before another."""
    held = (each for each in _standing(rows) if _end(each.content.period) < _end(period))
    return next(held, None)


def _end(period: Period) -> tuple[int, int]:
    return period.first_month + period.months, period.months


def may_read(row: IssueRow, by: Acting) -> bool:
    """Published, it is for whoever may read the place; before, for who may read all its parts, which it prints."""
    if row.state is State.PUBLISHED:
        return may(by, Action.ACTUAL_READ, row.where)
    return Readable(by, row.path).is_whole


def prepare(given: Prepared[Content], by: Acting) -> int:
    """Keeps a draft and returns its number.

    Raises:
        Refused: OUT-301 to 303, Forbidden: as ``Editions.prepare``; OUT-308 it judges nobody.
    """
    return _EDITIONS.prepare(given, by, lambda: _require_judged(given.content))


def _require_judged(content: Content) -> None:
    if not any(part.lines for part in content.parts):
        zh = "这一期没有可以判定的目标。请选期内有效方案的目标，并录入实际值。"
        raise Refused("OUT-308", zh, "Nothing to judge: choose targets of a plan that covers the period.", "parts")


def act(issue_id: int, kind: EventKind, by: Acting, *, number: str = "", text: str = "") -> None:
    """Records one act; who is warned by what is published is told.

    Raises:
        Refused: OUT-304 to 307, Forbidden: as ``Editions.act``.
    """
    with transaction.atomic():
        row = _EDITIONS.act(issue_id, kind, by, document=number, text=text)
        if kind is EventKind.PUBLISH:
            tell_warned(row, number.strip(), by)


def acts_allowed(row: IssueRow, by: Acting) -> list[EventKind]:
    """What the person may do to it as it stands."""
    return _EDITIONS.acts_allowed(row, by)
