"""调度的钟: how key projects stand on a day by the rule of their trigger, where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.rule import Version
from shuangkong.outlook.projects.standing import Limits, Running, Standing, running, standing
from shuangkong.records.outlook.projects.rows import KeyProjectRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.outlook.projects.words import FINE, LATE, OVER, UNJUDGED, UNSTABLE

#: Id of the trigger, in ``policy/<layer>/outlook/triggers``.
TRIGGER = "key_projects"


@dataclass(frozen=True, slots=True)
class Followed:
    """``standing`` None: it is not dispatched any more, or no rule is in force; ``running`` likewise."""

    row: KeyProjectRow
    standing: Standing | None
    running: Running | None

    @property
    def state(self) -> str:
        """A key of words.STATES: the gravest that is to be said of it."""
        if not self.row.held.is_dispatched:
            return OVER
        if self.standing is None:
            return UNJUDGED
        if self.standing.is_late:
            return LATE
        return UNSTABLE if self.standing.is_unstable else FINE


def rule_of(place: str, day: date) -> Version | None:
    """The version of the trigger's rule that is in force at a place; None where there is none."""
    book = open_rulebook()
    rule = book.outlook(book.layer_of(place, day)).triggers[TRIGGER]
    return rule.version(Period(day.year, f"{day.month:02d}"), book.upwards(place, day))


def followed(rows: Iterable[KeyProjectRow], day: date) -> tuple[Followed, ...]:
    """Each project as it stands on a day, in their order."""
    rules: dict[str, Version | None] = {}
    found = []
    for row in rows:
        if row.region not in rules:
            rules[row.region] = rule_of(row.region, day)
        rule = rules[row.region]
        if rule is None or not row.held.is_dispatched:
            found.append(Followed(row, None, None))
            continue
        project, limits = row.held.followed(row.id), Limits.of(rule.limits)
        found.append(Followed(row, standing(project, day, limits), running(project, day, limits)))
    return tuple(found)
