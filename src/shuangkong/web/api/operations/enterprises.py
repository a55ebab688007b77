"""企业名录: each enterprise by its source code, over time, with the numbers by which other systems know it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query

from shuangkong.core.source_code import number_of, source_code
from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.enterprises import acts, store
from shuangkong.records.registry.enterprises.identifiers import end_identifier, identify
from shuangkong.records.registry.enterprises.likeness import confirm_distinct, confirm_same, likely_same_enterprises
from shuangkong.records.registry.enterprises.rows import EnterpriseRow, ParticularsRow
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.operations.enterprise_shapes import (
    Enterprise,
    EnterpriseHistory,
    EnterprisePicked,
    Enterprises,
    EnterpriseTold,
    GroundTold,
    IdentifierTold,
    LikelyPairs,
    NotSameTold,
    OpenTold,
    SameTold,
    Source,
    SuccessionTold,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Number

room = Room(tags=["enterprises"])

#: The path of no region.
_NOWHERE = "/?/"


@room.reads("/enterprises", Action.ENTERPRISE_READ, Enterprises)
def enterprises(request: HttpRequest, picked: Query[EnterprisePicked]) -> Any:
    """企业名录；words 可以是名称（含曾用名）的一部分、源代码、信用代码或外部编号。"""
    condition = store.readable(caller(request)) & _condition(picked) & Q(pk__gt=picked.after)
    rows = store.enterprises(condition, count=picked.limit + 1)
    shown = rows[: picked.limit]
    return {"items": _told(shown), "next": shown[-1].id if len(rows) > len(shown) else None}


@room.reads("/enterprises/likely", Action.ENTERPRISE_REGISTER, LikelyPairs)
def likely_enterprises(request: HttpRequest, region: Code) -> Any:
    """名称相近、可能是同一企业的记录。"""
    where = reached_place(request, region, Action.ENTERPRISE_READ, Action.ENTERPRISE_REGISTER)
    pairs = likely_same_enterprises(below(where.path, "region__path"))
    return {
        "items": [
            {
                "one": each.one.source, "one_name": each.one.name, "other": each.other.source,
                "other_name": each.other.name,
            }
            for each in pairs
        ]
    }  # fmt: skip


@room.reads("/enterprises/{source}", Action.ENTERPRISE_READ, Enterprise)
def enterprise(request: HttpRequest, source: Source, as_of: Day | None = None) -> Any:
    """一个企业；as_of 给出过去某日当时的情况。"""
    until = as_of if as_of is not None and as_of < timezone.localdate() else None
    return _told([found_enterprise(request, source, until=until)], until)[0]


@room.reads("/enterprises/{source}/history", Action.ENTERPRISE_READ, EnterpriseHistory)
def enterprise_history(request: HttpRequest, source: Source, as_of: Day | None = None) -> Any:
    """这个企业的沿革。"""
    number = found_enterprise(request, source).id
    return {
        "events": [
            asdict(each.particulars)
            | {"record": source_code(each.enterprise)}
            | {name: getattr(each, name) for name in _OF_EVENT}
            for each in store.history(number, as_of)
        ],
        "former_names": store.former_names(number, as_of),
        "successions": [
            asdict(each) | {"before": source_code(each.before), "after": source_code(each.after)}
            for each in store.successions(number)
        ],
    }


@room.does("/enterprises", Action.ENTERPRISE_REGISTER, Enterprise)
def register_enterprise(request: HttpRequest, told: EnterpriseTold) -> Any:
    """登记一个企业，答复它的源代码。"""
    reached_place(request, told.region, Action.ENTERPRISE_READ, Action.ENTERPRISE_REGISTER)
    made = acts.register_enterprise(_particulars(told), caller(request), told.ground, told.on, told.document)
    return _told([found_enterprise(request, source_code(made))])[0]


@room.does("/enterprises/{source}/change", Action.ENTERPRISE_REGISTER, Done)
def change_enterprise(request: HttpRequest, source: Source, told: EnterpriseTold) -> Any:
    """记录更名、换证、迁址、改行业。"""
    number = _registered(request, source)
    reached_place(request, told.region, Action.ENTERPRISE_READ, Action.ENTERPRISE_REGISTER)
    acts.change_enterprise(number, _particulars(told), caller(request), told.ground, told.on, told.document)
    return {}


@room.does("/enterprises/{source}/open", Action.ENTERPRISE_REGISTER, Done)
def open_enterprise(request: HttpRequest, source: Source, told: OpenTold) -> Any:
    """记录关停或恢复。"""
    record = acts.reopen_enterprise if told.is_open else acts.close_enterprise
    record(_registered(request, source), caller(request), told.ground, told.on, told.document)
    return {}


@room.does("/enterprises/{source}/reporter", Action.ENTERPRISE_REGISTER, Made)
def name_reporter(request: HttpRequest, source: Source, told: GroundTold) -> Any:
    """开通填报单位；授权给它的填报人和签发人只看得到这个企业。"""
    return {"id": acts.name_reporter(_registered(request, source), caller(request), told.ground)}


@room.does("/enterprises/{source}/identifiers", Action.ENTERPRISE_REGISTER, Made)
def identify_enterprise(request: HttpRequest, source: Source, told: IdentifierTold) -> Any:
    """记录外部编号：排污许可证、环境统计、污染源普查、重点用能单位、自动监控。"""
    number = _registered(request, source)
    return {"id": identify(number, told.system, told.value, caller(request), told.ground)}


@room.does("/enterprises/{source}/identifiers/{identifier_id}/end", Action.ENTERPRISE_REGISTER, Done)
def end_enterprise_identifier(request: HttpRequest, source: Source, identifier_id: Number, told: GroundTold) -> Any:
    """外部编号停用。"""
    number = _registered(request, source)
    if identifier_id not in {each.id for each in store.identifiers([number])[number]}:
        raise Http404
    end_identifier(identifier_id, caller(request), told.ground)
    return {}


@room.does("/enterprises/{source}/alias", Action.ENTERPRISE_REGISTER, Done)
def confirm_enterprise_alias(request: HttpRequest, source: Source, told: SameTold) -> Any:
    """认定两条记录是同一企业，或撤销。"""
    number = _registered(request, source)
    same_as = None if told.same_as is None else _registered(request, told.same_as)
    confirm_same(number, same_as, told.reason, caller(request))
    return {}


@room.does("/enterprises/{source}/distinction", Action.ENTERPRISE_REGISTER, Done)
def confirm_enterprise_distinction(request: HttpRequest, source: Source, told: NotSameTold) -> Any:
    """认定两条相近的记录不是同一企业。"""
    one, other = _registered(request, source), _registered(request, told.not_same_as)
    confirm_distinct(one, other, told.reason, caller(request))
    return {}


@room.does("/enterprises/{source}/succession", Action.ENTERPRISE_REGISTER, Done)
def succeed_enterprise(request: HttpRequest, source: Source, told: SuccessionTold) -> Any:
    """记录企业并入另一企业，或分出另一企业。"""
    before, after = _registered(request, source), _registered(request, told.after)
    on = told.on or timezone.localdate()
    acts.succeed_enterprise(before, after, told.kind, on, told.document, caller(request))
    return {}


def found_enterprise(
    request: HttpRequest, source: str, action: Action | None = None, until: date | None = None
) -> EnterpriseRow:
    """An enterprise that the caller may see, and do ``action`` with. Raises Http404 and Forbidden."""
    row = store.enterprise(number_of(source), until)
    reached(request, store.where_is(row) if row else None, Action.ENTERPRISE_READ, action)
    assert row is not None
    return row


def _registered(request: HttpRequest, source: str) -> int:
    return found_enterprise(request, source, Action.ENTERPRISE_REGISTER).id


_OF_EVENT = (
    "kind", "on", "region_name", "body", "changed", "ground", "document", "author", "at", "journal",
)  # fmt: skip


def _particulars(told: EnterpriseTold) -> ParticularsRow:
    return ParticularsRow(told.name, told.region, told.credit_code, told.industry)


def _condition(picked: EnterprisePicked) -> Q:
    """What the call asks for. 1 query at most."""
    found = Q()
    if picked.region is not None:
        found &= below(path_of(picked.region) or _NOWHERE, "region__path")
    if picked.words.strip():
        found &= store.asked_for(picked.words)
    if picked.system is not None:
        found &= store.known_to(picked.system)
    return found if picked.open is None else found & Q(is_open=picked.open)


def _told(rows: Any, until: date | None = None) -> list[dict[str, Any]]:
    numbers = store.identifiers([row.id for row in rows], until)
    return [
        asdict(row.particulars)
        | {
            "source": row.source,
            "region_name": row.region_name,
            "body": row.body,
            "is_open": row.is_open,
            "is_fictional": row.is_fictional,
            "same_as": source_code(row.same_as),
            "identifiers": [
                {
                    "id": each.id, "record": source_code(each.enterprise), "system": each.system, "value": each.value,
                    "ground": each.ground, "decided_by": each.decided_by, "decided_at": each.decided_at,
                }
                for each in numbers[row.id]
            ],
        }
        for row in rows
    ]  # fmt: skip
