"""公报的登记: preparing an edition, signing it off, publishing it; nothing that was prepared is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.bulletins.models import Bulletin, BulletinEvent
from shuangkong.records.bulletins.rows import (
    NEEDS,
    OPEN,
    TRANSITIONS,
    BulletinRow,
    EventKind,
    EventRow,
    Prepared,
    State,
)
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

#: Kinds of event that say nothing without a reason.
_NEED_TEXT = frozenset({EventKind.RETURN, EventKind.WITHDRAW})


def bulletins(seen: Q, until: date | None = None) -> tuple[BulletinRow, ...]:
    """Those that the person may see, as known at the end of a day, the newest first. 2 queries."""
    found = Bulletin.objects.filter(seen, known_by(until, "prepared_at")).select_related("region").order_by("-pk")
    return _rows(found, until)


def bulletin(bulletin_id: int, until: date | None = None) -> BulletinRow | None:
    """2 queries."""
    found = Bulletin.objects.filter(known_by(until, "prepared_at"), pk=bulletin_id).select_related("region")
    return next(iter(_rows(found, until)), None)


def may_read(row: BulletinRow, by: Acting) -> bool:
    """Published, it is for whoever may read the place; before, for who may read all its parts, which it prints."""
    if row.state is State.PUBLISHED:
        return may(by, Action.ACTUAL_READ, row.where)
    return Readable(by, row.path).is_whole


def prepare(given: Prepared, by: Acting) -> int:
    """Keeps a draft and returns its number. After a published edition it is the next one, which corrects it.

    Raises:
        Refused: IND-301 no such place; IND-302 an edition of this place and period waits to be signed off; IND-303 no
            issuer is named.
        Forbidden: the person may not prepare bulletins there.
    """
    with transaction.atomic():
        region = Region.objects.select_for_update().filter(pk=given.region).first()
        if region is None:
            raise Refused("IND-301", "没有这个地区。请从名单里选。", "No such place: choose one.", "region")
        require(by, Action.BULLETIN_PREPARE, Where(region.path))
        if not given.issuer.strip():
            raise Refused(
                "IND-303", "请写明发布机关，公报上要印。", "Name the issuer: the bulletin prints it.", "issuer"
            )
        earlier = bulletins(Q(region=region, period=given.period))
        waiting = next((each for each in earlier if each.state in OPEN), None)
        if waiting is not None:
            zh = f"本地区这一期的第 {waiting.edition} 版还没有公布。请先办完或撤回它。"
            raise Refused(
                "IND-302", zh, f"Edition {waiting.edition} is not published: finish or withdraw it.", "period"
            )
        standing = next((each for each in earlier if each.state is State.PUBLISHED), None)
        edition = max((each.edition for each in earlier), default=0) + 1
        digest = sha256(given.content.encode()).hexdigest()
        what = {
            "region": given.region,
            "period": given.period,
            "edition": edition,
            "corrects": standing and standing.id,
        }
        written = by.act(
            "bulletin.prepare", f"bulletin/{given.region}/{given.period}/{edition}", document=digest, after=what
        )
        made = Bulletin.objects.create(
            region=region, path=region.path, period=given.period, edition=edition,
            corrects_id=standing.id if standing else None, issuer=given.issuer.strip(), content=given.content,
            as_of=given.as_of, rulebook=given.rulebook, is_demo=given.is_demo, is_fictional=given.is_fictional,
            prepared_by=by.author, prepared_at=timezone.now(),
            journal=journal.append(replace(written, place=region.path)),
        )  # fmt: skip
    return made.pk


def act(bulletin_id: int, kind: EventKind, by: Acting, *, number: str = "", text: str = "") -> None:
    """Records one act.

    Raises:
        Refused: IND-304 none of that number, or it cannot happen now; IND-305 a reason is missing; IND-306 who prepared
            it approves it; IND-307 it is published without a document number.
        Forbidden: the person may not do this there.
    """
    with transaction.atomic():
        held = Bulletin.objects.select_for_update().filter(pk=bulletin_id).first()
        row = bulletin(bulletin_id) if held else None
        if row is not None:
            require(by, NEEDS[kind], row.where)
        if held is None or row is None or (row.state, kind) not in TRANSITIONS:
            zh = "没有这份公报，或目前的状态不能办理此事。请刷新页面查看最新情况。"
            raise Refused("IND-304", zh, "No such bulletin, or this cannot happen now. Reload the page.")
        for holds, code, zh, en, field in (
            (text.strip() or kind not in _NEED_TEXT, "305", "请写明理由。", "Give the reason.", "text"),
            (kind is not EventKind.APPROVE or by.author != row.prepared_by, "306",
             "起草的人不能自己批准。请由另一位有权的人批准。", "Who prepared it cannot approve it.", ""),
            (kind is not EventKind.PUBLISH or number.strip(), "307",
             "请写明文号。", "Give the document number.", "number"),
        ):  # fmt: skip
            if not holds:
                raise Refused(f"IND-{code}", zh, en, field)
        subject = f"bulletin/{row.region}/{row.period}/{row.edition}"
        what = {"state": TRANSITIONS[row.state, kind].value, "number": number.strip()}
        written = by.act(
            f"bulletin.{kind.value}", subject, ground=text.strip(), before={"state": row.state.value}, after=what
        )
        BulletinEvent.objects.create(
            bulletin=held, kind=kind, on=timezone.localdate(), number=number.strip(), text=text.strip(),
            author=by.author, at=timezone.now(), journal=journal.append(replace(written, place=held.path)),
        )  # fmt: skip


def acts_allowed(row: BulletinRow, by: Acting) -> list[EventKind]:
    """What the person may do to it as it stands."""
    return [
        kind
        for kind in EventKind
        if (row.state, kind) in TRANSITIONS
        and may(by, NEEDS[kind], row.where)
        and not (kind is EventKind.APPROVE and by.author == row.prepared_by)
    ]


def _rows(found: Iterable[Bulletin], until: date | None) -> tuple[BulletinRow, ...]:
    every = list(found)
    events: dict[int, list[EventRow]] = {each.pk: [] for each in every}
    happened = BulletinEvent.objects.filter(known_by(until, "at"), bulletin__in=list(events)).order_by("pk")
    for event in happened:
        events[event.bulletin_id].append(
            EventRow(EventKind(event.kind), event.on, event.number, event.text, event.author, event.at, event.journal)
        )
    return tuple(
        BulletinRow(
            id=each.pk, region=each.region_id, region_name=each.region.name, path=each.path, period=each.period,
            edition=each.edition, corrects=each.corrects_id, issuer=each.issuer, content=each.content,
            as_of=each.as_of, rulebook=each.rulebook, is_demo=each.is_demo, is_fictional=each.is_fictional,
            prepared_by=each.prepared_by, prepared_at=each.prepared_at, journal=each.journal,
            events=tuple(events[each.pk]),
        )
        for each in every
    )  # fmt: skip
