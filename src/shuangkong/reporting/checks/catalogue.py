"""检查目录: the rules of a layer with the plans made of them, each made once for a form and a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, partial

from shuangkong.policyfile.effect import files_in_force
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.reporting.checks.book import Family, families
from shuangkong.reporting.checks.examined import parameter_of
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.plan import Plan, made_ready
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.wanted import Wanted, wanted
from shuangkong.reporting.evidence import Item, evidence_book
from shuangkong.reporting.forms.book import FormBook, form_book
from shuangkong.reporting.forms.model import Form


class Catalogue:
    """``families`` and ``rules`` by code, as strict as the layers on the way make them."""

    def __init__(self, folder: PolicyFolder, layer: str) -> None:
        self.families: tuple[Family, ...] = families(folder, layer)
        self.rules: Mapping[str, Rule] = {rule.code: rule for each in self.families for rule in each.rules}
        self._folder, self._layer = folder, layer
        self._plans: dict[tuple[str, str, date], Plan] = {}
        self._wanted: dict[tuple[str, str, date], Wanted] = {}

    @cached_property
    def forms(self) -> FormBook:
        return form_book(self._folder, self._layer)

    @cached_property
    def evidence(self) -> Mapping[str, Item]:
        """Figures from elsewhere that returns are held against, by id."""
        return evidence_book(self._folder, self._layer)

    def law(self, form: Form, day: date) -> Law:
        """What rules are made ready for; ``day``: the last day of the period that is reported."""
        parameters = partial(parameter_of, self._folder, files_in_force(self._folder, self._layer))
        return Law(form, day, {each.id: each for each in self.forms.on(day)}, parameters)

    def plan(self, form: Form, day: date) -> Plan:
        """The checks that a return of the form goes through; of a period by its last day."""
        key = form.id, form.edition, day
        if key not in self._plans:
            self._plans[key] = made_ready(self.rules.values(), self.law(form, day))
        return self._plans[key]

    def wanted(self, form: Form, day: date) -> Wanted:
        """What the plan asks for beside the return."""
        key = form.id, form.edition, day
        if key not in self._wanted:
            self._wanted[key] = wanted(self.plan(form, day), self.law(form, day))
        return self._wanted[key]
