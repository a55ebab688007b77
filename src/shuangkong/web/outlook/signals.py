"""方案写明的触发: measures not implemented, key projects late or unstable, environmental quality behind schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.level import CAUSES, Cause
from shuangkong.outlook.barometer.rule import Rule
from shuangkong.outlook.triggers.signal import Signal, measures_signal, projects_signal, quality_signal
from shuangkong.plans.tasks.standing import clock
from shuangkong.records.outlook.projects import store as projects
from shuangkong.records.paths import below
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.chosen import newest_plan
from shuangkong.web.outlook.projects.clock import TRIGGER, followed
from shuangkong.web.outlook.projects.words import LATE, UNSTABLE
from shuangkong.web.outlook.words import MARKS, level_word, rule_word
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import indicator_word, spoken
from shuangkong.web.targets.course import courses

MEASURES, QUALITY = "measures", "environmental_quality"


@dataclass(frozen=True, slots=True)
class Raised:
    """A signal with what it is about and what caused it, in words; ``page`` is the address name of the page on it."""

    rule: str
    about: str
    signal: Signal
    said: str
    page: str = ""


def signals_of(place: Place, by: Acting, seen: Q, as_of: date | None) -> tuple[Raised, ...]:
    """The triggers of a place as known at the end of a day, by the tasks and key projects that the person may see.

    ~12 queries.
    """
    book, day = open_rulebook(), as_of or timezone.localdate()
    law = book.outlook(book.layer_of(place.region.code, day)).triggers
    within = book.upwards(place.region.code, day)
    days = thresholds(day, (place.path,))
    mine = Q(region=place.region.code) & tasks.OWED & tasks.readable(by)
    rows = tasks.tasks(mine) if as_of is None else tasks.tasks_then(mine, as_of)
    clocks = {str(row.id): clock(row.standing, day, days) for row in rows}
    cell = FactCell(place.subject, MEASURES, Period(day.year))
    measures = measures_signal(law[MEASURES], cell, clocks, within)
    words = {"count": len(rows), "owed": len(measures.culprits)}
    found = [
        Raised(MEASURES, place.region.name, measures, _("%(count)s 项任务，逾期或久无报送 %(owed)s 项") % words),
        _of_projects(place, by, as_of, law[TRIGGER], within),
    ]
    plan = newest_plan(place.region.code, day.year, seen, as_of)
    quality = law[QUALITY]
    every = targets.targets(plan.id, until=as_of) if plan else ()
    promised = [each for each in every if each.indicator in quality.indicators]
    if not promised:
        found.append(_without(place, quality, day, within))
    for course in courses(promised, None, as_of):
        if course.latest is not None:
            target = course.target
            wants_less = book.indicators()[target.indicator].direction == "lower_is_better"
            held = FactCell(place.subject, target.indicator, Period(course.latest.year))
            signal = quality_signal(quality, held, course.latest, wants_less=wants_less, within=within)
            said = indicator_word(target.indicator, target.indicator_name, target.kind)
            found.append(Raised(QUALITY, target.subject_name, signal, said))
    return tuple(found)


def _without(place: Place, rule: Rule, day: date, within: Sequence[str]) -> Raised:
    """That no target of the plan speaks of environmental quality: the trigger does not apply."""
    signal = quality_signal(
        rule, FactCell(place.subject, QUALITY, Period(day.year)), None, wants_less=True, within=within
    )
    return Raised(QUALITY, place.region.name, signal, _("方案没有环境质量目标"))


def _of_projects(place: Place, by: Acting, as_of: date | None, rule: Rule, within: Sequence[str]) -> Raised:
    """The trigger of the key projects of a place and below it, naming those that caused it. 2 queries."""
    day = as_of or timezone.localdate()
    rows = projects.projects(below(place.path) & projects.readable(by), as_of)
    held = [each for each in followed(rows, day) if each.standing is not None]
    cell = FactCell(place.subject, TRIGGER, Period(day.year))
    signal = projects_signal(rule, cell, [each.standing for each in held if each.standing is not None], within)
    late = [each.row.name for each in held if each.state == LATE]
    unstable = [each.row.name for each in held if each.state == UNSTABLE]
    words = {
        "count": len(held), "late": len(late), "unstable": len(unstable),
        "named": _("：%(names)s") % {"names": _("、").join([*late, *unstable])} if signal.culprits else "",
    }  # fmt: skip
    said = _("%(count)s 项重点工程，滞后 %(late)s 项，运行不稳定 %(unstable)s 项%(named)s") % words
    return Raised(TRIGGER, place.region.name, signal, said, "projects:list")


def signals_table(request: HttpRequest, found: tuple[Raised, ...], *, is_demo: bool) -> Table:
    columns = (
        Column("rule", _("触发")),
        Column("about", _("对象")),
        Column("level", _("预警等级")),
        Column("said", _("情况")),
    )
    rows = []
    for each in found:
        level, cause = each.signal.judgement.level, each.signal.judgement.cause
        hint = spoken(CAUSES[cause]) if cause else ""
        if cause is Cause.NOT_APPLICABLE:
            mark = Cell(_("不适用"), _("不适用"), hint=hint)
        else:
            mark = Cell(level_word(level), level_word(level), level=MARKS[level], hint=hint)
        said = text_cell(each.said, href=link(request, each.page) if each.page else "")
        rows.append(Row((text_cell(rule_word(each.rule)), text_cell(each.about), mark, said)))
    return Table("signals", _("方案写明的触发"), columns, tuple(rows), is_demo=is_demo)
