"""告诉填报单位: returned with reasons, urged, put off; a notice to whom the unit's people act for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.life import EventKind
from shuangkong.reporting.verification.standing import EVENTS as CASE_EVENTS
from shuangkong.reporting.verification.standing import Event as CaseEvent

_SAYS: Mapping[EventKind, Message] = {
    EventKind.RETURN: Message("已退回，请修改后再报", "was returned: correct it and submit again"),
    EventKind.REMIND: Message("还没有报，请尽快报送", "is still to be filed"),
    EventKind.EXTEND: Message("截止日有变", "has another last day"),
}


def tell_case(case: int, row: ReturnRow, event: CaseEvent, by: Acting) -> int | None:
    """Tells a unit what happened to a case on its return; None where nobody acts for it yet. ~6 queries."""
    if row.reporter.body is None:
        return None
    form = form_at(row.form, Period.parse(row.period), row.reporter.region)
    return send(
        ToSend(
            kind=NoticeKind.CASE, thing=case, title=f"核查：{form.name.zh} {row.period} {CASE_EVENTS[event.kind].zh}",
            text="\n".join(filter(None, (event.ground, event.document))), region=row.reporter.region, path=row.path,
            bodies=(Addressed(row.reporter.body),), is_demo=row.is_demo, is_fictional=row.reporter.is_fictional,
        ),
        by,
    )  # fmt: skip


def tell(row: ReturnRow, kind: EventKind, ground: str, due: date | None, by: Acting) -> int | None:
    """None where nobody acts for the unit yet. ~6 queries."""
    if row.reporter.body is None:
        return None
    form = form_at(row.form, Period.parse(row.period), row.reporter.region)
    title = f"{form.name.zh} {row.period} {_SAYS[kind].zh}"
    last = due or row.standing.owed_by
    until = f"截止日 {last.isoformat()}。" if last else ""
    return send(
        ToSend(
            kind=NoticeKind.RETURN, thing=row.id, title=title, text=f"{ground.strip()}\n{until}".strip(),
            region=row.chain[0] if row.chain else row.reporter.region, path=row.path,
            bodies=(Addressed(row.reporter.body),), is_demo=row.is_demo, is_fictional=row.reporter.is_fictional,
        ),
        by,
    )  # fmt: skip
