"""补数的次数: how often one gap is asked for before it is given up; the gateway asks by it, the desk tells by it."""

from __future__ import annotations

from datetime import timedelta

#: A device that does not have the data will not have it the fourth time.
TRIES = 3
#: Between two tries.
WAIT = timedelta(hours=1)
#: After its end during which an hour may still come by itself.
GRACE = timedelta(minutes=30)
