"""A unit's own case on its page and by programme; auditors read; the cover; a sealed copy proved genuine or changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
sys.path.insert(0, str(Path(__file__).parents[1]))
import api_site
import returns_site as site
from test_verification_pages import _filed, visitor

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.notices.models import Notice
from shuangkong.records.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        found = site.settle()
        site._person("auditor", Role.AUDITOR, "审计局", site.COUNTY)
        _filed(found.one, "one")
        yield found


def text(client: Client, path: str, status: int = 200, told: dict[str, Any] | None = None) -> str:
    answer = client.get(f"/reporting/{path}") if told is None else client.post(f"/reporting/{path}", told)
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:400])
    return answer.content.decode()


def call(who: str, path: str, told: object = None, status: int = 200) -> Any:
    client, address = api_site.programme(api_site.token(who)), f"{api_site.ROOT}/{path}"
    answer = client.get(address) if told is None else client.post(address, json.dumps(told), "application/json")
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode())
    return answer.json()


def test_a_case_by_programme_told_to_the_unit_and_answered(held: site.Site) -> None:
    number = call("county", "verification/cases", {"owned": held.one, "ground": "耗煤突降", "codes": ["RPT-100"]})["id"]
    call("county", f"verification/cases/{number}/act", {"kind": "note", "ground": "内部：先看用电"})
    text(visitor("one-reporter"), f"own-cases/{number}/", 404)
    call("one-reporter", f"reporting/returns/{held.one}/verification", None, 404)
    call("county", f"verification/cases/{number}/act", {"kind": "notify", "ground": "请说明九月耗煤"})
    assert Notice.objects.filter(kind="case", thing=number).count() == 1
    page = text(visitor("one-reporter"), f"own-cases/{number}/")
    assert "请说明九月耗煤" in page
    assert "内部：先看用电" not in page
    assert "耗煤突降" not in page
    text(visitor("other-reporter"), f"own-cases/{number}/", 404)
    text(visitor("other-reporter"), f"own-cases/{number}/answer/", 404, {"ground": "不是我"})
    text(visitor("one-signatory"), f"own-cases/{number}/answer/", 302, {"ground": "停窑检修，附记录"})
    call("one-signatory", f"verification/cases/{number}/answer", {"ground": "补充：检修单"})
    seen = call("one-reporter", f"reporting/returns/{held.one}/verification")
    assert [each["kind"] for each in seen["events"]] == ["notify", "answer", "answer"]
    assert (
        call("county", f"verification/cases/{number}/act", {"kind": "answer", "ground": "代答"}, 422)["code"]
        == "RPT-967"
    )
    early = call("county", f"verification/cases/{number}/act", {"kind": "confirm", "ground": "属实"}, 422)
    assert early["code"] == "RPT-964"
    call("county", f"verification/cases/{number}/act", {"kind": "visit", "ground": "看窑", "people": ["甲", "乙"]})
    call("county", f"verification/cases/{number}/act", {"kind": "confirm", "ground": "属实"})
    call("county", f"verification/cases/{number}/act", {"kind": "close", "ground": "结"})
    assert call("one-signatory", f"verification/cases/{number}/answer", {"ground": "再说"}, 422)["code"] == "RPT-964"
    assert "数据属实" in text(visitor("one-reporter"), f"own-cases/{number}/")
    acts = JournalRow.objects.filter(act__startswith="verification.").values_list("act", flat=True)
    assert [each.removeprefix("verification.") for each in acts] == [
        "open", "note", "notify", "answer", "answer", "visit", "confirm", "close",
    ]  # fmt: skip


def test_an_auditor_reads_and_does_nothing(held: site.Site) -> None:
    number = call("county", "verification/cases", {"owned": held.one, "ground": "抽查"})["id"]
    auditor = visitor("auditor")
    assert "抽查" in text(auditor, f"cases/{number}/")
    assert "case_act" not in text(auditor, f"cases/{number}/")
    assert "<form" not in text(auditor, f"cases/{number}/").partition("<main")[2].partition("</main>")[0]
    for path in ("suspicions/", "alarms/", "cases/", "verifiers/"):
        text(auditor, path)
    text(auditor, f"cases/{number}/act/", 403, {"kind": "note", "ground": "改"})
    assert len(call("auditor", "verification/cases")["items"]) == 1
    call("auditor", f"verification/cases/{number}/act", {"kind": "note", "ground": "改"}, 403)


def test_the_register_by_programme(held: site.Site) -> None:
    number = call(
        "county", "verification/bodies", {"code": "V1", "name": "云桥核查所", "region": site.COUNTY, "ground": "备案"}
    )["id"]
    call("county", f"verification/bodies/{number}/tell", {"kind": "gift", "told": {}, "ground": "x"}, 422)
    told = {"kind": "qualification", "told": {"from": "2020-01-01"}, "ground": "证书"}
    call("county", f"verification/bodies/{number}/tell", told)
    known = call("auditor", f"verification/bodies/{number}")
    assert (known["is_qualified"], known["is_suspended"], len(known["known"])) == (True, False, 1)
    call("one-reporter", "verification/bodies", None, 403)


def proved(client: Client, data: bytes) -> str:
    return text(client, "verify/", 200, {"file": SimpleUploadedFile("copy.xlsx", data)})


def altered(data: bytes, old: str, new: str) -> bytes:
    """The same workbook with one text changed wherever people see it."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(target, "w") as after:
        for item in before.infolist():
            after.writestr(item, before.read(item).replace(old.encode(), new.encode()))
    return target.getvalue()


