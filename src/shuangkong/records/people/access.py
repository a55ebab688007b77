"""The one small set of access functions. Every view, export and API call asks here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

from django.db.models import Q

from shuangkong.records.paths import SEPARATOR, below, is_below
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Matter, Reach, matrix
from shuangkong.records.refusal import Refused


class Forbidden(Refused):
    """The person may not do this there."""


#: Bodies → the condition on a query that one of them takes part.
type TakingPart = Callable[[frozenset[int]], Q]
#: Bodies → whether a thing is given to one of them to look into; asked only of those whom the table gives no more.
type Given = Callable[[frozenset[int]], bool]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a thing is: the path of its region ("" for none), and the bodies that take part in it; ``matter`` whose
    business it is, None where it is of no one; ``given`` whether it is given to bodies, None where it is to nobody."""

    path: str
    bodies: frozenset[int] = field(default=frozenset())
    matter: Matter | None = None
    given: Given | None = field(default=None, compare=False)


def may(acting: Acting, action: Action, where: Where | None = None) -> bool:
    """Whether a person may do an action there; anywhere at all where no place is given."""
    far = _far(acting, action, where.matter if where else None)
    if where is None:
        return far is not Reach.NONE
    return _MAY[far](acting, where)


def require(acting: Acting, action: Action, where: Where | None = None) -> None:
    """Raises Forbidden, which says what the person acts as and whom to ask."""
    if not may(acting, action, where):
        if where is not None and where.matter is not None and may(acting, action, replace(where, matter=None)):
            owners = "、".join(where.matter.words[:1]) or "—"
            raise Forbidden(
                "PPL-203",
                f"此事由归口“{owners}”的部门办理，{acting.body_name or acting.role.value}不是。请转给它办。",
                f"This belongs to the department in charge of “{owners}”, which you do not act for. Pass it on.",
            )
        raise Forbidden(
            "PPL-201",
            f"以当前身份（{acting.body_name or acting.role.value}）不能办理此事。请切换身份，或请管理员授权。",
            f"Acting as {acting.role.value} you may not do this. Switch, or ask the administrator.",
        )


def visible(
    acting: Acting,
    action: Action,
    path: str = "path",
    body: str | TakingPart | None = None,
    matters: Mapping[Matter, Q] | None = None,
    given: TakingPart | None = None,
) -> Q:
    """The condition on a query that leaves what a person may see.

    ``path`` names the column of the region's path; ``body`` that of a taking-part body, or makes the condition that
    one of some bodies takes part. Where a thing has no bodies, OWN sees nothing. ``matters``: matter → condition on the
    things of it, where things of many are asked for; what meets none of them is nobody's business. ``given`` makes the
    condition that a thing is given to one of some bodies; without it GIVEN sees nothing.
    """
    if given is not None and _far(acting, action, None) is Reach.GIVEN:
        return given(acting.bodies) if acting.bodies else _NOTHING
    if matters is None:
        return _reached(acting, _far(acting, action, None), path, body)
    rest = _far(acting, action, Matter())
    apart: dict[Reach, list[Q]] = {}
    for matter, things in matters.items():
        if (far := _far(acting, action, matter)) is not rest:
            apart.setdefault(far, []).append(things)
    elsewhere = _reached(acting, rest, path, body)
    if not apart:
        return elsewhere
    parts = [(reduce(or_, things), _reached(acting, far, path, body)) for far, things in apart.items()]
    others = elsewhere if elsewhere == _NOTHING else elsewhere & ~reduce(or_, (things for things, _ in parts))
    return reduce(or_, (things & there for things, there in parts), others)


def _reached(acting: Acting, far: Reach, path: str, body: str | TakingPart | None) -> Q:
    if far is Reach.ALL:
        return Q()
    own = _taking_part(body, acting.bodies) if body and acting.bodies else _NOTHING
    if far is Reach.OWN:
        return own
    if far is Reach.HERE:
        return Q(**{f"{path}__in": acting.paths}) if acting.paths else _NOTHING
    if far in (Reach.BELOW, Reach.BELOW_OWN):
        also = [own] if far is Reach.BELOW_OWN else []
        return _any([*(below(each, path) for each in acting.paths), *also])
    if far is Reach.LINE:
        above = [each for path_ in acting.paths for each in _above(path_)]
        return _any([*(below(each, path) for each in acting.paths), Q(**{f"{path}__in": above})])
    return _NOTHING


def _taking_part(body: str | TakingPart, bodies: frozenset[int]) -> Q:
    return Q(**{f"{body}__in": bodies}) if isinstance(body, str) else body(bodies)


def _far(acting: Acting, action: Action, matter: Matter | None) -> Reach:
    """How far the role goes; nowhere where that by which the person acts (a token) does not cover the action."""
    if not acting.covers(action):
        return Reach.NONE
    return matrix()[acting.role, action].of(acting.body_name, action, matter, acting.charges)


#: A condition that no row meets.
_NOTHING = Q(pk__in=())


def _any(conditions: Iterable[Q]) -> Q:
    """Any of the conditions; an empty one among them means everything."""
    every = list(conditions)
    return Q() if any(not each for each in every) else reduce(or_, every, _NOTHING)


def _above(path: str) -> list[str]:
    """Paths of the places above one: "/a/b/c/" is below "/a/b/" and "/a/"."""
    codes = path.strip(SEPARATOR).split(SEPARATOR)
    return [SEPARATOR + SEPARATOR.join(codes[:count]) + SEPARATOR for count in range(1, len(codes))]


def _is_under(acting: Acting, where: Where) -> bool:
    return bool(where.path) and any(is_below(where.path, path) for path in acting.paths)


def _is_in_line(acting: Acting, where: Where) -> bool:
    return _is_under(acting, where) or any(where.path in _above(path) for path in acting.paths)


_MAY: Mapping[Reach, Callable[[Acting, Where], bool]] = {
    Reach.NONE: lambda acting, where: False,
    Reach.OWN: lambda acting, where: bool(acting.bodies & where.bodies),
    Reach.HERE: lambda acting, where: where.path in acting.paths,
    Reach.GIVEN: lambda acting, where: where.given is not None and bool(acting.bodies) and where.given(acting.bodies),
    Reach.BELOW: _is_under,
    Reach.BELOW_OWN: lambda acting, where: _is_under(acting, where) or bool(acting.bodies & where.bodies),
    Reach.LINE: _is_in_line,
    Reach.ALL: lambda acting, where: True,
}
