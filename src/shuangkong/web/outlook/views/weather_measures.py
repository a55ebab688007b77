"""应急减排清单: what does each enterprise do at which level, and is it as much as must be cut?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.outlook.weather.measures import Shares, Sufficiency, sufficiency
from shuangkong.outlook.weather.orders import AlertLevel
from shuangkong.outlook.weather.share_book import shares
from shuangkong.papers.tables import FormField, SheetRefused, read_sheet, write_form
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.outlook.weather import lists
from shuangkong.records.outlook.weather.rows import ListRow
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place, choose_place, place_asked, place_of_code
from shuangkong.web.outlook.alerts import levels_of, measures_table, pollutants_of
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken


@require_GET
@needs(Action.WEATHER_READ, shows_past=True)
def measures(request: HttpRequest) -> HttpResponse:
    place = place_asked(request)
    if place is None:
        return choose_place(request, "outlook:weather_measures")
    reached(request, place.where, Action.WEATHER_READ)
    return _shown(request, place)


@require_POST
@needs(Action.WEATHER_RECORD)
def load(request: HttpRequest) -> HttpResponse:
    """Takes a list as a new version, whole or not at all."""
    form, file = request.POST, request.FILES.get("file")
    place = place_of_code(request, form.get("place", ""))
    reached(request, place.where, Action.WEATHER_READ, Action.WEATHER_RECORD)
    if not isinstance(file, UploadedFile):
        return _shown(request, place, form, _("没有收到文件。请选择填好的 .xlsx 或 .csv。"))
    pollutants = pollutants_of(place.region.code, timezone.localdate())
    told = lists.ListTold(
        place.region.code, whole(form.get("year", "")) or 0, form.get("document", ""), form.get("source", ""),
        {key: form.get(f"emitted-{key}", "") for key in pollutants},
    )  # fmt: skip
    try:
        sheet = read_sheet(file.read(), file.name or _("未命名"))
        made = lists.load(sheet.rows, told, acting_of(request), digest=sheet.digest)
    except SheetRefused as refusal:
        return _shown(request, place, form, f"{refusal.code} {spoken(Message(refusal.zh, refusal.en))}")
    except Refused as refusal:
        if refusal.code.startswith("PPL"):
            raise
        return _shown(request, place, form, f"{refusal.code} {spoken(refusal.message)}")
    messages.success(request, _("已存为清单的新版本。"))
    return redirect(link(request, "outlook:weather_measures", place=place.region.code, list=made))


@require_GET
@needs(Action.WEATHER_RECORD)
def template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    columns = lists.columns_of(acting_of(request).region, timezone.localdate())
    fields = [FormField(each.heading, each.takes, each.is_required, each.choices) for each in columns]
    return download(write_form(_("应急减排清单录入表"), fields), _("应急减排清单录入表") + ".xlsx")


def judged_shares(book: ListRow, day: date) -> tuple[tuple[Sufficiency, ...], Shares | None]:
    """Every level and pollutant of a list against what policy of a day demands; none where policy has nothing."""
    law = open_rulebook()
    try:
        required = shares(law.folder, law.layer_of(book.region, day), day)
    except NotInForce:
        return (), None
    cell = FactCell(Subject(REGION, book.region), "weather_cut", Period(book.year))
    every = book.unit_measures
    return (
        tuple(each for level in AlertLevel for each in sufficiency(every, level, book.emitted, required, cell)),
        required,
    )


def _shown(
    request: HttpRequest, place: Place, form: Mapping[str, str] | None = None, refusal: str = ""
) -> HttpResponse:
    scope, code = scope_of(request), place.region.code
    versions = lists.versions(code, scope.as_of)
    asked = whole(request.GET.get("list", ""))
    if asked is not None and asked not in {each[0] for each in versions}:
        raise Http404
    book = lists.list_of(asked, scope.as_of) if asked else lists.newest_list(code, scope.year, scope.as_of)
    day = scope.as_of or timezone.localdate()
    found, required = judged_shares(book, day) if book else ((), None)
    context: dict[str, Any] = {
        "place": place, "region": place.region, "book": book, "versions": versions, "refusal": refusal,
        "form": form or {}, "is_demo": bool(book and book.is_demo),
        "short": sum(each.is_enough is False for each in found),
        "unknown": sum(each.is_enough is None for each in found), "count": len(found),
        "may_record": not scope.as_of and may(acting_of(request), Action.WEATHER_RECORD, place.where),
        "pollutants": [(key, spoken(name)) for key, name in pollutants_of(code, day).items()], "year": day.year,
        "explained": [(each, spoken(levels_of(code, day)[each.level])) for each in found],
    }  # fmt: skip
    shown: dict[str, Table | tuple[Table, ...]] = {
        "measures_table": measures_table(book.measures if book else (), code, day, is_demo=bool(book and book.is_demo)),
        "shares_table": shares_table(found, required, code, day, is_demo=bool(book and book.is_demo)),
    }
    return page(request, "outlook/weather_measures.html", context, shown, status=422 if refusal else 200)


def shares_table(
    found: tuple[Sufficiency, ...], required: Shares | None, region: str, day: date, *, is_demo: bool
) -> Table:
    levels, pollutants = levels_of(region, day), pollutants_of(region, day)
    columns = (
        Column("level", _("响应级别")),
        Column("pollutant", _("污染物")),
        Column("cut", _("措施合计减排"), "吨/日", is_figure=True),
        Column("share", _("占全社会排放量"), "%", is_figure=True),
        Column("required", _("应达到"), "%", is_figure=True),
        Column("verdict", _("结论")),
    )
    is_doubted = required is not None and not required.clause.is_verified
    rows = tuple(
        Row(
            (
                text_cell(spoken(levels[each.level])),
                text_cell(spoken(pollutants[each.pollutant]) if each.pollutant in pollutants else each.pollutant),
                Cell(rounded_figure(each.cut_t), each.cut_t),
                Cell(MISSING if each.share_pct is None else rounded_figure(each.share_pct), each.share_pct),
                Cell(MISSING, None)
                if each.required_pct is None
                else Cell(rounded_figure(each.required_pct), each.required_pct, is_doubted=is_doubted),
                text_cell(_verdict(each)),
            )
        )
        for each in found
    )
    note = spoken(required.clause.words) if required else ""
    empty = _("还没有清单，或当日没有减排比例的规定。")
    return Table("shares", _("减排比例够不够"), columns, rows, empty, note=note, is_demo=is_demo)


def _verdict(found: Sufficiency) -> str:
    if found.is_enough is None:
        return _("不能判定：缺全社会排放量或规定的比例")
    return _("达到") if found.is_enough else _("不够")
