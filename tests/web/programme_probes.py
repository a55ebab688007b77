"""What is asked of every operation of the interface for programmes, and of which thing.

Another operation joins by a line in ASKED; what it must answer is said by the table, as for pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import api_site
from django.utils import timezone
from probes import Probe
from realm_returns import LATER

type Numbers = Mapping[str, int | str]


@dataclass(frozen=True)
class Call:
    """One way of calling an operation: ``tells`` makes what is sent, by the numbers of the things asked for."""

    probe: Probe
    path: str
    tells: Callable[[Numbers], Mapping[str, object]]


def _nothing(_numbers: Numbers) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Asked:
    """``read``, ``action``, ``means``, ``asks``, ``is_about_one``, ``is_told``, ``opens``, ``is_whole`` as of a Probe.

    ``action`` "": that which the operation says that it is.
    """

    tells: Callable[[Numbers], Mapping[str, object]] = _nothing
    read: str = ""
    action: str = ""
    means: tuple[tuple[str, str], ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    is_about_one: bool = True
    is_told: bool = False
    opens: frozenset[str] = frozenset()
    is_whole: bool = False


def _says(**told: object) -> Callable[[Numbers], Mapping[str, object]]:
    return lambda numbers: told


def _on_plan(**told: object) -> Asked:
    return Asked(_says(**told), "plan.read")


def _registered(read: str = "", **told: object) -> Asked:
    return Asked(_says(**told), read, means=(("entry_id", "registered_id"),))


def _on_enterprise(**told: object) -> Asked:
    return Asked(_says(**told), "enterprise.read")


def _act(action: str, **told: object) -> Asked:
    return Asked(_says(text="试", **told), "task.read", action)


def _commended(action: str, **told: object) -> Asked:
    return Asked(_says(text="试", **told), "commendation.read", action)


_LIST = Asked(is_about_one=False)
_ONE = Asked()
_REGION = (("region", "code"),)
_FIGURE = (("indicator", "indicator"), ("subject_kind", "subject_kind"), ("subject", "code"))


def _enterprise(numbers: Numbers) -> Mapping[str, object]:
    return {"name": "虚构的造纸厂", "region": numbers["code"], "ground": "名录核实"}


def _task(numbers: Numbers) -> Mapping[str, object]:
    part = {"body": numbers["body_id"], "part": "sole"}
    return {"kind": "key_work", "title": "虚构的工程", "parts": [part], "region": numbers["code"], "ground": "会议"}


def _reduction(numbers: Numbers) -> Mapping[str, object]:
    return {
        "region": numbers["code"], "title": "虚构的关停", "source": "PC-9", "source_name": "虚构的砖厂",
        "pollutant": "so2", "scope": "industry", "formula": "closure", "inputs": {"base": "10"}, "starts": "2023-04",
    }  # fmt: skip


def _shared_out(_numbers: Numbers) -> Mapping[str, object]:
    receiver = {"kind": "sector", "code": "甲", "name": "甲", "base": "1", "activity": "1", "growth": "0"}
    return {"name": "一", "rule": "equal_rate", "receivers": [receiver]}


def _project(numbers: Numbers) -> Mapping[str, object]:
    amounts = [{"indicator": "total_consumption", "amount": "1"}]
    return {"region": numbers["code"], "project": "虚构的纸厂", "starts": "2023-04", "amounts": amounts}


def _ordered() -> dict[str, object]:
    """An order for heavy-pollution weather, without what it does."""
    return {"starts_at": timezone.now().isoformat(), "document": "令", "ground": "预测", "signed_by": "李某"}


def _key_project(numbers: Numbers) -> Mapping[str, object]:
    return {
        "region": numbers["code"], "owner": "虚构的环保局", "name": "虚构的脱硫", "family": "air_reduction",
        "since": "2023-04", "milestones": {"run": "2060-01-01"}, "expected": {"so2": "10"},
    }  # fmt: skip


def _register(numbers: Numbers) -> Mapping[str, object]:
    return {"kind": "awaited", "title": "煤炭消费总量", "ground": "见正文"}


def _mark(numbers: Numbers) -> Mapping[str, object]:
    return {"starts_at": numbers["moment"], "ends_at": numbers["moment_later"], "mark": "M", "reason": "fault",
            "text": "试"}  # fmt: skip


_SPAN = (("start", "moment"), ("end", "moment_later"))
_ORDER_ROW = (("order_id", "device_order_id"),)


def _watched(action: str, **told: object) -> Asked:
    return Asked(_says(**told), "monitoring.read", f"monitoring.{action}")


#: Operation → ways of asking for it.
ASKED: Mapping[str, tuple[Asked, ...]] = {
    **dict.fromkeys(
        ("list_registers", "list_register_rows", "list_outlet_states", "list_monitoring_alarms", "list_device_orders",
         "list_quarantine", "list_waiting_marks", "list_reading_uploads", "list_industry_compliance",
         "list_power_prices"),
        (_LIST,),
    ),
    **dict.fromkeys(("get_register_row", "get_monitoring_alarm"), (_ONE,)),
    "list_metered_energy": (Asked(asks=(("month", "month"),), is_about_one=False),),
    "get_outlet_readings": (Asked(asks=(("kind", "hour"), *_SPAN)),),
    "list_outlet_marks": (Asked(asks=_SPAN),),
    "upload_readings": (Asked(is_about_one=False),),
    "register_monitoring_row": (Asked(_says(values={}), action="monitoring.register", is_about_one=False),),
    "load_monitoring_rows": (Asked(_says(rows=[["x"]]), action="monitoring.register", is_about_one=False),),
    "revise_monitoring_row": (_watched("register", values={"name": "改"}, ground="试"),),
    "act_on_alarm": (
        _watched("explain", act="explain", text="试", cause="other"), _watched("handle", act="escalate"),
    ),
    "order_device": (_watched("order", command="1011", ground="试"),),
    "cancel_device_order": (
        Asked(_says(ground="试"), "monitoring.read", "monitoring.order", means=_ORDER_ROW),
    ),
    "mark_outlet_hours": (Asked(_mark, "monitoring.read", "monitoring.mark"),),
    "withdraw_outlet_mark": (_watched("mark", ground="试"),),
    "agree_outlet_mark": (_watched("mark", ground="试"),),
    "decide_quarantine": (Asked(_says(decision="kept", ground="试")),),
    "publish_key_dischargers": (
        Asked(lambda n: {"region": n["code"], "year": 2024, "on": "2024-01-01", "document": "试"}, is_about_one=False),
    ),
    **dict.fromkeys(
        (
            "plans", "tasks", "reminders", "channels", "messages", "calendar_address", "enterprises", "register",
            "responsible", "responsible_history", "meetings", "matters", "me", "appointments", "journal_rows", "calls",
            "list_reductions", "list_inventories", "list_reduction_sources",
            "list_assessments", "list_consequences", "list_exemptions", "list_key_units",
            "list_commendations", "list_decompositions", "received_targets", "list_bulletins", "list_barometers",
            "list_responses", "list_projects", "list_alerts", "list_notices",
            "take_out", "rules_in_force", "certificate_accounts", "certificate_entries", "facts",
            "facts_file", "load_facts_file",
        ),
        (_LIST,),
    ),
    **dict.fromkeys(
        (
            "plan", "measures", "plan_targets", "target", "task", "task_events", "evidence_file", "region",
            "regions_below", "bodies", "body_changes", "body", "enterprise", "enterprise_history", "plan_links",
            "link_proposals", "comparison", "revision", "pair_decisions", "register_proposals", "meeting", "matter",
            "get_consequence", "list_consequence_events",
            "get_assessment", "get_score_sheet", "list_assessment_events",
            "get_commendation", "get_decomposition", "list_decomposition_scenarios", "list_decomposition_events",
            "get_decomposition_share", "plan_annexes", "list_commendation_events", "get_reduction",
            "list_reduction_events",
            "emission_accounts", "intensity_course", "missing_figures", "scope_changes",
        ),
        (_ONE,),
    ),
    **dict.fromkeys(("list_windows", "list_returns", "reporting_progress"), (_LIST,)),
    **dict.fromkeys(("list_forms", "list_units_to_file"), (_LIST,)),
    "open_reporting_window": (
        Asked(lambda n: {"form": "energy_purchase", "period": "2023-07", "region": n["code"]}, "return.read"),
    ),
    "lock_reporting_window": (Asked(read="return.read"),),
    "put_off_reporting_window": (Asked(_says(due=LATER, ground="停电"), "return.read"),),
    **dict.fromkeys(("list_file_entries", "count_management_systems"), (_LIST,)),
    "get_file_entry": (_ONE,),
    "add_file_entry": (Asked(_says(kind="evaluation", told={"period": "2024"}), "entry.read", "entry.decide"),),
    "act_on_file_entry": (
        Asked(_says(event="strike", ground="误"), "entry.read", "entry.decide"),
        Asked(_says(event="answer", ground="已办"), "entry.read", "entry.tell"),
    ),
    "judge_file_entry": (Asked(read="entry.read"),),
    "plan_metering_reviews": (Asked(lambda n: {"region": n["code"], "told": {"period": "2024"}}, "entry.read"),),
    "list_petitions": (_LIST,),
    "list_return_petitions": (_ONE,),
    "ask_on_return": (Asked(_says(kind="stop", ground="停产")),),
    "withdraw_petition": (_ONE,),
    "answer_petition": (Asked(_says(grant=False, ground="试"), "return.read"),),
    "file_many_returns": (
        Asked(
            _says(form="energy_purchase", period="1999-01", returns=[{"unit": "R", "cells": {"a.b.c": "1"}}]),
            is_about_one=False,
        ),
    ),
    "get_return": (_ONE,),
    **dict.fromkeys(("get_return_draft", "check_return_draft", "save_return_draft"), (_ONE,)),
    "submit_return": (Asked(read="return.file"),),
    "act_on_return": (
        Asked(_says(kind="remind"), "return.read", "return.review"),
        Asked(_says(kind="approve"), "return.read", "return.approve"),
        Asked(_says(kind="lock"), "return.read", "window.open"),
        Asked(_says(kind="recall"), "return.read", "return.sign"),
    ),
    **dict.fromkeys(("list_verification_cases", "list_verification_bodies", "list_established_frauds"), (_LIST,)),
    **dict.fromkeys(("get_verification_case", "get_verification_body", "get_own_verification"), (_ONE,)),
    "open_verification_case": (Asked(lambda n: {"owned": n["return_id"], "ground": "抽查"}, "verification.read"),),
    "act_on_verification_case": (Asked(_says(kind="note", ground="看账"), "verification.read"),),
    "answer_verification_case": (Asked(_says(ground="已查")),),
    "register_verification_body": (
        Asked(lambda n: {"code": "V", "name": "某机构", "region": n["code"], "ground": "备案"}, "verification.read"),
    ),
    "tell_verification_body": (
        Asked(_says(kind="holding", told={"unit": "U"}, ground="股权"), "verification.read"),
    ),
    "get_bulletin": (Asked(is_whole=True),),
    "headroom": (_ONE,),
    "may_take_project": (Asked(_project, "actual.read"),),
    "commit_project": (Asked(lambda n: {**_project(n), "document": "某批复"}, "actual.read"),),
    "end_commitment": (Asked(_says(ground="已投产"), "actual.read"),),
    **dict.fromkeys(("get_project", "get_project_tonnes", "list_project_events", "project_sums"), (_ONE,)),
    "register_project": (Asked(_key_project, "project.read"),),
    "act_on_project": (
        Asked(_says(kind="dispatch", month="2023-06", stage="building"), "project.read", "project.dispatch"),
        Asked(_says(kind="end", text="试"), "project.read", "project.register"),
    ),
    "get_response": (_ONE,),
    "start_response": (Asked(lambda n: {"issue": n["published_id"], "target": n["target_id"]}, "actual.read"),),
    "act_on_response": (Asked(_says(kind="lift", ground="达到进度"), "actual.read", "response.decide"),),
    "get_alert": (_ONE,),
    "start_alert": (Asked(lambda n: {"region": n["code"], "level": 3, **_ordered()}, "weather.read"),),
    "order_on_alert": (
        Asked(lambda _: {"kind": "end", **_ordered()}, "weather.read", "weather.order"),
    ),
    "tell_emissions": (Asked(_says(source="某处", rows=[]), "weather.read"),),
    "get_measure_list": (Asked(means=_REGION),),
    "load_measure_list": (
        Asked(
            lambda n: {"region": n["code"], "year": 2024, "document": "令", "source": "清单", "measures": []},
            "weather.read",
        ),
    ),
    "get_notice": (_ONE,),
    "acknowledge_notice": (Asked(read="notice.read"),),
    "get_barometer": (Asked(is_whole=True),),
    "prepare_barometer": (
        Asked(lambda n: {"region": n["code"], "period": "2023", "issuer": "某组"}, "actual.read"),
    ),
    "act_on_barometer": (
        Asked(_says(kind="approve"), "actual.read", "barometer.approve", is_whole=True),
        Asked(_says(kind="publish", number="云节能1号"), "actual.read", "barometer.publish", is_whole=True),
        Asked(_says(kind="withdraw", text="试"), "actual.read", "barometer.prepare", is_whole=True),
    ),
    "compare_regions": (Asked(asks=(("indicator", "indicator"), ("period", "period"))),),
    "analyse_situation": (Asked(asks=(("period", "period"),)),),
    "prepare_bulletin": (
        Asked(
            lambda n: {
                "region": n["code"], "period": "2022", "indicators": ["total_consumption_growth"], "issuer": "某局"
            },
            "actual.read",
        ),
    ),
    "act_on_bulletin": (
        Asked(_says(kind="approve"), "actual.read", "bulletin.approve", is_whole=True),
        Asked(_says(kind="publish", number="云统公报1号"), "actual.read", "bulletin.publish", is_whole=True),
        Asked(_says(kind="withdraw", text="试"), "actual.read", "bulletin.prepare", is_whole=True),
    ),
    "hand_out": (Asked(_task, is_told=True),),
    "sector_statistics": (Asked(asks=(*_REGION, ("field", "field"))),),
    **dict.fromkeys(("evaluation", "exclusions", "certificate_net"), (Asked(asks=(*_REGION, ("year", "year"))),)),
    **dict.fromkeys(
        ("energy_balance", "energy_flows", "reconciled_figures"), (Asked(asks=(("year", "year"),)),)
    ),
    "energy_structure": (Asked(),),
    "open_certificate_account": (
        Asked(lambda n: {"name": "虚构的电站", "region": n["code"], "keeper": n["code"]}, "certificate.read"),
    ),
    "record_certificates": (Asked(_says(rows=[]), is_about_one=False),),
    "tell_certificates": (Asked(lambda n: {"region": n["code"], "year": n["year"]}, "certificate.read"),),
    "act_on": (
        _act("task.report", kind="report", grade="on_track"),
        Asked(_says(kind="confirm"), "task.read", "task.confirm", (("task_id", "helped_id"),)),
        _act("task.judge", kind="accept"),
        _act("task.extend", kind="extend", due="2060-12-31"),
        _act("task.escalate", kind="remind"),
        _act("listing.supervise", kind="list"),
    ),
    "assign": (_on_plan(),),
    "derive_again": (_on_plan(),),
    "own": (Asked(lambda n: {"body": n["body_id"], "ground": "试"}, "task.read"),),
    "read_reminders": (Asked(_says(reminders=[]), is_about_one=False),),
    "choose_channel": (Asked(_says(channel="email", is_on=False), is_about_one=False),),
    "make_calendar_address": (_LIST,),
    "revoke_calendar_address": (_LIST,),
    "likely_bodies": (Asked(read="body.read"),),
    "confirm_alias": (Asked(lambda n: {"same_as": n["other_body_id"], "reason": "试"}, "body.read"),),
    "confirm_distinction": (Asked(lambda n: {"not_same_as": n["other_body_id"], "reason": "试"}, "body.read"),),
    "record_change": (
        Asked(
            lambda n: {"before": n["body_id"], "after": n["other_body_id"], "kind": "renamed", "document": "虚构"},
            "body.read",
        ),
    ),
    "region_history": (Asked(is_about_one=False),),
    "record_region_change": (
        Asked(_says(before="000000", after="000001", dry_run=True), is_about_one=False),
    ),
    "register_enterprise": (Asked(_enterprise, "enterprise.read"),),
    "likely_enterprises": (Asked(read="enterprise.read", asks=_REGION),),
    "change_enterprise": (Asked(_enterprise, "enterprise.read"),),
    "open_enterprise": (_on_enterprise(is_open=False, ground="关停"),),
    "name_reporter": (_on_enterprise(ground="开通"),),
    "identify_enterprise": (_on_enterprise(system="permit", value="P-9", ground="许可证"),),
    "end_enterprise_identifier": (_on_enterprise(ground="已注销"),),
    "confirm_enterprise_alias": (_on_enterprise(same_as=None, reason="有误"),),
    "confirm_enterprise_distinction": (
        Asked(lambda n: {"not_same_as": n["source"], "reason": "试"}, "enterprise.read"),
    ),
    "succeed_enterprise": (
        Asked(lambda n: {"after": n["source"], "kind": "split", "document": "虚构"}, "enterprise.read"),
    ),
    "decide_link": (_on_plan(relation="follows", verdict="confirmed", ground="试", title="虚构的方案"),),
    "assign_gaps": (Asked(_says(due="2060-12-31", keys=[]), "plan.compare"),),
    "adjustment": (Asked(means=(("link_id", "moves_id"),)),),
    "decide_pair": (Asked(_says(above=1, below=1, verdict="paired", ground="试"), "plan.compare"),),
    "register_entry": (_registered(),),
    "register_events": (_registered(),),
    "add_to_register": (Asked(_register, "plan.read"),),
    "decline_entry": (Asked(_register, "plan.read"),),
    "withdraw_entry": (_registered("plan.read", ground="试"),),
    "entry_written": (
        Asked(
            lambda n: {"written": n["earlier_id"], "ground": "试"}, "plan.read", means=(("entry_id", "registered_id"),)
        ),
    ),
    "entry_arrived": (_registered("plan.read", value="13.5", unit="%", document="虚构", ground="下达"),),
    "name_responsible": (
        Asked(
            lambda n: {"rank": "first", "person": "李某", "post": "主任", "body": n["body_id"], "ground": "任命"},
            "body.read",
        ),
    ),
    "vacancies": (Asked(asks=_REGION),),
    "levels_answered": (Asked(asks=_REGION),),
    "end_responsibility": (Asked(_says(ground="调离"), "body.read", means=(("row_id", "responsible_id"),)),),
    "add_state_firm": (Asked(lambda n: {"region": n["code"], "name": "虚构的集团", "ground": "名录"}, "body.read"),),
    "call_meeting": (
        Asked(lambda n: {"title": "例会", "on": "2030-01-01", "region": n["code"]}, "meeting.read"),
    ),
    "write_minutes": (Asked(_says(text="议定。"), "meeting.read"),),
    "decide_item": (Asked(_says(title="报清单", parts=[]), "meeting.read"),),
    "raise_matter": (Asked(_says(title="停电", text="线路检修。", happened_on="2020-01-01"), is_about_one=False),),
    "acknowledge": (Asked(_says(text="已阅。"), "matter.read"),),
    "load_table": (Asked(_says(rows=[]), is_about_one=False),),
    "load_file": (_LIST,),
    "fact_versions": (Asked(asks=_FIGURE),),
    "load_facts": (Asked(_says(rows=[]), is_about_one=False),),
    "load_actuals": (_LIST,),
    "record_subject_act": (
        Asked(
            lambda n: {"act": "register", "code": "U1", "name": "虚构单位", "region": n["code"], "document": "试"},
            is_told=True,
        ),
    ),
    "grant": (
        Asked(
            lambda n: {"person": "somebody-own", "role": "plan_office", "ground": "调入", "region": n["code"]},
            is_told=True,
        ),
    ),
    "withdraw_appointment": (Asked(_says(ground="调离"), "people.read"),),
    "assessment_evidence_file": (Asked(means=(("evidence_id", "assessment_evidence_id"),)),),
    "launch_assessments": (
        Asked(
            lambda n: {"region": n["code"], "duty": "town_target", "year": 2023, "until": f"{timezone.localdate()}"},
            is_told=True,
        ),
    ),
    "draw_assessments": (
        Asked(
            lambda n: {"region": n["code"], "duty": "town_target", "year": 2023, "count": 1, "seed": "1"},
            is_told=True,
        ),
    ),
    "carry_over_assessment": (Asked(_says(source=1), "assessment.read", "assessment.answer"),),
    "get_term_sheet": (
        Asked(asks=(("starts", "term_starts"), ("until", "term_until"))),
    ),
    "record_exemption": (
        Asked(
            lambda n: {
                "region": n["code"], "restriction": "small_boiler_elsewhere", "project": "虚构的锅炉",
                "document": "测", "reason": "测",
            },
            is_told=True,
        ),
    ),
    "end_approval_exemption": (Asked(_says(document="测", reason="测"), "assessment.read"),),
    "take_key_units": (
        Asked(
            lambda n: {"region": n["code"], "rows": [["企业", "名单", "起始日期", "截止日期", "公布文件"]]},
            is_told=True,
        ),
    ),
    "list_up_consequences": (Asked(read="assessment.read"),),
    "may_be_approved": (
        Asked(lambda n: {"act": "eia", "region": n["code"]}, is_about_one=False),
    ),
    "act_on_consequence": (
        *(
            Asked(_says(kind=kind), "assessment.read", f"assessment.{action}")
            for action, kind in (("approve", "decide"), ("conduct", "carry_out"))
        ),
    ),
    "mark_assessment": (
        Asked(_says(side="review", code="2.1", title="试"), "assessment.read", "assessment.conduct"),
    ),
    "act_on_assessment": (
        *(
            Asked(_says(kind=kind, text="试"), "assessment.read", f"assessment.{action}")
            for action, kind in (("conduct", "cancel"), ("approve", "approve"), ("answer", "submit"))
        ),
    ),
    "propose_commendation": (
        Asked(
            lambda n: {
                "kind": "enterprise", "name": "虚构的水泥厂", "award": "先进单位", "merit": "提前完成。",
                "region": n["code"], "ground": "会议",
            },
            is_told=True, opens=frozenset({"own"}),
        ),
    ),
    "open_decomposition": (
        Asked(lambda n: {"target": n["target_id"]}, is_told=True),
    ),
    "reckon_elastic_totals": (
        Asked(
            _says(base="100", years=[{"year": 2023, "growth": "5", "decline": "3"}]), is_about_one=False
        ),
    ),
    "try_scenario": (Asked(_shared_out, "decomposition.read"),),
    "record_scenario": (Asked(_shared_out, "decomposition.read"),),
    "act_on_decomposition": (
        Asked(_says(kind="withdraw", text="试"), "decomposition.read", "decomposition.adopt"),
    ),
    "report_reduction": (Asked(_reduction, is_told=True, opens=frozenset({"own"})),),
    "act_on_reduction": (
        *(
            Asked(_says(kind=kind), "emission.read", f"emission.{action}")
            for kind, action in (
                ("check", "check"), ("review", "review"), ("recognise", "recognise"), ("correct", "report"),
            )
        ),
    ),
    "load_base": (
        Asked(
            lambda n: {
                "region": n["code"], "sort": "census", "year": 2020, "title": "普查", "document": "虚构", "rows": [],
            },
            is_told=True,
        ),
    ),
    "register_reduction_source": (
        Asked(
            lambda n: {
                "region": n["code"], "sort": "batch", "code": "VEH", "outlet": "1", "name": "虚构的报废车",
                "ground": "试",
            },
            is_told=True,
        ),
    ),
    "choose_inventory": (Asked(_says(ground="试"), "emission.read", "emission.load"),),
    "act_on_commendation": (
        _commended("commendation.publicise", kind="publicise"),
        _commended("commendation.approve", kind="approve"),
        _commended("commendation.announce", kind="announce"),
    ),
}  # fmt: skip


def calls() -> list[Call]:
    """Every way of calling every operation, with the action that the operation says that it is."""
    found = []
    for operation in api_site.operations():
        name, own = operation.view_func.__name__, api_site.action_of(operation)
        for asked in ASKED[name]:
            probe = Probe(
                name, asked.action or (own.value if own else "token.hold"), operation.methods[0].lower(), asked.read,
                is_about_one=asked.is_about_one, door=own.value if own else "", means=dict(asked.means),
                asks=dict(asked.asks), is_told=asked.is_told, opens=asked.opens, is_whole=asked.is_whole,
            )  # fmt: skip
            found.append(Call(probe, operation.path, asked.tells))
    return found
