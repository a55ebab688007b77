"""排放量的由来，命令行上一直到报文: outlets of a place → months of an outlet → its days → hours → the frame.

Whoever runs commands on the server may see every outlet; pages ask who may see which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shuangkong.cli.refusal import CommandRefused

if TYPE_CHECKING:
    from shuangkong.monitoring.amounts.hours import HourAmount
    from shuangkong.records.monitoring.models import AmountClosing, Outlet
    from shuangkong.web.monitoring.reckoning import Reckoned

#: Kinds of subjects that lead to hours: the outlets of a place by its code, one outlet by its number.
OUTLETS, OUTLET = "outlets", "outlet"
#: How long a month, a day and an hour are as they are written.
_MONTH_DIGITS, _DAY_DIGITS, _HOUR_DIGITS = len("YYYY-MM"), len("YYYY-MM-DD"), len("YYYY-MM-DDTHH")


@dataclass(frozen=True, slots=True)
class Part:
    """One line below a figure; ``then``: the words of the next question, empty where there is none."""

    name: str
    kg: Decimal | None
    how: str = ""
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """What is told of a question; ``words``: sentences behind the parts, such as a frame."""

    name: str
    kg: Decimal | None
    parts: Sequence[Part] = ()
    words: Sequence[str] = field(default_factory=tuple)

    def lines(self) -> list[str]:
        out = [f"{self.name}：{_kg(self.kg)}"]
        for each in self.parts:
            out.append(f"  · {each.name}：{f'{each.how} = ' if each.how else ''}{_kg(each.kg)}")
            out += [next_line(each.then)] if each.then else []
        return [*out, *(f"  {each}" for each in self.words)]

    def as_json(self) -> dict[str, Any]:
        parts = [
            {"name": each.name, "kg": _text(each.kg), "how": each.how, "next": list(each.then)} for each in self.parts
        ]
        return {"name": self.name, "kg": _text(self.kg), "parts": parts, "words": list(self.words)}


def next_line(words: Sequence[str]) -> str:
    """The command that asks on."""
    return f"    → shuangkong explain {' '.join(words)}"


def next_words(rests_on: Sequence[str], indicator: str) -> tuple[str, ...]:
    """The words that ask for what a step rests on; empty where the command line leads no further."""
    match rests_on:
        case ("amount", outlet, factor, month):
            return f"{OUTLET}:{outlet}", factor, month
        case ("amounts", place, month):
            return f"{OUTLETS}:{place}", indicator, month
    return ()


def leads_to_hours(subject: str) -> bool:
    return subject.partition(":")[0] in (OUTLETS, OUTLET) and ":" in subject


def hours_of(subject: str, what: str, period: str) -> Hours:
    """What the question says: a month of a place or an outlet, a day or an hour of an outlet.

    Raises:
        CommandRefused: there is no such outlet, factor or time; or the store does not answer.
    """
    kind, _colon, code = subject.partition(":")
    month, at = _times(period)
    if kind == OUTLETS:
        if at is not None:
            raise _time_refused(period)
        return _place(code, what, month)
    outlet = _outlet(code)
    factor = _factor(outlet, what)
    return _month(outlet, factor, month) if at is None else _day(outlet, factor, month, at, is_hour="T" in period)


def _times(text: str) -> tuple[date, datetime | None]:
    """The month's first day; and the day or hour within it, None for the whole of it."""
    try:
        if len(text) == _MONTH_DIGITS:
            return date.fromisoformat(f"{text}-01"), None
        if len(text) not in (_DAY_DIGITS, _HOUR_DIGITS):
            raise ValueError(text)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _time_refused(text) from None
    return at.date().replace(day=1), at


def _time_refused(text: str) -> CommandRefused:
    return CommandRefused(
        "IND-110",
        f"“{text}”：排放口的量按月、日、时查，应写 YYYY-MM、YYYY-MM-DD 或 YYYY-MM-DDTHH；一个地区的排放口只按月查。",
        f"“{text}”: amounts of outlets are asked by YYYY-MM, YYYY-MM-DD or YYYY-MM-DDTHH; those of a place by month.",
    )


