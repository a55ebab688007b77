"""合计重算: sums of what units tell of their region are told anew where they are not what the returns in force come to.

For what was summed by a rule that was wrong, or by hand; and what nobody tells any more is withdrawn: of units that
moved away, and of returns that are owed no more. What stands rightly is left as it is. The clock goes over all of it
once a day, in portions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import State as FactState
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import MEASURES
from shuangkong.records.facts.models import Observation
from shuangkong.records.facts.periods import period_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.people.acting import Acting
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting.drafting import base_of
from shuangkong.records.reporting.flowing import Key, Told, facts_of, flow, key_of, tell_otherwise
from shuangkong.records.reporting.forms import edition_of, form_at
from shuangkong.records.reporting.models import ClockMark, Return
from shuangkong.records.reporting.store import one
from shuangkong.records.reporting.summing import lock_places
from shuangkong.reporting.life import NOT_DUE

_CLOCK = "sums"
#: Returns that the clock looks at in one tick: a few dozen queries each.
_A_TICK = 40
#: How loads of returns begin.
_LOAD = "return/"


def resum(by: Acting) -> tuple[int, int]:
    """(returns looked at, returns of which something was told anew or withdrawn). ~25 queries a return of forms that
    are summed up.

    Each in a transaction of its own: what is done stays where it is broken off, and doing it again changes nothing.
    """
    looked = healed = 0
    for number in _summed(0):
        looked, healed = looked + 1, healed + _told_anew(number, by)
    return looked, healed + withdraw(by)


def keep_sums(by: Acting, now: datetime | None = None) -> int:
    """A portion of what ``resum`` does; once it is through, nothing until the next day. Returns how many it healed.

    1 query where it is through for the day.
    """
    now = now or timezone.now()
    mark, is_first = ClockMark.objects.get_or_create(name=_CLOCK, defaults={"at": now})
    if mark.number == 0 and not is_first and timezone.localdate(mark.at) >= timezone.localdate(now):
        return 0
    healed, last, looked = 0, mark.number, 0
    for number in _summed(mark.number):
        if looked == _A_TICK:
            break
        healed, last, looked = healed + _told_anew(number, by), number, looked + 1
    else:
        healed, last = healed + withdraw(by), 0
    ClockMark.objects.filter(pk=mark.pk).update(number=last, at=now)
    return healed


def _told_anew(number: int, by: Acting) -> bool:
    with transaction.atomic():
        lock_places([number])
        held, row = Return.objects.select_for_update().get(pk=number), one(number)
        return held.in_force is not None and row is not None and flow(held, row, by) is not None


def _summed(after: int) -> Iterator[int]:
    """Returns in force of forms by which units tell of their region, behind a number. 1 query."""
    rows = Return.objects.filter(in_force__isnull=False, pk__gt=after).exclude(reporter__kind="region").order_by("pk")
    known: dict[tuple[str, str, str], bool] = {}
    for number, form, period, region in rows.values_list("pk", "form", "period", "reporter__region").iterator():
        key = form, period, region
        if key not in known:
            fields = form_at(form, Period.parse(period), region).fields.values()
            known[key] = any(each.fact is not None and each.fact.subject == "region" for each in fields)
        if known[key]:
            yield number


def withdraw(by: Acting) -> int:
    """Withdraws what returns told once and none in force tells now; returns of how many. ~3 queries, two for each form
    and period by which units told of their region, and ~20 for each return that told what nobody tells."""
    untold: dict[int, dict[Key, Told]] = defaultdict(dict)
    let_go = Return.objects.filter(in_force=None, versions__gt=0, state__in=[each.value for each in NOT_DUE])
    groups: dict[tuple[str, str], list[tuple[int, Told]]] = defaultdict(list)
    for number, form, period, told in _told_once(set(let_go.values_list("pk", flat=True))):
        if told.subject.kind == "region":
            groups[form, period].append((number, told))
        else:
            untold[number][key_of(told)] = told
    for (form, period), cells in groups.items():
        stands = _told_now(form, period, {told.subject.code for _, told in cells})
        for number, told in cells:
            if key_of(told) not in stands:
                untold[number][key_of(told)] = told
    return sum(_withdrawn(number, cells, by) for number, cells in sorted(untold.items()))


def _told_once(let_go: set[int]) -> Iterator[tuple[int, str, str, Told]]:
    """(return, form, period, cell without a figure) of what units told of regions, and of all that those told that are
    let go. 2 queries."""
    columns = "subject__kind", "subject__code", "subject__name", "subject__region"
    about = Q(subject__kind="region")
    for number in let_go:
        about |= Q(load__name__startswith=f"{_LOAD}{number}/")
    rows = Observation.objects.filter(about, load__name__startswith=_LOAD).order_by().values_list(
        "load__name", "indicator__text", "measure", "first_month", "months", "unit__text", *columns
    )  # fmt: skip
    found = [(int(name.split("/")[1]), *told) for name, *told in rows.distinct()]
    units = Return.objects.filter(pk__in={number for number, *_ in found}).exclude(reporter__kind="region")
    known = {pk: (form, period) for pk, form, period in units.values_list("pk", "form", "period")}
    for number, indicator, measure, first, months, unit, *subject in found:
        if number in known:
            about_, when = SubjectRow(*subject), period_of(first, months)
            is_shared = about_.kind == "region"
            told = Told(indicator, about_, MEASURES.word(measure), when, None, unit, FactState.MISSING, is_shared)
            yield number, *known[number], told


def _told_now(form: str, period: str, regions: Iterable[str]) -> set[Key]:
    """What units of some regions tell by their versions in force. 2 queries, and one a return."""
    rows = Return.objects.filter(form=form, period=period, in_force__isnull=False, reporter__region__in=list(regions))
    found: set[Key] = set()
    for number, version in rows.exclude(reporter__kind="region").values_list("pk", "in_force"):
        row, content = one(number), base_of(number, version)
        if row is not None and content is not None:
            law = edition_of(form, content.edition, Period.parse(period), row.reporter.region)
            found |= {key_of(each) for each in facts_of(law, content, row)}
    return found


def _withdrawn(number: int, cells: dict[Key, Told], by: Acting) -> bool:
    """Looks once more where nobody else tells of the same meanwhile."""
    regions = {told.subject.code for told in cells.values() if told.subject.kind == "region"}
    with transaction.atomic():
        list(Region.objects.select_for_update(no_key=True).filter(pk__in=regions).order_by("pk").values_list("pk"))
        held, row = Return.objects.select_for_update().get(pk=number), one(number)
        if row is None:
            return False
        stands = _told_now(row.form, row.period, regions)
        gone = [(told, False) for key, told in cells.items() if key not in stands]
        form = form_at(row.form, Period.parse(row.period), row.reporter.region)
        return tell_otherwise(gone, form, held, row, by) is not None
