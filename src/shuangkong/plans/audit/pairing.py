"""配对: which commitments of the text a column, a row or another commitment may be held against.

Two figures contradict each other only when they speak of one quantity, one year, one base year and one whole region,
and are promised equally firmly.
"""

from __future__ import annotations

import re

from shuangkong.plans.audit.context import Context, tidy
from shuangkong.plans.audit.subjects import is_whole, same_subject
from shuangkong.plans.reading import AnnexTable, Kind, Strength, Target

#: What is promised for each single year is not the commitment of the period.
YEARLY = re.compile(r"年均|年平均|每年|逐年|(?<!\d)年度|当年|年增")
_YEAR = re.compile(r"20\d\d(?=年)")
_SINCE = re.compile(r"(?:比|较|与|以)(20\d\d)年")
#: How far before its number a commitment says that it is for each year.
_LEAD = 14


def due_year(context: Context, target: Target) -> int | None:
    """The year in which a commitment is due; the plan's last year where none is printed."""
    return int(target.deadline[:4]) if target.deadline else context.reading.head.horizon.end_year


def asked_year(context: Context, year: int | None) -> int | None:
    """A printed year where something can be due in it: one no later than the base year (比2015年下降) is none."""
    return year if year and year > (context.reading.head.horizon.base_year or 0) else None


def column_year(context: Context, table: AnnexTable, index: int) -> int | None:
    """The year in which a column is due: its own, else the last one of the table's title, else the plan's last."""
    named = [table.columns[index].year, *map(int, reversed(_YEAR.findall(tidy(table.title))))]
    years = (asked_year(context, year) for year in named)
    return next((year for year in years if year), context.reading.head.horizon.end_year)


def column_base_year(context: Context, table: AnnexTable, index: int) -> int | None:
    """The year a column compares with, as its head or the title prints it, else the plan's base year."""
    for words in (table.columns[index].header, table.title):
        if match := _SINCE.search(tidy(words)):
            return int(match.group(1))
    return context.reading.head.horizon.base_year


def is_yearly(context: Context, target: Target) -> bool:
    """Whether a commitment is for each single year (年均下降3%) and not for the period."""
    start = target.value_span.start
    lead = context.text[max(target.span.start, start - _LEAD) : start]
    return YEARLY.search(tidy(target.indicator_printed) + tidy(lead)) is not None


def counterparts(
    context: Context, name: str, *kinds: Kind, due: int | None, base_year: int | None = None
) -> tuple[Target, ...]:
    """Commitments of the whole region on a quantity: due in that year, and since that base year where one is given.

    The firm ones (确保) alone where there are any, else those that are striven for (力争). Empty where the year is not
    known and the text has commitments for several.
    """
    fitting = [
        target
        for target in context.commitments
        if target.kind in kinds
        and is_whole(target)
        and same_subject(target.indicator, name)
        and not is_yearly(context, target)
        and same_year(due_year(context, target), due)
        and same_year(target.base_year, base_year)
    ]
    if due is None and len({due_year(context, target) for target in fitting}) > 1:
        return ()
    firm = tuple(target for target in fitting if target.strength is Strength.FIRM)
    return firm or tuple(fitting)


def counterpart(
    context: Context, name: str, *kinds: Kind, due: int | None, base_year: int | None = None
) -> Target | None:
    """The one commitment that fits; None where there is none, or several that say different things."""
    fitting = counterparts(context, name, *kinds, due=due, base_year=base_year)
    return fitting[0] if len({(target.value, target.unit) for target in fitting}) == 1 else None


def same_year(one: int | None, other: int | None) -> bool:
    """Whether two years are one, as far as they are known."""
    return one is None or other is None or one == other
