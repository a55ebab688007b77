"""The settings of a collector (TOML): which meters on which lines, what of them counts as which item, which centres."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from shuangkong.protocols.dlt645.registers import REGISTERS, Edition
from shuangkong.protocols.modbus import Coded, Order, Register
from shuangkong.protocols.nhjc import ItemCode, Profile, read_code
from shuangkong.protocols.nhjc.messages import Every, Meant, Source
from shuangkong.protocols.nhjc.profile import VALID, VALID_AS_ERROR, Auth

#: The specification has values kept half a year at the least.
LEAST_KEEP_DAYS = 184
#: Seconds between polls, where nothing is said: the specification's quarter of an hour.
EVERY = 900
#: How a platform writes whether a figure holds, by the word that settings use.
VALID_WAYS = {"true_is_valid": VALID, "zero_is_valid": VALID_AS_ERROR}


class PlanRefused(Exception):
    """The settings cannot be used: where, what was expected, what was found, in both languages."""

    def __init__(self, place: str, expected: tuple[str, str], found: object) -> None:
        self.zh = f"设置 {place}：应为{expected[0]}，实为 {found}。请改好后再启动。"
        self.en = f"Settings, {place}: expected {expected[1]}, found {found}. Mend them and start again."
        super().__init__(self.zh)


@dataclass(frozen=True, slots=True)
class Item:
    """One quantity of a meter and the code under which it is uploaded.

    Attributes:
        name: what the quantity is called in this meter.
        code: the 16 digits.
        factor: figure = what the meter shows × factor (CT × PT, unit).
        is_cumulative: the meter shows a counter.
        register: where it lies in a Modbus device; None for DL/T 645.
    """

    name: str
    code: ItemCode
    factor: Decimal
    is_cumulative: bool
    register: Register | None = None


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter on one line."""

    name: str
    host: str
    port: int
    every: int
    items: tuple[Item, ...]
    address: str = ""
    edition: Edition = Edition.FOUR_BYTES
    station: int = 1

    @property
    def is_modbus(self) -> bool:
        """Whether it speaks Modbus TCP; else DL/T 645 through a serial server."""
        return not self.address


