"""停用检查: an office does not apply a check to a unit for a time, with its ground; the unit sees it and by whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.competence import forms_by_matter, matter_of
from shuangkong.records.reporting.marking import mark
from shuangkong.records.reporting.models import Beside, ClockMark, Reporter, SetAside
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.records.reporting.store import reporters
from shuangkong.reporting.checks.rule import Rule
from shuangkong.rulebook import open_rulebook

#: What is set aside for longer belongs into the policy of the place.
_MOST_DAYS = 366
_ENDED = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideRow:
    """A check that is not applied to a unit from a day to a day, both included; who said so, on which ground; of which
    ``forms``, none: of all that it is for."""

    id: int
    code: str
    forms: tuple[str, ...]
    ground: str
    document: str
    starts_on: date
    ends_on: date
    decided_by: str


def set_aside(reporter: int) -> tuple[SetAsideRow, ...]:
    """Everything that is or was set aside for a unit, the newest first. 1 query."""
    rows = SetAside.objects.filter(reporter=reporter).order_by("-starts_on", "-pk")
    return tuple(
        SetAsideRow(
            id=row.pk, code=row.code, forms=tuple(row.forms.split()), ground=row.ground, document=row.document,
            starts_on=row.starts_on, ends_on=row.ends_on, decided_by=row.decided_by,
        )
        for row in rows
    )  # fmt: skip


def begin(reporter: int, code: str, until: date | None, by: Acting, ground: str, document: str = "") -> int:
    """From today a check is not applied to a unit, in those of its forms that the person reviews. ~7 queries.

    Raises:
        Refused: there is no such unit or check, the check may not be set aside, it is already; no ground; a last day
            that is past or more than a year away.
        Forbidden: the person reviews no return of the unit that the check is for.
    """
    today = timezone.localdate()
    if not ground.strip():
        raise Refused(
            "RPT-980", "请写明停用这项检查的理由，填报单位会看到。", "Give the ground: the unit reads it.", "ground"
        )
    if until is None or not 0 <= (until - today).days <= _MOST_DAYS:
        zh = f"停用要有截止日，不早于今天，最长 {_MOST_DAYS} 天。长期不适用的，请在本地政策里改检查。"
        raise Refused("RPT-981", zh, f"Give a last day, at most {_MOST_DAYS} days ahead.", "until")
    with transaction.atomic():
        row = _reporter(reporter)
        require(by, Action.RETURN_REVIEW, row.where)
        rule = _rule(row, code, today)
        forms = _reviewed(row, rule, by)
        if _is_aside(reporter, rule, forms, today):
            raise Refused("RPT-984", f"{rule.code} 已经停用。", f"{rule.code} is set aside already.", "code")
        after = {"code": rule.code, "until": until} | ({"forms": list(forms)} if forms else {})
        number = _journal(row, by, "check.set_aside", after, ground, document)
        made = SetAside.objects.create(
            reporter_id=reporter, code=rule.code, forms=f" {' '.join(forms)} " if forms else "",
            ground=ground.strip(), document=document.strip(), starts_on=today,
            ends_on=until, decided_by=by.author, decided_at=timezone.now(), journal=number,
        )  # fmt: skip
        _touch(reporter)
    return made.pk


def end(number: int, by: Acting, ground: str) -> None:
    """From today a check is applied to a unit again; what was set aside stays on record. Raises as ``begin``."""
    today = timezone.localdate()
    if not ground.strip():
        raise Refused("RPT-986", "请写明恢复这项检查的理由。", "Give the ground.", "ground")
    with transaction.atomic():
        held = SetAside.objects.select_for_update().filter(pk=number, ends_on__gte=today).first()
        if held is None:
            raise Refused("RPT-985", "没有这项停用，或已到期。", "Nothing of that number is set aside now.")
        row = _reporter(held.reporter_id)
        require(by, Action.RETURN_REVIEW, row.where)
        for form in held.forms.split():
            require(by, Action.RETURN_REVIEW, _where(row, form))
        _journal(row, by, "check.apply_again", {"code": held.code}, ground, "")
        SetAside.objects.filter(pk=number).update(ends_on=today - timedelta(days=1))
        _touch(held.reporter_id)


def apply_again(day: date | None = None) -> int:
    """By the clock: what is set aside until a day that is past is applied again, also to what was handed in meanwhile.

    Returns to how many units; once for each. 2 queries where none ended.
    """
    day = day or timezone.localdate()
    mark, _ = ClockMark.objects.get_or_create(name=_ENDED, defaults={"at": timezone.now()})
    if mark.number >= day.toordinal():
        return 0
    past = SetAside.objects.filter(ends_on__lt=day)
    if mark.number:  # the first day not looked at yet
        past = past.filter(ends_on__gte=date.fromordinal(mark.number))
    units = sorted(set(past.values_list("reporter", flat=True)))
    for number in units:
        _touch(number)
    ClockMark.objects.filter(pk=mark.pk).update(number=day.toordinal(), at=timezone.now())
    return len(units)


def _where(row: ReporterRow, form: str) -> Where:
    return replace(row.where, matter=matter_of(form))


def _reviewed(row: ReporterRow, rule: Rule, by: Acting) -> tuple[str, ...]:
    """The forms of the check that the person reviews there; () where these are all that it is for."""
    of_all = rule.forms or tuple(form for forms in forms_by_matter().values() for form in forms)
    found = tuple(sorted(form for form in of_all if may(by, Action.RETURN_REVIEW, _where(row, form))))
    if not found:
        require(by, Action.RETURN_REVIEW, _where(row, of_all[0]))
    return () if len(found) == len(of_all) else found


def _is_aside(reporter: int, rule: Rule, forms: tuple[str, ...], day: date) -> bool:
    """Whether it is not applied already, to any of the forms. 1 query."""
    there = SetAside.objects.filter(reporter=reporter, code=rule.code, ends_on__gte=day).values_list("forms", flat=True)
    return any(not held or not forms or not set(forms).isdisjoint(held.split()) for held in there)


def _rule(row: ReporterRow, code: str, day: date) -> Rule:
    book = open_rulebook()
    rule = book.return_checks(book.layer_of(row.region, day)).rules.get(code.strip())
    if rule is None:
        raise Refused("RPT-982", f"没有编号为“{code[:20]}”的检查。", f"There is no check {code[:20]}.", "code")
    if not rule.is_suppressible:
        zh = f"{rule.code}“{rule.title.zh}”不得停用：查出的必须改正。"
        raise Refused("RPT-983", zh, f"{rule.code} may not be set aside.", "code")
    return rule


def _reporter(number: int) -> ReporterRow:
    found = next(iter(reporters(Q(pk=number))), None)
    if found is None or not Reporter.objects.select_for_update().filter(pk=number).exists():
        raise Refused("RPT-950", f"没有编号为 {number} 的填报单位。", f"There is no unit {number}.")
    return found


def _touch(reporter: int) -> None:
    """What its returns are held against is to be made anew, and what was handed in is to be held against it."""
    Beside.objects.filter(owned__reporter=reporter).update(is_stale=True)
    mark(Q(reporter=reporter))


def _journal(row: ReporterRow, by: Acting, act: str, after: dict[str, object], ground: str, document: str) -> int:
    written = by.act(act, f"reporter/{row.id}", ground=ground.strip(), document=document.strip(), after=after)
    return journal.append(replace(written, place=row.path))
