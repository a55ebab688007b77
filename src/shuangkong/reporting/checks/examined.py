"""检查目录的核对: what of the catalogue of checks cannot be used, as a check of the whole policy folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from shuangkong.core.dated import NotInForce, Parameter
from shuangkong.core.finding import Finding, Severity
from shuangkong.policyfile import books
from shuangkong.policyfile.effect import files_in_force
from shuangkong.policyfile.expression import ExpressionRefused, parse
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.node import Listing, Place, as_mapping, walk
from shuangkong.policyfile.node import Mapping as Node
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.reporting.checks.book import CHECKS, STRICTER, families, laxer, limit_of, rule_of
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.meeting import never_meeting
from shuangkong.reporting.checks.methods import EXPRESSIONS, LIMITS, METHODS
from shuangkong.reporting.checks.reference import ReferenceRefused, parse_reference
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.forms.book import FormBook, form_book


def parameter_of(folder: PolicyFolder, files: Mapping[str, str], id: str) -> Parameter | None:  # noqa: A002
    """A parameter of the files in force in a layer; None where there is none."""
    file = files.get(f"{id}.yaml")
    return None if file is None else books.parameter(folder, file)


def check_catalogue(folder: PolicyFolder) -> Iterator[Finding]:
    """What is wrong with the checks of returns of every layer."""
    seen: dict[str, str] = {}
    for layer in folder.layers:
        if layer in folder.drafts:
            continue
        try:
            forms = form_book(folder, layer)
        except PolicyRefused:
            continue  # the forms say themselves what is wrong with them
        examiner = _Examiner(folder, layer, forms)
        for name in folder.names_in(layer, CHECKS):
            read = folder.check(name)
            if isinstance(read.node, Node) and not read.findings:
                yield from examiner.family(name, read.node, seen)
        yield from _check_stricter(folder, layer)


class _Examiner:
    def __init__(self, folder: PolicyFolder, layer: str, forms: FormBook) -> None:
        self.folder, self.layer, self.forms = folder, layer, forms
        self.parameters = partial(parameter_of, folder, files_in_force(folder, layer))

    def family(self, name: str, record: Node, seen: dict[str, str]) -> Iterator[Finding]:
        cases = self._cases(name)
        for item in record.listing("checks").mappings():
            rule = rule_of(item, record, books.id_of(name), self.layer)
            if rule.code in seen:
                yield refuse("POL-026", item.place, found=rule.code, first=seen[rule.code])
            seen.setdefault(rule.code, str(item.place))
            yield from self._cased(rule, item.place, cases, name)
            found = list(self._rule(rule, item.place))
            yield from found or self._on_forms(rule, item.place)

    def _cases(self, name: str) -> dict[str, frozenset[str]]:
        """``trips`` and ``passes`` → the codes that some case beside the file names there."""
        file = name.replace(".yaml", ".cases.yaml")
        node = self.folder.check(file).node if self.folder.has(file) else None
        found: dict[str, set[str]] = {"trips": set(), "passes": set()}
        if isinstance(node, Listing):
            for path, leaf in walk(node):
                for key in found.keys() & set(path):
                    found[key].add(str(leaf.value))
        return {key: frozenset(codes) for key, codes in found.items()}

    def _cased(self, rule: Rule, place: Place, cases: Mapping[str, frozenset[str]], name: str) -> Iterator[Finding]:
        beside = self.folder.shown(name.replace(".yaml", ".cases.yaml"))
        for key, zh, en in (("trips", "查出它的", "trips"), ("passes", "通过它的", "passes")):
            if rule.code not in cases[key]:
                yield refuse("POL-074", place, check=rule.code, lacking=zh, lacking_en=en, beside=beside)

    def _rule(self, rule: Rule, place: Place) -> Iterator[Finding]:
        """What is wrong with it whatever the form."""
        said = partial(_said, rule, place)
        if rule.method not in METHODS:
            yield said(rule.method, "方法", "a method", METHODS)
            return
        for lacking in LIMITS.get(rule.method, frozenset()) - rule.limits.keys():
            yield said("—", f"界限 {lacking}", f"the limit {lacking}", rule.limits)
        if (key := EXPRESSIONS.get(rule.method)) and not getattr(rule, key):
            yield said("—", f"算式 {key}", f"the expression {key}", ())
        for text in (rule.rule, rule.when, rule.value, *rule.show.values()):
            try:
                names = parse(text).names if text else ()
            except ExpressionRefused as refused:
                yield refused.finding(place)
                continue
            for name in names:
                reference = rule.names.get(name, name)
                try:
                    parse_reference(reference)
                except ReferenceRefused:
                    yield said(reference, "栏目或来源", "a field or a place to look", ())
        for name, limit in rule.limits.items():
            if rule.severity is Severity.MUST_FIX and not all(value.is_verified for value in limit.parameter.values):
                yield refuse("POL-076", place, check=rule.code, found=name)
        for form in rule.forms:
            if form not in self.forms.over_time:
                yield said(form, "报表", "a form", self.forms.over_time)

    def _on_forms(self, rule: Rule, place: Place) -> Iterator[Finding]:
        """Of every form that it names it has something to judge, on every day of the form."""
        for id in rule.forms:  # noqa: A001 - the word of the field
            for form in self.forms.over_time[id]:
                day = max(form.validity.starts, rule.validity.starts)
                if not form.holds_on(day) or not rule.validity.holds_on(day):
                    continue
                law = Law(form, day, {each.id: each for each in self.forms.on(day)}, self.parameters)
                try:
                    ready = tuple(METHODS[rule.method](rule, law))
                except NotInForce:
                    yield _said(rule, place, str(day), "有界限生效的日子", "a day on which its limits are in force", ())
                    continue
                if not ready:
                    yield _said(rule, place, id, "有所指栏目的报表", "a form with the fields it names", ())
                for found in never_meeting(rule, law):
                    yield refuse("POL-080", place, check=rule.code, found=found, form=id)


def _said(rule: Rule, place: Place, found: str, zh: str, en: str, known: object) -> Finding:
    hint = nearness(nearest(found, known)) if isinstance(known, Mapping) else nearness(None)
    return refuse("POL-073", place, check=rule.code, found=found, expected=zh, expected_en=en, **hint)


def _check_stricter(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    """What a layer says of checks above it makes them stricter, and they are there."""
    names = [name for name in folder.names_in(layer, STRICTER) if not folder.check(name).findings]
    if not names:
        return
    above = as_mapping(folder.require(f"{layer}/layer.yaml")).text("parent")
    held = {rule.code: rule for each in families(folder, above) for rule in each.rules} if above else {}
    for name in names:
        for item in as_mapping(folder.require(name)).listing("checks").mappings():
            code = item.text("code")
            if code not in held:
                words = {"expected": "上级的检查", "expected_en": "a check of a layer above"}
                yield refuse("POL-073", item.place, check=code, found=code, **words, **nearness(nearest(code, held)))
                continue
            yield from _laxer(item, held[code])


def _laxer(item: Node, rule: Rule) -> Iterator[Finding]:
    order = list(Severity)
    if order.index(Severity(item.text("severity", rule.severity))) > order.index(rule.severity):
        yield refuse("POL-075", item.place, check=rule.code, found="severity", upper=rule.severity)
    for name, told in item.mapping("limit").entries.items() if "limit" in item else ():
        if name not in rule.limits:
            yield refuse("POL-075", item.place, check=rule.code, found=name, upper="—")
            continue
        for found in laxer(limit_of(f"{rule.code}/{name}", as_mapping(told)), rule.limits[name]):
            upper = "、".join(f"{value.number:f}" for value in rule.limits[name].parameter.values)
            yield refuse("POL-075", told.place, check=rule.code, found=f"{name} {found}", upper=upper)
