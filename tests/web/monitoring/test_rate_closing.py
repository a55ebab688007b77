"""Rates are reckoned once and kept: boards read what is kept, and only what has changed since is reckoned anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import marks, rates_kept
from shuangkong.records.monitoring.amounts import SETTLING
from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.models import LateData, Outlet, RateClosing
from shuangkong.records.monitoring.registers.acts import revise_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.registry.models import Enterprise
from shuangkong.web.monitoring import rate_closing
from shuangkong.web.monitoring.rate_closing import close_rates_due
from shuangkong.web.monitoring.transmitting import Line
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
LAST = ends_of(Span.MONTH, MONTH)
HOURS = 24 * ((LAST - MONTH).days + 1)
PATH = f"/monitoring/rates/?month={MONTH:%Y-%m}"


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place)
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    held = store_at_hand.use(monkeypatch)
    for number in range(100):
        held.put(site.point(outlet), Kind.HOUR, midnight(MONTH) + timedelta(hours=number), "avg", 20)
    return held


def line(outlet: int, key: str = "补全后收到") -> object:
    content = site.visitor("bureau").get(f"{PATH}&xlsx=rates").content
    told = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    at = next(number for number, row in enumerate(told) if len([cell for cell in row if cell]) > 2)
    return dict(zip(map(str, told[at]), told[at + 2], strict=False))[key]


def test_what_is_kept_is_read_and_not_reckoned(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line(outlet) == 100, "what is not kept yet is reckoned for the page"
    assert close_rates_due() >= 1
    assert close_rates_due() == 0
    [row] = RateClosing.objects.filter(month=MONTH)
    assert (row.hours, row.received, row.valid, row.is_over) == (HOURS, 100, 100, True)
    monkeypatch.setattr(rate_closing, "lines_of", lambda *_told: pytest.fail("reckoned again"))
    assert line(outlet) == 100


def test_the_clock_goes_through_outlets_some_at_a_time(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one question names is bounded, however many outlets there are; and the next tick goes on."""
    own = [outlet, *(site.outlet(code=f"DA00{number}") for number in (2, 3))]
    for number, each in enumerate(own[1:]):
        site.connected(each, f"777777700000{number:02d}")
    asked, told = list[int](), rate_closing.changed_since
    monkeypatch.setattr(rate_closing, "AT_ONCE", 1)
    monkeypatch.setattr(rates_kept, "_AT_ONCE", 1)
    monkeypatch.setattr(rate_closing, "changed_since", lambda *said: (asked.append(len(said[2])), told(*said))[1])
    while close_rates_due(1):
        pass
    assert set(asked) == {1}
    assert set(RateClosing.objects.filter(month=MONTH).values_list("outlet", flat=True)) == set(own)


def test_a_tick_looks_through_some_outlets_and_the_next_goes_on_behind_them(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [outlet, *(site.outlet(code=f"DA00{number}") for number in (2, 3))]
    for number, each in enumerate(own[1:]):
        site.connected(each, f"777777700000{number:02d}")
    looked, told = list[list[int]](), rate_closing.points_of

    def noted(some: list[Outlet], **said: Any) -> Any:
        looked.append([each.pk for each in some])
        return told(some, **said)

    monkeypatch.setattr(rate_closing, "AT_ONCE", 1)
    monkeypatch.setattr(rate_closing, "_months", lambda _today: iter([(MONTH, LAST)]))
    monkeypatch.setattr(rate_closing, "points_of", noted)
    for _number in range(4):
        close_rates_due(look=1)
    assert looked == [[each] for each in own], "behind the last one the next run begins anew"
    close_rates_due()
    assert looked[3:] == [[each] for each in own]


@pytest.mark.parametrize("why", ["late", "mark", "register", "rules"])
def test_what_changes_is_reckoned_anew(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    close_rates_due()
    for number in range(100, 110):
        store.put(site.point(outlet), Kind.HOUR, midnight(MONTH) + timedelta(hours=number), "avg", 20)
    assert line(outlet) == 100, "nobody was told of it"
    at = midnight(MONTH)
    match why:
        case "late":
            keep_late([Late(outlet, at, at)], timezone.now())
            LateData.objects.update(arrived_at=timezone.now() - SETTLING + timedelta(seconds=1))
            RateClosing.objects.update(checked_at=timezone.now() - timedelta(seconds=30))
        case "mark":
            last = at + timedelta(hours=400)
            marks.mark_hours(outlet, "", at + timedelta(hours=390), last, "F", marks.Reason.STOPPED,
                             site.by("bureau"), "停炉")  # fmt: skip
        case "register":
            revise_row(REGISTERS["outlets"], outlet, {"note": "改"}, site.by("bureau"), "改")
        case _:
            monkeypatch.setattr(rate_closing, "rules_of", lambda _outlet, _day: "other")
    assert line(outlet) == 110
    close_rates_due()
    assert RateClosing.objects.filter(month=MONTH).count() == 2, "what it was stands"
    assert line(outlet, "停运") == (10 if why == "mark" else 0)


def test_what_the_authority_agrees_to_after_the_closing_is_reckoned_anew(outlet: int, store: StoreAtHand) -> None:
    Enterprise.objects.filter(name=site.UNITS[0]).update(industry="3110")
    at, last = midnight(MONTH) + timedelta(hours=390), midnight(MONTH) + timedelta(hours=400)
    number = marks.mark_hours(outlet, "", at, last, "F", marks.Reason.STOPPED, site.by("unit"), "停炉")
    close_rates_due()
    assert line(outlet, "停运") == 0
    marks.agree(number, site.by("bureau"), "现场看过")
    # As where the hours were of the last two days: they are judged anyhow, and nobody writes that they came late.
    LateData.objects.all().delete()
    close_rates_due()
    assert line(outlet, "停运") == 10


def test_what_changes_while_it_is_reckoned_is_reckoned_anew(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody puts a register right after it was read and before the rate is kept."""
    reckon, acts = rate_closing.lines_of, ["改"]

    def revised_meanwhile(*told: Any) -> tuple[Line, ...]:
        lines = reckon(*told)
        for note in acts:
            revise_row(REGISTERS["outlets"], outlet, {"note": note}, site.by("bureau"), "改")
        acts.clear()
        return lines

    monkeypatch.setattr(rate_closing, "lines_of", revised_meanwhile)
    monkeypatch.setattr(rate_closing, "_months", lambda _today: iter([(MONTH, LAST)]))
    assert [close_rates_due() for _number in range(3)] == [1, 1, 0]


def test_a_large_place_waits_for_the_clock(outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page reckons a few points by itself; of the rest it says that they wait, or shows what was kept before."""
    monkeypatch.setattr(rate_closing.lines_kept, "__defaults__", (0,))
    found = site.visitor("bureau").get(PATH).content.decode()
    assert "还没有月结" in found
    close_rates_due()
    revise_row(REGISTERS["outlets"], outlet, {"note": "改"}, site.by("bureau"), "改")
    assert line(outlet) == 100
    assert "还没有月结" not in site.visitor("bureau").get(PATH).content.decode()
