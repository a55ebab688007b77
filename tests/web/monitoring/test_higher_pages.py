"""The page of platforms above: what was taken, owed, refused; set, started, sent anew by who may, shown to who may."""

from __future__ import annotations

import pytest
from django.utils import timezone
from monitoring_site import COUNTY, by, connected, outlet, settle, visitor

from shuangkong.records.monitoring.uploads import higher
from shuangkong.records.monitoring.uploads.higher_states import Seen, keep_state
from shuangkong.records.monitoring.uploads.models import HigherPlatform, ResendOrder
from shuangkong.records.monitoring.uploads.relaying import DeviceSeen, LineSeen, keep_line, keep_relay_states
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


def test_frames_are_relayed_as_the_page_says_and_it_shows_the_line_and_what_was_not_taken() -> None:
    settle()
    office, mn = visitor("office"), "MN0001"
    made = connected(outlet(), mn)
    form = office.get(f"{PAGE}new/?kind=hj212").content.decode()
    assert ('name="wait_s" value="10"' in form, 'name="resends" value="3"' in form, "day_time" in form) == (
        True, True, False,
    )  # fmt: skip
    told = {
        "region": COUNTY, "name": "省平台", "register_url": "tcp://above.invalid:8212", "edition": "auto",
        "cipher": "none", "per_minute": "600", "wait_s": "10", "resends": "3", "token": "pw-above",
    }  # fmt: skip
    assert office.post(f"{PAGE}new/?kind=hj212", told | {"register_url": "above"}).status_code == 422
    assert office.post(f"{PAGE}new/?kind=hj212", told).status_code == 302
    [platform] = HigherPlatform.objects.all()
    assert "还没有转发过" in office.get(f"{PAGE}{platform.pk}/").content.decode()
    act = f"{PAGE}{platform.pk}/act/"
    assert office.post(act, {"act": "start", "ground": "通知"}).status_code == 302
    refused = '[{"cn": "2061", "time": "20260302080000", "reason": "QnRtn=4 设备标识错误"}]'
    keep_relay_states(platform.pk, [DeviceSeen(mn, made, 5, 2, 1, refused, timezone.now())])
    keep_line(platform.pk, LineSeen(is_connected=False, reason="连不上", read_at=timezone.now(), behind=2048))
    page = office.get(f"{PAGE}{platform.pk}/").content.decode()
    for word in ("转发中", "已收下 <strong>5</strong> 条", "✕ 连不上", "设备标识错误", "2061", "2026-03-02 08:00:00"):
        assert word in page, word
    assert "pw-above" not in page
    assert "省平台" in office.get(PAGE).content.decode()
    assert office.post(act, told | {"act": "set", "name": "新名", "token": "", "ground": "改名"}).status_code == 302
    assert HigherPlatform.objects.get().token is not None, "what is secret and not told anew stays"


def test_who_sees_and_who_acts() -> None:
    settle()
    number = higher.set_platform(None, COUNTY, TOLD, by("office"), "")
    for name, status in (("office", 200), ("bureau", 200), ("neighbour", 404), ("unit", 404)):
        assert visitor(name).get(f"{PAGE}{number}/").status_code == status, name
    act = {"act": "start", "ground": "试"}
    assert visitor("bureau").post(f"{PAGE}{number}/act/", act).status_code == 403
    assert not HigherPlatform.objects.get().is_on
    assert "市平台" not in visitor("neighbour").get(PAGE).content.decode()
