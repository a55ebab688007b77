"""统计范围和沿革: who entered or left 规上, who was merged or renamed, and what does it do to the figures?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.records.facts.movements import Became, Movement, movements, successions
from shuangkong.records.facts.rows import ObservationRow, SubjectRow
from shuangkong.records.facts.scopes import scope_names
from shuangkong.records.facts.store import observations
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import Change
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.periods import by_time, period_word
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, spoken

#: What tells how much a unit counts in the totals of its scope.
ENERGY = "unit_energy_consumption"
_EFFECTS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    Change.RENAMED: (lazy("更名"), lazy("数列接着用，不断")),
    Change.MERGED: (lazy("合并"), lazy("以前各期取各前身之和；变更当期两边都报的，缺")),
    Change.SPLIT: (lazy("分立"), lazy("以前的数拆不开，缺；以后分别计")),
    "": (lazy("区划变更"), lazy("以前各期取各前身之和；分给几家的缺")),
}


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def scopes(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names and all below it, else of the person's own."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:scopes")
    scope = scope_of(request)
    day = scope.as_of or timezone.localdate()
    years = (scope.year,) if scope.year else (day.year - 1, day.year)
    readable = Readable(acting_of(request), place.path)
    every = [each for each in movements(place.path, scope.as_of) if each.on.year in years]
    moved = [each for each in every if readable.has_row(each.subject)]
    every_one = [each for each in successions(place.path, scope.as_of) if each.on.year in years]
    became = [each for each in every_one if readable.has_row(each.before) and readable.has_row(each.after)]
    told = observations([ENERGY], [each.subject.key for each in moved], scope.as_of)
    is_demo = any(row.is_demo for row in told)
    return page(
        request,
        "indicators/scopes.html",
        {
            "place": place,
            "region": place.region,
            "entered": sum(not each.is_leaving for each in moved),
            "left": sum(each.is_leaving for each in moved),
            "became": len(became),
            "years": years,
            "unnamed": len(every) + len(every_one) - len(moved) - len(became),
            "day": day,
            "is_demo": is_demo,
            "may_record": may(acting_of(request), Action.ACTUAL_LOAD, place.where),
        },
        {
            "scopes_table": _moved_table(request, moved, told, is_demo=is_demo),
            "successions_table": _became_table(request, became),
        },
    )


def _moved_table(
    request: HttpRequest, moved: Sequence[Movement], told: Sequence[ObservationRow], *, is_demo: bool
) -> Table:
    rule, names = open_rulebook().indicator_rules()[ENERGY], scope_names()
    columns = (
        Column("on", _("自何日起")),
        Column("subject", _("对象")),
        Column("scope", _("统计范围")),
        Column("what", _("变动")),
        Column("before", _("上年综合能源消费量"), rule.display, is_figure=True),
        Column("now", _("当年综合能源消费量"), rule.display, is_figure=True),
        Column("effect", _("对总数的影响")),
        Column("document", _("依据文件")),
    )
    rows = tuple(
        Row(
            (
                _day(each.on),
                _subject(request, each.subject),
                text_cell(spoken(names[each.scope]) if each.scope in names else each.scope),
                text_cell(_("退出") if each.is_leaving else _("纳入")),
                _amount(told, each, each.on.year - 1),
                _amount(told, each, each.on.year),
                text_cell(_effect(each)),
                text_cell(each.document),
            )
        )
        for each in moved
    )
    note = _("比较两年总数时，先看进出的单位占多少：同比应按两年都在范围内的单位算")
    return Table("scopes", _("进出统计范围"), columns, rows, _("没有登记过进出。"), note, is_demo=is_demo)


def _effect(each: Movement) -> str:
    return _("本年起不计入：上年数含它") if each.is_leaving else _("本年起计入：上年数不含它")


def _amount(told: Sequence[ObservationRow], moved: Movement, year: int) -> TableCell:
    """Of a whole year, or of its longest months to date, which are named on hover."""
    of_year = [
        row
        for row in told
        if (row.subject_kind, row.subject_code) == moved.subject.key
        and row.state is State.VALUE
        and Period.parse(row.period).year == year
    ]
    if not of_year:
        return TableCell(MISSING, hint=_("没有录入"))
    row = max(of_year, key=lambda each: by_time(Period.parse(each.period)))
    return TableCell(figure(row.value), row.value, hint=f"{period_word(Period.parse(row.period))} · {row.source}")


def _became_table(request: HttpRequest, became: Sequence[Became]) -> Table:
    columns = (
        Column("on", _("自何日起")),
        Column("before", _("前身")),
        Column("what", _("变动")),
        Column("after", _("后来")),
        Column("effect", _("对数列的影响")),
        Column("document", _("依据文件")),
    )
    rows = tuple(
        Row(
            (
                _day(each.on),
                _subject(request, each.before),
                text_cell(str(_EFFECTS[each.kind][0])),
                _subject(request, each.after),
                text_cell(str(_EFFECTS[each.kind][1])),
                text_cell(each.document),
            )
        )
        for each in became
    )
    return Table("successions", _("更名、合并、分立"), columns, rows, _("没有登记过更名、合并、分立。"))


def _subject(request: HttpRequest, row: SubjectRow) -> TableCell:
    if row.kind == "region":
        return text_cell(row.name, href=link(request, "indicators:figures", place=row.code))
    return text_cell(row.name, href=link(request, "indicators:series", ENERGY, f"{row.kind}:{row.code}"))


def _day(on: date) -> TableCell:
    return TableCell(on.isoformat(), on)
