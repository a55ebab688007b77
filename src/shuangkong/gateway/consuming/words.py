"""设备的文字: what devices wrote, as a database keeps it: without signs that nobody sees, no longer than its column."""

from __future__ import annotations


def plain(text: str, most: int) -> str:
    """At most ``most`` signs of a text; NUL, other controls and halves of signs are taken out."""
    return text[:most] if text.isprintable() else "".join(sign for sign in text if sign.isprintable())[:most]
