"""限速: how often something may be tried in a while, counted in the database: it outlives restarts and holds for all
workers together."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from shuangkong.records.people.models import Throttle

#: How long tries are counted together.
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries of ``what`` ("name", "address", "code") by one ``key`` in a window."""

    what: str
    key: str
    most: int

    @property
    def digest(self) -> str:
        """What is stored: who mistakes the field of the name for that of the password leaves no trace of it."""
        key = unicodedata.normalize("NFKC", self.key).strip().casefold()
        return sha256(f"{self.what}:{key}".encode()).hexdigest()


def take(*limits: Limit) -> bool:
    """Counts one try under every limit; whether all of them allow it.

    A try is taken before what it tries: of any number at once, only so many pass. 1 or 2 queries a limit.
    """
    taken = [_take(limit) for limit in limits]
    return all(taken)


def _take(limit: Limit) -> bool:
    now = timezone.now()
    rows = Throttle.objects.filter(key=limit.digest)
    if rows.filter(since__lte=now - WINDOW).update(count=1, since=now):
        return True
    if rows.filter(count__lt=limit.most).update(count=F("count") + 1):
        return True
    try:
        with transaction.atomic():
            _, is_first = rows.get_or_create(key=limit.digest, defaults={"count": 1, "since": now})
    except IntegrityError:  # another worker counted the first try of this key in the same moment
        return bool(rows.filter(count__lt=limit.most).update(count=F("count") + 1))
    return is_first


def forget(*limits: Limit) -> None:
    """Counts anew from nothing, after a success; and drops what no window holds any more."""
    digests = [limit.digest for limit in limits]
    Throttle.objects.filter(key__in=digests).delete()
    Throttle.objects.filter(since__lte=timezone.now() - WINDOW).delete()


def give_back(*limits: Limit) -> None:
    """Takes one try back: it was no guess."""
    Throttle.objects.filter(key__in=[limit.digest for limit in limits], count__gt=0).update(count=F("count") - 1)
