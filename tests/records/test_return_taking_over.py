"""A yearly report that begins with what the same unit told on other forms, once that is accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
import returns_site as site
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker
from test_return_evidence import owed, reporter, sign, tell

from kept import kept
from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.records.monitoring.registers.acts import register_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.reporting import store
from shuangkong.records.reporting.beginning import starting
from shuangkong.records.reporting.drafting import ToSave, draft_content, save
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import Draft, Return
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.taking_over import accepted_beside, lacking_beside
from shuangkong.reporting.content import Content, Entry, Origin, figure, words
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import State as Stand

pytestmark = pytest.mark.django_db
#: December's 205-1 by hand: 2 000 t of coal bought for 1 300 000 元, 1 900 t used, 50 t of it not in production.
COAL = {
    "opening_stock": "150", "purchased": "2000", "purchase_amount": "130", "production_use": "1850",
    "other_use": "50", "closing_stock": "250", "coefficient": "0.5",
}  # fmt: skip
DECEMBER = {f"energy.raw_coal.{column}": figure(Decimal(value)) for column, value in COAL.items()}
#: Where the report has the same, and what stands there.
TAKEN = {
    "structure.raw_coal.opening_stock": "150", "structure.raw_coal.purchased": "2000",
    "structure.raw_coal.money": "130", "structure.raw_coal.production_use": "1850",
    "structure.raw_coal.other_use": "50", "structure.raw_coal.closing_stock": "250",
    "structure.raw_coal.coefficient": "0.5", "balance.raw_coal.stock_start": "150",
    "balance.raw_coal.purchased": "2000", "balance.raw_coal.stock_end": "250",
    "economy.consumption.value": "925",
}  # fmt: skip
#: The same where nothing is taken over: coefficients are those of the policy then.
NOTHING = dict.fromkeys(TAKEN.keys() - {"structure.raw_coal.coefficient"})


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def report(who: site.Site, key: str = "one") -> ReturnRow:
    row = store.one(owed("utilisation_report", "2026", reporter(who, key)))
    assert row is not None
    return row


def begins(who: site.Site, key: str = "one") -> Content:
    return starting(report(who, key))


def law() -> Form:
    return form_at("utilisation_report", Period.parse("2026"), site.COUNTY)


def lacking(who: site.Site) -> dict[str, tuple[str, Stand | None]]:
    return {each.form.id: (str(each.period), each.state) for each in lacking_beside(law(), report(who))}


def at(content: Content, places: Mapping[str, object]) -> dict[str, Decimal | str | None]:
    return {address: content[address].value for address in places}


def test_the_report_begins_with_the_accepted_return_of_december_and_says_so(held: site.Site) -> None:
    owed("energy_purchase", "2026-12", reporter(held), DECEMBER)
    owed("energy_purchase", "2026-11", reporter(held), {"energy.coke.purchased": figure(7)})
    found = begins(held)
    assert at(found, TAKEN) == {address: Decimal(value) for address, value in TAKEN.items()}
    assert {found[each].origin for each in TAKEN} == {Origin.PREFILLED}
    assert {found[each].source for each in TAKEN} == {"returns:energy_purchase 2026-12"}
    assert found["structure.coke.purchased"].state is State.MISSING, "November is not the year"
    assert at(begins(held, "other"), NOTHING) == NOTHING, "another unit's return fills nothing here"
    assert lacking(held) == {
        "output_value": ("2026-12", None), "conversion_output": ("2026-12", None),
        "unit_consumption": ("2026-Q4", None),
    }  # fmt: skip


def test_what_is_not_accepted_fills_nothing_and_the_page_is_told_why(held: site.Site) -> None:
    assert begins(held)["structure.raw_coal.purchased"].state is State.MISSING
    assert lacking(held)["energy_purchase"] == ("2026-12", None)
    number = owed("energy_purchase", "2026-12", reporter(held))
    for state in (Stand.SUBMITTED, Stand.RETURNED):
        sign(number, DECEMBER, state)
        assert at(begins(held), NOTHING) == NOTHING, state
        assert lacking(held)["energy_purchase"] == ("2026-12", state)
    sign(number, DECEMBER)
    assert begins(held)["structure.raw_coal.purchased"].value == Decimal(2000)
    assert "energy_purchase" not in lacking(held)


def test_a_correction_that_waits_leaves_what_was_accepted(held: site.Site) -> None:
    number = owed("energy_purchase", "2026-12", reporter(held), DECEMBER)
    sign(number, DECEMBER | {"energy.raw_coal.purchased": figure(2500)}, Stand.SUBMITTED)
    Return.objects.filter(pk=number).update(kept_state=Stand.ACCEPTED)
    assert begins(held)["structure.raw_coal.purchased"].value == Decimal(2000)
    Return.objects.filter(pk=number).update(in_force=2)
    assert begins(held)["structure.raw_coal.purchased"].value == Decimal(2500)


def test_what_was_accepted_and_sent_back_fills_nothing_until_it_is_accepted_again(held: site.Site) -> None:
    number = owed("energy_purchase", "2026-12", reporter(held), DECEMBER)
    for state in (Stand.DESK_REVIEW, Stand.RETURNED):
        Return.objects.filter(pk=number).update(state=state)
        assert at(begins(held), NOTHING) == NOTHING, state
        assert lacking(held)["energy_purchase"] == ("2026-12", state)


def test_the_first_source_that_has_anything_stands(held: site.Site) -> None:
    tell(reporter(held), "metered_electricity", {"2026": "900000"}, "千瓦时")
    tell(reporter(held), "metered_natural_gas", {"2026": "50000"}, "立方米")
    power, gas = "structure.electricity.purchased", "structure.natural_gas.purchased"
    assert (begins(held)[power].value, begins(held)[power].source.partition(":")[0]) == (Decimal(90), "ledger")
    owed("energy_purchase", "2026-12", reporter(held), {"energy.electricity.purchased": figure(80)})
    found = begins(held)
    assert (found[power].value, found[power].source) == (Decimal(80), "returns:energy_purchase 2026-12")
    assert found[gas].source.startswith("ledger:"), "of gas the return says nothing: meters fill it"
    assert found["structure.raw_coal.coefficient"].source.startswith("coefficient:")


def test_last_years_report_goes_before_and_what_is_typed_before_all(held: site.Site) -> None:
    stock = "structure.raw_coal.opening_stock"
    owed("utilisation_report", "2025", reporter(held), {"structure.raw_coal.closing_stock": figure(149)})
    owed("energy_purchase", "2026-12", reporter(held), DECEMBER)
    row = report(held)
    assert (starting(row)[stock].value, starting(row)[stock].source) == (Decimal(149), "carried")
    bought = "structure.raw_coal.purchased"
    save(row.id, site.by("one-reporter"), ToSave(entries={bought: figure(1990)}))
    content = draft_content(row, Draft.objects.get(owned=row.id))
    assert (content[bought].value, content[bought].origin, content[bought].source) == (1990, Origin.TYPED, "")
    assert content["structure.raw_coal.other_use"].origin is Origin.PREFILLED


def test_output_products_and_what_was_converted(held: site.Site) -> None:
    who = reporter(held)
    owed("output_value", "2026-12", who, {"value.gross_output.amount": figure(Decimal("1234.5"))})
    product: dict[str, Entry] = {
        "other[1].name": words("云石板"), "other[1].unit_name": words("平方米"), "other[1].output": figure(100),
        "other[1].energy": figure(Decimal("2.5")), "other[1].last_year": figure(Decimal("0.03")),
    }  # fmt: skip
    owed("unit_consumption", "2026-Q4", who, product)
    owed("unit_consumption", "2026-Q3", who, {"other[2].name": words("旧品")})
    made = {"conversion_output.coke.coking": figure(70), "conversion_input.washed_coal.coking": figure(100)}
    owed("conversion_output", "2026-12", who, made)
    used = {f"energy.washed_coal.{column}": figure(101) for column in ("production_use", "conversion_use")}
    owed("energy_purchase", "2026-12", who, used)
    found = begins(held)
    assert found["economy.gross_output.value"].value == Decimal("1234.5")
    assert found.rows("product") == ("1",)
    told = [found[f"product[1].{column}"].value for column in ("name", "unit_name", "output", "energy", "last_year")]
    assert told == ["云石板", "平方米", 100, Decimal("2.5"), Decimal("0.03")]
    assert found["product[1].name"].source == "returns:unit_consumption 2026-Q4"
    assert found["conversion.coke.made"].value == 70
    assert found["balance.coke.made"].source == "returns:conversion_output 2026-12"
    assert found["conversion.washed_coal.conversion_use"].value == 100, "the form of conversions goes before 205-1"


def test_equipment_begins_with_the_register_of_machines(held: site.Site) -> None:
    who = reporter(held)
    plain = {"enterprise": who.name, "starts_on": "2016-03-01"}
    for told in (
        {"sort": "电动机", "code": "M1", "name": "小电机", "power_kw": "55", "grade": "below"},
        {"sort": "风机", "code": "F1", "name": "大风机", "power_kw": "2240", "grade": "2", "model": "演示型"},
        {"sort": "变压器", "code": "T1", "name": "主变", "capacity_kva": "1600"},
        {"sort": "水泵", "code": "P1", "name": "去年拆的泵", "ends_on": "2025-12-31"},
    ):
        register_row(REGISTERS["machines"], plain | told, site.ADMIN)
    found = begins(held)
    columns = ("name", "model", "power", "year", "phased_out", "efficiency")
    told_ = [[found[f"equipment[{key}].{column}"].value for column in columns] for key in found.rows("equipment")]
    assert told_ == [
        ["大风机", "演示型", Decimal(2240), "2016", "no", "2"],
        ["小电机", None, Decimal(55), "2016", "yes", "0"],
        ["主变", None, None, "2016", None, None],
    ]
    assert found["equipment[1].name"].source == "register"
    assert "equipment[3].phased_out" not in found.entries, "of which the register knows no grade nothing is said"


def test_what_is_asked_of_the_database(held: site.Site, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owed("energy_purchase", "2026-12", reporter(held), DECEMBER)
    row, form, month = report(held), law(), store.one(held.one)
    assert month is not None
    with django_assert_num_queries(2):
        accepted_beside(form, row)
    with django_assert_num_queries(1):
        lacking_beside(form, row)
    with django_assert_num_queries(0):
        accepted_beside(form_at(site.FORM, Period.parse(site.PERIOD), site.COUNTY), month)
