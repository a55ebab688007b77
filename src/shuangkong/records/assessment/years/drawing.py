"""抽查: which of those reviewed are checked on site, by a seed that is logged: anybody can draw again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.assessment.sampling import draw
from shuangkong.assessment.year import EventKind, State
from shuangkong.core.period import Period
from shuangkong.records.assessment.years.models import Assessment, AssessmentDraw, AssessmentEvent
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.store import assessments
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of


@dataclass(frozen=True, slots=True)
class Round:
    """One duty of a place in one period."""

    region: str
    duty: str
    period: Period

    @property
    def condition(self) -> Q:
        return Q(region=self.region, duty=self.duty, period=str(self.period))


def draw_for_check(asked: Round, count: int, seed: str, by: Acting, on: date | None = None) -> tuple[str, ...]:
    """Draws ``count`` of those that were reviewed, and says so of every one; returns the codes drawn.

    Args:
        on: the day of the draw; None is today.

    Raises:
        Refused: ASM-441 some of the round were not reviewed yet (who comes late would escape the draw); ASM-442 none
            to draw, or not that many; ASM-443 no seed, or one that was used before in this round.
        Forbidden: the person conducts no assessments there.
    """
    path = path_of(asked.region)
    require(by, Action.ASSESSMENT_CONDUCT, Where(path))
    with transaction.atomic():
        held = list(Assessment.objects.select_for_update(of=("self",)).filter(asked.condition))
        rows = assessments(asked.condition)
        reviewed = [row for row in rows if row.standing.state is State.REVIEWED]
        day = on or timezone.localdate()
        _require_sound(rows, reviewed, count, seed.strip(), asked)
        _require_day(reviewed, day)
        found = draw((row.subject.code for row in reviewed), count, seed.strip())
        told = {"seed": found.seed, "count": count, "among": list(found.among), "drawn": list(found.drawn)}
        act = by.act("assessment.draw", f"region/{asked.region}", ground=f"{asked.duty} {asked.period}", after=told)
        number = journal.append(replace(act, place=path))
        AssessmentDraw.objects.create(
            region_id=asked.region, path=path, duty=asked.duty, period=str(asked.period), seed=found.seed, count=count,
            among="\n".join(found.among), drawn="\n".join(found.drawn), author=by.author, at=timezone.now(),
            journal=number,
        )  # fmt: skip
        known = {each.pk: each for each in held}
        AssessmentEvent.objects.bulk_create(
            AssessmentEvent(
                assessment=known[row.id],
                kind=EventKind.DRAW if row.subject.code in found.drawn else EventKind.PASS_OVER,
                on=day,
                text=f"种子：{found.seed}",
                author=by.author,
                at=timezone.now(),
                journal=number,
            )
            for row in reviewed
        )
    return found.drawn


def _require_day(reviewed: Iterable[AssessmentRow], day: date) -> None:
    if day > timezone.localdate() or any(day < row.waits_since for row in reviewed):
        zh = "抽签日期不能晚于今天，也不能早于书面审核。"
        raise Refused("ASM-444", zh, "The draw is not in the future, and not before the reviews.", "on")


def _require_sound(
    rows: Iterable[AssessmentRow], reviewed: list[AssessmentRow], count: int, seed: str, asked: Round
) -> None:
    before = (State.PLANNED, State.LAUNCHED, State.SUBMITTED)
    late = [row.subject_name for row in rows if row.standing.state in before]
    used = AssessmentDraw.objects.filter(asked.condition, seed=seed).exists()
    for holds, number, zh, en, key in (
        (not late, 441, f"还没有书面审核完：{'、'.join(late[:5])}。审核完再抽。",
         f"Not reviewed yet: {', '.join(late[:5])}. Draw when all are.", ""),
        (reviewed and 0 <= count <= len(reviewed), 442, f"可抽的有 {len(reviewed)} 个，请改抽取个数。",
         f"{len(reviewed)} can be drawn: change the count.", "count"),
        (seed and not used, 443, "请写明种子（如抽签前约定的公开开奖号），同一轮不能用过。",
         "Give a seed that was settled beforehand and not used in this round.", "seed"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"ASM-{number}", zh, en, key)
