"""Kinds of policy file of the room of indicators: indicators with their formulas and cases, tables of figures."""

from __future__ import annotations

import re

from shuangkong.core.fact import Measure
from shuangkong.core.rounding import Rounding
from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECK_CODE, CHECKED, WORD
from shuangkong.policyfile.shape import Day, Either, Fields, Figure, Flag, Many, Named, Number, Text, Whole

#: Words of a formula that the room of indicators gives a meaning to.
SHIFTS = ("same", "year_before", "base_year", "since_base", "plan")
SPANS = ("same", "children", "whole")
AGGREGATIONS = ("sum", "mean", "last", "ratio", "none")
#: Why a whole is told and not put together: a ratio whose parts nobody tells; a level, grade or use a unit; a promise.
APART = ("share", "level", "assigned")
#: Fields of the statistics that sector departments supply.
FIELDS = (
    "energy", "carbon", "water", "sewage", "waste", "circular", "agriculture", "buildings", "transport",
    "public_institutions", "solvents", "economy", "industry",
)  # fmt: skip
ROLES = ("control", "supporting")
_MOST_PLACES = 12
_MOST_RANK = 99

#: An id of an indicator, or a cell of a table: table, row and column with full stops.
INDICATOR_ID = Text(
    pattern=re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"),
    words=("指标编号，或表、行、列以点相连", "an id of an indicator, or a table, its row and column with full stops"),
)
#: Of GB/T 4754: the letter of the section, and the digits of what lies in it.
SECTOR_CODE = Text(
    pattern=re.compile(r"[A-Z](?:[0-9]{2,4})?"),
    words=("行业门类字母和大类、中类、小类代码", "a letter of a section and the digits of a division, group or class"),
)
INPUT = Fields(
    {
        "indicator": INDICATOR_ID,
        "measure": Text(choices=tuple(Measure)),
        "shift": Text(choices=SHIFTS),
        "span": Text(choices=SPANS),
        "sector": SECTOR_CODE,
    },
    frozenset({"indicator"}),
)
FORMULA = Fields(
    {
        "from": Day(),
        "until": Day(),
        "expression": ANY_TEXT,
        "method": WORD,
        "inputs": Named(INPUT),
        "parameters": Named(ANY_TEXT),
        "note": ANY_TEXT,
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"from", "inputs", "source", "verified"}),
)
ROUND = Fields(
    {"kept": Whole(_MOST_PLACES), "published": Whole(_MOST_PLACES), "rule": Text(choices=tuple(Rounding))},
)
#: What an indicator is to an evaluation, from a day on; ``rank``: its place in the document's list.
DATED_ROLE = Fields(
    {
        "role": Text(choices=ROLES),
        "rank": Whole(_MOST_RANK),
        "from": Day(),
        "until": Day(),
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"role", "rank", "from", "source", "verified"}),
)
INDICATOR = Fields(
    {
        "name": BILINGUAL,
        "definition": BILINGUAL,
        "field": Text(choices=FIELDS),
        "roles": Many(DATED_ROLE),
        "aliases": Many(ANY_TEXT),
        "numerator": ANY_TEXT,
        "denominator": ANY_TEXT,
        "scope": ANY_TEXT,
        "unit": ANY_TEXT,
        "direction": Text(choices=("lower_is_better", "higher_is_better")),
        "progress": Text(choices=("logarithmic", "linear")),
        "owner": ANY_TEXT,
        "note": ANY_TEXT,
        "overrides": WORD,
        "source": WORD,
        "display": ANY_TEXT,
        "in_time": Text(choices=AGGREGATIONS),
        "in_space": Text(choices=AGGREGATIONS),
        "apart": Text(choices=APART),
        "prices": Text(choices=("constant", "current")),
        "round": ROUND,
        "formulas": Many(FORMULA),
    },
    frozenset({"name", "unit", "direction", "progress", "source", "in_time", "in_space"}),
)
#: Worked examples of an indicator's formula on a day.
INDICATOR_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "facts": Named(Either(Figure())),
            "expect": Fields({"value": Figure(), "published": Figure()}),
        },
        frozenset({"name", "day", "facts", "expect"}),
    )
)
#: A table whose cells are figures: rows with their signs, columns with their units and coefficients.
TABLE = Fields(
    {
        "name": BILINGUAL,
        "rows": Many(
            Fields(
                {
                    "id": WORD,
                    "name": BILINGUAL,
                    "part": Text(choices=("supply", "conversion", "loss", "terminal")),
                    "sign": Text(choices=("plus", "minus", "signed")),
                    "within": WORD,
                },
                frozenset({"id", "name", "part", "sign"}),
            )
        ),
        "columns": Many(
            Fields(
                {
                    "id": WORD,
                    "name": BILINGUAL,
                    "unit": ANY_TEXT,
                    "group": WORD,
                    "kind": Text(choices=("primary", "secondary")),
                    "coefficient": ANY_TEXT,
                    "equivalent": ANY_TEXT,
                },
                frozenset({"id", "name", "unit", "group", "kind"}),
            )
        ),
        "note": ANY_TEXT,
        "overrides": WORD,
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"name", "rows", "columns", "source", "verified"}),
)
#: Small balances on which checks trip and pass: figures by row and column; the room's own tests try them.
BALANCE_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "told": Named(Number()),
            "totals": Named(Number()),
            "standard": Named(Number()),
            "consumption": Number(),
            "stated": Named(ANY_TEXT),
            "whole": Number(),
            "parts": Many(Number()),
            "trips": Many(CHECK_CODE),
        },
        frozenset({"name", "day"}),
    )
)
