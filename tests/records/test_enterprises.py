"""The register of enterprises: one source code each, over time; numbers of other systems fuse on it; only near ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from actors import ADMIN
from shuangkong.core.credit_code import check_sign
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises import store
from shuangkong.records.registry.enterprises.acts import (
    Succession,
    change_enterprise,
    close_enterprise,
    name_reporter,
    register_enterprise,
    reopen_enterprise,
    succeed_enterprise,
)
from shuangkong.records.registry.enterprises.identifiers import end_identifier, identify
from shuangkong.records.registry.enterprises.likeness import confirm_distinct, confirm_same, likely_same_enterprises
from shuangkong.records.registry.enterprises.rows import EnterpriseEventKind, ParticularsRow, System
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db

COUNTY, NEIGHBOUR = "990100", "990200"
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=(f"/{COUNTY}/",))
TODAY = timezone.localdate()
MONTH_AGO, WEEK_AGO = TODAY - timedelta(days=30), TODAY - timedelta(days=7)


def code(own: str) -> str:
    """A sound code of a division that is not there, so that nobody can bear it."""
    first = f"91990100{own:0>9}"
    return first + check_sign(first)


@pytest.fixture(autouse=True)
def places() -> None:
    registry.save_regions([RegionRow(COUNTY, "云桥县", "county"), RegionRow(NEIGHBOUR, "松岭县", "county")])


def made(name: str, own: str = "", region: str = COUNTY, **more: object) -> int:
    wanted = ParticularsRow(name, region, code(own) if own else "", "3011")
    return register_enterprise(wanted, ADMIN, "名录核实", **more)  # type: ignore[arg-type]


def test_an_enterprise_has_its_source_code_for_good() -> None:
    number = made("云桥县青云水泥有限公司", "1", on=MONTH_AGO)
    source = store.enterprise(number).source  # type: ignore[union-attr]
    change_enterprise(
        number, ParticularsRow("青云建材有限公司", COUNTY, code("1"), "3011"), ADMIN, "执照变更", WEEK_AGO
    )
    now = store.enterprise(number)
    assert now is not None
    assert (now.source, now.name, now.is_open) == (source, "青云建材有限公司", True)
    assert store.former_names(number) == ("云桥县青云水泥有限公司",)
    assert [(each.kind, each.changed) for each in store.history(number)] == [
        (EnterpriseEventKind.REGISTER, ()),
        (EnterpriseEventKind.CHANGE, ("name",)),
    ]
    found = {
        words: [row.id for row in store.enterprises(store.asked_for(words))] for words in (source, "水泥", code("1"))
    }
    assert found == {source: [number], "水泥": [number], code("1"): [number]}
    row = journal.of_subject(f"enterprise/{number}")[-1]
    assert (row.act, row.place, row.ground) == ("enterprise.change", f"/{COUNTY}/", "执照变更")


@pytest.mark.parametrize(
    ("wanted", "ground", "refusal"),
    [
        (ParticularsRow("", COUNTY), "依据", "REG-202"),
        (ParticularsRow("甲厂", COUNTY), " ", "REG-203"),
        (ParticularsRow("甲厂", COUNTY, "91990100000000001X"), "依据", "REG-204"),
        (ParticularsRow("甲厂", COUNTY, code("7")), "依据", "REG-205"),
        (ParticularsRow("甲厂", COUNTY, "", "Z99"), "依据", "REG-206"),
        (ParticularsRow("甲厂", "123456"), "依据", "REG-102"),
    ],
)
def test_what_is_unsound_is_refused_and_nothing_is_written(wanted: ParticularsRow, ground: str, refusal: str) -> None:
    made("已有的厂", "7")
    head = journal.head()
    with pytest.raises(Refused, match=refusal):
        register_enterprise(wanted, ADMIN, ground)
    assert (journal.head(), store.number_of_enterprises(Q())) == (head, 1)


def test_no_change_lies_before_the_last_or_after_today() -> None:
    number = made("甲厂", on=WEEK_AGO)
    for on, refusal in ((MONTH_AGO, "REG-208"), (TODAY + timedelta(days=1), "REG-207")):
        with pytest.raises(Refused, match=refusal):
            change_enterprise(number, ParticularsRow("乙厂", COUNTY), ADMIN, "依据", on)
    with pytest.raises(Refused, match="REG-209"):
        change_enterprise(number, ParticularsRow("甲厂", COUNTY, "", "3011"), ADMIN, "依据")


def test_it_closes_and_opens_again() -> None:
    number = made("甲厂", on=MONTH_AGO)
    close_enterprise(number, ADMIN, "关停", WEEK_AGO, "云政发（虚构）")
    with pytest.raises(Refused, match="REG-210"):
        close_enterprise(number, ADMIN, "关停")
    assert store.enterprise(number).is_open is False  # type: ignore[union-attr]
    reopen_enterprise(number, ADMIN, "复产")
    assert [each.kind.value for each in store.history(number)] == ["register", "close", "reopen"]


def test_numbers_of_other_systems_fuse_on_one_enterprise() -> None:
    permit, census = made("云桥县青云水泥有限公司", "1"), made("青云水泥厂")
    identify(permit, System.PERMIT, code("1") + "001P", ADMIN, "许可证")
    identify(census, System.CENSUS, "C-17", ADMIN, "普查")
    with pytest.raises(Refused, match="REG-222"):
        identify(permit, System.CENSUS, "C-17", ADMIN, "普查")
    [likely] = likely_same_enterprises(Q())
    assert (likely.one.id, likely.other.id) == (permit, census)
    confirm_same(census, permit, "现场核实为同一企业", ADMIN)
    assert likely_same_enterprises(Q()) == ()
    assert [row.id for row in store.enterprises(Q())] == [permit]
    told = store.identifiers([permit])[permit]
    assert {(each.system, each.value) for each in told} == {
        (System.PERMIT, code("1") + "001P"), (System.CENSUS, "C-17"),
    }  # fmt: skip
    found = store.identified(System.CENSUS, "C-17")
    assert found is not None
    assert found.id == permit
    assert store.enterprise(census).same_as == permit  # type: ignore[union-attr]
    assert "青云水泥厂" in store.former_names(permit)
    for condition in (store.asked_for("C-17"), store.asked_for("青云水泥厂"), store.known_to(System.CENSUS)):
        assert [row.id for row in store.enterprises(condition)] == [permit]
    confirm_same(census, None, "核实有误", ADMIN)
    assert len(store.enterprises(Q())) == 2


def test_a_number_that_ended_may_be_another_s() -> None:
    one, other = made("甲水泥厂"), made("乙造纸厂")
    row = identify(one, System.STATISTICS, "T-1", ADMIN, "环统")
    assert identify(one, System.STATISTICS, " T-1 ", ADMIN, "环统") == row
    end_identifier(row, ADMIN, "登记错误")
    with pytest.raises(Refused, match="REG-223"):
        end_identifier(row, ADMIN, "登记错误")
    identify(other, System.STATISTICS, "T-1", ADMIN, "环统")
    assert store.identifiers([one, other])[one] == ()
    yesterday = TODAY - timedelta(days=1)
    assert store.identifiers([other], yesterday)[other] == ()


def test_two_are_proposed_no_more_once_they_are_said_to_be_two() -> None:
    one, other = made("青云水泥厂"), made("青云水泥二厂")
    assert len(likely_same_enterprises(Q())) == 1
    confirm_distinct(other, one, "两个厂区、两个法人", ADMIN)
    assert likely_same_enterprises(Q()) == ()
    head = journal.head()
    confirm_distinct(one, other, "再说一遍", ADMIN)
    assert journal.head() == head


def test_what_only_shares_place_and_form_is_not_alike_nor_what_has_two_codes() -> None:
    made("云桥县青云水泥有限公司", "1")
    made("云桥县白鹭造纸有限公司", "2")
    made("云桥县青云水泥厂", "3")
    made("青云水泥厂", region=NEIGHBOUR)
    assert likely_same_enterprises(Q()) == ()


def test_two_with_codes_are_never_one_and_no_circle_is_recorded() -> None:
    one, other, third = made("甲厂", "1"), made("乙厂", "2"), made("丙厂")
    with pytest.raises(Refused, match="REG-233"):
        confirm_same(one, other, "理由", ADMIN)
    confirm_same(third, one, "理由", ADMIN)
    with pytest.raises(Refused, match="REG-232"):
        confirm_same(one, third, "理由", ADMIN)
    with pytest.raises(Refused, match="REG-230"):
        confirm_same(one, one, "理由", ADMIN)


def test_a_merger_closes_the_earlier_one_and_a_circle_is_refused() -> None:
    one, other = made("甲厂", on=MONTH_AGO), made("乙厂", on=MONTH_AGO)
    succeed_enterprise(one, other, Succession.MERGED, WEEK_AGO, "云市监（虚构）", ADMIN)
    assert store.enterprise(one).is_open is False  # type: ignore[union-attr]
    assert [(row.before, row.after, row.kind) for row in store.successions(other)] == [(one, other, "merged")]
    with pytest.raises(Refused, match="REG-212"):
        succeed_enterprise(other, one, Succession.MERGED, TODAY, "云市监（虚构）", ADMIN)


def test_the_past_stands_as_it_was_known() -> None:
    number = made("甲厂", on=MONTH_AGO)
    change_enterprise(number, ParticularsRow("乙厂", COUNTY), ADMIN, "执照变更", WEEK_AGO)
    yesterday = TODAY - timedelta(days=1)
    assert store.enterprise(number, yesterday) is None, "nothing was known yesterday"
    assert store.enterprises_on(Q(), yesterday) == ()
    on_the_day = store.enterprises_on(Q(), TODAY)
    assert [(row.id, row.name) for row in on_the_day] == [(number, "乙厂")]


def test_the_reporter_sees_the_own_enterprise_only_and_the_office_its_county() -> None:
    own, other, far = made("甲厂"), made("乙厂"), made("丙厂", region=NEIGHBOUR)
    body = name_reporter(own, ADMIN, "开通填报")
    assert name_reporter(own, ADMIN, "再来一次") == body
    reporter = Acting("li", Role.REPORTER, body=body, bodies=frozenset({body}), paths=(f"/{COUNTY}/",))
    assert [row.id for row in store.enterprises(store.readable(reporter))] == [own]
    assert [row.id for row in store.enterprises(store.readable(OFFICE))] == [own, other]
    for number in (own, other, far):
        row = store.enterprise(number)
        assert row is not None
        assert may(reporter, Action.ENTERPRISE_READ, store.where_is(row)) is (number == own)
    with pytest.raises(Forbidden):
        close_enterprise(far, OFFICE, "关停")
    with pytest.raises(Forbidden):
        identify(far, System.PERMIT, "1", OFFICE, "依据")
    with pytest.raises(Forbidden):
        confirm_distinct(own, far, "理由", OFFICE)
    with pytest.raises(Forbidden):
        close_enterprise(own, reporter, "关停")
    with pytest.raises(Forbidden):
        change_enterprise(own, ParticularsRow("甲厂", NEIGHBOUR), OFFICE, "迁出")


def test_a_list_asks_two_queries_however_long(django_assert_num_queries: object) -> None:
    for n in range(30):
        made(f"{n}号厂")
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(store.enterprises(Q())) == 30
    with django_assert_num_queries(2):  # type: ignore[operator]
        store.identifiers(range(40))
