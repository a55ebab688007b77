"""公布率: results published of those due (self-monitoring), units published of those monitored (supervisory)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shuangkong.monitoring.rates.share import Share


@dataclass(frozen=True, slots=True)
class Result:
    """One result of self-monitoring that was due: unit × outlet × item × period.

    Attributes:
        is_published: in time and in full; what was published late counts only where the rules of the place say so.
    """

    unit: str
    outlet: str
    item: str
    period: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class Supervised:
    """Supervisory monitoring of one unit in one quarter."""

    unit: str
    quarter: str
    is_published: bool


def self_monitoring(results: Iterable[Result]) -> Share:
    """企业自行监测结果公布率; a result told twice counts once, published if either was."""
    told: dict[tuple[str, str, str, str], bool] = {}
    for each in results:
        key = (each.unit, each.outlet, each.item, each.period)
        told[key] = told.get(key, False) or each.is_published
    return Share(sum(told.values()), len(told))


def supervisory(monitored: Iterable[Supervised]) -> Share:
    """污染源监督性监测结果公布率: units × quarters published, of those monitored."""
    told: dict[tuple[str, str], bool] = {}
    for each in monitored:
        told[each.unit, each.quarter] = told.get((each.unit, each.quarter), False) or each.is_published
    return Share(sum(told.values()), len(told))
