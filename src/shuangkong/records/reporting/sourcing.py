"""一数一源: where several forms tell one figure of a region, whose figure stands (reporting.forms.ranking)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from shuangkong.core.period import Period
from shuangkong.records.facts.models import Load
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.forms.ranking import contested, outranks
from shuangkong.rulebook import Rulebook, open_rulebook

#: How loads of returns begin.
LOAD = "return/"


@lru_cache(maxsize=1024)
def _contested(book: Rulebook, layer: str, period: Period) -> frozenset[str]:
    return contested(book.forms(layer).on(period.last_day))


def contested_in(region: str, period: Period) -> frozenset[str]:
    """Indicators that several forms tell of a region as its policy stands in a period."""
    book = open_rulebook()
    return _contested(book, book.layer_of(region, period.last_day), period)


@dataclass(frozen=True, slots=True)
class Tellers:
    """By which form figures that stand were told: load → form; of loads of returns alone."""

    form: Form
    period: Period
    region: str
    by_load: Mapping[int, str]

    def is_above(self, other: str, indicator: str) -> bool:
        """Whether a figure of another form stands before one of this."""
        if other == self.form.id:
            return False
        try:
            return outranks(form_at(other, self.period, self.region), self.form, indicator)
        except Refused:  # the policy has it no more
            return False


def tellers(form: Form, row: ReturnRow, loads: Iterable[int]) -> Tellers:
    """Of loads of figures that stand. 1 query, and one more where another return told some of them."""
    names = Load.objects.filter(pk__in=set(loads), name__startswith=LOAD).values_list("pk", "name")
    returns = {load: return_of(name) for load, name in names}
    forms = {row.id: form.id}
    if others := set(returns.values()) - forms.keys():
        forms |= dict(Return.objects.filter(pk__in=others).values_list("pk", "form"))
    by_load = {load: forms.get(number, "") for load, number in returns.items()}
    return Tellers(form, Period.parse(row.period), row.reporter.region, by_load)


def return_of(name: str) -> int:
    """The number of the return that a load is of, by its name."""
    return int(name.split("/")[1])
