"""试算: a target and a way of sharing it out → the shares, their yearly targets, the proof and the fairness. Writes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.fact import Subject
from shuangkong.core.finding import Finding
from shuangkong.plans.reading import Kind
from shuangkong.policyfile.books import NATION
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.decomposition.left_out import Awaited, awaited
from shuangkong.records.targets.decomposition.rows import DecompositionHead, Outcome, Wanted
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.targets.decomposition.book import decomposition_rules
from shuangkong.targets.decomposition.law import Law, law_of
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.decomposition.rule import Rule, Weighting
from shuangkong.targets.decomposition.scenario import Scenario, compared
from shuangkong.targets.decomposition.task import Group, Receiver, Task
from shuangkong.targets.target import Extent, Target
from shuangkong.targets.trajectory import Course, Start, Trajectory, trajectory

#: The criterion that burdens are correlated with: who can bear more.
_CAPABILITY = "gdp_per_capita"
MOST_PLACES, _HUNDRED = 9, Decimal(100)
_RATE_PLACES, _AMOUNT_PLACES = "targets/decomposition_rate_places", "targets/decomposition_amount_places"
#: Kinds whose receivers' bases are levels in the target's own unit: what is due each year is a level too.
_FROM_LEVEL = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT})


@dataclass(frozen=True, slots=True)
class Computed:
    """A scenario as computed: ``paths`` in the order of the shares; ``rule`` with the weights that were used."""

    wanted: Wanted
    rule: Rule
    scenario: Scenario
    paths: tuple[Trajectory, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of sharing out in force at a place, the words of what may be wrong, and who should have a line."""

    rules: Mapping[str, Rule]
    checks: Mapping[str, Check]
    layer: str
    awaited: Awaited

    def rule(self, wanted: Wanted) -> Rule:
        """The rule that is asked for, with the weights and the spread that are asked for.

        Raises:
            Refused: there is no such rule, or weights do not come to 1.
        """
        found = self.rules.get(wanted.rule)
        if found is None:
            known = "、".join(self.rules)
            zh = f"没有“{wanted.rule}”这种分解办法。可用的有：{known}。"
            raise Refused("TGT-201", zh, f"No such way of sharing out. There are: {known}.", "rule")
        own = {each.id: wanted.weights.get(each.id, each.weight) for each in found.criteria}
        if wanted.weights.keys() & own.keys():
            total = sum((weight for weight in own.values() if weight is not None), Decimal(0))
            if total != 1 or any(weight is None or weight < 0 for weight in own.values()):
                zh = f"各项权重应不小于零、合计为 1，现合计 {total}。请改权重。"
                raise Refused("TGT-202", zh, f"Weights are zero or more and come to 1; found {total}.", "weights")
            criteria = tuple(replace(each, weight=own[each.id]) for each in found.criteria)
            found = replace(found, criteria=criteria, weighting=Weighting.STATED)
        if wanted.spread is None or not found.criteria:
            return found
        if not 0 < wanted.spread <= 1:
            zh = f"摆幅应大于 0、不超过 1，实为 {wanted.spread}。"
            raise Refused("TGT-203", zh, f"A spread is above 0 and at most 1; found {wanted.spread}.", "spread")
        return replace(found, spread=wanted.spread)


def ways_at(region: str, on: date, rulebook: Rulebook | None = None, plan: int | None = None) -> Ways:
    """What the law of a place offers on a day; ``plan`` is the one whose duties a decomposition follows. 3 queries."""
    book = rulebook or open_rulebook()
    layer = book.layer_of(region, on) if book.layers_of_places() else NATION
    rules = {key: each for key, each in decomposition_rules(book.folder, layer).items() if each.validity.holds_on(on)}
    return Ways(rules, {each.code: each for each in book.checks("targets", layer)}, layer, awaited(region, plan))


def computed(head: DecompositionHead, wanted: Wanted, on: date, ways: Ways | None = None) -> Computed:
    """A scenario.

    Raises:
        Refused: no such rule; weights that do not come to 1; no receivers, one twice, or a reserve below zero; decimals
            or a first year out of reach; a group of strangers or without bounds.
    """
    here = ways or ways_at(head.region, on, plan=head.plan)
    rule = here.rule(wanted)
    target, task = _task(head, wanted)
    _require_sensible(head, wanted)
    places = default_places(head, on, here.layer) if wanted.places is None else wanted.places
    [scenario] = compared(task, [rule], places, here.checks, _CAPABILITY)
    remarks = Remarks(here.checks)
    paths = tuple(path_of(target, each.receiver, each.value, wanted, remarks) for each in scenario.made.shares)
    labels = (*(each.name for each in wanted.receivers), *wanted.excluded)
    missing = here.awaited.left_out(labels, (each.subject.code for each in wanted.receivers))
    findings = (
        *scenario.made.findings,
        *_once(finding for path in paths for finding in path.findings),
        *((remarks.finding("TGT-018", head.region_name, found="、".join(missing)),) if missing else ()),
    )
    return Computed(wanted, rule, scenario, paths, _outcome(scenario, findings))


