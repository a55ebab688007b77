"""责任人: who answers for a place or a state firm, first, in charge, or at a post, over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade.models import Responsibility
from shuangkong.records.plans.cascade.responsible_rows import LevelAnswered, Rank, ResponsibleRow, Vacancy
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.registry.names import NamesThen, names_then
from shuangkong.records.registry.rows import LEVELS

#: The kind of a body that is a state-owned firm.
STATE_FIRM = "state_firm"
_FIRM_ADDED = "body.add"


@dataclass(frozen=True, slots=True)
class Naming:
    """Who is to be named: for a region or a body (one of them), in a rank, with the office held.

    ``duty`` is the post answered for (锅炉运行岗), needed for Rank.POST. ``ends_on`` None: until another is named.
    """

    rank: Rank
    person: str
    post: str
    region: str | None = None
    body: int | None = None
    duty: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    plan: int | None = None


def name_responsible(wanted: Naming, by: Acting, ground: str, document: str = "") -> int:
    """Names a person who answers, from today where no day is given; returns the row's number. 4 queries.

    Whoever answered before in that rank and for that duty does so until the day before.

    Raises:
        Refused: no name, office or ground; no such place; no duty for a post; it would end before it starts.
        Forbidden: the person may not decide on bodies there.
    """
    start = wanted.starts_on or timezone.localdate()
    with transaction.atomic():
        path = _path(wanted)
        require(by, Action.BODY_CONFIRM, Where(path))
        _require_sound(wanted, start, ground)
        before = next(iter(responsible(_same(wanted), start)), None)
        return _write(wanted, start, wanted.ends_on, path, by, "responsible.name", ground, document, before)


def end_responsibility(row_id: int, by: Acting, ground: str, ends_on: date | None = None, document: str = "") -> int:
    """Ends what a row says, with yesterday where no day is given; returns the new row's number. 4 queries.

    Raises:
        Refused: there is none of that number, no ground, or it would end before it starts.
        Forbidden: as ``name_responsible``.
    """
    end = ends_on or timezone.localdate() - timedelta(days=1)
    with transaction.atomic():
        row = Responsibility.objects.select_for_update(of=("self",)).filter(pk=row_id).first()
        if row is None:
            raise Refused("CAS-501", f"没有编号为 {row_id} 的责任人记录。", f"There is no such row: {row_id}.")
        require(by, Action.BODY_CONFIRM, Where(row.path))
        said = Naming(
            Rank(row.rank), row.person, row.post, row.region_id, row.body_id, row.duty, row.starts_on, end, row.plan_id
        )
        _require_sound(said, row.starts_on, ground)
        return _write(said, row.starts_on, end, row.path, by, "responsible.end", ground, document, None)


def add_state_firm(region: str, name: str, by: Acting, ground: str) -> int:
    """The body of a state firm at a place, made where there is none of that name; returns its number. ~5 queries.

    Raises:
        Refused: no name, ground or such region; a body of that name is there and is no firm.
        Forbidden: the person may not decide on bodies there.
    """
    with transaction.atomic():
        found = Region.objects.filter(pk=region).first()
        if found is None or not name.strip() or not ground.strip():
            raise Refused("CAS-506", "请写明地区、企业名称和依据。", "Give the place, the firm's name and the ground.")
        require(by, Action.BODY_CONFIRM, Where(found.path))
        body, is_new = Body.objects.get_or_create(region=found, name=name.strip(), defaults={"kind": STATE_FIRM})
        if body.kind != STATE_FIRM:
            zh = f"“{name}”已作为责任单位登记，不是国有企业。"
            raise Refused("CAS-507", zh, "A body of that name is registered and is no firm.", "name")
        if is_new:
            act = by.act(_FIRM_ADDED, f"body/{body.pk}", ground=ground, after={"name": body.name, "kind": STATE_FIRM})
            journal.append(replace(act, place=found.path))
    return body.pk


def responsible(condition: Q, on: date, until: date | None = None) -> tuple[ResponsibleRow, ...]:
    """Who answers on a day, as known at the end of a day, by place, rank and duty. 1 query, 2 for a past day.

    ``condition`` is on the rows (``path``, ``region``, ``body``, ``rank``); access is the caller's condition on it.
    """
    held: dict[tuple[object, ...], Responsibility] = {}
    for row in _known(condition & Q(starts_on__lte=on), until):
        key = (row.region_id, row.body_id, row.rank, row.duty)
        if key not in held or row.starts_on >= held[key].starts_on:
            held[key] = row
    kept = (row for row in held.values() if row.ends_on is None or on <= row.ends_on)
    ranks, names = list(Rank), names_then(until)
    return tuple(
        sorted(
            (_row(row, names) for row in kept),
            key=lambda row: (row.path, row.subject, ranks.index(row.rank), row.duty, row.id),
        )
    )


def responsibility_history(condition: Q, until: date | None = None) -> tuple[ResponsibleRow, ...]:
    """Every row that meets a condition, as written by the end of a day, in that order. 1 query, 2 for a past day."""
    names = names_then(until)
    return tuple(_row(row, names) for row in _known(condition, until))


def vacancies(region: str, on: date, until: date | None = None) -> tuple[Vacancy, ...]:
    """Places directly below a region, and its state firms, without a first responsible person on a day.

    As known at the end of a day. 4 queries, 7 for a past day.
    """
    towns = Region.objects.filter(_is_there(on), parent=region).order_by("code")
    firms = _firms(region, until)
    first = responsible(Q(rank=Rank.FIRST) & (Q(region__parent=region) | Q(body__region=region)), on, until)
    names = names_then(until)
    regions, bodies = {row.region for row in first}, {row.body for row in first}
    return (
        *(Vacancy(each.code, None, names.region(each.code, each.name)) for each in towns if each.code not in regions),
        *(Vacancy(None, each.pk, each.name) for each in firms if each.pk not in bodies),
    )


def levels_answered(path: str, on: date, until: date | None = None) -> tuple[LevelAnswered, ...]:
    """The levels at a path and below it, the highest first, as known at the end of a day. 2 queries."""
    level = dict(Region.objects.filter(_is_there(on), below(path)).values_list("code", "level"))
    answered = _first_on(path, on, until) & level.keys()
    told = Counter(level.values()), Counter(level[code] for code in answered)
    return tuple(LevelAnswered(each, told[0][each], told[1][each]) for each in LEVELS if told[0][each])


def _first_on(path: str, on: date, until: date | None) -> set[str]:
    """Regions at a path and below it for which somebody answers first on a day. 1 query."""
    found = Responsibility.objects.filter(
        known_by(until, "decided_at"), below(path), rank=Rank.FIRST, region__isnull=False, starts_on__lte=on
    )
    last: dict[str | None, tuple[date, date | None]] = {}
    for region, starts_on, ends_on in found.order_by("pk").values_list("region", "starts_on", "ends_on"):
        if region not in last or starts_on >= last[region][0]:
            last[region] = starts_on, ends_on
    return {region for region, (_start, end) in last.items() if region and (end is None or on <= end)}


def _is_there(on: date) -> Q:
    """The condition on regions that leaves those of a day."""
    return (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gte=on))


def _firms(region: str, until: date | None) -> list[Body]:
    """The state firms of a region that were registered by the end of a day. 1 query, 2 for a past day."""
    found = list(Body.objects.filter(region=region, kind=STATE_FIRM).order_by("pk"))
    if until is None:
        return found
    subjects = {f"body/{each.pk}": each for each in found}
    later = journal.done_after(until, _FIRM_ADDED, subjects)
    return [each for subject, each in subjects.items() if subject not in later]


def _path(wanted: Naming) -> str:
    if (wanted.region is None) is (wanted.body is None):
        raise Refused("CAS-502", "请指明乡镇（地区）或企业，二者选一。", "Name either a place or a firm.", "region")
    if wanted.region is not None:
        path = Region.objects.filter(pk=wanted.region).values_list("path", flat=True).first()
    else:
        path = Body.objects.filter(pk=wanted.body or 0).values_list("region__path", flat=True).first()
    if not path:
        raise Refused("CAS-503", "没有这个地区或企业。", "There is no such place or firm.", "region")
    return path


def _require_sound(wanted: Naming, start: date, ground: str) -> None:
    if not ground.strip():
        raise Refused("CAS-102", "请写明认定依据。", "Give the ground of the decision.", "ground")
    if not wanted.person.strip() or not wanted.post.strip():
        raise Refused("CAS-504", "请写明姓名和职务。", "Give the person's name and office.", "person")
    if wanted.rank is Rank.POST and not wanted.duty.strip():
        raise Refused("CAS-508", "请写明所负责的岗位。", "Name the post that is answered for.", "duty")
    if wanted.ends_on is not None and wanted.ends_on < start:
        raise Refused("CAS-505", "截止日早于起始日。", "It would end before it starts.", "ends_on")


def _same(wanted: Naming) -> Q:
    return Q(region=wanted.region, body=wanted.body, rank=wanted.rank, duty=wanted.duty.strip())


def _write(
    wanted: Naming, start: date, end: date | None, path: str, by: Acting, what: str, ground: str, document: str,
    before: ResponsibleRow | None,
) -> int:  # fmt: skip
    subject = f"region/{wanted.region}" if wanted.region else f"body/{wanted.body}"
    said = {"rank": wanted.rank.value, "duty": wanted.duty, "post": wanted.post, "person": wanted.person}
    act = by.act(
        what, subject, ground=ground, document=document, after=said | {"from": start, "until": end},
        before={"post": before.post, "person": before.person, "from": before.starts_on} if before else None,
    )  # fmt: skip
    made = Responsibility.objects.create(
        region_id=wanted.region, body_id=wanted.body, path=path, plan_id=wanted.plan, rank=wanted.rank,
        duty=wanted.duty.strip(), post=wanted.post.strip(), person=wanted.person.strip(),
        starts_on=start, ends_on=end, ground=ground, document=document, decided_by=by.author,
        decided_at=timezone.now(), journal=journal.append(replace(act, place=path)),
    )  # fmt: skip
    return made.pk


def _known(condition: Q, until: date | None) -> Iterable[Responsibility]:
    found = Responsibility.objects.select_related("region", "body").filter(known_by(until, "decided_at"))
    return found.filter(condition).order_by("pk")


def _row(found: Responsibility, names: NamesThen) -> ResponsibleRow:
    place = names.region(found.region_id, found.region.name) if found.region else ""
    return ResponsibleRow(
        id=found.pk,
        region=found.region_id,
        body=found.body_id,
        subject=place or (found.body.name if found.body else ""),
        path=found.path,
        plan=found.plan_id,
        rank=Rank(found.rank),
        duty=found.duty,
        post=found.post,
        person=found.person,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        ground=found.ground,
        document=found.document,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
        journal=found.journal,
    )
