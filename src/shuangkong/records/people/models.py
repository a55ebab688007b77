"""Columns of people: persons and what they may do (appointments), and how they sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from shuangkong.records.registry.models import Body, Region
from shuangkong.records.texts import LineField, TextField


class Person(AbstractUser):
    """One who logs in. ``made_in`` is the place of the office that made it, None where the whole site's did.

    Our own model from the first migration on, so that columns can be added to it.
    """

    made_in = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")


class Appointment(models.Model):
    """A person acts in a role for a body at a place, from one day to another (both included).

    Append-only: from its first day on a row takes the place of those before it of the same person, role, body and
    place. A withdrawal is a row that ``ends`` another: after its own last day that one never was.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = LineField(max_length=16)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="appointments")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ground = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    ends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="withdrawals")

    class Meta:
        indexes = (models.Index(fields=("person", "role", "body", "region"), name="appointment_newest"),)


class Competence(models.Model):
    """A body is in charge of a matter (a word of competences.csv) at a place, from a day to a day (both included).

    Append-only: of a place and matter the newest row that has begun says who it is, and nobody where it has ended.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="competences")
    matter = LineField(max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="competences")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ground = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("region", "matter"), name="competence_newest"),)


class Identity(models.Model):
    """As whom an identity provider knows a person: the value of the claim of its settings."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    issuer = LineField(max_length=255)
    value = LineField(max_length=255)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("issuer", "value"), name="identity_of_one"),)


class PastPassword(models.Model):
    """The hash of each password that a person set, the newest being the one in use.

    ``is_temporary``: an administrator made it, the person must change it before anything else.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passwords")
    password = LineField(max_length=128)
    set_at = models.DateTimeField()
    is_temporary = models.BooleanField(default=False)


class SecondFactor(models.Model):
    """The secret of a person's code generator, encrypted; ``last_step`` is the time step of the last code taken."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.BinaryField()
    made_at = models.DateTimeField()
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """The SHA-256 digest of a code that stands in for the generator once; used codes are deleted."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = LineField(max_length=64)


class FactorRule(models.Model):
    """Whether a role must have a second factor. Append-only: of a role's rows the newest holds."""

    role = LineField(max_length=16)
    is_required = models.BooleanField()
    ground = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()


class Throttle(models.Model):
    """How often something was tried since a moment; ``key`` is a digest of what is counted."""

    key = LineField(max_length=64, primary_key=True)
    count = models.IntegerField()
    since = models.DateTimeField(db_index=True)


class SignIn(models.Model):
    """One attempt to sign in, append-only. ``person`` is none where nobody bears the name that was typed."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField(db_index=True)
    means = LineField(max_length=10)
    outcome = LineField(max_length=20)
    address = LineField(max_length=45)
    agent = LineField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=("person", "-at"), name="sign_in_newest"),)


class Visit(models.Model):
    """A browser in which a person is signed in; gone when the person signs out or is signed out."""

    session = LineField(max_length=40, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="visits")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = LineField(max_length=45)
    agent = LineField(max_length=200)


class Token(models.Model):
    """A programme's leave to act under one appointment, within scopes (actions, parted by spaces), to a day.

    Only the SHA-256 digest of the token is kept; ``prefix`` is its public part, by which it is found.
    """

    prefix = LineField(max_length=12, unique=True)
    digest = LineField(max_length=64)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="tokens")
    name = LineField(max_length=80)
    scopes = TextField()
    made_at = models.DateTimeField()
    ends_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
