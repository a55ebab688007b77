"""What a site loads when the first return is signed, loaded beforehand by whoever starts many."""

from __future__ import annotations

from bench.returns_ground import FORM, PERIOD, PROVINCE
from shuangkong.core.period import Period
from shuangkong.records.reporting.forms import form_at
from shuangkong.rulebook import open_rulebook

_PERIOD = Period.parse(PERIOD)
_COUNTIES = tuple(f"9801{number:02d}" for number in range(1, 11))


def load() -> None:
    """The form and its checks, of every county of the measured ground; needs Django, and no database."""
    book = open_rulebook()
    for region in (PROVINCE, *_COUNTIES):
        form = form_at(FORM, _PERIOD, region)
        book.return_checks(book.layer_of(region, _PERIOD.last_day)).plan(form, _PERIOD.last_day)
