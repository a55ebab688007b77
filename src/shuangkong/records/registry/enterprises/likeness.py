"""疑似重复: records of a place that may be of one enterprise; a person confirms that they are, or that they are two."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises.rows import EnterpriseRow
from shuangkong.records.registry.enterprises.store import enterprises, meanings
from shuangkong.records.registry.likeness import is_alike
from shuangkong.records.registry.models import Enterprise, EnterpriseAlias, EnterpriseDistinction

#: What every second name has: the legal form, brackets, the level of the place in front.
_FORM = re.compile(r"(?:集团)?(?:股份有限公司|有限责任公司|有限公司|公司|集团|总厂|厂)$|[（()）]|\s")
_PLACE = re.compile(r"^.{2,6}?[省市县区]")
#: So many pairs stand on a page at most; the nearest names come first only within a place.
MOST = 200


@dataclass(frozen=True, slots=True)
class LikelyEnterprises:
    """Two records that may be of one enterprise; the one with a credit code, else the older, is the one that stays."""

    one: EnterpriseRow
    other: EnterpriseRow


def likely_same_enterprises(condition: Q) -> tuple[LikelyEnterprises, ...]:
    """Pairs among the enterprises that meet a condition, of one region, not yet said to be one or two. 3 queries."""
    rows = enterprises(condition)
    two = set(EnterpriseDistinction.objects.values_list("one", "other"))
    found = []
    for one, other in _neighbours(rows):
        has_two_codes = bool(one.particulars.credit_code and other.particulars.credit_code)
        if (
            (one.id, other.id) not in two
            and not has_two_codes
            and is_alike(*sorted(map(core_of, (one, other)), key=len))
        ):
            stays = other if other.particulars.credit_code else one
            found.append(LikelyEnterprises(stays, one if stays is other else other))
            if len(found) == MOST:
                break
    return tuple(found)


def core_of(row: EnterpriseRow) -> str:
    """What tells a name from its neighbours': without the place in front and the legal form behind."""
    plain = _FORM.sub("", _PLACE.sub("", row.name))
    return plain or row.name


def _neighbours(rows: tuple[EnterpriseRow, ...]) -> Iterator[tuple[EnterpriseRow, EnterpriseRow]]:
    """Pairs of one region whose cores begin alike or end alike, the lower number first: others are not compared."""
    groups: dict[tuple[str, str], list[EnterpriseRow]] = defaultdict(list)
    for row in rows:
        core = core_of(row)
        for part in {core[:2], core[-2:]}:
            groups[row.particulars.region, part].append(row)
    seen = set[tuple[int, int]]()
    for group in groups.values():
        for one, other in combinations(group, 2):
            if (one.id, other.id) not in seen:
                seen.add((one.id, other.id))
                yield one, other


def confirm_same(number: int, same_as: int | None, reason: str, by: Acting) -> None:
    """Decides that a record means another's enterprise (None withdraws): its numbers are that one's from now on.

    Raises:
        Refused: no reason; no such records; both bear credit codes, which are two then; each would mean the other.
        Forbidden: the person may not register where they are.
    """
    with transaction.atomic():
        found = _both(number, same_as, reason, by)
        before = meanings()
        if same_as is not None:
            if before.get(same_as, same_as) == number:
                zh, en = "两条记录互为对方，请先撤销另一条。", "Each would mean the other: withdraw one first."
                raise Refused("REG-232", zh, en, "same_as")
            if found[number].credit_code and found[same_as].credit_code:
                zh, en = (
                    "两条记录各有统一社会信用代码，不是同一企业。",
                    "Each has a credit code of its own: they are two.",
                )
                raise Refused("REG-233", zh, en, "same_as")
        EnterpriseAlias.objects.create(
            enterprise_id=number, same_as_id=same_as, reason=reason, decided_by=by.author, decided_at=timezone.now()
        )
        act = by.act(
            "enterprise.confirm", f"enterprise/{number}", ground=reason, before={"same_as": before.get(number)}
        )
        journal.append(replace(act, place=found[number].region.path, after={"same_as": same_as}))


def confirm_distinct(one: int, other: int, reason: str, by: Acting) -> None:
    """Decides that two records which look alike are of two enterprises. Twice is once. Raises as ``confirm_same``."""
    first, second = sorted((one, other))
    with transaction.atomic():
        found = _both(first, second, reason, by)
        means = meanings()
        if means.get(first, first) == means.get(second, second):
            zh, en = "两条记录已认定为同一企业，请先撤销。", "They are said to be one: withdraw that first."
            raise Refused("REG-234", zh, en, "same_as")
        _row, is_new = EnterpriseDistinction.objects.get_or_create(
            one_id=first,
            other_id=second,
            defaults={"reason": reason, "decided_by": by.author, "decided_at": timezone.now()},
        )
        if is_new:
            act = by.act("enterprise.distinguish", f"enterprise/{first}", ground=reason, after={"not_same_as": second})
            journal.append(replace(act, place=found[first].region.path))


def _both(number: int, other: int | None, reason: str, by: Acting) -> dict[int, Enterprise]:
    """The records, which the person may decide on. Raises Refused and Forbidden."""
    if not reason.strip():
        raise Refused("REG-231", "请写明理由。", "Give the reason.", "reason")
    wanted = {number} | ({other} - {None})
    found = {row.pk: row for row in Enterprise.objects.select_related("region").filter(pk__in=list(wanted))}
    if number == other or len(found) != len(wanted):
        zh, en = "没有这个企业，或选了同一条记录。请从列表里选择。", "Choose another enterprise of the list."
        raise Refused("REG-230", zh, en, "same_as")
    for row in found.values():
        require(by, Action.ENTERPRISE_REGISTER, Where(row.region.path))
    return found
