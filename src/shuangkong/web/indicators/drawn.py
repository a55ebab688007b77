"""画出来: what the charts of figures are drawn from. Each has its table on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuangkong.core.fact import Maturity, Measure
from shuangkong.core.period import Period
from shuangkong.indicators.engine.printing import kept, published
from shuangkong.indicators.formula import Indicator
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.indicators.looking import ComputedRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.periods import by_time, period_word
from shuangkong.web.site.words import maturity_word

_COMPUTED, _BEFORE = "computed", "before"


def number(value: Decimal | None) -> float | None:
    """A figure as a chart takes it."""
    return None if value is None else float(value)


def vintage_charts(
    rule: Indicator | None, told: Iterable[ObservationRow], computed: Iterable[ComputedRow]
) -> tuple[dict[str, Any], ...]:
    """Each maturity a line: what was said of every period when it was flash, preliminary, final, audited; and computed.

    Whole years in one chart; parts of the newest year that has any in another, beside those of the year before. Of a
    maturity that was told more than once the newest. None where there are fewer than two periods.
    """
    if rule is None:
        return ()
    found = _by_maturity(rule, told, computed)
    every = {each for line in found.values() for each in line if not each.is_plan}
    newest = max((each.year for each in every if not each.is_year), default=0)
    drawn = (
        (_("全年"), sorted(each for each in every if each.is_year), found),
        (str(newest), sorted((each for each in every if not each.is_year and each.year == newest), key=by_time),
         found | {_BEFORE: _year_before(found, newest)}),
    )  # fmt: skip
    return tuple(
        {
            "key": f"series-{place}",
            "title": _("%(when)s · 纵轴不含零点") % {"when": title},
            "unit": rule.display or rule.unit,
            "from_zero": False,
            "categories": [period_word(period) for period in periods],
            "series": _lines(lines, periods),
        }
        for place, (title, periods, lines) in enumerate(drawn)
        if len(periods) > 1
    )


def _by_maturity(
    rule: Indicator, told: Iterable[ObservationRow], computed: Iterable[ComputedRow]
) -> dict[str, dict[Period, Decimal]]:
    book = open_rulebook()
    found: dict[str, dict[Period, Decimal]] = {}
    for row in told:
        form = book.units().get(row.unit)
        if row.measure is Measure.LEVEL and row.value is not None and form is not None:
            shown = kept(form.to_base(row.value), rule, book.units(), form.unit.id)
            if shown.value is not None:
                found.setdefault(row.maturity.value, {})[Period.parse(row.period)] = shown.value
    for result in computed:
        shown = published(result.value, rule, book.units(), rule.unit)
        if shown.value is not None:
            found.setdefault(_COMPUTED, {})[result.cell.period] = shown.value
    return found


def _year_before(found: Mapping[str, Mapping[Period, Decimal]], year: int) -> dict[Period, Decimal]:
    """The most settled figure of each part of the year before, under the period of this year."""
    order = [_COMPUTED, *(each.value for each in Maturity)]
    lines = [found[key] for key in order if key in found]
    return {period.shifted(1): value for line in lines for period, value in line.items() if period.year == year - 1}


def _lines(found: Mapping[str, Mapping[Period, Decimal]], periods: Iterable[Period]) -> list[dict[str, Any]]:
    names = {**{each.value: maturity_word(each) for each in Maturity}, _COMPUTED: _("算得"), _BEFORE: _("上年同期")}
    return [
        {
            "name": names[key],
            "values": [number(found[key].get(period)) for period in periods],
            "is_dashed": key in (Maturity.FLASH, _BEFORE),
            "is_joined": True,
        }
        for key in names
        if key in found
    ]
