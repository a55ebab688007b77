"""What accepted returns become: facts, in whatever order corrections come, and what rests on them is computed anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import returns_site as site
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.codes import MATURITIES
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.facts.periods import period_of
from shuangkong.records.facts.scopes import enter
from shuangkong.records.indicators.computing import compute
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import flowing, store
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.flowing import facts_of
from shuangkong.records.reporting.forms import edition_of, form_at
from shuangkong.records.reporting.models import Draft, FoundFinding, Reporter, Return, Version
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.resumming import keep_sums, resum
from shuangkong.records.reporting.rows import ReturnRow, finding_key
from shuangkong.records.reporting.whom import owing
from shuangkong.records.reporting.windows import open_window
from shuangkong.reporting.content import Content, Entry, figure, read_canonical
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import EventKind as K

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        made = site.settle()
        version(made.one, site.told())
        yield made


def version(number: int, told: dict[str, Entry], ground: str = "") -> None:
    """One version signed and accepted, whatever the checks ask to be explained."""
    save(number, site.by("one-reporter"), ToSave(entries=told))
    signed = {"ground": ground or "复核"}
    try:
        receipt = submit(number, site.by("one-signatory"), ToSubmit(**signed))
    except NotReady as asked:
        said = {finding_key(each.code, each.place): "堆场雨损" for each in asked.findings}
        receipt = submit(number, site.by("one-signatory"), ToSubmit(explained=said, **signed))
    if not receipt.is_new:  # the same again: there is nothing to accept
        return
    row = Return.objects.get(pk=number)
    found = FoundFinding.objects.filter(version__owned=number, version__number=row.versions, explanation__isnull=False)
    act(
        number,
        site.by("county"),
        K.ACCEPT,
        Said("核过", verdicts=dict.fromkeys(found.values_list("pk", flat=True), True)),
    )


def state_of_facts(who: site.Site) -> dict[Cell, tuple[State, Decimal | None]]:
    """What counts now of everything that the unit's returns ever told."""
    subject = Subject("unit", source_code(who.enterprises["one"]))
    rows = Observation.objects.filter(subject__code=subject.code)
    told = rows.values_list("indicator__text", "first_month", "months")
    cells = {Cell(subject, indicator, period_of(first, months)) for indicator, first, months in told}
    return {cell: (fact.state, fact.value) for cell, fact in facts_for(cells).items()}


def told_by_version(who: site.Site) -> dict[str, Decimal | None]:
    """Indicator → figure in the printed unit, as the version in force says it."""
    held_ = Return.objects.get(pk=who.one)
    row = store.one(who.one)
    assert row is not None
    content = read_canonical(Version.objects.get(owned=held_, number=held_.in_force).content)
    form = edition_of(row.form, content.edition, Period.parse(row.period), row.reporter.region)
    return {each.indicator: each.value for each in facts_of(form, content, row)}


CELLS = ("purchased", "production_use", "closing_stock", "opening_stock")


@given(
    st.lists(
        st.tuples(st.sampled_from(CELLS), st.integers(min_value=100, max_value=2_000)), min_size=2, max_size=3,
        unique_by=lambda each: each[0],
    ).flatmap(lambda each: st.tuples(st.just(each), st.permutations(each)))
)  # fmt: skip
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_corrections_does_not_matter_for_the_facts(
    held: site.Site, orders: tuple[list[tuple[str, int]], list[tuple[str, int]]]
) -> None:
    found = []
    for order in orders:
        with transaction.atomic():
            for column, value in order:
                version(held.one, {f"energy.raw_coal.{column}": figure(Decimal(value))})
            found.append((state_of_facts(held), told_by_version(held)))
            assert Version.objects.filter(owned=held.one).count() <= 1 + len(order)  # the same again is no version
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_what_a_correction_no_longer_tells_is_missing_not_the_old_figure(held: site.Site) -> None:
    before = state_of_facts(held)
    assert before
    assert {state for state, _ in before.values()} == {State.VALUE}
    gone = {f"energy.raw_coal.{column}": Entry(State.MISSING) for column in (*CELLS, "coefficient")}
    version(held.one, {**gone, **{f"energy.coke.{each.rsplit('.', 1)[1]}": told for each, told in site.told().items()
                                  if each.startswith("energy.")}})  # fmt: skip
    after = state_of_facts(held)
    lost = {cell for cell, (state, _) in after.items() if state is State.MISSING}
    told = told_by_version(held)
    assert {cell.indicator for cell in lost} == {cell.indicator for cell in before} - told.keys()
    assert {cell.indicator for cell, (state, _) in after.items() if state is State.VALUE} == told.keys()


