"""Fields that begin with another form: in the order they name, and refused where the two can never say the same."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from folders import column, form_file, named, version, written
from test_forms import FIRST

from shuangkong.core.period import Period
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.reporting.carrying import Offer, prefilled
from shuangkong.reporting.content import Content, figure
from shuangkong.reporting.elsewhere import Accepted, forms_taken, of_returns
from shuangkong.reporting.forms.book import check_forms, form_book
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.forms.taken import check_taken

MONTHLY = {
    "id": "use", "name": named("用能"),
    "rows": [{"id": "coal", "name": named("煤"), "unit": "t", "display": "万吨", "decimals": 4}],
    "columns": [
        column("bought", span="to_date"), column("burnt", span="to_date"), column("month"),
        column("used", span="to_date", derived="bought - burnt"), column("day", kind="day"),
        column("heat", unit="gj", span="to_date"),
    ],
}  # fmt: skip


def folder_of(root: Path, *columns: object, monthly: dict[str, object] | None = None) -> PolicyFolder:
    """A yearly form with the columns, beside a monthly one in another printed unit."""
    table = {
        "id": "year",
        "name": named("年"),
        "rows": [{"id": "coal", "name": named("煤"), "unit": "t"}],
        "columns": list(columns),
    }
    files: dict[str, object] = {
        "national/reporting/forms/yearly.yaml": form_file(version(FIRST, table)) | {"every": "year"},
        "national/reporting/forms/monthly.yaml": form_file(version(FIRST, MONTHLY)) | (monthly or {}),
    }  # fmt: skip
    return written(root, files)


def form(folder: PolicyFolder, key: str) -> Form:
    found = form_book(folder, "national").form(key, FIRST)
    assert found is not None
    return found


def test_figures_go_over_in_the_units_of_the_form_in_the_order_of_its_sources(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        column("used", prefill="returns", returns=["monthly:use.{row}.used", "monthly:use.{row}.burnt"]),
        column("bought", prefill=["ledger", "returns"], offer="meter_{row}", returns="monthly:use.coal.bought"),
    )
    assert not [*check_forms(folder), *check_taken(folder)]
    yearly, monthly = form(folder, "yearly"), form(folder, "monthly")
    assert forms_taken(yearly) == ("monthly",)
    content = Content(monthly.id, monthly.edition).with_entries({"use.coal.burnt": figure(Decimal("0.3"))})
    told = {"monthly": Accepted(monthly, Period.parse("2025-12"), content)}
    assert [(each.address, each.value) for each in of_returns(yearly, told)] == [("year.coal.used", Decimal(3000))]
    content = content.with_entries({"use.coal.bought": figure(Decimal("0.5"))})
    offers = list(of_returns(yearly, {"monthly": Accepted(monthly, Period.parse("2025-12"), content)}))
    found = prefilled(yearly, Content(yearly.id, yearly.edition), offers)
    assert (found["year.coal.used"].value, found["year.coal.bought"].value) == (2000, 5000)
    assert found["year.coal.used"].source == "returns:monthly 2025-12"
    meter = Offer("year.coal.bought", Decimal(4999), Prefill.LEDGER)
    for order in ([*offers, meter], [meter, *offers]):
        assert prefilled(yearly, Content(yearly.id, yearly.edition), order)["year.coal.bought"].value == 4999
    assert not list(of_returns(yearly, {}))


@pytest.mark.parametrize(
    ("returns", "code", "says"),
    [
        ("nothing:use.coal.bought", "POL-067", "nothing"),
        ("monthly:use.coal.sold", "POL-067", "monthly:use.coal.sold"),
        ("monthly:use.coal.month", "POL-082", "同一些月份"),
        ("monthly:use.coal.day", "POL-082", "文字"),
        ("monthly:use.coal.heat", "POL-082", "gj"),
    ],
)
def test_what_can_never_be_the_same_is_refused_where_it_is_written(
    tmp_path: Path, returns: str, code: str, says: str
) -> None:
    folder = folder_of(tmp_path, column("used", prefill="returns", returns=returns))
    found = list(check_taken(folder))
    assert [each.code for each in found] == [code]
    assert says in found[0].message.zh
    assert "yearly.yaml:" in str(found[0].place)


def test_another_sort_of_reporter_and_half_a_word_are_refused(tmp_path: Path) -> None:
    whole = column("used", prefill="returns", returns="monthly:use.{row}.bought")
    folder = folder_of(tmp_path / "other", whole, monthly={"subject": "region"})
    assert [each.code for each in check_taken(folder)] == ["POL-082"]
    for half in ({"prefill": "returns"}, {"returns": "monthly:use.{row}.bought"}):
        folder = folder_of(tmp_path / "".join(half), column("used", **half))
        assert "POL-018" in {each.code for each in check_forms(folder)}
