"""虚构的重污染天气应急: a list of measures, a response that has ended with its effect, and one under way."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.outlook.weather.orders import AlertLevel, OrderKind
from shuangkong.records.notices import store as notices
from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.outlook.weather import alerts, emissions, lists
from shuangkong.records.outlook.weather.naming import regions_named

#: Tonnes a day of the whole county, invented.
_EMITTED = {"so2": "3.4", "nox": "8.6", "pm": "1.9"}
_SOURCE = "虚构·演示：大气污染源排放清单"
#: Who has acknowledged what of the first response; the second one still waits.
_READER = "plant"


def take_weather(folder: Path, cast: Cast) -> None:
    """Loads the list, gives the orders as the leader would, tells the emissions; once."""
    if alerts.alerts(Q(region=COUNTY)):
        return
    office, leader, year = cast.named("office"), cast.named("leader"), cast.today.year
    with transaction.atomic():
        told = lists.ListTold(COUNTY, year, f"澄环函〔{year}〕9号（虚构）", _SOURCE, _EMITTED)
        lists.load(_rows(folder / "weather_measures.csv"), told, office, is_demo=True)
        made: dict[str, int] = {}
        for line in lines(folder / "weather_orders.csv"):
            order = _order(line, year)
            if order.kind is OrderKind.START:
                near = regions_named(line["neighbours"])
                made[line["alert"]] = alerts.start(COUNTY, order, near, leader, is_demo=True)
            else:
                alerts.follow(made[line["alert"]], order, leader)
        first = min(made.values())
        heads, *days = _rows(folder / "weather_emissions.csv")
        daily = [[*row[:2], str(cast.today + timedelta(days=int(row[2]))), *row[3:]] for row in days]
        emissions.load(first, [heads, *daily], "虚构·演示：自动监控日报", office)
        reader = cast.named(_READER)
        for each in notices.notices(notices.about([NoticeKind.WEATHER], [first]) & notices.waits_for(reader)):
            notices.acknowledge(each.id, "已按清单执行。", reader)


def _order(line: dict[str, str], year: int) -> alerts.OrderTold:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return alerts.OrderTold(
        OrderKind(line["kind"]), midnight + timedelta(days=int(line["days"]), hours=int(line["hour"])),
        line["document"].format(year=year), line["ground"], line["signed_by"],
        AlertLevel(int(line["level"])) if line["level"] else None,
    )  # fmt: skip


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
