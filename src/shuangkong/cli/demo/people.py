"""演示用户: invented people of the fictional county, one for each way of looking at it.

Columns of the file: ``username``, ``name``, ``role``, ``body``, ``region`` (a code), ``ground`` of the appointment.
"""

from __future__ import annotations

import csv
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shuangkong.cli.operator import operator
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody one may sign in as."""

    username: str
    name: str
    password: str


def ensure_people(folder: Path, by: str) -> tuple[Told, ...]:
    """Makes and appoints who is not there yet; tells every one with the password, which stands in ``var/``.

    Somebody whose appointment was withdrawn or whose password was changed is left so.
    """
    with (folder / "fictional" / "people.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    passwords = _kept([line["username"] for line in lines])
    for line in lines:
        with transaction.atomic():
            person, is_new = Person.objects.get_or_create(
                username=line["username"], defaults={"first_name": line["name"]}
            )
            if is_new:
                person.set_password(passwords[line["username"]])
                person.save()
                body = registry.name_bodies(line["region"], [line["body"]])[line["body"]]
                appoint(line["username"], Role(line["role"]), operator(by), line["ground"], body, line["region"])
    return tuple(Told(line["username"], line["name"], passwords[line["username"]]) for line in lines)


def _kept(usernames: list[str]) -> Mapping[str, str]:
    """Passwords by user name, new ones for names without one; only the owner may read their file."""
    path = settings.VAR / "demo_passwords.json"
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept = {name: secrets.token_urlsafe(9) for name in usernames} | known
    if kept != known:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file)
    return kept
