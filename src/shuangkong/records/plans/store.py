"""Rows ⇄ values of plans: the whole face of this room.

Every function asks a fixed number of queries, however large the plan.
"""

from __future__ import annotations

from shuangkong.records.plans.adoption import adopt, adoptions
from shuangkong.records.plans.attaching import Attachment, attach_document
from shuangkong.records.plans.entries import decisions, entries, entry, plan_decisions, undecided
from shuangkong.records.plans.library import (
    audited_at,
    file_plans,
    findings,
    plan,
    plan_file,
    plan_text,
    plans,
    plans_in_force,
    record_audit,
    save_reading,
)
from shuangkong.records.plans.measures import duties, measure, measures, named_bodies, parts
from shuangkong.records.plans.review import accept_certain, add_entry, decide
from shuangkong.records.plans.soundness import value_of

__all__ = [
    "Attachment",
    "accept_certain",
    "add_entry",
    "adopt",
    "adoptions",
    "attach_document",
    "audited_at",
    "decide",
    "decisions",
    "duties",
    "entries",
    "entry",
    "file_plans",
    "findings",
    "measure",
    "measures",
    "named_bodies",
    "parts",
    "plan",
    "plan_decisions",
    "plan_file",
    "plan_text",
    "plans",
    "plans_in_force",
    "record_audit",
    "save_reading",
    "undecided",
    "value_of",
]
