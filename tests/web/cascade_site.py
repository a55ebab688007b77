"""An invented city and its county, a plan each, with people who act for them: for the pages of the cascade.

``python cascade_site.py PASSWORD`` adds them to a site; its folder is in SHUANGKONG_VAR.
"""

from __future__ import annotations

import sys
from pathlib import Path

from django.test import Client

sys.path.append(str(Path(__file__).parents[1] / "records"))  # the plans of tests/records/cascade_plans.py
CITY, COUNTY, NEIGHBOUR, TOWN = "999900", "999901", "999902", "999901001"
REGIONS = (
    (CITY, "澄州市", "city", None),
    (COUNTY, "澄湖县", "county", CITY),
    (NEIGHBOUR, "柳川县", "county", CITY),
    (TOWN, "东街镇", "town", COUNTY),
    ("999901002", "西街镇", "town", COUNTY),
)


def people(password: str | None = None) -> None:
    """The places, the offices of city, county and neighbour, a department and an auditor."""
    from shuangkong.records.people.acting import Acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role
    from shuangkong.records.registry import store as registry
    from shuangkong.records.registry.rows import RegionRow

    registry.save_regions(RegionRow(*each, is_fictional=True) for each in REGIONS)
    body = registry.name_bodies(COUNTY, ["县发展改革局"])["县发展改革局"]
    admin = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
    for name, role, of, region in (
        ("city", Role.PLAN_OFFICE, None, CITY),
        ("county", Role.PLAN_OFFICE, None, COUNTY),
        ("neighbour", Role.PLAN_OFFICE, None, NEIGHBOUR),
        ("clerk", Role.DEPARTMENT, body, COUNTY),
        ("auditor", Role.AUDITOR, None, None),
    ):
        Person.objects.create_user(name, password=password)
        appoint(name, role, admin, "测试", body=of, region=region)


def plans() -> tuple[int, int]:
    """Ids of the county's plan and of the city's, both adopted."""
    from cascade_plans import CITY_PLAN, COUNTY_PLAN, adopted

    city = adopted(CITY_PLAN, CITY).id
    return adopted(COUNTY_PLAN, COUNTY).id, city


def amend(plan: int) -> tuple[int, int]:
    """Ids of a plan that amends the county's, and of its link."""
    from cascade_plans import AMENDMENT, COUNTY_OFFICE, adopted

    from shuangkong.records.plans.cascade import store
    from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation

    made = adopted(AMENDMENT, COUNTY).id
    return made, store.decide_link(made, COUNTY_OFFICE, Relation.AMENDS, LinkVerdict.CONFIRMED, "文件标题", other=plan)


def visitor(name: str) -> Client:
    """A browser in which somebody is logged in."""
    from shuangkong.records.people.models import Person

    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def main(password: str) -> None:
    """People and plans for a site that is running."""
    from shuangkong.cli.site import open_site

    open_site()
    people(password)
    amend(plans()[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
