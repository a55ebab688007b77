"""固体废物登记册的统计: capacities and licences, what was taken in and treated, dumps that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import DumpInspection, WasteAmount, WasteFacility
from shuangkong.records.monitoring.registers.register import Seen
from shuangkong.records.monitoring.registers.short import short_places
from shuangkong.records.monitoring.registers.store import RegisterRow
from shuangkong.records.monitoring.registers.tally import Tally, by_choice, held, past, share_pct
from shuangkong.records.monitoring.registers.words import DUMP_FINDINGS, WASTE_FACILITY_SORTS
from shuangkong.records.monitoring.rural_facts import CAPACITY
from shuangkong.records.monitoring.treated import ENDS, HARMLESS, INCINERATION, LICENSED, capacity

_GONE = "gone"
#: What a look at a cleared dump found that lies there all the same → how a page says it.
_LIES: Mapping[str, Message] = {
    "left": Message(
        "填了已清理，复查时仍有堆放，按未清理算", "said to be cleared were found not to be: not counted as cleared"
    ),
    "back": DUMP_FINDINGS["back"],
}
#: Sorts whose tonnes are told apart, beside household waste.
_APART = ("sludge", "medical", "hazardous")


def facilities(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """How many of each sort, the share of incineration, licences that are over or that nobody told."""
    now = list(held(rows, on))
    if not now:
        return
    yield Tally(by_choice(now, "sort", WASTE_FACILITY_SORTS))
    whole = sum((_capacity(each) for each in now), Decimal(0))
    burnt = sum((_capacity(each) for each in now if each.values["sort"] == INCINERATION), Decimal(0))
    if whole:
        zh = f"生活垃圾处理能力 {whole:f} t/d，其中焚烧 {burnt:f} t/d，占 {share_pct(burnt, whole)}"
        en = f"household waste: {whole:f} t/d can be treated, {burnt:f} of them burnt: {share_pct(burnt, whole)}"
        yield Tally(Message(zh, en))
    shown = ((each.values["region"], _capacity(each)) for each in now if each.values["sort"] in HARMLESS)
    for place, count, own in short_places(shown, CAPACITY, on):
        zh = f"{place.name}统计的处理能力有 {count:f} t/d，只登记了 {own:f} t/d：登记全以前，能力和焚烧占比不入库"
        en = f"{place.name} can treat {count:f} t/d, {own:f} are registered: neither is told until all are"
        yield Tally(Message(zh, en), is_bad=True)
    over = past(now, "licensed_until", on)
    if over:
        yield Tally(Message(f"{over} 座的许可证已过期", f"licences of {over} are over"), is_bad=True)
    without = sum(each.values["sort"] in LICENSED and not each.values["licence"] for each in now)
    if without:
        zh = f"{without} 座医疗废物、危险废物设施没有登记许可证"
        yield Tally(Message(zh, f"{without} for medical or hazardous waste without a licence"), is_bad=True)


def _capacity(row: RegisterRow) -> Decimal:
    return capacity(row.values["sort"], row.values["capacity_t_d"])


def amounts(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Of the newest year: household waste and how much of it was treated harmlessly; others."""
    if not rows:
        return
    year = max(each.values["period"][:4] for each in rows)
    told = [each.values for each in rows if each.values["period"][:4] == year]
    household = [each for each in told if each["facility"].sort in ENDS]
    if household:
        came = sum((each["received_t"] for each in household), Decimal(0))
        done = sum((each["treated_t"] for each in household if each["facility"].sort in HARMLESS), Decimal(0))
        zh = (
            f"{year} 年设施接收生活垃圾 {came:f} t，无害化处理 {done:f} t"
            f"（{share_pct(done, came)}；没有运到设施的不在内）"
        )
        en = (
            f"{year}: {came:f} t of household waste taken in, {done:f} t treated harmlessly ({share_pct(done, came)};"
            " what reached no facility is not in it)"
        )
        yield Tally(Message(zh, en))
    for sort in _APART:
        own = [each for each in told if each["facility"].sort == sort]
        if own:
            came = sum((each["received_t"] for each in own), Decimal(0))
            done = sum((each["treated_t"] for each in own), Decimal(0))
            name = WASTE_FACILITY_SORTS[sort]
            zh = f"{year} 年{name.zh}：接收 {came:f} t，处理处置 {done:f} t"
            yield Tally(Message(zh, f"{year}, {name.en}: {came:f} t taken in, {done:f} t treated"))


