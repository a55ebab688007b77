"""Headers, limits and what a person is told when something is refused."""

from __future__ import annotations

from typing import Any

import county
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from actors import ADMIN
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Verdict


def test_every_answer_is_guarded(guest: Client) -> None:
    answer = guest.get("/login/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_chinese_comes_first_whatever_the_browser_prefers(guest: Client) -> None:
    browser = {"accept-language": "en-US,en;q=0.9"}
    assert "请登录" in guest.get("/login/", headers=browser).content.decode()
    guest.post("/language/", {"language": "en"})
    answer = guest.get("/login/", headers={"accept-language": "zh-CN"})
    assert "Please log in" in answer.content.decode()
    assert answer["Content-Language"] == "en"
    guest.cookies["django_language"] = "no-such"
    assert "请登录" in guest.get("/login/").content.decode()


def test_health_asks_nothing(client: Client) -> None:
    """No database is marked for this test: a query would fail it."""
    assert client.get("/health/", headers={"host": "localhost"}).content == b"ok\n"


def test_a_wrong_password_is_told_and_forgets_nothing(guest: Client) -> None:
    Person.objects.create_user("clerk", password="right-and-long")
    appoint("clerk", Role.AUDITOR, ADMIN, "测试")
    answer = guest.post("/login/", {"username": "clerk", "password": "wrong"})
    assert "用户名或密码不对" in answer.content.decode()
    assert 'value="clerk"' in answer.content.decode()
    assert guest.post("/login/", {"username": "clerk", "password": "right-and-long"}).status_code == 302
    assert guest.get("/").status_code == 200
    assert guest.post("/logout/").status_code == 302
    assert guest.get("/").status_code == 302


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有这个页面"), ("en", "There is no such page")])
def test_a_missing_page_says_so_in_both_languages(guest: Client, language: str, words: str) -> None:
    guest.post("/language/", {"language": language})
    answer = guest.get("/no/such/page/")
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/plans/9/", "/plans/measures/9/", "/plans/bodies/9/", "/targets/9/", "/maps/none.geojson"]
)
def test_what_is_not_there_is_not_found(guest: Client, path: str) -> None:
    county.settle("not used here")
    guest.force_login(Person.objects.get(username="admin"))
    assert guest.get(path).status_code == 404


def test_a_form_without_its_token_is_refused_with_advice(db: None) -> None:
    answer = Client(enforce_csrf_checks=True, headers={"host": "localhost"}).post("/login/", {"username": "a"})
    assert answer.status_code == 403
    assert "表单已过期" in answer.content.decode()


def test_a_file_over_the_limit_is_refused_before_it_is_read(clerk: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1000
    answer = clerk.post("/plans/upload/", {"file": SimpleUploadedFile("long.txt", b"x" * 2000)})
    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()


def test_a_server_fault_has_a_page(guest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("on purpose")

    guest.raise_request_exception = False
    county.settle("not used here")
    guest.force_login(Person.objects.get(username="admin"))
    monkeypatch.setattr("shuangkong.web.plans.views.plans.store.plans", fault)
    answer = guest.get("/plans/")
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()
    assert "数据没有改动" in answer.content.decode()


def test_whether_an_act_that_failed_was_kept_is_not_said_to_be_known(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    clerk.raise_request_exception = False
    monkeypatch.setattr("shuangkong.web.plans.views.upload.study", fault)
    answer = clerk.post("/plans/upload/", {"file": SimpleUploadedFile("方案.txt", "方案".encode())})
    assert (answer.status_code, "没有改动" in answer.content.decode()) == (500, False)
    assert "不能确定刚才的操作有没有记下" in answer.content.decode()
    assert "可能成为两次" in answer.content.decode()


def test_a_broken_upload_says_why(clerk: Client) -> None:
    answer = clerk.post("/plans/upload/", {"file": SimpleUploadedFile("方案.docx", b"PK\x03\x04 nothing else")})
    assert answer.status_code == 422
    assert "PLN-9" in answer.content.decode()
    assert len(plans.plans()) == 1


def test_the_same_file_is_not_read_twice(clerk: Client, adopted: int) -> None:
    content = (county.DOCUMENTS / "county-plan.txt").read_bytes()
    answer = clerk.post("/plans/upload/", {"file": SimpleUploadedFile("again.txt", content)})
    assert answer.status_code == 303
    assert answer["Location"] == f"/plans/{adopted}/review/"
    assert len(plans.plans()) == 1


def test_a_review_without_script_records_and_returns(clerk: Client, adopted: int) -> None:
    entry = next(each for each in plans.entries(adopted) if each.kind == "target")
    place = f"/plans/{adopted}/review/{entry.id}/decide/"
    wrong = clerk.post(place, {"verdict": "corrected", "value": "13", "reason": ""}, follow=True)
    assert "理由" in wrong.content.decode()
    clerk.post(place, {"verdict": "corrected", "value": "13", "reason": "与印发件核对"})
    now = plans.entry(entry.id)
    assert now is not None
    assert now.decision is not None
    assert (now.decision.verdict, now.payload["value"], now.decision.decided_by) == (Verdict.CORRECTED, "13", "admin")
    record = clerk.get(f"/plans/{adopted}/history/").content.decode()
    assert "数值：14 → 13" in record
    assert "与印发件核对" in record


def test_actuals_that_are_refused_write_nothing(clerk: Client) -> None:
    rows = "指标,对象,时期,数值,单位,状态\n能耗强度,云桥县,2024,3,吨,最终\n能耗强度,别处县,2024,-3,%,最终\n"
    sheet = SimpleUploadedFile("行.csv", rows.encode())
    answer = clerk.post("/targets/actuals/", {"file": sheet, "source": "测试", "act": "record"})
    text = answer.content.decode()
    assert "不能录入" in text
    assert "data-may-record" not in text
    assert "2024" not in clerk.get("/targets/?targets-words=单位地区").content.decode().partition("<table")[2]
