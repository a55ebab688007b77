"""The words of tables in and out, in both languages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.plans.exchange.out import Export
from shuangkong.records.plans.exchange.rows import Mode, Sort, Verdict

SORTS = {
    Sort.TASKS: lazy("另行交办的任务"),
    Sort.OWNERS: lazy("归口单位"),
    Sort.PROGRESS: lazy("任务进展"),
    Sort.BODIES: lazy("责任单位和别名"),
    Sort.ENTERPRISES: lazy("企业和外部编号"),
    Sort.APPOINTMENTS: lazy("人员授权"),
}
MODES = {
    Mode.WHOLE: lazy("有一行不收，就都不录入"),
    Mode.ACCEPTED: lazy("只录入收下的行"),
}
VERDICTS = {
    Verdict.REFUSED: lazy("不收"),
    Verdict.NEW: lazy("新增"),
    Verdict.SAME: lazy("已录入过"),
}
EXPORTS = {
    Export.TASKS: lazy("任务清单"),
    Export.EVENTS: lazy("办理过程"),
    Export.BODIES: lazy("责任单位"),
    Export.ENTERPRISES: lazy("企业名录"),
}
