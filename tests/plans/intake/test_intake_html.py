"""The web door: main text in document order, tables as grids, furniture of the markup gone."""

from __future__ import annotations

import pytest
from made_files import PLAN

from shuangkong.plans.document import Document, DocumentRefused
from shuangkong.plans.intake import open_document


def page(body: str, head: str = '<meta charset="utf-8">', encoding: str = "utf-8") -> Document:
    return open_document("page.html", f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding))


@pytest.mark.parametrize(
    ("name", "encoding"), [("gb2312", "gb18030"), ("GBK", "gbk"), ("gb18030", "gb18030"), ("utf-8",) * 2]
)
@pytest.mark.parametrize(
    "form", ['<meta charset="{}">', '<meta http-equiv="Content-Type" content="text/html; charset={}">']
)
def test_the_page_names_its_encoding(name: str, encoding: str, form: str) -> None:
    document = page("<p>" + "</p><p>".join(PLAN) + "</p>", form.format(name), encoding)
    assert document.text == "\n".join(PLAN)


def test_a_wrong_declaration_gives_way_to_the_bytes() -> None:
    assert page("<p>" + "</p><p>".join(PLAN), '<meta charset="gb2312">').text == "\n".join(PLAN)


def test_blocks_and_breaks_are_lines_and_inline_parts_are_not() -> None:
    body = "<div>一、<b>目</b><span>标</span><p>甲<br/>乙</p>丙</div><h2>丁</h2>"
    body += "<ol start=3><li>戊<li>己</ol>&ensp;A&amp;B&lt;5"
    assert page(body).text.split("\n") == ["一、目标", "甲", "乙", "丙", "丁", "3. 戊", "4. 己", "\u2002A&B<5"]


def test_source_line_ends_are_not_printed_between_chinese_characters() -> None:
    assert page("<p>节能\n   减排\n PM 2.5\t\n and\nCO</p>").text == "节能减排 PM 2.5 and CO"
    assert page("<pre>甲  乙\n\t丙</pre>").text == "甲  乙\n\t丙"


def test_scripts_styles_navigation_and_hidden_parts_are_left_out() -> None:
    plan = "<p>" + "</p><p>".join(PLAN) + "</p>"
    noise = (
        "<script>var a='坏';</script><style>p{}</style><nav><a>首页</a></nav><!-- 注 -->"
        '<div style="display: none">隐藏</div><p hidden>隐藏</p><select><option>选</option></select>'
        "<noscript>无</noscript>"
    )
    assert page(noise + plan).text == "\n".join(PLAN)


def test_the_body_is_never_left_out_even_when_hidden_or_inside_a_form() -> None:
    plan = "<p>" + "</p><p>".join(PLAN) + "</p>"
    assert page(f'<form><div style="visibility:hidden">{plan}</div></form><p>页脚</p>').text == "\n".join(
        [*PLAN, "页脚"]
    )


def test_a_table_is_a_grid_with_merges_spread() -> None:
    body = """<p>前</p><table><thead>
      <tr><th rowspan=2>乡镇</th><th colspan="2">强度<br>目标</th><th rowspan="0">备注</th></tr>
      <tr><th>2020年</th><th>2025<br>年</th></tr></thead>
      <tbody><tr><td>东 坪 乡</td><td>0.701</td><td><p>0.598</p></td></tr></tbody></table><p>后</p>"""
    document = page(body)
    assert document.text.split("\n") == ["前", "乡镇\t强度目标\t备注", "2020年\t2025年", "东 坪 乡\t0.701\t0.598", "后"]
    (grid,) = document.grids
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["乡镇", "强度目标", "强度目标", "备注"],
        ["乡镇", "2020年", "2025年", "备注"],
        ["东 坪 乡", "0.701", "0.598", "备注"],
    ]
    assert [[cell.merged for cell in row] for row in grid.rows] == [
        [False, False, True, False],
        [True, False, False, True],
        [False, False, False, True],
    ]
    assert grid.span.of(document.text) == "乡镇\t强度目标\t备注\n2020年\t2025年\n东 坪 乡\t0.701\t0.598"


def test_a_table_that_lays_out_the_page_is_not_a_grid() -> None:
    inner = "<table><tr><td>甲</td><td>1</td></tr></table>"
    document = page(f"<table><tr><td>左栏</td><td><p>一、目标</p>{inner}</td></tr></table>")
    assert document.text.split("\n") == ["左栏", "一、目标", "甲\t1"]
    assert len(document.grids) == 1
    assert page("<table><tr><td><p>一</p><p>二</p></td></tr></table>").grids == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<script>1</script>", "PLN-902"),
        ("<table><tr>" + "<td colspan=1000 rowspan=1000>1" * 400 + "</table>", "PLN-908"),
        ("<table>" + "<tr><td rowspan=999>1<td colspan=900>2" * 999 + "</table>", "PLN-908"),
        ("<div>" * 220 + "一、", "PLN-908"),
        ("<b>" * 100_000 + "一、", "PLN-908"),
        ("<i>" * 1_000_001, "PLN-908"),
    ],
    ids=["empty", "wide", "square", "deep", "deep-inline", "many"],
)
def test_hostile_pages_are_refused(body: str, code: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        page(body)
    assert refusal.value.code == code
