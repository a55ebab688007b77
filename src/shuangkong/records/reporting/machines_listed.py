"""用能设备的带入: rows of equipment that a return begins with, of the register that monitoring keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.records.monitoring.equipment.machines import BELOW
from shuangkong.records.monitoring.equipment.models import Machine
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.carrying import Offer
from shuangkong.reporting.forms.addresses import ANY, open_address
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import Field, Form

_PREFIX = "machine."
#: As forms write a flag, and a grade below those of the standards.
_YES, _NO, _BELOW_CODE = "yes", "no", "0"


def machines_listed(form: Form, row: ReturnRow) -> Iterator[Offer]:
    """The unit's machines at the end of the period, the most powerful first, one a row of an open table whose columns
    ask for them; as many as it takes. 1 query, none where no column does."""
    asked = [(field, which) for field in form.fields.values() if (which := _which(field))]
    if not asked or row.reporter.enterprise is None:
        return
    day = Period.parse(row.period).last_day
    held = Q(ends_on=None) | Q(ends_on__gte=day)
    machines = Machine.objects.filter(held, enterprise=row.reporter.enterprise, starts_on__lte=day)
    room = {table.id: table.open.most for table in form.tables if table.open is not None}
    # Exact decimals are text to one of the databases: they are put in order here.
    ordered = sorted(machines, key=lambda each: (each.power_kw is None, -(each.power_kw or 0), each.code, each.pk))
    for number, machine in enumerate(ordered[: max(room.values())], 1):
        told = _told(machine)
        for field, which in asked:
            value = told.get(which)
            if value is not None and number <= room[field.table]:
                yield Offer(open_address(field.table, field.column, str(number)), value, Prefill.REGISTER)


def _which(field: Field) -> str:
    """Which fact of a machine a column of an open table begins with; "" where with none."""
    first = field.first(Prefill.REGISTER) if field.row == ANY and field.is_told else None
    return first.which.removeprefix(_PREFIX) if first is not None and first.which.startswith(_PREFIX) else ""


def _told(machine: Machine) -> Mapping[str, Decimal | str | None]:
    """What the register says of it, as forms write it; None where it says nothing."""
    is_going = machine.remove_by is not None or machine.grade == BELOW
    # Of no grade and with no day nobody has said that it may stay.
    stays = _NO if machine.grade else None
    return {
        "name": machine.name,
        "model": machine.model or None,
        "power_kw": machine.power_kw,
        "year": f"{machine.starts_on.year}",
        "phased_out": _YES if is_going else stays,
        "grade": (_BELOW_CODE if machine.grade == BELOW else machine.grade) or None,
    }
