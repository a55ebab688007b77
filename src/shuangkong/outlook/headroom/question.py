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
    MAY = "may"


VERDICTS: dict[Verdict, Message] = {
    Verdict.MAY_NOT: Message("余量不足，不能接纳", "It does not fit: there is not enough headroom"),
    Verdict.UNKNOWN: Message("缺上限或实际数，不能回答", "A cap or an actual figure is missing: no answer"),
    Verdict.MAY: Message("余量足够", "It fits"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one account says.

    Attributes:
        before, after: the room of each year without and with the project.
        binding: the year in which least is left with it; None where nothing is known.
        most: the largest full year of the project that would fit, with what it sets free; below zero: even nothing
            would not fit. None where it adds nothing in any year, or nothing is known.
    """

    indicator: str
    verdict: Verdict
    before: tuple[Room, ...] = ()
    after: tuple[Room, ...] = ()
    binding: int | None = None
    most: Decimal | None = None


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
    known = [(each.exact, each.year) for each in after if each.exact is not None]
    binding = min(known)[1] if known else None
    return Answer(account.indicator, verdict, before, after, binding, _most(account, project, before))


def _most(account: Account, project: Commitment, before: tuple[Room, ...]) -> Decimal | None:
    """The full year that just fits: the least, over the years, of what is left and set free per year of running."""
    fits: list[Fraction] = []
    for each in before:
        share = project.share(each.year) - project.share(account.actual_year)
        if each.exact is not None and share > 0:
            fits.append(each.exact / share + exact(project.released))
    return written(min(fits)) if fits else None
