"""目标分解: scenarios, adoption, shares with their years, the past, who may; annexes as given decompositions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import ADMIN
from shuangkong.core.fact import Subject
from shuangkong.plans.reading import Kind
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.acts import acts_allowed, adopt, record_scenario, withdraw
from shuangkong.records.targets.decomposition.given import annexes_of
from shuangkong.records.targets.decomposition.kept import wanted_of, wanted_text
from shuangkong.records.targets.decomposition.models import DecompositionScenario
from shuangkong.records.targets.decomposition.opening import open_by_hand, open_of_share, open_of_target
from shuangkong.records.targets.decomposition.rows import Asked, Said, Wanted
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.standing import EventKind, State
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Receiver
from shuangkong.targets.target import Extent
from shuangkong.targets.trajectory import Course

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "999901", "999901001"
TODAY = timezone.localdate()
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=("/999901/",))
LEADER = Acting("leader", Role.LEADING_GROUP, region=COUNTY, paths=("/999901/",))
IN_TOWN = Acting("town", Role.PLAN_OFFICE, region=TOWN, paths=(f"/999901/{TOWN}/",))
TOLD = Said("会议决定", "虚府发〔测〕1号")
OTHERS = ("北坡乡", "芦洲乡", "湖滨工业园")


def towns(*bases: int, **more: object) -> tuple[Receiver, ...]:
    return tuple(
        Receiver(subject=Subject("region", f"99990100{at}"), name=f"镇{at}", base=Decimal(base), **more)  # type: ignore[arg-type]
        for at, base in enumerate(bases, 1)
    )


def cap(**said: object) -> Asked:
    plain = Asked(
        region=COUNTY, indicator="consumption_increment", kind=Kind.CAP_INCREMENT, value=Decimal(65), unit="万吨标准煤",
        base_year=2020, end_year=2025, ground="虚构的文件",
    )  # fmt: skip
    return replace(plain, **said)  # type: ignore[arg-type]


def wanted(*bases: int, **said: object) -> Wanted:
    """Among three of the six towns; the others are said to be left out."""
    towns_of_it = towns(*bases or (237, 106, 99))
    plain = Wanted(name="方案", rule="equal_rate", receivers=towns_of_it, places=0, excluded=OTHERS)
    return replace(plain, **said)  # type: ignore[arg-type]


@pytest.fixture
def opened(regions: None) -> int:
    return open_by_hand(cap(), OFFICE)


@pytest.fixture
def plan(draft: PlanRow) -> int:
    for entry in plans.undecided(draft.id):
        plans.decide(entry.id, Verdict.ACCEPTED, ADMIN)
    plans.adopt(draft.id, ADMIN)
    return draft.id


def row_of(plan: int, indicator: str, kind: Kind) -> TargetRow:
    return next(
        each for each in targets.targets(plan) if (each.indicator, each.kind, each.table) == (indicator, kind, None)
    )


def test_what_was_given_is_kept_to_the_digit() -> None:
    receivers = (
        Receiver(subject=Subject("unit", "U1"), name="厂", base=Decimal("1.50"), history=(Decimal("2.0"),),
                 criteria={"quality_gap": Decimal("0.10")}, cost=CostSteps(((Decimal(1), Decimal("2.5")),))),
        Receiver(subject=Subject("basin", "河"), name="河", lock=Decimal(3), is_apart=True,
                 cost=CostCurve(Decimal(1), Decimal("0.5"))),
    )  # fmt: skip
    told = Wanted(
        name="一", rule="least_cost", receivers=receivers, reserve=Decimal("1.0"), course=Course.GEOMETRIC,
        weights={"quality_gap": Decimal("0.40")}, start_year=2022, spread=Decimal("0.2"), places=3,
        reached={Subject("unit", "U1"): Decimal("9.90")},
        given_years={Subject("unit", "U1"): {2023: Decimal("1.10")}},
    )  # fmt: skip
    back = wanted_of(wanted_text(told))
    assert back == told
    assert str(back.receivers[0].base) == "1.50"


def test_an_increment_is_shared_out_closes_and_becomes_yearly_totals(opened: int) -> None:
    made = record_scenario(opened, wanted(reserve=Decimal(5)), OFFICE)
    [scenario] = store.scenarios(opened)
    assert (scenario.id, scenario.number, scenario.outcome.is_closed, scenario.outcome.findings) == (made, 1, True, ())
    shares = store.shares(Q(scenario=made))
    # 60 by 237, 106 and 99 of 442: 32.2, 14.4 and 13.4
    assert [each.value for each in shares] == [32, 14, 14]
    assert sum(each.value or 0 for each in shares) + 5 == 65
    # totals: base and increment, a fifth each year
    assert [each.due for each in shares[0].years] == [237 + Decimal(32) * year / 5 for year in range(1, 6)]
    assert shares[0].steps[0].name.zh == "应分解的量"
    (written,) = [row for row in journal.of_subject(f"decomposition/{opened}") if row.act == "decomposition.record"]
    assert json.loads(written.after)["closes"] is True


def test_an_increment_without_a_base_has_no_yearly_totals(opened: int) -> None:
    receivers = tuple(
        Receiver(subject=Subject("region", f"99990100{at}"), name=f"镇{at}", given=Decimal(value))
        for at, value in ((1, 40), (2, 25))
    )
    told = wanted(rule="by_hand", receivers=receivers, excluded=(*OTHERS, "青石镇"))
    made = record_scenario(opened, told, OFFICE)
    [scenario] = store.scenarios(opened)
    assert [each.code for each in scenario.outcome.findings] == ["TGT-011"]
    assert [each.years for each in store.shares(Q(scenario=made))] == [(), ()]


def test_a_path_may_begin_at_an_actual(opened: int) -> None:
    reached = {Subject("region", "999901001"): Decimal(250)}
    made = record_scenario(opened, wanted(start_year=2022, reached=reached), OFFICE)
    first, second, _third = store.shares(Q(scenario=made))
    assert [each.year for each in first.years] == [2023, 2024, 2025]
    whole = 237 + (first.value or 0)
    assert abs(first.years[0].due - (250 + (whole - 250) / 3)) < Decimal("1e-9")
    assert first.years[-1].due == whole
    assert [each.year for each in second.years] == [2021, 2022, 2023, 2024, 2025]  # nothing told of it


@pytest.mark.parametrize(
    ("kind", "unit", "value", "first"),
    [
        (Kind.REDUCTION_RATE, "%", "10", "2.085"),  # 1 − 0.9^(1/5)
        (Kind.REDUCTION_AMOUNT, "吨", "10", "1.073"),  # from nothing no rate leads: a fifth of 10 × 237 ÷ 442
        (Kind.CAP_TOTAL, "吨", "442", "237"),
    ],
)
def test_equal_rates_are_of_what_there_is(regions: None, kind: Kind, unit: str, value: str, first: str) -> None:
    asked = cap(indicator="cod_total", kind=kind, unit=unit, value=Decimal(value))
    opened = open_by_hand(asked, OFFICE)
    made = record_scenario(opened, wanted(course=Course.GEOMETRIC, places=3), OFFICE)
    assert round(store.shares(Q(scenario=made))[0].years[0].due, 3) == pytest.approx(
        Decimal(first), abs=Decimal("0.001")
    )


def test_a_lock_holds_and_the_rest_makes_up_for_it(opened: int) -> None:
    receivers = (replace(towns(237)[0], lock=Decimal(40)), *towns(237, 106, 99)[1:])
    made = record_scenario(opened, wanted(receivers=receivers), OFFICE)
    shares = store.shares(Q(scenario=made))
    assert [(each.value, each.is_locked) for each in shares] == [(40, True), (13, False), (12, False)]


def test_weights_of_the_office_take_the_place_of_those_of_the_rule(opened: int) -> None:
    told = {"gdp_per_capita": Decimal(1), "consumption_share": Decimal(0), "intensity": Decimal(0)}
    criteria = [{key: Decimal(at) for key in told} for at in (1, 2)]
    receivers = tuple(replace(each, criteria=one) for each, one in zip(towns(100, 100), criteria, strict=True))
    with pytest.raises(Refused, match="TGT-202"):
        record_scenario(
            opened,
            wanted(receivers=receivers, rule="capability_score", weights=told | {"intensity": Decimal(1)}),
            OFFICE,
        )
    made = record_scenario(opened, wanted(receivers=receivers, rule="capability_score", weights=told), OFFICE)
    assert [each.value for each in store.shares(Q(scenario=made))] == [41, 24]  # 65·(1 ± 0.25) ÷ 2, richer gets less


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"rule": "nobody"}, "TGT-201"),
        ({"name": " "}, "TGT-221"),
        ({"receivers": ()}, "TGT-204"),
        ({"receivers": (*towns(1), *towns(1))}, "TGT-204"),
        ({"reserve": Decimal(-1)}, "TGT-204"),
        ({"places": 40}, "TGT-218"),
        ({"places": -1}, "TGT-218"),
        ({"start_year": 2025}, "TGT-219"),
        ({"start_year": 2019}, "TGT-219"),
    ],
)
def test_what_cannot_be_computed_is_refused_and_nothing_is_kept(
    opened: int, said: dict[str, object], code: str
) -> None:
    before = journal.head()
    with pytest.raises(Refused, match=code):
        record_scenario(opened, wanted(**said), OFFICE)
    assert (journal.head(), DecompositionScenario.objects.count()) == (before, 0)


def test_one_is_adopted_then_another_and_every_past_day_is_answered(opened: int, on: Callable[[date], None]) -> None:
    first, second = (record_scenario(opened, wanted(places=places), OFFICE) for places in (0, 1))
    days = [TODAY + timedelta(days=add) for add in (1, 2, 3, 4)]
    on(days[0])
    with pytest.raises(Refused, match="TGT-227"):
        adopt(opened, first, Said("会议决定"), OFFICE)
    adopt(opened, first, Said(is_provisional=True), OFFICE)
    on(days[1])
    adopt(opened, first, TOLD, OFFICE)
    on(days[2])
    with pytest.raises(Refused, match="TGT-226"):
        adopt(opened, second, Said(document="虚府发〔测〕2号"), OFFICE)
    adopt(opened, second, replace(TOLD, document="虚府发〔测〕2号"), OFFICE)
    on(days[3])
    withdraw(opened, Said("目标取消"), OFFICE)
    heads = [store.decomposition(opened, day) for day in (TODAY, *days)]
    assert [head and (head.standing.state, head.standing.scenario) for head in heads] == [
        (State.OPEN, None), (State.PROVISIONAL, first), (State.ASSIGNED, first), (State.ADJUSTED, second),
        (State.WITHDRAWN, None),
    ]  # fmt: skip
    assert store.decomposition(opened, TODAY - timedelta(days=1)) is None
    values = [[each.value for each in store.shares_in_force([head])] for head in heads if head]
    assert values == [[], [35, 16, 14], [35, 16, 14], [Decimal("34.8"), Decimal("15.6"), Decimal("14.6")], []]
    acts = [row.act for row in journal.of_subject(f"decomposition/{opened}")]
    assert acts == [f"decomposition.{kind}" for kind in
                    ("open", "record", "record", "adopt", "adopt", "adopt", "withdraw")]  # fmt: skip


def test_what_does_not_close_is_adopted_only_with_its_reason(opened: int) -> None:
    receivers = tuple(replace(each, given=Decimal(40)) for each in towns(237, 106))
    told = wanted(rule="by_hand", receivers=receivers, excluded=(*OTHERS, "青石镇"))
    made = record_scenario(opened, told, OFFICE)
    [scenario] = store.scenarios(opened)
    assert (scenario.outcome.is_closed, [each.code for each in scenario.outcome.findings]) == (False, ["TGT-006"])
    with pytest.raises(Refused, match="TGT-225"):
        adopt(opened, made, replace(TOLD, text=""), OFFICE)
    adopt(opened, made, TOLD, OFFICE)
    lacking = record_scenario(
        opened, wanted(receivers=(*towns(1), Receiver(subject=Subject("unit", "厂"), name="厂"))), OFFICE
    )
    with pytest.raises(Refused, match="TGT-224"):
        adopt(opened, lacking, TOLD, OFFICE)


def test_days_to_come_and_before_are_refused(opened: int) -> None:
    made = record_scenario(opened, wanted(), OFFICE)
    for day, code in ((TODAY + timedelta(days=1), "TGT-230"), (TODAY - timedelta(days=1), "TGT-231")):
        with pytest.raises(Refused, match=code):
            adopt(opened, made, replace(TOLD, on=day), OFFICE)
    with pytest.raises(Refused, match="TGT-222"):
        adopt(opened, made + 1, TOLD, OFFICE)
    with pytest.raises(Refused, match="TGT-228"):
        withdraw(opened, TOLD, OFFICE)


def test_only_the_office_of_the_place_decides(opened: int) -> None:
    made = record_scenario(opened, wanted(), OFFICE)
    elsewhere = replace(OFFICE, paths=("/990000/",))
    for by in (LEADER, ADMIN, IN_TOWN, elsewhere):
        with pytest.raises(Forbidden):
            record_scenario(opened, wanted(), by)
        with pytest.raises(Forbidden):
            adopt(opened, made, TOLD, by)
    with pytest.raises(Forbidden):
        open_by_hand(cap(), elsewhere)
    head = store.decomposition(opened)
    assert head is not None
    assert acts_allowed(head, OFFICE) == [EventKind.RECORD, EventKind.ADOPT]
    assert acts_allowed(head, LEADER) == []


def test_a_receiver_sees_its_own_share_once_it_is_adopted_and_shares_it_out_further(opened: int) -> None:
    made = record_scenario(opened, wanted(), OFFICE)
    own, other, _third = store.shares(Q(scenario=made))
    head = store.decomposition(opened)
    assert head is not None
    assert (store.received(IN_TOWN), store.may_read_share(IN_TOWN, head, own)) == ((), False)
    with pytest.raises(Refused, match="TGT-212"):
        open_of_share(own.id, IN_TOWN)
    adopt(opened, made, TOLD, OFFICE)
    head = store.decomposition(opened)
    assert head is not None
    assert [each.id for _head, each in store.received(IN_TOWN)] == [own.id]
    assert store.received(OFFICE) == store.received(ADMIN) == ()
    assert [store.may_read_share(IN_TOWN, head, each) for each in (own, other)] == [True, False]
    assert (store.may_read(IN_TOWN, head), store.may_read(OFFICE, head)) == (False, True)
    further = store.decomposition(open_of_share(own.id, IN_TOWN))
    assert further is not None
    assert (further.region, further.value, further.base, further.share) == (TOWN, 35, 237, own.id)
    with pytest.raises(Forbidden):
        open_of_share(other.id, IN_TOWN)


def test_a_target_of_the_plan_is_shared_out_over_the_bases_of_its_annex(plan: int) -> None:
    target = row_of(plan, "cod_total", Kind.REDUCTION_RATE)
    head = store.decomposition(open_of_target(target.id, OFFICE))
    assert head is not None
    assert (head.extent, head.base_unit, head.base_year, head.end_year) == (Extent.AMOUNT, "吨", 2020, 2025)
    intensity = row_of(plan, "energy_intensity", Kind.REDUCTION_RATE)
    head = store.decomposition(open_of_target(intensity.id, OFFICE))
    assert head is not None
    assert head.extent is Extent.RATIO
    with pytest.raises(Refused, match="TGT-211"):
        open_of_target(10**9, OFFICE)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"region": "000000"}, "TGT-213"),
        ({"ground": " "}, "TGT-214"),
        ({"kind": Kind.GROWTH, "indicator": "energy_intensity", "unit": "%"}, "TGT-215"),
        ({"base_year": 0}, "TGT-216"),
        ({"end_year": 2020}, "TGT-216"),
    ],
)
def test_a_target_by_hand_must_be_sound(regions: None, said: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        open_by_hand(cap(**said), OFFICE)


def test_the_annexes_of_the_plan_are_read_as_what_they_imply(plan: int) -> None:
    found = {each.annex.indicator: each for each in annexes_of(targets.targets(plan), COUNTY, open_rulebook())}
    assert set(found) == {"total_consumption", "cod_total"}
    energy, cod = found["total_consumption"], found["cod_total"]
    # 5.2 + 3.1 + 2.4 + 1.1 + 0.9 + 4.3 of 18
    assert energy.implied.undistributed == {"increment": Decimal("1.0")}
    assert [each.code for each in energy.implied.findings] == ["TGT-011", "TGT-010"]
    # Σ base·rate ÷ Σ base of the six towns
    bases = [Decimal(each) for each in ("2140.5", "1385.2", "1120.8", "860.4", "910.6", "410")]
    rates = [9, 9, 10, 8, 8, 10]
    mean = sum(base * rate for base, rate in zip(bases, rates, strict=True)) / sum(bases)
    assert cod.implied.rate is not None
    assert abs(cod.implied.rate - mean) < Decimal("1e-9")
    assert [each.kind for each in cod.wholes] == [Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT]
    assert (cod.annex.unit, cod.wholes[0].id) == ("吨", row_of(plan, "cod_total", Kind.REDUCTION_RATE).id)
    assert cod.implied.undistributed == {"projects": Decimal("0.0")}
    assert len(cod.annex.lines) == 6


def test_lists_and_scenarios_ask_as_often_however_long(opened: int) -> None:
    counts = []
    for more in (1, 3):
        for _ in range(more):
            record_scenario(open_by_hand(cap(), OFFICE), wanted(*range(1, 10 * more)), OFFICE)
            record_scenario(opened, wanted(), OFFICE)
        with CaptureQueriesContext(connection) as asked:
            heads = store.decompositions(store.readable(OFFICE))
            store.shares(Q(scenario__in=[each.id for each in store.scenarios(opened)]))
        assert len(heads) == 1 + (1 if not counts else 4)
        counts.append(len(asked))
    assert counts == [5, 5]
    with CaptureQueriesContext(connection) as few:
        record_scenario(opened, wanted(*range(1, 5)), OFFICE)
    with CaptureQueriesContext(connection) as many:
        record_scenario(opened, wanted(*range(1, 9)), OFFICE)
    assert len(few) == len(many)
