"""登记前的检查: what a row of a register may not be, whoever registers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from shuangkong.monitoring.alarms.quantities import AMOUNT_UNIT
from shuangkong.monitoring.amounts.emissions import indicator_of
from shuangkong.monitoring.limits.areas import assignments
from shuangkong.monitoring.reading import Media
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.records.monitoring.models import (
    Connection,
    Device,
    FactorDue,
    KeyDischarger,
    Limit,
    Outlet,
    Publication,
)
from shuangkong.records.monitoring.registers.words import MEDIA
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

#: Devices of the field bear underscores and up to 32 signs, whatever the standards say of 14 or 24.
_MN = re.compile(r"[0-9A-Za-z_-]{1,32}")
_PERIOD = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])|Q([1-4]))")
_KEY = re.compile(r"[0-9a-fA-F]{32}")
_BOUNDS = {
    "longitude": (73, 136), "latitude": (3, 54), "reference_oxygen_pct": (0, 20), "water_class": (1, 6),
    "ambient_kpa": (40, 110),
}  # fmt: skip
_COORDINATES = ("longitude", "latitude")


def in_order(told: Mapping[str, Any], row: int | None) -> None:
    """It does not end before it begins, and no range is upside down."""
    for first, last, zh, en in (
        ("starts_on", "ends_on", "截止日早于起始日", "It would end before it starts"),
        ("starts_at", "ends_at", "结束早于开始", "It would end before it starts"),
        ("low", "high", "下限大于上限", "The lower bound is above the upper"),
    ):
        low, high = told.get(first), told.get(last)
        if low is not None and high is not None and high < low:
            raise Refused("MON-120", f"{zh}。请改正。", f"{en}. Correct it.", last)


def in_bounds(told: Mapping[str, Any], row: int | None) -> None:
    """Coordinates, oxygen and classes within what can be; an invented place lies where its outline was drawn."""
    region = told.get("region")
    is_invented = region is not None and region.is_fictional
    for key, (low, high) in _BOUNDS.items():
        value = None if is_invented and key in _COORDINATES else told.get(key)
        if value is not None and not low <= value <= high:
            raise Refused(
                "MON-121",
                f"应在 {low} 至 {high} 之间，实为 {value}。",
                f"Expected {low} to {high}, found {value}.",
                key,
            )
    if (told.get("longitude") is None) != (told.get("latitude") is None):
        raise Refused("MON-122", "经度和纬度要一起填。", "Longitude and latitude go together.", "latitude")


def outlet(told: Mapping[str, Any], row: int | None) -> None:
    """One code once an enterprise; discharge outlets belong to an enterprise."""
    enterprise = told["enterprise"]
    if enterprise is None and told["kind"] in ("gas", "water"):
        raise Refused("MON-123", "排放口要写明是哪家企业的。", "Say whose outlet it is.", "enterprise")
    same = Outlet.objects.filter(enterprise=enterprise, region=told["region"], code=told["code"]).exclude(pk=row or 0)
    if same.exists():
        zh = f"“{told['code']}”已登记。请修改那一行，或改用别的编号。"
        raise Refused("MON-124", zh, f"“{told['code']}” is registered already: revise that row.", "code")


def factor_due(told: Mapping[str, Any], row: int | None) -> None:
    """One row of a factor of an outlet at a time."""
    same = FactorDue.objects.filter(outlet=told["outlet"], factor=told["factor"]).exclude(pk=row or 0)
    if same.filter(overlapping(told)).exists():
        raise Refused(
            "MON-125", "这个因子在这段时间已登记。", "This factor is registered for that time already.", "factor"
        )


def device(told: Mapping[str, Any], row: int | None) -> None:
    """A number that one device at a time bears; a key of 128 bits."""
    if not _MN.fullmatch(told["mn"]):
        zh = "设备编号为 1 至 32 位字母、数字、下划线或连字符。"
        raise Refused("MON-126", zh, "Letters, digits, underscores and hyphens, at most 32.", "mn")
    same = Device.objects.filter(mn=told["mn"]).exclude(pk=row or 0)
    if same.filter(overlapping(told)).exists():
        zh = "这个编号这段时间已有设备在用。换设备的，先把原设备的截止日填上。"
        raise Refused("MON-127", zh, "Another device bears this number then: end that one first.", "mn")
    if told.get("key") and not _KEY.fullmatch(told["key"]):
        raise Refused("MON-128", "密钥为 32 位十六进制。", "The key is 32 hexadecimal digits.", "key")


def connection(told: Mapping[str, Any], row: int | None) -> None:
    """A device speaks for one outlet at a time."""
    start, end = told["starts_at"], told["ends_at"]
    others = Connection.objects.filter(device=told["device"]).exclude(pk=row or 0)
    clash = others.filter(Q(ends_at=None) | Q(ends_at__gt=start))
    if (clash.filter(starts_at__lt=end) if end else clash).exists():
        zh = "这台设备这段时间已接在一个排放口。请先结束原来的接入。"
        raise Refused("MON-129", zh, "The device is connected to an outlet then: end that first.", "device")


#: Periods of limits: of means that the judge forms, and of amounts that are closed by month.
_JUDGED, _AMOUNTS = frozenset({"hour", "day"}), frozenset({"month", "year"})


def limit(told: Mapping[str, Any], row: int | None) -> None:
    """A bound there is, of something that is judged; one row of a sort, factor and period at a time."""
    if told["low"] is None and told["high"] is None:
        raise Refused("MON-133", "请填上限或下限。", "Give an upper or a lower bound.", "high")
    # A row of before that is ended or put right keeps the period that it has.
    if told["period"] not in _JUDGED and not Limit.objects.filter(pk=row or 0, period=told["period"]).exists():
        _other_period(told)
    _reference(told)
    book = open_rulebook()
    factor = hj212_codes(book.folder).factors.get(told["factor"])
    is_mean = told["period"] not in _AMOUNTS
    if is_mean and factor is not None and ratio_of(told["unit"], factor.unit, book) is None:
        zh = f"单位“{told['unit']}”不能换算成该因子的“{factor.unit}”。"
        raise Refused("MON-142", zh, f"“{told['unit']}” cannot become the factor's “{factor.unit}”.", "unit")
    same = {key: told[key] for key in ("outlet", "factor", "sort", "period", "is_converted")}
    if Limit.objects.filter(**same).filter(overlapping(told)).exclude(pk=row or 0).exists():
        raise Refused(
            "MON-134", "同类限值在这段时间已登记。请先结束原来的。", "Such a limit holds then: end it first.", "factor"
        )


def _other_period(told: Mapping[str, Any]) -> None:
    """Of a month or a year an amount is permitted; no published rule judges a mean of it, an instant or a minute."""
    if told["period"] not in _AMOUNTS:
        zh = "排放标准按小时或日均值判定，瞬时和分钟值没有公布的判定办法，不能登记。请登记小时或日均限值。"
        en = (
            "Standards judge hourly or daily means, and no published rule judges an instant or a minute:"
            " give an hourly or a daily limit."
        )
        raise Refused("MON-145", zh, en, "period")
    kind = told["outlet"].kind
    has_amounts = kind in set(Media) and indicator_of(Media(kind), told["factor"]) is not None
    is_amount = ratio_of(told["unit"], AMOUNT_UNIT, open_rulebook()) is not None
    is_plain = told["sort"] == "permit" and told["low"] is None and not told["is_converted"]
    if not (has_amounts and is_amount and is_plain):
        zh = (
            "月、年限值只登记排污许可证的许可排放量：填上限，单位为 t 或 kg，不按折算浓度，因子应核算排放量。"
            "月均、年均浓度没有公布的判定办法。"
        )
        en = (
            "Of a month or a year only a permitted amount is registered: an upper bound in t or kg, not converted, of a"
            " factor that has amounts. No published rule judges a mean of a month or a year."
        )
        raise Refused("MON-148", zh, en, "period")


def _reference(told: Mapping[str, Any]) -> None:
    """Only a converted limit refers to oxygen, and to some below that of air."""
    reference = told.get("reference_o2_pct")
    low, high = _BOUNDS["reference_oxygen_pct"]
    if reference is None:
        return
    if not told["is_converted"]:
        zh, en = "按实测浓度的限值没有基准氧含量。", "A limit of what is measured refers to no oxygen: leave it out."
        raise Refused("MON-147", zh, en, "reference_o2_pct")
    if not low <= reference <= high:
        zh = f"应在 {low} 至 {high} 之间，实为 {reference}。"
        raise Refused("MON-121", zh, f"Expected {low} to {high}, found {reference}.", "reference_o2_pct")


def standard(told: Mapping[str, Any], row: int | None) -> None:
    """A standard and group that policy has, or an area that limits hold in alone."""
    book = open_rulebook()
    known = sorted({f"{each.standard}/{each.group}" for each in book.monitoring().limits if each.group})
    known += assignments(book.folder)
    if told["standard"] not in known:
        zh = f"没有“{told['standard']}”。应为其中之一：{'、'.join(known)}。"
        raise Refused("MON-141", zh, f"Expected one of: {', '.join(known)}.", "standard")


def positive(*keys: str) -> Any:
    """A check that what is told there is above zero."""

    def check(told: Mapping[str, Any], row: int | None) -> None:
        for key in keys:
            value = told.get(key)
            if value is not None and Decimal(value) <= 0:
                raise Refused("MON-131", "应大于零。", "Expected above zero.", key)

    return check


def key_discharger(told: Mapping[str, Any], row: int | None) -> None:
    """Media of the list; once a year."""
    if not set(told["media"].split()) <= set(MEDIA):
        raise Refused(
            "MON-135",
            f"类别用空格分开，应为：{' '.join(MEDIA)}。",
            f"Media, parted by spaces: {' '.join(MEDIA)}.",
            "media",
        )
    same = {key: told[key] for key in ("region", "enterprise", "year")}
    if KeyDischarger.objects.filter(**same).exclude(pk=row or 0).exists():
        raise Refused("MON-136", "这家企业已在这一年的名录里。", "It is on that year's list already.", "enterprise")


def publication(told: Mapping[str, Any], row: int | None) -> None:
    """No more published than due; a month or a quarter, and no time of a unit twice."""
    found = _PERIOD.fullmatch(told["period"])
    if found is None:
        raise Refused(
            "MON-137", "期间写成 YYYY-MM 或 YYYYQ1 至 YYYYQ4。", "Give the period as YYYY-MM or YYYYQ1.", "period"
        )
    if not 0 <= told["published"] <= told["due"]:
        raise Refused("MON-138", "公布数应不小于零，不大于应公布数。", "Published is zero to what is due.", "published")
    year, month, quarter = found[1], int(found[2] or 0), int(found[3] or 0)
    held = {f"{year}Q{quarter or (month + 2) // 3}", told["period"]}
    held |= {f"{year}-{3 * quarter - before:02d}" for before in range(3)} if quarter else set()
    same = Publication.objects.filter(enterprise=told["enterprise"], sort=told["sort"], period__in=held)
    if (other := same.exclude(pk=row or 0).first()) is not None:
        zh = f"这家单位的“{other.period}”已登记，包含或属于“{told['period']}”，会重复计算。请修改那一行。"
        en = f"{other.period} of this unit is registered and would be counted twice: revise that row."
        raise Refused("MON-146", zh, en, "period")


def service(told: Mapping[str, Any], row: int | None) -> None:
    """What is done is over."""
    start, end = told["starts_at"], told["ends_at"]
    if end <= start or (end - start).days > 31:
        raise Refused(
            "MON-139", "结束应晚于开始，一次运维不超过一个月。", "It ends after it starts, within a month.", "ends_at"
        )
    if end > datetime.now(tz=end.tzinfo):
        raise Refused("MON-140", "还没有做完的不能填。", "What is still to come is not recorded.", "ends_at")


def overlapping(told: Mapping[str, Any]) -> Q:
    """Rows that hold on some day of those told."""
    start, end = told["starts_on"], told["ends_on"]
    found = Q(ends_on=None) | Q(ends_on__gte=start)
    return found & Q(starts_on__lte=end) if end else found
