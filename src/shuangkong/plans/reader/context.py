"""上下文: what the reader of a clause is given, what a clause inherits from those before it, what is gathered."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.reader.naming import Names
from shuangkong.plans.reading import Baseline, Duty, Horizon, Nature, Strength, Target, Threshold


@dataclass(frozen=True, slots=True)
class Words:
    """Names, printed units, first years of five-year plans, and of this document: horizon and year of issue."""

    names: Names
    units: tuple[str, ...]
    plan_starts: dict[str, int]
    horizon: Horizon
    issued_year: int | None = None


@dataclass(slots=True)
class Inherited:
    """What holds on from clause to clause: the deadline within the item, the rest within the sentence.

    ``subjects``, ``unit`` and ``verb`` are those of the last number read; ``made`` and ``made_thing`` the verb that
    makes or removes things in a list of them and the last thing; ``topic`` a measure announced for a list that follows;
    ``base_values`` those printed beside the target; ``years`` deadlines announced for a list, ``among`` its members;
    ``starts`` the date from which the sentence holds; ``past`` says that the sentence tells results of an earlier
    period, ``past_year`` of which year. ``strength`` and ``nature`` hold for the clause and for those that go on
    without a subject, ``led`` and ``led_nature`` for the sentence.
    """

    deadline: str | None = None
    base_year: int | None = None
    strength: Strength = Strength.FIRM
    led: Strength = Strength.FIRM
    nature: Nature | None = None
    led_nature: Nature | None = None
    subjects: list[str] = field(default_factory=list)
    unit: str = ""
    verb: str = ""
    made: str = ""
    made_thing: str = ""
    base_values: tuple[Decimal, ...] = ()
    topic: str | None = None
    dated_sentence: bool = False
    starts: str | None = None
    among: str = ""
    years: list[str] = field(default_factory=list)
    past: bool = False
    past_year: int | None = None

    def new_sentence(self, end_year: int | None) -> None:
        """A deadline other than the plan's own holds for its sentence only."""
        if end_year and self.deadline and self.deadline[:4] != str(end_year):
            self.deadline = None
        self.base_year, self.strength, self.topic, self.dated_sentence = None, Strength.FIRM, None, False
        self.base_values, self.made, self.made_thing = (), "", ""
        self.years, self.past, self.past_year, self.starts, self.among = [], False, None, None, ""
        self.led, self.nature, self.led_nature = Strength.FIRM, None, None


@dataclass(slots=True)
class Commitments:
    """What was read from one item. ``unread`` are numbers that no rule explains: shown, never dropped."""

    targets: list[Target] = field(default_factory=list)
    thresholds: list[Threshold] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)
    baselines: list[Baseline] = field(default_factory=list)

    def add(self, other: Commitments) -> None:
        """Takes over what another gathered."""
        self.targets += other.targets
        self.thresholds += other.thresholds
        self.duties += other.duties
        self.unread += other.unread
        self.baselines += other.baselines
