"""代填代报: one hand that files for many units, seen from terminals, accounts, signatories and hours.

Officials may query, never fill in; an agent is registered with the units that it files for (代理记账、集团). What is
not registered and looks like one hand is told as a suspicion with its evidence, never as a conclusion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from shuangkong.core.finding import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One submission, as the journal has it.

    Attributes:
        unit: whose return; ``group``: the agent or group that filed it by right, empty where nobody did but the unit.
        terminal: a digest of address and browser; ``account``, ``signatory``: who sent and who signed.
        seconds: from the first entry to the submission; None where it came by file or interface.
        figures_digest: digest of the figures without their unit, for copies.
        is_official: the account is an official's. ``owned``: number of the return.
    """

    unit: str
    form: str
    period: str
    at: datetime
    terminal: str
    account: str
    signatory: str
    group: str = ""
    seconds: int | None = None
    figures_digest: str = ""
    is_official: bool = False
    owned: int = 0


class Sign(StrEnum):
    """What points to one hand."""

    TERMINAL = "terminal"
    ACCOUNT = "account"
    SIGNATORY = "signatory"
    BURST = "burst"
    COPY = "copy"
    OFFICIAL = "official"


WORDS: Mapping[Sign, Message] = {
    Sign.TERMINAL: Message("同一终端为多家填报", "one terminal files for several units"),
    Sign.ACCOUNT: Message("同一账号为多家填报", "one account files for several units"),
    Sign.SIGNATORY: Message("同一签署人为多家签署", "one signatory signs for several units"),
    Sign.BURST: Message("短时间内连续为多家提交", "several units submitted within minutes"),
    Sign.COPY: Message("多家报表数据完全相同", "returns of several units with the very same figures"),
    Sign.OFFICIAL: Message("官员账号提交企业报表", "an official's account submitted a unit's return"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many units on a sign is one; ``minutes`` and ``burst``: so many within so short a time."""

    terminal: int
    account: int
    signatory: int
    copies: int
    burst: int
    minutes: int


@dataclass(frozen=True)
class OneHand:
    """``value``: the terminal, account or signatory; ``filings``: what it filed, the first first."""

    sign: Sign
    value: str
    filings: tuple[Filing, ...]

    @cached_property
    def units(self) -> tuple[str, ...]:
        return tuple(sorted({filing.unit for filing in self.filings}))

    @cached_property
    def message(self) -> Message:
        words, count = WORDS[self.sign], len(self.units)
        return Message(f"{words.zh}（{count} 家）", f"{words.en} ({count})")


def one_hands(filings: Iterable[Filing], limits: Limits) -> tuple[OneHand, ...]:
    """What looks like one hand among the filings of a window: most units first."""
    told = sorted(filings, key=lambda each: each.at)
    free = [each for each in told if not each.group]
    found = [
        *_many(Sign.TERMINAL, free, lambda each: each.terminal, limits.terminal),
        *_many(Sign.ACCOUNT, free, lambda each: each.account, limits.account),
        *_many(Sign.SIGNATORY, free, lambda each: each.signatory, limits.signatory),
        *_many(
            Sign.COPY, told, lambda each: each.figures_digest and f"{each.form} {each.figures_digest}", limits.copies
        ),
        *_bursts(free, limits),
        *(OneHand(Sign.OFFICIAL, each.account, (each,)) for each in told if each.is_official),
    ]
    return tuple(sorted(found, key=lambda each: (-len(each.units), each.sign, each.value)))


def _many(sign: Sign, filings: Iterable[Filing], key: Callable[[Filing], str], least: int) -> Iterator[OneHand]:
    by_key: dict[str, list[Filing]] = defaultdict(list)
    for filing in filings:
        if key(filing):
            by_key[key(filing)].append(filing)
    for value, held in by_key.items():
        if len({filing.unit for filing in held}) >= least:
            yield OneHand(sign, value, tuple(held))


def _bursts(filings: Iterable[Filing], limits: Limits) -> Iterator[OneHand]:
    """The longest runs of a terminal whose filings follow each other within the minutes; each in one run at most."""
    by_terminal: dict[str, list[Filing]] = defaultdict(list)
    for filing in filings:
        by_terminal[filing.terminal].append(filing)
    for terminal, held in by_terminal.items():
        for run in _runs(held, timedelta(minutes=limits.minutes)):
            if terminal and len({each.unit for each in run}) >= limits.burst:
                yield OneHand(Sign.BURST, terminal, tuple(run))


def _runs(held: Iterable[Filing], gap: timedelta) -> Iterator[list[Filing]]:
    """Filings in order, parted where more than the gap lies between two."""
    run: list[Filing] = []
    for filing in held:
        if run and filing.at - run[-1].at > gap:
            yield run
            run = []
        run.append(filing)
    yield run
