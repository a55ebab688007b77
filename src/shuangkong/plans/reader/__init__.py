"""阅读: a plan document read into its structure by a grammar of the genre. ``read_plan`` is the door."""

from __future__ import annotations

from shuangkong.plans.reader.assembly import read_plan

__all__ = ["read_plan"]
