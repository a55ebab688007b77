"""Rows ⇄ values of the cascade: the whole face of this room.

Reading asks a fixed number of queries and leaves access to the caller's condition; every act asks ``people.access``.
"""

from __future__ import annotations

from shuangkong.records.plans.cascade.adjusting import adjustment, revision
from shuangkong.records.plans.cascade.comparison import comparison
from shuangkong.records.plans.cascade.deciding import decide_pair
from shuangkong.records.plans.cascade.gaps import assign_gaps
from shuangkong.records.plans.cascade.links import decide_link, force, link, link_history, links, proposals, superseded
from shuangkong.records.plans.cascade.proposing import register_proposals, responsible_sentences
from shuangkong.records.plans.cascade.register import (
    Arrived,
    Registering,
    decline,
    link_written,
    record_arrival,
    register,
    withdraw,
)
from shuangkong.records.plans.cascade.registered import register_entry, register_events, registered
from shuangkong.records.plans.cascade.responsible import (
    Naming,
    add_state_firm,
    end_responsibility,
    levels_answered,
    name_responsible,
    responsibility_history,
    responsible,
    vacancies,
)

__all__ = [
    "Arrived",
    "Naming",
    "Registering",
    "add_state_firm",
    "adjustment",
    "assign_gaps",
    "comparison",
    "decide_link",
    "decide_pair",
    "decline",
    "end_responsibility",
    "force",
    "levels_answered",
    "link",
    "link_history",
    "link_written",
    "links",
    "name_responsible",
    "proposals",
    "record_arrival",
    "register",
    "register_entry",
    "register_events",
    "register_proposals",
    "registered",
    "responsibility_history",
    "responsible",
    "responsible_sentences",
    "revision",
    "superseded",
    "vacancies",
    "withdraw",
]
