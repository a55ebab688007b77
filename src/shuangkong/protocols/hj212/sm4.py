"""Enciphered data areas of the 2025 edition (6.4): SM4, a block at a time, no padding; the last, short group stays
clear.

Length and check value are of the plain text, so a segment is checked after it is opened. Commands of data (2000–2999),
of keys and of field information are enciphered. Printed examples leave open whether the wire carries raw bytes or
hexadecimal: a device's profile says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.check import check_value
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.protocols.hj212.frame import Found
from shuangkong.protocols.hj212.message import Item
from shuangkong.protocols.hj212.text import is_clear
from shuangkong.protocols.hj212.times import format_time

GROUP = 16
"""Bytes of a key and of a group."""

_OPENS, _CLOSES = b"CP=&&", b"&&"
_ENCIPHERED_TOO = ("cipher_key", "field_information")
#: What an enciphered frame looks like from outside, and the rules that its value may fit by chance.
_BY_CHANCE = (habits.CHECK_MODBUS, habits.CHECK_MODBUS_SWAPPED, habits.CHECK_CCITT)
_HEX_GROUPS = re.compile(rb"(?:[0-9A-Fa-f]{32})*")


class CipherForm(StrEnum):
    """How the cipher stands on the wire."""

    RAW = "raw"
    HEX = "hex"


_HEX_EXPLAINS = {CipherForm.RAW: (), CipherForm.HEX: (habits.LENGTH_WRONG,)}


@dataclass(frozen=True, slots=True)
class Key:
    """A device's key and when it was made, in the device's own zone; None: not known, so it has to be renewed."""

    secret: bytes
    made_at: datetime | None = None

    def __post_init__(self) -> None:
        if len(self.secret) != GROUP:
            raise ValueError(f"an SM4 key: expected {GROUP} bytes, found {len(self.secret)}")

    def __repr__(self) -> str:
        # A key never stands in a log.
        return f"Key(…, {self.made_at!r})"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys of one device, newest first: the current one, and the one before while its frames may still be under way."""

    keys: tuple[Key, ...] = ()

    @property
    def current(self) -> Key | None:
        """What is enciphered with now; None: the device has no key yet."""
        return self.keys[0] if self.keys else None

    def renewed(self, key: Key) -> KeyRing:
        """The ring once the device has confirmed ``key``; the one before it still opens."""
        return KeyRing((key, *self.keys[:1]))

    def is_due(self, now: datetime, life: timedelta, ahead: timedelta) -> bool:
        """Whether a new key must be ordered: none yet, or ``ahead`` of the end of its ``life``."""
        made_at = self.current.made_at if self.current is not None else None
        return made_at is None or now >= made_at + life - ahead

    def has_run_out(self, now: datetime, life: timedelta) -> bool:
        """Whether the current key is older than it may be: told as a finding, its frames are still opened."""
        made_at = self.current.made_at if self.current is not None else None
        return made_at is not None and now > made_at + life


def covers(cn: str, codes: Codes) -> bool:
    """Whether data areas of a command are enciphered."""
    return (len(cn) == 4 and cn[0] == "2") or cn in {codes.cn(word) for word in _ENCIPHERED_TOO}


def encipher(area: bytes, key: Key, form: CipherForm = CipherForm.RAW) -> bytes:
    """Returns a data area as it goes over the wire; shorter than one group it stays as it is."""
    whole = len(area) - len(area) % GROUP
    cipher = _cipher(key).encryptor().update(area[:whole])
    return (cipher if form is CipherForm.RAW else cipher.hex().upper().encode()) + area[whole:]


def decipher(area: bytes, key: Key, form: CipherForm = CipherForm.RAW) -> bytes:
    """Returns the plain data area; of a wrong key, whatever comes out."""
    if form is CipherForm.HEX:
        found = _HEX_GROUPS.match(area)
        end = found.end() if found else 0
        return _cipher(key).decryptor().update(bytes.fromhex(area[:end].decode("ascii"))) + area[end:]
    whole = len(area) - len(area) % GROUP
    return _cipher(key).decryptor().update(area[:whole]) + area[whole:]


def _cipher(key: Key) -> Cipher[modes.ECB]:
    return Cipher(SM4(key.secret), modes.ECB())


def open_found(found: Found, keys: Iterable[Key], form: CipherForm = CipherForm.RAW) -> Found | None:
    """Returns ``found`` with its segment in clear, once a key gives text that the check value was taken over.

    A frame whose value holds and whose area is text was sent in clear and comes back as it is. The value alone does
    not tell: one in 256 fits by chance. None: no key opens it.
    """
    start, end = _area_of(found.body)
    if end < start:
        return found if found.check_ok else None
    area = found.body[start:end]
    if found.check_ok and is_clear(area):
        return found
    for key in keys:
        plain_area = decipher(area, key, form)
        plain = found.body[:start] + plain_area + _CLOSES
        if check_value(plain) == found.check and is_clear(plain_area):
            explained = {habits.CHECK_WRONG, *_HEX_EXPLAINS[form], *_BY_CHANCE}
            told = tuple(habit for habit in found.habits if habit not in explained)
            return Found(found.raw, plain, True, told, found.check, "hj212")
    return None


def _area_of(body: bytes) -> tuple[int, int]:
    """Where the data area of a segment begins and ends; the end lies before the begin where it has none."""
    start, end = body.find(_OPENS) + len(_OPENS), len(body) - len(_CLOSES)
    return (start, end) if start >= len(_OPENS) and body.endswith(_CLOSES) else (0, -1)


def is_in_clear(found: Found) -> bool:
    """Whether a frame was sent in clear: its check value holds and its data area is text."""
    start, end = _area_of(found.body)
    return found.check_ok and (end < start or is_clear(found.body[start:end]))


def opened_by(found: Found, secrets: Sequence[bytes]) -> tuple[Found, int] | None:
    """A frame in clear, and the place of the key that opened it, whichever way its cipher stands on the wire.

    None: no key opens it. One that was sent in clear is opened by none: ask ``is_in_clear`` first.
    """
    for form in CipherForm:
        for place, secret in enumerate(secrets):
            clear = open_found(found, (Key(secret),), form)
            if clear is not None:
                return clear, place
    return None


def wrap_enciphered(body: bytes, key: Key, form: CipherForm = CipherForm.RAW) -> bytes:
    """Returns the frame around a plain segment, its data area enciphered; length and check value are of the plain
    one.
    """
    start, end = body.find(_OPENS) + len(_OPENS), len(body) - len(_CLOSES)
    cipher = body[:start] + encipher(body[start:end], key, form) + body[end:]
    return b"##%04d%b%04X\r\n" % (len(body), cipher, check_value(body))


def key_order(key: Key) -> tuple[Item, ...]:
    """The data area that orders a device to use ``key`` (1014). Raises ValueError where it is not told when it was
    made.
    """
    if key.made_at is None:
        raise ValueError("a key that is ordered: expected the time when it was made, found none")
    return ((("SKCreateTime", format_time(key.made_at)), ("NewSK", format_key(key.secret))),)


def format_key(secret: bytes) -> str:
    """A key as its sixteen characters where it has such, else in hexadecimal; the standard's test key is of
    characters.
    """
    return secret.decode("ascii") if secret.isascii() and secret.isalnum() else secret.hex().upper()


def parse_key(text: str) -> bytes | None:
    """A key from sixteen characters or thirty-two hexadecimal digits; None where it is neither."""
    if len(text) == GROUP and text.isascii():
        return text.encode()
    if len(text) == 2 * GROUP and re.fullmatch(r"[0-9A-Fa-f]+", text):
        return bytes.fromhex(text)
    return None
