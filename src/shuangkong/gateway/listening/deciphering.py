"""解密: frames of the 2025 edition whose data area is enciphered, opened with the keys of a device's profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shuangkong.protocols.hj212.frame import Found
from shuangkong.protocols.hj212.sm4 import CipherForm, Key, open_found

#: When a key was made does not matter for opening.
_ANY = datetime.min  # noqa: DTZ901 - of the device's own clock


def opened(found: Found, keys: Sequence[bytes]) -> Found | None:
    """The frame in clear, once a key gives what its check value was taken over; None where none does."""
    if not keys:
        return None
    ring = [Key(secret, _ANY) for secret in keys]
    for form in CipherForm:
        clear = open_found(found, ring, form)
        if clear is not None:
            return clear
    return None
