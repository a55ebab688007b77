"""计分表文件: what is wrong in a table is said at its line, and a place may have a table of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shuangkong.assessment.assessors import check_assessors
from shuangkong.assessment.book import score_tables
from shuangkong.assessment.cases import check_score_tables
from shuangkong.assessment.consequence_book import check_consequences
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.provisions import Kind, provisions_of

#: Everything here is invented.
TABLE = """\
name:
  zh: 表
  en: table
subjects:
  - region
full: 5
places: 2
blocks:
  target:
    zh: 目标
    en: target
figures:
  done:
    name:
      zh: 完成
      en: done
    unit: pct
  due:
    name:
      zh: 应完成
      en: due
    unit: pct
items:
  - code: "1"
    name:
      zh: 目标
      en: target
    block: target
    kind: step
    marks: 3
    done: done
    due: due
    steps:
      - ratio: 1
        marks: 3
  - code: "2"
    name:
      zh: 措施
      en: measures
    block: target
    kind: checklist
    marks: 2
    points:
      - code: "2.1"
        name:
          zh: 甲
          en: first
        marks: 1
      - code: "2.2"
        name:
          zh: 乙
          en: second
        marks: 1
vetoes:
  - code: V1
    name:
      zh: 否决
      en: veto
    when: done < due
    grade: low
grades:
  - id: high
    name:
      zh: 高
      en: high
    cuts:
      - when: score >= 4
  - id: low
    name:
      zh: 低
      en: low
from: 2020-01-01
source: x
verified: false
"""
CASES = """\
- name: 满分
  day: 2020-12-31
  facts:
    done: 3
    due: 3
  score: 5
  grade: high
"""
PLACE = 'name:\n  zh: 云山\n  en: Yunshan\nlevel: city\nregion: "990100"\nparent: national\n'
NATION = "name:\n  zh: 国家\n  en: Nation\nlevel: nation\n"
FILE, BESIDE = "national/assessment/tables/saving.yaml", "national/assessment/tables/saving.cases.yaml"


def folder(root: Path, **files: str) -> PolicyFolder:
    """``files`` by path, ``__`` for a stroke, without the ending."""
    plain = {"national/layer.yaml": NATION, FILE: TABLE, BESIDE: CASES}
    for name, text in (plain | {name.replace("__", "/") + ".yaml": text for name, text in files.items()}).items():
        path = root / "policy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return PolicyFolder(root / "policy")


def test_the_plain_table_is_sound(tmp_path: Path) -> None:
    found = folder(tmp_path)
    assert list(check_score_tables(found)) == []
    assert score_tables(found, "national")["saving"].full == Decimal(5)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("kind: step", "kind: steep", "POL-018"),
        ("    due: due\n", "", "POL-004"),
        ("    done: done\n", "    done: dune\n", "POL-040"),
        ("full: 5", "full: 6", "POL-018"),
        ("    marks: 2\n", "    marks: 3\n", "POL-018"),
        ("block: target\n    kind: checklist", "block: measures\n    kind: checklist", "POL-018"),
        ('code: "2.2"', 'code: "2.1"', "POL-026"),
        ('  - code: "2"\n', '  - code: "1"\n', "POL-026"),
        ("grade: low", "grade: lowest", "POL-018"),
        ("when: done < due", "when: done < dew", "POL-040"),
        ("when: done < due", "when: done - due", "POL-018"),
        ("when: score >= 4", "when: scores >= 4", "POL-040"),
        ("when: score >= 4", "when: done ** 2 > 1", "POL-03"),
        ("    unit: pct\n  due", "    unit: pct\n    indicator: nowhere\n    aspect: annual_done\n  due", "POL-050"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert TABLE.count(old) == 1
    found = list(check_score_tables(folder(tmp_path, **{FILE[:-5]: TABLE.replace(old, new)})))
    assert found
    assert found[0].code.startswith(code)
    assert found[0].place.startswith(f"policy/{FILE}:")
    if found[0].code != "POL-050":
        with pytest.raises(PolicyRefused):
            score_tables(folder(tmp_path, **{FILE[:-5]: TABLE.replace(old, new)}), "national")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("score: 5", "score: 4", "POL-030"), ("grade: high", "grade: low", "POL-030"), ("due: 3", "dew: 3", "POL-052"),
     ("done: 3", "done: 2.9", "POL-030"), ("grade: high", "grade: high\n  vetoes:\n    - V1", "POL-030")],
)  # fmt: skip
def test_a_case_that_fails_is_a_finding(tmp_path: Path, old: str, new: str, code: str) -> None:
    found = list(check_score_tables(folder(tmp_path, **{BESIDE[:-5]: CASES.replace(old, new)})))
    assert found
    assert {each.code for each in found} == {code}


def test_a_table_without_cases_is_refused(tmp_path: Path) -> None:
    found = folder(tmp_path)
    (tmp_path / "policy" / BESIDE).unlink()
    assert [each.code for each in check_score_tables(found)] == ["POL-034"]


def test_a_place_may_cut_its_grades_otherwise(tmp_path: Path) -> None:
    own = TABLE.replace("score >= 4", "score >= 5").replace("from: 2020", "overrides: national\nfrom: 2020")
    found = folder(tmp_path, yunshan__layer=PLACE, yunshan__assessment__tables__saving=own,
                   **{"yunshan__assessment__tables__saving.cases": CASES})  # fmt: skip
    assert list(check_score_tables(found)) == []
    cuts = {}
    for layer in ("national", "yunshan"):
        when = score_tables(found, layer)["saving"].grades[0].when_on(date(2020, 12, 31))
        cuts[layer] = when.text if when else ""
    assert cuts == {"national": "score >= 4", "yunshan": "score >= 5"}


DUTIES = """\
name:
  zh: 谁考核谁
  en: Who assesses whom