def _outlet(code: str) -> Outlet:
    from shuangkong.records.monitoring.models import Outlet

    rows = Outlet.objects.select_related("region", "enterprise")
    # Numbers of rows have at most eighteen digits.
    found = rows.filter(pk=int(code)).first() if code.isascii() and code.isdigit() and len(code) < 19 else None
    if found is None:
        raise CommandRefused(
            "IND-111",
            f"没有编号为“{code}”的排放口。用 shuangkong explain outlets:地区代码 指标 月份 列出一个地区的。",
            f"There is no outlet “{code}”. Those of a place: shuangkong explain outlets:<code> <indicator> <month>.",
        )
    return found


def _factor(outlet: Outlet, what: str) -> str:
    """The factor itself, or that of an indicator, by id or name."""
    from shuangkong.monitoring.amounts.emissions import INDICATORS
    from shuangkong.monitoring.reading import Media
    from shuangkong.records.indicators.naming import indicator_named
    from shuangkong.records.refusal import Refused
    from shuangkong.web.monitoring.codes import codes

    if what in codes().factors:
        return what
    own = INDICATORS[Media(outlet.kind)] if outlet.kind in set(Media) else {}
    try:
        wanted = indicator_named(what)
    except Refused as refused:
        raise CommandRefused(refused.code, refused.message.zh, refused.message.en) from refused
    for factor, indicator in own.items():
        if indicator == wanted:
            return factor
    raise CommandRefused(
        "IND-112",
        f"“{outlet.name}”没有指标“{what}”的排放量。请写因子编码，如 {next(iter(own), 'a21026')}。",
        f"“{outlet.name}” has no amounts of “{what}”. Write the code of a factor.",
    )


def _place(code: str, what: str, month: date) -> Hours:
    """Outlets of a place with an amount of the indicator, the greatest first. ~6 queries."""
    from django.db.models import Q

    from shuangkong.monitoring.reading import Span, ends_of
    from shuangkong.records.indicators.naming import indicator_named, subject_named
    from shuangkong.records.monitoring.amounts import newest, owed
    from shuangkong.records.paths import below
    from shuangkong.records.refusal import Refused
    from shuangkong.records.registry.tree import path_of

    try:
        place, indicator = subject_named(code), indicator_named(what)
    except Refused as refused:
        raise CommandRefused(refused.code, refused.message.zh, refused.message.en) from refused
    within = below(path_of(place.code) or "/?/", "outlet__region__path") & Q(factor__in=_factors(indicator))
    # What the fact is the sum of: that which is owed, of a month that is over.
    points = {(each.outlet_id, each.factor) for each in owed(month, ends_of(Span.MONTH, month), within)}
    held = newest(month, within & Q(is_over=True))
    rows = [each for key, each in held.items() if key in points and _counts(each, indicator)]
    rows.sort(key=lambda each: (-each.kg, each.pk))
    parts = tuple(
        Part(f"{each.outlet.name} {each.factor}", each.kg, _origins(each),
             (f"{OUTLET}:{each.outlet_id}", each.factor, f"{month:%Y-%m}"))
        for each in rows
    )  # fmt: skip
    return Hours(f"{place.code} {indicator} {month:%Y-%m}", sum((each.kg for each in rows), Decimal(0)), parts)


def _factors(indicator: str) -> list[str]:
    from shuangkong.monitoring.amounts.emissions import INDICATORS

    return [factor for own in INDICATORS.values() for factor, name in own.items() if name == indicator]


def _counts(row: AmountClosing, indicator: str) -> bool:
    from shuangkong.monitoring.amounts.emissions import INDICATORS
    from shuangkong.monitoring.reading import Media

    kind = row.outlet.kind
    return kind in set(Media) and INDICATORS[Media(kind)].get(row.factor) == indicator


def _origins(row: AmountClosing) -> str:
    from shuangkong.monitoring.amounts.hours import ORIGINS, Origin

    counts = {
        Origin.MEASURED: row.measured_hours, Origin.SUBSTITUTED: row.substituted_hours,
        Origin.BY_HAND: row.by_hand_hours, Origin.STOPPED: row.stopped_hours, Origin.OPEN: row.open_hours,
    }  # fmt: skip
    return " + ".join(f"{ORIGINS[origin].zh} {count} h" for origin, count in counts.items() if count)


