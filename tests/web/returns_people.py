"""The province of returns_site on a site of its own, with passwords: ``python returns_people.py PASSWORD``."""

from __future__ import annotations

import sys
from pathlib import Path

from shuangkong.cli.site import open_site


def main(password: str) -> None:
    open_site()
    sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
    import returns_site

    from shuangkong.records.people.models import Person

    returns_site.settle()
    for person in Person.objects.exclude(username="admin"):
        person.set_password(password)
        person.save()


if __name__ == "__main__":
    main(*sys.argv[1:])
