"""What is asked of the site, and what the table of access says must be answered: for pages now, for any other door too.

Another address joins by a line in PROBES; another door (an API) by probes of its own with the same ``expected``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shuangkong.records.people import roles
from shuangkong.web.people.own import OWN

#: Where a thing can be, seen from a person of a county: word of the table → places that it reaches.
PLACES = ("own", "below", "above", "neighbour")
REACHES = {
    "none": frozenset[str](),
    "own": frozenset[str](),
    "here": frozenset({"own"}),
    "below": frozenset({"own", "below"}),
    "below_own": frozenset({"own", "below"}),
    "line": frozenset({"own", "below", "above"}),
    "all": frozenset(PLACES),
}
MATRIX: Mapping[str, Mapping[str, str]] = {
    row["action"]: row for row in csv.DictReader(roles.MATRIX.read_text(encoding="utf-8").splitlines())
}
ALLOWED = frozenset({200, 302, 303, 422})
#: Doors that have probes of their own: every operation of the interface is asked by every role in test_api.
OTHER_DOORS = ("api:v1-",)


@dataclass(frozen=True)
class Probe:
    """One way of asking for one address.

    ``action`` is what it does, ``read`` what seeing its thing takes, ``door`` what the address takes whatever is asked
    of it; ``is_about_one`` says that the address names a thing, else it is a list or a form. ``sends`` are fields of
    the form that name a thing, by the thing's name. ``is_absent``: of a thing that nobody has; the tests of its room
    ask for one that is there. ``opens`` are places at which it can be read by whoever comes in at all.
    """

    name: str
    action: str
    method: str = "get"
    read: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    is_about_one: bool = True
    door: str = ""
    sends: Mapping[str, str] = field(default_factory=dict)
    is_absent: bool = False
    opens: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.method} {self.name}" + "".join(f" {key}={value}" for key, value in self.data.items())


def expected(probe: Probe, role: str, place: str) -> frozenset[int]:
    """The answers that the table allows for a role and a thing at a place."""
    if probe.action == OWN:
        return ALLOWED
    if MATRIX[probe.door or probe.action][role] == "none":
        return frozenset({403})
    if probe.is_absent:
        return frozenset({404})
    if not probe.is_about_one:
        return frozenset({403}) if MATRIX[probe.action][role] == "none" else ALLOWED
    if place in probe.opens:
        return ALLOWED
    if probe.read and place not in REACHES[MATRIX[probe.read][role]]:
        return frozenset({404})
    return ALLOWED if place in REACHES[MATRIX[probe.action][role]] else frozenset({403 if probe.read else 404})


def _reads(*names: str, action: str = "plan.read") -> list[Probe]:
    return [Probe(name, action) for name in names]


def _lists(action: str, *names: str, method: str = "get", **more: Any) -> list[Probe]:
    return [Probe(name, action, method, is_about_one=False, **more) for name in names]


def _absent(action: str, *names: str, method: str = "get") -> list[Probe]:
    return [Probe(name, action, method, is_absent=True) for name in names]


def _acts(action: str, **said: str) -> Probe:
    """An act on a task."""
    return Probe("tasks:act", action, "post", "task.read", said | {"text": "试"}, door="task.read")


def _on_plans(name: str, action: str, method: str = "get", **more: Any) -> Probe:
    return Probe(name, action, method, "plan.read", **more)


_SITE = (
    *_lists("plan.read", "choices:place", "choices:plan"),
    *_lists("body.read", "choices:body"),
    *_lists("enterprise.read", "enterprises:list"),
    *_lists("enterprise.register", "enterprises:new", "enterprises:likely"),
    *_absent("enterprise.read", "enterprises:one"),
    *_absent("enterprise.register", "enterprises:act", method="post"),
    *_lists("token.hold", "api:described", "api:openapi", "people:tokens"),
    *_lists("token.hold", "people:tokens", "people:revoke", method="post"),  # of one's own; none is revoked of others
    *_lists(OWN, "people:me", "people:password", "people:factor", "people:my_sign_ins"),
    *_lists(OWN, "people:act_as", "people:factor_change", "people:sign_out_others", method="post"),
    *_lists(OWN, "reminders:list", "reminders:bell", "reminders:channels", "reminders:calendar"),
    *_lists(OWN, "reminders:read", method="post"),
)
_PEOPLE = (
    *_lists("people.read", "people:list"),
    *_lists("people.appoint", "people:new", "people:rules"),
    *_lists("journal.read", "people:history"),
    Probe("people:person", "people.read"),
    Probe("people:appoint", "people.appoint", "post", "people.read", {"role": "region"}),
    Probe("people:change", "people.appoint", "post", "people.read", {"act": "deactivate"}),
    *_absent("people.appoint", "people:withdraw", method="post"),
)
_TASKS = (
    *_lists("task.read", "tasks:duties", "tasks:board", "tasks:list", "tasks:listed", "tasks:rectification"),
    *_lists("task.read", "tasks:bodies"),
    *_lists("task.judge", "tasks:judging"),
    *_lists("task.assign", "tasks:assign", "tasks:add"),
    *_lists("body.confirm", "tasks:register"),
    *_lists("body.confirm", "tasks:register", method="post"),
    *_lists("meeting.read", "tasks:meetings"),
    *_lists("meeting.hold", "tasks:meetings", method="post", door="meeting.read"),
    *_lists("matter.read", "tasks:matters"),
    *_lists("matter.raise", "tasks:matters", method="post", door="matter.read"),
    Probe("tasks:task", "task.read"),
    _acts("task.report", kind="report", grade="on_track"),
    _acts("task.confirm", kind="confirm"),
    _acts("task.judge", kind="accept"),
    _acts("task.extend", kind="extend", due="2099-12-31"),
    _acts("task.escalate", kind="remind"),
    _acts("listing.supervise", kind="list"),
    *_absent("task.read", "tasks:evidence"),
    Probe("tasks:body", "task.read", opens=frozenset({"own"})),
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
    *_lists("body.confirm", "cascade:name", "cascade:firm", "cascade:town", method="post"),
    *_reads("cascade:plan", "cascade:open", action="plan.compare"),
    Probe("cascade:decide", "plan.review", "post", "plan.compare"),
    Probe("cascade:register_one", "plan.review", "post", "plan.compare"),
    Probe("cascade:of_region", "body.read"),
    *_absent("body.read", "cascade:of_body"),
    *_absent("plan.compare", "cascade:entry", "cascade:revision", "cascade:compare", "cascade:adjustment"),
    *_absent("plan.compare", "cascade:pairs"),
    Probe("cascade:pairs", "plan.review", "post", door="plan.compare", is_absent=True),
    *_absent("plan.review", "cascade:act", method="post"),
    *_absent("task.assign", "cascade:gaps"),
    *_absent("body.confirm", "cascade:end", method="post"),
)
_PAPERS = (
    *_lists("paper.make", "papers:offered"),
    Probe("papers:duty_list", "plan.read", door="paper.make"),
    Probe("papers:letters", "plan.read", door="paper.make"),
    _on_plans("papers:body_letter", "paper.make"),
    *_absent("paper.make", "papers:region_letter"),
    Probe("papers:minutes", "meeting.hold", read="meeting.read", door="paper.make"),
    *_lists("paper.make", "papers:bulletin"),
)
_EXCHANGE = (
    *_lists("exchange.import", "exchange:in", "exchange:template"),
    *_lists("exchange.import", "exchange:in", method="post"),
    *_lists("exchange.export", "exchange:out", "exchange:table"),
)
_COMMENDATION = (
    *_lists("commendation.read", "commendation:list"),
    *_lists("commendation.propose", "commendation:propose"),
    *_absent("commendation.read", "commendation:one"),
    *_absent("commendation.read", "commendation:act", method="post"),
    *_absent("paper.make", "commendation:paper"),
)
PROBES = (
    *_SITE,
    *_PEOPLE,
    *_TASKS,
    *_CASCADE,
    *_PAPERS,
    *_EXCHANGE,
    *_COMMENDATION,
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
    Probe("targets:actuals", "actual.load", "post", is_about_one=False),
    Probe("targets:template", "actual.load", is_about_one=False),
    Probe("journal", "journal.read", is_about_one=False),
    Probe("journal", "journal.read", data={"xlsx": "journal"}, is_about_one=False),
)
