"""先后: what may become of a subject, held against what is on record of it: nobody ends twice or acts after its end."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shuangkong.core.fact import Subject
from shuangkong.records.facts.models import Subject as SubjectColumns
from shuangkong.records.facts.models import SubjectChange
from shuangkong.records.facts.standing import standing
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import Change

#: After these the subject is no more; one that is split may go on.
_ENDS = (Change.RENAMED, Change.MERGED)
_WORDS = {Change.RENAMED: "更名为", Change.MERGED: "并入", Change.SPLIT: "分立为"}
_ENGLISH = {Change.RENAMED: "was renamed", Change.MERGED: "was merged into", Change.SPLIT: "was split into"}


def require_in_order(before: int, after: int, change: Change, on: date) -> None:
    """Holds a change between two subjects, by their numbers, against all that stands of them. 2 queries.

    Both stay locked to the end of the transaction: of two that contradict each other one waits, and is refused.

    Raises:
        Refused: FCT-310: it is on record already; FCT-311: one of them had ended; FCT-312: one had not begun.
    """
    about = (before, after)
    list(SubjectColumns.objects.select_for_update().filter(pk__in=about).order_by("pk").values_list("pk"))
    found = SubjectChange.objects.filter(standing("change"), Q(before__in=about) | Q(after__in=about))
    for row in found.select_related("before", "after").order_by("on", "pk"):
        if (row.before_id, row.after_id, row.on) == (before, after, on):
            raise Refused("FCT-310", f"已记录：{_said(row)}。", f"On record already: {_said_en(row)}.", "on")
        if row.before_id == before and _contradicts_end(row, change, on):
            raise _refused("FCT-311", row, on, "on")
        if row.before_id == after and row.kind in _ENDS and row.on <= on:
            raise _refused("FCT-311", row, on, "other")
        if row.after_id == before and row.kind == Change.RENAMED and on <= row.on:
            raise _refused("FCT-312", row, on, "on")
        if row.after_id == after and _contradicts_beginning(row, change, on):
            raise _refused("FCT-312", row, on, "other")


def require_alive(subject: Subject, until: date) -> None:
    """Raises Refused FCT-311 where the subject had become another before a day. 1 query."""
    ended = SubjectChange.objects.filter(
        standing("change"), before__kind=subject.kind, before__code=subject.code, kind__in=_ENDS, on__lt=until
    )
    row = ended.select_related("before", "after").order_by("on").first()
    if row is not None:
        raise _refused("FCT-311", row, until, "on")


def _contradicts_end(row: SubjectChange, change: Change, on: date) -> bool:
    """Whether what became of the subject before leaves no room for this."""
    if row.kind in _ENDS:
        return change in _ENDS or on >= row.on
    return change in _ENDS and on <= row.on


def _contradicts_beginning(row: SubjectChange, change: Change, on: date) -> bool:
    """Whether the successor began otherwise: a name is taken by one alone, and nobody joins it before that."""
    if change is Change.RENAMED:
        return row.kind == Change.RENAMED or row.on < on
    return row.kind == Change.RENAMED and on < row.on


def _refused(code: str, row: SubjectChange, on: date, field: str) -> Refused:
    return Refused(
        code,
        f"与已记录的先后矛盾：{_said(row)}；现填 {on}。应与之相符：请改日期或对象，记错的先撤销那一项。",
        f"Contradicts what is on record: {_said_en(row)}; found {on}. Correct the day or the subject, or withdraw that "
        "act first.",
        field,
    )


def _said(row: SubjectChange) -> str:
    return f"{row.before.code} 自 {row.on} 起{_WORDS[Change(row.kind)]} {row.after.code}"


def _said_en(row: SubjectChange) -> str:
    return f"{row.before.code} {_ENGLISH[Change(row.kind)]} {row.after.code} from {row.on}"
