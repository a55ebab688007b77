"""写入数据: what the ledger says of a year becomes a told fact, from which formulas go on."""

from __future__ import annotations

from hashlib import sha256

from shuangkong.records.facts.rows import LoadReport
from shuangkong.records.facts.store import load_rows
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.quotas.store import net_power
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

_HEADINGS = ("指标", "对象", "时期", "数值", "单位", "状态", "来路", "备注")
WITHOUT_POWER, WITH_POWER = "certificate_power", "green_power_inflow"
_SOURCE = "绿证台账"


def tell_net_power(region: str, year: int, by: Acting) -> LoadReport:
    """Writes the net power that certificates brought to a place in a year, with and without physical power.

    What is told again unchanged stays as it is; what changed is a new version.

    Raises:
        Refused: there is no such place, or no rule says what a certificate stands for in that year.
        Forbidden: the person keeps no ledger there.
    """
    place = Region.objects.filter(pk=region).first()
    if place is None:
        raise Refused("QTA-101", "请从名录里选地区。", "Choose a place of the register.", "region")
    require(by, Action.CERTIFICATE_RECORD, Where(place.path))
    net = net_power(place.path, year)
    note = f"无物理电量 {net.without_power} 张，带物理电量 {net.with_power} 张"
    if net.without_power_kwh is None or net.with_power_kwh is None:
        zh = f"{year} 年没有每张绿证折合电量的规定，不能写成数据。请核对年份。"
        raise Refused("QTA-105", zh, f"No rule says what a certificate stands for in {year}. Check the year.", "year")
    told = ((WITHOUT_POWER, net.without_power_kwh), (WITH_POWER, net.with_power_kwh))
    rows = [[indicator, place.pk, str(year), f"{kwh:f}", "千瓦时", "初步", "本级测算", note] for indicator, kwh in told]
    digest = sha256(repr(rows).encode()).hexdigest()
    return load_rows(
        [_HEADINGS, *rows],
        name=f"certificates-{place.pk}-{year}",
        digest=digest,
        source=_SOURCE,
        by=by,
        is_dry_run=False,
        is_demo=net.is_demo,
    )
