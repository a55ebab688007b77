"""What a return begins with, whence that is, and checks that an office does not apply to a unit for a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import returns_site as site
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from test_return_evidence import CREDIT, codes, judged, owed, reporter, tell

from kept import kept
from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.reporting import setting_aside, store
from shuangkong.records.reporting.beginning import starting
from shuangkong.records.reporting.beside import prepare
from shuangkong.records.reporting.drafting import ToSave, draft_content, save
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.register import StaffKind, ToName, name_staff
from shuangkong.reporting.content import Content, Origin, figure, words

pytestmark = pytest.mark.django_db
MONTHS = [f"2026-{month:02d}" for month in range(1, 10)]
POWER = "energy.electricity.purchased"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        made = site.settle()
        Enterprise.objects.filter(pk=made.enterprises["one"]).update(credit_code=CREDIT)
        yield made


def begins(number: int) -> Content:
    row = store.one(number)
    assert row is not None
    return starting(row)


def test_meters_fill_what_the_form_says_they_fill(held: site.Site) -> None:
    assert begins(held.one)[POWER].state is State.MISSING
    tell(reporter(held), "metered_electricity", dict.fromkeys(MONTHS, "100000"), "千瓦时", "在线计量")
    prepare()
    entry = begins(held.one)[POWER]
    factor = form_at(site.FORM, Period.parse(site.PERIOD), site.COUNTY).fields[POWER].factor
    assert (entry.value, entry.origin) == (Decimal(900_000) / factor, Origin.PREFILLED)
    assert entry.source == "ledger:计量表读数（电力）（在线计量）"
    assert begins(held.other)[POWER].state is State.MISSING  # another unit's meters fill nothing here


def test_what_is_incomplete_is_not_offered_as_the_whole(held: site.Site) -> None:
    tell(reporter(held), "metered_electricity", dict.fromkeys(MONTHS[:-1], "100000"), "千瓦时")
    tell(reporter(held), "metered_electricity", {"2026-09": None}, "千瓦时")
    assert begins(held.one)[POWER].state is State.MISSING


def test_what_is_typed_over_an_offer_is_typed_and_noticed(held: site.Site) -> None:
    tell(reporter(held), "metered_electricity", dict.fromkeys(MONTHS, "100000"), "千瓦时")
    offered = begins(held.one)[POWER].value
    assert isinstance(offered, Decimal)
    save(held.one, site.by("one-reporter"), ToSave(entries={POWER: figure(offered / 2)}))
    row = store.one(held.one)
    assert row is not None
    content = draft_content(row, Draft.objects.get(owned=held.one))
    assert (content[POWER].origin, content[POWER].source) == (Origin.TYPED, "")
    assert content["energy.electricity.production_use"].origin is Origin.PREFILLED
    assert "RPT-014" in codes(judged(held.one, content.entries))
    same = {**content.entries, POWER: figure(offered)}
    assert not [each for each in judged(held.one, same).findings if each.place == POWER and each.code == "RPT-014"]


def test_monitoring_and_the_permit_fill_the_discharge(held: site.Site) -> None:
    who = reporter(held)
    tell(who, "monitored_so2_emission", {f"2026-{month:02d}": "0.2" for month in (7, 8, 9)}, "吨", "在线监测")
    tell(who, "permitted_so2_emission", {"2026": "12"}, "吨", "排污许可证 9110")
    found = begins(owed("pollutant_discharge", "2026-Q3", who))
    assert found["air.so2.discharged"].value == Decimal("0.6")
    assert found["air.so2.permitted"].value == Decimal(12)
    assert found["air.so2.permitted"].source == "permit:排污许可证（二氧化硫）（排污许可证 9110）"
    assert found["air.nox.discharged"].state is State.MISSING


def test_the_register_fills_who_the_unit_is(held: site.Site) -> None:
    who = reporter(held)
    name_staff(who.pk, ToName(kind=StaffKind.ENERGY_MANAGER, name="王工", telephone="0451"), site.by("county"))
    found = begins(owed("utilisation_report", "2026", who))
    assert found["basic.credit_code.value"].value == CREDIT
    assert found["basic.energy_manager.value"].value == "王工"
    assert str(found["basic.industry.value"].value).startswith("3011 ")
    assert found["basic.credit_code.value"].source == "register"
    assert found["basic.legal_person.value"].state is State.MISSING


def test_an_office_sets_a_check_aside_for_a_time(held: site.Site) -> None:
    who, today = reporter(held), timezone.localdate()
    told = site.told(closing_stock="150")
    assert "RPT-100" in codes(judged(held.one, told))
    number = setting_aside.begin(who.pk, "RPT-100", today + timedelta(days=30), site.by("county"), "露天煤堆盘点中")
    found = judged(held.one, told)
    assert "RPT-100" not in codes(found)
    assert [each.code for each in found.suppressed] == ["RPT-100"]
    assert "RPT-100" in codes(judged(held.other, told))
    assert JournalRow.objects.get(act="check.set_aside").ground == "露天煤堆盘点中"
    with pytest.raises(Refused, match="已经停用"):
        setting_aside.begin(who.pk, "RPT-100", today, site.by("county"), "再停")
    setting_aside.end(number, site.by("county"), "已盘清")
    assert "RPT-100" in codes(judged(held.one, told))
    assert [each.code for each in setting_aside.set_aside(who.pk)] == ["RPT-100"]


def test_what_may_not_be_set_aside(held: site.Site) -> None:
    who, today = reporter(held), timezone.localdate()
    for code, until, ground, says in (
        ("RPT-001", today, "无", "不得停用"), ("RPT-9999", today, "无", "没有编号"),
        ("RPT-100", None, "无", "截止日"), ("RPT-100", today + timedelta(days=400), "无", "截止日"),
        ("RPT-100", today, " ", "理由"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=says):
            setting_aside.begin(who.pk, code, until, site.by("county"), ground)
    for name in ("one-signatory", "next"):
        with pytest.raises(Forbidden):
            setting_aside.begin(who.pk, "RPT-100", today, site.by(name), "自己停")


def test_last_year_is_taken_from_last_years_own_and_a_ledger_goes_on(held: site.Site) -> None:
    who = reporter(held)
    value = {"value.gross_output.amount": figure(Decimal(120)), "value.gross_output.last_year": figure(Decimal(7))}
    owed("output_value", "2025-09", who, value)
    owed("output_value", "2026-08", who, {"value.gross_output.amount": figure(Decimal(300))})
    entry = begins(owed("output_value", "2026-09", who))["value.gross_output.last_year"]
    assert (entry.value, entry.origin, entry.source) == (Decimal(120), Origin.PREFILLED, "carried")
    energy = begins(owed("energy_purchase", "2026-10", who))
    assert energy["summary.production.last_year"].state is State.MISSING, "nothing of last year is held"
    meters = {"meter[M-1].name": words("总电表"), "meter[M-1].model": words("DTZ341")}
    owed("metering_ledger", "2025", who, meters)
    carried = begins(owed("metering_ledger", "2026", who))
    assert carried.rows("meter") == ("M-1",)
    assert (carried["meter[M-1].name"].value, carried["meter[M-1].name"].source) == ("总电表", "carried")
