"""Returns held against what others say of the same thing: other forms, peers, meters, sales, monitoring, permits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from kept import kept
from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.registers.acts import end_row, register_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.reporting import store
from shuangkong.records.reporting.beginning import starting
from shuangkong.records.reporting.beside import context_for, forget, prepare
from shuangkong.records.reporting.checking import checked
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import Beside, Reporter, Return, SoldFigure, Version, Window
from shuangkong.records.reporting.peering import keep_peers, peers_of
from shuangkong.records.reporting.selling import keep_sold
from shuangkong.reporting.checks.run import Judgement
from shuangkong.reporting.content import Content, Entry, figure, words
from shuangkong.reporting.content import Origin as ContentOrigin
from shuangkong.reporting.forms.model import Span
from shuangkong.reporting.life import State as Stand

pytestmark = pytest.mark.django_db
CREDIT = "91980101MA00000001"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        made = site.settle()
        Enterprise.objects.filter(pk=made.enterprises["one"]).update(credit_code=CREDIT)
        yield made


def reporter(who: site.Site, key: str = "one") -> Reporter:
    return Reporter.objects.get(enterprise=who.enterprises[key])


def region_reporter(code: str = site.COUNTY, kind: str = "region") -> Reporter:
    place = Region.objects.get(pk=code)
    found, _ = Reporter.objects.get_or_create(
        kind=kind, code=code, defaults={"name": place.name, "region": place, "path": place.path}
    )
    return found


def supplier(code: str) -> Reporter:
    place = Region.objects.get(pk=site.COUNTY)
    return Reporter.objects.create(kind="supplier", code=code, name=f"供应单位 {code}", region=place, path=place.path)


def owed(form: str, period: str, who: Reporter, told: Mapping[str, Entry] | None = None) -> int:
    """A return of a form and period; with ``told`` it is accepted as that."""
    at, now = Period.parse(period), timezone.now()
    window, _ = Window.objects.get_or_create(
        form=form, period=period, region=Region.objects.get(pk=site.PROVINCE),
        defaults={
            "first_month": at.first_month, "path": f"/{site.PROVINCE}/", "due": site.DUE, "opened_by": "t",
            "opened_at": now, "journal": 0,
        },
    )  # fmt: skip
    plain = {"first_month": at.first_month, "path": who.path, "due": site.DUE, "changed_at": now, "window": window}
    row, _ = Return.objects.update_or_create(
        reporter=who, form=form, period=period, defaults=plain | {"state": Stand.OPEN}
    )
    if told is not None:
        sign(row.pk, told)
    return row.pk


def sign(number: int, told: Mapping[str, Entry], state: Stand = Stand.ACCEPTED) -> None:
    row = Return.objects.get(pk=number)
    content = filled(row, told)
    row.versions += 1
    row.version, row.state = row.versions, state
    row.in_force = row.versions if state is Stand.ACCEPTED else row.in_force
    Version.objects.create(
        owned=row, number=row.versions, edition=content.edition, content=content.canonical.decode(),
        digest=content.digest, channel="page", filled_by="t", signed_by="t", signed_at=timezone.now(),
    )  # fmt: skip
    row.save()


def filled(row: Return, told: Mapping[str, Entry]) -> Content:
    form = form_at(row.form, Period.parse(row.period), row.reporter.region_id)
    return Content(form.id, form.edition).with_entries(told)


def judged(number: int, told: Mapping[str, Entry]) -> Judgement:
    row, held_ = store.one(number), Return.objects.get(pk=number)
    assert row is not None
    form = form_at(row.form, Period.parse(row.period), row.reporter.region)
    return checked(form, filled(held_, told), row)


def tell(who: Reporter, indicator: str, months: Mapping[str, str | None], unit: str, source: str = "台账") -> None:
    """Facts of a unit, as the load of another system tells them; None: told as missing."""
    load = Load.objects.create(
        name="t", sha256="", source=source, rows_new=len(months), rows_changed=0, rows_same=0, loaded_at=timezone.now(),
        loaded_by="t",
    )  # fmt: skip
    subject = met([SubjectRow(who.kind, who.code, who.name, who.region_id)])[who.kind, who.code]
    for period, value in months.items():
        at = Period.parse(period)
        Observation.objects.create(
            indicator_id=written(Word.INDICATOR, {indicator})[indicator], subject_id=subject,
            first_month=at.first_month, months=at.months, measure=MEASURES.number(Measure.LEVEL),
            state=STATES.number(State.MISSING if value is None else State.VALUE),
            origin=ORIGINS.number(Origin.ESTIMATE), maturity=MATURITIES.number(Maturity.PRELIMINARY),
            evidence=EVIDENCES.number(Evidence.ADMINISTRATIVE), value=None if value is None else Decimal(value),
            unit_id=written(Word.UNIT, {unit})[unit], source_id=written(Word.SOURCE, {source})[source], load=load,
        )  # fmt: skip


def codes(found: Judgement) -> set[str]:
    return {each.code for each in found.findings}


def because(found: Judgement, code: str) -> str:
    return next((each.because.zh for each in found.unjudged if each.code == code), "")


def electricity(used: str, bought: str | None = None) -> dict[str, Entry]:
    told = {"purchased": bought or used, "production_use": used, "coefficient": "0.1229"}
    return {f"energy.electricity.{column}": figure(Decimal(value)) for column, value in told.items()}


MONTHS = [f"2026-{month:02d}" for month in range(1, 10)]


def test_consumption_against_meters(held: site.Site) -> None:
    # 205-1 is cumulative, in 万千瓦时: the meters' nine months add up to 90 万千瓦时.
    assert because(judged(held.one, electricity("90")), "RPT-120").startswith("没有计量表读数")
    tell(reporter(held), "metered_electricity", dict.fromkeys(MONTHS[:8], "100000"), "千瓦时")
    prepare()
    found = judged(held.one, electricity("90"))
    assert "9 个月中缺 1 个月（2026-09）" in because(found, "RPT-120")
    tell(reporter(held), "metered_electricity", {"2026-09": "100000"}, "千瓦时")
    prepare()  # the clock sees what was told since
    factor = form_at(site.FORM, Period.parse(site.PERIOD), site.COUNTY).fields["energy.electricity.consumed"].factor
    right, wrong = str(Decimal(900_000) / factor), str(Decimal(800_000) / factor)
    assert "RPT-120" in judged(held.one, electricity(right)).passed
    found = judged(held.one, electricity(wrong))
    assert "RPT-120" in codes(found)
    ground = next(each.ground for each in found.findings if each.code == "RPT-120")
    assert ground is not None
    assert "计量表读数（电力）（台账）" in ground.zh


def grid(period: str, customers: Mapping[str, tuple[str, str]], total: str = "1000") -> dict[str, Entry]:
    """The grid's return: customer → (month, since January); the sector total falls to one sector."""
    told: dict[str, Entry] = {}
    for customer, (month, to_date) in customers.items():
        told[f"customer[{customer}].name"] = words("用户")
        told[f"customer[{customer}].month"] = figure(Decimal(month))
        told[f"customer[{customer}].amount"] = figure(Decimal(to_date))
    form = form_at("grid_sales", Period.parse(period), site.COUNTY)
    sector = next(row.id for row in form.by_id["sector"].rows if not row.is_total)
    for column in ("month", "amount"):
        told[f"sector.{sector}.{column}"] = figure(Decimal(total))
    return told


