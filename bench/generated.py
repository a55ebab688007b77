"""An invented province by the thousand: plans, bodies, tasks, progress and people, the same at every run.

Everything is invented and says so: every plan is marked fictional, every region bears a code of none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bench.bulk import insert, settle

#: Measures of a plan, sentences of each, key works beside them: 40 + 120 + 40 tasks.
MEASURES, SENTENCES, KEY_WORKS, TARGETS = 40, 3, 40, 6
TASKS = MEASURES * (1 + SENTENCES) + KEY_WORKS
BODIES = 20
CITIES = 14
PROVINCE = "990000"
AUTHOR = "generator"
_WORDS = ("工业", "建筑", "交通", "农业", "公共机构", "园区", "锅炉", "供热", "照明", "数据中心")
_ACTS = ("节能改造", "余热利用", "清洁生产审核", "能源审计", "在线监测", "绿色创建", "污水处理提标", "淘汰落后")


@dataclass(frozen=True, slots=True)
class Size:
    """How much: plans, and reports of progress a task."""

    plans: int
    reports: int

    @property
    def tasks(self) -> int:
        return self.plans * TASKS


FULL, SMALL = Size(500, 10), Size(4, 3)


def fill(size: Size, today: date) -> None:
    """Fills an empty site, in one transaction. Needs the migrations and nothing else."""
    from django.db import transaction

    with transaction.atomic():
        codes = _regions(size)
        _bodies(codes)
        _plans(codes, today)
        _tasks(codes, today)
        _events(size, codes, today)
        _people(codes)
    settle()


def region_of(plan: int) -> str:
    """The province first, then its cities, then counties city by city."""
    if plan == 0:
        return PROVINCE
    if plan <= CITIES:
        return f"99{plan:02d}00"
    county, city = divmod(plan - CITIES - 1, CITIES)
    return f"99{city + 1:02d}{county + 1:02d}"


def path_of(code: str) -> str:
    above = [PROVINCE] if code != PROVINCE else []
    above += [f"{code[:4]}00"] if code[4:] != "00" else []
    return "".join(f"/{each}" for each in (*above, code)) + "/"


def body_of(plan: int, number: int) -> int:
    """The number of a plan's body."""
    return plan * BODIES + number % BODIES + 1


def _regions(size: Size) -> list[str]:
    from shuangkong.records.registry import store
    from shuangkong.records.registry.rows import RegionRow

    codes = [region_of(plan) for plan in range(size.plans)]

    def row(code: str) -> RegionRow:
        level = "province" if code == PROVINCE else "city" if code.endswith("00") else "county"
        parent = None if code == PROVINCE else PROVINCE if level == "city" else f"{code[:4]}00"
        return RegionRow(code, f"虚构{code[2:]}", level, parent, is_fictional=True)

    cities = {f"{code[:4]}00" for code in codes}
    store.save_regions(row(code) for code in sorted({PROVINCE, *cities, *codes}))
    return codes


def _bodies(codes: list[str]) -> None:
    from shuangkong.records.registry.models import Body

    rows = (
        (body_of(plan, number), code, f"{code[2:]}虚构{_WORDS[number % 10]}{'局' if number < 10 else '办'}")
        for plan, code in enumerate(codes)
        for number in range(BODIES)
    )
    insert(Body, ("id", "region_id", "name"), rows)


def _plans(codes: list[str], today: date) -> None:
    from shuangkong.records.plans.models import Adoption, Measure, MeasureBody, Plan, ReadingEntry
    from shuangkong.records.targets.models import Target

    at = datetime(today.year, 1, 10, tzinfo=UTC)
    start, end = today.year - 2, today.year + 3
    columns = (
        "id", "title", "doc_no", "issuer", "issued_on", "region_id", "base_year", "start_year", "end_year", "status",
        "version", "is_demo", "is_fictional", "source_note", "read_at", "read_by",
    )  # fmt: skip
    insert(Plan, columns, (
        (plan + 1, f"虚构{code[2:]}节能减排综合工作方案", f"虚构{plan + 1}号", "虚构政府", date(start, 6, 20), code,
         start - 1, start, end, "adopted", 1, True, True, "测量用的虚构数据", at, AUTHOR)
        for plan, code in enumerate(codes)
    ))  # fmt: skip
    plans = range(len(codes))
    each = MEASURES + TARGETS
    insert(ReadingEntry, ("id", "plan_id", "kind", "ordinal", "payload", "confidence", "doubts"), (
        (plan * each + number + 1, plan + 1, "item" if number < MEASURES else "target", number,
         {"no": str(number + 1), "title": _title(number)}, 1.0, [])
        for plan in plans for number in range(each)
    ))  # fmt: skip
    insert(Adoption, ("plan_id", "version", "adopted_by", "adopted_at"), ((p + 1, 1, AUTHOR, at) for p in plans))
    insert(Measure, (
        "id", "plan_id", "version", "entry_id", "ordinal", "no", "path", "title", "open_ended", "span_start",
        "span_end", "title_start", "title_end",
    ), (
        (plan * MEASURES + number + 1, plan + 1, 1, plan * each + number + 1, number, f"（{number + 1}）", [],
         _title(number), False, number * 100, number * 100 + 90, number * 100, number * 100 + 12)
        for plan in plans for number in range(MEASURES)
    ))  # fmt: skip
    insert(MeasureBody, ("plan_id", "version", "measure_id", "body_id", "name", "role", "ordinal"), (
        (plan + 1, 1, plan * MEASURES + number + 1, body_of(plan, number + part), "", role, part)
        for plan in plans for number in range(MEASURES) for part, role in enumerate(("lead", "participant"))
    ))  # fmt: skip
    insert(Target, (
        "plan_id", "version", "entry_id", "ordinal", "is_headline", "subject_kind", "subject_code", "subject_name",
        "indicator", "indicator_name", "indicator_printed", "kind", "op", "value", "unit", "base_year", "base_unit",
        "deadline", "strength", "nature", "span_start", "span_end", "value_start", "value_end",
    ), (
        (plan + 1, 1, plan * each + MEASURES + number + 1, number, True, "region", codes[plan], codes[plan],
         "energy_intensity" if number == 0 else f"虚构指标{number}", "单位地区生产总值能耗" if number == 0 else
         f"虚构指标{number}", "", "reduction_rate", ">=", Decimal("14.5"), "%", start - 1, "", str(end), "firm",
         "binding", 0, 10, 0, 4)
        for plan in plans for number in range(TARGETS)
    ))  # fmt: skip


