"""问能不能批: the form in which a project is told, and the project that it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuangkong.core.restriction import Equipment, Project, Restriction, ScopeKind
from shuangkong.records.assessment.years.store import subject_names
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.assessment.accountability.words import CODES, SCOPES
from shuangkong.web.plans.tasks.framed import number_of
from shuangkong.web.site.words import spoken

#: What the place itself tells.
_OF_PLACE = (ScopeKind.REGION, ScopeKind.PREFECTURE)
NONE = "none"
#: A class is written with the letter of its section before it (C3011); the list of industries has it without.
_SECTIONS = "ABCDEFGHIJKLMNOPQRST"


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of scope that the restrictions ask about; ``told`` what was ticked."""

    kind: str
    label: Any
    options: tuple[tuple[str, Any], ...]
    told: tuple[str, ...]


def project_of(form: QueryDict | Mapping[str, Any], within: frozenset[str]) -> Project:
    """The project that a form tells of.

    Raises:
        Refused: TSK-109 a capacity that is no number; ASM-561 one that is not positive; ASM-562 something is ticked of
            a kind, and that there is none.
    """
    at: dict[ScopeKind, frozenset[str]] = {ScopeKind.REGION: within, ScopeKind.PREFECTURE: within}
    for kind in ScopeKind:
        told = _told(form, kind.value)
        if NONE in told and len(told) > 1:
            zh = f"{SCOPES[kind]}里勾了“都不是”，就不能再勾别的。请改一处。"
            raise Refused("ASM-562", zh, "“None of these” is ticked beside others: choose one of the two.", kind.value)
        if kind not in _OF_PLACE and told:
            at[kind] = frozenset(told) - {NONE}
    sorts, name = _told(form, ScopeKind.EQUIPMENT.value), str(form.get("project", "")).strip()
    if not sorts:
        return Project(name, at)
    capacity = number_of(str(form.get("capacity", "")), "capacity")
    if capacity is not None and capacity <= 0:
        raise Refused("ASM-561", "容量应大于 0。", "A capacity is more than 0.", "capacity")
    figures: dict[str, Decimal] = {} if capacity is None else {"capacity": capacity}
    return Project(name, at, tuple(Equipment(sort, figures) for sort in sorts if sort != NONE))


def asked_of(known: Iterable[Restriction], form: QueryDict) -> list[Asked]:
    """The kinds of scope that restrictions speak of, each with its codes."""
    codes: dict[ScopeKind, set[str]] = {}
    for each in known:
        for term in (*each.scope, *each.exempt):
            if term.kind not in _OF_PLACE:
                codes.setdefault(term.kind, set()).update(term.codes)
    words = words_of(codes)
    return [
        Asked(
            kind.value,
            SCOPES[kind],
            (*((code, words.get(code, code)) for code in sorted(codes[kind])), (NONE, _("都不是"))),
            tuple(_told(form, kind.value)),
        )
        for kind in ScopeKind
        if kind in codes
    ]


def _told(form: QueryDict | Mapping[str, Any], key: str) -> list[str]:
    return form.getlist(key) if isinstance(form, QueryDict) else list(form.get(key, ()))


def words_of(codes: Mapping[ScopeKind, set[str]]) -> dict[str, Any]:
    """Code → its word: of industries, pollutants, enterprises and parks as they are called. At most 1 query."""
    book = open_rulebook()
    industries, pollutants = book.industries(), book.accounting().pollutants
    words: dict[str, Any] = dict(CODES)
    for code in codes.get(ScopeKind.SECTOR, ()):
        found = industries.get(code) or industries.get(code.lstrip(_SECTIONS))
        words[code] = f"{code} {found.name}" if found else code
    for code in codes.get(ScopeKind.POLLUTANT, ()):
        words[code] = spoken(pollutants[code].name) if code in pollutants else code
    named = {code for kind in (ScopeKind.UNIT, ScopeKind.PARK) for code in codes.get(kind, ())}
    return words | (subject_names(named) if named else {})
