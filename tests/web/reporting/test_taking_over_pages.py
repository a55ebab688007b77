"""The page of a yearly report says what it took from which other return, and what is still to be accepted for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
import returns_site as site
from test_return_evidence import owed, reporter, sign

from kept import kept
from shuangkong.records.people.models import Person
from shuangkong.records.reporting.drafting import ToSave, discard, save
from shuangkong.reporting.content import figure
from shuangkong.reporting.life import State as Stand

pytestmark = pytest.mark.django_db
BOUGHT = {"energy.raw_coal.purchased": figure(Decimal(1234))}


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        yield site.settle()


def test_what_was_taken_is_marked_and_what_lacks_is_named(held: site.Site) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username="one-reporter"))
    form = f"/reporting/{owed('utilisation_report', '2025', reporter(held))}/form/"
    december = owed("energy_purchase", "2025-12", reporter(held))
    sign(december, BOUGHT, Stand.RETURNED)
    page = client.get(form).content.decode()
    assert "能源购进、消费与库存 2025年12月（已退回）" in page
    assert "单位产品能源消耗 2025年四季度" not in page, "what the unit does not owe is not lacking"
    assert "1234" not in page
    sign(december, BOUGHT)
    page = client.get(form).content.decode()
    assert 'name="structure.raw_coal.purchased" value="1234"' in page
    assert "已接收报表 能源购进、消费与库存 2025年12月" in page
    assert "能源购进、消费与库存 2025年12月（" not in page
    client.cookies["django_language"] = "en"
    assert "Accepted return: Purchase, consumption and stock of energy" in client.get(form).content.decode()


def test_a_draft_begun_before_a_return_was_accepted_says_so(held: site.Site) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username="one-reporter"))
    number = owed("utilisation_report", "2025", reporter(held))
    december = owed("energy_purchase", "2025-12", reporter(held))
    save(number, site.by("one-reporter"), ToSave(entries={"structure.coke.purchased": figure(Decimal(7))}))
    since = "起草以后以下报表已接收"
    assert since not in client.get(f"/reporting/{number}/form/").content.decode()
    sign(december, BOUGHT)
    page = client.get(f"/reporting/{number}/form/").content.decode()
    assert since in page
    assert "能源购进、消费与库存 2025年12月（已接收）" in page
    discard(number, site.by("one-reporter"))
    save(number, site.by("one-reporter"), ToSave(entries={"structure.coke.purchased": figure(Decimal(7))}))
    assert since not in client.get(f"/reporting/{number}/form/").content.decode()
