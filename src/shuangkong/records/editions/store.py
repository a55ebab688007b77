"""The way of every kind of edition: prepared, signed off by another person, published; nothing prepared is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.editions.models import Edition, EditionEvent
from shuangkong.records.editions.rows import OPEN, TRANSITIONS, EditionRow, EventKind, EventRow, Prepared, State
from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

#: Kinds of event that say nothing without a reason.
_NEED_TEXT = frozenset({EventKind.RETURN, EventKind.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Editions[Content]:
    """One kind of edition.

    ``name`` begins its subjects and acts in the journal, ``codes`` its refusals; ``owner`` is the key from an event to
    its edition; ``prepare`` the action of preparing one and ``needs`` that of each later act; ``title`` and
    ``title_en`` name it in sentences; ``read`` and ``written`` turn its content from JSON and into it.
    """

    name: str
    codes: str
    edition: type[Edition]
    event: type[EditionEvent]
    owner: str
    preparing: Action
    needs: Mapping[EventKind, Action]
    title: str
    title_en: str
    read: Callable[[str], Content]
    written: Callable[[Content], str]

    def rows(self, seen: Q, until: date | None = None) -> tuple[EditionRow[Content], ...]:
        """Those that the person may see, as known at the end of a day, the newest first. 2 queries."""
        found = self.edition._default_manager.filter(seen, known_by(until, "prepared_at"))
        return self._rows(found.select_related("region").order_by("-pk"), until)

    def row(self, number: int, until: date | None = None) -> EditionRow[Content] | None:
        """2 queries."""
        return next(iter(self.rows(Q(pk=number), until)), None)

    def prepare(self, given: Prepared[Content], by: Acting, sound: Callable[[], None] = lambda: None) -> int:
        """Keeps a draft and returns its number. After a published edition it is the next one, which corrects it.

        ``sound`` refuses content that cannot be printed, once the person is known to be allowed.

        Raises:
            Refused: …-301 no such place; …-302 an edition of this place and period waits to be signed off; …-303 no
                issuer is named.
            Forbidden: the person may not prepare it there.
        """
        with transaction.atomic():
            region = Region.objects.select_for_update().filter(pk=given.region).first()
            if region is None:
                raise self._refused("301", "没有这个地区。请从名单里选。", "No such place: choose one.", "region")
            require(by, self.preparing, Where(region.path))
            if not given.issuer.strip():
                zh = f"请写明发布机关，{self.title}上要印。"
                raise self._refused("303", zh, f"Name the issuer: the {self.title_en} prints it.", "issuer")
            sound()
            earlier = self.rows(Q(region=region, period=given.period))
            waiting = next((each for each in earlier if each.state in OPEN), None)
            if waiting is not None:
                zh = f"本地区这一期的第 {waiting.edition} 版还没有公布。请先办完或撤回它。"
                en = f"Edition {waiting.edition} is not published: finish or withdraw it."
                raise self._refused("302", zh, en, "period")
            standing = next((each.id for each in earlier if each.state is State.PUBLISHED), None)
            edition = max((each.edition for each in earlier), default=0) + 1
            text = self.written(given.content)
            what = {"region": given.region, "period": given.period, "edition": edition, "corrects": standing}
            told = by.act(
                f"{self.name}.prepare", self._subject(given.region, given.period, edition),
                document=sha256(text.encode()).hexdigest(), after=what,
            )  # fmt: skip
            # The key of the abstract model has no type of its own.
            corrected: dict[str, Any] = {"corrects_id": standing}
            made = self.edition._default_manager.create(
                region=region, path=region.path, period=given.period, edition=edition, **corrected,
                issuer=given.issuer.strip(), content=text, as_of=given.as_of, rulebook=given.rulebook,
                is_demo=given.is_demo, is_fictional=given.is_fictional, prepared_by=by.author,
                prepared_at=timezone.now(), journal=journal.append(replace(told, place=region.path)),
            )  # fmt: skip
        return int(made.pk)

    def act(
        self, number: int, kind: EventKind, by: Acting, *, document: str = "", text: str = ""
    ) -> EditionRow[Content]:
        """Records one act and returns the edition as it stood before.

        Raises:
            Refused: …-304 none of that number, or it cannot happen now; …-305 a reason is missing; …-306 who prepared
                it approves it; …-307 it is published without a document number.
            Forbidden: the person may not do this there.
        """
        with transaction.atomic():
            held = self.edition._default_manager.select_for_update().filter(pk=number).first()
            row = self.row(number) if held else None
            if row is not None:
                require(by, self.needs[kind], row.where)
            if held is None or row is None or (row.state, kind) not in TRANSITIONS:
                zh = f"没有这份{self.title}，或目前的状态不能办理此事。请刷新页面查看最新情况。"
                raise self._refused(
                    "304", zh, f"No such {self.title_en}, or this cannot happen now. Reload the page.", ""
                )
            self._require_said(row, kind, by, document.strip(), text.strip())
            after = {"state": TRANSITIONS[row.state, kind].value, "number": document.strip()}
            told = by.act(
                f"{self.name}.{kind.value}", self._subject(row.region, row.period, row.edition), ground=text.strip(),
                before={"state": row.state.value}, after=after,
            )  # fmt: skip
            self.event._default_manager.create(
                **{self.owner: held}, kind=kind, on=timezone.localdate(), number=document.strip(), text=text.strip(),
                author=by.author, at=timezone.now(), journal=journal.append(replace(told, place=held.path)),
            )  # fmt: skip
        return row

    def acts_allowed(self, row: EditionRow[Content], by: Acting) -> list[EventKind]:
        """What the person may do to it as it stands."""
        return [
            kind
            for kind in EventKind
            if (row.state, kind) in TRANSITIONS
            and may(by, self.needs[kind], row.where)
            and not (kind is EventKind.APPROVE and by.author == row.prepared_by)
        ]

    def _require_said(self, row: EditionRow[Content], kind: EventKind, by: Acting, document: str, text: str) -> None:
        if not text and kind in _NEED_TEXT:
            raise self._refused("305", "请写明理由。", "Give the reason.", "text")
        if kind is EventKind.APPROVE and by.author == row.prepared_by:
            zh = "起草的人不能自己批准。请由另一位有权的人批准。"
            raise self._refused("306", zh, "Who prepared it cannot approve it.", "")
        if kind is EventKind.PUBLISH and not document:
            raise self._refused("307", "请写明文号。", "Give the document number.", "number")

    def _refused(self, code: str, zh: str, en: str, field: str) -> Refused:
        return Refused(f"{self.codes}-{code}", zh, en, field)

    def _subject(self, region: str, period: str, edition: int) -> str:
        return f"{self.name}/{region}/{period}/{edition}"

    def _rows(self, found: Iterable[Edition], until: date | None) -> tuple[EditionRow[Content], ...]:
        every = list(found)
        events: dict[int, list[EventRow]] = {each.pk: [] for each in every}
        happened = self.event._default_manager.filter(known_by(until, "at"), **{f"{self.owner}__in": list(events)})
        for event in happened.order_by("pk"):
            told = EventRow(
                EventKind(event.kind), event.on, event.number, event.text, event.author, event.at, event.journal
            )
            events[getattr(event, f"{self.owner}_id")].append(told)
        return tuple(
            EditionRow(
                id=each.pk, region=each.region_id, region_name=each.region.name, path=each.path, period=each.period,
                edition=each.edition, corrects=each.corrects_id, issuer=each.issuer, content=self.read(each.content),
                as_of=each.as_of, rulebook=each.rulebook, is_demo=each.is_demo, is_fictional=each.is_fictional,
                prepared_by=each.prepared_by, prepared_at=each.prepared_at, journal=each.journal,
                events=tuple(events[each.pk]),
            )
            for each in every
        )  # fmt: skip
