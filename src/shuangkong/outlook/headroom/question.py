"""能不能上这个项目: a project against the accounts that it draws on, with the year that binds and what would fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.outlook.headroom.account import Account, Room, room
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.policyfile.expression.given import exact, written


class Verdict(StrEnum):
    """The answer; the order is the order of weight, the gravest first."""

    MAY_NOT = "may_not"
    UNKNOWN = "unknown"
    SHORT_LATER = "short_later"
    MAY = "may"


VERDICTS: dict[Verdict, Message] = {
    Verdict.MAY_NOT: Message("余量不足，不能接纳", "It does not fit: there is not enough headroom"),
    Verdict.UNKNOWN: Message("缺上限或实际数，不能回答", "A cap or an actual figure is missing: no answer"),
    Verdict.SHORT_LATER: Message(
        "规划期内装得下，但全年投运后超出最后一年的上限，不宜接纳",
        "It fits while it runs in part of the plan's years only: running all year it passes the last cap",
    ),
    Verdict.MAY: Message("余量足够", "It fits"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one account says.

    Attributes:
        before, after: the room of each year without and with the project.
        binding: the year in which least is left with it; None where nothing is known.
        most: the largest full year of the project that would fit, also once all runs all year, with what it sets free;
            below zero: even nothing would not fit. None where it adds nothing in any year, or nothing is known.
        full_year: what is left of the last cap once the project, and all that was approved, runs all year (全年投运后);
            None where that cap or the actual figure is missing.
    """

    indicator: str
    verdict: Verdict
    before: tuple[Room, ...] = ()
    after: tuple[Room, ...] = ()
    binding: int | None = None
    most: Decimal | None = None
    full_year: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """``verdict`` is the gravest of ``answers``, which stand in the order of names."""

    verdict: Verdict
    answers: tuple[Answer, ...]


def may_take(
    accounts: Mapping[str, Account],
    project: str,
    starts: Period,
    amounts: Mapping[str, Decimal],
    released: Mapping[str, Decimal] | None = None,
) -> Decision:
    """Whether a project may be taken in.

    Args:
        amounts: indicator → what a full year of it takes, in the unit of that account; what it needs nothing of is not
            there. An indicator without an account leaves the answer open.
        released: indicator → what it sets free for good, of a full year.

    Raises:
        ValueError: no amounts; an amount below zero; a start that is no month; a project that is in an account already.
    """
    if not amounts:
        raise ValueError(f"{project}: no amounts; expected what it takes of at least one cap")
    freed = released or {}
    answers = []
    for indicator in sorted(amounts):
        asked = Commitment(
            project=project,
            amount=amounts[indicator],
            starts=starts,
            released=freed.get(indicator, Decimal(0)),
        )
        account = accounts.get(indicator)
        answers.append(Answer(indicator, Verdict.UNKNOWN) if account is None else answer(account, asked))
    order = list(Verdict)
    return Decision(min((each.verdict for each in answers), key=order.index), tuple(answers))


def answer(account: Account, project: Commitment) -> Answer:
    """What one account says, over all its years from the start of the project on."""
    wanted = account.with_project(project)
    years = tuple(year for year in account.years if project.share(year) > 0)
    before = tuple(room(account, year) for year in years)
    after = tuple(room(wanted, year) for year in years)
    told = [each.exact for each in after if each.exact is not None]
    if any(left < 0 for left in told):
        verdict = Verdict.MAY_NOT
    else:
        verdict = Verdict.MAY if told and len(told) == len(years) else Verdict.UNKNOWN
    later = full_year_room(wanted)
    if verdict is Verdict.MAY and later is not None and later < 0:
        verdict = Verdict.SHORT_LATER
    known = [(each.exact, each.year) for each in after if each.exact is not None]
    binding = min(known)[1] if known else None
    shown = None if later is None else written(later)
    return Answer(account.indicator, verdict, before, after, binding, _most(account, project, before), shown)


def full_year_room(account: Account) -> Fraction | None:
    """What is left of the last cap once all that was approved runs all year; None where a figure is missing.

    A project that starts late in the last year takes a twelfth of itself from the cap and all of itself ever after.
    """
    cap = account.caps.get(max(account.years)) if account.years else None
    if not isinstance(cap, Decimal) or not isinstance(account.actual, Decimal):
        return None
    added = sum((exact(each.net) * (1 - each.share(account.actual_year)) for each in account.commitments), Fraction(0))
    return exact(cap) - exact(account.actual) - added - exact(account.reserve)


def _most(account: Account, project: Commitment, before: tuple[Room, ...]) -> Decimal | None:
    """The full year that just fits: the least, over the years and ever after, of what is left and set free per year."""
    fits: list[Fraction] = []
    for each in before:
        share = project.share(each.year) - project.share(account.actual_year)
        if each.exact is not None and share > 0:
            fits.append(each.exact / share + exact(project.released))
    later, all_year = full_year_room(account), 1 - project.share(account.actual_year)
    if fits and later is not None and all_year > 0:
        fits.append(later / all_year + exact(project.released))
    return written(min(fits)) if fits else None
