"""月结入库: closed amounts of months that are over become facts of units and of the regions that they lie in.

A sum is told only when all that belongs to it is complete; else it is MISSING, with what it lacks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State
from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.amounts.emissions import indicator_of
from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.amounts import newest, owed
from shuangkong.records.monitoring.models import AmountClosing, Point
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Region

SOURCE = "在线监测小时排放量合计 (hourly amounts of online monitoring)"
_UNIT = "t"
_KG_A_TONNE = Decimal(1000)
#: Tonnes are told to a gram.
_PLACES = 6
_NAMED = 3
_BATCH = 400


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure to tell; ``value`` None is MISSING."""

    indicator: str
    subject: SubjectRow
    value: Decimal | None
    note: str
    is_demo: bool


def tell(month: date, outlets: Iterable[int]) -> int:
    """Tells the sums that the closings of some outlets are a part of; returns how many figures are otherwise.

    ~12 queries. The caller has taken care that the month is over.
    """
    touched = set(outlets)
    last = ends_of(Span.MONTH, month)
    # What is owed at every place above: a region's sum rests on all that lies in it.
    own = owed(month, last, Q(outlet__in=touched))
    paths = {each.outlet.region.path for each in own if each.outlet}
    codes = sorted({code for path in paths for code in path.strip("/").split("/") if code})
    places = {each.path: each for each in Region.objects.filter(pk__in=codes)}
    tops = [path for path in places if not any(path != other and path.startswith(other) for other in places)]
    within = Q(pk__in=())
    for path in tops:
        within |= below(path, "outlet__region__path")
    points = owed(month, last, within)
    held = newest(month, Q(is_over=True, outlet__in={each.outlet_id for each in points}))
    told = [*_units(points, held, touched), *_regions(points, held, places)]
    with transaction.atomic():
        return sum(
            _write([each for each in told if each.is_demo == is_demo], month, is_demo=is_demo)
            for is_demo in (False, True)
        )


def _units(
    points: Sequence[Point], held: Mapping[tuple[int, str], AmountClosing], touched: set[int]
) -> Iterable[_Told]:
    units = {each.outlet.enterprise_id for each in points if each.outlet and each.outlet_id in touched}
    for (unit, indicator), group in _grouped(points, lambda each: [each.outlet.enterprise_id]).items():
        if unit is None or unit not in units:
            continue
        firm = group[0].outlet.enterprise
        subject = SubjectRow("unit", source_code(firm.pk), firm.name, firm.region_id)
        yield _sum(indicator, subject, group, held, firm.is_fictional or group[0].outlet.region.is_fictional)


def _regions(
    points: Sequence[Point], held: Mapping[tuple[int, str], AmountClosing], places: Mapping[str, Region]
) -> Iterable[_Told]:
    def regions(point: Point) -> list[str]:
        return [path for path in places if point.outlet and point.outlet.region.path.startswith(path)]

    for (path, indicator), group in _grouped(points, regions).items():
        place = places[path]
        subject = SubjectRow("region", place.code, place.name, place.code)
        is_demo = any(each.outlet.region.is_fictional for each in group if each.outlet)
        yield _sum(indicator, subject, group, held, is_demo)


def _grouped(points: Sequence[Point], keys):  # type: ignore[no-untyped-def]
    found = defaultdict(list)
    for each in points:
        indicator = indicator_of(Media(each.outlet.kind), each.factor) if each.outlet else None
        if indicator is not None:
            for key in keys(each):
                found[key, indicator].append(each)
    return found


def _sum(
    indicator: str, subject: SubjectRow, points: Sequence[Point], held: Mapping[tuple[int, str], AmountClosing],
    is_demo: bool,
) -> _Told:  # fmt: skip
    rows = [held.get((each.outlet_id or 0, each.factor)) for each in points]
    lacking = [
        each.outlet.name
        for each, row in zip(points, rows, strict=True)
        if each.outlet and (row is None or row.open_hours)
    ]
    if lacking:
        names = "、".join(lacking[:_NAMED]) + ("……" if len(lacking) > _NAMED else "")
        note = (
            f"{len(points)} 个排放口中 {len(lacking)} 个不完整：{names}"
            f" ({len(lacking)} of {len(points)} outlets are incomplete)"
        )
        return _Told(indicator, subject, None, note, is_demo)
    sound = [row for row in rows if row is not None]
    kg = sum((row.kg for row in sound), Decimal(0))
    hours = sum(row.due_hours for row in sound)
    stand_in = sum(row.substituted_hours for row in sound)
    note = f"{len(points)} 个排放口，{hours} 小时，其中替代 {stand_in} 小时 ({stand_in} of {hours} hours substituted)"
    if any(row.is_doubted for row in sound):
        note += "；替代规定尚未核对原文 (by rules not compared with their documents)"
    return _Told(indicator, subject, rounded(kg / _KG_A_TONNE, _PLACES), note, is_demo)


def _write(told: Sequence[_Told], month: date, *, is_demo: bool) -> int:
    """Writes what is otherwise than the newest version of its cell."""
    if not told:
        return 0
    period = Period(month.year, f"{month.month:02d}")
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
    unit, source = written(Word.UNIT, {_UNIT})[_UNIT], written(Word.SOURCE, {SOURCE})[SOURCE]
    changed = sum((indicators[each.indicator], subjects[each.subject.key]) in before for each in fresh)
    load = Load.objects.create(
        name=f"monitoring/amounts/{period}", sha256="", source=SOURCE, rows_new=len(fresh) - changed,
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
                evidence=EVIDENCES.number(Evidence.ADMINISTRATIVE), value=each.value, unit_id=unit,
                source_id=source, note=each.note, load=load,
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
