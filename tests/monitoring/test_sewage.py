"""Plants with thin influent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shuangkong.core.dated import NotInForce
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.sewage import thin_influent

D = Decimal


def test_below_the_least_a_plan_is_asked_for(law: MonitoringLaw) -> None:
    least = law.influent_bod(date(2024, 1, 1))
    assert not least.is_verified
    months = {date(2024, n, 1): value for n, value in enumerate((D(99), D(100), None, D("99.9"), D(80)), 1)}
    found = thin_influent(months, least.number)
    assert found.months == (date(2024, 1, 1), date(2024, 4, 1), date(2024, 5, 1))
    assert (found.unknown, found.lowest, found.running, found.needs_plan) == ((date(2024, 3, 1),), D(80), 2, True)
    assert not thin_influent({date(2024, 1, 1): D(100)}, least.number).needs_plan
    assert thin_influent({}, least.number).lowest is None


def test_it_is_dated(law: MonitoringLaw) -> None:
    with pytest.raises(NotInForce):
        law.influent_bod(date(2020, 12, 31))
