"""计分: a sheet says why, takes no typed figures, and does not read what is missing as zero."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest
from scoring_ground import PROOF, REGION, answers, checks, figure, law, sheet, table

from shuangkong.assessment.answers import Answers, Judged
from shuangkong.assessment.binder import carried_over, report
from shuangkong.assessment.book import TableReader
from shuangkong.assessment.ladder import KINDS
from shuangkong.assessment.later import changed_since
from shuangkong.assessment.sheet import scored
from shuangkong.assessment.table import Cut
from shuangkong.core.dated import Validity
from shuangkong.core.fact import Evidence, Fact, Maturity, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.policyfile.expression import parse
from shuangkong.policyfile.kinds_assessment import SCORE_TABLE
from shuangkong.policyfile.node import as_mapping
from shuangkong.policyfile.reader import read_text

GOVERNMENT = "energy_saving_government"
YEAR = 2007
FULL = {
    "intensity_done": "4.4", "intensity_due": "4", "services_share": "41", "services_share_before": "40",
    "high_tech_share": "8", "high_tech_share_before": "7", "phase_out_done": "9", "phase_out_due": "9",
    "building_rate": "90", "building_rate_due": "90", "fraud_cases": "0",
}  # fmt: skip

PENALTY = """
name:
  zh: 表
  en: table
subjects:
  - region
places: 2
blocks:
  target:
    zh: 块
    en: block
figures:
  cases:
    name:
      zh: 起数
      en: cases
    unit: count
    established: true
items:
  - code: "1"
    name:
      zh: 扣分
      en: penalty
    block: target
    kind: penalty
    cases: cases
    per: 2
    most: 5
grades:
  - id: only
    name:
      zh: 唯一
      en: only
