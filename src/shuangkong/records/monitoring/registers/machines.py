"""用能设备登记册: machines with their grade of efficiency, tests of machines and boilers, and who runs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.equipment.models import EquipmentTest, Machine, Operator
from shuangkong.records.monitoring.registers import checks, equipment_counts, words
from shuangkong.records.monitoring.registers.equipment import ENDS, ENTERPRISE, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

_ABOUT_MACHINES = frozenset({"evaluation"})
_ABOUT_BOILERS = frozenset({"environment"})
#: The sort of machines that have a capacity in kVA.
TRANSFORMER = "transformer"
_MOST_PCT = 110  # by the lower heating value a condensing boiler exceeds 100


def _once(told: Mapping[str, Any], row: int | None) -> None:
    """One code once a unit."""
    same = Machine.objects.filter(enterprise=told["enterprise"], code=told["code"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        raise Refused("MON-381", f"“{told['code']}”已登记。", f"“{told['code']}” is registered already.", "code")


def _of_transformers(told: Mapping[str, Any], row: int | None) -> None:
    """A capacity in kVA is a transformer's; what other machines draw is told in kW."""
    if told["capacity_kva"] is not None and told["sort"] != TRANSFORMER:
        zh = "额定容量（千伏安）是变压器的；其他设备填功率（千瓦）。"
        raise Refused("MON-387", zh, "A capacity in kVA is of a transformer: tell the power of others.", "capacity_kva")


def _tested(told: Mapping[str, Any], row: int | None) -> None:
    """A test is of a boiler or of a machine of the unit, on a day that was; an efficiency test tells the efficiency."""
    boiler, machine, sort = told["boiler"], told["machine"], told["sort"]
    thing = boiler or machine
    if (boiler is None) == (machine is None) or thing.enterprise_id != told["enterprise"].pk:
        zh = "锅炉和用能设备填其中一项，并且是这家企业的。"
        raise Refused("MON-382", zh, "Tell either a boiler or a machine, of this enterprise.", "boiler")
    if (sort in _ABOUT_MACHINES and machine is None) or (sort in _ABOUT_BOILERS and boiler is None):
        zh = "环保测试是锅炉的，能效评价是电梯等用能设备的。"
        raise Refused("MON-383", zh, "Environmental tests are of boilers, evaluations of machines.", "sort")
    if told["tested_on"] > timezone.localdate():
        raise Refused("MON-384", "测试日期应为今天或以前。", "Expected today or before.", "tested_on")
    value = told["efficiency_pct"]
    if sort == "efficiency" and boiler is not None and value is None:
        raise Refused(
            "MON-385", "锅炉能效测试要填测得的热效率。", "Tell the efficiency that was found.", "efficiency_pct"
        )
    if value is not None and not 0 < value <= _MOST_PCT:
        raise Refused("MON-386", f"应在 0 至 {_MOST_PCT} 之间，实为 {value}。",
                      f"Expected 0 to {_MOST_PCT}, found {value}.", "efficiency_pct")  # fmt: skip


_PLACE = ("enterprise__region", "enterprise")
MACHINES = Register(
    "machines",
    Message("电梯、电动机等用能设备", "elevators, motors and other machines"),
    Message("有哪些用能设备，能效几级，哪天前要淘汰？", "Which machines, of which grade, to go by when?"),
    Machine,
    (
        ENTERPRISE,
        Field("sort", Message("类别", "sort"), Sort.CHOICE, is_needed=True, choices=words.MACHINE_SORTS),
        Field("code", Message("编号", "code"), is_needed=True, most=40),
        Field("name", Message("名称", "name"), is_needed=True),
        Field("model", Message("型号", "model"), most=80),
        Field("power_kw", Message("功率", "power"), Sort.FIGURE, unit="kW"),
        Field("capacity_kva", Message("变压器额定容量", "rated capacity of a transformer"), Sort.FIGURE, unit="kVA"),
        Field("grade", Message("能效等级", "grade"), Sort.CHOICE, choices=words.MACHINE_GRADES),
        Field("is_catalogued", Message("在高效产品目录内", "in a catalogue of efficient models"), Sort.FLAG),
        Field("remove_by", Message("应在哪天前淘汰", "to go by"), Sort.DAY),
        Field("retrofitted_on", Message("改造完成日", "retrofitted on"), Sort.DAY),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    *_PLACE,
    checks=(checks.in_order, checks.positive("power_kw", "capacity_kva"), _once, _of_transformers),
)
TESTS = Register(
    "equipment-tests",
    Message("锅炉和用能设备测试", "tests of boilers and machines"),
    Message("哪些锅炉和设备做过测试，合格吗？", "Which boilers and machines were tested, did they pass?"),
    EquipmentTest,
    (
        ENTERPRISE,
        Field("boiler", Message("锅炉", "boiler"), Sort.BOILER),
        Field("machine", Message("用能设备", "machine"), Sort.MACHINE),
        Field("sort", Message("测试种类", "test"), Sort.CHOICE, is_needed=True, choices=words.TEST_SORTS),
        Field("tested_on", Message("测试日期", "tested on"), Sort.DAY, is_needed=True),
        Field("efficiency_pct", Message("测得效率", "efficiency"), Sort.FIGURE, unit="%"),
        Field("is_passed", Message("合格", "passed"), Sort.FLAG),
        Field("agency", Message("测试机构", "tested by"), is_needed=True, most=120),
        Field("report", Message("报告编号", "report"), most=120),
        Field("next_on", Message("下次日期", "next on"), Sort.DAY),
    ),
    Action.MONITORING_REGISTER,
    *_PLACE,
    until="",
    checks=(_tested,),
    counts=equipment_counts.tests,
)
OPERATORS = Register(
    "operators",
    Message("特种设备操作人员", "operators of special equipment"),
    Message("谁在操作锅炉等设备，培训过吗，证书到哪天？", "Who runs the equipment, trained and certified until when?"),
    Operator,
    (
        ENTERPRISE,
        Field("name", Message("姓名", "name"), is_needed=True, most=60),
        Field("sort", Message("作业种类", "sort"), Sort.CHOICE, is_needed=True, choices=words.OPERATOR_SORTS),
        Field("certificate", Message("证书编号", "certificate"), is_needed=True, most=60),
        Field("trained_on", Message("最近培训日期", "trained on"), Sort.DAY),
        Field("certified_until", Message("证书有效期至", "certified until"), Sort.DAY),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    *_PLACE,
    checks=(checks.in_order,),
    counts=equipment_counts.operators,
)
