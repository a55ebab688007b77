"""口令和密钥: secrets of devices, encrypted: of no use to who has the database but not the site's key."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def sealed(text: str) -> bytes | None:
    """As it is kept; None for none."""
    return _cipher().encrypt(text.encode()) if text else None


def opened(kept: bytes | memoryview | None) -> str:
    """The way back; "" for none, or where the site's key was changed since."""
    if not kept:
        return ""
    try:
        return _cipher().decrypt(bytes(kept)).decode()
    except InvalidToken:
        return ""


def _cipher() -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, None, b"monitoring device").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
