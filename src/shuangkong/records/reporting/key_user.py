"""责任清单的内容: what lists, registers and returns hold of a key energy user, for the list of its duties."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from shuangkong.core.finding import Message
from shuangkong.core.source_code import source_code
from shuangkong.records.assessment.key_units.models import KeyUnitEntry
from shuangkong.records.assessment.key_units.store import key_units
from shuangkong.records.assessment.key_units.taking import LISTINGS
from shuangkong.records.assessment.years.store import assessments
from shuangkong.records.facts.scopes import memberships, scope_names
from shuangkong.records.monitoring.models import Meter
from shuangkong.records.paths import below
from shuangkong.records.reporting.consumed import consumption_of, limits_on
from shuangkong.records.reporting.entry_store import entries
from shuangkong.records.reporting.listed import KEY_SCOPE
from shuangkong.records.reporting.models import Version
from shuangkong.records.reporting.register import StaffKind, staff
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.records.reporting.store import returns
from shuangkong.reporting.content import Content, read_canonical
from shuangkong.reporting.entry_life import EntryState
from shuangkong.reporting.key_units.lines import checklist
from shuangkong.reporting.key_units.told import DUTIES, REPORT, Consumption, Filed, Limits, Line, Listed, Report, Told
from shuangkong.reporting.life import State

_NAMES = {
    "hundred": Message("百家", "Hundred"), "thousand": Message("千家", "Thousand"),
    "ten_thousand": Message("万家", "Ten thousand"), "key_energy_unit": Message("重点用能单位", "Key energy user"),
}  # fmt: skip
_RELEASED = frozenset({State.STOPPED, State.EXEMPT, State.CANCELLED})
#: A return of duties or a report of longer ago says nothing of today.
_OLD_YEARS = 2


def duties_of(
    row: ReporterRow, readable: Q, day: date, assessed: Q | None = None, *, watches: bool = True, filed: Q | None = None
) -> tuple[Line, ...]:
    """The list of a unit's duties as it stands on a day; empty for what is no key energy user. ~20 queries.

    Args:
        readable: the condition on returns that the person may read.
        assessed: that on assessments; None: she reads none.
        watches: whether she may read the registers of monitoring.
        filed: that on entries of units' files; None: she reads none.
    """
    limits = limits_on(day, row.region)
    if row.enterprise is None or limits is None:
        return ()
    listed, used = _listed(row), consumption_of(readable & Q(reporter=row.id), day).get(row.id)
    duties = _newest_duties(row, readable, day)
    if not _is_key(listed, used, limits) and duties is None:
        return ()
    content, period, owned = duties or (None, "", 0)
    told = Told(
        limits=limits, listed=listed, has_lists=_has_lists(row), consumption=used, duties=content, period=period,
        owned=owned, meters=_meters(row.enterprise, day) if watches else None, managers=_managers(row.id, day),
        report=_report(row.id, readable, day),
        assessed=None if assessed is None else _assessed(row, assessed),
        filed=() if filed is None else _filed(row.id, filed, day), reporter=row.id,
    )  # fmt: skip
    return checklist(told, day)


def _filed(reporter: int, readable: Q, day: date) -> tuple[Filed, ...]:
    """2 queries."""
    found = entries(readable & Q(reporter=reporter) & ~Q(state=EntryState.STRUCK))
    return tuple(Filed(each.kind, each.standing.state, each.is_late(day), each.standing.due) for each in found)


def _is_key(listed: tuple[Listed, ...], used: Consumption | None, limits: Limits) -> bool:
    return bool(listed) or (used is not None and limits.range_of(used.value) is not None)


def _listed(row: ReporterRow) -> tuple[Listed, ...]:
    """By published lists, and by what was entered singly. 2 queries."""
    published = (
        Listed(_NAMES[each.listing], each.starts, each.until, each.document)
        for each in key_units(Q(enterprise=row.enterprise))
        if each.listing in LISTINGS.values()
    )
    named = scope_names().get(KEY_SCOPE, _NAMES[KEY_SCOPE])
    entered = (
        Listed(named, each.starts_on, each.ends_on, "统计范围登记")
        for each in memberships((row.kind, row.code))
        if each.scope == KEY_SCOPE
    )
    return (*published, *entered)


def _has_lists(row: ReporterRow) -> bool:
    """Whether a list was taken in at its place or above it. 1 query."""
    province = row.path.strip("/").partition("/")[0]
    return KeyUnitEntry.objects.filter(below(f"/{province}/", "enterprise__region__path")).exists()


def _newest_duties(row: ReporterRow, readable: Q, day: date) -> tuple[Content, str, int] | None:
    """The newest accepted return of its duties. 2 queries."""
    found = returns(
        readable & Q(reporter=row.id, form=DUTIES, in_force__isnull=False, first_month__gte=_since(day)),
        "-first_month", count=1,
    )  # fmt: skip
    if not found:
        return None
    now = found[0]
    in_force = Version.objects.filter(owned=now.id, number=F("owned__in_force"))
    return read_canonical(in_force.values_list("content", flat=True).get()), now.period, now.id


def _since(day: date) -> int:
    return (day.year - _OLD_YEARS) * 12


def _meters(enterprise: int, day: date) -> tuple[date | None, ...]:
    """Until when the verification of each meter in use holds. 1 query."""
    still = Q(ends_on=None) | Q(ends_on__gte=day)
    found = Meter.objects.filter(still, enterprise=enterprise, starts_on__lte=day).order_by("pk")
    return tuple(found.values_list("calibrated_until", flat=True))


def _managers(reporter: int, day: date) -> tuple[str, ...]:
    held = (each for each in staff(reporter) if each.kind is StaffKind.ENERGY_MANAGER)
    return tuple(each.name for each in held if each.starts_on <= day and (each.ends_on is None or day <= each.ends_on))


def _report(reporter: int, readable: Q, day: date) -> Report | None:
    """2 queries."""
    asked = readable & Q(reporter=reporter, form=REPORT, first_month__gte=_since(day))
    for row in returns(asked, "-first_month", count=1):
        now = row.standing
        return Report(
            row.period,
            row.id,
            now.received_on,
            now.owed_by,
            now.in_force is not None,
            now.state in _RELEASED,
            is_returned=now.state is State.RETURNED,
        )
    return None


def _assessed(row: ReporterRow, readable: Q) -> tuple[str, str, int] | None:
    """The newest assessment of the unit, and its grade once that was announced. 3 queries."""
    codes = {row.code, *(source_code(each) for each in (row.enterprise,) if each is not None)}
    for each in assessments(readable & Q(subject_kind="unit", subject_code__in=codes)):
        now = each.standing
        return str(each.period), now.grade if now.announced_on is not None else "", each.id
    return None
