"""报送日历: which windows a place should have open and has not, opened together; which the clock opens by itself.

A window should be open once its period is over: of each form the last one, and earlier ones since the first that was
opened here. What a place above has open is open here, too. Forms that nobody here owes are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import Forbidden, Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting import pace
from shuangkong.records.reporting.chain import APPROVING
from shuangkong.records.reporting.forms import form_at, periods_due
from shuangkong.records.reporting.limits import entrant_days
from shuangkong.records.reporting.models import ByClock, Window
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.whom import owed_at
from shuangkong.records.reporting.windows import Opened, open_counted
from shuangkong.reporting.forms.due import last_day
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import open_rulebook

#: So many past periods of a form are looked at, and so many windows opened at once.
_BACK, AT_ONCE = 3, 50
#: Windows that a tick opens, and one in a rush: the rest have their turn at the next one.
_A_TICK, _IN_A_RUSH = 10, 1


@dataclass(frozen=True, slots=True)
class Missing:
    """A window that should be open; ``due`` its last day by the form; ``is_owed``: somebody here owes it."""

    form: Form
    period: Period
    due: date
    is_owed: bool
    by_clock: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one window that was to be opened."""

    form: str
    period: str
    opened: Opened | None = None
    refused: Refused | None = None


def missing(region: Region, day: date) -> tuple[Missing, ...]:
    """Windows that should be open at a place on a day, by their last day. ~14 queries whatever the number of forms."""
    if region.level not in APPROVING:
        return ()
    found = _not_open(open_rulebook().forms_on(day, region.pk), region, day)
    if not found:
        return ()
    owed, clocked = owed_at({form.id: form for form, _ in found}.values(), day, region.path), by_clock(region.pk)
    rows = (
        Missing(form, period, _due(form, period, region.pk, day), form.id in owed, form.id in clocked)
        for form, period in found
    )
    return tuple(sorted(rows, key=lambda each: (each.due, each.form.id)))


def _due(form: Form, period: Period, region: str, day: date) -> date:
    """That of the form; where it is past, whoever is listed only now has the days of whoever is listed late."""
    told = last_day(form, period)
    return told if told >= day else day + timedelta(days=entrant_days(region, day))


def _not_open(forms: Iterable[Form], region: Region, day: date) -> list[tuple[Form, Period]]:
    """1 query."""
    wanted = {form.id: form for form in forms}
    there = _opened_at(region, wanted)
    found = []
    for id_, form in wanted.items():
        first = min((month for known, _, month in there if known == id_), default=None)
        opened = {period for known, period, _ in there if known == id_}
        for index, period in enumerate(periods_due(form, day, _BACK)):
            if str(period) in opened or (index and (first is None or period.first_month < first)):
                continue
            with suppress(Refused):  # the form was not in force then
                found.append((form_at(id_, period, region.pk), period))
    return found


def _opened_at(region: Region, forms: Iterable[str]) -> list[tuple[str, str, int]]:
    """(form, period, first month) of windows of the place and those above it. 1 query."""
    codes = [code for code in region.path.split(SEPARATOR) if code]
    rows = Window.objects.filter(region__in=codes, form__in=list(forms))
    return list(rows.values_list("form", "period", "first_month"))


def open_many(wanted: Sequence[tuple[str, str]], region: str, by: Acting) -> tuple[Outcome, ...]:
    """Opens windows at a place, each by itself, as ``windows.open_window``: one that is refused holds up no other.

    Raises:
        Refused: RPT-993 nothing is ticked, or more than is opened at once.
        Forbidden: the person may open nothing there.
    """
    if not 0 < len(wanted) <= AT_ONCE:
        zh = f"没有勾选要开的窗口，或一次超过 {AT_ONCE} 个。请勾选后再开。"
        raise Refused("RPT-993", zh, f"Tick the windows to be opened, {AT_ONCE} at most at once.", "window")
    return tuple(_opened(form, period, region, by) for form, period in dict.fromkeys(wanted))


