"""找单位: registered units by code or name, of the places where a person may record what happens to them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from shuangkong.records.facts.models import Subject
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

#: So many are offered at once; more are found by typing more of a name.
MOST = 200
_NAMED = 5


def units_called(kind: str, text: str, by: Acting) -> tuple[SubjectRow, ...]:
    """Those whose code or name holds the text, by name; all where it is empty, ``MOST`` at most. 1 query."""
    wanted = "".join(text.split())
    found = _reached(kind, by).filter(Q(code__icontains=wanted) | Q(name__icontains=wanted)).order_by("name", "code")
    return tuple(SubjectRow(row.kind, row.code, row.name, row.region) for row in found[:MOST])


def code_of(kind: str, text: str, by: Acting, field: str) -> str:
    """The code that a person means by a code or a whole name; a code that nobody bears is left for the act to refuse.

    1 query, 1 more where no code is told.

    Raises:
        Refused: FCT-317: several bear the name, or it is only a part of names.
    """
    wanted = "".join(text.split())
    if not wanted or Subject.objects.filter(kind=kind, code=wanted).exists():
        return wanted
    found = units_called(kind, wanted, by)
    whole = [row for row in found if row.name == wanted]
    if len(whole) == 1:
        return whole[0].code
    if not found:
        return wanted
    meant = whole or found
    listed = "、".join(f"{row.name}（{row.code}）" for row in meant[:_NAMED])
    raise Refused(
        "FCT-317",
        f"“{text[:40]}”应指一家已登记的单位，现有 {len(meant)} 家：{listed}{'…' * (len(meant) > _NAMED)}。请选一家。",
        f"“{text[:40]}” should mean one registered unit, found {len(meant)}: {listed}. Choose one.",
        field,
    )


def is_reached(kind: str, code: str, by: Acting) -> bool:
    """Whether it is registered where the person may record what happens to units. 1 query."""
    return _reached(kind, by).filter(code=code).exists()


def region_of(text: str, by: Acting) -> str:
    """The code of the region that a person means by its code or whole name; other text stays as it is. 1 query."""
    wanted = "".join(text.split())
    found = Region.objects.filter(visible(by, Action.ACTUAL_LOAD), Q(pk=wanted) | Q(name=wanted), ends_on=None)
    codes = list(found.values_list("pk", flat=True)[:2])
    return codes[0] if len(codes) == 1 else wanted


def _reached(kind: str, by: Acting) -> QuerySet[Subject]:
    inside = Region.objects.filter(visible(by, Action.ACTUAL_LOAD)).values("code")
    return Subject.objects.filter(kind=kind, withdrawals=None, region__in=inside)
