"""报表的内容: hours of a day, days of a month, months of a year of one outlet: concentrations, flows, amounts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.monitoring.alarms.comparison import compared
from shuangkong.monitoring.flue_gas import point as gas
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.mark import Marks
from shuangkong.monitoring.reading import HOURS_A_DAY, Media, Reading, Span, ends_of, starts_of
from shuangkong.monitoring.validity.rule import ValidityRules
from shuangkong.monitoring.validity.verdict import Tally, is_enough
from shuangkong.monitoring.wire_codes import is_measured
from shuangkong.records.monitoring.limits import references_of
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import flows
from shuangkong.web.monitoring.computed_flow import ComputedFlow, computed_flows
from shuangkong.web.monitoring.converting import unconverted
from shuangkong.web.monitoring.flows import FLOWS, OXYGEN, aside, has_amount
from shuangkong.web.monitoring.hours import Told, told, total
from shuangkong.web.monitoring.owing import owing
from shuangkong.web.monitoring.partly_air import least_mean, partly_air
from shuangkong.web.monitoring.report_notes import Counts, notes
from shuangkong.web.monitoring.views.outlet import midnight
from shuangkong.web.site.scope import near_day

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one pollutant over one period, in its unit; amounts in kg; ``own``: our conversion beside the device's.

    ``amount_hours``: hours whose amount is in the sum; ``flow_m3`` their flow, by which means of water are weighed.
    ``is_valid``: it counts in means; ``is_stopped``: nothing had to be measured; ``is_owed``: it was due.
    """

    measured: Decimal | None = None
    converted: Decimal | None = None
    own: Decimal | None = None
    amount_kg: Decimal | None = None
    amount_hours: int = 0
    flow_m3: Decimal | None = None
    is_valid: bool = False
    is_stopped: bool = False
    is_owed: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One row; ``flow_m3``: dry at standard state, or of water; ``state``: other factors' means."""

    label: str
    at: date | datetime
    figures: Mapping[str, Figures]
    state: Mapping[str, Decimal | None]
    flow_m3: Decimal | None
    marks: str = ""
    hours: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """A table of lines; ``notes`` are what a reader has to know of it."""

    span: Span
    first: date
    last: date
    pollutants: Sequence[str]
    lines: Sequence[Line]
    notes: Sequence[str]
    states: Sequence[str] = ()
    media: Media = Media.GAS
    is_converted: bool = False


@dataclass(slots=True)
class _Making:
    """What one report is made with."""

    outlet: Outlet
    media: Media
    points: Mapping[str, int]
    held: Told
    marks: Marks
    validity: ValidityRules
    reference_on: Callable[[date], Decimal | None]
    tolerance_pct: Decimal
    unconverted: frozenset[datetime]
    computed: Mapping[datetime, ComputedFlow]
    owes: Mapping[str, Callable[[datetime], bool]]
    partly_air: Collection[datetime] = ()
    counts: Counts = field(default_factory=Counts)

    def references(self, first: date, last: date) -> list[tuple[date, Decimal]]:
        """The oxygen that concentrations of those days refer to, with the day from which it is that, in order."""
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        told_ = [(day, found) for day in days if (found := self.reference_on(day)) is not None]
        return [each for number, each in enumerate(told_) if not number or each[1] != told_[number - 1][1]]


def span_of(span: Span, told_day: str) -> tuple[date, date]:
    """First and last day of the day, month or year that an address names; yesterday's where it names none."""
    day = near_day(told_day) or timezone.localdate() - timedelta(days=1)
    first = starts_of(span, day)
    return first, ends_of(span, first)


def report_of(outlet: Outlet, span: Span, first: date, last: date) -> Report:
    """Raises StoreDown, StoreRefused; see data.asked."""
    media = Media(outlet.kind) if outlet.kind in set(Media) else Media.GAS
    rows = Point.objects.select_related("outlet").filter(outlet=outlet)
    points = {each.factor: each for each in rows if is_measured(each.factor)}
    book = open_rulebook()
    law = book.monitoring(book.layer_of(outlet.region_id, last))
    end = min(midnight(last + timedelta(days=1)), timezone.now())
    held = told(list(points.values()), midnight(first), end, law.marks)
    making = _Making(
        outlet, media, {factor: each.pk for factor, each in points.items()}, held, law.marks, law.validity[media],
        references_of(outlet), law.thresholds(min(last, timezone.localdate())).converted_tolerance_pct,
        unconverted(_told_of_gas(held, points, midnight(first), end), law) if media is Media.GAS else frozenset(),
        computed_flows(held, outlet), _owed_hours(outlet, points),
    )  # fmt: skip
    references = making.references(first, last)
    if media is Media.GAS and references and span is not Span.YEAR and OXYGEN in points:
        making.partly_air = _partly_air(held, points[OXYGEN].pk, law, making.unconverted)
    pollutants = sorted(factor for factor in points if factor not in aside(media))
    hours = [_hour(making, pollutants, at) for at in _hours(midnight(first), end)]
    lines = hours if span is Span.DAY else _gathered(making, pollutants, hours, span)
    states = [factor for factor in sorted(points) if factor in aside(media) and factor != FLOWS[media]]
    return Report(span, first, last, pollutants, lines, _noted(making, hours, references), states, media,
                  bool(references))  # fmt: skip


