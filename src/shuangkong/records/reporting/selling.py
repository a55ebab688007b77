"""售给谁多少: suppliers' returns read customer by customer by the clock, so that nobody reads them while filing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.marking import from_month, mark
from shuangkong.records.reporting.models import Beside, Return, SoldFigure, Version
from shuangkong.records.reporting.values import values
from shuangkong.reporting.content import Content, read_canonical
from shuangkong.reporting.evidence import Item
from shuangkong.reporting.forms.addresses import open_address
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, WAITING
from shuangkong.rulebook import open_rulebook

#: Suppliers' returns that one tick reads; the rest have their turn at the next one.
_A_TICK, _BATCH = 50, 500
#: States in which what was signed last stands; else what was accepted, if anything.
STANDING_STATES = tuple(state.value for state in (*WAITING, *IN_FORCE))


def sales_forms() -> dict[str, Item]:
    """Form of suppliers → the evidence that it tells."""
    return {
        each.sales.form: each for each in open_rulebook().return_checks().evidence.values() if each.sales is not None
    }


def standing_version(row: Return) -> int | None:
    """The version that others may hold theirs against: signed and not sent back, else the accepted one."""
    return row.version if row.state in STANDING_STATES else row.in_force


def keep_sold() -> int:
    """Reads suppliers' returns that are otherwise than when they were read; returns how many. ~6 queries each."""
    forms = sales_forms()
    read = dict(SoldFigure.objects.filter(customer="").values_list("owned", "version"))
    rows = Return.objects.filter(Q(version__isnull=False) | Q(in_force__isnull=False), form__in=forms)
    found = rows.select_related("reporter").order_by("-first_month", "pk")
    stale = [row for row in found if standing_version(row) != read.get(row.pk)]
    for row in stale[:_A_TICK]:
        _read(row, forms[row.form])
    return len(stale[:_A_TICK])


@transaction.atomic
def _read(row: Return, item: Item) -> None:
    before = set(SoldFigure.objects.filter(owned=row).values_list("customer", flat=True))
    SoldFigure.objects.filter(owned=row).delete()
    version = standing_version(row) or 0
    content = Version.objects.filter(owned=row, number=version).values_list("content", flat=True).first()
    sold = [] if content is None else list(_sold(row, item, read_canonical(content)))
    made = [
        SoldFigure(
            owned=row, version=version, form=row.form, first_month=row.first_month, path=row.path,
            customer=customer, month=month, to_date=to_date,
        )
        for customer, month, to_date in sold
    ]  # fmt: skip
    SoldFigure.objects.bulk_create(made, batch_size=_BATCH)
    customers = before | {each.customer for each in made} - {""}
    january = row.first_month // 12 * 12
    months = Q(owned__first_month__gte=january, owned__first_month__lt=january + 12)
    touched = Beside.objects.filter(months, owned__reporter__enterprise__credit_code__in=customers)
    touched.update(is_stale=True)
    Beside.objects.filter(months, owned__reporter__kind="region").update(is_stale=True)
    bought = Q(reporter__enterprise__credit_code__in=customers) | Q(reporter__kind="region")
    mark(bought & from_month(row.first_month))


def _sold(row: Return, item: Item, content: Content) -> Iterator[tuple[str, Decimal | None, Decimal | None]]:
    """(customer, in the month, since January) in base units; "" first: all that was sold."""
    assert item.sales is not None
    form = edition_of(row.form, content.edition, Period.parse(row.period), row.reporter.region_id)
    told, sales = values(form, content), item.sales
    table, line = sales.total
    month, to_date = (_figure(form, told, f"{table}.{line}.{column}") for column in (sales.month, sales.to_date))
    yield "", month, to_date
    for customer in content.rows(sales.customer):
        places = (open_address(sales.customer, column, customer) for column in (sales.month, sales.to_date))
        month, to_date = (_figure(form, told, place) for place in places)
        yield customer.strip(), month, to_date


def _figure(form: Form, told: Mapping[str, object], address: str) -> Decimal | None:
    value, field = told.get(address), form.field(address)
    return value * field.factor if isinstance(value, Decimal) and field is not None else None
