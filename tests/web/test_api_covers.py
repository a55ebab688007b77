"""Whatever a page can do, the interface can do, or it stands here why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import api_site
from addresses import addresses
from django.urls import URLPattern

#: Pages on which something is done → the operations that do the same.
BY_PROGRAMME: dict[str, tuple[str, ...]] = {
    "tasks:act": ("act_on",),
    "tasks:assign": ("assign",),
    "tasks:own": ("own",),
    "tasks:derive": ("derive_again",),
    "tasks:add": ("hand_out",),
    "tasks:meetings": ("call_meeting",),
    "tasks:meeting": ("write_minutes", "decide_item"),
    "tasks:matters": ("raise_matter", "acknowledge"),
    "tasks:register": ("confirm_alias", "confirm_distinction", "record_change"),
    "plans:body": ("confirm_alias",),
    "cascade:decide": ("decide_link",),
    "cascade:register_one": ("add_to_register", "decline_entry"),
    "cascade:act": ("add_to_register", "withdraw_entry", "entry_written", "entry_arrived"),
    "cascade:gaps": ("assign_gaps",),
    "cascade:pairs": ("decide_pair",),
    "cascade:name": ("name_responsible",),
    "cascade:end": ("end_responsibility",),
    "cascade:firm": ("add_state_firm",),
    "reminders:read": ("read_reminders",),
    "reminders:channels": ("choose_channel",),
    "reminders:calendar": ("make_calendar_address", "revoke_calendar_address"),
    "quotas:open": ("open_certificate_account",),
    "quotas:record": ("record_certificates",),
    "quotas:load": ("record_certificates",),
    "quotas:tell": ("tell_certificates",),
    "exchange:in": ("load_table", "load_file"),
    "targets:actuals": ("load_actuals", "load_facts", "load_facts_file"),
    "indicators:prepare": ("prepare_bulletin",),
    "indicators:bulletin_act": ("act_on_bulletin",),
    "outlook:prepare": ("prepare_barometer",),
    "outlook:act": ("act_on_barometer",),
    "outlook:start": ("start_response",),
    "outlook:respond": ("act_on_response",),
    "outlook:commit": ("commit_project", "may_take_project"),  # the question is sent, and recorded nowhere
    "outlook:end": ("end_commitment",),
    "projects:register": ("register_project",),
    "projects:act": ("act_on_project",),
    "projects:load": ("act_on_project",),
    "outlook:weather_start": ("start_alert",),
    "outlook:weather_order": ("order_on_alert",),
    "outlook:weather_tell": ("tell_emissions",),
    "outlook:weather_load": ("load_measure_list",),
    "notices:acknowledge": ("acknowledge_notice",),
    "indicators:subjects": ("record_subject_act",),
    "people:appoint": ("grant",),
    "people:withdraw": ("withdraw_appointment",),
    "assessment:launch": ("launch_assessments",),
    "assessment:draw": ("draw_assessments",),
    "assessment:mark": ("mark_assessment",),
    "assessment:act": ("act_on_assessment",),
    "assessment:carry": ("carry_over_assessment",),
    "accountability:exempt": ("record_exemption",),
    "accountability:end_exemption": ("end_approval_exemption",),
    "key_units:load": ("take_key_units",),
    "accountability:list_up": ("list_up_consequences",),
    "accountability:act": ("act_on_consequence", "may_be_approved"),  # the question is sent, and recorded nowhere
    "commendation:propose": ("propose_commendation",),
    "commendation:act": ("act_on_commendation",),
    "decomposition:open": ("open_decomposition",),
    "decomposition:workbench": ("try_scenario", "record_scenario"),
    "decomposition:act": ("act_on_decomposition",),
    "emissions:report": ("report_reduction",),
    "emissions:act": ("act_on_reduction",),
    "emissions:bases": ("load_base",),
    "emissions:choose": ("choose_inventory",),
    "emissions:register": ("register_reduction_source",),
    "monitoring:register_new": ("register_monitoring_row",),
    "monitoring:register_load": ("load_monitoring_rows",),
    "monitoring:register_act": ("revise_monitoring_row",),
    "monitoring:alarm_act": ("act_on_alarm",),
    "monitoring:order_new": ("order_device",),
    "monitoring:order_cancel": ("cancel_device_order",),
    "monitoring:marks": ("mark_outlet_hours",),
    "monitoring:mark_withdraw": ("withdraw_outlet_mark",),
    "monitoring:mark_agree": ("agree_outlet_mark",),
    "monitoring:quarantine_decide": ("decide_quarantine",),
    "monitoring:publish": ("publish_key_dischargers",),
    "enterprises:new": ("register_enterprise",),
    "enterprises:act": (
        "change_enterprise", "open_enterprise", "name_reporter", "identify_enterprise", "end_enterprise_identifier",
        "succeed_enterprise", "confirm_enterprise_alias",
    ),
    "enterprises:regions": ("record_region_change",),
    "reporting:open": ("open_reporting_window",),
    "reporting:open_ticked": ("open_reporting_window",),
    "reporting:lock": ("lock_reporting_window",),
    "reporting:put_off": ("put_off_reporting_window",),
    "reporting:new_entry": ("add_file_entry",),
    "reporting:act_on_entry": ("act_on_file_entry",),
    "reporting:judge_entry": ("judge_file_entry",),
    "reporting:plan_reviews": ("plan_metering_reviews",),
    "reporting:ask": ("ask_on_return",),
    "reporting:withdraw_petition": ("withdraw_petition",),
    "reporting:answer_petition": ("answer_petition",),
    "reporting:draft": ("save_return_draft",),
    "reporting:form": ("save_return_draft",),
    "reporting:upload": ("save_return_draft",),
    "reporting:start_over": ("save_return_draft",),
    "reporting:sign": ("submit_return",),
    "reporting:accept": ("act_on_return",),
    "reporting:act": ("act_on_return",),
    "reporting:approve": ("act_on_return",),
    "reporting:open_case": ("open_verification_case",),
    "reporting:many_load": ("file_many_returns",),
    "reporting:many_sign": ("file_many_returns",),
    "reporting:edition": ("save_return_draft",),
    "reporting:case_act": ("act_on_verification_case",),
    "reporting:case_answer": ("answer_verification_case",),
    "reporting:register_verifier": ("register_verification_body",),
    "reporting:tell_verifier": ("tell_verification_body",),
    "enterprises:likely": ("confirm_enterprise_alias", "confirm_enterprise_distinction"),
}  # fmt: skip
_READING = "a plan is read in, reviewed and adopted by people who have its text before their eyes"
_PLACE = "a place is added by whoever has the list of divisions before the eyes; programmes bring whole lists"
_COMING_IN = "how people come in: no programme opens a door, changes a key, or makes itself a token"
_PAPER = "a paper is looked at and signed by whoever takes the file; its journal row is written as it is made"
_OFFICE = "who keeps a unit's books, who files for it, what lies beside a return: said by people, one by one"
_UPLINK = "these are themselves what programmes call: the access ends of units, in the words of their specification"
_PASSING = "a platform above is agreed between two offices; its settings hold what opens it"
_CONNECTING = "an access end is confirmed by somebody who has asked the unit"
_FREEZING = "a month is frozen by somebody who has looked at it"
#: Pages on which something is done that no programme may do → why.
BY_PEOPLE_ONLY: dict[str, str] = {
    **dict.fromkeys(
        ("plans:upload", "plans:add", "plans:decide", "plans:accept_certain", "plans:adopt", "plans:audit_again"),
        _READING,
    ),
    "cascade:add_place": _PLACE,
    "uploads:act": _CONNECTING,
    "uploads:freeze": _FREEZING,
    "uploads:platform_new": _PASSING,
    "uploads:platform_act": _PASSING,
    **dict.fromkeys((f"uplink:{step}" for step in ("register", "version", "dictionary", "configure", "data")), _UPLINK),
    **dict.fromkeys(
        (
            "reporting:attach", "reporting:detach", "reporting:entrust", "reporting:end_agent", "reporting:staff",
            "reporting:refresh", "reporting:urge", "reporting:coverage", "reporting:set_aside", "reporting:apply_again",
            "people:competences",
        ),
        _OFFICE,
    ),
    "reporting:by_clock": "an office lets the clock open windows; a programme opens them itself",
    "reporting:paste": "a pasted block is read for the page that shows it; nothing is recorded",
    "reporting:verify": "whoever holds a copy proves it; nothing is recorded, and a programme has the digest already",
    **dict.fromkeys(
        (
            "login", "second", "logout", "people:new", "people:change", "people:rules", "people:act_as",
            "people:password", "people:factor", "people:factor_change", "people:sign_out_others", "people:tokens",
            "people:revoke",
        ),
        _COMING_IN,
    ),
    **dict.fromkeys(
        (
            "papers:duty_list", "papers:bulletin", "papers:region_letter", "papers:body_letter", "papers:minutes",
            "commendation:paper", "decomposition:letter", "outlook:notice", "indicators:analysis_paper",
            "outlook:weather_paper", "indicators:sheet", "assessment:score_sheet", "assessment:self_check",
            "assessment:notice", "accountability:notice", "accountability:minutes", "assessment:binder",
        ),
        _PAPER,
    ),
}  # fmt: skip


def _takes_posts(view: Callable[..., Any]) -> bool:
    """Whether a view says that it answers POST. Django's decorators keep the methods beside the view they wrap."""
    if hasattr(view, "view_class"):
        return hasattr(view.view_class, "post")
    return any("POST" in methods for methods in _methods(view))


