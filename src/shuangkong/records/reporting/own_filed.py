"""自己报的: who filed a return, as body or as person, does not review, approve or put it off."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q

from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.models import Version
from shuangkong.records.reporting.rows import ReturnRow, VersionRow


def barred_as_own(row: ReturnRow, by: Acting, stands: VersionRow | None = None) -> Refused | None:
    """Why the person reviews, approves and puts off nothing of this return though elsewhere he or she may: who filed
    does not review; None where neither the own body nor the person filed it. 1 query where ``stands`` is not known."""
    if by.bodies & row.reporter.bodies:
        zh = "这份报表是您所在单位报的，不能自己审核、审批、延期或免报。请由同级另一部门、领导小组或上一级办理。"
        en = "Your own body filed this return: let another department, the leading group or the level above do it."
        return Refused("RPT-917", zh, en)
    if stands is not None:
        is_own = by.author in (stands.filled_by, stands.signed_by)
    else:
        signed = Version.objects.filter(owned=row.id, number=row.standing.version or 0)
        is_own = bool(by.author) and signed.filter(hands_of(by)).exists()
    if not (by.author and is_own):
        return None
    zh = "这份报表是您本人填报或签报的，换了身份也不能审核、审批。请由别人办理。"
    en = "You filled in or signed this return yourself: let another person do it, whatever you act as."
    return Refused("RPT-917", zh, en)


def hands_of(by: Acting) -> Q:
    """The condition on versions that the person filled them in or signed them."""
    return Q(filled_by=by.author) | Q(signed_by=by.author)


def own_among(numbers: Iterable[int], by: Acting) -> set[int]:
    """Of some returns those whose version that stands the person filled in or signed. 1 query."""
    wanted = list(numbers) if by.author else []
    rows = Version.objects.filter(hands_of(by), owned__in=wanted, number=F("owned__version"))
    return set(rows.values_list("owned", flat=True))
