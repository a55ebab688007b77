"""留存: once a day, readings older than the policy keeps go into files, and bodies of uploads past their time go.

Roll-ups, hours and days stay in the store. A month whose roll-ups are not made yet waits for another day.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from shuangkong.readings.archive import Month, NotArchived, archive, expired
from shuangkong.readings.columns import Kind
from shuangkong.readings.opening import is_cluster
from shuangkong.readings.store import Store
from shuangkong.readings.tables import cluster, embedded
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.uploads import intake

#: Where months go, in the folder of everything an installation writes; when it was last looked for some.
ARCHIVE, _LOOKED = "archive", "looked"
#: Months that one day moves: an installation that comes to a shorter policy gets there in some days.
MOST = 12
_YEARS, _DAYS = "monitoring/evidence/readings_years", "monitoring/evidence/keep_days"


def retire_due(now: datetime) -> int:
    """What the policy of today asks for, once a day; how many months were moved.

    Raises:
        StoreDown, StoreRefused: the store does not answer; it is done another time.
    """
    looked, day = Path(settings.VAR) / ARCHIVE / _LOOKED, timezone.localtime(now).date()
    if looked.is_file() and looked.read_text("ascii") == day.isoformat():
        return 0
    moved = retire(intake.opened(), kept_months(day), day)
    _forget_uploads(now - timedelta(days=int(open_rulebook().parameter(_DAYS, day).number)))
    looked.parent.mkdir(parents=True, exist_ok=True)
    looked.write_text(day.isoformat(), "ascii")
    return len(moved)


def kept_months(day: date) -> Mapping[Kind, int]:
    """How many whole months of each kind stay in the store; kinds that are not named stay for good."""
    months = int(12 * open_rulebook().parameter(_YEARS, day).number)
    return {Kind.RTD: months, Kind.MINUTE: months}


def retire(store: Store, kept: Mapping[Kind, int], day: date) -> tuple[Path, ...]:
    """Moves what is older into files, the oldest first; the files made."""
    due: list[tuple[Kind, Month]] = sorted(expired(store, kept, day), key=lambda each: (each[1], each[0]))
    made = []
    for kind, month in due[:MOST]:
        with suppress(NotArchived):
            drop = cluster.drop_part if is_cluster() else embedded.drop_part
            made.append(archive(store, kind, month, Path(settings.VAR) / ARCHIVE, drop))
    return tuple(made)


def _forget_uploads(before: datetime) -> None:
    """Bodies of uploads that were last sent before a moment; what stands in the store stays."""
    for path in (Path(settings.VAR) / intake.KEPT).glob("??/*"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
