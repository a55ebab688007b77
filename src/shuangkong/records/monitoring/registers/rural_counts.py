"""村庄类登记册的统计: villages treated, chains that lead nowhere, settlements that wait, plants that stand still."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import batched

from django.db.models import Q

from shuangkong.core.dated import DatedValue
from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import PlantOperation, Settlement, SewagePlant, Village
from shuangkong.records.monitoring.registers.register import Seen
from shuangkong.records.monitoring.registers.short import short_places
from shuangkong.records.monitoring.registers.store import RegisterRow
from shuangkong.records.monitoring.registers.tally import Tally, by_choice, held, past, share_pct
from shuangkong.records.monitoring.registers.words import RUN_STATES
from shuangkong.records.monitoring.rural_facts import VILLAGES
from shuangkong.records.monitoring.treated import RUNNING, is_treated, is_whole, must_treat, size_rules, stands
from shuangkong.rulebook import open_rulebook

#: Villages of which one question names the numbers.
_AT_ONCE = 5_000


def _on(day: date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def villages(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """The rate of treated villages, and those accepted in which a settlement waits all the same. 4 queries and more."""
    now = list(held(rows, on))
    done = [each for each in now if each.values["sewage_on"] is not None and each.values["sewage_on"] <= on]
    if not now:
        return
    yield Tally(
        Message(
            f"生活污水治理验收 {len(done)} 个村，共 {len(now)} 个村，治理率 {share_pct(len(done), len(now))}",
            f"sewage accepted as treated in {len(done)} of {len(now)} villages: {share_pct(len(done), len(now))}",
        )
    )
    yield from _lacking(now, on)
    waiting, is_verified = waiting_villages({each.id for each in done}, on)
    if waiting:
        zh = f"{len(waiting)} 个已验收的村还有应治理而没有治理或停运的集聚点，请核对"
        en = f"{len(waiting)} accepted villages have settlements that wait for treatment: look again"
        yield Tally(Message(zh, en), is_bad=True, is_doubted=not is_verified)


def _lacking(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Places of which others count more villages: nothing of theirs flows into facts."""
    for place, count, own in short_places(((each.values["region"], Decimal(1)) for each in rows), VILLAGES, on):
        zh = f"{place.name}统计有 {count:f} 个行政村，只登记了 {own:f} 个：登记全以前，治理率不入库"
        en = f"{place.name} has {count:f} villages, {own:f} are registered: no rate is told until all are"
        yield Tally(Message(zh, en), is_bad=True)


def waiting_villages(villages: Collection[int], on: date) -> tuple[set[int], bool]:
    """Those of some villages with a settlement that must treat its sewage and does not; whether by verified rules."""
    found, is_verified = set(), True
    for some in batched(villages, _AT_ONCE):
        for each in Settlement.objects.select_related("village").filter(village__in=some):
            rules = _rules(each.village, on)
            must = must_treat(each.households, each.people, rules, is_touristic=each.is_touristic)
            if must and stands(each, on) and not is_treated(each.treatment, each.state):
                found.add(each.village_id)
                is_verified &= each.is_touristic or _are_verified(rules)
    return found, is_verified


def _rules(village: Village, on: date) -> tuple[DatedValue, DatedValue]:
    book = open_rulebook()
    return size_rules(book, book.layer_of(village.region_id, on), on)


def _are_verified(rules: tuple[DatedValue, DatedValue]) -> bool:
    return all(each.is_verified for each in rules)


def settlements(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Of those that must treat their sewage, how many do; those that stand still; those of unknown size."""
    now = [each.values for each in held(rows, on)]
    rules = [_rules(each["village"], on) for each in now]
    must = [
        must_treat(each["households"], each["people"], own, is_touristic=each["is_touristic"])
        for each, own in zip(now, rules, strict=True)
    ]
    due = [each for each, is_due in zip(now, must, strict=True) if is_due]
    done = sum(is_treated(each["treatment"], each["state"]) for each in due)
    if due:
        zh = f"应治理的集聚点 {len(due)} 个，治理并在运行的 {done} 个（{share_pct(done, len(due))}）"
        en = f"of {len(due)} settlements that are to treat their sewage {done} do ({share_pct(done, len(due))})"
        is_doubted = not all(map(_are_verified, rules))
        yield Tally(Message(zh, en), is_bad=done < len(due), is_doubted=is_doubted)
    still = sum(each["state"] not in ("", RUNNING) for each in now)
    if still:
        yield Tally(Message(f"{still} 处设施停运或检修", f"{still} plants stand still"), is_bad=True)
    unknown = must.count(None)
    if unknown:
        zh = f"{unknown} 个没有填全户数和人口，不知道该不该治理"
        yield Tally(Message(zh, f"of {unknown} nobody told how large they are"), is_bad=True)


def chains(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """Chains that lead to treatment, those that do not, and villages of which nothing was told. 1 query."""
    now = [each.values for each in held(rows, on)]
    if not now:
        return
    whole = sum(is_whole(each["treatment"], each["transfer"], on) for each in now)
    zh = f"收运处置链条完整的 {whole} 个村，断头或进简易堆放点的 {len(now) - whole} 个村"
    en = f"{whole} villages whose waste is treated in the end; of {len(now) - whole} it is not"
    yield Tally(Message(zh, en), is_bad=whole < len(now))
    at_home = sum(each["is_sorted"] for each in now)
    yield Tally(Message(f"户分类 {at_home} 个村", f"sorted at home in {at_home}"))
    told = {each["village"].pk for each in now if stands(each["village"], on)}
    places = {each["village"].region_id for each in now}
    silent = Village.objects.filter(_on(on), region__in=places).count() - len(told)
    if silent > 0:
        zh = f"同一地区还有 {silent} 个村没有登记去向：登记全以前，处理的村数不入库"
        en = f"of {silent} villages of the same places nothing is told: no count of those treated until all are"
        yield Tally(Message(zh, en), is_bad=True)


def operations(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """How many run, contracts that are over or of which no end is told."""
    now = list(held(rows, on))
    if not now:
        return
    still = any(each.values["state"] != RUNNING for each in now)
    yield Tally(by_choice(now, "state", RUN_STATES), is_bad=still)
    over = past(now, "contract_until", on)
    if over:
        yield Tally(Message(f"{over} 座厂的运维合同已到期", f"contracts of {over} plants are over"), is_bad=True)
    open_ended = sum(each.values["contract_until"] is None for each in now)
    if open_ended:
        yield Tally(Message(f"{open_ended} 座没有填合同期", f"of {open_ended} no end of a contract is told"))


def without_operator(rows: Sequence[RegisterRow], on: date, seen: Seen) -> Iterator[Tally]:
    """Plants of the same places, of those the person may see, of which no spell was told that holds. 1 query."""
    places = {each.values["plant"].enterprise.region_id for each in held(rows, on)}
    there = SewagePlant.objects.filter(_on(on), seen("enterprise__region__path", "enterprise__body"))
    told = PlantOperation.objects.filter(_on(on)).values("plant")
    silent = there.filter(enterprise__region__in=places).exclude(pk__in=told).count()
    if silent:
        yield Tally(
            Message(f"同一地区还有 {silent} 座厂没有登记运维", f"{silent} plants without operator"), is_bad=True
        )
