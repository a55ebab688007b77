"""表彰: proposals and acts as rows, their journal, who may, and what was known on a past day."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import ADMIN
from shuangkong.assessment.commendation import EventKind, Honoured, State
from shuangkong.core.source_code import source_code
from shuangkong.records.assessment.commendation import store
from shuangkong.records.assessment.commendation.acts import act, acts_allowed, publicity_days
from shuangkong.records.assessment.commendation.models import Commendation, CommendationEvent
from shuangkong.records.assessment.commendation.proposing import propose
from shuangkong.records.assessment.commendation.rows import Said, Wanted
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "999901", "999901001"
TODAY = timezone.localdate()
FIRST = TODAY - timedelta(days=40)
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=("/999901/",))
LEADER = Acting("leader", Role.LEADING_GROUP, region=COUNTY, paths=("/999901/",))


@pytest.fixture
def bodies(regions: None) -> dict[str, int]:
    return dict(registry.name_bodies(COUNTY, ["县发改局", "县财政局", "县水利局"]))


def wanted(**said: object) -> Wanted:
    plain = Wanted(Honoured.ENTERPRISE, "虚构的水泥厂", "通报表扬", "提前完成目标。", COUNTY, ground="虚构的依据")
    return replace(plain, **said)  # type: ignore[arg-type]


def test_a_proposal_and_its_row(bodies: dict[str, int]) -> None:
    by = Acting("fgj", Role.DEPARTMENT, body=bodies["县发改局"], bodies=frozenset({bodies["县发改局"]}), region=COUNTY,
                paths=("/999901/",))  # fmt: skip
    made = propose(wanted(funder=bodies["县财政局"], amount_cny=Decimal("50000.50")), by)
    row = store.commendation(made)
    assert row is not None
    assert (row.name, row.award, row.proposer_name, row.funder_name) == (
        "虚构的水泥厂",
        "通报表扬",
        "县发改局",
        "县财政局",
    )
    assert (row.standing.state, row.standing.amount_cny) == (State.PROPOSED, Decimal("50000.50"))
    assert row.is_fictional
    (written,) = journal.of_subject(f"commendation/{made}")
    assert (written.act, written.author, written.place) == ("commendation.propose", "fgj", "/999901/")
    assert json.loads(written.after)["amount_cny"] == "50000.50"


def test_an_enterprise_of_the_register_is_commended_by_code_or_exact_name(bodies: dict[str, int]) -> None:
    registry.save_regions([RegionRow("110000", "外县", "county")])
    mill, far = (
        register_enterprise(ParticularsRow(name, region), ADMIN, "名录核实")
        for name, region in (("虚构的水泥厂", COUNTY), ("外县的厂", "110000"))
    )
    below = register_enterprise(ParticularsRow("镇上的厂", TOWN), ADMIN, "名录核实")
    for said, name, source in (
        ({}, "虚构的水泥厂", source_code(mill)),
        ({"name": "", "honoured_enterprise": source_code(below)}, "镇上的厂", source_code(below)),
        ({"name": "没有登记的厂"}, "没有登记的厂", ""),
        ({"kind": Honoured.UNIT}, "虚构的水泥厂", ""),
    ):
        row = store.commendation(propose(wanted(**said), OFFICE))
        assert row is not None
        assert (row.name, row.honoured_enterprise) == (name, source)
    for code in (source_code(far), "不是代码"):
        with pytest.raises(Refused, match="ASM-112"):
            propose(wanted(honoured_enterprise=code), OFFICE)


def test_it_rests_on_a_measure_of_the_plan_in_force(draft: PlanRow) -> None:
    for entry in plans.undecided(draft.id):
        plans.decide(entry.id, Verdict.ACCEPTED, ADMIN)
    plans.adopt(draft.id, ADMIN)
    measure = plans.measures(draft.id)[3]
    made = propose(wanted(plan=draft.id, measure=measure.id, ground=""), OFFICE)
    row = store.commendation(made)
    assert row is not None
    assert (row.plan, row.clause) == (draft.id, f"{measure.no} {measure.title}")
    with pytest.raises(Refused, match="ASM-105"):
        propose(wanted(plan=draft.id + 1, measure=measure.id), OFFICE)


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"region": "000000"}, "ASM-101", "region"),
        ({"name": " "}, "ASM-102", "name"),
        ({"award": ""}, "ASM-103", "award"),
        ({"merit": ""}, "ASM-104", "merit"),
        ({"ground": ""}, "ASM-106", "measure"),
        ({"kind": Honoured.PERSON}, "ASM-107", "workplace"),
        ({"amount_cny": Decimal(0)}, "ASM-108", "amount"),
        ({"amount_cny": Decimal(1)}, "ASM-109", "funder"),
        ({"funder": 10**9}, "ASM-109", "funder"),
        ({"kind": Honoured.REGION}, "ASM-110", "honoured_region"),
        ({"kind": Honoured.REGION, "honoured_region": COUNTY}, "ASM-110", "honoured_region"),
        ({"kind": Honoured.DEPARTMENT}, "ASM-111", "honoured_body"),
    ],
)
def test_what_is_not_sound_is_refused_at_its_field(
    bodies: dict[str, int], said: dict[str, object], code: str, field: str
) -> None:
    before = journal.head()
    with pytest.raises(Refused) as told:
        propose(wanted(**said), OFFICE)
    assert (told.value.code, told.value.field) == (code, field)
    assert (journal.head(), Commendation.objects.count()) == (before, 0)


def test_the_way_to_an_announcement_and_back(bodies: dict[str, int], on: Callable[[date], None]) -> None:
    on(FIRST)
    made, last = propose(wanted(funder=bodies["县财政局"]), OFFICE), FIRST + timedelta(days=publicity_days(FIRST) - 1)
    with pytest.raises(Refused, match="ASM-210"):
        act(made, OFFICE, EventKind.PUBLICISE, Said(until=last - timedelta(days=1)))
    act(made, OFFICE, EventKind.PUBLICISE, Said(until=last))
    objection = act(made, OFFICE, EventKind.OBJECT, Said("来信称数据不实。"))
    on(last + timedelta(days=1))
    with pytest.raises(Refused, match="ASM-204"):
        act(made, LEADER, EventKind.APPROVE)
    act(made, OFFICE, EventKind.DISMISS, Said("经核实数据属实。", answers=objection))
    act(made, LEADER, EventKind.APPROVE, Said(amount_cny=Decimal(20_000)))
    with pytest.raises(Refused, match="ASM-207"):
        act(made, OFFICE, EventKind.ANNOUNCE)
    act(made, OFFICE, EventKind.ANNOUNCE, Said(number="测1号"))
    on(TODAY)
    act(made, LEADER, EventKind.REVOKE, Said("发现弄虚作假。", number="测2号"))
    row = store.commendation(made)
    assert row is not None
    assert (row.standing.state, row.standing.number, row.standing.revoking) == (State.REVOKED, "测1号", "测2号")
    assert [each.act for each in journal.of_subject(f"commendation/{made}")] == [
        f"commendation.{kind}"
        for kind in ("propose", "publicise", "object", "dismiss", "approve", "announce", "revoke")
    ]
    states = {day: store.commendation(made, day) for day in (FIRST, last, last + timedelta(days=1), TODAY)}
    assert [found and found.standing.state for found in states.values()] == [
        State.PUBLICISED, State.PUBLICISED, State.ANNOUNCED, State.REVOKED,
    ]  # fmt: skip
    first = states[FIRST]
    assert first is not None
    assert first.standing.open == {objection}
    assert store.commendation(made, FIRST - timedelta(days=1)) is None
    assert [len(store.events(made, day)) for day in (FIRST, last + timedelta(days=1), TODAY)] == [3, 6, 7]


def test_approval_waits_for_the_end_of_the_publicity(bodies: dict[str, int]) -> None:
    made = propose(wanted(), OFFICE)
    act(made, OFFICE, EventKind.PUBLICISE, Said(until=TODAY + timedelta(days=publicity_days(TODAY) - 1)))
    before = journal.head()
    with pytest.raises(Refused, match="ASM-205"):
        act(made, LEADER, EventKind.APPROVE)
    with pytest.raises(Refused, match="ASM-208"):
        act(made, OFFICE, EventKind.OBJECT, Said("…", on=TODAY + timedelta(days=1)))
    with pytest.raises(Refused, match="ASM-202"):
        act(made, LEADER, EventKind.REVOKE, Said("…", number="…"))
    assert (journal.head(), CommendationEvent.objects.count()) == (before, 2)


def test_who_proposes_does_not_approve_and_the_other_way_round(bodies: dict[str, int]) -> None:
    made = propose(wanted(), OFFICE)
    for by, kind in ((LEADER, EventKind.PUBLICISE), (OFFICE, EventKind.APPROVE), (ADMIN, EventKind.PUBLICISE)):
        with pytest.raises(Forbidden):
            act(made, by, kind)
    for by in (LEADER, ADMIN, replace(OFFICE, paths=("/990000/",))):
        with pytest.raises(Forbidden):
            propose(wanted(), by)
    row = store.commendation(made)
    assert row is not None
    assert acts_allowed(row, OFFICE) == [EventKind.PUBLICISE, EventKind.WITHDRAW]
    assert acts_allowed(row, LEADER) == []


def test_who_takes_part_sees_it_and_others_do_not(bodies: dict[str, int]) -> None:
    def of(name: str) -> Acting:
        return Acting("x", Role.DEPARTMENT, body=bodies[name], bodies=frozenset({bodies[name]}), paths=("/999901/",))

    made = propose(wanted(funder=bodies["县财政局"], amount_cny=Decimal(1)), OFFICE)
    town = Acting("town", Role.REGION, region=TOWN, paths=("/999901/999901001/",))
    praised = propose(wanted(kind=Honoured.REGION, honoured_region=TOWN), OFFICE)
    for by, seen in (
        (OFFICE, {made, praised}), (of("县财政局"), {made}), (of("县水利局"), set()), (town, {praised}),
        (ADMIN, {made, praised}), (replace(OFFICE, paths=("/990000/",)), set()),
    ):  # fmt: skip
        assert {row.id for row in store.commendations(store.readable(by))} == seen, by
        for each in (made, praised):
            row = store.commendation(each)
            assert row is not None
            assert store.may_read(by, row) is (each in seen)


def test_names_are_those_of_the_day_of_the_proposal(bodies: dict[str, int]) -> None:
    made = propose(wanted(kind=Honoured.REGION, honoured_region=TOWN, name="别的"), OFFICE)
    registry.save_regions([RegionRow(TOWN, "改名镇", "town", COUNTY)])
    row = store.commendation(made)
    assert row is not None
    assert row.name == "澄湖镇"


def test_a_register_asks_the_same_number_of_queries_however_long(bodies: dict[str, int]) -> None:
    counts = []
    for more in (1, 5):
        for _ in range(more):
            propose(wanted(), OFFICE)
        with CaptureQueriesContext(connection) as asked:
            store.commendations(store.readable(OFFICE))
        counts.append(len(asked))
    assert counts == [2, 2]
