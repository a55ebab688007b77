"""The page of platforms above: what was taken, owed, refused; set, started, sent anew by who may, shown to who may."""

from __future__ import annotations

import pytest
from monitoring_site import COUNTY, by, settle, visitor

from shuangkong.records.monitoring.uploads import higher
from shuangkong.records.monitoring.uploads.higher_states import Seen, keep_state
from shuangkong.records.monitoring.uploads.models import HigherPlatform, ResendOrder
from shuangkong.records.registry.models import Enterprise

TOLD = {
    "region": COUNTY, "name": "市平台", "register_url": "https://above.invalid/register", "auth": "none",
    "valid": "true_is_valid", "is_dashed": "on", "day_time": "07:00:00", "keep_days": "200", "units": "",
}  # fmt: skip
PAGE = "/monitoring/uploads/platforms/"
pytestmark = pytest.mark.django_db


def test_the_office_sets_starts_and_sends_anew_and_sees_what_was_refused() -> None:
    settle()
    office = visitor("office")
    bad = office.post(f"{PAGE}new/", TOLD | {"register_url": "above"})
    assert (bad.status_code, "MON-284" in bad.content.decode()) == (422, True)
    assert office.post(f"{PAGE}new/", TOLD).status_code == 302
    [platform] = HigherPlatform.objects.all()
    act = f"{PAGE}{platform.pk}/act/"
    assert office.post(act, {"act": "start", "ground": ""}).status_code == 422, "on no ground"
    assert office.post(act, {"act": "start", "ground": "通知"}).status_code == 302
    unit = Enterprise.objects.get(name="青石热电厂")
    refused = '[{"code": "0000000002330010", "every": 1, "starts": "2026-03-02 00:00:00", "value": "20"}]'
    keep_state(platform.pk, unit.pk, Seen("data", 5, 2, 1, "数值超限", refused, None))
    page = office.get(f"{PAGE}{platform.pk}/").content.decode()
    for word in ("转报中", "已收下 <strong>5</strong>", "还欠 2 个", "数值超限", "00-00-0000-023300-10", "2026-03-02"):
        assert word in page, word
    told = {"act": "resend", "since": "2026-03-01", "credit_code": "", "ground": "上级丢数"}
    assert office.post(act, told | {"since": "x"}).status_code == 422
    assert office.post(act, told).status_code == 302
    assert ResendOrder.objects.get().author == "office"
    assert office.post(act, TOLD | {"act": "set", "name": "新名", "ground": "改名"}).status_code == 302
    assert "新名" in office.get(PAGE).content.decode()


def test_who_sees_and_who_acts() -> None:
    settle()
    number = higher.set_platform(None, COUNTY, TOLD, by("office"), "")
    for name, status in (("office", 200), ("bureau", 200), ("neighbour", 404), ("unit", 404)):
        assert visitor(name).get(f"{PAGE}{number}/").status_code == status, name
    act = {"act": "start", "ground": "试"}
    assert visitor("bureau").post(f"{PAGE}{number}/act/", act).status_code == 403
    assert not HigherPlatform.objects.get().is_on
    assert "市平台" not in visitor("neighbour").get(PAGE).content.decode()
