"""姓名: what people are called, where the records keep the names that they sign in by."""

from __future__ import annotations

from collections.abc import Iterable

from shuangkong.records.people.models import Person


def person_names(usernames: Iterable[str]) -> dict[str, str]:
    """The names of people by user name; who has given none is left out. 1 query."""
    found = Person.objects.filter(username__in=set(usernames)).exclude(first_name="")
    return dict(found.values_list("username", "first_name"))
