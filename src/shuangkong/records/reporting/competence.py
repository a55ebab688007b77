"""谁管哪张表: whose business a form is: its owner's, and of statistics the statistics office's beside it.

Statistics of single units are closed: who is not concerned with them neither reads them nor decides on them (Statistics
Law). What a department tells of its region names no unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from django.db.models import Q

from shuangkong.records.people.access import TakingPart, Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Matter
from shuangkong.records.reporting.verification.giving import returns_given
from shuangkong.reporting.forms.model import Form, SubjectKind
from shuangkong.rulebook import Rulebook, open_rulebook

#: The word of competences.csv for the statistics office.
_STATISTICS = "statistics"
_OF_PLACES = frozenset({SubjectKind.REGION, SubjectKind.DEPARTMENT})
#: Of a form that names no owner, or is in force nowhere any more.
_NOBODYS = Matter()


def matter_of(form: str) -> Matter:
    """Whose business the returns of a form are."""
    return _matters(open_rulebook()).get(form, _NOBODYS)


def forms_by_matter() -> Mapping[Matter, frozenset[str]]:
    """Matter → forms of it; those that are nobody's are left out."""
    found: dict[Matter, set[str]] = defaultdict(set)
    for form, matter in _matters(open_rulebook()).items():
        found[matter].add(form)
    return {matter: frozenset(forms) for matter, forms in found.items()}


def by_matter(column: str) -> Mapping[Matter, Q]:
    """Matter → the condition that a column names a form of it."""
    return {matter: Q(**{f"{column}__in": sorted(forms)}) for matter, forms in forms_by_matter().items()}


def decided_by(acting: Acting, action: Action, through: str = "") -> Q:
    """The condition on rows that hang on a return, ``through`` the column that names it ("" the return itself), that
    it is of a place and form for which a person may do an action; as a unit nobody does."""
    before = f"{through}__" if through else ""
    given: TakingPart = lambda bodies: Q(**{f"{before}pk__in": returns_given(bodies)})  # noqa: E731
    return visible(acting, action, f"{before}path", matters=by_matter(f"{before}form"), given=given)


def done_where_one_is(acting: Acting, action: Action) -> Q:
    """The condition that a return is of a form with which a person may do an action at the own place."""
    here = acting.paths[0] if acting.paths else ""
    barred = [
        form
        for matter, forms in forms_by_matter().items()
        if not may(acting, action, Where(here, acting.bodies, matter))
        for form in forms
    ]
    if not may(acting, action, Where(here, acting.bodies, _NOBODYS)):
        return Q(form__in=sorted(_matters(open_rulebook()).keys() - set(barred)))
    return ~Q(form__in=sorted(barred)) if barred else Q()


def _matter(form: Form) -> Matter:
    if not form.owner:
        return _NOBODYS
    words = (form.owner, _STATISTICS) if form.is_statistical else (form.owner,)
    return Matter(words, is_closed=form.is_statistical and form.subject not in _OF_PLACES)


@cache
def _matters(book: Rulebook) -> Mapping[str, Matter]:
    """Form → whose it is, as it was last; the nation's word goes before that of a place."""
    return {form.id: _matter(form) for form in _forms(book)}


def _forms(book: Rulebook) -> Iterator[Form]:
    for layer in book.layers_of_places():
        yield from (forms[-1] for forms in book.forms(layer).over_time.values())
    yield from (forms[-1] for forms in book.forms().over_time.values())
