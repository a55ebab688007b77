"""Duty lists, bulletins, responsibility letters and minutes: what they say of what they are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx.table import Table as WordTable
from python_calamine import CalamineWorkbook
from written import (
    PAPERS,
    TEMPLATES,
    bulletin,
    duties,
    duty_list,
    letter,
    member,
    minutes,
    opened,
    printed,
    texts,
)

from shuangkong.papers.official import styles as s
from shuangkong.papers.official.paper import Basis, Party
from shuangkong.papers.plans import saying
from shuangkong.papers.plans.bulletin import bulletin_docx, bulletin_xlsx
from shuangkong.papers.plans.duty_list import duty_list_docx, duty_list_xlsx
from shuangkong.papers.plans.minutes import minutes_docx
from shuangkong.papers.plans.responsibility_letter import responsibility_letter_docx
from shuangkong.papers.plans.saying import Duty, deadline, helping, numbered, responsible, share_pct
from shuangkong.plans.tasks.events import Grade, Part, State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.plans.tasks.standing import Clock


def cells(table: WordTable) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def sheet(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


def test_duty_list_says_who_and_by_when_and_what_is_nobodys() -> None:
    document = opened(duty_list_docx(duty_list(), TEMPLATES))
    assert cells(document.tables[0]) == [
        ["序号", "条目", "重点任务", "牵头（责任）单位", "参加单位", "完成时限"],
        ["1", "（一）", "推进锅炉改造", "甲局、乙局", "丙局", "2031年\n6月"],
        ["2", "（二）", "做好统计", "丁局、戊局（按职责分工）", "—", "每年"],
        ["3", "（三）", "推广新材料", "—", "—", "2032年\n1月5日"],
    ]
    body = texts(document, s.BODY)
    assert any("任务3项，涉及单位5个" in each for each in body)
    assert "1. （三）　推广新材料" in body
    assert any("（甲政发〔2031〕9号）" in each for each in body)


def test_duty_list_as_workbook_has_the_same_rows_label_and_basis() -> None:
    rows = sheet(duty_list_xlsx(duty_list()))
    assert rows[0][0] == "甲县节能减排综合工作方案责任分工表"
    assert "演示数据" in str(rows[1][0])
    assert rows[4][:6] == ["1", "（一）", "推进锅炉改造", "甲局、乙局", "丙局", "2031年6月"]
    assert any("日志第 128 号" in str(row[0]) for row in rows)
    assert duty_list_xlsx(duty_list()) == duty_list_xlsx(duty_list())


def test_bulletin_counts_and_names_the_longest_late_first() -> None:
    document = opened(bulletin_docx(bulletin(late=12), TEMPLATES))
    body = texts(document, s.BODY)
    total = next(each for each in body if each.startswith("截至2031年10月31日"))
    assert "共40项，已办结13项，办结率32.5%；报送后待审核2项；逾期12项，临近到期1项，久无报送1项" in total
    late = [each for each in body if "逾期" in each and "责任单位：甲局" in each]
    assert len(late) == 10
    assert late[0] == (
        "1. （12）第12号任务。责任单位：甲局；时限：2031年9月19日，逾期42天；"
        "办理中，进度滞后，完成40%；最近报送2031年9月3日；已催办2次。"
    )
    assert "另有2项逾期任务，列于附件。" in body
    assert [row[4] for row in cells(document.tables[1])[1:]] == [str(days) for days in range(42, 30, -1)]
    assert cells(document.tables[0])[1] == ["1", "甲局", "40", "13", "2", "12", "1", "1"]
    assert cells(document.tables[0])[-1][1] == "全部任务"
    assert texts(document, s.HEADING_1) == [
        "一、总体情况", "二、逾期任务", "三、临近到期任务", "四、久无报送任务", "五、挂牌督办", "六、有关要求",
    ]  # fmt: skip


def test_bulletin_of_a_month_without_trouble_leaves_out_what_there_is_none_of() -> None:
    document = opened(bulletin_docx(bulletin(late=0, soon=0, silent=0), TEMPLATES))
    assert texts(document, s.HEADING_1) == ["一、总体情况", "二、逾期任务", "三、有关要求"]
    assert "没有逾期任务。" in texts(document, s.BODY)
    assert texts(document, s.ATTACHED) == ["附件：责任单位任务办理情况表"]
    assert "（一）按时报送。" in "".join(texts(document))


def test_bulletin_tells_what_happened_in_the_month_and_whom_it_circulates() -> None:
    document = opened(bulletin_docx(bulletin(circulated=1), TEMPLATES))
    body = texts(document, s.BODY)
    assert "2031年10月，责任单位报送进展17次，审核退回3次；办结任务4项，批准延期2次；催办5次，通报任务1项。" in body
    assert (
        "1. （300）第300号任务。责任单位：甲局；2031年10月9日通报：两次催办未果；"
        "已办结，进度滞后，完成40%；最近报送2031年9月3日。"
    ) in body
    assert texts(document, s.HEADING_1)[:3] == ["一、总体情况", "二、通报任务", "三、逾期任务"]


def test_bulletin_does_not_say_that_somebody_reported_who_did_not() -> None:
    given = bulletin(late=1, soon=0, silent=0)
    silent = replace(given, tasks=(replace(given.tasks[0], reported_on=None, said=""),))
    assert "完成40%；未报送；已催办2次。" in "".join(texts(opened(bulletin_docx(silent, TEMPLATES))))
    assert sheet(bulletin_xlsx(silent))[4][11] == "未报送"


def test_bulletin_as_workbook_has_a_row_for_each_task() -> None:
    rows = sheet(bulletin_xlsx(bulletin(late=2, soon=1, silent=1)))
    assert "督查通报" in str(rows[0][0])
    assert rows[4][:9] == [
        "甲县节能减排综合工作方案", "（1）", "第1号任务", "甲局", "—", "逾期", "办理中", "进度滞后", 40.0,
    ]  # fmt: skip
    assert rows[4][9:] == [date(2031, 9, 30), 31.0, date(2031, 9, 3), 2.0, "否", "已完成招标"]
    assert rows[7][9:11] == ["", ""], "a task without a due day is not late by 0 days"
    assert [row[5] for row in rows[4:8]] == ["逾期", "逾期", "临近到期", "久无报送"]


def test_letter_names_both_sides_targets_duties_and_the_person_first_responsible() -> None:
    document = opened(responsibility_letter_docx(letter(), TEMPLATES))
    assert texts(document, s.HEAD) == []
    assert texts(document, s.SIGNATURE) == []
    assert "第一责任人：镇长 张三。" in "".join(texts(document, s.BODY))
    targets, answers_for, helps_with, signed = map(cells, document.tables)
    assert targets[1] == ["1", "单位地区生产总值能耗", "比2030年下降14.5%", "2032年", "约束性"]
    assert answers_for[1] == ["1", "（四）", "改造老旧管网", "乙镇人民政府", "—", "2032年\n12月31日"]
    assert helps_with[1][3:5] == ["甲局", "乙镇人民政府"]
    assert signed[:3] == [
        ["甲县人民政府", "乙镇人民政府"], ["（盖章）", "（盖章）"], ["县长（签字）：", "镇长（签字）：张三"],
    ]  # fmt: skip


def test_letter_of_one_year_tells_what_is_due_at_its_end_beside_what_is_due_in_the_end() -> None:
    first = replace(letter().targets[0], year_demand="下降5.85%")
    given = replace(letter(), year=2031, targets=(first, replace(first, indicator="森林覆盖率", year_demand="")))
    document = opened(responsibility_letter_docx(given, TEMPLATES))
    targets = cells(document.tables[0])
    assert targets[0][2:5] == ["目标要求", "2031年要求", "期限"]
    assert [row[2:4] for row in targets[1:]] == [["比2030年下降14.5%", "下降5.85%"], ["比2030年下降14.5%", "—"]]
    assert "2031年要求由期末目标推算" in "".join(texts(document))
    untold = responsibility_letter_docx(replace(given, targets=(replace(first, year_demand=""),)), TEMPLATES)
    assert "要求由期末目标推算" not in "".join(texts(opened(untold)))


def test_letter_without_duties_says_so_and_leaves_room_for_a_person() -> None:
    given = replace(letter(helps_with=False), targets=(), answers_for=(), post="", taker=Party("乙镇人民政府"))
    said = "".join(texts(opened(responsibility_letter_docx(given, TEMPLATES))))
    assert "没有向乙镇人民政府下达带数值的目标" in said
    assert "没有由乙镇人民政府负责的重点事项" in said
    assert "第一责任人：（待明确）" in said
    assert "配合事项" not in said


def test_minutes_tell_the_meeting_and_who_was_there() -> None:
    document = opened(minutes_docx(minutes(), TEMPLATES))
    assert texts(document, s.HEAD) == ["甲县节能减排办公室会议纪要"]
    body = texts(document, s.BODY)
    assert "2031年11月4日，副县长在县政府会议室主持召开十月调度会议。现将会议情况纪要如下：" in body
    assert "1. 补报进展。责任单位：甲局；时限：2031年11月20日。" in body
    assert body[-2:] == ["出席：甲局、乙局", "请假：丙局"]
    strong = [run.text for each in document.paragraphs for run in each.runs if run.style and run.style.name == s.STRONG]
    assert strong == ["出席：", "请假："]


def test_who_answers_and_who_helps() -> None:
    mixed = (*duties("甲", "乙", helpers=("丙",)), Duty("丁", Part.SHARED), Duty("戊", Part.STANDING))
    assert (responsible(mixed), helping(mixed)) == ("甲、乙", "丙、丁、戊")
    assert responsible((Duty("己", Part.OWNER),)) == "己"
    assert (responsible(()), helping(())) == ("—", "—")


@pytest.mark.parametrize(
    ("due", "printed", "recurrence", "said"),
    [
        (date(2031, 12, 31), "2031", Recurrence.NONE, "2031年"),
        (date(2031, 6, 30), "2031-06-30", Recurrence.NONE, "2031年6月30日"),
        (date(2031, 6, 3), "年底前", Recurrence.NONE, "2031年6月3日"),
        (None, "", Recurrence.REGULAR, "定期"),
        (None, "", Recurrence.NONE, "—"),
    ],
)
def test_deadlines_as_the_plan_prints_them(due: date | None, printed: str, recurrence: Recurrence, said: str) -> None:
    assert deadline(due, printed, recurrence) == said


def test_small_words() -> None:
    assert [numbered(number, "甲") for number in ("（七）", "三（一）1", "")] == ["（七）甲", "三（一）1 甲", "甲"]
    assert [share_pct(1, 3), share_pct(1, 800), share_pct(2, 2), share_pct(0, 0)] == ["33.3%", "0.1%", "100.0%", "—"]
    assert (set(saying.STATES), set(saying.GRADES), set(saying.CLOCKS)) == (set(State), set(Grade), set(Clock))
    assert set(saying.RECURRENCES) == set(Recurrence) - {Recurrence.NONE}


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_bears_day_rules_journal_and_seal(name: str) -> None:
    said = member(PAPERS[name](), "word/document.xml")
    basis: Basis = duty_list().basis
    for part in ("数据截至 2031年10月31日", f"规则手册版本 {basis.rulebook}", "日志第 128 号", basis.seal):
        assert part in said


@pytest.mark.parametrize("name", ["duty_list", "bulletin"])
def test_the_first_page_is_filled_to_its_last_lines(name: str, tmp_path: Path) -> None:
    """The first heading stands on it with words below, whatever the length of their paragraph."""
    title = "甲县2032—2036年节能减排综合工作方案"
    papers = {
        "duty_list": lambda: duty_list_docx(replace(duty_list(), plan_title=title), TEMPLATES),
        "bulletin": lambda: bulletin_docx(bulletin(3), TEMPLATES),
    }
    first = printed(papers[name](), tmp_path)[0].replace(" ", "")
    assert "一、" in first
    assert {"duty_list": "本表列入任务", "bulletin": "列入督办的任务"}[name] in first


def test_long_duty_list_prints_with_its_head_on_every_page(tmp_path: Path) -> None:
    pages = [page.replace(" ", "") for page in printed(duty_list_docx(duty_list(120), TEMPLATES), tmp_path)]
    tables = [page for page in pages if "推进锅炉改造" in page and "牵头" in page]
    assert len(tables) >= 4
    assert all("重点任务" in page and "完成时限" in page for page in tables)
    assert all("演示数据" in page for page in pages)
