"""反控命令: orders that the upper computer may give, with their fields checked first (tables 4 and 9)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.protocols.hj212.codes import Codes, Command, Edition
from shuangkong.protocols.hj212.message import Item
from shuangkong.protocols.hj212.times import parse_time

#: Orders that the gateway gives by itself, for which nobody is asked.
OWN = frozenset(("cipher_key", "device_id"))
_MINUTES = frozenset((1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30))


def _within(low: int, high: int) -> Callable[[str], bool]:
    return lambda text: text.isascii() and text.isdigit() and len(text) <= 5 and low <= int(text) <= high


def _is_time(text: str) -> bool:
    return len(text) == 14 and parse_time(text) is not None


#: Field → whether a value may stand in it, and what is expected, both languages (table 4).
FIELDS: Mapping[str, tuple[Callable[[str], bool], Message]] = {
    "SystemTime": (_is_time, Message("14 位时间（年月日时分秒）", "a time of 14 digits")),
    "BeginTime": (_is_time, Message("14 位时间（年月日时分秒）", "a time of 14 digits")),
    "EndTime": (_is_time, Message("14 位时间（年月日时分秒）", "a time of 14 digits")),
    "SKCreateTime": (_is_time, Message("14 位时间（年月日时分秒）", "a time of 14 digits")),
    "RtdInterval": (_within(30, 3600), Message("30 至 3600 秒", "30 to 3,600 seconds")),
    "MinInterval": (
        lambda text: _within(1, 30)(text) and int(text) in _MINUTES,
        Message("1、2、3、4、5、6、10、12、15、20 或 30 分钟", "1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30 minutes"),
    ),
    "OverTime": (_within(1, 99), Message("1 至 99 秒", "1 to 99 seconds")),
    "ReCount": (_within(1, 99), Message("1 至 99 次", "1 to 99 times")),
    "NewPW": (
        lambda text: bool(re.fullmatch(r"[0-9A-Za-z]{6}", text)),
        Message("6 位字母或数字", "6 letters or digits"),
    ),
    "CstartTime": (
        lambda text: _is_time("19700101" + text),
        Message("6 位时间（时分秒）", "a time of day of 6 digits"),
    ),
    "Ctime": (_within(1, 24), Message("1 至 24 小时", "1 to 24 hours")),
    "PolId": (
        lambda text: bool(re.fullmatch(r"[0-9A-Za-z]{2,6}", text)),
        Message("因子代码", "the code of a factor"),
    ),
    "InfoId": (
        lambda text: bool(re.fullmatch(r"[iI]\d{5}", text)),
        Message("现场信息编码，如 i13004", "a code of field information, such as i13004"),
    ),
    "MN": (lambda text: bool(re.fullmatch(r"[0-9A-Za-z]{1,24}", text)), Message("设备标识", "a device id")),
    "NewSK": (
        lambda text: bool(re.fullmatch(r"[0-9A-Za-z]{16}|[0-9A-Fa-f]{32}", text)),
        Message("16 个字符或 32 位十六进制的密钥", "a key of 16 characters or 32 hexadecimal digits"),
    ),
}
_FREE = Message("不含分隔符的文字", "text without separators")


def orders(codes: Codes, edition: Edition) -> tuple[Command, ...]:
    """What a person may order of a device of ``edition``, in the order of the codes."""
    known = (command for command in codes.commands.values() if command.from_host in ("request", "notify"))
    return tuple(command for command in known if edition in command.editions and command.word not in OWN)


def fields_of(command: Command) -> tuple[tuple[str, bool], ...]:
    """Fields of an order and whether each must be told; ``*-Info`` stands for a value named by its code."""
    return tuple((name.rstrip("?"), not name.endswith("?")) for name in command.asks)


def check_order(command: Command, told: Mapping[str, str]) -> Iterator[Finding]:
    """Yields what is wrong with the fields of an order; none: it may be sent."""
    place = f"{command.code} {command.zh} ({command.en})"
    known = dict(fields_of(command))
    for name, must in known.items():
        if must and not name.startswith("*") and not told.get(name):
            yield _finding(place, name, Message("没有填写", "is missing"), _expected(name))
    if "*-Info" in known and not any(name.endswith("-Info") for name in told):
        yield _finding(place, "…-Info", Message("没有填写", "is missing"), _FREE)
    for name, value in told.items():
        if name not in known and not (name.endswith("-Info") and "*-Info" in known):
            yield _finding(place, name, Message("不是这一命令的字段", "is no field of this command"), _named(known))
        elif value and not _may_stand(name, value):
            found = Message(f"“{value}”不合要求", f"“{value}” will not do")
            yield _finding(place, name, found, _expected(name))
    if (
        _is_time(told.get("BeginTime", ""))
        and _is_time(told.get("EndTime", ""))
        and told["EndTime"] < told["BeginTime"]
    ):
        found = Message("早于 BeginTime", "is before BeginTime")
        yield _finding(place, "EndTime", found, Message("不早于起始时间的时间", "a time not before the start"))


def area_of(command: Command, told: Mapping[str, str]) -> tuple[Item, ...]:
    """The data area of a checked order: one item a field, in the table's order."""
    names = [name for name, _ in fields_of(command)]
    own = [name for name in told if name.endswith("-Info") and "*-Info" in names]
    given = [name for name in names if told.get(name)] + own
    return tuple(((name, told[name]),) for name in given)


def _may_stand(name: str, value: str) -> bool:
    if name in FIELDS:
        return FIELDS[name][0](value)
    return not re.search(r"[;,&=\s]|//", value) and len(value) <= 64


def _expected(name: str) -> Message:
    return FIELDS[name][1] if name in FIELDS else _FREE


def _named(known: Mapping[str, bool]) -> Message:
    names = ", ".join(known) or "—"
    return Message(f"字段 {names}", f"fields {names}")


def _finding(place: str, name: str, found: Message, expected: Message) -> Finding:
    return Finding(
        code="MON-212",
        severity=Severity.MUST_FIX,
        place=place,
        message=Message(
            f"{place}：{name} {found.zh}；应为{expected.zh}。请改正后再下发。",
            f"{place}: {name} {found.en}; expected {expected.en}. Correct it and send it then.",
        ),
    )
