"""公式的读法: one formula of an indicator's file, its names known, its units right."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shuangkong.core.dated import Validity
from shuangkong.core.fact import Measure
from shuangkong.core.finding import Finding
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.formula import IN_PER_CENT, Formula, Input, Shift, Span
from shuangkong.policyfile import node
from shuangkong.policyfile.expression import Expression, ExpressionRefused, Scales, nodes, parse, with_scales
from shuangkong.policyfile.expression.units import Dimension, UnitTable, UnknownUnit, dimension_of
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import starts_of

#: What a one-line formula cannot take: several figures under one name.
_SERIES_SHIFTS = frozenset({Shift.SINCE_BASE})
_SERIES_SPANS = frozenset({Span.CHILDREN})
_PER_CENT = Dimension()


@dataclass
class FormulaReader:
    """Reads the formulas of one layer, gathering findings. A formula that is refused is left out.

    Attributes:
        records: id → file of every indicator; ``cells``: id → unit of the cells of tables.
        methods: names of methods that formulas may call; None: not looked at.
    """

    folder: PolicyFolder
    layer: str
    records: Mapping[str, node.Mapping]
    cells: Mapping[str, str]
    methods: Collection[str] | None
    printed: Mapping[str, PrintedUnit]
    findings: list[Finding]

    def __post_init__(self) -> None:
        self.table = UnitTable(self.printed)
        self.units = {key: record.text("unit") for key, record in self.records.items()} | dict(self.cells)
        self.parameter_files: dict[str, dict[str, str]] = {}

    def formula(self, item: node.Mapping, unit: str) -> Formula | None:
        starts, until = starts_of(item), item.day("until")
        if until is not None and until < starts:
            return None  # told by check_dated_items
        before = len(self.findings)
        inputs = {name: self.input(node.as_mapping(entry)) for name, entry in item.mapping("inputs").entries.items()}
        parameters = self.parameters(item)
        if ("expression" in item) == ("method" in item):
            self.findings.append(refuse("POL-044", item.place))
        self.check_method(item)
        expression = self.expression(item, inputs, parameters, unit) if "expression" in item else None
        if len(self.findings) > before:
            return None
        return Formula(
            validity=Validity(starts, until),
            inputs=inputs,
            expression=expression,
            method=item.text("method"),
            parameters=parameters,
            source=item.text("source"),
            at=item.text("at"),
            is_verified=item.flag("verified", default=False),
            place=str(item.place),
        )

    def check_method(self, item: node.Mapping) -> None:
        name = item.text("method")
        if name and self.methods is not None and name not in self.methods:
            known, hint = ", ".join(sorted(self.methods)), nearness(nearest(name, self.methods))
            self.findings.append(refuse("POL-051", item.entries["method"].place, found=name, known=known, **hint))

    def input(self, record: node.Mapping) -> Input:
        key = record.text("indicator")
        if key not in self.units:
            hint = nearness(nearest(key, self.units))
            self.findings.append(refuse("POL-046", record.entries["indicator"].place, found=key, **hint))
        if "sector" in record and ("span" in record or "formulas" in self.records.get(key, record)):
            self.findings.append(refuse("POL-066", record.entries["sector"].place, found=key))
        return Input(
            indicator=key,
            measure=Measure(record.text("measure", Measure.LEVEL)),
            shift=Shift(record.text("shift", Shift.SAME)),
            span=Span.SECTOR if "sector" in record else Span(record.text("span", Span.SAME)),
            sector=record.text("sector"),
        )

    def parameters(self, item: node.Mapping) -> dict[str, str]:
        """Name → id of the parameter of the policy."""
        found = {}
        for name, entry in item.mapping("parameters").entries.items() if "parameters" in item else ():
            key = node.as_text(entry)
            found[name] = key
            if name in item.mapping("inputs"):
                first = item.mapping("inputs").key_places[name]
                self.findings.append(refuse("POL-026", entry.place, found=name, first=first))
            word = key.rpartition("/")[0]
            files = self._parameter_files(word)
            if key not in files:
                self.findings.append(refuse("POL-050", entry.place, found=key, **nearness(nearest(key, files))))
        return found

    def _parameter_files(self, word: str) -> dict[str, str]:
        """Id → file of the parameters in a folder below the layers."""
        if word not in self.parameter_files:
            names = names_in_force(self.folder, chain(self.folder, self.layer), word)
            self.parameter_files[word] = {
                f"{word}/{name}": file for name, file in names.items() if _has_values(self.folder, file)
            }
        return self.parameter_files[word]

    def expression(
        self, item: node.Mapping, inputs: Mapping[str, Input], parameters: Mapping[str, str], unit: str
    ) -> Expression | None:
        place = item.entries["expression"].place
        try:
            found = parse(item.text("expression"))
            if isinstance(found.root, (nodes.Comparison, nodes.Connection, nodes.Denial)):
                words = {"expected": "数值", "expected_en": "a number", "found": found.text}
                raise ExpressionRefused("POL-039", 0, **words)
            if not self._names_are_known(found, item, inputs, parameters):
                return None
            return self._in_unit(found, found.root, self._dimensions(inputs, parameters), unit)
        except ExpressionRefused as refused:
            self.findings.append(refused.finding(place))
        except UnknownUnit as unknown:
            self.findings.append(refuse("POL-022", place, found=str(unknown), **nearness(None)))
        return None

    def _names_are_known(
        self,
        expression: Expression,
        item: node.Mapping,
        inputs: Mapping[str, Input],
        parameters: Mapping[str, str],
    ) -> bool:
        """Whether every name stands for one known figure, and every figure declared is used."""
        before = len(self.findings)
        place = item.entries["expression"].place
        known = {**inputs, **parameters}
        for name in expression.names:
            if name not in known:
                self.findings.append(refuse("POL-040", place, found=name, **nearness(nearest(name, known))))
        for key in ("inputs", "parameters"):
            for name in item.mapping(key).entries if key in item else ():
                if name not in expression.names:
                    self.findings.append(refuse("POL-045", item.mapping(key).key_places[name], found=name))
        for name, taken in inputs.items():
            if taken.shift in _SERIES_SHIFTS or taken.span in _SERIES_SPANS:
                what = taken.shift if taken.shift in _SERIES_SHIFTS else taken.span
                place = item.mapping("inputs").key_places[name]
                self.findings.append(refuse("POL-049", place, found=name, what=what.value))
        unknown = any(taken.indicator not in self.units for taken in inputs.values())
        missing = any(key not in self._parameter_files(key.rpartition("/")[0]) for key in parameters.values())
        return len(self.findings) == before and not unknown and not missing

    def _dimensions(self, inputs: Mapping[str, Input], parameters: Mapping[str, str]) -> dict[str, Dimension]:
        """Unit of each name; raises UnknownUnit."""
        dimensions = {
            name: _PER_CENT if taken.measure in IN_PER_CENT else self.table.dimension(self.units[taken.indicator])
            for name, taken in inputs.items()
        }
        for name, key in parameters.items():
            record = self.folder.check(self._parameter_files(key.rpartition("/")[0])[key]).node
            dimensions[name] = self.table.dimension(node.as_mapping(record).text("unit") if record else "")
        return dimensions

    def _in_unit(
        self, expression: Expression, root: nodes.Number, dimensions: Mapping[str, Dimension], unit: str
    ) -> Expression:
        """The expression with its scales; raises ExpressionRefused where it does not yield the indicator's unit."""
        wanted = self.table.dimension(unit)
        found = dimension_of(root, dimensions, expression.text)
        if found is not None and found.powers != wanted.powers:
            raise ExpressionRefused("POL-042", 0, found=found, expected=unit)
        names = tuple((name, dimensions[name].scale) for name in expression.names if dimensions[name].scale != 1)
        return with_scales(expression, Scales(names, wanted.scale, str(found or wanted)))


def _has_values(folder: PolicyFolder, file: str) -> bool:
    record = folder.check(file).node
    return isinstance(record, node.Mapping) and "values" in record
