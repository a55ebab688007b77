"""指名: which outlet, device, meter, village, enterprise or region a text of a form or file means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.source_code import number_of
from shuangkong.records.monitoring.equipment.models import LabelFiling, Machine
from shuangkong.records.monitoring.models import (
    Boiler,
    Device,
    Dump,
    Meter,
    Outlet,
    SewagePlant,
    Village,
    WasteFacility,
)
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise, Region

#: Before the number of what has a code of its own, which may be a number too: #17 is never the code 17.
_SIGN = "#"


def thing(column: Field, told: str, by: Acting) -> Any:
    """The row that a text names, of those the person may see; None where nothing is said. 1 query.

    Raises:
        Refused: nothing is said where something must be; there is none such, or more than one.
    """
    text = told.strip()
    if not text:
        if column.is_needed:
            raise Refused("MON-101", f"“{column.name.zh}”必须填写。", f"“{column.name.en}” has to be told.", column.key)
        return None
    found = list(_FIND[column.sort](text, by)[:2])
    if len(found) == 1:
        return found[0]
    zh, en = ("有不止一个", "more than one of") if found else ("没有找到", "there is no")
    raise Refused(
        "MON-110",
        f"“{column.name.zh}”{zh}“{text[:40]}”。请填编号或代码。",
        f"“{column.name.en}”: {en} “{text[:40]}”. Give its number or code.",
        column.key,
    )


def called(value: Any) -> str:
    """How a form names a row: so that ``thing`` finds it again."""
    match value:
        case None:
            return ""
        case Region():
            return value.code
        case Device():
            return value.mn
        case Enterprise():
            return value.credit_code or value.name
        case Village() | Dump() | WasteFacility() | LabelFiling():
            return f"{_SIGN}{value.pk}"
    return str(value.pk)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _outlets(text: str, by: Acting) -> Any:
    rows = Outlet.objects.select_related("region", "enterprise")
    seen = visible(by, Action.MONITORING_READ, "region__path", "enterprise__body")
    unit, _slash, code = text.rpartition("/")
    own = Q(enterprise__name=unit) | Q(enterprise__credit_code=unit) if unit else Q()
    return rows.filter(seen).filter(Q(pk=_number(text)) | (Q(code=code) & own) | Q(name=text)).order_by("pk")


def _devices(text: str, by: Acting) -> Any:
    rows = Device.objects.select_related("region", "enterprise").filter(
        visible(by, Action.MONITORING_READ, "region__path", "enterprise__body")
    )
    # A number that was used again means the device that bears it now.
    newest = rows.filter(mn=text).order_by("-starts_on", "-pk")[:1]
    return newest if newest else rows.filter(pk=_number(text))


def _meters(text: str, by: Acting) -> Any:
    rows = Meter.objects.select_related("enterprise__region")
    seen = visible(by, Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    return rows.filter(seen).filter(Q(pk=_number(text)) | Q(item=text)).order_by("pk")


#: What is known by a code that its unit gave it.
OF_UNITS: Mapping[Sort, Any] = {Sort.BOILER: Boiler, Sort.MACHINE: Machine, Sort.PLANT: SewagePlant}
#: What is known by a code in its place, or by its name: with its columns of code and name, and of its unit.
OF_PLACES: Mapping[Sort, tuple[Any, str, str, str | None]] = {
    Sort.VILLAGE: (Village, "code", "name", None),
    Sort.DUMP: (Dump, "code", "name", None),
    Sort.WASTE_FACILITY: (WasteFacility, "code", "name", "enterprise__body"),
    Sort.FILING: (LabelFiling, "number", "model", "enterprise__body"),
}


def of_units(sort: Sort, by: Acting) -> Any:
    """Boilers and the like that the person may see."""
    seen = visible(by, Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    return OF_UNITS[sort].objects.select_related("enterprise__region").filter(seen).order_by("pk")


def of_places(sort: Sort, by: Acting) -> Any:
    """Villages and the like that the person may see."""
    model, _code, _name, body = OF_PLACES[sort]
    seen = visible(by, Action.MONITORING_READ, "region__path", body)
    return model.objects.select_related("region").filter(seen).order_by("pk")


def _named_by_unit(sort: Sort) -> Callable[[str, Acting], Any]:
    """By number, or by the unit's code of it: ``unit/code``, or the code alone."""

    def find(text: str, by: Acting) -> Any:
        unit, _slash, code = text.rpartition("/")
        own = Q(enterprise__name=unit) | Q(enterprise__credit_code=unit) if unit else Q()
        return of_units(sort, by).filter(Q(pk=_number(text)) | (Q(code=code) & own))

    return find


def _named_by_place(sort: Sort) -> Callable[[str, Acting], Any]:
    """By ``#number``, code or name: ``place/name`` where several places have one of that name.

    Where an ended row bears the same, what stands today is meant.
    """
    _model, code, name, _body = OF_PLACES[sort]

    def find(text: str, by: Acting) -> Any:
        every = of_places(sort, by)
        if text.startswith(_SIGN):
            return every.filter(pk=_number(text.removeprefix(_SIGN)))
        place, _slash, said = text.rpartition("/")
        there = Q(region__name=place) | Q(region=place) if place else Q()
        named = every.filter(Q(**{code: said}) | Q(**{name: said}), there)
        standing = named.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
        return standing if standing else named

    return find


def _enterprises(text: str, by: Acting) -> Any:
    rows = Enterprise.objects.select_related("region").filter(
        visible(by, Action.ENTERPRISE_READ, "region__path", "body")
    )
    return rows.filter(Q(pk=number_of(text) or 0) | Q(credit_code=text) | Q(name=text)).order_by("pk")


def _regions(text: str, by: Acting) -> Any:
    """Divisions are no secret; where the person may register is asked of the row."""
    return Region.objects.filter(Q(code=text) | Q(name=text)).order_by("code")


_FIND: Mapping[Sort, Callable[[str, Acting], Any]] = {
    Sort.OUTLET: _outlets, Sort.DEVICE: _devices, Sort.METER: _meters, Sort.ENTERPRISE: _enterprises,
    Sort.REGION: _regions, **{sort: _named_by_unit(sort) for sort in OF_UNITS},
    **{sort: _named_by_place(sort) for sort in OF_PLACES},
}  # fmt: skip
