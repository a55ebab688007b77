"""The words of commendations in both languages; a state always has a sign and a word beside its colour."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.assessment.commendation import EventKind, Honoured, State
from shuangkong.records.assessment.commendation.rows import CommendationRow
from shuangkong.web.site.words import MISSING

KINDS = {
    Honoured.REGION: lazy("地区"),
    Honoured.DEPARTMENT: lazy("部门"),
    Honoured.UNIT: lazy("单位"),
    Honoured.ENTERPRISE: lazy("企业"),
    Honoured.PERSON: lazy("个人"),
}
STATES = {
    State.PROPOSED: lazy("待公示"),
    State.PUBLICISED: lazy("公示中"),
    State.APPROVED: lazy("已批准"),
    State.ANNOUNCED: lazy("已公布"),
    State.WITHDRAWN: lazy("未予表彰"),
    State.REVOKED: lazy("已撤销表彰"),
}
SIGNS = {
    State.PROPOSED: "○",
    State.PUBLICISED: "▲",
    State.APPROVED: "●",
    State.ANNOUNCED: "✓",
    State.WITHDRAWN: "‖",
    State.REVOKED: "✕",
}
#: The colours of the site for each state; they come after sign and word.
LEVELS = {
    State.PROPOSED: "behind",
    State.PUBLICISED: "behind",
    State.APPROVED: "on_schedule",
    State.ANNOUNCED: "met",
    State.WITHDRAWN: "no_data",
    State.REVOKED: "missed",
}
EVENTS = {
    EventKind.PROPOSE: lazy("提出表彰"),
    EventKind.PUBLICISE: lazy("开始公示"),
    EventKind.OBJECT: lazy("记录异议"),
    EventKind.DISMISS: lazy("异议不成立"),
    EventKind.UPHOLD: lazy("异议成立"),
    EventKind.APPROVE: lazy("批准表彰"),
    EventKind.ANNOUNCE: lazy("公布表彰"),
    EventKind.WITHDRAW: lazy("不予表彰"),
    EventKind.REVOKE: lazy("撤销表彰"),
}


def yuan(amount: Decimal | None) -> str:
    """An amount in yuan with its thousands parted; "—" where there is none."""
    return MISSING if amount is None else f"{amount:,f}"


def labels(row: CommendationRow) -> str:
    """What a workbook and a list must say of its data."""
    told = ((_("演示数据"), row.is_demo), (_("虚构"), row.is_fictional))
    return "、".join(label for label, holds in told if holds)
