"""What the group robots of office messengers have in common: markdown out, an error code back.

Verified in the makers' public documentation as quoted by several independent clients; not against a live robot:
a robot takes 20 messages a minute; ``errcode`` 0 is success, whatever else means that nothing was shown.
"""

from __future__ import annotations

from shuangkong.gateway.messenger.post import Answer
from shuangkong.records.plans.reminders.letters import Letter, Outcome, Receipt

#: Messages a minute, by both makers.
MOST = 20


def markdown(letter: Letter, first: str = "", limit_bytes: int | None = None) -> str:
    """The letter as markdown, within so many bytes of UTF-8; whole lines are left out, and counted."""
    tail = [f"[查看全部 Open]({letter.link})"] if letter.link else []
    head = [each for each in (first, f"**{letter.subject}**") if each]
    for kept in range(len(letter.lines), -1, -1):
        left_out = len(letter.lines) - kept
        more = [f"> …… +{left_out}"] if left_out else []
        text = "\n\n".join([*head, *(f"> {line}" for line in letter.lines[:kept]), *more, *tail])
        if limit_bytes is None or len(text.encode()) <= limit_bytes:
            return text
    return text


def judged(answer: Answer | Receipt) -> Receipt:
    """What the robot's answer means. A fault of its settings can be mended: the letter waits for that."""
    if isinstance(answer, Receipt):
        return answer
    said = answer.json()
    if not isinstance(said, dict) or "errcode" not in said:
        return Receipt(Outcome.DOUBTFUL, "答复不是约定的格式 The answer has another form")
    if said["errcode"] == 0:
        return Receipt(Outcome.DELIVERED, "errcode 0")
    return Receipt(Outcome.WAITING, f"errcode {said['errcode']} {said.get('errmsg', '')}")
