"""写命令: an order as the frame that its device understands: its edition, its password, its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from shuangkong.gateway.listening.head import Head
from shuangkong.gateway.listening.profile import Profile
from shuangkong.protocols.hj212.codes import Codes, Command, Edition
from shuangkong.protocols.hj212.encode import Head as SentHead
from shuangkong.protocols.hj212.encode import encode
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.protocols.hj212.orders import area_of
from shuangkong.protocols.hj212.sm4 import Key, covers, wrap_enciphered
from shuangkong.protocols.hj212.times import format_qn, format_time

#: The notice by which a device asks for the time.
TIME_WANTED = b"1013"
#: The field of the order that sets a clock: told when it is sent, or it would be late.
_CLOCK = "SystemTime"
_VERSION_SHIFT = 2


class OrderWriter:
    """Writes orders; no two of them bear the same request number."""

    def __init__(self, codes: Codes, now: Callable[[], datetime]) -> None:
        self._codes, self._now = codes, now
        self._last = datetime.min  # noqa: DTZ901 - as devices write times, without a zone

    def write(self, command: Command, fields: Mapping[str, str], profile: Profile, head: Head) -> tuple[str, bytes]:
        """The request number of an order, and its frame.

        Args:
            fields: what stands in the order; a clock is set to the time of now where nothing is given.
            profile: of the device.
            head: that of its last frame, from which its system and edition are known where its entry does not say.
        """
        now = self._now()
        self._last = max(self._last + timedelta(milliseconds=1), now)
        told = dict(fields)
        if _CLOCK in command.asks and not told.get(_CLOCK):
            told[_CLOCK] = format_time(now)
        edition = _edition(profile, head)
        sent = SentHead(
            qn=format_qn(self._last),
            st=profile.system or head.st.decode("utf-8", "replace"),
            cn=command.code,
            pw=profile.password or head.pw.decode("utf-8", "replace"),
            mn=profile.mn,
            edition=edition,
            wants_answer=True,
        )
        body = encode(sent, area_of(command, told))
        if self.enciphers(command, profile, head):
            return sent.qn, wrap_enciphered(body, Key(profile.keys[0], now))
        return sent.qn, wrap(body)

    def enciphers(self, command: Command, profile: Profile, head: Head) -> bool:
        """Whether an order goes out enciphered: by its command, and the device's edition and key."""
        is_able = _edition(profile, head) is Edition.V2025 and bool(profile.keys)
        return is_able and covers(command.code, self._codes)


def _edition(profile: Profile, head: Head) -> Edition:
    if profile.edition in Edition:
        return Edition(profile.edition)
    version = max(head.flag, 0) >> _VERSION_SHIFT
    editions = tuple(Edition)
    return editions[version] if version < len(editions) else Edition.V2017
