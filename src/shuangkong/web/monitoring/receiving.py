"""接收情况: how the gateway and what reads its log are, in plain words, as both tell it beside the log every 2 s."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.web.monitoring.register_tables import moment

GATEWAY, CONSUMER = "status.json", "consumer.json"
#: Who has said nothing for so long does not run.
SILENT = timedelta(seconds=20)
#: What reads is behind when so many bytes of the log wait for it.
_BEHIND_BYTES = 64 << 20
#: Why the gateway ended a connection (gateway.listening) → word.
ENDED: Mapping[str, str | Promise] = {
    "takes no answers": lazy("不接收应答"),
    "frame not finished": lazy("报文迟迟不完整"),
    "idle": lazy("长时间没有报文"),
    "stray bytes": lazy("乱码太多"),
    "no room in the log": lazy("日志没有空间"),
    "too many connections": lazy("连接太多"),
    "too many connections of one address": lazy("同一地址连接太多"),
    "stopping": lazy("网关正在停止"),
    "no handshake": lazy("加密握手失败"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that keeps readings from coming; ``is_grave``: nothing is received meanwhile."""

    key: str
    words: str
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A connection that the gateway ended or refused; ``mn``: of the device that last spoke on it."""

    at: datetime
    peer: str
    listener: str
    mn: str
    why: str
    frames: int


def troubles() -> tuple[Trouble, ...]:
    """What is wrong now; nothing where no gateway ever ran on this machine."""
    gateway, consumer = _told(GATEWAY), _told(CONSUMER)
    return (*_of_gateway(gateway), *_of_consumer(consumer, is_received=bool(gateway)))


def ended_lately() -> tuple[Ended, ...]:
    """Connections that the gateway ended lately, the newest first."""
    made = (
        Ended(_time(each["at"]), each["peer"], each["listener"], each["mn"], each["why"], each["frames"])
        for each in _told(GATEWAY).get("ended_lately", ())
    )
    return tuple(sorted(made, key=lambda each: each.at, reverse=True))


def ended_word(why: str) -> str:
    return str(ENDED.get(why, why))


def _of_gateway(told: Mapping[str, Any]) -> tuple[Trouble, ...]:
    if not told:
        return ()
    if _is_silent(told):
        at = moment(_time(told["at"]))
        words = _("采集网关没有在运行，最后一次是 %(at)s。设备会自己重发。请管理员启动网关（shuangkong listen）。") % {
            "at": at
        }
        return (Trouble("gateway-down", words, is_grave=True),)
    if told.get("refuses"):
        words = _(
            "原始报文写不下去（%(why)s）：网关停止接收，不应答，设备会自己重发。请腾出磁盘空间，腾出后自行恢复。"
        ) % {"why": told["refuses"]}
        return (Trouble("log-full", words, is_grave=True),)
    return ()


def _of_consumer(told: Mapping[str, Any], *, is_received: bool) -> tuple[Trouble, ...]:
    if not told or not is_received:
        return ()
    if _is_silent(told):
        words = _("收到的报文没有读入：读入的进程没有在运行，最后一次是 %(at)s。报文都留着，恢复后自动补读。") % {
            "at": moment(_time(told["at"]))
        }
        return (Trouble("consumer-down", words),)
    if told.get("fault"):
        words = _("收到的报文暂未读入：读数库或数据库没有应答（%(why)s）。报文都留着，恢复后自动补读。") % {
            "why": told["fault"]
        }
        return (Trouble("consumer-waits", words),)
    if _behind(told) > _BEHIND_BYTES:
        words = _("读入落后：还有 %(count)s MB 以上的报文等着读入，页面上的读数比收到的晚。") % {
            "count": _behind(told) >> 20
        }
        return (Trouble("consumer-behind", words),)
    return ()


def _behind(told: Mapping[str, Any]) -> int:
    """Bytes of the newest segment that were not read; all of it where an older one is read."""
    (segment, offset), (last, end) = told["position"], told["log_end"]
    return int(end - offset if segment == last else end)


def _told(name: str) -> dict[str, Any]:
    """What a process wrote of itself; nothing where it never did, or is just writing."""
    try:
        found = json.loads((Path(settings.EVIDENCE_FOLDER).parent / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_silent(told: Mapping[str, Any]) -> bool:
    return timezone.now() - _time(told["at"]) > SILENT


def _time(seconds: float) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(seconds, UTC))
