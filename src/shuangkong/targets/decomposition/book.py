"""分解办法文件 → 办法: what the policy files say, checked; and the cases beside them, each of which must hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.dated import Validity
from shuangkong.core.fact import Subject
from shuangkong.core.finding import Finding
from shuangkong.plans.reading import Kind, Op
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import starts_of
from shuangkong.targets.decomposition.methods import METHODS
from shuangkong.targets.decomposition.placing import Residual
from shuangkong.targets.decomposition.rule import Aspect, Criterion, Rule, Weighting
from shuangkong.targets.decomposition.sharing import decompose
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Receiver, Task
from shuangkong.targets.target import Extent, Target

FOLDER, ROOM = "targets/decomposition", "targets"
_CASES = ".cases.yaml"
#: Kinds whose stricter value is the smaller one, so that a case need not say so.
_CAPS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP})


def decomposition_rules(folder: PolicyFolder, layer: str) -> dict[str, Rule]:
    """Id → way of sharing out in force in a layer; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), FOLDER)
    findings: list[Finding] = []
    found = {}
    for key, name in sorted(names.items()):
        record = node.as_mapping(folder.require(name))
        findings.extend(_check_rule(record))
        found[key] = rule_of(key, record)
    if findings:
        raise PolicyRefused(tuple(findings))
    return found


def check_decompositions(folder: PolicyFolder) -> Iterator[Finding]:
    """Methods that there are not, weights without sense, ways without cases and cases that fail."""
    for layer in folder.layers:
        for name in folder.names_in(layer, FOLDER):
            read = folder.check(name)
            if not isinstance(read.node, node.Mapping) or read.findings:
                continue
            findings = tuple(_check_rule(read.node))
            yield from findings
            cases = name.replace(".yaml", _CASES)
            if not folder.has(cases):
                yield refuse("POL-034", read.node.place, found=cases)
            elif not findings:
                yield from _check_cases(folder, rule_of(books.id_of(name), read.node), cases)


def rule_of(key: str, record: node.Mapping) -> Rule:
    residual = record.mapping("residual")
    return Rule(
        id=key,
        name=books.message(record.mapping("name")),
        method=record.text("method"),
        validity=Validity(starts_of(record), record.day("until")),
        criteria=tuple(_criterion(item) for item in record.listing("criteria").mappings()),
        weighting=Weighting(record.text("weighting", Weighting.STATED)),
        spread=_number(record, "spread") or Decimal(0),
        quantile=_number(record, "quantile"),
        added=Residual(residual.text("added")),
        weighed=Residual(residual.text("weighed")),
        source=record.text("source"),
        at=record.text("at"),
        is_verified=record.flag("verified", default=False),
        place=str(record.place),
    )


def _criterion(item: node.Mapping) -> Criterion:
    return Criterion(
        id=item.text("id"),
        name=books.message(item.mapping("name")),
        aspect=Aspect(item.text("aspect")),
        more=item.text("direction") == "more",
        weight=_number(item, "weight"),
    )


def _check_rule(record: node.Mapping) -> Iterator[Finding]:
    method = record.text("method")
    if method not in METHODS:
        hint = nearness(nearest(method, METHODS))
        yield refuse("POL-051", record.entries["method"].place, found=method, known=", ".join(METHODS), **hint)
    rule = rule_of("", record)
    stated = [each.weight for each in rule.criteria]
    is_stated = rule.weighting is Weighting.STATED and rule.criteria
    if is_stated and (None in stated or sum(each for each in stated if each is not None) != 1):
        yield _expected(record, "criteria", "各 weight 之和为 1", "weights that come to 1", stated)
    if rule.criteria and not 0 < rule.spread <= 1:
        yield _expected(record, "criteria", "spread 大于 0、不超过 1", "a spread above 0, at most 1", rule.spread)
    if method == "score" and not rule.criteria:
        yield _expected(record, "method", "criteria", "criteria", "—")
    if rule.quantile is not None and not 0 < rule.quantile <= 1:
        yield _expected(record, "quantile", "大于 0、不超过 1", "above 0, at most 1", rule.quantile)


def _expected(record: node.Mapping, key: str, zh: str, en: str, found: object) -> Finding:
    return refuse("POL-018", record.entries[key].place, expected=zh, expected_en=en, found=found)


def _number(record: node.Mapping, key: str) -> Decimal | None:
    return record.number(key) if key in record else None


def _check_cases(folder: PolicyFolder, rule: Rule, name: str) -> Iterator[Finding]:
    read = folder.check(name)
    if not isinstance(read.node, node.Listing) or read.findings:
        return
    checks = {check.code: check for check in books.checks(folder, ROOM)}
    for case in read.node.mappings():
        expected, found = outcome(case, rule, checks)
        if expected != found:
            yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=found)


def outcome(case: node.Mapping, rule: Rule, checks: dict[str, Check]) -> tuple[str, str]:
    """What a case expects and what comes out, as text: values of the receivers in order, then codes of findings."""
    records = tuple(case.listing("receivers").mappings())
    task = Task(_target(case), tuple(_receiver(at, record) for at, record in enumerate(records)))
    made = decompose(task, rule, int(case.number("places")), checks)
    expected = [_number(record, "expect") for record in records]
    codes = {finding.code for finding in made.findings}
    return _told(expected, set(case.listing("trips").texts())), _told(made.values, codes)


def _told(values: Sequence[Decimal | None], codes: set[str]) -> str:
    figures = ", ".join("—" if value is None else f"{value.normalize():f}" for value in values)
    return " ".join((figures, *sorted(codes)))


def _target(case: node.Mapping) -> Target:
    kind = Kind(case.text("kind"))
    return Target(
        subject=Subject("region", "000000"),
        indicator="total_consumption",
        kind=kind,
        extent=Extent(case.text("extent")),
        value=case.number("value"),
        unit="t",
        op=Op.LE if kind in _CAPS else Op.GE,
        base_year=1,
        end_year=6,
        reserve=_number(case, "reserve") or Decimal(0),
    )


def _receiver(at: int, record: node.Mapping) -> Receiver:
    steps = tuple((each.number("amount"), each.number("cost")) for each in record.listing("costs").mappings())
    cost: CostSteps | CostCurve | None = CostSteps(steps) if steps else None
    if "curve" in record:
        cost = CostCurve(record.mapping("curve").number("linear"), record.mapping("curve").number("rising"))
    criteria = record.mapping("criteria").entries if "criteria" in record else {}
    return Receiver(
        subject=Subject("region", f"{at:06d}"),
        name=record.text("name"),
        base=_number(record, "base"),
        activity=_number(record, "activity"),
        growth=_number(record, "growth"),
        denominator=_number(record, "denominator"),
        history=tuple(node.as_number(each) for each in record.listing("history").items),
        criteria={key: node.as_number(each) for key, each in criteria.items()},
        benchmark=_number(record, "benchmark"),
        cost=cost,
        given=_number(record, "given"),
        lock=_number(record, "lock"),
        floor=_number(record, "floor"),
        ceiling=_number(record, "ceiling"),
        is_apart=record.flag("apart", default=False),
    )
