"""Sharing out: whatever the method, the parts come to the whole, locks and bounds hold, residuals lie where told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from targets_ground import CHECKS

from shuangkong.core.fact import State, Subject
from shuangkong.plans.reading import Kind, Op
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import policy_root
from shuangkong.targets.decomposition.book import check_decompositions, decomposition_rules
from shuangkong.targets.decomposition.filling import filled
from shuangkong.targets.decomposition.law import LAWS, Law, law_of, may_be_added
from shuangkong.targets.decomposition.methods import METHODS
from shuangkong.targets.decomposition.methods.least_cost import cheapest_curves, cheapest_steps
from shuangkong.targets.decomposition.methods.programme import NoSolution, Programme
from shuangkong.targets.decomposition.methods.solver import solved
from shuangkong.targets.decomposition.placing import Residual
from shuangkong.targets.decomposition.rule import Rule
from shuangkong.targets.decomposition.sharing import Decomposition, decompose, relocked
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Group, Receiver, Task
from shuangkong.targets.target import Extent, Target

RULES = decomposition_rules(PolicyFolder(policy_root()), "national")
CAPS = {Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP}
FIGURES = st.decimals("1", "10000", places=2)
#: Every kind that is added or weighted, by what it is of.
SHARED = sorted((kind, extent) for (kind, extent), law in LAWS.items() if law is not Law.EACH)


def target(kind: Kind, value: Decimal | str, extent: Extent = Extent.AMOUNT, **more: object) -> Target:
    return Target(
        subject=Subject("region", "990000"),
        indicator="cod_total",
        kind=kind,
        extent=extent,
        value=Decimal(value),
        unit="t",
        op=Op.LE if kind in CAPS else Op.GE,
        base_year=2020,
        end_year=2025,
        **more,  # type: ignore[arg-type]
    )


def receiver(at: int, **more: object) -> Receiver:
    return Receiver(subject=Subject("region", f"99{at:04d}"), name=f"第{at}县", **more)  # type: ignore[arg-type]


@st.composite
def receivers(draw: st.DrawFn, most: int = 12) -> tuple[Receiver, ...]:
    """With every figure that any method needs."""
    count = draw(st.integers(2, most))
    ratios = st.decimals("-0.2", "1.5", places=3)
    made = []
    for at in range(count):
        made.append(
            receiver(
                at,
                base=draw(FIGURES),
                activity=draw(FIGURES),
                growth=draw(ratios),
                denominator=draw(FIGURES),
                history=(draw(FIGURES), draw(FIGURES)),
                criteria={one.id: draw(FIGURES) for rule in RULES.values() for one in rule.criteria},
                cost=CostCurve(draw(FIGURES), draw(FIGURES)),
            )
        )
    return tuple(made)


def shared(made: Decomposition) -> list[Decimal]:
    assert None not in made.values, [finding.message.en for finding in made.findings]
    return [value for value in made.values if value is not None]


@settings(max_examples=50, deadline=None)
@given(
    receivers(),
    st.sampled_from(SHARED),
    st.sampled_from(sorted(set(RULES) - {"by_hand"})),
    st.decimals("1", "60", places=1),
    st.decimals("0", "3", places=1),
    st.sampled_from(Residual),
)
def test_parts_and_reserve_reproduce_the_whole(
    parts: tuple[Receiver, ...],
    what: tuple[Kind, Extent],
    name: str,
    value: Decimal,
    reserve: Decimal,
    residual: Residual,
) -> None:
    kind, extent = what
    rule = replace(RULES[name], added=residual, weighed=residual)
    method = METHODS[rule.method]
    assume(method.suits is None or kind in method.suits)
    assume(reserve <= value)
    made = decompose(Task(target(kind, value, extent, reserve=reserve), parts), rule, 1, CHECKS)
    if "TGT-005" in {finding.code for finding in made.findings}:
        # A least-cost reduction is never below zero; a benchmark needs somebody above it.
        assert name in {"least_cost", "benchmark"}
        return
    proof = made.closure
    assert proof is not None
    assert proof.is_closed, (proof, shared(made))
    assert made.findings == ()
    if made.law is Law.ADDED and residual is not Residual.STRICT:
        assert proof.is_exact
        assert sum(shared(made)) + (reserve if kind in CAPS else -reserve) == value
        assert made.reserve == reserve
    if made.law is Law.GROWTH_WEIGHTED:
        assert proof.own is not None
        assert proof.structure is not None
        assert proof.reproduced is not None
        assert abs(proof.own + proof.structure - proof.reproduced) < Decimal("1e-24")


@settings(max_examples=50, deadline=None)
@given(receivers(), st.sampled_from(SHARED), st.sampled_from(["equal_rate", "capability_score", "history"]), st.data())
def test_locks_and_bounds_are_kept(
    parts: tuple[Receiver, ...], what: tuple[Kind, Extent], name: str, data: st.DataObject
) -> None:
    value = data.draw(st.decimals("10", "60", places=1))
    free = shared(decompose(Task(target(what[0], value, what[1]), parts), RULES[name], 1, CHECKS))
    locked = replace(parts[0], lock=data.draw(st.decimals("0", "80", places=2)))
    high = replace(parts[-1], ceiling=free[-1] - data.draw(st.decimals("0", "5", places=2)))
    task = Task(target(what[0], value, what[1]), (locked, *parts[1:-1], high))
    made = decompose(task, RULES[name], 1, CHECKS)
    values = shared(made)
    assert values[0] == locked.lock
    assert high.ceiling is not None
    assert values[-1] <= high.ceiling
    codes = {finding.code for finding in made.findings}
    assert made.is_closed == ("TGT-006" not in codes)
    if "TGT-005" not in codes:
        # What the bound takes from one, the others bear; only rounding at the bound can be in the way of closing.
        assert made.is_closed or len(parts) == 2


def test_what_bounds_leave_unplaced_is_told_and_nobody_is_pushed_beyond_them() -> None:
    parts = (receiver(1, base=Decimal(1), ceiling=Decimal(30)), receiver(2, base=Decimal(1), ceiling=Decimal(10)))
    made = decompose(Task(target(Kind.REDUCTION_AMOUNT, "100"), parts), RULES["equal_rate"], 0, CHECKS)
    assert made.values == (30, 10)
    assert [finding.code for finding in made.findings] == ["TGT-005", "TGT-006"]
    assert "60" in made.findings[0].message.zh
    floors = tuple(replace(each, floor=Decimal(80), ceiling=None) for each in parts)
    made = decompose(Task(target(Kind.REDUCTION_AMOUNT, "100"), floors), RULES["equal_rate"], 0, CHECKS)
    assert made.values == (80, 80)
    assert {finding.code for finding in made.findings} == {"TGT-005", "TGT-008"}


def test_residuals_lie_where_the_rule_puts_them() -> None:
    parts = tuple(receiver(at, base=Decimal(base)) for at, base in enumerate((50, 30, 20)))
    task = Task(target(Kind.CAP_INCREMENT, "11"), parts)  # 5.5, 3.3, 2.2
    by = {rule: decompose(task, replace(RULES["equal_rate"], added=rule), 0, CHECKS) for rule in Residual}
    assert by[Residual.LARGEST_REMAINDER].values == (6, 3, 2)
    assert by[Residual.LARGEST_RECEIVER].values == (6, 3, 2)
    assert by[Residual.STRICT].values == (5, 3, 2)
    assert by[Residual.STRICT].reserve == 1
    small = Task(target(Kind.CAP_INCREMENT, "10"), tuple(receiver(at, base=Decimal(1)) for at in range(3)))
    by = {rule: decompose(small, replace(RULES["equal_rate"], added=rule), 0, CHECKS) for rule in Residual}
    assert by[Residual.LARGEST_RECEIVER].values == (4, 3, 3)
    assert [step.name.en for step in by[Residual.LARGEST_RECEIVER].shares[0].steps][-1] == "Rounding, with the residual"


def test_a_reduction_is_rounded_up_and_a_cap_down_where_nobody_takes_the_residual() -> None:
    parts = tuple(receiver(at, base=Decimal(1)) for at in range(3))
    strict = replace(RULES["equal_rate"], added=Residual.STRICT)
    less = decompose(Task(target(Kind.CAP_TOTAL, "10"), parts), strict, 1, CHECKS)
    more = decompose(Task(target(Kind.REDUCTION_AMOUNT, "10"), parts), strict, 1, CHECKS)
    assert (set(less.values), set(more.values)) == ({Decimal("3.3")}, {Decimal("3.4")})
    assert less.reserve == Decimal("0.1")


def test_growth_shifts_the_structure_and_what_it_does_is_shown_apart() -> None:
    """Both fall by a tenth, yet the whole rises: docs/methods/weighted-decline.md, worked by hand."""
    parts = (
        receiver(1, base=Decimal(100), activity=Decimal(1), growth=Decimal(1), given=Decimal(10)),
        receiver(2, base=Decimal(100), activity=Decimal(9), growth=Decimal(0), given=Decimal(10)),
    )
    task = Task(target(Kind.REDUCTION_RATE, "10", Extent.RATIO), parts)
    made = decompose(task, RULES["by_hand"], 1, CHECKS)
    assert made.closure is not None
    assert made.closure.reproduced is not None
    assert round(made.closure.reproduced, 2) == Decimal("-22.73")
    assert made.closure.own == 10
    assert made.closure.structure is not None
    assert round(made.closure.structure, 2) == Decimal("-32.73")
    assert [finding.code for finding in made.findings] == ["TGT-006"]
    alike = Task(task.target, tuple(replace(each, growth=Decimal("0.3")) for each in parts))
    same = decompose(alike, RULES["by_hand"], 1, CHECKS).closure
    assert same is not None
    assert (same.reproduced, same.structure, same.is_exact) == (10, 0, True)


def test_only_amounts_may_be_added() -> None:
    assert may_be_added(Kind.CAP_TOTAL, Extent.AMOUNT)
    for kind in (Kind.REDUCTION_RATE, Kind.SHARE, Kind.LEVEL_CAP, Kind.POINT_GAIN, Kind.COMPLETION, Kind.STAGE):
        assert not may_be_added(kind, Extent.RATIO)
    assert not may_be_added(Kind.REDUCTION_RATE, Extent.AMOUNT)
    assert not may_be_added(Kind.CAP_TOTAL, Extent.RATIO)
    # Totals may not be averaged, and there is no total of an intensity.
    assert law_of(target(Kind.CAP_TOTAL, "1", Extent.RATIO)) is None
    assert {kind for kind, _ in LAWS} == set(Kind)


def test_what_holds_of_each_is_given_to_each_and_closes_by_the_laxest() -> None:
    parts = (receiver(1), receiver(2, lock=Decimal(90)))
    made = decompose(Task(target(Kind.COMPLETION, "100", Extent.RATIO), parts), RULES["equal_rate"], 0, CHECKS)
    assert made.values == (100, 90)
    assert not made.is_closed
    assert [finding.code for finding in made.findings] == ["TGT-006"]


def test_worse_quality_and_more_projects_carry_more() -> None:
    def county(at: int, quality: str, projects: str) -> Receiver:
        criteria = {"quality_gap": Decimal(quality), "project_potential": Decimal(projects)}
        return receiver(at, base=Decimal(100), criteria=criteria)

    task = Task(target(Kind.REDUCTION_RATE, "12"), (county(1, "30", "5"), county(2, "0", "5"), county(3, "0", "20")))
    first, second, third = shared(decompose(task, RULES["quality_first"], 2, CHECKS))
    assert first > second < third
    assert first == third
    shares = decompose(task, RULES["quality_first"], 2, CHECKS).shares
    names = [step.name.zh for step in shares[0].steps]
    assert names[:3] == ["应分解的量", "综合得分", "按得分调整的份额"]
    assert ("z（环境质量与目标的差距（%））", 1) in shares[0].steps[1].inputs


def test_what_many_lack_is_said_once_by_its_names() -> None:
    """One finding a method: every figure by the name that the policy gives it, with all that lack it."""
    receivers = tuple(replace(receiver(number), base=Decimal(1)) for number in (1, 2, 3))
    made = decompose(Task(target(Kind.CAP_TOTAL, "10"), receivers), RULES["quality_first"], 1, CHECKS)
    [finding] = made.findings
    names = "、".join(each.name for each in receivers)
    criteria = RULES["quality_first"].criteria
    assert all(f"{each.name.zh}（{names}）" in finding.message.zh for each in criteria)
    assert all(each.name.en in finding.message.en for each in criteria)
    assert "quality_gap" not in finding.message.zh + finding.message.en


def test_a_share_is_a_figure_with_its_trace() -> None:
    task = Task(target(Kind.CAP_TOTAL, "10"), (receiver(1, base=Decimal(1)), receiver(2)))
    made = decompose(task, RULES["equal_rate"], 1, CHECKS)
    assert [finding.code for finding in made.findings] == ["TGT-002"]
    assert "缺少基数（" in made.findings[0].message.zh
    assert made.shares[0].figure(task).state is State.MISSING
    whole = Task(task.target, (task.receivers[0], replace(task.receivers[1], base=Decimal(3))))
    figure = decompose(whole, RULES["equal_rate"], 1, CHECKS).shares[1].figure(whole)
    assert (figure.value, str(figure.cell.period)) == (Decimal("7.5"), "2021-2025")
    assert figure.steps[0].formula == "W = V − R"


def test_the_rest_is_shared_out_anew_around_what_was_agreed() -> None:
    parts = tuple(receiver(at, base=Decimal(10)) for at in range(3))
    task = relocked(Task(target(Kind.CAP_TOTAL, "30"), parts), {"990001": Decimal(4)})
    assert decompose(task, RULES["equal_rate"], 0, CHECKS).values == (13, 4, 13)


@settings(max_examples=25, deadline=None)
@given(receivers(8), st.decimals("1", "5000", places=1))
def test_curves_at_the_least_cost_solver_and_closed_form_agree(parts: tuple[Receiver, ...], total: Decimal) -> None:
    costs = [each.cost for each in parts if isinstance(each.cost, CostCurve)]
    low, high = [Decimal(0)] * len(parts), [each.base for each in parts]
    closed = cheapest_curves(costs, low, high, total)
    subjects = [each.subject for each in parts]
    if closed.gap:
        with pytest.raises(NoSolution):
            solved(Programme.of(costs, low, high, total, (), subjects))
        return
    found = solved(Programme.of(costs, low, high, total, (), subjects))
    assert float(sum(found)) == pytest.approx(float(total), rel=1e-6)
    # Near the optimum a division may move and cost the same: the cost is what must agree.
    assert curve_cost(costs, found) == pytest.approx(curve_cost(costs, closed.amounts), rel=1e-5)


def curve_cost(costs: list[CostCurve], amounts: tuple[Decimal, ...]) -> float:
    return float(sum(c.linear * x + c.rising * x * x / 2 for c, x in zip(costs, amounts, strict=True)))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 90), st.integers(1, 500)), min_size=1, max_size=4), min_size=2, max_size=6
    ),
    st.integers(1, 400),
    st.data(),
)
def test_steps_at_the_least_cost_solver_and_closed_form_agree(
    steps: list[list[tuple[int, int]]], total: int, data: st.DataObject
) -> None:
    costs = [
        CostSteps(tuple((Decimal(amount), Decimal(cost)) for amount, cost in sorted(each, key=lambda one: one[1])))
        for each in steps
    ]
    most = [sum(amount for amount, _ in each) for each in steps]
    low = [Decimal(data.draw(st.integers(0, each // 2))) for each in most]
    high = [Decimal(data.draw(st.integers(each // 2, each))) for each in most]
    assume(sum(low) <= total)
    closed = cheapest_steps(costs, low, high, Decimal(total))
    assert all(lo <= x <= hi for lo, x, hi in zip(low, closed.amounts, high, strict=True))
    programme = Programme.of(costs, low, high, Decimal(total), (), [receiver(at).subject for at in range(len(steps))])
    if closed.gap:
        with pytest.raises(NoSolution):
            solved(programme)
        return
    assert sum(closed.amounts) == total
    # Several divisions may cost the same; the cost may not differ.
    prices = [sum_cost(costs, amounts) for amounts in (closed.amounts, solved(programme))]
    assert prices[0] == pytest.approx(prices[1], rel=1e-5)


def sum_cost(costs: list[CostSteps], amounts: tuple[Decimal, ...]) -> float:
    paid = 0.0
    for cost, amount in zip(costs, amounts, strict=True):
        left = amount
        for size, each in cost.steps:
            paid += float(min(size, max(left, Decimal(0))) * each)
            left -= size
    return paid


def test_a_basin_of_its_own_bound_goes_to_the_solver() -> None:
    parts = tuple(receiver(at, cost=CostSteps(((Decimal(50), Decimal(cost)),))) for at, cost in enumerate((1, 2, 9)))
    task = Task(target(Kind.REDUCTION_AMOUNT, "80"), parts)
    assert decompose(task, RULES["least_cost"], 0, CHECKS).values == (50, 30, 0)
    upstream = Group("上游", frozenset(each.subject for each in parts[:2]), ceiling=Decimal(60))
    made = decompose(replace(task, groups=(upstream,)), RULES["least_cost"], 0, CHECKS)
    assert made.values == (50, 10, 20)
    assert made.is_closed
    tight = replace(upstream, ceiling=Decimal(10))
    none = decompose(replace(task, groups=(tight,)), RULES["least_cost"], 0, CHECKS)
    assert [finding.code for finding in none.findings] == ["TGT-007"]
    assert none.values == (None, None, None)


def test_a_method_that_knows_no_groups_tells_that_one_is_passed() -> None:
    parts = tuple(receiver(at, base=Decimal(10)) for at in range(4))
    basin = Group("上游", frozenset(each.subject for each in parts[:2]), floor=Decimal(10), ceiling=Decimal(50))
    amount = Task(target(Kind.REDUCTION_AMOUNT, "120"), parts, (basin,))
    made = decompose(amount, RULES["equal_rate"], 0, CHECKS)
    assert [finding.code for finding in made.findings] == ["TGT-015"]
    assert "60" in made.findings[0].message.en
    # 40 % of twice 10 is 8: below the floor of 10.
    rate = Task(target(Kind.REDUCTION_RATE, "40"), parts, (basin,))
    assert [f.code for f in decompose(rate, RULES["equal_rate"], 0, CHECKS).findings] == ["TGT-015"]
    wide = replace(rate, groups=(replace(basin, floor=Decimal(8)),))
    assert decompose(wide, RULES["equal_rate"], 0, CHECKS).findings == ()


def test_anybody_may_receive() -> None:
    kinds = ("region", "sector", "unit", "department", "basin", "institution")
    parts = tuple(Receiver(subject=Subject(kind, "C30"), name=kind, base=Decimal(5)) for kind in kinds)
    late = replace(target(Kind.COUNT, "12"), base_year=2021)
    task = Task(late, parts)
    made = decompose(task, RULES["equal_rate"], 0, CHECKS)
    assert made.values == (2,) * 6
    assert [str(share.figure(task).cell.subject) for share in made.shares] == [f"{kind}:C30" for kind in kinds]
    assert str(made.shares[0].figure(task).cell.period) == "2025"
    with pytest.raises(ValueError, match="each once"):
        Task(late, (parts[0], parts[0]))


def test_rates_at_the_least_cost_are_of_the_same_amounts_as_tonnages() -> None:
    parts = tuple(
        receiver(at, base=Decimal(200), cost=CostCurve(Decimal(linear), Decimal(1))) for at, linear in ((1, 0), (2, 10))
    )
    tonnes = shared(decompose(Task(target(Kind.REDUCTION_AMOUNT, "40"), parts), RULES["least_cost"], 2, CHECKS))
    rates = shared(decompose(Task(target(Kind.REDUCTION_RATE, "10"), parts), RULES["least_cost"], 2, CHECKS))
    assert tonnes == [25, 15]
    assert [2 * rate for rate in rates] == tonnes


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(FIGURES, st.decimals("-50", "50", places=1), st.decimals("0", "80", places=1)), min_size=1),
    st.decimals("-300", "3000", places=1),
)
def test_filling_places_everything_or_tells_the_gap(
    rows: list[tuple[Decimal, Decimal, Decimal]], total: Decimal
) -> None:
    low, high = [low for _, low, _ in rows], [low + room for _, low, room in rows]
    found = filled([slope for slope, _, _ in rows], low, high, total)
    assert all(a <= x <= b for a, x, b in zip(low, found.amounts, high, strict=True))
    assert abs(sum(found.amounts) + found.gap - total) < Decimal("1e-18")
    assert bool(found.gap) == (not sum(low) <= total <= sum(high))
    if found.level is not None:
        inside = [x / s for (s, _, _), a, x, b in zip(rows, low, found.amounts, high, strict=True) if a < x < b]
        assert all(abs(each - found.level) < Decimal("1e-18") for each in inside)


def test_every_method_has_a_rule_and_a_page() -> None:
    assert {rule.method for rule in RULES.values()} == set(METHODS)
    assert all(isinstance(rule, Rule) and not rule.is_verified for rule in RULES.values())


def tampered(tmp_path: Path, old: str, new: str, name: str = "equal_rate.cases.yaml") -> set[tuple[str, str]]:
    """(code, file) of what a policy folder is refused for once a text of one of its files is another."""
    root = tmp_path / "policy"
    shutil.copytree(policy_root() / "national" / "targets", root / "national" / "targets")
    shutil.copy(policy_root() / "national" / "layer.yaml", root / "national")
    file = root / "national" / "targets" / "decomposition" / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    found = check_decompositions(PolicyFolder(root))
    return {(finding.code, finding.place.rpartition("/")[2].partition(":")[0]) for finding in found}


@pytest.mark.parametrize(
    ("old", "new", "name", "code"),
    [
        ("expect: 35", "expect: 34", "equal_rate.cases.yaml", "POL-030"),
        ("    - TGT-001", "    - TGT-002", "equal_rate.cases.yaml", "POL-030"),
        ("weight: 0.4", "weight: 0.5", "capability_score.yaml", "POL-018"),
        ("spread: 0.5", "spread: 1.5", "quality_first.yaml", "POL-018"),
        ("method: equal_rate", "method: equal_rates", "equal_rate.yaml", "POL-051"),
        ("quantile: 0.25", "quantile: 25", "benchmark.yaml", "POL-018"),
    ],
)
def test_a_wrong_rule_or_case_is_refused(tmp_path: Path, old: str, new: str, name: str, code: str) -> None:
    assert tampered(tmp_path, old, new, name) == {(code, name)}
