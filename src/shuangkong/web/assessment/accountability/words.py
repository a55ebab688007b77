"""The words of consequences and restrictions in both languages; a state always has a sign and a word."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from shuangkong.assessment.consequence import ActKind, GroundKind
from shuangkong.assessment.enforcement import EventKind, State
from shuangkong.core.restriction import Approval, ScopeKind, Verdict

ACTS = {
    ActKind.INTERVIEW: lazy("约谈"),
    ActKind.ACCOUNTABILITY: lazy("问责"),
    ActKind.CRITICISM_NOTICE: lazy("通报批评"),
    ActKind.REMINDER: lazy("提醒函"),
    ActKind.RECTIFICATION: lazy("限期报整改方案"),
    ActKind.SUSPENSION: lazy("暂停审批"),
    ActKind.CREDIT_RECORD: lazy("记入信用记录"),
    ActKind.CADRE_RECORD: lazy("作为干部考核依据"),
    ActKind.NO_AWARD: lazy("不得评优表彰"),
    ActKind.COMMENDATION: lazy("给予表彰"),
    ActKind.INSPECTION_LIST: lazy("列入督查范围"),
    ActKind.WORK_REPORT: lazy("向上级书面报告"),
    ActKind.DEEMED_FAILED: lazy("直接定为未完成"),
}
GROUNDS = {
    GroundKind.STATUTE: lazy("法律法规"),
    GroundKind.RULE: lazy("考核办法"),
    GroundKind.PLAN: lazy("工作方案"),
}
STATES = {
    State.PROPOSED: lazy("待决定"),
    State.DECIDED: lazy("已决定"),
    State.IN_FORCE: lazy("执行中"),
    State.ANSWERED: lazy("待验收"),
    State.CLOSED: lazy("已办结"),
    State.LIFTED: lazy("已解除"),
    State.WAIVED: lazy("不予适用"),
    State.REVOKED: lazy("已撤销"),
}
SIGNS = {
    State.PROPOSED: "○",
    State.DECIDED: "▲",
    State.IN_FORCE: "✕",
    State.ANSWERED: "▲",
    State.CLOSED: "✓",
    State.LIFTED: "✓",
    State.WAIVED: "‖",
    State.REVOKED: "‖",
}
LEVELS = {
    State.PROPOSED: "no_data",
    State.DECIDED: "behind",
    State.IN_FORCE: "missed",
    State.ANSWERED: "behind",
    State.CLOSED: "met",
    State.LIFTED: "met",
    State.WAIVED: "no_data",
    State.REVOKED: "no_data",
}
EVENTS: dict[EventKind, str | Promise] = {
    EventKind.DECIDE: lazy("决定适用"),
    EventKind.WAIVE: lazy("决定不予适用"),
    EventKind.CARRY_OUT: lazy("发出、约谈或生效"),
    EventKind.ANSWER: lazy("报送整改情况"),
    EventKind.REJECT: lazy("整改不合格"),
    EventKind.ACCEPT: lazy("整改验收合格"),
    EventKind.LIFT: lazy("解除"),
    EventKind.CLOSE: lazy("后果办结"),
    EventKind.REVOKE: lazy("撤销决定"),
}
FOLLOWS = {
    EventKind.DECIDE: lazy("转考核机关落实：发出通知、约谈留纪要，或使限批生效。"),
    EventKind.WAIVE: lazy("不再办理，理由留在记录里。"),
    EventKind.CARRY_OUT: lazy("从这天起执行。"),
    EventKind.ANSWER: lazy("等考核机关验收。"),
    EventKind.REJECT: lazy("继续整改，可以另定期限。"),
    EventKind.ACCEPT: lazy("这项后果办结。"),
    EventKind.LIFT: lazy("从这天起不再受限；别的依据的限制照旧。"),
    EventKind.CLOSE: lazy("这项后果办结。"),
    EventKind.REVOKE: lazy("从这天起不再执行，记录保留。"),
}
#: What the minutes of an interview say, and which of it takes several lines.
MINUTES = {
    "venue": lazy("约谈地点"),
    "chair": lazy("主持人"),
    "attendants": lazy("参加人员"),
    "problems": lazy("指出的问题"),
    "measures": lazy("整改承诺"),
}
LONG = frozenset({"attendants", "problems", "measures"})
#: What carrying out is called where the act has a word of its own, and what follows from it.
CARRIED_OUT = {
    ActKind.INTERVIEW: (lazy("约谈并留纪要"), lazy("纪要可以打印签字；定了期限的，整改方案验收合格才办结。")),
    ActKind.SUSPENSION: (lazy("使限批生效"), lazy("从这天起受限项目不能过审，直到解除。")),
}
APPROVALS = {
    Approval.ENERGY_REVIEW: lazy("节能审查"),
    Approval.EIA: lazy("环评审批"),
    Approval.APPROVAL_FILING: lazy("项目核准备案"),
    Approval.EQUIPMENT_REGISTRATION: lazy("特种设备使用登记"),
}
VERDICTS = {
    Verdict.MAY_NOT: ("✕", lazy("不能批"), "missed"),
    Verdict.UNDECIDED: ("○", lazy("不能判断：还有情况没有说明"), "no_data"),
    Verdict.EXCEPTIONAL: ("▲", lazy("原则上不批，例外须记录"), "behind"),
    Verdict.MAY: ("✓", lazy("没有限制"), "met"),
}
SCOPES = {
    ScopeKind.REGION: lazy("所在地区"),
    ScopeKind.PREFECTURE: lazy("设区的市"),
    ScopeKind.ZONE: lazy("所在区域"),
    ScopeKind.PARK: lazy("所在园区"),
    ScopeKind.UNIT: lazy("建设单位"),
    ScopeKind.SECTOR: lazy("所属行业"),
    ScopeKind.POLLUTANT: lazy("新增污染物"),
    ScopeKind.PRODUCT: lazy("主要产品"),
    ScopeKind.FUEL: lazy("使用燃料"),
    ScopeKind.EQUIPMENT: lazy("设备及容量"),
    ScopeKind.PROJECT_CLASS: lazy("项目类别"),
}
#: Codes of scopes that no list of the site names.
CODES = {
    "two_highs": lazy("两高项目"),
    "high_energy": lazy("高耗能项目"),
    "added_capacity": lazy("新增产能"),
    "national_planning": lazy("国家规划布局的重大项目"),
    "built_up": lazy("城市建成区"),
    "outside_built_up": lazy("建成区以外"),
    "fuel_ban": lazy("高污染燃料禁燃区"),
    "high_pollution": lazy("高污染燃料"),
    "coal_boiler": lazy("燃煤锅炉"),
    "restricted_class": lazy("限制类项目"),
    "eliminated_class": lazy("淘汰类项目"),
    "small_water_polluter": lazy("严重污染水环境的小型项目"),
    "eliminated_product": lazy("国家明令淘汰的用能产品、设备"),
}
