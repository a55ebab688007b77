"""收到时间: when frames arrived, from the heads of their records alone; for what counts as real-time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from shuangkong.readings.evidence.files import segment_path
from shuangkong.readings.evidence.record import RECORD, RECORD_BYTES

type Address = tuple[int, int]


def received_at(places: Iterable[Address]) -> dict[Address, datetime]:
    """Address → when its frame arrived; what is archived or never was is left out. One small read each."""
    found: dict[Address, datetime] = {}
    by: dict[int, list[int]] = {}
    for segment, offset in set(places):
        by.setdefault(segment, []).append(offset)
    for segment, offsets in by.items():
        try:
            with segment_path(settings.EVIDENCE_FOLDER, segment).open("rb") as file:
                for offset in sorted(offsets):
                    head = os.pread(file.fileno(), RECORD_BYTES, offset)
                    if len(head) == RECORD_BYTES:
                        nanoseconds = RECORD.unpack(head)[2]
                        found[segment, offset] = timezone.localtime(datetime.fromtimestamp(nanoseconds / 1e9, UTC))
        except OSError:
            continue
    return found
