"""政策文件 → 指标: the indicators of a layer with their formulas, names resolved and units checked, or all refusals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from shuangkong.core.dated import Validity
from shuangkong.core.fact import Measure
from shuangkong.core.finding import Finding
from shuangkong.core.rounding import Rounding
from shuangkong.indicators.formula import (
    Aggregation,
    DatedRole,
    Formula,
    Indicator,
    Input,
    Role,
    RoundingRule,
    Shift,
    Span,
)
from shuangkong.indicators.graph import Graph
from shuangkong.indicators.methods import METHODS
from shuangkong.indicators.tables import table_cells
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression import Expression, ExpressionRefused, Scales, nodes, parse, with_scales
from shuangkong.policyfile.expression.units import Dimension, UnitTable, UnknownUnit, dimension_of
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import check_dated_items, starts_of

#: Measures that are told in per cent, whatever the indicator's own unit.
IN_PER_CENT = frozenset({Measure.YOY_CHANGE_PCT, Measure.CUMULATIVE_CHANGE_PCT})
#: What a one-line formula cannot take: several figures under one name.
_SERIES_SHIFTS = frozenset({Shift.SINCE_BASE})
_SERIES_SPANS = frozenset({Span.CHILDREN})
_PER_CENT = Dimension()


@dataclass(frozen=True, slots=True)
class IndicatorsRead:
    """What became of the indicator files of a layer: those that can be used, and what is wrong with the others."""

    indicators: Mapping[str, Indicator]
    findings: tuple[Finding, ...]


def indicator_rules(
    folder: PolicyFolder,
    layer: str,
    cells: Mapping[str, str] | None = None,
    methods: Collection[str] | None = None,
) -> dict[str, Indicator]:
    """Id → indicator in force in ``layer``, in the order of ids.

    Args:
        cells: id → unit of the cells of tables (``energy_balance.<row>.<column>``) that formulas may take.
        methods: names of methods that formulas may call; None: not looked at.

    Raises:
        PolicyRefused: a file cannot be used, or formulas circle.
    """
    names = names_in_force(folder, chain(folder, layer), "indicators")
    for name in names.values():
        folder.require(name)
    read = read_indicators(folder, layer, cells, methods)
    if read.findings:
        raise PolicyRefused(read.findings)
    return dict(read.indicators)


def read_indicators(
    folder: PolicyFolder,
    layer: str,
    cells: Mapping[str, str] | None = None,
    methods: Collection[str] | None = None,
) -> IndicatorsRead:
    """All indicators of ``layer`` that pass their shape (what does not, others report), and what formulas lack."""
    names = names_in_force(folder, chain(folder, layer), "indicators")
    files = {key: folder.check(name) for key, name in names.items()}
    sound = {
        key: read.node
        for key, read in sorted(files.items())
        if isinstance(read.node, node.Mapping) and not read.findings
    }
    reader = _Reader(folder, layer, sound, cells or {}, methods)
    indicators = {key: reader.indicator(key, record) for key, record in sound.items()}
    findings = list(reader.findings)
    circle, endless = Graph(indicators).circle(), Graph(indicators).endless()
    if found := circle or endless:
        places = {key: record.key_places.get("formulas", record.place) for key, record in sound.items()}
        findings.append(refuse("POL-047" if circle else "POL-062", places[found[0]], way=" → ".join(found)))
    return IndicatorsRead(indicators, tuple(findings))


@dataclass
class _Reader:
    """Reads the indicators of one layer, gathering findings. A formula that is refused is left out."""

    folder: PolicyFolder
    layer: str
    records: Mapping[str, node.Mapping]
    cells: Mapping[str, str]
    methods: Collection[str] | None
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.printed = books.units(self.folder)
        self.table = UnitTable(self.printed)
        self.units = {key: record.text("unit") for key, record in self.records.items()} | dict(self.cells)
        self.parameter_files: dict[str, dict[str, str]] = {}

    def indicator(self, key: str, record: node.Mapping) -> Indicator:
        name = books.message(record.mapping("name"))
        items = tuple(record.listing("formulas").mappings())
        self.findings.extend(check_dated_items(items))
        return Indicator(
            id=key,
            zh=name.zh,
            en=name.en,
            unit=record.text("unit"),
            display=self.display(record),
            in_time=Aggregation(record.text("in_time", Aggregation.NONE)),
            in_space=Aggregation(record.text("in_space", Aggregation.NONE)),
            rounding=_rounding(record),
            formulas=tuple(found for item in items if (found := self.formula(item, record.text("unit"))) is not None),
            definition=books.message(record.mapping("definition")) if "definition" in record else None,
            field=record.text("field"),
            owner=record.text("owner"),
            is_better_higher=record.text("direction") == "higher_is_better",
            roles=self.roles(record),
            is_at_constant_prices=record.text("prices") == "constant",
        )

    def roles(self, record: node.Mapping) -> tuple[DatedRole, ...]:
        """What the indicator is to an evaluation; a role that ends before it starts is left out and told."""
        items = tuple(record.listing("roles").mappings())
        self.findings.extend(check_dated_items(items))
        return tuple(
            DatedRole(
                role=Role(item.text("role")),
                rank=int(item.number("rank")),
                validity=Validity(starts_of(item), item.day("until")),
                source=item.text("source"),
                at=item.text("at"),
                is_verified=item.flag("verified", default=False),
            )
            for item in items
            if (until := item.day("until")) is None or until >= starts_of(item)
        )

    def display(self, record: node.Mapping) -> str:
        """The printed form that the file names, else the first that is the base unit itself."""
        unit, display = record.text("unit"), record.text("display")
        forms = [form.printed for form in self.printed.values() if form.unit.id == unit]
        if display and display not in forms:
            hint = nearness(nearest(display, forms))
            self.findings.append(refuse("POL-048", record.entries["display"].place, found=display, unit=unit, **hint))
        plain = (form.printed for form in self.printed.values() if form.unit.id == unit and form.factor == 1)
        return display or next(plain, unit)

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
        return Input(
            indicator=key,
            measure=Measure(record.text("measure", Measure.LEVEL)),
            shift=Shift(record.text("shift", Shift.SAME)),
            span=Span(record.text("span", Span.SAME)),
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


def _rounding(record: node.Mapping) -> RoundingRule:
    if "round" not in record:
        return RoundingRule()
    rule = record.mapping("round")
    return RoundingRule(
        kept=int(rule.number("kept")) if "kept" in rule else None,
        published=int(rule.number("published")) if "published" in rule else None,
        rule=Rounding(rule.text("rule", Rounding.HALF_EVEN)),
    )


def check_indicators(folder: PolicyFolder) -> Iterator[Finding]:
    """What is wrong with the formulas of every layer: a check of the whole folder."""
    for layer in folder.layers:
        yield from read_indicators(folder, layer, table_cells(folder, layer), METHODS).findings
