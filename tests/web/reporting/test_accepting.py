"""At the desk: returns in which nothing is open are accepted together, each by itself, and what was not says why."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
import returns_site as site

from kept import kept
from shuangkong.records.people.models import Person
from shuangkong.records.reporting import store
from shuangkong.records.reporting.accepting import without_open_findings
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.models import LaterFinding, Return
from shuangkong.records.reporting.rows import finding_key

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """Two returns wait: one with nothing to judge, one with words to a stock that does not balance."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        found = site.settle()
        save(found.one, site.by("one-reporter"), ToSave(entries=site.told()))
        submit(found.one, site.by("one-signatory"), ToSubmit())
        save(found.other, site.by("other-reporter"), ToSave(entries=site.told(closing_stock="150")))
        with pytest.raises(NotReady) as asked:
            submit(found.other, site.by("other-signatory"), ToSubmit())
        said = {finding_key(each.code, each.place): "堆场雨损" for each in asked.value.findings}
        submit(found.other, site.by("other-signatory"), ToSubmit(explained=said))
        yield found


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def test_those_without_open_findings_are_accepted_together_each_by_itself(held: site.Site) -> None:
    office = visitor("county")
    page = office.get("/reporting/desk/").content.decode()
    assert f'name="accept" value="{held.one}"' in page
    assert f'name="accept" value="{held.other}"' not in page  # an explanation waits to be judged
    told = {"accept": [held.one, held.other, 9], **{f"version-{each}": "1" for each in (held.one, held.other)}}
    answer = office.post("/reporting/desk/accept/", told).content.decode()
    assert "已接收 1 份" in answer
    refused = answer[answer.index("没有接收的") : answer.index("等我审核的报表")]
    assert "2026年9月" in refused
    assert ("云桥纸业" in refused, "RPT-915" in refused, "没有编号为 9 的报表" in refused) == (True, True, True)
    states = dict(Return.objects.values_list("pk", "state"))
    assert (states[held.one], states[held.other]) == ("accepted", "submitted")
    blind = office.post("/reporting/desk/accept/", {"accept": [held.other]}).content.decode()
    assert "RPT-937" in blind
    assert "RPT-909" in office.post("/reporting/desk/accept/").content.decode()
    assert visitor("one-signatory").post("/reporting/desk/accept/", told).status_code == 403


def test_what_somebody_found_since_or_filed_for_itself_is_not_offered(held: site.Site) -> None:
    waits = store.returns(Q(pk=held.one))
    assert [row.id for row in without_open_findings(site.by("county"), waits)] == [held.one]
    assert without_open_findings(site.by("next"), waits) == ()
    own = replace(site.by("county"), bodies=waits[0].reporter.bodies)
    assert without_open_findings(own, waits) == ()
    LaterFinding.objects.create(
        owned_id=held.one, version=1, code="RPT-120", severity="must_explain", address="energy.raw_coal.consumed",
        zh="与计量表读数相差很大", en="far from the meters", found_at=timezone.now(),
    )  # fmt: skip
    assert without_open_findings(site.by("county"), waits) == ()
