"""考核结果怎么通知: the assessed is told what was announced or corrected, and what was decided to follow from it."""

from __future__ import annotations

from datetime import date

from shuangkong.core.fact import Subject
from shuangkong.records.assessment.accountability.rows import ConsequenceRow
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.notices.whom import answering
from shuangkong.records.people.acting import Acting


def tell_result(row: AssessmentRow, said: str, number: str, by: Acting) -> int | None:
    """Tells the assessed that its result was announced or corrected; ``said`` in one word which. At most 9 queries."""
    title = f"{row.subject_name}{row.period}考核结果"
    text = f"{title}已{said}{f'（{number}）' if number else ''}。请查看等级、得分和由来，并按要求落实。"
    return send(
        ToSend(
            kind=NoticeKind.ASSESSMENT, thing=row.id, title=title, text=text, region=row.region, path=row.path,
            bodies=_assessed(row.subject, row.subject_name, row.body, row.region), is_fictional=row.is_fictional,
        ),
        by,
    )  # fmt: skip


def tell_consequence(row: ConsequenceRow, document: str, due: date | None, by: Acting) -> int | None:
    """Tells the assessed that a consequence was decided. At most 9 queries."""
    title = f"{row.subject_name}{row.period}考核后果"
    until = f"，{due.isoformat()} 前落实" if due else ""
    text = f"因“{row.rule.name.zh}”已作出决定{f'（{document}）' if document else ''}{until}。请查看内容和依据。"
    return send(
        ToSend(
            kind=NoticeKind.CONSEQUENCE, thing=row.id, title=title, text=text, region=row.region, path=row.path,
            bodies=_assessed(row.subject, row.subject_name, row.body, row.region), is_fictional=row.is_fictional,
        ),
        by,
    )  # fmt: skip


def _assessed(subject: Subject, name: str, body: int | None, region: str) -> tuple[Addressed, ...]:
    """Its own body where it has one, else whoever answers for it."""
    found = (body,) if body is not None else tuple(answering({subject: name}, region).values())
    return tuple(map(Addressed, found))
