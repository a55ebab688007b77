"""Forms as policy: versions over time, what layers add, what is derived, carried, offered and moved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from folders import column, form_file, named, told, version, written
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.reporting.carrying import CARRIED, Offer, carried, coefficients, overruled, prefilled
from shuangkong.reporting.content import Content, Entry, Origin, figure, words
from shuangkong.reporting.derive import derive, values
from shuangkong.reporting.forms.book import check_forms, form_book
from shuangkong.reporting.forms.due import last_day
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import Form, SubjectKind
from shuangkong.reporting.moving import Left, moved
from shuangkong.rulebook import open_rulebook

DAY = date(2025, 3, 31)
FIRST, SECOND, ADDED = date(2024, 1, 1), date(2026, 1, 1), date(2025, 7, 1)

ENERGY = {
    "id": "energy",
    "name": named("能源"),
    "optional": True,
    "rows": [
        {"id": "coal", "name": named("煤"), "unit": "t"},
        {"id": "power", "name": named("电"), "unit": "kwh", "display": "万千瓦时"},
        {"id": "total", "name": named("合计"), "unit": "tce", "sums": "all", "columns": ["standard"]},
    ],
    "columns": [
        column("stock", carried="closing", new_year="closing"),
        column("used", required=True),
        column("closing"),
        column("rate", decimals=6, required=True),
        column("standard", unit="tce", derived="used * rate"),
    ],
    "cells": [
        {"row": "coal", "column": "rate", "unit": "kgce/kg"},
        {"row": "power", "column": "rate", "unit": "kgce/kwh"},
    ],
}
SALES = {
    "id": "sales",
    "name": named("销售"),
    "open": {"name": named("用户"), "kind": "text", "most": 3},
    "columns": [
        column("amount", unit="t", required=True),
        column("price", unit="CNY/t"),
        column("money", unit="CNY", display="万元", derived="amount * price"),
    ],
}
SUM = {
    "id": "sum",
    "name": named("汇总"),
    "rows": [{"id": "sold", "name": named("售"), "unit": "t"}],
    "columns": [column("value", derived="all", inputs={"all": "sales[*].amount"})],
}


def folder_of(root: Path, **more: object) -> PolicyFolder:
    whole = form_file(version(FIRST, ENERGY, SALES, SUM))
    return written(root, {"national/reporting/forms/some.yaml": whole, **more})


@pytest.fixture
def some(tmp_path: Path) -> Form:
    form = form_book(folder_of(tmp_path), "national").form("some", DAY)
    assert form is not None
    return form


def test_a_form_adds_up_in_the_units_that_it_prints(some: Form) -> None:
    coal = {"energy__coal__used": "100", "energy__coal__rate": "0.7143"}
    content = told(some, **coal, energy__power__used="50", energy__power__rate="0.1229")
    content = content.with_entries({"sales[甲].amount": figure("3"), "sales[甲].price": figure("20000")})
    content = content.with_entries({"sales[乙].amount": figure("4.5")})
    found = derive(some, content)
    assert found["energy.coal.standard"] == Decimal("71.43")
    assert found["energy.power.standard"] == Decimal("61.45")
    assert found["energy.total.standard"] == Decimal("132.88")
    assert found["sales[甲].money"] == Decimal("6.00")  # 10 thousand yuan
    assert found["sales[乙].money"] is State.NOT_APPLICABLE  # its price is not required
    assert found["sum.sold.value"] == Decimal("7.50")


def test_a_row_without_a_figure_does_not_apply_and_a_required_blank_is_missing(some: Form) -> None:
    found = derive(some, told(some, energy__coal__used="100", energy__coal__rate="0.5"))
    assert found["energy.power.standard"] is State.NOT_APPLICABLE
    assert found["energy.total.standard"] == Decimal("50.00")
    found = derive(some, told(some, energy__coal__used="100"))
    assert found["energy.total.standard"] is State.MISSING
    # A coefficient that the system offers by itself puts no row to use.
    offered = Entry(State.VALUE, Decimal("0.1229"), Origin.PREFILLED, "coefficient")
    content = told(some, energy__coal__used="0", energy__coal__rate="0.5")
    fields = some.fields["energy.power.rate"]
    assert fields.is_required
    assert derive(some, content.with_entries({"energy.power.rate": offered}))["energy.total.standard"] is State.MISSING
    assert values(some, content)["energy.coal.used"] == 0


def test_words_where_a_figure_belongs_are_no_figure(some: Form) -> None:
    content = told(some, energy__coal__rate="0.5").with_entries({"energy.coal.used": words("十二")})
    assert derive(some, content)["energy.total.standard"] is State.MISSING
    assert values(some, content)["energy.coal.used"] is State.MISSING


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)), min_size=1, max_size=3))
def test_an_open_table_adds_up_whatever_its_rows(rows: list[tuple[int, int]]) -> None:
    form = shared_form()
    content = Content("some", form.edition)
    for at, (amount, price) in enumerate(rows):
        content = content.with_entries({f"sales[{at}].amount": figure(amount), f"sales[{at}].price": figure(price)})
    found = derive(form, content)
    assert found["sum.sold.value"] == sum(amount for amount, _ in rows)
    for at, (amount, price) in enumerate(rows):
        assert found[f"sales[{at}].money"] == round(Decimal(amount * price) / 10_000, 2)


_SHARED: list[Form] = []


def shared_form() -> Form:
    if not _SHARED:
        import tempfile

        with tempfile.TemporaryDirectory() as root:
            form = form_book(folder_of(Path(root)), "national").form("some", DAY)
            assert form is not None
            _SHARED.append(form)
    return _SHARED[0]


def province(**addition: object) -> dict[str, object]:
    """Files of a province that adds to the form."""
    item = {"from": ADDED, "source": "some", "verified": False, **addition}
    return {
        "some_province/layer.yaml": {
            "name": named("某省"), "level": "province", "region": "210000", "parent": "national",
        },
        "some_province/reporting/forms/some.yaml": {"overrides": "national", "additions": [item]},
    }  # fmt: skip


def test_a_province_adds_fields_and_may_be_stricter_from_its_day_on(tmp_path: Path) -> None:
    more = province(
        days=8,
        required=["energy.coal.closing"],
        tables=[
            {
                "id": "energy",
                "rows": [{"id": "straw", "name": named("秸秆"), "unit": "t"}],
                "columns": [column("note", kind="text")],
                "cells": [{"row": "straw", "column": "rate", "unit": "kgce/kg"}],
            },
            {
                "id": "extra",
                "name": named("补充"),
                "rows": [{"id": "a", "name": named("甲"), "unit": "t"}],
                "columns": [column("b")],
            },
        ],
    )  # fmt: skip
    folder = folder_of(tmp_path, **more)
    assert list(check_forms(folder)) == []
    national, book = form_book(folder, "national"), form_book(folder, "some_province")
    before, after = book.form("some", date(2025, 6, 30)), book.form("some", ADDED)
    assert before is not None
    assert after is not None
    assert (before.edition, after.edition) == ("2024-01-01", "2024-01-01+some_province.2025-07-01")
    assert (before.days, after.days) == (10, 8)
    assert set(before.fields) == set(national.on(ADDED)[0].fields)
    assert after.fields["energy.coal.closing"].is_required
    assert not before.fields["energy.coal.closing"].is_required
    assert after.fields["energy.straw.used"].layer == "some_province"
    assert after.fields["extra.a.b"].layer == "some_province"
    assert derive(after, told(after, energy__straw__used="10", energy__straw__rate="0.5"))["energy.total.standard"] == 5
    assert after.layers == ("national", "some_province")
    assert book.edition("some", after.edition) is after


@pytest.mark.parametrize(
    ("addition", "code"),
    [
        ({"days": 11}, "POL-069"),
        ({"required": ["energy.coal.closed"]}, "POL-067"),
        ({"tables": [{"id": "energy", "columns": [column("used")]}]}, "POL-026"),
        ({"tables": [{"id": "energy", "cells": [{"row": "coal", "column": "used", "closed": True}]}]}, "POL-026"),
        ({"tables": [{"id": "unheard", "columns": [column("used")]}]}, "POL-067"),
    ],
)
def test_an_addition_takes_nothing_away(tmp_path: Path, addition: dict[str, object], code: str) -> None:
    folder = folder_of(tmp_path, **province(**addition))
    assert code in {finding.code for finding in check_forms(folder)}
    with pytest.raises(PolicyRefused):
        form_book(folder, "some_province")


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ([column("a", unit="t", derived="b"), column("b", unit="t", derived="a")], "POL-068"),
        ([column("a", unit="t", derived="b"), column("b", unit="kwh")], "POL-042"),
        ([column("a", unit="t", derived="b + c"), column("b", unit="t"), column("c", unit="m3")], "POL-041"),
        ([column("a", unit="t", derived="unheard")], "POL-067"),
        ([column("a")], "POL-070"),
        ([column("a", unit="t", display="万千瓦时")], "POL-048"),
        ([column("a", unit="t", derived="b > 1"), column("b", unit="ratio")], "POL-018"),
    ],
)
def test_a_form_that_cannot_be_computed_is_refused_where_it_is_written(
    tmp_path: Path, columns: list[object], code: str
) -> None:
    table = {"id": "t", "name": named("表"), "rows": [{"id": "r", "name": named("行")}], "columns": columns}
    folder = written(tmp_path, {"national/reporting/forms/some.yaml": form_file(version(FIRST, table))})
    assert code in {finding.code for finding in check_forms(folder)}


def test_figures_are_carried_from_the_last_return(some: Form) -> None:
    last = told(some, energy__coal__closing="12.5", energy__coal__used="1")
    found = carried(some, Period.parse("2025-04"), last, some)
    assert found == {"energy.coal.stock": Entry(State.VALUE, Decimal("12.50"), Origin.PREFILLED, CARRIED)}


def test_offers_fill_blanks_alone_and_tell_where_they_differ(some: Form) -> None:
    offers = [
        Offer("energy.power.used", Decimal(123_456), Prefill.READINGS, "meter 7"),
        Offer("energy.coal.used", Decimal(7), Prefill.LEDGER),
        Offer("energy.coal.standard", Decimal(7), Prefill.LEDGER),
        Offer("elsewhere.coal.used", Decimal(7), Prefill.LEDGER),
    ]
    content = prefilled(some, told(some, energy__coal__used="8"), offers)
    assert content["energy.power.used"] == Entry(State.VALUE, Decimal("12.35"), Origin.PREFILLED, "readings:meter 7")
    assert content["energy.coal.used"] == figure("8")
    assert set(content.entries) == {"energy.power.used", "energy.coal.used"}
    assert [(a, told.value, offer.value) for a, told, offer in overruled(some, content, offers)] == [
        ("energy.coal.used", Decimal(8), Decimal(7))
    ]


def test_a_draft_moves_to_the_next_version_and_leaves_nothing_behind_unsaid(tmp_path: Path) -> None:
    other = {
        **ENERGY,
        "rows": [{"id": "coal", "name": named("煤"), "unit": "t", "display": "万吨", "decimals": 4}],
        "columns": [
            column("used", required=True),
            column("closing"),
            column("rate", unit="kgce/kg"),
            column("loss", required=True),
        ],
        "cells": [{"row": "coal", "column": "closing", "derived": "used"}],
    }  # fmt: skip
    whole = form_file(
        version(FIRST, ENERGY, SALES, SUM, until=date(2025, 12, 31)),
        version(SECOND, other, {**SALES, "open": {"name": named("用户"), "kind": "text", "most": 1}}),
    )
    book = form_book(written(tmp_path, {"national/reporting/forms/some.yaml": whole}), "national")
    old, new = book.form("some", DAY), book.form("some", SECOND)
    assert old is not None
    assert new is not None
    draft = told(
        old, energy__coal__used="123", energy__coal__closing="4", energy__power__used="5", energy__coal__rate="0.71431"
    )
    draft = draft.with_entries({"sales[甲].amount": figure(1), "sales[乙].amount": figure(2)})
    found = moved(draft, old, new)
    assert found.content["energy.coal.used"].value == Decimal("0.0123")
    assert found.content.edition == new.edition
    assert found.content.rows("sales") == ("甲",)
    assert {(address, why) for address, _, why in found.left} == {
        ("energy.coal.closing", Left.DERIVED),
        ("energy.power.used", Left.GONE),
        ("energy.coal.rate", Left.DECIMALS),
        ("sales[乙].amount", Left.SURPLUS_ROW),
    }
    assert found.new == ("energy.coal.loss",)
    with pytest.raises(ValueError, match="edition"):
        moved(draft, new, old)


def test_the_forms_of_the_nation_read() -> None:
    book = open_rulebook()
    forms = {form.id: form for form in book.forms_on(DAY)}
    assert forms["energy_purchase"].is_statistical
    assert not forms["institution_consumption"].is_statistical
    assert forms["institution_consumption"].subject is SubjectKind.INSTITUTION
    assert all(not form.is_verified for form in forms.values())  # no field list was at hand


def test_a_purchase_return_comes_to_its_comprehensive_consumption() -> None:
    """Worked by hand: 1 000 t of coal, 200 10⁴ kWh; 50 tce recovered, none delivered."""
    rulebook = open_rulebook()
    form = next(each for each in rulebook.forms_on(DAY) if each.id == "energy_purchase")
    parameters = {offer.address: offer for offer in coefficients(form, number_of)}
    assert parameters["energy.raw_coal.coefficient"].value == Decimal("0.7143")
    assert "energy.naphtha.coefficient" not in parameters
    content = prefilled(form, Content(form.id, form.edition), parameters.values())
    content = content.with_entries(
        {
            "energy.raw_coal.production_use": figure(1000),
            "energy.raw_coal.purchased": figure(900),
            "energy.electricity.production_use": figure(200),
            "energy.electricity.purchased": figure(200),
            "summary.recovered.amount": figure(50),
        }
    )
    found = derive(form, content)
    assert found["energy.raw_coal.production_standard"] == Decimal("714.30")
    assert found["energy.electricity.production_standard"] == Decimal("245.80")
    assert found["energy.total.production_standard"] == Decimal("960.10")
    assert found["summary.consumption.amount"] == Decimal("910.10")


def number_of(parameter: str) -> Decimal | None:
    numbers = open_rulebook().parameter(parameter, DAY).numbers
    return numbers[0] if len(numbers) == 1 else None


def test_every_table_says_in_both_languages_how_it_is_filled_in() -> None:
    forms = open_rulebook().forms().over_time
    silent = [
        f"{form.id}.{table.id}"
        for editions in forms.values()
        for form in editions
        for table in form.tables
        if not (table.guidance and table.guidance.zh and table.guidance.en)
    ]
    assert not silent


@pytest.mark.parametrize("year", [2024, 2026, 2027, 2099])
def test_what_is_due_by_the_end_of_march_is_due_then_in_leap_years_too(year: int) -> None:
    for key in ("utilisation_report", "institution_report", "key_unit_duty"):
        form = open_rulebook().forms("national").form(key, date(year, 12, 31))
        assert form is not None
        assert last_day(form, Period(year)) == date(year + 1, 3, 31)
        assert form.days == 90
    monthly = open_rulebook().forms("national").form("energy_purchase", date(year, 12, 31))
    assert monthly is not None
    assert last_day(monthly, Period(year, "12")) == date(year + 1, 1, 10)


@pytest.mark.parametrize(
    ("every", "due", "is_sound"),
    [("year", {"month": 3, "day": 31}, True), ("year", {"month": 2, "day": 29}, False),
     ("month", {"month": 3, "day": 31}, False), ("year", {"month": 0, "day": 1}, False)],
)  # fmt: skip
def test_a_day_of_the_calendar_is_one_of_every_year_of_a_yearly_form(
    tmp_path: Path, every: str, due: dict[str, int], is_sound: bool
) -> None:
    told_once = {key: each for key, each in version(FIRST, SALES, due=due).items() if key != "days"}
    for one, expected in ((told_once, is_sound), (told_once | {"days": 10}, False)):
        whole = form_file(one) | {"every": every}
        found = list(check_forms(written(tmp_path, {"national/reporting/forms/some.yaml": whole})))
        assert ("POL-081" not in {each.code for each in found}) == expected


def test_a_place_that_asks_sooner_sets_the_day_of_the_calendar_aside(tmp_path: Path) -> None:
    yearly = {key: each for key, each in version(FIRST, SALES, due={"month": 3, "day": 31}).items() if key != "days"}
    sooner = {
        "overrides": "national",
        "additions": [{"from": ADDED, "days": 60, "source": "some", "verified": False}],
    }
    files = {
        "national/reporting/forms/some.yaml": form_file(yearly) | {"every": "year"},
        "somewhere/layer.yaml": {"name": named("某省"), "level": "province", "region": "210000", "parent": "national"},
        "somewhere/reporting/forms/some.yaml": sooner,
    }
    form = form_book(written(tmp_path, files), "somewhere").form("some", date(2027, 12, 31))
    assert form is not None
    assert (form.due, last_day(form, Period(2027))) == (None, date(2028, 2, 29))
