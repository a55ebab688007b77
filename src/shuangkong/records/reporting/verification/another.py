"""谁来核查: nobody opens, handles or closes a case of verification on what the own body or the person filed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.models import Version
from shuangkong.records.reporting.rows import ReturnRow


def may_handle(row: ReturnRow, by: Acting) -> bool:
    """Whether a person may open a case on a return: who has cases in hand there, and is not who filed it. 1 query."""
    return may(by, Action.VERIFICATION_COMMISSION, row.where) and not filed_by(row, by)


def filed_by(row: ReturnRow, by: Acting) -> bool:
    """Whether the person's body, one that files for the unit, or the person as another, filed any of its versions."""
    if by.bodies & row.reporter.bodies:
        return True
    hands = Q(filled_by=by.author) | Q(signed_by=by.author)
    return bool(by.author) and Version.objects.filter(hands, owned=row.id).exists()


def filed_among(rows: Iterable[ReturnRow], by: Acting) -> frozenset[int]:
    """Of some returns those of which the person's body, one that files for the unit, or the person filed a version. 1
    query."""
    held = list(rows)
    hands = Q(filled_by=by.author) | Q(signed_by=by.author)
    mine = Version.objects.filter(hands, owned__in=[row.id for row in held if by.author])
    return frozenset(row.id for row in held if by.bodies & row.reporter.bodies) | set(
        mine.values_list("owned", flat=True)
    )


def require_another(row: ReturnRow, by: Acting) -> None:
    """Nobody opens, decides or closes a case on what the own body filed. 1 query."""
    if filed_by(row, by):
        zh = "这份报表是您所在单位或您本人报的，不能自己立案、办理核查。请由同级另一部门或上一级核查。"
        en = "Your own body, or you yourself, filed this return: another department or the level above verifies it."
        raise Refused("RPT-990", zh, en)
