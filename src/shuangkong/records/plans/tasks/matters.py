"""重大情况: raised by a body, acknowledged by the leading group of the place before its clock runs out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.past import end_of, known_by
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.models import Acknowledgement, Matter
from shuangkong.records.plans.tasks.rows import MatterRow
from shuangkong.records.plans.tasks.thresholds import acknowledge_days
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.registry.names import NamesThen, names_then


def raise_matter(title: str, text: str, happened_on: date, by: Acting) -> int:
    """Raises a matter at the place where the person acts; returns its number. ~6 queries.

    Raises:
        Refused: no title, nothing said, a day to come, or the person acts at no place.
        Forbidden: the person may raise nothing.
    """
    place = Region.objects.filter(pk=by.region).first() if by.region else None
    if place is None:
        raise Refused("TSK-306", "请指明地区。", "Say at which place.", "region")
    require(by, Action.MATTER_RAISE, Where(place.path, by.bodies))
    today = timezone.localdate()
    for holds, number, zh, en, field in (
        (title.strip(), 501, "请写明是什么情况。", "Say what happened.", "title"),
        (text.strip(), 502, "请写明经过、影响和已采取的措施。", "Tell course, effect and measures taken.", "text"),
        (happened_on <= today, 107, "日期不能晚于今天。", "The day cannot be in the future.", "happened_on"),
    ):
        if not holds:
            raise Refused(f"TSK-{number}", zh, en, field)
    by_day = today + timedelta(days=acknowledge_days(today, (place.path,)))
    with transaction.atomic():
        made = Matter.objects.create(
            title=title.strip(), text=text, happened_on=happened_on, body_id=by.body, region=place,
            path=place.path, acknowledge_by=by_day, author=by.author,
            at=timezone.now(), journal=journal.UNWRITTEN,
        )  # fmt: skip
        act = by.act("matter.raise", f"matter/{made.pk}", ground=text, after={"title": title, "on": happened_on})
        made.journal = journal.append(replace(act, place=place.path))
        made.save(update_fields=["journal"])
    return made.pk


def acknowledge(matter_id: int, text: str, by: Acting) -> None:
    """The leading group takes note and says what is to be done. ~6 queries.

    Raises:
        Refused: there is no such matter, it has been acknowledged, or nothing is said.
        Forbidden: the person does not lead at that place.
    """
    with transaction.atomic():
        found = Matter.objects.select_for_update(of=("self",)).filter(pk=matter_id).first()
        if found is None:
            raise Refused("TSK-503", f"没有编号为 {matter_id} 的重大情况。", f"There is no matter {matter_id}.")
        require(by, Action.MATTER_ACKNOWLEDGE, Where(found.path))
        if Acknowledgement.objects.filter(matter=found).exists():
            raise Refused("TSK-504", "这一情况已经签收。", "It has been acknowledged already.")
        if not text.strip():
            raise Refused("TSK-505", "请写明批示。", "Say what is to be done.", "text")
        act = by.act("matter.acknowledge", f"matter/{matter_id}", ground=text)
        number = journal.append(replace(act, place=found.path))
        Acknowledgement.objects.create(matter=found, text=text, author=by.author, at=timezone.now(), journal=number)


def matters(condition: Q, count: int | None = None, until: date | None = None) -> tuple[MatterRow, ...]:
    """Matters that meet a condition, those that wait first, then the newest, as known at the end of a day. 1 query, 2
    for a past day.
    """
    found = Matter.objects.select_related("acknowledgement", "body", "region").filter(condition, known_by(until, "at"))
    found = found.order_by("acknowledgement__pk", "-pk") if count is None else found.order_by("-pk")
    names = names_then(until)
    rows = sorted(
        (_row(each, names, until) for each in found),
        key=lambda row: (not row.is_open, row.acknowledge_by if row.is_open else row.at.date()),
    )
    return tuple(rows if count is None else rows[:count])


def readable(acting: Acting) -> Q:
    """The condition that a person may see a matter."""
    return visible(acting, Action.MATTER_READ, body="body")


def waiting_for(acting: Acting, until: date | None = None) -> tuple[MatterRow, ...]:
    """Matters that the person is to acknowledge, or was at the end of a day, the most urgent first. 1 query, 2 for a
    past day.
    """
    waits = Q(acknowledgement=None) if until is None else Q()
    found = matters(visible(acting, Action.MATTER_ACKNOWLEDGE) & waits, until=until)
    return tuple(row for row in found if row.is_open)


def _row(found: Matter, names: NamesThen, until: date | None) -> MatterRow:
    answer = getattr(found, "acknowledgement", None)
    if answer is not None and until is not None and answer.at >= end_of(until):
        answer = None
    return MatterRow(
        id=found.pk,
        title=found.title,
        text=found.text,
        happened_on=found.happened_on,
        body=found.body_id,
        body_name=found.body.name if found.body else "",
        region_name=names.region(found.region_id, found.region.name),
        path=found.path,
        acknowledge_by=found.acknowledge_by,
        author=found.author,
        at=found.at,
        journal=found.journal,
        answer=answer.text if answer else "",
        answered_by=answer.author if answer else "",
        answered_at=answer.at if answer else None,
    )
