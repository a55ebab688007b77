"""触发: what the rules of the three triggers say of standings, with those that caused it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Cell, State
from shuangkong.outlook.barometer.basis import Given
from shuangkong.outlook.barometer.facts import level_facts
from shuangkong.outlook.barometer.judging import Judgement, judge
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Rule
from shuangkong.outlook.projects.standing import Standing
from shuangkong.plans.tasks.standing import Clock
from shuangkong.policyfile.expression.given import Told
from shuangkong.targets.progress import Point


@dataclass(frozen=True, slots=True)
class Signal:
    """``culprits``: ids of the projects or tasks, or the indicator, that caused it; none where nothing did."""

    judgement: Judgement
    culprits: tuple[str, ...]

    @property
    def is_raised(self) -> bool | None:
        """Whether there is a warning; None where it cannot be judged."""
        return None if self.judgement.level is None else self.judgement.level is not Level.GREEN


def quality_signal(
    rule: Rule, cell: Cell, point: Point | None, *, wants_less: bool, within: Sequence[str] = ()
) -> Signal:
    """环境质量改善达不到进度要求: a point on the path of a quality target (targets.progress); None: no target."""
    absent: dict[str, Given] = {
        "due": State.NOT_APPLICABLE,
        "reached": State.NOT_APPLICABLE,
        "wants_less": Decimal(wants_less),
    }
    found = judge(rule, cell, absent if point is None else level_facts(point, wants_less=wants_less), within)
    return Signal(found, () if found.level in (None, Level.GREEN) else (cell.indicator,))


def projects_signal(rule: Rule, cell: Cell, standings: Iterable[Standing], within: Sequence[str] = ()) -> Signal:
    """重点减排工程建设滞后或运行不稳定. Without a project there is nothing to judge."""
    held = tuple(standings)
    late = [each.project for each in held if each.is_late]
    unstable = [each.project for each in held if each.is_unstable]
    given = {"projects": Decimal(len(held)), "late": _count(late, held), "unstable": _count(unstable, held)}
    return Signal(judge(rule, cell, given, within), tuple(sorted({*late, *unstable})))


def measures_signal(rule: Rule, cell: Cell, clocks: Mapping[str, Clock], within: Sequence[str] = ()) -> Signal:
    """政策措施落实不到位: the clocks of the plan's tasks (plans.tasks.standing). Without a task nothing is judged."""
    late = [task for task, clock in clocks.items() if clock is Clock.LATE]
    silent = [task for task, clock in clocks.items() if clock is Clock.SILENT]
    given = {"measures": Decimal(len(clocks)), "late": _count(late, clocks), "silent": _count(silent, clocks)}
    return Signal(judge(rule, cell, given, within), tuple(sorted({*late, *silent})))


def _count(found: list[str], of: Sequence[object] | Mapping[str, object]) -> Told:
    return Decimal(len(found)) if of else State.NOT_APPLICABLE
