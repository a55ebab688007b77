"""Checks of returns: what is compared, what is told of it, what is not judged, and how places make them stricter."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.finding import Severity
from shuangkong.core.period import Period
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.reporting.checks import Context, Norm, Plan, Sheet, check_return, sheet_of
from shuangkong.reporting.checks.book import families
from shuangkong.reporting.checks.cases import content_of
from shuangkong.reporting.checks.examined import check_catalogue
from shuangkong.reporting.checks.meeting import never_meeting
from shuangkong.reporting.checks.norms import norm, norms_of, score
from shuangkong.reporting.checks.reference import Reference, ReferenceRefused, Whence, parse_reference
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Judgement
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import open_rulebook

JUNE = date(2025, 6, 30)
CATALOGUE = open_rulebook().return_checks()
BARE = Context(day=date(2025, 7, 8), period=Period.parse("2025-06"))
COAL = """
energy.raw_coal.opening_stock 100
energy.raw_coal.purchased 1200
energy.raw_coal.production_use 1000
energy.raw_coal.closing_stock 300
energy.raw_coal.coefficient 0.7143
summary.production.last_year 700
"""


def form(name: str = "energy_purchase") -> Form:
    found = CATALOGUE.forms.form(name, JUNE)
    assert found is not None
    return found


def plan() -> Plan:
    return CATALOGUE.plan(form(), JUNE)


def sheet(text: str = COAL) -> Sheet:
    return sheet_of(form(), content_of(form(), text))


def codes(outcome: Judgement) -> set[str]:
    return {each.code for each in outcome.findings}


def test_a_sound_return_has_nothing_to_fix() -> None:
    outcome = check_return(plan(), sheet(), BARE)
    assert outcome.may_be_submitted
    assert "RPT-100" in outcome.passed


def test_a_finding_says_what_where_expected_found_and_next() -> None:
    found = check_return(plan(), sheet(COAL.replace("closing_stock 300", "closing_stock 100")), BARE)
    balance = next(each for each in found.findings if each.code == "RPT-100")
    assert balance.severity is Severity.MUST_EXPLAIN
    assert balance.place == "energy.raw_coal.opening_stock"
    assert "energy.raw_coal.closing_stock" in balance.addresses
    for piece in ("原煤", "1,300", "1,100", "200", "3%", "请"):
        assert piece in balance.message.zh
    assert "explain" in balance.message.en
    assert balance.ground is not None
    assert "购进量 1,200 吨" in balance.ground.zh
    assert "尚未与文件核对" in balance.message.zh  # the limit is a judgement, and says so


def test_what_is_not_held_is_told_not_passed() -> None:
    outcome = check_return(plan(), sheet(), BARE)
    reasons = {each.code: each.because.zh for each in outcome.unjudged}
    assert "上年同期" in reasons["RPT-021"]
    assert "历史数据" in reasons["RPT-022"]
    assert "output_value" in reasons["RPT-132"]
    assert "meter_" in reasons["RPT-120"]
    assert not outcome.passed & reasons.keys()


def test_norms_of_a_return_judge_it() -> None:
    usual = {"energy.raw_coal.closing_stock": Norm(Decimal(10), Decimal(1), 12)}
    outcome = check_return(plan(), sheet(), replace(BARE, norms=usual))
    assert "RPT-022" in codes(outcome)


def test_an_official_sets_a_check_aside_with_a_ground() -> None:
    text = COAL.replace("closing_stock 300", "closing_stock 100")
    outcome = check_return(plan(), sheet(text), replace(BARE, suppressed={"RPT-100": "外销未单列，已核"}))
    assert "RPT-100" not in codes(outcome)
    assert [each.code for each in outcome.suppressed] == ["RPT-100"]


def test_what_must_be_fixed_is_never_set_aside() -> None:
    text = COAL.replace("closing_stock 300", "closing_stock -300")
    outcome = check_return(plan(), sheet(text), replace(BARE, suppressed={"RPT-003": "随意"}))
    assert "RPT-003" in codes(outcome)


def test_an_administrative_form_asks_nothing_of_statistics() -> None:
    """Single statistical returns may not carry acts against a unit, so no administrative check rests on one."""
    statistical = {each.id for each in CATALOGUE.forms.on(JUNE) if each.is_statistical}
    for rule in CATALOGUE.rules.values():
        administrative = [name for name in rule.forms if name not in statistical]
        asked = {parse_reference(text).form for text in rule.names.values()}
        assert not administrative or not asked & statistical, rule.code


def test_the_catalogue_is_large_and_every_check_is_some_forms() -> None:
    assert len(CATALOGUE.rules) >= 200
    ready = {rule.code for each in CATALOGUE.forms.on(JUNE) for rule in CATALOGUE.plan(each, JUNE).rules}
    assert ready == CATALOGUE.rules.keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("consumed", Reference(Whence.OWN, column="consumed")),
        ("energy.*.consumed", Reference(Whence.OWN, "", "energy", "*", "consumed")),
        ("last:energy.{row}.consumed", Reference(Whence.LAST, "", "energy", "{row}", "consumed")),
        ("output_value:value.sales.amount", Reference(Whence.FORM, "output_value", "value", "sales", "amount")),
        ("evidence:meter_{row}", Reference(Whence.EVIDENCE, name="meter_{row}")),
    ],
)  # fmt: skip
def test_references(text: str, expected: Reference) -> None:
    assert parse_reference(text) == expected


@pytest.mark.parametrize("text", ["", "Consumed", "a.b", "period:weeks", "last:", "evidence:x y", "1:a"])
def test_what_refers_to_nothing_is_refused(text: str) -> None:
    with pytest.raises(ReferenceRefused):
        parse_reference(text)


amounts = st.lists(st.decimals(1, 10_000, places=2), min_size=3, max_size=30)


@given(amounts, st.decimals(1, 1_000, places=1))
def test_a_norm_moves_with_the_unit(figures: list[Decimal], factor: Decimal) -> None:
    one, other = norm(figures), norm([figure * factor for figure in figures])
    assert (other.median, other.spread) == (one.median * factor, one.spread * factor)


@given(amounts)
def test_one_outlier_hardly_moves_a_norm(figures: list[Decimal]) -> None:
    """That is why medians: a mean follows any single slip of the keyboard."""
    usual = norm([*figures, Decimal(10) ** 9])
    assert min(figures) <= usual.median <= max(figures)


def test_a_figure_that_never_moved_has_no_deviation_of_its_own() -> None:
    still = norm([Decimal(100)] * 12)
    assert score(Decimal(101), still, Decimal("0.05")) == Decimal("0.2")
    assert score(Decimal(100), still, Decimal(0)) == 0
    assert score(Decimal(101), still, Decimal(0)).is_infinite()


def test_norms_look_back_only_and_know_the_season() -> None:
    def told(value: int) -> Sheet:
        return Sheet({"a.b.c": Decimal(value)})

    history = [
        (Period.parse("2023-06"), told(80)), (Period.parse("2024-06"), told(100)), (Period.parse("2025-05"), told(10)),
        (Period.parse("2025-06"), told(999)), (Period.parse("2024-Q2"), told(5_000)),
    ]  # fmt: skip
    found = norms_of(history, Period.parse("2025-06"))["a.b.c"]
    assert (found.median, found.count, found.seasonal, found.seasons) == (80, 3, 90, 2)


#: What the copy of the policy below keeps: one family of checks, its forms, and what these rest on.
KEPT = re.compile(
    r"(glossary|units)\.yaml|national/(layer\.yaml|sources/.*|codes/.*|indicators/(\w*coefficients|heating_values)/.*"
    r"|indicators/tables/.*"
    r"|reporting/(lists/.*|(forms|checks)/(energy_purchase|conversion_output|output_value)(\.cases)?\.yaml))"
)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A piece of the policy with a place of its own below the nation's."""
    source, root = open_rulebook().folder.root, tmp_path / "policy"
    kept = {path for path in source.rglob("*") if KEPT.fullmatch(path.relative_to(source).as_posix())}
    for text in (path.read_text(encoding="utf-8") for path in tuple(kept) if path.parent.name == "forms"):
        kept |= {source / f"national/indicators/{name}.yaml" for name in re.findall(r"indicator: (\w+)", text)}
    for path in filter(Path.is_file, kept):
        copy = root / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (root / "somewhere" / "reporting" / "stricter").mkdir(parents=True)
    (root / "somewhere" / "layer.yaml").write_text(
        "name:\n  zh: 某省\n  en: Some province\nlevel: province\nregion: '210000'\nparent: national\n",
        encoding="utf-8",
    )
    return root