def test_a_cover_is_printed_and_a_copy_is_proved(held: site.Site) -> None:
    mine, other = visitor("one-reporter"), visitor("other-reporter")
    page = text(mine, f"{held.one}/versions/1/cover/")
    assert "单位负责人（签字）" in page
    assert "青云水泥有限公司" in page
    text(other, f"{held.one}/versions/1/cover/", 404)
    data = mine.get(f"/reporting/{held.one}/versions/1/copy/").content
    assert "完全一致" in proved(mine, data)
    assert "青云水泥有限公司" not in proved(other, data), "of another's return only whether it holds"
    assert "完全一致" in proved(other, data)
    assert "处与封存的不同" in proved(mine, altered(data, "<t>900.00</t>", "<t>700.00</t>"))
    assert "处与封存的不同" in proved(mine, altered(data, "青云水泥有限公司", "青云水泥总公司"))
    bad = text(mine, "verify/", 422, {"file": SimpleUploadedFile("x.xlsx", b"not a workbook")})
    assert 'role="alert"' in bad


def test_the_unit_file_shows_all_of_a_unit_to_its_offices_and_itself(held: site.Site) -> None:
    from shuangkong.records.reporting.store import one

    row = one(held.one)
    assert row is not None
    here = f"units/{row.reporter.id}/"
    page = text(visitor("county"), here)
    for said in ("应报 <strong>1</strong> 份", "按时 <strong>1</strong>", "规模以上", "统计范围", "排放口和计量器具"):
        assert said in page, said
    assert "定它报不报一张报表" not in text(visitor("one-reporter"), here)
    text(visitor("other-reporter"), here, 404)
    told = {"form": "industrial_water", "is_owing": "yes", "ground": "抽中调查"}
    text(visitor("county"), f"{here}coverage/", 302, told)
    assert "抽中调查" in text(visitor("one-reporter"), here)
    number = call("county", "verification/cases", {"owned": held.one, "ground": "抽查"})["id"]
    assert "核查案件" not in text(visitor("one-reporter"), here).partition("<main")[2]
    call("county", f"verification/cases/{number}/act", {"kind": "notify", "ground": "请说明"})
    assert f"/own-cases/{number}/" in text(visitor("one-reporter"), here)
