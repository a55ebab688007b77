"""问的是哪个数: subject, indicator and period of an address, for a person who may see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.formula import Indicator
from shuangkong.policyfile.books import NATION
from shuangkong.records.indicators.naming import subject_names
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.small_sectors import SECTOR
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook
from shuangkong.web.site.access import acting_of, reached
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.words import spoken


@dataclass(frozen=True, slots=True)
class Asked:
    """``path`` is that of the region in which the subject lies; ``rule`` that of its law on the day looked at."""

    subject: Subject
    subject_name: str
    path: str
    is_fictional: bool
    indicator: str
    rule: Indicator | None

    @property
    def indicator_name(self) -> str:
        return name_of(self.indicator)


def name_of(indicator: str) -> str:
    """The name of an indicator, or of a figure of a table, in the language of the page; a place may have its own."""
    book = open_rulebook()
    rules = (book.every_rule(layer) for layer in (NATION, *book.layers_of_places()))
    known = next((each[indicator] for each in rules if indicator in each), None)
    return spoken(Message(known.zh, known.en)) if known else indicator


def asked(request: HttpRequest, subject: str, indicator: str) -> Asked:
    """Raises Http404 where there is no such subject or indicator, or the person may not see the subject.

    3 queries, of a sector 5 more for whom not everything in its place is open.
    """
    kind, _, code = subject.partition(":")
    about = Subject(kind, code)
    whole = about if kind == REGION else Territory().whole(about)
    region = registry.region(whole.code) if whole else None
    if region is None:
        raise Http404
    book = open_rulebook()
    rule = book.every_rule(book.layer_of(region.code, scope_of(request).as_of or timezone.localdate())).get(indicator)
    if rule is None:
        raise Http404
    path = registry.paths([region.code])[region.code]
    reached(request, Where(path), Action.ACTUAL_READ)
    if kind == SECTOR and not Readable(acting_of(request), path).has(about):
        raise Http404
    name = region.name if about == whole else subject_names([about])[about]
    return Asked(about, name, path, region.is_fictional, indicator, rule)


def period_or_404(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as fault:
        raise Http404 from fault