def test_purchases_against_what_suppliers_sold(held: site.Site) -> None:
    one, two = supplier("G1"), supplier("G2")
    assert because(judged(held.one, electricity("50")), "RPT-121").startswith("没有供应单位报来")
    owed("grid_sales", "2026-08", one, grid("2026-08", {CREDIT: ("5", "35")}))
    owed("grid_sales", "2026-09", two, grid("2026-09", {CREDIT: ("3", "10"), "OTHER": ("1", "1")}))
    assert keep_sold() == 2
    assert keep_sold() == 0
    prepare()
    assert "缺 2026-09" in because(judged(held.one, electricity("50")), "RPT-121")  # one supplier is not in yet
    owed("grid_sales", "2026-09", one, grid("2026-09", {CREDIT: ("5", "40")}))
    keep_sold()
    assert Beside.objects.get(owned=held.one).is_stale
    assert "RPT-121" in judged(held.one, electricity("50")).passed  # 40 and 10 万千瓦时, as the form asks them
    found = judged(held.one, electricity("50", "44"))
    assert "RPT-121" in codes(found)
    assert "2 家供应单位" in next(each.ground.zh for each in found.findings if each.code == "RPT-121" and each.ground)
    # Another unit's figures are not this one's.
    assert because(judged(held.other, electricity("50")), "RPT-121").startswith("没有供应单位报来")


