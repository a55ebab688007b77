"""方案关联: which plan follows, replaces or amends which: proposed from the text, decided by a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from shuangkong.core.span import Span
from shuangkong.plans.reader.characters import plain
from shuangkong.records.journal.store import UNWRITTEN
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import held, path_of, write
from shuangkong.records.plans.cascade.models import PlanLink
from shuangkong.records.plans.cascade.rows import ForceRow, LinkProposal, LinkRow, LinkVerdict, Relation
from shuangkong.records.plans.entries import entries
from shuangkong.records.plans.library import plan_row
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.rows import EntryKind, PlanRow
from shuangkong.records.refusal import Refused

#: What stands around a plan's own title in the title of the notice that carries it.
_AROUND = re.compile(r"^.*?(?:关于)?(?:印发|转发|批转|下发)|的?通知?$|的$")
_NO_LETTER = re.compile(r"[\s《》〈〉〔〕（）()\[\]【】“”\"'·、，,第]+")
#: Two titles of which one holds the other are one document's from so many characters on.
_TELLING = 10


def proposals(plan_id: int) -> tuple[LinkProposal, ...]:
    """Documents that the plan's head names as parents and on which nobody has decided. 4 queries."""
    head = (each for each in entries(plan_id, EntryKind.HEAD_FIELD) if not each.is_dropped)
    named: list[dict[str, Any]] = next(
        (each.payload["value"] for each in head if each.payload["field"] == "parents"), []
    )
    decided = set(PlanLink.objects.filter(plan=plan_id, relation=Relation.FOLLOWS).values_list("key", flat=True))
    waiting = [each for each in named if each["role"] == "parent" and _key(each) not in decided]
    known = [plan_row(each) for each in Plan.objects.select_related("region").exclude(pk=plan_id)] if waiting else []
    return tuple(
        LinkProposal(
            title=each["title"],
            doc_no=each["doc_no"] or "",
            span=Span(*each["span"]) if each.get("span") else None,
            candidates=tuple(plan for plan in known if _may_be(plan, each)),
        )
        for each in waiting
    )


def _key(named: Mapping[str, Any]) -> str:
    return document_key(named["title"], named["doc_no"] or "")


def document_key(title: str, doc_no: str) -> str:
    """What tells one document from another however it is printed: its number, else its title."""
    return (_NO_LETTER.sub("", plain(doc_no)) or _NO_LETTER.sub("", _AROUND.sub("", plain(title))))[:300]


def _may_be(plan: PlanRow, named: Mapping[str, Any]) -> bool:
    """Same number; without one on either side, titles of which one holds the other."""
    if plan.doc_no and named["doc_no"]:
        return document_key("", plan.doc_no) == document_key("", named["doc_no"])
    one, other = document_key(plan.title, ""), document_key(named["title"], "")
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= _TELLING and shorter in longer)


def decide_link(
    plan_id: int,
    by: Acting,
    relation: Relation,
    verdict: LinkVerdict,
    ground: str,
    other: int | None = None,
    title: str = "",
    doc_no: str = "",
    on: date | None = None,
    document: str = "",
) -> int:
    """Decides that a plan follows, replaces or amends another, or that it does not; returns the decision's number.

    A new decision on the same document takes the place of the one before; both stay on record. ``title`` and ``doc_no``
    are those of the other document as printed, taken from ``other`` where not given; ``on`` is the day from which it
    counts, else the day of issue, else today.

    Raises:
        Refused: no ground, no other document, the plan itself, or two plans that would follow one another in a circle.
        Forbidden: the person may not decide on the plan; or, to replace or amend it, on the other.
    """
    with transaction.atomic():
        plan = held(plan_id, by, Action.PLAN_REVIEW)
        target = _other(other, by, relation)
        title, doc_no = (title or target.title, doc_no or target.doc_no) if target else (title, doc_no)
        _require_sound(plan, target, relation, verdict, ground, title, doc_no)
        day = on or plan.issued_on or timezone.localdate()
        said = {
            "relation": relation.value, "verdict": verdict.value, "other": other, "title": title, "doc_no": doc_no,
            "on": day,
        }  # fmt: skip
        made = PlanLink.objects.create(
            plan=plan, other=target, relation=relation, verdict=verdict, key=document_key(title, doc_no),
            title=title, doc_no=doc_no, on=day, ground=ground, document=document, decided_by=by.author,
            decided_at=timezone.now(), journal=UNWRITTEN,
        )  # fmt: skip
        made.journal = write(
            plan, by, f"cascade.{relation.value}", f"link/{made.pk}", ground=ground, document=document, after=said
        )
        made.save(update_fields=["journal"])
    return made.pk


