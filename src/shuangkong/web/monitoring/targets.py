"""目标: that of a rate on a day, where one is in force."""

from __future__ import annotations

from datetime import date

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.rates.book import Target


def target_of(law: MonitoringLaw, rate: Target, day: date) -> DatedValue | None:
    """The target on a day; None where none is in force."""
    try:
        return law.target(rate, day)
    except NotInForce:
        return None
