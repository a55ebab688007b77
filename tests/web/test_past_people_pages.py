"""Persons and appointments as of a past day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import tasks_site as site
from django.utils import timezone

from shuangkong.records.people import persons
from shuangkong.records.people.acting import Acting, appoint, withdraw
from shuangkong.records.people.models import Appointment, Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry

pytestmark = pytest.mark.django_db
ADMIN = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
TODAY = timezone.localdate()
THEN = TODAY - timedelta(days=10)


@pytest.fixture
def staff(adopted: int) -> None:
    """The clerk's appointment of twenty days ago is withdrawn today; another role is given today; somebody is new."""
    site.staff()
    long_ago = timezone.now() - timedelta(days=20)
    Person.objects.update(date_joined=long_ago)
    Appointment.objects.update(decided_at=long_ago, starts_on=timezone.localdate(long_ago))
    withdraw(Appointment.objects.get(person__username="clerk").pk, ADMIN, "收回")
    body = registry.bodies(site.COUNTY)[0].id
    appoint("clerk", Role.REGION, ADMIN, "改任", body=body, region=site.COUNTY)
    Person.objects.create_user("late")
    appoint("late", Role.DEPARTMENT, ADMIN, "新来", body=body, region=site.COUNTY)


def test_pages_tell_who_might_do_what_then(staff: None) -> None:
    office, clerk = site.visitor("office"), Person.objects.get(username="clerk").pk
    now, then = (office.get(f"/people/{query}") for query in ("", f"?as_of={THEN}"))
    assert (now.status_code, then.status_code) == (200, 200)
    told = {row.cells[0].text: row.cells[2].text for row in then.context["person_table"].rows}
    assert "late" in {row.cells[0].text for row in now.context["person_table"].rows}
    assert "late" not in told
    held = {row.role for row in persons.appointment_rows(Person.objects.get(pk=clerk), THEN)}
    assert held == {Role.DEPARTMENT}
    assert told["clerk"].startswith("责任单位") or "部门" in told["clerk"]
    page = office.get(f"/people/{clerk}/?as_of={THEN}")
    assert [holds for _row, _words, holds in page.context["rows"]] == [True]
    assert 'method="post"' not in page.content.decode().partition("<main")[2]
    assert [row.role for row, _words, _holds in office.get(f"/people/{clerk}/").context["rows"]] == [
        Role.REGION, Role.DEPARTMENT,
    ]  # fmt: skip
    late = Person.objects.get(username="late").pk
    assert office.get(f"/people/{late}/?as_of={THEN}").status_code == 404


def test_programmes_are_told_the_same(staff: None) -> None:
    import api_site

    office = api_site.programme(api_site.token("office"))
    for said, roles in (({}, {"department", "region"}), ({"as_of": THEN}, {"department"})):
        items = office.get(f"{api_site.ROOT}/appointments", {"person": "clerk", **said}).json()["items"]
        assert {each["role"] for each in items} == roles
