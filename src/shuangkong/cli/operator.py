"""运行命令的人: whoever runs commands on the server holds its database anyway, and acts as its administrator."""

from __future__ import annotations

from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role


def operator(name: str) -> Acting:
    """The person of that name; what they do stands in the journal like any other act."""
    return Acting(name, Role.ADMINISTRATOR, paths=("/",))
