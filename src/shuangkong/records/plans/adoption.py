"""Adoption: entries that stand become measures, duties and targets, as a new version.

Nothing earlier is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.plans.reading import Item, Role
from shuangkong.records.past import known_by
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import held, write
from shuangkong.records.plans.entries import entries
from shuangkong.records.plans.heads import head_columns, region_columns
from shuangkong.records.plans.models import Adoption, Measure, MeasureBody, Plan, PlanDuty, ReviewDecision, SubTask
from shuangkong.records.plans.review import accept_held
from shuangkong.records.plans.rows import AdoptionRefused, AdoptionRow, EntryKind, EntryRow, Status
from shuangkong.records.plans.soundness import head_of, value_of
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.drafts import Accepted, Drafting, Subject
from shuangkong.records.targets.models import DecompositionRow, Target
from shuangkong.records.targets.territory import Territory
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.naming import Indicators, Units

_BULK_REASON = "无疑点条目，随方案一并采用"


def adopt(plan_id: int, by: Acting) -> AdoptionRow:
    """Makes measures, duties, targets and their decomposition as a new version, in one transaction.

    Entries without doubt that nobody has decided on are accepted here, one recorded decision each.

    Raises:
        AdoptionRefused: doubtful entries are undecided, or nothing has changed since the last adoption.
        Refused: there is no such plan.
        Forbidden: the person may not adopt it.
    """
    with transaction.atomic():
        plan = held(plan_id, by, Action.PLAN_ADOPT)
        standing = entries(plan_id)
        _require_decided(standing)
        accept_held(plan, by, _BULK_REASON)
        last = ReviewDecision.objects.filter(entry__plan=plan_id).order_by("-pk").first()
        previous = Adoption.objects.filter(plan=plan_id, version=plan.version).first()
        if previous is not None and last is not None and previous.last_decision_id == last.pk:
            _refuse_unchanged(previous)
        _follow_head(plan, standing)
        plan.version += 1
        plan.status = Status.ADOPTED
        plan.save()
        made = Adoption.objects.create(
            plan=plan, version=plan.version, last_decision=last, adopted_by=by.author, adopted_at=timezone.now()
        )
        act = _Act(plan, [each for each in standing if not each.is_dropped])
        measures = act.make_measures()
        targets = act.make_targets(measures)
        said = {"version": plan.version, "measures": len(measures), "targets": len(targets)}
        write(plan, by, "plan.adopt", document=plan.doc_no, before={"version": plan.version - 1}, after=said)
    return _adoption_row(made, len(measures), len(targets))


def adoptions(plan_id: int, until: date | None = None) -> tuple[AdoptionRow, ...]:
    """All adoptions of a plan by the end of a day, newest first. 3 queries."""
    counts = [
        {version: sum(1 for each in versions if each == version) for version in set(versions)}
        for versions in (
            list(model.objects.filter(plan=plan_id).values_list("version", flat=True)) for model in (Measure, Target)
        )
    ]
    found = Adoption.objects.filter(known_by(until, "adopted_at"), plan=plan_id).order_by("-version")
    return tuple(_adoption_row(each, counts[0].get(each.version, 0), counts[1].get(each.version, 0)) for each in found)


def _adoption_row(made: Adoption, measures: int, targets: int) -> AdoptionRow:
    return AdoptionRow(made.plan_id, made.version, made.adopted_by, made.adopted_at, measures, targets)


def _require_decided(standing: Iterable[EntryRow]) -> None:
    waiting = tuple(each for each in standing if each.is_open)
    if not waiting:
        return
    message = Message(
        f"有 {len(waiting)} 个有疑问的条目还没有决定，不能采用。请逐一接受、改正、合并或剔除后再试。",
        f"{len(waiting)} doubtful entries are undecided. Accept, correct, merge or reject each, then adopt.",
    )
    raise AdoptionRefused(Finding("PLN-951", Severity.MUST_FIX, "", message), waiting)


def _refuse_unchanged(previous: Adoption) -> None:
    message = Message(
        f"自第 {previous.version} 版采用以来没有新的审阅决定，无须再次采用。",
        f"No review decision since version {previous.version} was adopted: there is nothing new to adopt.",
    )
    raise AdoptionRefused(Finding("PLN-952", Severity.NOTICE, f"v{previous.version}", message), ())


def _follow_head(plan: Plan, standing: Iterable[EntryRow]) -> None:
    """The head columns follow the head entries as they now stand."""
    head = head_of(standing)
    for name, value in (head_columns(head) | region_columns(head, plan.region_id)).items():
        setattr(plan, name, value)


@dataclass(frozen=True)
class _Act:
    plan: Plan
    standing: list[EntryRow]

    def of(self, kind: EntryKind) -> list[EntryRow]:
        return [each for each in self.standing if each.kind is kind]

    def make_measures(self) -> Mapping[int, Measure]:
        """Item entry → measure, with bodies, sub-tasks and duties. 6 queries."""
        found = self.of(EntryKind.ITEM)
        items = [value_of(each.kind, each.payload) for each in found]
        pairs = zip(found, items, strict=True)
        rows = Measure.objects.bulk_create([self._measure(n, *pair) for n, pair in enumerate(pairs)])
        measures = {each.id: row for each, row in zip(found, rows, strict=True)}
        self._make_bodies(measures)
        SubTask.objects.bulk_create(
            SubTask(measure=row, ordinal=sentence.ordinal, span_start=sentence.span.start, span_end=sentence.span.end)
            for row, item in zip(rows, items, strict=True)
            for sentence in item.sentences
        )
        PlanDuty.objects.bulk_create(self._duty(each, measures) for each in self.of(EntryKind.DUTY))
        return measures

    def _measure(self, ordinal: int, row: EntryRow, item: Item) -> Measure:
        return Measure(
            plan=self.plan,
            version=self.plan.version,
            entry_id=row.id,
            ordinal=ordinal,
            no=item.no,
            path=list(item.path),
            title=item.title,
            chapter_no=item.chapter_no or "",
            chapter_title=item.chapter_title or "",
            open_ended=item.open_ended,
            span_start=item.span.start,
            span_end=item.span.end,
            title_start=item.title_span.start,
            title_end=item.title_span.end,
        )

    def _make_bodies(self, measures: Mapping[int, Measure]) -> None:
        """A body whose item was dropped goes with it; a standing body has no item."""
        found = [each for each in self.of(EntryKind.BODY) if each.parent is None or each.parent in measures]
        bodies = [value_of(each.kind, each.payload) for each in found]
        ids = registry.name_bodies(self.plan.region_id, [body.name for body in bodies])
        MeasureBody.objects.bulk_create(
            MeasureBody(
                plan=self.plan,
                version=self.plan.version,
                measure=measures[each.parent] if each.parent is not None else None,
                body_id=ids[body.name],
                name=body.name,
                role=Role.STANDING if each.parent is None else body.role,
                ordinal=each.ordinal,
                span_start=body.span.start,
                span_end=body.span.end,
            )
            for each, body in zip(found, bodies, strict=True)
        )

    def _duty(self, row: EntryRow, measures: Mapping[int, Measure]) -> PlanDuty:
        duty = value_of(row.kind, row.payload)
        return PlanDuty(
            plan=self.plan,
            version=self.plan.version,
            measure=measures.get(row.parent) if row.parent is not None else None,
            entry_id=row.id,
            what=duty.what,
            extent=duty.extent or "",
            deadline=duty.deadline or "",
            recurrence=duty.recurrence or "",
            strength=duty.strength,
        )

    def make_targets(self, measures: Mapping[int, Measure]) -> list[Target]:
        """Targets of text and annexes, then how they are shared out. 5 queries."""
        lexicon = open_rulebook().lexicon()
        accepted = self._accepted(measures)
        words, home = open_rulebook().word_lists("plans/lexicon"), self._home()
        drafting = Drafting(
            plan=self.plan.pk,
            version=self.plan.version,
            home=home,
            subjects=Territory.of(home, words).subjects(accepted),
            indicators=Indicators(lexicon.indicators),
            units=Units(lexicon.units),
            headline_titles=words["headline_titles"],
        )
        saved = Target.objects.bulk_create(drafting.rows(accepted))
        lines = drafting.shares(saved)
        DecompositionRow.objects.bulk_create(lines)
        Target.objects.bulk_update([each for each in saved if each.reserve is not None], ["reserve"])
        return saved

    def _accepted(self, measures: Mapping[int, Measure]) -> list[Accepted]:
        tables = {each.id: value_of(each.kind, each.payload) for each in self.of(EntryKind.TABLE)}
        accepted = []
        for each in (*self.of(EntryKind.TARGET), *self.of(EntryKind.ANNEX_TARGET)):
            target = value_of(each.kind, each.payload)
            measure = measures.get(each.parent) if each.parent is not None else None
            table = tables.get(each.parent) if each.parent is not None else None
            title = measure.title if measure else ""
            accepted.append(Accepted(each.id, target, table, measure.pk if measure else None, title))
        return accepted

    def _home(self) -> Subject:
        region = registry.region(self.plan.region_id) if self.plan.region_id else None
        if region is None:
            return Subject("region", self.plan.region_printed, self.plan.region_printed)
        return Subject("region", region.code, region.name)
