"""收到时间: when readings arrived: frames by the heads of their records alone, uploads by their first sending."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone

from shuangkong.readings.evidence.files import segment_path
from shuangkong.readings.evidence.record import RECORD, RECORD_BYTES
from shuangkong.readings.trace import WITHOUT_FRAMES, Place, upload_of
from shuangkong.records.monitoring.uploads.models import ReadingUpload

type Address = tuple[int, int]


def received_at(places: Iterable[Address]) -> dict[Address, datetime]:
    """Address → when its frame, or its upload, arrived; what is archived or never was is left out.

    One small read a frame; 1 query where there are uploads.
    """
    by: dict[int, list[int]] = {}
    for segment, offset in set(places):
        by.setdefault(segment, []).append(offset)
    found = _uploaded_at(by.pop(WITHOUT_FRAMES, ()))
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


def _uploaded_at(offsets: Iterable[int]) -> dict[Address, datetime]:
    numbers = {number: offset for offset in offsets if (number := upload_of(Place(WITHOUT_FRAMES, offset)))}
    rows = ReadingUpload.objects.filter(pk__in=numbers).values_list("pk", "first_at") if numbers else ()
    return {(WITHOUT_FRAMES, numbers[number]): timezone.localtime(at) for number, at in rows}
