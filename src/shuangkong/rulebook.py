"""规则手册: opens ``policy/``, gives each room what it needs, and answers what the law says on a day in a place."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from shuangkong.assessment.law import ASSESSMENT_CHECKS, AssessmentLaw, assessment_law
from shuangkong.core.check import Check
from shuangkong.core.dated import DatedValue, Parameter
from shuangkong.core.finding import Finding
from shuangkong.core.industry import Industry
from shuangkong.core.period import PLAN_YEARS
from shuangkong.core.region import Region, RegionBook
from shuangkong.core.source import Source
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.balance.rules import balance_rules
from shuangkong.indicators.book import check_indicators, indicator_rules
from shuangkong.indicators.cases import check_indicator_cases
from shuangkong.indicators.emissions.book import Accounting, accounting
from shuangkong.indicators.emissions.formula_book import check_formulas
from shuangkong.indicators.emissions.pollutant import check_pollutants
from shuangkong.indicators.expected import Expected, expected_facts
from shuangkong.indicators.formula import Indicator
from shuangkong.indicators.methods import METHODS
from shuangkong.indicators.prices import with_prices
from shuangkong.indicators.scopes import Scope, check_scopes, scopes
from shuangkong.indicators.tables import Table, check_tables, table_cells, tables
from shuangkong.monitoring.law import MONITORING_CHECKS, MonitoringLaw, monitoring_law
from shuangkong.outlook.law import OUTLOOK_CHECKS, OutlookLaw, outlook_law
from shuangkong.plans.indicator_names import indicator_names
from shuangkong.plans.lexicon import IndicatorName, Lexicon, UnitName
from shuangkong.policyfile import books
from shuangkong.policyfile.books import NATION
from shuangkong.policyfile.draft import DraftedFolder
from shuangkong.policyfile.effect import files_in_force
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.node import Listing, as_mapping
from shuangkong.policyfile.places import Places
from shuangkong.policyfile.whole import WholeCheck, check_whole
from shuangkong.reporting.checks.catalogue import Catalogue
from shuangkong.reporting.forms.book import FormBook, form_book
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.whole import REPORTING_CHECKS
from shuangkong.targets.decomposition.book import check_decompositions

#: Names another policy folder than the one beside the code.
ENVIRONMENT = "SHUANGKONG_POLICY"
#: Files that hold policy: rules and their cases, and the code lists beside them.
_POLICY_FILES = frozenset({".yaml", ".csv"})
#: What the rooms check of the whole folder, beyond what any file must be.
ROOM_CHECKS: tuple[WholeCheck, ...] = (
    check_tables,
    check_indicators,
    check_indicator_cases,
    check_pollutants,
    check_formulas,
    check_decompositions,
    *OUTLOOK_CHECKS,
    *ASSESSMENT_CHECKS,
    *MONITORING_CHECKS,
    check_scopes,
    *REPORTING_CHECKS,
)
_HERE = Path(__file__).resolve().parent
_VERSION_DIGITS = 12  # hexadecimal, 48 bits: short enough to be printed and read aloud
type Reader[T] = Callable[[PolicyFolder, str], T]


class Rulebook:
    """The policy folder as the rooms see it. Everything is read when first asked for, and kept.

    Every reader raises PolicyRefused where a file that it needs cannot be used; `shuangkong policy check` says all that
    is wrong. ``layer`` names the folder of a place (its own rules first, then those of the layers above it). With a
    ``draft`` (policyfile.draft) it is the rulebook as it would be once that is signed.
    """

    def __init__(self, root: Path, draft: Path | None = None) -> None:
        plain = PolicyFolder(root)
        self.folder = plain if draft is None else DraftedFolder(plain, draft)
        self._lexicons: dict[str, Lexicon] = {}
        self._indicator_rules: dict[str, dict[str, Indicator]] = {}
        self._every_rule: dict[str, dict[str, Indicator]] = {}
        self._parameters: dict[tuple[str, str], Parameter] = {}
        self._rooms: dict[tuple[Reader[Any], str], Any] = {}

    @cached_property
    def version(self) -> str:
        """Which rules these are: twelve hexadecimal digits of SHA-256 over the name and content of every policy file.

        Drafts do not count: they are in force nowhere. Papers and marts print it; the same
        files give the same version wherever the folder lies.
        """
        digest = sha256()
        for name, path in self.folder.files():
            if path.suffix in _POLICY_FILES:
                # Each content by its own digest: what ends one file cannot pass for the start of the next.
                digest.update(f"{name}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
        return digest.hexdigest()[:_VERSION_DIGITS]

    def layer_of(self, place: str, day: date) -> str:
        """Id of the layer whose rules hold in a place on a day: the nearest whose region covers it, else the nation's.

        Args:
            place: code of a region, or of what lies in one (``210100/C30``); empty: the nation.
        """
        return self._places.layer_of(place, day)

    def layers_of_places(self) -> tuple[str, ...]:
        """Layers that some place has of its own: all but the nation's and drafts, by id."""
        return self._places.layers

    def upwards(self, place: str, day: date) -> tuple[str, ...]:
        """The code of a place and those of the regions that it lies in, nearest first."""
        return tuple(self._places.upwards(place, day))

    def lexicon(self, layer: str = NATION) -> Lexicon:
        """What the reader of plans knows beside grammar: indicators, printed units, full names of regions."""
        if layer not in self._lexicons:
            self._lexicons[layer] = Lexicon(
                indicators=tuple(self.indicators(layer).values()),
                units=tuple(UnitName(form.printed, form.unit.id, str(form.factor)) for form in self.units().values()),
                regions=self._regions.names,
                plan_starts=self._five_year_plans(),
            )
        return self._lexicons[layer]

    def indicators(self, layer: str = NATION) -> Mapping[str, IndicatorName]:
        """Id → indicator, in the order of ids."""
        return self._kept(indicator_names, layer)

    def indicator_rules(self, layer: str = NATION) -> Mapping[str, Indicator]:
        """Id → what the indicator is and how it is computed, in the order of ids."""
        if layer not in self._indicator_rules:
            cells = table_cells(self.folder, layer)
            self._indicator_rules[layer] = indicator_rules(self.folder, layer, cells, METHODS)
        return self._indicator_rules[layer]

    def every_rule(self, layer: str = NATION) -> Mapping[str, Indicator]:
        """The indicators, these at the prices of other years, and every figure of every table: what is computed by."""
        if layer not in self._every_rule:
            rules = with_prices(self.indicator_rules(layer), (first for _, first in self._five_year_plans()))
            for table in self.tables(layer).values():
                rules |= balance_rules(table, self.units(), lambda key: self.parameter_over_time(key, layer))
            self._every_rule[layer] = rules
        return self._every_rule[layer]

    def tables(self, layer: str = NATION) -> Mapping[str, Table]:
        """Id → table whose cells are figures (the energy balance)."""
        return self._kept(tables, layer)

    def accounting(self, layer: str = NATION) -> Accounting:
        """What the ledger of pollutants knows: pollutants, classes, formulas and their checks."""
        return self._kept(accounting, layer)

    def assessment(self, layer: str = NATION) -> AssessmentLaw:
        """Score tables, who assesses whom, what follows, what may not be approved: of all days."""
        return self._kept(assessment_law, layer)

    def outlook(self, layer: str = NATION) -> OutlookLaw:
        """What the outlook goes by: rules of levels, triggers, response plans."""
        return self._kept(outlook_law, layer)

    def monitoring(self, layer: str = NATION) -> MonitoringLaw:
        """What readings are held against, of all days."""
        return self._kept(monitoring_law, layer)

    def _five_year_plans(self) -> tuple[tuple[str, int], ...]:
        """First year of each five-year plan by its short name."""
        record = as_mapping(self.folder.require(f"{NATION}/codes/five_year_plans.yaml"))
        return tuple((plan.text("name"), int(plan.number("first_year"))) for plan in record.listing("plans").mappings())

    def base_year(self, year: int) -> int | None:
        """The last year before the five-year plan that a year lies in; None where it lies in none."""
        return next((first - 1 for first in self._plan_starts if first <= year < first + PLAN_YEARS), None)

    def units(self) -> Mapping[str, PrintedUnit]:
        """Printed unit → its base unit and factor."""
        return self._units

    def regions(self, on: date) -> dict[str, Region]:
        """Code → region, as the newest list not after ``on`` has it (before the first list: as the first has it)."""
        return self._regions.on(on)

    def region_named(self, name: str, on: date) -> tuple[Region, ...]:
        """Regions called ``name`` on a day: several may share a name, none may bear it.

        Takes the full name (永川区), names above it in front (重庆市永川区), or the short name (永川).
        """
        return self._regions.named(name, on)

    def industries(self) -> Mapping[str, Industry]:
        """Code → industry."""
        return self._industries

    def sources(self) -> Mapping[str, Source]:
        """Id → document, of all layers."""
        return self._sources

    def checks(self, room: str, layer: str = NATION) -> tuple[Check, ...]:
        """The catalogue of checks of a room (``plans``) in file order: that of the nearest layer that has one."""
        return books.checks(self.folder, room, layer)

    def expected_facts(self, layer: str = NATION) -> tuple[Expected, ...]:
        """Which figures must be told, of whom and how often, by id."""
        return self._kept(expected_facts, layer)

    def scopes(self, layer: str = NATION) -> Mapping[str, Scope]:
        """Id → what units are counted in, by id."""
        return self._kept(scopes, layer)

    def forms(self, layer: str = NATION) -> FormBook:
        """The forms of a layer over time."""
        return self._kept(form_book, layer)

    def forms_on(self, day: date, place: str = "") -> tuple[Form, ...]:
        """The forms that hold in a place on a day, with what its province, city and county add, by id."""
        return self.forms(self.layer_of(place, day)).on(day)

    def return_checks(self, layer: str = NATION) -> Catalogue:
        """The numbered checks of returns, and the plans made of them for forms and days."""
        return self._kept(Catalogue, layer)

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
        return self.parameter_over_time(id, layer).on(on)

    def parameter_over_time(self, id: str, layer: str = NATION) -> Parameter:  # noqa: A002 - the word of the field
        """The parameter with its unit and all its values; raises KeyError where there is none.

        The nearest layer decides, but where it relaxes what may only be made stricter: then it has no effect.
        """
        if (id, layer) not in self._parameters:
            file = self._kept(files_in_force, layer).get(f"{id}.yaml")
            if file is None:
                raise KeyError(id)
            self._parameters[id, layer] = books.parameter(self.folder, file)
        return self._parameters[id, layer]

    def _kept[T](self, reader: Reader[T], layer: str) -> T:  # what a room reads of a layer: once
        if (reader, layer) not in self._rooms:
            self._rooms[reader, layer] = reader(self.folder, layer)
        found: T = self._rooms[reader, layer]
        return found

    @cached_property
    def _plan_starts(self) -> tuple[int, ...]:
        return tuple(first for _, first in self._five_year_plans())

    @cached_property
    def _units(self) -> dict[str, PrintedUnit]:
        return books.units(self.folder)

    @cached_property
    def _places(self) -> Places:
        return Places(self.folder, self._regions)

    @cached_property
    def _regions(self) -> RegionBook:
        return books.regions(self.folder)

    @cached_property
    def _industries(self) -> dict[str, Industry]:
        return books.industries(self.folder)

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return books.sources(self.folder)


