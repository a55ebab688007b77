"""一数一源的检查: which figures several forms of a layer tell of the same, without a word which of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from shuangkong.core.fact import Measure
from shuangkong.core.finding import Finding
from shuangkong.policyfile import node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain
from shuangkong.policyfile.refusal import refuse
from shuangkong.reporting.forms.book import FOLDER, forms_of
from shuangkong.reporting.forms.model import Form, SubjectKind
from shuangkong.reporting.forms.ranking import is_ranked

#: Indicator, measure, and of whom: what two forms have in common where they tell one figure.
type _Key = tuple[str, Measure, str]


def check_shared(folder: PolicyFolder) -> Iterator[Finding]:
    """Figures that two forms of a layer, in force on one day, tell of the same: of regions ``after`` says which of them
    stands; of others there is no such word, and one of the two must not tell it."""
    told: dict[Finding, None] = {}
    for layer in folder.layers:
        if layer not in folder.drafts:
            told |= dict.fromkeys(_check_layer(folder, layer))
    yield from told


def _check_layer(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    over_time = forms_of(folder, layer)
    keys = {(form.id, form.edition): _told(form) for forms in over_time.values() for form in forms}
    for day in sorted({form.validity.starts for forms in over_time.values() for form in forms}):
        by_key: dict[_Key, list[Form]] = defaultdict(list)
        for forms in over_time.values():
            for form in forms:
                if form.holds_on(day):
                    for key in keys[form.id, form.edition]:
                        by_key[key].append(form)
        for key, forms_ in by_key.items():
            for one, other in combinations(forms_, 2):
                if not _is_settled(one, other, key):
                    yield _refused(folder, layer, one, other, key)


def _told(form: Form) -> frozenset[_Key]:
    own = "region" if form.subject is SubjectKind.REGION else form.subject.value
    subjects = {"self": own, "key_region": "region", "key_sector": "sector"}
    flows = (each.fact for each in form.fields.values())
    return frozenset(
        (flow.indicator, flow.measure, subjects.get(flow.subject, flow.subject)) for flow in flows if flow is not None
    )


def _is_settled(one: Form, other: Form, key: _Key) -> bool:
    indicator, _, subject = key
    if subject == "region":
        return is_ranked(one, other, indicator)
    # Reporters of other scopes are others.
    return bool(one.scopes and other.scopes) and set(one.scopes).isdisjoint(other.scopes)


def _refused(folder: PolicyFolder, layer: str, one: Form, other: Form, key: _Key) -> Finding:
    """Told where the lower layer writes it."""
    at = {each: index for index, each in enumerate(chain(folder, layer))}
    places = {form.id: _place(folder, at, form.id, key[0]) for form in (one, other)}
    first, second = sorted((one, other), key=lambda form: (places[form.id][0], form.id))
    code = "POL-078" if key[2] == "region" else "POL-079"
    return refuse(code, places[first.id][1], found=first.id, other=second.id, indicator=key[0])


def _place(folder: PolicyFolder, at: Mapping[str, int], form: str, indicator: str) -> tuple[int, node.Place]:
    """(how far above the layer, where) a form says that it tells an indicator, in the lowest layer that does."""
    for layer, index in at.items():
        name = f"{layer}/{FOLDER}/{form}.yaml"
        record = folder.check(name).node if folder.has(name) else None
        if not isinstance(record, node.Mapping):
            continue
        for part in ("versions", "additions"):
            for item in record.listing(part).mappings():
                for fact in item.listing("facts").mappings():
                    if fact.text("indicator") == indicator:
                        return index, fact.entries["indicator"].place
    return len(at), node.Place(form, 1)
