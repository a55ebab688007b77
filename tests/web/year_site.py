"""People for a year of targets in the invented county: its staff, and somebody who answers for a town.

``python year_site.py PASSWORD`` adds them; ``python year_site.py PASSWORD days`` lets days pass: what was done about
assessments so far was done so many days earlier, for objections end with a day. The site's folder is in SHUANGKONG_VAR.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from tasks_site import staff

TOWN = "990101"


def people(password: str) -> None:
    from shuangkong.records.people.acting import Acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role
    from shuangkong.records.registry import store as registry

    staff(password)
    admin = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
    body = registry.name_bodies(TOWN, ["北溪镇人民政府"])["北溪镇人民政府"]
    Person.objects.create_user("town", password=password)
    appoint("town", Role.REGION, admin, "测试", body=body, region=TOWN)


def let_days_pass(count: int) -> None:
    """Nothing else moves: only the days of what happened, and last days that were set."""
    from django.db.models import F

    from shuangkong.records.assessment.years.models import AssessmentEvent

    back = timedelta(days=count)
    AssessmentEvent.objects.update(on=F("on") - back, at=F("at") - back, until=F("until") - back)


def main(password: str, *days: str) -> None:
    from shuangkong.cli.site import open_site

    open_site()
    if days:
        let_days_pass(int(days[0]))
    else:
        people(password)


if __name__ == "__main__":
    main(*sys.argv[1:])
