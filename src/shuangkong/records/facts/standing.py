"""还作数的: acts on subjects that nobody has withdrawn, as known by the end of a day."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.db.models import Exists, OuterRef, Q

from shuangkong.records.facts.models import SubjectWithdrawal
from shuangkong.records.past import known_by


def standing(of: Literal["change", "membership"], as_of: date | None = None) -> Q:
    """The condition on rows of SubjectChange or ScopeMembership that they were known by then, and not yet withdrawn."""
    gone = SubjectWithdrawal.objects.filter(known_by(as_of, "decided_at"), **{of: OuterRef("pk")})
    return known_by(as_of, "decided_at") & ~Q(Exists(gone))
