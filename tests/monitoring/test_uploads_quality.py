"""Completeness of days and their sum against the month's own figure."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.monitoring.uploads.book import upload_rule
from shuangkong.monitoring.uploads.quality import completeness_pct, month_quality
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.protocols.nhjc.profile import Auth
from shuangkong.rulebook import open_rulebook

MARCH = date(2026, 3, 1)
DAYS = [MARCH + timedelta(days=at) for at in range(31)]
APRIL = date(2026, 4, 1)


def test_a_whole_month_is_held_against_its_own_figure() -> None:
    found = month_quality(MARCH, dict.fromkeys(DAYS, Decimal(10)), Decimal(300), due_from=MARCH, today=APRIL)
    assert (found.completeness_pct, found.days_sum) == (100, 310)
    assert found.deviation_pct is not None
    assert round(found.deviation_pct, 4) == Decimal("3.3333")


def test_a_missing_day_is_no_zero() -> None:
    days = {each: Decimal(10) for each in DAYS if each.day != 5}
    found = month_quality(MARCH, days, Decimal(300), due_from=MARCH, today=APRIL)
    assert found.missing == (date(2026, 3, 5),)
    assert found.deviation_pct is None
    zero = month_quality(MARCH, dict.fromkeys(DAYS, Decimal(0)), Decimal(0), due_from=MARCH, today=APRIL)
    assert (zero.days_sum, zero.completeness_pct, zero.deviation_pct) == (0, 100, None)


def test_what_is_not_due_yet_is_not_missing() -> None:
    found = month_quality(MARCH, {}, None, due_from=date(2026, 3, 10), today=date(2026, 3, 12))
    assert (found.due, found.told, found.days_sum) == (2, 0, None)
    assert month_quality(MARCH, {}, None, due_from=APRIL, today=APRIL).completeness_pct is None


def test_bounds_of_the_unit_itself() -> None:
    days = dict.fromkeys(DAYS, Decimal(10)) | {DAYS[3]: Decimal(99), DAYS[4]: Decimal(-1)}
    found = month_quality(MARCH, days, None, due_from=MARCH, today=APRIL, low=Decimal(0), high=Decimal(50))
    assert found.out_of_bounds == (DAYS[3], DAYS[4])


@given(st.sets(st.sampled_from(DAYS)), st.sets(st.sampled_from(DAYS)))
def test_items_together_weigh_every_day_the_same(one: set[date], other: set[date]) -> None:
    found = [
        month_quality(MARCH, dict.fromkeys(told, Decimal(1)), None, due_from=MARCH, today=APRIL)
        for told in (one, other)
    ]
    assert completeness_pct(found) == Decimal(100 * (len(one) + len(other))) / 62


def test_a_place_may_ask_for_a_token_in_a_field_of_its_own(tmp_path: Path) -> None:
    own = open_rulebook().folder.root / "national"
    (tmp_path / "national" / "monitoring").mkdir(parents=True)
    for name in ("layer.yaml", "monitoring/upload_profile.yaml"):
        shutil.copy(own / name, tmp_path / "national" / name)
    shutil.copytree(own / "sources", tmp_path / "national" / "sources")
    assert upload_rule(PolicyFolder(tmp_path), "national").profile.auth is Auth.NONE
    with (tmp_path / "national/monitoring/upload_profile.yaml").open("a", encoding="utf-8") as file:
        file.write("auth: token\ntoken_field: ak\n")
    profile = upload_rule(PolicyFolder(tmp_path), "national").profile
    assert (profile.auth, profile.token_field) == (Auth.TOKEN, "ak")