def test_facts_say_what_the_version_in_force_says_and_a_draft_says_nothing(held: site.Site) -> None:
    loads = Load.objects.count()
    save(held.one, site.by("one-reporter"), ToSave(entries={"energy.raw_coal.purchased": figure(Decimal(999))}))
    assert Draft.objects.filter(owned=held.one).exists()
    assert Load.objects.count() == loads
    version(held.one, {"energy.raw_coal.purchased": figure(Decimal(901))}, "盘点更正")
    assert Load.objects.count() == loads  # no fact rests on the purchase: nothing is told again
    version(held.one, {"energy.raw_coal.production_use": figure(Decimal(850))}, "盘点更正")
    assert Load.objects.count() == loads + 1
    assert "above_designated_coal_total" in told_by_version(held)
    assert told_by_version(held)["above_designated_coal_total"] == Decimal(850)


def test_what_rests_on_a_corrected_figure_is_computed_anew(held: site.Site) -> None:
    compute()
    assert compute().cells == 0
    mine = state_of_facts(held)
    version(held.one, {"energy.raw_coal.production_use": figure(Decimal(700))}, "盘点更正")
    assert state_of_facts(held) != mine
    assert compute().cells > 0  # what the changed figure may move was looked at, without anybody asking


def approve(number: int) -> None:
    for who in ("county", "city", "province"):
        act(number, site.by(who), K.APPROVE)


def vintages(indicator: str) -> dict[str, Decimal | None]:
    """Maturity → the newest figure of the unit's cell; what is withdrawn has none."""
    rows = Observation.objects.filter(indicator__text=indicator, subject__kind="unit").order_by("pk")
    return {MATURITIES.word(row.maturity).value: row.value for row in rows}


def test_a_corrected_figure_counts_at_once_and_is_final_when_every_level_approved(held: site.Site) -> None:
    coal = "above_designated_coal_total"
    approve(held.one)
    assert vintages(coal) == {"preliminary": Decimal(800), "final": Decimal(800)}
    version(held.one, {"energy.raw_coal.production_use": figure(Decimal(850))}, "盘点更正")
    assert vintages(coal) == {"preliminary": Decimal(850), "final": None}
    assert counting(held)[coal] == (State.VALUE, Decimal(850))
    approve(held.one)
    assert vintages(coal) == {"preliminary": Decimal(850), "final": Decimal(850)}


def test_what_a_correction_of_an_approved_return_drops_never_counts_again(held: site.Site) -> None:
    before = counting(held)
    approve(held.one)
    gone = {f"energy.raw_coal.{column}": Entry(State.MISSING) for column in (*CELLS, "coefficient")}
    version(held.one, {**gone, **{f"energy.coke.{each.rsplit('.', 1)[1]}": told for each, told in site.told().items()
                                  if each.startswith("energy.")}})  # fmt: skip
    lost = before.keys() - told_by_version(held).keys()
    assert lost
    assert {counting(held)[each][0] for each in lost} == {State.MISSING}
    approve(held.one)
    assert {counting(held)[each][0] for each in lost} == {State.MISSING}


def counting(who: site.Site) -> dict[str, tuple[State, Decimal | None]]:
    return {cell.indicator: told for cell, told in state_of_facts(who).items()}


def test_what_two_suppliers_sold_in_a_county_is_one_sum(held: site.Site) -> None:
    for number in held.enterprises.values():
        enter(("unit", source_code(number)), "coal_dealer", date(2021, 1, 1), site.GROUND, site.ADMIN)
    window = open_window("coal_dealer_sales", site.PERIOD, site.PROVINCE, site.by("province"), site.DUE)
    one, other = (
        Return.objects.get(window=window, reporter__enterprise=held.enterprises[key]).pk for key in ("one", "other")
    )
    accepted(one, "one", "70")
    assert sold() == {"preliminary": Decimal(70)}
    approve(one)
    assert sold() == {"preliminary": Decimal(70), "final": Decimal(70)}
    accepted(other, "other", "30")
    assert sold() == {"preliminary": Decimal(100), "final": None}  # not all of it is approved
    approve(other)
    assert sold()["final"] == Decimal(100)
    accepted(one, "one", None)
    assert sold() == {"preliminary": Decimal(30), "final": None}  # what one tells no more does not take the other's
    accepted(other, "other", None)
    assert sold() == {"preliminary": None, "final": None}


def two_sellers(held: site.Site) -> tuple[int, int]:
    for number in held.enterprises.values():
        enter(("unit", source_code(number)), "coal_dealer", date(2021, 1, 1), site.GROUND, site.ADMIN)
    window = open_window("coal_dealer_sales", site.PERIOD, site.PROVINCE, site.by("province"), site.DUE)
    one, other = (
        Return.objects.get(window=window, reporter__enterprise=held.enterprises[key]).pk for key in ("one", "other")
    )
    accepted(one, "one", "70")
    accepted(other, "other", "30")
    return one, other


