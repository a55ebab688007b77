"""公式文件 → 公式: names resolved, units checked; and the cases beside them, each of which must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.dated import DatedValue, NotInForce, Validity
from shuangkong.core.finding import Finding
from shuangkong.indicators.emissions.formulas import (
    UNIT,
    EmissionFormula,
    FormulaInput,
    Months,
    Register,
    Rule,
    Sort,
    reckon,
)
from shuangkong.indicators.emissions.pollutant import CLASSES, FOLDER, classes, unknown_in
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression import Expression, ExpressionRefused, Scales, parse, with_scales
from shuangkong.policyfile.expression.units import UnitTable, UnknownUnit, dimension_of
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import starts_of

FORMULAS, FACTORS, ROOM = "emissions/formulas", "emissions/factors", "emissions"
_CASES = ".cases.yaml"


def formulas(folder: PolicyFolder, layer: str) -> dict[str, EmissionFormula]:
    """Id → formula in force in a layer; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), FORMULAS)
    reader = _Reader(folder, layer)
    found = {key: reader.formula(key, node.as_mapping(folder.require(name))) for key, name in sorted(names.items())}
    if reader.findings:
        raise PolicyRefused(tuple(reader.findings))
    return found


def check_formulas(folder: PolicyFolder) -> Iterator[Finding]:
    """All that is wrong with the formulas, and the cases that fail: a check of the whole folder."""
    if not folder.has(CLASSES):
        return
    for layer in folder.layers:
        reader = _Reader(folder, layer)
        for name in folder.names_in(layer, FORMULAS):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                before = len(reader.findings)
                found = reader.formula(books.id_of(name), read.node)
                yield from reader.classes_of(read.node)
                if len(reader.findings) == before:
                    yield from reader.cases(name, found)
        yield from reader.findings