def _other(other: int | None, by: Acting, relation: Relation) -> Plan | None:
    if other is None:
        return None
    if relation is not Relation.FOLLOWS:
        return held(other, by, Action.PLAN_REVIEW)
    found = Plan.objects.select_related("region").filter(pk=other).first()
    if found is None:
        raise Refused("CAS-101", f"没有编号为 {other} 的方案。", f"There is no plan {other}.", "other")
    require(by, Action.PLAN_READ, Where(path_of(found)))
    return found


def _require_sound(
    plan: Plan, other: Plan | None, relation: Relation, verdict: LinkVerdict, ground: str, title: str, doc_no: str
) -> None:
    if not ground.strip():
        raise Refused("CAS-102", "请写明认定依据。", "Give the ground of the decision.", "ground")
    if not document_key(title, doc_no):
        raise Refused("CAS-103", "请指明另一份文件：选择方案，或填写题名、文号。", "Name the other document.", "other")
    if other is None or verdict is LinkVerdict.REJECTED:
        return
    if plan.pk in _reached(other.pk, relation):
        zh = f"《{other.title}》已直接或间接{_SAID[relation]}本方案，不能反过来。请先撤销那一条关联。"
        raise Refused("CAS-104", zh, "The other plan leads back to this one: withdraw that link first.", "other")


_SAID = {Relation.FOLLOWS: "以上级身份依据", Relation.SUPERSEDES: "代替", Relation.AMENDS: "调整"}


def _reached(start: int, relation: Relation) -> frozenset[int]:
    """Plans reached from one by confirmed links of one relation, itself included."""
    steps = [(row.plan_id, row.other_id) for row in _holding(Q(relation=relation, other__isnull=False))]
    reached, edge = {start}, [start]
    while edge:
        here = edge.pop()
        for plan, other in steps:
            if plan == here and other is not None and other not in reached:
                reached.add(other)
                edge.append(other)
    return frozenset(reached)


def link(link_id: int) -> LinkRow | None:
    """One decision by its number. 1 query."""
    found = PlanLink.objects.select_related("plan__region", "other").filter(pk=link_id).first()
    return link_row(found) if found else None


def links(plan_id: int, until: date | None = None) -> tuple[LinkRow, ...]:
    """Confirmed links in which a plan takes part, on either side, as known at the end of a day. 1 query."""
    return tuple(map(link_row, _holding(Q(plan=plan_id) | Q(other=plan_id), until)))


def link_history(plan_id: int) -> tuple[LinkRow, ...]:
    """Every decision on links of a plan, on either side, oldest first. 1 query."""
    found = PlanLink.objects.select_related("plan__region", "other")
    return tuple(map(link_row, found.filter(Q(plan=plan_id) | Q(other=plan_id)).order_by("pk")))


def force(plan_id: int, on: date, until: date | None = None) -> ForceRow:
    """Whether a plan binds on a day, or which one has taken its place; what amends it. 1 query."""
    told = [row for row in links(plan_id, until) if row.other == plan_id and row.on <= on]
    told.sort(key=lambda row: (row.on, row.id))
    superseding = [row for row in told if row.relation is Relation.SUPERSEDES]
    amending = tuple(row for row in told if row.relation is Relation.AMENDS)
    return ForceRow(superseding[0] if superseding else None, amending)


def superseded(on: date) -> frozenset[int]:
    """Plans that bind no longer on a day: for lists that mark them. 1 query."""
    rows = _holding(Q(relation=Relation.SUPERSEDES, other__isnull=False))
    return frozenset(row.other_id for row in rows if row.other_id is not None and row.on <= on)


def _holding(condition: Q, until: date | None = None) -> Iterable[PlanLink]:
    """The newest decision of each plan, relation and document, where it confirms and meets the condition. 1 query."""
    known = PlanLink.objects.filter(known_by(until, "decided_at"))
    later = known.filter(
        plan=OuterRef("plan"), relation=OuterRef("relation"), key=OuterRef("key"), pk__gt=OuterRef("pk")
    )
    found = known.select_related("plan__region", "other").filter(condition, ~Exists(later))
    return found.filter(verdict=LinkVerdict.CONFIRMED).order_by("pk")


def link_row(found: PlanLink) -> LinkRow:
    """One decision as a value."""
    return LinkRow(
        id=found.pk,
        plan=found.plan_id,
        plan_title=found.plan.title,
        other=found.other_id,
        other_title=found.other.title if found.other else "",
        relation=Relation(found.relation),
        verdict=LinkVerdict(found.verdict),
        title=found.title,
        doc_no=found.doc_no,
        on=found.on,
        ground=found.ground,
        document=found.document,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
        journal=found.journal,
        path=path_of(found.plan),
    )