#: Operations that are sent what they reckon from and record nothing; their pages keep it all in the address.
RECKONING = {"reckon_elastic_totals"}
#: Operations that no page does, because no person would: a body of a million readings is a programme's.
BY_PROGRAMME_ONLY = {"upload_readings"}


def _methods(view: Callable[..., Any] | None) -> Iterator[list[str]]:
    while view is not None:
        code = getattr(view, "__code__", None)
        if code is not None and "request_method_list" in code.co_freevars:
            yield view.__closure__[code.co_freevars.index("request_method_list")].cell_contents  # type: ignore[attr-defined]
        view = getattr(view, "__wrapped__", None)


def _pages() -> Iterator[tuple[str, URLPattern]]:
    """Addresses of pages: those of the interface itself left out."""
    yield from ((name, each) for name, each in addresses().items() if not name.startswith("api:"))


def test_every_page_says_which_methods_it_answers() -> None:
    pages = [(name, each.callback) for name, each in _pages() if not hasattr(each.callback, "view_class")]
    assert [name for name, view in pages if not [*_methods(view)]] == ["set_language"], "it only chooses words"


def test_whatever_a_page_does_a_programme_does_or_it_says_why_not() -> None:
    doing = {name for name, each in _pages() if each.callback is not None and _takes_posts(each.callback)}
    assert doing - set(BY_PROGRAMME) - set(BY_PEOPLE_ONLY) == set(), "an operation, or the reason why there is none"
    assert (set(BY_PROGRAMME) | set(BY_PEOPLE_ONLY)) - doing == set(), "no such page any more"
    assert set(BY_PROGRAMME) & set(BY_PEOPLE_ONLY) == set()


def test_every_operation_that_records_something_stands_beside_its_page() -> None:
    recording = {each.view_func.__name__ for each in api_site.operations() if each.methods == ["POST"]}
    assert {name for names in BY_PROGRAMME.values() for name in names} == recording - RECKONING - BY_PROGRAMME_ONLY
