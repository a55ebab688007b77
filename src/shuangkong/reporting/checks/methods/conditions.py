"""逐行条件: arithmetic over cells of a row, of other tables, forms and periods, and over evidence from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.policyfile.expression import parse
from shuangkong.policyfile.expression.given import WRITTEN, Lack, Told
from shuangkong.policyfile.expression.quick import Quick
from shuangkong.reporting.checks.asking import Asked, absence, asked
from shuangkong.reporting.checks.context import Told as Entry
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.straight import is_steady, needed, straight
from shuangkong.reporting.checks.reference import ROW, Reference, Whence, parse_reference
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import FIGURES_LACKING, Run, Test
from shuangkong.reporting.checks.telling import Teller, in_words, shown
from shuangkong.reporting.forms.model import Table


def condition(rule: Rule, law: Law) -> Iterable[Test]:
    """条件（统计法第七条：统计资料应当真实、准确、完整）: what ``rule`` says holds in every row to which it applies.

    The figures compared are told as the ground of the finding. A row in which they are lacking is not judged; one in
    which a name of ``but_said`` is said not to apply is not meant (left blank, or zero, it is).
    """
    lines = tuple(_lines(rule, law))
    if lines:
        yield _Condition(rule, law, lines).test


@dataclass(frozen=True, eq=False)
class Line:
    """What the names stand for in one row of a fixed table, or in every row of ``open_table``."""

    row: str
    asked: tuple[Asked, ...]
    open_table: str = ""

    @cached_property
    def plain(self) -> tuple[tuple[str, State, Decimal | None], ...] | None:
        """What each name is of this return where all of them are fixed cells of it."""
        found = tuple(each.plain for each in self.asked if each.plain is not None)
        return found if len(found) == len(self.asked) else None

    def told(self, run: Run, row: str) -> list[Told]:
        """The figures of the names, in base units."""
        get = run.sheet.values.get
        if self.plain is not None:
            return [
                (told if factor is None else told * factor)
                if (told := get(address, empty)).__class__ is Decimal
                else _no_figure(told)
                for address, empty, factor in self.plain
            ]
        found: list[Told] = []
        for each in self.asked:
            if each.plain is None:
                found.append(each.get(run, row))
                continue
            address, empty, factor = each.plain
            told = get(address, empty)
            if told.__class__ is Decimal:
                found.append(told if factor is None else told * factor)
            else:
                found.append(_no_figure(told))
        return found


def _no_figure(told: Entry) -> Told:
    """A cell that is no plain figure: words are none at all."""
    return told if isinstance(told, (State, Decimal)) else State.NOT_APPLICABLE


def references(rule: Rule) -> Mapping[str, Reference]:
    """Name → what it refers to; a name that is not declared is the column of that id. Limits are no references."""
    expressions = [text for text in (rule.rule, rule.when, rule.value, *rule.show.values()) if text]
    used = dict.fromkeys(name for text in expressions for name in parse(text).names if name not in rule.limits)
    return {name: parse_reference(rule.names.get(name, name)) for name in used}


def _lines(rule: Rule, law: Law) -> Iterator[Line]:
    found = tuple(references(rule).values())
    tables: tuple[Table | None, ...] = law.tables(rule) if any(each.needs_row for each in found) else (None,)
    if rule.table and not law.tables(rule):
        return
    for table in tables:
        if table is None:
            rows: Iterable[str] = ("",)
        else:
            rows = (ROW,) if table.open is not None else filter(rule.covers_row, table.row_ids)
        for row in rows:
            ready = [asked(each, law, table, row) for each in found]
            if None not in ready:
                yield Line(row, tuple(filter(None, ready)), table.id if table and row == ROW else "")


type _Straight = Callable[[Sequence[Told]], bool | None]


def _always(_: Sequence[Told]) -> bool:
    return True


#: What the clock holds beside a return, or does not.
_ELSEWHERE = frozenset({Whence.LAST, Whence.YEAR_AGO, Whence.BEFORE, Whence.FORM, Whence.EVIDENCE})


def _is_absent(reference: Reference, run: Run) -> bool:
    """Whether nothing of the kind is held at all, for whatever row."""
    if reference.whence is Whence.EVIDENCE:
        return not run.context.evidence
    return absence(reference, run) is not None


class _Condition:
    def __init__(self, rule: Rule, law: Law, lines: Sequence[Line]) -> None:
        self.rule, self.law, self.lines = rule, law, lines
        self.references = references(rule)
        self.limits = tuple(law.limit(rule, name) for name in rule.limits)
        names = (*self.references, *rule.limits)
        self.condition = Quick(parse(rule.rule), names)
        self.when = Quick(parse(rule.when), names) if rule.when else None
        self.show = {name: Quick(parse(text), names) for name, text in rule.show.items()}
        self.teller = Teller(rule, law)
        self.needs = tuple(each for each in self.references.values() if not each.needs_row)
        #: Of rows by what they lack: when it applies, and what must hold.
        self.ready: dict[tuple[Told | None, ...], tuple[_Straight, _Straight]] = {}
        but = rule.options.get("but_said", "").split()
        self.but = tuple(at for at, name in enumerate(self.references) if name in but)
        self.straight = straight(
            law.form, self.references, dict(zip(rule.limits, self.limits, strict=True)),
            (parse(rule.when) if rule.when else None, parse(rule.rule)),
            [(line, () if line.open_table else line.asked) for line in lines],
        )  # fmt: skip
        #: Of other returns and of evidence, that without which no row has an answer.
        self.decisive = tuple(
            each for name, each in self.references.items()
            if name in needed(parse(rule.rule)) and each.needs_row and each.whence in _ELSEWHERE
        )  # fmt: skip
        self.is_alike = self.when is None or all(
            name in rule.limits or is_steady(self.references[name]) for name in self.when.expression.names
        )  # whether it applies to every row or to none

    def test(self, run: Run) -> None:
        for each in self.needs:
            if because := absence(each, run):
                return run.lacks(self.rule.code, because)
        if self.is_alike:
            applies = self.applies_to_all(run)
            if applies is False and next(self.rows(run), None) is not None:
                run.judged.add(self.rule.code)
                return None
            if not applies or any(_is_absent(each, run) for each in self.decisive):
                return run.lacks(self.rule.code, self.because(run))
        is_plain = self.straight is not None and not (self.but and run.sheet.said)
        for line in self.straight.left(run, self.rule.code) if self.straight and is_plain else self.lines:
            if line.open_table:
                for row in run.sheet.keys.get(line.open_table, ()):
                    self.judge(run, line, row)
            else:
                self.judge(run, line, line.row)
        if self.rule.code not in run.judged:
            run.lacks(self.rule.code, self.because(run))
        return None

    def applies_to_all(self, run: Run) -> bool | None:
        told = [
            each.get(run, "") if is_steady(reference) else State.MISSING
            for reference, each in zip(self.references.values(), self.lines[0].asked, strict=True)
        ]
        return True if self.when is None else self.when.holds([*told, *self.limits])

    def because(self, run: Run) -> Message:
        """Why nothing was judged, if nothing was: what lacks beside a row that is filled in, else beside the first."""
        row = next(self.filled(run), None) or next(self.rows(run), "")
        found = (absence(each, run, row) for each in self.references.values() if each.needs_row)
        return next(filter(None, found), FIGURES_LACKING)

    def rows(self, run: Run) -> Iterator[str]:
        for line in self.lines:
            yield from run.sheet.keys.get(line.open_table, ()) if line.open_table else (line.row,)

    def filled(self, run: Run) -> Iterator[str]:
        """Rows of which every figure of this return is told."""
        for line in self.lines:
            own = [each for each in line.asked if each.address]
            for row in run.sheet.keys.get(line.open_table, ()) if line.open_table else (line.row,):
                if own and all(isinstance(each.get(run, row), Decimal) for each in own):
                    yield row

    def judge(self, run: Run, line: Line, row: str) -> None:
        told = line.told(run, row)
        told += self.limits
        pattern = tuple([None if each.__class__ is Decimal else each for each in told])
        ready = self.ready.get(pattern)
        if ready is None:
            applying = _always if self.when is None else self.when.straight(told)
            ready = self.ready[pattern] = (applying, self.condition.straight(told))
        when, must = ready
        try:
            applies = when(told)
        except (ArithmeticError, LookupError):
            applies = self.when.holds(told) if self.when is not None else True
        if applies is not True:
            if applies is False:
                run.judged.add(self.rule.code)
            return
        if self.but and any((place := line.asked[at].address) and place(row) in run.sheet.said for at in self.but):
            run.judged.add(self.rule.code)
            return
        try:
            holds = must(told)
        except (ArithmeticError, LookupError):
            holds = self.condition.holds(told)
        if holds is None:
            return
        run.judged.add(self.rule.code)
        if holds:
            run.passed.add(self.rule.code)
            return
        self.tell(run, line, row, told)

    def tell(self, run: Run, line: Line, row: str, told: Sequence[Told]) -> None:
        addresses = tuple(dict.fromkeys(each.address(row) for each in line.asked if each.address))
        named = list(zip(self.references.items(), line.asked, told, strict=False))
        factor = next((each.factor for each in line.asked if each.address), Decimal(1))
        filled = {name: shown(in_unit(value, each.factor)) for (name, _), each, value in named} | {
            name: shown(in_unit(quick.number(told), factor if is_in_unit(name) else Decimal(1)))
            for name, quick in self.show.items()
        }
        ground = in_words(
            (self.words(run, reference, each, row), in_unit(value, each.factor), each.printed)
            for (_, reference), each, value in named
        )
        self.teller.tell(run, addresses, filled, ground)

    def words(self, run: Run, reference: Reference, each: Asked, row: str) -> Message:
        """Evidence says itself whence it is."""
        if reference.whence is Whence.EVIDENCE:
            found = run.context.evidence.get(reference.name.replace(ROW, row))
            if found is not None:
                return found.whence
        return each.words(row)


@dataclass(frozen=True, slots=True)
class Ratio:
    """The number ``value`` of a rule in every row to which it applies."""

    rule: Rule
    lines: tuple[Line, ...]
    names: Mapping[str, Reference]
    value: Quick
    when: Quick | None
    limits: tuple[Decimal, ...]

    @classmethod
    def of(cls, rule: Rule, law: Law) -> Ratio | None:
        """None where the form has nothing to reckon it of."""
        lines = tuple(_lines(rule, law))
        if not lines:
            return None
        found = references(rule)
        names = (*found, *rule.limits)
        when = Quick(parse(rule.when), names) if rule.when else None
        limits = tuple(law.limit(rule, name) for name in rule.limits)
        return cls(rule, lines, found, Quick(parse(rule.value), names), when, limits)

    def figures(self, run: Run) -> Iterator[tuple[tuple[str, ...], Decimal, Callable[[], Message]]]:
        """(cells, number, its ground) of each row in which it is known."""
        for line in self.lines:
            for row in run.sheet.keys.get(line.open_table, ()) if line.open_table else (line.row,):
                told = line.told(run, row)
                told += self.limits
                if self.when is not None and self.when.holds(told) is not True:
                    continue
                figure = self.value.number(told)
                if isinstance(figure, Decimal):
                    addresses = tuple(dict.fromkeys(each.address(row) for each in line.asked if each.address))
                    yield addresses, figure, partial(_ground, line, row, told)


def _ground(line: Line, row: str, told: Sequence[Told]) -> Message:
    pairs = zip(line.asked, told, strict=False)
    return in_words((each.words(row), in_unit(value, each.factor), each.printed) for each, value in pairs)


#: Endings of what a message shows as it is computed; all else is shown in the unit of the first cell.
_PLAIN = ("_pct", "_ratio", "_count", "_points")


def is_in_unit(name: str) -> bool:
    return not name.endswith(_PLAIN)


def in_unit(told: Told | Lack, factor: Decimal) -> Told | Lack:
    """A figure in base units → in the unit that the form prints."""
    return WRITTEN.divide(told, factor) if isinstance(told, Decimal) and factor != 1 else told
