"""没有办成的事: what the clock could not do for some outlets, units or boilers, in words for those on duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.monitoring.models import RowFault
from shuangkong.records.monitoring.row_faults import Work, faults
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.register_tables import moment

WORKS: Mapping[Work, Promise] = {
    Work.MARKING: lazy("自动标记"),
    Work.TELLING: lazy("标记送读数库"),
    Work.JUDGING: lazy("报警判定"),
    Work.LIFE: lazy("已淘汰锅炉的核查"),
    Work.AMOUNTS: lazy("排放量月结"),
    Work.METERS: lazy("用能月结"),
    Work.RATES: lazy("传输率"),
    Work.QUALITY: lazy("环境质量评价"),
    Work.UPLOADS: lazy("企业上传数据入库"),
    Work.COMPLIANCE: lazy("达标排放率"),
}
#: What was not tried for so long is tried no more: its row is in use no longer.
_TRIED = timedelta(days=2)
_NAMED, _SAID = 3, 120


def undone(by: Acting) -> list[str]:
    """One line for each work, of the rows that the person may see. 1 query."""
    seen = visible(by, Action.MONITORING_READ, "region__path", None)
    found: dict[str, list[RowFault]] = defaultdict(list)
    for each in faults(seen & Q(last_at__gte=timezone.now() - _TRIED)):
        found[each.work].append(each)
    return [_line(work, found[work]) for work in Work if found[work]]


def _line(work: Work, rows: list[RowFault]) -> str:
    names = _("、").join(each.name for each in rows[:_NAMED]) + ("…" if len(rows) > _NAMED else "")
    return _(
        "%(work)s没有办成 %(count)s 项：%(names)s（%(at)s；%(said)s）。其余照办；每次到点再试。请核对它们的数据和登记，"
        "改正后自行恢复；仍不行请报告管理员。"
    ) % {
        "work": WORKS[work], "count": len(rows), "names": names, "at": moment(rows[0].last_at),
        "said": rows[0].said[:_SAID],
    }  # fmt: skip
