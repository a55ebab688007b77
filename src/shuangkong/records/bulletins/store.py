"""公报的登记: preparing an edition, signing it off, publishing it; nothing that was prepared is changed."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shuangkong.records.bulletins.models import Bulletin, BulletinEvent
from shuangkong.records.editions.rows import EditionRow, EventKind, Prepared, State
from shuangkong.records.editions.store import Editions
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action

#: ``content`` is a papers.indicators.bulletin.BulletinTable as JSON.
type BulletinRow = EditionRow[str]

_EDITIONS: Editions[str] = Editions(
    name="bulletin", codes="IND", edition=Bulletin, event=BulletinEvent, owner="bulletin",
    preparing=Action.BULLETIN_PREPARE,
    needs={
        EventKind.APPROVE: Action.BULLETIN_APPROVE,
        EventKind.RETURN: Action.BULLETIN_APPROVE,
        EventKind.PUBLISH: Action.BULLETIN_PUBLISH,
        EventKind.WITHDRAW: Action.BULLETIN_PREPARE,
    },
    title="公报", title_en="bulletin", read=str, written=str,
)  # fmt: skip


def bulletins(seen: Q, until: date | None = None) -> tuple[BulletinRow, ...]:
    """Those that the person may see, as known at the end of a day, the newest first. 2 queries."""
    return _EDITIONS.rows(seen, until)


def bulletin(bulletin_id: int, until: date | None = None) -> BulletinRow | None:
    """2 queries."""
    return _EDITIONS.row(bulletin_id, until)


def may_read(row: BulletinRow, by: Acting) -> bool:
    """Published, it is for whoever may read the place; before, for who may read all its parts, which it prints."""
    if row.state is State.PUBLISHED:
        return may(by, Action.ACTUAL_READ, row.where)
    return Readable(by, row.path).is_whole


def prepare(given: Prepared[str], by: Acting) -> int:
    """Keeps a draft and returns its number.

    Raises:
        Refused: IND-301 to 303, Forbidden: as ``Editions.prepare``.
    """
    return _EDITIONS.prepare(given, by)


def act(bulletin_id: int, kind: EventKind, by: Acting, *, number: str = "", text: str = "") -> None:
    """Records one act.

    Raises:
        Refused: IND-304 to 307, Forbidden: as ``Editions.act``.
    """
    _EDITIONS.act(bulletin_id, kind, by, document=number, text=text)


def acts_allowed(row: BulletinRow, by: Acting) -> list[EventKind]:
    """What the person may do to it as it stands."""
    return _EDITIONS.acts_allowed(row, by)
