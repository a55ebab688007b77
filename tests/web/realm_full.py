"""The realm with one thing of every sort at each place, and what a body of the first county takes part in."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import realm
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from realm_monitoring import watched
from realm_returns import commission, owed

from actors import ADMIN
from shuangkong.assessment.commendation import Honoured
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.core.source_code import number_of, source_code
from shuangkong.outlook.barometer import issue as judged
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.projects.told import EventKind as ProjectActs
from shuangkong.outlook.projects.told import MonthTold, Particulars, Stage
from shuangkong.outlook.weather.orders import AlertLevel, OrderKind
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.assessment.accountability.models import ApprovalExemption, Consequence
from shuangkong.records.assessment.commendation import rows as commended
from shuangkong.records.assessment.commendation.proposing import propose
from shuangkong.records.assessment.years.models import (
    Assessment,
    AssessmentEvent,
    AssessmentEvidence,
    AssessmentMark,
    AssessmentSheet,
)
from shuangkong.records.bulletins.store import prepare
from shuangkong.records.editions.rows import EventKind as BarometerActs
from shuangkong.records.editions.rows import Prepared
from shuangkong.records.editions.rows import Prepared as Warned
from shuangkong.records.facts import store as facts
from shuangkong.records.indicators.emissions.bases import load_inventory
from shuangkong.records.indicators.emissions.models import ReductionEvidence
from shuangkong.records.indicators.emissions.reporting import report
from shuangkong.records.indicators.emissions.rows import InventoryTold, Reported
from shuangkong.records.indicators.emissions.sheet import COLUMNS
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.outlook.barometer.store import act as decide
from shuangkong.records.outlook.barometer.store import prepare as prepare_issue
from shuangkong.records.outlook.headroom.store import commit
from shuangkong.records.outlook.projects.acts import act as on_project
from shuangkong.records.outlook.projects.acts import register as list_project
from shuangkong.records.outlook.projects.models import KeyProjectEvidence
from shuangkong.records.outlook.projects.rows import Registered
from shuangkong.records.outlook.projects.rows import Said as Told
from shuangkong.records.outlook.response.store import start as respond
from shuangkong.records.outlook.weather.alerts import OrderTold
from shuangkong.records.outlook.weather.alerts import start as start_alert
from shuangkong.records.outlook.weather.models import WeatherList, WeatherOrder
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Appointment, Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store as cascade
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.plans.cascade.rows import EntryKind, LinkVerdict, Relation
from shuangkong.records.plans.rows import Origin, Verdict
from shuangkong.records.plans.tasks import matters, meetings
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.models import Evidence, TaskFile
from shuangkong.records.plans.tasks.rows import Handed, TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import name_reporter, register_enterprise
from shuangkong.records.registry.enterprises.identifiers import identify
from shuangkong.records.registry.enterprises.rows import ParticularsRow, System
from shuangkong.records.registry.tree import path_of
from shuangkong.records.targets.decomposition.acts import record_scenario
from shuangkong.records.targets.decomposition.opening import open_of_target
from shuangkong.records.targets.decomposition.rows import Wanted as SharedOut
from shuangkong.records.targets.decomposition.store import shares
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.task import Receiver
from shuangkong.web.indicators.bulletins import as_text, bulletin_table

#: The body for which everybody of the first county acts who is asked.
BODY, OTHER = "某单位", "邻近单位"
#: An image of one point.
IMAGE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
#: The plan that a plan follows: seen from the place, where it is.
_FOLLOWED = {"own": "above", "neighbour": "above", "below": "own"}


def settle() -> dict[str, dict[str, int | str]]:
    """Place → numbers of its things; "mine" and "called" hold what the own body takes part in, here and above."""
    things = {place: dict(numbers) for place, numbers in realm.settle().items()}
    for place, numbers in things.items():
        numbers |= _more(place, numbers)
    for place, numbers in things.items():
        plan, followed = int(numbers["plan_id"]), things[_FOLLOWED.get(place, place)]
        other = followed["plan_id"] if place in _FOLLOWED else numbers["earlier_id"]
        numbers["link_id"] = _link(plan, Relation.FOLLOWS, int(other))
        numbers["moves_id"] = _link(plan, Relation.AMENDS, int(numbers["amended_id"]))
    things["above"]["letter_region"], things["own"]["letter_region"] = (
        realm.REGIONS["neighbour"],
        realm.REGIONS["below"],
    )
    mine = _mine()
    body = int(mine["body_id"])
    mine["letter_plan_id"] = things["own"]["plan_id"]
    commission(things["own"], body)
    return things | {"mine": mine, "called": _taken_part("above", body)}


def _office(place: str) -> Acting:
    code = realm.REGIONS[place]
    return Acting("office", Role.PLAN_OFFICE, region=code, paths=(path_of(code),))


def _clerk(place: str, body: int) -> Acting:
    code = realm.REGIONS[place]
    return Acting("clerk", Role.DEPARTMENT, body=body, bodies=frozenset({body}), region=code, paths=(path_of(code),))


def _plan(place: str, number: int) -> int:
    """Another adopted plan of the place."""
    text = realm.PLAN.format(name=realm.NAMES[place]) + f"\n附件{number}\n"
    document = Document("t.txt", Medium.TXT, text)
    reading = read_plan(document, open_rulebook().lexicon())
    made = plans.save_reading(text.encode(), document, reading, (), ADMIN, Origin(region=realm.REGIONS[place])).id
    for entry in plans.undecided(made):
        plans.decide(entry.id, Verdict.ACCEPTED, ADMIN)
    plans.adopt(made, ADMIN)
    return made


def _link(plan: int, relation: Relation, other: int) -> int:
    return cascade.decide_link(plan, ADMIN, relation, LinkVerdict.CONFIRMED, "文件标题", other)


def _more(place: str, numbers: Mapping[str, int | str]) -> dict[str, int | str]:
    code, body, plan = realm.REGIONS[place], int(numbers["body_id"]), int(numbers["plan_id"])
    office = _office(place)
    found = {
        "earlier_id": _plan(place, 1),
        "amended_id": _plan(place, 2),
        "evidence_id": _evidence(int(numbers["task_id"]), _clerk(place, body)),
        "matter_id": matters.raise_matter("来水减少", "出力下降。", timezone.localdate(), _clerk(place, body)),
        "other_body_id": registry.name_bodies(code, [OTHER])[OTHER],
        "responsible_id": cascade.name_responsible(
            cascade.Naming(Rank.FIRST, "张某", "主任", body=body), ADMIN, "任命"
        ),
        "registered_id": cascade.register(
            plan, cascade.Registering(EntryKind.AWAITED, "能耗强度目标"), ADMIN, "见正文"
        ),
        "commendation_id": _commendation(place, body),
        **_assessment(place, None),
        **_decomposition(int(numbers["target_id"]), office),
        "bulletin_id": _bulletin(code, office),
        "commitment_id": commit(
            code, "虚构的砖厂", Period(2024, "03"), [("total_consumption", Decimal(1), Decimal(0))], "某批复", office
        )[0],
        **_issues(place, code, int(numbers["target_id"]), office),
        **_weather(place, body, office),
        "situated": code,
        "inventory_id": _base(place, office),
        **_reduction(place, body),
        **_key_project(place, body),
        **owed(code, body, "2023-05"),
        "appointment_id": Appointment.objects.filter(person=int(numbers["person_id"])).latest("pk").pk,
        "version": 2,
        "letter_plan_id": plan,
        "letter_body_id": body,
        "helped_id": numbers["task_id"],
        **_figure(code),
    }
    # A second version of the plan: one entry decided anew, and adopted again.
    plans.decide(int(numbers["entry_id"]), Verdict.ACCEPTED, ADMIN)
    plans.adopt(plan, ADMIN)
    enterprise = _enterprise(place, f"{realm.NAMES[place]}水泥厂", office)
    return {**found, **enterprise, **watched(code, number_of(str(enterprise["source"])), place)}


def _evidence(task: int, clerk: Acting) -> int:
    event = act(task, clerk, EventKind.REPORT, "已开工", Grade.ON_TRACK, files=[Handed("照片.png", IMAGE)])
    return Evidence.objects.get(event=event).pk


def _commendation(place: str, body: int) -> int:
    wanted = commended.Wanted(
        Honoured.DEPARTMENT, "", "先进单位", "提前完成年度目标。", realm.REGIONS[place], honoured_body=body,
        ground="虚构的会议决定",
    )  # fmt: skip
    return propose(wanted, _office(place))


def _assessment(place: str, body: int | None) -> dict[str, int | str]:
    """An assessment at the place, by the row itself: all who have a part in it are of one place, for once."""
    code = realm.REGIONS[place]
    made = Assessment.objects.create(
        region_id=code, path=path_of(code), duty="department_target", layer="national", score_table="sector_department",
        period="2023", subject_kind="region", subject_code=code, subject_name="某处", subject_path=path_of(code),
        body_id=body, launched_by="office", launched_at=timezone.now(),
    )  # fmt: skip
    AssessmentEvent.objects.create(
        assessment=made, kind="launch", on=timezone.localdate(), until=timezone.localdate(), author="office",
        at=timezone.now(), journal=0,
    )  # fmt: skip
    mark = AssessmentMark.objects.create(
        assessment=made, side="self", code="2.1", marks=Decimal(1), author="clerk", at=timezone.now(), journal=0
    )
    file, _ = TaskFile.objects.get_or_create(
        sha256=hashlib.sha256(IMAGE).hexdigest(), defaults={"medium": "png", "size_bytes": len(IMAGE), "content": IMAGE}
    )
    proof = AssessmentEvidence.objects.create(mark=mark, title="照片", file=file)
    sheet = AssessmentSheet.objects.create(
        assessment=made, version="", content="{}", rulebook="", computed_at=timezone.now()
    )
    followed = Consequence.objects.create(
        assessment=made, sheet=sheet, path=made.path, subject_path=made.path, rule="data_fraud", ordinal=1,
        act="criticism_notice", on=timezone.localdate(), proposed_by="office", proposed_at=timezone.now(),
    )  # fmt: skip
    exempt = ApprovalExemption.objects.create(
        region_id=code, path=made.path, restriction="small_boiler_elsewhere", project="虚构的锅炉",
        starts=timezone.localdate(), document="测", reason="测", author="leader", at=timezone.now(), journal=0,
    )  # fmt: skip
    return {
        "assessment_id": made.pk, "assessment_evidence_id": proof.pk, "consequence_id": followed.pk,
        "exemption_id": exempt.pk, "term_starts": "2021-01-01", "term_until": "2023-12-31",
    }  # fmt: skip


def _decomposition(target: int, office: Acting) -> dict[str, int | str]:
    """A target of the place that is being shared out between two sectors, and what one of them gets."""
    made = open_of_target(target, office)
    receivers = tuple(
        Receiver(subject=Subject("sector", name), name=name, base=Decimal(1), activity=Decimal(1), growth=Decimal(0))
        for name in ("虚构的工业", "虚构的建筑业")
    )
    scenario = record_scenario(made, SharedOut(name="一", rule="equal_rate", receivers=receivers), office)
    [first, _second] = shares(Q(scenario=scenario))
    return {"decomposition_id": made, "share_id": first.id}


def _figure(code: str) -> dict[str, int | str]:
    """A told figure of the place, by the words of its address."""
    rows = [
        ["指标", "对象", "时期", "数值", "单位", "状态"],
        ["total_consumption", code, "2023", "5", "吨标准煤", "最终"],
        ["electricity_consumption", code, "2023", "5", "亿千瓦时", "最终"],
    ]
    report = facts.load_rows(rows, name="t.csv", digest="", source="年报", by=ADMIN, is_dry_run=False)
    assert report.load is not None
    kind = "region"
    return {
        "field": "water",
        "year": 2023,
        "indicator": "total_consumption",
        "period": "2023",
        "subject": f"{kind}:{code}",
        "subject_kind": kind,
    }


def _bulletin(code: str, office: Acting) -> int:
    """A bulletin of the place that waits to be approved."""
    row = registry.region(code)
    assert row is not None
    period = Period(2023)
    given = Prepared(
        region=code, period=str(period), issuer="虚构的统计局",
        content=as_text(bulletin_table(row, period, ["total_consumption_growth"])), as_of=timezone.localdate(),
        rulebook="", is_demo=False, is_fictional=True,
    )  # fmt: skip
    return prepare(given, office)


def _issues(place: str, code: str, target: int, office: Acting) -> dict[str, int | str]:
    """An issue that waits to be approved, a published one, and a response to what it warns of."""
    done, leader = _issue(code, 2021, target, office), replace(_office(place), author="leader", role=Role.LEADING_GROUP)
    decide(done, BarometerActs.APPROVE, leader)
    decide(done, BarometerActs.PUBLISH, office, number="云节能1号")
    waiting = _issue(code, 2022, target, office)
    return {"issue_id": waiting, "published_id": done, "response_id": respond(done, target, office)}


def _issue(code: str, year: int, target: int, office: Acting) -> int:
    """An issue of the barometer of the place that waits to be approved."""
    line = judged.Line(
        target=target, subject=Subject("region", code), name="某地", is_whole=True, rule="target", level=Level.RED,
        cause=None, last=None, required=Decimal(3), achieved=Decimal(1), unit="%", steps=(),
    )  # fmt: skip
    content = judged.Content("某地", Period(year), (judged.Part("energy_intensity", "单位地区生产总值能耗", (line,)),))
    given = Warned(
        region=code, period=str(content.period), issuer="虚构的领导小组", content=content, as_of=timezone.localdate(),
        rulebook="", is_demo=False, is_fictional=True,
    )  # fmt: skip
    return prepare_issue(given, office)


def _weather(place: str, body: int, office: Acting) -> dict[str, int | str]:
    """A response to heavy-pollution weather at the place, a list without measures, and a notice to the body."""
    code, now = realm.REGIONS[place], timezone.now()
    WeatherList.objects.create(
        region_id=code, path=path_of(code), year=2024, document="令", emitted={}, source="清单", is_demo=False,
        is_fictional=True, author="office", at=now, journal=0,
    )  # fmt: skip
    told = OrderTold(OrderKind.START, now - timedelta(days=2), "令", "预测", "李某", AlertLevel.ORANGE)
    made = start_alert(code, told, (), office)
    order = WeatherOrder.objects.get(alert=made).pk
    return {"alert_id": made, "order_id": order, "notice_id": _notice(place, body, office)}


def _notice(place: str, body: int, office: Acting) -> int:
    code = realm.REGIONS[place]
    given = ToSend(
        kind=NoticeKind.RESPONSE, thing=1, title="虚构的通知", text="请办理。", region=code, path=path_of(code),
        bodies=(Addressed(body),),
    )  # fmt: skip
    return send(given, office) or 0


def _base(place: str, office: Acting) -> int:
    """A base of the place, which does not count yet."""
    rows = (
        tuple(each.headings[0] for each in COLUMNS),
        ("PC-9", "虚构的砖厂", "", "工业", "二氧化硫", "100", "", "自动监测"),
    )
    told = InventoryTold(realm.REGIONS[place], "census", 2020, "普查", "虚构的公报")
    return load_inventory(rows, told, office, name="base.csv", digest="", is_dry_run=False).inventory or 0


def _reduction(place: str, body: int) -> dict[str, int | str]:
    """A reduction that the body reports, with a file."""
    wanted = Reported(
        realm.REGIONS[place], "虚构的关停", "PC-9", "虚构的砖厂", "so2", "industry", "closure", {"base": Decimal(10)},
        (2023, 4), files=(Handed("照片.png", IMAGE),),
    )  # fmt: skip
    made = report(wanted, _clerk(place, body))
    return {"reduction_id": made, "file_id": ReductionEvidence.objects.get(event__reduction=made).pk}


def _key_project(place: str, body: int) -> dict[str, int | str]:
    """A key project that the body owns, and a month of it with a file."""
    owner = registry.body(body)
    assert owner is not None
    told = Particulars(
        name="虚构的脱硫工程", family="air_reduction", since="2023-04", milestones={"run": date(2060, 1, 1)},
        expected={"so2": Decimal(10)},
    )  # fmt: skip
    made = list_project(Registered(realm.REGIONS[place], owner.name, told), _office(place))
    month = Told(MonthTold("2023-05", Stage.BUILDING), files=(Handed("照片.png", IMAGE),))
    event = on_project(made, _clerk(place, body), ProjectActs.DISPATCH, month)
    return {"project_id": made, "project_file_id": KeyProjectEvidence.objects.get(event=event).pk}


def _enterprise(place: str, name: str, office: Acting) -> dict[str, int | str]:
    made = register_enterprise(ParticularsRow(name, realm.REGIONS[place]), office, "名录核实")
    return {"source": source_code(made), "identifier_id": identify(made, System.CENSUS, f"C-{made}", office, "普查")}


def _mine() -> dict[str, int | str]:
    """What lies at the own place, and the own body takes part in: it reports for an enterprise, too."""
    office = _office("own")
    enterprise = _enterprise("own", BODY, office)
    body = name_reporter(number_of(str(enterprise["source"])) or 0, office, "开通")
    return {
        **_taken_part("own", body),
        **enterprise,
        "body_id": body,
        "letter_body_id": body,
        "other_body_id": registry.name_bodies(realm.REGIONS["own"], [OTHER])[OTHER],
        "commendation_id": _commendation("own", body),
        **_assessment("own", body),
        **_reduction("own", body),
        **watched(realm.REGIONS["own"], number_of(str(enterprise["source"])), "mine"),
        "notice_id": _notice("own", body, office),
    }


def _taken_part(place: str, body: int) -> dict[str, int | str]:
    """A task that the body owes, its evidence, the meeting about it, and a matter that the body has raised."""
    office = _office(place)
    other = registry.name_bodies(realm.REGIONS[place], [OTHER])[OTHER]
    task, helped = (
        add(Wanted(TaskKind.KEY_WORK, "虚构的重点工程", parts, realm.REGIONS[place]), office, "会议决定")
        for parts in (((body, Part.SOLE),), ((other, Part.LEAD), (body, Part.PARTICIPANT)))
    )
    return {
        "notice_id": _notice(place, body, office),
        **owed(realm.REGIONS[place], body, "2023-06"),
        "task_id": task,
        "helped_id": helped,
        "evidence_id": _evidence(task, _clerk(place, body)),
        "meeting_id": meetings.call_meeting("专题会", timezone.localdate(), realm.REGIONS[place], [task], office),
        "matter_id": matters.raise_matter("来水减少", "出力下降。", timezone.localdate(), _clerk(place, body)),
    }


def clients() -> dict[str, Client]:
    """Somebody in each role at the first county, who acts for its body: role → browser."""
    body = registry.name_bodies(realm.REGIONS["own"], [BODY])[BODY]
    found = {}
    for role in Role:
        if role is not Role.PUBLIC:
            person = Person.objects.create_user(f"one-{role}", password=None)
            appoint(person.username, role, ADMIN, "测试", body, realm.REGIONS["own"])
            found[role.value] = Client(headers={"host": "localhost"})
            found[role.value].force_login(person)
    return found
