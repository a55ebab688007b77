"""提醒的文字: fixed words of reminders and messages in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.plans.tasks.events import EventKind
from shuangkong.records.monitoring.models import Alarm
from shuangkong.records.notices.models import Notice
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.tasks.models import Matter, Task, TaskEvent

ENGLISH = "en"

KINDS: Mapping[ReminderKind, Message] = {
    ReminderKind.NOTICE: Message("通知待签收", "Notice to acknowledge"),
    ReminderKind.ALARM: Message("监测报警待说明", "Alarm to explain"),
    ReminderKind.ALARM_CASE: Message("监测报警待办理", "Alarm to handle"),
    ReminderKind.MATTER: Message("重大情况待签收", "Matter to acknowledge"),
    ReminderKind.CIRCULATED: Message("被通报", "Circulated"),
    ReminderKind.LISTED: Message("被挂牌督办", "Listed"),
    ReminderKind.REMINDED: Message("被催办", "Reminded"),
    ReminderKind.LATE: Message("逾期", "Late"),
    ReminderKind.RETURNED: Message("被退回", "Returned"),
    ReminderKind.CIRCULATE: Message("建议通报", "Circular proposed"),
    ReminderKind.REMIND: Message("建议催办", "Reminder proposed"),
    ReminderKind.JUDGE: Message("待审核", "To judge"),
    ReminderKind.ASKED: Message("申请延期待答复", "Extension asked for"),
    ReminderKind.DUE_SOON: Message("临近到期", "Due soon"),
    ReminderKind.SILENT: Message("久无报送", "Silent"),
    ReminderKind.CONFIRM: Message("待确认份额", "Share to confirm"),
    ReminderKind.ANSWERED: Message("已有答复", "Answered"),
}
#: What to do about it.
ADVICE: Mapping[ReminderKind, Message] = {
    ReminderKind.NOTICE: Message("请看通知并签收。", "Read the notice and acknowledge it."),
    ReminderKind.ALARM: Message("请查明原因，在期限前说明。", "Find out why, and explain it in time."),
    ReminderKind.ALARM_CASE: Message("请督促说明、审核和办结。", "Have it explained, review it and close it."),
    ReminderKind.MATTER: Message("请签收并批示。", "Acknowledge it and say what is to be done."),
    ReminderKind.CIRCULATED: Message("已列入督查通报，请马上报送进展。", "It is in the bulletin: report at once."),
    ReminderKind.LISTED: Message("请盯住办理，办结后申请摘牌。", "See it through until it is delisted."),
    ReminderKind.REMINDED: Message("请按催办的要求报送进展，或申请延期。", "Report, or ask for an extension."),
    ReminderKind.LATE: Message("请马上报送进展，或申请延期。", "Report at once, or ask for an extension."),
    ReminderKind.RETURNED: Message("请按退回的理由修改后再报。", "Mend what the reason names, then report again."),
    ReminderKind.CIRCULATE: Message("催办后仍未办结，请决定是否通报。", "Decide whether to circulate it."),
    ReminderKind.REMIND: Message("请决定是否催办。", "Decide whether to remind."),
    ReminderKind.JUDGE: Message("请接受或退回。", "Accept or return."),
    ReminderKind.ASKED: Message("请批准或不同意延期。", "Grant or decline it."),
    ReminderKind.DUE_SOON: Message("请在到期前报送。", "Report before it is due."),
    ReminderKind.SILENT: Message("请报送一次进展。", "Report once."),
    ReminderKind.CONFIRM: Message("请确认本单位配合的份额。", "Confirm your body's share."),
    ReminderKind.ANSWERED: Message("请知悉。", "For your information."),
}
#: What was answered or decided; of the other kinds the kind of the reminder says it.
EVENTS: Mapping[EventKind, Message] = {
    EventKind.ACCEPT: Message("已接受报送", "Report accepted"),
    EventKind.EXTEND: Message("已批准延期", "Extension granted"),
    EventKind.DECLINE: Message("不同意延期", "Extension declined"),
    EventKind.STOP: Message("暂停计时", "Clock stopped"),
    EventKind.RESUME: Message("恢复计时", "Clock resumed"),
    EventKind.STATE: Message("已认定情况", "Standing stated"),
    EventKind.DELIST: Message("已摘牌", "Delisted"),
    EventKind.REDATE: Message("期限随文件调整", "Due day moved by the document"),
    EventKind.SHARE: Message("责任单位随文件调整", "Bodies changed by the document"),
    EventKind.CANCEL: Message("任务已撤销", "Task cancelled"),
}
_TITLE, _TEXT = 40, 80


def said(message: Message, language: str) -> str:
    """The sentence in a language; Chinese where it is not English."""
    return message.en if language == ENGLISH else message.zh


def title_of(subject: Task | Matter | Notice | Alarm, language: str = "") -> str:
    """Number, enterprise, title and period of a task, the title of a matter or notice, or the outlet of an alarm and
    what was found there; cut to 40 characters."""
    if isinstance(subject, Alarm):
        zh, _break, en = subject.text.partition("\n")
        found = en if en and language == ENGLISH else zh
        outlet = subject.outlet.name
        return f"{outlet}：{found if len(found) <= _TITLE else f'{found[: _TITLE - 1]}…'}"
    title = subject.title if len(subject.title) <= _TITLE else f"{subject.title[: _TITLE - 1]}…"
    if isinstance(subject, Matter | Notice):
        return title
    enterprise = f"{subject.subject}：" if subject.subject else ""
    period = f"（{subject.period}）" if subject.period else ""
    return f"{subject.number} {enterprise}{title}{period}".strip()


def words_of(event: TaskEvent | None, language: str) -> str:
    """What was said, cut to 80 characters: "已批准延期：汛期停工"; "" where nothing was."""
    if event is None:
        return ""
    decided = EVENTS.get(EventKind(event.kind))
    text = event.text if len(event.text) <= _TEXT else f"{event.text[: _TEXT - 1]}…"
    colon = ": " if language == ENGLISH else "："
    return colon.join(filter(None, (said(decided, language) if decided else "", text)))


def line(kind: ReminderKind, title: str, due: date | None, is_demo: bool, language: str, words: str = "") -> str:
    """One line of a message: what kind, which task, by when, what was said; whatever leaves the site says that it is
    for show."""
    colon = ": " if language == ENGLISH else "："
    return colon.join(filter(None, (_line(kind, title, due, is_demo, language), words)))


def _line(kind: ReminderKind, title: str, due: date | None, is_demo: bool, language: str) -> str:
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
