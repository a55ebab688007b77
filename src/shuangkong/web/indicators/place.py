"""看哪里: the place that a page of figures is about, and the page that asks for one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shuangkong.core.fact import Subject
from shuangkong.records.indicators.places import places_told_of
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.people.access import Where
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.web.site.access import acting_of, reached, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Column, Row, Table, text_cell


@dataclass(frozen=True, slots=True)
class Place:
    """A region with its path."""

    region: RegionRow
    path: str

    @property
    def subject(self) -> Subject:
        return Subject(REGION, self.region.code)

    @property
    def where(self) -> Where:
        return Where(self.path)


def place_asked(request: HttpRequest) -> Place | None:
    """The place of the address, else the person's own; None for whoever has neither. 2 queries.

    Raises:
        Http404: there is none, or it lies out of reach.
    """
    code = scope_of(request).place or acting_of(request).region
    return place_of_code(request, code) if code else None


def place_of_code(request: HttpRequest, code: str) -> Place:
    """Raises Http404 where there is none, or the person may not see its figures. 2 queries."""
    region = registry.region(code)
    if region is None:
        raise Http404
    path = registry.paths([code])[code]
    reached(request, Where(path), Action.ACTUAL_READ)
    return Place(region, path)


def choose_place(request: HttpRequest, name: str) -> HttpResponse:
    """The page that lists the places of which anything was told; each leads to the page of that ``name``."""
    columns = (Column("place", _("地区")), Column("code", _("代码")))
    found = places_told_of(seen(request, Action.ACTUAL_READ, "path"))
    rows = tuple(
        Row((text_cell(title, href=link(request, name, place=code)), text_cell(code))) for code, title in found
    )
    table = Table("places", _("有数的地区"), columns, rows, _("还没有录入任何地区的数。"))
    return page(request, "indicators/places.html", {}, {"places_table": table})
