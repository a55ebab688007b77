"""Kinds of policy file of targets: methods of decomposition with their weights, and worked examples of each."""

from __future__ import annotations

from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECK_CODE, CHECKED, WORD
from shuangkong.policyfile.shape import Day, Fields, Flag, Many, Named, Number, Text

_RESIDUAL = Text(choices=("largest_remainder", "largest_receiver", "strict"))
_CRITERION = Fields(
    {
        "id": WORD,
        "name": BILINGUAL,
        "aspect": Text(choices=("capability", "responsibility", "potential", "quality")),
        "direction": Text(choices=("more", "less")),
        "weight": Number(),
        "note": ANY_TEXT,
    },
    frozenset({"id", "name", "aspect", "direction"}),
)
#: A way of sharing a target out among receivers.
DECOMPOSITION = Fields(
    {
        "name": BILINGUAL,
        "method": WORD,
        "criteria": Many(_CRITERION),
        "weighting": Text(choices=("stated", "entropy")),
        "spread": Number(),
        "quantile": Number(),
        "residual": Fields({"added": _RESIDUAL, "weighed": _RESIDUAL}, frozenset({"added", "weighed"})),
        "from": Day(),
        "until": Day(),
        "note": ANY_TEXT,
        "overrides": WORD,
        "source": WORD,
        "at": ANY_TEXT,
        "verified": Flag(),
        "checked": CHECKED,
    },
    frozenset({"name", "method", "residual", "from", "source", "verified"}),
)
_FIGURES = ("base", "activity", "growth", "denominator", "benchmark", "given", "lock", "floor", "ceiling")
_RECEIVER = Fields(
    {
        "name": ANY_TEXT,
        **dict.fromkeys(_FIGURES, Number()),
        "history": Many(Number()),
        "criteria": Named(Number()),
        "costs": Many(Fields({"amount": Number(), "cost": Number()}, frozenset({"amount", "cost"}))),
        "curve": Fields({"linear": Number(), "rising": Number()}, frozenset({"linear", "rising"})),
        "apart": Flag(),
        "expect": Number(),
    },
    frozenset({"name"}),
)
#: Worked examples of such a way. ``trips``: what is found; a receiver without ``expect`` gets no value.
DECOMPOSITION_CASES = Many(
    Fields(
        {
            "name": ANY_TEXT,
            "kind": WORD,
            "extent": Text(choices=("amount", "ratio")),
            "value": Number(),
            "reserve": Number(),
            "places": Number(),
            "receivers": Many(_RECEIVER),
            "trips": Many(CHECK_CODE),
        },
        frozenset({"name", "kind", "extent", "value", "places", "receivers"}),
    )
)
