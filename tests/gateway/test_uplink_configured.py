"""Passing on as the site's pages say: started, stopped, sent anew; what meters counted goes as what units told."""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from centre import Centre
from django.utils import timezone
from passing_ground import CODES, MIDNIGHT, NOON, POWER, STEAM, connected, names, uploads

from actors import ADMIN
from shuangkong.cli.parts import add_part_arguments, parts_of
from shuangkong.gateway.uplink import configured
from shuangkong.gateway.uplink.configured import round_of
from shuangkong.gateway.uplink.running import with_site
from shuangkong.monitoring.metering.grid import Origin
from shuangkong.protocols.nhjc.messages import Every
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring.metering import Closed, keep
from shuangkong.records.monitoring.models import Meter, MeterClosing
from shuangkong.records.monitoring.uploads import higher
from shuangkong.records.monitoring.uploads.higher_states import states, totals
from shuangkong.records.monitoring.uploads.models import HigherPlatform, ResendOrder
from shuangkong.records.monitoring.uploads.passing_metered import metered_after
from shuangkong.records.people.acting import Acting, acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.registry.rows import RegionRow

COUNTY = "990100"
pytestmark = pytest.mark.django_db


def office() -> Acting:
    """The county's plan office."""
    registry.save_regions([RegionRow("990000", "青原市", "city"), RegionRow(COUNTY, "云桥县", "county", "990000")])
    Person.objects.create_user("office")
    number = registry.name_bodies(COUNTY, ["县发改局"])["县发改局"]
    appoint("office", Role.PLAN_OFFICE, ADMIN, "测试", number, COUNTY)
    found = acting(Person.objects.get(username="office"), timezone.localdate())
    assert found is not None
    return found


def told(port: int, **more: str) -> dict[str, str]:
    return {
        "name": "市平台", "register_url": f"http://127.0.0.1:{port}/register", "auth": "none", "valid": "true_is_valid",
        "is_dashed": "on", "day_time": "00:10:00", "keep_days": "200",
    } | more  # fmt: skip


def started(port: int, by: Acting) -> int:
    number = higher.set_platform(None, COUNTY, told(port), by, "")
    higher.start(number, by, "市里通知接通")
    return number


def passed(number: int, folder: Path, hours: int = 0) -> int | None:
    """One round; how many units were not accepted, None where nothing goes."""
    found = round_of(number, folder, lambda: NOON + timedelta(hours=hours))
    return None if found is None else len(found)


def closed(meter: Meter, *days: tuple[str, dict[str, int]], is_over: bool = False, factor: str | None = "1") -> None:
    """A month of a meter as it was closed: of each day its amount, and its hours by origin."""
    rows = [
        {"day": f"2026-03-{at:02d}", "amount": amount, "hours": hours} for at, (amount, hours) in enumerate(days, 1)
    ]
    hours = dict.fromkeys(Origin, 0)
    for row in rows:
        for name, count in row["hours"].items():
            hours[Origin[name.upper()]] += count
    amount = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
    trace = {"days": rows, "gaps": [], "factor": factor, "multiplier": "1", "events": [], "findings": []}
    month = date(2026, 3, 1)
    keep([Closed(meter=meter.pk, month=month, through=date(2026, 3, len(days)), is_over=is_over, amount=amount,
                 unit="kwh" if factor else "", hours=hours, trace=trace)])  # fmt: skip


def metered(credit_code: str, item: str = POWER) -> Meter:
    unit = Enterprise.objects.get(credit_code=credit_code)
    return Meter.objects.create(
        enterprise=unit,
        item=item,
        name="总表",
        carrier="electricity",
        unit="万kWh",
        level=1,
        starts_on=date(2026, 1, 1),
    )


def test_it_goes_while_it_is_started_and_each_act_stands_in_the_journal(tmp_path: Path) -> None:
    by, centre, held = office(), Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, 10, 20)
    with centre.serving() as port:
        number = higher.set_platform(None, COUNTY, told(port), by, "")
        assert passed(number, tmp_path) is None, "a new one stands still"
        higher.start(number, by, "市里通知接通")
        assert passed(number, tmp_path) == 0
        [state] = states(number)
        assert (state.step, state.accepted, state.owed, state.aside, state.reason) == ("data", 2, 0, 0, "")
        higher.stop(number, by, "市平台检修")
        uploads(held, 10, 25)
        assert passed(number, tmp_path, 1) is None
        higher.start(number, by, "检修完")
        assert passed(number, tmp_path, 2) == 0
        assert centre.came == 3
    assert totals([number])[number].accepted == 2
    acts = list(JournalRow.objects.filter(act__startswith="monitoring.platform").values_list("act", flat=True))
    assert acts == [f"monitoring.platform_{act}" for act in ("set", "start", "stop", "start")]


