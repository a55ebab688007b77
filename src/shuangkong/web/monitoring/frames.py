"""原始报文: which frames a time's readings came with, and what each says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.protocols.hj212.frame import Finder, Found
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.readings.evidence import NoEvidence
from shuangkong.readings.trace import Place, figure_of, upload_of
from shuangkong.web.monitoring.codes import codes
from shuangkong.web.monitoring.data import Value, evidence

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; ``message`` None where it cannot be read; ``gone``: its segment was archived or never written."""

    segment: int
    offset: int
    received_at: datetime | None
    text: str
    message: Message | None
    is_sound: bool
    gone: str = ""


def frames_of(told: Iterable[Value]) -> tuple[Frame, ...]:
    """The frames that readings came with, each once, in the order of arrival."""
    places = sorted({(each.segment, each.offset) for each in told})
    return tuple(frame_at(*place) for place in places[:_SHOWN])


def frame_at(segment: int, offset: int) -> Frame:
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
    return Frame(segment, offset, at, text, read(found.body, codes()), is_sound=found.check_ok)


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
