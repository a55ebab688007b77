"""Columns of online reporting. Versions, events and coverage only grow; a return's columns of standing are replayed
from its events and kept beside them for lists; a draft is the unit's own and is overwritten."""

from __future__ import annotations

from django.db import models

from shuangkong.records.paths import PathField
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.registry.models import Body, Enterprise, Region
from shuangkong.records.reporting.days_models import Petition, PutOff
from shuangkong.records.reporting.entry_models import FileEntry, FileEntryEvent, FileEntryPaper
from shuangkong.records.reporting.mart_models import (
    Beside,
    CheckRecord,
    ClockMark,
    FiguresRead,
    LaterCheck,
    LaterFinding,
    OneHandFound,
    PeerFigures,
    PeerRatio,
    SetAside,
    SoldFigure,
    SuspectedUnit,
    UnsummedReturn,
)
from shuangkong.records.reporting.window_models import ByClock, KeptCount
from shuangkong.records.texts import LineField, TextField

__all__ = [
    "Agent", "Attachment", "Beside", "ByClock", "CheckRecord", "ClockMark", "Coverage", "Draft", "Event",
    "Explanation", "FiguresRead", "FileEntry", "FileEntryEvent", "FileEntryPaper", "FoundFinding", "KeptCount",
    "LaterCheck", "LaterFinding", "OneHandFound", "PeerFigures", "PeerRatio", "Petition", "PutOff", "Reporter",
    "Return", "SetAside", "SoldFigure", "Staff", "SuspectedUnit", "UnsummedReturn", "UsualFigures", "Version",
    "Window",
]  # fmt: skip


class Reporter(models.Model):
    """One who reports: ``kind`` and ``code`` as the subject of facts; ``body`` whom its people act for, if anybody."""

    kind = LineField(max_length=12)
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    industry = LineField(max_length=8, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "code"), name="reporter_once"),)


class Coverage(models.Model):
    """A reporter owes a form from a day, to one where it ends; ``is_owing`` false: it does not, though a scope says so.

    Append-only: of a reporter and form the newest row that has begun holds.
    """

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="coverage")
    form = LineField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    is_owing = models.BooleanField(default=True)
    ground = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("form", "reporter"), name="coverage_of_form"),)


class Window(models.Model):
    """A form is open for one period at a place and below it; ``due`` as it holds for all, extensions stand in the
    returns, what it was before in PutOff.

    ``followed_on``: the day on which the clock last saw who owes it; ``kept_until``: the last day whose counts are kept
    for good; ``counted_at``: when those of the present day were.
    """

    form = LineField(max_length=60)
    period = LineField(max_length=9)
    first_month = models.IntegerField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120)
    due = models.DateField()
    opened_by = LineField(max_length=150)
    opened_at = models.DateTimeField()
    journal = models.BigIntegerField()
    is_demo = models.BooleanField(default=False)
    followed_on = models.DateField(null=True)
    kept_until = models.DateField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("form", "period", "region"), name="window_once"),)


class Return(models.Model):
    """What one reporter owes of one form for one period, and how it stands (reporting.life_standing.Standing).

    ``chain``: codes of the regions that approve it, the lowest first, parted by spaces. ``path`` is where the reporter
    was when it came to owe it. ``digest`` is that of the newest version. ``was_final``: every level has approved it.
    """

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="returns", db_index=False)  # as below
    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="returns", db_index=False)
    form = LineField(max_length=60)
    period = LineField(max_length=9)
    first_month = models.IntegerField()
    path = PathField(max_length=120)
    chain = LineField(max_length=80, blank=True)
    state = LineField(max_length=12)
    due = models.DateField(null=True)
    redo_by = models.DateField(null=True)
    held_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    levels = models.SmallIntegerField(default=0)
    level = models.SmallIntegerField(default=0)
    version = models.IntegerField(null=True)
    in_force = models.IntegerField(null=True)
    kept_state = LineField(max_length=12, blank=True)
    kept_level = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)
    reminders = models.SmallIntegerField(default=0)
    corrections = models.SmallIntegerField(default=0)
    versions = models.IntegerField(default=0)
    digest = LineField(max_length=64, blank=True)
    was_final = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("reporter", "form", "period"), name="return_once"),)
        indexes = (
            models.Index(fields=("path", "state"), name="return_place"),
            models.Index(fields=("window", "state"), name="return_window"),
            models.Index(fields=("reporter", "first_month"), name="return_reporter"),
            models.Index(  # of reporting.life.WAITING
                fields=("first_month", "changed_at", "id"), include=("path",), name="return_waiting",
                condition=models.Q(state__in=("submitted", "desk_review"))),
        )  # fmt: skip


