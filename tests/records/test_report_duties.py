"""Who owes a form follows who enters, leaves, moves and merges while its window is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.source_code import source_code
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE as SCOPE
from shuangkong.records.facts.scopes import enter, leave
from shuangkong.records.facts.scopes import register as register_subjects
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.enterprises.acts import (
    Succession,
    change_enterprise,
    close_enterprise,
    register_enterprise,
    succeed_enterprise,
)
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.models import EnterpriseEvent
from shuangkong.records.reporting.boards import tallies
from shuangkong.records.reporting.counting import tallies_then
from shuangkong.records.reporting.models import Agent, Return, Window
from shuangkong.records.reporting.register import cover
from shuangkong.records.reporting.store import one
from shuangkong.records.reporting.windows import follow_windows, open_window, refresh

pytestmark = pytest.mark.django_db
IN, AFTER = date(2026, 9, 15), date(2026, 10, 5)
type Change = Callable[[site.Site], None]


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        found = site.settle()
        EnterpriseEvent.objects.update(on=date(2020, 1, 1))
        yield found


def new_unit(on: date) -> int:
    number = register_enterprise(ParticularsRow("云桥新材有限公司", site.COUNTY, "", "3011"), site.ADMIN, "测试", on)
    register_subjects([SubjectRow("unit", source_code(number), "云桥新材有限公司", site.COUNTY)], "测试", site.ADMIN)
    enter(("unit", source_code(number)), SCOPE, on, "测试", site.ADMIN)
    return number


def code(held: site.Site, which: str) -> tuple[str, str]:
    return ("unit", source_code(held.enterprises[which]))


def gone_from_scope(on: date) -> Change:
    return lambda held: leave(code(held, "one"), SCOPE, on, "测试", site.ADMIN)


def closed(on: date) -> Change:
    return lambda held: close_enterprise(held.enterprises["one"], site.ADMIN, "测试", on)


def merged(on: date) -> Change:
    return lambda held: succeed_enterprise(
        held.enterprises["one"], held.enterprises["other"], Succession.MERGED, on, "批复", site.ADMIN
    )


def moved(on: date) -> Change:
    told = ParticularsRow("青云水泥有限公司", site.OTHER, "", "3011")
    return lambda held: change_enterprise(held.enterprises["one"], told, site.ADMIN, "测试", on)


#: What happened → who owes the month then, and where the first unit's return is counted.
TABLE: dict[str, tuple[Change, set[str], str]] = {
    "nothing": (lambda held: None, {"one", "other"}, site.COUNTY),
    "entered within the month": (
        lambda held: held.enterprises.update(new=new_unit(IN)),
        {"one", "other", "new"},
        site.COUNTY,
    ),
    "entered after it": (lambda held: held.enterprises.update(new=new_unit(AFTER)), {"one", "other"}, site.COUNTY),
    "left within the month": (gone_from_scope(IN), {"other"}, ""),
    "left after it": (gone_from_scope(AFTER), {"one", "other"}, site.COUNTY),
    "closed within the month": (closed(IN), {"other"}, ""),
    "closed after it": (closed(AFTER), {"one", "other"}, site.COUNTY),
    "merged within the month": (merged(IN), {"other"}, ""),
    "merged after it": (merged(AFTER), {"one", "other"}, site.COUNTY),
    "moved within the month": (moved(IN), {"one", "other"}, site.OTHER),
    "moved after it": (moved(AFTER), {"one", "other"}, site.COUNTY),
}


def owing(held: site.Site) -> dict[str, str]:
    """Unit → region that its return is counted in, of those that owe it."""
    named = {number: name for name, number in held.enterprises.items()}
    rows = Return.objects.filter(window=held.window).exclude(state="cancelled")
    return {named[row.reporter.enterprise_id or 0]: row.path.strip("/").split("/")[-1] for row in rows}


@pytest.mark.parametrize("what", TABLE)
def test_duties_follow(settled: site.Site, what: str) -> None:
    change, owed, place = TABLE[what]
    before = dict(settled.enterprises)
    change(settled)
    refresh(settled.window, site.by("province"))
    found = owing(settled)
    assert set(found) == owed
    assert found.get("one", "") == place
    chain = Return.objects.get(pk=settled.one).chain
    if place:
        assert chain.split() == [place, site.CITY, site.PROVINCE]
    assert refresh(settled.window, site.by("province")) == (0, 0), "done twice it changes nothing"
    settled.enterprises.clear()
    settled.enterprises.update(before)


def test_whoever_is_listed_late_has_days_to_file(settled: site.Site) -> None:
    Return.objects.update(due=timezone.localdate())
    Window.objects.update(due=timezone.localdate())
    number = new_unit(IN)
    assert follow_windows(timezone.localdate()) == 1
    assert follow_windows(timezone.localdate()) == 0, "once a day"
    assert Return.objects.get(reporter__enterprise=number).due == timezone.localdate() + timedelta(days=10)


def test_whoever_comes_back_owes_it_again(settled: site.Site) -> None:
    leave(code(settled, "one"), SCOPE, IN, "测试", site.ADMIN)
    assert refresh(settled.window, site.by("province")) == (0, 1)
    cover(one(settled.one).reporter.id, site.FORM, site.by("province"), "抽中", IN)  # type: ignore[union-attr]
    assert refresh(settled.window, site.by("province")) == (1, 0)
    by = ("window", "path")
    assert tallies_then(Q(), by, timezone.localdate()) == tallies(Q(), by, timezone.localdate())


def test_the_successor_files_what_a_merged_unit_owed(settled: site.Site) -> None:
    merged(AFTER)(settled)
    refresh(settled.window, site.by("province"))
    assert list(Agent.objects.values_list("may_sign", "decided_by")) == [(True, "system")]
    row = one(settled.one)
    assert row is not None
    assert may(site.by("other-signatory"), Action.RETURN_SIGN, row.where_signed)


def test_a_unit_that_moved_is_found_by_the_window_of_the_place_it_was_in(settled: site.Site) -> None:
    moved(AFTER)(settled)
    old = open_window(site.FORM, "2026-08", site.COUNTY, site.by("county"), site.DUE)
    new = open_window(site.FORM, "2026-10", site.OTHER, site.by("next"), site.DUE)
    assert Return.objects.filter(window=old, reporter__enterprise=settled.enterprises["one"]).exists()
    assert Return.objects.filter(window=new).count() == 1