def test_a_corrected_sale_is_read_anew(held: site.Site) -> None:
    number = owed("grid_sales", "2026-09", supplier("G3"), grid("2026-09", {CREDIT: ("5", "50")}))
    keep_sold()
    assert "RPT-121" in judged(held.one, electricity("50")).passed
    sign(number, grid("2026-09", {CREDIT: ("5", "60")}))
    keep_sold()
    assert SoldFigure.objects.get(customer=CREDIT).to_date == Decimal(600_000)
    assert "RPT-121" in codes(judged(held.one, electricity("50")))


def test_sectors_of_a_region_against_what_the_grid_sold(held: site.Site) -> None:
    number = owed("sector_consumption", "2026", region_reporter())
    form = form_at("sector_consumption", Period(2026), site.COUNTY)
    row = next(each.id for each in form.by_id["energy"].rows if not each.is_total)
    told = {f"energy.{row}.electricity": figure(Decimal(1200))}
    assert because(judged(number, told), "RPT-283").startswith("没有供应单位报来")
    owed("grid_sales", "2026-12", supplier("G4"), grid("2026-12", {}, "1000"))
    keep_sold()
    assert "RPT-283" in codes(judged(number, told))
    told[f"energy.{row}.electricity"] = figure(Decimal(1000))
    assert "RPT-283" in judged(number, told).passed


def cod(discharged: str, permitted: str = "4") -> dict[str, Entry]:
    told = {"generated": "40", "discharged": discharged, "permitted": permitted}
    return {f"water.cod.{column}": figure(Decimal(value)) for column, value in told.items()}


def test_discharge_against_monitoring_and_the_permit(held: site.Site) -> None:
    who = reporter(held)
    number = owed("pollutant_discharge", "2026-Q3", who)
    found = judged(number, cod("1"))
    assert because(found, "RPT-225").startswith("没有在线监测")
    assert because(found, "RPT-397").startswith("没有排污许可证")
    tell(who, "monitored_cod_emission", {"2026-07": "0.4", "2026-08": "0.3", "2026-09": None}, "吨", "在线监测")
    tell(who, "permitted_cod_emission", {"2026": "4"}, "吨", "排污许可证 9110")
    prepare()
    assert "3 个月中缺 1 个月（2026-09）" in because(judged(number, cod("1")), "RPT-225")
    tell(who, "monitored_cod_emission", {"2026-09": "0.3"}, "吨", "在线监测")
    prepare()
    assert {"RPT-225", "RPT-397"} <= judged(number, cod("1")).passed
    found = judged(number, cod("0.5", "5"))
    assert {"RPT-225", "RPT-397"} <= codes(found)
    assert "排污许可证 9110" in str(next(each.ground for each in found.findings if each.code == "RPT-397"))


def test_what_was_discharged_since_january_against_the_permit(held: site.Site) -> None:
    who = reporter(held)
    tell(who, "permitted_cod_emission", {"2026": "4"}, "吨")
    number = owed("pollutant_discharge", "2026-Q3", who)
    owed("pollutant_discharge", "2026-Q1", who, cod("2"))
    assert "没有本年以前各期" in because(judged(number, cod("1")), "RPT-398")  # the second quarter is not in
    owed("pollutant_discharge", "2026-Q2", who, cod("1"))
    assert "RPT-398" in judged(number, cod("1")).passed
    assert "RPT-398" in codes(judged(number, cod("1.5")))
    first = owed("pollutant_discharge", "2027-Q1", who)
    tell(who, "permitted_cod_emission", {"2027": "4"}, "吨")
    assert "RPT-398" in codes(judged(first, cod("5")))  # nothing goes before in that year


def register(register: str, **told: str) -> int:
    return register_row(REGISTERS[register], told, site.ADMIN)


