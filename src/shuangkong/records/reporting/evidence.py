"""对照数据的汇集: what meters, suppliers, monitoring and registers say of units in a period, many at a time.

A figure of which a part is missing is none: the check says which months lack, and does not judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shuangkong.core.fact import Cell, Fact, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.paths import is_below
from shuangkong.records.reporting.capacities import registered
from shuangkong.records.reporting.models import Return, SoldFigure
from shuangkong.records.reporting.permitted import permitted
from shuangkong.reporting.checks.context import Evidenced
from shuangkong.reporting.evidence import Item
from shuangkong.reporting.forms.model import Span
from shuangkong.reporting.forms.spans import covered
from shuangkong.rulebook import open_rulebook

_MONTHS_SHOWN = 3
#: The source, and what it notes of so many months.
_GROUNDS = 4


@dataclass(slots=True)
class Gathered:
    """Of one return: ``found`` id → figure; ``lacking`` id → why there is none."""

    found: dict[str, Evidenced] = field(default_factory=dict)
    lacking: dict[str, Message] = field(default_factory=dict)


def gathered(rows: Sequence[Return], period: Period, wanted: Mapping[str, Span]) -> dict[int, Gathered]:
    """Return → evidence of a period, for returns of one form. ~10 queries for 400 units, however many ids."""
    book = open_rulebook().return_checks().evidence
    told = {row.pk: Gathered() for row in rows}
    known = {id: (book[id], covered(span, period)) for id, span in wanted.items() if id in book}  # noqa: A001
    _from_facts(rows, {id: each for id, each in known.items() if each[0].fact}, told)  # noqa: A001
    _from_sales(rows, {id: each for id, each in known.items() if each[0].sales}, told)  # noqa: A001
    _from_register(permitted, rows, {id: each for id, each in known.items() if each[0].permit}, told)  # noqa: A001
    _from_register(registered, rows, {id: each for id, each in known.items() if each[0].capacity}, told)  # noqa: A001
    return told


def months_of(period: Period) -> tuple[Period, ...]:
    """The months of a period."""
    first = period.first_month
    return tuple(Period(each // 12, f"{each % 12 + 1:02d}") for each in range(first, first + period.months))


def _from_facts(rows: Sequence[Return], known: Mapping[str, tuple[Item, Period]], told: Mapping[int, Gathered]) -> None:
    if not known:
        return
    cells = {
        (row.pk, id): _cells(Subject(row.reporter.kind, row.reporter.code), item, period)
        for row in rows
        for id, (item, period) in known.items()  # noqa: A001 - the word of the field
    }
    facts = facts_for({cell for each in cells.values() for cell in each})
    for (number, id), each in cells.items():  # noqa: A001
        item, period = known[id]
        found = _added([facts.get(cell) for cell in each], item, period, each)
        if isinstance(found, Evidenced):
            told[number].found[id] = found
        else:
            told[number].lacking[id] = found


#: What a register says of returns: (return, id) → a figure, or why there is none.
type _Register = Callable[
    [Sequence[Return], Mapping[str, tuple[Item, int]]], dict[tuple[int, str], Evidenced | Message]
]


def _from_register(
    register: _Register,
    rows: Sequence[Return],
    known: Mapping[str, tuple[Item, Period]],
    told: Mapping[int, Gathered],
) -> None:
    """Of what no fact tells: a register."""
    open_ = [row for row in rows if known.keys() - told[row.pk].found.keys()]
    years = {id: (item, period.year) for id, (item, period) in known.items()}  # noqa: A001 - the word of the field
    for (number, id), each in register(open_, years).items():  # noqa: A001
        if id in told[number].found:
            continue
        if isinstance(each, Evidenced):
            told[number].found[id] = each
            told[number].lacking.pop(id, None)
        else:
            told[number].lacking[id] = each


def _cells(subject: Subject, item: Item, period: Period) -> tuple[Cell, ...]:
    """The whole period first, then its months; of what is told by years the year alone."""
    if item.is_yearly:
        return (Cell(subject, item.fact, Period(period.year)),)
    parts = months_of(period) if period.months > 1 else ()
    return tuple(Cell(subject, item.fact, each) for each in (period, *parts))


def _added(facts: Sequence[Fact | None], item: Item, period: Period, cells: Sequence[Cell]) -> Evidenced | Message:
    whole = facts[0]
    if whole is not None and whole.state is State.VALUE and whole.value is not None:
        return Evidenced(whole.value, _whence(item, [whole]))
    parts = facts[1:]
    values = [each.value for each in parts if each is not None and each.value is not None]
    if not values:
        return Message(f"没有{item.name.zh}的数据（{period}）", f"no data of {item.name.en} are held ({period})")
    lacking = [
        str(cell.period) for cell, each in zip(cells[1:], parts, strict=True) if each is None or each.value is None
    ]
    if lacking:
        shown = "、".join(lacking[:_MONTHS_SHOWN]) + ("…" if len(lacking) > _MONTHS_SHOWN else "")
        return Message(
            f"{item.name.zh}不全：{len(parts)} 个月中缺 {len(lacking)} 个月（{shown}）",
            f"{item.name.en} are incomplete: {len(lacking)} of {len(parts)} months are missing ({shown})",
        )
    return Evidenced(sum(values, Decimal(0)), _whence(item, [each for each in parts if each is not None]))


def _whence(item: Item, facts: Iterable[Fact]) -> Message:
    """Where a figure is from, with what its source notes of it (hours filled in, outlets)."""
    told = list(facts)
    grounds = dict.fromkeys(each for each in (*(fact.source for fact in told), *(fact.note for fact in told)) if each)
    ground = "；".join([*grounds][:_GROUNDS])
    return Message(f"{item.name.zh}（{ground}）" if ground else item.name.zh, item.name.en)


def _from_sales(rows: Sequence[Return], known: Mapping[str, tuple[Item, Period]], told: Mapping[int, Gathered]) -> None:
    if not known:
        return
    codes = {row.pk: row.reporter.enterprise.credit_code if row.reporter.enterprise else "" for row in rows}
    asked = {codes[row.pk] for row in rows} - {""}
    if any(row.reporter.kind == "region" for row in rows):
        asked.add("")
    spans = [period for _, period in known.values()]
    first = min(period.year * 12 for period in spans)
    last = max(period.first_month + period.months for period in spans)
    forms = {item.sales.form for item, _ in known.values() if item.sales}
    figures = SoldFigure.objects.filter(
        customer__in=asked, form__in=forms, first_month__gte=first, first_month__lt=last
    )
    sold = list(figures.select_related("owned"))
    for row in rows:
        for id, (item, period) in known.items():  # noqa: A001
            found = _bought([each for each in sold if _is_of(each, row, codes[row.pk], item)], item, period)
            if isinstance(found, Evidenced):
                told[row.pk].found[id] = found
            else:
                told[row.pk].lacking[id] = found


def _is_of(sold: SoldFigure, row: Return, code: str, item: Item) -> bool:
    if item.sales is None or sold.form != item.sales.form:
        return False
    if row.reporter.kind == "region":
        return not sold.customer and is_below(sold.path, row.path)
    return bool(code) and sold.customer == code


def _bought(sold: Sequence[SoldFigure], item: Item, period: Period) -> Evidenced | Message:
    """What all suppliers together sold: since January as they told it at the end, else month by month."""
    whole_year = period.first_month % 12 == 0 and period.months > 1
    end = period.first_month + period.months - 1
    suppliers = {each.owned.reporter_id for each in sold}
    if not suppliers:
        return Message(f"没有供应单位报来{item.name.zh}", f"no supplier tells what was {item.name.en}")
    months = {end} if whole_year else set(range(period.first_month, end + 1))
    lacking = [
        (supplier, month)
        for supplier in suppliers
        for month in sorted(months)
        if not any(each.owned.reporter_id == supplier and each.first_month == month for each in sold)
    ]
    figures = [each.to_date if whole_year else each.month for each in sold if each.first_month in months]
    told = [figure for figure in figures if figure is not None]
    if lacking or len(told) < len(figures) or not told:
        shown = "、".join(
            str(Period(month // 12, f"{month % 12 + 1:02d}")) for month in sorted({at for _, at in lacking})[:3]
        )
        return Message(f"{item.name.zh}不全：供应单位缺 {shown}", f"what was {item.name.en} is incomplete: {shown}")
    ground = Message(f"{item.name.zh}（{len(suppliers)} 家供应单位）", f"{item.name.en} ({len(suppliers)} suppliers)")
    return Evidenced(sum(told, Decimal(0)), ground)
