"""合计自愈: what units tell of their region stays as they told it, night for night, in periods of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import returns_site as site
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.fact import Maturity
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import MATURITIES
from shuangkong.records.facts.models import Observation
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting import store
from shuangkong.records.reporting.flowing import flow
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import ClockMark, Reporter, Return, Version, Window
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.resumming import keep_sums
from shuangkong.reporting.content import Content, figure

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def places(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        site.settle()
        yield


def filed(who: str, kind: str, form: str, period: str, cells: dict[str, str], region: str = site.COUNTY) -> Return:
    """A return in force of somebody of a region."""
    place, told = Region.objects.get(pk=region), Period.parse(period)
    reporter, _ = Reporter.objects.get_or_create(
        kind=kind, code=who, defaults={"name": who, "region": place, "path": place.path}
    )
    window, _ = Window.objects.get_or_create(
        form=form, period=period, region_id=site.PROVINCE,
        defaults={"first_month": told.first_month, "path": f"/{site.PROVINCE}/", "due": site.DUE, "opened_by": "x",
                  "opened_at": timezone.now(), "journal": 0},
    )  # fmt: skip
    held = Return.objects.create(
        window=window, reporter=reporter, form=form, period=period, first_month=told.first_month, path=place.path,
        state="accepted", changed_at=timezone.now(), due=site.DUE,
    )  # fmt: skip
    corrected(held, cells)
    return held


def corrected(held: Return, cells: dict[str, str]) -> None:
    """A version more, in force at once."""
    row = store.one(held.pk)
    assert row is not None
    law = form_at(held.form, Period.parse(held.period), row.reporter.region)
    content = Content(held.form, law.edition, {place: figure(Decimal(told)) for place, told in cells.items()}, {})
    held.versions += 1
    held.version = held.in_force = held.versions
    held.digest = content.digest
    Version.objects.create(
        owned=held, number=held.versions, edition=law.edition, content=content.canonical.decode(),
        digest=content.digest, channel="page", filled_by="x", signed_by="x", signed_at=timezone.now(),
    )  # fmt: skip
    held.save()
    flow(held, row, CLOCK)  # the row as it was before: what that told is withdrawn


def counts(indicator: str, kind: str = "region", region: str = site.COUNTY) -> dict[str, Decimal | None]:
    """Period and vintage → the newest figure; None: missing."""
    rows = Observation.objects.filter(indicator__text=indicator, subject__kind=kind).order_by("pk")
    rows = rows.filter(subject__region=region)
    return {f"{row.first_month % 12 + 1}+{row.months} {MATURITIES.word(row.maturity)}": row.value for row in rows}


def nights(count: int = 3) -> list[int]:
    """How many returns the clock heals, night for night."""
    ClockMark.objects.filter(name="sums").delete()
    return [keep_sums(CLOCK, timezone.now() + timedelta(days=day)) for day in range(count)]


SOLD = {"sector.mining.amount": "70"}


@pytest.mark.parametrize("period", ["2026-01", "2026-02", "2026-03", "2026-06", "2026-09", "2026-12"])
def test_the_clock_leaves_a_cumulative_figure_as_it_stands(period: str) -> None:
    filed("dealer", "supplier", "coal_dealer_sales", period, SOLD)
    filed("other", "supplier", "coal_dealer_sales", period, {"sector.mining.amount": "30"})
    told = counts("coal_sales")
    assert told == {f"1+{int(period[5:])} preliminary": Decimal(100)}
    assert nights() == [0, 0, 0]
    assert counts("coal_sales") == told


@pytest.mark.parametrize("period", ["2026-H1", "2026-H2"])
def test_half_years_of_departments_stay(period: str) -> None:
    law = form_at("commerce_department", Period.parse(period), site.COUNTY)
    field = next(
        each for each in law.fixed.values() if each.fact is not None and each.fact.subject == "region" and each.is_told
    )
    assert field.fact is not None
    filed("商务局", "department", "commerce_department", period, {field.address: "5"})
    assert list(counts(field.fact.indicator).values()) == [Decimal(5)]
    assert nights() == [0, 0, 0]
    assert list(counts(field.fact.indicator).values()) == [Decimal(5)]


@pytest.mark.parametrize("period", ["2026-03", "2026-05", "2026-06"])
def test_what_a_correction_no_longer_tells_is_withdrawn_in_every_month(period: str) -> None:
    coal = {place: str(each.value) for place, each in site.told().items()}
    held = filed("plant", "unit", "energy_purchase", period, coal)
    when = f"1+{int(period[5:])} {Maturity.PRELIMINARY}"
    assert counts("above_designated_coal_total", "unit") == {when: Decimal(800)}
    corrected(held, {"summary.production.last_year": "600"})
    assert counts("above_designated_coal_total", "unit") == {when: None}
