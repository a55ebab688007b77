"""登记乡镇、村: places below a county that no list of divisions holds are added by hand."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.store import save_regions

#: A town's code is that of its county and three digits more (GB/T 10114), a village's that of its town and three more
#: (the statistical code of divisions).
_DIGITS = 3
#: Level → that of the places below it which are added by hand.
BELOW = {"county": "town", "town": "village"}


def add_place(within: str, code: str, name: str, by: Acting, ground: str) -> str:
    """Adds a town, street or park below a county, a village or community below a town; returns its code. ~8 queries.

    Raises:
        Refused: no such county or town, no name or ground; a code that is not the one above with three digits more, or
            is taken; a name that the one above has already.
        Forbidden: the person may not decide on bodies there.
    """
    above = Region.objects.filter(pk=within, level__in=BELOW).first()
    if above is None:
        raise Refused("REG-111", "请先在上方选择县（市、区）或乡镇。", "Choose a county or a town first.", "town")
    require(by, Action.BODY_CONFIRM, Where(above.path))
    code, name = code.strip(), "".join(name.split())
    fits = code.startswith(within) and len(code) == len(within) + _DIGITS and code.isdecimal()
    for holds, number, zh, en, field in (
        (name, 112, "请写明名称。", "Give its name.", "town"),
        (fits, 113, f"代码应为 {within} 加 {_DIGITS} 位数字，实为“{code[:20]}”。",
         f"The code is {within} and {_DIGITS} digits more; found “{code[:20]}”.", "code"),
        (ground.strip(), 114, "请写明依据。", "Give the ground.", "ground"),
        (not Region.objects.filter(pk=code).exists(), 115, f"代码 {code} 已经登记。", f"{code} is registered.", "code"),
        (not Region.objects.filter(parent=within, name=name).exists(), 116, f"{name}已经登记。",
         f"{name} is registered.", "town"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"REG-{number}", zh, en, field)
    with transaction.atomic():
        save_regions([RegionRow(code, name, BELOW[above.level], within, is_fictional=above.is_fictional)])
        act = by.act("region.add", f"region/{code}", ground=ground, after={"name": name, "parent": within})
        journal.append(replace(act, place=above.path))
    return code
