"""登记册的表单: each field of a register as an input, with what can be chosen and what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shuangkong.records.monitoring.models import Device, Meter, Outlet
from shuangkong.records.monitoring.registers.field import NO, YES, Field, Sort
from shuangkong.records.monitoring.registers.naming import OF_PLACES, OF_UNITS, called, of_places, of_units
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.web.site.words import spoken

type Options = tuple[tuple[str, str], ...]
#: How many things a form offers to choose from; others are typed by number or code.
_MOST = 300
_TYPES: Mapping[Sort, str] = {
    Sort.DAY: "date", Sort.MOMENT: "datetime-local", Sort.CHOICE: "select", Sort.FLAG: "select", Sort.FIGURE: "figure",
    Sort.WHOLE: "figure", Sort.SECRET: "password",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One input: ``sort`` is its type, or select; ``offers`` what a text input suggests."""

    key: str
    label: str
    sort: str
    value: str
    unit: str = ""
    is_needed: bool = False
    is_wrong: bool = False
    options: Options = ()
    offers: Options = ()


def inputs(register: Register, by: Acting, typed: Mapping[str, str], wrong: str = "") -> tuple[Input, ...]:
    """The form of a register, filled. A query for each kind of thing that it can name."""
    return tuple(_input(each, by, typed.get(each.key, each.default), wrong) for each in register.fields)


def _input(field: Field, by: Acting, value: str, wrong: str) -> Input:
    sort = _TYPES.get(field.sort, "text")
    if field.sort is Sort.MOMENT:
        value = value.replace(" ", "T")
    if field.sort is Sort.CHOICE:
        value = next((code for code, name in field.choices.items() if value == name.zh), value)
    return Input(
        field.key, spoken(field.name), sort, "" if field.sort is Sort.SECRET else value, field.unit, field.is_needed,
        wrong == field.key, _options(field), _offers(field.sort, by),
    )  # fmt: skip


def _options(field: Field) -> Options:
    if field.sort is Sort.FLAG:
        return tuple((each.zh, spoken(each)) for each in (YES, NO))
    return tuple((code, spoken(name)) for code, name in field.choices.items())


def _offers(sort: Sort, by: Acting) -> Options:
    read = Action.MONITORING_READ
    match sort:
        case Sort.OUTLET:
            seen = Outlet.objects.filter(visible(by, read, "region__path", "enterprise__body"))
            rows = seen.select_related("enterprise").order_by("pk")[:_MOST]
            return tuple((str(row.pk), f"{row.enterprise.name if row.enterprise else ''} {row.name}") for row in rows)
        case Sort.DEVICE:
            devices = Device.objects.filter(visible(by, read, "region__path", "enterprise__body"), ends_on=None)
            return tuple((row.mn, row.name) for row in devices.order_by("pk")[:_MOST])
        case Sort.METER:
            meters = Meter.objects.filter(visible(by, read, "enterprise__region__path", "enterprise__body"))
            return tuple((str(row.pk), row.name) for row in meters.order_by("pk")[:_MOST])
        case _ if sort in OF_UNITS:
            return tuple((str(row.pk), f"{row.enterprise.name} {row.name}") for row in of_units(sort, by)[:_MOST])
        case _ if sort in OF_PLACES:
            return tuple((called(row), f"{row.region.name} {row.name}") for row in of_places(sort, by)[:_MOST])
        case Sort.ENTERPRISE:
            seen_units = Enterprise.objects.filter(visible(by, Action.ENTERPRISE_READ, "region__path", "body"))
            return tuple((row.name, row.credit_code) for row in seen_units.order_by("pk")[:_MOST])
        case Sort.REGION:
            places = Region.objects.filter(visible(by, read, "path"), ends_on=None).order_by("code")
            return tuple((row.code, row.name) for row in places[:_MOST])
    return ()
