"""The invented returns of the demo play as they are written: windows, a supplier that owes its own form, a case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Q
from django.utils import timezone

from actors import ADMIN
from shuangkong.cli.demo import contents
from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.cli.demo.returns import months_of, open_for_filing, take_returns
from shuangkong.cli.demo.units import take_units
from shuangkong.core.finding import Severity
from shuangkong.core.period import Period
from shuangkong.records.registry import store as registry
from shuangkong.records.reporting.accepting import without_open_findings
from shuangkong.records.reporting.bulk_signing import to_read
from shuangkong.records.reporting.checking import sheet_of
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.matching import matched
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.store import readable, returns
from shuangkong.records.reporting.verification.fraud import fraud_records
from shuangkong.records.reporting.verification.models import CaseEvent, VerificationCase
from shuangkong.reporting.checks import Context, check_return
from shuangkong.reporting.content import Content, figure
from shuangkong.rulebook import open_rulebook

pytestmark = pytest.mark.django_db
FICTIONAL = Path(__file__).parents[2] / "demo" / "fictional"


@pytest.mark.parametrize("month", range(1, 13))
def test_no_month_is_one_of_which_the_rules_of_the_form_forbid_what_is_filed(month: int) -> None:
    windows, folder = list(lines(FICTIONAL / "reporting" / "windows.csv")), FICTIONAL / "reporting"
    for day in (date(2026, month, 1), date(2027, month, 28)):
        months = months_of(windows, day)
        opened = {(line["form"], months[line["key"]]) for line in windows}
        assert len(opened) == len(windows), "no two windows of one form and month"
        assert months["first"] == months["output"], "output stands beside energy"
        assert months["year_ago"] == months["year_ago_output"] == str(Period.parse(months["output"]).shifted(-1))
        for line in lines(folder / "steps.csv"):
            if line["step"] == "fill" and line["window"].endswith("output"):
                assert _forbidden(line, Period.parse(months[line["window"]])) == [], (day, line["window"])


def _forbidden(line: dict[str, str], period: Period) -> list[str]:
    """Codes of what must be fixed in what a step fills in, in a month of its form."""
    book = open_rulebook()
    form = form_at("output_value", period, COUNTY)
    cells = dict(each.split("=") for each in line["cells"].split())
    content = Content(form.id, form.edition, {at: figure(Decimal(text)) for at, text in cells.items()}, {})
    plan = book.return_checks(book.layer_of(COUNTY, period.last_day)).plan(form, period.last_day)
    judged = check_return(plan, sheet_of(form, content), Context(day=period.last_day, period=period))
    return [each.code for each in judged.of(Severity.MUST_FIX)]


def test_months_a_supplier_and_a_case_of_verification() -> None:
    registry.save_regions(contents._fictional_regions(FICTIONAL / "regions.csv"))
    contents._take_enterprises(FICTIONAL / "enterprises.csv", ADMIN)
    open_for_filing(FICTIONAL / "reporting", ADMIN)
    take_units(FICTIONAL / "units.csv", ADMIN, 0)
    cast = Cast(FICTIONAL, timezone.localdate())
    take_returns(FICTIONAL / "reporting", cast)
    [period] = {each.period for each in returns(Q(form="output_value", in_force__isnull=False), count=1)}
    beside = matched(Q(), Period.parse(period))
    assert [each.row.reporter.code for each in beside] == ["YS001", "YS004"]
    for each in beside:
        told = (each.energy.change_pct, each.output.change_pct, each.intensity_pct)
        assert None not in told, "output stands beside energy, of this year and of the last"
    assert (beside[0].energy.before, beside[0].output.before) == (Decimal(7900), Decimal(260_000_000))
    sold = Return.objects.filter(form="grid_sales").values_list("reporter__code", "state")
    assert list(sold) == [("YS090", "open")]
    assert not Return.objects.filter(reporter__code="YS090").exclude(form="grid_sales").exists()
    case = VerificationCase.objects.get(owned__reporter__code="YS001")
    told = list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("kind", "ground"))
    assert [kind for kind, _ in told] == ["open", "notify", "visit", "assign", "note"]
    verifier = Cast(FICTIONAL, timezone.localdate()).named("verifier")
    assert [row.id for row in returns(readable(verifier))] == [case.owned_id], "what was given, and nothing beside it"
    assert all("虚构" in ground for _, ground in told)
    [fraud], _ = fraud_records(Q())
    assert (fraud.unit, fraud.document, len(fraud.handed), fraud.outcomes) == ("YS004", "虚统执〔演示〕1号", 1, ())
    group = ("YS009", "YS010", "YS018")
    filed = (
        Return.objects.filter(reporter__code__in=group).exclude(state="open").order_by("first_month", "reporter__code")
    )
    assert [each.state for each in filed] == ["submitted"] * 3 + ["draft"] * 3
    waiting = returns(Q(pk__in=[each.pk for each in filed]))
    sound = without_open_findings(cast.named("statistics"), waiting)
    assert {row.reporter.code for row in sound} == {"YS009", "YS010"}  # the third waits to be judged
    shown, _ = to_read(cast.named("group"), filed[3].form, filed[3].period)
    assert (len(shown), shown[2].is_ready) == (3, False)  # its stock does not balance, and nothing is said to it
