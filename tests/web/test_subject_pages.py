"""Units and what became of them: recorded on a page or by a program, and shown in one series from then on."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from actors import CLERK
from shuangkong.records.facts import store
from shuangkong.records.facts.models import SubjectChange
from shuangkong.records.journal.models import JournalRow

pytestmark = pytest.mark.django_db
COUNTY, ENERGY = "990100", "unit_energy_consumption"
HEAD = ["指标", "对象", "对象类别", "时期", "数值", "单位", "状态"]
PAGE = f"/indicators/subjects/?place={COUNTY}"


def record(client: Client, what: str, code: str, **more: str) -> int:
    form = {"act": what, "code": code, "document": "县统计局通知", "region": COUNTY, **more}
    return client.post(PAGE, form).status_code


def told(*rows: tuple[str, str, str]) -> None:
    table = [[ENERGY, code, "单位", period, value, "吨标准煤", "最终"] for code, period, value in rows]
    report = store.load_rows([HEAD, *table], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.is_written, report.verdicts


def test_a_merger_is_recorded_and_shown_in_one_series(clerk: Client) -> None:
    assert [record(clerk, "register", code, name=f"第{code}水泥厂") for code in ("U1", "U2")] == [302, 302]
    told(("U1", "2023", "200"), ("U2", "2023", "500"), ("U2", "2024", "800"))
    assert record(clerk, "enter", "U1", on="2021-01-01") == 302
    assert record(clerk, "leave", "U1", on="2024-01-01") == 302
    assert record(clerk, "merge", "U1", on="2024-01-01", other="U2") == 302
    acts = list(JournalRow.objects.filter(act__startswith="subject.").order_by("pk").values_list("act", flat=True))
    assert acts == ["subject.register", "subject.register", "subject.scope", "subject.scope", "subject.succeed"]
    series = clerk.get(f"/indicators/series/{ENERGY}/unit:U2/").content.decode()
    assert "与前身之和：第U1水泥厂" in series
    assert "700" in series
    assert "并入" in clerk.get(f"/indicators/series/{ENERGY}/unit:U1/").content.decode()
    figure = clerk.get(f"/indicators/figure/{ENERGY}/2023/unit:U2/").content.decode()
    assert "沿革：由它和前身各自报的数相加" in figure
    (became,) = clerk.get(f"/api/v1/situation/{COUNTY}/scopes").json()["successions"]
    assert (became["before"], became["after"], became["kind"]) == ("unit:U1", "unit:U2", "merged")


def test_a_split_is_said_in_words_beside_what_was_told(clerk: Client) -> None:
    assert [record(clerk, "register", code, name=f"第{code}水泥厂") for code in ("U1", "U2")] == [302, 302]
    told(("U2", "2023", "537"))
    assert record(clerk, "split", "U1", on="2024-01-01", other="U2") == 302
    figure = clerk.get(f"/indicators/figure/{ENERGY}/2023/unit:U2/").content.decode()
    assert "前身分给了几家，不知各得多少" in figure
    assert "537" in figure
    assert "它所依据的数还没有录入" not in figure
    after, before = (clerk.get(f"/indicators/series/{ENERGY}/unit:{code}/").content.decode() for code in ("U2", "U1"))
    assert "它的一部分划入" in after
    assert "一部分划给" in before
    assert "并入它的是" not in after


def test_what_is_refused_stands_beside_what_was_typed(clerk: Client) -> None:
    answer = clerk.post(PAGE, {"act": "merge", "code": "U9", "on": "2024-01-01", "document": "通知", "other": "U8"})
    text = answer.content.decode()
    assert (answer.status_code, "FCT-304" in text, 'value="U9"' in text) == (422, True, True)
    assert clerk.post(PAGE, {"act": "sell", "code": "U9", "document": "通知"}).status_code == 422
    assert clerk.post(PAGE, {"act": "enter", "code": "U9", "on": "2024-13-01", "document": "通知"}).status_code == 422
    assert not SubjectChange.objects.exists()


def test_a_program_does_the_same(clerk: Client) -> None:
    def send(**told: str) -> int:
        body = json.dumps({"document": "通知", **told})
        return clerk.post("/api/v1/subjects/acts", body, content_type="application/json").status_code

    assert [send(act="register", code=code, name="某厂", region=COUNTY) for code in ("U1", "U2")] == [200, 200]
    assert send(act="rename", code="U1", other="U2", on="2024-01-01") == 200
    assert send(act="rename", code="U2", other="U1", on="2024-01-01") == 422
    assert SubjectChange.objects.get().kind == "renamed"


def test_each_act_shows_its_own_fields_and_what_can_be_chosen(clerk: Client) -> None:
    assert record(clerk, "register", "U1", name="北溪水泥厂") == 302
    wanted = {
        "register": {"code", "name", "region", "document"},
        "enter": {"code", "scope", "on", "document"},
        "leave": {"code", "scope", "on", "document"},
        "rename": {"code", "other", "on", "document"},
        "merge": {"code", "other", "on", "document"},
        "split": {"code", "other", "on", "document"},
    }
    for act, names in wanted.items():
        text = clerk.get(f"{PAGE}&act={act}").content.decode()
        form = text[text.index('class="card form"') :]
        assert set(re.findall(r'<(?:input|select) id="(\w+)"', form)) == names
        assert ("北溪水泥厂（U1）" in form) == (act != "register")
    bare = clerk.get(PAGE).content.decode()
    assert 'class="card form"' not in bare
    assert all(f"act={act}" in bare for act in (*wanted, "withdraw"))


def test_a_unit_may_be_told_by_its_name_and_several_are_offered(clerk: Client) -> None:
    for code, name in (("U1", "北溪水泥厂"), ("U2", "南溪水泥厂")):
        assert record(clerk, "register", code, name=name) == 302
    assert record(clerk, "enter", "北溪水泥厂", on="2021-01-01") == 302
    answer = clerk.post(PAGE, {"act": "leave", "code": "水泥", "on": "2024-01-01", "document": "通知"})
    text = answer.content.decode()
    assert (answer.status_code, "FCT-317" in text) == (422, True)
    assert '<select id="code"' in text
    assert text.count("溪水泥厂（U") >= 2