def check_policy(folder: PolicyFolder) -> tuple[Finding, ...]:
    """All that is wrong with a policy folder, by file and line, with what the rooms find in it."""
    return check_whole(folder, ROOM_CHECKS)


def open_rulebook(path: Path | None = None) -> Rulebook:
    """The rulebook of ``path``, else of $SHUANGKONG_POLICY, else of the repository, else of the package; cached.

    Raises FileNotFoundError where there is no policy folder at the place named, or at any of the usual ones.
    """
    return _opened(policy_root(path))


def policy_root(path: Path | None = None) -> Path:
    """What open_rulebook opens; raises as it does."""
    told = os.environ.get(ENVIRONMENT)
    return _root(path, told, Path.cwd() if path or told else None)  # what is named may be named from there


_opened = cache(Rulebook)


@cache
def _root(path: Path | None, told: str | None, _: Path | None) -> Path:
    """``told``: what the environment says, in a working directory. Kept: a request opens its rulebook many times."""
    candidates = (Path(path or told or ""),) if path or told else (_HERE.parents[1] / "policy", _HERE / "_policy")
    for candidate in candidates:
        if (candidate / books.UNITS).is_file():
            return candidate.resolve()
    places = "、".join(map(str, candidates))
    zh = f"找不到政策文件夹：{places}。请用 {ENVIRONMENT} 指明含 {books.UNITS} 的文件夹。"
    raise FileNotFoundError(f"{zh} No policy folder there: name the one with {books.UNITS} in {ENVIRONMENT}.")
