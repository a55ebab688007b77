"""规则手册: opens ``policy/``, gives each room what it needs, and answers what the law says on a day in a place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from shuangkong.core.check import Check
from shuangkong.core.dated import DatedValue, Parameter
from shuangkong.core.finding import Message, Severity
from shuangkong.core.industry import Industry
from shuangkong.core.region import Region, RegionBook
from shuangkong.core.source import Source
from shuangkong.core.unit import PrintedUnit, Unit
from shuangkong.plans.lexicon import IndicatorName, Lexicon, UnitName
from shuangkong.policyfile.codelist import CodeRow, read_codes
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.node import Listing, as_mapping
from shuangkong.policyfile.node import Mapping as Record
from shuangkong.policyfile.values import dated_values

#: Names another policy folder than the one beside the code.
ENVIRONMENT = "SHUANGKONG_POLICY"
NATION = "national"


class Rulebook:
    """The policy folder as the rooms see it. Everything is read when first asked for, and kept.

    Every reader raises PolicyRefused where a file that it needs cannot be used; `shuangkong policy check` says all that
    is wrong. ``layer`` names the folder of a place (its own rules first, then those of the layers above it).
    """

    def __init__(self, root: Path) -> None:
        self.folder = PolicyFolder(root)

    @cache  # noqa: B019 - one rulebook a process, kept for its whole life
    def lexicon(self, layer: str = NATION) -> Lexicon:
        """What the reader of plans knows beside grammar: indicators, printed units, full names of regions."""
        names = names_in_force(self.folder, chain(self.folder, layer), "indicators")
        return Lexicon(
            indicators=tuple(_indicator(id, as_mapping(self.folder.require(name))) for id, name in names.items()),
            units=tuple(UnitName(form.printed, form.unit.id, str(form.factor)) for form in self.units().values()),
            regions=self._regions.names,
        )

    def units(self) -> Mapping[str, PrintedUnit]:
        """Printed unit → its base unit and factor."""
        return self._units

    def regions(self, on: date) -> dict[str, Region]:
        """Code → region, as the newest list not after ``on`` has it (before the first list: as the first has it)."""
        return self._regions.on(on)

    def region_named(self, name: str, on: date) -> tuple[Region, ...]:
        """Regions called ``name`` on a day: several may share a name, none may bear it.

        Takes the full name (永川区), names above it in front (重庆市永川区), or the name without its last word (永川, 辽宁).
        """
        return self._regions.named(name, on)

    def industries(self) -> Mapping[str, Industry]:
        """Code → industry."""
        return self._industries

    def sources(self) -> Mapping[str, Source]:
        """Id → document, of all layers."""
        return self._sources

    def checks(self, room: str) -> tuple[Check, ...]:
        """The catalogue of checks of a room (``plans``), in file order; FileNotFoundError where the room has none."""
        node = self.folder.require(f"{NATION}/{room}/checks.yaml")
        return tuple(_check(item) for item in node.mappings()) if isinstance(node, Listing) else ()

    def word_lists(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """The word lists of a file such as ``plans/lexicon``: list name → its words in file order."""
        node = as_mapping(self.folder.require(f"{NATION}/{name}.yaml"))
        return {
            key: value.texts() if isinstance(value, Listing) else (node.text(key),)
            for key, value in node.entries.items()
        }

    def parameter(self, id: str, on: date, layer: str = NATION) -> DatedValue:  # noqa: A002 - the word of the field
        """The value of ``targets/due_share`` and the like on a day.

        Raises:
            KeyError: there is no such parameter in the layer or above it.
            NotInForce: it has no value on that day.
        """
        word, _, name = id.partition("/")
        names = names_in_force(self.folder, chain(self.folder, layer), word)
        return _parameter(id, as_mapping(self.folder.require(names[name]))).on(on)

    @cached_property
    def _units(self) -> dict[str, PrintedUnit]:
        return {
            form.printed: form
            for record in as_mapping(self.folder.require("units.yaml")).listing("units").mappings()
            for form in _printed_units(record)
        }

    @cached_property
    def _regions(self) -> RegionBook:
        declared, rows = self._codes("regions")
        lists = sorted(day for item in declared.listing("lists").mappings() if (day := item.day("day")))
        short_names = {item.text("code"): item.text("name") for item in declared.listing("short_names").mappings()}
        return RegionBook((_region(row, lists) for row in rows), lists[0], short_names)

    @cached_property
    def _industries(self) -> dict[str, Industry]:
        return {row.cells["code"]: Industry(**row.cells) for row in self._codes("industries")[1]}

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.id: source for layer in self.folder.layers for source in self._sources_of(layer)}

    def _sources_of(self, layer: str) -> Iterator[Source]:
        for name in self.folder.names_in(layer, "sources"):
            record = as_mapping(self.folder.require(name))
            yield Source(
                id=Path(name).stem,
                title=record.text("title"),
                number=record.text("number"),
                issuer=record.text("issuer"),
                issued_on=record.day("issued"),
                is_verified=record.flag("verified", default=False),
            )

    def _codes(self, name: str) -> tuple[Record, tuple[CodeRow, ...]]:
        declared = as_mapping(self.folder.require(f"{NATION}/codes/{name}.yaml"))
        file = f"{NATION}/codes/{declared.text('file')}"
        read = read_codes(self.folder.root / file, self.folder.shown(file), declared)
        if read.findings:
            raise PolicyRefused(read.findings)
        return declared, read.rows


def open_rulebook(path: Path | None = None) -> Rulebook:
    """The rulebook of ``path``, else of $SHUANGKONG_POLICY, else of the repository, else of the installed package; cached.

    Raises:
        FileNotFoundError: there is no policy folder at the place named, or at any of the usual ones.
    """
    return _opened(policy_root(path))


def policy_root(path: Path | None = None) -> Path:
    """The policy folder that open_rulebook opens; raises as it does."""
    named = path or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    here = Path(__file__).resolve().parent
    candidates = (named,) if named else (here.parents[1] / "policy", here / "_policy")
    for candidate in candidates:
        if (candidate / "units.yaml").is_file():
            return candidate.resolve()
    raise FileNotFoundError(
        f"找不到政策文件夹：{'、'.join(map(str, candidates))}。请用 {ENVIRONMENT} 指明含 units.yaml 的文件夹。"
        f" No policy folder there: name the one with units.yaml in {ENVIRONMENT}."
    )


@cache
def _opened(root: Path) -> Rulebook:
    return Rulebook(root)


def _message(record: Record) -> Message:
    return Message(zh=record.text("zh"), en=record.text("en"))


def _indicator(id: str, record: Record) -> IndicatorName:  # noqa: A002
    return IndicatorName(
        id=id,
        zh=record.mapping("name").text("zh"),
        en=record.mapping("name").text("en"),
        aliases=record.listing("aliases").texts(),
        unit=record.text("unit"),
        direction=record.text("direction"),
        progress=record.text("progress"),
        owner=record.text("owner"),
    )


def _printed_units(record: Record) -> Iterator[PrintedUnit]:
    name = record.mapping("name")
    unit = Unit(record.text("id"), record.text("kind"), name.text("zh"), name.text("en"))
    for printed in record.listing("printed").mappings():
        yield PrintedUnit(printed.text("form"), unit, printed.number("factor"))


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


def _check(record: Record) -> Check:
    limits = record.mapping("limit").entries if "limit" in record else {}
    code = record.text("code")
    return Check(
        code=code,
        severity=Severity(record.text("severity")),
        title=_message(record.mapping("title")),
        message=_message(record.mapping("message")),
        limit={name: _parameter(f"{code}/{name}", as_mapping(limit)) for name, limit in limits.items()},
    )


def _parameter(id: str, record: Record) -> Parameter:  # noqa: A002
    return Parameter(id, record.text("unit"), dated_values(record))
