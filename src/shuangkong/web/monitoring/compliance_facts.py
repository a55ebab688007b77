"""达标排放率入库: industrial sources that kept their limits, of those that could be judged, as facts of places.

A source is an outlet of an industrial unit; one is judged that was connected and had a limit on the last day. What
cannot be judged is in no rate: the note says how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.industry import Industry
from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.reading import Media
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.registry.models import Region
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.compliance import NOBODY, Known, exceedances, known_of, together
from shuangkong.web.monitoring.evaluating import periods
from shuangkong.web.monitoring.fencing import by_outlet

INDICATOR = "industry_source_pass_rate"
SOURCE = "在线监测超标记录 (exceedances found by online monitoring)"
_UNIT, _PLACES = "pct", 4
#: Sections of the classification that are industry: mining, manufacturing, power with heat, gas and water.
_SECTIONS = frozenset({"B", "C", "D"})
#: Period → the day on which this process told it last, and which outlets had exceeded then.
_DONE: dict[Period, tuple[date, frozenset[int]]] = {}


def tell_compliance_due() -> int:
    """What a clock does: periods that are over, once a day and where outlets have exceeded or no longer have.

    Returns how many figures are otherwise. 1 query a period of which nothing is new.
    """
    today, count = timezone.localdate(), 0
    for period, first, last in periods(today, ()):
        exceeded = exceedances(first, last).order_by().values_list("outlet", flat=True).distinct()
        seen = today, frozenset(exceeded)
        if _DONE.get(period) != seen:
            count += tell_compliance(period, first, last)
            _DONE[period] = seen
    return count


def tell_compliance(period: Period, first: date, last: date) -> int:
    """Tells a month or a year of every place with an industrial source that could be judged. ~20 queries.

    What was told of a place in which none can be judged any more is withdrawn. An outlet that brings about a fault is
    kept as one, and counts among those that cannot be judged.
    """
    in_use = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    rows = Outlet.objects.select_related("region", "enterprise__region").filter(in_use, kind__in=list(Media))
    industries = open_rulebook().industries()
    found = [each for each in rows.order_by("pk") if _is_industrial(each, industries)]
    fence = by_outlet(Work.COMPLIANCE)
    known = together(fence.done(found, lambda some: known_of(some, first, last))) if found else NOBODY
    # Where an outlet could not be looked at, what lacks is not known to be gone.
    whole = () if fence.known & {each.pk for each in found} else {INDICATOR}
    return write(_told(found, known), period, SOURCE, "monitoring/compliance", whole=whole)


def _is_industrial(outlet: Outlet, known: Mapping[str, Industry]) -> bool:
    told = outlet.industry or (outlet.enterprise.industry if outlet.enterprise else "")
    code = told.lstrip("ABCDEFGHIJKLMNOPQRST")
    while code in known and known[code].parent:
        code = known[code].parent
    return code in _SECTIONS


def _told(found: Sequence[Outlet], known: Known) -> Iterator[Told]:
    by: dict[str, list[Outlet]] = defaultdict(list)
    for each in found:
        for code in each.region.path.strip("/").split("/"):
            by[code].append(each)
    for place in Region.objects.filter(pk__in=by).order_by("pk"):
        own = by[place.pk]
        numbers = {each.pk for each in own}
        judged = numbers & known.connected & known.limited
        share = Share(len(judged - known.exceeded), len(judged))
        if share.pct is None:
            continue
        note = (
            f"工业源排放口 {len(own)} 个，已联网、有限值可判的 {len(judged)} 个，其中没有超标的 {share.part} 个；"
            f"其余不能判，不计 ({len(own)} outlets of industrial units, {len(judged)} connected with a limit,"
            f" {share.part} of them without an exceedance; the others cannot be judged and are not counted)"
        )
        subject = SubjectRow("region", place.code, place.name, place.code)
        is_demo = any(each.region.is_fictional for each in own)
        yield Told(INDICATOR, subject, rounded(share.pct, _PLACES), _UNIT, note, is_demo)
