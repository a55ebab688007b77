"""合计自愈: what units tell of their region stays as they told it, night for night, in periods of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
import returns_site as site
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.fact import Maturity
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import MATURITIES
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.people.models import Person
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting import flowing, pace, resumming, store, summing, withdrawing
from shuangkong.records.reporting.flowing import flow
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import ClockMark, Event, Reporter, Return, UnsummedReturn, Version, Window
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.resumming import keep_spans, keep_sums
from shuangkong.records.reporting.unsummed import SUM, Turns, unsummed
from shuangkong.reporting.content import Content, figure, read_canonical
from shuangkong.reporting.forms.addresses import parse_address
from shuangkong.reporting.forms.model import Flow
from shuangkong.reporting.forms.ranking import of_regions, outranks
from shuangkong.rulebook import open_rulebook

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
    rows: dict[str, tuple[str, ...]] = {}
    for place in filter(None, map(parse_address, cells)):
        if place.is_open:
            rows[place.table] = (*rows.get(place.table, ()), place.row)
    content = Content(held.form, law.edition, {place: figure(Decimal(told)) for place, told in cells.items()}, rows)
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
    ClockMark.objects.filter(name__in=["sums", "withdrawing"]).delete()
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


@pytest.mark.parametrize("period", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"])
def test_what_a_correction_no_longer_tells_is_withdrawn_in_every_quarter(period: str) -> None:
    cells = {"value.gdp_current.amount": "900", "value.gdp_constant.amount": "800"}
    held = filed("office", "region", "gdp_accounts", period, cells)
    [(when, told)] = counts("gdp_current").items()
    assert (when, told) == (f"1+{3 * int(period[-1])} preliminary", Decimal(900))
    corrected(held, {"value.gdp_constant.amount": "800"})
    assert counts("gdp_current") == {when: None}
    assert list(counts("gdp_constant").values()) == [Decimal(800)]
    assert nights(2) == [0, 0]


def test_what_an_earlier_correction_left_standing_is_withdrawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    coal = {place: str(each.value) for place, each in site.told().items()}
    held = filed("plant", "unit", "energy_purchase", "2026-06", coal)
    with monkeypatch.context() as patched:
        patched.setattr("shuangkong.records.reporting.flowing._before", lambda *_: {})
        corrected(held, {"summary.production.last_year": "600"})
    assert counts("above_designated_coal_total", "unit") == {"1+6 preliminary": Decimal(800)}
    assert [keep_spans(CLOCK) for _ in range(3)] == [1, 0, 0]
    assert counts("above_designated_coal_total", "unit") == {"1+6 preliminary": None}
    assert ClockMark.objects.get(name="spans").number == -1


def test_a_final_figure_that_an_earlier_correction_left_standing_is_withdrawn_once() -> None:
    coal = {place: str(each.value) for place, each in site.told().items()}
    held = filed("plant", "unit", "energy_purchase", "2026-06", coal)
    row = Observation.objects.get(indicator__text="above_designated_coal_total")
    corrected(held, coal | {"energy.raw_coal.production_use": "850"})
    row.pk, row.maturity = None, MATURITIES.number(Maturity.FINAL)
    row.save()
    when = "1+6"
    told = {f"{when} preliminary": Decimal(850), f"{when} final": Decimal(800)}
    assert counts("above_designated_coal_total", "unit") == told
    assert [keep_spans(CLOCK) for _ in range(3)] == [1, 0, 0]
    assert counts("above_designated_coal_total", "unit") == told | {f"{when} final": None}


WATER = {"supply.park_water_total.value": "90"}
PARK = {"park.park_water_total.value": "100"}
STATISTICS = {"value.electricity_consumption.amount": "5000"}


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_departments_one_tells_and_the_clock_leaves_it(*, is_first: bool) -> None:
    orders = [("水利局", "water_department", WATER), ("工信局", "industry_department", PARK)]
    for who, form, cells in orders if is_first else reversed(orders):
        filed(who, "department", form, "2025", cells)
    assert counts("park_water_total") == {"1+12 preliminary": Decimal(90)}
    rows = Observation.objects.count()
    assert nights(4) == [0, 0, 0, 0]
    assert Observation.objects.count() == rows


def test_when_the_one_that_stands_first_is_let_go_the_other_tells() -> None:
    water = filed("水利局", "department", "water_department", "2025", WATER)
    filed("工信局", "department", "industry_department", "2025", PARK)
    let_go(water)
    assert nights(2) == [2, 0], "the one goes, the other comes in the same night"
    assert counts("park_water_total") == {"1+12 preliminary": Decimal(100)}


def let_go(held: Return, state: str = "cancelled") -> None:
    Return.objects.filter(pk=held.pk).update(state=state, in_force=None)


def grid_cells() -> dict[str, str]:
    law = form_at("grid_sales", Period.parse("2026-06"), site.COUNTY)
    return {
        place: "10" for place, each in law.fixed.items()
        if each.is_told and each.kind.value == "figure" and place.startswith("supply.") and place.endswith(".amount")
    }  # fmt: skip


@pytest.mark.parametrize("period", ["2026-06", "2026-07"])
@pytest.mark.parametrize("is_first", [True, False])
def test_statistics_stand_before_what_a_supplier_tells(period: str, *, is_first: bool) -> None:
    orders = [("grid", "supplier", "grid_sales", grid_cells()), ("office", "region", "monthly_energy", STATISTICS)]
    grid = [
        filed(who, kind, form, period, cells) for who, kind, form, cells in (orders if is_first else reversed(orders))
    ][0 if is_first else 1]
    assert set(counts("electricity_consumption").values()) == {Decimal(5000)}
    assert nights(2) == [0, 0]
    let_go(grid)
    nights(2)
    assert set(counts("electricity_consumption").values()) == {Decimal(5000)}


def test_statistics_let_go_leave_the_place_to_the_supplier_and_take_it_again() -> None:
    filed("grid", "supplier", "grid_sales", "2026-07", grid_cells())
    sold = counts("electricity_consumption")
    assert set(sold.values()) != {None}
    office = filed("office", "region", "monthly_energy", "2026-07", STATISTICS)
    let_go(office)
    nights(3)
    assert counts("electricity_consumption") == sold
    Return.objects.filter(pk=office.pk).update(state="accepted", in_force=1)
    nights(2)
    assert set(counts("electricity_consumption").values()) == {Decimal(5000)}


def test_every_figure_that_two_forms_tell_of_a_region_has_one_of_them_first() -> None:
    for period in ("2026-05", "2026-Q1", "2026-H1", "2026"):
        forms = open_rulebook().forms_on(Period.parse(period).last_day, site.COUNTY)
        for one, other in combinations(forms, 2):
            for indicator in of_regions(one) & of_regions(other):
                assert outranks(one, other, indicator) != outranks(other, one, indicator)
                told = [each.fact for form in (one, other) for each in form.fields.values() if each.fact]
                after = [each.after for each in told if each.indicator == indicator and each.after]
                assert after or one.kind is not other.kind, f"{indicator}: say after: in {one.id} or {other.id}"
        ids = {form.id for form in forms}
        assert {
            each for form in forms for field in form.fields.values() if field.fact for each in field.fact.after
        } <= ids


@pytest.mark.parametrize("state", ["open", "submitted", "cancelled"])
def test_what_is_let_go_and_owed_again_before_the_clock_comes_counts_no_more(state: str) -> None:
    held = filed("dealer", "supplier", "coal_dealer_sales", "2026-05", SOLD)
    plant = filed("plant", "unit", "energy_purchase", "2026-05", {k: str(v.value) for k, v in site.told().items()})
    let_go(held, state)
    let_go(plant, state)
    assert nights() == [2, 0, 0]
    assert counts("coal_sales") == {"1+5 preliminary": None}
    assert counts("above_designated_coal_total", "unit") == {"1+5 preliminary": None}


def test_what_is_accepted_meanwhile_is_not_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = filed("plant", "unit", "energy_purchase", "2026-05", {k: str(v.value) for k, v in site.told().items()})
    let_go(plant)
    at_last = withdrawing.withdrawn

    def accepted_just_then(number: int, *rest: Any) -> bool:
        Return.objects.filter(pk=number).update(state="accepted", in_force=1)
        return at_last(number, *rest)

    monkeypatch.setattr(withdrawing, "withdrawn", accepted_just_then)
    assert nights(1) == [0]
    assert counts("above_designated_coal_total", "unit") == {"1+5 preliminary": Decimal(800)}


def test_a_return_whose_form_the_policy_has_no_more_holds_up_no_other() -> None:
    gone = filed("dealer", "supplier", "coal_dealer_sales", "2026-05", SOLD)
    held = filed("other", "supplier", "coal_dealer_sales", "2026-07", SOLD)
    Return.objects.filter(pk=gone.pk).update(form="no_more")
    Return.objects.filter(pk=held.pk).update(in_force=None)
    nights()
    assert counts("coal_sales") == {"1+5 preliminary": Decimal(70), "1+7 preliminary": None}


def test_more_are_let_go_than_a_database_takes_in_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    held = filed("dealer", "supplier", "coal_dealer_sales", "2026-05", SOLD)
    plant = filed("plant", "unit", "energy_purchase", "2026-05", {k: str(v.value) for k, v in site.told().items()})
    let_go(held)
    let_go(plant)
    many = [plant.pk, *range(10**6, 10**6 + 1_100)]
    load = Load.objects.filter(name__startswith=f"return/{plant.pk}/").get()
    Load.objects.bulk_create(
        Load(
            name=f"return/{number}/0/final", sha256="", source="", rows_new=0, rows_changed=0, rows_same=0,
            loaded_at=load.loaded_at, loaded_by="x",
        ) for number in many[1:]
    )  # fmt: skip
    found = list(withdrawing.told_by(many))
    assert {number for number, _ in found} == {plant.pk}


def test_whoever_looks_sees_whose_figure_stands() -> None:
    water = filed("水利局", "department", "water_department", "2025", WATER)
    park = filed("工信局", "department", "industry_department", "2025", PARK)
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username="county"))
    page, other = (client.get(f"/reporting/{each.pk}/").content.decode() for each in (park, water))
    told = page.partition('id="elsewhere"')[2].partition("</section>")[0]
    assert [each in told for each in ("工业园区用水量", "100", "90", "水利局")] == [True] * 4, told
    assert 'id="elsewhere"' not in other
    nights(1)
    let_go(water)
    nights(2)
    assert 'id="elsewhere"' not in client.get(f"/reporting/{park.pk}/").content.decode()


@pytest.mark.parametrize(
    "fault", [KeyError("gone"), ValueError("no figure"), Refused("RPT-938", "不能换算", "no unit")]
)
def test_a_return_whose_turn_goes_wrong_holds_up_no_other_and_is_told(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = filed("dealer", "supplier", "coal_dealer_sales", "2026-05", SOLD)
    right = filed("other", "supplier", "coal_dealer_sales", "2026-07", SOLD)
    Observation.objects.bulk_create([falsified("coal_sales", 12 * 2026, 7)])
    with monkeypatch.context() as patched:
        patched.setattr(resumming, "flow", lambda held, *rest: raises(fault) if held == wrong else flow(held, *rest))
        assert nights(2) == [1, 0]
    assert counts("coal_sales")["1+7 preliminary"] == Decimal(70), "the others go on"
    assert right.pk not in UnsummedReturn.objects.values_list("owned", flat=True)
    [told] = unsummed(Q(), 9)
    assert (told.owned, told.reporter) == (wrong.pk, "dealer")
    assert told.code == (fault.code if isinstance(fault, Refused) else "RPT-989")
    nights(1)
    assert unsummed(Q(), 9) == (), "its turn came again and went well"


def raises(fault: Exception) -> None:
    raise fault


def falsified(indicator: str, first: int, months: int) -> Observation:
    """The newest row of a figure once more, with another value."""
    rows = Observation.objects.filter(indicator__text=indicator, first_month=first, months=months).order_by("-pk")
    row = rows[0]
    row.pk, row.value = None, Decimal(1)
    return row


def test_what_a_return_says_that_cannot_be_read_is_not_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    filed("dealer", "supplier", "coal_dealer_sales", "2026-05", SOLD)
    wrong = filed("other", "supplier", "coal_dealer_sales", "2026-05", SOLD)

    def unreadable(text: str) -> Content:
        if "9" in text:
            raise KeyError("content")
        return read_canonical(text)

    corrected(wrong, {"sector.mining.amount": "99"})
    monkeypatch.setattr(withdrawing, "read_canonical", unreadable)
    assert nights(1) == [0]
    assert counts("coal_sales") == {"1+5 preliminary": Decimal(169)}
    assert [each.owned for each in unsummed(Q(), 9)] == [wrong.pk]


def test_the_clock_goes_over_what_was_told_in_portions_and_not_over_what_is_withdrawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = [filed(f"dealer {each}", "supplier", "coal_dealer_sales", f"2026-0{each}", SOLD) for each in (1, 5, 7)]
    for each in held:
        let_go(each)
    looked: list[int] = []
    at_last = withdrawing.withdrawn

    def seen(number: int, *rest: Any) -> bool:
        looked.append(number)
        return at_last(number, *rest)

    monkeypatch.setattr(withdrawing, "withdrawn", seen)
    monkeypatch.setattr(withdrawing, "_A_TICK", 2)
    now = timezone.now()
    ClockMark.objects.filter(name__in=["sums", "withdrawing"]).delete()
    assert [keep_sums(CLOCK, now) for _ in range(4)] == [2, 1, 0, 0]
    assert looked == [each.pk for each in held]
    assert nights(5) == [0] * 5
    assert looked == [each.pk for each in held], "what was withdrawn is not looked at again"
    assert set(counts("coal_sales").values()) == {None}


def test_what_is_let_go_is_withdrawn_at_once_though_the_round_is_through() -> None:
    stays = filed("dealer", "supplier", "coal_dealer_sales", "2026-05", {"sector.mining.amount": "30"})
    held = filed("other", "supplier", "coal_dealer_sales", "2026-05", SOLD)
    never = filed("new", "supplier", "coal_dealer_sales", "2026-07", SOLD)
    now = timezone.now()
    nights(1)
    for each in (held, stays):
        Event.objects.create(owned=each, kind="accept", on=site.DUE, version=1, author="x", at=now, journal=0)
    for each in (held, never):
        Return.objects.filter(pk=each.pk).update(in_force=None, changed_at=timezone.now())
    assert [keep_sums(CLOCK, now) for _ in range(3)] == [1, 0, 0]
    assert counts("coal_sales")["1+5 preliminary"] == Decimal(30), "the other tells it still"
    assert counts("coal_sales")["1+7 preliminary"] == Decimal(70), "it was never accepted: the daily round finds it"
    Return.objects.filter(pk=stays.pk).update(in_force=None, changed_at=timezone.now())
    assert [keep_sums(CLOCK, now) for _ in range(3)] == [1, 0, 0]
    assert counts("coal_sales")["1+5 preliminary"] is None
    assert nights(1) == [1]
    assert counts("coal_sales") == {"1+5 preliminary": None, "1+7 preliminary": None}


def test_whoever_looks_is_told_what_waits_and_what_is_not_in_the_sums() -> None:
    held = filed("plant", "unit", "energy_purchase", "2026-05", {k: str(v.value) for k, v in site.told().items()})
    other = filed("other", "unit", "energy_purchase", "2026-06", {})
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username="county"))
    pages = {name: f"/reporting/{name}/" for name in ("desk", "windows")} | {
        "one": f"/reporting/{held.pk}/", "other": f"/reporting/{other.pk}/",
    }  # fmt: skip

    def told(words: str) -> set[str]:
        return {name for name, address in pages.items() if words in client.get(address).content.decode()}

    assert told("填报高峰") == told('id="unsummed"') == set()
    for name in (pace.LATER, pace.LISTS, pace.SUMS):
        ClockMark.objects.create(name=f"put_off.{name}", at=timezone.now())
    Turns(SUM)(held.pk, raises, Refused("RPT-938", "单位不能换算", "no unit"))
    assert told("暂缓把新到的数与已报的表对照") == set(pages)
    assert told("暂缓更新应报名单") == told("暂缓重新合计地区数") == {"windows"}
    assert told("RPT-938") == told("单位不能换算") == {"windows", "one"}
    client.force_login(Person.objects.get(username="next"))
    assert told("RPT-938") == set(), "of another place"


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> str:
    """What dealers sell to customers is a fact of the region that a row names, whichever they lie in themselves."""
    law = form_at("coal_dealer_sales", Period.parse("2026-05"), site.COUNTY)
    [table] = [each for each in law.tables if any(field.row == "*" for field in each.fields)]
    [sold] = [each for each in table.fields if each.column == "amount"]
    fact = Flow("scattered_coal_sold", subject="key_region")
    fields = tuple(replace(each, fact=fact) if each == sold else each for each in table.fields)
    form = replace(law, tables=tuple(replace(each, fields=fields) if each == table else each for each in law.tables))
    for module in (flowing, withdrawing, resumming, summing):
        for name in ("form_at", "edition_of"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda *_: form)
    return sold.table


def names(table: str, **amounts: str) -> dict[str, str]:
    return {f"{table}[{region[1:]}].amount": told for region, told in amounts.items()}


def test_what_units_tell_of_regions_that_they_name_is_summed_and_withdrawn_wherever_they_lie(named: str) -> None:
    def told(region: str) -> Decimal | None:
        [(_, value)] = counts("scattered_coal_sold", region=region).items()
        return value

    here = filed("dealer", "supplier", "coal_dealer_sales", "2026-05", names(named, _980101="10", _980102="20"))
    there = filed("other", "supplier", "coal_dealer_sales", "2026-05", names(named, _980102="5"), region=site.OTHER)
    assert (told(site.COUNTY), told(site.OTHER)) == (Decimal(10), Decimal(25))
    assert nights() == [0, 0, 0], "what is told of a region from elsewhere is not withdrawn"
    corrected(here, names(named, _980101="12"))
    assert (told(site.COUNTY), told(site.OTHER)) == (Decimal(12), Decimal(5))
    let_go(there)
    assert nights() == [1, 0, 0]
    assert (told(site.COUNTY), told(site.OTHER)) == (Decimal(12), None)
    let_go(here)
    assert nights() == [1, 0, 0]
    assert (told(site.COUNTY), told(site.OTHER)) == (None, None)
