"""问的是哪里、哪天的规定: the place and the day that a page asks the law of, and the layer that holds there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.policyfile.places import Layer, layer
from shuangkong.policyfile.provisions import Kind, Provision, Refused, in_force, provisions, refused
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.site.access import place_of
from shuangkong.web.site.scope import near_day, scope_of

#: Kinds that a page of rules shows; what an indicator is stands with its formula.
SHOWN = frozenset({Kind.PARAMETER, Kind.FORMULA, Kind.TABLE, Kind.EXPECTED, Kind.SCOPE})


@dataclass(frozen=True, slots=True)
class Asked:
    """``place``: code of a region, empty: the nation; ``layer``: the nearest that has rules of its own there."""

    rulebook: Rulebook
    place: str
    place_name: str
    day: date
    layer: Layer

    def provisions(self) -> tuple[Provision, ...]:
        """All that the layer and those above it lay down, whatever the day."""
        return provisions(self.rulebook.folder, self.layer.id)

    def refused(self) -> tuple[Refused, ...]:
        """What of these layers has no effect, whatever the day."""
        return refused(self.rulebook.folder, self.layer.id)

    def in_force(self) -> tuple[Provision, ...]:
        """Values, formulas and tables in force there on the day."""
        return tuple(each for each in in_force(self.provisions(), self.day) if each.kind in SHOWN)


def asked(request: HttpRequest) -> Asked:
    """The place of the address where the person reads plans, else her own; the day of the address, else the past day
    looked at, else today.

    2 queries at most.
    """
    scope, book = scope_of(request), open_rulebook()
    place = place_of(request, Action.PLAN_READ)
    region = registry.region(place) if place else None
    day = near_day(request.GET.get("day", "")) or scope.as_of or timezone.localdate()
    name = region.name if region else place or _("全国")
    return Asked(book, place, name, day, layer(book.folder, book.layer_of(place, day)))
