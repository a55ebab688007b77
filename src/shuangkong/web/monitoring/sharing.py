"""联网共享: boilers, kilns and vehicles' test stations whose data reach the platform, of those on the register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.rates.coverage import Standing, Thing
from shuangkong.monitoring.rates.share import Share
from shuangkong.records.monitoring.models import Boiler, TestStation
from shuangkong.records.monitoring.registers.words import BOILER_SORTS
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken


def stations_shared(condition: Q, day: date) -> Iterator[Standing]:
    """移动源: each test station in use on a day, connected where the register says that its data come. 1 query."""
    for each in TestStation.objects.filter(condition, _in_use(day)).order_by("pk"):
        since = each.starts_on if each.is_shared else None
        yield Standing(each.name, Thing.MOBILE_SOURCE, each.starts_on, since, since, each.ends_on)


def shared_of(boilers: Q, stations: Q, day: date) -> list[tuple[str, Share]]:
    """Word of each sort, and those that share of those in use on a day. 2 queries."""
    told = list(Boiler.objects.filter(boilers, _in_use(day)).values_list("sort", "is_shared"))
    made = [
        (spoken(word), Share(sum(shared for own, shared in told if own == sort), sum(own == sort for own, _ in told)))
        for sort, word in BOILER_SORTS.items()
    ]
    tests = list(TestStation.objects.filter(stations, _in_use(day)).values_list("is_shared", flat=True))
    return [*made, (_("机动车检测站"), Share(sum(tests), len(tests)))]


def _in_use(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def shared_table(found: list[tuple[str, Share]]) -> Table:
    columns = (
        Column("thing", _("对象")),
        Column("told", _("在册"), _("个"), is_figure=True),
        Column("shared", _("已联网共享"), _("个"), is_figure=True),
        Column("rate", _("共享率"), "%", is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(word),
                Cell(str(share.whole), share.whole),
                Cell(str(share.part), share.part),
                Cell(MISSING, None, hint=_("没有登记"))
                if share.pct is None
                else Cell(rounded_figure(share.pct), rounded(share.pct, 2)),
            )
        )
        for word, share in found
    )
    note = _("按登记册的“联网共享”计；移动源的联网率也按机动车检测站计。")
    return Table("shared", _("锅炉、窑炉和检测站的联网共享"), columns, rows, "", note)
