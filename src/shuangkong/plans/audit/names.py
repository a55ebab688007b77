"""单位名称: body names that look like misprints of others in the same document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.reading import Body, Role

#: How many times as frequent a name makes another one rare, and how long names are that one character marks a slip.
_RARE, _LONG = 3, 5
#: A character that makes another body of a name.
_TELLING = frozenset("分支总各市县区镇乡省州国地")


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


def _is_slip(rare: str, usual: str, *, tied: bool) -> bool:
    """Whether one character alone makes two names a slip of each other, however often each stands.

    Of names equally frequent the one with a character doubled is the slip, else the one that lacks a character. Names
    that differ at an end, or by a character that makes another body (分局), are left alone.
    """
    if rare[0] != usual[0] or rare[-1] != usual[-1] or max(len(rare), len(usual)) < _LONG:
        return False
    if len(rare) == len(usual):
        return not tied or any(a == b != c for a, b, c in zip(rare, rare[1:], usual[1:], strict=False))
    longer, shorter = (rare, usual) if len(rare) > len(usual) else (usual, rare)
    at = next((at for at, sign in enumerate(shorter) if sign != longer[at]), len(shorter))
    is_doubled = longer[at] == longer[at - 1]
    return longer[at] not in _TELLING and (not tied or (rare == longer) is is_doubled)


def abbreviates(rare: str, usual: str) -> bool:
    """Whether ``rare`` keeps some characters of ``usual`` in order, the ends among them (市交通局, 市交通运输局)."""
    if len(usual) - len(rare) < 2 or len(rare) < 3 or rare[:2] != usual[:2] or rare[-1] != usual[-1]:
        return False
    rest = iter(usual)
    return all(sign in rest for sign in rare)


def _pairs(context: Context) -> Iterator[tuple[str, list[Body], str, int]]:
    """(rare name, its places, usual name, how often the usual one occurs) for names no more frequent than others."""
    found = _bodies(context)
    for rare, places in found.items():
        for usual, others in found.items():
            if usual != rare and len(others) >= len(places):
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
        is_rare = count >= _RARE * len(places)
        if lost_or_doubled(rare, usual) and (is_rare or _is_slip(rare, usual, tied=count == len(places))):
            yield _hit(context, rare, places, usual, count)


def name_abbreviated(context: Context) -> Iterator[Hit]:
    """同一单位简称与全称混用."""
    for rare, places, usual, count in _pairs(context):
        is_rare = count >= _RARE * len(places) or usual[:-1].startswith(rare[:-1])
        if is_rare and abbreviates(rare, usual) and not lost_or_doubled(rare, usual):
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
