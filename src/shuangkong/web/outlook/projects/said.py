"""一件事说了什么: the content of an event in one line of words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuangkong.outlook.projects.told import (
    Assignment,
    Content,
    Linked,
    MonthTold,
    Particulars,
    Proof,
    Retracted,
    Revision,
)
from shuangkong.web.indicators.emissions.words import tonnes
from shuangkong.web.outlook.projects.words import STAGES, brought_word, done_words, family_word, in_ten_thousand
from shuangkong.web.site.words import rounded_figure


def said_of(content: Content, place: str) -> str:
    """ "" where the event says all by itself."""
    match content:
        case Particulars(name=name, family=family):
            return f"{name}（{family_word(family)}）"
        case Revision(changed):
            return _("改动：%(fields)s") % {"fields": _("、").join(field_word(each) for each in changed)}
        case Assignment(pollutant, year, amount):
            words = {"year": year, "what": brought_word(pollutant, place), "amount": tonnes(amount)}
            return _("%(year)s 年%(what)s %(amount)s 吨") % words
        case MonthTold():
            return _month(content)
        case Proof(month, running, compliant):
            words = {"month": month, "running": rounded_figure(running), "compliant": rounded_figure(compliant)}
            return _("%(month)s：投运率 %(running)s%%，达标率 %(compliant)s%%") % words
        case Retracted(month):
            return month
        case Linked(reduction):
            return _("第 %(number)s 号减排项目") % {"number": reduction}
    return ""


def _month(told: MonthTold) -> str:
    found = [str(STAGES[told.stage])]
    if told.progress_pct is not None:
        found.append(_("形象进度 %(share)s%%") % {"share": rounded_figure(told.progress_pct)})
    if told.invested_cny is not None:
        found.append(_("累计投资 %(amount)s 万元") % {"amount": rounded_figure(in_ten_thousand(told.invested_cny))})
    found += done_words(told.done)
    return _("%(month)s：%(said)s") % {"month": told.month, "said": _("，").join(found)}


def field_word(field: str) -> str:
    """What a field of the particulars is called."""
    words = {
        "name": _("工程名称"), "family": _("工程类别"), "since": _("首次调度月份"), "milestones": _("节点期限"),
        "expected": _("预期减排"), "source": _("污染源代码"), "outlet": _("排放口"), "measure": _("措施类别"),
        "task": _("对应方案任务的编号"), "investment_cny": _("总投资"), "funding": _("资金来源"),
        "ppp": _("PPP 方式"), "land": _("土地手续"), "approval": _("审批手续"),
    }  # fmt: skip
    return words[field]
