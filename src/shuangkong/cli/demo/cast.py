"""角色: who acts in the demo: the invented people of the county, and its bodies that have nobody of their own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import bodies_answered_for, path_of

#: The county in which it all is played.
COUNTY = "999901"
#: Who writes for a body that none of the people is of.
_NOBODY = "demo"


class Cast:
    """Everybody by name, on a day. Names of bodies that no plan names are taken into the register."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder, self.today = folder, today
        self._people = {line["username"]: line for line in lines(folder / "people.csv")}

    def named(self, who: str) -> Acting:
        """A user of the demo as he or she acts; for any other name, that body's own people."""
        line = self._people.get(who)
        if line is None:
            return self._acting(_NOBODY, Role.DEPARTMENT, who, COUNTY)
        return self._acting(who, Role(line["role"]), line["body"], line["region"])

    def body(self, name: str) -> int:
        """The number of a body of the county, or of one of its towns."""
        town = next((line for line in self._people.values() if line["body"] == name), None)
        region = town["region"] if town else COUNTY
        return registry.name_bodies(region, [name])[name]

    def _acting(self, author: str, role: Role, body: str, region: str) -> Acting:
        number = registry.name_bodies(region, [body])[body]
        return Acting(
            author,
            role,
            body=number,
            body_name=body,
            bodies=bodies_answered_for(number, self.today),
            region=region,
            paths=(path_of(region),),
        )


def lines(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a file of the demo, by their headings."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
