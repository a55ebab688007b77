"""What a province's platform does in a way of its own: how it knows senders, what it enciphers, how it writes codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 16
#: Fields of a figure that newer platforms encipher, each on its own; some add ``uploadDate``.
ENCIPHERED = ("dataCode", "dataValue", "inputType", "statType", "statDate", "scope", "valid")
#: What clients send for a figure that holds, where the platform says nothing else.
VALID = MappingProxyType({"true": True, "1": True, "false": False, "0": False})
#: Of platforms that count errors: 0 holds, 1 does not.
VALID_AS_ERROR = MappingProxyType({"0": True, "1": False, "true": True, "false": False})


class Auth(StrEnum):
    """How the platform knows who sends."""

    NONE = "none"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Profile:
    """One province's ways.

    Attributes:
        name: whose.
        auth: whether a token goes with each message.
        token_field: in which field.
        key: 16 bytes of SM4; None where nothing is enciphered.
        enciphered: which fields of a figure are.
        is_dashed: whether codes are written with dashes.
        valid: text of ``valid`` → whether the figure holds.
        upload_time: hour and minute of the day for day values, "HH:MM:SS".
    """

    name: str
    auth: Auth = Auth.NONE
    token_field: str = "token"
    key: bytes | None = None
    enciphered: tuple[str, ...] = ENCIPHERED
    is_dashed: bool = True
    valid: Mapping[str, bool] = field(default_factory=lambda: VALID)
    upload_time: str = ""

    def __post_init__(self) -> None:
        if self.key is not None and len(self.key) != _BLOCK:
            raise ValueError(f"an SM4 key has 16 bytes, found {len(self.key)}")

    def seal(self, text: str) -> str:
        """SM4/ECB/PKCS7 in hexadecimal digits; the text itself where the platform enciphers nothing."""
        if self.key is None:
            return text
        plain = text.encode()
        fill = _BLOCK - len(plain) % _BLOCK
        work = _cipher(self.key).encryptor()
        return (work.update(plain + bytes([fill]) * fill) + work.finalize()).hex()

    def open(self, text: str) -> str | None:
        """The plain text; None where the key does not fit or the text is no cipher."""
        if self.key is None:
            return text
        try:
            data = bytes.fromhex(text)
        except ValueError:
            return None
        if not data or len(data) % _BLOCK:
            return None
        work = _cipher(self.key).decryptor()
        plain = work.update(data) + work.finalize()
        fill = plain[-1]
        if not 1 <= fill <= _BLOCK or plain[-fill:] != bytes([fill]) * fill:
            return None
        try:
            return plain[:-fill].decode()
        except UnicodeDecodeError:
            return None

    def says_valid(self, holds: bool) -> str:
        """The first text that means so here."""
        return next((text for text, means in self.valid.items() if means is holds), "true" if holds else "false")


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    # The platforms' own choice: equal fields give equal ciphers. The line is TLS besides.
    return Cipher(algorithms.SM4(key), modes.ECB())
