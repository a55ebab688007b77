"""通知的收发: sent with the act that it tells of, acknowledged by each body once; who has read it stays on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import batched

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.notices.models import Notice, NoticeAcknowledgement, NoticeBody
from shuangkong.records.notices.rows import AddressedRow, NoticeKind, NoticeRow, ToSend
from shuangkong.records.past import end_of, known_by
from shuangkong.records.people.access import Where, may, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.texts import brief

_TITLE = 200
_BATCH = 500


def send(given: ToSend, by: Acting) -> int | None:
    """Sends a notice and returns its number; None where there is nobody to tell. ~5 queries.

    Call it in the transaction of the act that it tells of, whose right the caller has asked for.
    """
    texts = {each.body: each.text for each in given.bodies}
    if not texts:
        return None
    names = dict(Body.objects.filter(pk__in=texts).values_list("pk", "name"))
    made = Notice.objects.create(
        kind=given.kind, thing=given.thing, title=brief(given.title, _TITLE), text=given.text, region_id=given.region,
        path=given.path, is_urgent=given.is_urgent, is_demo=given.is_demo, is_fictional=given.is_fictional,
        author=by.author, at=timezone.now(), journal=journal.UNWRITTEN,
    )  # fmt: skip
    NoticeBody.objects.bulk_create(
        NoticeBody(notice=made, body_id=body, name=names[body], text=text) for body, text in texts.items()
    )
    said = {"kind": given.kind.value, "thing": given.thing, "bodies": sorted(texts)}
    act = by.act("notice.send", f"notice/{made.pk}", ground=given.title, after=said)
    made.journal = journal.append(replace(act, place=given.path))
    made.save(update_fields=["journal"])
    return made.pk


def acknowledge(notice_id: int, text: str, by: Acting) -> int:
    """The person's bodies acknowledge a notice; returns the journal's row. ~5 queries.

    Raises:
        Refused: NTC-101 there is none of that number; NTC-102 it has been acknowledged.
        Forbidden: it was not sent to the person's body.
    """
    with transaction.atomic():
        held = NoticeBody.objects.select_for_update(of=("self",)).filter(notice=notice_id).order_by("pk")
        every = list(held.select_related("notice", "acknowledgement"))
        if not every:
            raise Refused("NTC-101", f"没有编号为 {notice_id} 的通知。", f"There is no notice {notice_id}.")
        path = every[0].notice.path
        require(by, Action.NOTICE_ACKNOWLEDGE, Where(path, frozenset(each.body_id for each in every)))
        mine = [each for each in every if each.body_id in by.bodies]
        waiting = [each for each in mine if not hasattr(each, "acknowledgement")]
        if not waiting:
            raise Refused("NTC-102", "本单位已经签收。", "Your body has acknowledged it already.")
        named = "、".join(each.name for each in waiting)
        act = by.act("notice.acknowledge", f"notice/{notice_id}", ground=text.strip(), after={"bodies": named})
        number = journal.append(replace(act, place=path))
        NoticeAcknowledgement.objects.bulk_create(
            NoticeAcknowledgement(
                addressed=each, text=text.strip(), author=by.author, at=timezone.now(), journal=number
            )
            for each in waiting
        )
    return number


def waiting(kind: NoticeKind, author: str | None = None) -> tuple[tuple[int, int, int], ...]:
    """(number of the addressing, thing, body) of what waits to be acknowledged, the newest first; of one author or of
    all. 1 query."""
    rows = NoticeBody.objects.filter(notice__kind=kind, acknowledgement=None, lapsed_at=None).order_by("-notice", "pk")
    if author is not None:
        rows = rows.filter(notice__author=author)
    return tuple(rows.values_list("pk", "notice__thing", "body"))


def lapse(addressings: Iterable[int]) -> int:
    """What needs no acknowledgement any more; returns how many. 1 query a 500."""
    return sum(
        NoticeBody.objects.filter(pk__in=some, lapsed_at=None).update(lapsed_at=timezone.now())
        for some in batched(addressings, _BATCH)
    )


def readable(acting: Acting) -> Q:
    """The condition that a person may see a notice: sent at a place within reach, or to the person's body."""
    return visible(acting, Action.NOTICE_READ, body=_sent_to)


#: The condition that a body told has not acknowledged a notice that waits for it.
WAITS = Q(acknowledgement=None, lapsed_at=None)


def waits_for(acting: Acting) -> Q:
    """The condition that a notice waits for the person's bodies to acknowledge it."""
    unread = NoticeBody.objects.filter(WAITS, body__in=acting.bodies)
    return Q(pk__in=unread.values("notice"))


def about(kinds: Iterable[NoticeKind], things: Iterable[int]) -> Q:
    """The condition that a notice is about one of some things."""
    return Q(kind__in=list(kinds), thing__in=list(things))


def notices(condition: Q, until: date | None = None, count: int | None = None) -> tuple[NoticeRow, ...]:
    """Notices that meet a condition, the newest first, as known at the end of a day. 2 queries."""
    told = Prefetch("bodies", NoticeBody.objects.select_related("acknowledgement").order_by("pk"))
    found = Notice.objects.filter(condition, known_by(until, "at")).order_by("-pk").prefetch_related(told)
    return tuple(_row(each, until) for each in (found if count is None else found[:count]))


def notice(notice_id: int, until: date | None = None) -> NoticeRow | None:
    """2 queries."""
    return next(iter(notices(Q(pk=notice_id), until)), None)


def seen_by(row: NoticeRow, acting: Acting) -> NoticeRow:
    """The row as a person may see it: whoever is only told sees what is for the own bodies alone."""
    if may(acting, Action.NOTICE_READ, Where(row.path)):
        return row
    return replace(row, bodies=tuple(each for each in row.bodies if each.body in acting.bodies))


def _sent_to(bodies: frozenset[int]) -> Q:
    return Q(pk__in=NoticeBody.objects.filter(body__in=bodies).values("notice"))


def _row(found: Notice, until: date | None) -> NoticeRow:
    return NoticeRow(
        id=found.pk, kind=NoticeKind(found.kind), thing=found.thing, title=found.title, text=found.text,
        region=found.region_id, path=found.path, is_urgent=found.is_urgent, is_demo=found.is_demo,
        is_fictional=found.is_fictional, author=found.author, at=found.at, journal=found.journal,
        bodies=tuple(_addressed(each, until) for each in found.bodies.all()),
    )  # fmt: skip


def _addressed(found: NoticeBody, until: date | None) -> AddressedRow:
    answer = getattr(found, "acknowledgement", None)
    if answer is None or (until is not None and answer.at >= end_of(until)):
        is_lapsed = found.lapsed_at is not None and (until is None or found.lapsed_at < end_of(until))
        return AddressedRow(found.body_id, found.name, found.text, is_lapsed=is_lapsed)
    return AddressedRow(found.body_id, found.name, found.text, answer.text, answer.author, answer.at, answer.journal)
