"""锅炉三位一体: which boilers are there, safe, efficient and clean; which must go, which came back?"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from shuangkong.monitoring.alarms.found import Kind
from shuangkong.monitoring.alarms.life import State
from shuangkong.monitoring.boilers import CLASSES, FOLDER, Life
from shuangkong.records.monitoring.equipment.boilers import BoilerLine, boiler_lines, boiler_numbers
from shuangkong.records.monitoring.equipment.machines import machines_to_go
from shuangkong.records.monitoring.models import Alarm, Point
from shuangkong.records.monitoring.registers.places import BOILERS
from shuangkong.records.monitoring.registers.store import readable
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.batches import batch_of
from shuangkong.web.monitoring.boiler_tables import Watch, census_table, lines_table, machines_table, removed_table
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.reappearing import FACTORS, seen_lately
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Table

#: Boilers of one page: what is told of each is asked for by their numbers.
MOST = 2_000
#: Removed boilers whose last days one page looks at.
_MOST = 200


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """The boilers of a place: census by capacity, then each with its certificate, tests and connection.

    Of a large place so many a page, and the census is of these.
    """
    today = timezone.localdate()
    seen = readable(BOILERS, acting_of(request)) & here(request, "enterprise__region__path")
    batch = batch_of(request, boiler_numbers(seen, today), MOST)
    lines = boiler_lines(Q(pk__in=batch.some), today)
    bounds = open_rulebook().parameter(f"{FOLDER}/{CLASSES}", today)
    standing = [each for each in lines if each.removal is None]
    removed = [each for each in lines if each.removal is not None]
    watch = _watch(removed)
    go = machines_to_go(seen, today)
    context = {
        "standing": len(standing),
        "removed": len(removed),
        "uncertified": sum(not each.number for each in standing),
        "untested": sum(each.efficiency is None for each in standing),
        "back": sum(bool(each.days_of_use) or _is_burning(each, watch) for each in removed),
        "is_verified": bounds.is_verified,
        "batch": batch,
        "is_demo": any(each.boiler.enterprise.region.is_fictional for each in lines),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "census_table": census_table(lines, bounds.numbers),
        "lines_table": lines_table(request, standing),
        "removed_table": removed_table(request, removed, watch, today),
        "machines_table": machines_table(request, go, today),
    }
    return page(request, "monitoring/boilers.html", context, tables)


def _watch(removed: Sequence[BoilerLine]) -> Watch:
    """5 queries and three questions to the store."""
    outlets = {each.boiler.outlet_id for each in removed if each.boiler.outlet_id}
    rows = Alarm.objects.filter(rule=Kind.REAPPEARANCE.value, outlet__in=outlets).order_by("pk")
    newest = sorted(rows, key=lambda each: each.state != State.CLOSED)
    points = Point.objects.filter(outlet__in=outlets, factor__in=FACTORS)
    alone = [each.removal for each in removed if each.removal is not None and each.is_connected and not each.is_shared]
    lately, is_up = asked(lambda: seen_lately(alone[:_MOST]), dict[int, Life | None]())
    return Watch(
        {each.outlet_id: each for each in newest}, set(points.values_list("outlet", flat=True)), lately, is_up,
        {each.pk for each in alone[_MOST:]},
    )  # fmt: skip


def _is_burning(line: BoilerLine, watch: Watch) -> bool:
    return line.removal is not None and watch.is_burning(line.removal)
