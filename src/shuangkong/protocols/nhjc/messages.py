"""Messages of the upload, read and written: configuration, data, and what is wrong with them.

What came is read leniently where clients are known to differ (dashes, ``valid``, numbers as text) and strictly where
meaning hangs on it. Figures that cannot be read are told one by one; the good ones of a message stay good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import Any

from shuangkong.protocols.nhjc.codes import ItemCode, Scope, read_code
from shuangkong.protocols.nhjc.profile import Profile

FORMAT = "%Y-%m-%d %H:%M:%S"
#: Figures that one message may hold; a year of quarter hours of one item is 35,040.
MOST = 50_000
_WIDEST = 40


class Every(IntEnum):
    """统计类型: the period of a figure."""

    REAL_TIME = 0
    DAY = 1
    MONTH = 2
    YEAR = 3


class Source(IntEnum):
    """采集来源; the last two are one province's own."""

    MANAGEMENT = 1
    PRODUCTION = 2
    DCS = 3
    METER = 4
    MANUAL = 5
    SUPPLIER = 6
    OTHER = 7


@dataclass(frozen=True, slots=True)
class Item:
    """One figure: what, how much, of which period (its start, local time), from where, whether it holds."""

    code: ItemCode
    value: Decimal
    every: Every
    starts: datetime
    source: Source
    scope: Scope
    is_valid: bool
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What could not be taken: where in the message, what was expected, what was found, in both languages."""

    at: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.at}：应为 expected {self.expected}，实为 found {self.found}"


@dataclass(frozen=True, slots=True)
class Upload:
    """A message of figures, as read."""

    device: str
    enterprise: str
    items: tuple[Item, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """One item that a client says it will send: its code, name, and the bounds within which its values lie."""

    code: ItemCode
    name: str
    every: Every | None
    source: Source | None
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a client says of itself and of what it will send; ``enterprise`` and ``processes`` as they came."""

    device: str
    enterprise: str
    items: tuple[Meant, ...]
    details: Mapping[str, Any]
    wrong: tuple[Wrong, ...]


def read_data(told: Any, profile: Profile) -> Upload:
    """A message of figures. Never raises for what came: what is wrong stands in ``wrong``."""
    if not isinstance(told, dict):
        return Upload("", "", (), (Wrong("$", "对象 an object", _shown(told)),))
    rows = told.get("data")
    if not isinstance(rows, list):
        return Upload(_text(told, "deviceId"), _text(told, "enterpriseCode"), (), (_list_expected("data", rows),))
    wrong: list[Wrong] = []
    if len(rows) > MOST:
        wrong.append(Wrong("data", f"至多 at most {MOST}", str(len(rows))))
        rows = []
    items: list[Item] = []
    for at, row in enumerate(rows):
        found = _item(row, f"data[{at}]", profile)
        if isinstance(found, Item):
            items.append(found)
        else:
            wrong.extend(found)
    return Upload(_text(told, "deviceId"), _text(told, "enterpriseCode"), tuple(items), tuple(wrong))


def write_data(device: str, enterprise: str, items: Iterable[Item], profile: Profile, sent: datetime) -> dict[str, Any]:
    """The message of a client of that platform; local times."""
    rows = []
    for each in items:
        row = {
            "dataCode": each.code.dashed if profile.is_dashed else each.code.plain,
            "dataValue": f"{each.value:f}",
            "inputType": str(int(each.source)),
            "statType": str(int(each.every)),
            "statDate": each.starts.strftime(FORMAT),
            "scope": str(int(each.scope)),
            "valid": profile.says_valid(each.is_valid),
        }
        row |= {name: profile.seal(row[name]) for name in profile.enciphered if name in row}
        moment = sent.strftime(FORMAT)
        row["uploadDate"] = profile.seal(moment) if "uploadDate" in profile.enciphered else moment
        rows.append(row)
    return {"deviceId": device, "enterpriseCode": enterprise, "data": rows}


def read_configuration(told: Any) -> Configuration:
    """What a client says it will send. Never raises for what came."""
    if not isinstance(told, dict):
        return Configuration("", "", (), {}, (Wrong("$", "对象 an object", _shown(told)),))
    rows = told.get("collectItemConfig")
    device, enterprise = _text(told, "deviceId"), _text(told, "enterpriseCode")
    details = {name: told[name] for name in ("enterprise", "group", "process", "processUnit") if name in told}
    if not isinstance(rows, list) or len(rows) > MOST:
        return Configuration(device, enterprise, (), details, (_list_expected("collectItemConfig", rows),))
    items: list[Meant] = []
    wrong: list[Wrong] = []
    for at, row in enumerate(rows):
        place = f"collectItemConfig[{at}]"
        if not isinstance(row, dict):
            wrong.append(Wrong(place, "对象 an object", _shown(row)))
            continue
        code = _configured_code(row)
        if code is None:
            wrong.append(Wrong(f"{place}.dataCode", "16 位数据编码 a code of 16 digits", _shown(row.get("dataCode"))))
            continue
        bounds = [_optional_number(row, name, place, wrong) for name in ("dataValueMin", "dataValueMax")]
        every = _optional_choice(row, "statType", Every, place, wrong)
        source = _optional_choice(row, "inputType", Source, place, wrong)
        items.append(Meant(code, _text(row, "name"), every, source, bounds[0], bounds[1]))
    return Configuration(device, enterprise, tuple(items), details, tuple(wrong))


