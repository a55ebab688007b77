"""报表一生的图和表: drawn from the table of transitions, so that the documentation cannot say otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.reporting import petitions
from shuangkong.reporting.life import EVENTS, ROWS, STATES, EventKind, State
from shuangkong.reporting.petitions import PetitionEvent

#: Who does it, in both languages; a test holds that every kind of event has one.
WHO: dict[EventKind, tuple[str, str]] = {
    EventKind.OPEN: ("开窗口的机关", "the office that opens the window"),
    EventKind.DRAFT: ("填报单位或其代理", "the unit, or whoever files for it"),
    EventKind.SUBMIT: ("签报人", "the signatory"),
    EventKind.CORRECT: ("签报人", "the signatory"),
    EventKind.RECALL: ("签报人", "the signatory"),
    EventKind.REVIEW: ("审核机关", "the reviewing office"),
    EventKind.RETURN: ("审核机关", "the reviewing office"),
    EventKind.ACCEPT: ("审核机关", "the reviewing office"),
    EventKind.APPROVE: ("各级机关，由低到高", "the offices of the levels, from the lowest up"),
    EventKind.SEND_BACK: ("上级机关", "an office above"),
    EventKind.LOCK: ("开窗口的机关", "the office that opened the window"),
    EventKind.UNLOCK: ("开窗口的机关", "the office that opened the window"),
    EventKind.EXTEND: ("审核机关", "the reviewing office"),
    EventKind.HOLD: ("审核机关", "the reviewing office"),
    EventKind.RELEASE: ("审核机关", "the reviewing office"),
    EventKind.STOP: ("审核机关", "the reviewing office"),
    EventKind.EXEMPT: ("审核机关", "the reviewing office"),
    EventKind.REQUIRE: ("审核机关", "the reviewing office"),
    EventKind.REMIND: ("审核机关", "the reviewing office"),
    EventKind.CANCEL: ("审核机关", "the reviewing office"),
    EventKind.RAISE: ("开窗口的上级机关", "the office above that opens the window"),
    EventKind.PUT_OFF: ("开窗口的机关或其上级", "the office that opened the window, or one above"),
}
#: The same of what happens to a petition.
WHO_PETITIONS: dict[PetitionEvent, tuple[str, str]] = {
    PetitionEvent.ASK: ("填报单位或其代理", "the unit, or whoever files for it"),
    PetitionEvent.GRANT: ("审核机关，本单位不能办", "the reviewing office, never the unit's own body"),
    PetitionEvent.REFUSE: ("审核机关，本单位不能办", "the reviewing office, never the unit's own body"),
    PetitionEvent.WITHDRAW: ("填报单位或其代理", "the unit, or whoever files for it"),
    PetitionEvent.LAPSE: (
        "系统：报表已交、不再应报，或已顺延到那天",
        "the system: it came, is owed no more, or has that day",
    ),
}


def life_page() -> str:
    """The page, in Markdown, with the diagram as Mermaid."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 报表的一生 · The life of a return"
    yield ""
    yield "由状态表生成（`shuangkong docs`），请勿手改。"
    yield "Generated from the table of states by `shuangkong docs`; do not edit."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state, word in STATES.items():
        yield f'  state "{word.zh} {word.en}" as {state.value}'
    yield f"  [*] --> {State.OPEN.value}"
    for kind, befores, to in ROWS:
        for before in befores:
            if to is not None and to is not before:
                yield f"  {before.value} --> {to.value}: {EVENTS[kind].zh}"
    yield "```"
    yield from ("", "| 事项 what | 由谁 by whom | 何时 in which states | 之后 then |", "|---|---|---|---|")
    for kind, befores, to in ROWS:
        said, who = EVENTS[kind], WHO[kind]
        when = "、".join(STATES[before].zh for before in befores)
        then = STATES[to].zh if to is not None else "不变 unchanged"
        yield f"| {said.zh} {said.en} `{kind.value}` | {who[0]} {who[1]} | {when} | {then} |"
    yield from _rules()
    yield from _petitions()


def _rules() -> Iterator[str]:
    yield ""
    yield "- 审批从最低一级开始，一级一级往上，不能跳级；每一级由谁、何时通过都记下。"
    yield "  Approval begins at the lowest level and goes up one by one; who approved, and when, stays on record."
    yield "- 上级后开同一窗口的，下级窗口里没有锁定的报表列入上级窗口，情况和已通过的级数不变，审批接着往上到上级。"
    yield "  Where a higher place opens the same window later, what is not locked is taken over as it stands, and"
    yield "  approval goes on up to that place."
    yield "- 更正未被接收（撤回、退回）时，原来接收的一版连同它的审批照旧有效；接收后审批从最低一级重新开始。"
    yield "  A correction that is taken back or returned leaves the accepted version as it stood; once accepted,"
    yield "  approval begins anew."
    yield "- 退回后到期没有再报的，重新算逾期；停止计时的天数顺延截止日。"
    yield "  What was returned and not sent in again becomes overdue; days on which the clock stood are added."
    yield "- 停止计时期间报来的，计时到报来那天恢复：按停止时还剩的天数算按时还是迟报。"
    yield "  What comes while the clock stands ends that: it is in time by the days that were left when it began."
    yield "- 草稿只有填报单位看得到，对机关来说仍是“待填报”。"
    yield "  Drafts are seen by the unit alone: to offices it is still to be filed."
    yield "- 窗口整体顺延的，报表不论办到哪一步，截止日都改为新的一天；单独定得更晚的不变。"
    yield "  A window put off gives every return, however it stands, the new last day; a later one of its own stays."


def _petitions() -> Iterator[str]:
    """What units ask for, drawn from its own table."""
    yield from ("", "## 填报单位的申请 · What units ask for", "")
    yield "申请本身不停计时、不改截止日；同意就是机关办理下表的事项，依据和申请一并留存。"
    yield "Asking stops no clock and moves no day; to grant it is the act of the office below, kept with its ground."
    yield from ("", "```mermaid", "stateDiagram-v2")
    for state, said in petitions.STATES.items():
        yield f'  state "{said.zh} {said.en}" as {state.value}'
    for event, before, to in petitions.ROWS:
        yield f"  {before.value if before else '[*]'} --> {to.value}: {petitions.EVENTS[event].zh}"
    yield "```"
    yield from ("", "| 事项 what | 由谁 by whom |", "|---|---|")
    for event, said in petitions.EVENTS.items():
        who = WHO_PETITIONS[event]
        yield f"| {said.zh} {said.en} `{event.value}` | {who[0]} {who[1]} |"
    yield from ("", "| 申请 asked for | 同意即办理 granted by |", "|---|---|")
    for kind, said in petitions.KINDS.items():
        act = petitions.GRANTED_BY[kind]
        yield f"| {said.zh} {said.en} `{kind.value}` | {EVENTS[act].zh} {EVENTS[act].en} `{act.value}` |"
