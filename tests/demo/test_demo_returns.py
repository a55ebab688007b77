"""The invented returns of the demo play as they are written: windows, a supplier that owes its own form, a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from actors import ADMIN
from shuangkong.cli.demo import contents
from shuangkong.cli.demo.cast import Cast
from shuangkong.cli.demo.returns import open_for_filing, take_returns
from shuangkong.cli.demo.units import take_units
from shuangkong.records.registry import store as registry
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.verification.models import CaseEvent, VerificationCase

pytestmark = pytest.mark.django_db
FICTIONAL = Path(__file__).parents[2] / "demo" / "fictional"


def test_months_a_supplier_and_a_case_of_verification() -> None:
    registry.save_regions(contents._fictional_regions(FICTIONAL / "regions.csv"))
    contents._take_enterprises(FICTIONAL / "enterprises.csv", ADMIN)
    open_for_filing(FICTIONAL / "reporting", ADMIN)
    take_units(FICTIONAL / "units.csv", ADMIN, 0)
    take_returns(FICTIONAL / "reporting", Cast(FICTIONAL, timezone.localdate()))
    sold = Return.objects.filter(form="grid_sales").values_list("reporter__code", "state")
    assert list(sold) == [("YS090", "open")]
    assert not Return.objects.filter(reporter__code="YS090").exclude(form="grid_sales").exists()
    case = VerificationCase.objects.get()
    assert case.owned.reporter.code == "YS001"
    told = list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("kind", "ground"))
    assert [kind for kind, _ in told] == ["open", "notify", "visit"]
    assert all("虚构" in ground for _, ground in told)
