"""还有多少空间: the accounts of a place, one for each cap or path of its plan, and the one question they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Measure, State, Subject
from shuangkong.core.period import Period
from shuangkong.outlook.headroom.account import Account
from shuangkong.outlook.headroom.amount import is_amount
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.outlook.headroom.question import Decision, may_take
from shuangkong.plans.reading import Kind
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.facts import store as facts
from shuangkong.records.outlook.headroom.store import CommitmentRow, commitments
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.chosen import groups_of, newest_plan
from shuangkong.web.outlook.sought import Sought, sought
from shuangkong.web.targets.course import courses

_CAPS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_RATE})


@dataclass(frozen=True, slots=True)
class Held:
    """The accounts of a place by the amount that is capped, the target behind each, and what is committed."""

    accounts: Mapping[str, Account]
    targets: Mapping[str, TargetRow]
    committed: tuple[CommitmentRow, ...]
    is_demo: bool


def accounts_of(place: Place, year: int, seen: Q, as_of: date | None = None) -> Held:
    """Caps and paths from the plan in force in a year; actual figures and commitments as known. ~5 queries."""
    book, day = open_rulebook(), as_of or timezone.localdate()
    plan = newest_plan(place.region.code, year, seen, as_of)
    committed = commitments(place.region.code, as_of)
    if plan is None:
        return Held({}, {}, committed, is_demo=False)
    own = [
        target
        for group in groups_of(plan, as_of)
        for target in group
        if (target.subject_kind, target.subject_code) == ("region", place.region.code) and Kind(target.kind) in _CAPS
    ]
    rules = book.every_rule(book.layer_of(place.region.code, day))
    found: dict[str, Sought] = {}
    for course in courses(own, None, as_of):
        each = sought(course, book, rules)
        if each is not None and not each.product:
            found.setdefault(each.amount, each)
    levels = _levels(place.subject, tuple(found), as_of)
    accounts = {
        amount: _account(place.subject, each, levels.get(amount, {}), committed) for amount, each in found.items()
    }
    return Held(accounts, {key: each.target for key, each in found.items()}, committed, plan.is_demo)


def committed_of(region: str, as_of: date | None = None) -> dict[str, list[Commitment]]:
    """Amount → projects of a place that were approved and do not run yet, as known. 1 query."""
    found: dict[str, list[Commitment]] = {}
    for row in commitments(region, as_of):
        found.setdefault(row.indicator, []).append(row.pure)
    return found


def _levels(subject: Subject, amounts: tuple[str, ...], as_of: date | None) -> dict[str, dict[int, Decimal]]:
    """Amount → year → level told of the whole year, in its base unit. 1 query."""
    units = open_rulebook().units()
    found: dict[str, dict[int, Decimal]] = {}
    for row in facts.observations(amounts, {(subject.kind, subject.code)}, as_of):
        period = Period.parse(row.period)
        if row.state is State.VALUE and row.value is not None and row.measure is Measure.LEVEL and period.is_year:
            unit = units.get(row.unit)
            found.setdefault(row.indicator, {})[period.year] = row.value if unit is None else unit.to_base(row.value)
    return found


def _account(
    subject: Subject, of: Sought, levels: Mapping[int, Decimal], committed: tuple[CommitmentRow, ...]
) -> Account:
    unit = open_rulebook().units().get(of.target.unit)
    factor, base = Decimal(1) if unit is None else unit.factor, levels.get(of.base)
    bounds = {year: of.bound(year, base, None, factor) for year in of.due}
    caps: dict[int, Told] = {year: State.MISSING if each is None else each for year, each in bounds.items()}
    last = max((year for year in levels if year <= of.end), default=of.base)
    return Account(
        subject=subject, indicator=of.amount, unit=base_unit(of.amount), caps=caps,
        actual=levels.get(last, State.MISSING), actual_year=last,
        commitments=tuple(each.pure for each in committed if each.indicator == of.amount),
        reserve=(of.target.reserve or Decimal(0)) * factor,
    )  # fmt: skip


def base_unit(indicator: str) -> str:
    rule = open_rulebook().every_rule().get(indicator)
    return rule.unit if rule else ""


def may_place_take(
    held: Held, project: str, starts: Period, amounts: Mapping[str, Decimal], released: Mapping[str, Decimal]
) -> Decision:
    """能不能上这个项目: amounts of a full year in base units.

    Raises:
        Refused: OUT-508 no month, no amount, or one below zero or of no size that an amount has; OUT-504 the project is
            in an account already.
    """
    told = (*amounts.values(), *released.values())
    if starts.months != 1 or not amounts or not all(map(is_amount, told)):
        raise unread()
    if any(project == each.project and each.indicator in amounts for each in held.committed):
        zh = "这个项目已在账上。先办结原来的一笔，或换一个项目名称再问。"
        raise Refused("OUT-504", zh, "It is in the account: end the former entry, or ask of another name.", "project")
    return may_take(held.accounts, project, starts, amounts, released)


def unread() -> Refused:
    """What was asked of the account does not read."""
    zh = "请填投产月份（如 YYYY-07）和至少一项全年量；数量不小于零，整数和小数各不超过 15 位。"
    en = "Give the month it starts (such as YYYY-07) and an amount, zero or more, of at most 15 digits on either side."
    return Refused("OUT-508", zh, en, "starts")