assessments:
  - id: city
    name:
      zh: 省对市
      en: province over city
    subjects: region
    assessor: province
    table: saving
    cycle: year
    from: 2020-01-01
    source: x
    verified: false
"""


def test_a_duty_has_a_table_that_is_for_its_subjects(tmp_path: Path) -> None:
    key = "national__assessment__assessors"
    assert list(check_assessors(folder(tmp_path, **{key: DUTIES}))) == []
    for old, new in (("table: saving", "table: savings"), ("subjects: region", "subjects: park")):
        found = list(check_assessors(folder(tmp_path, **{key: DUTIES.replace(old, new)})))
        assert [each.code for each in found] == ["POL-050"]


RULE = """\
name:
  zh: 规则
  en: rule
subjects:
  - region
kind: plan
results:
  missed:
    zh: 未完成
    en: missed
when: missed == 1
acts:
  - kind: interview
    executors: 甲
    evidence: 纪要
from: 2020-01-01
source: x
verified: false
"""
RULE_CASES = "- name: 成立\n  facts:\n    missed: 1\n  expect: follows\n"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", []),
        ("when: missed == 1", "when: mist == 1", ["POL-040"]),
        ("when: missed == 1", "when: missed + 1", ["POL-018"]),
        ("kind: interview", "kind: suspension", ["POL-004"]),
        ("evidence: 纪要", "evidence: 纪要\n    term: no_days", ["POL-050"]),
        ("when: missed == 1", "when: missed == 0", ["POL-030"]),
    ],
)
def test_what_is_wrong_in_a_rule(tmp_path: Path, old: str, new: str, codes: list[str]) -> None:
    rule = RULE.replace(old, new) if old else RULE
    files = {
        "national__assessment__consequences__rule": rule,
        "national__assessment__consequences__rule.cases": RULE_CASES,
    }
    assert [each.code for each in check_consequences(folder(tmp_path, **files))] == codes


def test_no_setting_of_a_table_changes_unseen(tmp_path: Path) -> None:
    """The law of a day names it, the indicator it takes names it back, and a step of other marks is another law."""
    linked = TABLE.replace(
        "    unit: pct\n  due", "    unit: pct\n    indicator: energy\n    aspect: annual_done\n  due"
    )
    plain = next(provisions_of(folder(tmp_path / "a", **{FILE[:-5]: linked}), FILE))
    assert (plain.kind, plain.id) == (Kind.SCORE_TABLE, "assessment/tables/saving")
    assert "figures.done.indicator = energy" in plain.inputs
    for old, new in (
        ("        marks: 3\n", "        marks: 2\n"),
        ("score >= 4", "score >= 5"),
        ("done < due", "due > done"),
    ):
        other = next(provisions_of(folder(tmp_path / new, **{FILE[:-5]: linked.replace(old, new)}), FILE))
        assert other.content != plain.content, new
