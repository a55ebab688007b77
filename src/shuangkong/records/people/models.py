"""Columns of people."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class Person(AbstractUser):
    """One who logs in. Our own model from the first migration on, so that columns can be added to it."""