def silent(rows: Sequence[RegisterRow], on: date, seen: Seen) -> Iterator[Tally]:
    """Licensed facilities in the places of the rows, of those the person may see, silent of last month. 1 query.

    Those that stood the whole of it.
    """
    last = on.replace(day=1) - timedelta(days=1)
    there = WasteFacility.objects.filter(
        seen("region__path", "enterprise__body"), sort__in=LICENSED,
        region__in={each.values["facility"].region_id for each in rows}, starts_on__lte=last.replace(day=1),
    ).exclude(ends_on__lt=last)  # fmt: skip
    count = there.exclude(pk__in=WasteAmount.objects.filter(period=f"{last:%Y-%m}").values("facility")).count()
    if count:
        zh = f"{count} 座医疗废物、危险废物设施没有登记上个月的量"
        yield Tally(Message(zh, f"{count} for medical or hazardous waste told nothing of last month"), is_bad=True)


def dumps(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Found, cleared, overdue to be cleared or seen again, and those that somebody saw lie there all the same. 1 query.

    What lay there at the newest look since it was cleared is not cleared.
    """
    if not rows:
        return
    now, newest = list(held(rows, on)), _newest(rows, on)
    lies = {
        each.id: newest[each.id].found for each in rows if _was_seen(each, newest) and newest[each.id].found != _GONE
    }
    cleared = [each for each in now if each.values["cleared_on"] is not None and each.id not in lies]
    gone = sum(each.values["ends_on"] is not None and each.values["ends_on"] < on for each in rows)
    volume = sum((each.values["volume_m3"] or Decimal(0) for each in now if each not in cleared), Decimal(0))
    zh = f"在册 {len(now)} 处，已清理 {len(cleared)} 处，未清理的堆放量 {volume:f} m³；已销号 {gone} 处"
    en = f"{len(now)} listed, {len(cleared)} cleared, {volume:f} m³ still lie there; {gone} off the list"
    yield Tally(Message(zh, en))
    late = past([each for each in now if each not in cleared], "due_on", on)
    if late:
        yield Tally(Message(f"{late} 处过期没有清理", f"{late} should be cleared by now"), is_bad=True)
    unseen = [each for each in cleared if not _was_seen(each, newest)]
    overdue = past(unseen, "check_by", on)
    if unseen:
        zh = f"{len(unseen)} 处清理后没有复查，其中 {overdue} 处已过复查期限"
        en = f"{len(unseen)} not seen again since they were cleared, {overdue} of them overdue"
        yield Tally(Message(zh, en), is_bad=overdue > 0)
    for code, sentence in _LIES.items():
        count = list(lies.values()).count(code)
        if count:
            yield Tally(Message(f"{count} 处{sentence.zh}", f"{count} {sentence.en}"), is_bad=True)


def _newest(rows: Sequence[RegisterRow], on: date) -> dict[int, DumpInspection]:
    """Dump → the newest look at it by a day, of the places of the rows."""
    places = {each.values["region"].pk for each in rows}
    told = DumpInspection.objects.filter(dump__region__in=places, inspected_on__lte=on)
    return {each.dump_id: each for each in told.order_by("inspected_on", "pk")}


def _was_seen(dump: RegisterRow, newest: Mapping[int, DumpInspection]) -> bool:
    """Whether somebody looked at it since it was cleared."""
    cleared = dump.values["cleared_on"]
    return cleared is not None and dump.id in newest and newest[dump.id].inspected_on >= cleared
