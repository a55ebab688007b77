"""提交后的重查: what comes to be held beside a return only after it was signed (meters, sales, monitoring, the unit's
other returns) is held against it by the clock. The return stays as it is: what is found is told, and nothing else.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched, groupby

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from shuangkong.core.finding import Severity
from shuangkong.core.period import Period
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.beside import contexts_for
from shuangkong.records.reporting.checking import sheet_of
from shuangkong.records.reporting.forms import edition_of, form_at
from shuangkong.records.reporting.found_rows import ground_of, message_of
from shuangkong.records.reporting.marking import HANDED_IN, from_month, mark
from shuangkong.records.reporting.models import (
    ClockMark,
    Event,
    FoundFinding,
    LaterCheck,
    LaterFinding,
    Return,
    Version,
)
from shuangkong.records.reporting.rows import FindingRow
from shuangkong.reporting.checks import check_return
from shuangkong.reporting.checks.context import Context
from shuangkong.reporting.checks.run import Found
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.life import EventKind
from shuangkong.rulebook import open_rulebook

_LOG = logging.getLogger(__name__)
#: Returns held anew in one tick, and how many of them with the same queries; events and units asked for at once.
_A_TICK, _BATCH, _EVENTS, _UNITS = 300, 100, 2_000, 500
_YEAR, _LONGEST = 12, 200
#: What changes what the unit's other returns may be held against.
_MOVING = (EventKind.SUBMIT, EventKind.CORRECT, EventKind.ACCEPT, EventKind.RETURN, EventKind.RECALL)
_GRAVE = (Severity.MUST_FIX, Severity.MUST_EXPLAIN)
_ORDER = {each: at for at, each in enumerate(Severity)}


def keep_later(most: int = _A_TICK) -> int:
    """Marks what is to be held anew and does so, so many at most, the longest waiting first; returns how many were.

    ~8 queries where nothing changed; ~16 for a hundred returns of one form, period and place.
    """
    _mark_facts()
    _mark_returns()
    stale = LaterCheck.objects.filter(is_stale=True, owned__state__in=HANDED_IN).order_by("pk")
    numbers = list(stale.values_list("owned", flat=True)[:most])
    _hold_anew(numbers)
    return len(numbers)


def hold_anew(number: int) -> tuple[FindingRow, ...]:
    """Holds one return that was handed in against what stands beside it now; what is found in it since it was signed.

    ~18 queries, in the transaction of the caller.
    """
    _hold_anew([number])
    return tuple(each for rows in later_findings(Q(owned=number)).values() for each in rows)


def _hold_anew(numbers: Iterable[int]) -> None:
    found = Return.objects.select_related("reporter__enterprise", "reporter__region").filter(pk__in=list(numbers))
    for (form, period, region), group in groupby(sorted(found, key=_group), key=_group):
        told = Period.parse(period)
        try:
            law = form_at(form, told, region)
        except Refused as refused:  # without a form there is nothing to hold it against: it holds up no other
            _LOG.warning("%s %s %s: returns are not held anew: %s", refused.code, form, period, refused.message.en)
            LaterCheck.objects.filter(owned__in=[row.pk for row in group]).update(is_stale=False)
            continue
        for part in batched(group, _BATCH):
            contexts = contexts_for(law, told, part)
            _keep(part, dict(_judged(part, told, contexts)))


def later_findings(condition: Q) -> dict[Return, tuple[FindingRow, ...]]:
    """What was found in versions that stand since they were signed, by return, gravest first. 1 query.

    ``condition``: on LaterFinding.
    """
    found: dict[Return, list[FindingRow]] = defaultdict(list)
    for row in _standing(condition).select_related("owned__reporter").order_by("owned", "code", "address"):
        message, ground = message_of(row.zh, row.en), ground_of(row.ground_zh, row.ground_en)
        told = FindingRow(row.pk, row.code, Severity(row.severity), row.address, message, ground)
        found[row.owned].append(told)
    return {owned: tuple(sorted(rows, key=lambda each: _ORDER[each.severity])) for owned, rows in found.items()}


def with_later(condition: Q, most: int) -> tuple[list[int], int]:
    """Numbers of the first returns of which ``later_findings`` tells, the newest period first; of how many. 1 query,
    2 where there are more."""
    rows = _standing(condition).order_by("-owned__first_month", "owned").values_list("owned", flat=True)
    found = list(rows.distinct()[: most + 1])
    count = len(found) if len(found) <= most else _standing(condition).values("owned").distinct().count()
    return found[:most], count


def _standing(condition: Q) -> QuerySet[LaterFinding]:
    """Those of versions that stand."""
    return LaterFinding.objects.filter(condition, version=F("owned__version"), owned__state__in=HANDED_IN)


def _group(row: Return) -> tuple[str, str, str]:
    return row.form, row.period, row.reporter.region_id


def _judged(
    rows: Sequence[Return], period: Period, contexts: dict[int, Context]
) -> Iterable[tuple[int, tuple[Found, ...]]]:
    """(return, what is grave and was not found when it was signed). 2 queries."""
    signed = {
        row.owned_id: row
        for row in Version.objects.filter(owned__in=rows, number=F("owned__version")).select_related("owned")
    }
    known = defaultdict(set)
    told = FoundFinding.objects.filter(version__in=[row.pk for row in signed.values()])
    for owned, code, address in told.values_list("version__owned", "code", "address"):
        known[owned].add((code, address))
    book = open_rulebook()
    for row in rows:
        version = signed.get(row.pk)
        if version is None:
            continue
        region = row.reporter.region_id
        form = edition_of(row.form, version.edition, period, region)
        plan = book.return_checks(book.layer_of(region, period.last_day)).plan(form, period.last_day)
        sheet = sheet_of(form, read_canonical(version.content))
        fresh = {
            (each.code, each.place[:_LONGEST]): each
            for each in check_return(plan, sheet, contexts[row.pk]).findings
            if each.severity in _GRAVE and (each.code, each.place[:_LONGEST]) not in known[row.pk]
        }
        yield row.pk, tuple(fresh.values())


@transaction.atomic
def _keep(rows: Sequence[Return], found: dict[int, tuple[Found, ...]]) -> None:
    """What is found now, in place of what was; of what was found before the day stays. 4 queries."""
    now = timezone.now()
    held = LaterFinding.objects.filter(owned__in=rows)
    since: dict[tuple[int, int, str, str], datetime] = {
        (each.owned_id, each.version, each.code, each.address): each.found_at for each in held
    }
    held.delete()
    versions = {row.pk: row.version or 0 for row in rows}
    LaterFinding.objects.bulk_create(
        [
            LaterFinding(
                owned_id=number, version=versions[number], code=each.code, severity=each.severity.value,
                address=each.place[:_LONGEST], zh=each.message.zh, en=each.message.en,
                ground_zh=each.ground.zh if each.ground else "", ground_en=each.ground.en if each.ground else "",
                found_at=since.get((number, versions[number], each.code, each.place[:_LONGEST]), now),
            )
            for number, new in found.items()
            for each in new
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    LaterCheck.objects.filter(owned__in=rows).update(is_stale=False, made_at=now)


def _mark_facts() -> None:
    """Returns of units of which evidence was told since the last time, of the period told of or later that year."""
    mark_, _ = ClockMark.objects.get_or_create(name="later_facts", defaults={"at": timezone.now()})
    newest = Load.objects.aggregate(Max("pk"))["pk__max"] or 0
    if newest <= mark_.number:
        return
    facts = [each.fact for each in open_rulebook().return_checks().evidence.values() if each.fact]
    words = list(Word.objects.filter(kind=Word.INDICATOR, text__in=facts).values_list("pk", flat=True))
    told = Observation.objects.filter(load__gt=mark_.number, load__lte=newest, indicator__in=words)
    first: dict[int, set[str]] = defaultdict(set)
    for code, month in told.order_by().values_list("subject__code", "first_month").distinct():
        first[month].add(code)
    for month, codes in first.items():
        for some in batched(sorted(codes), _UNITS):
            mark(Q(reporter__code__in=some) & from_month(month))
    ClockMark.objects.filter(pk=mark_.pk).update(number=newest, at=timezone.now())


def _mark_returns() -> None:
    """Other returns of units of which one was signed, accepted or sent back since the last time: of the same period,
    and of the year after."""
    mark_, _ = ClockMark.objects.get_or_create(name="later_returns", defaults={"at": timezone.now()})
    moved = Event.objects.filter(pk__gt=mark_.number).order_by("pk")
    newest = list(moved.values_list("pk", flat=True)[:_EVENTS])
    if not newest:
        return
    units: dict[int, set[int]] = defaultdict(set)
    own: set[int] = set()
    told = moved.filter(pk__lte=newest[-1], kind__in=_MOVING)
    for owned, reporter, month in told.values_list("owned", "owned__reporter", "owned__first_month"):
        units[month].add(reporter)
        own.add(owned)
    for month, reporters in units.items():
        near = Q(first_month__gte=month - _YEAR, first_month__lte=month + _YEAR)
        mark(Q(reporter__in=reporters) & near & ~Q(pk__in=own))
    ClockMark.objects.filter(pk=mark_.pk).update(number=newest[-1], at=timezone.now())
