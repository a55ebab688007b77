"""Rows ⇄ values of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import batched

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.lookup import RegionLookup
from shuangkong.records.registry.models import Body, BodyAlias, Region
from shuangkong.records.registry.names import keep_names, names_then
from shuangkong.records.registry.rows import LEVELS, AliasRow, BodyRow, RegionRow
from shuangkong.records.registry.tree import mend_paths

#: Most values one statement takes on SQLite, with room for every column.
_BATCH = 500
#: The path of what belongs to no region.
WHOLE = "/"
_COLUMNS = ["name", "level", "parent", "starts_on", "ends_on", "is_fictional"]


def save_regions(rows: Iterable[RegionRow]) -> int:
    """Adds or brings up to date; parents may come in any order. Returns how many."""
    ordered = sorted(rows, key=_depth_first)
    made = [
        Region(
            code=row.code,
            name=row.name,
            level=row.level,
            parent_id=row.parent,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            is_fictional=row.is_fictional,
        )
        for row in ordered
    ]
    with transaction.atomic():
        keep_names({row.code: row.name for row in ordered})
        Region.objects.bulk_create(
            made, batch_size=_BATCH, update_conflicts=True, unique_fields=["code"], update_fields=_COLUMNS
        )
        mend_paths()
    return len(made)


def region(code: str, until: date | None = None) -> RegionRow | None:
    """The region with that code, as it was called at the end of a day. 1 query, 2 for a past day."""
    found = Region.objects.filter(pk=code).first()
    return replace(_region_row(found), name=names_then(until).region(code, found.name)) if found else None


def is_empty() -> bool:
    """Whether the register holds no region at all."""
    return not Region.objects.exists()


def find_region(name: str, within: str | None = None) -> RegionRow | None:
    """The one region of that full or short name (沈阳 for 沈阳市), names above it in front allowed.

    Only below ``within`` where given. A division still listed outranks a former one; None if unknown or ambiguous.
    """
    wanted = "".join(name.split())
    tails = [wanted[start:] for start in range(len(wanted))]
    found = [_region_row(each) for each in Region.objects.filter(name__in=tails)]
    if not found:
        found = [
            _region_row(each) for each in Region.objects.filter(name__startswith=wanted) if is_called(each.name, wanted)
        ]
    if within is not None:
        below = codes_below(within)
        found = [each for each in found if each.code in below]
    best = max((len(each.name) for each in found), default=0)
    found = [each for each in found if len(each.name) == best]
    listed = [each for each in found if each.ends_on is None] or found
    return listed[0] if len(listed) == 1 else None


def is_called(full: str, printed: str) -> bool:
    """Whether a printed name means the full one: itself, itself without its last word, or with a bracketed addition."""
    plain = "".join(printed.split()).split("（")[0].split("(")[0]
    return full == plain or (len(plain) > 1 and full[:-1] == plain)


def codes_below(code: str) -> frozenset[str]:
    """Codes of every region under ``code``, two levels deep: a province's cities and counties."""
    children = Region.objects.filter(parent=code).values_list("code", flat=True)
    grandchildren = Region.objects.filter(parent__parent=code).values_list("code", flat=True)
    return frozenset(children.union(grandchildren))


def regions(codes: Iterable[str]) -> dict[str, RegionRow]:
    """Rows by code. 1 query a 500 codes."""
    return {
        each.code: _region_row(each)
        for group in batched(set(codes), _BATCH)
        for each in Region.objects.filter(pk__in=group)
    }


def children(code: str) -> tuple[RegionRow, ...]:
    """Regions directly below, by code, former ones last."""
    found = Region.objects.filter(parent=code).order_by("ends_on", "code")
    return tuple(sorted(map(_region_row, found), key=lambda row: (row.ends_on is not None, row.code)))


def lineage(code: str) -> tuple[RegionRow, ...]:
    """The region and those above it, province first."""
    found = Region.objects.select_related("parent__parent__parent__parent").filter(pk=code).first()
    line: list[RegionRow] = []
    while found is not None:
        line.insert(0, _region_row(found))
        found = found.parent
    return tuple(line)


def name_bodies(region_code: str | None, names: Sequence[str]) -> Mapping[str, int]:
    """Name → id of the bodies of a region; those not yet known are added. 3 queries."""
    wanted = dict.fromkeys(names)
    Body.objects.bulk_create([Body(region_id=region_code, name=name) for name in wanted], ignore_conflicts=True)
    known = dict(Body.objects.filter(region=region_code, name__in=wanted).values_list("name", "pk"))
    return {name: known[name] for name in wanted}


