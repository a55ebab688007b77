"""登记建议: what the text of an adopted plan leaves open, for a person to confirm or decline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from shuangkong.core.span import Span
from shuangkong.plans.cascade.mentions import Mention, MentionKind, mentions
from shuangkong.plans.tasks.recurrence import due_day
from shuangkong.records.past import known_by
from shuangkong.records.plans.cascade.models import ENTRY_SIGNS, GIVER_SIGNS, CascadeEvent
from shuangkong.records.plans.cascade.rows import EntryKind, Proposal
from shuangkong.records.plans.library import plan_text
from shuangkong.records.plans.measures import duties, measures
from shuangkong.records.plans.models import Measure
from shuangkong.records.plans.rows import DutyRow, MeasureRow
from shuangkong.records.texts import brief

_LEADS = ("lead", "shared", "participant")


def register_proposals(plan_id: int, until: date | None = None) -> tuple[Proposal, ...]:
    """What the plan in force leaves open and nobody has decided on, as known at the end of a day. 8 queries.

    None for facts without a document.
    """
    text = plan_text(plan_id, until)
    rows = measures(plan_id, until=until) if text else ()
    if not rows:
        return ()
    items = dict(Measure.objects.filter(pk__in=[row.id for row in rows]).values_list("pk", "entry_id"))
    told = duties(plan_id, until=until)
    known = CascadeEvent.objects.filter(known_by(until, "at"), entry__plan=plan_id)
    decided = set(known.values_list("entry__kind", "entry__item_id", "entry__title"))
    proposed = (
        _proposal(each, rows[each.item], items[rows[each.item].id], told, text)
        for each in _mentioned(text, rows)
        if each.kind is not MentionKind.RESPONSIBLE
    )
    unseen = {(each.kind, each.item, each.title): each for each in proposed}
    return tuple(each for key, each in unseen.items() if key not in decided)


def responsible_sentences(plan_id: int, until: date | None = None) -> tuple[tuple[str, Span, str], ...]:
    """Where the plan says who answers first: number of the measure, place, sentence. 5 queries."""
    text = plan_text(plan_id, until)
    rows = measures(plan_id, until=until) if text else ()
    return tuple(
        (rows[each.item].no, each.span, each.sentence.of(text))
        for each in _mentioned(text, rows)
        if each.kind is MentionKind.RESPONSIBLE
    )


def _mentioned(text: str, rows: Sequence[MeasureRow]) -> tuple[Mention, ...]:
    return mentions(text, ((row.span, row.sub_tasks) for row in rows))


def _proposal(found: Mention, measure: MeasureRow, item: int, told: Iterable[DutyRow], text: str) -> Proposal:
    owner = next((each for role in _LEADS for each in measure.bodies if each.role == role), None)
    return Proposal(
        kind=EntryKind(found.kind.value),
        title=brief(found.title, ENTRY_SIGNS),
        giver=brief(found.giver, GIVER_SIGNS),
        item=item,
        item_no=measure.no,
        item_title=measure.title,
        owner=owner.body if owner else None,
        owner_name=owner.name if owner else "",
        due=_due(found, told),
        span=found.span,
        quote=found.sentence.of(text),
    )


def _due(found: Mention, told: Iterable[DutyRow]) -> date | None:
    """The day of a duty that the reader found in the same words, else in the same sentence."""
    dated = [(each.span, each.deadline) for each in told if each.span is not None and each.deadline]
    for place in (found.span, found.sentence):
        for span, deadline in dated:
            if span.overlaps(place):
                return due_day(deadline)
    return None
