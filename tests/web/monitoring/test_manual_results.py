"""Results of manual monitoring make months whole that rules leave open, and close them anew; nothing measured moves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.models import Observation
from shuangkong.records.monitoring.amounts import newest, versions
from shuangkong.records.monitoring.arrivals import late_of
from shuangkong.records.monitoring.models import AmountClosing, ManualResult, Outlet
from shuangkong.records.monitoring.registers.acts import register_row, revise_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.registers.taking import take
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.closing import close, close_due
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
SO2, FLOW = "a21026", "a00000"
REGISTER = REGISTERS["manual-results"]
#: The last month that is over.
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
HOURS = ((ends_of(Span.MONTH, MONTH) - MONTH).days + 1) * 24
#: Hours that came: 100 m³/s of 10 mg/m³, 3.6 kg an hour. Of the rest nothing did, and no rule fills so much.
MEASURED, KG = 300, D("3.6")
REPORT = "青检〔虚构〕第7号"


def hour(number: int) -> datetime:
    return midnight(MONTH) + timedelta(hours=number)


def text(number: int) -> str:
    return f"{hour(number):%Y-%m-%d %H:%M}"


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(starts_on=MONTH.isoformat())
        site.connected(place, factors=(SO2, FLOW))
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    held = store_at_hand.use(monkeypatch)
    for number in range(MEASURED):
        for factor, told in ((SO2, 10), (FLOW, 100)):
            held.put(site.point(outlet, factor), Kind.HOUR, hour(number), "avg", told)
    return held


def result(outlet: int, first: int = 0, last: int = HOURS, **more: str) -> dict[str, str]:
    """As a form tells it: 2 kg in each of those hours."""
    return {
        "outlet": str(outlet), "factor": SO2, "starts_at": text(first), "ends_at": text(last), "kg_per_hour": "2",
        "laboratory": "青原检测", "document": REPORT,
    } | more  # fmt: skip


def row_now() -> AmountClosing:
    [row] = newest(MONTH).values()
    return row


def told(kind: str, code: str) -> list[Decimal | None]:
    rows = Observation.objects.filter(
        subject__kind=kind, subject__code=code, indicator__text="monitored_so2_emission"
    ).order_by("pk")
    return [each.value for each in rows]


def test_a_month_that_was_missing_becomes_whole(outlet: int, store: StoreAtHand) -> None:
    unit = source_code(Outlet.objects.get(pk=outlet).enterprise_id or 0)
    close(MONTH)
    assert (row_now().open_hours, row_now().by_hand_hours) == (HOURS - MEASURED, 0)
    address = reverse("monitoring:amount", args=(outlet, SO2))
    visitor = site.visitor("bureau")
    page = visitor.get(address, {"month": f"{MONTH:%Y-%m}"}).content.decode()
    assert reverse("monitoring:register_new", args=("manual-results",)) in page, "the way out stands beside the gap"
    assert told("region", "990000") == [None], "and so is the sum of the city"
    number = register_row(REGISTER, result(outlet), site.by("unit"), "自行监测")
    close(MONTH)
    row, kg = row_now(), MEASURED * KG + (HOURS - MEASURED) * 2
    assert (row.kg, row.measured_hours, row.by_hand_hours, row.open_hours) == (kg, MEASURED, HOURS - MEASURED, 0)
    tonnes = (kg / 1000).quantize(D("0.000001"))
    assert told("unit", unit) == told("region", site.COUNTY) == told("region", "990000") == [None, tonnes]
    said = f"青原检测 {REPORT}（第 {number} 号）"
    trace = json.loads(row.content)
    assert [step["name"][0] for step in trace["steps"][:2]] == [
        f"实测 {MEASURED} 小时", f"手工监测 {HOURS - MEASURED} 小时：{said}"
    ]  # fmt: skip
    [_measured, run] = trace["runs"]
    assert (run["origin"], run["hours"], run["kg"], run["rule"][0]) == (
        "by_hand",
        HOURS - MEASURED,
        "2",
        said,
    )
    assert trace["findings"] == []
    day = hour(MEASURED).date()
    words = {"month": f"{MONTH:%Y-%m}", "day": f"{day}"}
    page = visitor.get(address, words).content.decode()
    assert page.count(said) >= 3, "in the arithmetic, the run and the hours of the day"


def test_what_was_measured_of_an_hour_stays(outlet: int, store: StoreAtHand) -> None:
    """A result of a concentration takes the flow that a device told, and its own where none did."""
    for number in (MEASURED, MEASURED + 1):
        store.put(site.point(outlet, FLOW), Kind.HOUR, hour(number), "avg", 50)
    plain = {"kg_per_hour": "", "concentration": "20"}
    site.put("manual-results", **result(outlet, MEASURED - 10, MEASURED + 5, **plain))
    close(MONTH)
    assert (row_now().by_hand_hours, row_now().kg) == (2, MEASURED * KG + 2 * D("3.6")), "three hours lack a flow"
    revise_row(REGISTER, ManualResult.objects.get().pk, {"flow_m3_h": "1000000"}, site.by("bureau"), "补流量")
    close(MONTH)
    assert (row_now().by_hand_hours, row_now().kg) == (5, MEASURED * KG + 2 * D("3.6") + 3 * 20)
    assert row_now().measured_hours == MEASURED


def test_a_result_that_is_revised_closes_the_month_anew(outlet: int, store: StoreAtHand) -> None:
    close_due()
    assert close_due().months == 0, "once a day"
    number = site.put("manual-results", **result(outlet))
    assert close_due().kept == 1
    revise_row(REGISTER, number, {"kg_per_hour": "3"}, site.by("bureau"), "更正")
    assert close_due().kept == 1
    assert row_now().kg == MEASURED * KG + (HOURS - MEASURED) * 3
    revise_row(REGISTER, number, {"is_withdrawn": "是"}, site.by("bureau"), "报告作废")
    assert close_due().kept == 1
    assert (row_now().by_hand_hours, row_now().open_hours) == (0, HOURS - MEASURED)
    assert len(versions(outlet, SO2, MONTH)) == 4


def test_a_result_that_is_moved_opens_the_month_that_it_leaves(outlet: int) -> None:
    other = site.outlet(code="DA002", starts_on=MONTH.isoformat())
    site.put("factors", outlet=str(other), factor=SO2, starts_on=MONTH.isoformat())
    number = site.put("manual-results", **result(outlet))
    before = late_of(outlet, MONTH)
    assert before is not None
    assert late_of(outlet, ends_of(Span.MONTH, MONTH) + timedelta(days=1)) is None, "its end is not included"
    revise_row(REGISTER, number, {"outlet": str(other)}, site.by("bureau"), "写错排放口")
    after = late_of(outlet, MONTH)
    assert after is not None
    assert after.arrived_at > before.arrived_at
    assert late_of(other, MONTH) is not None


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("MON-270", {"starts_at": text(0)[:-2] + "30"}),
        ("MON-271", {"ends_at": text(0)}),
        ("MON-271", {"starts_at": f"{MONTH - timedelta(days=80)} 00:00"}),
        ("MON-272", {"ends_at": f"{timezone.localdate() + timedelta(days=1)} 00:00"}),
        ("MON-273", {"kg_per_hour": ""}),
        ("MON-273", {"concentration": "20"}),
        ("MON-274", {"flow_m3_h": "100"}),
        ("MON-275", {"kg_per_hour": "-1"}),
        ("MON-276", {"factor": FLOW}),
        ("MON-276", {"factor": "a21002"}),
        ("MON-277", {}),
        ("MON-101", {"document": ""}),
    ],
)
def test_what_is_no_result_is_refused(outlet: int, code: str, change: dict[str, str]) -> None:
    held = result(outlet, 0, 1)
    if code == "MON-277":
        site.put("manual-results", **held)
    with pytest.raises(Refused) as refused:
        site.put("manual-results", **(result(outlet) | change))
    assert refused.value.code == code


def test_what_was_withdrawn_stands_in_no_way(outlet: int) -> None:
    number = site.put("manual-results", **result(outlet))
    revise_row(REGISTER, number, {"is_withdrawn": "是"}, site.by("bureau"), "报告作废")
    site.put("manual-results", **result(outlet))
    with pytest.raises(Refused) as refused:
        revise_row(REGISTER, number, {"is_withdrawn": "否"}, site.by("bureau"), "恢复")
    assert refused.value.code == "MON-277"


def test_units_tell_of_their_own_and_files_are_taken_whole(outlet: int) -> None:
    with pytest.raises(Refused) as refused:
        register_row(REGISTER, result(outlet), site.by("other"))
    assert refused.value.code == "MON-110", "another unit's outlet is not there for it"
    one, other = result(outlet, 0, 10), result(outlet, 9, 20)
    lines = [tuple(REGISTER.field(key).heading for key in one), tuple(one.values()), tuple(other.values())]
    verdicts = take(REGISTER, lines, site.by("bureau"), "报告", is_dry_run=False)
    assert [each.code for each in verdicts] == ["", "MON-277"]
    assert not ManualResult.objects.exists(), "a file with a row that cannot be registers none"
    assert site.visitor("unit").get(reverse("monitoring:register_new", args=("manual-results",))).status_code == 200


def test_a_unit_leaves_alone_what_the_authority_entered(outlet: int) -> None:
    """And what the authority revised of the unit's is the authority's: it is not silently put back."""
    theirs = site.put("manual-results", **result(outlet, 0, 5))
    own = register_row(REGISTER, result(outlet, 10, 15), site.by("unit"))
    for change in ({"is_withdrawn": "是"}, {"kg_per_hour": "1"}):
        with pytest.raises(Refused) as refused:
            revise_row(REGISTER, theirs, change, site.by("unit"), "改")
        assert refused.value.code == "MON-278"
    revise_row(REGISTER, own, {"kg_per_hour": "1"}, site.by("unit"), "改")
    revise_row(REGISTER, own, {"kg_per_hour": "4"}, site.by("bureau"), "核查改正")
    with pytest.raises(Refused):
        revise_row(REGISTER, own, {"kg_per_hour": "1"}, site.by("unit"), "改")
    assert [each.kg_per_hour for each in ManualResult.objects.order_by("pk")] == [2, 4]
    page = site.visitor("unit").get(reverse("monitoring:register", args=("manual-results",))).content.decode()
    assert "最后由谁登记" in page
    history = reverse("monitoring:register_row", args=("manual-results", own))
    assert "核查改正" in site.visitor("unit").get(history).content.decode()
