"""计分表文件 → 计分表: names resolved, expressions parsed, marks added up; what is wrong is a finding at its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from shuangkong.assessment.grading import grade_names
from shuangkong.assessment.ladder import KINDS, ItemKind, expression_text, point_name
from shuangkong.assessment.table import (
    ROUNDINGS,
    Aspect,
    Confidence,
    Cut,
    FigureRule,
    Grade,
    Item,
    Point,
    ScoreTable,
    Veto,
)
from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding, Message
from shuangkong.core.trace import Clause
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression import Expression, ExpressionRefused, parse
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import starts_of

TABLES = "assessment/tables"


def score_tables(folder: PolicyFolder, layer: str) -> dict[str, ScoreTable]:
    """Id → table of a layer and those above it, of all days; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), TABLES)
    found, findings = {}, []
    for word, name in sorted(names.items()):
        reader = TableReader(word, node.as_mapping(folder.require(name)))
        found[word] = reader.table()
        findings += reader.findings
    if findings:
        raise PolicyRefused(tuple(findings))
    return found


def clause_of(record: node.Mapping, name: Message, whole: node.Mapping | None = None) -> Clause:
    """What is applied, by its name and place in the document."""
    at = record.text("at")
    words = Message(f"{name.zh}（{at}）", f"{name.en} ({at})") if at else name
    is_verified = (whole or record).flag("verified", default=False)
    return Clause(words, record.flag("verified", default=is_verified))


