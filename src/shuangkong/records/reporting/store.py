"""Rows → values of online reporting. Access is the caller's condition: ``readable``, or ``where`` of a row."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Case, DateField, OrderBy, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from shuangkong.core.finding import Severity
from shuangkong.records.paths import below
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting.competence import by_matter
from shuangkong.records.reporting.found_rows import ground_of, message_of
from shuangkong.records.reporting.models import (
    Agent,
    Attachment,
    Draft,
    Event,
    FoundFinding,
    Reporter,
    Return,
    Version,
    Window,
)
from shuangkong.records.reporting.rows import (
    DraftRow,
    ExplanationRow,
    FileRow,
    FindingRow,
    HappenedRow,
    ReporterRow,
    ReturnRow,
    VersionRow,
    WindowRow,
)
from shuangkong.records.reporting.verification.giving import reporters_given, returns_given
from shuangkong.reporting.life import EventKind, State
from shuangkong.reporting.life_standing import Standing


def readable(acting: Acting, action: Action = Action.RETURN_READ) -> Q:
    """The condition on returns that a person may see: by place and form, as the unit, or as whoever files for it."""
    return visible(acting, action, "path", _taking_part, by_matter("form"), _given)


def countable(acting: Acting) -> Q:
    """The condition on returns that a person may see counted: by place, whatever the form."""
    return visible(acting, Action.RETURN_READ, "path", _taking_part, given=_given)


def signable(acting: Acting) -> Q:
    """The condition on returns that a person may sign: as the unit, or by an agreement that says so."""
    return visible(acting, Action.RETURN_SIGN, "path", _signing)


def reporters_readable(acting: Acting, action: Action = Action.RETURN_READ) -> Q:
    """The same of reporters."""
    return visible(
        acting, action, "path", lambda bodies: Q(body__in=bodies) | Q(pk__in=_filed_for(bodies)),
        given=lambda bodies: Q(pk__in=reporters_given(bodies)),
    )  # fmt: skip


def _given(bodies: frozenset[int]) -> Q:
    """What a case gives to some bodies."""
    return Q(pk__in=returns_given(bodies))


def _taking_part(bodies: frozenset[int]) -> Q:
    return Q(reporter__body__in=bodies) | Q(reporter__in=_filed_for(bodies))


def _signing(bodies: frozenset[int]) -> Q:
    return Q(reporter__body__in=bodies) | Q(reporter__in=_filed_for(bodies, may_sign=True))


def _filed_for(bodies: frozenset[int], **more: bool) -> list[int]:
    held = Agent.objects.filter(agents_on(timezone.localdate()), body__in=bodies, **more)
    return list(held.values_list("reporter", flat=True))


def agents_on(day: date) -> Q:
    """The condition that an agreement holds on a day."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def returns(condition: Q, *order: str | OrderBy, count: int | None = None) -> tuple[ReturnRow, ...]:
    """Returns that meet a condition. 2 queries."""
    found = _joined().filter(condition).order_by(*(order or ("-first_month", "form", "pk")))[:count]
    rows = list(found)
    agents = agents_of({row.reporter_id for row in rows})
    return tuple(return_row(row, agents.get(row.reporter_id, _NOBODY)) for row in rows)


def count_of(condition: Q) -> int:
    """How many returns meet a condition. 1 query."""
    return Return.objects.filter(condition).count()


def reporters_of(condition: Q) -> dict[int, str]:
    """Number → name of whoever owes or has filed returns that meet a condition, by code. 1 query."""
    rows = Return.objects.filter(condition).order_by("reporter__code", "reporter")
    return dict(rows.values_list("reporter", "reporter__name").distinct())


#: The day by which what is owed is owed (Standing.owed_by); whose clock is stopped comes last.
_OWED_BY = Case(When(held_on=None, then=Coalesce("redo_by", "due")), default=None, output_field=DateField())
BY_DAY_OWED = OrderBy(_OWED_BY, nulls_last=True)


