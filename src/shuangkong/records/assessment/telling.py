"""考核结果怎么通知: the assessed is told what was announced or corrected, and what was decided to follow from it."""

from __future__ import annotations

from shuangkong.core.fact import Subject
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.notices.whom import answering
from shuangkong.records.people.acting import Acting


def tell_assessed(given: ToSend, subject: Subject, name: str, body: int | None, by: Acting) -> int | None:
    """Sends a notice to whoever answers for a subject: its ``body``, else its government; None where nobody does.

    At most 9 queries.
    """
    found = {subject: body} if body is not None else answering({subject: name}, given.region)
    return send(_to(given, tuple(found.values())), by)


def announced(
    thing: int, title: str, text: str, region: str, path: str, *, is_fictional: bool, kind: NoticeKind
) -> ToSend:
    """A notice of an assessment or a consequence, addressed to nobody yet."""
    return ToSend(kind=kind, thing=thing, title=title, text=text, region=region, path=path, bodies=(),
                  is_fictional=is_fictional)  # fmt: skip


def _to(given: ToSend, bodies: tuple[int, ...]) -> ToSend:
    from dataclasses import replace

    return replace(given, bodies=tuple(map(Addressed, bodies)))
