"""Columns of the cascade. Every table only grows: of the rows about one thing the newest holds."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.plans.models import Plan, ReadingEntry
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.texts import LineField, TextField

#: What the title of an entry holds, and the name of who gives its value.
ENTRY_SIGNS, GIVER_SIGNS = 200, 60


class PlanLink(models.Model):
    """A decision that a plan follows, replaces or amends another, or that it does not.

    ``other`` is that plan where it is in the database, ``title`` and ``doc_no`` as printed; ``key`` tells one document
    from another; ``on`` the day from which it counts. Of the rows of one plan, relation and key the newest holds.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="linked_from")
    relation = LineField(max_length=12)
    verdict = LineField(max_length=10)
    key = LineField(max_length=300)
    title = LineField(max_length=300, blank=True)
    doc_no = LineField(max_length=80, blank=True)
    on = models.DateField()
    ground = TextField()
    document = LineField(max_length=120, blank=True)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("plan", "relation", "key", "id"), name="plan_link_newest"),
            models.Index(fields=("other", "relation"), name="plan_link_other"),
        )


class CascadeEntry(models.Model):
    """One thing that a plan's text leaves open: a sub-plan to be written, a value from above, a duty to cooperate.

    ``item`` is the entry of the measure that asks for it, ``giver`` the level above as printed, ``path`` that of the
    plan's region. What became of it is its events.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cascade_entries")
    kind = LineField(max_length=12)
    item = models.ForeignKey(ReadingEntry, null=True, on_delete=models.PROTECT, related_name="+")
    title = LineField(max_length=ENTRY_SIGNS)
    giver = LineField(max_length=GIVER_SIGNS, blank=True)
    path = PathField(max_length=120, default="/")
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)

    class Meta:
        constraints = (
            # Two, because a database takes every null for another measure.
            models.UniqueConstraint(fields=("plan", "kind", "item", "title"), name="cascade_entry_once"),
            models.UniqueConstraint(
                fields=("plan", "kind", "title"),
                condition=models.Q(item__isnull=True),
                name="cascade_entry_once_freely",
            ),
        )
        indexes = (models.Index(fields=("path", "kind"), name="cascade_entry_place"),)


class CascadeEvent(models.Model):
    """What was decided of an entry, or came from above. A column that says nothing keeps what was said before."""

    entry = models.ForeignKey(CascadeEntry, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    owner = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True)
    written = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+")
    op = LineField(max_length=2, blank=True)
    value = ExactDecimalField(null=True)
    unit = LineField(max_length=60, blank=True)
    deadline = LineField(max_length=10, blank=True)
    base_year = models.IntegerField(null=True)
    on = models.DateField()
    ground = TextField()
    document = LineField(max_length=120, blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("entry", "id"), name="cascade_event_order"),)


class Responsibility(models.Model):
    """A person answers for a region or a firm, in a rank and for a duty, from one day to another (both included).

    ``post`` is the office held (镇长), ``duty`` the post of the workshop or field that is answered for (锅炉运行岗), ""
    for the whole. A row with the same beginning corrects or ends the one before; a later beginning succeeds it.
    """

    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="responsible")
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="responsible")
    path = PathField(max_length=120)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="responsible")
    rank = LineField(max_length=10)
    duty = LineField(max_length=120, blank=True)
    post = LineField(max_length=120)
    person = LineField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ground = TextField()
    document = LineField(max_length=120, blank=True)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("path", "rank", "starts_on"), name="responsibility_place"),)


class PairDecision(models.Model):
    """A decision that a target or measure of a plan answers one of the plan above it, or does not.

    ``above`` and ``below`` are the entries of the two. Of the rows of one plan and pair the newest holds.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="pair_decisions")
    above = models.ForeignKey(ReadingEntry, on_delete=models.PROTECT, related_name="+")
    below = models.ForeignKey(ReadingEntry, on_delete=models.PROTECT, related_name="+")
    verdict = LineField(max_length=10)
    ground = TextField()
    document = LineField(max_length=120, blank=True)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("plan", "id"), name="pair_decision_order"),)
