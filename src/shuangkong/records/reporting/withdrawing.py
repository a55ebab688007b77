"""不再有人报的数撤回: what returns told once and none in force tells now is withdrawn: of units that moved away, and of
returns that are in force no more, whether they are owed again or not."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched

from django.db import transaction
from django.db.models import F, Q

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
from shuangkong.records.reporting.models import Return, Version
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.sourcing import LOAD, return_of
from shuangkong.records.reporting.store import one, return_row
from shuangkong.reporting.content import Content, read_canonical

#: So many numbers in one question: a database takes no more.
_IN = 400
_LOG = logging.getLogger(__name__)

type _Cells = dict[Key, Told]


def withdraw(by: Acting) -> int:
    """Withdraws what returns told once and none in force tells now; returns of how many. 3 queries, two for each form
    and period by which units told of their region, and ~20 for each return that told what nobody tells.

    A return whose form the policy has no more, or whose units do not convert, is passed over: the others are seen to.
    """
    untold: dict[int, _Cells] = defaultdict(dict)
    groups: dict[tuple[str, str], list[tuple[int, Told]]] = defaultdict(list)
    for number, form, period, told in _told_of_regions():
        groups[form, period].append((number, told))
    for (form, period), cells in groups.items():
        try:
            stands = _told_now(form, period)
        except Refused as refused:
            _LOG.warning("%s %s %s: sums are left as they are: %s", refused.code, form, period, refused.message.en)
            continue
        for number, told in cells:
            if key_of(told) not in stands:
                untold[number][key_of(told)] = told
    for number, told in told_by(Return.objects.filter(in_force=None, versions__gt=0).values_list("pk", flat=True)):
        untold[number][key_of(told)] = told
    return sum(withdrawn(number, cells, by) for number, cells in sorted(untold.items()))


def told_by(numbers: Iterable[int]) -> Iterator[tuple[int, Told]]:
    """(return, cell without a figure) of what some returns told by themselves last, without what is a sum. 1 query and
    two a 400 loads."""
    wanted = set(numbers)
    loads = {
        load: return_of(name)
        for load, name in Load.objects.filter(name__startswith=LOAD).values_list("pk", "name").iterator()
        if return_of(name) in wanted
    } if wanted else {}  # fmt: skip
    for group in batched(sorted(loads, key=lambda load: (loads[load], load)), _IN):
        kinds = dict(Return.objects.filter(pk__in={loads[load] for load in group}).values_list("pk", "reporter__kind"))
        for load, told in _last(Q(load__in=group)):
            number = loads[load]
            if number in kinds and (told.subject.kind != "region" or kinds[number] == "region"):
                yield number, told


def _told_of_regions() -> Iterator[tuple[int, str, str, Told]]:
    """(return, form, period, cell without a figure) of what units told of regions last. 2 queries, one a 400 loads."""
    found = [(load, told) for load, told in _last(Q(subject__kind="region", load__name__startswith=LOAD))]
    numbers: dict[int, int] = {}
    for group in batched(sorted({load for load, _ in found}), _IN):
        names = Load.objects.filter(pk__in=group).values_list("pk", "name")
        numbers |= {load: return_of(name) for load, name in names}
    known: dict[int, tuple[str, str]] = {}
    for group in batched(sorted(set(numbers.values())), _IN):
        units = Return.objects.filter(pk__in=group).exclude(reporter__kind="region")
        known |= {pk: (form, period) for pk, form, period in units.values_list("pk", "form", "period")}
    for load, told in found:
        if numbers[load] in known:
            yield numbers[load], *known[numbers[load]], told


def _last(about: Q) -> Iterator[tuple[int, Told]]:
    """(load, cell without a figure) of the newest of some rows in each vintage, where that is a figure. 1 query."""
    names = "indicator__text", "measure", "first_month", "months", "unit__text"
    columns = "subject__kind", "subject__code", "subject__name", "subject__region"
    rows = Observation.objects.filter(about).order_by("pk").values_list(
        "load", "state", "maturity", *names, *columns
    )  # fmt: skip
    newest: dict[tuple[Key, int], tuple[int, Told] | None] = {}
    for load, state, maturity, indicator, measure, first, months, unit, *subject in rows.iterator():
        about_, when = SubjectRow(*subject), period_of(first, months)
        is_shared = about_.kind == "region"
        told = Told(indicator, about_, MEASURES.word(measure), when, None, unit, FactState.MISSING, is_shared)
        newest[key_of(told), maturity] = (load, told) if state == VALUE else None
    yield from (each for each in newest.values() if each is not None)


def _told_now(form: str, period: str, region: str = "") -> set[Key]:
    """What units, of one region or of all, tell by their versions in force. 2 queries."""
    rows = Return.objects.filter(form=form, period=period, in_force__isnull=False).exclude(reporter__kind="region")
    if region:
        rows = rows.filter(reporter__region=region)
    held = {each.pk: each for each in rows.select_related("reporter__region", "window")}
    versions = Version.objects.filter(number=F("owned__in_force"), owned__in=rows.order_by().values("pk"))
    found: set[Key] = set()
    for owned, content in versions.values_list("owned", "content"):
        if owned in held:
            found |= _keys(return_row(held[owned]), read_canonical(content))
    return found


def _keys(row: ReturnRow, content: Content | None) -> set[Key]:
    if content is None:
        return set()
    form = edition_of(row.form, content.edition, Period.parse(row.period), row.reporter.region)
    return {key_of(each) for each in facts_of(form, content, row)}


def _regions(keys: Iterable[Key]) -> set[str]:
    return {code for _, (kind, code), *_ in keys if kind == "region"}


def withdrawn(number: int, cells: _Cells, by: Acting) -> bool:
    """Whether something was withdrawn. Looks once more, behind the locks: it may be told again meanwhile."""
    regions = _regions(cells)
    with transaction.atomic():
        list(Region.objects.select_for_update(no_key=True).filter(pk__in=regions).order_by("pk").values_list("pk"))
        held, row = Return.objects.select_for_update().get(pk=number), one(number)
        if row is None:
            return False
        try:
            form = form_at(row.form, Period.parse(row.period), row.reporter.region)
            # Whoever tells of a region lies in it, unless it names the region or has moved.
            at = row.reporter.region if regions == {row.reporter.region} else ""
            stands = _told_now(row.form, row.period, at) if regions else set()
            stands |= _keys(row, base_of(number, held.in_force))
        except Refused as refused:
            _LOG.warning("%s return %s: nothing is withdrawn: %s", refused.code, number, refused.message.en)
            return False
        gone = [(told, False) for key, told in cells.items() if key not in stands]
        return bool(gone) and tell_otherwise(gone, form, held, row, by) is not None
