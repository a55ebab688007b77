"""规定: what the files of a layer lay down, value by value and formula by formula, each with its source and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding, Message
from shuangkong.policyfile import books
from shuangkong.policyfile.effect import files_in_force
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain
from shuangkong.policyfile.node import Leaf, Listing, Mapping, as_mapping, as_text, walk
from shuangkong.policyfile.stricter import relaxing
from shuangkong.policyfile.values import numbers, starts_of

#: Below these folders stand documents and lists, which lay nothing down by themselves.
_NOT_RULES = ("sources", "codes")
#: By which key a file of the assessment is known.
_BY_KEY = {"grades": "score_table", "results": "consequence", "approvals": "restriction"}
#: By which key a file of monitoring is known.
_MONITORING = ("marks", "reasons", "bands", "groups", "conditions", "steps", "duties", "index", "day_hours", "classes")
_DATED_ITEMS = ("rules", "bands", "duties")
#: What is said of a file beside its rules.
_BESIDE_RULES = frozenset({"name", "note", "from", "until", "source", "at", "confidence", "verified", "checked"})
#: What of an indicator is said once for all its formulas.
_OF_INDICATOR = ("unit", "display", "in_time", "in_space", "round", "direction", "progress")
_INDICATOR_FOLDER = "indicators/"
_BILINGUAL = frozenset({"zh", "en"})


class Kind(StrEnum):
    """What sort of thing a file lays down."""

    PARAMETER = "parameter"  # a value or a row of values: coefficients, limits, shares, days
    FORMULA = "formula"
    INDICATOR = "indicator"  # what an indicator is: unit, rounding, how parts make the whole
    TABLE = "table"
    EXPECTED = "expected"  # which figures must be told
    SCORE_TABLE = "score_table"
    CONSEQUENCE = "consequence"  # what follows from a result
    RESTRICTION = "restriction"  # what may not be approved
    RULE = "rule"  # from which figures which level follows
    SCOPE = "scope"  # what units are counted in


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One thing laid down, while it is in force.

    Attributes:
        id: path below the layer (``indicators/coefficients/raw_coal``); of a limit of a check that of its file, the
            code and its name.
        text: the value or values, the formula, or what else can be said in a line.
        inputs: of a formula what its names stand for, ``name = indicator``, in file order.
        source, at: the document and the place in it; ``place``: file and line in policy.
    """

    kind: Kind
    id: str
    name: Message
    layer: str
    text: str
    unit: str
    validity: Validity
    source: str
    at: str
    is_verified: bool
    place: str
    inputs: tuple[str, ...] = ()

    @property
    def content(self) -> tuple[object, ...]:
        """All that makes it another rule if it changes; not where it is written."""
        return (self.text, self.unit, self.validity, self.source, self.at, self.is_verified, self.inputs)


@dataclass(frozen=True, slots=True)
class Refused:
    """What a layer wrote and what has no effect, as its file relaxes what is above; ``finding`` says where and how."""

    provision: Provision
    finding: Finding


def provisions(folder: PolicyFolder, layer: str) -> tuple[Provision, ...]:
    """All that holds in ``layer`` on any day, each from the nearest layer whose file has effect; by id, then by day.

    Files that do not pass their shape are left out: `policy check` tells of them.
    """
    found = [each for name in files_in_force(folder, layer).values() for each in provisions_of(folder, name)]
    return tuple(sorted(found, key=lambda each: (each.id, each.kind, each.validity.starts)))


def in_force(found: Iterable[Provision], day: date) -> tuple[Provision, ...]:
    """Those that hold on a day."""
    return tuple(each for each in found if each.validity.holds_on(day))


def overridden(folder: PolicyFolder, provision: Provision, day: date) -> tuple[Provision, ...]:
    """What layers above would lay down under the same id on a day, nearest first; not what has no effect there."""
    found: list[Provision] = []
    for above in chain(folder, provision.layer)[1:]:
        name = f"{above}/{file_of(provision)}"
        if folder.has(name) and name not in relaxing(folder, above):
            same = (each for each in provisions_of(folder, name) if (each.kind, each.id) == _key(provision))
            found += in_force(same, day)
    return tuple(found)


def refused(folder: PolicyFolder, layer: str) -> tuple[Refused, ...]:
    """What ``layer`` and those above it wrote without effect, on any day; the nearest layer first, then by file."""
    return tuple(
        # A value of the file that is strict enough falls with the others: the first finding says why.
        Refused(each, next((finding for finding in findings if finding.place == each.place), findings[0]))
        for one in chain(folder, layer)
        for name, findings in sorted(relaxing(folder, one).items())
        for each in provisions_of(folder, name)
    )