def bodies(region_code: str | None, until: date | None = None) -> tuple[BodyRow, ...]:
    """Bodies named in the plans of a region, as they came, meaning what was decided by ``until``. 2 queries."""
    means = meanings(until)
    return tuple(_body_row(each, means) for each in Body.objects.filter(region=region_code).order_by("pk"))


def body(body_id: int, until: date | None = None) -> BodyRow | None:
    """One body, meaning what was decided by the end of a day. 2 queries."""
    found = Body.objects.filter(pk=body_id).first()
    return _body_row(found, meanings(until)) if found else None


def meanings(until: date | None = None) -> dict[int, int]:
    """Body → body it stands for, for those that an alias decision in force moves, followed to the end. 1 query."""
    decided = BodyAlias.objects.filter(known_by(until, "decided_at")).order_by("pk")
    newest = dict(decided.values_list("body_id", "same_as_id"))
    moved = {each: to for each, to in newest.items() if to is not None}
    return {each: _end(each, moved) for each in moved}


def record_alias(body_id: int, same_as: int | None, reason: str, by: Acting) -> AliasRow:
    """Decides that a printed name means another body (None withdraws).

    Raises:
        Refused: no reason is given, there is no such other body in the same region, or it stands for this one already.
        Forbidden: the person may not decide it there.
    """
    if not reason.strip():
        zh, en = "请写明理由：为什么是同一单位。", "Give the reason why both are one body."
        raise Refused("PLN-958", zh, en, "reason")
    with transaction.atomic():
        place = Body.objects.filter(pk=body_id).values_list("region__path", flat=True).first() or WHOLE
        require(by, Action.BODY_CONFIRM, Where(place))
        if same_as is not None and not _is_neighbour(body_id, same_as):
            zh, en = "没有这个单位。请从列表里选择同一地区的另一单位。", "Choose another body of the same region."
            raise Refused("PLN-970", zh, en, "same_as")
        before = meanings()
        if same_as is not None and before.get(same_as, same_as) == body_id:
            zh, en = "两个名称互为别名，请先撤销另一条。", "Each would stand for the other: withdraw one first."
            raise Refused("PLN-959", zh, en, "same_as")
        made = BodyAlias.objects.create(
            body_id=body_id, same_as_id=same_as, reason=reason, decided_by=by.author, decided_at=timezone.now()
        )
        act = by.act("body.confirm", f"body/{body_id}", ground=reason, before={"same_as": before.get(body_id)})
        journal.append(replace(act, place=place, after={"same_as": same_as}))
    return _alias_row(made)


def _is_neighbour(body_id: int, other_id: int) -> bool:
    """Whether both are bodies, of one region, and not the same."""
    regions = dict(Body.objects.filter(pk__in=(body_id, other_id)).values_list("pk", "region"))
    return len(regions) == 2 and len(set(regions.values())) == 1


def alias_decisions(body_id: int, until: date | None = None) -> tuple[AliasRow, ...]:
    """Every alias decision on a body by the end of a day, oldest first. 1 query."""
    return tuple(map(_alias_row, BodyAlias.objects.filter(known_by(until, "decided_at"), body=body_id).order_by("pk")))


def paths(codes: Iterable[str]) -> dict[str, str]:
    """Code → path of regions. 1 query a 500 codes."""
    found: dict[str, str] = {}
    for group in batched(set(codes), _BATCH):
        found |= dict(Region.objects.filter(pk__in=group).values_list("pk", "path"))
    return found


def _depth_first(row: RegionRow) -> tuple[int, str]:
    return (LEVELS.index(row.level), row.code)


def _end(each: int, moved: Mapping[int, int]) -> int:
    """Follows aliases to the last; circles cannot be recorded."""
    while each in moved:
        each = moved[each]
    return each


def _region_row(found: Region) -> RegionRow:
    return RegionRow(
        code=found.code,
        name=found.name,
        level=found.level,
        parent=found.parent_id,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        is_fictional=found.is_fictional,
    )


def _body_row(found: Body, means: Mapping[int, int]) -> BodyRow:
    return BodyRow(found.pk, found.region_id, found.name, means.get(found.pk, found.pk))


def _alias_row(found: BodyAlias) -> AliasRow:
    return AliasRow(found.body_id, found.same_as_id, found.reason, found.decided_by, found.decided_at)


def lookup() -> RegionLookup:
    """All regions at once. 1 query."""
    return RegionLookup(map(_region_row, Region.objects.all()))
