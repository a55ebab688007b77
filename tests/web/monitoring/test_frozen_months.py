"""A month that the platform froze is read-only until it is opened; faults have working days to be mended in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from monitoring_site import by, settle, visitor
from test_uploads import CODE, POWER, call, connected, figures

from shuangkong.monitoring.uploads.faults import faults
from shuangkong.protocols.nhjc import Item, Profile, read_code
from shuangkong.protocols.nhjc.codes import Scope
from shuangkong.protocols.nhjc.messages import Every, Source, write_data
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring.uploads import freezing
from shuangkong.records.monitoring.uploads.models import AccessEnd, FrozenMonth, UploadFigure, UploadItem
from shuangkong.records.outlook.response.workdays import workdays_after
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise
from shuangkong.web.monitoring.uploads.views import board

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def device() -> str:
    settle()
    Enterprise.objects.filter(name="青石热电厂").update(credit_code=CODE)
    return connected()


def month_of(device: str, value: int, month: int = 3) -> dict[str, Any]:
    code = read_code(POWER)
    assert code is not None
    starts = datetime(2026, month, 1)  # noqa: DTZ001 - messages carry local times
    item = Item(code, Decimal(value), Every.MONTH, starts, Source.METER, Scope.PLANT, True)
    return write_data(device, CODE, [item], Profile("p"), starts)


def standing() -> list[Decimal]:
    rows = UploadFigure.objects.filter(every=int(Every.MONTH), is_newest=True).order_by("starts")
    return list(rows.values_list("value", flat=True))


def test_a_frozen_month_is_read_only_until_it_is_opened(device: str) -> None:
    assert call("data", month_of(device, 310))["responseCode"] == "0"
    number = AccessEnd.objects.get().pk
    assert freezing.freeze((number,), MARCH, by("office"), "三月汇总已报") == 1
    refused = call("data", month_of(device, 311))
    assert (refused["responseCode"], "2026-03 已冻结" in refused["responseMessage"]) == ("1", True)
    assert call("data", month_of(device, 310))["responseCode"] == "0", "the same is no change"
    assert call("data", month_of(device, 280, 2))["responseCode"] == "0", "another month is open"
    assert call("data", figures(device, 10, 10))["responseCode"] == "0", "days may be completed"
    assert standing() == [280, 310]
    page = visitor("office").get(f"/monitoring/uploads/{number}/", {"month": "2026-03"}).content.decode()
    assert ("这个月已冻结" in page, "解冻这个月" in page) == (True, True)
    told = {"act": "open", "month": "2026-03", "ground": "企业更正了电表倍率"}
    assert visitor("office").post(f"/monitoring/uploads/{number}/act/", told).status_code == 302
    assert call("data", month_of(device, 311))["responseCode"] == "0"
    assert standing() == [280, 311]
    acts = JournalRow.objects.filter(act__in=("monitoring.freeze_month", "monitoring.open_month")).order_by("pk")
    assert [each.ground for each in acts] == ["三月汇总已报", "企业更正了电表倍率"]


def test_a_month_that_nothing_was_told_of_is_closed_too(device: str) -> None:
    freezing.freeze((AccessEnd.objects.get().pk,), MARCH, by("office"), "三月汇总已报")
    assert call("data", month_of(device, 311))["responseCode"] == "1"
    assert standing() == []


def test_the_board_freezes_all_and_says_why_it_does_not(device: str) -> None:
    board, told = "/monitoring/uploads/freeze/", {"month": "2026-03", "ground": "三月汇总已报"}
    assert visitor("unit").post(board, told).status_code in (403, 404)
    assert "MON-234" in visitor("office").post(board, told | {"ground": " "}).content.decode()
    this = f"{timezone.localdate():%Y-%m}"
    assert "MON-296" in visitor("office").post(board, told | {"month": this}).content.decode()
    assert FrozenMonth.objects.count() == 0
    assert "冻结这个月的月值" in visitor("office").get("/monitoring/uploads/?month=2026-03").content.decode()
    assert "冻结这个月的月值" not in visitor("office").get("/monitoring/uploads/").content.decode(), "it is not over"
    # Nothing was told of it: it is frozen only where that is said.
    assert 'name="lacking"' in visitor("office").get("/monitoring/uploads/?month=2026-03").content.decode()
    assert "连同没有传齐月值的 1 家" in visitor("office").get("/monitoring/uploads/?month=2026-03").content.decode()
    assert "MON-297" in visitor("office").post(board, told).content.decode()
    assert FrozenMonth.objects.count() == 0
    assert visitor("office").post(board, told | {"lacking": "on"}).status_code == 302
    page = visitor("office").get("/monitoring/uploads/?month=2026-03").content.decode()
    assert ("1 家已冻结" in page, "冻结这个月的月值" in page) == (True, False)
    assert "MON-297" in visitor("office").post(board, told).content.decode()
    number = AccessEnd.objects.get().pk
    with pytest.raises(Refused) as caught:
        freezing.reopen(number, date(2026, 2, 1), by("office"), "更正")
    assert caught.value.code == "MON-298"
    for act in (freezing.reopen, lambda *words: freezing.freeze((words[0],), *words[1:])):
        with pytest.raises(Forbidden):
            act(number, MARCH, by("unit"), "更正")


def test_a_month_that_is_told_is_frozen_without_more(device: str) -> None:
    UploadItem.objects.update(since=timezone.make_aware(datetime(2026, 3, 1)))  # noqa: DTZ001 - made aware here
    call("data", month_of(device, 310))
    assert 'name="lacking"' not in visitor("office").get("/monitoring/uploads/?month=2026-03").content.decode()
    told = {"month": "2026-03", "ground": "三月汇总已报"}
    assert visitor("office").post("/monitoring/uploads/freeze/", told).status_code == 302
    assert FrozenMonth.objects.count() == 1


def test_days_that_lack_have_working_days_to_be_told(device: str) -> None:
    UploadItem.objects.update(since=timezone.make_aware(datetime(2026, 3, 1)))  # noqa: DTZ001 - made aware here
    # 1 and 2 March are told, the rest of the month lacks: a Tuesday to a Tuesday.
    call("data", figures(device, 10, 10))
    call("data", days_of(device, date(2026, 4, 1)))
    page = visitor("office").get(f"/monitoring/uploads/{AccessEnd.objects.get().pk}/?month=2026-03").content.decode()
    assert "2026-03-03 — 2026-03-31 · 2026-03-06 前修复 · <strong>逾期</strong>" in page
    assert "1 家缺数逾期未修复" in visitor("office").get("/monitoring/uploads/?month=2026-03").content.decode()


def days_of(device: str, *days: date) -> dict[str, Any]:
    code = read_code(POWER)
    assert code is not None
    at = [datetime(each.year, each.month, each.day) for each in days]  # noqa: DTZ001 - messages carry local times
    items = [Item(code, Decimal(10), Every.DAY, each, Source.METER, Scope.PLANT, True) for each in at]
    return write_data(device, CODE, items, Profile("p"), at[0])


def test_a_fault_that_goes_over_the_end_of_a_month_is_one(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    UploadItem.objects.update(since=timezone.make_aware(datetime(2026, 3, 1)))  # noqa: DTZ001 - made aware here
    call("data", days_of(device, *(date(2026, 3, day) for day in range(1, 31))))
    number = AccessEnd.objects.get().pk

    def page(month: str, day: int) -> str:
        monkeypatch.setattr(board, "timezone", SimpleNamespace(localdate=lambda: date(2026, 4, day)))
        return visitor("office").get(f"/monitoring/uploads/{number}/?month={month}").content.decode()

    # Nothing since 31 March, a Tuesday.
    went_on = "2026-03-31 — 2026-04-01 · 2026-04-03 前修复 · 在期限内"
    assert [went_on in page(month, 2) for month in ("2026-03", "2026-04")] == [True, True]
    late = "2026-03-31 — 2026-04-07 · 2026-04-03 前修复 · <strong>逾期</strong>"
    assert [late in page(month, 8) for month in ("2026-03", "2026-04")] == [True, True]
    assert "1 家缺数逾期未修复" in visitor("office").get("/monitoring/uploads/?month=2026-04").content.decode()
    call("data", days_of(device, date(2026, 4, 2)))
    mended = "2026-03-31 — 2026-04-01 · 2026-04-03 前修复 · 已修复"
    assert [mended in page(month, 8) for month in ("2026-03", "2026-04")] == [True, True]


def test_a_fault_is_late_when_it_lasts_beyond_its_working_days() -> None:
    def due(first: date) -> date:
        return workdays_after(first, 3)

    thursday = date(2026, 3, 5)
    days = [thursday + timedelta(days=at) for at in range(6)]
    assert due(thursday) == date(2026, 3, 10), "over a weekend"
    [mended] = faults(days[:5], date(2026, 3, 20), due)
    assert (mended.last, mended.is_open, mended.is_late) == (date(2026, 3, 9), False, False)
    [at_the_end] = faults(days, date(2026, 3, 20), due)
    assert (at_the_end.last, at_the_end.is_late) == (date(2026, 3, 10), False)
    [beyond] = faults([*days, date(2026, 3, 11)], date(2026, 3, 20), due)
    assert beyond.is_late
    [going_on] = faults(days[:5], date(2026, 3, 10), due)
    assert (going_on.is_open, going_on.is_late) == (True, False)
    [too_long] = faults(days, date(2026, 3, 11), due)
    assert (too_long.is_open, too_long.is_late) == (True, True)
    assert [each.first for each in faults([days[0], days[2]], date(2026, 3, 20), due)] == [days[0], days[2]]
    assert faults([], thursday, due) == ()
