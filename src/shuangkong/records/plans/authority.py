"""Who may act on a plan, and the row of the journal that each act leaves."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.models import Plan
from shuangkong.records.refusal import Refused

#: The condition that leaves out nothing.
EVERY = Q()
#: Where a plan is whose region nobody knows: only those who may act everywhere act on it.
NOWHERE = "/"


def path_of(plan: Plan) -> str:
    """The path of the plan's region. Its region must have been read with it."""
    return plan.region.path if plan.region else NOWHERE


def held(plan_id: int, by: Acting, action: Action) -> Plan:
    """The plan, held until the transaction ends. 1 query.

    Raises:
        Refused: there is none of that number.
        Forbidden: the person may not do that to it.
    """
    found = Plan.objects.select_for_update(of=("self",)).select_related("region").filter(pk=plan_id).first()
    if found is None:
        raise Refused("PLN-971", f"没有编号为 {plan_id} 的方案。", f"There is no plan {plan_id}.")
    require(by, action, Where(path_of(found)))
    return found


def write(plan: Plan, by: Acting, act: str, part: str = "", **said: object) -> int:
    """Appends to the journal what was done to a plan, or to the ``part`` of it, at its place.

    ``said`` are the further attributes of Act.
    """
    row = by.act(act, f"plan/{plan.pk}" + (f"/{part}" if part else ""), **said)
    return journal.append(replace(row, place=path_of(plan)))
