"""设备类登记册的统计: certificates to be cancelled, removed boilers nobody went to see, tests and training overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.equipment.models import BoilerInspection, BoilerRemoval
from shuangkong.records.monitoring.registers.store import RegisterRow
from shuangkong.records.monitoring.registers.tally import Tally, held, past
from shuangkong.records.monitoring.registers.words import INSPECTION_FINDINGS, TEST_SORTS

_RUNNING = "running"


def certificates(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Certificates in force, and those of boilers that are removed. 1 query."""
    now = list(held(rows, on))
    if not now:
        return
    yield Tally(Message(f"在效 {len(now)} 张，已结束 {len(rows) - len(now)} 张",
                        f"{len(now)} in force, {len(rows) - len(now)} ended"))  # fmt: skip
    places = {each.values["boiler"].enterprise.region_id for each in now}
    removed = BoilerRemoval.objects.filter(boiler__enterprise__region__in=places, starts_on__lte=on)
    gone = set(removed.exclude(ends_on__lt=on).values_list("boiler", flat=True))
    stale = sum(each.values["boiler"].pk in gone for each in now)
    if stale:
        zh = f"{stale} 台锅炉已淘汰，使用登记证还没有注销"
        yield Tally(Message(zh, f"certificates of {stale} removed boilers are not cancelled"), is_bad=True)


def removals(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Removed boilers that nobody went to see, those whose next look is overdue, those seen in use again. 1 query."""
    now = list(held(rows, on))
    if not now:
        return
    places = {each.values["boiler"].enterprise.region_id for each in now}
    told = BoilerInspection.objects.filter(boiler__enterprise__region__in=places).order_by("inspected_on", "pk")
    newest = {each.boiler_id: each for each in told}
    seen = [newest.get(each.values["boiler"].pk) for each in now]
    due = [look.next_on if look is not None else each.values["check_by"] for look, each in zip(seen, now, strict=True)]
    unseen, late = seen.count(None), sum(day is not None and day < on for day in due)
    zh = f"已淘汰 {len(now)} 台，{unseen} 台没有核查过，{late} 台核查已过期限"
    en = f"{len(now)} removed, {unseen} never inspected, inspection of {late} overdue"
    yield Tally(Message(zh, en), is_bad=late > 0)
    back = sum(look is not None and look.found == _RUNNING for look in seen)
    if back:
        zh = f"{back} 台最近一次核查“{INSPECTION_FINDINGS[_RUNNING].zh}”"
        yield Tally(Message(zh, f"{back} found in use again when last inspected"), is_bad=True)


def tests(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Of each sort of test: how many things were tested, failed the newest one, or are overdue for the next."""
    newest: dict[tuple[str, object, object], RegisterRow] = {}
    for each in sorted(rows, key=lambda each: (each.values["tested_on"], each.id)):
        values = each.values
        newest[values["sort"], values["boiler"], values["machine"]] = each
    for sort, name in TEST_SORTS.items():
        own = [row for (of, _, _), row in newest.items() if of == sort]
        if own:
            failed, late = sum(not each.values["is_passed"] for each in own), past(own, "next_on", on)
            zh = f"{name.zh}：{len(own)} 台测过，最近一次 {failed} 台不合格，{late} 台已过下次日期"
            en = f"{name.en}: {len(own)} tested, {failed} failed the newest, {late} overdue for the next"
            yield Tally(Message(zh, en), is_bad=failed + late > 0)


def operators(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """How many run equipment, without a certificate in force, or of whom no training is told."""
    now = list(held(rows, on))
    if not now:
        return
    over, untrained = past(now, "certified_until", on), sum(each.values["trained_on"] is None for each in now)
    zh = f"在岗 {len(now)} 人，{over} 人证书已过期，{untrained} 人没有培训记录"
    en = f"{len(now)} at work, certificates of {over} are over, no training is told of {untrained}"
    yield Tally(Message(zh, en), is_bad=over + untrained > 0)
