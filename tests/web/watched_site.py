"""The watched county of monitoring_site on a site of its own, with passwords: ``python watched_site.py PASSWORD``.

One outlet of the power plant has a device that is due to send sulphur dioxide, flow and oxygen, and a permit
with 35 mg/m³ of sulphur dioxide an hour.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shuangkong.cli.site import open_site

FACTORS = ("a21026", "a00000", "a19001")


def main(password: str) -> None:
    open_site()
    here = Path(__file__).parent
    sys.path[:0] = [str(here.parent), str(here / "monitoring")]
    import monitoring_site as site

    from shuangkong.records.people.models import Person

    site.settle()
    place = site.outlet(reference_oxygen_pct="6")
    site.connected(place, days=1, factors=FACTORS)
    site.put("limits", outlet=str(place), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
             document="许可证", starts_on="2024-01-01")  # fmt: skip
    for person in Person.objects.all():
        person.set_password(password)
        person.save()


if __name__ == "__main__":
    main(*sys.argv[1:])
