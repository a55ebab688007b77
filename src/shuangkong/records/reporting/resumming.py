"""合计重算: sums of what units tell of their region are told anew where they are not what the returns in force come to.

For what was summed by a rule that was wrong, or by hand; and what nobody tells any more is withdrawn (withdrawing).
What stands rightly is left as it is; where several forms tell of the same, one of them does (sourcing). The clock goes
once a day over what is to be withdrawn, then over sums, in portions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.flowing import Key, Told, flow, key_of
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import ClockMark, Return
from shuangkong.records.reporting.sourcing import contested_in
from shuangkong.records.reporting.store import one
from shuangkong.records.reporting.summing import lock_places
from shuangkong.records.reporting.unsummed import SUM, WITHDRAW, Turns, forget_unsummed
from shuangkong.records.reporting.withdrawing import LOADS, keep_withdrawn, told_by, withdraw, withdrawn
from shuangkong.reporting.forms.ranking import OF_REGIONS, of_regions

_CLOCK = "sums"
#: Returns that the clock looks at in one tick: a few dozen queries each.
A_TICK = 40
#: Periods whose figures to date rows give another name than returns did: what was not found then is withdrawn once.
_RENAMED, _SPANS = r"-(03|06|Q1|Q2|H1)$", "spans"


def resum(by: Acting) -> tuple[int, int]:
    """(returns looked at, returns of which something was told anew or withdrawn). ~25 queries a return of forms that
    are summed up.

    Each in a transaction of its own: what is done stays where it is broken off, and doing it again changes nothing.
    """
    looked, healed, turns = 0, withdraw(by), Turns(SUM)
    for number in _summed(0):
        looked, healed = looked + 1, healed + _told_anew(number, by, turns)
    return looked, healed


def keep_sums(by: Acting, now: datetime | None = None, most: int = A_TICK) -> int:
    """A portion of what ``resum`` does, so many sums; once it is through, nothing until the next day, but for what was
    let go since. Returns how many it healed.

    7 queries where it is through for the day.
    """
    now = now or timezone.now()
    # First of all what nobody tells goes: another form may take its place.
    healed, beside = keep_withdrawn(by, now)
    turns = Turns(SUM)
    healed += keep_spans(by) + sum(_told_anew(number, by, turns) for number in sorted(beside))
    mark, is_first = ClockMark.objects.get_or_create(name=_CLOCK, defaults={"at": now})
    if mark.number == 0 and not is_first and timezone.localdate(mark.at) >= timezone.localdate(now):
        return healed
    last, looked = mark.number, 0
    for number in _summed(mark.number):
        if looked == most:
            break
        healed, last, looked = healed + _told_anew(number, by, turns), number, looked + 1
    else:
        last = 0
        forget_unsummed(now)
    ClockMark.objects.filter(pk=mark.pk).update(number=last, at=now)
    return healed


def is_through() -> bool:
    """Whether the round is through, of sums and of what is withdrawn. 1 query."""
    return not ClockMark.objects.filter(name__in=(_CLOCK, LOADS), number__gt=0).exists()


def _told_anew(number: int, by: Acting, turns: Turns, *, is_whole: bool = False) -> bool:
    """Whether something was told anew. Of one whose turn goes wrong nothing is: it holds up no other.

    ``is_whole``: also what the return alone tells is held against what stands.
    """

    def tell() -> bool:
        lock_places([number])
        held, row = Return.objects.select_for_update().get(pk=number), one(number)
        if held.in_force is None or row is None:
            return False
        if is_whole:  # as if nothing had been told yet
            row = replace(row, standing=replace(row.standing, in_force=None))
        return flow(held, row, by) is not None

    return bool(turns(number, tell))


def _summed(after: int) -> Iterator[int]:
    """Returns in force, behind a number, of forms by which units tell of their region or which tell what others tell of
    it too. 1 query."""
    rows = Return.objects.filter(in_force__isnull=False, pk__gt=after).order_by("pk")
    known: dict[tuple[str, str, str, bool], bool] = {}
    columns = "pk", "form", "period", "reporter__region", "reporter__kind"
    for number, form, period, region, kind in rows.values_list(*columns).iterator():
        key = form, period, region, kind == "region"
        if key not in known:
            known[key] = _tells_of_all(*key)
        if known[key]:
            yield number


def _tells_of_all(form: str, period: str, region: str, is_region: bool) -> bool:
    try:
        law = form_at(form, Period.parse(period), region)
    except Refused:
        return False
    if not is_region:
        return any(each.fact is not None and each.fact.subject in OF_REGIONS for each in law.fields.values())
    return not of_regions(law).isdisjoint(contested_in(region, Period.parse(period)))


def keep_spans(by: Acting) -> int:
    """Withdraws, once for all, what corrections of March, June and first halves told no more or otherwise but did not
    find under the name of its months; returns of how many, a portion a time. 1 query where it is through."""
    mark, _ = ClockMark.objects.get_or_create(name=_SPANS, defaults={"at": timezone.now()})
    if mark.number < 0:
        return 0
    rows = Return.objects.filter(in_force__isnull=False, versions__gt=1, period__regex=_RENAMED, pk__gt=mark.number)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True)[:A_TICK])
    cells: dict[int, dict[Key, Told]] = defaultdict(dict)
    turns, gone = Turns(WITHDRAW), set[int]()
    for number, told in told_by(numbers):
        cells[number][key_of(told)] = told
    for number in numbers:
        if number in cells and turns(number, withdrawn, number, cells[number], by, turns):
            gone.add(number)
        if _told_anew(number, by, turns, is_whole=True):
            gone.add(number)
    healed = len(gone)
    mark.number = numbers[-1] if numbers else -1
    mark.save(update_fields=["number"])
    return healed
