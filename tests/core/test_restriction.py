"""审批限制: what is stopped, for whom, by which act, from when until when, under which clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.restriction import (
    Approval,
    Equipment,
    Exemption,
    Firmness,
    Ground,
    Lifting,
    Project,
    Relation,
    Restriction,
    ScopeKind,
    Term,
    Threshold,
    Verdict,
    lifted,
    may_be_approved,
)
from shuangkong.core.trace import Clause

START, NEXT, END = date(2021, 8, 12), date(2021, 8, 13), date(2021, 12, 31)
GROUND = Ground(Clause(Message("第四十四条", "article 44"), False), "environmental-protection-law", "第四十四条")


def restriction(*scope: Term, **given: object) -> Restriction:
    plain = Restriction(
        id="r",
        approvals=frozenset({Approval.EIA}),
        scope=scope,
        validity=Validity(START, END),
        ground=GROUND,
        lifted_when=Message("整改验收合格", "rectification accepted"),
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def term(kind: ScopeKind, *codes: str, threshold: Threshold | None = None) -> Term:
    return Term(kind, frozenset(codes), threshold)


def project(**at: str) -> Project:
    """Codes apart by blanks; ``none``: surely none."""
    return Project("p", {ScopeKind(kind): frozenset(told.split()) - {"none"} for kind, told in at.items()})


def verdict(of: Restriction, one: Project, day: date = START, act: Approval = Approval.EIA) -> Verdict:
    return may_be_approved((of,), act, one, day).verdict


@pytest.mark.parametrize("kind", [kind for kind in ScopeKind if kind is not ScopeKind.EQUIPMENT])
def test_every_kind_of_scope(kind: ScopeKind) -> None:
    of = restriction(term(kind, "a", "b"))
    assert verdict(of, project(**{kind.value: "x b"})) is Verdict.MAY_NOT
    assert verdict(of, project(**{kind.value: "x"})) is Verdict.MAY
    assert verdict(of, project(**{kind.value: "none"})) is Verdict.MAY
    assert verdict(of, project()) is Verdict.UNDECIDED


def test_all_terms_must_match() -> None:
    """A region's restriction of one pollutant stops nothing that adds another, and nothing elsewhere."""
    of = restriction(term(ScopeKind.REGION, "510100"), term(ScopeKind.POLLUTANT, "cod"))
    assert verdict(of, project(region="510104 510100 510000", pollutant="cod nh3n")) is Verdict.MAY_NOT
    assert verdict(of, project(region="510104 510100", pollutant="nox")) is Verdict.MAY
    assert verdict(of, project(region="510300", pollutant="cod")) is Verdict.MAY
    assert verdict(of, project(region="510300")) is Verdict.MAY, "what is elsewhere needs to tell no pollutant"
    found = may_be_approved((of,), Approval.EIA, project(region="510100"), START)
    assert (found.verdict, found.hits[0].untold) == (Verdict.UNDECIDED, (ScopeKind.POLLUTANT,))


@pytest.mark.parametrize(
    ("relation", "caught"),
    [(Relation.BELOW, (True, False, False)), (Relation.AT_MOST, (True, True, False)),
     (Relation.AT_LEAST, (False, True, True))],
)  # fmt: skip
def test_the_bound_of_an_equipment(relation: Relation, caught: tuple[bool, ...]) -> None:
    of = restriction(
        term(ScopeKind.EQUIPMENT, "coal_boiler", threshold=Threshold("capacity", relation, Decimal(20), "t/h"))
    )
    for size, is_caught in zip(("19.99", "20", "20.01"), caught, strict=True):
        one = replace(project(), equipment=(Equipment("coal_boiler", {"capacity": Decimal(size)}),))
        assert verdict(of, one) is (Verdict.MAY_NOT if is_caught else Verdict.MAY), size


def test_devices_of_a_project() -> None:
    of = restriction(
        term(ScopeKind.EQUIPMENT, "coal_boiler", threshold=Threshold("capacity", Relation.BELOW, Decimal(20), "t/h"))
    )
    large, small = (Equipment("coal_boiler", {"capacity": Decimal(size)}) for size in (75, 6))
    unknown, gas = Equipment("coal_boiler"), Equipment("gas_boiler", {"capacity": Decimal(2)})
    answers = (
        (None, Verdict.UNDECIDED), ((), Verdict.MAY), ((gas, large), Verdict.MAY), ((large, small), Verdict.MAY_NOT),
        ((unknown, small), Verdict.MAY_NOT), ((unknown, large), Verdict.UNDECIDED),
    )  # fmt: skip
    for devices, answer in answers:
        assert verdict(of, replace(project(), equipment=devices)) is answer, devices


