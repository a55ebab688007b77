"""我的报表: what do I owe, and by when?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting import store
from shuangkong.records.reporting.models import Agent
from shuangkong.records.reporting.reminding import reminded
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.life import NOT_DUE, OWED
from shuangkong.reporting.life_standing import Clock
from shuangkong.reporting.reminders import STAGES, Stage
from shuangkong.web.reporting.petition_page import waiting_words
from shuangkong.web.reporting.words import CLOCKS, MARKS, SIGNS, STATES, clock_of, form_word, only_first, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_SHOWN = 120


@require_GET
@needs(Action.RETURN_READ)
def mine(request: HttpRequest) -> HttpResponse:
    """What the person's bodies owe first, by its last day; then what they have filed."""
    acting = acting_of(request)
    own, today = own_condition(acting), timezone.localdate()
    owing, came = own & Q(state__in=OWED), own & ~Q(state__in=(*OWED, *NOT_DUE))
    owed = store.returns(owing, store.BY_DAY_OWED, "pk", count=_SHOWN)
    late = Q(held_on=None) & (Q(redo_by__lt=today) | Q(redo_by=None, due__lt=today))
    filed = store.returns(came, "-first_month", "form", "pk", count=_SHOWN)
    owed_count, filed_count = (_count(rows, condition) for rows, condition in ((owed, owing), (filed, came)))
    told = reminded(row.id for row in owed)
    asked = waiting_words(owed)
    units = store.reporters_of(own)
    context = {
        "owed": [_told(row, told.get(row.id, ())) | {"asked": asked.get(row.id, "")} for row in owed],
        "owed_count": owed_count,
        "owed_note": only_first(len(owed), owed_count),
        "late": _count(owed, owing & late, [row for row in owed if clock_of(row) is Clock.LATE]),
        "units": units,
        "many": len(units) > 1,
        "may_file": may(acting, Action.RETURN_FILE),
        "is_office": may(acting, Action.RETURN_REVIEW),
    }
    table = _filed(request, filed, only_first(len(filed), filed_count), many=len(units) > 1)
    return page(request, "reporting/mine.html", context, {"filed_table": table})


def _count(
    shown: tuple[ReturnRow, ...], condition: Q, those: tuple[ReturnRow, ...] | list[ReturnRow] | None = None
) -> int:
    """How many there are: those among what is shown where that is all, else counted by the database."""
    return len(shown if those is None else those) if len(shown) < _SHOWN else store.count_of(condition)


def own_condition(acting: Acting) -> Q:
    """Returns of the person's own bodies, and of those they file for. 1 query."""
    today = timezone.localdate()
    agreed = Agent.objects.filter(store.agents_on(today), body__in=acting.bodies).values_list("reporter", flat=True)
    return Q(reporter__body__in=acting.bodies) | Q(reporter__in=list(agreed))


def _told(row: ReturnRow, reminders: tuple[tuple[Stage, date, str], ...]) -> dict[str, object]:
    said = clock_of(row)
    return {
        "row": row, "form": form_word(row), "period": period_word(row.period), "state": STATES[row.state],
        "clock": CLOCKS[said], "mark": MARKS[said], "sign": SIGNS[said], "due": row.standing.owed_by,
        "reminded": [(on, spoken(STAGES[stage])) for stage, on, _who in reminders[:2]],
        "days": (row.standing.owed_by - timezone.localdate()).days if row.standing.owed_by else None,
    }  # fmt: skip


def _filed(request: HttpRequest, rows: tuple[ReturnRow, ...], note: str, *, many: bool) -> Table:
    columns = (
        Column("form", _("报表")), Column("period", _("报告期")),
        *((Column("unit", _("单位")),) if many else ()),
        Column("state", _("办理情况")), Column("clock", _("时效")), Column("version", _("版次"), is_figure=True),
    )  # fmt: skip
    return Table(
        "filed", _("报过的报表"), columns, tuple(_row(request, row, many=many) for row in rows),
        empty=_("还没有报过。报上去的会在这里，可以看审核到哪一步、打印回执。"),
        is_demo=any(row.is_demo for row in rows), note=note,
    )  # fmt: skip


def _row(request: HttpRequest, row: ReturnRow, *, many: bool) -> Row:
    said = clock_of(row)
    return Row(
        (
            text_cell(form_word(row), href=link(request, "reporting:return", row.id)),
            Cell(period_word(row.period), row.period),
            *((text_cell(row.reporter.name),) if many else ()),
            Cell(str(STATES[row.state]), str(STATES[row.state])),
            Cell(f"{SIGNS[said]} {CLOCKS[said]}", str(CLOCKS[said])),
            Cell(str(row.versions), row.versions),
        )
    )
