"""自动标记登记: what rules mark hours as, kept as marks; a person's mark goes before, what she withdrew stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.monitoring.marks import Origin, Reason, look_again
from shuangkong.records.monitoring.models import Mark, MarkToTell, Outlet

#: Who withdraws and sets where a rule does.
RULES, _CLOCK = "rules", "system"

type Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What rules mark: hours of an outlet, of one factor or ("") of all; the end is not included."""

    factor: str
    starts_at: datetime
    ends_at: datetime
    mark: str
    reason: Reason
    text: Message

    @property
    def key(self) -> tuple[str, datetime, str, str, str]:
        """What stays the same while a stretch grows."""
        return self.factor, self.starts_at, self.mark, self.reason.value, _kept(self.text)


def refused(outlets: Iterable[int], first: datetime, last: datetime) -> tuple[Mark, ...]:
    """Marks of rules that people withdrew, of hours in a time: rules do not set them again. 1 query."""
    rows = Mark.objects.filter(outlet__in=list(outlets), origin=Origin.AUTOMATIC, starts_at__lt=last, ends_at__gt=first)
    return tuple(rows.exclude(withdrawn_at=None).exclude(withdrawn_by=RULES))


def days_marked(outlets: Iterable[int], since: datetime, said: Iterable[str]) -> dict[int, list[datetime]]:
    """Outlet → starts of the marks of rules since a day that hold and say one of some texts. 1 query or none."""
    found: dict[int, list[datetime]] = {}
    texts = Q(pk__in=())
    for each in said:
        texts |= Q(text__startswith=f"{each}\n")
    rows = Mark.objects.filter(
        texts, outlet__in=list(outlets), origin=Origin.AUTOMATIC, withdrawn_at=None, starts_at__gte=since
    )
    for outlet, at in rows.values_list("outlet", "starts_at"):
        found.setdefault(outlet, []).append(timezone.localtime(at))
    return found


def keep_automatic(outlet: Outlet, within: Sequence[Stretch], found: Iterable[Ruled]) -> int:
    """Brings the marks of rules on some hours of an outlet to what rules find now; returns how many are otherwise.

    ~3 queries, and 1 for each that is otherwise. What rules find no more is withdrawn, never removed.

    Args:
        within: what was looked at; each stretch holds whole days or up to the present.
    """
    wanted = {each.key: each for each in found}
    touched = Q(pk__in=())
    for first, last in within:
        touched |= Q(starts_at__gte=first, starts_at__lt=last)
    now, changed = timezone.now(), list[Stretch]()
    with transaction.atomic():
        rows = Mark.objects.select_for_update().filter(
            touched, outlet=outlet, origin=Origin.AUTOMATIC, withdrawn_at=None
        )
        for row in rows:
            key = (row.factor, timezone.localtime(row.starts_at), row.mark, row.reason, row.text)
            own = wanted.pop(key, None)
            if own is not None and own.ends_at == row.ends_at:
                continue
            changed.append((row.starts_at, max(row.ends_at, own.ends_at) if own else row.ends_at))
            if own is not None:
                row.ends_at, row.at = own.ends_at, now
            else:
                row.withdrawn_by, row.withdrawn_at = RULES, now
            row.save()
        made = [
            Mark(
                outlet=outlet, factor=each.factor, starts_at=each.starts_at, ends_at=each.ends_at, mark=each.mark,
                origin=Origin.AUTOMATIC, reason=each.reason, text=_kept(each.text), author=RULES, at=now,
            )
            for each in wanted.values()
        ]  # fmt: skip
        changed += [(each.starts_at, each.ends_at) for each in made]
        if not changed:
            return 0
        told = {"marked": len(made), "otherwise": len(changed) - len(made)}
        act = Act(_CLOCK, "monitoring.mark", f"outlets/{outlet.pk}", place=outlet.region.path, after=told)
        number = journal.append(act)
        for each in made:
            each.journal = number
        Mark.objects.bulk_create(made)
        begins, ends = min(first for first, _ in changed), max(last for _, last in changed)
        MarkToTell.objects.create(outlet=outlet, first_at=begins, last_at=ends, at=now)
        look_again(outlet.pk, begins, ends)
    return len(changed)


def _kept(said: Message) -> str:
    """Both languages, a line each."""
    return f"{said.zh}\n{said.en}"
