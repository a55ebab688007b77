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
from shuangkong.reporting.petitions import KINDS, PetitionKind
from shuangkong.reporting.verification.standing import EVENTS as CASE_EVENTS
from shuangkong.reporting.verification.standing import Event as CaseEvent

_SAYS: Mapping[EventKind, Message] = {
    EventKind.RETURN: Message("已退回，请修改后再报", "was returned: correct it and submit again"),
    EventKind.REMIND: Message("还没有报，请尽快报送", "is still to be filed"),
    EventKind.EXTEND: Message("截止日有变", "has another last day"),
    EventKind.HOLD: Message("停止计时", "has its clock stopped"),
    EventKind.STOP: Message("因停产本期不报", "is not due: production is stopped"),
    EventKind.EXEMPT: Message("本期免报", "is not due: exempt"),
}
#: What leaves no last day to be told of.
_WITHOUT_DAY = frozenset({EventKind.HOLD, EventKind.STOP, EventKind.EXEMPT})


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
    last = None if kind in _WITHOUT_DAY else due or row.standing.owed_by
    until = f"截止日 {last.isoformat()}。" if last else ""
    return _send(row, f"{form.name.zh} {row.period} {_SAYS[kind].zh}", f"{ground.strip()}\n{until}", by)


def tell_refused(row: ReturnRow, kind: PetitionKind, ground: str, by: Acting) -> int | None:
    """That what a unit asked for is not granted; None where nobody acts for it any more. ~6 queries."""
    if row.reporter.body is None:
        return None
    form = form_at(row.form, Period.parse(row.period), row.reporter.region)
    return _send(row, f"{form.name.zh} {row.period} {KINDS[kind].zh}申请未同意", ground, by)


def _send(row: ReturnRow, title: str, text: str, by: Acting) -> int | None:
    assert row.reporter.body is not None
    return send(
        ToSend(
            kind=NoticeKind.RETURN, thing=row.id, title=title, text=text.strip(),
            region=row.chain[0] if row.chain else row.reporter.region, path=row.path,
            bodies=(Addressed(row.reporter.body),), is_demo=row.is_demo, is_fictional=row.reporter.is_fictional,
        ),
        by,
    )  # fmt: skip
