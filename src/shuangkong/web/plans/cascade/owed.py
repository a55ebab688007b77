"""差距: what a plan owes against the one it follows, each ready to be shown, to be chosen, or to lead to its task."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuangkong.records.plans.cascade.rows import ComparedMeasure, ComparedTarget, ComparisonRow
from shuangkong.web.plans.cascade.comparing import rank
from shuangkong.web.plans.cascade.promised import name_of, promise_words
from shuangkong.web.plans.cascade.words import (
    MATCH_SIGNS,
    MATCHES,
    VERDICT_LEVELS,
    VERDICT_SIGNS,
    VERDICTS,
    reason_words,
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One gap: sign, colour and word of its verdict, what is asked and what is promised; ``task`` where it has one."""

    key: int
    sign: str
    level: str
    word: str
    title: str
    asked: str
    promised: str
    reasons: str
    task: int | None
    is_main: bool


def owed_targets(found: ComparisonRow) -> list[Owed]:
    """Gaps of targets, those that the parent means first of all above."""
    lines = sorted((line for line in found.targets if line.is_gap), key=lambda line: (not line.is_main, rank(line)))
    return [_target(line, line.key) for line in lines if line.key is not None]


def owed_measures(found: ComparisonRow) -> list[Owed]:
    """Measures that the plan lacks, in the order of the parent."""
    return [_measure(line, line.key) for line in found.measures if line.is_gap and line.key is not None]


def _target(line: ComparedTarget, key: int) -> Owed:
    return Owed(
        key,
        VERDICT_SIGNS[line.verdict],
        VERDICT_LEVELS[line.verdict],
        str(VERDICTS[line.verdict]),
        name_of(line.parent, line.child),
        promise_words(line.parent) if line.parent else "",
        promise_words(line.child) if line.child else "",
        "、".join(reason_words(line.reasons)),
        line.task,
        line.is_main,
    )


def _measure(line: ComparedMeasure, key: int) -> Owed:
    title = f"{line.parent.no} {line.parent.title}".strip() if line.parent else ""
    word = _("措施：%(word)s") % {"word": MATCHES[line.match]}
    return Owed(key, MATCH_SIGNS[line.match], "missed", word, title, "", "", "", line.task, is_main=False)
