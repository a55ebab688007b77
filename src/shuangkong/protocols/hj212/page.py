"""交互图: the page that is drawn from the tables of exchanges, commands and habits."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.finding import Message
from shuangkong.protocols.hj212.codes import Codes, Command
from shuangkong.protocols.hj212.exchanges import ENDS, TRANSITIONS, Act, Event, State
from shuangkong.protocols.hj212.habits import HABITS

STATES: dict[State, Message] = {
    State.QUEUED: Message("待下发", "queued"),
    State.SENT: Message("已下发", "sent"),
    State.ACCEPTED: Message("已应答", "accepted"),
    State.RECEIVING: Message("正在上传", "receiving"),
    State.DONE: Message("已完成", "done"),
    State.REFUSED: Message("被拒绝", "refused"),
    State.FAILED: Message("执行失败", "failed"),
    State.BROKEN_OFF: Message("应答后中断", "broken off"),
    State.UNANSWERED: Message("没有应答", "unanswered"),
    State.WITHDRAWN: Message("已撤回", "withdrawn"),
}
EVENTS: dict[Event, Message] = {
    Event.SEND: Message("下发", "send"),
    Event.READY: Message("请求应答：准备执行", "answer: ready"),
    Event.REFUSAL: Message("请求应答：不能执行", "answer: will not"),
    Event.DATA: Message("上传数据", "data"),
    Event.DONE: Message("执行结果：成功", "result: done"),
    Event.FAILURE: Message("执行结果：不成功", "result: not done"),
    Event.NOTED: Message("通知应答", "notice answered"),
    Event.TIMEOUT: Message("超时", "timeout"),
    Event.LAST_TIMEOUT: Message("重发次数用完后超时", "timeout after the last resend"),
    Event.WITHDRAW: Message("撤回", "withdraw"),
}
ACTS: dict[Act, Message] = {
    Act.SEND_ORDER: Message("发出命令", "send the order"),
    Act.WAIT_FOR_ANSWER: Message("等待应答", "wait for the answer"),
    Act.WAIT_FOR_RESULT: Message("等待数据或结果", "wait for data or the result"),
    Act.TELL: Message("告知下令的人", "tell who ordered it"),
}
_KINDS = {"request": "请求", "notify": "通知", "upload": "上传", "answer": "应答", "": "—"}


def exchange_page(codes: Codes) -> str:
    """The whole page, Markdown."""
    return "\n".join(_lines(codes)) + "\n"


def _lines(codes: Codes) -> Iterator[str]:
    yield "# 与现场机的交互 · Exchanges with field machines"
    yield ""
    yield "由状态表和代码表生成（`shuangkong docs`），请勿手改。"
    yield "Drawn from the table of states and the code lists by `shuangkong docs`; do not edit."
    yield from ("", "## 上位机的命令 · An order of the upper computer", "")
    yield from _diagram()
    yield from _table()
    yield from ("", "## 命令 · Commands", "")
    yield "上位机、现场机两栏是各自发出时的交互类型；带问号的字段可以没有。"
    yield "How either side sends it; a field with a question mark may be left out."
    yield from (
        "",
        "| CN | 名称 name | 上位机 host | 现场机 field | 版本 editions | 字段 fields |",
        "|---|---|---|---|---|---|",
    )
    yield from map(_command, codes.commands.values())
    yield from ("", "## 设备的习惯 · Habits of devices", "")
    yield "标准没有写、设备却这样做的：都照收，记在帧上。"
    yield "What devices do beside the standard: accepted, and told with the frame."
    yield from ("", "| 名称 name | 意思 meaning |", "|---|---|")
    yield from (f"| `{name}` | {said.zh}<br>{said.en} |" for name, said in HABITS.items())


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state, said in STATES.items():
        yield f'    state "{said.zh} {said.en}" as {state}'
    yield f"    [*] --> {State.QUEUED}"
    for (state, event), (after, _) in TRANSITIONS.items():
        yield f"    {state} --> {after}: {EVENTS[event].zh}"
    yield from (f"    {state} --> [*]" for state in STATES if state in ENDS)
    yield "```"


def _table() -> Iterator[str]:
    yield from ("", "| 状态 state | 事件 event | 之后 after | 做什么 acts |", "|---|---|---|---|")
    for (state, event), (after, acts) in TRANSITIONS.items():
        done = "；".join(ACTS[act].zh for act in acts) + "<br>" + "; ".join(ACTS[act].en for act in acts)
        yield f"| {_said(STATES[state])} | {_said(EVENTS[event])} | {_said(STATES[after])} | {done} |"


def _said(message: Message) -> str:
    return f"{message.zh}<br>{message.en}"


def _command(command: Command) -> str:
    fields = " ".join(dict.fromkeys((*command.asks, *command.tells))) or "—"
    editions = " ".join(edition.value for edition in command.editions)
    host, device = _KINDS[command.from_host], _KINDS[command.from_field]
    return f"| {command.code} | {command.zh}<br>{command.en} | {host} | {device} | {editions} | {fields} |"