def default_places(head: DecompositionHead, on: date, layer: str = NATION) -> int:
    """Decimals of a share: none of what is counted; else as the policy has it, or as the target itself is printed."""
    if head.kind is Kind.COUNT:
        return 0
    is_rate = head.extent is Extent.RATIO or head.unit == "%"
    asked = int(open_rulebook().parameter(_RATE_PLACES if is_rate else _AMOUNT_PLACES, on, layer).numbers[0])
    printed = head.value.as_tuple().exponent
    return max(asked, -printed if isinstance(printed, int) else 0)


def law_for(head: DecompositionHead) -> Law | None:
    """How the parts of the target make it up."""
    return law_of(head.promise())


def _task(head: DecompositionHead, wanted: Wanted) -> tuple[Target, Task]:
    try:
        target = head.promise(wanted.reserve)
        return target, Task(target, wanted.receivers, wanted.groups)
    except ValueError:
        zh = "承担单位至少一个、不能重复，预留不小于零。请检查表格。"
        raise Refused("TGT-204", zh, "Some receivers, each once, and a reserve of zero or more.", "receivers") from None


def _require_sensible(head: DecompositionHead, wanted: Wanted) -> None:
    if wanted.places is not None and not 0 <= wanted.places <= MOST_PLACES:
        zh = f"小数位数应为 0 到 {MOST_PLACES}，实为 {wanted.places}。"
        raise Refused("TGT-218", zh, f"Decimals: 0 to {MOST_PLACES}; found {wanted.places}.", "places")
    if wanted.start_year is not None and not head.base_year <= wanted.start_year < head.end_year:
        zh = f"起算年应在 {head.base_year} 年到 {head.end_year - 1} 年之间，实为 {wanted.start_year}。"
        en = f"The path begins in {head.base_year} to {head.end_year - 1}; found {wanted.start_year}."
        raise Refused("TGT-219", zh, en, "start_year")
    known = {each.subject for each in wanted.receivers}
    for group in wanted.groups:
        _require_group(group, known)


def _require_group(group: Group, known: Set[Subject]) -> None:
    if not group.members or not group.members <= known:
        zh = f"“{group.name}”的成员应是表里的承担单位，至少一个。请核对名称。"
        raise Refused("TGT-233", zh, f"Members of {group.name}: expected receivers of the table.", "groups")
    floor, ceiling = group.floor, group.ceiling
    if (floor is None and ceiling is None) or (floor is not None and ceiling is not None and floor > ceiling):
        zh = f"“{group.name}”应有下限或上限，下限不能高于上限，实为 {floor} 和 {ceiling}。请改其中一个。"
        en = f"{group.name}: expected a floor or a ceiling, the floor no higher; found {floor} and {ceiling}."
        raise Refused("TGT-234", zh, en, "groups")


def path_of(target: Target, receiver: Receiver, value: Decimal | None, wanted: Wanted, remarks: Remarks) -> Trajectory:
    """The yearly targets of one receiver; none where it has no value, or its kind has no arithmetic of years."""
    if value is None or target.kind in (Kind.COMPLETION, Kind.STAGE):
        return Trajectory(())
    own = replace(
        target,
        subject=receiver.subject,
        value=value,
        base=receiver.base if target.kind in _FROM_LEVEL else None,
        reserve=Decimal(0),
        incentive=None,
    )
    reached = wanted.reached.get(receiver.subject)
    start = None if wanted.start_year is None or reached is None else Start(wanted.start_year, reached)
    years = wanted.given_years.get(receiver.subject)
    return trajectory(own, Course.GIVEN if years else _course(own, wanted, start), remarks, start, years)


def _course(own: Target, wanted: Wanted, start: Start | None) -> Course:
    """Equal rates are of what there is: what begins at nothing, or may come to nothing, goes by equal amounts."""
    level = start.level if start else own.base or Decimal(0)
    if own.kind in (Kind.REDUCTION_RATE, Kind.GROWTH):
        grows = level < _HUNDRED and own.value < _HUNDRED
    else:
        grows = level > 0 and (own.value > 0 or (own.kind is Kind.CAP_INCREMENT and level + own.value > 0))
    return Course.GEOMETRIC if wanted.course is Course.GEOMETRIC and grows else Course.LINEAR


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding of each code is enough where every receiver lacks the same."""
    found: dict[str, Finding] = {}
    for each in findings:
        found.setdefault(each.code, each)
    return tuple(found.values())


def _outcome(scenario: Scenario, findings: tuple[Finding, ...]) -> Outcome:
    made, fair = scenario.made, scenario.fairness
    proof = made.closure
    return Outcome(
        law=made.law.value if made.law else "",
        reproduced=proof.reproduced if proof else None,
        wanted=proof.wanted if proof else None,
        over=proof.over if proof else None,
        own=proof.own if proof else None,
        structure=proof.structure if proof else None,
        reserve=made.reserve,
        is_closed=made.is_closed,
        gini=fair.gini if fair else None,
        theil=fair.theil if fair else None,
        follows=fair.follows if fair else None,
        least=fair.least if fair else None,
        most=fair.most if fair else None,
        cost=scenario.cost,
        is_verified=made.rule.is_verified,
        findings=findings,
    )