def stricter(root: Path, value: str, severity: str) -> PolicyFolder:
    text = f"""name:
  zh: 省级审核模板
  en: Template of the province
checks:
  - code: RPT-100
    severity: {severity}
    source: reporting-check-practice
    limit:
      pct:
        unit: pct
        values:
          - from: 2025-01-01
            value: {value}
            source: reporting-check-practice
        verified: false
"""
    (root / "somewhere/reporting/stricter/province.yaml").write_text(text, encoding="utf-8")
    return PolicyFolder(root)


def rule_of_place(folder: PolicyFolder) -> Rule:
    return next(rule for each in families(folder, "somewhere") for rule in each.rules if rule.code == "RPT-100")


def test_a_place_is_stricter_and_only_stricter(policy: Path) -> None:
    folder = stricter(policy, "1", "must_fix")
    rule = rule_of_place(folder)
    assert rule.severity is Severity.MUST_FIX
    assert rule.limits["pct"].on(JUNE).number == 1
    assert rule.limits["pct"].on(date(2024, 6, 30)).number == 3  # before the province says anything
    assert rule.layers == ("national", "somewhere")
    assert list(check_catalogue(folder)) == []


def test_a_laxer_place_is_refused_and_has_no_effect(policy: Path) -> None:
    folder = stricter(policy, "9", "notice")
    found = list(check_catalogue(folder))
    assert [finding.code for finding in found] == ["POL-075", "POL-075"]
    assert "RPT-100" in found[0].message.zh
    rule = rule_of_place(folder)
    assert rule.limits["pct"].on(JUNE).number == 3
    assert rule.severity is Severity.MUST_EXPLAIN


