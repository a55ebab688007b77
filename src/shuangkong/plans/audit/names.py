"""单位名称: body names that look like misprints of others in the same document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.reading import Body, Role


def _bodies(context: Context) -> dict[str, list[Body]]:
    found: dict[str, list[Body]] = defaultdict(list)
    for item in context.reading.items:
        for body in item.bodies:
            found[tidy(body.name)].append(body)
    return found


def lost_or_doubled(rare: str, usual: str) -> bool:
    """Whether ``rare`` is ``usual`` with one character lost or added, or with one replaced by its neighbour's double.

    Other replacements are left alone: 国税局 and 地税局, 水务局 and 商务局 are different bodies.
    """
    if min(len(rare), len(usual)) < 4:
        return False
    if abs(len(rare) - len(usual)) == 1:
        shorter, longer = sorted((rare, usual), key=len)
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    if len(rare) != len(usual):
        return False
    changed = [at for at in range(len(rare)) if rare[at] != usual[at]]
    if len(changed) != 1:
        return False
    at = changed[0]
    return rare[at] in (rare[at - 1 : at] or "", rare[at + 1 : at + 2])


def abbreviates(rare: str, usual: str) -> bool:
    """Whether ``rare`` keeps some characters of ``usual`` in order, the ends among them (市交通局, 市交通运输局)."""
    if len(usual) - len(rare) < 2 or len(rare) < 3 or rare[:2] != usual[:2] or rare[-1] != usual[-1]:
        return False
    rest = iter(usual)
    return all(sign in rest for sign in rare)


def _pairs(context: Context) -> Iterator[tuple[str, list[Body], str, int]]:
    """(rare name, its places, usual name, how often the usual one occurs) for names at least three times rarer."""
    found = _bodies(context)
    for rare, places in found.items():
        for usual, others in found.items():
            if usual != rare and len(others) >= 3 * len(places):
                yield rare, places, usual, len(others)


def _hit(context: Context, rare: str, places: list[Body], usual: str, count: int) -> Hit:
    spans: tuple[Span, ...] = tuple(body.span for body in places)
    return Hit(
        place="、".join(dict.fromkeys(context.place_at(span) for span in spans)),
        spans=spans,
        facts={"found": rare, "expected": usual, "times": str(len(places)), "others": str(count)},
        ground=f"{rare} ×{len(places)}; {usual} ×{count}",
    )


def name_misprinted(context: Context) -> Iterator[Hit]:
    """疑似错字的单位名."""
    for rare, places, usual, count in _pairs(context):
        if lost_or_doubled(rare, usual):
            yield _hit(context, rare, places, usual, count)


def name_abbreviated(context: Context) -> Iterator[Hit]:
    """同一单位简称与全称混用."""
    for rare, places, usual, count in _pairs(context):
        if abbreviates(rare, usual) and not lost_or_doubled(rare, usual):
            yield _hit(context, rare, places, usual, count)


def body_twice(context: Context) -> Iterator[Hit]:
    """同一条内单位重复: named twice in one bracket, or both as lead and as participant."""
    for item in context.reading.items:
        places: dict[str, list[Body]] = defaultdict(list)
        for body in item.bodies:
            if body.role is not Role.STANDING:
                places[tidy(body.name)].append(body)
        for name, bodies in places.items():
            if len({body.span for body in bodies}) > 1:
                spans = tuple(body.span for body in bodies)
                yield Hit(item.no, spans, {"body": name, "count": str(len(bodies))})
