"""上期和同期: the versions in force of the periods that a return is filled in and held against."""

from __future__ import annotations

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
    last, year_ago = before(form, period), period.shifted(-1)
    rows = Version.objects.filter(
        number=F("owned__in_force"), owned__reporter=reporter, owned__form=form.id,
        owned__period__in={str(last), str(year_ago)},
    ).values_list("owned__period", "content")  # fmt: skip
    found = {told: read_canonical(content) for told, content in rows}
    return Earlier(found.get(str(last)), found.get(str(year_ago)))
