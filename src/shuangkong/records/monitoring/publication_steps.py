"""公布率的由来: place by place (or of the unit itself) what was due by plan or as typed, and what was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import batched

from django.db.models import Q, QuerySet

from shuangkong.core.fact import Cell, Fact
from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import number_of
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.monitoring.rates.publication import Counted, publishing
from shuangkong.monitoring.rates.share import Share
from shuangkong.records.monitoring.models import KeyDischarger
from shuangkong.records.monitoring.publication_facts import INDICATORS, SOURCE
from shuangkong.records.monitoring.publications import Book, publication_book, publishing_of
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Enterprise, Region

_SORTS = {
    indicator: sort for sort, names in INDICATORS.items() for indicator in (names.units, names.results, names.key)
}
_BY_UNITS = {indicator for names in INDICATORS.values() for indicator in (names.units, names.key)}
_KEY = {names.key for names in INDICATORS.values() if names.key}
_FACTS, _PLACES = 36, 4
#: Units of which one question names the numbers.
_AT_ONCE = 5_000


def detailed(figure: Figure) -> Figure:
    """The same tree; publication rates told from the registers have their steps. 5 queries each, else none."""
    facts = [fact for fact in told_facts(figure) if fact.source == SOURCE and fact.cell.indicator in _SORTS][:_FACTS]
    made = {fact.cell: tuple(_steps(fact)) for fact in facts}
    return _with_steps(figure, made, {}) if made else figure


def _with_steps(figure: Figure, steps: dict[Cell, tuple[Step, ...]], made: dict[int, Figure]) -> Figure:
    if id(figure) not in made:
        inputs = tuple((name, _with_steps(each, steps, made)) for name, each in figure.inputs)
        own = steps.get(figure.fact.cell, ()) if figure.fact is not None else ()
        made[id(figure)] = replace(figure, inputs=inputs, steps=own or figure.steps)
    return made[id(figure)]


def _steps(fact: Fact) -> Iterator[Step]:
    """Each place below (a unit alone where it is one's own figure), then the quotient; as the registers stand today."""
    indicator, period = fact.cell.indicator, fact.cell.period
    sort, behind = _SORTS[indicator], _behind(fact)
    # A subquery, not their numbers: a province has more units than a statement takes parameters.
    book = publication_book(sort, lambda prefix: Q(**{f"{prefix}__in": behind.values("pk")}), [period.year])
    units = _units(book, behind)
    shares = []
    for name, own in _groups(fact, units, book):
        found = publishing_of(book, sort, period, own)
        share = found.units if indicator in _BY_UNITS else found.results
        if share.whole:
            shares.append(share)
            counted = list(book.counted(period, own))
            yield Step(name, _formula(share, counted), _inputs(share), share.pct, "pct")
    whole = Share(sum(each.part for each in shares), sum(each.whole for each in shares))
    said = Message("分子分母分别相加，再相除", "numerators and denominators added, then divided")
    yield Step(said, "Σ a / Σ b × 100", _inputs(whole), whole.pct, "pct")
    if fact.value is not None and (whole.pct is None or rounded(whole.pct, _PLACES) != fact.value):
        later = (
            "入库之后登记有改动，现按登记的算",
            "the registers have changed since it was told; this is as they stand",
        )
        yield Step(Message(*later), "", (), whole.pct, "pct")


def _inputs(share: Share) -> tuple[tuple[str, Decimal], ...]:
    return (("a", Decimal(share.part)), ("b", Decimal(share.whole)))


def _formula(share: Share, counted: list[Counted]) -> str:
    """The quotient, and whose numbers its denominator is."""
    found = publishing(counted)
    return f"{share.part} / {share.whole} × 100 (计划 {found.by_plan}，手工 {found.by_hand})"


def _behind(fact: Fact) -> QuerySet[Enterprise]:
    """Units that a figure may be about. 0 or 1 query."""
    subject = fact.cell.subject
    if subject.kind == "unit":
        condition = Q(pk=number_of(subject.code) or 0)
    else:
        place = Region.objects.filter(pk=subject.code).first()
        condition = below(place.path, "region__path") if place else Q(pk__in=())
    if fact.cell.indicator in _KEY:
        listed = KeyDischarger.objects.filter(year=fact.cell.period.year)
        condition &= Q(pk__in=listed.values("enterprise"))
    return Enterprise.objects.filter(condition)


def _units(book: Book, behind: QuerySet[Enterprise]) -> dict[int, Enterprise]:
    """Those of which the registers say something, so many a question."""
    found: dict[int, Enterprise] = {}
    for some in batched(sorted(book.units()), _AT_ONCE):
        found |= {each.pk: each for each in behind.select_related("region").filter(pk__in=some)}
    return found


def _groups(fact: Fact, units: dict[int, Enterprise], book: Book) -> Iterator[tuple[Message, list[int]]]:
    """Of a region its places: who may see its figure may not see every unit in it."""
    known = sorted(book.units() & set(units))
    if fact.cell.subject.kind == "unit":
        for unit in known:
            yield Message(units[unit].name, units[unit].name), [unit]
        return
    by: dict[str, list[int]] = {}
    for unit in known:
        by.setdefault(units[unit].region_id, []).append(unit)
    for _code, own in sorted(by.items()):
        name = units[own[0]].region.name
        yield Message(f"{name} {len(own)} 家企业", f"{name}, {len(own)} units"), own
