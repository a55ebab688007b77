"""预警等级: one, two, three, the gravest first, and why somebody stands at none."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from shuangkong.core.finding import Message


class Level(IntEnum):
    """The smaller the graver."""

    RED = 1
    YELLOW = 2
    GREEN = 3


WORDS: dict[Level, Message] = {
    Level.RED: Message("一级（红）", "Level 1 (red)"),
    Level.YELLOW: Message("二级（黄）", "Level 2 (yellow)"),
    Level.GREEN: Message("三级（绿）", "Level 3 (green)"),
}


class Cause(StrEnum):
    """Why there is no level."""

    NO_RULE = "no_rule"
    PERIOD = "period"
    NO_THRESHOLD = "no_threshold"
    NO_FIGURES = "no_figures"
    NOT_APPLICABLE = "not_applicable"
    NO_LEVEL = "no_level"
    STAGE = "stage"
    NO_COURSE = "no_course"
    YEARLY = "yearly"


CAUSES: dict[Cause, Message] = {
    Cause.NO_RULE: Message(
        "该期末日没有生效的判定规定。请在政策文件中补充，或不作判定",
        "No rule is in force on the last day of the period: enter it in the policy, or leave it unjudged",
    ),
    Cause.PERIOD: Message(
        "规定不适用于这种时段（只判累计数、季度数或年度数）。请改用规定所列的时段",
        "The rule does not speak of such a period: ask for one that it lists",
    ),
    Cause.NO_THRESHOLD: Message(
        "当时公布了等级，没有公布划分等级的数值界线，不能由数据推出等级",
        "Levels were published then, the figures that divide them were not: no level follows from data",
    ),
    Cause.NO_FIGURES: Message(
        "缺少判定所需的数。请补报", "Figures that the rule needs are missing: have them reported"
    ),
    Cause.NOT_APPLICABLE: Message("判定所需的数不适用，不作判定", "What the rule needs does not apply here"),
    Cause.NO_LEVEL: Message(
        "各级判据都不成立，规定有空档。请核对规定",
        "No level's condition holds: the rule leaves a gap. Check the rule",
    ),
    Cause.STAGE: Message(
        "等级、阶段类目标只有达到和没有达到，没有进度，不判等级。到期由考核认定",
        "A class or a stage is reached or not, without progress: no level. The assessment says whether it was reached",
    ),
    Cause.NO_COURSE: Message(
        "方案没有写明基期或期限，不能按进度判定。请在方案中补充",
        "The plan names no base or no last year: there is no schedule to judge by. Complete the plan",
    ),
    Cause.YEARLY: Message(
        "这个目标按全年的数判定，没有年内各期的口径。请看年度晴雨表",
        "This target is judged by figures of whole years, not of parts of one: see the barometer of the year",
    ),
}


class Move(StrEnum):
    """A level against that of the last period."""

    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    UNKNOWN = "unknown"


MOVES: dict[Move, Message] = {
    Move.WORSE: Message("恶化", "Worse"),
    Move.SAME: Message("持平", "Same"),
    Move.BETTER: Message("好转", "Better"),
    Move.UNKNOWN: Message("不能比较", "Cannot be compared"),
}


def move(now: Level | None, last: Level | None) -> Move:
    """Which way somebody moved; UNKNOWN where one of the two is not known."""
    if now is None or last is None:
        return Move.UNKNOWN
    return Move.SAME if now == last else Move.WORSE if now < last else Move.BETTER
