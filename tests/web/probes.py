"""What is asked of the site, and what the table of access says must be answered: for pages now, for any other door too.

Another address joins by a line in PROBES; another door (an API) by probes of its own with the same ``expected``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from realm_returns import LATER

from shuangkong.records.people import roles
from shuangkong.web.people.own import OWN

#: Where a thing can be, seen from a person of a county; what the own body takes part in is "mine" where it lies at the
#: own place, "called" where it lies above.
PLACES = ("own", "below", "above", "neighbour")
EVERYWHERE = (*PLACES, "mine", "called")
#: Word of the table → places that it reaches.
REACHES = {
    "none": frozenset[str](),
    "own": frozenset({"mine", "called"}),
    "here": frozenset({"own", "mine"}),
    "given": frozenset({"own"}),
    "below": frozenset({"own", "mine", "below"}),
    "below_own": frozenset({"own", "mine", "below", "called"}),
    "line": frozenset({"own", "mine", "below", "above", "called"}),
    "all": frozenset(EVERYWHERE),
}


def _far(word: str, *, is_closed: bool) -> str:
    """What a cell says to somebody who is competent for nothing, of closed statistics or of no one matter."""
    far, _, more = word.partition(" if ")
    when, _, otherwise = more.partition(" else ")
    if far == "competent" or when == "competent" or (when and is_closed):
        return otherwise or "none"
    return far


def _table(*, is_closed: bool) -> Mapping[str, Mapping[str, str]]:
    return {
        row["action"]: {role: _far(far, is_closed=is_closed) for role, far in row.items()}
        for row in csv.DictReader(roles.MATRIX.read_text(encoding="utf-8").splitlines())
    }


#: The realm's people are competent for nothing: what only a competent department may is nobody's there. CLOSED: of the
#: realm's returns, which are statistics of single units.
MATRIX, CLOSED = _table(is_closed=False), _table(is_closed=True)
#: Things of reporting that are of no one form: a unit, a window with its counts, a body that verifies.
OF_NO_FORM = frozenset(
    {
        *(
            f"reporting:{name}"
            for name in (
                "window", "refresh", "lock", "put_off", "unit", "coverage", "staff", "entrust", "end_agent",
                "set_aside", "apply_again", "verifier", "tell_verifier",
            )
        ),
        "open_reporting_window", "lock_reporting_window", "put_off_reporting_window", "get_verification_body",
        "register_verification_body", "tell_verification_body",
    }
)  # fmt: skip
#: Those that are found by a place, though what is done is done to returns of a form.
FOUND_BY_PLACE = frozenset({"reporting:urge"})
ALLOWED = frozenset({200, 302, 303, 422})
#: Doors that have probes of their own.
OTHER_DOORS = ("api:v1-",)


@dataclass(frozen=True)
class Probe:
    """One way of asking for one address.

    ``action`` is what it does, ``read`` what seeing its thing takes, ``door`` what the address takes whatever is asked
    of it; ``is_about_one`` says that the address names a thing, else it is a list or a form. ``sends`` are fields of
    the form that name a thing, by the thing's name, ``asks`` such words behind the address, ``means`` words of the
    address that mean another thing than they say. ``is_told``: what lies out of reach is refused, not hidden.
    ``is_of_site``: it rules the whole site, which only who reaches everything may.
    ``opens`` are places at which it can be read by whoever comes in at all. ``is_whole``: it prints the parts of its
    place, so that whoever belongs below the place does not see it.
    """

    name: str
    action: str
    method: str = "get"
    read: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    is_about_one: bool = True
    door: str = ""
    sends: Mapping[str, str] = field(default_factory=dict)
    asks: Mapping[str, str] = field(default_factory=dict)
    means: Mapping[str, str] = field(default_factory=dict)
    is_told: bool = False
    opens: frozenset[str] = frozenset()
    is_of_site: bool = False
    is_whole: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.name}" + "".join(f" {key}={value}" for key, value in self.data.items())


def expected(probe: Probe, role: str, place: str) -> frozenset[int]:
    """The answers that the table allows for a role and a thing at a place."""
    if probe.action == OWN:
        return ALLOWED
    if MATRIX[probe.door or probe.action][role] == "none":
        return frozenset({403})
    if probe.is_of_site:
        return ALLOWED if MATRIX[probe.action][role] == "all" else frozenset({403})
    if not probe.is_about_one:
        return frozenset({403}) if MATRIX[probe.action][role] == "none" else ALLOWED
    if place in probe.opens:
        return ALLOWED
    if probe.is_whole and place == "above" and MATRIX[probe.read or probe.action][role] != "all":
        return frozenset({404})
    done = MATRIX if probe.name in OF_NO_FORM else CLOSED
    read = MATRIX if probe.name in FOUND_BY_PLACE else done
    if probe.read and place not in REACHES[read[probe.read][role]]:
        return frozenset({404})
    return (
        ALLOWED
        if place in REACHES[done[probe.action][role]]
        else frozenset({403 if probe.read or probe.is_told else 404})
    )


def _reads(*names: str, action: str = "plan.read", **more: Any) -> list[Probe]:
    return [Probe(name, action, **more) for name in names]


def _lists(action: str, *names: str, method: str = "get", **more: Any) -> list[Probe]:
    return [Probe(name, action, method, is_about_one=False, **more) for name in names]


def _acts(action: str, **said: str) -> Probe:
    """An act on a task."""
    return Probe("tasks:act", action, "post", "task.read", said | {"text": "试"}, door="task.read")


def _on_plans(name: str, action: str, method: str = "get", **more: Any) -> Probe:
    return Probe(name, action, method, "plan.read", **more)


#: An order for heavy-pollution weather.
_ORDER = {
    "level": "3", "starts_at": f"{timezone.localtime():%Y-%m-%dT%H:00}", "document": "令", "ground": "预测",
    "signed_by": "李某",
}  # fmt: skip
_SITE = (
    *_lists("plan.read", "choices:place", "choices:plan"),
    *_lists("body.read", "choices:body"),
    *_lists("enterprise.read", "enterprises:list"),
    *_lists("enterprise.register", "enterprises:new", "enterprises:likely"),
    *_lists("registry.change", "enterprises:regions"),
    *_lists("registry.change", "enterprises:regions", method="post"),
    Probe("enterprises:one", "enterprise.read"),
    Probe("enterprises:act", "enterprise.register", "post", "enterprise.read", {"act": "open", "ground": "关停"}),
    *_lists("token.hold", "api:described", "api:openapi", "people:tokens"),
    *_lists("token.hold", "people:tokens", "people:revoke", method="post"),  # of one's own; none is revoked of others
    *_lists(OWN, "people:me", "people:password", "people:factor", "people:my_sign_ins"),
    *_lists(OWN, "people:act_as", "people:factor_change", "people:sign_out_others", method="post"),
    *_lists(OWN, "reminders:list", "reminders:bell", "reminders:channels", "reminders:calendar"),
    *_lists(OWN, "reminders:read", method="post"),
)
_CERTIFICATES = (
    *_lists("certificate.read", "quotas:certificates"),
    *_lists("certificate.record", "quotas:load", "quotas:template"),
    *_lists("certificate.record", "quotas:load", "quotas:record", "quotas:open", "quotas:tell", method="post"),
)
_STATISTICS = (
    *_lists("actual.read", "statistics:fields", "statistics:evaluation", "statistics:exclusions"),
    Probe("statistics:field", "actual.read", asks={"place": "code"}),
)
_PEOPLE = (
    *_lists("people.read", "people:list"),
    *_lists("people.appoint", "people:new"),
    *_lists("people.read", "people:competences"),
    *_lists("competence.name", "people:competences", method="post", door="people.read"),
    *_lists("people.appoint", "people:rules", is_of_site=True),
    *_lists("journal.read", "people:history"),
    Probe("people:person", "people.read"),
    Probe("people:appoint", "people.appoint", "post", "people.read", {"role": "region"}),
    Probe("people:change", "people.appoint", "post", "people.read", {"act": "deactivate"}),
    Probe("people:withdraw", "people.appoint", "post", "people.read", {"ground": "调离"}),
)
_TASKS = (
    *_lists("task.read", "tasks:duties", "tasks:board", "tasks:list", "tasks:listed", "tasks:rectification"),
    *_lists("task.read", "tasks:bodies"),
    *_lists("task.judge", "tasks:judging"),
    *_lists("task.assign", "tasks:assign", "tasks:add"),
    Probe("tasks:register", "body.confirm", read="body.read", asks={"place": "code"}),
    Probe(
        "tasks:register",
        "body.confirm",
        "post",
        "body.read",
        {"kind": "renamed", "document": "云编发（虚构）"},
        asks={"place": "code"},
        sends={"before": "body_id", "after": "other_body_id"},
    ),
    *_lists("meeting.read", "tasks:meetings"),
    *_lists("meeting.hold", "tasks:meetings", method="post", door="meeting.read"),
    *_lists("matter.read", "tasks:matters"),
    *_lists("matter.raise", "tasks:matters", method="post", door="matter.read"),
    Probe("tasks:task", "task.read"),
    _acts("task.report", kind="report", grade="on_track"),
    Probe(
        "tasks:act",
        "task.confirm",
        "post",
        "task.read",
        {"kind": "confirm"},
        door="task.read",
        means={"task_id": "helped_id"},
    ),
    _acts("task.judge", kind="accept"),
    _acts("task.extend", kind="extend", due="2060-12-31"),
    _acts("task.escalate", kind="remind"),
    _acts("listing.supervise", kind="list"),
    Probe("tasks:evidence", "task.read"),
    Probe("tasks:body", "task.read", opens=frozenset({"own", "mine"})),
    Probe("tasks:meeting", "meeting.read"),
    Probe(
        "tasks:meeting", "meeting.hold", "post", "meeting.read", {"what": "minutes", "text": "试"}, door="meeting.read"
    ),
    _on_plans("tasks:assign", "task.assign", "post", sends={"plan": "plan_id"}),
    _on_plans("tasks:tree", "task.assign"),
    _on_plans("tasks:own", "task.assign", "post"),
    _on_plans("tasks:derive", "task.assign", "post"),
)
_CASCADE = (
    *_lists("plan.compare", "cascade:plans", "cascade:register"),
    *_lists("body.read", "cascade:responsible"),
    *_lists("body.confirm", "cascade:name", "cascade:firm", "cascade:add_place", method="post"),
    *_reads("cascade:plan", "cascade:open", action="plan.compare"),
    Probe("cascade:decide", "plan.review", "post", "plan.compare"),
    Probe("cascade:register_one", "plan.review", "post", "plan.compare"),
    Probe("cascade:of_region", "body.read"),
    Probe("cascade:of_body", "body.read"),
    Probe("cascade:entry", "plan.compare", means={"entry_id": "registered_id"}),
    Probe(
        "cascade:act",
        "plan.review",
        "post",
        "plan.compare",
        {"act": "withdraw", "ground": "有误"},
        means={"entry_id": "registered_id"},
    ),
    *_reads("cascade:revision", "cascade:compare", "cascade:pairs", action="plan.compare"),
    Probe("cascade:adjustment", "plan.compare", means={"link_id": "moves_id"}),
    Probe("cascade:pairs", "plan.review", "post", "plan.compare", door="plan.compare"),
    Probe("cascade:gaps", "task.assign", read="plan.compare"),
    Probe("cascade:gaps", "task.assign", "post", "plan.compare"),
    Probe("cascade:end", "body.confirm", "post", "body.read", {"ground": "调离"}, means={"row_id": "responsible_id"}),
)
_PAPERS = (
    *_lists("paper.make", "papers:offered"),
    Probe("papers:duty_list", "plan.read", door="paper.make"),
    Probe("papers:letters", "plan.read", door="paper.make"),
    _on_plans("papers:body_letter", "paper.make", means={"plan_id": "letter_plan_id", "body_id": "letter_body_id"}),
    _on_plans("papers:region_letter", "paper.make", means={"region": "letter_region"}),
    Probe("papers:minutes", "meeting.hold", read="meeting.read", door="paper.make"),
    *(Probe("papers:bulletin", "paper.make", method, is_told=True) for method in ("get", "post")),
)
_EMISSIONS = (
    *_lists("emission.read", "emissions:overview", "emissions:reductions", "emissions:bases"),
    *_lists("emission.load", "emissions:bases", method="post", door="emission.read"),
    *_lists("emission.register", "emissions:register", method="post"),
    *_lists("emission.load", "emissions:template"),
    *_lists("emission.report", "emissions:report"),
    *_lists("emission.report", "emissions:report", method="post"),
    Probe("emissions:reduction", "emission.read"),
    Probe("emissions:file", "emission.read"),
    *(
        Probe("emissions:act", f"emission.{action}", "post", "emission.read", {"kind": kind}, door="emission.read")
        for action, kind in (
            ("check", "check"), ("review", "review"), ("recognise", "recognise"), ("report", "correct"),
        )
    ),
    Probe("emissions:choose", "emission.load", "post", "emission.read", {"ground": "试"}, door="emission.read"),
)  # fmt: skip
_DECOMPOSITION = (
    *_lists("decomposition.read", "decomposition:list"),
    *_lists("plan.read", "decomposition:annexes", "decomposition:elastic"),
    *_lists("decomposition.prepare", "decomposition:open"),
    Probe(
        "decomposition:open", "decomposition.prepare", "post", sends={"target": "target_id"}, is_told=True,
    ),
    Probe("decomposition:one", "decomposition.read"),
    Probe("decomposition:share", "decomposition.read"),
    *(
        Probe(
            "decomposition:workbench", "decomposition.prepare", method, "decomposition.read",
            door="decomposition.prepare",
        )
        for method in ("get", "post")
    ),
    Probe(
        "decomposition:act", "decomposition.adopt", "post", "decomposition.read", {"kind": "withdraw", "text": "试"},
        door="decomposition.read",
    ),
    Probe("decomposition:letter", "paper.make", read="decomposition.read"),
)  # fmt: skip
_EXCHANGE = (
    *_lists("exchange.import", "exchange:in", "exchange:template"),
    *_lists("exchange.import", "exchange:in", method="post"),
    *_lists("exchange.export", "exchange:out", "exchange:table"),
)
_ASSESSMENT = (
    *_lists("assessment.read", "assessment:list"),
    *_lists("assessment.conduct", "assessment:launch"),
    *_lists("assessment.conduct", "assessment:launch", "assessment:draw", method="post"),
    Probe("assessment:one", "assessment.read"),
    Probe("assessment:evidence", "assessment.read", means={"evidence_id": "assessment_evidence_id"}),
    *(
        Probe(
            "assessment:act", f"assessment.{action}", "post", "assessment.read", {"kind": kind},
            door="assessment.read",
        )
        for action, kind in (("conduct", "cancel"), ("approve", "approve"), ("answer", "submit"))
    ),
    Probe(
        "assessment:mark", "assessment.conduct", "post", "assessment.read", {"side": "review"}, door="assessment.read"
    ),
    Probe("assessment:score_sheet", "assessment.conduct", read="assessment.read", door="paper.make"),
    Probe("assessment:self_check", "assessment.answer", read="assessment.read", door="assessment.answer"),
    *_lists("assessment.read", "accountability:list", "accountability:approval", "assessment:term", "key_units:list"),
    *_lists("assessment.conduct", "key_units:template"),
    *_lists("assessment.conduct", "key_units:load", method="post"),
    *_lists("assessment.approve", "accountability:exempt", method="post"),
    Probe(
        "accountability:end_exemption", "assessment.approve", "post", "assessment.read", door="assessment.approve"
    ),
    Probe("assessment:binder", "assessment.answer", "post", "assessment.read", door="assessment.answer"),
    Probe("assessment:carry", "assessment.answer", "post", "assessment.read", door="assessment.read"),
    Probe("accountability:minutes", "assessment.conduct", read="assessment.read", door="paper.make"),
    Probe("accountability:one", "assessment.read"),
    Probe("accountability:notice", "assessment.conduct", read="assessment.read", door="paper.make"),
    Probe(
        "accountability:list_up", "assessment.conduct", "post", "assessment.read", door="assessment.conduct"
    ),
    *(
        Probe(
            "accountability:act", f"assessment.{action}", "post", "assessment.read", {"kind": kind},
            door="assessment.read",
        )
        for action, kind in (("approve", "decide"), ("conduct", "carry_out"))
    ),
    Probe("assessment:notice", "assessment.conduct", read="assessment.read", door="paper.make"),
)  # fmt: skip
_COMMENDATION = (
    *_lists("commendation.read", "commendation:list"),
    *_lists("commendation.propose", "commendation:propose"),
    Probe("commendation:one", "commendation.read"),
    *(
        Probe(
            "commendation:act",
            f"commendation.{action}",
            "post",
            "commendation.read",
            {"kind": kind, "text": "试"},
            door="commendation.read",
        )
        for action, kind in (("publicise", "publicise"), ("approve", "approve"), ("announce", "announce"))
    ),
    Probe("commendation:paper", "commendation.announce", read="commendation.read", door="paper.make"),
)
#: A mark of the last hour that is over.
_MARK = {"first": "2024-01-01T00:00", "last": "2024-01-01T02:00", "mark": "M", "reason": "fault", "text": "试"}
_MONITORING = (
    *_lists(
        "monitoring.read", "monitoring:duty", "monitoring:validity", "monitoring:alarms",
        "monitoring:orders", "monitoring:rates", "monitoring:coverage", "monitoring:quality", "monitoring:meters",
        "monitoring:metered", "monitoring:compliance", "monitoring:boilers", "monitoring:prices",
        "monitoring:upkeep",
        "monitoring:amounts", "monitoring:registers", "monitoring:register", "monitoring:register_template",
    ),
    *_reads(
        "monitoring:outlet", "monitoring:frames", "monitoring:marks", "monitoring:report", "monitoring:alarm",
        "monitoring:plate", "monitoring:register_row", "monitoring:amount", "monitoring:meter", "monitoring:messages",
        action="monitoring.read",
    ),
    Probe("monitoring:order", "monitoring.read", means={"order_id": "device_order_id"}),
    *(
        Probe(
            f"monitoring:register_{page}", f"monitoring.{action}", method, is_about_one=False, door="monitoring.read",
            means={"register": register},
        )
        for page in ("new", "load")
        for method in ("get", "post")
        for action, register in (
            ("register", "register"), ("limit", "limit_register"), ("serve", "service_register"),
        )
    ),
    Probe(
        "monitoring:register_act", "monitoring.register", "post", "monitoring.read",
        {"act": "revise", "name": "改", "ground": "试"}, door="monitoring.read",
    ),
    *(
        Probe(
            "monitoring:alarm_act", f"monitoring.{action}", "post", "monitoring.read",
            {"act": act, "text": "试", "cause": "other"}, door="monitoring.read",
        )
        for action, act in (("explain", "explain"), ("handle", "escalate"))
    ),
    *(
        Probe("monitoring:order_new", "monitoring.order", method, "monitoring.read", door="monitoring.read")
        for method in ("get", "post")
    ),
    Probe(
        "monitoring:order_cancel", "monitoring.order", "post", "monitoring.read", {"ground": "试"},
        door="monitoring.read", means={"order_id": "device_order_id"},
    ),
    Probe("monitoring:marks", "monitoring.mark", "post", "monitoring.read", _MARK, door="monitoring.read"),
    Probe(
        "monitoring:mark_agree", "monitoring.mark", "post", "monitoring.read", {"text": "试"}, door="monitoring.read"
    ),
    Probe(
        "monitoring:mark_withdraw", "monitoring.mark", "post", "monitoring.read", {"text": "试"}, door="monitoring.read"
    ),
    *_lists("monitoring.read", "uploads:board"),
    Probe("uploads:one", "monitoring.read", means={"number": "access_id"}),
    Probe(
        "uploads:act", "monitoring.connect", "post", "monitoring.read", {"act": "confirm", "ground": "试"},
        means={"number": "access_id"},
    ),
    Probe("uploads:freeze", "monitoring.connect", "post", is_about_one=False),
    *_lists("monitoring.read", "uploads:platforms"),
    Probe("uploads:platform", "monitoring.read", means={"number": "platform_id"}),
    *(
        Probe("uploads:platform_new", "monitoring.pass_on", method, is_about_one=False)
        for method in ("get", "post")
    ),
    Probe(
        "uploads:platform_act", "monitoring.pass_on", "post", "monitoring.read", {"act": "start", "ground": "试"},
        means={"number": "platform_id"},
    ),
    *_lists("monitoring.sift", "monitoring:quarantine"),
    Probe("monitoring:quarantine_bytes", "monitoring.sift"),
    Probe("monitoring:quarantine_decide", "monitoring.sift", "post", data={"decision": "kept", "ground": "试"}),
    *_lists("monitoring.publish", "monitoring:publish", method="post"),
)  # fmt: skip
#: A unit's own pages of a return: to whoever is not the unit there is no draft, whatever else may be seen of it.
_REPORTING = (
    *_lists("return.read", "reporting:mine", "reporting:desk", "reporting:windows", "reporting:units"),
    *_lists("return.approve", "reporting:approve", method="post"),
    *_lists("return.review", "reporting:accept", method="post"),
    *_lists("return.file", "reporting:many", "reporting:many_template"),
    *_lists("return.file", "reporting:many_load", method="post"),
    *_lists("return.sign", "reporting:many_sign"),
    *_lists("return.sign", "reporting:many_sign", method="post"),
    *_reads("reporting:edition", action="return.file"),
    Probe("reporting:edition", "return.file", "post"),
    Probe("reporting:paste", "return.file", "post"),
    *_lists("window.open", "reporting:open", "reporting:calendar"),
    *_lists("window.open", "reporting:open", "reporting:open_ticked", "reporting:by_clock", method="post"),
    *_reads(
        "reporting:return", "reporting:version", "reporting:difference", "reporting:window", "reporting:unit",
        "reporting:file", "reporting:petition_file", "reporting:sealed", "reporting:cover", action="return.read",
    ),
    *_reads(
        "reporting:form", "reporting:token", "reporting:check", "reporting:sign", action="return.file",
    ),
    *(
        Probe(f"reporting:{name}", "return.file", "post")
        for name in ("form", "start_over", "attach", "detach", "upload")
    ),
    Probe("reporting:draft", "return.file", "post"),
    Probe("reporting:template", "return.file"),
    Probe("reporting:sign", "return.sign", "post", "return.file", door="return.file"),
    Probe("reporting:act", "return.review", "post", "return.read", {"kind": "remind"}, door="return.read"),
    Probe("reporting:act", "return.sign", "post", "return.read", {"kind": "recall"}, door="return.read"),
    Probe("reporting:act", "return.approve", "post", "return.read", {"kind": "approve"}, door="return.read"),
    Probe("reporting:act", "window.open", "post", "return.read", {"kind": "lock"}, door="return.read"),
    Probe("reporting:urge", "return.review", "post", "return.read"),
    Probe("reporting:refresh", "window.open", "post", "return.read"),
    Probe("reporting:lock", "window.open", "post", "return.read"),
    Probe("reporting:put_off", "window.open", "post", "return.read", {"due": LATER, "ground": "停电"}),
    Probe("reporting:ask", "return.file", "post", data={"kind": "stop", "ground": "停产"}),
    Probe("reporting:withdraw_petition", "return.file", "post"),
    Probe("reporting:answer_petition", "return.review", "post", "return.read", {"answer": "refuse", "ground": "试"}),
    Probe(
        "reporting:coverage", "window.open", "post", "return.read", {"form": "energy_purchase", "ground": "抽中"}
    ),
    Probe("reporting:staff", "staff.record", "post", "return.read", {"kind": "statistics", "name": "张某"}),
    Probe("reporting:entrust", "agent.appoint", "post", "return.read", {"body": "某处", "ground": "协议"}),
    Probe(
        "reporting:set_aside", "return.review", "post", "return.read",
        {"code": "RPT-100", "until": "2999-01-01", "ground": "试"},
    ),
    Probe("reporting:apply_again", "return.review", "post", "return.read", {"aside": "1", "ground": "试"}),
    *_lists("entry.read", "reporting:entries"),
    *_reads("reporting:entry", "reporting:entry_paper", action="entry.read"),
    Probe("reporting:new_entry", "entry.decide", read="entry.read", door="entry.read"),
    Probe("reporting:new_entry", "entry.decide", "post", "entry.read", {"period": "2024"}, door="entry.read"),
    Probe(
        "reporting:act_on_entry", "entry.decide", "post", "entry.read", {"event": "strike", "ground": "误"},
        door="entry.read",
    ),
    Probe(
        "reporting:act_on_entry", "entry.tell", "post", "entry.read", {"event": "answer", "ground": "已办"},
        door="entry.read",
    ),
    Probe("reporting:judge_entry", "entry.decide", "post", "entry.read"),
    *_lists("entry.decide", "reporting:plan_reviews"),
    *_lists("entry.decide", "reporting:plan_reviews", method="post"),
    *_lists("verification.read", "reporting:suspicions", "reporting:alarms", "reporting:cases", "reporting:verifiers"),
    *_lists("verification.read", "reporting:matching"),
    *_lists("verification.commission", "reporting:register_verifier", method="post"),
    Probe("reporting:verifier", "verification.read"),
    Probe(
        "reporting:tell_verifier", "verification.commission", "post", data={"what": "holding"}, read="verification.read"
    ),
    *_reads("reporting:case", action="verification.read"),
    *_reads("reporting:own_case", action="verification.answer"),
    Probe("reporting:case_answer", "verification.answer", "post", data={"ground": "已查"}),
    *_lists("return.read", "reporting:verify"),
    *_lists("return.read", "reporting:verify", method="post"),
    *_reads("reporting:open_case", action="verification.commission"),
    Probe("reporting:open_case", "verification.commission", "post", data={"ground": "抽查"}),
    Probe("reporting:case_act", "return.verify", "post", "verification.read", {"kind": "note", "ground": "看账"}),
    Probe(
        "reporting:case_act", "verification.commission", "post", "verification.read", {"kind": "close", "ground": "完"},
        door="return.verify",
    ),
    Probe("reporting:end_agent", "agent.appoint", "post", "return.read", {"agent": "1"}),
)  # fmt: skip
PROBES = (
    *_MONITORING,
    *_REPORTING,
    *_SITE,
    *_CERTIFICATES,
    *_STATISTICS,
    *_PEOPLE,
    *_TASKS,
    *_CASCADE,
    *_PAPERS,
    *_EMISSIONS,
    *_EXCHANGE,
    *_ASSESSMENT,
    *_COMMENDATION,
    *_DECOMPOSITION,
    *_reads("plans:plan", "plans:audit", "plans:history", "plans:review", "plans:entry", "plans:measure"),
    *_reads("targets:target"),
    *(Probe("plans:plan", "plan.read", data={"xlsx": table}) for table in ("measures", "targets")),
    Probe("targets:target", "plan.read", data={"xlsx": "told"}),
    Probe("plans:body", "body.read"),
    Probe("plans:body", "body.confirm", "post", "body.read", {"same_as": "", "reason": "试"}, door="body.read"),
    Probe("plans:adopt", "plan.adopt", read="plan.read"),
    Probe("plans:adopt", "plan.adopt", "post", "plan.read"),
    Probe("plans:add", "plan.review", read="plan.read"),
    Probe("plans:add", "plan.review", "post", "plan.read", {"of": "body", "name": "某局", "reason": "试"}),
    Probe("plans:decide", "plan.review", "post", "plan.read", {"verdict": "accepted"}),
    Probe("plans:accept_certain", "plan.review", "post", "plan.read"),
    Probe("plans:audit_again", "plan.review", "post", "plan.read"),
    Probe("home", "plan.read", is_about_one=False),
    Probe("plans:list", "plan.read", is_about_one=False),
    Probe("plans:bodies", "body.read", is_about_one=False),
    Probe("plans:upload", "plan.upload", is_about_one=False),
    Probe("plans:upload", "plan.upload", "post", is_about_one=False),
    Probe("targets:list", "plan.read", is_about_one=False),
    Probe("targets:actuals", "actual.load", is_about_one=False),
    Probe("indicators:subjects", "actual.load", is_about_one=False),
    Probe("indicators:subjects", "actual.load", "post", is_about_one=False),
    Probe("targets:actuals", "actual.load", "post", is_about_one=False),
    Probe("targets:template", "actual.load", is_about_one=False),
    *_reads("indicators:figure", "indicators:series", action="actual.read"),
    Probe("indicators:figure", "actual.read", data={"xlsx": "facts"}),
    *_lists(
        "actual.read",
        "indicators:analysis",
        "indicators:intensity",
        "indicators:compare",
        "indicators:bulletins",
        "indicators:balance",
        "indicators:balance_form",
        "indicators:flows",
        "indicators:structure",
        "indicators:reconciliation",
        "indicators:gaps",
        "indicators:scopes",
    ),
    Probe(
        "indicators:analysis_paper", "paper.make", "post", "actual.read", {"of": "2023"}, sends={"place": "situated"}
    ),
    *_reads(
        "indicators:bulletin",
        "indicators:bulletin_docx",
        "indicators:bulletin_xlsx",
        action="actual.read",
        is_whole=True,
    ),
    Probe(
        "indicators:prepare",
        "bulletin.prepare",
        "post",
        "actual.read",
        {"of": "2022", "issuer": "某局", "indicators": "total_consumption_growth"},
        sends={"place": "situated"},
    ),
    *(
        Probe(
            "indicators:bulletin_act",
            f"bulletin.{action}",
            "post",
            "actual.read",
            {"kind": kind, "text": "试", "number": "云统公报1号"},
            door="actual.read",
            is_whole=True,
        )
        for action, kind in (("approve", "approve"), ("publish", "publish"), ("prepare", "withdraw"))
    ),
    Probe("indicators:sheet", "paper.make", "post", "actual.read"),
    *_lists(
        "actual.read",
        "outlook:barometer",
        "outlook:history",
        "outlook:forecast",
        "outlook:calibration",
        "outlook:headroom",
        "outlook:responses",
    ),
    *_reads("outlook:issue", "outlook:issue_docx", "outlook:issue_xlsx", action="actual.read", is_whole=True),
    Probe(
        "outlook:prepare",
        "barometer.prepare",
        "post",
        "actual.read",
        {"of": "2023", "issuer": "某组"},
        sends={"place": "situated"},
    ),
    *(
        Probe(
            "outlook:act",
            f"barometer.{action}",
            "post",
            "actual.read",
            {"kind": kind, "text": "试", "number": "云节能1号"},
            door="actual.read",
            is_whole=True,
        )
        for action, kind in (("approve", "approve"), ("publish", "publish"), ("prepare", "withdraw"))
    ),
    Probe(
        "outlook:commit",
        "headroom.record",
        "post",
        "actual.read",
        {"project": "虚构的纸厂", "starts": "2023-04", "amount-total_consumption": "1", "document": "某批复"},
        sends={"place": "situated"},
    ),
    *_reads("outlook:response", action="actual.read"),
    Probe(
        "outlook:start",
        "response.decide",
        "post",
        "actual.read",
        means={"issue_id": "published_id"},
    ),
    Probe(
        "outlook:respond",
        "response.decide",
        "post",
        "actual.read",
        {"kind": "lift", "ground": "达到进度"},
        door="actual.read",
    ),
    *_lists("weather.read", "outlook:weather", "outlook:weather_measures"),
    *_lists("weather.record", "outlook:weather_emission_form", "outlook:weather_template"),
    Probe("outlook:alert", "weather.read"),
    Probe("outlook:weather_start", "weather.order", "post", "weather.read", _ORDER, sends={"place": "situated"}),
    Probe(
        "outlook:weather_order", "weather.order", "post", "weather.read", {**_ORDER, "kind": "end"}, door="weather.read"
    ),
    Probe("outlook:weather_tell", "weather.record", "post", "weather.read"),
    Probe("outlook:weather_load", "weather.record", "post", "weather.read", sends={"place": "situated"}),
    Probe("outlook:weather_paper", "paper.make", read="weather.read"),
    *_lists("notice.read", "notices:list"),
    Probe("notices:one", "notice.read"),
    Probe("notices:acknowledge", "notice.acknowledge", "post", "notice.read"),
    Probe("outlook:end", "headroom.record", "post", "actual.read", {"ground": "已投产"}),
    *_lists("project.read", "projects:list"),
    *_lists("project.register", "projects:register"),
    *_lists("project.register", "projects:register", method="post"),
    *_lists("project.dispatch", "projects:load", "projects:template"),
    *_lists("project.dispatch", "projects:load", method="post"),
    *_reads("projects:project", action="project.read"),
    Probe("projects:file", "project.read", means={"file_id": "project_file_id"}),
    Probe(
        "projects:act",
        "project.dispatch",
        "post",
        "project.read",
        {"kind": "dispatch", "month": "2023-06", "stage": "building"},
        door="project.read",
    ),
    Probe(
        "projects:act", "project.register", "post", "project.read", {"kind": "end", "text": "试"}, door="project.read"
    ),
    Probe("outlook:notice", "barometer.publish", read="actual.read", door="paper.make", is_whole=True),
    Probe("indicators:figures", "actual.read", is_about_one=False),
    Probe("policy:provisions", "plan.read", is_about_one=False),
    Probe("policy:provisions", "plan.read", data={"xlsx": "provisions"}, is_about_one=False),
    Probe("policy:provision", "plan.read", is_about_one=False, means={"id": "indicator"}),
    Probe("journal", "journal.read", is_about_one=False),
    Probe("journal", "journal.read", data={"xlsx": "journal"}, is_about_one=False),
)