def test_figures_since_a_day_go_again_where_somebody_orders_it(tmp_path: Path) -> None:
    by, centre, held = office(), Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, 10, 20, 30)
    with centre.serving() as port:
        number = started(port, by)
        passed(number, tmp_path)
        centre.items.clear()
        since = (MIDNIGHT + timedelta(days=1)).date()
        higher.resend(number, CODES[0], since, by, "市平台丢了数")
        for hours in (1, 2):
            assert passed(number, tmp_path, hours) == 0
        assert sorted(centre.items.values()) == [20, 30]
        order = ResendOrder.objects.get()
        assert (order.figures, order.done_at is not None) == (2, True)
        with pytest.raises(Refused, match="MON-284 credit_code"):
            higher.resend(number, CODES[1], since, by, "没有这家")


def test_another_address_is_registered_with_anew_and_gets_all_from_the_beginning(tmp_path: Path) -> None:
    by, before, after, held = office(), Centre(), Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, 10, 20)
    with before.serving() as old, after.serving() as new:
        number = started(old, by)
        assert passed(number, tmp_path) == 0
        came = before.came
        higher.set_platform(number, COUNTY, told(new), by, "市里换了平台")
        assert passed(number, tmp_path, 1) == 0
        assert (before.came, after.came) == (came, came)
        [state] = states(number)
        assert (state.accepted, state.owed) == (2, 0)
        higher.set_platform(number, COUNTY, told(new, name="市平台（新）"), by, "改名")
        assert passed(number, tmp_path, 2) == 0
        assert after.came == came, "another name is the same platform"


def test_what_a_platform_refuses_is_told_with_when_it_is_asked_again(tmp_path: Path) -> None:
    by, centre, held = office(), Centre(), connected(CODES[0])
    names(held, POWER)
    uploads(held, 10, 20, 30)
    bad = str(MIDNIGHT + timedelta(days=1))
    centre.rejects = {bad}
    with centre.serving() as port:
        number = started(port, by)
        passed(number, tmp_path)
        [state] = states(number)
        assert (state.accepted, state.owed, state.aside) == (2, 1, 1)
        assert json.loads(state.refused) == [{"code": POWER, "every": 1, "starts": bad, "value": "20"}]
        centre.rejects, centre.refuses = set(), 1
        uploads(held, 11, 20, 30)
        assert passed(number, tmp_path) == 1
        [state] = states(number)
        assert (state.reason, state.next_at is not None) == ("忙", True)


def test_what_meters_counted_goes_in_the_meters_unit_and_what_the_unit_tells_goes_before(tmp_path: Path) -> None:
    by, centre, held = office(), Centre(), connected(CODES[0])
    Enterprise.objects.create(name="只有表", region_id=COUNTY, credit_code=CODES[1])
    meter = metered(CODES[1])
    whole, half, none = {"measured": 24}, {"measured": 12, "open": 12}, {"open": 24}
    closed(meter, ("240000", whole), ("120000", half), ("0", none), factor="10000")
    names(held, STEAM)
    days = [str(MIDNIGHT.replace(day=day)) for day in (1, 2, 3)]
    with centre.serving() as port:
        number = started(port, by)
        assert passed(number, tmp_path) == 0
        assert centre.items == {(POWER, 1, days[0]): 24, (POWER, 1, days[1]): 12}, "a day that nobody knows is no zero"
        closed(meter, ("240000", whole), ("250000", whole), ("10000", whole), is_over=True, factor="10000")
        passed(number, tmp_path, 1)
        assert centre.items[POWER, 1, days[1]] == 25
        assert centre.items[POWER, int(Every.MONTH), days[0]] == 50
        assert centre.came == 5, "what has not changed goes once"
        # The unit's own access end tells the same item: its figure counts, whatever is closed of the meter later.
        own = connected(CODES[1])
        names(own, POWER)
        uploads(own, 26)
        passed(number, tmp_path, 2)
        assert centre.items[POWER, 1, days[1]] == 26
        closed(meter, ("250000", whole), ("270000", whole), ("10000", whole), is_over=True, factor="10000")
        passed(number, tmp_path, 3)
        assert (centre.items[POWER, 1, days[0]], centre.items[POWER, 1, days[1]]) == (25, 26)
        closed(meter, ("9", whole), factor=None)
        asked = len(centre.asked)
        passed(number, tmp_path, 4)
        assert len(centre.asked) == asked, "what no unit fits is no figure"


