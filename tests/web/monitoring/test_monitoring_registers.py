"""Registers on their pages: by hand, by file, seen and changed by whom."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import monitoring_site as site
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from kept import kept
from shuangkong.records.monitoring.registers.table import REGISTERS

pytestmark = pytest.mark.django_db
OUTLETS = "/monitoring/registers/outlets/"


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        yield site.outlet()


def test_every_register_opens_in_both_languages(outlet: int) -> None:
    site.connected(outlet)
    bureau = site.visitor("bureau")
    for key in REGISTERS:
        for path in ("", "new/", "load/"):
            answer = bureau.get(f"/monitoring/registers/{key}/{path}")
            assert answer.status_code == 200, (key, path)
    assert "现在怎样" in bureau.get(f"{OUTLETS}{outlet}/").content.decode()
    bureau.post("/language/", {"language": "en", "next": "/"})
    assert "Which outlets, stations, sections" in bureau.get(OUTLETS).content.decode()


def test_a_row_is_registered_revised_and_ended(outlet: int) -> None:
    bureau = site.visitor("bureau")
    told = {"region": site.COUNTY, "enterprise": site.UNITS[1], "kind": "water", "code": "DW001", "name": "总排口",
            "starts_on": "2024-01-01"}  # fmt: skip
    assert bureau.post(f"{OUTLETS}new/", told | {"kind": ""}).status_code == 422
    assert bureau.post(f"{OUTLETS}new/", told).status_code == 302
    found = bureau.get(OUTLETS).content.decode()
    assert "DW001" in found
    number = REGISTERS["outlets"].model._default_manager.get(code="DW001").pk
    refused = bureau.post(f"{OUTLETS}{number}/act/", {"act": "revise", "name": "新名", "ground": ""})
    assert refused.status_code == 422
    assert "MON-112" in refused.content.decode()
    bureau.post(f"{OUTLETS}{number}/act/", {"act": "revise", "name": "新总排口", "ground": "更名"})
    assert "名称 总排口 → 新总排口" in bureau.get(f"{OUTLETS}{number}/").content.decode()
    bureau.post(f"{OUTLETS}{number}/act/", {"act": "end", "ends_on": "2024-06-30", "ground": "关停"})
    assert "DW001" not in bureau.get(OUTLETS).content.decode()
    assert "DW001" in bureau.get(f"{OUTLETS}?ended=yes").content.decode()


def test_a_filled_template_comes_back(outlet: int) -> None:
    bureau = site.visitor("bureau")
    read = CalamineWorkbook.from_filelike(BytesIO(bureau.get(f"{OUTLETS}load/template/").content))
    heads = read.get_sheet_by_index(0).to_python()[0]
    told = {
        "地区": "云桥县",
        "企业": site.UNITS[0],
        "类别": "废气排放口",
        "编号": "DA002",
        "名称": "二号",
        "起始日": "2024-01-01",
    }
    rows = [heads, [told.get(str(head), "") for head in heads], ["云桥县", "无此企业", "废气排放口", "DA003", "三号"]]

    def sent(lines: list[list[object]], act: str) -> object:
        text = "\n".join(",".join(map(str, line)) for line in lines)
        return bureau.post(f"{OUTLETS}load/", {"act": act, "file": SimpleUploadedFile("t.csv", text.encode())})

    tried = sent(rows, "record").content.decode()  # type: ignore[attr-defined]
    assert "MON-110" in tried
    assert "DA002" not in bureau.get(OUTLETS).content.decode()
    assert sent(rows[:2], "record").status_code == 302  # type: ignore[attr-defined]
    assert "DA002" in bureau.get(OUTLETS).content.decode()


def test_who_sees_and_who_changes(outlet: int) -> None:
    said = {name: site.visitor(name).get(OUTLETS).content.decode() for name in ("unit", "other", "office", "neighbour")}
    assert "DA001" in said["unit"]
    assert "DA001" not in said["other"]
    assert "DA001" in said["office"]
    assert "DA001" not in said["neighbour"]
    assert all("登记一行" not in each for name, each in said.items() if name != "neighbour")
    for name, code in (("unit", 403), ("other", 404), ("office", 403), ("neighbour", 404), ("finance", 403)):
        answer = site.visitor(name).post(f"{OUTLETS}{outlet}/act/", {"act": "revise", "name": "改", "ground": "试"})
        assert answer.status_code == code, name
    assert site.visitor("unit").get("/monitoring/registers/outlets/new/").status_code == 403
    assert site.visitor("unit").get("/monitoring/registers/services/new/").status_code == 200


def test_a_limit_that_nobody_judges_is_refused(outlet: int) -> None:
    told = {"outlet": str(outlet), "factor": "a21026", "sort": "permit", "high": "35", "unit": "mg/m3",
            "document": "许可证", "starts_on": "2024-01-01"}  # fmt: skip
    bureau, limits = site.visitor("bureau"), "/monitoring/registers/limits/"
    for period, code in (("rtd", "MON-145"), ("minute", "MON-145"), ("month", "MON-148"), ("year", "MON-148")):
        refused = bureau.post(f"{limits}new/", told | {"period": period})
        assert (refused.status_code, code in refused.content.decode()) == (422, True), period
    amount = told | {"period": "year", "unit": "t", "high": "120"}
    for wrong in ({"sort": "local"}, {"factor": "a19001"}, {"is_converted": "是"}, {"low": "1"}):
        assert "MON-148" in bureau.post(f"{limits}new/", amount | wrong).content.decode(), wrong
    assert bureau.post(f"{limits}new/", amount).status_code == 302, "a permitted amount is judged"
    REGISTERS["limits"].model._default_manager.filter(outlet=outlet, period="year").delete()
    assert bureau.post(f"{limits}new/", told | {"period": "day"}).status_code == 302
    row = REGISTERS["limits"].model._default_manager.get(outlet=outlet)
    REGISTERS["limits"].model._default_manager.filter(pk=row.pk).update(period="month")
    bureau.post(f"{limits}{row.pk}/act/", {"act": "end", "ends_on": "2024-06-30", "ground": "停止执行"})
    assert f"{REGISTERS['limits'].model._default_manager.get(pk=row.pk).ends_on}" == "2024-06-30"
