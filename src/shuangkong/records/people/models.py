"""Columns of people."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from shuangkong.records.registry.models import Body, Region


class Person(AbstractUser):
    """One who logs in. Our own model from the first migration on, so that columns can be added to it."""


class Appointment(models.Model):
    """A person acts in a role for a body at a place, from one day to another (both included).

    Append-only: of the rows of one person, role, body and place the newest holds; a withdrawal is a row that ends.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=16)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="appointments")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ground = models.TextField()
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("person", "role", "body", "region"), name="appointment_newest"),)