from: 2000-01-01
source: x
verified: false
"""


def test_every_mark_explains_itself() -> None:
    found = sheet(table(GOVERNMENT), answers(table(GOVERNMENT), FULL, Period(YEAR), whole="all"), YEAR)
    assert (found.total, found.grade and found.grade.id) == (Decimal(103), "over_fulfilled")
    bonus = found.score("1B")
    assert (bonus.marks, bonus.because.zh) == (Decimal(3), "超过目标10%以上，加分，3分")
    step = next(step for step in bonus.figure.steps if step.formula == bonus.item.expression.text)
    assert dict(step.inputs) == {"intensity_done": Decimal("4.4"), "intensity_due": Decimal(4)}
    assert step.clause is not None
    assert not step.clause.is_verified
    assert bonus.figure.doubts
    assert [name for name, _ in bonus.figure.inputs] == ["intensity_due", "intensity_done"]
    whole = found.figure
    assert whole.value == found.total
    assert whole.steps[0].value == sum(value for _, value in whole.steps[0].inputs)
    assert [code for code, _ in whole.inputs] == [item.code for item in table(GOVERNMENT).items]


def test_what_is_missing_is_not_zero() -> None:
    told = {name: value for name, value in FULL.items() if name != "intensity_done"}
    found = sheet(table(GOVERNMENT), answers(table(GOVERNMENT), told, Period(YEAR), whole="all"), YEAR)
    assert found.score("1").marks is None
    assert found.score("1").because.zh == "暂不计分，缺：万元GDP能耗实际降低率"
    assert (found.total, found.least, found.most, found.grade) == (None, Decimal(60), Decimal(109), None)


def test_marks_without_evidence_do_not_count() -> None:
    given = answers(table(GOVERNMENT), FULL, Period(YEAR), whole="all")
    bare = replace(given, judged=dict(given.judged) | {"2.1": Judged(Decimal(1))})
    found = sheet(table(GOVERNMENT), bare, YEAR)
    assert [finding.code for finding in found.findings] == ["ASM-001"]
    assert (found.score("2").marks, found.total) == (None, None)


def test_a_figure_cannot_be_typed_over() -> None:
    """Neither beside the figure nor in its place."""
    given = answers(table(GOVERNMENT), FULL, Period(YEAR), whole="all")
    typed = dict(given.judged) | {"intensity_done": Judged(Decimal(9), PROOF)}
    found = sheet(table(GOVERNMENT), replace(given, judged=typed), YEAR)
    assert [finding.code for finding in found.findings] == ["ASM-003"]
    assert found.total == Decimal(103)
    figures = {name: each for name, each in given.figures.items() if name != "intensity_done"}
    assert sheet(table(GOVERNMENT), Answers(figures, typed), YEAR).score("1").marks is None


@pytest.mark.parametrize(
    ("marks", "code"), [("1.01", "ASM-002"), ("-0.01", "ASM-002"), ("1", ""), ("0", ""), ("0.5", "")]
)
def test_marks_stay_within_what_a_point_is_worth(marks: str, code: str) -> None:
    given = answers(table(GOVERNMENT), FULL, Period(YEAR), {"2.1": marks}, whole="all")
    found = sheet(table(GOVERNMENT), given, YEAR)
    assert [finding.code for finding in found.findings] == ([code] if code else [])
    assert found.score("2").marks == (None if code else Decimal(marks) + 1)


def test_another_unit_and_an_unknown_code_are_found() -> None:
    of = table(GOVERNMENT)
    given = answers(of, FULL, Period(YEAR), whole="all")
    odd = dict(given.figures) | {"phase_out_done": figure(of, "phase_out_done", Decimal(9), Period(YEAR), "tce")}
    stranger = dict(given.judged) | {"99": Judged(Decimal(1), PROOF)}
    found = sheet(of, Answers(odd, stranger), YEAR)
    assert [finding.code for finding in found.findings] == ["ASM-004", "ASM-005"]
    assert found.score("4.4").marks is None


def test_not_applicable_is_full_only_where_the_table_says_so() -> None:
    of = table("ten_thousand_enterprise")
    given = answers(of, {"progress_done": "40", "progress_due": "40"}, Period(2012), whole="all")
    spared = dict(given.judged) | {"2.6": Judged(None, PROOF, is_inapplicable=True)}
    found = sheet(of, replace(given, judged=spared), 2012)
    assert (found.score("2").marks, found.findings) == (Decimal(6), ())
    guessed = dict(given.judged) | {"2.5": Judged(None, PROOF, is_inapplicable=True)}
    found = sheet(of, replace(given, judged=guessed), 2012)
    assert (found.score("2").marks, [finding.code for finding in found.findings]) == (None, ["ASM-006"])


def test_a_table_is_used_only_while_it_is_in_force() -> None:
    with pytest.raises(ValueError, match="not in force"):
        scored(table(GOVERNMENT), REGION, Period(2016), Answers(), checks())


def test_a_veto_holds_from_its_day() -> None:
    """差进度: no veto before the rule of yearly progress, one since."""
    told = FULL | {"progress_done": "10", "progress_due": "20"}
    codes = {
        year: [
            each.veto.code
            for each in sheet(table(GOVERNMENT), answers(table(GOVERNMENT), told, Period(year)), year).vetoes
        ]
        for year in (2010, 2011)
    }
    assert codes == {2010: ["V1", "V9"], 2011: ["V1", "V2", "V9"]}


def test_every_table_has_items_of_known_marks_or_none() -> None:
    fulls = {word: each.full for word, each in law().tables.items() if each.items}
    hundred = {word for word, full in fulls.items() if full == 100}
    assert set(fulls) - hundred == {"carbon_evaluation", "grid_demand_side"}
    assert (len(law().tables), len(hundred)) == (15, 10)
    assert {"recalled", "gap", "single", "confirmed", "inferred"} == {
        each.confidence.value for each in chain(*(table.items for table in law().tables.values()))
    } | {each.confidence.value for each in law().tables.values()}


def test_the_report_follows_the_table_and_shows_its_gaps() -> None:
    of = table(GOVERNMENT)
    given = answers(of, FULL, Period(YEAR), {"2.1": "1"})
    lines = report(sheet(of, given, YEAR))
    numbers = [line.number for line in lines]
    assert numbers[:5] == ["1", "1B", "2", "2.1", "2.2"]
    by_number = {line.number: line for line in lines}
    assert (by_number["2.1"].proofs, by_number["2.1"].is_gap) == (PROOF, False)
    assert (by_number["2.2"].marks, by_number["2.2"].is_gap) == (None, True)


def test_evidence_is_carried_to_the_superiors_points() -> None:
    own, superior = table(GOVERNMENT), table("energy_saving_city")
    items = list(superior.items)
    at = next(place for place, item in enumerate(items) if item.code == "3")
    points = (replace(items[at].points[0], same_as=f"{GOVERNMENT}/2.1"), *items[at].points[1:])
    items[at] = replace(items[at], points=points)
    carried = carried_over(answers(own, FULL, Period(YEAR), {"2.1": "0.5"}), own, replace(superior, items=tuple(items)))
    assert set(carried.figures) == {"intensity_done", "intensity_due"}
    assert carried.judged["3.1"].marks == Decimal(1)
    assert carried.judged["3.1"].proofs == PROOF
    assert set(carried.judged) == {"3.1"}


def test_a_change_after_the_announcement_is_a_finding_and_no_change() -> None:
    of = table(GOVERNMENT)
    before = sheet(of, answers(of, FULL, Period(YEAR), whole="all"), YEAR)
    after = sheet(of, answers(of, FULL | {"intensity_done": "3.9"}, Period(YEAR), whole="all"), YEAR)
    found = changed_since(before, after, checks())
    assert [finding.code for finding in found] == ["ASM-007", "ASM-008"]
    assert "4.4" in found[0].message.zh
    assert "3.9" in found[0].message.zh
    assert changed_since(before, before, checks()) == ()
    assert before.grade is not None
    assert before.grade.id == "over_fulfilled"
    fraud = sheet(of, answers(of, FULL | {"fraud_cases": "1"}, Period(YEAR), whole="all"), YEAR)
    assert [finding.code for finding in changed_since(before, fraud, checks())] == ["ASM-007", "ASM-008"]
    with pytest.raises(ValueError, match="one subject"):
        changed_since(before, replace(after, period=Period(2008)), checks())


def test_a_suppressed_figure_decides_nothing() -> None:
    of = table("carbon_evaluation")
    period = Period(2026)
    told = {name: figure(of, name, Decimal(1), period) for name in of.figures if name != "fraud_cases"}
    told["forest"] = Figure(told["forest"].cell, State.SUPPRESSED, None, told["forest"].unit)
    found = sheet(of, Answers(told, {"fraud_cases": Judged(Decimal(0), PROOF)}), 2026)
    assert [grade.id for grade in found.possible] == ["excellent", "qualified"]
    assert found.day == date(2026, 12, 31)


def test_the_page_names_every_kind_of_item() -> None:
    page = (Path(__file__).parents[2] / "docs" / "methods" / "scoring.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+)` \| (\S+) \|", page, re.MULTILINE)
    assert named == [(word, kind.name.zh) for word, kind in KINDS.items()]


@pytest.mark.parametrize(("cases", "marks"), [("0", "0"), ("1", "-2"), ("2", "-4"), ("3", "-5"), ("9", "-5")])
def test_a_penalty_takes_marks_up_to_its_most(cases: str, marks: str) -> None:
    """No table at hand has one; tables of places may."""
    read = read_text(PENALTY, "penalty.yaml")
    assert read.node is not None
    assert list(SCORE_TABLE.check(read.node)) == []
    reader = TableReader("penalty", as_mapping(read.node))
    of = reader.table()
    assert (reader.findings, of.full) == ([], Decimal(0))
    found = sheet(of, answers(of, {"cases": cases}, Period(2020)), 2020)
    assert found.score("1").marks == Decimal(marks)
    missing = sheet(of, Answers(), 2020)
    assert (missing.least, missing.most) == (Decimal(-5), Decimal(0))


@pytest.mark.parametrize(("evidence", "is_taken"), [(Evidence.STATISTICAL, False), (Evidence.ADMINISTRATIVE, True)])
def test_a_unit_is_not_scored_on_its_statistical_returns(evidence: Evidence, is_taken: bool) -> None:
    """Not even where the return lies two steps below the figure; of a region it may be."""
    of, period = table("ten_thousand_enterprise"), Period(2012)
    given = answers(of, {"progress_done": "40", "progress_due": "40"}, period, whole="all")
    cell = given.figures["progress_done"].cell
    fact = Fact(
        cell=cell, state=State.VALUE, value=Decimal(40), unit="pct", maturity=Maturity.FINAL, origin=Origin.REPORTED,
        evidence=evidence, source="报表", recorded_on=date(2013, 1, 5),
    )  # fmt: skip
    told = Figure(cell, State.VALUE, Decimal(40), "pct", fact=fact)
    middle = Figure(cell, State.VALUE, Decimal(40), "pct", inputs=(("told", told),))
    figures = dict(given.figures) | {"progress_done": replace(middle, inputs=(("middle", middle),))}
    unit = scored(of, Subject("unit", "9151"), period, replace(given, figures=figures), checks())
    assert (unit.score("1").marks, [each.code for each in unit.findings]) == (
        (Decimal(40), []) if is_taken else (None, ["ASM-010"])
    )
    assert scored(of, REGION, period, replace(given, figures=figures), checks()).score("1").marks == Decimal(40)


def test_a_table_without_items_has_no_marks() -> None:
    of = table("dual_control_city")
    found = sheet(of, answers(of, {"intensity_done": "4", "intensity_due": "3", "increment": "9"}, Period(2016)), 2016)
    assert (found.total, found.figure.state, found.is_complete) == (None, State.NOT_APPLICABLE, True)
    assert found.grade is not None


def test_vetoes_stand_in_the_trace_with_their_clauses() -> None:
    of = table(GOVERNMENT)
    found = sheet(of, answers(of, FULL | {"intensity_done": "3"}, Period(YEAR), whole="all"), YEAR)
    values = {step.name.zh: step.value for step in found.figure.steps[1:]}
    assert values == {"未完成年度节能目标": Decimal(1), "数据造假": Decimal(0)}
    assert all(step.clause for step in found.figure.steps)
    untold = sheet(of, Answers(), YEAR)
    assert [step.value for step in untold.figure.steps] == [None, None, None]


def test_a_cut_holds_from_its_day() -> None:
    """超额完成 at 95 until a document makes it 90: the same sheet, another year."""
    cut = Cut(parse("score >= 90"), Validity(date(2009, 1, 1)))
    of = table(GOVERNMENT)
    best = replace(
        of.grades[0], cuts=(replace(of.grades[0].cuts[0], validity=Validity(date(2007, 1, 1), date(2008, 12, 31))), cut)
    )
    dated = replace(of, grades=(best, *of.grades[1:]))
    given = answers(
        dated, FULL | {"intensity_done": "4"}, Period(2008), {"4.3": "0", "2.1": "0", "2.2": "0"}, whole="all"
    )
    graded = {year: sheet(dated, given, year).grade for year in (2008, 2009)}
    assert {year: grade.id for year, grade in graded.items() if grade} == {2008: "fulfilled", 2009: "over_fulfilled"}
    with pytest.raises(ValueError, match="has no cut"):
        sheet(replace(of, grades=(replace(of.grades[0], cuts=(cut,)), *of.grades[1:])), given, 2008)
