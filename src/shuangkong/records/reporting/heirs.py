"""合并后谁来报: what a unit still owes of periods before it was merged is filed by the one that it was merged into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.records.facts.succession import history
from shuangkong.records.journal import store as journal
from shuangkong.records.registry.enterprises.acts import Succession
from shuangkong.records.registry.models import Enterprise, EnterpriseChange
from shuangkong.records.reporting.models import Agent, Reporter, Return
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.store import agents_on


def hand_on(rows: Iterable[Return]) -> int:
    """Lets the successors of merged units file and sign what these still owe; returns for how many. 3 queries where
    nobody was merged."""
    owing = {row.reporter_id: row.reporter for row in rows}
    today = timezone.localdate()
    bodies = _successors(owing, today)
    held = Agent.objects.filter(agents_on(today), reporter__in=bodies).values_list("reporter", "body")
    there = set(held) if bodies else set()
    fresh = [(number, body, said) for number, (body, said) in bodies.items() if (number, body) not in there]
    for number, body, ground in fresh:
        act = CLOCK.act("agent.appoint", f"reporter/{number}", ground=ground, after={"body": body, "may_sign": True})
        Agent.objects.create(
            reporter_id=number, body_id=body, may_sign=True, starts_on=today, ground=ground, decided_by=CLOCK.author,
            decided_at=timezone.now(), journal=journal.append(replace(act, place=owing[number].path)),
        )  # fmt: skip
    return len(fresh)


def _successors(owing: Mapping[int, Reporter], day: date) -> dict[int, tuple[int, str]]:
    """Reporter → the body of the one that it was merged into, and by what; of those merged by a day. 3 queries."""
    past = history(None, day)
    found: dict[int, tuple[int, str]] = {}
    merged: dict[int, tuple[int, str]] = {}
    for number, row in owing.items():
        subject = Subject(row.kind, row.code)
        if past.is_gone(subject, day):
            became = past.became(subject, day)[-1]
            told = Reporter.objects.filter(kind=became.after.kind, code=became.after.code).first()
            if told is not None and told.body_id is not None:
                found[number] = (told.body_id, f"{became.on} 并入{told.name}")
        elif row.enterprise_id is not None:
            merged[row.enterprise_id] = (number, row.name)
    changes = EnterpriseChange.objects.filter(
        Q(before__in=merged), kind=Succession.MERGED, on__lte=day, after__body__isnull=False
    )
    for before, after, on, document in changes.order_by("on", "pk").values_list("before", "after", "on", "document"):
        heir = Enterprise.objects.get(pk=after)
        assert heir.body_id is not None
        found[merged[before][0]] = (heir.body_id, f"{on} 并入{heir.name}（{document}）")
    return found
