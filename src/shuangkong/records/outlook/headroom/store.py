"""已批未投的登记: a project joins the account when it is approved, and leaves it when it runs or is given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.outlook.headroom import commitment as pure
from shuangkong.outlook.headroom.amount import is_amount
from shuangkong.records.journal import store as journal
from shuangkong.records.outlook.headroom.models import Commitment, CommitmentEnd
from shuangkong.records.past import end_of, known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentRow:
    """One project and one cap; amounts of a full year in the base unit of ``indicator``."""

    id: int
    region: str
    path: str
    project: str
    indicator: str
    amount: Decimal
    released: Decimal
    starts: str
    document: str
    is_demo: bool
    author: str

    @property
    def where(self) -> Where:
        return Where(self.path)

    @property
    def pure(self) -> pure.Commitment:
        return pure.Commitment(
            project=self.project, amount=self.amount, released=self.released, starts=Period.parse(self.starts),
            document=self.document,
        )  # fmt: skip


def commitments(region: str, until: date | None = None) -> tuple[CommitmentRow, ...]:
    """Those of a place that counted at the end of a day, the first first. 1 query."""
    found = Commitment.objects.filter(known_by(until, "at"), region=region).select_related("end").order_by("pk")
    return tuple(_row(each) for each in found if _counts(each, until))


def commitment(commitment_id: int) -> CommitmentRow | None:
    """One that counts. 1 query."""
    found = Commitment.objects.select_related("end").filter(pk=commitment_id).first()
    return _row(found) if found and _counts(found, None) else None


def _counts(found: Commitment, until: date | None) -> bool:
    ended = getattr(found, "end", None)
    return ended is None or (until is not None and ended.at >= end_of(until))


def commit(
    region: str,
    project: str,
    starts: Period,
    amounts: Iterable[tuple[str, Decimal, Decimal]],
    document: str,
    by: Acting,
    *,
    is_demo: bool = False,
) -> tuple[int, ...]:
    """Takes an approved project into the account, cap by cap: (indicator, amount, released) of a full year.

    Raises:
        Refused: OUT-501 no such place; OUT-502 no name or document; OUT-503 no amount, or one below zero or of no size
            that an amount has; OUT-504 it is in the account already.
        Forbidden: the person may not record there.
    """
    held = tuple(amounts)
    with transaction.atomic():
        place = Region.objects.select_for_update().filter(pk=region).first()
        if place is None:
            raise Refused("OUT-501", "没有这个地区。请从名单里选。", "No such place: choose one.", "place")
        require(by, Action.HEADROOM_RECORD, Where(place.path))
        known = {(each.project, each.indicator) for each in commitments(region)}
        for holds, code, zh, en, field in (
            (project.strip() and document.strip(), "502", "请写明项目名称和批准文号。",
             "Name the project and the document that approves it.", "document"),
            (held and all(is_amount(amount) and is_amount(freed) for _, amount, freed in held), "503",
             "请至少填一项全年量，不小于零，整数和小数各不超过 15 位。",
             "Give at least one amount, zero or more, of at most 15 digits before and after the point.", "amount"),
            (not any((project.strip(), each) in known for each, _, _ in held), "504",
             "这个项目已在账上。先办结原来的一笔。", "It is in the account: end the former entry first.", "project"),
            (starts.months == 1, "505", "投产月份应为一个月，如 YYYY-07。", "Give a month such as YYYY-07.", "starts"),
        ):  # fmt: skip
            if not holds:
                raise Refused(f"OUT-{code}", zh, en, field)
        return tuple(_kept(place, project.strip(), starts, each, document.strip(), by, is_demo) for each in held)


def _kept(
    place: Region,
    project: str,
    starts: Period,
    of: tuple[str, Decimal, Decimal],
    document: str,
    by: Acting,
    is_demo: bool,
) -> int:
    indicator, amount, released = of
    told = {"project": project, "indicator": indicator, "amount": amount, "released": released, "starts": str(starts)}
    written = by.act("headroom.commit", f"headroom/{place.pk}/{indicator}", document=document, after=told)
    made = Commitment.objects.create(
        region=place, path=place.path, project=project, indicator=indicator, amount=amount, released=released,
        starts=str(starts), document=document, is_demo=is_demo, author=by.author, at=timezone.now(),
        journal=journal.append(replace(written, place=place.path)),
    )  # fmt: skip
    return made.pk


def end(commitment_id: int, ground: str, by: Acting) -> None:
    """The project runs, or was given up.

    Raises:
        Refused: OUT-506 there is none that counts; OUT-507 no reason.
        Forbidden: the person may not record there.
    """
    with transaction.atomic():
        held = Commitment.objects.select_for_update(of=("self",)).filter(pk=commitment_id).first()
        if held is not None:
            require(by, Action.HEADROOM_RECORD, Where(held.path))
        if held is None or CommitmentEnd.objects.filter(commitment=held).exists():
            raise Refused("OUT-506", "没有这笔已批未投，或已办结。", "No such entry, or it was ended.")
        if not ground.strip():
            raise Refused(
                "OUT-507", "请写明办结原因：已投产，或不再建设。", "Say whether it runs or was given up.", "ground"
            )
        written = by.act("headroom.end", f"headroom/{held.region_id}/{held.indicator}", ground=ground.strip(),
                         before={"project": held.project, "amount": held.amount})  # fmt: skip
        CommitmentEnd.objects.create(
            commitment=held, ground=ground.strip(), author=by.author, at=timezone.now(),
            journal=journal.append(replace(written, place=held.path)),
        )  # fmt: skip


def _row(found: Commitment) -> CommitmentRow:
    return CommitmentRow(
        id=found.pk, region=found.region_id, path=found.path, project=found.project, indicator=found.indicator,
        amount=found.amount, released=found.released, starts=found.starts, document=found.document,
        is_demo=found.is_demo, author=found.author,
    )  # fmt: skip
