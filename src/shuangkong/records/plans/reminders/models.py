"""Columns of reminders: what a person is told, by which channels, what waits to be sent, and calendar addresses."""

from __future__ import annotations

from django.db import models

from shuangkong.records.notices.models import Notice
from shuangkong.records.people.models import Appointment, Person
from shuangkong.records.plans.tasks.models import Matter, Task, TaskEvent
from shuangkong.records.texts import LineField


class Reminder(models.Model):
    """One thing that a person is told once, until it has changed.

    ``key`` is the kind, the thing and what of it would have to change for it to be told anew; ``due`` the day that it
    is about, ``event`` what was said. ``ended_at`` is since when it no longer holds.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    key = LineField(max_length=80)
    kind = LineField(max_length=10)
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="+")
    alarm = models.ForeignKey("monitoring.Alarm", null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(TaskEvent, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "key"), name="reminder_once"),)
        indexes = (models.Index(fields=("person", "ended_at", "read_at"), name="reminder_open"),)


class ChannelChoice(models.Model):
    """Whether a person wants messages by a channel, where, and in which language. Append-only; the newest holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="channel_choices")
    channel = LineField(max_length=10)
    address = LineField(max_length=254, blank=True)
    language = LineField(max_length=10)
    is_on = models.BooleanField()
    decided_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("person", "channel", "id"), name="channel_choice_newest"),)


class Message(models.Model):
    """The outbox: one message to one person by one channel on one day (``key``).

    ``claimed_at`` is since when somebody is handing it over; ``fault`` what the last failed attempt met; ``receipt``
    what the peer answered.
    """

    key = LineField(max_length=60, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="messages")
    channel = LineField(max_length=10)
    address = LineField(max_length=254)
    subject = LineField(max_length=200)
    lines = models.JSONField()
    made_at = models.DateTimeField()
    outcome = LineField(max_length=10)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = LineField(max_length=200, blank=True)
    receipt = LineField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("outcome", "channel", "next_at"), name="message_due"),
            models.Index(fields=("person", "channel", "made_at"), name="message_newest"),
        )


class CalendarAddress(models.Model):
    """The secret address of a person's calendar; only its SHA-256 digest is kept. One at a time is in force."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_addresses")
    digest = LineField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class ClockTurn(models.Model):
    """Whose turn it is to tick: one row, for whatever many servers and schedulers share the database."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