def _partly_air(held: Told, oxygen: int, law: MonitoringLaw, but: Collection[datetime]) -> Collection[datetime]:
    """Hours whose conversion is doubtful for their minutes; such a mean is no lower than their part of it."""
    means = held.values.get((oxygen, "avg"), {})
    high = {at for at, each in means.items() if each.value is not None and each.value >= least_mean(law, at)}
    return partly_air(oxygen, high.difference(but), law, means)


def _owed_hours(outlet: Outlet, points: Mapping[str, Point]) -> dict[str, Callable[[datetime], bool]]:
    """Factor → whether an hour was owed. 2 queries."""
    due = owing([outlet.pk])
    return {factor: due.of(outlet, point) for factor, point in points.items()}


def _told_of_gas(held: Told, points: Mapping[str, Point], first: datetime, end: datetime) -> dict[str, list[Reading]]:
    """The hours of each factor; of oxygen also those of which nothing came, for the marks on them."""
    told_ = {factor: held.readings(each.pk) for factor, each in points.items()}
    if OXYGEN in told_:
        told_[OXYGEN] = held.whole(points[OXYGEN].pk, first, end)
    return told_


def _hours(first: datetime, end: datetime) -> list[datetime]:
    count = int((end - first) / _HOUR)
    return [first + number * _HOUR for number in range(max(0, count))]


def _hour(making: _Making, pollutants: Sequence[str], at: datetime) -> Line:
    flow = _flow(making, at)
    oxygen, reference = _sound(making, OXYGEN, at), making.reference_on(at.date())
    figures = {}
    marks = set()
    for factor in pollutants:
        if not making.owes[factor](at):
            marks.add(_("未登记"))
            figures[factor] = Figures(is_stopped=True, is_owed=False)
            continue
        reading = making.held.values.get((making.points[factor], "avg"), {}).get(at)
        held = making.held.reading(reading) if reading is not None else None
        is_impossible = held is not None and held.value is not None and held.value < 0 and has_amount(factor)
        if held is None or held.value is None or held.mark not in making.marks.measured or is_impossible:
            making.counts.lacking += 1
            if is_impossible:
                making.counts.impossible += 1
                marks.add(_("负值"))
                figures[factor] = Figures()
                continue
            mark = making.held.mark(making.points[factor], at)
            is_doubtful = reading is not None and reading.is_doubtful
            making.counts.doubtful += is_doubtful
            marks.add(
                _("状态不明") if is_doubtful else held.mark.value if held is not None else mark.mark if mark else "Md"
            )
            is_stopped = (held.mark if held is not None else mark and mark.mark) in making.marks.stopped
            figures[factor] = Figures(held.value if held and is_stopped else None, is_stopped=is_stopped)
            continue
        making.counts.brought += reading is not None and reading.brought is not None
        if reading is not None and reading.is_own:
            making.counts.own += 1
            marks.add(_("自算"))
        # Only concentrations by mass are converted: a temperature has no reference oxygen.
        is_told = at not in making.unconverted and has_amount(factor)
        own = gas.converted(held.value, oxygen, reference) if reference is not None and is_told else None
        device = making.held.values.get((making.points[factor], "zs_avg"), {}).get(at) if is_told else None
        both = compared(device.value if device else None, own, making.tolerance_pct)
        making.counts.differing += both.differs
        amount = flows.kilograms(factor, held.value, flow)
        weight = None if amount is None else flow
        figures[factor] = Figures(
            held.value, both.official, both.beside, amount, int(amount is not None), weight, is_valid=True
        )
    state = {factor: _sound(making, factor, at) for factor in making.points if factor not in pollutants}
    if at in making.partly_air:
        marks.add(_("部分如空气"))
    if at in making.computed:
        making.counts.reckoned += 1
        marks.add(_("流量推算"))
    return Line(f"{at:%H:%M}", at, figures, state, flow, "、".join(sorted(marks)))


def _sound(making: _Making, factor: str, at: datetime) -> Decimal | None:
    """The mean of an hour of a factor, where it counts as measured."""
    number = making.points.get(factor)
    found = making.held.values.get((number, "avg"), {}).get(at) if number is not None else None
    if found is None:
        return None
    held = making.held.reading(found)
    return held.value if held.mark in making.marks.measured | making.marks.stopped else None


