"""计分表的案例: worked examples beside a score table (``x.cases.yaml``), each of which must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.assessment.answers import Answers, Judged, Proof
from shuangkong.assessment.book import TABLES, TableReader
from shuangkong.assessment.sheet import Sheet, scored
from shuangkong.assessment.table import ScoreTable
from shuangkong.core.check import Check
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Finding
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

ROOM = "assessment"
CHECKS = f"{books.NATION}/{ROOM}/checks.yaml"
_ENDING = ".cases.yaml"
_SUBJECT = Subject("region", "000000")
_PROOF = (Proof("案例"),)
_UNDECIDED = "undecided"


def check_score_tables(folder: PolicyFolder) -> Iterator[Finding]:
    """All that is wrong with score tables, and the cases that fail: a check of the whole folder."""
    checks = {check.code: check for check in books.checks(folder, ROOM)} if folder.has(CHECKS) else {}
    indicators = {books.id_of(name) for layer in folder.layers for name in folder.names_in(layer, "indicators")}
    for layer in folder.layers:
        for name in folder.names_in(layer, TABLES):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                yield from _check_table(folder, name, read.node, checks, indicators)


def _check_table(
    folder: PolicyFolder, name: str, record: node.Mapping, checks: Mapping[str, Check], indicators: set[str]
) -> Iterator[Finding]:
    reader = TableReader(books.id_of(name), record)
    table = reader.table()
    yield from reader.findings
    for word, rule in table.figures.items():
        if rule.indicator and rule.indicator not in indicators:
            yield refuse(
                "POL-050", record.mapping("figures").entries[word].place, found=rule.indicator, near="", near_en=""
            )
    beside = name.replace(".yaml", _ENDING)
    if not folder.has(beside):
        yield refuse("POL-034", node.Place(folder.shown(name), 1), found=beside)
        return
    cases = folder.check(beside)
    if isinstance(cases.node, node.Listing) and not cases.findings and not reader.findings:
        for case in cases.node.mappings():
            yield from _check_case(table, case, checks)


def _check_case(table: ScoreTable, case: node.Mapping, checks: Mapping[str, Check]) -> Iterator[Finding]:
    facts = case.mapping("facts").entries if "facts" in case else {}
    unknown = sorted(set(facts) - set(table.figures))
    if unknown:
        yield refuse("POL-052", case.place, expected=", ".join(table.figures), found=", ".join(unknown))
        return
    trial = _Trial(table, case)
    sheet = scored(table, _SUBJECT, trial.period, trial.answers(), checks)
    for expected, found in trial.outcomes(sheet):
        if expected != found:
            yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=found)


@dataclass(frozen=True, slots=True)
class _Trial:
    table: ScoreTable
    case: node.Mapping

    @property
    def period(self) -> Period:
        return Period((self.case.day("day") or self.table.validity.starts).year)

    def answers(self) -> Answers:
        facts = self.case.mapping("facts").entries if "facts" in self.case else {}
        told = {name: _told(entry) for name, entry in facts.items()}
        established = {name for name, rule in self.table.figures.items() if rule.is_established}
        figures = {name: self.figure(name, value) for name, value in told.items() if name not in established}
        judged = {
            name: _judged(value) for name, value in told.items() if name in established and value is not State.MISSING
        }
        given = {each.text("point"): each.number("marks") for each in self.case.listing("judged").mappings()}
        whole = self.case.text("points", "all")
        for point in self.table.points:
            marks = given.get(point.code, {"all": point.marks, "none": Decimal(0)}.get(whole))
            if marks is not None:
                judged[point.code] = Judged(marks, _PROOF)
        return Answers(figures, judged)

    def figure(self, name: str, told: Decimal | State) -> Figure:
        unit, cell = self.table.figures[name].unit, Cell(_SUBJECT, name, self.period)
        if isinstance(told, State):
            return Figure(cell, told, None, unit)
        return Figure(cell, State.VALUE, told, unit)

    def outcomes(self, sheet: Sheet) -> Iterator[tuple[str, str]]:
        """What the case expects and what came out, as text."""
        for each in self.case.listing("items").mappings():
            code = each.text("code")
            yield f"{code} {_spoken(_told(each.entries['marks']))}", f"{code} {_spoken(sheet.score(code).marks)}"
        if "score" in self.case:
            yield _spoken(_told(self.case.entries["score"])), _spoken(sheet.total)
        yield self.case.text("grade"), sheet.grade.id if sheet.grade else _UNDECIDED
        if "possible" in self.case:
            yield ", ".join(self.case.listing("possible").texts()), ", ".join(grade.id for grade in sheet.possible)
        held = [each.veto.code for each in sheet.vetoes if each.holds]
        yield ", ".join(self.case.listing("vetoes").texts()), ", ".join(held)


def _told(entry: node.Node) -> Decimal | State:
    if isinstance(entry, node.Leaf) and isinstance(entry.value, str):
        return State(entry.value)
    return node.as_number(entry)


def _judged(value: Decimal | State) -> Judged:
    if isinstance(value, State):
        return Judged(None, _PROOF, is_inapplicable=value is State.NOT_APPLICABLE)
    return Judged(value, _PROOF)


def _spoken(marks: Decimal | State | None) -> str:
    return f"{marks.normalize():f}" if isinstance(marks, Decimal) else "missing"
