"""People who act in the tests. Those who may do everything everywhere leave a test free to speak of something else."""

from __future__ import annotations

from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role

READER, CLERK, CHIEF, ADMIN = (
    Acting(name, Role.ADMINISTRATOR, paths=("/",)) for name in ("reader", "clerk", "chief", "admin")
)
