"""Acts on units that contradict one another are refused with a reason; what was wrong is withdrawn, never changed."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from actors import CLERK
from shuangkong.cli import main
from shuangkong.core.fact import Subject
from shuangkong.records.facts import scopes, store, subject_acts
from shuangkong.records.facts.models import ScopeMembership, SubjectChange, SubjectWithdrawal
from shuangkong.records.facts.models import Subject as SubjectColumns
from shuangkong.records.facts.movements import movements
from shuangkong.records.facts.subject_acts import Recorded, SubjectAct, Withdraw
from shuangkong.records.facts.succession import history, is_changed_since
from shuangkong.records.indicators.naming import subject_names
from shuangkong.records.journal import store as journal
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import ENVIRONMENT, open_rulebook, policy_root

pytestmark = pytest.mark.usefixtures("units")
ON = date(2024, 1, 1)
BELOW = "below_designated_size"


def told(act: str, code: str = "U1", **more: object) -> Recorded | Withdraw:
    return subject_acts.told(SubjectAct(act), {"code": code, "document": "县统计局通知", **more})


def does(act: str, code: str = "U1", **more: object) -> None:
    told(act, code, **more).record(CLERK)


def refused(act: str, code: str = "U1", **more: object) -> str:
    rows = [model.objects.count() for model in (SubjectChange, ScopeMembership, SubjectColumns, SubjectWithdrawal)]
    with pytest.raises(Refused) as found:
        does(act, code, **more)
    assert rows == [
        model.objects.count() for model in (SubjectChange, ScopeMembership, SubjectColumns, SubjectWithdrawal)
    ]
    return found.value.code


def load(*rows: tuple[str, str, str]) -> None:
    head = ["指标", "对象", "对象类别", "时期", "数值", "单位", "状态"]
    about = ("unit_energy_consumption", "吨标准煤", "最终")
    table = [[about[0], code, "单位", period, value, *about[1:]] for code, period, value in rows]
    report = store.load_rows([head, *table], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.is_written, report.verdicts


@pytest.fixture
def units(regions: None) -> None:
    for code in ("U1", "U2", "U3", "U4"):
        does("register", code, name=f"{code}厂", region="999901")


def test_the_same_is_not_recorded_twice() -> None:
    does("merge", other="U2", on=ON)
    assert refused("merge", other="U2", on=ON) == "FCT-310"
    assert refused("split", other="U2", on=ON) == "FCT-310"


def test_a_code_is_given_once() -> None:
    acts = len(journal.of_subject("unit/U1"))
    assert refused("register", name="冒名公司", region="999901") == "FCT-309"
    assert refused("register", name="U1厂", region="999901001") == "FCT-309"
    does("register", name="U1厂", region="999901")
    assert (SubjectColumns.objects.filter(code="U1").count(), len(journal.of_subject("unit/U1"))) == (1, acts)


@pytest.mark.parametrize("code", ["a/b c", "a/b", "a b", "a:b", "ＵＳ１", "a\u200bb", "x" * 41, "?", "-a"])
def test_a_code_can_be_loaded_and_addressed(code: str) -> None:
    assert refused("register", code, name="某厂", region="999901") == "FCT-313"


def test_a_scope_is_one_of_those_there_are() -> None:
    with pytest.raises(Refused) as found:
        does("enter", scope="nonsense", on=ON)
    assert found.value.code == "FCT-314"
    texts = (found.value.message.zh, found.value.message.en)
    assert all(scope in text for scope in open_rulebook().scopes() for text in texts)


def test_stays_do_not_overlap_and_scopes_are_alternatives() -> None:
    does("enter", on=ON)
    assert refused("enter", on=date(2023, 1, 1)) == "FCT-302"
    assert refused("enter", on=date(2025, 1, 1), scope=BELOW) == "FCT-302"
    does("leave", on=date(2025, 1, 1))
    assert refused("leave", on=date(2024, 6, 1)) == "FCT-303"
    assert refused("enter", on=date(2024, 12, 31), scope=BELOW) == "FCT-302"
    does("enter", on=date(2025, 1, 1), scope=BELOW)


@pytest.mark.parametrize(
    ("act", "code", "other", "on", "expected"),
    [
        ("rename", "U1", "U3", ON, "FCT-311"),
        ("rename", "U1", "U4", date(2023, 1, 1), "FCT-311"),
        ("split", "U1", "U3", date(2024, 1, 1), "FCT-311"),
        ("merge", "U3", "U1", date(2024, 1, 1), "FCT-311"),
        ("rename", "U3", "U2", date(2025, 1, 1), "FCT-312"),
        ("split", "U1", "U3", date(2023, 1, 1), ""),
        ("merge", "U3", "U1", date(2023, 1, 1), ""),
        ("rename", "U2", "U3", date(2025, 1, 1), ""),
    ],
)
def test_changes_follow_one_another(act: str, code: str, other: str, on: date, expected: str) -> None:
    does("merge", "U1", other="U2", on=ON)
    if expected:
        assert refused(act, code, other=other, on=on) == expected
    else:
        does(act, code, other=other, on=on)


def test_nobody_acts_before_it_bears_its_name() -> None:
    does("rename", "U1", other="U2", on=ON)
    assert refused("merge", "U2", other="U3", on=ON) == "FCT-312"
    assert refused("merge", "U3", other="U2", on=date(2023, 1, 1)) == "FCT-312"
    assert refused("rename", "U3", other="U2", on=date(2025, 1, 1)) == "FCT-312"


def test_nobody_enters_or_leaves_after_its_end() -> None:
    does("enter", on=date(2020, 1, 1))
    does("merge", other="U2", on=ON)
    assert refused("leave", on=date(2024, 1, 2)) == "FCT-311"
    does("leave", on=ON)
    assert refused("enter", on=ON, scope=BELOW) == "FCT-311"


@pytest.mark.parametrize("year", [1900, 2600, 2699])
def test_days_far_off_are_refused(year: int) -> None:
    assert refused("merge", other="U2", on=date(year, 1, 1)) == "FCT-308"
    assert refused("enter", on=date(year, 1, 1)) == "FCT-308"


def test_a_wrong_change_is_withdrawn_and_told_anew() -> None:
    does("merge", other="U2", on=ON)
    moment = timezone.now()
    assert not is_changed_since(moment)
    assert refused("withdraw", other="U2", on=ON) == "FCT-308"
    assert refused("withdraw", other="U2", on=ON, was=SubjectAct.RENAME) == "FCT-315"
    does("withdraw", other="U2", on=ON, was=SubjectAct.MERGE)
    assert refused("withdraw", other="U2", on=ON, was=SubjectAct.MERGE) == "FCT-315"
    assert not history().of(Subject("unit", "U2"))
    assert is_changed_since(moment)
    does("rename", other="U2", on=ON)
    assert [each.is_renaming for each in history().changes] == [True]
    rows = journal.of_subject("unit/U1")
    assert [row.act for row in rows][-3:] == ["subject.succeed", "subject.withdraw", "subject.succeed"]
    assert rows[-2].document == "县统计局通知"


def test_when_a_successor_began_is_news_of_it() -> None:
    does("merge", other="U2", on=ON)
    moment = timezone.now()
    does("enter", "U3", on=ON)
    assert not is_changed_since(moment)
    does("enter", "U2", on=ON)
    assert is_changed_since(moment)


def test_a_change_that_was_recorded_ahead_is_news_when_its_day_comes() -> None:
    today = timezone.localdate()
    does("merge", other="U2", on=today + timedelta(days=3))
    moment = timezone.now()
    assert not is_changed_since(moment)
    with time_machine.travel(moment + timedelta(days=2)):
        assert not is_changed_since(moment)
    with time_machine.travel(moment + timedelta(days=4)):
        assert is_changed_since(moment)
        assert not is_changed_since(timezone.now())


def test_a_wrong_stay_is_withdrawn_whole_or_its_leaving_alone() -> None:
    about = ("unit", "U1")
    does("enter", on=date(2020, 1, 1))
    does("leave", on=ON)
    does("withdraw", on=ON, was=SubjectAct.LEAVE)
    assert [(stay.starts_on, stay.ends_on) for stay in scopes.memberships(about)] == [(date(2020, 1, 1), None)]
    does("leave", on=ON)
    does("enter", on=date(2025, 1, 1))
    assert refused("withdraw", on=ON, was=SubjectAct.LEAVE) == "FCT-302"
    does("withdraw", on=date(2020, 1, 1), was=SubjectAct.ENTER)
    assert [stay.starts_on for stay in scopes.memberships(about)] == [date(2025, 1, 1)]
    assert [each.on for each in movements("/")] == [date(2025, 1, 1)]
    assert not scopes.memberships(about, timezone.localdate() - timedelta(days=1))


def test_the_database_changes_no_withdrawal_and_no_change() -> None:
    does("merge", other="U2", on=ON)
    does("withdraw", other="U2", on=ON, was=SubjectAct.MERGE)
    for model in (SubjectChange, SubjectWithdrawal):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(document="另一文件")


def test_the_command_withdraws(capsys: pytest.CaptureFixture[str]) -> None:
    said = ["U1", "--into", "U2", "--on", "2024-01-01", "--ground", "通知"]
    assert main(["subjects", "merge", *said]) == 0
    assert main(["subjects", "merge", *said]) == 2
    assert "FCT-310" in capsys.readouterr().err
    assert main(["subjects", "withdraw", *said, "--was", "merge"]) == 0
    assert not history().changes


def test_a_wrong_registration_is_withdrawn_and_the_code_given_anew() -> None:
    does("withdraw", was="register")
    assert refused("withdraw", was="register") == "FCT-304"
    assert refused("enter", on=ON) == "FCT-304"
    does("register", name="另一厂", region="999901001")
    assert [(row.name, row.edition) for row in SubjectColumns.objects.filter(code="U1").order_by("edition")] == [
        ("U1厂", 0), ("另一厂", 1),
    ]  # fmt: skip
    does("enter", on=ON)
    assert [stay.subject.name for stay in scopes.memberships(("unit", "U1"))] == ["另一厂"]
    assert subject_names([Subject("unit", "U1")]) == {Subject("unit", "U1"): "另一厂"}
    acts = [row.act for row in journal.of_subject("unit/U1")]
    assert acts == ["subject.register", "subject.withdraw", "subject.register", "subject.scope"]


def test_a_registration_stands_while_anything_rests_on_it() -> None:
    does("enter", on=ON)
    does("merge", "U2", other="U1", on=ON)
    load(("U3", "2023", "200"), ("U3", "2024", "300"))

    def said(code: str) -> str:
        with pytest.raises(Refused, match="FCT-316") as found:
            does("withdraw", code, was="register")
        return found.value.message.zh

    assert "自 2024-01-01 起纳入规模以上" in said("U1")
    assert "2024-01-01 U2 变为 U1" in said("U1")
    assert "2 个数" in said("U3")
    assert "2023（年报）" in said("U3")
    does("withdraw", on=ON, was="enter")
    does("withdraw", "U2", other="U1", on=ON, was="merge")
    does("withdraw", was="register")


def test_figures_are_told_of_no_unit_whose_registration_was_withdrawn() -> None:
    does("withdraw", "U4", was="register")
    with pytest.raises(AssertionError, match="TGT-112"):
        load(("U4", "2023", "200"))


def test_each_act_on_a_unit_that_stands_is_listed() -> None:
    does("enter", on=date(2020, 1, 1))
    does("leave", on=ON)
    does("merge", other="U2", on=ON)
    listed = [type(each).__name__ for each in subject_acts.standing_acts("U1")]
    assert sorted(listed[:2]) == ["Leave", "Merge"]
    assert listed[2:] == ["Enter", "Register"]
    for each in subject_acts.standing_acts("U1"):
        each.withdraw("更正通知", CLERK)
    assert not scopes.memberships(("unit", "U1"))


def test_a_scope_of_the_place_is_policy_and_stands_beside_those_it_does_not_exclude(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The county has a scope of its own, which a unit above designated size may belong to as well."""
    policy = tmp_path / "policy"
    shutil.copytree(policy_root(), policy, ignore=shutil.ignore_patterns("chenghu"))
    layer = 'name:\n  zh: 虚构\n  en: Invented\nlevel: county\nregion: "999901"\nparent: national\nfrom: 2020-01-01\n'
    own = "name:\n  zh: 重点用能\n  en: key users\nsource: regional-energy-forms\nverified: false\n"
    (policy / "yunqiao/facts/scopes").mkdir(parents=True)
    (policy / "yunqiao/layer.yaml").write_text(layer, encoding="utf-8")
    (policy / "yunqiao/facts/scopes/key_user.yaml").write_text(own, encoding="utf-8")
    assert refused("enter", on=ON, scope="key_user") == "FCT-314"
    monkeypatch.setenv(ENVIRONMENT, str(policy))
    does("enter", on=ON)
    does("enter", on=ON, scope="key_user")
    assert refused("enter", on=date(2025, 1, 1), scope="key_user") == "FCT-302"
    assert refused("enter", on=date(2025, 1, 1), scope=BELOW) == "FCT-302"
    assert refused("enter", on=date(2019, 1, 1), scope="key_user") == "FCT-314"
