"""值守的读取: how all that a person watches stands, read once for all who see the same and kept for some seconds.

A dozen screens ask every few seconds: whoever asks first reads, the others are told the same. What is kept is kept by
the condition under which it was read, so nobody is told of what others see. Each process keeps its own, for so long
as ``LIVE_SECONDS`` says, and nothing outlives it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from shuangkong.web.monitoring.live import Standing, outlets, standings


@dataclass(frozen=True, slots=True)
class Watch:
    """``held``: by place, unit and code; ``is_up``: whether the store answered."""

    at: datetime
    held: tuple[Standing, ...]
    is_up: bool


@dataclass(slots=True)
class _Kept:
    """What was read last under a condition; ``begun``: when, by the clock that never goes back. One reads at a time."""

    lock: Lock = field(default_factory=Lock)
    begun: float = 0.0
    watch: Watch | None = None

    def serves(self, asked_at: float) -> bool:
        """Whether it was new enough when somebody asked, however long they waited for who read."""
        return self.watch is not None and asked_at - self.begun < settings.LIVE_SECONDS


_kept: dict[Q, _Kept] = {}
_lock = Lock()


def watched(condition: Q) -> Watch:
    """How the outlets stand that are in use and meet a condition. 5 queries and two of the store, or none at all."""
    asked_at = monotonic()
    with _lock:
        for each in [key for key, kept in _kept.items() if not (kept.serves(asked_at) or kept.lock.locked())]:
            del _kept[each]
        kept = _kept.setdefault(condition, _Kept())
    with kept.lock:
        if kept.watch is None or not kept.serves(asked_at):
            begun = monotonic()
            kept.watch = _read(condition)
            kept.begun = begun
        return kept.watch


def _read(condition: Q) -> Watch:
    at = timezone.now()
    held, is_up = standings(outlets(condition))
    return Watch(at, held, is_up)