def answer(wrong: Sequence[object] = (), **more: str) -> dict[str, str]:
    """What the platform says: 0 and the words of the specification, or 1 and the first of what is wrong."""
    if not wrong:
        return {"responseCode": "0", "responseMessage": "RECEIVE SUCCESS"} | more
    told = "；".join(str(each) for each in wrong[:3])
    rest = f"；另 {len(wrong) - 3} 处 more" if len(wrong) > 3 else ""
    return {"responseCode": "1", "responseMessage": told + rest} | more


def is_accepted(told: Any) -> bool:
    """Whether a platform's answer says that it has the message."""
    return isinstance(told, dict) and str(told.get("responseCode")) == "0"


def is_answer(told: Any) -> bool:
    """Whether it is a platform that answers, if only to refuse; else a line gave nothing, or something else did."""
    return isinstance(told, dict) and "responseCode" in told


def _item(row: Any, place: str, profile: Profile) -> Item | list[Wrong]:
    if not isinstance(row, dict):
        return [Wrong(place, "对象 an object", _shown(row))]
    plain: dict[str, str] = {}
    wrong: list[Wrong] = []
    for name in ("dataCode", "dataValue", "inputType", "statType", "statDate", "scope", "valid"):
        said = row.get(name)
        text = ("true" if said else "false") if isinstance(said, bool) else str(said) if said is not None else ""
        opened = profile.open(text) if name in profile.enciphered else text
        if opened is None:
            wrong.append(
                Wrong(f"{place}.{name}", "可用登记密钥解开的密文 a cipher of the registered key", _shown(said))
            )
        else:
            plain[name] = opened.strip()
    if wrong:
        return wrong
    code, value, starts = read_code(plain["dataCode"]), _number(plain["dataValue"]), _moment(plain["statDate"])
    every, scope = _choice(plain["statType"], Every), _choice(plain["scope"], Scope)
    source, is_valid = _choice(plain["inputType"], Source), profile.valid.get(plain["valid"].lower())
    asked: tuple[tuple[str, object, str], ...] = (
        ("dataCode", code, "16 位数据编码 a code of 16 digits"),
        ("dataValue", value, "数值 a number"),
        ("statDate", starts, "yyyy-MM-dd HH:mm:ss"),
        ("statType", every, "0、1、2、3"),
        ("scope", scope, "1、2、3、4"),
        ("inputType", source, "1 … 7"),
        ("valid", is_valid, "、".join(profile.valid)),
    )
    wrong = [Wrong(f"{place}.{name}", words, _shown(plain[name])) for name, read, words in asked if read is None]
    if code is None or value is None or starts is None or every is None or scope is None or source is None:
        return wrong
    if is_valid is None:
        return wrong
    return Item(code, value, every, starts, source, scope, is_valid, _moment(_sent(row, profile)))


def _sent(row: Mapping[str, Any], profile: Profile) -> str:
    said = str(row.get("uploadDate", ""))
    return (profile.open(said) or "") if "uploadDate" in profile.enciphered else said


def _configured_code(row: Mapping[str, Any]) -> ItemCode | None:
    """The code itself, or put together from its parts as some clients send them."""
    whole = _text(row, "dataCode")
    if whole:
        return read_code(whole)
    parts = (("processCode", 2), ("processUnitCode", 2), ("equipmentCode", 2), ("equipmentUnitCode", 2))
    kinds = (("energyClassCode", 2), ("energyTypeCode", 4), ("dataUsageCode", 2))
    return read_code("".join(_text(row, name).zfill(width) for name, width in parts + kinds))


def _optional_number(row: Mapping[str, Any], name: str, place: str, wrong: list[Wrong]) -> Decimal | None:
    said = row.get(name)
    if said is None or said == "":
        return None
    value = _number(str(said))
    if value is None:
        wrong.append(Wrong(f"{place}.{name}", "数值 a number", _shown(said)))
    return value


def _optional_choice[T: IntEnum](
    row: Mapping[str, Any], name: str, kind: type[T], place: str, wrong: list[Wrong]
) -> T | None:
    said = row.get(name)
    if said is None or said == "":
        return None
    value = _choice(str(said), kind)
    if value is None:
        wrong.append(Wrong(f"{place}.{name}", "、".join(str(int(each)) for each in kind), _shown(said)))
    return value


def _choice[T: IntEnum](text: str, kind: type[T]) -> T | None:
    return kind(int(text)) if text.isascii() and text.isdigit() and int(text) in set(kind) else None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    # A figure of a meter has some fifteen digits at most; a longer one would only cost memory.
    return value if value.is_finite() and len(text) <= _WIDEST and abs(value.adjusted()) < _WIDEST else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), FORMAT)  # noqa: DTZ007 - local time of the platform, as the message has it
    except ValueError:
        return None


def _text(told: Mapping[str, Any], name: str) -> str:
    said = told.get(name)
    return said.strip() if isinstance(said, str) else ""


def _shown(said: Any) -> str:
    text = "（无 nothing）" if said is None or said == "" else str(said)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _list_expected(name: str, said: Any) -> Wrong:
    found = str(len(said)) if isinstance(said, list) else _shown(said)
    return Wrong(name, f"列表，至多 a list of at most {MOST}", found)
