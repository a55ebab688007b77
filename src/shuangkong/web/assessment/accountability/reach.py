"""限到哪里: what a suspension is about in words, what it leaves free, and its first and last day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from shuangkong.assessment.consequence import restriction_of
from shuangkong.core.restriction import Relation, Restriction, ScopeKind, Term
from shuangkong.records.assessment.accountability.restricting import restriction_from
from shuangkong.records.assessment.accountability.rows import ConsequenceRow, EventRow
from shuangkong.web.assessment.accountability.asking import words_of
from shuangkong.web.assessment.accountability.words import SCOPES

_SIGNS = {Relation.BELOW: "＜", Relation.AT_MOST: "≤", Relation.AT_LEAST: "≥"}


@dataclass(frozen=True, slots=True)
class Reach:
    """``scope``: all of it must be met; ``exempt``: what is free; ``starts`` None: not carried out yet.

    ``until``: the last day, of its document or before it was lifted; None: until it is lifted.
    """

    scope: tuple[str, ...]
    exempt: tuple[str, ...]
    starts: date | None
    until: date | None


def reach_of(row: ConsequenceRow, happened: Iterable[EventRow]) -> Reach | None:
    """Of a suspension, as the page's language has it; None of any other act. At most 1 query."""
    if row.act.suspension is None:
        return None
    carried = restriction_from(row, happened)
    made = carried or restriction_of(row.rule, row.act.suspension, row.subject, row.on, row.missed)
    terms, codes = (*made.scope, *made.exempt), dict[ScopeKind, set[str]]()
    for term in terms:
        codes.setdefault(term.kind, set()).update(term.codes - {row.subject.code})
    names = {str(code): str(word) for code, word in words_of(codes).items()} | {row.subject.code: row.subject_name}
    return Reach(
        tuple(_said(term, names) for term in made.scope),
        tuple(_said(term, names) for term in made.exempt),
        carried.validity.starts if carried else None,
        _last_day(made),
    )


def _last_day(made: Restriction) -> date | None:
    lifted = made.lifting.on - timedelta(days=1) if made.lifting else None
    return min(filter(None, (made.validity.until, lifted)), default=None)


def _said(term: Term, names: dict[str, str]) -> str:
    said, bound = _("、").join(names.get(code, code) for code in sorted(term.codes)), term.threshold
    if bound is not None:
        said = f"{said}（{_SIGNS[bound.relation]} {bound.bound:f} {bound.unit}）"
    return _("%(kind)s为%(codes)s") % {"kind": SCOPES[term.kind], "codes": said}
