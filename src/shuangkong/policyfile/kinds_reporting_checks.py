"""Kinds of policy file of the checks of returns: families of checks, what lower layers make stricter, their cases."""

from __future__ import annotations

import re

from shuangkong.core.finding import Severity
from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECK_CODE, CHECKED, WORD
from shuangkong.policyfile.shape import Day, Fields, Figure, Flag, Many, Named, Number, Shape, Text

#: Numbers below 900 are the nation's; a layer of a place numbers its own from 900, its region's code in front.
CODE = Text(pattern=re.compile(r"RPT-(?:[0-9]{6}-)?[0-9]{3}"), words=("形如 RPT-001 的编号", "a code such as RPT-001"))
_VALUE = Fields(
    {
        "from": Day(),
        "until": Day(),
        "value": Number(),
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"from", "value", "source"}),
)
#: A number that decides. ``stricter``: the way in which a lower layer may move it; without it none may.
LIMIT = Fields(
    {
        "unit": ANY_TEXT,
        "stricter": Text(choices=("lower", "higher")),
        "note": ANY_TEXT,
        "values": Many(_VALUE),
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"unit", "values"}),
)
_SEVERITY = Text(choices=tuple(Severity))
_GROUND: dict[str, Shape] = {
    "from": Day(),
    "until": Day(),
    "source": WORD,
    "at": ANY_TEXT,
    "note": ANY_TEXT,
    "verified": Flag(),
    "checked": CHECKED,
}
CHECK = Fields(
    {
        "code": CODE,
        "severity": _SEVERITY,
        "title": BILINGUAL,
        "message": BILINGUAL,
        "method": WORD,
        "forms": Many(WORD),
        "table": WORD,
        "rows": Many(WORD),
        "but_rows": Many(WORD),
        "columns": Many(WORD),
        "names": Named(ANY_TEXT),
        "when": ANY_TEXT,
        "rule": ANY_TEXT,
        "value": ANY_TEXT,
        "show": Named(ANY_TEXT),
        "options": Named(ANY_TEXT),
        "limit": Named(LIMIT),
        "suppressible": Flag(),
        **_GROUND,
    },
    frozenset({"code", "severity", "title", "message", "method"}),
)
#: ``from``, ``source``, ``at`` and ``verified`` of the file are those of its checks that say none of their own.
FAMILY = Fields(
    {"name": BILINGUAL, "overrides": WORD, "forms": Many(WORD), "checks": Many(CHECK), **_GROUND},
    frozenset({"name", "from", "source", "verified", "checks"}),
)
#: What a place makes stricter of checks of the layers above: severity, limits, or that none may be set aside.
STRICTER = Fields(
    {
        "name": BILINGUAL,
        "checks": Many(
            Fields(
                {"code": CODE, "severity": _SEVERITY, "limit": Named(LIMIT), "suppressible": Flag(), **_GROUND},
                frozenset({"code", "source"}),
            )
        ),
    },
    frozenset({"name", "checks"}),
)
#: Small returns on which checks trip and pass, a figure a line (shuangkong.reporting.checks.cases).
CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "form": WORD,
            "period": ANY_TEXT,
            **dict.fromkeys(
                ("told", "last", "year_ago", "before", "norms", "others", "evidence", "register", "peers"), ANY_TEXT
            ),
            "trips": Many(CODE),
            "passes": Many(CODE),
            "unjudged": Many(CODE),
        },
        frozenset({"name", "form", "period", "told"}),
    )
)
#: Bodies and verifications on which the checks of verification trip and pass; the room's own tests read them.
VERIFICATION_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "day": Day(),
            "facts": Named(Figure()),
            "trips": Many(CHECK_CODE),
            "passes": Many(CHECK_CODE),
        },
        frozenset({"name", "day", "facts"}),
    )
)
#: What suppliers' returns say was sold: ``customer``: the open table by credit code; ``total``: table and row of all.
_SALES = Fields(
    {"form": WORD, "customer": WORD, "total": ANY_TEXT, "month": WORD, "to_date": WORD},
    frozenset({"form", "customer", "total", "month", "to_date"}),
)
#: Figures from elsewhere that returns are held against and begin with. Of each either ``fact`` or ``sales``;
#: ``permit``: factors whose permitted amounts tell what no fact does;
#: ``capacity``: the sort of machines whose rated capacities on the register do.
EVIDENCE = Fields(
    {
        "name": BILINGUAL,
        "items": Many(
            Fields(
                {
                    "id": WORD,
                    "name": BILINGUAL,
                    "fact": WORD,
                    "span": Text(choices=("month", "year")),
                    "sales": _SALES,
                    "permit": Many(WORD),
                    "capacity": Text(choices=("transformer",)),
                    "note": ANY_TEXT,
                },
                frozenset({"id", "name"}),
            )
        ),
        "overrides": WORD,
        **_GROUND,
    },
    frozenset({"name", "items", "source", "verified"}),
)
#: (pattern, shape) of these files; the first match wins.
CHECK_KINDS: tuple[tuple[str, Shape], ...] = (
    ("*/reporting/checks/*.cases.yaml", CASES),
    ("*/reporting/checks/*.yaml", FAMILY),
    ("*/reporting/stricter/*.yaml", STRICTER),
    ("*/reporting/evidence/*.yaml", EVIDENCE),
)
