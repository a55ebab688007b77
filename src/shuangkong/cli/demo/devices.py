"""演示设备: what the invented stations measured before lies in the log as it came; they go on telling by the clock.

They are a part of their own beside the site. What they tell from today on goes the way of real devices: acknowledged by
the gateway, kept as evidence, read into the store. When all is read alarms are judged and amounts closed.
"""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

#: Where it is kept up to which day the stations have told.
_KEPT = "demo_monitoring.json"
_LOOK, _PATIENCE = 2.0, 600.0
_AGAIN = 600.0
_LATELY = timedelta(hours=50)
#: How far back alarms are judged: what nobody looked at in all that time would be too many.
_JUDGED = timedelta(days=14)
#: Minutes are told of so long before today; of the days before only hours and days.
_MINUTES = timedelta(days=2)

if TYPE_CHECKING:
    from shuangkong.gateway.simulated.counts import Counts


def play(address: str) -> int:
    """Until it is told to stop; ``address``: the gateway's, host:port."""
    from shuangkong.cli.simulate import in_loop, named_address
    from shuangkong.cli.site import open_site

    open_site()
    from django.conf import settings

    from shuangkong.cli.demo.monitoring import since, sites
    from shuangkong.gateway.simulated.running import Play, run_cast, station_clock
    from shuangkong.monitoring.wire_codes import hj212_codes
    from shuangkong.rulebook import open_rulebook

    cast, kept = sites(settings.DEMO_FOLDER / "fictional"), settings.VAR / _KEPT
    today = station_clock().date()
    first = max(_told_until(kept) or date.min, since(today))

    async def follow(_: Counts) -> None:
        await _judge_when_told()
        while True:
            _keep_until(kept, station_clock().date())
            await asyncio.sleep(_AGAIN)

    wanted = Play(first, today, report_s=0, minutes_from=today - _MINUTES)
    codes = hj212_codes(open_rulebook().folder)
    in_loop(run_cast(cast, codes, named_address(address), wanted, _say, [follow]))
    return 0


def tell_history() -> None:
    """Writes what was told before now into the log, while no gateway has it open; where nothing was told yet."""
    from django.conf import settings

    from shuangkong.cli.demo.history import write_history
    from shuangkong.cli.demo.monitoring import since, sites
    from shuangkong.gateway.simulated.running import station_clock
    from shuangkong.monitoring.wire_codes import hj212_codes
    from shuangkong.rulebook import open_rulebook

    cast, now = sites(settings.DEMO_FOLDER / "fictional"), station_clock()
    codes = hj212_codes(open_rulebook().folder)
    if write_history(settings.EVIDENCE_FOLDER, cast, codes, since(now.date()), now):
        _keep_until(settings.VAR / _KEPT, now.date())


def _keep_until(kept: Path, day: date) -> None:
    kept.write_text(json.dumps({"until": day.isoformat()}), encoding="utf-8")


def _told_until(kept: Path) -> date | None:
    """The day up to which everything was told before; None: nothing was."""
    try:
        return date.fromisoformat(json.loads(kept.read_text(encoding="utf-8"))["until"])
    except (OSError, ValueError, KeyError):
        return None


async def _judge_when_told() -> None:
    """Waits until what is told has come into the store, then judges it all."""
    ends, before = monotonic() + _PATIENCE, -1
    while monotonic() < ends:
        lately = await asyncio.to_thread(_came)
        if lately and lately == before:
            break
        before = lately
        await asyncio.sleep(_LOOK)
    await asyncio.to_thread(_judge)


def _came() -> int:
    """How many hours of the last days the store has, 0 until every outlet has some: the latest are told last."""
    from django.db import close_old_connections
    from django.db.models import Q
    from django.utils import timezone

    from shuangkong.cli.demo.cast import COUNTY
    from shuangkong.readings.columns import Kind
    from shuangkong.records.monitoring.models import Point
    from shuangkong.web.monitoring.data import Value, asked, values

    close_old_connections()
    outlets = dict(Point.objects.filter(Q(outlet__region__path__contains=COUNTY)).values_list("pk", "outlet"))
    now = timezone.now()
    found, _ = asked(lambda: values(set(outlets), Kind.HOUR, ("avg",), now - _LATELY, now), tuple[Value, ...]())
    return len(found) if {outlets[each.point] for each in found} == set(outlets.values()) else 0


def _judge() -> None:
    """Alarms of the last while, amounts of the month that is over and of that which runs, and what a clock does."""
    from django.conf import settings
    from django.db import OperationalError, close_old_connections
    from django.utils import timezone

    from shuangkong.cli import main
    from shuangkong.cli.demo.cast import Cast
    from shuangkong.cli.demo.lost_hours import fill_lost_hours
    from shuangkong.cli.demo.monitoring import since
    from shuangkong.readings.wire.client import StoreDown, StoreRefused
    from shuangkong.records.monitoring.arrivals import judged
    from shuangkong.web.monitoring import closing, metered_closing
    from shuangkong.web.monitoring.judging import judge

    close_old_connections()
    # All of the history came now, and only the last while of it is judged.
    judged(timezone.now())
    try:
        found, closed, metered = judge(_JUDGED), closing.close_due(), metered_closing.close_due()
        # What no rule fills of the month that is over was measured by hand, and the month is closed anew.
        today = timezone.localdate()
        fill_lost_hours(since(today), Cast(settings.DEMO_FOLDER / "fictional", today).named("environment"))
        closing.close(since(today))
    except (StoreDown, StoreRefused, OperationalError) as fault:
        _say(f"演示数据暂未判定，到点再判：{fault}。Not judged now, but at the next tick.")
        return
    main(["tick"])
    _say(
        f"演示的监测数据已到齐：新报警 {found.new} 条，排放量 {closed.kept} 项，用能量 {metered.kept} 项。"
        f" The demo's readings have come: {found.new} new alarms, {closed.kept} amounts, {metered.kept} of meters."
    )


def _say(line: str) -> None:
    print(f"· {line}", flush=True)
