"""Rows ⇄ values of facts. Nothing is overwritten: a different figure for the same cell is a new version."""

from __future__ import annotations

from shuangkong.records.facts.looking import observations, versions
from shuangkong.records.facts.taking import load_rows

__all__ = ["load_rows", "observations", "versions"]
