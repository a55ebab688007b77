"""Kinds of policy file of reporting: forms with their dated versions, local additions to them, lists of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shuangkong.core.fact import Evidence, Measure
from shuangkong.core.finding import Finding
from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECKED, WORD
from shuangkong.policyfile.node import Mapping, Node
from shuangkong.policyfile.shape import Day, Either, Fields, Flag, Many, Named, Shape, Text, Whole

_MOST_DAYS = 366
_MOST_DECIMALS = 8
_MOST_ROWS = 5_000
#: Where a field stands: ``table.row.column`` or ``table[*].column``; ``*`` as the row: every row; ``[]``: the same row.
ADDRESS = Text(
    pattern=re.compile(r"[a-z][a-z0-9_]*(?:\.(?:[a-z][a-z0-9_]*|\*)|\[\*?\])\.[a-z][a-z0-9_]*"),
    words=("表.行.栏，开放表写 表[*].栏", "table.row.column, of an open table table[*].column"),
)
#: Where another form of the same unit tells it: its id and a place of it; ``{row}``: the row of the same id.
RETURNED = Text(
    pattern=re.compile(r"[a-z][a-z0-9_]*:[a-z][a-z0-9_]*(?:\.(?:[a-z][a-z0-9_]*|\{row\})|\[\*\])\.[a-z][a-z0-9_]*"),
    words=("报表:表.行.栏，同名的行写 {row}", "form:table.row.column, {row} for the row of the same id"),
)
SUBJECTS = ("unit", "institution", "region", "department", "supplier", "project")
EVERY = ("month", "quarter", "half", "year")
FIELD_KINDS = ("figure", "code", "text", "day", "flag")
SPANS = ("period", "to_date", "instant")
PREFILLS = ("coefficient", "ledger", "readings", "register", "permit", "returns")
FLOW_SUBJECTS = ("self", "region", "key_sector", "key_region")
_GROUND: dict[str, Shape] = {
    "source": WORD,
    "at": ANY_TEXT,
    "note": ANY_TEXT,
    "verified": Flag(),
    "checked": CHECKED,
}
_CHOICES = Many(Fields({"code": ANY_TEXT, "name": BILINGUAL}, frozenset({"code", "name"})))
#: How a figure is typed and what of it is told: of a column, and of a single cell that differs from its column.
_FILLED: dict[str, Shape] = {
    "unit": ANY_TEXT,
    "display": ANY_TEXT,
    "decimals": Whole(_MOST_DECIMALS),
    "required": Flag(),
    "signed": Flag(),
    "span": Text(choices=SPANS),
    "derived": ANY_TEXT,
    "inputs": Named(ADDRESS),
    "carried": WORD,
    "new_year": WORD,
    "year_ago": WORD,
    "prefill": Either(Text(choices=PREFILLS)),
    "offer": ANY_TEXT,
    "returns": Either(RETURNED),
    "guidance": BILINGUAL,
    "verified": Flag(),
}
COLUMN = Fields(
    {
        "id": WORD,
        "name": BILINGUAL,
        "kind": Text(choices=FIELD_KINDS),
        "choices": _CHOICES,
        "list": WORD,
        "within": WORD,
        **_FILLED,
    },
    frozenset({"id", "name"}),
)
_ROW: dict[str, Shape] = {
    "id": WORD,
    "name": BILINGUAL,
    "code": ANY_TEXT,
    "unit": ANY_TEXT,
    "display": ANY_TEXT,
    "decimals": Whole(_MOST_DECIMALS),
    "within": WORD,
    "coefficient": ANY_TEXT,
    "equivalent": ANY_TEXT,
    "guidance": BILINGUAL,
}
#: ``sums``: rows that a row adds up; ``derived``: an expression over rows; ``columns``: in which alone it is open.
ROW = Fields(
    {**_ROW, "optional": Flag(), "signed": Flag(), "sums": Either(WORD), "derived": ANY_TEXT, "columns": Many(WORD)},
    frozenset({"id", "name"}),
)
CELL = Fields({"row": WORD, "column": WORD, "closed": Flag(), **_FILLED}, frozenset({"row", "column"}))
OPEN = Fields(
    {
        "name": BILINGUAL,
        "kind": Text(choices=("number", "text", "code")),
        "choices": _CHOICES,
        "list": WORD,
        "least": Whole(_MOST_ROWS),
        "most": Whole(_MOST_ROWS),
    },
    frozenset({"name"}),
)
_TABLE: dict[str, Shape] = {
    "id": WORD,
    "name": BILINGUAL,
    "guidance": BILINGUAL,
    "rows": Many(ROW),
    "list": WORD,
    "only": Many(WORD),
    "optional": Flag(),
    "layout": WORD,
    "open": OPEN,
    "columns": Many(COLUMN),
    "cells": Many(CELL),
}
TABLE = Fields(_TABLE, frozenset({"id", "name"}))
#: What a lower layer adds: to a table that is there, by its id alone, or a table of its own.
ADDED_TABLE = Fields(_TABLE, frozenset({"id"}))
#: ``after``: forms whose figure of the same region stands before that of this one.
FACT = Fields(
    {
        "address": ADDRESS,
        "indicator": ANY_TEXT,
        "measure": Text(choices=tuple(Measure)),
        "subject": Text(choices=FLOW_SUBJECTS),
        "after": Many(WORD),
        "note": ANY_TEXT,
    },
    frozenset({"address", "indicator"}),
)
#: The last day of a form by the calendar (3 月 31 日), in place of so many days.
DUE = Fields({"month": Whole(12), "day": Whole(31)}, frozenset({"month", "day"}))
VERSION = Fields(
    {
        "from": Day(),
        "until": Day(),
        "days": Whole(_MOST_DAYS),
        "due": DUE,
        "early": Flag(),
        "soon": Whole(_MOST_DAYS),
        "tables": Many(TABLE),
        "facts": Many(FACT),
        **_GROUND,
    },
    frozenset({"from", "tables", "source", "verified"}),
)
ADDITION = Fields(
    {
        "from": Day(),
        "until": Day(),
        "days": Whole(_MOST_DAYS),
        "tables": Many(ADDED_TABLE),
        "required": Many(ADDRESS),
        "facts": Many(FACT),
        **_GROUND,
    },
    frozenset({"from", "source", "verified"}),
)
_FORM = Fields(
    {
        "name": BILINGUAL,
        "number": ANY_TEXT,
        "kind": Text(choices=tuple(Evidence)),
        "subject": Text(choices=SUBJECTS),
        "every": Text(choices=EVERY),
        "scopes": Many(WORD),
        "levels": Many(Text(choices=("province", "city", "county", "town"))),
        "owner": ANY_TEXT,
        "note": ANY_TEXT,
        "overrides": WORD,
        "versions": Many(VERSION),
    },
    frozenset({"name", "kind", "subject", "every", "versions"}),
)
_ADDITIONS = Fields(
    {"note": ANY_TEXT, "overrides": WORD, "additions": Many(ADDITION)}, frozenset({"overrides", "additions"})
)


@dataclass(frozen=True, slots=True)
class _FormFile:
    """A form of its own, or what a layer adds to one of a layer above: its key ``additions`` tells which."""

    def check(self, node: Node) -> Iterable[Finding]:
        adds = isinstance(node, Mapping) and "additions" in node.key_places
        return (_ADDITIONS if adds else _FORM).check(node)


FORM = _FormFile()
#: Rows that several forms share: energies, industries. The same as rows of a table, without what only a table decides.
ROW_LIST = Fields(
    {
        "name": BILINGUAL,
        "rows": Many(Fields(_ROW, frozenset({"id", "name"}))),
        "overrides": WORD,
        **_GROUND,
    },
    frozenset({"name", "rows", "source", "verified"}),
)
#: (pattern, shape) of the files of this room; the first match wins.
REPORTING_KINDS: tuple[tuple[str, Shape], ...] = (
    ("*/reporting/forms/*.yaml", FORM),
    ("*/reporting/lists/*.yaml", ROW_LIST),
)
