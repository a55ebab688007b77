"""替代所需：what filling asks of the rest: capture rates, failed calibrations, the mean of the last valid month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from shuangkong.monitoring.amounts.hours import Known
from shuangkong.monitoring.reading import Reading, Span, starts_of
from shuangkong.monitoring.validity.spans import Judged
from shuangkong.monitoring.validity.verdict import Verdict, merged


def known(
    judged: Judged, kilograms: Iterable[Reading], out_of_control: Iterable[tuple[datetime, datetime]] = ()
) -> Known:
    """Puts ``Known`` together for one outlet and pollutant.

    Args:
        judged: verdicts of its days and months (``validity.spans.verdicts``), from the first quarter on that is asked
            of. A quarter that is not over has the capture rate of its days so far.
        kilograms: measured hours in kg (value None: lost); hours of invalid days are passed over.
        out_of_control: (the last calibration that passed, when one passed again; not included) of times between which
            data was out of control.
    """
    rates = _capture_rates(judged.days)
    means = _month_means(judged, kilograms)
    stretches = sorted(out_of_control)

    def last_calibration(at: datetime) -> datetime:
        return next((begun for begun, ended in stretches if begun <= at < ended), at)

    def month_mean(day: date) -> Decimal | None:
        before = [month for month in means if month < starts_of(Span.MONTH, day)]
        return means[max(before)] if before else None

    return Known(lambda day: rates.get(starts_of(Span.QUARTER, day)), last_calibration, month_mean)


def _capture_rates(days: Iterable[Verdict]) -> dict[date, Decimal | None]:
    quarters: dict[date, list[Verdict]] = {}
    for day in days:
        quarters.setdefault(starts_of(Span.QUARTER, day.starts), []).append(day)
    return {starts: merged(day.tally for day in group).capture_pct for starts, group in quarters.items()}


def _month_means(judged: Judged, kilograms: Iterable[Reading]) -> dict[date, Decimal]:
    """Mean hourly kilograms over the valid days of each valid month; months without any have none."""
    valid_days = {day.starts for day in judged.days if day.is_valid}
    valid_months = {month.starts for month in judged.of(Span.MONTH) if month.is_valid}
    told: dict[date, list[Decimal]] = {}
    for each in kilograms:
        day = each.at.date()
        if each.value is not None and day in valid_days and starts_of(Span.MONTH, day) in valid_months:
            told.setdefault(starts_of(Span.MONTH, day), []).append(each.value)
    return {month: sum(values, Decimal(0)) / len(values) for month, values in told.items()}
