"""A logger that obeys: its settings, its frames, and what it answers to the orders of the upper computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shuangkong.monitoring.simulated.playing import MEANS, Said, day_of
from shuangkong.monitoring.simulated.site import Kind, Manner, Site
from shuangkong.monitoring.simulated.speaking import (
    Numbers,
    dated,
    instant_items,
    log_items,
    longest_segment,
    mean_items,
    on_wire,
)
from shuangkong.monitoring.simulated.troubles import is_silent
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.protocols.hj212.encode import INTERACTION, Head, encode, encode_split
from shuangkong.protocols.hj212.message import Item, Message
from shuangkong.protocols.hj212.orders import check_order
from shuangkong.protocols.hj212.sm4 import Key, covers, parse_key
from shuangkong.protocols.hj212.times import format_time, parse_time

READY, REFUSED, BAD_PASSWORD, BAD_COMMAND = "1", "2", "3", "8"
DONE, BAD_CONDITION, NO_DATA = "1", "3", "100"
#: Periods that one order of history brings at most.
HISTORY = 2_000


@dataclass(slots=True)
class Settings:
    """What orders have changed; they are the logger's own and are lost with it."""

    password: str
    key: bytes
    realtime_s: int
    minute_min: int
    sends_realtime: bool = True
    clock_set: timedelta | None = None
    timeout: tuple[int, int] = (10, 3)
    sampling: tuple[str, str] = ("000000", "2")
    parameters: dict[str, str] = field(default_factory=dict)


