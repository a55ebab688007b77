"""入库: figures that rules reckon from readings, as facts; only what differs from the newest version of its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.rows import SubjectRow

_BATCH = 400
_WITHDRAWN = "按现在的登记没有这个数，以前的不再算数 (by the registers as they are now there is none)"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure to tell; ``value`` None is MISSING; ``unit``: id of a base unit."""

    indicator: str
    subject: SubjectRow
    value: Decimal | None
    unit: str
    note: str
    is_demo: bool


def write(told: Iterable[Told], month: date | Period, source: str, name: str, *, whole: Collection[str] = ()) -> int:
    """Writes what is otherwise than the newest version of its cell; returns how many. ~12 queries.

    Args:
        month: its first day; or a period of another length.
        source: what they rest on, as it is cited.
        name: of the loads, the month is added.
        whole: indicators of which ``told`` is all that there is in the month: what was told of them before from the
            same source and is told no more becomes MISSING.
    """
    every = tuple(told)
    period = month if isinstance(month, Period) else Period(month.year, f"{month.month:02d}")
    with transaction.atomic():
        every += _withdrawn(every, period, source, whole)
        return sum(
            _write([each for each in every if each.is_demo == is_demo], period, source, name, is_demo=is_demo)
            for is_demo in (False, True)
        )


def _withdrawn(told: Sequence[Told], period: Period, source: str, whole: Collection[str]) -> tuple[Told, ...]:
    """Cells of which the newest version of this source has a figure and none is told now. 1 query."""
    rows = Observation.objects.filter(
        indicator__kind=Word.INDICATOR, indicator__text__in=whole, source__text=source,
        first_month=period.first_month, months=period.months, measure=MEASURES.number(Measure.LEVEL),
        origin=ORIGINS.number(Origin.ESTIMATE), maturity=MATURITIES.number(Maturity.PRELIMINARY),
    ).order_by("pk")  # fmt: skip
    names = ("indicator__text", "subject__kind", "subject__code", "subject__name", "subject__region")
    newest: dict[tuple[str, SubjectRow], tuple[Decimal | None, str, bool]] = {}
    for indicator, *about, value, unit, is_demo in rows.values_list(*names, "value", "unit__text", "load__is_demo"):
        newest[indicator, SubjectRow(*about)] = (value, unit, is_demo)
    held = {(each.indicator, each.subject.key) for each in told}
    return tuple(
        Told(indicator, subject, None, unit, _WITHDRAWN, is_demo)
        for (indicator, subject), (value, unit, is_demo) in newest.items()
        if value is not None and (indicator, subject.key) not in held
    )


def _write(told: Sequence[Told], period: Period, source: str, name: str, *, is_demo: bool) -> int:
    if not told:
        return 0
    subjects = met({each.subject.key: each.subject for each in told}.values())
    indicators = written(Word.INDICATOR, {each.indicator for each in told})
    before = _before(period, subjects.values(), indicators.values())
    fresh = []
    for each in told:
        key = (indicators[each.indicator], subjects[each.subject.key])
        if before.get(key) != (each.value, each.note):
            fresh.append(each)
    if not fresh:
        return 0
    units, sources = written(Word.UNIT, {each.unit for each in fresh}), written(Word.SOURCE, {source})
    changed = sum((indicators[each.indicator], subjects[each.subject.key]) in before for each in fresh)
    load = Load.objects.create(
        name=f"{name}/{period}", sha256="", source=source, rows_new=len(fresh) - changed,
        rows_changed=changed, rows_same=len(told) - len(fresh), is_demo=is_demo, loaded_at=timezone.now(),
        loaded_by="rules",
    )  # fmt: skip
    Observation.objects.bulk_create(
        [
            Observation(
                indicator_id=indicators[each.indicator], subject_id=subjects[each.subject.key],
                first_month=period.first_month, months=period.months, measure=MEASURES.number(Measure.LEVEL),
                state=STATES.number(State.MISSING if each.value is None else State.VALUE),
                origin=ORIGINS.number(Origin.ESTIMATE), maturity=MATURITIES.number(Maturity.PRELIMINARY),
                evidence=EVIDENCES.number(Evidence.ADMINISTRATIVE), value=each.value, unit_id=units[each.unit],
                source_id=sources[source], note=each.note, load=load,
            )
            for each in fresh
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    return len(fresh)


def _before(
    period: Period, subjects: Iterable[int], indicators: Iterable[int]
) -> dict[tuple[int, int], tuple[Decimal | None, str]]:
    """Indicator and subject → what the newest version of our own says. 1 query."""
    rows = Observation.objects.filter(
        subject__in=set(subjects), indicator__in=set(indicators), first_month=period.first_month,
        months=period.months, measure=MEASURES.number(Measure.LEVEL), origin=ORIGINS.number(Origin.ESTIMATE),
        maturity=MATURITIES.number(Maturity.PRELIMINARY),
    ).order_by("pk")  # fmt: skip
    return {
        (indicator, subject): (value, note)
        for indicator, subject, value, note in rows.values_list("indicator", "subject", "value", "note")
    }
