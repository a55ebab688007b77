"""首页: how is the plan going? Headline targets against their schedule, and the regions, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.reading import Kind
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.targets.status import Standing
from shuangkong.web.plans.tasks.views.duties import own_late
from shuangkong.web.plans.views.upload import limits
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Table
from shuangkong.web.site.words import (
    WORST_FIRST,
    maturity_word,
    rounded_figure,
    standing_word,
)
from shuangkong.web.targets.bullet import Bullet, bullet
from shuangkong.web.targets.chosen import chosen_plan
from shuangkong.web.targets.course import Course, courses_of
from shuangkong.web.targets.regions import RegionView, region_view
from shuangkong.web.targets.sentences import year_words
from shuangkong.web.targets.shared import goal_names, shared_goals
from shuangkong.web.targets.tables import headline_table, reason


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline target as the page shows it."""

    course: Course
    bullet: Bullet
    href: str
    why: str
    words: str
    sentence: str
    reason: str
    maturity: str
    is_cap: bool


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def home(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    own = {"late": 0 if scope.as_of else own_late(acting_of(request), timezone.localdate())}
    visible = seen(request, Action.PLAN_READ)
    adopted = plans.plans_in_force(seen=visible, until=scope.as_of)
    plan = chosen_plan(request.GET.get("plan", ""), adopted, scope, _own_place(acting_of(request)))
    if plan is None:
        empty = {
            "drafts": plans.plans(seen=visible, until=scope.as_of),
            "is_elsewhere": bool(adopted),
            **own,
            **limits(),
        }
        return page(request, "targets/home_empty.html", empty)
    every = targets.targets(plan.id, until=scope.as_of)
    main = [target for target in every if target.is_headline and target.table is None]
    shared = shared_goals(plan, every, main)
    goal = next((group for group in shared if str(group[0].id) == request.GET.get("goal")), shared[0] if shared else ())
    found = courses_of(request, [*main, *goal])
    headline, regional = found[: len(main)], found[len(main) :]
    shown = _headlines(request, headline)
    regions = region_view(request, plan, regional) if regional else None
    return page(
        request,
        "targets/home.html",
        {
            "plan": plan,
            "adopted": adopted,
            "headlines": shown,
            "waiting": [each for each in shown if each.course.latest is None and not each.course.is_hidden],
            "unseen": [each for each in shown if each.course.is_hidden],
            "counts": _counts([each for each in headline if not each.is_hidden]),
            "regions": regions,
            "goals": goal_names(shared),
            "goal": goal[0].id if goal else None,
            **own,
            **limits(),
        },
        _tables(request, headline, regions),
    )


def _own_place(acting: Acting) -> str:
    """Code of the place for which a person acts: her own, or that of the body. At most 1 query."""
    if acting.region or acting.body is None:
        return acting.region
    body = registry.body(acting.body)
    return (body.region or "") if body else ""


def _tables(
    request: HttpRequest, headline: Sequence[Course], regions: RegionView | None
) -> dict[str, Table | tuple[Table, ...]]:
    own = {"headline_table": headline_table(request, headline)}
    return {**own} if regions is None else {**own, "region_table": regions.table}


def _headlines(request: HttpRequest, found: Sequence[Course]) -> list[Headline]:
    """Worst first; within a level as printed."""
    ordered = sorted(found, key=lambda each: WORST_FIRST.index(each.standing))
    return [
        Headline(
            course=each,
            bullet=bullet(each),
            href=link(request, "targets:target", each.target.id),
            why=link(request, "targets:target", each.target.id) + "#why",
            words=_shares(each),
            sentence=year_words(each),
            reason=reason(each),
            maturity=maturity_word(each.newest.maturity) if each.newest else "",
            is_cap=each.target.kind == Kind.CAP_INCREMENT,
        )
        for each in ordered
    ]


def _shares(course: Course) -> str:
    """The bullet chart in words."""
    point = course.latest
    if point is None:
        return standing_word(course.standing)
    done = None if point.share_done is None else point.share_done * 100
    shares = {"done": rounded_figure(done, 1), "due": rounded_figure(point.share_due * 100, 1)}
    if course.target.kind == Kind.CAP_INCREMENT:
        return _("已用去上限的 %(done)s%%，按进度不超过 %(due)s%%") % shares
    return _("已完成目标的 %(done)s%%，按进度应完成 %(due)s%%") % shares


def _counts(found: Sequence[Course]) -> list[tuple[Standing, int, str]]:
    count = Counter(each.standing for each in found)
    return [(standing, count[standing], standing_word(standing)) for standing in WORST_FIRST if count[standing]]