class Station:
    """The logger of one site, without its socket."""

    def __init__(self, site: Site, codes: Codes) -> None:
        self.site = site
        self.settings = Settings(site.password, site.key, site.realtime_s, site.minute_min)
        self._codes = codes
        self._numbers = Numbers()

    def now_is(self) -> Site:
        """The site with the intervals that orders have set: what its next messages are made of."""
        return replace(self.site, realtime_s=self.settings.realtime_s, minute_min=self.settings.minute_min)

    def frames(self, said: Said) -> list[bytes]:
        """Returns the frames of one message of its own; none where an order has stopped that kind."""
        if said.word == "realtime_data" and not self.settings.sends_realtime:
            return []
        error = timedelta(seconds=said.clock_error_s)
        if self.settings.clock_set is not None:
            # Once its clock was set, it is right.
            error = timedelta()
        items = list(said.items)
        if said.time is not None:
            items.insert(0, dated(said.time + error, self.site))
        return self._sent(said.word, items, said.at + error, wants_answer=True, is_resent=said.is_resent)

    def obey(self, order: Message, now: datetime) -> list[bytes]:
        """Returns everything that it answers to an order, in turn; nothing to what is none."""
        command = self._codes.commands.get(order.cn)
        if command is None or command.from_host not in ("request", "notify"):
            return [] if command is not None else [self._answer(order, "request_answer", ("QnRtn", BAD_COMMAND))]
        if command.from_host == "notify":
            _act(self, command.word, order, now)
            return [self._answer(order, "notice_answer")]
        if self.site.edition not in command.editions:
            return [self._answer(order, "request_answer", ("QnRtn", BAD_COMMAND))]
        if order.pw != self.settings.password:
            return [self._answer(order, "request_answer", ("QnRtn", BAD_PASSWORD))]
        ready = self._answer(order, "request_answer", ("QnRtn", READY))
        if list(check_order(command, dict(order.cp))):
            return [ready, self._answer(order, "execution_result", ("ExeRtn", BAD_CONDITION))]
        # The answer is made before the order takes hold: it bears the password of the order.
        result = self._answer(order, "execution_result", ("ExeRtn", DONE))
        brought = _act(self, command.word, order, now)
        if brought is None:
            return [ready, self._answer(order, "execution_result", ("ExeRtn", NO_DATA))]
        return [ready, *brought, result]

    def reply(self, order: Message, items: list[Item]) -> bytes:
        """The frame that tells what was asked for, under the order's request number."""
        head = self._head(self._codes.commands[order.cn].word, order.qn, wants_answer=False)
        return self._wire(encode(head, items), order.cn)

    def history(self, order: Message, now: datetime) -> list[bytes] | None:
        """The frames of the periods that an order asks for; None where there are none."""
        word = self._codes.commands[order.cn].word
        first, last = parse_time(order.value("BeginTime")), parse_time(order.value("EndTime"))
        if first is None or last is None or word not in MEANS or self.site.kind is Kind.METER:
            return None
        frames: list[bytes] = []
        for at, items in self._periods(word, first, min(last, now)):
            frames += self._sent(word, [dated(at, self.site), *items], now, wants_answer=True, is_resent=True)
        return frames or None

    def _periods(self, word: str, first: datetime, last: datetime) -> Iterator[tuple[datetime, list[Item]]]:
        day, count = first.date(), 0
        while day <= last.date():
            means = MEANS[word](day_of(self.site, day))
            for at, second in enumerate(means.seconds.tolist()):
                begins = datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)
                if first <= begins <= last and not is_silent(self.site, day, second):
                    yield begins, mean_items(self.site, means, at)
                    count += 1
                    if count == HISTORY:
                        return
            day += timedelta(days=1)

    def _sent(
        self, word: str, items: list[Item], clock: datetime, *, wants_answer: bool, is_resent: bool = False
    ) -> list[bytes]:
        is_numberless = Manner.NO_QN in self.site.manners
        site, cn = self.site, self._codes.cn(word)
        qn = "" if is_numberless else self._numbers.at(clock)
        head = Head(
            qn, site.st, cn, self.settings.password, site.mn, site.edition, wants_answer, is_resent, is_numberless
        )
        if is_numberless:
            bodies = [encode(head, items)]
        else:
            bodies = encode_split(head, items, self._numbers.each(clock), longest_segment(site))
        return [self._wire(body, cn) for body in bodies]

    def _head(self, word: str, qn: str, *, wants_answer: bool) -> Head:
        site = self.site
        return Head(
            qn, site.st, self._codes.cn(word), self.settings.password, site.mn, site.edition, wants_answer=wants_answer
        )

    def _answer(self, order: Message, word: str, told: tuple[str, str] | None = None) -> bytes:
        head = Head(
            order.qn, INTERACTION, self._codes.cn(word), self.settings.password, self.site.mn, self.site.edition
        )
        return self._wire(encode(head, [(told,)] if told else []), head.cn)

    def _wire(self, body: bytes, cn: str) -> bytes:
        key = self.settings.key
        return on_wire(self.site, body, Key(key) if key and covers(cn, self._codes) else None)


type _Deed = Callable[[Station, Message, datetime], list[bytes] | None]


def _act(station: Station, word: str, order: Message, now: datetime) -> list[bytes] | None:
    """Does what an order says; returns the frames that it brings, None where there is nothing to bring."""
    deed = _DEEDS.get(word)
    return deed(station, order, now) if deed is not None else []


def _tell(name: str, of: Callable[[Station, datetime], str]) -> _Deed:
    def deed(station: Station, order: Message, now: datetime) -> list[bytes]:
        asked = order.value("PolId")
        named: list[Item] = [(("PolId", asked),)] if asked else []
        return [station.reply(order, [*named, ((name, of(station, now)),)])]

    return deed


def _set(change: Callable[[Settings, Message], None]) -> _Deed:
    def deed(station: Station, order: Message, _: datetime) -> list[bytes]:
        change(station.settings, order)
        return []

    return deed


def _set_key(settings: Settings, order: Message) -> None:
    settings.key = parse_key(order.value("NewSK")) or settings.key


def _set_clock(station: Station, order: Message, now: datetime) -> list[bytes]:
    told = parse_time(order.value("SystemTime"))
    station.settings.clock_set = told - now if told is not None else timedelta()
    return []


