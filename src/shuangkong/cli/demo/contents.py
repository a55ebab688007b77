"""What the demo holds: real plans as facts, published figures, and a county that does not exist."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from shuangkong.cli.demo.assessments import take_assessments, take_key_units
from shuangkong.cli.demo.balances import take_balances
from shuangkong.cli.demo.cast import Cast
from shuangkong.cli.demo.certificates import take_certificates
from shuangkong.cli.demo.decisions import Decision, read_decisions, record
from shuangkong.cli.demo.decompositions import take_decomposition
from shuangkong.cli.demo.emissions import take_emissions
from shuangkong.cli.demo.loading import Tell
from shuangkong.cli.demo.playing import Stage, follow, play, was_played
from shuangkong.cli.demo.projects import take_projects
from shuangkong.cli.demo.returns import open_for_filing, take_returns
from shuangkong.cli.demo.units import take_units
from shuangkong.cli.demo.warnings import take_warnings
from shuangkong.cli.demo.weather import take_weather
from shuangkong.cli.demo.years import moved_by, moved_by_end, moved_rows, moved_text
from shuangkong.cli.regions import listed_regions
from shuangkong.core.finding import Finding
from shuangkong.papers.tables import read_sheet
from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading
from shuangkong.plans.reading_json import decode, from_json
from shuangkong.records.facts.store import load_rows
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Origin, PlanRow
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import name_reporter, register_enterprise
from shuangkong.records.registry.enterprises.identifiers import identify
from shuangkong.records.registry.enterprises.rows import ParticularsRow, System
from shuangkong.records.registry.enterprises.store import called
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.tasks.derived import derive, derive_late, derive_loaded

_FACTS_NOTE = "由公开文件读出的事实"
#: The plan of the county was handed out so long ago that who has never reported has been silent for long.
_HANDED_OUT = timedelta(days=300)
_FICTION_NOTE = "虚构·演示数据：地名、机构、数字均为编造"


class DemoRefused(Exception):
    """A demo file that does not load: a fault of the package, not of the user."""


def load(folder: Path, by: Acting, tell: Tell) -> None:
    """Regions, then plans, then figures, and what both tell; what is there already is left alone.

    The fictional county's plan is handed out, and its people act: they find duties, and every page has something to
    show. Nobody decides that for the real places.
    """
    today, fictional = timezone.localdate(), folder / "fictional"
    tell("行政区划 regions")
    registry.save_regions(listed_regions())
    registry.save_regions(_fictional_regions(folder / "fictional" / "regions.csv"))
    tell("虚构县的企业 the fictional county's enterprises")
    _take_enterprises(folder / "fictional" / "enterprises.csv", by)
    open_for_filing(folder / "fictional" / "reporting", by)
    decided = read_decisions(folder / "decisions.csv")
    for path in sorted((folder / "plans").glob("*.json")):
        tell(f"方案 plan: {path.stem}")
        _take_facts(path, decided, by)
    tell("虚构县的方案 the fictional county's plan")
    years = _years_moved(today)
    city = _take_fiction(fictional / "city" / "plan.txt", years, decided, by)
    county = _take_fiction(fictional / "plan.txt", years, decided, by)
    for path in sorted((folder / "figures").glob("*.csv")):
        tell(f"数据 figures: {path.stem}")
        _take_figures(path, by)
    tell("虚构县的数据 the fictional county's figures")
    _take_figures(fictional / "figures.csv", by, years)
    tell("虚构县的能耗数据 the fictional county's energy")
    take_units(fictional / "units.csv", by, years)
    _take_figures(fictional / "energy.csv", by, years, today)
    _take_figures(fictional / "quarters.csv", by, years, today)
    tell("虚构县的能源平衡表 the fictional county's energy balances")
    _take_figures(fictional / "supply.csv", by, years, today)
    _take_balances(fictional / "balance", by, years)
    tell("虚构县的部门统计和绿证 the fictional county's statistics and certificates")
    _take_figures(fictional / "statistics.csv", by, years, today)
    _take_figures(fictional / "estimates.csv", by, years)
    _take_certificates(fictional, by, years)
    cast = Cast(fictional, today)
    tell("虚构县的减排台账 the fictional county's emissions")
    take_emissions(fictional / "emissions", by, cast, years)
    _take_figures(fictional / "emissions" / "increments.csv", by, years)
    tell("虚构县的任务 the fictional county's tasks")
    assign_plan(county.id, by, max(county.issued_on or today, today - _HANDED_OUT))
    if not was_played():
        with transaction.atomic():
            play(Stage(county, cast, today))
            follow(county, city, cast)
    tell("虚构县的重点工程 the fictional county's key projects")
    take_projects(fictional / "outlook", cast)
    tell("虚构县的重污染天气应急 the fictional county's heavy-pollution weather")
    take_weather(fictional / "outlook", cast)
    tell("虚构县的目标分解 the fictional county's targets shared out")
    take_decomposition(fictional / "decomposition.csv", county, cast)
    tell("虚构县的晴雨表和空间账 the fictional county's warnings")
    take_warnings(fictional / "outlook", cast, years)
    tell("虚构县的考核 the fictional county's assessments")
    take_key_units(fictional / "key_units.csv", cast)
    take_assessments(fictional / "assessment.csv", cast, _last_told(fictional / "figures.csv") + years)
    tell("虚构县的联网直报 the fictional county's returns")
    take_returns(fictional / "reporting", cast)
    derive(county.id)
    derive_late(today)


def _last_told(path: Path) -> int:
    """The last year of which a file of figures tells."""
    with path.open(encoding="utf-8", newline="") as file:
        return max(int(row["时期"][:4]) for row in csv.DictReader(file))


def _years_moved(today: date) -> int:
    """By how many years the invented plan is moved: those by which the one that is there was, else by today's."""
    known = (plan.end_year for plan in plans.plans() if plan.is_demo and plan.is_fictional)
    end_year = next(known, None)
    return moved_by(today) if end_year is None else moved_by_end(end_year)


