"""报表和报告期: the form by which a unit fills in a return, by the law of its place on the last day of the period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from shuangkong.core.period import Period
from shuangkong.records.refusal import Refused
from shuangkong.reporting.forms.model import Every, Form
from shuangkong.rulebook import Rulebook, open_rulebook

_YEAR = 12
#: How the part of a period begins, by how often a form is due. Digits stand for a month, nothing for the year.
_PARTS: Mapping[Every, str] = {Every.MONTH: "01", Every.QUARTER: "Q", Every.HALF: "H", Every.YEAR: ""}
_MONTHS: Mapping[Every, int] = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}


def form_at(form: str, period: Period, region: str) -> Form:
    """The form as it stands for units of a region in a period.

    Raises:
        Refused: RPT-900, there is no such form in force there then.
    """
    found = _form(open_rulebook(), form, period.last_day, region)
    if found is None:
        raise Refused(
            "RPT-900",
            f"{period} 没有报表“{form[:40]}”。请从报表目录里选。",
            f"There is no form {form[:40]} in force in {period}. Choose one of the catalogue.",
            "form",
        )
    return found


def edition_of(form: str, edition: str, period: Period, region: str) -> Form:
    """The form of an edition that was filled in, else the one in force. Raises Refused as ``form_at``."""
    book = open_rulebook()
    layer = book.layer_of(region, period.last_day)
    return book.forms(layer).edition(form, edition) or form_at(form, period, region)


@lru_cache(maxsize=4096)
def _form(book: Rulebook, form: str, day: date, region: str) -> Form | None:
    return book.forms(book.layer_of(region, day)).form(form, day)


def fits(form: Form, period: Period) -> bool:
    """Whether the form is due for periods like this one."""
    return period.months == _MONTHS[form.every] and not period.is_plan and not period.part.startswith("C")


def before(form: Form, period: Period) -> Period:
    """The period of the form before this one."""
    months = _MONTHS[form.every]
    year, month = divmod(period.first_month - months, _YEAR)
    match form.every:
        case Every.MONTH:
            return Period(year, f"{month + 1:02d}")
        case Every.QUARTER | Every.HALF:
            return Period(year, f"{_PARTS[form.every]}{month // months + 1}")
    return Period(year)


@lru_cache(maxsize=4096)
def ending_with(period: Period) -> tuple[str, ...]:
    """Periods that end on the last day of this one, itself among them, the longest first: those whose returns of other
    forms it is held against (the month of September beside the third quarter, December beside the year)."""
    year, month = divmod(period.first_month + period.months - 1, _YEAR)
    return tuple(
        f"{year}-{part}" if part else f"{year}"
        for months, part in (
            (_YEAR, ""), (6, f"H{month // 6 + 1}"), (3, f"Q{month // 3 + 1}"), (1, f"{month + 1:02d}"),
        )
        if (month + 1) % months == 0
    )  # fmt: skip


def periods_due(form: Form, day: date, count: int) -> tuple[Period, ...]:
    """The last periods of a form that were over on a day, the newest first."""
    months = _MONTHS[form.every]
    year, month = divmod(day.year * _YEAR + (day.month - 1) // months * months, _YEAR)
    following = {Every.MONTH: f"{month + 1:02d}", Every.YEAR: ""}.get(
        form.every, f"{_PARTS[form.every]}{month // months + 1}"
    )
    found = [before(form, Period(year, following))]
    while len(found) < count:
        found.append(before(form, found[-1]))
    return tuple(found)
