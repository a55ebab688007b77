"""整体从哪来: every indicator says how its parts make the whole, or why nothing but a person can tell it."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.finding import Finding
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.kinds_indicators import APART
from shuangkong.policyfile.node import Mapping
from shuangkong.policyfile.refusal import refuse

_WAYS = ("in_time", "in_space")
_NONE = "none"


def check_aggregation(folder: PolicyFolder) -> Iterator[Finding]:
    """A whole that no formula and no parts make says why; one that is made says nothing of the kind."""
    for name in folder.names:
        record = folder.check(name).node
        if not isinstance(record, Mapping) or folder.check(name).findings or _WAYS[0] not in record:
            continue
        untold = [way for way in _WAYS if record.text(way) == _NONE]
        is_told = bool(untold) and "formulas" not in record
        if is_told and "apart" not in record:
            found = "、".join(untold)
            yield refuse("POL-063", record.key_places[untold[0]], found=found, known="、".join(APART))
        if not is_told and "apart" in record:
            yield refuse("POL-064", record.key_places["apart"])
