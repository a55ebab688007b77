"""政策文件 → 指标: the indicators of a layer with their formulas, names resolved and units checked, or all refusals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding
from shuangkong.core.rounding import Rounding
from shuangkong.indicators.formula import (
    Aggregation,
    DatedRole,
    Indicator,
    Role,
    RoundingRule,
)
from shuangkong.indicators.formula_book import FormulaReader
from shuangkong.indicators.graph import Graph
from shuangkong.indicators.methods import METHODS
from shuangkong.indicators.tables import table_cells
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import check_dated_items, starts_of


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
        self.formulas = FormulaReader(
            self.folder, self.layer, self.records, self.cells, self.methods, self.printed, self.findings
        )

    def indicator(self, key: str, record: node.Mapping) -> Indicator:
        name, unit = books.message(record.mapping("name")), record.text("unit")
        items = tuple(record.listing("formulas").mappings())
        self.findings.extend(check_dated_items(items))
        return Indicator(
            id=key,
            zh=name.zh,
            en=name.en,
            unit=unit,
            display=self.display(record),
            in_time=Aggregation(record.text("in_time", Aggregation.NONE)),
            in_space=Aggregation(record.text("in_space", Aggregation.NONE)),
            rounding=_rounding(record),
            formulas=tuple(found for item in items if (found := self.formulas.formula(item, unit)) is not None),
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
