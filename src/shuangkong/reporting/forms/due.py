"""报送期限: the last day of a form, so many days after its period or a day of the calendar."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from shuangkong.core.period import Period
from shuangkong.policyfile import node
from shuangkong.reporting.forms.model import Every, Form


def due_of(version: node.Mapping) -> tuple[int, int] | None:
    """(month, day) of a version that has one."""
    if "due" not in version:
        return None
    told = version.mapping("due")
    return int(told.number("month")), int(told.number("day"))


def days_of(version: node.Mapping) -> int:
    """Days after the period; of a day of the calendar those of a common year."""
    due = due_of(version)
    return int(version.number("days")) if due is None else _in_a_common_year(*due).timetuple().tm_yday


def is_due_sound(every: str, version: node.Mapping) -> bool:
    """Whether a version says its last day once, and a day that every year has, of a form of the year."""
    if ("due" in version) == ("days" in version):
        return False
    due = due_of(version)
    if due is None:
        return True
    with suppress(ValueError):
        return every == Every.YEAR and bool(_in_a_common_year(*due))
    return False


def _in_a_common_year(month: int, day: int) -> date:
    """Raises ValueError where it is no day of one: the year 1 is."""
    return date.min.replace(month=month, day=day)


def last_day(form: Form, period: Period) -> date:
    """The last day for a period by the form."""
    end = period.last_day
    if form.due is None:
        return end + timedelta(days=form.days)
    month, day = form.due
    year = end.year if (month, day) > (end.month, end.day) else end.year + 1
    return date(year, month, day)
