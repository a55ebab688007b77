"""The words of assessments in both languages; a state always has a sign and a word beside its colour."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.assessment.table import Grade
from shuangkong.assessment.year import EventKind, State
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.sheets import table_of
from shuangkong.web.site.words import spoken

STATES = {
    State.PLANNED: lazy("未启动"),
    State.LAUNCHED: lazy("自查中"),
    State.SUBMITTED: lazy("待书面审核"),
    State.REVIEWED: lazy("已书面审核"),
    State.ON_SITE: lazy("现场核查中"),
    State.CHECKED: lazy("核查完毕"),
    State.PROPOSED: lazy("结果已提出"),
    State.APPROVED: lazy("已批准结果"),
    State.ANNOUNCED: lazy("已公布结果"),
    State.ARCHIVED: lazy("已归档"),
    State.CANCELLED: lazy("已取消考核"),
}
SIGNS = {
    State.PLANNED: "○",
    State.LAUNCHED: "○",
    State.SUBMITTED: "▲",
    State.REVIEWED: "▲",
    State.ON_SITE: "▲",
    State.CHECKED: "▲",
    State.PROPOSED: "▲",
    State.APPROVED: "●",
    State.ANNOUNCED: "✓",
    State.ARCHIVED: "✓",
    State.CANCELLED: "‖",
}
#: The colours of the site for each state; they come after sign and word.
LEVELS = {
    State.PLANNED: "no_data",
    State.LAUNCHED: "no_data",
    State.SUBMITTED: "behind",
    State.REVIEWED: "behind",
    State.ON_SITE: "behind",
    State.CHECKED: "behind",
    State.PROPOSED: "behind",
    State.APPROVED: "on_schedule",
    State.ANNOUNCED: "met",
    State.ARCHIVED: "met",
    State.CANCELLED: "no_data",
}
EVENTS: dict[EventKind, str | Promise] = {
    EventKind.LAUNCH: lazy("启动考核"),
    EventKind.SUBMIT: lazy("报送自查报告"),
    EventKind.RETURN: lazy("退回补正"),
    EventKind.REVIEW: lazy("书面审核"),
    EventKind.DRAW: lazy("抽中现场核查"),
    EventKind.PASS_OVER: lazy("未抽中现场核查"),
    EventKind.CHECK: lazy("现场核查完毕"),
    EventKind.PROPOSE: lazy("提出考核结果"),
    EventKind.OBJECT: lazy("提出异议"),
    EventKind.DISMISS: lazy("异议不成立（考核）"),
    EventKind.UPHOLD: lazy("异议成立，重新评分"),
    EventKind.APPROVE: lazy("批准考核结果"),
    EventKind.ANNOUNCE: lazy("公布考核结果"),
    EventKind.CORRECT: lazy("更正公布"),
    EventKind.ARCHIVE: lazy("归档"),
    EventKind.CANCEL: lazy("取消考核"),
}
FOLLOWS = {
    EventKind.SUBMIT: lazy("报送后自评不能再改，等考核机关书面审核；缺的材料可以被退回补。"),
    EventKind.RETURN: lazy("回到自查，考核对象补正后重新报送。"),
    EventKind.REVIEW: lazy("等抽签：抽中的现场核查，其余的直接评分。"),
    EventKind.CHECK: lazy("可以提出结果。核查发现的，先在审核打分里改。"),
    EventKind.PROPOSE: lazy("按现在的数据和打分算出等级并留存计分表；考核对象在异议期内可以申辩。"),
    EventKind.OBJECT: lazy("异议答复之前不能批准。"),
    EventKind.DISMISS: lazy("这条异议了结，理由留在记录里。"),
    EventKind.UPHOLD: lazy("回到评分，改正后重新提出结果。"),
    EventKind.APPROVE: lazy("转考核机关行文公布。"),
    EventKind.ANNOUNCE: lazy("结果按文号生效；此后数据有变只提示，不改结果。"),
    EventKind.CORRECT: lazy("按现在的数据重新算出等级，另行文号；原来的结果留在记录里。"),
    EventKind.ARCHIVE: lazy("不再办理；以后发现错误仍可更正公布。"),
    EventKind.CANCEL: lazy("不再考核，理由留在记录里。"),
}
SUBJECTS = {
    "region": lazy("地区"),
    "department": lazy("部门"),
    "sector": lazy("行业"),
    "unit": lazy("用能单位"),
    "state_enterprise": lazy("国有企业"),
    "park": lazy("园区"),
    "institution": lazy("公共机构"),
    "grid_company": lazy("电网企业"),
}


def grade_word(row: AssessmentRow, grade: str) -> str:
    """A grade by its name in the table; "" for none."""
    return spoken(table_of(row).grade(grade).name) if grade else ""


def grades_word(possible: tuple[Grade, ...]) -> str:
    """The grade, or those that remain possible."""
    names = [spoken(each.name) for each in possible]
    return names[0] if len(names) == 1 else _("未定：%(names)s") % {"names": _("、").join(names)}


def title(row: AssessmentRow) -> str:
    """What it is called: the year and the table."""
    return _("%(year)s年 %(table)s") % {"year": row.period.year, "table": spoken(table_of(row).name)}
