"""虚构的分解: the county shares a target out to its towns in two ways, adopts one, and makes the letters."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from django.db.models import Q

from shuangkong.cli.demo.cast import Cast, lines
from shuangkong.papers.official.paper import Issue
from shuangkong.plans.reading import Kind
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.acts import adopt, record_scenario
from shuangkong.records.targets.decomposition.models import Decomposition
from shuangkong.records.targets.decomposition.opening import open_of_target
from shuangkong.records.targets.decomposition.rows import Said, Wanted
from shuangkong.targets.trajectory import Course
from shuangkong.web.targets.decomposition.letter import make_letter
from shuangkong.web.targets.decomposition.proposed import of_annex

_GROUND, _DOCUMENT, _INDICATOR = "虚构·演示", "澄府办〔虚构〕7号", "cod_total"


def take_decomposition(path: Path, plan: PlanRow, cast: Cast) -> None:
    """Equal rates beside quality and projects first; the second is adopted. Once."""
    if Decomposition.objects.filter(plan=plan.id).exists():
        return
    office = cast.named("office")
    target = next(
        row
        for row in targets.targets(plan.id)
        if (row.indicator, row.kind) == (_INDICATOR, Kind.REDUCTION_RATE) and row.table is None
    )
    opened = open_of_target(target.id, office, _GROUND)
    head = store.decomposition(opened)
    assert head is not None
    told = {line["receiver"]: line for line in lines(path)}
    receivers = tuple(
        replace(
            each,
            criteria={key: Decimal(value) for key, value in told[each.name].items() if key != "receiver"},
        )
        for each in of_annex(head)
    )
    plain = Wanted(name="等比例", rule="equal_rate", receivers=receivers, course=Course.LINEAR)
    record_scenario(opened, plain, office)
    chosen = record_scenario(opened, replace(plain, name="质量优先、项目优先", rule="quality_first"), office)
    adopt(opened, chosen, Said(_GROUND, _DOCUMENT), office)
    _make_letters(opened, chosen, plan, cast)


def _make_letters(opened: int, chosen: int, plan: PlanRow, cast: Cast) -> None:
    head, office = store.decomposition(opened), cast.named("office")
    assert head is not None
    period = f"{min(max(cast.today.year, head.base_year + 1), head.end_year)}年度"
    for share in store.shares(Q(scenario=chosen)):
        make_letter(head, share, period, Issue(plan.issuer or head.region_name, cast.today), office, cast.today)
