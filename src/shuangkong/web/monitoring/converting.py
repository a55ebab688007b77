"""能不能折算: the hours whose concentrations cannot be told at reference oxygen, for the oxygen is that of air."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from shuangkong.monitoring.alarms.impossible import hours_of
from shuangkong.monitoring.flue_gas.point import AIR_O2_PCT
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.mark import Counts
from shuangkong.monitoring.reading import Media, Reading
from shuangkong.web.monitoring.flows import OXYGEN


def unconverted(hours: Mapping[str, Sequence[Reading]], law: MonitoringLaw) -> frozenset[datetime]:
    """Hours in which no conversion counts, our own or the device's; what was measured stands.

    Those with valid oxygen of air or above, where 21 − O2 ≤ 0 (HJ 212 annex D), and those in which an impossible
    combination with oxygen holds: a judgement on these would be one on a divisor near zero. The combination itself is
    an alarm, so that nothing is left out unseen.

    Args:
        hours: code of factor → measured means of an outlet of gas in order of time.
    """
    lost = law.marks.counting(Counts.LOST)
    found = {
        each.at
        for each in hours.get(OXYGEN, ())
        if each.value is not None and each.mark not in lost and each.value >= AIR_O2_PCT
    }
    letters = frozenset(mark.value for mark in lost)
    for condition in law.conditions:
        if condition.media == Media.GAS and OXYGEN in condition.inputs.values():
            found |= hours_of(hours, condition, letters)
    return frozenset(found)