def _fictional_regions(path: Path) -> Iterator[RegionRow]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield RegionRow(row["code"], row["name"], row["level"], row["parent"] or None, is_fictional=True)


def _take_enterprises(path: Path, by: Acting) -> None:
    """Each once; the first is one whose people report."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for at, row in enumerate(rows):
        if called(row["credit_code"] or row["name"], row["region"]) is not None:
            continue
        wanted = ParticularsRow(row["name"], row["region"], row["credit_code"], row["industry"])
        made = register_enterprise(wanted, by, row["ground"], date.fromisoformat(row["on"]))
        for system in System:
            if row.get(system.value):
                identify(made, system, row[system.value], by, row["ground"])
        if at == 0:
            name_reporter(made, by, row["ground"])


def _take_facts(path: Path, decided: Iterable[Decision], by: Acting) -> None:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    findings = decode(tuple[Finding, ...], told["findings"])
    origin = Origin(is_demo=True, source_note=_FACTS_NOTE)
    own = [each for each in decided if each.plan == path.stem]
    _take(None, Document(path.name, Medium.TXT, ""), from_json(told), findings, own, by, origin)


def _take_fiction(path: Path, years: int, decided: Iterable[Decision], by: Acting) -> PlanRow:
    text, book = moved_text(path.read_text(encoding="utf-8"), years), open_rulebook()
    document = Document(path.name, Medium.TXT, text)
    reading = read_plan(document, book.lexicon())
    day = reading.head.issued_on or date.max
    findings = audit(reading, document, Catalogue.of(book.checks("plans"), book.lexicon(), day))
    origin = Origin(is_demo=True, is_fictional=True, source_note=_FICTION_NOTE)
    own = [each for each in decided if each.plan == path.parent.name]
    return _take(text.encode(), document, reading, findings, own, by, origin)


def _take(
    content: bytes | None,
    document: Document,
    reading: Reading,
    findings: tuple[Finding, ...],
    decided: Iterable[Decision],
    by: Acting,
    origin: Origin,
) -> PlanRow:
    """Saves, records what was decided on it and adopts. A demo plan of that document number stays as it is."""
    for plan in plans.plans():
        if plan.is_demo and plan.doc_no == reading.head.doc_no:
            return plan
    made = plans.save_reading(content, document, reading, findings, by, origin)
    record(made.id, decided, by)
    plans.adopt(made.id, by)
    adopted = plans.plan(made.id)
    assert adopted is not None
    return adopted


def _take_balances(folder: Path, by: Acting, years: int) -> None:
    refused = tuple(take_balances(folder, by, years))
    if refused:
        raise DemoRefused("；".join(refused[:5]))


def _take_certificates(folder: Path, by: Acting, years: int) -> None:
    refused = tuple(take_certificates(folder, by, years))
    if refused:
        raise DemoRefused("；".join(refused[:5]))


def _take_figures(path: Path, by: Acting, years: int = 0, until: date = date.max) -> None:
    sheet = read_sheet(path.read_bytes(), path.name)
    report = load_rows(
        moved_rows(sheet.rows, years, until),
        name=path.name,
        digest=sheet.digest,
        source=path.stem,
        by=by,
        is_dry_run=False,
        is_demo=True,
    )
    refused = [verdict.message.zh for verdict in report.verdicts if verdict.verdict == "refused"]
    if refused:
        raise DemoRefused(f"{path.name}: {'；'.join(refused[:5])}")
    if report.load is not None:
        derive_loaded(report.load)
