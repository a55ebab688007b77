"""撤销登记: a subject that should never have been registered, and the acts on it that stand, each to be withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.facts.dictionary import registered
from shuangkong.records.facts.models import Observation, Subject, SubjectChange, SubjectWithdrawal
from shuangkong.records.facts.periods import period_of
from shuangkong.records.facts.scopes import memberships, scope_names
from shuangkong.records.facts.standing import standing
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook

#: So many of the figures that rest on it are named.
_NAMED = 3


def withdraw_registration(kind: str, code: str, document: str, by: Acting) -> None:
    """Records that it was wrong to register a subject: its code is free again; past days still know it.

    Raises:
        Refused: FCT-304 it is not registered; FCT-305 no document is named; FCT-316 figures or acts rest on it.
        Forbidden: it lies outside the person's places.
    """
    if not document.strip():
        raise Refused("FCT-305", "请写明依据文件。", "Name the document that it rests on.", "document")
    number = registered([(kind, code)]).get((kind, code))
    if number is None:
        raise Refused("FCT-304", f"没有登记 {kind} {code}。", f"{kind} {code} is not registered.", "code")
    with transaction.atomic():
        found = Subject.objects.select_for_update().get(pk=number)
        place = registry.paths([found.region]).get(found.region, registry.WHOLE)
        require(by, Action.ACTUAL_LOAD, Where(place))
        resting = [*_figures(number), *_acts((kind, code), number)]
        if resting:
            zh, en = "；".join(each.zh for each in resting), "; ".join(each.en for each in resting)
            raise Refused(
                "FCT-316",
                f"不能撤销 {found.name}（{code}）的登记，应为没有数也没有变动依着它，现有：{zh}。"
                "变动记错的先撤销变动；已报过数的不撤销登记，更名的另登记后记为更名，不再计入的登记退出。",
                f"The registration of {found.name} ({code}) cannot be withdrawn: expected nothing to rest on it, found "
                f"{en}. Withdraw wrong acts first; a unit with figures is renamed or leaves its scope instead.",
                "code",
            )
        SubjectWithdrawal.objects.create(
            registration=found, document=document, decided_by=by.author, decided_at=timezone.now()
        )
        what = {"name": found.name, "region": found.region}
        act = by.act("subject.withdraw", f"{kind}/{code}", document=document, before=what)
        journal.append(replace(act, place=place))


def _figures(number: int) -> Iterator[Message]:
    """The figures told of a subject, a few of them named. 2 queries."""
    told = Observation.objects.filter(subject=number)
    count = told.count()
    if not count:
        return
    rules, named = open_rulebook().every_rule(), []
    rows = told.select_related("indicator", "source").order_by("pk")[:_NAMED]
    for row in rows:
        rule, period = rules.get(row.indicator.text), period_of(row.first_month, row.months)
        name = Message(rule.zh, rule.en) if rule else Message(row.indicator.text, row.indicator.text)
        named.append(Message(f"{name.zh} {period}（{row.source.text}）", f"{name.en} {period} ({row.source.text})"))
    more = count - len(named)
    yield Message(
        f"{count} 个数：{'、'.join(each.zh for each in named)}{' 等' if more else ''}",
        f"{count} figures: {', '.join(each.en for each in named)}{' and more' if more else ''}",
    )


def _acts(subject: tuple[str, str], number: int) -> Iterator[Message]:
    """The acts on a subject that stand. 2 queries."""
    for stay in memberships(subject):
        scope = scope_names().get(stay.scope, Message(stay.scope, stay.scope))
        yield Message(f"自 {stay.starts_on} 起纳入{scope.zh}", f"in {scope.en} from {stay.starts_on}")
    changes = SubjectChange.objects.filter(standing("change"), Q(before=number) | Q(after=number))
    for row in changes.select_related("before", "after").order_by("on", "pk"):
        yield Message(
            f"{row.on} {row.before.code} 变为 {row.after.code}",
            f"{row.before.code} became {row.after.code} on {row.on}",
        )