def outlet_of(who: Reporter, code: str, permitted: str | None, unit: str = "t") -> int:
    """A water outlet that has to send its COD, through the registers."""
    since = "2024-01-01"
    made = register("outlets", region=site.COUNTY, enterprise=who.name, kind="water", code=code, name=f"{code}排口",
                    due_on=since, object="key_discharger", longitude="104.61", latitude="30.12",
                    starts_on=since)  # fmt: skip
    register("factors", outlet=str(made), factor="w01018", is_rated="是", starts_on=since)
    if permitted is not None:
        register("limits", outlet=str(made), factor="w01018", sort="permit", period="year", high=permitted, unit=unit,
                 document="排污许可证 9110", starts_on=since)  # fmt: skip
    return made


def test_what_the_register_says_is_permitted_is_evidence(held: site.Site) -> None:
    """Two outlets, 3 t and 1,000 kg; a third has to send the factor and no amount of it is registered."""
    who = reporter(held)
    number = owed("pollutant_discharge", "2026-Q3", who)
    prepare()
    outlet_of(who, "DW001", "3")
    outlet_of(who, "DW002", "1000", "kg")
    prepare()
    assert "RPT-397" in judged(number, cod("1", "4")).passed
    found = judged(number, cod("1", "5"))
    assert "RPT-397" in codes(found)
    ground = next(each.ground for each in found.findings if each.code == "RPT-397")
    assert "2 个排放口的年许可量之和；排污许可证 9110" in str(ground)
    row = store.one(number)
    assert row is not None
    begun = starting(row)["water.cod.permitted"]
    assert (begun.value, begun.origin) == (Decimal(4), ContentOrigin.PREFILLED)
    third = outlet_of(who, "DW003", None)
    prepare()
    assert "1 个排放口没有登记年许可量（DW003排口）" in because(judged(number, cod("1", "5")), "RPT-397")
    end_row(REGISTERS["outlets"], third, "2026-06-30", site.ADMIN, "封堵")
    prepare()
    assert "RPT-397" in codes(judged(number, cod("1", "5"))), "it is in use no more"
    tell(who, "permitted_cod_emission", {"2026": "5"}, "吨", "许可证变更")
    prepare()
    assert "RPT-397" in judged(number, cod("1", "5")).passed, "what was told of the unit goes before"


def transformer(who: Reporter, code: str, capacity: str, **more: str) -> int:
    told = {"enterprise": who.name, "sort": "变压器", "code": code, "name": f"{code}主变", "starts_on": "2024-01-01"}
    return register("machines", **told | {"capacity_kva": capacity} | more)


def test_electricity_against_the_transformers_of_the_register(held: site.Site) -> None:
    """By hand: 100 kVA and 50 kVA over the 720 hours of September, nine months long, carry 972 000 kWh at most."""
    who, over, under = reporter(held), electricity("97.21"), electricity("97.19")
    prepare()
    assert because(judged(held.one, over), "RPT-130").startswith("没有变压器容量的数据")
    transformer(who, "T1", "100")
    last = transformer(who, "T2", "50")
    transformer(reporter(held, "other"), "T1", "100000")
    register(
        "machines", enterprise=who.name, sort="风机", code="F1", name="风机", power_kw="900", starts_on="2024-01-01"
    )
    prepare()
    assert "RPT-130" in judged(held.one, under).passed
    found = judged(held.one, over)
    ground = next(str(each.ground) for each in found.findings if each.code == "RPT-130")
    assert "变压器容量（2 台的额定容量之和，用能设备登记册）" in ground
    third = transformer(who, "T3", "")
    prepare()
    assert "1 台没有登记额定容量（T3主变）" in because(judged(held.one, over), "RPT-130")
    end_row(REGISTERS["machines"], third, "2025-12-31", site.ADMIN, "拆除")
    prepare()
    assert "RPT-130" in codes(judged(held.one, over)), "it went in the year before"
    end_row(REGISTERS["machines"], last, "2026-02-01", site.ADMIN, "更换")
    transformer(who, "T4", "51", starts_on="2026-02-01")
    prepare()
    assert "RPT-130" in judged(held.one, over).passed, "what was replaced in the year and what replaced it"
    tell(who, "transformer_capacity", {"2026": "150"}, "千伏安", "供用电合同")
    prepare()
    assert "RPT-130" in codes(judged(held.one, over)), "what was told of the unit goes before"


def test_only_transformers_have_a_capacity(held: site.Site) -> None:
    with pytest.raises(Refused, match="额定容量（千伏安）是变压器的") as found:
        transformer(reporter(held), "M1", "100", sort="电动机")
    assert (found.value.code, found.value.field) == ("MON-387", "capacity_kva")
    with pytest.raises(Refused, match="大于零"):
        transformer(reporter(held), "T1", "0")


