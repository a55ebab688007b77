"""统称: which governments a collective name of a plan means (各乡镇人民政府), and what a region's government is called.

The one place that knows it: access, duties, reminders, pages and papers ask here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from shuangkong.records.paths import SEPARATOR
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.registry.tree import bodies_answered_for

#: What stands behind a region's name in the name of whoever governs it; "" where a plan names the region alone.
_TAILS = ("人民政府", "政府", "管理委员会", "管委会", "办事处", "")
#: Sorts of regions by the word that ends their names, with the level at which they are; None for any.
_SORTS: Mapping[str, str | None] = {
    "省": "province", "自治州": "city", "地区": "city", "州": "city", "盟": "city", "县": "county", "区": "county",
    "旗": "county", "乡": "town", "镇": "town", "街道": "town", "街": "town", "苏木": "town",
    "工业园区": None, "开发区": None, "园区": None, "园": None, "市": None, "级": None,
}  # fmt: skip
_SORT = re.compile("|".join(sorted(_SORTS, key=len, reverse=True)))
_INNER = re.compile(r"[（(<〈【\[].*?[）)>〉】\]]")
#: A name of nothing but sorts of regions and words for government: 各县（市、区）人民政府, 各乡镇、街道办事处.
_COLLECTIVE = re.compile(
    rf"各(?:{_SORT.pattern}|{'|'.join(filter(None, _TAILS))}|[各市辖（）()<>〈〉【】\[\]、，/和及与以\s])+"
)
_PARKS = ("园", "园区", "开发区", "新区")


def is_collective(name: str) -> bool:
    """Whether a name means the governments of several regions at once, and no single body."""
    return _COLLECTIVE.fullmatch(name) is not None


def means(name: str, within: str, region: str, level: str) -> bool:
    """Whether a collective name in a plan of a place of the level ``within`` means a region below, by that region's
    name and level.

    各镇 means towns called 镇 and no 街道; 各市 of a province means cities; 各县（市、区） what is
    at the level of counties.
    """
    if not is_collective(name):
        return False
    inner = "".join(_INNER.findall(name))
    return any(
        _is_of_sort(word, within, region, level, is_inner)
        for words, is_inner in ((_INNER.sub("", name), False), (inner, True))
        for word in _SORT.findall(_without_tails(words))
    )


def _without_tails(words: str) -> str:
    """管委会 and 办事处 name no region."""
    return re.sub("|".join(filter(None, _TAILS)), "", words)


def _is_of_sort(word: str, within: str, region: str, level: str, is_inner: bool) -> bool:
    if word == "级":
        return True
    if word == "市":
        wanted = "city" if within == "province" and not is_inner else "county"
        return level == wanted and region.endswith(word)
    if word in ("工业园区", "开发区", "园区", "园"):
        return region.endswith(_PARKS)
    return level == _SORTS[word] and region.endswith("街道" if word == "街" else word)


def government_names(region: str) -> frozenset[str]:
    """What the government of a region may be called in a plan: 青石镇人民政府, 青石镇政府, 青石镇."""
    return frozenset(region + tail for tail in _TAILS)


def governed_by(name: str) -> frozenset[str]:
    """Names of the region that a body would govern, by its own name: the name without what says government."""
    return frozenset(name.removesuffix(tail) for tail in _TAILS if tail and name.endswith(tail)) | {name}


def may_govern(name: str) -> Q:
    """The condition that a body may be the government of a region, by its name, which stands at ``name``."""
    found = Q(pk__in=())
    for tail in filter(None, _TAILS):
        found |= Q(**{f"{name}__endswith": tail})
    return found


def governing(region: str) -> frozenset[int]:
    """The bodies that are a region's government by name: its own, and those so called, or meant by a collective name,
    in plans of the places above it. 2 queries.
    """
    found = Region.objects.filter(pk=region).first()
    if found is None:
        return frozenset()
    own, above = Q(region=region), Q(region__in=found.path.strip(SEPARATOR).split(SEPARATOR)[:-1])
    called = Q(name__in=government_names(found.name))
    rows = Body.objects.filter(own & called | above & (called | Q(name__startswith="各")))
    return frozenset(
        number
        for number, name, level in rows.values_list("pk", "name", "region__level")
        if not name.startswith("各") or means(name, level or "", found.name, found.level)
    )


def answered_for_body(body: int, on: date) -> frozenset[int]:
    """As ``answered_for``, of a body in its own region; of what is no body, nothing. 2 queries, 5 for a government."""
    found = Body.objects.filter(pk=body).first()
    return answered_for(body, found.name, found.region_id, on) if found else frozenset()


def answered_for(body: int, name: str, region: str | None, on: date, *, is_heir: bool = True) -> frozenset[int]:
    """The body, all that had become it by that day, and where it governs a region whatever means that government.

    ``region`` is that in which the body acts: its own, or one below that bears its name. ``is_heir`` False: it is known
    that nothing ever became it. 1 query, 4 for a government; one less where it is no heir.
    """
    own = bodies_answered_for(body, on) if is_heir else frozenset({body})
    if region is None or not any(name.endswith(tail) for tail in _TAILS if tail) or is_collective(name):
        return own
    here = Region.objects.filter(Q(pk=region) | Q(path__contains=f"{SEPARATOR}{region}{SEPARATOR}"))
    governed = here.filter(name__in=governed_by(name)).values_list("pk", flat=True).first()
    return own | governing(governed) if governed else own
