"""What the form of a workbench says beside its receivers: groups with bounds of their own, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from shuangkong.core.fact import Subject
from shuangkong.records.refusal import Refused
from shuangkong.targets.decomposition.task import Group, Receiver
from shuangkong.web.plans.tasks.framed import number_of
from shuangkong.web.site.scope import whole
from shuangkong.web.targets.decomposition.pieces import BETWEEN, plain

_MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group as the form shows it: ``members`` are names of receivers."""

    number: int
    name: str = ""
    members: str = ""
    floor: str = ""
    ceiling: str = ""


def group_lines(groups: Iterable[Group], receivers: Iterable[Receiver]) -> list[GroupLine]:
    """The groups of a scenario as the form shows them, and a spare line."""
    names = {each.subject: each.name for each in receivers}
    told = [
        GroupLine(at, each.name, "、".join(names[one] for one in names if one in each.members), plain(each.floor),
                  plain(each.ceiling))
        for at, each in enumerate(groups)
    ]  # fmt: skip
    return [*told, GroupLine(len(told))]


def typed_groups(form: QueryDict) -> list[GroupLine]:
    """The lines as they were typed, whatever is wrong with them, and a spare one."""
    kept = [at for at in _lines(form) if form.get(f"g{at}-name", "").strip() or form.get(f"g{at}-members", "").strip()]
    keys = ("name", "members", "floor", "ceiling")
    told = [GroupLine(number, *(form.get(f"g{at}-{key}", "") for key in keys)) for number, at in enumerate(kept)]
    return [*told, GroupLine(len(told))]


def groups_of(form: QueryDict, receivers: Sequence[Receiver]) -> tuple[Group, ...]:
    """The groups that have a name. Raises Refused for a member that is no receiver, and for what is no number."""
    subjects = {each.name: each.subject for each in receivers}
    return tuple(
        Group(
            form.get(f"g{at}-name", "").strip(),
            _members(form.get(f"g{at}-members", ""), subjects, f"g{at}-members"),
            number_of(form.get(f"g{at}-floor", ""), f"g{at}-floor"),
            number_of(form.get(f"g{at}-ceiling", ""), f"g{at}-ceiling"),
        )
        for at in _lines(form)
        if form.get(f"g{at}-name", "").strip()
    )


def excluded_of(form: QueryDict) -> tuple[str, ...]:
    """What is left out, a line each."""
    return tuple(line.strip() for line in form.get("excluded", "").splitlines() if line.strip())


def _members(said: str, subjects: Mapping[str, Subject], field: str) -> frozenset[Subject]:
    names = [each for each in BETWEEN.split(said.strip()) if each]
    strangers = [each for each in names if each not in subjects]
    if strangers:
        found, known = "、".join(strangers), "、".join(subjects)
        zh = f"组的成员应是表里的承担单位（{known}），没有“{found}”。请核对名称，之间用顿号。"
        raise Refused("TGT-233", zh, f"Members are receivers of the table ({known}); found {found}.", field)
    return frozenset(subjects[each] for each in names)


def _lines(form: QueryDict) -> range:
    return range(min(whole(form.get("groups", "")) or 0, _MOST_GROUPS))
