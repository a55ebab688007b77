"""按级填报: regions of the levels that a form names, and the departments of regions that report in a matter.

What is told of a region is told by the body that is named for the form's owner there, else by the department that is
competent by its name (competences.csv). Where there is neither the return is owed all the same, and its board shows
that nobody acts for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Length
from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.records.facts.succession import history
from shuangkong.records.paths import below
from shuangkong.records.people.charges import OFFICE, in_charge, named_once
from shuangkong.records.people.models import Appointment
from shuangkong.records.people.roles import names_of, same_matter
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.reporting.models import Reporter
from shuangkong.records.reporting.wanted import Wanted
from shuangkong.reporting.forms.model import Form, SubjectKind

_REGION = "region"
#: Between the region and the matter in a code of such a reporter.
_MARK = "."


def of_levels(form: Form, day: date, path: str) -> tuple[Wanted, ...]:
    """Regions, or departments of them, that owe a form on a day at a place and below it; who acts for them is whoever
    is in charge today, since he files what is still owed of a period long past. 5 queries, none for a form of no level.
    """
    if not form.levels:
        return ()
    there = Q(starts_on=None) | Q(starts_on__lte=day)
    still = Q(ends_on=None) | Q(ends_on__gte=day)
    past = history(None, day)
    regions = [
        each
        for each in Region.objects.filter(below(path), there, still, level__in=form.levels).order_by("pk")
        if not past.is_gone(Subject(_REGION, each.pk), day)
    ]
    codes = [each.pk for each in regions]
    bodies = competent_bodies(codes, form.owner)
    former = named_once(codes, timezone.localdate(), form.owner)
    return tuple(_wanted(form, each, bodies.get(each.pk), former.get(each.pk, frozenset())) for each in regions)


def _wanted(form: Form, region: Region, body: Body | None, former: frozenset[int]) -> Wanted:
    code = f"{region.pk}{_MARK}{form.owner}" if form.owner else region.pk
    name = f"{region.name}（{form.owner}）" if form.owner else region.name
    if form.subject is SubjectKind.DEPARTMENT and body is not None:
        name = called_in(region.name, body.name)
    return Wanted(
        form.subject.value, code, name, region.pk, region.path, body.pk if body else None,
        is_fictional=region.is_fictional, former=former,
    )  # fmt: skip


#: What a body's name may begin with that says of which level it is, and words that begin alike and mean another thing.
_LEVEL_WORDS = ("省", "市", "州", "盟", "县", "区", "旗", "镇", "乡")
_OTHER_WORDS = (
    "市场", "市容", "市域", "市政管理", "市政工程", "市政公用", "市政设施", "市民服务", "市民中心", "县域", "区域",
    "乡村",
)  # fmt: skip


def called_in(region: str, body: str) -> str:
    """The full name of a body of a region: 云桥县 and 县农业农村局 are 云桥县农业农村局, not 云桥县县农业农村局."""
    if body.startswith(region):
        return body
    word = next((each for each in _LEVEL_WORDS if body.startswith(each) and region.endswith(each)), "")
    is_word = bool(word) and not body.startswith(_OTHER_WORDS)
    return f"{region}{body.removeprefix(word) if is_word else body}"


def competent_bodies(regions: Collection[str], matter: str, day: date | None = None) -> Mapping[str, Body]:
    """Region → the body there that is competent for a matter on a day, today where none is said: the one that is named
    for it; else by its name, one that people act for first, then the first word of
    the matter that its name holds, then the shortest name. Firms whose names hold the word are none. 2 queries, 3
    where anybody is named."""
    words = names_of(matter)
    if not words:
        return {}
    called = reduce(or_, (Q(name__contains=word) for word in words))
    ranks = [When(name__contains=word, then=at) for at, word in enumerate(words)]
    rows = Body.objects.filter(called, region__in=list(regions), kind=OFFICE).order_by(
        Exists(Appointment.objects.filter(body=OuterRef("pk"))).desc(), Case(*ranks), Length("name"), "pk"
    )
    found: dict[str, Body] = {}
    for row in rows:
        found.setdefault(row.region_id or "", row)
    named = {region: body for (region, _), body in in_charge(regions, day or timezone.localdate(), matter).items()}
    known = Body.objects.in_bulk(named.values()) if named else {}
    return found | {region: known[body] for region, body in named.items()}


def settle_departments(region: str, matter: str) -> int:
    """Hands what is owed in a matter at a place to the body that is in charge there now; how many reporters moved. What
    is filed keeps its author. ~4 queries."""
    body = competent_bodies([region], matter).get(region)
    codes = [f"{region}{_MARK}{word}" for word in same_matter(matter)]
    rows = Reporter.objects.filter(region=region, code__in=codes)
    return rows.update(body=body)


def subject_of(kind: str, code: str) -> Subject:
    """Of whom the facts of a reporter are: of a region, not of the department that tells them."""
    return Subject(kind, code.partition(_MARK)[0] if kind == _REGION else code)
