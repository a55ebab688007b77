"""监测的问题: findings of the room, worded by its catalogue of checks."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding, Message

UNFILLED_GAP = "MON-001"
SHORT_HISTORY = "MON-002"
NO_SUBSTITUTION_RULE = "MON-003"
NO_FLOW = "MON-004"
MEANS_DIFFER = "MON-006"
CONVERTED_DIFFER = "MON-007"
DAY_MEAN_MISSING = "MON-008"
UNVERIFIED_LIMIT = "MON-009"
LOW_RATE = "MON-010"
NOT_CONNECTED = "MON-011"
INVALID_SPAN = "MON-012"
INCOMPLETE_AMOUNT = "MON-013"
TOO_FEW_DAYS = "MON-014"
UNLIKE_UNITS = "MON-015"
UNKNOWN_STATE = "MON-016"
TOTALS_DIFFER = "MON-017"
INCOMPLETE_METER = "MON-031"
COUNTER_FELL = "MON-032"
IMPOSSIBLE_USE = "MON-033"
UNFIT_METER = "MON-034"
BRIDGED_SILENCE = "MON-035"
NO_MAIN_METER = "MON-036"
SILENT_METER = "MON-037"
OVERDUE_UPKEEP = "MON-038"
BELOW_ZERO = "MON-039"
OFF_THE_GRID = "MON-040"


def finding(checks: Mapping[str, Check], code: str, place: str, **words: object) -> Finding:
    """The finding of a check of the catalogue, its ``{names}`` filled; ``name_en`` fills ``{name}`` in English.

    Raises:
        KeyError: there is no such check, or a name of its message was not given.
    """
    check = checks[code]
    english = words | {key.removesuffix("_en"): value for key, value in words.items() if key.endswith("_en")}
    message = Message(check.message.zh.format_map(words), check.message.en.format_map(english))
    return Finding(code, check.severity, place, message)
