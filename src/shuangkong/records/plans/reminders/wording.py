"""提醒的文字: fixed words of reminders and messages in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.tasks.models import Matter, Task

ENGLISH = "en"

KINDS: Mapping[ReminderKind, Message] = {
    ReminderKind.MATTER: Message("重大情况待签收", "Matter to acknowledge"),
    ReminderKind.LATE: Message("逾期", "Late"),
    ReminderKind.RETURNED: Message("被退回", "Returned"),
    ReminderKind.CIRCULATE: Message("建议通报", "Circular proposed"),
    ReminderKind.REMIND: Message("建议催办", "Reminder proposed"),
    ReminderKind.JUDGE: Message("待审核", "To judge"),
    ReminderKind.DUE_SOON: Message("临近到期", "Due soon"),
    ReminderKind.SILENT: Message("久无报送", "Silent"),
    ReminderKind.CONFIRM: Message("待确认份额", "Share to confirm"),
}
#: What to do about it.
ADVICE: Mapping[ReminderKind, Message] = {
    ReminderKind.MATTER: Message("请签收并批示。", "Acknowledge it and say what is to be done."),
    ReminderKind.LATE: Message("请马上报送进展，或申请延期。", "Report at once, or ask for an extension."),
    ReminderKind.RETURNED: Message("请按退回的理由修改后再报。", "Mend what the reason names, then report again."),
    ReminderKind.CIRCULATE: Message("催办后仍未办结，请决定是否通报。", "Decide whether to circulate it."),
    ReminderKind.REMIND: Message("请决定是否催办。", "Decide whether to remind."),
    ReminderKind.JUDGE: Message("请接受或退回。", "Accept or return."),
    ReminderKind.DUE_SOON: Message("请在到期前报送。", "Report before it is due."),
    ReminderKind.SILENT: Message("请报送一次进展。", "Report once."),
    ReminderKind.CONFIRM: Message("请确认本单位配合的份额。", "Confirm your body's share."),
}
_TITLE = 40


def said(message: Message, language: str) -> str:
    """The sentence in a language; Chinese where it is not English."""
    return message.en if language == ENGLISH else message.zh


def title_of(subject: Task | Matter) -> str:
    """Number, enterprise, title and period of a task, or the title of a matter; the title cut to 40 characters."""
    title = subject.title if len(subject.title) <= _TITLE else f"{subject.title[: _TITLE - 1]}…"
    if isinstance(subject, Matter):
        return title
    enterprise = f"{subject.subject}：" if subject.subject else ""
    period = f"（{subject.period}）" if subject.period else ""
    return f"{subject.number} {enterprise}{title}{period}".strip()


def line(kind: ReminderKind, title: str, due: date | None, is_demo: bool, language: str) -> str:
    """One line of a message: what kind, which task, by when; whatever leaves the site says that it is for show."""
    word = said(KINDS[kind], language)
    if language == ENGLISH:
        told = ([f"due {due.isoformat()}"] if due else []) + (["demonstration data"] if is_demo else [])
        return f"[{word}] {title}" + (f" ({', '.join(told)})" if told else "")
    told = ([f"期限 {due.isoformat()}"] if due else []) + (["演示数据"] if is_demo else [])
    return f"【{word}】{title}" + (f"（{'，'.join(told)}）" if told else "")


def subject_of(counts: Mapping[ReminderKind, int], language: str) -> str:
    """双控提醒：逾期 2 项、待审核 1 项: the whole message in one line, the weightiest first."""
    parts = [(said(KINDS[kind], language), counts[kind]) for kind in ReminderKind if counts.get(kind)]
    if language == ENGLISH:
        return "Shuangkong: " + ", ".join(f"{word} {count}" for word, count in parts)
    return "双控提醒：" + "、".join(f"{word} {count} 项" for word, count in parts)


def rest_of(more: int, earlier: int, language: str) -> tuple[str, ...]:
    """The last lines: how many new ones are not listed, and how many told before still hold."""
    told = (
        (more, Message(f"另有 {more} 项新的提醒未列出。", f"{more} more are not listed.")),
        (earlier, Message(f"此前提醒过、仍未办的还有 {earlier} 项。", f"{earlier} told before still wait.")),
    )
    return tuple(said(message, language) for count, message in told if count)
