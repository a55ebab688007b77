"""Where a target stands, in one word: a table, not a chain of conditions."""

from __future__ import annotations

from enum import StrEnum

from shuangkong.core.finding import Message


class Standing(StrEnum):
    """The words that pages show beside a sign.

    NO_DATA: nobody has told a figure. UNJUDGED: there is one, but nothing to compare it with before the last year.
    """

    MET = "met"
    MISSED = "missed"
    AHEAD = "ahead"
    ON_SCHEDULE = "on_schedule"
    BEHIND = "behind"
    UNJUDGED = "unjudged"
    NO_DATA = "no_data"


WORDS: dict[Standing, Message] = {
    Standing.MET: Message("完成", "Met"),
    Standing.MISSED: Message("未完成", "Missed"),
    Standing.AHEAD: Message("超前", "Ahead of schedule"),
    Standing.ON_SCHEDULE: Message("符合进度", "On schedule"),
    Standing.BEHIND: Message("滞后", "Behind schedule"),
    Standing.UNJUDGED: Message("不能判断", "Cannot be judged"),
    Standing.NO_DATA: Message("暂无数据", "No data"),
}

#: (is the last year's figure known, is what is due fulfilled, is what is due a year later fulfilled) → standing
_TABLE: dict[tuple[bool, bool, bool], Standing] = {
    (True, True, True): Standing.MET,
    (True, True, False): Standing.MET,
    (True, False, True): Standing.MISSED,
    (True, False, False): Standing.MISSED,
    (False, True, True): Standing.AHEAD,
    (False, True, False): Standing.ON_SCHEDULE,
    (False, False, True): Standing.BEHIND,
    (False, False, False): Standing.BEHIND,
}


def standing(is_last_year: bool, is_due_done: bool, is_next_due_done: bool) -> Standing:
    """In the last year a promise is met or missed; before it, ahead means that a year's lead is already won."""
    return _TABLE[is_last_year, is_due_done, is_next_due_done]
