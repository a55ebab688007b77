"""出应急响应令: one order as an official paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from shuangkong.outlook.weather.orders import OrderKind
from shuangkong.papers.official.paper import Issue
from shuangkong.papers.outlook.weather_order import WeatherOrderInput, weather_order_docx
from shuangkong.records.outlook.weather.lists import list_of
from shuangkong.records.outlook.weather.rows import AlertRow, OrderRow
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.web.outlook.alerts import levels_of
from shuangkong.web.outlook.views.weather import found_or_404
from shuangkong.web.plans.papers.issuing import issue_fields
from shuangkong.web.plans.papers.making import Made, basis, made
from shuangkong.web.plans.papers.offering import Offer, answer
from shuangkong.web.site.access import acting_of, needs


@require_http_methods(["GET", "POST"])
@needs(Action.PAPER_MAKE)
def paper(request: HttpRequest, alert_id: int, order_id: int) -> HttpResponse:
    row, acting, today = found_or_404(request, alert_id), acting_of(request), timezone.localdate()
    require(acting, Action.PAPER_MAKE, row.where)
    order = next((each for each in row.orders if each.id == order_id), None)
    if order is None:
        raise Http404
    fields = issue_fields(f"{row.region_name}人民政府", timezone.localdate(order.starts_at), "")
    return answer(
        request,
        Offer(_("重污染天气应急响应令"), row.region_name, fields),
        lambda issue, form: make_order(row, order, issue, acting, today),
    )


def make_order(row: AlertRow, order: OrderRow, issue: Issue, by: Acting, on: date) -> Made:
    """The paper of one order; ``on`` is today. ~6 queries.

    Raises:
        Forbidden: the person makes no papers there.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.PAPER_MAKE, row.where)
    book = list_of(order.list) if order.list and order.kind is not OrderKind.END else None
    at = timezone.localtime(order.starts_at)
    levels = levels_of(row.region, at.date())
    with override("zh-hans"):
        given = WeatherOrderInput(
            issue=issue if issue.number else _numbered(issue, order.document),
            basis=basis(on, [book.document] if book else (), is_demo=row.is_demo, is_fictional=row.is_fictional),
            place=row.region_name,
            kind=order.kind,
            level=levels[order.level].zh if order.level else "",
            starts_at=f"{at.year}年{at.month}月{at.day}日{at.hour}时" + (f"{at.minute}分" if at.minute else ""),
            ground=order.ground,
            signed_by=order.signed_by,
            measures=tuple(f"{each.name}{each.process}：{each.action}。" for each in book.at_level(order.level))
            if book and order.level
            else (),
        )
    return made(
        given, f"paper/weather/{row.id}/{order.id}", row.path, by,
        lambda sealed, templates: (weather_order_docx(sealed, templates), None),
    )  # fmt: skip


def _numbered(issue: Issue, number: str) -> Issue:
    """The order bears its number, whether or not the form says it again."""
    return replace(issue, number=number)
