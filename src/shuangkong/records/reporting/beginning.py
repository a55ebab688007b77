"""报表从什么开始: what a new return holds before anybody typed: the last one, other forms, meters, permits, register.

Whatever is offered says whence it is, and is the reporter's to change: what is typed over it is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from shuangkong.core.dated import NotInForce
from shuangkong.core.period import Period
from shuangkong.records.registry.enterprises.rows import System
from shuangkong.records.registry.models import Enterprise, EnterpriseIdentifier
from shuangkong.records.reporting.beside import context_for
from shuangkong.records.reporting.earlier import earlier
from shuangkong.records.reporting.forms import before, edition_of, form_at
from shuangkong.records.reporting.machines_listed import machines_listed
from shuangkong.records.reporting.models import Staff
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.taking_over import accepted_beside
from shuangkong.reporting.carrying import Offer, carried, coefficients, of_last_year, prefilled
from shuangkong.reporting.content import Content
from shuangkong.reporting.elsewhere import of_returns
from shuangkong.reporting.evidence import offered_fields
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import FieldKind, Form
from shuangkong.rulebook import open_rulebook


def starting(row: ReturnRow) -> Content:
    """What a return begins with. 3 queries where what it is held against is prepared; 3 more for the register, 2 more
    where it takes over from other forms."""
    period = Period.parse(row.period)
    form = form_at(row.form, period, row.reporter.region)
    content = Content(form.id, form.edition)
    held = earlier(row.reporter.id, form, period)
    last, then = held.last, held.year_ago
    if then is not None:
        then_form = edition_of(form.id, then.edition, period.shifted(-1), row.reporter.region)
        content = content.with_entries(of_last_year(form, then, then_form))
    if last is not None:
        last_form = edition_of(form.id, last.edition, before(form, period), row.reporter.region)
        content = content.with_entries(carried(form, period, last, last_form))
    offers = [
        *of_returns(form, accepted_beside(form, row)), *coefficients(form, _policy(row, period)),
        *_of_evidence(form, row), *_of_register(form, row), *machines_listed(form, row),
    ]  # fmt: skip
    return prefilled(form, content, offers)


def _of_evidence(form: Form, row: ReturnRow) -> Iterator[Offer]:
    """What meters, monitoring and permits say; what is incomplete is offered by nobody."""
    fields = tuple(offered_fields(form))
    if not fields:
        return
    evidence = context_for(form, row).evidence
    for field, first in fields:
        found = evidence.get(first.which)
        if found is not None:
            yield Offer(field.address, found.value, first.source, found.whence.zh)


def _of_register(form: Form, row: ReturnRow) -> Iterator[Offer]:
    """What the register of enterprises and that of the unit's people say, in fields for words."""
    fields = [
        (each, first)
        for each in form.fixed.values()
        if each.kind is FieldKind.TEXT and each.is_told and (first := each.first(Prefill.REGISTER)) is not None
    ]
    told = _register(row) if fields else {}
    for field, first in fields:
        if value := told.get(first.which):
            yield Offer(field.address, value, Prefill.REGISTER)


def _register(row: ReturnRow) -> dict[str, str]:
    """What is known of the unit, by the row of the form that asks for it. 3 queries."""
    found = {"name": row.reporter.name}
    unit = Enterprise.objects.filter(pk=row.reporter.enterprise).first() if row.reporter.enterprise else None
    if unit is not None:
        named = open_rulebook().industries().get(unit.industry)
        industry = f"{unit.industry} {named.name}" if named is not None else unit.industry
        permits = EnterpriseIdentifier.objects.filter(enterprise=unit, system=System.PERMIT, ended_at=None)
        permit = permits.order_by("-pk").values_list("value", flat=True).first()
        found |= {"credit_code": unit.credit_code, "industry": industry, "permit_number": permit or ""}
    manager = Staff.objects.filter(reporter=row.reporter.id, kind="energy_manager", ends_on=None).first()
    if manager is not None:
        found |= {"energy_manager": manager.name, "manager_title": manager.post, "contact": manager.telephone}
    return found


def _policy(row: ReturnRow, period: Period) -> Callable[[str], Decimal | None]:
    """Id → value of a parameter at the place of the unit; None where there is none, or none in force."""
    book = open_rulebook()
    layer = book.layer_of(row.reporter.region, period.last_day)

    def value_of(key: str) -> Decimal | None:
        try:
            return book.parameter(key, period.last_day, layer).number
        except (KeyError, NotInForce, ValueError):  # also a range of reference values: nothing to offer
            return None

    return value_of
