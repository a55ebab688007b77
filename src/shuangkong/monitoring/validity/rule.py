"""有效性的规定: how many minutes make an hour, hours a day, days a month; by medium and day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.reading import Media, Span


class Of(StrEnum):
    """What is counted."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class ValidityRule:
    """A span is valid when enough of its parts are.

    Attributes:
        least: so many of its parts at least; None: a share is asked for.
        least_share_pct: so much of those due at least, stopped ones apart; None: a number is asked for.
    """

    span: Span
    of: Of
    least: int | None
    least_share_pct: Decimal | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class ValidityRules:
    """The rules of one medium (or sort of station), of all days."""

    media: str
    rules: tuple[ValidityRule, ...]

    def on(self, span: Span, day: date) -> ValidityRule | None:
        """The rule for a span on its last day; None where none is laid down."""
        held = (rule for rule in self.rules if rule.span is span and rule.ground.validity.holds_on(day))
        return next(held, None)


type MediaRules = Mapping[Media, ValidityRules]


def media_rules(rules: Iterable[tuple[Media, ValidityRule]]) -> dict[Media, ValidityRules]:
    """Gathers rules by medium; a medium without any has none."""
    told = tuple(rules)
    return {media: ValidityRules(media, tuple(rule for one, rule in told if one is media)) for media in Media}
