"""一期怎么成稿: what is judged for a place and period now, as a person may see it, and how it becomes an issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.issue import Content
from shuangkong.papers.official.paper import Basis, Issue
from shuangkong.papers.outlook.barometer import BarometerInput
from shuangkong.records.editions.rows import Prepared, State
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.outlook.barometer import store
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.plans.rows import PlanRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.chosen import Groups, chosen, every_group, plan_of
from shuangkong.web.outlook.judged import Asked, content_of
from shuangkong.web.outlook.tables import compared_with

#: How far an issue has come, as its paper says it; "" once it is published.
_STANDING = {
    State.DRAFT: "讨论稿",
    State.APPROVED: "报批稿，尚未公布",
    State.PUBLISHED: "",
    State.RETURNED: "已退回，不作公布",
    State.WITHDRAWN: "已撤回，不作公布",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a place and period: ``groups`` all promises, ``picked`` those that are judged."""

    plan: PlanRow
    groups: Groups
    picked: Groups
    content: Content


def judged(
    place: Place,
    period: Period,
    seen: Q,
    keys: Sequence[str] = (),
    as_of: date | None = None,
    issues: Sequence[IssueRow] | None = None,
) -> Judged | None:
    """None where no plan in force covers the period. A fixed number of queries.

    Args:
        issues: those of the place, where they are known; the moves are counted from the one published last before.
    """
    plan = plan_of(place.region.code, period, seen, as_of)
    if plan is None:
        return None
    groups = every_group(plan, place.path, period, as_of)
    picked = chosen(groups, keys)
    known = store.issues(Q(region=place.region.code), as_of) if issues is None else issues
    last = store.before(known, period)
    asked = Asked(
        place.region.name, place.region.code, period, as_of, last.content.levels if last else None,
        last.content.period if last else None,
    )  # fmt: skip
    return Judged(plan, groups, picked, content_of(asked, picked))


def again(row: IssueRow, seen: Q, place: Place, as_of: date | None = None) -> Content | None:
    """The same promises judged with what is known now (or was on a day); None where the plan is gone."""
    targets = {line.target for part in row.content.parts for line in part.lines}
    plan = plan_of(row.region, row.content.period, seen, as_of)
    if plan is None:
        return None
    every = every_group(plan, place.path, row.content.period, as_of)
    groups = tuple(group for group in every if targets & {each.id for each in group})
    return content_of(Asked(place.region.name, row.region, row.content.period, as_of), groups)


def prepared(place: Place, found: Judged, issuer: str) -> Prepared[Content]:
    """An issue of what was found, about to be kept."""
    return Prepared(
        region=place.region.code, period=str(found.content.period), issuer=issuer, content=found.content,
        as_of=timezone.localdate(),
        rulebook=open_rulebook().version, is_demo=found.plan.is_demo,
        is_fictional=place.region.is_fictional or found.plan.is_fictional,
    )  # fmt: skip


def paper_of(row: IssueRow, corrected: IssueRow | None) -> BarometerInput:
    """What is set, in Chinese whatever the page speaks: the published one with its number and day. 1 query."""
    done, sealed = row.published, JournalRow.objects.get(sequence=row.newest_journal)
    with override("zh-hans"):
        return BarometerInput(
            issue=Issue(
                issuer=row.issuer, signed_on=done.on if done else timezone.localdate(row.prepared_at),
                number=done.number if done else "",
            ),
            basis=Basis(
                as_of=row.as_of, rulebook=row.rulebook, journal=sealed.sequence, seal=sealed.digest,
                sources=row.content.sources, is_demo=row.is_demo, is_fictional=row.is_fictional,
            ),
            content=row.content,
            period=period_word(row.content.period),
            compared=compared_with(row.content),
            rules=rule_names(),
            standing=_STANDING[row.state],
            corrects=corrected.published.number if corrected and corrected.published else "",
        )  # fmt: skip


def rule_names() -> Mapping[str, str]:
    """Rule → its name as papers print it."""
    law = open_rulebook().outlook()
    return {rule.id: rule.name.zh for rule in (*law.barometer.values(), *law.triggers.values())}
