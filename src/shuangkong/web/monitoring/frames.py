"""原始报文: which frames a time's readings came with, and what each says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.protocols.hj212.frame import Finder, Found
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.hj212.sm4 import covers, is_in_clear, opened_by
from shuangkong.protocols.hj212.text import decode_area, is_clear
from shuangkong.readings.evidence import NoEvidence
from shuangkong.readings.trace import Place, figure_of, upload_of
from shuangkong.records.monitoring.keys import HeldKey, held_keys
from shuangkong.web.monitoring.codes import codes
from shuangkong.web.monitoring.data import Value, evidence

#: Frames that stand on one page.
PAGE_FRAMES = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; ``message`` None where it cannot be read; ``gone``: its segment was archived or never written.

    Attributes:
        text: as it came.
        is_enciphered: whether its data area was enciphered; ``message`` is of what a key opened.
        clear: the data area that a key opened; "" where none did.
        key: by which key it was opened, in words; never the key.
    """

    segment: int
    offset: int
    received_at: datetime | None
    text: str
    message: Message | None
    is_sound: bool
    gone: str = ""
    is_enciphered: bool = False
    clear: str = ""
    key: str = ""


class Keys:
    """Keys of devices, asked for once each, and only for frames that are enciphered."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[HeldKey, ...]] = {}

    def open(self, found: Found) -> tuple[Found, HeldKey] | None:
        """A frame in clear, and the key that opened it; None where none does."""
        mn = read(found.body, codes()).mn
        if mn not in self._held:
            self._held[mn] = held_keys(mn)
        held = self._held[mn]
        opened = opened_by(found, [each.secret for each in held])
        return None if opened is None else (opened[0], held[opened[1]])


def places_of(told: Iterable[Value]) -> tuple[tuple[int, int], ...]:
    """Where the frames lie that readings came with, each once, in the order of arrival."""
    return tuple(sorted({(each.segment, each.offset) for each in told}))


def frames_at(places: Iterable[tuple[int, int]]) -> tuple[Frame, ...]:
    """The frames at some addresses."""
    keys = Keys()
    return tuple(frame_at(*place, keys) for place in places)


def frame_at(segment: int, offset: int, keys: Keys | None = None) -> Frame:
    """The frame at an address of the evidence log; what came without one says how it came."""
    if without := _without_frame(Place(segment, offset)):
        return Frame(segment, offset, None, "", None, is_sound=False, gone=without)
    try:
        record = evidence().read(segment, offset)
    except NoEvidence as lack:
        return Frame(segment, offset, None, "", None, is_sound=False, gone=str(lack))
    at = timezone.localtime(datetime.fromtimestamp(record.received / 1e9, UTC))
    finder = Finder()
    found = next((each for each in (*finder.feed(record.payload), *finder.rest()) if isinstance(each, Found)), None)
    text = record.payload.decode("gb18030" if not _is_utf8(record.payload) else "utf-8", "replace")
    if found is None:
        return Frame(segment, offset, at, text, None, is_sound=False)
    if is_in_clear(found):
        return Frame(segment, offset, at, text, read(found.body, codes()), is_sound=True)
    opened = (keys or Keys()).open(found)
    if opened is not None:
        raw, message = record.payload.decode("ascii", "backslashreplace"), read(opened[0].body, codes())
        clear = decode_area(message.content, {})
        return Frame(
            segment, offset, at, raw, message, is_sound=True, is_enciphered=True, clear=clear, key=_said(opened[1])
        )
    message = read(found.body, codes())
    if covers(message.cn, codes()) and not is_clear(message.content):
        raw = record.payload.decode("ascii", "backslashreplace")
        return Frame(segment, offset, at, raw, message, is_sound=False, is_enciphered=True)
    return Frame(segment, offset, at, text, message, is_sound=found.check_ok)


def _said(key: HeldKey) -> str:
    """Which key, without it."""
    if key.made_at is None:
        return _("设备登记的密钥")
    made_at = _moment(key.made_at)
    if key.confirmed_at is None:
        return _("%(made)s 生成、设备尚未确认的密钥") % {"made": made_at}
    return _("%(made)s 生成、%(used)s 起启用的密钥") % {"made": made_at, "used": _moment(key.confirmed_at)}


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _without_frame(place: Place) -> str:
    if (upload := upload_of(place)) is not None:
        return _("没有报文：第 %(number)s 号上报的读数") % {"number": upload}
    if (figure := figure_of(place)) is not None:
        return _("没有报文：用能单位上传的第 %(number)s 号数值") % {"number": figure}
    return ""


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
