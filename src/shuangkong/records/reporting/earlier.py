"""上期和同期: the versions in force of the periods that a return is filled in and held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from shuangkong.core.period import Period
from shuangkong.records.reporting.forms import before
from shuangkong.records.reporting.models import Version
from shuangkong.reporting.content import Content, read_canonical
from shuangkong.reporting.forms.model import Form


@dataclass(frozen=True, slots=True)
class Earlier:
    """Accepted contents of the period before and of the same period a year ago; None where none was accepted."""

    last: Content | None = None
    year_ago: Content | None = None


def earlier(reporter: int, form: Form, period: Period) -> Earlier:
    """Of one reporter. 1 query."""
    return earlier_of([reporter], form, period)[reporter]


def earlier_of(reporters: Sequence[int], form: Form, period: Period) -> dict[int, Earlier]:
    """Of many, each with what it has. 1 query."""
    last, year_ago = before(form, period), period.shifted(-1)
    rows = Version.objects.filter(
        number=F("owned__in_force"), owned__reporter__in=reporters, owned__form=form.id,
        owned__period__in={str(last), str(year_ago)},
    ).values_list("owned__reporter", "owned__period", "content")  # fmt: skip
    found = {(owner, told): read_canonical(content) for owner, told, content in rows}
    return {each: Earlier(found.get((each, str(last))), found.get((each, str(year_ago)))) for each in reporters}
