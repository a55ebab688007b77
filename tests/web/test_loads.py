"""录入实际值: what the page shows of a trial, and what it keeps."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from shuangkong.records.facts.columns import COLUMNS
from shuangkong.records.facts.models import Observation

HEAD = "指标,对象,时期,数值,单位,口径,状态\n"
ROWS = "能耗强度,云桥县,2024,-1.1,%,比上年变化,初步\n能耗强度,云桥县,2024-H1,-1.2,%,比上年变化,快报\n"


def _send(clerk: Client, act: str, rows: str = ROWS, **more: str) -> bytes:
    file = SimpleUploadedFile("t.csv", (HEAD + rows).encode())
    return clerk.post("/targets/actuals/", {"file": file, "act": act, "source": "年报", **more}).content


def test_a_trial_names_the_indicator_and_offers_nothing_that_would_lose_it(clerk: Client) -> None:
    before = Observation.objects.count()
    page = _send(clerk, "check").decode()
    assert "单位地区生产总值能耗" in page
    assert ">energy_intensity<" not in page
    assert "不满一年：只列出，不计入进度" in page
    assert "verdicts-sort" not in page
    assert "xlsx=verdicts" not in page
    assert Observation.objects.count() == before


def test_a_trial_can_be_kept_as_a_workbook(clerk: Client) -> None:
    before = Observation.objects.count()
    rows = CalamineWorkbook.from_filelike(BytesIO(_send(clerk, "export"))).get_sheet_by_index(0).to_python()
    assert any("单位地区生产总值能耗" in row and "-1.1%" in row for row in rows)
    assert Observation.objects.count() == before


def test_the_page_takes_no_figure_without_a_source(clerk: Client) -> None:
    before = Observation.objects.count()
    assert "TGT-111" not in _send(clerk, "check").decode()
    assert "来源" in _send(clerk, "record", source="").decode()
    assert Observation.objects.count() == before


def test_half_a_year_stands_among_the_figures_of_its_target(clerk: Client, adopted: int) -> None:
    from shuangkong.records.targets import store as targets

    _send(clerk, "record")
    page = clerk.get(f"/targets/{targets.targets(adopted)[0].id}/").content.decode()
    assert "2024-H1" in page


def test_page_and_sheet_mark_every_column_that_must_be_filled(clerk: Client) -> None:
    page = clerk.get("/targets/actuals/").content.decode()
    book = CalamineWorkbook.from_filelike(BytesIO(clerk.get("/targets/actuals/template.xlsx").content))
    guide = {row[0]: row[1:] for row in book.get_sheet_by_index(1).to_python()}
    for column in COLUMNS:
        assert (f"{column.headings[0]} *" in page) is column.is_required
        assert guide[column.headings[0]] == ["必填" if column.is_required else "可空", column.takes]
    assert "“缺失”写在数值列" in page
    clerk.post("/language/", {"language": "en"})
    assert "“missing” goes into the value column" in clerk.get("/targets/actuals/").content.decode()
