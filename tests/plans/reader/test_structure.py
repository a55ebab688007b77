"""Head, numbering, brackets and tables, on small documents of our own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reader.flow import paragraphs
from shuangkong.plans.reading import Kind, Reading, Role
from shuangkong.rulebook import open_rulebook


def read(text: str) -> Reading:
    return read_plan(Document("plan.txt", Medium.TXT, text), open_rulebook().lexicon())


HEAD = """青禾市人民政府
关于印发青禾市“十四五”节能减排
综合工作方案的通知
青政发〔2022〕8号
各区县人民政府，市政府各部门：
现将《青禾市“十四五”节能减排综合工作方案》印发给你们，请认真执行。
青禾市人民政府
二〇二二年六月三十日
（此件公开发布）
青禾市“十四五”节能减排综合工作方案
根据《青河省人民政府关于印发“十四五”节能减排综合工作方案的通知》（青政〔2022〕3号），制定本方案。
"""


def test_the_head_is_read() -> None:
    head = read(HEAD + "一、总体要求\n坚持节约优先。\n二、目标\n到2025年，单位GDP能耗下降14%。\n").head
    assert head.title == "青禾市“十四五”节能减排综合工作方案"
    assert (head.doc_no, head.issuer, head.region) == ("青政发〔2022〕8号", "青禾市人民政府", "青禾市")
    assert head.issued_on == date(2022, 6, 30)
    assert (head.horizon.base_year, head.horizon.start_year, head.horizon.end_year) == (2020, 2021, 2025)
    assert [(p.doc_no, p.role) for p in head.parents] == [("青政〔2022〕3号", "parent")]
    assert head.addressees == ("各区县人民政府", "市政府各部门")
    assert head.redaction == "此件公开发布"
    assert not head.doubts


RUNNING = "一、总则\n（一）要求。甲。\n二、措施\n（二）工业。乙。\n（三）建筑。丙。\n"
RESTARTING = (
    "一、总则\n甲甲甲。\n二、措施\n（一）工业。\n1.节能改造。乙。\n2.清洁生产。丙。\n"
    "（二）建筑。丁。\n三、保障\n（一）组织领导。戊。\n"
)
LOST = "总体要求和目标\n（一）要求。甲甲甲甲。\n优化产业结构\n(二) 工业。乙乙乙乙。\n三、保障\n(三) 考核。丙丙丙。\n"
ARTICLES = "第一章 总则\n第一条 为节约能源，制定本方案。\n第二章 措施\n第二条 工业节能。甲甲。\n"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (RUNNING, ["（一）", "（二）", "（三）"]),
        (RESTARTING, ["一", "二（一）1", "二（一）2", "二（二）", "三（一）"]),
        (LOST, ["（一）", "（二）", "（三）"]),
        (ARTICLES, ["第一条", "第二条"]),
    ],
    ids=["running", "restarting", "lost chapter numbers", "articles"],
)
def test_the_key_of_an_item_is_its_path(text: str, numbers: list[str]) -> None:
    assert [item.no for item in read(text).items] == numbers


def test_a_lost_chapter_number_is_said() -> None:
    chapters = read(LOST).chapters
    assert [(c.no, bool(c.doubts)) for c in chapters] == [(None, True), (None, True), ("三", False)]


BRACKETS = {
    "（牵头单位：市甲局、市乙局，参加单位：市丙局等）": [
        ("市甲局", Role.LEAD),
        ("市乙局", Role.LEAD),
        ("市丙局", Role.PARTICIPANT),
    ],
    "（市甲局、市乙局等按职责分工负责）": [("市甲局", Role.SHARED), ("市乙局", Role.SHARED)],
    "（市甲局牵头，市乙局、市丙局按职责分工负责）": [
        ("市甲局", Role.LEAD),
        ("市乙局", Role.SHARED),
        ("市丙局", Role.SHARED),
    ],
    "（市甲局负责）": [("市甲局", Role.LEAD)],
    "（责任单位：市甲局；配合单位：市乙局）": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（牵头单位：市甲局。参加单位：市乙局、）": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（市甲局牵头，市乙局等部门和各县人民政府按职责分工负责）": [
        ("市甲局", Role.LEAD),
        ("市乙局", Role.SHARED),
        ("各县人民政府", Role.SHARED),
    ],
    "（牵头部门：市甲局，配合部门：市乙局，完成时限：2018年底）": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（责任领导：某某；牵头单位：市甲局 参加单位：市乙局）": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（牵头单位：市甲局；责任单位：市乙局）": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（市甲局会同市乙局、市丙局负责）": [
        ("市甲局", Role.LEAD),
        ("市乙局", Role.PARTICIPANT),
        ("市丙局", Role.PARTICIPANT),
    ],
    "（由市甲局牵头、市乙局配合）": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（市甲局牵头、市乙局、市丙局配合）": [
        ("市甲局", Role.LEAD),
        ("市乙局", Role.PARTICIPANT),
        ("市丙局", Role.PARTICIPANT),
    ],
    "（市甲局负责、市乙局参与）": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（市甲局牵头、市级有关部门按职责分工负责）": [("市甲局", Role.LEAD), ("市级有关部门", Role.SHARED)],
    "【市甲局负责】": [("市甲局", Role.LEAD)],
    "[牵头单位：市甲局]": [("市甲局", Role.LEAD)],
    "【牵头单位：市甲局，参加单位：市乙局】": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（市发展和改革局、市乙局，各县（市、区）人民政府）": [
        ("市发展和改革局", Role.SHARED),
        ("市乙局", Role.SHARED),
        ("各县（市、区）人民政府", Role.SHARED),
    ],
    "责任单位：市甲局，配合单位：市乙局。": [("市甲局", Role.LEAD), ("市乙局", Role.PARTICIPANT)],
    "（市发展改革委（市能源局）牵头，各县<区>人民政府配合）": [
        ("市发展改革委（市能源局）", Role.LEAD),
        ("各县<区>人民政府", Role.PARTICIPANT),
    ],
}


@pytest.mark.parametrize(("bracket", "bodies"), BRACKETS.items(), ids=list(BRACKETS))
def test_a_bracket_names_bodies_with_roles(bracket: str, bodies: list[tuple[str, Role]]) -> None:
    item = read(f"一、措施\n（一）工业。推进技术改造。{bracket}\n").items[0]
    assert [(b.name, b.role) for b in item.bodies] == bodies
    assert item.open_ended == ("等" in bracket)


@pytest.mark.parametrize(
    "text",
    [
        "（一）工业。（市甲局牵头，市乙局负责）到2018年底，建成绿色工厂5家。",
        "（一）工业（市甲局牵头，市乙局负责）。到2018年底，建成绿色工厂5家。",
        "（一）工业：（市甲局牵头、市乙局负责）到2018年底，建成绿色工厂5家。",
        "（一）工业（市甲局牵头，市乙局负责）\n到2018年底，建成绿色工厂5家。",
        "（一）工业\n（市甲局牵头，市乙局负责）到2018年底，建成绿色工厂5家。",
        "（一）工业。到2018年底，建成绿色园区1个（市甲局牵头），建成绿色工厂5家（市乙局负责）。",
    ],
)
def test_a_bracket_need_not_stand_at_the_end(text: str) -> None:
    found = read(f"一、措施\n{text}\n")
    assert found.items[0].bodies[0].role is Role.LEAD
    assert [b.name for b in found.items[0].bodies] == ["市甲局", "市乙局"]
    assert found.items[0].title == "工业"
    assert [(t.value, t.deadline) for t in found.targets][-1:] == [(5, "2018-12")]
    assert not found.duties


def test_a_bracket_that_explains_a_word_names_nobody() -> None:
    found = read("一、措施\n（一）工业。督促企业（重点用能企业由市甲局负责）整改。（市乙局负责）\n")
    assert [b.name for b in found.items[0].bodies] == ["市乙局"]


def test_a_name_that_still_holds_a_role_is_doubted() -> None:
    found = read("一、措施\n（一）工业。推进改造。（市甲局牵头市乙局配合）\n（二）建筑。推进改造。（市甲局牵头）\n")
    assert [[doubt.code for doubt in item.doubts] for item in found.items] == [["body_name"], []]


def test_a_standing_clause_is_kept_for_all_items() -> None:
    found = read(
        "一、措施\n（一）工业。推进改造。（牵头单位：市甲局，各县区人民政府负责落实。以下均需各县区人民政府落实，不再列出）\n"
        "（二）建筑。推进改造。（牵头单位：市乙局）\n"
    )
    assert [b.name for b in found.standing] == ["各县区人民政府"]
    assert [item.named(Role.LEAD) for item in found.items] == [("市甲局",), ("市乙局",)]


def test_a_sentence_cut_by_a_page_is_joined() -> None:
    text = (
        "一、措施\n（一）工业。推动云计算大数据产业园区发展，围绕电子政务、电子商务、智慧城市形\n\n"
        "成产业集聚区，到2025年建成绿色工厂5家。\n"
    )
    found = read(text)
    assert len(found.items) == 1
    assert [(t.indicator, t.value) for t in found.targets] == [("绿色工厂建成数", 5)]
    assert found.items[0].sentences[0].span.of(text).count("\n") == 2


TABBED = (
    "附件1\n各县区目标\n地 区\t能耗强度降低目标(%)\t能耗增量控制目标(万吨标准煤)\n"
    "东 区\t15\t20\n西县\t16%\t12\n全市\t15.5\t32\n注：不含市直企业\n"
)
FLAT = (
    "附件1\n各县区目标\n\t地 区\n\t能耗强度降低目标\n\n　　（%）\n\t能耗增量控制目标（万吨标准煤）\n\n"
    "\t东区\n\t15\n\t20\n\n\t西县\n\t16\n\t12\n\n\t全市\n\t15.5\n\t32\n注：不含市直企业\n"
)


@pytest.mark.parametrize("table", [TABBED, FLAT], ids=["tabs", "one cell a line"])
def test_an_annex_table_is_typed(table: str) -> None:
    found = read(f"{HEAD}{RUNNING}{table}")
    assert len(found.tables) == 1
    rows = found.tables[0].rows
    assert [(r.label, [c.value for c in r.cells[1:]], r.is_total) for r in rows] == [
        ("东区", [15, 20], False),
        ("西县", [16, 12], False),
        ("全市", [pytest.approx(15.5), 32], True),
    ]
    assert [note for note, _ in found.tables[0].notes] == ["注：不含市直企业"]
    east = [(t.kind, t.value, t.unit) for t in found.annex_targets if t.region == "东区"]
    assert east == [(Kind.REDUCTION_RATE, 15, "%"), (Kind.CAP_INCREMENT, 20, "万吨标准煤")]


def test_a_table_without_heading_keeps_its_first_row_and_ends_before_the_copies() -> None:
    table = (
        "附件\n某县控制目标\n能耗强度降低目标（%）\n15\n能耗增量控制目标（万吨标煤）\n9.5\n氨氮减排（%）\n12\n"
        "抄送：县委各部门，县人大常委会办公室。\n某县人民政府办公室　　2018年3月1日印发\n"
    )
    found = read(f"{HEAD}{RUNNING}{table}")
    assert [(row.label, [str(cell.value) for cell in row.cells[1:]]) for row in found.tables[0].rows] == [
        ("能耗强度降低目标（%）", ["15"]),
        ("能耗增量控制目标（万吨标煤）", ["9.5"]),
        ("氨氮减排（%）", ["12"]),
    ]


_WORDS = (
    "一、 （一） (二) 1. 附件1 到2025年， 化学需氧量、氨氮 分别 下降 % ％ 3.5 万吨 以上 （牵头单位：甲局， "
    "参加单位：乙局） “ ” 《 》 （ ） 。 ； 其中 力争 Ⅳ类 由2020年的 - [ ] 節能減排"
)
_PIECES = st.sampled_from([*_WORDS.split(), "\n", "\t", "　"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=60).map("".join))
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    found = read(text)
    spans = [t.span for t in (*found.targets, *found.thresholds, *found.duties)]
    spans += [t.value_span for t in (*found.targets, *found.annex_targets)]
    spans += [item.span for item in found.items] + [body.span for item in found.items for body in item.bodies]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


_LOST = """{first}
坚持节约优先。
主要目标
1．能耗目标。单位GDP能耗下降15%。
2．煤炭目标。煤炭消费总量控制在70万吨以内。
{third}
1．工业。推进改造。（市甲局负责）
"""


@pytest.mark.parametrize(
    ("first", "third", "numbers", "lost"),
    [
        ("一、总体要求", "三、重点任务", ["一", "主要目标1", "主要目标2", "三1"], ["主要目标"]),
        (
            "总体要求",
            "重点任务",
            ["总体要求", "主要目标1", "主要目标2", "重点任务1"],
            ["总体要求", "主要目标", "重点任务"],
        ),
    ],
)
def test_a_chapter_that_lost_its_number_above_plain_numbers_is_a_chapter(
    first: str, third: str, numbers: list[str], lost: list[str]
) -> None:
    found = read(_LOST.format(first=first, third=third))
    assert [item.no for item in found.items] == numbers
    assert [chapter.title for chapter in found.chapters if chapter.doubts] == lost
    assert [target.item_no for target in found.targets] == ["主要目标1", "主要目标2"]


def test_names_of_the_head_are_given_as_printed() -> None:
    text = (
        "某縣人民政府關於印發某縣節能減排工作方案的通知\n各鄉鎮人民政府，縣級各部門：\n某縣人民政府\n2017年1月5日\n"
        "一、目標\n（一）目標。節能減排。\n抄送：縣委辦，縣人大辦。\n"
    )
    head = read_plan(Document("plan.txt", Medium.TXT, text), open_rulebook().lexicon()).head
    assert head.notice_title == "某縣人民政府關於印發某縣節能減排工作方案的通知"
    assert head.addressees == ("各鄉鎮人民政府", "縣級各部門")
    assert head.copies == ("縣委辦", "縣人大辦")


def test_lines_of_one_sentence_become_one_paragraph_with_every_place_kept() -> None:
    source = "推进甲项工作\n，　开展乙项\n、丙项工作（见\n附表）。\n下一段。\n"
    first, second = paragraphs(plain(source), source)
    assert (first.text, second.text) == ("推进甲项工作，开展乙项、丙项工作（见附表）。", "下一段。")
    assert "".join(source[at] for at in first.offsets) == first.text == first.printed
    assert first.joins == (6, 11, 18)
    assert first.gaps == {7}


@pytest.mark.parametrize(("above", "number"), [("煤炭与用水\n", "煤炭与用水1"), ("", "1")])
def test_a_plan_of_plain_numbers_begins_above_its_first(above: str, number: str) -> None:
    found = read(f"某市节能减排工作方案\n{above}1．煤炭。煤炭消费总量控制在70万吨以内。\n2．用水。推进节水。\n")
    assert [target.item_no for target in found.targets] == [number]


CUT = "一、目标\n（一）标题。{}（牵头单位：市发展改革委）\n（二）下一项。丁。\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("到2025年，建成绿色工厂10家。森林覆", "盖率达到30%。"),
        ("到2025年，森林覆", "盖率达到30%。"),
        ("甲甲甲。到2025年，森林覆盖率（含林网）", "达到30%。"),
    ],
    ids=["after a sentence", "after a comma", "after an aside in brackets"],
)
def test_a_sentence_cut_within_a_line_is_joined(before: str, after: str) -> None:
    found = [
        (t.indicator, t.value, t.deadline) for t in read(HEAD + CUT.format(f"{before}\n\n- 5 -\n\n{after}")).targets
    ]
    assert found == [(t.indicator, t.value, t.deadline) for t in read(HEAD + CUT.format(before + after)).targets]
    assert found[-1][1:] == (30, "2025")


def test_a_bracket_that_names_who_answers_ends_a_paragraph_without_a_full_stop() -> None:
    text = "一、目标\n到2025年，甲甲甲甲，乙乙（市水利局负责）\n丙丙丙丙。\n"
    document = Document("plan.txt", Medium.TXT, text)
    assert [each.text for each in paragraphs(document.text, document.text)][-1] == "丙丙丙丙。"


def test_what_a_site_prints_below_a_plan_is_no_part_of_it() -> None:
    text = HEAD + "一、宣传\n（一）标题。到2025年，每年开展宣传不少于20场次。（市教育局负责）\n"
    below = "\n主办：青禾市人民政府　网站标识码：9900000001\n"
    assert [target.value for target in read(text + below).targets] == [20]


def test_those_addressed_are_no_part_of_a_long_title() -> None:
    title = "某市人民政府办公室关于印发某市“十三五”节能减排综合工作方案及其分工的通知"
    front = f"{title}\n各县（区）人民政府，市级各部门：\n现印发给你们。\n某市人民政府\n2017年1月5日\n"
    document = Document("plan.txt", Medium.TXT, front + "一、目标\n（一）标题。到2020年，森林覆盖率达到30%。\n")
    assert read_plan(document, open_rulebook().lexicon()).head.addressees == ("各县（区）人民政府", "市级各部门")
