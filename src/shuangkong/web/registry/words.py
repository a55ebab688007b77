"""The words of the register of enterprises, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.registry.enterprises.acts import Succession
from shuangkong.records.registry.enterprises.rows import EnterpriseEventKind, System
from shuangkong.rulebook import open_rulebook

EVENTS: Mapping[EnterpriseEventKind, str | Promise] = {
    EnterpriseEventKind.REGISTER: lazy("登记"),
    EnterpriseEventKind.CHANGE: lazy("变更"),
    EnterpriseEventKind.CLOSE: lazy("关停"),
    EnterpriseEventKind.REOPEN: lazy("恢复"),
    EnterpriseEventKind.BODY: lazy("开通填报"),
}
SYSTEMS: Mapping[System, str | Promise] = {
    System.PERMIT: lazy("排污许可证编号"),
    System.STATISTICS: lazy("环境统计编号"),
    System.CENSUS: lazy("污染源普查编号"),
    System.ENERGY: lazy("重点用能单位编号"),
    System.MONITORING: lazy("自动监控编号"),
}
SUCCESSIONS: Mapping[Succession, str | Promise] = {
    Succession.MERGED: lazy("并入"),
    Succession.SPLIT: lazy("分出"),
}
#: What an event can move.
CHANGED: Mapping[str, str | Promise] = {
    "name": lazy("名称"),
    "credit_code": lazy("统一社会信用代码"),
    "region": lazy("地区"),
    "industry": lazy("行业"),
    "body": lazy("填报单位"),
    "is_open": lazy("运行状态"),
}


def industry_words(code: str) -> str:
    """An industry with its code; "" for none."""
    found = open_rulebook().industries().get(code)
    return f"{code} {found.name}" if found else code