def _title(number: int) -> str:
    return f"推进{_WORDS[number % 10]}{_ACTS[number // 10 % 8]}"


#: What became of a task, in turn; most go on.
_STATES = ("active", "active", "reported", "active", "done", "returned", "active", "active", "stopped", "active")


@dataclass(frozen=True, slots=True)
class _Task:
    id: int
    plan: int
    number: int
    parent: int | None
    kind: str
    entry: int | None
    ordinal: int
    title: str

    @property
    def body(self) -> int:
        return body_of(self.plan, self.number)


def _every_task(codes: list[str]) -> Iterator[_Task]:
    """Measures, then their sentences, then key works; a sentence takes the bodies of its measure."""
    for plan in range(len(codes)):
        first = plan * TASKS + 1
        for number in range(TASKS):
            entry = plan * (MEASURES + TARGETS) + number % MEASURES + 1
            if number < MEASURES:
                yield _Task(first + number, plan, number, None, "measure", entry, 0, _title(number))
            elif number < MEASURES * (1 + SENTENCES):
                measure, turn = number % MEASURES, number // MEASURES - 1
                title = f"{_title(measure)}（{turn + 1}）"
                yield _Task(first + number, plan, number, first + measure, "sentence", entry, turn, title)
            else:
                yield _Task(first + number, plan, number, None, "key_work", None, number, f"虚构工程{number}")


def _tasks(codes: list[str], today: date) -> None:
    from shuangkong.records.plans.tasks.models import Task, TaskBody

    at = datetime(today.year, 1, 11, tzinfo=UTC)
    paths = [path_of(code) for code in codes]

    def row(each: _Task) -> tuple[object, ...]:
        state = _STATES[each.id % 10]
        due = None if each.kind == "sentence" else today + timedelta(days=each.id * 7 % 900 - 60)
        grade = "done" if state == "done" else ("on_track", "on_track", "behind", "not_started")[each.id % 4]
        heard = today - timedelta(days=each.id % 120)
        return (
            each.id, each.plan + 1, each.parent, each.kind, each.entry, each.ordinal, str(each.number + 1), each.title,
            codes[each.plan], paths[each.plan], due, due, AUTHOR, at, state, grade,
            Decimal(each.id % 100), heard, today if state == "stopped" else None, heard if state == "done" else None,
            each.id % 97 == 0,
        )  # fmt: skip

    columns = (
        "id", "plan_id", "parent_id", "kind", "entry_id", "ordinal", "number", "title", "region_id", "path",
        "first_due", "due", "made_by", "made_at", "state", "grade", "percent", "heard_on", "stopped_on", "finished_on",
        "is_listed",
    )  # fmt: skip
    insert(Task, columns, map(row, _every_task(codes)))
    insert(TaskBody, ("task_id", "body_id", "part", "ordinal", "is_inherited"), (
        (each.id, body_of(each.plan, each.number + turn), part, turn, each.kind == "sentence")
        for each in _every_task(codes) for turn, part in enumerate(("lead", "participant"))
    ))  # fmt: skip


def _events(size: Size, codes: list[str], today: date) -> None:
    from shuangkong.records.journal import store as journal
    from shuangkong.records.journal.rows import Act
    from shuangkong.records.plans.tasks.models import TaskEvent

    number = journal.append(Act(AUTHOR, "task.assign", "plan/1", ground="测量用的虚构数据"))
    at = datetime(today.year, 1, 11, tzinfo=UTC)

    def rows() -> Iterator[tuple[object, ...]]:
        for each in _every_task(codes):
            yield (each.id, "assign", at.date(), None, "", None, "", AUTHOR, at, number)
            for turn in range(size.reports):
                on = today - timedelta(days=30 * (size.reports - turn) - each.id % 28)
                percent = Decimal(min(100, 10 * turn + each.id % 10))
                text = f"第{turn + 1}次进展（虚构）"
                yield (each.id, "report", on, each.body, "on_track", percent, text, AUTHOR, at, number)

    columns = ("task_id", "kind", "on", "body_id", "grade", "percent", "text", "author", "at", "journal")
    insert(TaskEvent, columns, rows())


def _people(codes: list[str]) -> None:
    """Twenty who use the site at once: offices of the province, cities and counties, leaders, departments."""
    from shuangkong.records.people.acting import Acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role

    by = Acting(AUTHOR, Role.ADMINISTRATOR, paths=("/",))
    for number in range(20):
        plan = (0, 1, 2, 20, 40, 60, 80, 100)[number % 8] % len(codes)
        role = Role.PLAN_OFFICE if number < 6 else Role.LEADING_GROUP if number < 8 else Role.DEPARTMENT
        body = body_of(plan, number) if role is Role.DEPARTMENT else None
        Person.objects.create_user(f"user-{number}")
        appoint(f"user-{number}", role, by, "测量用", body=body, region=codes[plan])
