"""晴雨表的登记: preparing an issue, signing it off, publishing it; nothing that was prepared is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.issue import as_text, from_text
from shuangkong.records.bulletins.rows import OPEN, TRANSITIONS, EventKind, EventRow, State
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.journal import store as journal
from shuangkong.records.outlook.barometer.models import BarometerEvent, BarometerIssue
from shuangkong.records.outlook.barometer.rows import NEEDS, IssueRow, Prepared
from shuangkong.records.outlook.barometer.telling import tell_warned
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

#: Kinds of event that say nothing without a reason.
_NEED_TEXT = frozenset({EventKind.RETURN, EventKind.WITHDRAW})


def issues(seen: Q, until: date | None = None) -> tuple[IssueRow, ...]:
    """Those that the person may see, as known at the end of a day, the newest first. 2 queries."""
    found = BarometerIssue.objects.filter(seen, known_by(until, "prepared_at"))
    return _rows(found.select_related("region").order_by("-pk"), until)


def issue(issue_id: int, until: date | None = None) -> IssueRow | None:
    """2 queries."""
    found = BarometerIssue.objects.filter(known_by(until, "prepared_at"), pk=issue_id).select_related("region")
    return next(iter(_rows(found, until)), None)


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


def prepare(given: Prepared, by: Acting) -> int:
    """Keeps a draft and returns its number. After a published edition it is the next one, which corrects it.

    Raises:
        Refused: OUT-301 no such place; OUT-302 an edition of this place and period waits to be signed off; OUT-303 no
            issuer is named; OUT-308 it judges nobody.
        Forbidden: the person may not prepare the barometer there.
    """
    content = given.content
    with transaction.atomic():
        region = Region.objects.select_for_update().filter(pk=given.region).first()
        if region is None:
            raise Refused("OUT-301", "没有这个地区。请从名单里选。", "No such place: choose one.", "region")
        require(by, Action.BAROMETER_PREPARE, Where(region.path))
        earlier = issues(Q(region=region, period=str(content.period)))
        _require_sound(given, earlier)
        standing = next((each for each in earlier if each.state is State.PUBLISHED), None)
        edition = max((each.edition for each in earlier), default=0) + 1
        text = as_text(content)
        corrects = standing.id if standing else None
        what = {"region": given.region, "period": str(content.period), "edition": edition, "corrects": corrects}
        written = by.act(
            "barometer.prepare", _subject(given.region, str(content.period), edition),
            document=sha256(text.encode()).hexdigest(), after=what,
        )  # fmt: skip
        made = BarometerIssue.objects.create(
            region=region, path=region.path, period=str(content.period), edition=edition, corrects_id=corrects,
            issuer=given.issuer.strip(), content=text, as_of=given.as_of, rulebook=given.rulebook,
            is_demo=given.is_demo, is_fictional=given.is_fictional, prepared_by=by.author, prepared_at=timezone.now(),
            journal=journal.append(replace(written, place=region.path)),
        )  # fmt: skip
    return made.pk


def _require_sound(given: Prepared, earlier: Iterable[IssueRow]) -> None:
    if not given.issuer.strip():
        raise Refused(
            "OUT-303", "请写明发布机关，晴雨表上要印。", "Name the issuer: the barometer prints it.", "issuer"
        )
    if not any(part.lines for part in given.content.parts):
        zh = "这一期没有可以判定的目标。请选期内有效方案的目标，并录入实际值。"
        raise Refused("OUT-308", zh, "Nothing to judge: choose targets of a plan that covers the period.", "parts")
    waiting = next((each for each in earlier if each.state in OPEN), None)
    if waiting is not None:
        zh = f"本地区这一期的第 {waiting.edition} 版还没有公布。请先办完或撤回它。"
        raise Refused("OUT-302", zh, f"Edition {waiting.edition} is not published: finish or withdraw it.", "period")


def act(issue_id: int, kind: EventKind, by: Acting, *, number: str = "", text: str = "") -> None:
    """Records one act.

    Raises:
        Refused: OUT-304 none of that number, or it cannot happen now; OUT-305 a reason is missing; OUT-306 who prepared
            it approves it; OUT-307 it is published without a document number.
        Forbidden: the person may not do this there.
    """
    with transaction.atomic():
        held = BarometerIssue.objects.select_for_update().filter(pk=issue_id).first()
        row = issue(issue_id) if held else None
        if row is not None:
            require(by, NEEDS[kind], row.where)
        if held is None or row is None or (row.state, kind) not in TRANSITIONS:
            zh = "没有这一期晴雨表，或目前的状态不能办理此事。请刷新页面查看最新情况。"
            raise Refused("OUT-304", zh, "No such issue, or this cannot happen now. Reload the page.")
        for holds, code, zh, en, field in (
            (text.strip() or kind not in _NEED_TEXT, "305", "请写明理由。", "Give the reason.", "text"),
            (kind is not EventKind.APPROVE or by.author != row.prepared_by, "306",
             "起草的人不能自己批准。请由另一位有权的人批准。", "Who prepared it cannot approve it.", ""),
            (kind is not EventKind.PUBLISH or number.strip(), "307",
             "请写明文号。", "Give the document number.", "number"),
        ):  # fmt: skip
            if not holds:
                raise Refused(f"OUT-{code}", zh, en, field)
        what = {"state": TRANSITIONS[row.state, kind].value, "number": number.strip()}
        written = by.act(
            f"barometer.{kind.value}", _subject(row.region, row.period, row.edition), ground=text.strip(),
            before={"state": row.state.value}, after=what,
        )  # fmt: skip
        BarometerEvent.objects.create(
            issue=held, kind=kind, on=timezone.localdate(), number=number.strip(), text=text.strip(),
            author=by.author, at=timezone.now(), journal=journal.append(replace(written, place=held.path)),
        )  # fmt: skip
        if kind is EventKind.PUBLISH:
            tell_warned(row, number.strip(), by)


def _subject(region: str, period: str, edition: int) -> str:
    return f"barometer/{region}/{period}/{edition}"


def acts_allowed(row: IssueRow, by: Acting) -> list[EventKind]:
    """What the person may do to it as it stands."""
    return [
        kind
        for kind in EventKind
        if (row.state, kind) in TRANSITIONS
        and may(by, NEEDS[kind], row.where)
        and not (kind is EventKind.APPROVE and by.author == row.prepared_by)
    ]


def _rows(found: Iterable[BarometerIssue], until: date | None) -> tuple[IssueRow, ...]:
    every = list(found)
    events: dict[int, list[EventRow]] = {each.pk: [] for each in every}
    happened = BarometerEvent.objects.filter(known_by(until, "at"), issue__in=list(events)).order_by("pk")
    for event in happened:
        events[event.issue_id].append(
            EventRow(EventKind(event.kind), event.on, event.number, event.text, event.author, event.at, event.journal)
        )
    return tuple(
        IssueRow(
            id=each.pk, region=each.region_id, region_name=each.region.name, path=each.path, period=each.period,
            edition=each.edition, corrects=each.corrects_id, issuer=each.issuer, content=from_text(each.content),
            as_of=each.as_of, rulebook=each.rulebook, is_demo=each.is_demo, is_fictional=each.is_fictional,
            prepared_by=each.prepared_by, prepared_at=each.prepared_at, journal=each.journal,
            events=tuple(events[each.pk]),
        )
        for each in every
    )  # fmt: skip
