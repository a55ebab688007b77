"""目标责任书: all that a receiver was assigned by decompositions of one place, with its duties under their plans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.rounding import rounded
from shuangkong.papers.official.paper import Issue, Party
from shuangkong.papers.plans.responsibility_letter import (
    LetterDuty,
    LetterInput,
    LetterTarget,
    responsibility_letter_docx,
)
from shuangkong.plans.promise_name import promise_name
from shuangkong.plans.reading import Kind
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade.responsible import responsible
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.rows import AssignedShare, DecompositionHead
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.papers.demand import BOUNDS, NATURES, year_of
from shuangkong.web.plans.papers.letter import duties_of, region_taker
from shuangkong.web.plans.papers.making import Made, basis, made

_PLACES = 2


def make_letter(head: DecompositionHead, own: AssignedShare, period: str, issue: Issue, by: Acting, on: date) -> Made:
    """The letter of a receiver as the records have it now; ``on`` is today. ~25 queries.

    Raises:
        Forbidden: the person makes no papers about that place.
        Refused: the share is not in force.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.PAPER_MAKE, head.where)
    if head.standing.scenario != own.scenario:
        zh = "这个方案没有采用，不能出责任书。请先采用方案。"
        raise Refused("TGT-241", zh, "This scenario is not adopted: no letter can be made of it.")
    heads = {each.id: each for each in store.decompositions(Q(region=head.region))}
    of_own = Q(subject_kind=own.subject.kind, subject_code=own.subject.code)
    given = [(heads[each.decomposition], each) for each in store.shares_in_force(heads.values(), of_own)]
    titles = dict.fromkeys(each.plan_title or each.ground for each, _share in given)
    year = year_of(period)
    answers_for, helps_with = _duties(given, own, on)
    is_region = own.subject.kind == "region"
    person = next(iter(responsible(Q(rank=Rank.FIRST, region=own.subject.code), on)), None) if is_region else None
    letter = LetterInput(
        issue=issue,
        basis=basis(
            on, titles, is_demo=any(each.is_demo for each, _share in given),
            is_fictional=any(each.is_fictional for each, _share in given),
        ),
        giver=Party(issue.issuer),
        taker=Party(own.name, person.person if person else ""),
        post=person.post if person else "",
        period=period,
        targets=tuple(_target(each, share, year) for each, share in sorted(given, key=lambda pair: pair[0].id)),
        answers_for=answers_for,
        helps_with=helps_with,
        year=year,
    )  # fmt: skip
    return made(
        letter, f"paper/responsibility_letter/{head.region}/{own.subject.kind}/{own.subject.code}", head.path, by,
        lambda sealed, templates: (responsibility_letter_docx(sealed, templates), None),
    )  # fmt: skip


def _duties(
    given: list[tuple[DecompositionHead, AssignedShare]], own: AssignedShare, on: date
) -> tuple[tuple[LetterDuty, ...], tuple[LetterDuty, ...]]:
    """What the receiver owes under the plans that the targets come from; a receiver that is no region owes none."""
    answers_for: list[LetterDuty] = []
    helps_with: list[LetterDuty] = []
    numbers = dict.fromkeys(head.plan for head, _share in given if head.plan is not None)
    for number in numbers if own.subject.kind == "region" else ():
        plan = plans.plan(number)
        taker = region_taker(plan, own.subject.code) if plan else None
        if plan is not None and taker is not None:
            owed, helped = duties_of(plan, taker, on)
            answers_for += owed
            helps_with += helped
    return tuple(answers_for), tuple(helps_with)


def _target(head: DecompositionHead, share: AssignedShare, year: int | None) -> LetterTarget:
    """One target: how far since when, and how far by the end of the letter's year."""
    known = open_rulebook().indicators().get(head.indicator.partition("@")[0])
    name = promise_name(head.indicator_name, head.kind, known, "").zh
    bound = BOUNDS[head.op]
    value = "" if share.value is None else f"{bound}{share.value:f}{head.unit}（以{head.base_year}年为基期）"
    due = next((each.due for each in share.years if each.year == year), None)
    level = "总量" if head.kind is Kind.CAP_INCREMENT else ""  # what is due of an increment is the total of the year
    asked = "" if due is None else f"{level}{bound}{_plain(rounded(due, _places(share.value)))}{head.unit}"
    return LetterTarget(name, value, str(head.end_year), NATURES.get(head.nature, ""), asked)


def _places(value: Decimal | None) -> int:
    """As rounded as the target itself, to two places at least."""
    printed = value.as_tuple().exponent if value is not None else 0
    return max(_PLACES, -printed if isinstance(printed, int) else 0)


def _plain(value: Decimal) -> str:
    """Without the zeros that rounding left behind."""
    said = f"{value:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said
