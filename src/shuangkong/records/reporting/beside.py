"""报表的所凭: what a return is held against, prepared by the clock and read in two queries when it is handed in.

Where nothing is prepared, or other returns have moved on since, it is made on the spot: slower, never older.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import batched, groupby

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.evidence import Gathered, gathered
from shuangkong.records.reporting.forms import before, edition_of, ending_with, form_at
from shuangkong.records.reporting.models import Beside, ClockMark, Return, SetAside, Version
from shuangkong.records.reporting.nearby import Near, months_near, nearby
from shuangkong.records.reporting.peering import peers_of
from shuangkong.records.reporting.permitted import changed_since
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.selling import standing_version
from shuangkong.records.reporting.usual import Norms, usual_of
from shuangkong.records.reporting.values import judged_values
from shuangkong.reporting.checks import Context, Sheet
from shuangkong.reporting.checks.kept import packed, unpacked
from shuangkong.reporting.checks.wanted import Wanted
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import OWED, State
from shuangkong.rulebook import open_rulebook

#: Returns prepared in one tick, and how many of them with the same queries.
_A_TICK, _BATCH = 600, 200
_LOADS, _PERMITS = "evidence", "permits"


def context_for(form: Form, row: ReturnRow) -> Context:
    """What a return is held against. 1 query where it is prepared and nothing has moved on since, else ~12.

    One more where a check compares it with other units.
    """
    period = Period.parse(row.period)
    wanted = _wanted(form, period, row.reporter.region)
    near, kept = nearby(form, period, row, wanted)
    told = kept.told
    if told is None or kept.is_stale or kept.rests_on != _rests_on(near):
        told = _make(form, period, list(_returns(Q(pk=row.id))))[0].told
    peers = peers_of(form.id, period, row.reporter.industry, wanted.peers)
    return Context(day=period.last_day, period=period, peers=peers, **unpacked(told))


def contexts_for(form: Form, period: Period, rows: Sequence[Return]) -> dict[int, Context]:
    """The same of returns of one form, period and place, made anew: ~12 queries for all, one more a sector."""
    wanted, found = _wanted(form, period, rows[0].reporter.region_id), {}
    for row, made in zip(rows, _make(form, period, rows), strict=True):
        peers = peers_of(form.id, period, row.reporter.industry, wanted.peers)
        found[row.pk] = Context(day=period.last_day, period=period, peers=peers, **unpacked(made.told))
    return found


def contexts_kept(form: Form, period: Period, rows: Sequence[ReturnRow]) -> dict[int, Context]:
    """``context_for`` of returns of one form, period and place, one a unit. 2 queries where all is prepared, ~13 more
    where some is not; one more a sector."""
    wanted = _wanted(form, period, rows[0].reporter.region)
    near = _near([row.reporter.id for row in rows], form, period, wanted)
    owner = {row.id: row.reporter.id for row in rows}
    told = {
        each.owned_id: each.told
        for each in Beside.objects.filter(owned__in=owner, is_stale=False)
        if each.rests_on == _rests_on(near.get(owner[each.owned_id], {}))
    }
    left = [row.id for row in rows if row.id not in told]
    for part in batched(left, _BATCH):
        told |= {made.owned_id: made.told for made in _make(form, period, list(_returns(Q(pk__in=part))))}
    sectors = {row.reporter.industry for row in rows}
    peers = {each: peers_of(form.id, period, each, wanted.peers) for each in sectors}
    return {
        row.id: Context(
            day=period.last_day, period=period, peers=peers[row.reporter.industry], **unpacked(told[row.id])
        )
        for row in rows
    }


def prepare(day: date | None = None) -> int:
    """Prepares returns that are still owed, those due first; returns how many. ~12 queries for 200 of one form.

    ``day``: that on which what offices set aside holds; without it today.
    """
    _mark_told()
    _mark_permitted()
    made = 0
    for (form, period, region), group in groupby(_to_prepare(), key=_place):
        told = Period.parse(period)
        law = form_at(form, told, region)
        for part in batched(group, _BATCH):
            made += len(_make(law, told, part, day))
    return made


def _to_prepare() -> list[Return]:
    """A portion of what is owed and not prepared, by form, period and place. 1 query, and one more where the policy has
    forms of some no more: there is nothing to hold these against, and they hold up no other."""
    stale = Q(beside=None) | Q(beside__is_stale=True)
    owed = _returns(stale, state__in=[State(each).value for each in OWED]).order_by("due", "form", "period", "pk")
    while True:
        rows = sorted(owed[:_A_TICK], key=_place)
        gone = [place for place, _ in groupby(rows, key=_place) if not _has_form(*place)]
        if not gone:
            return rows
        for form, period, region in gone:
            owed = owed.exclude(form=form, period=period, reporter__region=region)


def _place(row: Return) -> tuple[str, str, str]:
    return row.form, row.period, row.reporter.region_id


def _has_form(form: str, period: str, region: str) -> bool:
    try:
        form_at(form, Period.parse(period), region)
    except Refused:
        return False
    return True


def forget() -> int:
    """Drops what was prepared for returns that are accepted: a correction makes it anew. 1 query."""
    done, _ = Beside.objects.exclude(owned__state__in=[State(each).value for each in OWED]).filter(
        owned__in_force__isnull=False
    ).delete()  # fmt: skip
    return done


def _returns(*conditions: Q, **more: object) -> QuerySet[Return]:
    return Return.objects.select_related("reporter__enterprise", "reporter__region").filter(*conditions, **more)


def _near(reporters: Iterable[int], form: Form, period: Period, wanted: Wanted) -> Mapping[int, Near]:
    """Reporter → its returns that this one may be held against, itself apart. 1 query."""
    start, end = months_near(form, period)
    alike = ending_with(period)
    rows = Return.objects.filter(
        reporter__in=list(reporters), form__in=[form.id, *wanted.others],
        first_month__gte=start, first_month__lte=end,
    ).order_by("form", "first_month")  # fmt: skip
    found: dict[int, dict[tuple[str, str], tuple[int, int | None, int | None]]] = {}
    for row in rows.only("reporter", "form", "period", "state", "version", "in_force"):
        if row.form == form.id and row.period == str(period):
            continue
        if row.form == form.id or row.period in alike:
            near = found.setdefault(row.reporter_id, {})
            near[row.form, row.period] = (row.pk, standing_version(row), row.in_force)
    return found


def _rests_on(near: Near) -> str:
    return ";".join(f"{form} {period} {stands} {holds}" for (form, period), (_, stands, holds) in sorted(near.items()))


def _wanted(form: Form, period: Period, region: str) -> Wanted:
    book = open_rulebook()
    return book.return_checks(book.layer_of(region, period.last_day)).wanted(form, period.last_day)


def _make(form: Form, period: Period, rows: Sequence[Return], day: date | None = None) -> list[Beside]:
    """Prepares returns of one form, period and place."""
    wanted = _wanted(form, period, rows[0].reporter.region_id)
    near = _near([row.reporter_id for row in rows], form, period, wanted)
    sheets = _sheets(_versions(form, period, near, wanted), rows)
    evidence = gathered(rows, period, wanted.evidence)
    norms = usual_of([row.reporter_id for row in rows], form.id, period)
    aside = _set_aside([row.reporter_id for row in rows], form.id, day or timezone.localdate())
    now, made = timezone.now(), []
    for row in rows:
        told = _Told(form, period, near.get(row.reporter_id, {}), sheets, norms)
        context = told.context(row, evidence[row.pk], aside.get(row.reporter_id, {}), wanted)
        made.append(
            Beside(owned_id=row.pk, told=packed(context), rests_on=_rests_on(told.near), is_stale=False, made_at=now)
        )
    Beside.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["owned"], update_fields=["told", "rests_on", "is_stale", "made_at"],
        batch_size=_BATCH,
    )  # fmt: skip
    return made


type _Wish = tuple[int, int]


def _versions(form: Form, period: Period, near: Mapping[int, Near], wanted: Wanted) -> set[_Wish]:
    """(return, version) of all whose contents are needed."""
    return {
        (number, which)
        for each in near.values()
        for (name, when), (number, stands, holds) in each.items()
        if (which := holds if name == form.id else stands) is not None
        and (name != form.id or when in _asked(form, period, wanted))
    }


def _asked(form: Form, period: Period, wanted: Wanted) -> set[str]:
    """Which earlier periods of the same form are read."""
    found = {str(before(form, period)), str(period.shifted(-1))}
    return found | {str(each) for each in _earlier(form, period)} if wanted.is_before else found


def _earlier(form: Form, period: Period) -> tuple[Period, ...]:
    """Periods of the form in the same year before this one, oldest first."""
    found: list[Period] = []
    at = before(form, period)
    while at.year == period.year and at != period:
        found.append(at)
        at = before(form, at)
    return tuple(reversed(found))


def _sheets(wishes: set[_Wish], rows: Sequence[Return]) -> dict[int, Sheet]:
    """Return → its sheet. 1 query."""
    regions = {row.reporter_id: row.reporter.region_id for row in rows}
    numbers = [number for number, _ in wishes]
    found = Version.objects.filter(owned__in=numbers).values_list(
        "owned", "number", "owned__reporter", "owned__form", "owned__period", "edition", "content"
    )
    told: dict[int, Sheet] = {}
    for owned, number, reporter, name, when, edition, text in found:
        if (owned, number) in wishes:
            content = read_canonical(text)
            law = edition_of(name, edition, Period.parse(when), regions[reporter])
            told[owned] = Sheet(judged_values(law, content), content.keys)
    return told


class _Told:
    """What other returns of one reporter say."""

    def __init__(
        self, form: Form, period: Period, near: Near, sheets: Mapping[int, Sheet], norms: Mapping[int, Norms]
    ) -> None:
        self.form, self.period, self.near, self.sheets, self.norms = form, period, near, sheets, norms

    def _sheet(self, form: str, period: str) -> Sheet | None:
        found = self.near.get((form, period))
        return None if found is None else self.sheets.get(found[0])

    def _beside(self, form: str) -> Sheet | None:
        """Of another form, for the period that ends with this one; the unit owes one of such a form alone."""
        found = (self._sheet(form, each) for each in ending_with(self.period))
        return next((each for each in found if each is not None), None)

    def before(self, wanted: Wanted) -> tuple[Sheet, ...] | None:
        """Of the year before this period; None where one of them is not held: a sum without it would be too small."""
        if not wanted.is_before:
            return None
        found = [self._sheet(self.form.id, str(each)) for each in _earlier(self.form, self.period)]
        return None if None in found else tuple(each for each in found if each is not None)

    def context(self, row: Return, evidence: Gathered, aside: Mapping[str, str], wanted: Wanted) -> Context:
        name, when = self.form.id, self.period
        others = {each: sheet for each in wanted.others if (sheet := self._beside(each)) is not None}
        return Context(
            day=when.last_day, period=when, last=self._sheet(name, str(before(self.form, when))),
            year_ago=self._sheet(name, str(when.shifted(-1))), before=self.before(wanted),
            norms=self.norms.get(row.reporter_id), others=others, evidence=evidence.found, lacking=evidence.lacking,
            suppressed=aside,
            unit={"industry": row.reporter.industry, "region": row.reporter.region_id},
        )  # fmt: skip


def _set_aside(reporters: Iterable[int], form: str, day: date) -> dict[int, dict[str, str]]:
    """Reporter → check → the ground on which it is not applied to its returns of a form. 1 query."""
    found: dict[int, dict[str, str]] = {}
    rows = SetAside.objects.filter(reporter__in=list(reporters), starts_on__lte=day, ends_on__gte=day)
    rows = rows.filter(Q(forms="") | Q(forms__contains=f" {form} "))
    for row in rows.order_by("pk"):
        found.setdefault(row.reporter_id, {})[row.code] = row.ground
    return found


def _mark_told() -> None:
    """What rests on facts that were told since the last time is stale. 4 queries."""
    mark, _ = ClockMark.objects.get_or_create(name=_LOADS, defaults={"at": timezone.now()})
    newest = Load.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if newest <= mark.number:
        return
    facts = [each.fact for each in open_rulebook().return_checks().evidence.values() if each.fact]
    words = list(Word.objects.filter(kind=Word.INDICATOR, text__in=facts).values_list("pk", flat=True))
    told = Observation.objects.filter(load__gt=mark.number, load__lte=newest, indicator__in=words)
    codes = list(told.values_list("subject__code", flat=True).distinct())
    for group in batched(codes, _BATCH):
        Beside.objects.filter(owned__reporter__code__in=group).update(is_stale=True)
    mark.number, mark.at = newest, timezone.now()
    mark.save(update_fields=["number", "at"])


def _mark_permitted() -> None:
    """What rests on permits or machines registered since the last time is stale. 2 queries, ~6 where some were."""
    mark, _ = ClockMark.objects.get_or_create(name=_PERMITS, defaults={"at": timezone.now()})
    newest, units = changed_since(mark.number)
    for group in batched(sorted(units), _BATCH):
        Beside.objects.filter(owned__reporter__enterprise__in=group).update(is_stale=True)
    if newest != mark.number:
        mark.number, mark.at = newest, timezone.now()
        mark.save(update_fields=["number", "at"])
