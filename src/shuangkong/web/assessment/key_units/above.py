"""不在名单的用能大户: units that use as much as a key user by their accepted returns and stand on no published list."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.records.paths import below
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting.consumed import Unlisted, limits_on, unlisted
from shuangkong.records.reporting.store import readable
from shuangkong.reporting.key_units.told import Limits
from shuangkong.web.reporting.words import period_word
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import rounded_figure, spoken, unit_word

_TCE = "吨标准煤"


def unlisted_table(request: HttpRequest, day: date) -> Table | None:
    """The table, of the returns that the person may read; None for who reads none, for a day of the past, or where no
    rule says from how much on a unit is a key user. ~8 queries."""
    scope, acting = scope_of(request), acting_of(request)
    if scope.as_of is not None or not may(acting, Action.RETURN_READ):
        return None
    limits = limits_on(day, scope.place)
    if limits is None:
        return None
    among = readable(acting)
    if scope.place:
        among &= below(path_of(scope.place) or "/?/")
    return _table(request, unlisted(among, limits, day), limits)


def _table(request: HttpRequest, found: tuple[Unlisted, ...], limits: Limits) -> Table:
    columns = (
        Column("unit", _("用能单位")), Column("region", _("地区")), Column("industry", _("行业")),
        Column("used", _("年综合能耗"), unit_word(_TCE), is_figure=True), Column("range", _("在哪一档")),
        Column("return", _("依据哪份报表")),
    )  # fmt: skip
    note = "" if limits.is_verified else _("界限尚未与原文核对。")
    empty = _("没有：已接收的报表里，达到界限的单位都在名单。看得到的只限您能看的报表。")
    return Table(
        "unlisted", _("达到界限而不在名单的单位"), columns, tuple(_row(request, each, limits) for each in found),
        empty=empty, note=note, is_demo=any(each.reporter.is_fictional for each in found),
    )  # fmt: skip


def _row(request: HttpRequest, each: Unlisted, limits: Limits) -> Row:
    used, who = each.used, each.reporter
    span = period_word(used.period)
    if not used.is_whole:
        span = _("%(period)s（年初至今）") % {"period": span}
    found = limits.range_of(used.value)
    return Row(
        (
            text_cell(who.name, href=link(request, "reporting:unit", who.id)), text_cell(who.region_name),
            text_cell(who.industry), Cell(rounded_figure(used.value), used.value),
            text_cell(spoken(found) if found else ""),
            text_cell(span, href=link(request, "reporting:return", used.owned)),
        )
    )  # fmt: skip