#: No chain of approval is longer: so many codes of regions a column holds.
_MOST_LEVELS = 12


def of_others(acting: Acting) -> Q:
    """The condition that neither the person's body nor one that it answers for files a return."""
    if not acting.bodies:
        return Q()
    filed_for = Agent.objects.filter(agents_on(timezone.localdate()), body__in=acting.bodies).values("reporter")
    own = Q(reporter__body__in=acting.bodies)
    return ~own & ~Q(reporter__in=filed_for)


def approved_next_by(acting: Acting) -> Q:
    """The condition that a place of the person's is the level that approves next, whatever the state."""
    found = Q(pk__in=())
    for path in acting.paths:
        code = path.strip("/").rpartition("/")[2]
        here = Q(pk__in=())
        for level in range(_MOST_LEVELS if code else 0):
            here |= Q(level=level, chain__regex=f"^([^ ]+ ){{{level}}}{re.escape(code)}( |$)")
        found |= below(path) & Q(chain__contains=code) & here
    return found


def one(number: int) -> ReturnRow | None:
    """One return. 2 queries."""
    return next(iter(returns(Q(pk=number))), None)


def _joined() -> QuerySet[Return]:
    return Return.objects.select_related("reporter__region", "window")


#: Bodies that file for a reporter, and whether each may sign.
type Agents = Mapping[int, bool]
_NOBODY: Agents = {}