def file_of(provision: Provision) -> str:
    """The file below the layer: the id, without what follows the catalogue that a check stands in."""
    head, mark, _ = provision.id.partition("/checks/")
    return f"{head}/checks.yaml" if mark else f"{provision.id}.yaml"


def used_by(folder: PolicyFolder, layer: str, provision: Provision, day: date) -> tuple[Provision, ...]:
    """Formulas and tables in force in ``layer`` on a day that name it, by id."""
    wanted = provision.id
    if provision.kind in (Kind.INDICATOR, Kind.FORMULA):
        wanted = provision.id.removeprefix(_INDICATOR_FOLDER)
    return tuple(each for each in in_force(provisions(folder, layer), day) if wanted in _named_by(each))


def _named_by(each: Provision) -> frozenset[str]:
    return frozenset(text.rpartition(" = ")[2].partition(" ")[0] for text in each.inputs)


def _key(each: Provision) -> tuple[Kind, str]:
    return each.kind, each.id


def provisions_of(folder: PolicyFolder, name: str) -> Iterator[Provision]:
    """What one file lays down, in file order; nothing where it does not pass its shape or lays nothing down."""
    layer, _, inner = name.partition("/")
    read = folder.check(name)
    if read.findings or not inner or inner.startswith(_NOT_RULES):
        return
    reader = _File(layer, inner.removesuffix(".yaml"))
    if isinstance(read.node, Listing):
        yield from reader.limits(read.node)
    elif isinstance(read.node, Mapping):
        yield from reader.whole(read.node)


