"""报表的说明: what a reader has to know of a report: whose figures they are, what was left out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.web.monitoring.codes import factor_word


@dataclass(slots=True)
class Counts:
    """Of the hours of a report, so many.

    Of single factors: ``differing`` by the device's conversion and ours, ``own`` means of ours, ``reckoned`` flows,
    ``brought`` to dry gas at standard state and ``doubtful`` that could not be, ``lacking`` any valid figure,
    ``impossible`` with one below zero. Of the outlet: ``dropped`` without conversion, ``partly_air`` with a doubtful
    one, ``hours`` in all, ``flow_hours`` with a flow.
    """

    differing: int = 0
    own: int = 0
    reckoned: int = 0
    lacking: int = 0
    brought: int = 0
    doubtful: int = 0
    impossible: int = 0
    dropped: int = 0
    partly_air: int = 0
    hours: int = 0
    flow_hours: int = 0


def notes(counts: Counts, references: Sequence[tuple[date, Decimal]], without: AbstractSet[str]) -> list[str]:
    """In the order of the page.

    Args:
        references: each oxygen that concentrations are converted to in the time, with its first day; none: they are
            not.
        without: codes of the pollutants in the report that have no amounts.
    """
    said = []
    if references:
        told = f"{references[0][1]:f}"
        for day, each in references[1:]:
            told = _("%(o2)s%%、自 %(day)s 起 %(next)s") % {"o2": told, "day": day.isoformat(), "next": f"{each:f}"}
        said.append(_("折算浓度按基准氧含量 %(o2)s%%，设备报了的以设备的为准。") % {"o2": told})
    if counts.differing:
        said.append(_("%(count)s 个小时设备的折算浓度与本系统重算的不一致，超出允许差。") % {"count": counts.differing})
    if references and counts.dropped:
        said.append(
            _("%(count)s 个小时的氧含量如空气，或在校准、维护、故障中，不作折算；实测照报。")
            % {"count": counts.dropped}
        )
    if counts.partly_air:
        said.append(
            _("%(count)s 个小时部分分钟氧含量如空气，折算值可疑（标“部分如空气”）；界线由本项目拟定，只作提示。")
            % {"count": counts.partly_air}
        )
    if counts.brought:
        said.append(
            _("%(count)s 个因子小时设备按湿基或工况报，已换成标准状态的干烟气；设备对它们的折算没有采用。")
            % {"count": counts.brought}
        )
    if counts.doubtful:
        said.append(
            _("%(count)s 个因子小时设备按湿基或工况报，缺烟气温度、压力或湿度，没有换算，没有计入（标“状态不明”）。")
            % {"count": counts.doubtful}
        )
    if counts.impossible:
        said.append(
            _("%(count)s 个小时的浓度或流量是负值，不是量，没有计入均值和排放量（标“负值”）。")
            % {"count": counts.impossible}
        )
    if counts.own:
        said.append(_("%(count)s 个因子小时设备没有报均值，按它的分钟数据自算（标“自算”）。") % {"count": counts.own})
    if counts.reckoned:
        said.append(
            _("%(count)s 个小时没有报标干流量，按流速、截面积和烟气状态推算（标“流量推算”）。")
            % {"count": counts.reckoned}
        )
    if counts.lacking:
        said.append(
            _("%(count)s 个因子小时没有有效数据，没有计入均值和排放量；替代见排放量核算。") % {"count": counts.lacking}
        )
    if not counts.flow_hours and counts.hours:
        said.append(_("没有流量数据，不能算排放量。"))
    names = _("、").join(factor_word(each) for each in sorted(without))
    if names:
        said.append(_("%(names)s 没有排放量。") % {"names": names})
    return said
