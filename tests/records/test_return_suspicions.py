"""What the clock computes over all returns: suspicions, how often checks were right, signs of one hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from test_return_evidence import reporter

from kept import kept
from shuangkong.core.finding import Severity
from shuangkong.records.paths import below
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.hands import filings
from shuangkong.records.reporting.models import Agent, OneHandFound, Reporter, Return, Version
from shuangkong.records.reporting.register import appoint_agent
from shuangkong.records.reporting.rows import finding_key
from shuangkong.records.reporting.suspected import (
    _keep_hands,
    alarms_of,
    code_of,
    computed_at,
    hands_of,
    keep_suspicions,
    suspected,
)
from shuangkong.records.reporting.weighing import hand_limits, is_verified, noisy_pct, weights
from shuangkong.reporting.content import Origin
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.proxies import Filing, OneHand, Sign, one_hands

pytestmark = pytest.mark.django_db
COUNTY, NEXT = (
    below(f"/{site.PROVINCE}/{site.CITY}/{site.COUNTY}/"),
    below(f"/{site.PROVINCE}/{site.CITY}/{site.OTHER}/"),
)


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def filed(number: int, who: str, terminal: str = "", **more: str) -> None:
    save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told(**more)))
    try:
        submit(number, site.by(f"{who}-signatory"), ToSubmit(terminal=terminal))
    except NotReady as asked:
        said = {finding_key(each.code, each.place): "堆场雨损" for each in asked.findings}
        submit(number, site.by(f"{who}-signatory"), ToSubmit(explained=said, terminal=terminal))


def test_weights_are_policy_and_say_that_no_document_has_them() -> None:
    today = timezone.localdate()
    found = weights(today)
    assert (found.severity[Severity.MUST_FIX], found.severity[Severity.NOTICE]) == (Decimal(10), Decimal(1))
    assert noisy_pct(today) == Decimal(50)
    assert not is_verified(today)


def test_the_list_is_computed_by_the_clock_and_holds_a_while(held: site.Site) -> None:
    now = timezone.now()
    assert computed_at() is None
    filed(held.one, "one", closing_stock="150")
    filed(held.other, "other", closing_stock="199")
    assert keep_suspicions(now)
    assert not keep_suspicions(now)  # nothing happened
    (first, told), *_ = suspected(COUNTY, 10)
    assert first.code == reporter(held).code
    part = next(each for each in told.parts if each.code == "RPT-100")
    assert (part.points, part.evidence[0].owned) == (Decimal("3.0"), held.one)
    assert any("库存" in words.zh for words, _ in part.evidence[0].sides)
    assert suspected(NEXT, 10) == ()
    assert computed_at() == now
    act(held.one, site.by("county"), K.RETURN, Said("库存不平"))
    filed(held.one, "one", closing_stock="200", purchased="901", production_use="801")
    assert not keep_suspicions(now + timedelta(minutes=1))  # it holds for a quarter of an hour
    assert keep_suspicions(now + timedelta(minutes=16))
    counted = {each.code: each for each in alarms_of(COUNTY)}
    assert (counted["RPT-100"].fired, counted["RPT-100"].real) == (1, 1)
    assert alarms_of(NEXT) == ()


def test_false_alarms_are_kept_check_by_check(held: site.Site) -> None:
    filed(held.one, "one", closing_stock="150")
    found = Version.objects.get(owned=held.one).findings.filter(explanation__isnull=False)
    verdicts = dict.fromkeys(found.values_list("pk", flat=True), True)
    act(held.one, site.by("county"), K.ACCEPT, Said("说明成立", verdicts=verdicts))
    keep_suspicions()
    counted = {each.code: each for each in alarms_of(Q())}
    assert (counted["RPT-100"].false, counted["RPT-100"].false_pct) == (1, Decimal("100.0"))
    # What was explained and accepted stays in view, and counts nothing.
    assert "RPT-100" not in {part.code for _, each in suspected(COUNTY, 10) for part in each.parts if part.points > 0}


def test_one_hand_that_signs_for_many_units(held: site.Site) -> None:
    filed(held.one, "one", terminal="10.0.0.9")
    filed(held.other, "other", terminal="10.0.0.9")
    Version.objects.update(signed_by="one-signatory")
    keep_suspicions()
    signs = set(OneHandFound.objects.values_list("sign", flat=True))
    assert {Sign.SIGNATORY.value, Sign.COPY.value} <= signs
    assert Sign.TERMINAL.value not in signs  # two from one address are below the limit of five
    codes = {part.code for _, each in suspected(COUNTY, 10) for part in each.parts}
    assert code_of(Sign.SIGNATORY) in codes
    sign, whose, units, filings = hands_of([held.one], 10)[0]
    assert (units, [each["owned"] for each in filings]) == (
        2,
        [held.one],
    )  # the other's is not shown to whoever may not
    assert {sign, whose} & {Sign.SIGNATORY, "one-signatory"} or sign is Sign.COPY


def test_a_terminal_of_many_units(held: site.Site) -> None:
    filed(held.one, "one", terminal="10.0.0.9")
    made, who = Version.objects.get(owned=held.one), reporter(held).pk
    for number in range(hand_limits(timezone.localdate()).terminal - 1):
        other = Reporter.objects.get(pk=who)
        other.pk, other.code, other.body = None, f"U{number}", None
        other.save()
        owned = Return.objects.get(pk=held.one)
        owned.pk, owned.reporter = None, other
        owned.save()
        again = Version.objects.get(pk=made.pk)
        again.pk, again.owned, again.signed_by, again.filled_by = None, owned, f"s{number}", f"f{number}"
        again.digest = f"{number:064d}"
        again.save()
    limits = hand_limits(timezone.localdate())
    assert one_hands(filings(limits=limits), limits) == one_hands(filings(), limits) != ()
    filed(held.other, "other", terminal="10.0.0.8", purchased="905", closing_stock="205")
    assert len(filings(limits=limits)) == len(filings()) - 1, "what can be no sign is not loaded"
    keep_suspicions()
    found = OneHandFound.objects.get(sign=Sign.TERMINAL)
    assert (found.value, found.units, len(json.loads(found.told))) == ("10.0.0.9", 5, 5)


def test_a_registered_agent_is_no_suspicion(held: site.Site) -> None:
    agent = reporter(held).body_id
    assert agent is not None
    other = reporter(held, "other")
    appoint_agent(other.pk, agent, site.by("county"), "代理记账协议", may_sign=True)
    appoint = Agent.objects.get()
    Agent.objects.create(
        reporter=reporter(held), body_id=other.body_id, starts_on=appoint.starts_on, ground="集团", may_sign=True,
        decided_by="t", decided_at=timezone.now(), journal=1,
    )  # fmt: skip
    filed(held.one, "one")
    filed(held.other, "other", purchased="905", closing_stock="205")
    Version.objects.update(signed_by="one-signatory")
    keep_suspicions()
    assert not OneHandFound.objects.filter(sign=Sign.SIGNATORY).exists()


def test_an_official_who_files_is_told(held: site.Site) -> None:
    filed(held.one, "one")
    Version.objects.update(filled_by="county")
    keep_suspicions()
    found = OneHandFound.objects.get(sign=Sign.OFFICIAL)
    assert (found.value, found.units) == ("county", 1)


def test_officials_file_the_returns_of_their_own_department(held: site.Site) -> None:
    filed(held.one, "one")
    Version.objects.update(filled_by="county")
    Reporter.objects.filter(returns=held.one).update(kind="department")
    assert filings() == ()


def test_an_agreement_exempts_what_that_agent_files_on_its_days(held: site.Site) -> None:
    """Neither what a third hand files, nor what the agent files before or after; a last day to come is no end."""
    agent, today = reporter(held).body_id, timezone.localdate()
    assert agent is not None
    until = today + timedelta(days=30)
    number = appoint_agent(reporter(held, "other").pk, agent, site.by("county"), "协议", until, may_sign=True)
    filed(held.other, "other")

    def group(filler: str, signer: str) -> str:
        Version.objects.update(filled_by=filler, signed_by=signer)
        (found,) = filings()
        return found.group

    assert group("one-reporter", "one-signatory") == f"agent {agent}"
    assert group("one-reporter", "other-signatory") == f"agent {agent}"
    assert group("other-reporter", "other-signatory") == ""
    assert group("one-reporter", "next") == ""
    Agent.objects.filter(pk=number).update(ends_on=today - timedelta(days=1))
    assert group("one-reporter", "one-signatory") == ""


def test_a_copy_is_known_by_its_figures_alone(held: site.Site) -> None:
    filed(held.one, "one")
    kept_entries = {
        address: each._replace(origin=Origin.IMPORTED) for address, each in site.told(opening_stock="100.0").items()
    }
    save(held.other, site.by("other-reporter"), ToSave(entries=kept_entries))
    submit(held.other, site.by("other-signatory"), ToSubmit())
    sealed = set(Version.objects.values_list("digest", flat=True))
    assert len(sealed) == 2
    one, other = filings()
    assert one.figures_digest == other.figures_digest != ""


def test_larger_hands_elsewhere_hide_none_and_no_filing_is_left_out() -> None:
    def hand(value: str, numbers: range) -> OneHand:
        return OneHand(
            Sign.TERMINAL, value,
            tuple(Filing(unit=f"U{each}", form="f", period="2026-09", at=timezone.now(), terminal=value, account="a",
                         signatory="s", owned=each) for each in numbers),
        )  # fmt: skip

    _keep_hands([*(hand(f"t{each}", range(5)) for each in range(3)), hand("mine", range(900, 903))], timezone.now())
    assert [(value, units) for _, value, units, _ in hands_of([901], 2)] == [("mine", 3)]
    assert [value for _, value, _, _ in hands_of([1], 2)] == ["t0", "t1"]
    _keep_hands([hand("large", range(700))], timezone.now())
    ((_, _, units, seen),) = hands_of([699], 2)
    assert (units, [each["owned"] for each in seen]) == (700, [699])
