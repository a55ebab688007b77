"""Templates of words and of looks: what an office may write in them, and what it is told where it may not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx.shared import Pt
from written import PLAN, TEMPLATES, bulletin, duty_list, opened, texts

from shuangkong.papers.official import styles as s
from shuangkong.papers.official.paper import Attachment, Paragraph, Table, TableColumn
from shuangkong.papers.official.refusal import TemplateRefused
from shuangkong.papers.official.templates import Templates, read_templates
from shuangkong.papers.official.wording import Words, chinese, filled
from shuangkong.papers.plans.bulletin import bulletin_docx
from shuangkong.papers.plans.duty_list import duty_list_docx

TABLE = Table((TableColumn("甲", 1),), (("1",),))
WORDS = Words(
    {"县": "某县", "空": "", "怪": "一、不是标题"},
    {"有的": [{"名": "丙"}, {"名": "丁"}], "没有的": []},
    {"总表": TABLE},
)


def body(template: str) -> tuple[object, ...]:
    return filled(f"标题：标题\n{template}", WORDS, "t.txt").blocks


def test_lines_become_paragraphs_headings_tables_and_attachments() -> None:
    template = (
        "# 注\n标题：{县}的｜通知\n\n一、甲\n（一）乙。丙\n〔表：总表〕\n正文｛县｝\n附件：{县}表\n〔表：总表〕\n说明"
    )
    content = filled(template, WORDS, "t.txt")
    assert content.title == "某县的｜通知"
    assert content.blocks == (Paragraph("一、甲", 1), Paragraph("（一）乙。丙", 2), TABLE, Paragraph("正文某县"))
    assert content.attachments == (Attachment("某县表", (TABLE, Paragraph("说明"))),)


def test_headings_are_numbered_anew_where_a_line_is_left_out() -> None:
    template = "一、甲\n〔有：没有的〕二、乙\n（五）戊\n（五）己\n二、丙\n（五）庚"
    assert [each.text for each in body(template)] == [  # type: ignore[attr-defined]
        "一、甲", "（一）戊", "（二）己", "二、丙", "（一）庚",
    ]  # fmt: skip


def test_conditions_hold_of_lists_and_values() -> None:
    assert body("〔有：有的〕一\n〔无：有的〕二\n〔无：空〕三\n〔有：县〕〔无：没有的〕四") == tuple(
        map(Paragraph, ("一", "三", "四"))
    )


def test_each_entry_is_a_paragraph_and_counted() -> None:
    assert body("〔逐项：有的〕{序号}. {县}{名}\n〔逐项：没有的〕{名}") == (
        Paragraph("1. 某县丙"),
        Paragraph("2. 某县丁"),
    )


def test_words_before_a_list_of_names_are_strong_and_a_value_is_never_a_heading() -> None:
    assert body("出席：{县}\n{怪}") == (Paragraph("某县", strong="出席："), Paragraph("一、不是标题"))


@pytest.mark.parametrize(
    ("template", "code", "said"),
    [
        ("标题：甲\n\n{镇}", "PPR-103", "第 3 行：没有名为“镇”的值"),
        ("标题：甲\n〔表：分表〕", "PPR-103", "第 2 行：没有名为“分表”的表。可用的有：总表"),
        ("标题：甲\n〔逐项：全部〕{名}", "PPR-103", "没有名为“全部”的清单"),
        ("标题：甲\n〔有：全部〕乙", "PPR-103", "没有名为“全部”的值或清单"),
        ("正文", "PPR-102", "没有标题"),
    ],
)
def test_what_a_template_may_not_say_is_told_with_file_line_and_what_there_is(
    template: str, code: str, said: str
) -> None:
    with pytest.raises(TemplateRefused) as refused:
        filled(template, WORDS, "t.txt")
    assert refused.value.code == code
    assert "t.txt" in refused.value.zh
    assert "t.txt" in refused.value.en
    assert said in refused.value.zh


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")])
def test_headings_count_in_chinese(number: int, word: str) -> None:
    assert chinese(number) == word


def test_office_replaces_the_words_of_one_paper_and_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "duty_list.txt").write_text(
        "\ufeff标题：{方案}分工\n共{任务数}项。\n附件：表\n〔表：分工〕", encoding="utf-8"
    )
    templates = read_templates(tmp_path)
    document = opened(duty_list_docx(duty_list(), templates))
    assert texts(document, s.TITLE) == [f"{PLAN}分工"]
    assert texts(document, s.BODY) == ["共3项。"]
    assert templates.words["bulletin"] == TEMPLATES.words["bulletin"]
    assert read_templates(tmp_path / "none") == TEMPLATES


@pytest.mark.parametrize(
    ("name", "content", "code"), [("通报.txt", "标题：甲".encode(), "PPR-104"), ("minutes.txt", b"\xb1\xea", "PPR-105")]
)
def test_file_that_is_no_template_is_refused_by_name(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TemplateRefused, match=name) as refused:
        read_templates(tmp_path)
    assert refused.value.code == code


def test_any_paper_with_changed_styles_is_a_look(tmp_path: Path) -> None:
    document = opened(bulletin_docx(bulletin(), TEMPLATES))
    document.styles[s.BODY].font.size = Pt(15)  # type: ignore[union-attr]
    document.sections[0].footer.paragraphs[0].text = "本单位页脚"
    target = BytesIO()
    document.save(target)
    (tmp_path / "official.docx").write_bytes(target.getvalue())
    content = duty_list_docx(duty_list(), read_templates(tmp_path))
    made = opened(content)
    assert made.styles[s.BODY].font.size.pt == 15  # type: ignore[union-attr]
    assert made.sections[0].footer.paragraphs[0].text == "本单位页脚"
    assert "督查" not in "".join(texts(made)), "the words of the paper that was changed are gone"
    assert [each.text.count("演示数据") for each in made.sections[0].header.paragraphs] == [1]
    assert duty_list_docx(duty_list(), read_templates(tmp_path)) == content


def test_look_that_is_no_docx_is_refused() -> None:
    with pytest.raises(TemplateRefused, match="PPR-101"):
        duty_list_docx(duty_list(), Templates(TEMPLATES.words, b"PK no"))
