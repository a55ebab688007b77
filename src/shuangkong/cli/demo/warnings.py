"""虚构的晴雨表和空间账: issues that the county signed and published, and projects that wait to run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.cli.demo.years import moved_text
from shuangkong.core.period import Period
from shuangkong.records.editions.rows import EventKind
from shuangkong.records.outlook.barometer import store as issues
from shuangkong.records.outlook.headroom import store as headroom
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.making import judged, prepared

_EVERY = Q()


def take_warnings(folder: Path, cast: Cast, years: int) -> None:
    """Prepares, approves and publishes each issue as its people would, and commits the projects; once."""
    region = registry.region(COUNTY)
    if region is None or issues.issues(Q(region=COUNTY)):
        return
    office, leader = cast.named("office"), cast.named("leader")
    place = Place(region, registry.paths([COUNTY])[COUNTY])
    with transaction.atomic():
        for line in lines(folder / "issues.csv"):
            found = judged(place, Period.parse(line["period"]).shifted(years), _EVERY)
            if found is None:
                continue
            made = issues.prepare(prepared(place, found, line["issuer"]), office)
            issues.act(made, EventKind.APPROVE, leader)
            issues.act(made, EventKind.PUBLISH, office, number=moved_text(line["number"], years))
        units = open_rulebook().units()
        for line in lines(folder / "commitments.csv"):
            amount, released = (units[line["unit"]].to_base(Decimal(line[key])) for key in ("amount", "released"))
            headroom.commit(
                COUNTY, line["project"], Period.parse(line["starts"]).shifted(years),
                [(line["indicator"], amount, released)], moved_text(line["document"], years), office, is_demo=True,
            )  # fmt: skip
