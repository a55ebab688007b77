"""监测计划登记册: which results are due how often, so that what was published has a denominator that nobody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import MonitoringPlan
from shuangkong.records.monitoring.registers import checks, words
from shuangkong.records.monitoring.registers.equipment import ENDS, FACTOR, OUTLET, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused


def _plan(told: Mapping[str, Any], row: int | None) -> None:
    """Of an outlet of an enterprise; one frequency of a factor and sort at a time."""
    if told["outlet"].enterprise_id is None:
        zh = "监测结果由企业公布：请选企业的排放口。"
        raise Refused("MON-340", zh, "Enterprises publish results: choose an outlet of one.", "outlet")
    same = MonitoringPlan.objects.filter(**{key: told[key] for key in ("outlet", "factor", "sort")})
    if same.filter(checks.overlapping(told)).exclude(pk=row or 0).exists():
        zh = "这个因子这段时间已登记频次。请先结束原来的那一行。"
        raise Refused("MON-341", zh, "A frequency of it is registered for that time: end that row first.", "factor")


MONITORING_PLANS = Register(
    "monitoring-plans",
    Message("监测和公布计划", "plans of monitoring"),
    Message("每个排放口哪些因子、多久该监测并公布一次？", "Which factors are to be monitored and published how often?"),
    MonitoringPlan,
    (
        OUTLET,
        FACTOR,
        Field("sort", Message("类别", "sort"), Sort.CHOICE, is_needed=True, choices=words.PUBLICATION_SORTS),
        Field("frequency", Message("频次", "frequency"), Sort.CHOICE, is_needed=True, choices=words.FREQUENCIES),
        Field("document", Message("依据", "ground"), most=200),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "outlet__region",
    "outlet__enterprise",
    checks=(checks.in_order, _plan),
)
