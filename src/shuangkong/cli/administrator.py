"""管理员: the first person of a site.

Made once, with a password of its own that stands in ``var/``; the first start tells it, the demo every start.
"""

from __future__ import annotations

import os
import secrets

from django.conf import settings

from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role

ADMINISTRATOR = "admin"


def ensure_administrator() -> tuple[str, str]:
    """User name and password; makes both where they do not exist, and a new password where its file is gone.

    Only the owner may read the file.
    """
    path = settings.VAR / "administrator_password"
    is_told = path.exists()
    if not is_told:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(12))
    password = path.read_text()
    person, is_new = Person.objects.get_or_create(
        username=ADMINISTRATOR, defaults={"is_staff": True, "is_superuser": True, "first_name": "管理员"}
    )
    if is_new or not is_told:
        person.set_password(password)
        person.save()
    appoint_administrators()
    return ADMINISTRATOR, password


def appoint_administrators() -> None:
    """Appoints who was made an administrator before there were appointments; a withdrawal is not undone."""
    system = Acting("system", Role.ADMINISTRATOR, paths=("/",))
    made = Person.objects.filter(is_superuser=True).exclude(appointments__role=Role.ADMINISTRATOR)
    for name in made.values_list("username", flat=True):
        appoint(name, Role.ADMINISTRATOR, system, "建站 made with the site")
