"""到期的运维，怎么说: what is overdue or due soon at an outlet, in the words of its own page."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from shuangkong.monitoring.findings import OVERDUE_UPKEEP, finding
from shuangkong.monitoring.upkeep import Soon
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.registers.words import SERVICE_SORTS
from shuangkong.records.monitoring.upkeep import Due, upkeep_due
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.site.words import spoken


def told_of(outlet: Outlet, today: date) -> list[tuple[bool, str]]:
    """What is overdue (True) or due soon at an outlet, in words, for its own page. 1 query."""
    devices = Q(outlet=outlet) | Q(outlet=None, device__connections__outlet=outlet, device__connections__ends_at=None)
    made = []
    for each in upkeep_due(devices, today, soon_of(today)[0]):
        if each.days(today) > 0:
            made.append((True, overdue_word(each, today)))
        else:
            told = {"what": what_word(each), "day": each.due_on}
            made.append((False, _("%(what)s应在 %(day)s 前做") % told))
    return made


def soon_of(today: date, of: Soon = Soon.UPKEEP) -> tuple[timedelta, bool]:
    """How long before it is due it is told; and whether that was compared with a document."""
    held = open_rulebook().monitoring().upkeep(of, today)
    return timedelta(days=int(held.number)), held.is_verified


def overdue_word(each: Due, today: date) -> str:
    """The finding of an overdue one, in words."""
    said = SERVICE_SORTS[each.sort]
    name = " ".join(filter(None, (each.outlet.name if each.outlet else "", each.device.name)))
    words = {"what": said.zh, "what_en": said.en, "due": each.due_on, "days": each.days(today)}
    found = finding(open_rulebook().monitoring().checks, OVERDUE_UPKEEP, name, name=name, **words)
    return f"{found.code} {spoken(found.message)}"


def what_word(each: Due) -> str:
    """What is to be done, and of which factor."""
    word = spoken(SERVICE_SORTS[each.sort])
    return f"{word} {factor_word(each.factor)}" if each.factor else word