def test_it_holds_from_its_first_to_its_last_day_and_until_it_is_lifted() -> None:
    of = restriction(term(ScopeKind.REGION, "a"))
    here = project(region="a")
    days = {date(2021, 8, 11): Verdict.MAY, START: Verdict.MAY_NOT, END: Verdict.MAY_NOT, date(2022, 1, 1): Verdict.MAY}
    assert {day: verdict(of, here, day) for day in days} == days
    ended = lifted(of, Lifting(date(2021, 10, 1), "文1号", "验收合格"))
    assert verdict(ended, here, date(2021, 9, 30)) is Verdict.MAY_NOT
    assert verdict(ended, here, date(2021, 10, 1)) is Verdict.MAY
    with pytest.raises(ValueError, match="already"):
        lifted(ended, Lifting(date(2021, 11, 1), "文2号", "又一次"))
    with pytest.raises(ValueError, match="before it starts"):
        lifted(of, Lifting(date(2021, 8, 11), "文1号", "太早"))


def test_it_stops_the_acts_that_it_names() -> None:
    of = restriction(term(ScopeKind.REGION, "a"), approvals=frozenset({Approval.EIA, Approval.ENERGY_REVIEW}))
    stopped = {act for act in Approval if verdict(of, project(region="a"), act=act) is Verdict.MAY_NOT}
    assert stopped == {Approval.EIA, Approval.ENERGY_REVIEW}


def test_exempt_classes_pass_and_untold_ones_do_not_slip_through() -> None:
    of = restriction(term(ScopeKind.REGION, "a"), exempt=(term(ScopeKind.PROJECT_CLASS, "national_planning"),))
    assert verdict(of, project(region="a", project_class="two_highs national_planning")) is Verdict.MAY
    assert verdict(of, project(region="a", project_class="two_highs")) is Verdict.MAY_NOT
    assert verdict(of, project(region="a")) is Verdict.UNDECIDED


def test_a_recorded_exemption_lets_one_project_through_on_its_days() -> None:
    let = Exemption("p", Validity(NEXT, date(2021, 9, 30)), "函1号", "民生项目")
    of = restriction(term(ScopeKind.REGION, "a"), exemptions=(let,))
    here = project(region="a")
    assert verdict(of, here, START) is Verdict.MAY_NOT
    found = may_be_approved((of,), Approval.EIA, here, NEXT)
    assert (found.verdict, found.hits[0].by) == (Verdict.MAY, let), "the answer says by what it passed"
    assert verdict(of, here, date(2021, 10, 1)) is Verdict.MAY_NOT
    assert verdict(of, replace(here, id="q"), NEXT) is Verdict.MAY_NOT


def test_in_principle_leaves_room_for_exceptions() -> None:
    of = restriction(term(ScopeKind.REGION, "a"), firmness=Firmness.IN_PRINCIPLE)
    assert verdict(of, project(region="a")) is Verdict.EXCEPTIONAL


def test_several_grounds_stand_side_by_side() -> None:
    """Law and plan restrict the same: lifting one leaves the other, and the answer names both clauses."""
    law = restriction(term(ScopeKind.REGION, "a"), id="law")
    plan = restriction(term(ScopeKind.REGION, "a"), id="plan", firmness=Firmness.IN_PRINCIPLE)
    here = project(region="a")
    found = may_be_approved((plan, law), Approval.EIA, here, START)
    assert [hit.restriction.id for hit in found.hits] == ["law", "plan"]
    assert [hit.clause for hit in found.hits] == [GROUND.clause] * 2
    ended = lifted(law, Lifting(NEXT, "文1号", "验收合格"))
    assert may_be_approved((plan, ended), Approval.EIA, here, NEXT).verdict is Verdict.EXCEPTIONAL
    assert may_be_approved((), Approval.EIA, here, NEXT).hits == ()


def test_a_restriction_of_everything_is_none() -> None:
    with pytest.raises(ValueError, match="everything"):
        restriction()
    with pytest.raises(ValueError, match="no act"):
        restriction(term(ScopeKind.REGION, "a"), approvals=frozenset())
