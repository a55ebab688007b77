"""传输率月结: the hours of outlets by factor and month as they are kept, and which of them have to be reckoned anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import batched

from django.db.models import Q
from django.utils import timezone

from shuangkong.records.monitoring.amounts import SETTLING, marks_changed
from shuangkong.records.monitoring.models import Connection, FactorDue, LateData, Mark, RateClosing, RegisterEvent

#: Outlets whose rows are named in one question: a database takes so many numbers, and an outlet has a dozen rows.
_AT_ONCE = 5_000
_SAME = (
    "through", "is_over", "hours", "stopped", "now_excused", "now_received", "now_valid", "excused", "received",
    "valid", "late", "rules",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRate:
    """One reckoning; columns as ``RateClosing`` says."""

    outlet_id: int
    factor: str
    month: date
    through: date
    is_over: bool
    hours: int
    stopped: int
    now_excused: int
    now_received: int
    now_valid: int
    excused: int
    received: int
    valid: int
    late: int
    rules: str


type Kept = Mapping[tuple[int, str], RateClosing]


def kept_rates(month: date, outlets: Iterable[int]) -> Kept:
    """The version that holds of each outlet and factor. 1 query."""
    rows = RateClosing.objects.filter(month=month, outlet__in=list(outlets)).order_by("pk")
    return {(each.outlet_id, each.factor): each for each in rows}


def keep_rates(closed: Iterable[ClosedRate], checked_at: datetime) -> int:
    """Keeps what differs; returns how many. The row of a month that runs is renewed; of one that is over one is added.

    The caller has put it in one transaction. 1 query a month, and 1 a row that differs.

    Args:
        checked_at: before the first that was read for it: what is done while it is reckoned comes after.
    """
    told, now, count = tuple(closed), timezone.now(), 0
    for month in sorted({each.month for each in told}):
        own = [each for each in told if each.month == month]
        held, same = kept_rates(month, {each.outlet_id for each in own}), []
        for each in own:
            before, columns = held.get((each.outlet_id, each.factor)), asdict(each)
            if before is not None and all(getattr(before, name) == columns[name] for name in _SAME):
                same.append(before.pk)
                continue
            count += 1
            if before is not None and not before.is_over:
                RateClosing.objects.filter(pk=before.pk).update(**columns, closed_at=now, checked_at=checked_at)
            else:
                RateClosing.objects.create(**columns, closed_at=now, checked_at=checked_at)
        RateClosing.objects.filter(pk__in=same).update(checked_at=checked_at)
    return count


def changed_since(month: date, after: date, outlets: Iterable[int]) -> Mapping[int, datetime]:
    """Outlet → when its readings of a month, its marks in it or its rows of the registers changed last.

    6 queries; 3 more for each further so many outlets.

    Args:
        after: the first day after the month.
    """
    numbers, found = set(outlets), dict[int, datetime]()
    late = LateData.objects.filter(month=month, outlet__in=numbers).values_list("outlet", "arrived_at")
    _newest(found, ((outlet, at + SETTLING) for outlet, at in late))
    begins = timezone.make_aware(datetime(month.year, month.month, 1))  # noqa: DTZ001 - made aware here
    ends = timezone.make_aware(datetime(after.year, after.month, after.day))  # noqa: DTZ001 - made aware here
    marks = Mark.objects.filter(outlet__in=numbers, starts_at__lt=ends, ends_at__gt=begins)
    _newest(found, marks_changed(marks))
    for some in batched(sorted(numbers), _AT_ONCE):
        _newest(found, _register_events(some))
    return found


def _newest(found: dict[int, datetime], told: Iterable[tuple[int, datetime]]) -> None:
    for outlet, at in told:
        found[outlet] = max(found.get(outlet, at), at)


def _register_events(numbers: Collection[int]) -> Iterable[tuple[int, datetime]]:
    """What was done to rows from which it follows what is due."""
    of: dict[str, dict[int, int]] = defaultdict(dict)
    of["outlets"] = {each: each for each in numbers}
    of["factors"] = dict(FactorDue.objects.filter(outlet__in=numbers).values_list("pk", "outlet"))
    of["connections"] = dict(Connection.objects.filter(outlet__in=numbers).values_list("pk", "outlet"))
    wanted = Q(pk__in=())
    for register, rows in of.items():
        wanted |= Q(register=register, row__in=list(rows))
    for register, row, at in RegisterEvent.objects.filter(wanted).values_list("register", "row", "at"):
        yield of[register][row], at


def is_settled(row: RateClosing, changed: Mapping[int, datetime], last: date, rules: str) -> bool:
    """Whether a row holds up to a day by these rules, and nothing that it rests on has changed since."""
    at = changed.get(row.outlet_id)
    return row.through >= last and row.rules == rules and (at is None or at <= row.checked_at)
