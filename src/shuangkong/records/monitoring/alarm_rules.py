"""规则报警: what rules do with alarms: raise them, bring them up to date, end and move them; many in few questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched

from django.db import transaction
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.life import Act, State, Step, after, hindrance
from shuangkong.records.monitoring.alarms import standings_of
from shuangkong.records.monitoring.models import Alarm, AlarmEvent

#: Alarms that are taken in one transaction.
_AT_ONCE = 500
#: What is said where an alarm is found no more, where it is found again, and of a limit that nobody has verified.
NO_LONGER = Message("按补到的数据和标记，已不再成立", "No longer so, by late data and marks")
AGAIN = Message("标记撤回或数据更正后，又成立", "So again, by data and marks")
UNVERIFIED_LIMIT = Message("（限值尚未与文件核对）", " (the limit was not compared with its document)")
#: Who acts.
_RULES = "rules"
_NO_WORDS = Message("", "")
_TOLD = ("ends_at", "peak", "multiple", "limit", "unit", "starts_at", "instants")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What a rule found; ``key`` is the same whenever it finds the same again. Times are those of the measurement.

    ``due_at``: by when it has to be explained; ``segment`` and ``offset``: the frame in the evidence log;
    ``instants``: see Alarm.
    """

    outlet: int
    rule: str
    key: str
    starts_at: datetime
    factor: str = ""
    period: str = ""
    level: int = 1
    ends_at: datetime | None = None
    peak: Decimal | None = None
    limit: Decimal | None = None
    unit: str = ""
    multiple: Decimal | None = None
    text: Message = _NO_WORDS
    due_at: datetime | None = None
    segment: int | None = None
    offset: int | None = None
    instants: Sequence[int] = ()


def raise_alarms(found: Iterable[Raised], by: str = _RULES) -> tuple[int, ...]:
    """Opens what is new and brings what is known up to date: end, peak, words; returns the numbers of the new ones.

    A case that a person closed stays closed; what was undone counts again. ~5 queries for each 500.
    """
    told = {each.key: each for each in found}
    new: list[int] = []
    for part in batched(sorted(told), _AT_ONCE):
        with transaction.atomic():
            held = {row.key: row for row in Alarm.objects.select_for_update().filter(key__in=part).order_by("pk")}
            new += _opened([told[key] for key in part if key not in held], by)
            _update(held, told, by)
    return tuple(new)


def undo(numbers: Iterable[int], at: datetime) -> int:
    """Alarms that late data or marks say never were: counted nowhere, and nothing is asked of the unit.

    What had not ended ends ``at``. The case is for a person to close; one that was closed stays so. Returns how many
    held until now. 3 queries for each 500.
    """
    count, now = 0, timezone.now()
    for part in batched(sorted(set(numbers)), _AT_ONCE):
        with transaction.atomic():
            rows = list(Alarm.objects.select_for_update().filter(pk__in=part, undone_at=None).order_by("pk"))
            open_ = [row for row in rows if row.state != State.CLOSED]
            for row in rows:
                row.ends_at = max(at, row.starts_at) if row.ends_at is None else row.ends_at
                row.undone_at = now
            for row in open_:
                row.state = State.UNDONE
            Alarm.objects.bulk_update(rows, ("ends_at", "undone_at", "state"))
            AlarmEvent.objects.bulk_create(
                AlarmEvent(alarm=row, kind=Act.UNDO, text=_kept(NO_LONGER), author=_RULES, at=now) for row in open_
            )
        count += len(rows)
    return count


def step_by_rules(wanted: Mapping[int, tuple[Act, str]]) -> int:
    """Timers' steps, escalation or de-escalation, by the number of the alarm; returns how many could happen.

    4 queries for each 500.
    """
    count = 0
    for part in batched(sorted(wanted), _AT_ONCE):
        with transaction.atomic():
            rows = list(Alarm.objects.select_for_update().filter(pk__in=part).order_by("pk"))
            standings, moved = standings_of(part), []
            for row in rows:
                act, text = wanted[row.pk]
                step = Step(act, timezone.now(), text, _RULES)
                now = standings.get(row.pk)
                if hindrance(now, step) is None:
                    left = after(now, step)
                    row.state, row.level = left.state, left.level
                    moved.append((row, step))
            Alarm.objects.bulk_update([row for row, _step in moved], ("state", "level"))
            AlarmEvent.objects.bulk_create(
                AlarmEvent(alarm=row, kind=step.act, text=step.ground, author=_RULES, at=step.at) for row, step in moved
            )
        count += len(moved)
    return count


def _opened(told: list[Raised], by: str) -> list[int]:
    now = timezone.now()
    made = Alarm.objects.bulk_create(
        Alarm(
            outlet_id=each.outlet, factor=each.factor, rule=each.rule, key=each.key, period=each.period,
            level=each.level, starts_at=each.starts_at, ends_at=each.ends_at, peak=each.peak, limit=each.limit,
            unit=each.unit, multiple=each.multiple, text=_kept(each.text), segment=each.segment, offset=each.offset,
            state=State.OPEN, due_at=each.due_at, found_at=now, instants=list(each.instants),
        )
        for each in told
    )  # fmt: skip
    AlarmEvent.objects.bulk_create(
        AlarmEvent(alarm=row, kind=act, text=row.text, author=by, at=now)
        for row in made
        for act in (Act.RAISE, *((Act.EASE,) if row.ends_at is not None else ()))
    )
    return [int(row.pk) for row in made]


def _update(held: Mapping[str, Alarm], told: Mapping[str, Raised], by: str) -> None:
    """Writes what is otherwise than it was, the end of what ended, and that what was undone is so again."""
    changed, said, now = [], [], timezone.now()
    for key, row in held.items():
        each, text = told[key], _kept(told[key].text)
        is_so = row.text == text and all(_plain(getattr(row, name)) == _plain(getattr(each, name)) for name in _TOLD)
        if is_so and row.undone_at is None:
            continue
        has_ended = row.ends_at is None and each.ends_at is not None
        if row.state == State.UNDONE:
            said.append(AlarmEvent(alarm=row, kind=Act.RENEW, text=_kept(AGAIN), author=by, at=now))
            row.state, row.due_at, has_ended = State.OPEN, each.due_at, each.ends_at is not None
        if has_ended and row.state != State.CLOSED:
            said.append(AlarmEvent(alarm=row, kind=Act.EASE, text=text, author=by, at=now))
        row.text, row.undone_at = text, None
        for name in _TOLD:
            setattr(row, name, _plain(getattr(each, name)))
        changed.append(row)
    Alarm.objects.bulk_update(changed, (*_TOLD, "text", "undone_at", "state", "due_at"))
    AlarmEvent.objects.bulk_create(said)


def _plain(value: object) -> object:
    """As a column of the row holds it."""
    return list(value) if isinstance(value, tuple) else value


def _kept(message: Message) -> str:
    return f"{message.zh}\n{message.en}"
