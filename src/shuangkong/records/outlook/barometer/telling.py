"""晴雨表预警怎么通知: whoever stands at a level from which something follows is told, with the publication."""

from __future__ import annotations

from shuangkong.outlook.barometer.issue import Line, Part
from shuangkong.outlook.barometer.level import WORDS
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.notices.whom import answering
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.people.acting import Acting


def tell_warned(row: IssueRow, number: str, by: Acting) -> int | None:
    """Sends one notice to all who are warned by an issue that is being published; None where nobody is, or none of
    them has a body. ~9 queries.
    """
    warned = row.content.warned
    bodies = answering({line.subject: line.name for _, line in warned}, row.region)
    texts: dict[int, list[str]] = {}
    for part, line in warned:
        if line.subject in bodies:
            texts.setdefault(bodies[line.subject], []).append(_said(part, line))
    return send(
        ToSend(
            kind=NoticeKind.BAROMETER, thing=row.id, title=f"{row.region_name}{row.period}晴雨表预警",
            text=f"根据{row.issuer}公布的晴雨表（{number}），请分析原因，提出措施，并按预警调控的要求落实。",
            region=row.region, path=row.path, is_demo=row.is_demo, is_fictional=row.is_fictional,
            bodies=tuple(Addressed(body, "\n".join(lines)) for body, lines in texts.items()),
        ),
        by,
    )  # fmt: skip


def _said(part: Part, line: Line) -> str:
    level = WORDS[line.level].zh if line.level else ""
    figures = (
        ""
        if line.required is None or line.achieved is None
        else (f"：要求 {line.required.normalize():f}{line.unit}，实际 {line.achieved.normalize():f}{line.unit}")
    )
    return f"{line.name}{part.name}：{level}{figures}"