def agents_of(reporters: Iterable[int]) -> Mapping[int, Agents]:
    """Reporter → bodies that file for it now. 1 query."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    wanted = sorted(reporters)
    rows = Agent.objects.filter(agents_on(timezone.localdate()), reporter__in=wanted) if wanted else ()
    for row in rows:
        found[row.reporter_id][row.body_id] = row.may_sign or found[row.reporter_id].get(row.body_id, False)
    return found


def return_row(row: Return, agents: Agents = _NOBODY) -> ReturnRow:
    """A row of the table with its reporter as a value."""
    return ReturnRow(
        id=row.pk, window=row.window_id, form=row.form, period=row.period, first_month=row.first_month, path=row.path,
        chain=tuple(row.chain.split()), reporter=reporter_row(row.reporter, agents), standing=standing_of(row),
        versions=row.versions, digest=row.digest, changed_at=row.changed_at, is_demo=row.window.is_demo,
    )  # fmt: skip


def standing_of(row: Return) -> Standing:
    """How it stands, from the columns kept beside its events."""
    return Standing(
        state=State(row.state), due=row.due, levels=row.levels, level=row.level, version=row.version,
        in_force=row.in_force, received_on=row.received_on, redo_by=row.redo_by, held_on=row.held_on,
        extensions=row.extensions, reminders=row.reminders, corrections=row.corrections,
        kept=(State(row.kept_state), row.kept_level) if row.kept_state else None,
    )  # fmt: skip


#: The columns that hold a standing.
STANDING = (
    "state", "due", "levels", "level", "version", "in_force", "received_on", "redo_by", "held_on", "extensions",
    "reminders", "corrections", "kept_state", "kept_level",
)  # fmt: skip


def keep_standing(row: Return, now: Standing) -> None:
    """Writes a standing into the columns of a row; the caller saves it."""
    for name in STANDING[:-2]:
        setattr(row, name, getattr(now, name))
    row.state = now.state.value
    row.kept_state, row.kept_level = (now.kept[0].value, now.kept[1]) if now.kept else ("", 0)
    row.changed_at = timezone.now()


def reporter_row(row: Reporter, agents: Agents = _NOBODY) -> ReporterRow:
    own = frozenset({row.body_id}) if row.body_id is not None else frozenset[int]()
    return ReporterRow(
        id=row.pk, kind=row.kind, code=row.code, name=row.name, region=row.region_id, region_name=row.region.name,
        path=row.path, body=row.body_id, enterprise=row.enterprise_id, industry=row.industry,
        is_fictional=row.is_fictional, bodies=own | agents.keys(),
        signing=own | {body for body, may_sign in agents.items() if may_sign},
    )  # fmt: skip


def reporters(condition: Q) -> tuple[ReporterRow, ...]:
    """Reporters that meet a condition, by code. 2 queries."""
    rows = list(Reporter.objects.select_related("region").filter(condition).order_by("kind", "code"))
    agents = agents_of(row.pk for row in rows)
    return tuple(reporter_row(row, agents.get(row.pk, _NOBODY)) for row in rows)


def windows(condition: Q) -> tuple[WindowRow, ...]:
    """Windows that meet a condition, the newest period first. 1 query."""
    found = Window.objects.select_related("region").filter(condition).order_by("-first_month", "form", "path")
    return tuple(
        WindowRow(
            id=row.pk, form=row.form, period=row.period, region=row.region_id, region_name=row.region.name,
            path=row.path, due=row.due, opened_by=row.opened_by, opened_at=row.opened_at, is_demo=row.is_demo,
        )
        for row in found
    )  # fmt: skip


def draft(number: int) -> DraftRow | None:
    """What the unit has filled in so far; whoever asks has been asked whether it is the unit. 1 query."""
    row = Draft.objects.filter(owned=number).first()
    if row is None:
        return None
    explained: dict[str, str] = json.loads(row.explained)
    return DraftRow(row.edition, row.content, explained, row.base, row.stamp, row.saved_by, row.saved_at)


def versions(number: int) -> tuple[VersionRow, ...]:
    """Every version of a return, the oldest first, without findings. 1 query."""
    return tuple(_version_row(row, ()) for row in Version.objects.filter(owned=number).order_by("number"))


def version(number: int, which: int | None) -> VersionRow | None:
    """One version with its findings and explanations. 2 queries."""
    row = Version.objects.filter(owned=number, number=which).first() if which is not None else None
    return _version_row(row, findings(row.pk)) if row else None


def _version_row(row: Version, found: tuple[FindingRow, ...]) -> VersionRow:
    return VersionRow(
        id=row.pk, number=row.number, edition=row.edition, content=row.content, digest=row.digest, base=row.base,
        ground=row.ground, channel=row.channel, terminal=row.terminal, filled_by=row.filled_by, signed_by=row.signed_by,
        signed_at=row.signed_at, findings=found,
    )  # fmt: skip


def findings(version_id: int) -> tuple[FindingRow, ...]:
    """What was found in a version, gravest first as the checks gave it. 1 query."""
    rows = FoundFinding.objects.select_related("explanation").filter(version=version_id).order_by("pk")
    return tuple(finding_row(row) for row in rows)


def finding_row(row: FoundFinding) -> FindingRow:
    said = getattr(row, "explanation", None)
    explained = ExplanationRow(said.text, said.author, said.verdict, said.reason, said.judged_by) if said else None
    message, ground = message_of(row.zh, row.en), ground_of(row.ground_zh, row.ground_en)
    return FindingRow(row.pk, row.code, Severity(row.severity), row.address, message, ground, explained)


def happened(number: int) -> tuple[HappenedRow, ...]:
    """Every event of a return, the oldest first. 1 query."""
    return tuple(
        HappenedRow(
            EventKind(row.kind), row.on, row.version, row.level, row.region, row.due, row.ground, row.document,
            row.author, row.at, row.journal,
        )
        for row in Event.objects.filter(owned=number).order_by("pk")
    )  # fmt: skip


def files(number: int, *, with_draft: bool) -> tuple[FileRow, ...]:
    """Files beside a return; those of the draft, and what it is to leave out, only for the unit. 1 query."""
    mine = Q() if with_draft else Q(version__isnull=False)
    rows = Attachment.objects.filter(mine, owned=number).order_by("pk").values_list(
        "pk", "version", "name", "file__size_bytes", "file__sha256", "left_out"
    )  # fmt: skip
    return tuple(
        FileRow(pk, version, name, size, digest, left if left or with_draft else None)
        for pk, version, name, size, digest, left in rows
    )
