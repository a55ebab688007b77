"""Policy files as values of the core: units, regions, industries, sources, parameters, checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from shuangkong.core.check import Check
from shuangkong.core.dated import Parameter
from shuangkong.core.finding import Message, Severity
from shuangkong.core.industry import Industry
from shuangkong.core.region import Region, RegionBook
from shuangkong.core.source import Source
from shuangkong.core.unit import PrintedUnit, Unit
from shuangkong.policyfile.codelist import CodeRow, read_codes
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.node import Listing, Mapping, as_mapping
from shuangkong.policyfile.values import check_values, dated_values

#: The layer of rules that hold everywhere.
NATION = "national"
UNITS = "units.yaml"


def id_of(name: str) -> str:
    """The id of a policy file: its name without folder and ending."""
    return PurePosixPath(name).stem


def units(folder: PolicyFolder) -> dict[str, PrintedUnit]:
    """Printed unit → base unit and factor."""
    records = as_mapping(folder.require(UNITS)).listing("units").mappings()
    return {form.printed: form for record in records for form in _printed_units(record)}


def regions(folder: PolicyFolder) -> RegionBook:
    """Every region of every list."""
    declared, rows = _codes(folder, "regions")
    lists = sorted(day for item in declared.listing("lists").mappings() if (day := item.day("day")))
    short_names = {item.text("code"): item.text("name") for item in declared.listing("short_names").mappings()}
    return RegionBook((_region(row, lists) for row in rows), lists[0], short_names)


def industries(folder: PolicyFolder) -> dict[str, Industry]:
    """Code → industry."""
    return {row.cells["code"]: Industry(**row.cells) for row in _codes(folder, "industries")[1]}


def code_rows(folder: PolicyFolder, name: str) -> tuple[dict[str, str], ...]:
    """Lines of a code list of the nation by its name below ``codes/``, such as ``hj212/factors``: column → cell."""
    return tuple(row.cells for row in _codes(folder, name)[1])


def sources(folder: PolicyFolder) -> dict[str, Source]:
    """Id → document, of all layers but drafts."""
    layers = [layer for layer in folder.layers if layer not in folder.drafts]
    names = (name for layer in layers for name in folder.names_in(layer, "sources"))
    return {id_of(name): _source(name, as_mapping(folder.require(name))) for name in names}


def checks(folder: PolicyFolder, room: str, layer: str = NATION) -> tuple[Check, ...]:
    """A room's catalogue of checks in file order; that of a layer takes the place of the one above it."""
    node = folder.require(names_in_force(folder, chain(folder, layer), room)["checks"])
    return tuple(_check(item) for item in node.mappings()) if isinstance(node, Listing) else ()


def parameter(folder: PolicyFolder, name: str) -> Parameter:
    """The parameter of the file ``name``; its id is the path below the layer without the ending."""
    _, inner = name.split("/", 1)
    return _parameter(inner.removesuffix(".yaml"), as_mapping(folder.require(name)))


def message(record: Mapping) -> Message:
    return Message(zh=record.text("zh"), en=record.text("en"))


def _printed_units(record: Mapping) -> Iterator[PrintedUnit]:
    name = message(record.mapping("name"))
    unit = Unit(record.text("id"), record.text("kind"), name.zh, name.en)
    for printed in record.listing("printed").mappings():
        yield PrintedUnit(printed.text("form"), unit, printed.number("factor"), printed.text("en"))


def _codes(folder: PolicyFolder, name: str) -> tuple[Mapping, tuple[CodeRow, ...]]:
    declared = as_mapping(folder.require(f"{NATION}/codes/{name}.yaml"))
    file = str(PurePosixPath(f"{NATION}/codes/{name}").with_name(declared.text("file")))
    read = read_codes(folder.path(file), folder.shown(file), declared)
    if read.findings:
        raise PolicyRefused(read.findings)
    return declared, read.rows


def _region(row: CodeRow, lists: list[date]) -> Region:
    """A row of the list: an empty ``until`` means that the newest list holds it."""
    last = date.fromisoformat(row.cells["until"]) if row.cells["until"] else lists[-1]
    return Region(
        code=row.cells["code"],
        name=row.cells["name"],
        level=row.cells["level"],
        parent=row.cells["parent"],
        first_listed=date.fromisoformat(row.cells["from"]),
        last_listed=last,
        gone_by=next((day for day in lists if day > last), None),
    )


def _source(name: str, record: Mapping) -> Source:
    return Source(
        id=id_of(name),
        title=record.text("title"),
        number=record.text("number"),
        issuer=record.text("issuer"),
        issued_on=record.day("issued"),
        is_verified=record.flag("verified", default=False),
        english=record.text("english"),
    )


def _check(record: Mapping) -> Check:
    limits = record.mapping("limit").entries if "limit" in record else {}
    code = record.text("code")
    return Check(
        code=code,
        severity=Severity(record.text("severity")),
        title=message(record.mapping("title")),
        message=message(record.mapping("message")),
        limit={name: _parameter(f"{code}/{name}", as_mapping(limit)) for name, limit in limits.items()},
    )


def _parameter(id: str, record: Mapping) -> Parameter:  # noqa: A002 - the word of the field
    findings = tuple(check_values(record))
    if findings:
        raise PolicyRefused(findings)
    return Parameter(id, record.text("unit"), dated_values(record))
