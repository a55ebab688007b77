"""任务草案: the tasks that one adopted version asks for, as rows that are not saved."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from django.db.models import F
from django.utils import timezone

from shuangkong.plans.reader.times import is_time_only
from shuangkong.plans.reading import Role
from shuangkong.plans.tasks.events import Grade, Part, State
from shuangkong.plans.tasks.recurrence import Recurrence, due_day, recurrence_of, rounds
from shuangkong.records.plans.models import Measure, MeasureBody, Plan, PlanDuty, SubTask
from shuangkong.records.plans.tasks.models import TITLE_SIGNS, Task
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.models import Target
from shuangkong.records.texts import brief
from shuangkong.rulebook import open_rulebook

_PARTS = {
    Role.LEAD: Part.LEAD,
    Role.PARTICIPANT: Part.PARTICIPANT,
    Role.SHARED: Part.SHARED,
    Role.STANDING: Part.STANDING,
}
#: A title is the first clause of so many characters at least, cut after so many.
_CLAUSE, _LONGEST = 6, 40
_BREAKS = re.compile(r"[，,。；;：:\n]")

#: What tells one task of a plan from another: kind, entry, ordinal, period.
type Key = tuple[str, int | None, int, str]
#: A body's part: body, part, whether it is inherited.
type Share = tuple[int, Part, bool]


@dataclass(slots=True)
class Draft:
    """A task to be made, with the key of the one above it and the bodies that take part.

    ``said_due`` is the due day that the document gives, also where no clock runs yet.
    """

    task: Task
    above: Key | None
    shares: tuple[Share, ...]
    said_due: date | None


def key_of(task: Task) -> Key:
    """What tells the task from the others of its plan."""
    return (task.kind, task.entry_id, task.ordinal, task.period)


class Drafting:
    """The tasks of the version in force of a plan, as handed out on a day. Reads each table once."""

    def __init__(self, plan: Plan, path: str, author: str, today: date) -> None:
        self.plan, self.path, self.author, self.today = plan, path, author, today
        self.end = date(plan.end_year, 12, 31) if plan.end_year else None
        self.now = timezone.now()
        self.text = plan.file.text if plan.file else ""
        self.parts, self.standing, self.clause = self._bodies()
        of_version = {"plan": plan, "version": plan.version}
        found = Measure.objects.filter(**of_version).order_by("ordinal")
        self.measures = {row.pk: row for row in found if not self._is_frame(row)}
        duties = PlanDuty.objects.select_related("entry").filter(**of_version)
        self.duties = list(duties.order_by("pk"))
        self.targets = list(Target.objects.filter(**of_version, table_no=None).order_by("ordinal"))
        self.deadlines = self._deadlines()

    def drafts(self) -> Iterator[Draft]:
        """Measures with their sentences, duties with their rounds, staged targets, headline targets."""
        for row in self.measures.values():
            yield self._of_measure(row)
        yield from self._sentences()
        titles = Counter[str]()
        for duty in self.duties:
            yield from self._of_duty(duty, self.measures.get(duty.measure_id or 0), titles)
        for target in self.targets:
            if target.is_headline:
                yield self._of_target(target)
            elif target.measure_id in self.measures:
                yield from self._of_stage(target, self.measures[target.measure_id], titles)

    def _is_frame(self, row: Measure) -> bool:
        """Whether a measure is the plan's general frame, to be read and not carried out: it names no body."""
        words = open_rulebook().word_lists("plans/lexicon")
        titles = (*words["frame_titles"], *words["headline_titles"])
        return row.pk not in self.parts and any(fnmatchcase(row.title, each) for each in titles)

    def _bodies(self) -> tuple[Mapping[int, list[tuple[int, Part]]], list[tuple[int, Part]], int]:
        """Parts by measure, bodies named once for all, and where the clause that names them stands."""
        means = registry.meanings()
        found = MeasureBody.objects.filter(plan=self.plan, version=F("plan__version")).order_by("ordinal", "pk")
        own: dict[int | None, list[tuple[int, Part]]] = defaultdict(list)
        clause: list[int] = []
        for row in found:
            own[row.measure_id].append((means.get(row.body_id, row.body_id), _PARTS[Role(row.role)]))
            if row.measure_id is None and row.span_start is not None:
                clause.append(row.span_start)
        standing = own.pop(None, [])
        return {key: parts for key, parts in own.items() if key is not None}, standing, min(clause, default=0)

    def _shares_of(self, row: Measure | None) -> tuple[Share, ...]:
        """Its own bodies; then those named once for all, from the measure on in which the clause stands (以下均需)."""
        if row is None:
            return ()
        standing = self.standing if row.span_end > self.clause else []
        own = ((body, part, False) for body, part in _sole(self.parts.get(row.pk, [])))
        return tuple(dict.fromkeys([*own, *((body, part, True) for body, part in standing)]))

    def _deadlines(self) -> Mapping[int, str]:
        """The last deadline that a measure's own duties and targets print, by measure."""
        found: dict[int, list[str]] = defaultdict(list)
        printed = [(each.measure_id, each.deadline) for each in self.duties]
        printed += [(each.measure_id, each.deadline) for each in self.targets if not each.is_headline]
        for measure, deadline in printed:
            if measure is not None and due_day(deadline) is not None:
                found[measure].append(deadline)
        return {key: max(said, key=lambda each: due_day(each) or date.min) for key, said in found.items()}

    def _task(
        self,
        kind: TaskKind,
        title: str,
        entry: int | None,
        first_due: date | None = None,
        span: tuple[int | None, int | None] = (None, None),
        **said: object,
    ) -> Task:
        return Task(
            plan=self.plan, kind=kind, title=brief(title, TITLE_SIGNS), entry_id=entry,
            region_id=self.plan.region_id, path=self.path, made_by=self.author, made_at=self.now,
            state=State.ASSIGNED, grade=Grade.NOT_STARTED, heard_on=self.today,
            first_due=first_due, due=first_due, span_start=span[0], span_end=span[1], **said,
        )  # fmt: skip

    def _of_measure(self, row: Measure) -> Draft:
        """Due with the last deadline that it prints; where it prints none, with the plan: then nothing is printed."""
        shares, printed = self._shares_of(row), self.deadlines.get(row.pk, "")
        due = (due_day(printed) or self.end) if shares else None  # nobody is late with what nobody owes
        task = self._task(
            TaskKind.MEASURE, row.title, row.entry_id, number=row.no, deadline_printed=printed if due else "",
            first_due=due, span=(row.span_start, row.span_end),
        )  # fmt: skip
        return Draft(task, None, shares, due)

    def _sentences(self) -> Iterator[Draft]:
        """The sentences of each measure, named by their first words, else by their place among them."""
        places = Counter[int]()
        for row in SubTask.objects.filter(measure__in=self.measures).order_by("measure", "ordinal"):
            measure = self.measures[row.measure_id]
            places[measure.pk] += 1
            title = self._words(row.span_start, row.span_end) or f"{measure.title}（第{places[measure.pk]}句）"
            task = self._task(
                TaskKind.SENTENCE, title, measure.entry_id, number=measure.no, ordinal=row.ordinal,
                span=(row.span_start, row.span_end),
            )  # fmt: skip
            yield Draft(task, _of(measure), _inherited(self._shares_of(measure)), None)

    def _of_duty(self, row: PlanDuty, measure: Measure | None, titles: Counter[str]) -> Iterator[Draft]:
        often, span = recurrence_of(row.recurrence), (row.entry.span_start, row.entry.span_end)
        title = row.what or self._words(*span) or self._by_deadline(row, measure, titles)
        shares, due = _inherited(self._shares_of(measure)), due_day(row.deadline)
        task = self._task(
            TaskKind.DUTY, title, row.entry_id, number=measure.no if measure else "", recurrence=often,
            deadline_printed=row.deadline or row.recurrence, first_due=due, span=span,
        )  # fmt: skip
        yield Draft(task, _of(measure) if measure else None, shares, due)
        if often is not Recurrence.NONE and self.end is not None:
            for each in rounds(often, self.today, self.end):
                round_ = self._task(
                    TaskKind.ROUND, title, row.entry_id, number=task.number, period=each.period, first_due=each.due
                )
                yield Draft(round_, key_of(task), shares, each.due)

    def _of_stage(self, row: Target, measure: Measure, titles: Counter[str]) -> Iterator[Draft]:
        """A target inside a measure that is due before the measure is: a staged due day of its own."""
        due = due_day(row.deadline)
        if due is None or due >= (due_day(self.deadlines.get(measure.pk, "")) or date.max):
            return
        title = _numbered(f"{row.indicator_name}（{_day_words(row.deadline)}）", titles)
        task = self._task(
            TaskKind.DUTY, title, row.entry_id, number=measure.no, deadline_printed=row.deadline, first_due=due,
            span=(row.span_start, row.span_end),
        )  # fmt: skip
        yield Draft(task, _of(measure), _inherited(self._shares_of(measure)), due)

    def _of_target(self, row: Target) -> Draft:
        """No clock runs before somebody answers for it (see owners)."""
        task = self._task(
            TaskKind.TARGET, row.indicator_name, row.entry_id, number=row.item_no, deadline_printed=row.deadline,
            span=(row.span_start, row.span_end),
        )  # fmt: skip
        return Draft(task, None, (), due_day(row.deadline))

    def _words(self, start: int | None, end: int | None) -> str:
        """The first clause of a span that says more than when, where the text is here; "" where it is not."""
        words = _from_what(self.text[start:end].strip()) if start is not None else ""
        stops = (each.start() for each in _BREAKS.finditer(words) if each.start() >= _CLAUSE)
        first = words[: next(stops, len(words))]
        return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"

    def _by_deadline(self, row: PlanDuty, measure: Measure | None, titles: Counter[str]) -> str:
        """控制重点区域排放（2020年）: what tells a duty apart where its words are not here."""
        told = [row.extent, _day_words(row.deadline), row.recurrence]
        base = measure.title if measure else ""
        return _numbered(f"{base}（{'，'.join(filter(None, told))}）" if any(told) else base, titles)


def _from_what(words: str) -> str:
    """The words from the first clause on that says more than when; all of them where none does."""
    rest = words
    while ahead := _BREAKS.search(rest):
        if not is_time_only(rest[: ahead.start()]):
            return rest
        rest = rest[ahead.end() :].strip()
    return rest or words


def _numbered(title: str, titles: Counter[str]) -> str:
    """The title, with its place among equal ones from the second on."""
    titles[title] += 1
    return title if titles[title] == 1 else f"{title}之{titles[title]}"


def _day_words(printed: str) -> str:
    """2020年6月, of 2020-06."""
    return "".join(f"{part.lstrip('0')}{unit}" for part, unit in zip(printed.split("-"), "年月日") if part)  # noqa: B905


def _sole(parts: list[tuple[int, Part]]) -> list[tuple[int, Part]]:
    """The one body of a measure that names no other is not its leader but the only one."""
    return [(parts[0][0], Part.SOLE)] if len(parts) == 1 and parts[0][1] is Part.LEAD else parts


def _inherited(shares: Iterable[Share]) -> tuple[Share, ...]:
    return tuple((body, part, True) for body, part, _ in shares)


def _of(measure: Measure) -> Key:
    return (TaskKind.MEASURE, measure.entry_id, 0, "")