#: What is written → what is written instead, and the refusal that says so.
BROKEN = (
    ("rule: 'consumed <= sum(", "rule: 'consummed <= sum(", "POL-073"),
    ("code: RPT-103", "code: RPT-102", "POL-026"),
    ("code: RPT-104", "code: RPT-899", "POL-074"),
    ("code: RPT-100\n    severity: must_explain", "code: RPT-100\n    severity: must_fix", "POL-076"),
    ("method: peers", "method: pears", "POL-073"),
)


def test_what_is_wrong_with_the_catalogue_is_found(policy: Path) -> None:
    file = policy / "national/reporting/checks/energy_purchase.yaml"
    text = file.read_text(encoding="utf-8")
    assert list(check_catalogue(PolicyFolder(policy))) == []
    for before, after, _ in BROKEN:
        assert before in text
        text = text.replace(before, after, 1)
    file.write_text(text, encoding="utf-8")
    found = list(check_catalogue(PolicyFolder(policy)))
    assert {finding.code for finding in found} == {code for _, _, code in BROKEN}
    said = " ".join(finding.message.zh for finding in found)
    assert "pears" in said
    assert "peers" in said  # the nearest known one


def test_figures_of_two_forms_that_never_cover_the_same_months_are_refused(policy: Path) -> None:
    file = policy / "national/reporting/checks/energy_purchase.yaml"
    text = file.read_text(encoding="utf-8")
    broken = text.replace(
        "output: 'output_value:value.gross_output.amount'", "output: 'output_value:value.export.month'"
    )
    assert broken != text
    file.write_text(broken, encoding="utf-8")
    found = list(check_catalogue(PolicyFolder(policy)))
    assert {each.code for each in found} == {"POL-080"}, "a month alone is not the year so far"
    assert "output_value:value.export.month" in found[0].message.en


def test_a_quarter_and_those_before_it_cover_what_a_month_tells_since_january() -> None:
    form = CATALOGUE.forms.form("pollutant_discharge", JUNE)
    assert form is not None
    law, rule = CATALOGUE.law(form, JUNE), CATALOGUE.rules["RPT-398"]
    names = {"coal": "activity.coal.value", "used": "energy_purchase:energy.raw_coal.consumed"}
    alone = replace(rule, table="", names=names, rule="coal <= used", when="", show={})
    assert list(never_meeting(alone, law)) == ["energy_purchase:energy.raw_coal.consumed"]
    names["before"] = "before:activity.coal.value"
    assert not list(never_meeting(replace(alone, names=names, rule="coal + before <= used"), law))
    whole = CATALOGUE.forms.form("utilisation_report", JUNE)
    assert whole is not None
    names = {"made": "economy.gross_output.value", "told": "output_value:value.gross_output.amount"}
    yearly = replace(alone, names=names, rule="made == told")
    assert not list(never_meeting(yearly, CATALOGUE.law(whole, JUNE))), "December's since January is the year"


def test_who_reads_english_reads_no_unit_in_chinese() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for each in open_rulebook().forms_on(JUNE):
        units = [field.printed_en for field in each.fields.values() if field.printed]
        assert [unit for unit in units if not unit or chinese.search(unit)] == [], each.id
    outcome = check_return(plan(), sheet(COAL.replace("closing_stock 300", "closing_stock 50")), BARE)
    [lost] = [each for each in outcome.findings if each.code == "RPT-100"]
    assert "1,300 吨" in lost.message.zh
    assert "1,300 tonne" in lost.message.en
    assert lost.ground is not None
    assert "吨" in lost.ground.zh
    assert not chinese.search(lost.message.en + lost.ground.en)
