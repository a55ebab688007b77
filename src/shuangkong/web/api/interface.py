"""The interface as a whole: version 1, its subjects, its description in OpenAPI.

A change that would break a programme makes a version 2 beside it; what is added stays in version 1.
"""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.operation import Operation

from shuangkong.web.api.faults import answer_faults
from shuangkong.web.api.operations import (
    accountability,
    assessments,
    balances,
    barometers,
    bodies,
    bulletins,
    cascade,
    certificates,
    commendations,
    decompositions,
    elastic_totals,
    emissions,
    enterprises,
    entries,
    exchange,
    facts,
    forms,
    headroom,
    key_units,
    meetings,
    monitoring,
    monitoring_energy,
    monitoring_marks,
    monitoring_registers,
    monitoring_surveys,
    monitoring_uploads,
    notices,
    pairs,
    people,
    plans,
    projects,
    register,
    reminders,
    reporting,
    reporting_days,
    reporting_many,
    responses,
    responsible,
    rules,
    situation,
    statistics,
    subjects,
    tasks,
    term_sheets,
    verification,
    weather,
)

SUBJECTS = (
    plans, tasks, rules, reminders, bodies, enterprises, cascade, pairs, register, responsible, meetings, exchange,
    facts, people, assessments, accountability, key_units, term_sheets, commendations, decompositions, situation,
    bulletins, emissions,
    elastic_totals, certificates, statistics, balances, subjects, barometers, headroom, responses,
    projects, weather, notices, reporting, reporting_many, reporting_days, entries, forms, verification, monitoring,
    monitoring_energy, monitoring_marks, monitoring_registers, monitoring_surveys, monitoring_uploads,
)  # fmt: skip
ROOMS = tuple(each.room for each in SUBJECTS)


class Interface(NinjaAPI):
    """Each operation is called as its function: the name that a generated client gives it."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def interface() -> Interface:
    """The interface with every subject."""
    made = Interface(
        title="双控 Shuangkong",
        version="1",
        description=(
            "方案、目标、数据、任务、提醒、责任单位、企业、上下级衔接、责任人、调度会、表彰、联网直报、授权和日志的数据接口。"
            "令牌在“我的账户 → 接口令牌”取得。"
            "Figures are texts, days are YYYY-MM-DD, regions are codes of the national list. "
            "Every refusal has a code, both languages, and the word at fault."
        ),
        urls_namespace="api",
        docs_url=None,
        openapi_url=None,
    )
    answer_faults(made)
    for room in ROOMS:
        made.add_router("", room)
    return made