def _month(outlet: Outlet, factor: str, month: date) -> Hours:
    """The newest closing, day by day."""
    import json

    from shuangkong.records.monitoring.amounts import versions

    held = versions(outlet.pk, factor, month)
    if not held:
        return Hours(f"{outlet.name} {factor} {month:%Y-%m}", None, (), ("还没有结算。Not closed yet.",))
    trace = json.loads(held[0].content)
    parts = [
        Part(each["day"], Decimal(each["kg"]), _by(each["by"]), (f"{OUTLET}:{outlet.pk}", factor, each["day"]))
        for each in trace["days"]
    ]
    words = [f"{code} {zh}" for code, zh, _en in trace["findings"]] + [f"※ {zh}" for zh, _en in trace["doubts"]]
    return Hours(f"{outlet.name} {factor} {month:%Y-%m}", held[0].kg, parts, words)


def _by(counts: Mapping[str, int]) -> str:
    from shuangkong.monitoring.amounts.hours import ORIGINS, Origin

    return " + ".join(f"{ORIGINS[Origin(origin)].zh} {count} h" for origin, count in counts.items() if count)


def _day(outlet: Outlet, factor: str, month: date, at: datetime, *, is_hour: bool) -> Hours:
    """The hours of a day; or one hour with the frame that it came in."""
    now = _asked(lambda: _reckoned(outlet, factor, month))
    every = [each for each in now.amount.every_hour() if each.at.date() == at.date()] if now else []
    if not is_hour:
        parts = [_hour(each, now, (f"{OUTLET}:{outlet.pk}", factor, f"{each.at:%Y-%m-%dT%H}")) for each in every if now]
        known = [each.kg for each in every if each.kg is not None]
        return Hours(f"{outlet.name} {factor} {at:%Y-%m-%d}", sum(known, Decimal(0)) if known else None, parts)
    for each in every:
        if now and each.at.hour == at.hour:
            return Hours(f"{outlet.name} {factor} {at:%Y-%m-%d %H}:00", each.kg, [_hour(each, now, ())], _frame(each))
    said = "这一小时没有可核算的。Nothing is reckoned of this hour."
    return Hours(f"{outlet.name} {factor} {at:%Y-%m-%d %H}:00", None, (), (said,))


def _reckoned(outlet: Outlet, factor: str, month: date) -> Reckoned | None:
    from shuangkong.web.monitoring.closing import points_with_amounts
    from shuangkong.web.monitoring.reckoning import reckoned

    points = points_with_amounts(outlet, factor, month)
    return next(iter(reckoned(outlet, points, month)), None) if points else None


def _asked[T](ask: Callable[[], T]) -> T:
    from shuangkong.readings.wire.client import StoreDown, StoreRefused

    try:
        return ask()
    except (StoreDown, StoreRefused) as fault:
        raise CommandRefused(
            "IND-113", f"读数库没有应答：{fault}。逐时的数在读数库里，请先启动它（shuangkong store）。",
            f"The store of readings does not answer: {fault}. Hours stand there: start it (shuangkong store).",
        ) from fault  # fmt: skip


def _hour(each: HourAmount, now: Reckoned, then: tuple[str, ...]) -> Part:
    from shuangkong.monitoring.amounts.hours import ORIGINS, Origin
    from shuangkong.web.monitoring.flows import a_kg

    known = next((one for one in now.hours if one.at == each.at), None)
    how = each.by_hand or each.code
    if each.origin is Origin.MEASURED and known is not None and known.value is not None and known.flow_m3 is not None:
        how = f"{known.value.normalize():f} × {known.flow_m3.normalize():f} m³ / {a_kg(now.factor) or 1:f}"
    elif each.filled is not None and each.filled.band is not None:
        how = each.filled.band.ground.clause.words.zh
    return Part(f"{each.at:%H}:00 {ORIGINS[each.origin].zh}", each.kg, how, then)


def _frame(each: HourAmount) -> list[str]:
    """The frame that an hour came in, as it came, with its address in the evidence log."""
    from shuangkong.web.monitoring.frames import frame_at

    if each.evidence is None:
        return ["没有报文。It came in no frame."]
    found = frame_at(each.evidence.segment, each.evidence.offset)
    place = f"报文 frame {each.evidence.segment}:{each.evidence.offset}"
    if found.gone:
        return [f"{place}：{found.gone}"]
    return [f"{place} {found.received_at:%Y-%m-%d %H:%M:%S}", found.text.strip()]


def _kg(value: Decimal | None) -> str:
    from shuangkong.core.rounding import as_printed

    return "缺 missing" if value is None else f"{as_printed(value):f} kg"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
