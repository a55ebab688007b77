"""What was done, in words: the acts of the journal. An act that is not here is shown by its code."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.people.roles import Action
from shuangkong.web.people.words import ACTIONS

_ACTS: dict[str, str | Promise] = {
    "plan.add": lazy("补入条目"),
    "plan.attach": lazy("存入原文"),
    "plan.audit": lazy("重新审核"),
    "people.make": lazy("新建人员"),
    "people.withdraw": lazy("收回授权"),
    "region.add": lazy("登记乡镇"),
    "region.succeed": lazy("登记地区沿革"),
    "body.distinguish": lazy("认定不是同一单位"),
    "body.succeed": lazy("登记单位沿革"),
    "enterprise.change": lazy("变更企业"),
    "enterprise.close": lazy("企业关停"),
    "enterprise.reopen": lazy("企业恢复"),
    "enterprise.body": lazy("开通企业填报"),
    "enterprise.succeed": lazy("登记企业沿革"),
    "enterprise.identify": lazy("登记外部编号"),
    "enterprise.unidentify": lazy("停用外部编号"),
    "enterprise.confirm": lazy("认定同一企业"),
    "enterprise.distinguish": lazy("认定不是同一企业"),
}


def act_word(act: str) -> str:
    """An act that the table of access names bears its name there."""
    if act in _ACTS:
        return str(_ACTS[act])
    return str(ACTIONS[Action(act)]) if act in set(Action) else act
