"""What comes to be held beside a return only after it was signed: found by the clock, told to the desk, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import returns_site as site
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from test_return_evidence import CREDIT, MONTHS, electricity, grid, owed, reporter, sign, supplier, tell

from kept import kept
from shuangkong.core.finding import Severity
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.reporting import beside, later
from shuangkong.records.reporting.acts import Said, act, approve_all
from shuangkong.records.reporting.beside import prepare
from shuangkong.records.reporting.later import hold_anew, keep_later, later_findings, with_later
from shuangkong.records.reporting.models import (
    Beside,
    ClockMark,
    Event,
    FoundFinding,
    LaterCheck,
    LaterFinding,
    Return,
    SetAside,
    UsualFigures,
    Version,
)
from shuangkong.records.reporting.selling import keep_sold
from shuangkong.records.reporting.setting_aside import apply_again, begin
from shuangkong.records.reporting.store import finding_row
from shuangkong.records.reporting.suspected import keep_suspicions, suspected
from shuangkong.records.reporting.usual import keep_usual
from shuangkong.reporting.life import EventKind, State

pytestmark = pytest.mark.django_db
FORM = "energy_purchase"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        made = site.settle()
        Enterprise.objects.filter(pk=made.enterprises["one"]).update(credit_code=CREDIT)
        yield made


def found(number: int) -> set[str]:
    return {each.code for rows in later_findings(Q(owned=number)).values() for each in rows}


def stood(number: int) -> tuple[object, ...]:
    row = Return.objects.get(pk=number)
    versions = tuple(Version.objects.filter(owned=number).values_list("number", "digest", "content"))
    return row.state, row.version, row.digest, versions, Event.objects.count(), JournalRow.objects.count()


def test_meters_that_are_read_after_the_signing_are_held_against_it(held: site.Site) -> None:
    unit = reporter(held)
    number = owed(FORM, "2026-09", unit, electricity("1000"))
    assert keep_later() == 0
    assert not found(number)
    before = stood(number)
    tell(unit, "metered_electricity", dict.fromkeys(MONTHS, "900000"), "kWh")
    assert keep_later() >= 1
    assert "RPT-120" in found(number)
    assert stood(number) == before, "the return stays as it is"
    assert with_later(Q(), 5) == ([number], 1)
    assert with_later(Q(), 0) == ([], 1), "how many there are beyond those that are shown"
    assert with_later(~Q(owned=number), 5) == ([], 0)
    since = LaterFinding.objects.filter(owned=number).values_list("code", "found_at")
    first = dict(since)
    assert keep_later() == 0  # nothing has changed since
    tell(unit, "metered_electricity", {"2026-09": "900001"}, "kWh")
    keep_later()
    assert dict(since.all()) == first, "what was found stays as of the day on which it was"


def test_sales_that_suppliers_tell_later_and_a_correction_that_settles_it(held: site.Site) -> None:
    number = owed(FORM, "2026-09", reporter(held), electricity("50"))
    keep_later()
    assert "RPT-121" not in found(number)
    owed("grid_sales", "2026-09", supplier("G1"), grid("2026-09", {CREDIT: ("5", "40")}))
    keep_sold()
    keep_later()
    assert "RPT-121" in found(number)
    older = {"zh": "5 万千瓦时", "en": "Told: 5 万千瓦时", "ground_zh": "4 万千瓦时", "ground_en": "Sold: 4 万千瓦时"}
    LaterFinding.objects.filter(owned=number).update(**older)  # as it was kept before units were told in English
    [[told, *_]] = later_findings(Q(owned=number)).values()
    assert told.ground
    assert (told.message.en, told.ground.en) == ("Told: 5 ×10⁴ kilowatt-hour", "Sold: 4 ×10⁴ kilowatt-hour")
    assert finding_row(FoundFinding(severity="notice", **older)).message == told.message
    sign(number, electricity("40"))
    assert not found(number), "of a version that no longer stands"


def test_what_is_found_later_stands_on_the_list_of_suspicions_and_a_draft_is_left_alone(held: site.Site) -> None:
    unit = reporter(held)
    number = owed(FORM, "2026-09", unit, electricity("1000"))
    Return.objects.filter(pk=held.other).update(state=State.OPEN)
    keep_suspicions()
    tell(unit, "metered_electricity", dict.fromkeys(MONTHS, "900000"), "kWh")
    keep_later()
    assert not LaterCheck.objects.filter(owned=held.other).exists()
    assert keep_suspicions(timezone.now() + timedelta(hours=1))
    [(row, told)] = suspected(Q(), 9)
    assert row.code == unit.code
    codes = {part.code for part in told.parts}
    assert codes & found(number)
    assert all(point.owned == number for part in told.parts for point in part.evidence if part.code in found(number))


def test_another_return_of_the_unit_that_is_signed_later_is_held_against_the_first(held: site.Site) -> None:
    number = owed(FORM, "2026-09", reporter(held), electricity("1000"))
    Event.objects.create(
        owned_id=number, kind="submit", on="2026-10-01", version=1, author="t", at="2026-10-01T00:00Z", journal=0
    )
    keep_later()
    assert not LaterCheck.objects.filter(owned=number).exists(), "its own signing holds it against nothing new"
    other = owed("output_value", "2026-09", reporter(held), {})
    Event.objects.create(
        owned_id=other, kind="submit", on="2026-10-02", version=1, author="t", at="2026-10-02T00:00Z", journal=0
    )
    keep_later()
    assert LaterCheck.objects.get(owned=number).made_at is not None
    assert prepare() >= 0
    assert {each.severity for rows in later_findings(Q()).values() for each in rows} <= set(Severity)


def test_what_was_put_right_since_is_seen_before_an_acceptance_is_refused(held: site.Site) -> None:
    number = owed(FORM, "2026-09", reporter(held), electricity("1000"))
    Return.objects.filter(pk=number).update(state=State.SUBMITTED, in_force=None)
    with transaction.atomic():
        signed = Version.objects.get(owned=number)
        for each in hold_anew(number):  # as if all this had been found and settled when it was signed
            FoundFinding.objects.create(version=signed, code=each.code, severity="notice", address=each.address)
    LaterFinding.objects.create(
        owned_id=number, version=1, code="RPT-014", severity="must_fix", address="", zh="对不上", en="apart",
        found_at=timezone.now(),
    )  # fmt: skip
    act(number, site.by("county"), EventKind.ACCEPT)
    assert Return.objects.get(pk=number).state == State.ACCEPTED
    assert not found(number)


def test_a_return_whose_form_is_gone_holds_up_no_other(held: site.Site) -> None:
    gone = owed(FORM, "2026-08", reporter(held), electricity("1000"))
    number = owed(FORM, "2026-09", reporter(held), electricity("1000"))
    for each in (gone, number):
        LaterCheck.objects.update_or_create(owned_id=each, defaults={"is_stale": True})
    Return.objects.filter(pk=gone).update(form="a_form_that_was")
    assert keep_later() == 2
    assert keep_later() == 0
    assert LaterCheck.objects.get(owned=number).made_at is not None


def test_what_is_owed_of_a_form_that_is_gone_holds_up_no_other(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, other = reporter(held).id, Return.objects.get(pk=held.other).reporter_id
    number = owed(FORM, "2026-08", reporter(held), electricity("1000"))
    Return.objects.filter(pk=number).update(form="a_form_that_was", state=State.OPEN, due="2026-01-01")
    monkeypatch.setattr(beside, "_A_TICK", 1)  # it is due first, and has the whole turn for itself
    assert [prepare() for _ in range(3)] == [1, 1, 0]
    assert set(Beside.objects.values_list("owned", flat=True)) == {held.one, held.other}
    Return.objects.filter(pk=number).update(state=State.ACCEPTED)
    owed(FORM, "2026-08", Return.objects.get(pk=held.other).reporter, electricity("1000"))
    assert [keep_usual() for _ in range(2)] == [2, 0]
    assert set(UsualFigures.objects.values_list("reporter", flat=True)) == {gone, other}


def test_a_check_set_aside_applies_again_from_the_day_after_its_last(held: site.Site) -> None:
    unit, today = reporter(held), timezone.localdate()
    number = owed(FORM, "2026-09", unit, electricity("1000"))
    tell(unit, "metered_electricity", dict.fromkeys(MONTHS, "900000"), "kWh")
    begin(unit.pk, "RPT-120", today, site.by("county"), "电表换表")
    apply_again(today)
    keep_later()
    prepare()
    assert "RPT-120" not in found(number)
    assert [apply_again(today) for _ in range(2)] == [0, 0]
    SetAside.objects.filter(reporter=unit.pk).update(ends_on=today - timedelta(days=1))  # a night passes
    Beside.objects.filter(owned__reporter=unit.pk).update(is_stale=False)
    assert not LaterCheck.objects.filter(is_stale=True).exists()
    ClockMark.objects.filter(name="set_aside").update(number=today.toordinal() - 1)
    assert [apply_again(today) for _ in range(2)] == [1, 0]
    assert not Beside.objects.filter(owned__reporter=unit.pk, is_stale=False).exists()
    keep_later()
    assert "RPT-120" in found(number)


def test_nothing_is_accepted_or_approved_that_must_be_fixed_since(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "_hold_anew", lambda _: None)  # it is found once more
    number = owed(FORM, "2026-09", reporter(held), electricity("1000"))
    Return.objects.filter(pk=number).update(state=State.SUBMITTED, in_force=None)
    row = Return.objects.get(pk=number)
    late = LaterFinding.objects.create(
        owned=row, version=row.version, code="RPT-014", severity="must_fix", address="", zh="对不上", en="apart",
        found_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Refused, match="RPT-939"):
        act(number, site.by("county"), EventKind.ACCEPT, Said(version=row.version))
    LaterFinding.objects.filter(pk=late.pk).update(severity="must_explain")
    act(number, site.by("county"), EventKind.ACCEPT, Said(version=row.version))
    LaterFinding.objects.filter(pk=late.pk).update(severity="must_fix")
    with pytest.raises(Refused, match=f"RPT-939.*{row.reporter.name}"):
        approve_all([number], site.by("county"), read={number: row.version})
    assert Return.objects.get(pk=number).state == State.ACCEPTED
    act(number, site.by("county"), EventKind.SEND_BACK, Said("对不上", version=row.version))
    act(number, site.by("county"), EventKind.RETURN, Said("对不上", version=row.version))


def test_a_check_that_is_set_aside_is_held_against_what_was_handed_in(held: site.Site) -> None:
    unit = reporter(held)
    number = owed(FORM, "2026-09", unit, electricity("1000"))
    tell(unit, "metered_electricity", dict.fromkeys(MONTHS, "900000"), "kWh")
    keep_later()
    assert "RPT-120" in found(number)
    begin(unit.pk, "RPT-120", timezone.localdate() + timedelta(days=30), site.by("county"), "电表换表")
    keep_later()
    assert "RPT-120" not in found(number)