@dataclass(frozen=True, slots=True)
class _File:
    layer: str
    id: str

    def whole(self, record: Mapping) -> Iterator[Provision]:
        if "name" not in record:
            return
        if "values" in record:
            yield from self.values(record, self.id, books.message(record.mapping("name")))
        elif "direction" in record:
            yield self.indicator(record)
            for item in record.listing("formulas").mappings():
                yield self.formula(record, item)
        elif "rows" in record:
            yield self.table(record)
        elif "expression" in record:
            yield self.formula(record, record)
        elif "every" in record:
            yield self.expected(record)
        elif (kind := next((each for key, each in _BY_KEY.items() if key in record), None)) is not None:
            yield self.whole_file(kind, record)
        elif "rules" in record and "figures" in record:
            for item in record.listing("rules").mappings():
                yield self.rule(record, item)
        elif "excludes" in record:
            yield self.scope(record)
        elif "media" in record or any(key in record for key in _MONITORING):
            yield from self.monitoring(record)

    def limits(self, catalogue: Listing) -> Iterator[Provision]:
        """Limits of the checks of a catalogue."""
        for item in catalogue.items:
            if isinstance(item, Mapping) and "limit" in item and "code" in item:
                title = books.message(item.mapping("title"))
                for key, limit in item.mapping("limit").entries.items():
                    yield from self.values(as_mapping(limit), f"{self.id}/{item.text('code')}/{key}", title)

    def values(self, record: Mapping, id: str, name: Message) -> Iterator[Provision]:  # noqa: A002 - the word of the field
        for item in record.listing("values").mappings():
            text = "、".join(f"{number:f}" for number in numbers(item, "value"))
            yield self.made(Kind.PARAMETER, name, text, record.text("unit"), item, record, id=id)

    def indicator(self, record: Mapping) -> Provision:
        said = [f"{key}: {_spoken(record, key)}" for key in _OF_INDICATOR if key in record]
        name = books.message(record.mapping("name"))
        return self.made(Kind.INDICATOR, name, "; ".join(said), record.text("unit"), record, record)

    def formula(self, record: Mapping, item: Mapping) -> Provision:
        text = item.text("expression") or f"method {item.text('method')}"
        name, inputs = books.message(record.mapping("name")), tuple(_inputs(item))
        return self.made(Kind.FORMULA, name, text, record.text("unit"), item, record, inputs=inputs)

    def table(self, record: Mapping) -> Provision:
        rows, columns = len(record.listing("rows").items), tuple(record.listing("columns").mappings())
        coefficients = (
            f"{column.text('id')} = {column.text(key)}"
            for column in columns
            for key in ("coefficient", "equivalent")
            if key in column
        )
        name, text = books.message(record.mapping("name")), f"{rows} × {len(columns)}"
        return self.made(Kind.TABLE, name, text, "", record, record, inputs=tuple(coefficients))

    def expected(self, record: Mapping) -> Provision:
        text = f"{record.text('subjects')}, every {record.text('every')}"
        name = books.message(record.mapping("name"))
        inputs = tuple(f"{number} = {each}" for number, each in enumerate(record.listing("indicators").texts(), 1))
        return self.made(Kind.EXPECTED, name, text, "", record, record, inputs=inputs)

    def rule(self, record: Mapping, item: Mapping) -> Provision:
        """One version of a rule; what a level without a condition rests on, no document says."""
        levels = (f"{_spoken(each, 'level')}: {each.text('when', '—')}" for each in item.listing("levels").mappings())
        where = "、".join(item.listing("regions").texts())
        text = "; ".join(levels) + (f" ({where})" if where else "")
        return self.made(Kind.RULE, books.message(record.mapping("name")), text, "", item, record)

    def whole_file(self, kind: str, record: Mapping) -> Provision:
        """A file whose rules only make sense together. Each setting is an input, so that none changes unseen."""
        items = (f"{each.text('code')} {each.text('kind')}" for each in record.listing("items").mappings())
        text = record.text("when") or ", ".join(items) or ", ".join(record.listing("approvals").texts())
        grades = ", ".join(grade.text("id") for grade in record.listing("grades").mappings())
        inputs = tuple(
            f"{'.'.join(path)} = {leaf.value}"
            for path, leaf in walk(record)
            if path[0] not in _BESIDE_RULES and not _BILINGUAL.intersection(path[-1:])
        )
        return self.made(
            Kind(kind), books.message(record.mapping("name")), text or grades, "", record, record, inputs=inputs
        )

    def monitoring(self, record: Mapping) -> Iterator[Provision]:
        """A rule of monitoring: item by item where each has days of its own, else the file as a whole."""
        items = [item for key in _DATED_ITEMS for item in record.listing(key).mappings() if "from" in item]
        for item in items:
            said = (f"{'.'.join(path)} {leaf.value}" for path, leaf in walk(item) if path[0] not in _BESIDE_RULES)
            yield self.made(Kind.RULE, books.message(record.mapping("name")), "; ".join(said), "", item, record)
        if not items:
            yield self.whole_file(Kind.RULE, record)

    def scope(self, record: Mapping) -> Provision:
        text = f"excludes: {', '.join(record.listing('excludes').texts())}"
        return self.made(Kind.SCOPE, books.message(record.mapping("name")), text, "", record, record)

    def made(
        self,
        kind: Kind,
        name: Message,
        text: str,
        unit: str,
        item: Mapping,
        record: Mapping,
        *,
        id: str = "",  # noqa: A002 - the word of the field
        inputs: tuple[str, ...] = (),
    ) -> Provision:
        """Where an item of a list says nothing of its own, what its file says holds for it."""
        starts = starts_of(item) if "from" in item else date.min
        until = item.day("until")
        return Provision(
            kind=kind,
            id=id or self.id,
            name=name,
            layer=self.layer,
            text=text,
            unit=unit,
            validity=Validity(starts, until if until is None or until >= starts else starts),
            source=item.text("source") or record.text("source"),
            at=item.text("at"),
            is_verified=item.flag("verified", record.flag("verified", default=False)),
            place=str(item.place),
            inputs=inputs,
        )


def _inputs(item: Mapping) -> Iterator[str]:
    """What each name of a formula stands for, with the shift and the span that it is taken by."""
    for name, entry in item.mapping("inputs").entries.items() if "inputs" in item else ():
        taken = as_mapping(entry)
        how = [taken.text(key) for key in ("measure", "shift", "span", "sector") if key in taken]
        what = taken.text("indicator") or taken.text("measured_in")
        yield f"{name} = {what}" + (f" ({', '.join(how)})" if how else "")
    for name, entry in item.mapping("parameters").entries.items() if "parameters" in item else ():
        yield f"{name} = {as_text(entry)}"


def _spoken(record: Mapping, key: str) -> str:
    """A value, or the values below a key, in a line."""
    node = record.entries[key]
    if isinstance(node, Leaf):
        return str(node.value)
    return ", ".join(f"{'.'.join(path)} {leaf.value}" for path, leaf in walk(node))