class Draft(models.Model):
    """What a unit has filled in so far: entries and explanations as JSON. ``stamp`` counts the times it was kept.

    ``base`` is the version that a correction starts from. Nobody but the unit and whoever files for it reads this.
    """

    owned = models.OneToOneField(Return, on_delete=models.CASCADE, related_name="draft")
    edition = LineField(max_length=60)
    content = TextField()
    explained = TextField(default="{}")
    base = models.IntegerField(null=True)
    stamp = models.IntegerField(default=1)
    saved_by = LineField(max_length=150)
    saved_at = models.DateTimeField()


class Version(models.Model):
    """One version as signed, for good. ``content`` is canonical JSON (reporting.content), ``digest`` the SM3 of it.

    ``base``: the version that a correction starts from. ``channel``: page, file or api; ``terminal``: the address it
    came from; ``filled_by``: who kept the draft last.
    """

    owned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="history", db_index=False)  # as below
    number = models.IntegerField()
    edition = LineField(max_length=60)
    content = TextField()
    digest = LineField(max_length=64)
    base = models.IntegerField(null=True)
    ground = TextField(blank=True)
    channel = LineField(max_length=8)
    terminal = LineField(max_length=45, blank=True)
    filled_by = LineField(max_length=150)
    signed_by = LineField(max_length=150)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owned", "number"), name="version_once"),)
        indexes = (models.Index(fields=("terminal", "signed_at"), name="version_terminal"),)


class Event(models.Model):
    """One thing that happened to a return (reporting.life.EventKind). Append-only."""

    owned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=12)
    on = models.DateField()
    version = models.IntegerField(null=True)
    level = models.SmallIntegerField(default=0)
    region = LineField(max_length=12, blank=True)
    due = models.DateField(null=True)
    ground = TextField(blank=True)
    document = LineField(max_length=120, blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class Reminded(models.Model):
    """That a reporter was told of a return: by the clock on one occasion (reporting.reminders) once, or by a person.

    ``last``: the last day that was told of; ``notice``: the number of the notice, None where nobody acts for it yet.
    """

    owned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="reminded")
    stage = LineField(max_length=10)
    last = models.DateField()
    step = models.IntegerField(default=0)
    on = models.DateField()
    at = models.DateTimeField()
    author = LineField(max_length=150)
    notice = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owned", "stage", "last", "step"), name="reminded_once"),)


class FoundFinding(models.Model):
    """What the checks found in a version when it was signed. ``address``: the first place, "" for the whole return."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="findings")
    code = LineField(max_length=12)
    severity = LineField(max_length=12)
    address = LineField(max_length=200, blank=True)
    zh = TextField()
    en = TextField()
    ground_zh = TextField(blank=True)
    ground_en = TextField(blank=True)


class Explanation(models.Model):
    """What the unit says to a finding, and how the desk judges it: accepted, refused, or "" while it waits."""

    finding = models.OneToOneField(FoundFinding, on_delete=models.PROTECT, related_name="explanation")
    text = TextField()
    author = LineField(max_length=150)
    verdict = LineField(max_length=8, blank=True)
    reason = TextField(blank=True)
    judged_by = LineField(max_length=150, blank=True)
    judged_at = models.DateTimeField(null=True)


class Attachment(models.Model):
    """A file beside a return: with its draft while ``version`` is none, then with the version that was signed.

    ``left_out``: 0 where the next version is to be without it, then that version; those before it keep the file.
    """

    owned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="attachments")
    version = models.IntegerField(null=True)
    left_out = models.IntegerField(null=True)
    file = models.ForeignKey(TaskFile, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=255)
    added_by = LineField(max_length=150)
    added_at = models.DateTimeField()


class Staff(models.Model):
    """Who is in charge at a unit: 统计人员, 能源管理负责人. Ended, never removed."""

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="staff")
    kind = LineField(max_length=16)
    name = LineField(max_length=60)
    post = LineField(max_length=80, blank=True)
    certificate = LineField(max_length=120, blank=True)
    telephone = LineField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    recorded_by = LineField(max_length=150)
    recorded_at = models.DateTimeField()
    journal = models.BigIntegerField()


class Agent(models.Model):
    """A body that files for a reporter by agreement; it may sign only where that says so. Ended, never removed."""

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="agents")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="files_for")
    may_sign = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ground = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()


class UsualFigures(models.Model):
    """A mart: what a reporter's figures of a form usually are (reporting.checks.norms), for its next period.

    ``told``: address → median, spread, count, and of the same part of other years median and count, as JSON. Made by
    the clock; a return of another period is not judged by it. ``newest``: the last version that it rests on.
    """

    reporter = models.ForeignKey(Reporter, on_delete=models.CASCADE, related_name="+")
    form = LineField(max_length=60)
    period = LineField(max_length=9)
    told = TextField()
    newest = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("reporter", "form"), name="usual_once"),)
