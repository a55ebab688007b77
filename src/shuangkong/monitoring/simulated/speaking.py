"""What a site says: items of its messages, and the bytes that its logger makes of them, with its manners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from shuangkong.monitoring.simulated.counter import daily_kwh, shown_kwh, swaps_of
from shuangkong.monitoring.simulated.means import AMOUNT_DIGITS, Day, Means
from shuangkong.monitoring.simulated.noise import one
from shuangkong.monitoring.simulated.process import GAS_FLOW, WATER_FLOW, epoch_s
from shuangkong.monitoring.simulated.site import Factor, Manner, Site
from shuangkong.protocols.hj212.check import modbus_value
from shuangkong.protocols.hj212.frame import LONGEST, wrap
from shuangkong.protocols.hj212.message import Item
from shuangkong.protocols.hj212.sm4 import CipherForm, Key, wrap_enciphered
from shuangkong.protocols.hj212.times import format_time

_ORDER = ("Cou", "Min", "Avg", "Max", "ZsMin", "ZsAvg", "ZsMax")
#: How long a data segment of a logger may get that splits its messages early.
_SHORT_SEGMENT = 420


def dated(at: datetime, site: Site) -> Item:
    """The item that says when."""
    text = format_time(at)
    return (("DataTime", text + "000" if Manner.LONG_TIME in site.manners else text),)


def instant_items(site: Site, told: Day, at: int) -> list[Item]:
    """Real-time values of the ``at``-th instant of a day."""
    items = []
    for each in site.factors:
        pairs = [(f"{each.on_wire}-Rtd", _printed(each, float(told.instants.values[each.code][at])))]
        if each.code in told.converted and not np.isnan(told.converted[each.code][at]):
            pairs.append((f"{each.on_wire}-ZsRtd", _printed(each, float(told.converted[each.code][at]))))
        flag = (f"{each.on_wire}-Flag", str(told.instants.flags[each.code][at]))
        items.append((flag, *pairs) if Manner.FLAG_FIRST in site.manners else (*pairs, flag))
    return items


def mean_items(site: Site, means: Means, at: int) -> list[Item]:
    """Figures of the ``at``-th period of a day."""
    items = []
    for each in site.factors:
        pairs = [
            (f"{each.on_wire}-{field}", _figure(each, field, float(figures[at])))
            for field in _ORDER
            if (figures := means.figures.get((each.code, field))) is not None and not np.isnan(figures[at])
        ]
        pairs.append((f"{each.on_wire}-Flag", str(means.flags[each.code][at])))
        items.append(tuple(pairs))
    return items


def _figure(factor: Factor, field: str, value: float) -> str:
    if field == "Cou":
        return f"{value:.{2 if factor.code in (GAS_FLOW, WATER_FLOW) else AMOUNT_DIGITS}f}"
    return _printed(factor, value)


def _printed(factor: Factor, value: float) -> str:
    return f"{value * factor.scale:.{factor.digits + factor.more_digits}f}"


def meter_items(site: Site, at: datetime) -> list[Item]:
    """What a meter's logger tells as field information: current, counter, energy of the day so far."""
    day = at.date()
    second = np.array([epoch_s(day) + (at.hour * 60 + at.minute) * 60 + at.second], np.int64)
    swaps = swaps_of(site, date(day.year, 1, 1), day)
    today = shown_kwh(site, second, swaps)[0]
    share = (at.hour * 60 + at.minute) / 1440
    return [
        (("PolId", "i33201"),),
        (("i33201-Info", f"{today:.2f}"),),
        (("i33202-Info", f"{daily_kwh(site, day) * share:.0f}"),),
        (("i33200-Info", f"{site.power_kw / 0.38 / 1.732:.1f}"),),
    ]


def log_items(site: Site, at: datetime) -> list[Item]:
    """A line of the field log."""
    said = ("清洗管路", "时间校准", "更换试剂", "量程校准完成")
    text = said[int(one(site.seed, at.date(), "log line") * len(said))]
    code = site.factors[0].on_wire if site.factors else "i33201"
    return [(("PolId", code),), (("i11001-Info", f"//{text}//"),)]


class Numbers:
    """Request numbers of one logger: times of its own clock, never one twice."""

    def __init__(self) -> None:
        self._last = 0

    def at(self, clock: datetime) -> str:
        """The next number at a time of the logger's clock."""
        wanted = int(format_time(clock) + f"{clock.microsecond // 1000:03d}")
        if wanted <= self._last:
            # A millisecond further, over the end of a second where need be.
            digits = f"{self._last:017d}"
            base = datetime.strptime(digits[:14], "%Y%m%d%H%M%S") + timedelta(milliseconds=int(digits[14:]) + 1)  # noqa: DTZ007
            wanted = int(format_time(base) + f"{base.microsecond // 1000:03d}")
        self._last = wanted
        return f"{wanted:017d}"

    def each(self, clock: datetime) -> Iterator[str]:
        """Numbers without end from a time on."""
        while True:
            yield self.at(clock)


def longest_segment(site: Site) -> int:
    """Bytes that a data segment of its logger may have before it splits."""
    return _SHORT_SEGMENT if Manner.SPLIT in site.manners else LONGEST


def on_wire(site: Site, body: bytes, key: Key | None) -> bytes:
    """The frame that its logger makes of a data segment.

    Args:
        key: what its data area is enciphered with; None: it is sent in clear.
    """
    if Manner.GBK in site.manners and not body.isascii():
        body = body.decode().encode("gb18030")
    if key is not None:
        return wrap_enciphered(body, key, CipherForm.RAW)
    wire = wrap(body)
    if site.variant != "hj212":
        value = modbus_value(body)
        if site.variant == "modbus_swapped":
            value = (value >> 8) | ((value & 0xFF) << 8)
        wire = wire[:-6] + b"%04X\r\n" % value
    if Manner.LOWER_CHECK in site.manners:
        wire = wire[:-6] + wire[-6:].lower()
    if Manner.UNPADDED in site.manners:
        wire = re.sub(rb"^##0(\d{3})", rb"##\1", wire)
    return wire[:-2] if Manner.NO_TAIL in site.manners else wire
