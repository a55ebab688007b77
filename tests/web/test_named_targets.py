"""考核的目标叫什么: sheets name the indicator whose target they take, and whence figures come; units."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import RequestFactory
from docx import Document

from shuangkong.assessment.answers import Answers
from shuangkong.assessment.sheet import Sheet, scored
from shuangkong.assessment.term import Term, TermIndicator, TermRow
from shuangkong.assessment.year import standing
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure, Step
from shuangkong.papers.assessment.score_sheet import ScoreSheetInput, score_sheet_docx
from shuangkong.papers.official.paper import Basis, Issue
from shuangkong.papers.official.templates import read_templates
from shuangkong.records.assessment.years.models import AssessmentSheet
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.assessment.years.sheets import _kept, checks_of, sheet_text, table_of
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.assessment.accountability.asking import project_of
from shuangkong.web.assessment.years.aims import aim_said, aims_of
from shuangkong.web.assessment.years.tables import figures_shown
from shuangkong.web.assessment.years.views.term import term_table

TOWN, YEAR = Subject("region", "990101"), Period(2024)
DUE = Step(
    Message("化学需氧量：分解下达的目标", "as shared out"), "8 × t", (("t", Decimal("0.8")),), Decimal("6.4"), "%"
)


def row() -> AssessmentRow:
    duty = next(each for each in open_rulebook().assessment("national").duties if each.id == "town_target")
    return AssessmentRow(
        id=1, region="990100", region_name="云桥县", path="/990100/", duty=duty.id, layer="national",
        score_table=duty.table, period=YEAR, subject=TOWN, subject_name="北溪镇", subject_path="/990100/990101/",
        body=None, decomposition=1, launched_by="office", launched_at=datetime(2025, 1, 1, tzinfo=UTC),
        is_fictional=True, standing=standing(()),
    )  # fmt: skip


def sheet() -> Sheet:
    of = row()
    cell = Cell(TOWN, "cod_total", YEAR)
    told = {
        name: Figure(cell, State.VALUE, Decimal("6.4"), rule.unit, steps=(DUE,))
        for name, rule in table_of(of).figures.items()
        if rule.aspect is not None
    }
    return scored(table_of(of), TOWN, YEAR, Answers(told), checks_of(of))


def test_a_sheet_names_the_indicator_and_says_whence_each_figure_comes() -> None:
    kept = _kept(AssessmentSheet(version="1", content=sheet_text(sheet()), rulebook=""))  # as announced
    of, again = row(), scored(table_of(row()), TOWN, YEAR, kept.answers, checks_of(row()))
    aims = aims_of(of, again)
    name = open_rulebook().indicator_rules("national")["cod_total"].zh
    assert aim_said(aims) == name
    shown = figures_shown(RequestFactory().get("/"), again, aims)
    assert [each.name for each in shown if not each.name.startswith(name)] == []
    given = ScoreSheetInput(
        issue=Issue("县发展改革局", date(2025, 3, 1)), basis=Basis(date(2025, 3, 1), "c0ffee", 1, "0" * 64),
        place="云桥县", name="北溪镇", year="2024年度", sheet=again, aims={key: each.zh for key, each in aims.items()},
    )  # fmt: skip
    made = Document(BytesIO(score_sheet_docx(given, read_templates())))
    assert f"考核的目标：{name}。" in "\n".join(each.text for each in made.paragraphs)
    cells = [[cell.text for cell in line.cells] for table in made.tables for line in table.rows]
    lines = [each for each in cells if each[0].startswith(f"{name}：")]
    assert len(lines) == len(aims)
    assert {each[3] for each in lines} == {"化学需氧量：分解下达的目标；8 × t；t = 0.80"}


def test_a_term_is_told_in_the_units_in_which_an_indicator_is_shown() -> None:
    asked = Term("张某", Subject("region", "990100"), date(2021, 3, 1), date(2024, 6, 30))

    def told(year: int, value: str) -> Figure:
        cell = Cell(asked.region, "energy_intensity", Period(year))
        return Figure(cell, State.VALUE, Decimal(value), "tce/CNY")

    found, left = told(2020, "0.00005123"), told(2023, "0.00004711")
    indicator = TermIndicator("energy_intensity", Message("单位地区生产总值能耗", "Energy intensity"), "energy")
    rows = (TermRow(indicator, found, left, Decimal("-0.00000412"), None),)
    [made] = term_table(RequestFactory().get("/"), asked, rows, is_fictional=True).rows
    assert [each.text for each in made.cells[2:6]] == ["吨标准煤/万元", "0.5123", "0.4711", "−0.0412"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"zone": ["built_up", "none"]}, "ASM-562"),
        ({"equipment": ["coal_boiler"], "capacity": "-1"}, "ASM-561"),
        ({"equipment": ["coal_boiler"], "capacity": "0"}, "ASM-561"),
    ],
)
def test_what_cannot_be_so_of_a_project_is_refused(told: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        project_of(told, frozenset({"990100"}))
    assert project_of({"zone": ["none"], "equipment": ["coal_boiler"], "capacity": "35"}, frozenset({"990100"}))
