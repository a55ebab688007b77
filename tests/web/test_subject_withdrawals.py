"""What contradicts is answered 422 with its code, and a wrong act is withdrawn, on the page and by a program."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils.timezone import localdate

from shuangkong.records.facts.models import SubjectChange
from shuangkong.records.facts.succession import history
from shuangkong.records.journal.models import JournalRow

pytestmark = pytest.mark.django_db
COUNTY = "990100"
PAGE = f"/indicators/subjects/?place={COUNTY}"
MERGER = {"code": "U1", "other": "U2", "on": "2024-01-01", "document": "通知"}


def send(client: Client, **told: str) -> tuple[int, str]:
    body = json.dumps({"document": "通知", **told})
    answer = client.post("/api/v1/subjects/acts", body, content_type="application/json")
    return answer.status_code, answer.json().get("code", "")


@pytest.fixture
def units(clerk: Client) -> None:
    for code in ("U1", "U2"):
        assert send(clerk, act="register", code=code, name=f"{code}厂", region=COUNTY) == (200, "")


@pytest.mark.usefixtures("units")
def test_a_program_is_told_why_and_withdraws(clerk: Client) -> None:
    assert send(clerk, act="merge", **MERGER) == (200, "")
    assert send(clerk, act="merge", **MERGER) == (422, "FCT-310")
    assert send(clerk, act="register", code="U1", name="冒名公司", region=COUNTY) == (422, "FCT-309")
    assert send(clerk, act="register", code="a/b c", name="某厂", region=COUNTY) == (422, "FCT-313")
    assert send(clerk, act="enter", code="U2", on="2024-01-01", scope="nonsense") == (422, "FCT-314")
    assert send(clerk, act="enter", code="U2", on="2600-01-01") == (422, "API-113")
    assert send(clerk, act="enter", code="U2", on="1948-12-31") == (422, "API-113")
    assert send(clerk, act="enter", code="U2", on=f"{localdate().year + 6}-01-01") == (422, "FCT-308")
    assert send(clerk, act="withdraw", was="merge", **MERGER) == (200, "")
    assert (SubjectChange.objects.count(), history().changes) == (1, ())


@pytest.mark.usefixtures("units")
def test_the_page_says_why_and_withdraws(clerk: Client) -> None:
    assert clerk.post(PAGE, {"act": "merge", **MERGER}).status_code == 302
    again = clerk.post(PAGE, {"act": "merge", **MERGER})
    assert (again.status_code, "FCT-310" in again.content.decode()) == (422, True)
    assert clerk.post(PAGE, {"act": "withdraw", **MERGER}).status_code == 422
    listed = clerk.get(f"{PAGE}&act=withdraw&code=U1").content.decode()
    assert ('name="was" value="merge"' in listed, 'name="was" value="register"' in listed) == (True, True)
    assert clerk.post(PAGE, {"act": "withdraw", "was": "merge", **MERGER}).status_code == 302
    assert clerk.get(f"/api/v1/situation/{COUNTY}/scopes").json()["successions"] == []
    assert JournalRow.objects.filter(act="subject.withdraw", subject="unit/U1", document="通知").count() == 1


@pytest.mark.usefixtures("units")
def test_a_registration_is_withdrawn_by_both_and_stands_where_acts_rest_on_it(clerk: Client) -> None:
    assert send(clerk, act="merge", **MERGER) == (200, "")
    assert send(clerk, act="withdraw", was="register", code="U2") == (422, "FCT-316")
    refused = clerk.post(PAGE, {"act": "withdraw", "was": "register", "code": "U2", "document": "通知"})
    assert (refused.status_code, "FCT-316" in refused.content.decode()) == (422, True)
    assert send(clerk, act="withdraw", was="merge", **MERGER) == (200, "")
    assert send(clerk, act="withdraw", was="register", code="U2") == (200, "")
    assert clerk.post(PAGE, {"act": "withdraw", "was": "register", "code": "U1", "document": "通知"}).status_code == 302
    assert "没有登记“U1”" in clerk.get(f"{PAGE}&act=withdraw&code=U1").content.decode()