def test_an_item_whose_meter_was_registered_anew_in_the_month_has_the_amounts_of_both() -> None:
    office()
    unit = Enterprise.objects.create(name="换登记", region_id=COUNTY, credit_code=CODES[1])
    first, whole, none = metered(CODES[1]), {"measured": 24}, dict[str, int]()
    Meter.objects.filter(pk=first.pk).update(ends_on=date(2026, 3, 2))
    later = Meter.objects.create(
        enterprise=unit, item=POWER, name="新表", carrier="electricity", unit="kWh", level=1,
        starts_on=date(2026, 3, 3),
    )  # fmt: skip

    def told(number: int = 0) -> list[tuple[str, int, Decimal, bool]]:
        _at, figures = metered_after(unit.pk, number, 400)
        return [(each.every.name, each.starts.day, each.value, each.is_valid) for each in figures]

    closed(first, ("240000", whole), ("120000", whole), ("0", none), is_over=True, factor="10000")
    assert told()[-1] == ("MONTH", 1, Decimal(36), False), "the other has not been closed yet"
    seen = MeterClosing.objects.latest("pk").pk
    closed(later, ("0", none), ("0", none), ("50000", whole), is_over=True, factor="1")
    days = [("DAY", 1, Decimal(240000), True), ("DAY", 2, Decimal(120000), True), ("DAY", 3, Decimal(50000), True)]
    assert told(seen) == told() == [*days, ("MONTH", 1, Decimal(410000), True)], "in the unit of the newest"
    closed(first, ("240000", whole), ("0", {"open": 24}), ("0", none), is_over=True, factor="10000")
    assert told()[-1] == ("MONTH", 1, Decimal(290000), False)
    closed(first, ("9", whole), is_over=True, factor=None)
    assert told() == [days[2], ("MONTH", 1, Decimal(50000), False)], "what no unit fits is lacking"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", ""), ("register_url", "ftp://x"), ("register_url", "https://"), ("auth", "basic"), ("auth", "token"),
        ("ca", "x"), ("valid", "1"), ("day_time", "25:00"), ("units", "1"), ("keep_days", "30"), ("keep_days", "x"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_at_their_field(field: str, text: str) -> None:
    by = office()
    with pytest.raises(Refused) as caught:
        higher.set_platform(None, COUNTY, told(9, **{field: text}), by, "")
    assert (caught.value.code, caught.value.field) == ("MON-284", "token" if text == "token" else field)
    assert not HigherPlatform.objects.exists()


def test_a_token_is_kept_sealed_and_said_nowhere() -> None:
    by = office()
    number = higher.set_platform(None, COUNTY, told(9, auth="token", token="abc-secret"), by, "")
    higher.set_platform(number, COUNTY, told(9, auth="token", name="省平台"), by, "改名")
    platform = HigherPlatform.objects.get()
    assert platform.name == "省平台"
    assert b"abc-secret" not in bytes(platform.token or b"")
    assert not any("abc-secret" in str(row.after) for row in JournalRow.objects.all())


def test_a_platform_that_is_started_later_is_taken_up_and_one_that_is_stopped_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that finds its platform stopped is its last; one that starts again begins anew, without a restart."""
    started: set[int] = {1}
    rounds: list[int] = []

    def round_of_one(number: int, *_: object, **__: object) -> tuple[object, ...] | None:
        rounds.append(number)
        return () if number in started else None

    monkeypatch.setattr(configured, "ROUND", 0.01)
    monkeypatch.setattr(configured, "platforms_on", lambda: [SimpleNamespace(pk=each) for each in sorted(started)])
    monkeypatch.setattr(configured, "round_of", round_of_one)

    async def until(number: int, count: int) -> None:
        async with asyncio.timeout(20):
            while rounds.count(number) < count:
                await asyncio.sleep(0.01)

    async def play() -> None:
        work = asyncio.create_task(configured.pass_on_configured(tmp_path, lambda: NOON, lambda _: None))
        await until(1, 2)
        started.add(2)
        await until(2, 2)
        started.remove(1)
        await asyncio.sleep(0.2)
        seen = rounds.count(1)
        await until(2, rounds.count(2) + 3)
        assert rounds.count(1) == seen, "nobody asks about a platform that is stopped"
        started.add(1)
        await until(1, seen + 1)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    asyncio.run(play())


def test_it_runs_beside_the_site_unless_it_is_not_wanted() -> None:
    parser = argparse.ArgumentParser()
    add_part_arguments(parser)
    words = ["--no-store", "--gateway", "none"]
    assert [part.words for part in parts_of(parser.parse_args(words))] == [("uplink",)]
    assert parts_of(parser.parse_args([*words, "--no-uplink"])) == ()


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk I/O error")])
def test_a_full_disk_is_told_and_tried_again(fault: Exception) -> None:
    said: list[str] = []

    def work() -> None:
        raise fault

    with_site(work, said.append)
    assert said[0].startswith("UPL-902")
    assert str(fault) in said[0]