def _opened(form: str, period: str, region: str, by: Acting) -> Outcome:
    try:
        known = form_at(form, Period.parse(period), region)
        due = _due(known, Period.parse(period), region, timezone.localdate())
        return Outcome(form, period, open_counted(form, period, region, by, due))
    except Forbidden:
        raise
    except Refused as refusal:
        return Outcome(form, period, refused=refusal)
    except ValueError:  # as a refusal is, too
        zh = f"“{period[:20]}”不是报告期。请从列出的窗口里勾选。"
        return Outcome(
            form, period, refused=Refused("RPT-996", zh, "That is no period: tick one of the list.", "window")
        )


def by_clock(region: str) -> Mapping[str, date]:
    """Form → since when the clock opens its windows at a place by itself. 1 query."""
    newest = {row.form: row for row in ByClock.objects.filter(region=region).order_by("pk")}
    return {form: row.starts_on for form, row in newest.items() if row.is_on}


def set_by_clock(forms: Iterable[str], region: str, by: Acting) -> tuple[int, int]:
    """From today the clock opens windows of these forms at a place, and of no others; how many were added, taken away.

    What is over already stays to be opened by hand. ~5 queries and 2 per form that changes.

    Raises:
        Refused: there is no such place or form; its level approves nothing.
        Forbidden: the person may open nothing there.
    """
    today = timezone.localdate()
    with transaction.atomic():
        place = Region.objects.select_for_update(no_key=True).filter(pk=region).first()
        if place is None or place.level not in APPROVING:
            raise Refused("RPT-994", "这个地区不开报送窗口。", "No windows are opened at this place.", "region")
        require(by, Action.WINDOW_OPEN, Where(place.path))
        known, now = {each.id for each in open_rulebook().forms_on(today, region)}, by_clock(region)
        wanted = set(forms)
        if strange := sorted(wanted - known - now.keys()):
            zh = f"没有报表“{strange[0][:40]}”。请从列出的报表里选。"
            raise Refused("RPT-995", zh, f"There is no form {strange[0][:40]}: choose one of the list.", "form")
        changed = [(form, True) for form in sorted(wanted - now.keys())]
        changed += [(form, False) for form in sorted(now.keys() - wanted)]
        for form, is_on in changed:
            act = by.act("window.clock", f"region/{region}", after={"form": form, "is_on": is_on})
            ByClock.objects.create(
                region=place, form=form, is_on=is_on, starts_on=today, decided_by=by.author,
                decided_at=timezone.now(), journal=journal.append(replace(act, place=place.path)),
            )  # fmt: skip
    return len(wanted - now.keys()), len(now.keys() - wanted)


def open_due(day: date) -> int:
    """Opens by the clock what places let it open: periods that ended since they said so. Returns how many it opened.

    What nobody owes stays closed until somebody does. 1 query where no place says so; a few a place else.
    """
    places = ByClock.objects.filter(is_on=True).order_by().values("region")
    most = pace.share(pace.LISTS, timezone.now()).of(_A_TICK, _IN_A_RUSH)
    made = 0
    for place in Region.objects.filter(pk__in=places).order_by("path"):
        since = by_clock(place.pk)
        for form, period in _owed(place, since, day):
            if made == most:
                return made
            outcome = _opened(form.id, str(period), place.pk, CLOCK)
            made += outcome.opened is not None
    return made


def _owed(place: Region, since: Mapping[str, date], day: date) -> list[tuple[Form, Period]]:
    forms = [each for each in open_rulebook().forms_on(day, place.pk) if each.id in since]
    there = {(form, period) for form, period, _ in _opened_at(place, [each.id for each in forms])}
    due = [
        (form, period)
        for form in forms
        for period in periods_due(form, day, _BACK)
        if since[form.id] - timedelta(days=1) <= period.last_day and (form.id, str(period)) not in there
    ]
    owed = owed_at([form for form, _ in due], day, place.path) if due else frozenset()
    return [(form, period) for form, period in due if form.id in owed]