def test_institutions_and_small_units_against_meters_and_sales(held: site.Site) -> None:
    who = reporter(held)
    tell(who, "metered_electricity", dict.fromkeys(MONTHS, "10000"), "千瓦时")
    owed("grid_sales", "2026-07", supplier("G5"), grid("2026-07", {CREDIT: ("1", "7")}))
    for month in ("2026-08", "2026-09"):
        owed("grid_sales", month, Reporter.objects.get(code="G5"), grid(month, {CREDIT: ("1", "9")}))
    keep_sold()
    found = {}
    for form, meter, sale in (
        ("institution_consumption", "RPT-207", "RPT-208"), ("below_designated_survey", "RPT-394", ""),
    ):  # fmt: skip
        law = form_at(form, Period.parse("2026-Q3"), site.COUNTY)
        number = owed(form, "2026-Q3", who)
        cell = law.fields["energy.electricity.amount"]
        for share, code in ((Decimal(1), ""), (Decimal("0.5"), "trips")):
            months = 9 if cell.span is Span.TO_DATE else 3
            amount = Decimal(10_000) * months * share / cell.factor
            told = {cell.address: figure(amount), "energy.electricity.coefficient": figure(Decimal("0.1229"))}
            outcome = judged(number, {at: each for at, each in told.items() if at in law.fields})
            for check in filter(None, (meter, sale)):
                found[check, code] = check in (codes(outcome) if code else outcome.passed)
    assert all(found.values()), found


def test_the_yearly_report_against_meters_and_sales(held: site.Site) -> None:
    who = reporter(held)
    tell(who, "metered_electricity", {"2026": "900000"}, "千瓦时")
    owed("grid_sales", "2026-12", supplier("G6"), grid("2026-12", {CREDIT: ("8", "90")}))
    keep_sold()
    number = owed("utilisation_report", "2026", who)
    law = form_at("utilisation_report", Period(2026), site.COUNTY)
    cell = law.fields["structure.electricity.purchased"]
    for share, trips in ((Decimal(1), False), (Decimal("0.8"), True)):
        amount = figure(Decimal(900_000) * share / cell.factor)
        told = {
            "structure.electricity.purchased": amount, "structure.electricity.production_use": amount,
            "structure.electricity.coefficient": figure(Decimal("0.1229")),
        }  # fmt: skip
        outcome = judged(number, told)
        wanted = codes(outcome) if trips else outcome.passed
        assert {"RPT-188", "RPT-189"} <= set(wanted)


def output(value: str) -> dict[str, Entry]:
    return {"value.gross_output.amount": figure(Decimal(value))}


def test_other_forms_of_the_same_period_count_once_they_are_signed(held: site.Site) -> None:
    who = reporter(held)
    number = owed("output_value", site.PERIOD, who)
    told = site.told()
    assert because(judged(held.one, told), "RPT-133") != ""
    row = store.one(held.one)
    assert row is not None
    form = form_at(site.FORM, Period.parse(site.PERIOD), site.COUNTY)
    assert context_for(form, row).others == {}
    sign(number, output("9000"), Stand.SUBMITTED)
    sheet = context_for(form, row).others["output_value"]
    assert sheet.values["value.gross_output.amount"] == Decimal(9000)
    sign(number, output("9500"), Stand.SUBMITTED)  # signed anew: no older figure is held against it
    assert context_for(form, row).others["output_value"].values["value.gross_output.amount"] == Decimal(9500)


def test_units_of_a_sector_are_the_norm_of_the_next_period(held: site.Site) -> None:
    place = Region.objects.get(pk=site.COUNTY)
    for count in range(9):
        peer = Reporter.objects.create(
            kind="unit", code=f"P{count}", name=f"同业{count}", region=place, path=place.path, industry="3011"
        )
        owed(site.FORM, "2026-08", peer, site.told())
        owed("output_value", "2026-08", peer, output(str(1000 + count)))
    assert keep_peers() == 9
    assert keep_peers() == 0
    usual = peers_of(site.FORM, Period.parse(site.PERIOD), "3011", ["RPT-133"])["RPT-133"]
    assert usual.count == 9
    owed("output_value", site.PERIOD, reporter(held), output("1004"))
    assert "RPT-133" in judged(held.one, site.told()).passed
    owed("output_value", site.PERIOD, reporter(held), output("100"))
    assert "RPT-133" in codes(judged(held.one, site.told()))