class _Reader:
    """Reads the formulas of one layer, gathering findings."""

    def __init__(self, folder: PolicyFolder, layer: str) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.table = UnitTable(books.units(folder))
        self.factors = names_in_force(folder, chain(folder, layer), FACTORS)
        self.pollutants = names_in_force(folder, chain(folder, layer), FOLDER)
        self.checks = {check.code: check for check in books.checks(folder, ROOM)}

    def formula(self, key: str, record: node.Mapping) -> EmissionFormula:
        inputs = {
            name: FormulaInput(books.message(entry.mapping("name")), entry.text("measured_in"))
            for name, found in record.mapping("inputs").entries.items()
            if (entry := node.as_mapping(found))
        }
        parameters = self.parameters(record)
        expression = self.expression(record, "expression", inputs, parameters)
        return EmissionFormula(
            id=key,
            name=books.message(record.mapping("name")),
            sort=Sort(record.text("kind")),
            validity=Validity(starts_of(record), record.day("until")),
            pollutants=record.listing("pollutants").texts(),
            scopes=record.listing("scopes").texts(),
            measure=record.text("measure"),
            needs_base=record.text("base") == "required",
            register=Register(record.text("register")) if "register" in record else None,
            months=Months(record.text("months", Months.WHOLE_YEAR)),
            inputs=inputs,
            parameters=parameters,
            expression=expression,
            after=self.expression(record, "after", inputs, parameters) if "after" in record else None,
            rules=tuple(self.rule(item, inputs, parameters) for item in record.listing("checks").mappings()),
            source=record.text("source"),
            at=record.text("at"),
            is_verified=record.flag("verified", default=False),
            place=str(record.place),
        )

    def parameters(self, record: node.Mapping) -> dict[str, str]:
        found = {}
        for name, entry in record.mapping("parameters").entries.items() if "parameters" in record else ():
            key = found[name] = node.as_text(entry)
            folder, _, word = key.rpartition("/")
            if folder != FACTORS or word not in self.factors:
                hint = nearness(nearest(key, [f"{FACTORS}/{each}" for each in self.factors]))
                self.findings.append(refuse("POL-050", entry.place, found=key, **hint))
        return found

    def rule(self, item: node.Mapping, inputs: Mapping[str, FormulaInput], parameters: Mapping[str, str]) -> Rule:
        code = item.text("code")
        if code not in self.checks:
            known = ", ".join(self.checks)
            self.findings.append(
                refuse("POL-018", item.entries["code"].place, expected=known, expected_en=known, found=code)
            )
        return Rule(code, self.expression(item, "rule", inputs, parameters))

    def expression(
        self, record: node.Mapping, key: str, inputs: Mapping[str, FormulaInput], parameters: Mapping[str, str]
    ) -> Expression:
        """The expression with its units; what is refused is a finding, and the expression is as parsed, or 0."""
        place = record.entries[key].place
        try:
            found = parse(record.text(key))
            unknown = [name for name in found.names if name not in inputs and name not in parameters]
            for name in unknown:
                hint = nearness(nearest(name, [*inputs, *parameters]))
                self.findings.append(refuse("POL-040", place, found=name, **hint))
            if unknown or self.findings:
                return found
            return self.scaled(found, inputs, parameters, place)
        except ExpressionRefused as refused:
            self.findings.append(refused.finding(place))
        except UnknownUnit as fault:
            self.findings.append(refuse("POL-022", place, found=str(fault), **nearness(None)))
        return parse("0")

    def scaled(
        self,
        found: Expression,
        inputs: Mapping[str, FormulaInput],
        parameters: Mapping[str, str],
        place: node.Place,
    ) -> Expression:
        """Figures enter in base units; an amount leaves in tonnes. Raises ExpressionRefused, UnknownUnit."""
        units = {name: each.unit for name, each in inputs.items()}
        for name, key in parameters.items():
            factor = self.folder.require(self.factors[key.rpartition("/")[2]])
            units[name] = node.as_mapping(factor).text("unit")
        dimensions = {name: self.table.dimension(units[name]) for name in found.names}
        scales = tuple((name, each.scale) for name, each in dimensions.items() if each.scale != 1)
        if found.is_condition:
            # A condition compares what stands in it: its sides are held against each other as a difference is.
            return with_scales(found, Scales(names=scales))
        yields, wanted = dimension_of(found.root, dimensions, found.text), self.table.dimension(UNIT)  # type: ignore[arg-type]
        if yields is not None and yields.powers != wanted.powers:
            self.findings.append(refuse("POL-042", place, found=yields, expected=UNIT))
        return with_scales(found, Scales(names=scales, result=Fraction(1), unit=UNIT))

    def classes_of(self, record: node.Mapping) -> Iterator[Finding]:
        """Names of classes, measures and pollutants that are not there; a reduction without a sort of measure."""
        known = classes(self.folder)
        yield from unknown_in(record.listing("scopes"), known.scopes)
        yield from unknown_in(record.listing("pollutants"), self.pollutants)
        is_reduction = record.text("kind") == Sort.REDUCTION
        if is_reduction != ("measure" in record) or (is_reduction and record.text("measure") not in known.measures):
            words = "、".join(known.measures) if is_reduction else "—"
            place = record.entries.get("measure", record.entries["kind"]).place
            yield refuse("POL-018", place, expected=words, expected_en=words, found=record.text("measure"))
        # What cannot be held against what was recognised before would count twice.
        is_held = "after" in record and (record.text("base") == "required") != ("register" in record)
        if is_reduction != is_held:
            words = "after，base: required 或 register" if is_reduction else "—"
            place = record.entries.get("base", record.entries["kind"]).place
            yield refuse("POL-018", place, expected=words, expected_en=words, found=record.text("register"))

    def cases(self, name: str, formula: EmissionFormula) -> Iterator[Finding]:
        """A finding for each case that fails, for a check that no case trips, and where there are no cases."""
        beside = name.replace(".yaml", _CASES)
        if not self.folder.has(beside):
            yield refuse("POL-034", node.Place(self.folder.shown(name), 1), found=beside)
            return
        read = self.folder.check(beside)
        if not isinstance(read.node, node.Listing) or read.findings:
            return
        tripped: set[str] = set()
        for case in read.node.mappings():
            tripped.update(case.listing("trips").texts())
            yield from self.case(formula, case)
        for rule in formula.rules:
            if rule.code not in tripped:
                yield refuse("POL-030", read.node.place, name=rule.code, expected=rule.code, found="—")

    def case(self, formula: EmissionFormula, case: node.Mapping) -> Iterator[Finding]:
        facts, day = case.mapping("facts"), case.day("day")
        if set(facts.entries) != set(formula.inputs):
            expected, found = ", ".join(sorted(formula.inputs)), ", ".join(sorted(facts.entries))
            yield refuse("POL-052", facts.place, expected=expected, found=found)
            return
        told = {name: node.as_number(entry) for name, entry in facts.entries.items()}
        try:
            reckoned = reckon(formula, told, day or formula.validity.starts, self.parameter_on, self.checks)
        except NotInForce as lack:
            yield refuse("POL-030", case.place, name=case.text("name"), expected=str(day), found=str(lack))
            return
        trips, wanted = [each.code for each in reckoned.findings], list(case.listing("trips").texts())
        amount = case.number("expect") if "expect" in case else None
        if trips != wanted or reckoned.amount_t != amount:
            yield refuse(
                "POL-030",
                case.place,
                name=case.text("name"),
                expected=f"{_spoken(amount)} {', '.join(wanted)}".strip(),
                found=f"{_spoken(reckoned.amount_t)} {', '.join(trips)}".strip(),
            )

    def parameter_on(self, key: str, day: date) -> DatedValue:
        return books.parameter(self.folder, self.factors[key.rpartition("/")[2]]).on(day)


def _spoken(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount.normalize():f}"
