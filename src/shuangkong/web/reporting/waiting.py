"""暂缓和没算成的: what the clock puts off in a rush, and of which returns it could not tell the sums."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.reporting.pace import LATER, LISTS, SUMS, put_off
from shuangkong.records.reporting.unsummed import Unsummed, unsummed
from shuangkong.web.reporting.words import form_name, period_word
from shuangkong.web.site.words import spoken

_MOST = 20
_LINES = {
    LISTS: lazy("填报高峰：%(at)s 起暂缓更新应报名单，系统会自动补上。"),
    LATER: lazy("填报高峰：%(at)s 起暂缓把新到的数与已报的表对照，系统会自动补查。"),
    SUMS: lazy("填报高峰：%(at)s 起暂缓重新合计地区数，系统会自动补算。"),
}


def put_off_lines(*names: str) -> list[str]:
    """What of these is put off, and since when. 1 query."""
    since = put_off()
    return [
        str(_LINES[name]) % {"at": f"{timezone.localtime(since[name]):%Y-%m-%d %H:%M}"}
        for name in names
        if name in since
    ]


def left_out(among: Q) -> list[dict[str, Any]]:
    """Returns that meet a condition and are not in the sums, the longest known first. 1 query."""
    return [_line(each) for each in unsummed(among, _MOST)]


def _line(each: Unsummed) -> dict[str, Any]:
    name = f"{each.reporter} · {form_name(each.form, each.period)} {period_word(each.period)}"
    since = _("%(at)s 起") % {"at": f"{timezone.localtime(each.since):%Y-%m-%d %H:%M}"}
    return {"id": each.owned, "name": name, "code": each.code, "why": spoken(each.why), "since": since}