def test_a_year_s_capacity_is_what_electricity_is_held_against(held: site.Site) -> None:
    assert because(judged(held.one, electricity("50")), "RPT-130").startswith("没有变压器容量")
    tell(reporter(held), "transformer_capacity", {"2026": "1000"}, "千伏安")
    prepare()
    assert "RPT-130" in judged(held.one, electricity("50")).passed
    assert "RPT-130" in codes(judged(held.one, electricity("900000")))


def test_tap_water_against_what_the_waterworks_sold(held: site.Site) -> None:
    number = owed("industrial_water", "2026-Q3", reporter(held))
    tap = {"water.tap_water.amount": figure(Decimal(100))}
    assert because(judged(number, tap), "RPT-153").startswith("没有供应单位报来")
    works = supplier("W1")
    for month in (7, 8, 9):
        told = {f"customer[{CREDIT}].month": figure(Decimal("0.01")), f"customer[{CREDIT}].amount": figure(Decimal(1))}
        owed("water_sales", f"2026-{month:02d}", works, told)
    keep_sold()
    assert "RPT-153" in judged(number, tap).judged


def test_what_is_prepared_is_read_in_three_queries(
    held: site.Site, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    owed(site.FORM, "2026-08", reporter(held), site.told())
    owed(site.FORM, "2025-09", reporter(held), site.told())
    assert prepare() >= 2
    assert prepare() == 0
    row = store.one(held.one)
    assert row is not None
    form = form_at(site.FORM, Period.parse(site.PERIOD), site.COUNTY)
    context_for(form, row)
    with django_assert_max_num_queries(3):
        context = context_for(form, row)
    assert context.last is not None
    assert context.year_ago is not None
    assert context.last.values["energy.raw_coal.purchased"] == Decimal(900)
    assert context.day == date(2026, 9, 30)


def test_a_return_accepted_after_preparing_is_held_against_the_next(held: site.Site) -> None:
    prepare()
    row = store.one(held.one)
    assert row is not None
    form = form_at(site.FORM, Period.parse(site.PERIOD), site.COUNTY)
    assert context_for(form, row).last is None
    owed(site.FORM, "2026-08", reporter(held), site.told(purchased="910"))
    last = context_for(form, row).last
    assert last is not None
    assert last.values["energy.raw_coal.purchased"] == Decimal(910)


def test_what_was_prepared_goes_with_the_acceptance(held: site.Site) -> None:
    prepare()
    sign(held.one, site.told())
    assert forget() == 1
    assert not Beside.objects.filter(Q(owned=held.one)).exists()


def test_a_quarter_is_held_against_its_last_month_and_a_year_against_december(held: site.Site) -> None:
    who = reporter(held)
    products = {"product.clinker.output": figure(Decimal(1000)), "product.clinker.energy": figure(Decimal(2000))}
    quarter = owed("unit_consumption", "2026-Q3", who)
    assert "没有报来" in because(judged(quarter, products), "RPT-160")
    owed("energy_purchase", "2026-08", who, electricity("100"))
    assert "没有报来" in because(judged(quarter, products), "RPT-160"), "August does not end with the quarter"
    month = owed("energy_purchase", "2026-09", who, electricity("1000"))
    assert "RPT-160" in codes(judged(quarter, products))
    prepare()
    assert "RPT-160" in codes(judged(quarter, products)), "as it was prepared"
    sign(month, electricity("2000"))
    assert "RPT-160" not in codes(judged(quarter, products)), "it follows the month that is corrected"
    december = owed("energy_purchase", "2026-12", who)
    assert "没有报来" in because(judged(december, electricity("1000")), "RPT-410")
    told = {"structure.electricity.purchased": figure(Decimal(900))}
    report = owed("utilisation_report", "2026", who, told)
    assert "RPT-410" in codes(judged(december, electricity("1000")))
    sign(report, {"structure.electricity.purchased": figure(Decimal(1000))})
    assert "RPT-410" not in codes(judged(december, electricity("1000")))
    november = owed("energy_purchase", "2026-11", who)
    assert not because(judged(november, electricity("1000")), "RPT-410"), "it is asked of December alone"
