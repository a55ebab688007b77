"""本机构受委托的核查: what a verifier is told on the list of cases of why one is not, or no more, open to the body."""

from __future__ import annotations

from typing import Any

from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Reach, reach
from shuangkong.records.reporting.verification.bodies import registered
from shuangkong.records.reporting.verification.giving import commissions, whose_people_now
from shuangkong.web.site.words import spoken


def own_commissions(acting: Acting) -> dict[str, Any]:
    """For who reads what was given alone: whether the own body is of the register, and of each commission that is
    closed to it why. No query for others, else those of ``commissions`` and 1."""
    if reach(acting.role, Action.VERIFICATION_READ) is not Reach.GIVEN:
        return {"is_given": False}
    known = registered(whose_people_now(acting.bodies))
    barred = [each for each in commissions(acting.bodies) if each.bars]
    return {
        "is_given": True, "registered": known,
        "barred": [(each.case, [(bar.code, spoken(bar.message)) for bar in each.bars]) for each in barred],
    }  # fmt: skip