def test_other_printed_units_are_converted_or_refused(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _other = two_sellers(held)
    printed = {"万吨": "0.003", "件": "3"}

    def facts_in(unit: str) -> None:
        def told(form: Form, content: Content, row: ReturnRow) -> Iterator[flowing.Told]:
            for each in facts_of(form, content, row):
                yield each if row.id == one else replace(each, unit=unit, value=Decimal(printed[unit]))

        monkeypatch.setattr(flowing, "facts_of", told)

    facts_in("万吨")
    accepted(one, "one", "71")
    assert sold()["preliminary"] == Decimal(101)  # 0.003 万吨 are 30 t
    facts_in("件")
    with pytest.raises(Refused, match="RPT-938"):
        accepted(one, "one", "72")


def test_a_sum_that_is_wrong_is_told_anew(held: site.Site) -> None:
    two_sellers(held)
    assert sold() == {"preliminary": Decimal(100)}
    right = Observation.objects.filter(indicator__text="coal_sales", subject__code=site.COUNTY).order_by("pk").last()
    assert right is not None
    right.pk, right.value = None, Decimal(70)
    right.save()
    assert sold() == {"preliminary": Decimal(70)}
    assert resum(CLOCK) == (2, 1)
    assert sold() == {"preliminary": Decimal(100)}
    assert resum(CLOCK) == (2, 0)


def test_what_nobody_tells_any_more_is_withdrawn_by_the_clock(held: site.Site) -> None:
    one, other = two_sellers(held)
    Reporter.objects.filter(pk=Return.objects.get(pk=one).reporter_id).update(region=site.OTHER)
    assert keep_sums(CLOCK) == 2, "the sum of the place that it left, and of the one that it went to"
    assert sold() == {"preliminary": Decimal(30)}
    assert sold(site.OTHER) == {"preliminary": Decimal(70)}
    Return.objects.filter(pk=other).update(state="cancelled", in_force=None)
    assert keep_sums(CLOCK) == 0, "once a day"
    assert keep_sums(CLOCK, timezone.now() + timedelta(days=1)) == 1
    assert sold() == {"preliminary": None}
    assert resum(CLOCK) == (1, 0)


def test_what_is_sent_back_and_no_longer_owed_counts_no_more(held: site.Site) -> None:
    one, _other = two_sellers(held)
    assert vintages("above_designated_coal_total") == {"preliminary": Decimal(800)}
    for number in (one, held.one):
        for kind in (K.SEND_BACK, K.RETURN, K.EXEMPT):
            act(number, site.by("county"), kind, Said("重复报送"))
    assert sold() == {"preliminary": Decimal(30)}
    assert vintages("above_designated_coal_total") == {"preliminary": None}
    assert resum(CLOCK) == (1, 0)


def test_a_supplier_owes_the_form_of_its_own_trade_alone(held: site.Site) -> None:
    trades = {"grid_sales": "grid_supplier", "gas_sales": "gas_supplier", "heat_supplier_sales": "heat_supplier"}
    trades |= {"coal_dealer_sales": "coal_dealer", "oil_sales": "oil_dealer", "water_sales": "water_supplier"}
    enter(("unit", source_code(held.enterprises["one"])), "gas_supplier", date(2021, 1, 1), site.GROUND, site.ADMIN)
    owe = {}
    for form, scope in trades.items():
        law = form_at(form, Period.parse(site.PERIOD), site.COUNTY)
        assert law.scopes == (scope,)
        owe[form] = len(owing(law, Period.parse(site.PERIOD).last_day, f"/{site.PROVINCE}/"))
    assert owe == dict.fromkeys(trades, 0) | {"gas_sales": 1}


def accepted(number: int, who: str, amount: str | None) -> None:
    """A version in force of a supplier, whatever its form asks for beside."""
    held_ = Return.objects.get(pk=number)
    row = store.one(number)
    assert row is not None
    form = edition_of(row.form, "", Period.parse(row.period), row.reporter.region)
    cells = {} if amount is None else {"sector.mining.amount": figure(Decimal(amount))}
    told = Content(form.id, form.edition, cells)
    made = held_.versions + 1
    Version.objects.create(
        owned=held_, number=made, edition=told.edition, content=told.canonical.decode(), digest=told.digest,
        channel="page", filled_by=who, signed_by=who, signed_at=timezone.now(),
    )  # fmt: skip
    Return.objects.filter(pk=number).update(state="submitted", version=made, versions=made, digest=told.digest)
    act(number, site.by("county"), K.ACCEPT)


def sold(region: str = site.COUNTY) -> dict[str, Decimal | None]:
    rows = Observation.objects.filter(indicator__text="coal_sales", subject__code=region).order_by("pk")
    return {MATURITIES.word(row.maturity).value: row.value for row in rows}