def _start_realtime(station: Station, order: Message, now: datetime) -> list[bytes] | None:
    station.settings.sends_realtime = True
    if station.site.kind is Kind.METER:
        return None
    told = day_of(station.site, now.date())
    second = (now.hour * 60 + now.minute) * 60 + now.second
    at = int((told.instants.seconds <= second).sum()) - 1
    about = datetime.combine(now.date(), datetime.min.time()) + timedelta(seconds=int(told.instants.seconds[at]))
    return [station.reply(order, [dated(about, station.site), *instant_items(station.site, told, at)])]


def _sampling(station: Station, order: Message, _: datetime) -> list[bytes]:
    starts, hours = station.settings.sampling
    pairs: list[Item] = [(("PolId", order.value("PolId")),), (("CstartTime", starts),), (("Ctime", hours),)]
    return [station.reply(order, pairs)]


def _keep_sample(station: Station, order: Message, now: datetime) -> list[bytes]:
    return [station.reply(order, [dated(now, station.site), (("VaseNo", "1"),)])]


def _serial(station: Station, order: Message, _: datetime) -> list[bytes]:
    code = order.value("PolId")
    return [station.reply(order, [(("PolId", code),), ((f"{code}-SN", f"{station.site.seed:024X}"[-24:]),)])]


def _information(station: Station, order: Message, now: datetime) -> list[bytes]:
    asked = order.value("InfoId")
    if asked == "i11001":
        items = log_items(station.site, now)
    else:
        items = [(("PolId", order.value("PolId")),), ((f"{asked}-Info", station.settings.parameters.get(asked, "0")),)]
    return [station.reply(order, [dated(now, station.site), *items])]


def _set_parameter(settings: Settings, order: Message) -> None:
    settings.parameters |= {name[: -len("-Info")]: value for name, value in order.cp if name.endswith("-Info")}


def _state(station: Station, order: Message, now: datetime) -> list[bytes]:
    return [station.reply(order, [dated(now, station.site), (("SB1-RS", "1"),), (("SB2-RS", "1"),)])]


def _hours_run(station: Station, order: Message, now: datetime) -> list[bytes] | None:
    about = parse_time(order.value("BeginTime"))
    if about is None or about.date() >= now.date() or station.site.kind is Kind.METER:
        return None
    hours = float((day_of(station.site, about.date()).instants.load > 0).mean() * 24)
    return [station.reply(order, [dated(about, station.site), (("SB1-RT", f"{hours:.2f}"),)])]


def _timeout(settings: Settings, order: Message) -> None:
    settings.timeout = (int(order.value("OverTime")), int(order.value("ReCount")))


_DEEDS: dict[str, _Deed] = {
    "timeout": _set(_timeout),
    "field_time": _tell("SystemTime", lambda _, now: format_time(now)),
    "set_field_time": _set_clock,
    "realtime_interval": _tell("RtdInterval", lambda station, _: str(station.settings.realtime_s)),
    "set_realtime_interval": _set(
        lambda settings, order: setattr(settings, "realtime_s", int(order.value("RtdInterval")))
    ),
    "minute_interval": _tell("MinInterval", lambda station, _: str(station.settings.minute_min)),
    "set_minute_interval": _set(
        lambda settings, order: setattr(settings, "minute_min", int(order.value("MinInterval")))
    ),
    "set_password": _set(lambda settings, order: setattr(settings, "password", order.value("NewPW"))),
    "cipher_key": _set(_set_key),
    "realtime_data": _start_realtime,
    "stop_realtime_data": _set(lambda settings, _: setattr(settings, "sends_realtime", False)),
    "device_state": _state,
    "device_hours": _hours_run,
    **dict.fromkeys(MEANS, Station.history),
    "keep_sample": _keep_sample,
    "set_sampling_period": _set(
        lambda settings, order: setattr(settings, "sampling", (order.value("CstartTime"), order.value("Ctime")))
    ),
    "sampling_period": _sampling,
    "sample_out_time": _tell("Stime", lambda _, __: "40"),
    "instrument_id": _serial,
    "field_information": _information,
    "set_field_parameter": _set(_set_parameter),
}
