"""Times as HJ 212 writes them: local digits without zone (YYYYMMDDhhmmss, and three more of QN)."""

from __future__ import annotations

from datetime import datetime, timedelta

_DIGITS = 14
_QN_DIGITS = 17


def parse_time(text: str) -> datetime | None:
    """Returns the first fourteen digits of ``text`` as a time of the field machine's zone; None where they are none."""
    if len(text) < _DIGITS or not (text.isascii() and text.isdigit()):
        return None
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    hour, minute, second = int(text[8:10]), int(text[10:12]), int(text[12:14])
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 – the zone is the office's to know
    except ValueError:
        return None


def parse_qn(text: str) -> datetime | None:
    """Returns the time of a request number; None where it is not one of seventeen digits."""
    time = parse_time(text) if len(text) == _QN_DIGITS else None
    return time + timedelta(milliseconds=int(text[_DIGITS:])) if time is not None else None


def format_time(time: datetime) -> str:
    """Returns ``time`` in fourteen digits."""
    return f"{time:%Y%m%d%H%M%S}".rjust(_DIGITS, "0")


def format_qn(time: datetime) -> str:
    """Returns ``time`` as a request number, cut to milliseconds."""
    return f"{format_time(time)}{time.microsecond // 1000:03d}"
