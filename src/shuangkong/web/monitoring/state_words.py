"""状态的说法: of what gas the figures of an outlet are, as pages say it, and what could not be reckoned for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.sent_states import sent_as, sent_spells
from shuangkong.web.monitoring.bringing import doubts, quantity_told
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import Brought
from shuangkong.web.monitoring.hours import Told
from shuangkong.web.monitoring.own_means import law_of
from shuangkong.web.site.words import figure, spoken


def states_told(outlet: Outlet, factors: Sequence[str], at: datetime) -> list[str]:
    """Of each factor that has such a state what the register says of it at a moment; those of which it says nothing
    together. 1 query, 0 where it is no outlet of gas.
    """
    if outlet.kind != Media.GAS:
        return []
    spells = sent_spells({outlet.pk})
    by: dict[str, list[str]] = {}
    for factor in factors:
        if quantity_told(factor) is not None:
            said = spoken(sent_as(spells, outlet.pk, factor, at).words)
            by.setdefault(said, []).append(factor_word(factor))
    return [
        _("%(names)s：%(state)s") % {"names": _("、").join(names), "state": said} for said, names in sorted(by.items())
    ]


def doubts_told(held: Told, first: datetime) -> list[str]:
    """Stretches of hours whose figures came in a state that could not be undone, in words, the newest last."""
    outlet = next((each.outlet for each in held.points.values() if each.outlet is not None), None)
    if outlet is None:
        return []
    found = doubts(held.values, held.points, law_of(outlet, first), first)
    return [f"{each.code} {spoken(each.message)}" for each in found]


def brought_word(brought: Brought) -> str:
    """What was sent, and what became of it."""
    state, sent = spoken(brought.sent_as.words), figure(brought.sent)
    if not brought.lacking:
        return _("设备报 %(sent)s（%(state)s），已换成标准状态的干烟气") % {"sent": sent, "state": state}
    names = _("、").join(factor_word(each) for each in brought.lacking)
    return _("设备报 %(sent)s（%(state)s），缺 %(names)s，没有换算，不作判定") % {
        "sent": sent, "state": state, "names": names,
    }  # fmt: skip
