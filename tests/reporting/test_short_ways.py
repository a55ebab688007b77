"""The short ways of hundreds of figures come to what the long ways come to, whatever is told and whatever is held."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.policyfile.expression.quick import Quick
from shuangkong.reporting.checks import Context, Plan, Sheet, check_return, sheet_of
from shuangkong.reporting.checks.context import Evidenced
from shuangkong.reporting.checks.methods import conditions, fields
from shuangkong.reporting.checks.plan import made_ready
from shuangkong.reporting.content import NOT_APPLICABLE, Beside, Content, Entry, Origin, figure, words, written
from shuangkong.reporting.derive import derive, values
from shuangkong.reporting.forms.model import FieldKind, Form
from shuangkong.rulebook import open_rulebook

JUNE = date(2025, 6, 30)
CATALOGUE = open_rulebook().return_checks()
FORM = "energy_purchase"


@pytest.fixture(scope="module")
def form() -> Form:
    found = CATALOGUE.forms.form(FORM, JUNE)
    assert found is not None
    return found


def _ready(form: Form) -> Plan:
    return made_ready(CATALOGUE.rules.values(), CATALOGUE.law(form, JUNE))


@pytest.fixture(scope="module")
def short(form: Form) -> Plan:
    return _ready(form)


@pytest.fixture(scope="module")
def long(form: Form) -> tuple[Form, Plan]:
    """The same form and checks, of which nothing is made ready for rows that lack nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conditions, "straight", lambda *_: None)
        patch.setattr(conditions, "needed", lambda _: frozenset())
        patch.setattr(conditions, "is_steady", lambda _: False)
        patch.setattr(Quick, "plainly", lambda _: None)
        another = replace(form)  # what is made ready of a form is kept by it
        values(another, Content(another.id, another.edition))
        return another, _ready(form)


#: What is told of a cell: figures that balance and some that do not, nothing, and digits beyond what is reckoned with.
_TOLD = st.sampled_from(
    [figure(each) for each in ("0", "100", "900", "800", "200", "1", "0.7143", "30", "-5", "12.50", "9" * 18)]
    + [NOT_APPLICABLE, words("约三百")]
)


@st.composite
def contents(draw: st.DrawFn, form: Form) -> dict[str, Entry]:
    """Of some rows nearly all is told, of others something, of the rest nothing."""
    told = [each for each in form.fixed.values() if each.is_told and each.kind is FieldKind.FIGURE]
    rows = sorted({(each.table, each.row) for each in told})
    chosen = draw(st.lists(st.sampled_from(rows), min_size=1, max_size=8, unique=True))
    left_out = draw(st.sets(st.sampled_from([each.column for each in told]), max_size=2))
    return {
        each.address: draw(_TOLD)
        for each in told
        if (each.table, each.row) in chosen and each.column not in left_out
    }  # fmt: skip


def _context(sheet: Sheet, month: int, *, is_held: bool) -> Context:
    period = Period.parse(f"2025-{month:02d}")
    if not is_held:
        return Context(day=JUNE, period=period)
    told = {"metered_electricity": Decimal(700), "sold_electricity": Decimal(900)}
    evidence = {name: Evidenced(number, Message(name, name)) for name, number in told.items()}
    return Context(
        day=JUNE, period=period, last=sheet, year_ago=sheet, before=(sheet,), evidence=evidence,
        unit={"industry": "3011"}, others={"conversion_output": Sheet({}), "output_value": sheet},
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_return_is_judged_alike_by_both_ways(
    data: st.DataObject, form: Form, short: Plan, long: tuple[Form, Plan]
) -> None:
    entries = data.draw(contents(form))
    sheet = sheet_of(form, Content(form.id, form.edition, entries))
    context = _context(sheet, data.draw(st.integers(1, 12)), is_held=data.draw(st.booleans()))
    assert check_return(short, sheet, context) == check_return(long[1], sheet, context)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_return_is_computed_alike_by_both_ways(data: st.DataObject, form: Form, long: tuple[Form, Plan]) -> None:
    content = Content(form.id, form.edition, data.draw(contents(form)))
    content = replace(content, entries={at: each for at, each in content.entries.items() if at not in content.texts})
    assert derive(form, content) == derive(long[0], content)
    assert values(form, content) == values(long[0], content)


def test_what_is_told_of_a_derived_cell_is_not_reckoned_with(form: Form, long: tuple[Form, Plan]) -> None:
    """An older edition may have told what is computed now."""
    told = {each.address: figure("123456") for each in form.derived if each.row != "*"}
    content = Content(form.id, form.edition, told)
    assert derive(form, content) == derive(long[0], content)
    assert Decimal(123456) not in derive(form, content).values()


def test_figures_are_compared_in_base_units(form: Form, short: Plan, long: tuple[Form, Plan]) -> None:
    """What is paid stands in ten thousands of yuan: 900 t for 2 000 000 000 yuan is no price of coal."""
    told = {"energy.raw_coal.purchased": figure("900"), "energy.raw_coal.purchase_amount": figure("200000")}
    sheet = sheet_of(form, Content(form.id, form.edition, told))
    found = check_return(short, sheet, _context(sheet, 6, is_held=False))
    assert "RPT-105" in {each.code for each in found.findings}
    assert found == check_return(long[1], sheet, _context(sheet, 6, is_held=False))


_WRITTEN = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9).map(figure),
    st.sampled_from(["0", "-0", "0.00", "1E+3", "7.50", "1E-7"]).map(figure),
    st.integers(min_value=0, max_value=10**15).map(lambda number: figure(number, Origin.PREFILLED, "carried")),
    st.text(max_size=12).map(words),
    st.just(NOT_APPLICABLE),
)


@given(st.dictionaries(st.text(min_size=1, max_size=8), _WRITTEN, max_size=8), st.booleans())
def test_sealed_bytes_are_those_of_json_with_its_names_in_order(entries: dict[str, Entry], has_files: bool) -> None:
    files = (Beside("附件“一”.pdf", "ab" * 32),) if has_files else ()
    content = Content("some", "2025-01-01", entries, {"open": ("2", "煤")}, files)
    whole = {
        "layout": 1, "form": "some", "edition": "2025-01-01", "keys": {"open": ["2", "煤"]},
        "entries": {address: _as_told(entry) for address, entry in entries.items()},
    } | ({"files": [list(each) for each in files]} if files else {})  # fmt: skip
    assert content.canonical == json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _as_told(entry: Entry) -> list[str]:
    value = entry.value
    kind, text = ("-", entry.state.value) if value is None else ("t", value)
    if isinstance(value, Decimal):
        kind, text = "n", written(value)
    return [kind, str(text), entry.origin.value, *([entry.source] if entry.source else [])]


@given(
    st.dictionaries(st.sampled_from("abcd"), st.decimals(places=3, min_value=0, max_value=10), min_size=1),
    st.integers(min_value=0, max_value=4),
)
def test_decimals_of_many_are_those_of_each(told: dict[str, Decimal], decimals: int) -> None:
    keep = all(figure == round(figure, decimals) for figure in told.values())
    assert fields._keep(told, decimals, "abcde") is keep
