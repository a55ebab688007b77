"""虚构的用能单位: invented units of the fictional county, when they entered and left 规上, and what became of them.

Columns of the file: ``code``, ``name``, ``region``, ``from`` and ``until`` (the last day, empty where it goes on),
``ground``; ``became`` and ``change`` where a unit became another on the day after its last; ``scope``, where it is
another than 规上 (a supplier of energy).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from shuangkong.core.fact import Subject
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE, enter, leave, members, register
from shuangkong.records.facts.succession import succeed
from shuangkong.records.people.acting import Acting
from shuangkong.records.registry.tree import Change

_UNIT = "unit"


def take_units(path: Path, by: Acting, years: int) -> None:
    """Each once, with the years moved; units that are there are left as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    there = {each.code for each in members(ABOVE_DESIGNATED_SIZE, _moved(rows[0]["from"], years))}
    if rows[0]["code"] in there:
        return
    register((SubjectRow(_UNIT, row["code"], row["name"], row["region"]) for row in rows), rows[0]["ground"], by)
    for row in rows:
        about = (_UNIT, row["code"])
        enter(about, row["scope"] or ABOVE_DESIGNATED_SIZE, _moved(row["from"], years), row["ground"], by)
        if row["until"]:
            gone = _moved(row["until"], years) + timedelta(days=1)
            leave(about, row["scope"] or ABOVE_DESIGNATED_SIZE, gone, row["ground"], by)
            if row["became"]:
                after = Subject(_UNIT, row["became"])
                succeed(Subject(*about), after, Change(row["change"]), gone, row["ground"], by)


def _moved(day: str, years: int) -> date:
    found = date.fromisoformat(day)
    return found.replace(year=found.year + years)
