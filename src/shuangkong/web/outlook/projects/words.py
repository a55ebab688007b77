"""怎么说: the words of key projects in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.outlook.projects.family import Field
from shuangkong.outlook.projects.standing import FAULTS, Fault, Standing
from shuangkong.outlook.projects.told import Clearance, EventKind, Stage, Step
from shuangkong.records.outlook.projects.checks import ENERGY
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.emissions.words import pollutant_name
from shuangkong.web.site.words import spoken

FIELDS = {
    Field.ENERGY: lazy("节能"),
    Field.AIR: lazy("大气"),
    Field.WATER: lazy("水"),
    Field.SOIL: lazy("土壤"),
    Field.CIRCULAR: lazy("循环经济"),
    Field.PROGRAMME: lazy("专项工程"),
}
STEPS = {Step.START: lazy("开工"), Step.FINISH: lazy("建成"), Step.RUN: lazy("投运")}
STAGES = {
    Stage.WAITING: lazy("未开工"),
    Stage.BUILDING: lazy("在建"),
    Stage.FINISHED: lazy("已建成"),
    Stage.RUNNING: lazy("已投运"),
    Stage.STOPPED: lazy("停工或停运"),
}
CLEARANCES = {
    Clearance.NONE: lazy("未办"),
    Clearance.UNDER_WAY: lazy("办理中"),
    Clearance.DONE: lazy("已办结"),
    Clearance.NOT_NEEDED: lazy("不需要"),
}
EVENTS = {
    EventKind.REGISTER: lazy("列入重点工程"),
    EventKind.REVISE: lazy("变更工程内容"),
    EventKind.ASSIGN: lazy("下达减排任务"),
    EventKind.DISPATCH: lazy("月度调度"),
    EventKind.PROVE: lazy("运行证明"),
    EventKind.RETRACT: lazy("撤回一个月的填报"),
    EventKind.LINK: lazy("挂接减排项目"),
    EventKind.RELEASE: lazy("解除挂接"),
    EventKind.END: lazy("结束调度"),
    EventKind.WITHDRAW: lazy("撤销列入"),
}
FOLLOWS = {
    EventKind.DISPATCH: lazy("这个月按调度过计；同一个月再报就是更正，原来的留在记录里。"),
    EventKind.PROVE: lazy("按预警规定的月数和界线判断是否稳定运行；没有证明的月份不算正常。"),
    EventKind.RETRACT: lazy("这个月的调度和运行证明都不再算数，原来的留在记录里。"),
    EventKind.ASSIGN: lazy("列入这一年的任务，与认定的减排量比较；空着为不再下达。"),
    EventKind.LINK: lazy("核定的量计入这项工程；一个减排项目只能挂一项工程，同一减排量不计两次。"),
    EventKind.RELEASE: lazy("不再计入这项工程，可以另挂。"),
    EventKind.REVISE: lazy("从现在起按新的内容；过去日期的情况不变。"),
    EventKind.END: lazy("不再要求按月调度，也不再触发预警；认定的减排量照计。"),
    EventKind.WITHDRAW: lazy("不再是重点工程，不计任务和减排量；记录保留。"),
}
#: How a project is coloured and signed on pages: by its gravest fault.
LATE, UNSTABLE, FINE, OVER, UNJUDGED = "late", "unstable", "fine", "over", "unjudged"
#: The colour of each, after its sign and word.
MARKS = {LATE: "missed", UNSTABLE: "behind", FINE: "on_schedule", OVER: "no_data", UNJUDGED: "unjudged"}
SIGNS = {LATE: "✕", UNSTABLE: "▼", FINE: "●", OVER: "○", UNJUDGED: "◇"}
STATES = {
    LATE: lazy("滞后"),
    UNSTABLE: lazy("运行不稳定"),
    FINE: lazy("正常"),
    OVER: lazy("不再调度"),
    UNJUDGED: lazy("不能判定"),
}


def brought_word(key: str, place: str = "") -> str:
    """What a project brings: a pollutant as the place calls it, or energy."""
    return _("节能量") if key == ENERGY else pollutant_name(key, place)


def unit_of(key: str) -> str:
    return "吨标准煤" if key == ENERGY else "吨"


def family_word(key: str) -> str:
    """The name of a family; the key itself where the policy no longer has it."""
    found = open_rulebook().outlook().families.get(key)
    return spoken(found.name) if found else key


def fault_words(standing: Standing) -> list[str]:
    """Each fault in words, with what it rests on: 节点逾期未完成（投运）."""
    return [
        _("%(fault)s（%(grounds)s）")
        % {"fault": spoken(FAULTS[fault]), "grounds": _("、").join(_ground(fault, each) for each in grounds)}
        for fault, grounds in standing.faults.items()
    ]


def _ground(fault: Fault, ground: str) -> str:
    return str(STEPS[Step(ground)]) if fault is Fault.MILESTONE else ground


def done_words(done: Mapping[str, date]) -> list[str]:
    """Each milestone done with its day, in the order in which they happen."""
    return [f"{word} {done[step.value].isoformat()}" for step, word in STEPS.items() if step.value in done]


def in_ten_thousand(amount_cny: Decimal | None) -> Decimal | None:
    """Yuan as 万元."""
    return None if amount_cny is None else amount_cny / open_rulebook().units()["万元"].factor
