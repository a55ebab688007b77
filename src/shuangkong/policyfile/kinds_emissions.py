"""Kinds of policy file of the ledger of pollutants: pollutants, source classes, formulas with checks and cases."""

from __future__ import annotations

import re

from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECK_CODE, CHECKED, WORD
from shuangkong.policyfile.shape import Day, Fields, Figure, Flag, Many, Named, Text

#: The code that telemetry gives a pollutant: a letter, five digits, sometimes a letter behind them.
_MONITORING_CODE = Text(
    pattern=re.compile(r"[a-z][0-9]{5}[a-z]?"),
    words=("一个字母和五位数字的监测因子编码", "a monitoring code: a letter and five digits"),
)
#: What is accounted for, and which indicators hold its figures.
POLLUTANT = Fields(
    {
        "name": BILINGUAL,
        "media": Text(choices=("water", "air", "soil")),
        "unit": ANY_TEXT,
        "monitoring": _MONITORING_CODE,
        "scopes": Many(WORD),
        "indicators": Fields(
            dict.fromkeys(
                ("total", "increment", "recognised", "reported", "reported_total", "rate", "project", "assigned"), WORD
            ),
            frozenset({"total", "increment", "recognised", "reported", "reported_total", "rate"}),
        ),
        "note": ANY_TEXT,
        "overrides": WORD,
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"name", "media", "unit", "scopes", "indicators", "source", "verified"}),
)
_NAMED_CLASS = Fields({"id": WORD, "name": BILINGUAL, "note": ANY_TEXT}, frozenset({"id", "name"}))
#: Classes of sources, sorts of measures and ways of knowing an amount, the surest way first.
CLASSES = Fields(
    {
        "scopes": Many(_NAMED_CLASS),
        "measures": Many(_NAMED_CLASS),
        "evidence": Many(_NAMED_CLASS),
        "inventories": Many(_NAMED_CLASS),
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"scopes", "measures", "evidence", "inventories", "source", "verified"}),
)
#: How the emission of a class of sources, an increment or a reduction is reckoned.
EMISSION_FORMULA = Fields(
    {
        "name": BILINGUAL,
        "kind": Text(choices=("emission", "increment", "reduction")),
        "pollutants": Many(WORD),
        "scopes": Many(WORD),
        "measure": WORD,
        "from": Day(),
        "until": Day(),
        "base": Text(choices=("required", "none")),
        "register": Text(choices=("batch", "plant", "herd")),
        "months": Text(choices=("from_start", "whole_year")),
        "inputs": Named(Fields({"name": BILINGUAL, "measured_in": ANY_TEXT}, frozenset({"name", "measured_in"}))),
        "parameters": Named(ANY_TEXT),
        "expression": ANY_TEXT,
        "after": ANY_TEXT,
        "checks": Many(Fields({"code": CHECK_CODE, "rule": ANY_TEXT}, frozenset({"code", "rule"}))),
        "note": ANY_TEXT,
        "overrides": WORD,
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"name", "kind", "scopes", "from", "inputs", "expression", "source", "verified"}),
)
#: Worked examples of such a formula; ``trips``: the checks that refuse the inputs.
EMISSION_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "facts": Named(Figure()),
            "expect": Figure(),
            "trips": Many(CHECK_CODE),
        },
        frozenset({"name", "day", "facts"}),
    )
)