class TableReader:
    """Reads one table, gathering findings; ``table`` is of use only where there are none."""

    def __init__(self, word: str, record: node.Mapping) -> None:
        self.word, self.record = word, record
        self.findings: list[Finding] = []
        self.figures = {name: _figure(node.as_mapping(each)) for name, each in self._entries("figures")}
        self.points: dict[str, str] = {}

    def _entries(self, key: str) -> Iterable[tuple[str, node.Node]]:
        return self.record.mapping(key).entries.items() if key in self.record else ()

    def table(self) -> ScoreTable:
        record = self.record
        name = books.message(record.mapping("name"))
        items = tuple(item for each in record.listing("items").mappings() if (item := self.item(each)) is not None)
        blocks = {key: books.message(node.as_mapping(each)) for key, each in self._entries("blocks")}
        full = sum((item.most for item in items if not item.is_extra), Decimal(0))
        table = ScoreTable(
            id=self.word,
            name=name,
            subjects=record.listing("subjects").texts(),
            full=full,
            grid=Grid(int(record.number("places")), Decimal(1), ROUNDINGS[record.text("ties", "half_even")]),
            blocks=blocks,
            figures=self.figures,
            items=items,
            vetoes=tuple(map(self.veto, record.listing("vetoes").mappings())),
            grades=(),
            validity=Validity(starts_of(record), record.day("until")),
            clause=clause_of(record, name),
            confidence=Confidence(record.text("confidence", Confidence.GAP)),
            source=record.text("source"),
            at=record.text("at"),
            place=str(record.place),
        )
        self.findings += self.misfits(table)
        names = (*self.figures, *grade_names(table))
        grades = tuple(self.grade(each, names, table.validity) for each in record.listing("grades").mappings())
        return replace(table, grades=grades)

    def item(self, record: node.Mapping) -> Item | None:
        kind = KINDS.get(record.text("kind"))
        if kind is None:
            words = ", ".join(KINDS)
            self.find("POL-018", record, "kind", expected=words, expected_en=words)
            return None
        lacking = [key for key in kind.needs if key not in record]
        self.findings += [refuse("POL-004", record.place, key=key) for key in lacking]
        return None if lacking else self._item(record, kind)

    def _item(self, record: node.Mapping, kind: ItemKind) -> Item:
        points = tuple(map(self.point, record.listing("points").mappings()))
        most, name = record.number(kind.most), books.message(record.mapping("name"))
        ladder = kind.ladder(record)
        names = (*self.figures, *(point.symbol for point in points))
        return Item(
            code=record.text("code"),
            name=name,
            block=record.text("block"),
            kind=record.text("kind"),
            most=Decimal(0) if kind.is_loss else most,
            least=-most if kind.is_loss else Decimal(0),
            is_extra=kind.is_extra or record.flag("extra", default=False),
            ladder=ladder,
            whens=tuple(self.parsed(rung.when, names, record.place) if rung.when else None for rung in ladder),
            expression=self.parsed(expression_text(ladder), names, record.place),
            points=points,
            clause=clause_of(record, name, self.record),
            result=record.text("result"),
            confidence=Confidence(record.text("confidence", self.record.text("confidence", Confidence.GAP))),
        )

    def point(self, record: node.Mapping) -> Point:
        code = record.text("code")
        symbol = point_name(code)
        if symbol in self.points:
            self.findings.append(refuse("POL-026", record.place, found=code, first=self.points[symbol]))
        self.points[symbol] = str(record.place)
        return Point(
            code=code,
            name=books.message(record.mapping("name")),
            symbol=symbol,
            marks=record.number("marks"),
            evidence=record.text("evidence"),
            is_full_if_inapplicable=record.text("inapplicable") == "full",
            same_as=record.text("same_as"),
        )

    def veto(self, record: node.Mapping) -> Veto:
        grades = [each.text("id") for each in self.record.listing("grades").mappings()]
        if record.text("grade") not in grades:
            words = ", ".join(grades)
            self.find("POL-018", record, "grade", expected=words, expected_en=words)
        name = books.message(record.mapping("name"))
        return Veto(
            code=record.text("code"),
            name=name,
            when=self.parsed(record.text("when"), tuple(self.figures), record.entries["when"].place, True),
            grade=record.text("grade"),
            validity=Validity(record.day("from") or starts_of(self.record), record.day("until")),
            clause=clause_of(record, name, self.record),
            result=record.text("result"),
        )

    def grade(self, record: node.Mapping, names: tuple[str, ...], validity: Validity) -> Grade:
        cuts = tuple(
            Cut(
                self.parsed(cut.text("when"), names, cut.place, True),
                Validity(cut.day("from") or validity.starts, cut.day("until")),
            )
            for cut in record.listing("cuts").mappings()
        )
        word = record.text("id")
        return Grade(word, books.message(record.mapping("name")), cuts, record.text("result", word))

    def parsed(self, text: str, names: tuple[str, ...], place: node.Place, is_condition: bool = False) -> Expression:
        """The expression; what is refused is a finding, and ``0`` or ``0 > 0`` stands for it."""
        try:
            found = parse(text)
        except ExpressionRefused as refused:
            self.findings.append(refused.finding(place))
            return parse("0 > 0" if is_condition else "0")
        for name in found.names:
            if name not in names:
                self.findings.append(refuse("POL-040", place, found=name, **nearness(nearest(name, names))))
        if is_condition and not found.is_condition:
            words = ("条件，如 score >= 60", "a condition such as score >= 60")
            self.findings.append(refuse("POL-018", place, expected=words[0], expected_en=words[1], found=text))
        return found

    def misfits(self, table: ScoreTable) -> Iterator[Finding]:
        """Marks that do not add up, blocks that are not there, the same code twice."""
        seen: dict[str, None] = {}
        for record, item in zip(self.record.listing("items").mappings(), table.items, strict=False):
            if item.code in seen:
                yield refuse("POL-026", record.place, found=item.code, first=table.place)
            seen[item.code] = None
            if item.block not in table.blocks:
                words = ", ".join(table.blocks)
                yield refuse("POL-018", record.place, expected=words, expected_en=words, found=item.block)
            points = sum((point.marks for point in item.points), Decimal(0))
            if item.points and points != item.most:
                yield _unequal(record.place, item.most, points)
        if "full" in self.record and self.record.number("full") != table.full:
            yield _unequal(self.record.entries["full"].place, self.record.number("full"), table.full)

    def find(self, code: str, record: node.Mapping, key: str, **said: object) -> None:
        self.findings.append(refuse(code, record.entries[key].place, found=record.text(key), **said))


def _unequal(place: node.Place, expected: Decimal, found: Decimal) -> Finding:
    return refuse("POL-018", place, expected=f"合计 {expected:f} 分", expected_en=f"{expected:f} marks", found=found)


def _figure(record: node.Mapping) -> FigureRule:
    return FigureRule(
        name=books.message(record.mapping("name")),
        unit=record.text("unit"),
        indicator=record.text("indicator"),
        aspect=Aspect(record.text("aspect")) if "aspect" in record else None,
        is_established=record.flag("established", default=False),
    )
