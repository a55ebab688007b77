"""一数一源: of one figure of a region that several forms tell, the one whose figure stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from shuangkong.reporting.forms.model import Form, SubjectKind

#: Of whom a fact is that units tell of regions: of their own, of the one that a row names.
OF_REGIONS = frozenset({"region", "key_region"})


def outranks(form: Form, other: Form, indicator: str) -> bool:
    """Whether what ``form`` tells of a region stands in place of what ``other`` tells.

    As either of them says (``after``); else statistics stand before what administrations hold. Where policy is silent
    the first by id, so that one of the two stands all the time.
    """
    if other.id in _after(form, indicator):
        return False
    if form.id in _after(other, indicator):
        return True
    if form.is_statistical != other.is_statistical:
        return form.is_statistical
    return form.id < other.id


def is_ranked(form: Form, other: Form, indicator: str) -> bool:
    """Whether policy says which of the two stands: one of them by ``after``."""
    return (form.id in _after(other, indicator)) != (other.id in _after(form, indicator))


def _after(form: Form, indicator: str) -> frozenset[str]:
    told = (each.fact for each in form.fields.values())
    return frozenset(
        before for fact in told if fact is not None and fact.indicator == indicator for before in fact.after
    )


def of_regions(form: Form) -> frozenset[str]:
    """Indicators that a form tells of regions."""
    subjects = OF_REGIONS | ({"self"} if form.subject is SubjectKind.REGION else set())
    told = (each.fact for each in form.fields.values())
    return frozenset(fact.indicator for fact in told if fact is not None and fact.subject in subjects)


def names_regions(form: Form) -> bool:
    """Whether whoever fills it in tells of regions that its rows name, wherever it lies itself."""
    return any(field.fact is not None and field.fact.subject == "key_region" for field in form.fields.values())


def contested(forms: Iterable[Form]) -> frozenset[str]:
    """Indicators that more than one of some forms tells of regions."""
    told = Counter(indicator for form in forms for indicator in of_regions(form))
    return frozenset(indicator for indicator, count in told.items() if count > 1)
