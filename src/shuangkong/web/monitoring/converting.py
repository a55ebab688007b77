"""能不能折算: the hours whose concentrations cannot be told at reference oxygen: it is that of air, or not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from shuangkong.monitoring.alarms.impossible import hours_of
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.mark import Counts, Mark
from shuangkong.monitoring.reading import Media, Reading
from shuangkong.web.monitoring.flows import OXYGEN


def unconverted(hours: Mapping[str, Sequence[Reading]], law: MonitoringLaw) -> frozenset[datetime]:
    """Hours in which no conversion counts, our own or the device's; what was measured stands.

    Those with the oxygen of air or above (21 − O2 is zero or next to it: HJ 212 annex D); those whose oxygen is marked
    as lost (calibration, maintenance, fault …): what a device made of it is no measurement; and those in which an
    impossible combination with oxygen holds. The combination itself is an alarm, so that nothing is left out unseen.
    An hour whose oxygen just did not come proves nothing against the device's own conversion.

    Args:
        hours: code of factor → means of an outlet of gas in order of time; of oxygen also hours without a value that
            somebody marked.
    """
    lost = law.marks.counting(Counts.LOST)
    found = {each.at for each in hours.get(OXYGEN, ()) if each.mark in lost - {Mark.MISSING} or _is_air(each, law)}
    letters = frozenset(mark.value for mark in lost)
    for condition in law.conditions:
        if condition.media == Media.GAS and OXYGEN in condition.inputs.values():
            found |= hours_of(hours, condition, letters)
    return frozenset(found)


def _is_air(each: Reading, law: MonitoringLaw) -> bool:
    least = law.thresholds(each.at.date()).air_oxygen_pct
    return each.value is not None and each.mark is not Mark.MISSING and each.value >= least
