"""晴雨表的表: the judgements of a period side by side, what moved since the last, and who stands at no level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.judging import Judgement
from shuangkong.outlook.barometer.level import Level, Move, move


@dataclass(frozen=True, slots=True)
class Row:
    """One subject: its judgement, its level in the last period where that is known, and which way it moved."""

    subject: Subject
    judgement: Judgement
    last: Level | None
    move: Move


@dataclass(frozen=True, slots=True)
class Table:
    """``rows``: the gravest first, within a level in the order of codes; those without a level last."""

    rule: str
    period: Period
    rows: tuple[Row, ...]

    @property
    def counts(self) -> Mapping[Level | None, int]:
        """How many stand at each level; None: at no level. Absent: nobody."""
        return Counter(row.judgement.level for row in self.rows)

    @property
    def moved(self) -> tuple[Row, ...]:
        """Those whose level is another than in the last period."""
        return tuple(row for row in self.rows if row.move in (Move.WORSE, Move.BETTER))

    @property
    def unjudged(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.judgement.level is None)


def table(
    rule: str, period: Period, judgements: Iterable[Judgement], last: Mapping[Subject, Level] | None = None
) -> Table:
    """The table of a period.

    Args:
        last: levels of the last period by the same rule's name; a subject that is not there cannot be compared.

    Raises:
        ValueError: a judgement is of another rule or period, or two are of one subject.
    """
    rows: dict[Subject, Row] = {}
    for each in judgements:
        subject = each.figure.cell.subject
        if each.rule != rule or each.figure.cell.period != period:
            raise ValueError(f"{subject}: {each.rule} of {each.figure.cell.period}, expected {rule} of {period}")
        if subject in rows:
            raise ValueError(f"{subject}: judged twice by {rule} in {period}")
        before = (last or {}).get(subject)
        rows[subject] = Row(subject, each, before, move(each.level, before))
    return Table(rule, period, tuple(sorted(rows.values(), key=_weight)))


def _weight(row: Row) -> tuple[int, Subject]:
    level = row.judgement.level
    return (len(Level) + 1 if level is None else level, row.subject)
