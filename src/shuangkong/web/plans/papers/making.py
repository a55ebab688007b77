"""出具: makes a paper together with the journal's row about it.

A paper prints the number and seal of the journal's row about it. That row holds a digest of all that the paper says, so
that asking again on the same day, of the same records and templates, finds the same row and gives the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from shuangkong.papers.assessment.assessment_notice import NoticeInput
from shuangkong.papers.assessment.commendation import CommendationInput
from shuangkong.papers.assessment.consequence_notice import ConsequenceInput
from shuangkong.papers.assessment.interview_minutes import InterviewInput
from shuangkong.papers.assessment.score_sheet import ScoreSheetInput
from shuangkong.papers.assessment.self_check import SelfCheckInput
from shuangkong.papers.indicators.situation import SituationInput
from shuangkong.papers.official.paper import Basis
from shuangkong.papers.official.templates import Templates, read_templates
from shuangkong.papers.outlook.warning_notice import WarningNoticeInput
from shuangkong.papers.outlook.weather_order import WeatherOrderInput
from shuangkong.papers.plans.bulletin import BulletinInput
from shuangkong.papers.plans.duty_list import DutyListInput
from shuangkong.papers.plans.minutes import MinutesInput
from shuangkong.papers.plans.responsibility_letter import LetterInput
from shuangkong.plans.tasks.events import State
from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook

#: What papers have a line for: not the sentences of a measure, nor each round of a duty that comes again.
LISTED = (TaskKind.MEASURE, TaskKind.DUTY, TaskKind.TARGET, TaskKind.SUB_PLAN, TaskKind.KEY_WORK)
#: What papers count, as the pages do; what was cancelled is owed by nobody.
COUNTED = store.OWED & ~Q(state=State.CANCELLED)
_ACT = "paper.make"


@dataclass(frozen=True, slots=True)
class Made:
    """A paper as it is handed out, ``xlsx`` None for one that has no workbook; ``journal`` is the row about it."""

    docx: bytes
    xlsx: bytes | None
    journal: int


def made[
    Input: (
        DutyListInput,
        BulletinInput,
        LetterInput,
        MinutesInput,
        CommendationInput,
        SituationInput,
        WarningNoticeInput,
        WeatherOrderInput,
        ScoreSheetInput,
        SelfCheckInput,
        NoticeInput,
        ConsequenceInput,
        InterviewInput,
    )
](
    given: Input, subject: str, path: str, by: Acting, write: Callable[[Input, Templates], tuple[bytes, bytes | None]]
) -> Made:
    """Writes the paper with the row about it; a paper that a template spoils leaves no row.

    Raises:
        TemplateRefused: a template of the office cannot be used.
    """
    templates = read_templates(settings.VAR / "papers")
    digest = sha256(f"{given!r}{sorted(templates.words.items())!r}{templates.look!r}".encode()).hexdigest()
    with transaction.atomic():
        known = [row for row in journal.of_subject(subject) if row.act == _ACT and row.document == digest]
        if known:
            number, seal = known[0].sequence, known[0].digest
        else:
            journal.append(replace(by.act(_ACT, subject, document=digest), place=path))
            number, seal = journal.head()
        sealed = replace(given, basis=replace(given.basis, journal=number, seal=seal))
        docx, xlsx = write(sealed, templates)
    return Made(docx, xlsx, number)


def basis(on: date, titles: Iterable[str], *, is_demo: bool, is_fictional: bool) -> Basis:
    """What a paper rests on, before its row is written."""
    return Basis(
        as_of=on,
        rulebook=open_rulebook().version,
        journal=0,
        seal="",
        sources=tuple(dict.fromkeys(titles)),
        is_demo=is_demo,
        is_fictional=is_fictional,
    )


def basis_of(condition: Q, on: date, place: RegionRow | None = None) -> Basis:
    """What a paper about the tasks of a condition rests on. 2 queries.

    Labels come from every plan concerned: a month in which nothing is late is demo data all the same. What is owed at
    an invented place is for show, whether a plan asks for it or not.
    """
    found = tuple(Plan.objects.filter(pk__in=store.counts_by_plan(condition)).order_by("pk"))
    is_invented = place is not None and place.is_fictional
    return basis(
        on,
        (each.title for each in found),
        is_demo=is_invented or any(each.is_demo for each in found),
        is_fictional=is_invented or any(each.is_fictional for each in found),
    )


def printed_deadline(task: TaskRow) -> str:
    """The deadline as the plan prints it; "" once the due day was moved, which then holds."""
    return "" if task.standing.due != task.first_due else task.deadline_printed


def nothing() -> Refused:
    """There is nothing that a paper could say."""
    return Refused(
        "PPR-201",
        "没有可以写进公文的任务：方案或地区不存在，还没有交办，或不在您的范围内。请先交办，或切换身份。",
        "No tasks to make a paper of: no such plan or place, nothing assigned yet, or outside your reach.",
    )
