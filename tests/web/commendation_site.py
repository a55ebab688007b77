"""Invented commendations of the invented county, one that was announced and one that was revoked: for a browser.

``python commendation_site.py PASSWORD`` adds them and the people to a site; its folder is in SHUANGKONG_VAR.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from tasks_site import COUNTY, acting, staff


def fill() -> None:
    """What was done about both over the last forty days."""
    from django.utils import timezone

    from shuangkong.assessment.commendation import EventKind, Honoured
    from shuangkong.records.assessment.commendation.acts import act, publicity_days
    from shuangkong.records.assessment.commendation.proposing import propose
    from shuangkong.records.assessment.commendation.rows import Said, Wanted
    from shuangkong.records.registry import store as registry

    office, leader = acting("office"), acting("leader")
    start = timezone.now() - timedelta(days=40)
    funder = registry.bodies(COUNTY)[0].id
    for number, (kind, name) in enumerate(((Honoured.REGION, ""), (Honoured.ENTERPRISE, "虚构的北溪水泥厂")), 1):
        wanted = Wanted(
            kind, name, "节能减排先进单位", "提前完成年度节能目标，并带动所属企业改造锅炉。", COUNTY,
            honoured_region="990101" if kind is Honoured.REGION else None, ground="虚构的县政府常务会议决定",
            period="上一年度", funder=funder, amount_cny=Decimal(50_000),
        )  # fmt: skip
        with patch("django.utils.timezone.now", return_value=start):
            made = propose(wanted, office)  # type: ignore[arg-type]
            last = timezone.localdate() + timedelta(days=publicity_days(timezone.localdate()) - 1)
            act(made, office, EventKind.PUBLICISE, Said(until=last))  # type: ignore[arg-type]
        with patch("django.utils.timezone.now", return_value=start + timedelta(days=10)):
            act(made, leader, EventKind.APPROVE)  # type: ignore[arg-type]
            act(made, office, EventKind.ANNOUNCE, Said(number=f"虚府发〔测〕{number}号"))  # type: ignore[arg-type]
    act(made, leader, EventKind.REVOKE, Said("经核实数据不实。", number="虚府发〔测〕9号"))  # type: ignore[arg-type]


def main(password: str) -> None:
    from shuangkong.cli.site import open_site

    open_site()
    staff(password)
    fill()


if __name__ == "__main__":
    main(*sys.argv[1:])
