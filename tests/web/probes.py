"""What is asked of the site, and what the table of access says must be answered: for pages now, for any other door too.

Another address joins by a line in PROBES; another door (an API) by probes of its own with the same ``expected``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shuangkong.records.people import roles

#: Where a thing can be, seen from a person of a county: word of the table → places that it reaches.
PLACES = ("own", "below", "above", "neighbour")
REACHES = {
    "none": frozenset[str](),
    "own": frozenset[str](),
    "here": frozenset({"own"}),
    "below": frozenset({"own", "below"}),
    "line": frozenset({"own", "below", "above"}),
    "all": frozenset(PLACES),
}
MATRIX: Mapping[str, Mapping[str, str]] = {
    row["action"]: row for row in csv.DictReader(roles.MATRIX.read_text(encoding="utf-8").splitlines())
}
ALLOWED = frozenset({200, 302, 303, 422})


@dataclass(frozen=True)
class Probe:
    """One way of asking for one address.

    ``action`` is what it does, ``read`` what seeing its thing takes, ``door`` what the address takes whatever is asked
    of it; ``is_about_one`` says that the address names a thing, else it is a list or a form.
    """

    name: str
    action: str
    method: str = "get"
    read: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    is_about_one: bool = True
    door: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name}" + "".join(f" {key}={value}" for key, value in self.data.items())


def expected(probe: Probe, role: str, place: str) -> frozenset[int]:
    """The answers that the table allows for a role and a thing at a place."""
    if MATRIX[probe.door or probe.action][role] == "none":
        return frozenset({403})
    if not probe.is_about_one:
        return ALLOWED
    if probe.read and place not in REACHES[MATRIX[probe.read][role]]:
        return frozenset({404})
    return ALLOWED if place in REACHES[MATRIX[probe.action][role]] else frozenset({403 if probe.read else 404})


def _reads(*names: str, action: str = "plan.read") -> list[Probe]:
    return [Probe(name, action) for name in names]


PROBES = (
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
    *_reads("indicators:figure", "indicators:series", action="actual.read"),
    Probe("indicators:figure", "actual.read", data={"xlsx": "facts"}),
    Probe("indicators:sheet", "paper.make", "post", "actual.read"),
    Probe("indicators:figures", "actual.read", is_about_one=False),
    Probe("journal", "journal.read", is_about_one=False),
    Probe("journal", "journal.read", data={"xlsx": "journal"}, is_about_one=False),
)
