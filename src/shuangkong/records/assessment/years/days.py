"""期限: days that the forms propose for self-checks and objections, as the policy of the place counts them."""

from __future__ import annotations

from datetime import date, timedelta

from shuangkong.rulebook import open_rulebook

SELF_CHECK, OBJECTION = "assessment/self_check_days", "assessment/objection_days"


def last_day(word: str, on: date, layer: str) -> date:
    """The last day of a term that begins the day after ``on``."""
    return on + timedelta(days=int(open_rulebook().parameter(word, on, layer).number))