@dataclass(frozen=True, slots=True)
class Centre:
    """One platform; ``day_time`` is when day values are due, unless it tells another."""

    name: str
    register_url: str
    profile: Profile
    day_time: time
    token: str = ""
    ca: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All settings."""

    enterprise: str
    region: str
    keep_days: int
    meters: tuple[Meter, ...]
    centres: tuple[Centre, ...]

    def meant(self) -> list[Meant]:
        """What is configured: hours, days and months of every item."""
        return [
            Meant(item.code, f"{meter.name} {item.name}", every, Source.METER, None, None)
            for meter in self.meters
            for item in meter.items
            for every in (Every.REAL_TIME, Every.DAY, Every.MONTH)
        ]


@dataclass(frozen=True, slots=True)
class Uplink:
    """Settings of a site that passes on what units uploaded to it.

    Attributes:
        keep_days: how long what every centre accepted is kept.
        units: credit codes of the units whose figures go; empty: all.
        with_fictional: invented units too, as for a trial against a platform that is one itself.
        centres: to whom.
        place: the path of the region that the units lie in; "": all.
    """

    keep_days: int
    units: tuple[str, ...]
    with_fictional: bool
    centres: tuple[Centre, ...]
    place: str = ""


def read_uplink(path: Path) -> Uplink:
    """The settings of a passing on, in a file.

    Raises:
        PlanRefused: the file cannot be read, or something in it, or it names no centre.
    """
    told = _file(path)
    units = told.get("units", [])
    if not isinstance(units, list) or not all(isinstance(each, str) for each in units):
        raise PlanRefused("units", ("统一社会信用代码的列表", "a list of credit codes"), units)
    centres = _centres(told)
    if not centres:
        raise PlanRefused("centre", ("至少一个 [[centre]]", "at least one [[centre]]"), 0)
    return Uplink(_keep_days(told), tuple(units), told.get("fictional") is True, centres)


def read_plan(path: Path) -> Plan:
    """The settings in a file.

    Raises:
        PlanRefused: the file cannot be read, or something in it.
    """
    told = _file(path)
    unit = _table(told, "unit", str(path))
    plan = Plan(
        _word(unit, "enterprise", "unit"),
        _word(unit, "region", "unit"),
        _keep_days(told),
        tuple(_meter(each, f"meter[{at}]") for at, each in enumerate(_tables(told, "meter"))),
        _centres(told),
    )
    _apart([each.name for each in plan.meters], "meter.name")
    _apart([item.code.plain for each in plan.meters for item in each.items], "meter.item.code")
    return plan


def _file(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise PlanRefused(str(path), ("能读的 TOML", "TOML that can be read"), fault) from None


def _keep_days(told: Mapping[str, Any]) -> int:
    keep = _number(told.get("keep_days", LEAST_KEEP_DAYS), "keep_days", int)
    if keep < LEAST_KEEP_DAYS:
        raise PlanRefused("keep_days", (f"不少于 {LEAST_KEEP_DAYS}", f"at least {LEAST_KEEP_DAYS}"), keep)
    return keep


def _centres(told: Mapping[str, Any]) -> tuple[Centre, ...]:
    centres = tuple(_centre(each, f"centre[{at}]") for at, each in enumerate(_tables(told, "centre")))
    _apart([each.name for each in centres], "centre.name")
    return centres


def _meter(told: Mapping[str, Any], place: str) -> Meter:
    protocol = _word(told, "protocol", place)
    if protocol not in ("dlt645", "modbus"):
        raise PlanRefused(f"{place}.protocol", _both("dlt645、modbus"), protocol)
    edition = _chosen(Edition, told.get("edition", Edition.FOUR_BYTES), f"{place}.edition")
    is_modbus = protocol == "modbus"
    items = tuple(
        _item(each, f"{place}.item[{at}]", None if is_modbus else edition)
        for at, each in enumerate(_tables(told, "item"))
    )
    address = "" if is_modbus else _word(told, "address", place)
    if address and not (len(address) == 12 and address.isdecimal()):
        raise PlanRefused(f"{place}.address", ("12 位表号", "the meter's number of 12 digits"), address)
    return Meter(
        _word(told, "name", place),
        _word(told, "host", place),
        _number(told.get("port"), f"{place}.port", int),
        _number(told.get("every_seconds", EVERY), f"{place}.every_seconds", int),
        items,
        address,
        edition,
        _number(told.get("station", 1), f"{place}.station", int),
    )


def _item(told: Mapping[str, Any], place: str, edition: Edition | None) -> Item:
    name, code = _word(told, "name", place), read_code(_word(told, "code", place))
    if code is None:
        raise PlanRefused(f"{place}.code", ("16 位数据编码", "an item code of 16 digits"), told["code"])
    factor = _number(told.get("factor", 1), f"{place}.factor", Decimal)
    if edition is not None:
        known = REGISTERS[edition].get(name)
        if known is None:
            raise PlanRefused(f"{place}.name", _both("、".join(REGISTERS[edition])), name)
        return Item(name, code, factor, known.is_cumulative)
    register = Register(
        name,
        _number(told.get("register"), f"{place}.register", int),
        _chosen(Coded, told.get("coded"), f"{place}.coded"),
        str(told.get("unit", "")),
        _chosen(Order, told.get("order", Order.ABCD), f"{place}.order"),
        is_input=bool(told.get("input", False)),
        is_cumulative=bool(told.get("cumulative", False)),
    )
    return Item(name, code, factor, register.is_cumulative, register)


def _centre(told: Mapping[str, Any], place: str) -> Centre:
    url = _word(told, "register_url", place)
    if not url.startswith(("https://", "http://")):
        raise PlanRefused(f"{place}.register_url", _both("https://…"), url)
    valid = str(told.get("valid", "true_is_valid"))
    if valid not in VALID_WAYS:
        raise PlanRefused(f"{place}.valid", _both("、".join(VALID_WAYS)), valid)
    text = str(told.get("day_time", "00:30:00"))
    try:
        day_time = time.fromisoformat(text)
    except ValueError:
        raise PlanRefused(f"{place}.day_time", _both("HH:MM:SS"), text) from None
    profile = Profile(
        _word(told, "name", place),
        _chosen(Auth, told.get("auth", Auth.NONE), f"{place}.auth"),
        is_dashed=bool(told.get("dashed", True)),
        valid=VALID_WAYS[valid],
    )
    return Centre(profile.name, url, profile, day_time, str(told.get("token", "")), str(told.get("ca", "")))


def _table(told: Mapping[str, Any], name: str, place: str) -> Mapping[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise PlanRefused(place, (f"有 [{name}] 一节", f"a table [{name}]"), found)
    return found


def _tables(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = told.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise PlanRefused(name, _both(f"[[{name}]]"), found)
    return found


def _word(told: Mapping[str, Any], name: str, place: str) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not found.strip():
        raise PlanRefused(f"{place}.{name}", ("文字", "a text"), found)
    return found.strip()


def _number[T: (int, Decimal)](found: object, place: str, kind: Callable[[str], T]) -> T:
    try:
        return kind(str(found))
    except (ValueError, InvalidOperation):
        raise PlanRefused(place, ("数", "a number"), found) from None


def _chosen[T](kind: Callable[[Any], T], found: object, place: str) -> T:
    try:
        return kind(found)
    except ValueError:
        listed = "、".join(str(each) for each in kind)  # type: ignore[attr-defined]
        raise PlanRefused(place, _both(listed), found) from None


def _apart(names: list[str], place: str) -> None:
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        raise PlanRefused(place, ("各不相同", "no two alike"), "、".join(twice))


def _both(words: str) -> tuple[str, str]:
    return f" {words}", words