def _flow(making: _Making, at: datetime) -> Decimal | None:
    """m³ of an hour: from the mean flow by the code table's unit, else what was counted or reckoned of the velocity."""
    if at in making.computed:
        return flows.not_below_zero(making.computed[at].m3)
    factor = FLOWS[making.media]
    number = making.points.get(factor)
    counted = making.held.values.get((number, "cou"), {}).get(at) if number is not None else None
    told_m3 = flows.hour_m3(making.media, _sound(making, factor, at), counted.value if counted is not None else None)
    return flows.not_below_zero(told_m3)


def _gathered(making: _Making, pollutants: Sequence[str], hours: Sequence[Line], span: Span) -> list[Line]:
    """Days of a month, or months of a year."""
    days: dict[date, list[Line]] = {}
    for line in hours:
        day = line.at.date() if isinstance(line.at, datetime) else line.at
        days.setdefault(day, []).append(line)
    daily = {day: _day(making, pollutants, day, lines) for day, lines in days.items()}
    if span is Span.MONTH:
        return list(daily.values())
    months: dict[date, list[Line]] = {}
    for day, line in daily.items():
        months.setdefault(day.replace(day=1), []).append(line)
    return [_month(making, pollutants, month, lines) for month, lines in months.items()]


def _day(making: _Making, pollutants: Sequence[str], day: date, lines: Sequence[Line]) -> Line:
    """A day that is not over has its amounts so far and no mean."""
    figures = {}
    rule = making.validity.on(Span.DAY, day)
    is_over = midnight(day + timedelta(days=1)) <= timezone.now()
    for factor in pollutants:
        own = [line.figures[factor] for line in lines]
        valid = [each for each in own if each.is_valid]
        tally = Tally(HOURS_A_DAY, len(valid), sum(each.is_stopped for each in own))
        holds = is_over and bool(valid) and (len(valid) >= HOURS_A_DAY if rule is None else is_enough(tally, rule))
        figures[factor] = _gathered_figures(making, factor, own, valid if holds else ())
    part = _("未满一日") if not is_over else ""
    return _line_of(f"{day:%m-%d}", day, figures, lines, marks=part or _unregistered(figures))


def _unregistered(figures: Mapping[str, Figures]) -> str:
    """That no factor was owed in the time of a line."""
    return _("未登记") if figures and not any(each.is_owed for each in figures.values()) else ""


def _month(making: _Making, pollutants: Sequence[str], month: date, lines: Sequence[Line]) -> Line:
    figures = {}
    for factor in pollutants:
        own = [line.figures[factor] for line in lines]
        figures[factor] = _gathered_figures(making, factor, own, [each for each in own if each.measured is not None])
    return _line_of(f"{month:%Y-%m}", month, figures, lines, marks=_unregistered(figures))


def _gathered_figures(making: _Making, factor: str, own: Sequence[Figures], valid: Sequence[Figures]) -> Figures:
    """The sums of what is told, the means of what is valid; of water by the flow of the hours that have an amount."""
    amount, flow = total([each.amount_kg for each in own]), total([each.flow_m3 for each in own])
    return Figures(
        _mean_of(making, factor, [each.measured for each in valid], amount, flow) if valid else None,
        gas.mean([each.converted for each in valid]), None, amount, sum(each.amount_hours for each in own), flow,
        is_valid=bool(valid), is_owed=any(each.is_owed for each in own),
    )  # fmt: skip


def _line_of(label: str, at: date, figures: Mapping[str, Figures], lines: Sequence[Line], marks: str = "") -> Line:
    state = {factor: gas.mean([line.state.get(factor) for line in lines]) for factor in lines[0].state} if lines else {}
    flow = total([line.flow_m3 for line in lines])
    return Line(label, at, figures, state, flow, marks, sum(line.hours for line in lines))


def _mean_of(
    making: _Making, factor: str, means: Sequence[Decimal | None], amount: Decimal | None, flow: Decimal | None
) -> Decimal | None:
    """Of water by flow, where flow and amount are known; of gas the arithmetic mean of what is valid."""
    found = flows.weighed(factor, amount, flow) if making.media is Media.WATER else None
    return gas.mean(means) if found is None else found


def _noted(making: _Making, hours: Sequence[Line], references: Sequence[tuple[date, Decimal]]) -> list[str]:
    counts = making.counts
    counts.dropped = sum(line.at in making.unconverted for line in hours)
    counts.partly_air = len(making.partly_air)
    counts.hours, counts.flow_hours = len(hours), sum(line.flow_m3 is not None for line in hours)
    without = {each for each in making.points if each not in aside(making.media) and not has_amount(each)}
    return notes(counts, references, without)
