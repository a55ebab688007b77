"""Kinds of policy file of equipment: the words of boilers' fuels."""

from __future__ import annotations

from shuangkong.policyfile.kind_pieces import ANY_TEXT
from shuangkong.policyfile.monitoring_pieces import DATED, HEAD, RESTS_ON
from shuangkong.policyfile.shape import Fields, Many, Shape

#: 燃料的字眼: how names of gases and oils end, what names of coals hold.
FUEL_WORDS = Fields(
    {**HEAD, **DATED, **dict.fromkeys(("gases", "oils", "coals", "pulverised"), Many(ANY_TEXT))},
    frozenset({"name", "gases", "oils", "coals", "pulverised"}) | RESTS_ON,
)
#: (pattern, shape) of the files that are not parameters.
EQUIPMENT_KINDS: tuple[tuple[str, Shape], ...] = (("*/monitoring/equipment/fuel_words.yaml", FUEL_WORDS),)
