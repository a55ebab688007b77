"""报表的读法: a form of a layer, version by version, each with what the layers below the one that made it add to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from shuangkong.core.dated import Validity
from shuangkong.core.fact import Evidence, Measure
from shuangkong.core.finding import Finding
from shuangkong.core.unit import PrintedUnit
from shuangkong.policyfile import node
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import starts_of
from shuangkong.reporting.forms.derivations import Deriver
from shuangkong.reporting.forms.drafting import Additions, Lists, drafted
from shuangkong.reporting.forms.drafts import name_of
from shuangkong.reporting.forms.due import days_of, due_of, is_due_sound
from shuangkong.reporting.forms.model import Every, Field, Flow, Form, SubjectKind, Table
from shuangkong.reporting.forms.order import CircularForm, ordered
from shuangkong.reporting.forms.tables import TableReader, known_address, required

_DAY = timedelta(days=1)


@dataclass
class FormReader:
    """Reads the forms of one layer, gathering findings; a form with findings is left out.

    Attributes:
        lists: rows that forms share and tables that they are laid out as.
        indicators: id → unit, of indicators and cells of tables.
    """

    printed: Mapping[str, PrintedUnit]
    lists: Lists
    indicators: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)

    def forms(self, id: str, record: node.Mapping, layer: str, added: tuple[Additions, ...]) -> tuple[Form, ...]:  # noqa: A002
        """Every form that ``id`` is on some day, in the order of days; ``added``: outermost layer first."""
        found = []
        for version in record.listing("versions").mappings():
            whole = _validity(version)
            if whole is not None:
                for validity in _stretches(whole, added):
                    before = len(self.findings)
                    form = self._form(id, record, version, validity, layer, added)
                    if form is not None and len(self.findings) == before:
                        found.append(form)
        return tuple(sorted(found, key=lambda form: form.validity.starts))

    def _form(
        self,
        id: str,  # noqa: A002 - the word of the field
        record: node.Mapping,
        version: node.Mapping,
        validity: Validity,
        layer: str,
        added: tuple[Additions, ...],
    ) -> Form | None:
        """The form while one version and the same additions hold."""
        additions = [(each.layer, item) for each in added for item in each.items if _holds(item, validity.starts)]
        if not is_due_sound(record.text("every"), version):
            self.findings.append(refuse("POL-081", version.place, found=id))
            return None
        drafts = drafted(version, layer, additions, self.lists, self.findings)
        reader = TableReader(
            self.printed, self.lists.choices, version.flag("verified", default=False), self.findings, {}
        )
        tables = tuple(reader.table(draft) for draft in drafts)
        derived = self._derived(tables, reader)
        if derived is None:
            return None
        tables = self._with_flows(self._with_required(derived[0], additions), version, additions)
        by_address = {each.address: each for table in tables for each in table.fields}
        days = [int(item.number("days")) for _, item in additions if "days" in item]
        starts = [starts_of(version).isoformat(), *(f"{each}.{starts_of(item)}" for each, item in additions)]
        return Form(
            id=id,
            name=name_of(record),
            number=record.text("number"),
            kind=Evidence(record.text("kind")),
            subject=SubjectKind(record.text("subject")),
            every=Every(record.text("every")),
            days=self._days(days_of(version), additions, days),
            due=due_of(version) if min((days_of(version), *days)) == days_of(version) else None,
            is_early=version.flag("early", default=False),
            soon=int(version.number("soon")) if "soon" in version else None,
            validity=validity,
            edition="+".join(starts),
            tables=tables,
            derived=tuple(by_address[each.address] for each in derived[1]),
            scopes=record.listing("scopes").texts(),
            levels=record.listing("levels").texts(),
            owner=record.text("owner"),
            note=version.text("note") or record.text("note"),
            source=version.text("source"),
            at=version.text("at"),
            is_verified=version.flag("verified", default=False),
            layers=tuple(dict.fromkeys((layer, *(each for each, _ in additions)))),
        )

    def _derived(
        self, tables: tuple[Table, ...], reader: TableReader
    ) -> tuple[tuple[Table, ...], tuple[Field, ...]] | None:
        """The tables with what their fields are computed by, and these in order; None where they are not sound."""
        deriver = Deriver(self.printed)
        fields = {each.address: each for table in tables for each in table.fields}
        made = {
            address: replace(fields[address], derived=deriver.derivation(fields[address], wanted, fields))
            for address, wanted in reader.wanted.items()
        }
        self.findings.extend(deriver.findings)
        if deriver.findings:
            return None
        whole = tuple(
            replace(table, fields=tuple(made.get(each.address, each) for each in table.fields)) for table in tables
        )
        try:
            return whole, ordered({each.address: each for table in whole for each in table.fields})
        except CircularForm as circle:
            place = reader.wanted[circle.way[-1]].place
            self.findings.append(refuse("POL-068", place, way=" → ".join(circle.way)))
            return None

    def _with_required(
        self, tables: tuple[Table, ...], additions: Iterable[tuple[str, node.Mapping]]
    ) -> tuple[Table, ...]:
        """What a layer requires though the layer above does not."""
        fields = {each.address: each for table in tables for each in table.fields}
        addresses: set[str] = set()
        for _, item in additions:
            for leaf in item.listing("required").items:
                found = tuple(known_address(node.as_text(leaf), fields))
                if not found:
                    self._unknown(leaf, fields)
                addresses.update(found)
        return tuple(required(table, frozenset(addresses)) for table in tables) if addresses else tables

    def _with_flows(
        self, tables: tuple[Table, ...], version: node.Mapping, additions: Iterable[tuple[str, node.Mapping]]
    ) -> tuple[Table, ...]:
        """Fields with the indicators that their figures become facts of."""
        fields = {each.address: each for table in tables for each in table.fields}
        flows: dict[str, Flow] = {}
        for item in (version, *(item for _, item in additions)):
            for fact in item.listing("facts").mappings():
                found = tuple(known_address(fact.text("address"), fields))
                if not found:
                    self._unknown(fact.entries["address"], fields)
                measure = Measure(fact.text("measure", Measure.LEVEL))
                subject, after = fact.text("subject", "self"), fact.listing("after").texts()
                flow = Flow(fact.text("indicator"), measure, subject, tuple(after))
                for address in found:
                    self._check_flow(fields[address], flow, fact)
                    flows[address] = flow
        if not flows:
            return tables
        return tuple(
            replace(
                table, fields=tuple(replace(each, fact=flows.get(each.address, each.fact)) for each in table.fields)
            )
            for table in tables
        )

    def _check_flow(self, field: Field, flow: Flow, fact: node.Mapping) -> None:
        """The indicator is there and in the unit of the field."""
        place = fact.entries["indicator"].place
        unit = self.indicators.get(flow.indicator)
        if unit is None:
            hint = nearness(nearest(flow.indicator, self.indicators))
            self.findings.append(refuse("POL-046", place, found=flow.indicator, **hint))
        elif unit != field.unit and flow.measure in (Measure.LEVEL, Measure.AMOUNT):
            self.findings.append(
                refuse("POL-072", place, address=field.address, found=field.unit, indicator=flow.indicator, unit=unit)
            )

    def _unknown(self, leaf: node.Node, fields: Mapping[str, Field]) -> None:
        found = node.as_text(leaf)
        self.findings.append(refuse("POL-067", leaf.place, found=found, **nearness(nearest(found, fields))))

    def _days(self, days: int, additions: Iterable[tuple[str, node.Mapping]], asked: list[int]) -> int:
        """A layer may ask for a return sooner, not later."""
        for layer, item in additions:
            if "days" in item and int(item.number("days")) > days:
                found = f"{int(item.number('days'))} > {days}"
                self.findings.append(refuse("POL-069", item.entries["days"].place, found=found, layer=layer))
        return min((days, *asked))


def _validity(item: node.Mapping) -> Validity | None:
    """None where it ends before it starts: that is told by others."""
    starts, until = starts_of(item), item.day("until")
    return None if until is not None and until < starts else Validity(starts, until)


def _holds(item: node.Mapping, day: date) -> bool:
    validity = _validity(item)
    return validity is not None and validity.holds_on(day)


def _stretches(whole: Validity, added: Iterable[Additions]) -> Iterator[Validity]:
    """The days of a version, cut where an addition begins or ends."""
    cuts = {whole.starts}
    for item in (item for each in added for item in each.items):
        validity = _validity(item)
        if validity is not None:
            cuts.add(validity.starts)
            if validity.until is not None and validity.until < date.max:
                cuts.add(validity.until + _DAY)
    days = sorted(day for day in cuts if whole.holds_on(day))
    for day, following in zip(days, [*days[1:], None], strict=True):
        yield Validity(day, following - _DAY if following else whole.until)
