"""报送的天数: when a return is soon due, how often a late one is told of: of its form, else of its place's policy."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from django.utils import timezone

from shuangkong.core.dated import NotInForce
from shuangkong.core.period import Period
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.forms import form_at
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life_standing import Standing
from shuangkong.rulebook import Rulebook, open_rulebook

#: Where no rule is in force: nothing is soon due, a late one is told of once.
_NONE, _NEVER = 0, 36_500


def soon_days(form: str, period: str, region: str, day: date) -> int:
    """Days before its last one from which a return is soon due."""
    return _soon(open_rulebook(), form, period, region, day)


def place_soon_days(region: str, day: date) -> int:
    """The same of what is of no form."""
    return _days(open_rulebook(), "due_soon_days", region, day, _NONE)


def again_days(region: str, day: date) -> int:
    """Days after which a late return is told of again."""
    return _days(open_rulebook(), "late_again_days", region, day, _NEVER)


def entrant_days(region: str, day: date) -> int:
    """Days that whoever is listed after a window was opened has to file."""
    return _days(open_rulebook(), "late_entrant_days", region, day, _NONE)


def redo_by(now: Standing, told: date | None, region: str, day: date) -> date:
    """The last day for sending in again what is returned on a day: whoever filed in time is not late by the review.

    Args:
        told: what the office says, if anything; nobody has fewer days than the policy gives.
    """
    least = day + timedelta(days=_days(open_rulebook(), "redo_days", region, day, _NONE))
    return max(each for each in (told, now.due, least) if each is not None)


def require_begun(period: Period) -> None:
    """Raises Refused where nothing of a period can have happened yet."""
    year, month = divmod(period.first_month, 12)
    if (first := date(year, month + 1, 1)) > timezone.localdate():
        zh = f"{period} 还没有开始，{first} 起才能开窗口。"
        raise Refused("RPT-987", zh, f"{period} begins on {first}: it cannot be opened before.", "period")


def require_over(form: Form, period: Period) -> None:
    """Raises Refused before the last day of a period: nobody knows its figures, but of a form that is told in
    advance."""
    if form.is_early or (end := period.last_day) <= timezone.localdate():
        return
    zh = f"{period} 到 {end} 才结束，在这之前不能签报。可以先存草稿，{end} 起再提交。"
    raise Refused("RPT-988", zh, f"{period} ends on {end}: save a draft and sign it from that day on.", "period")


@lru_cache(maxsize=4096)
def _soon(book: Rulebook, form: str, period: str, region: str, day: date) -> int:
    try:
        own = form_at(form, Period.parse(period), region).soon
    except Refused:  # a form that the policy has no more
        own = None
    return own if own is not None else _days(book, "due_soon_days", region, day, _NONE)


@lru_cache(maxsize=4096)
def _days(book: Rulebook, name: str, region: str, day: date, without: int) -> int:
    try:
        return int(book.parameter(f"reporting/reminders/{name}", day, book.layer_of(region, day)).number)
    except NotInForce:
        return without
