"""不再有人报的数撤回: what returns told once and none in force tells now is withdrawn: of units that moved away, and of
returns that are in force no more, whether they are owed again or not.

The clock goes over loads of returns in portions, from the first to the last, and begins anew the next day; what was let
go since it looked last has its turn before. Only figures that still stand are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from shuangkong.core.fact import State as FactState
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import MEASURES, VALUE
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.facts.periods import period_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting.drafting import base_of
from shuangkong.records.reporting.flowing import Key, Told, facts_of, key_of, tell_otherwise
from shuangkong.records.reporting.forms import edition_of, form_at
from shuangkong.records.reporting.models import ClockMark, Event, Return, Version
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.sourcing import LOAD, return_of
from shuangkong.records.reporting.store import one, return_row
from shuangkong.records.reporting.summing import lock_named
from shuangkong.records.reporting.unsummed import WITHDRAW, Turns
from shuangkong.reporting.content import Content, read_canonical
from shuangkong.reporting.forms.ranking import names_regions
from shuangkong.reporting.life import EventKind

#: So many numbers in one question: a database takes no more. Loads and returns let go that a tick looks at.
_IN, _A_TICK, _LET_GO = 400, 2_000, 40
LOADS, _GONE = "withdrawing", "let_go"
#: What makes one vintage of one cell: of its rows the newest stands.
_CELL = "indicator", "subject", "first_month", "months", "measure", "origin", "maturity"

type _Cells = dict[Key, Told]


def withdraw(by: Acting) -> int:
    """Withdraws what returns told once and none in force tells now; returns of how many. All of it at once."""
    turns, healed = Turns(WITHDRAW), 0
    at: int | None = 0
    while at is not None:
        some, at = _portion(at, by, turns)
        healed += some
    return healed


def keep_withdrawn(by: Acting, now: datetime) -> tuple[int, set[int]]:
    """A portion of the same; once it is through, only what was let go since, until the next day.

    (returns of how many, returns whose sums are to be told anew because one of them was let go). 4 queries where
    nothing is to be done; 4 a 400 loads, 2 for each form and period by which units told of their region among these,
    and ~20 for each return that told what nobody tells.
    """
    turns = Turns(WITHDRAW)
    healed, beside = _let_go(by, now, turns)
    mark, is_first = ClockMark.objects.get_or_create(name=LOADS, defaults={"at": now})
    if mark.number == 0 and not is_first and timezone.localdate(mark.at) >= timezone.localdate(now):
        return healed, beside
    some, at = _portion(mark.number, by, turns)
    ClockMark.objects.filter(pk=mark.pk).update(number=at or 0, at=now)
    return healed + some, beside


def _let_go(by: Acting, now: datetime, turns: Turns) -> tuple[int, set[int]]:
    """What returns told that came to be in force no more since it was looked last, the first of them first."""
    mark, is_first = ClockMark.objects.get_or_create(name=_GONE, defaults={"at": now})
    if is_first:
        return 0, set()  # those before are found among the loads
    behind = Q(changed_at__gt=mark.at) | Q(changed_at=mark.at, pk__gt=mark.number)
    stood = Event.objects.filter(owned=OuterRef("pk"), kind=EventKind.ACCEPT)
    gone = Return.objects.filter(behind, Exists(stood), in_force=None, versions__gt=0).order_by("changed_at", "pk")
    some = list(gone.select_related("reporter")[:_LET_GO])
    if not some:
        return 0, set()
    healed, beside = 0, set[int]()
    for held in some:
        healed += bool(turns(held.pk, _let_go_of, held.pk, by, turns))
        beside |= set(_beside(held).values_list("pk", flat=True)[:1])
    ClockMark.objects.filter(pk=mark.pk).update(number=some[-1].pk, at=some[-1].changed_at)
    return healed, beside


def _beside(held: Return) -> QuerySet[Return]:
    """Returns that tell sums that a return was part of."""
    rows = Return.objects.filter(form=held.form, period=held.period, in_force__isnull=False).order_by("pk")
    with suppress(Refused):
        if names_regions(form_at(held.form, Period.parse(held.period), held.reporter.region_id)):
            return rows
    return rows.filter(reporter__region=held.reporter.region_id)


def _let_go_of(number: int, by: Acting, turns: Turns) -> bool:
    return withdrawn(number, _ever_told(number), by, turns)


def _ever_told(number: int) -> _Cells:
    """Cells without figures of what any version of a return says. 2 queries."""
    row = one(number)
    if row is None:
        return {}
    found: _Cells = {}
    for content in Version.objects.filter(owned=number).values_list("content", flat=True):
        found |= {key_of(each): _without(each) for each in _facts(row, read_canonical(content))}
    return found


def _without(told: Told) -> Told:
    return Told(
        told.indicator, told.subject, told.measure, told.period, None, told.unit, FactState.MISSING, told.is_shared
    )


def _portion(after: int, by: Acting, turns: Turns) -> tuple[int, int | None]:
    """Of loads behind a number: returns of which something was withdrawn; where to go on, None where it is through."""
    loads = Load.objects.filter(name__startswith=LOAD, pk__gt=after).order_by("pk").values_list("pk", "name")
    some, healed = list(loads[:_A_TICK]), 0
    for group in batched(some, _IN):
        for number, cells in sorted(_untold({load: return_of(name) for load, name in group}, turns).items()):
            healed += bool(turns(number, withdrawn, number, cells, by, turns))
    return healed, some[-1][0] if len(some) == _A_TICK else None


def _untold(loads: Mapping[int, int], turns: Turns) -> dict[int, _Cells]:
    """Return → what stands by some loads (load → return), and no return in force tells now."""
    known = {
        held.pk: held
        for held in Return.objects.filter(pk__in=set(loads.values())).select_related("reporter__region", "window")
    }
    found: dict[int, _Cells] = defaultdict(dict)
    groups: dict[tuple[str, str], list[tuple[Return, Told]]] = defaultdict(list)
    for load, told in _standing(loads):
        held = known.get(loads[load])
        if held is None:
            continue
        if told.subject.kind == "region" and held.reporter.kind != "region":
            groups[held.form, held.period].append((held, told))
        elif held.in_force is None:
            found[held.pk][key_of(told)] = told
    for cells in groups.values():
        held = cells[0][0]
        stands = _told_now(held, _regions(each for _, each in cells), turns)
        for held, told in cells:
            if stands is not None and key_of(told) not in stands:
                found[held.pk][key_of(told)] = told
    return found


def _standing(loads: Iterable[int]) -> Iterator[tuple[int, Told]]:
    """(load, cell without a figure) of figures of these loads that stand: nothing newer was told. 1 query."""
    newer = Observation.objects.filter(pk__gt=OuterRef("pk"), **{name: OuterRef(name) for name in _CELL})
    return _cells(Observation.objects.filter(~Exists(newer), load__in=loads, state=VALUE))


def told_by(numbers: Iterable[int]) -> Iterator[tuple[int, Told]]:
    """(return, cell without a figure) of what stands that some returns told by themselves, without what is a sum. 1
    query and two a 400 loads."""
    wanted = set(numbers)
    loads = {
        load: return_of(name)
        for load, name in Load.objects.filter(name__startswith=LOAD).values_list("pk", "name").iterator()
        if return_of(name) in wanted
    } if wanted else {}  # fmt: skip
    for group in batched(sorted(loads, key=lambda load: (loads[load], load)), _IN):
        kinds = dict(Return.objects.filter(pk__in={loads[load] for load in group}).values_list("pk", "reporter__kind"))
        for load, told in _standing(group):
            number = loads[load]
            if number in kinds and (told.subject.kind != "region" or kinds[number] == "region"):
                yield number, told


def _cells(found: QuerySet[Observation]) -> Iterator[tuple[int, Told]]:
    names = "load", "indicator__text", "measure", "first_month", "months", "unit__text"
    rows = found.order_by("pk").values_list(
        *names, "subject__kind", "subject__code", "subject__name", "subject__region"
    )  # fmt: skip
    for load, indicator, measure, first, months, unit, *subject in rows:
        about, when = SubjectRow(*subject), period_of(first, months)
        is_shared = about.kind == "region"
        yield load, Told(indicator, about, MEASURES.word(measure), when, None, unit, FactState.MISSING, is_shared)


def _told_now(held: Return, regions: set[str], turns: Turns) -> set[Key] | None:
    """What units tell of some regions by versions in force of the form and period of a return; None where one of these
    cannot be read: who knows what it tells. 2 queries.

    Whoever tells of a region lies in it, unless the form names regions.
    """
    try:
        law = form_at(held.form, Period.parse(held.period), held.reporter.region_id)
    except Refused as refused:
        turns.fault(held.pk, refused)
        return None
    lies: dict[str, Any] = {} if names_regions(law) else {"reporter__region__in": regions}
    rows = Return.objects.filter(form=held.form, period=held.period, in_force__isnull=False, **lies)
    rows = rows.exclude(reporter__kind="region")
    tell = {each.pk: each for each in rows.select_related("reporter__region", "window")}
    versions = Version.objects.filter(number=F("owned__in_force"), owned__in=rows.order_by().values("pk"))
    found: set[Key] = set()
    for owned, content in versions.values_list("owned", "content"):
        if owned in tell:
            keys = turns(owned, _keys_of, tell[owned], content)
            if keys is None:
                return None
            found |= keys
    return found


def _facts(row: ReturnRow, content: Content) -> Iterator[Told]:
    form = edition_of(row.form, content.edition, Period.parse(row.period), row.reporter.region)
    return facts_of(form, content, row)


def _keys_of(held: Return, content: str) -> set[Key]:
    return _keys(return_row(held), read_canonical(content))


def _keys(row: ReturnRow, content: Content | None) -> set[Key]:
    return set() if content is None else {key_of(each) for each in _facts(row, content)}


def _regions(cells: Iterable[Told]) -> set[str]:
    return {told.subject.code for told in cells if told.subject.kind == "region"}


def withdrawn(number: int, cells: _Cells, by: Acting, turns: Turns) -> bool:
    """Whether something was withdrawn. Looks once more, behind the locks: it may be told again meanwhile.

    Raises Refused where the policy has the form no more, or units do not convert.
    """
    regions = _regions(cells.values())
    with transaction.atomic():
        list(Region.objects.select_for_update(no_key=True).filter(pk__in=regions).order_by("pk").values_list("pk"))
        held, row = (
            Return.objects.select_for_update(of=("self",)).select_related("reporter").get(pk=number),
            one(number),
        )
        if row is None:
            return False
        form = form_at(row.form, Period.parse(row.period), row.reporter.region)
        if names_regions(form):
            lock_named()
        stands = _told_now(held, regions, turns) if regions else set()
        if stands is None:
            return False
        stands |= _keys(row, base_of(number, held.in_force))
        gone = [(told, False) for key, told in cells.items() if key not in stands]
        return bool(gone) and tell_otherwise(gone, form, held, row, by) is not None
