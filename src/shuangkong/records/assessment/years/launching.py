"""启动: a round of assessments by who assesses whom, as policy has it; and which of them a person could launch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.assessment.assessors import Assessment as Duty
from shuangkong.assessment.year import EventKind, State
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.records.assessment.key_units.store import lists_of
from shuangkong.records.assessment.years.models import Assessment, AssessmentEvent
from shuangkong.records.assessment.years.rows import Wanted
from shuangkong.records.assessment.years.store import assessments
from shuangkong.records.journal import store as journal
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.rows import EnterpriseRow
from shuangkong.records.registry.enterprises.store import enterprises
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.targets.decomposition.store import decomposition, decompositions, shares_in_force
from shuangkong.rulebook import open_rulebook

REGION, UNIT = "region", "unit"
#: At once, as a bound of what one page and one transaction bear.
MOST = 3_000


@dataclass(frozen=True, slots=True)
class Assessed:
    """One that is to be assessed, as the columns take it."""

    code: str
    name: str
    path: str
    body: int | None = None


def duties_at(region: RegionRow, period: Period) -> tuple[Duty, ...]:
    """Whom a place assesses, and by which table, in a period: duties in force on its last day whose table is too."""
    return tuple(duty for duty in _in_force(region, period) if duty.assessor == region.level)


def duties_over(region: RegionRow, period: Period) -> tuple[Duty, ...]:
    """By which duties a superior assesses the place itself: where the superior is not in this system, the place opens
    its self-check by itself, on the superior's table.
    """
    return tuple(
        duty
        for duty in _in_force(region, period)
        if duty.subjects == REGION and duty.level == region.level and duty.assessor != region.level
    )


def _in_force(region: RegionRow, period: Period) -> Iterable[Duty]:
    day, book = period.last_day, open_rulebook()
    law = book.assessment(book.layer_of(region.code, day))
    return (
        duty
        for duty in law.duties
        if duty.validity.holds_on(day)
        and (table := law.tables.get(duty.table)) is not None
        and table.validity.holds_on(day)
    )


def launch(wanted: Wanted, by: Acting) -> tuple[int, ...]:
    """Launches one assessment an object and returns their numbers. ~10 queries, and 3 an object.

    Raises:
        Refused: ASM-401 no such place; ASM-402 that place has no such duty in that period; ASM-403 no objects, or some
            that the duty is not for; ASM-404 some are assessed already; ASM-405 the last day of the self-check lies
            before today; ASM-406 no such decomposition there; ASM-407 not a whole year, or not over.
        Forbidden: the person launches none there.
    """
    with transaction.atomic():
        region = registry.region(wanted.region)
        if region is None:
            raise Refused("ASM-401", "没有这个地区。", "No such place.", "region")
        path = registry.paths([region.code])[region.code]
        require(by, Action.ASSESSMENT_CONDUCT, Where(path))
        _require_sound(wanted, path)
        offered = (*duties_at(region, wanted.period), *duties_over(region, wanted.period))
        duty = next((each for each in offered if each.id == wanted.duty), None)
        if duty is None:
            zh = "本级在这一年没有这项考核职责。谁考核谁按政策文件（assessors.yaml）确定，请从列表里选。"
            raise Refused("ASM-402", zh, "This place has no such duty in that year: choose one of the list.", "duty")
        objects = _objects(duty, wanted, region)
        _require_not_launched(objects, duty, wanted)
        layer = open_rulebook().layer_of(region.code, wanted.period.last_day)
        return tuple(_launched(each, duty, layer, wanted, path, by) for each in objects)


def _require_sound(wanted: Wanted, path: str) -> None:
    today = timezone.localdate()
    day = wanted.on or today
    head = decomposition(wanted.decomposition) if wanted.decomposition else None
    for holds, number, zh, en, key in (
        (wanted.period.is_year, 407, "考核期应为一个完整的年度。", "Assess a whole year.", "period"),
        (wanted.period.last_day < day, 407, "这一年还没有结束，不能考核。", "That year is not over.", "period"),
        (day <= today, 405, "启动日期不能晚于今天。", "The day of the launch cannot be in the future.", "on"),
        (wanted.until >= day, 405, "自查截止日不能早于启动日期。", "The self-check cannot end before its launch.",
         "until"),
        (wanted.decomposition is None or (head is not None and head.path == path), 406,
         "本级没有这项分解。请从列表里选。", "No such decomposition here.", "decomposition"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"ASM-{number}", zh, en, key)


def _objects(duty: Duty, wanted: Wanted, region: RegionRow) -> tuple[Assessed, ...]:
    if len(wanted.subjects) > MOST:
        raise Refused("ASM-403", f"一次最多 {MOST} 个考核对象。", f"At most {MOST} objects.", "subjects")
    if duty.assessor != region.level:
        found: tuple[Assessed, ...] = (Assessed(region.code, region.name, registry.paths([region.code])[region.code]),)
    elif duty.subjects == REGION:
        found = _regions(duty, wanted, region)
    elif duty.subjects == UNIT:
        found = tuple(_enterprises(duty, wanted, region))
    else:
        known = {each.code: each for each in organisations_of(duty, region)}
        found = tuple(known[code] for code in dict.fromkeys(wanted.subjects) if code in known)
    if not found or (wanted.subjects and len(found) != len(set(wanted.subjects))):
        zh = "没有选考核对象，或所选的不属于这项考核的范围。请从列表里选。"
        raise Refused("ASM-403", zh, "No objects, or some that this duty is not for: choose from the list.", "subjects")
    return found


def regions_of(duty: Duty, region: RegionRow) -> tuple[RegionRow, ...]:
    """The regions that a duty is for, below the place that assesses."""
    return tuple(each for each in registry.children(region.code) if each.level == duty.level and each.ends_on is None)


def _regions(duty: Duty, wanted: Wanted, region: RegionRow) -> tuple[Assessed, ...]:
    every = regions_of(duty, region)
    chosen = [each for each in every if not wanted.subjects or each.code in wanted.subjects]
    paths = registry.paths([each.code for each in chosen])
    return tuple(Assessed(each.code, each.name, paths[each.code]) for each in chosen)


def organisations_of(duty: Duty, region: RegionRow) -> tuple[Assessed, ...]:
    """Departments, sectors, parks and firms of a place: those that targets were shared out to, by the code that they
    have there, and its other bodies, by their numbers. ~8 queries.
    """
    path = registry.paths([region.code])[region.code]
    bodies = {each.name: each for each in registry.bodies(region.code) if each.same_as == each.id}
    heads = decompositions(Q(path=path))
    shares = {each.subject.code: each.name for each in shares_in_force(heads, Q(subject_kind=duty.subjects))}
    found = [
        Assessed(code, name, path, bodies[name].id if name in bodies else None) for code, name in sorted(shares.items())
    ]
    others = [Assessed(str(each.id), each.name, path, each.id) for each in bodies.values()]
    return (*found, *(each for each in others if each.name not in shares.values() and each.code not in shares))


def units_of(duty: Duty, region: RegionRow, period: Period) -> tuple[EnterpriseRow, ...]:
    """Enterprises below a place that a duty is for: those in its list on the last day of the period. 4 queries."""
    every = enterprises(below(registry.paths([region.code])[region.code], "region__path"))
    if not duty.register:
        return every
    lists = lists_of((each.id for each in every), period.last_day)
    return tuple(each for each in every if duty.register in lists.get(each.id, ()))


def _enterprises(duty: Duty, wanted: Wanted, region: RegionRow) -> Iterable[Assessed]:
    """All of its list where none are named."""
    known = {source_code(each.id): each for each in units_of(duty, region, wanted.period)}
    listed = tuple(known) if duty.register and not wanted.subjects else wanted.subjects
    for code in dict.fromkeys(listed):
        if code in known:
            yield Assessed(code, known[code].name, known[code].path, known[code].body)


def _require_not_launched(objects: Iterable[Assessed], duty: Duty, wanted: Wanted) -> None:
    ours = [each.code for each in objects]
    under_way = [
        row.subject_name
        for row in assessments(Q(region=wanted.region, duty=duty.id, period=str(wanted.period), subject_code__in=ours))
        if row.standing.state is not State.CANCELLED
    ]
    if under_way:
        names = "、".join(under_way[:5])
        zh = f"已经启动过：{names}。每个对象每年每项考核只有一次；错了的先取消。"
        raise Refused("ASM-404", zh, f"Launched before: {names}. Cancel what is wrong first.", "subjects")


def _launched(each: Assessed, duty: Duty, layer: str, wanted: Wanted, path: str, by: Acting) -> int:
    made = Assessment.objects.create(
        region_id=wanted.region, path=path, duty=duty.id, layer=layer, score_table=duty.table,
        period=str(wanted.period), subject_kind=duty.subjects, subject_code=each.code, subject_name=each.name,
        subject_path=each.path, body_id=each.body, decomposition_id=wanted.decomposition, launched_by=by.author,
        launched_at=timezone.now(),
    )  # fmt: skip
    told = {
        "duty": duty.id, "table": duty.table, "period": str(wanted.period), "object": f"{duty.subjects}:{each.code}",
        "until": wanted.until, "decomposition": wanted.decomposition,
    }  # fmt: skip
    act = by.act(
        "assessment.launch", f"assessment/{made.pk}", ground=duty.name.zh, document=wanted.document.strip(), after=told
    )
    AssessmentEvent.objects.create(
        assessment=made, kind=EventKind.LAUNCH, on=wanted.on or timezone.localdate(), until=wanted.until,
        document=wanted.document.strip(), author=by.author, at=timezone.now(),
        journal=journal.append(replace(act, place=path)),
    )  # fmt: skip
    return made.pk
